// The equaliser's bands as the engine applies them: second-order sections of the Audio EQ Cookbook
// (https://www.w3.org/TR/audio-eq-cookbook/). BiquadFilterNode will not do: its shelves have no Q.

import type { Schemas } from "../api/client";

export type Band = Schemas["EqBand"];

/** Bands beyond this share of the rate are moved just inside it, as the engine does (`equaliser.REACH`). */
const REACH = 0.49;

export interface Section {
  feedforward: number[];
  feedback: number[];
}

export function section({ type, f_hz, q, gain_db }: Band, rateHz: number): Section {
  const a = 10 ** (gain_db / 40);
  const w = (2 * Math.PI * Math.min(f_hz, REACH * rateHz)) / rateHz;
  const cos = Math.cos(w);
  const alpha = Math.sin(w) / (2 * q);
  if (type === "peaking") {
    return {
      feedforward: [1 + alpha * a, -2 * cos, 1 - alpha * a],
      feedback: [1 + alpha / a, -2 * cos, 1 - alpha / a],
    };
  }
  const sign = type === "low_shelf" ? 1 : -1; // a high shelf is a low shelf with cos negated
  const slope = 2 * Math.sqrt(a) * alpha;
  const c = sign * cos;
  return {
    feedforward: [
      a * (a + 1 - (a - 1) * c + slope),
      sign * 2 * a * (a - 1 - (a + 1) * c),
      a * (a + 1 - (a - 1) * c - slope),
    ],
    feedback: [a + 1 + (a - 1) * c + slope, sign * -2 * (a - 1 + (a + 1) * c), a + 1 + (a - 1) * c - slope],
  };
}

/** The gain in dB of all bands together at one frequency. */
export function responseDb(bands: readonly Band[], fHz: number, rateHz: number): number {
  const w = (2 * Math.PI * Math.min(fHz, rateHz / 2)) / rateHz;
  return bands.reduce((sum, band) => {
    const { feedforward, feedback } = section(band, rateHz);
    return sum + 10 * Math.log10(power(feedforward, w) / power(feedback, w));
  }, 0);
}

function power([b0 = 0, b1 = 0, b2 = 0]: number[], w: number): number {
  const real = b0 + b1 * Math.cos(w) + b2 * Math.cos(2 * w);
  const imaginary = b1 * Math.sin(w) + b2 * Math.sin(2 * w);
  return real ** 2 + imaginary ** 2;
}

/** The bands with this much of their gain, 0 to 1, without those that nobody would hear. */
export function scaled(bands: readonly Band[], amount: number): Band[] {
  return bands
    .map((band) => ({ ...band, gain_db: band.gain_db * amount }))
    .filter(({ gain_db }) => Math.abs(gain_db) > 0.005);
}
