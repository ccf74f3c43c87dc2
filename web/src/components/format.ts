import type { TFunction } from "i18next";

import type { Schemas } from "../api/client";

export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export function ago(iso: string, language: string): string {
  const seconds = (new Date(iso).getTime() - Date.now()) / 1000;
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const units = [
    ["day", 86_400],
    ["hour", 3_600],
    ["minute", 60],
  ] as const;
  for (const [unit, length] of units) {
    if (Math.abs(seconds) >= length) return format.format(Math.round(seconds / length), unit);
  }
  return format.format(Math.round(seconds), "second");
}

export function words(name: string): string {
  const spaced = name.replaceAll("_", " ");
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** With its sign, a true minus: +3.0, −3.0. */
export function signed(value: number, digits: number): string {
  const rounded = value.toFixed(digits);
  return value > 0 && Number(rounded) !== 0
    ? `+${rounded}`
    : rounded.replace("-", Number(rounded) === 0 ? "" : "−");
}

export function megabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / 1e6)} MB`;
}

const FLATS: Record<string, string> = { "D#": "E♭", "A#": "B♭" };
const FLATS_IN_MAJOR: Record<string, string> = { ...FLATS, "C#": "D♭", "G#": "A♭" };

/** "B♭ major", "D Dorian", with the fewer accidentals, in the language of the page. */
export function keyName(key: Schemas["Key"], t: TFunction): string {
  const mode = key.scale
    ? t(`names.${key.scale}`, { defaultValue: words(key.scale) })
    : t(`song.${key.mode}`, { defaultValue: words(key.mode).toLowerCase() });
  const flats = key.mode === "major" ? FLATS_IN_MAJOR : FLATS;
  return `${flats[key.tonic] ?? key.tonic.replace("#", "♯")} ${mode}`;
}
