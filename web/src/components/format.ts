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

/** The title of one more of these: "Morning hum", "Morning hum 2", "Morning hum 3". */
export function numbered(title: string): string {
  const [, name = title, count] = /^(.+?)(?: ([2-9]|[1-9]\d))?$/u.exec(title) ?? [];
  return `${name.slice(0, 196)} ${Number(count ?? 1) + 1}`;
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

const LETTERS = "FCGDAEB";
const C_FLAT = -6; // fifths above F, as E♯ below: there are no double sharps and flats
const E_SHARP = 12;

type Tonality = Pick<Schemas["Key"], "tonic" | "mode">;

/** Where the tonic is on the line of fifths, F being 0, as it is written with the fewer accidentals. */
function fifthsAboveF({ tonic, mode }: Tonality): number {
  const flat = ["D#", "A#", ...(mode === "major" ? ["C#", "G#"] : [])].includes(tonic);
  return LETTERS.indexOf(tonic.charAt(0)) + (tonic.endsWith("#") ? (flat ? -5 : 7) : 0);
}

function written(fifths: number): string {
  return LETTERS.charAt((fifths + 14) % 7) + (fifths < 0 ? "♭" : fifths > 6 ? "♯" : "");
}

/** "B♭", of A♯ major. */
export function tonicName(key: Tonality): string {
  return written(fifthsAboveF(key));
}

/** "E♭4", as it is written in this key, middle C being C4. */
export function noteName(midi: number, key: Tonality): string {
  const least = fifthsAboveF(key) - 5; // a key's notes reach from its flat second to its sharp fourth
  let fifths = least + ((((7 * (midi - 5) - least) % 12) + 12) % 12);
  if (fifths < C_FLAT) fifths += 12;
  if (fifths > E_SHARP) fifths -= 12;
  return `${written(fifths)}${Math.floor((midi + (fifths === C_FLAT ? 1 : 0)) / 12) - 1}`;
}

/** "B♭ major", "D Dorian", with the fewer accidentals, in the language of the page. */
export function keyName(key: Schemas["Key"], t: TFunction): string {
  const mode = key.scale
    ? t(`names.${key.scale}`, { defaultValue: words(key.scale) })
    : t(`song.${key.mode}`, { defaultValue: words(key.mode).toLowerCase() });
  return `${tonicName(key)} ${mode}`;
}
