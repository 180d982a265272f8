/** A value as a bar with its name, for people and for screen readers. */
import { number } from "../language/language.js";
import { clampUnit } from "../../wire/clamp.js";
import type { ComponentChildren, JSX } from "preact";

export interface MeterProps {
  readonly title: string;
  readonly value: number;
  /** Least value; the greatest is 1. Below 0 the bar starts at zero. */
  readonly min?: number;
  /** The value in a word; else its number is shown. */
  readonly word?: string;
  readonly hint?: string;
  readonly level?: "low" | undefined;
  readonly children?: ComponentChildren;
}

export function Meter(props: MeterProps): JSX.Element {
  const { title, value, min = 0, word, hint, level, children } = props;
  const share = clampUnit((value - min) / (1 - min));
  const zero = -min / (1 - min);
  const left = Math.min(share, zero);
  return (
    <div class={`bar ${level === undefined ? "" : `is-${level}`}`}>
      <span class="bar-title">{title}</span>
      <div
        class={`track ${min < 0 ? "has-zero" : ""}`}
        role="meter"
        aria-label={title}
        aria-valuemin={min}
        aria-valuemax={1}
        aria-valuenow={Math.round(value * 100) / 100}
        {...(word !== undefined && { "aria-valuetext": word })}
        title={`${hint ?? title}: ${number(value, 2)}`}
      >
        <i style={{ left: `${left * 100}%`, width: `${Math.abs(share - zero) * 100}%` }} />
      </div>
      <span class="bar-value">{word ?? number(value, 2)}</span>
      {children}
    </div>
  );
}
