// Curves over frequency or time, drawn as SVG: read by eye, and told in words to those who can't see them.

import { type ReactNode, useSyncExternalStore } from "react";

export interface Line {
  label: string;
  x: readonly number[];
  y: readonly (number | null)[];
  tone: "reference" | "before" | "after" | "now";
}

export interface Scale {
  /** Between these, from 0 to 1. */
  range: readonly [number, number];
  log?: boolean;
  marks: readonly number[];
  word: (mark: number) => string;
}

export const HERTZ: Scale = {
  range: [20, 20_000],
  log: true,
  marks: [50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000],
  word: (hz) => (hz >= 1_000 ? `${hz / 1_000}k` : String(hz)),
};

const PHONE = window.matchMedia("(max-width: 40rem)");

/** In the drawing's own units: about the pixels that it has, so that words and handles stay as large on a phone. */
export function useWidth(): number {
  const narrow = useSyncExternalStore(
    (tell) => {
      PHONE.addEventListener("change", tell);
      return () => PHONE.removeEventListener("change", tell);
    },
    () => PHONE.matches,
  );
  return narrow ? 320 : 720;
}

export const HEIGHT = 240;
const LEFT = 34;
const BOTTOM = 22;

export function place({ range: [low, high], log }: Scale, value: number): number {
  return log
    ? Math.log(Math.max(value, 1e-9) / low) / Math.log(high / low)
    : (value - low) / (high - low || 1);
}

export const across = (scale: Scale, value: number, width: number): number =>
  LEFT + place(scale, value) * (width - LEFT);
export const down = (scale: Scale, value: number): number => (1 - place(scale, value)) * (HEIGHT - BOTTOM);

/** What is at this share of the plot's width or height. */
export function back({ range: [low, high], log }: Scale, share: number): number {
  return log ? low * (high / low) ** share : low + (high - low) * share;
}

export const shareAcross = (px: number, width: number): number => (px - LEFT) / (width - LEFT);
export const shareDown = (px: number): number => 1 - px / (HEIGHT - BOTTOM);

/** About five round marks of a range. */
export function marksOf([low, high]: readonly [number, number]): number[] {
  const rough = (high - low) / 5;
  const step = [1, 2, 3, 5, 6, 10, 12, 15, 30, 60, 120, 300].find((it) => it >= rough) ?? rough;
  const first = Math.ceil(low / step);
  return Array.from(
    { length: Math.max(0, Math.floor(high / step) - first + 1) },
    (_, at) => (first + at) * step,
  );
}

export function Chart({ title, text, lines, x, y, children }: ChartProps) {
  const width = useWidth();
  return (
    <figure className="chart">
      <figcaption>
        <strong>{title}</strong>
        <span className="legend">
          {lines.map(({ label, tone }) => (
            <span key={label} className={`key line-${tone}`}>
              {label}
            </span>
          ))}
        </span>
      </figcaption>
      <svg viewBox={`0 0 ${width} ${HEIGHT}`} role={children ? "group" : "img"} aria-label={text}>
        <Axes x={x} y={y} width={width} />
        {lines.map((line) => (
          <path key={line.label} className={`line line-${line.tone}`} d={pathOf(line, x, y, width)} />
        ))}
        {children}
      </svg>
    </figure>
  );
}

interface ChartProps {
  title: string;
  /** What it shows, in a sentence. */
  text: string;
  lines: readonly Line[];
  x: Scale;
  y: Scale;
  children?: ReactNode;
}

function Axes({ x, y, width }: { x: Scale; y: Scale; width: number }) {
  const every = width < 400 ? 2 : 1;
  return (
    <g aria-hidden="true">
      {y.marks.map((mark) => (
        <g key={mark}>
          <line className="grid" x1={LEFT} x2={width} y1={down(y, mark)} y2={down(y, mark)} />
          <text className="mark" x={LEFT - 6} y={down(y, mark) + 4} textAnchor="end">
            {y.word(mark)}
          </text>
        </g>
      ))}
      {x.marks
        .filter((_, at) => at % every === 0)
        .map((mark) => (
          <text key={mark} className="mark" x={across(x, mark, width)} y={HEIGHT - 4} textAnchor="middle">
            {x.word(mark)}
          </text>
        ))}
    </g>
  );
}

function pathOf({ x: xs, y: ys }: Line, x: Scale, y: Scale, width: number): string {
  let pen = "M";
  return xs
    .map((value, at) => {
      const level = ys[at];
      if (typeof level !== "number" || place(x, value) < 0 || place(x, value) > 1) {
        pen = "M";
        return "";
      }
      const bounded = Math.min(Math.max(level, y.range[0]), y.range[1]);
      const step = `${pen}${across(x, value, width).toFixed(1)} ${down(y, bounded).toFixed(1)}`;
      pen = "L";
      return step;
    })
    .join("");
}
