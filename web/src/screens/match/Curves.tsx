import { useTranslation } from "react-i18next";

import { Chart, HERTZ, type Line, marksOf, type Scale } from "../../components/Chart";
import { clock, signed } from "../../components/format";

/** viz.json of a match: the report's curves. */
export interface Curves {
  spectra: Partial<Record<Name, { f_hz: number[]; mid_db: number[] }>>;
  loudness: Partial<Record<Name, { period_s: number; short_term_lufs: (number | null)[] }>>;
  gain_reduction: { period_s: number; reduction_db: (number | null)[] } | null;
}
type Name = "reference" | "target" | "result";

const NAMES = [
  ["reference", "reference", "match.reference"],
  ["target", "before", "match.before"],
  ["result", "after", "match.after"],
] as const;

export function CurvesOf({ curves }: { curves: Curves }) {
  const { t } = useTranslation();
  const spectra = NAMES.flatMap(([name, tone, label]): Line[] => {
    const found = curves.spectra[name];
    return found ? [{ label: t(label), x: found.f_hz, y: levelled(found.f_hz, found.mid_db), tone }] : [];
  });
  const loudness = NAMES.flatMap(([name, tone, label]): Line[] => {
    const found = curves.loudness[name];
    return found ? [timed(t(label), tone, found.period_s, found.short_term_lufs)] : [];
  });
  const limited = curves.gain_reduction;
  const reduction = limited
    ? [
        timed(
          t("sound.reduction"),
          "after",
          limited.period_s,
          limited.reduction_db.map((db) => -Math.abs(db ?? 0)),
        ),
      ]
    : [];
  return (
    <section className="card">
      <h2>{t("sound.curves")}</h2>
      <Chart
        title={t("sound.spectra")}
        text={t("sound.spectraText")}
        lines={spectra}
        x={HERTZ}
        y={levels(spectra, 12, 55)}
      />
      <Chart
        title={t("sound.overTime")}
        text={t("sound.overTimeText")}
        lines={loudness}
        x={seconds(loudness)}
        y={levels(loudness, 6, 30)}
      />
      {reduction.some(({ y }) => y.some((db) => (db ?? 0) < -0.1)) && (
        <Chart
          title={t("sound.reduction")}
          text={t("sound.reductionText")}
          lines={reduction}
          x={seconds(reduction)}
          y={{ ...levels(reduction, 3, 20), range: [Math.min(-3, lowest(reduction) - 0.5), 0] }}
        />
      )}
    </section>
  );
}

const timed = (label: string, tone: Line["tone"], periodS: number, y: (number | null)[]): Line => ({
  label,
  tone,
  x: y.map((_, at) => at * periodS),
  y,
});

const finite = (lines: Line[]): number[] =>
  lines.flatMap(({ y }) => y.filter((value): value is number => typeof value === "number"));
const lowest = (lines: Line[]): number => finite(lines).reduce((low, value) => Math.min(low, value), 0);

function levels(lines: Line[], least: number, most: number): Scale {
  const all = finite(lines);
  const high = all.reduce((top, value) => Math.max(top, value), -200);
  const low = Math.max(
    all.reduce((bottom, value) => Math.min(bottom, value), 200),
    high - most,
  );
  const range = [Math.min(low, high - least) - 1, high + 1] as const;
  return { range, marks: marksOf(range), word: (mark) => signed(mark, 0) };
}

function seconds(lines: Line[]): Scale {
  const last = Math.max(1, ...lines.map(({ x }) => x.at(-1) ?? 0));
  return { range: [0, last], marks: marksOf([0, last]), word: clock };
}

/** Averaged over a third of an octave, pink noise flat, and 0 dB on average where music has most (100 Hz to 8 kHz). */
export function levelled(fHz: readonly number[], midDb: readonly number[]): number[] {
  const power = midDb.map((db) => 10 ** (db / 10));
  let from = 0;
  let to = 0;
  const smooth = fHz.map((f) => {
    while ((fHz[from] ?? f) < f / 2 ** (1 / 6)) from += 1;
    while (to < fHz.length && (fHz[to] ?? f) <= f * 2 ** (1 / 6)) to += 1;
    let sum = 0;
    let width = 0;
    for (let at = from; at < to; at += 1) {
      const step = (fHz[Math.min(at + 1, fHz.length - 1)] ?? 0) - (fHz[Math.max(at - 1, 0)] ?? 0);
      sum += (power[at] ?? 0) * step;
      width += step;
    }
    return 10 * Math.log10(sum / width + 1e-12) + 10 * Math.log10(f);
  });
  let total = 0;
  let octaves = 0;
  smooth.forEach((db, at) => {
    const f = fHz[at] ?? 0;
    if (f < 100 || f > 8_000) return;
    const step = Math.log2((fHz[at + 1] ?? f) / f);
    total += db * step;
    octaves += step;
  });
  return smooth.map((db) => db - total / (octaves || 1));
}
