/**
 * Where to look: a pad to drag on between its arrows, and two sliders for the keyboard. Seen from the front, as the head is
 * drawn: to the right is the robot's left.
 */
import { count, t } from "../language/language.js";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { clampUnit } from "../../wire/clamp.js";
import {
  BASE_DEG_CENTER,
  BASE_DEG_MAX,
  BASE_DEG_MIN,
  NOD_DEG_CENTER,
  NOD_DEG_MAX,
  NOD_DEG_MIN,
} from "../../wire/limits.js";
import type { CommandLog } from "../live/command-log.js";
import type { Connection } from "../live/connection.js";
import { useKeptFocus } from "../ui/hooks.js";
import { type Aim, LookSender } from "../live/look-sender.js";

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const share = (value: number, min: number, max: number): number => (value - min) / (max - min);
const percent = (value: number): string => `${clampUnit(value) * 100}%`;

export function LookPad({
  connection,
  log,
  isDisabled,
  children,
}: {
  connection: Connection;
  log: CommandLog;
  isDisabled: boolean;
  /** The arrows round the pad. */
  children: ComponentChildren;
}): JSX.Element {
  const pad = useRef<HTMLDivElement>(null);
  const dot = useRef<HTMLElement>(null);
  const isDragging = useRef(false);
  const [aim, setAim] = useState<Aim>({ baseDeg: BASE_DEG_CENTER, nodDeg: NOD_DEG_CENTER });
  const sender = useRef<LookSender | undefined>(undefined);
  sender.current ??= new LookSender(
    ({ baseDeg, nodDeg }) => log.run(`LOOK:${baseDeg},${nodDeg}`),
    () => performance.now(),
    wait,
  );

  useEffect(
    () =>
      connection.onPose((pose) => {
        if (!dot.current) return;
        dot.current.style.left = percent(share(pose.baseDeg, BASE_DEG_MIN, BASE_DEG_MAX));
        dot.current.style.top = percent(share(pose.nodDeg, NOD_DEG_MIN, NOD_DEG_MAX));
      }),
    [connection],
  );
  // A page that is put away while a finger is down must not move the robot later.
  useEffect(() => {
    const letGo = (): void => {
      isDragging.current = false;
      sender.current?.forget();
    };
    document.addEventListener("visibilitychange", letGo);
    window.addEventListener("blur", letGo);
    return () => {
      document.removeEventListener("visibilitychange", letGo);
      window.removeEventListener("blur", letGo);
    };
  }, []);

  const look = (next: Aim): void => {
    setAim(next);
    sender.current?.aim(next);
  };
  const drag = (event: PointerEvent): void => {
    const box = pad.current?.getBoundingClientRect();
    if (event.buttons === 0) isDragging.current = false;
    if (!box || !isDragging.current || isDisabled) return;
    const x = clampUnit((event.clientX - box.left) / box.width);
    const y = clampUnit((event.clientY - box.top) / box.height);
    look({
      baseDeg: Math.round(BASE_DEG_MIN + x * (BASE_DEG_MAX - BASE_DEG_MIN)),
      nodDeg: Math.round(NOD_DEG_MIN + y * (NOD_DEG_MAX - NOD_DEG_MIN)),
    });
  };
  return (
    <div class="look">
      {children}
      <div
        ref={pad}
        class={`pad ${isDisabled ? "is-disabled" : ""}`}
        data-testid="look-pad"
        aria-hidden="true"
        onPointerDown={(event) => {
          // Not with the right button, whose release the browser's menu swallows, nor with a second finger.
          if (event.button !== 0 || !event.isPrimary) return;
          isDragging.current = true;
          event.currentTarget.setPointerCapture(event.pointerId);
          drag(event);
        }}
        onPointerMove={drag}
        onPointerUp={() => (isDragging.current = false)}
        onPointerCancel={() => {
          isDragging.current = false;
          sender.current?.forget();
        }}
      >
        <i
          class="target"
          style={{
            left: percent(share(aim.baseDeg, BASE_DEG_MIN, BASE_DEG_MAX)),
            top: percent(share(aim.nodDeg, NOD_DEG_MIN, NOD_DEG_MAX)),
          }}
        />
        <i ref={dot} class="dot" />
        <span class="west">{t.play.right}</span>
        <span class="east">{t.play.left}</span>
      </div>
      <div class="sliders">
        <Slider
          label={t.play.pan}
          value={aim.baseDeg}
          min={BASE_DEG_MIN}
          max={BASE_DEG_MAX}
          isDisabled={isDisabled}
          onValue={(baseDeg) => look({ ...aim, baseDeg })}
        />
        <Slider
          label={t.play.nod}
          value={aim.nodDeg}
          min={NOD_DEG_MIN}
          max={NOD_DEG_MAX}
          isDisabled={isDisabled}
          onValue={(nodDeg) => look({ ...aim, nodDeg })}
        />
      </div>
    </div>
  );
}

interface SliderProps {
  label: string;
  value: number;
  min: number;
  max: number;
  isDisabled: boolean;
  onValue(value: number): void;
}

function Slider({ label, value, min, max, isDisabled, onValue }: SliderProps): JSX.Element {
  const input = useKeptFocus<HTMLInputElement>(isDisabled);
  return (
    <label class="slider">
      <span>{label}</span>
      <input
        ref={input}
        type="range"
        min={min}
        max={max}
        step={1}
        value={value}
        disabled={isDisabled}
        aria-valuetext={count(t.play.degrees, value)}
        onInput={(event) => onValue(event.currentTarget.valueAsNumber)}
      />
      <output>{value}°</output>
    </label>
  );
}
