/** What the robot keeps through a power cut: which generation, how old, where it lives, and the companion's copy of it. */
import { count, fill, t, wordFor } from "../language/language.js";
import type { JSX } from "preact";
import type { RobotState } from "../../state/buddy-state.js";
import type { Connection } from "../live/connection.js";
import { Icon } from "../ui/icons.js";
import { Meter } from "../ui/meter.js";
import { duration } from "../ui/words.js";
import "./inner.css";

type Saved = NonNullable<RobotState["saved"]>;

export function SavedView({ connection }: { connection: Connection }): JSX.Element {
  const { state, isConnected } = connection.view;
  const robot = state?.robot;
  const isOld = !isConnected || robot?.linked === false;
  return (
    <section class={`card saved ${isOld ? "is-old" : ""}`} aria-labelledby="saved-title">
      <h2 id="saved-title">{t.saved.title}</h2>
      {robot?.saved === undefined ? (
        <p class="dim">{unknown(robot)}</p>
      ) : (
        <SavedFacts saved={robot.saved} isAway={!robot.linked} />
      )}
      {robot?.traits !== undefined && <Traits traits={robot.traits} />}
    </section>
  );
}

function unknown(robot: RobotState | undefined): string {
  if (robot === undefined) return t.app.unknown;
  return robot.linked ? t.saved.silent : t.saved.away;
}

function SavedFacts({ saved, isAway }: { saved: Saved; isAway: boolean }): JSX.Element {
  const { generation, ageS, place, origin, error, mirror } = saved;
  const known = wordFor(t.saved.places, place);
  const where = known === place ? fill(t.saved.place, { place }) : known;
  const when = ageS === undefined ? t.saved.before : fill(t.time.ago, { time: duration(ageS) });
  return (
    <>
      <p class="doing" data-testid="saved">
        {generation === 0 ? t.saved.nothing : fill(t.saved.generation, { n: String(generation) })}
      </p>
      <ul class="facts-list">
        {generation > 0 && (
          <Fact level="ok">
            {fill(t.saved.when, { when, where })}
            {isAway && place !== "mirror" && ` ${t.saved.wasSo}`}
          </Fact>
        )}
        {origin !== undefined && (
          <Fact level={origin === "fresh" ? "warn" : "ok"}>{wordFor(t.saved.origins, origin)}</Fact>
        )}
        {error !== "" && <Fact level="bad">{fill(t.saved.cannot, { error })}</Fact>}
        {mirror === undefined ? (
          <Fact level="warn">{t.saved.noMirror}</Fact>
        ) : (
          <MirrorFacts mirror={mirror} generation={generation} />
        )}
      </ul>
    </>
  );
}

function MirrorFacts({
  mirror,
  generation,
}: {
  mirror: NonNullable<Saved["mirror"]>;
  generation: number;
}): JSX.Element {
  const { ageS, images, offered, refused } = mirror;
  const isSame = mirror.generation === generation;
  const copies = count(t.saved.copies, images);
  const time = duration(ageS ?? 0);
  return (
    <>
      <Fact level={mirror.generation === 0 ? "busy" : isSame ? "ok" : "warn"}>
        <span data-testid="mirror">
          {mirror.generation === 0
            ? t.saved.mirrorEmpty
            : isSame
              ? fill(t.saved.mirrorSame, { time, copies })
              : fill(t.saved.mirrorOther, { generation: String(mirror.generation), time, copies })}
        </span>
      </Fact>
      {offered !== undefined && (
        <Fact level={offered.result === "taken" ? "ok" : offered.result === "" ? "busy" : "warn"}>
          {fill(t.saved.offered, {
            generation: String(offered.generation),
            time: duration(offered.agoS),
            result:
              offered.result === "" ? t.saved.noAnswer : wordFor(t.saved.results, offered.result),
          })}
        </Fact>
      )}
      {refused !== undefined && <Fact level="warn">{fill(t.saved.refused, { why: refused })}</Fact>}
    </>
  );
}

function Fact({
  level,
  children,
}: {
  level: "ok" | "warn" | "bad" | "busy";
  children: preact.ComponentChildren;
}): JSX.Element {
  return (
    <li class={`level-${level}`}>
      <Icon name={level} />
      <span>{children}</span>
    </li>
  );
}

function Traits({ traits }: { traits: Readonly<Record<string, number>> }): JSX.Element {
  return (
    <>
      <h3>{t.saved.character}</h3>
      <div class="bars traits">
        {Object.entries(traits).map(([name, value]) => (
          <Meter key={name} title={wordFor(t.saved.traits, name)} value={value} />
        ))}
      </div>
    </>
  );
}
