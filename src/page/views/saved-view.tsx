/** What the robot keeps through a power cut: which generation, how old, where it lives, and the companion's copy of it. */
import type { JSX } from "preact";
import type { RobotState } from "../../state/buddy-state.js";
import type { Connection } from "../live/connection.js";
import { Icon } from "../ui/icons.js";
import { Meter } from "../ui/meter.js";
import { duration } from "../ui/words.js";
import "./inner.css";

type Saved = NonNullable<RobotState["saved"]>;

const PLACES: Readonly<Record<string, string>> = {
  settings: "in the robot's settings store",
  fram: "in the robot's FRAM chip",
  eeprom: "in the robot's EEPROM chip",
  mirror: "in the mirror on this computer",
};

const ORIGINS: Readonly<Record<string, string>> = {
  own: "It lives with its own memory.",
  mirror: "It had lost its memory, or was behind, and took it back from the mirror.",
  fresh: "It started without a memory, as a new robot.",
};

const RESULTS: Readonly<Record<string, string>> = {
  taken: "the robot took it",
  older: "the robot had a newer one",
  same: "the robot had the same",
  "newer format": "the robot's firmware is too old to read it",
  damaged: "the robot found it damaged",
  "not saved": "the robot could not save it",
};

export function SavedView({ connection }: { connection: Connection }): JSX.Element {
  const { state, isConnected } = connection.view;
  const robot = state?.robot;
  const isOld = !isConnected || robot?.linked === false;
  return (
    <section class={`card saved ${isOld ? "is-old" : ""}`} aria-labelledby="saved-title">
      <h2 id="saved-title">What it keeps</h2>
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
  if (robot === undefined) return "Not known yet.";
  return robot.linked
    ? "This robot does not tell what it keeps."
    : "The robot is away, and no copy of its state is kept yet.";
}

function SavedFacts({ saved, isAway }: { saved: Saved; isAway: boolean }): JSX.Element {
  const { generation, ageS, place, origin, error, mirror } = saved;
  const where = PLACES[place] ?? `in ${place}`;
  const when = ageS === undefined ? "before it started" : `${duration(ageS)} ago`;
  return (
    <>
      <p class="doing" data-testid="saved">
        {generation === 0 ? "Nothing is saved yet" : `Generation ${generation}`}
      </p>
      <ul class="facts-list">
        {generation > 0 && (
          <Fact level="ok">
            Saved {when}, {where}.
            {isAway && place !== "mirror" && " That was so when it was last seen."}
          </Fact>
        )}
        {origin !== undefined && (
          <Fact level={origin === "fresh" ? "warn" : "ok"}>{ORIGINS[origin]}</Fact>
        )}
        {error !== "" && <Fact level="bad">It cannot save: {error}.</Fact>}
        {mirror === undefined ? (
          <Fact level="warn">
            No copy is kept here: the memory of this computer cannot be used.
          </Fact>
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
  const copies = images === 1 ? "1 copy" : `${images} copies`;
  return (
    <>
      <Fact level={mirror.generation === 0 ? "busy" : isSame ? "ok" : "warn"}>
        <span data-testid="mirror">
          {mirror.generation === 0
            ? "The mirror keeps nothing of it yet."
            : `The mirror keeps ${isSame ? "it as well" : `generation ${mirror.generation}`}, for ${duration(ageS ?? 0)}; ${copies} in all.`}
        </span>
      </Fact>
      {offered !== undefined && (
        <Fact level={offered.result === "taken" ? "ok" : offered.result === "" ? "busy" : "warn"}>
          Generation {offered.generation} was offered to it {duration(offered.agoS)} ago:{" "}
          {offered.result === "" ? "no answer yet" : (RESULTS[offered.result] ?? offered.result)}.
        </Fact>
      )}
      {refused !== undefined && <Fact level="warn">A copy was refused: {refused}.</Fact>}
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
      <h3>Character</h3>
      <div class="bars traits">
        {Object.entries(traits).map(([name, value]) => (
          <Meter key={name} title={name} value={value} />
        ))}
      </div>
    </>
  );
}
