import type { TFunction } from "i18next";
import { expect, test } from "vitest";

import { keyName, noteName } from "./format";

const t = ((key: string) => key.replace("song.", "")) as TFunction;

test("keys are named with the fewer accidentals", () => {
  const named = (tonic: "G#" | "D#" | "F#", mode: "major" | "minor"): string =>
    keyName({ tonic, mode, scale: null }, t);
  expect(named("G#", "major")).toBe("A♭ major");
  expect(named("G#", "minor")).toBe("G♯ minor");
  expect(named("D#", "minor")).toBe("E♭ minor");
  expect(named("F#", "major")).toBe("F♯ major");
});

test("notes are spelled as their key writes them", () => {
  const spelled = (tonic: "A#" | "F#" | "D" | "C#", mode: "major" | "minor", ...midi: number[]): string[] =>
    midi.map((pitch) => noteName(pitch, { tonic, mode }));
  expect(spelled("A#", "major", 70, 63, 58, 71, 24)).toEqual(["B♭4", "E♭4", "B♭3", "C♭5", "C1"]);
  expect(spelled("D", "minor", 61, 70)).toEqual(["C♯4", "B♭4"]);
  expect(spelled("F#", "major", 65, 71, 72)).toEqual(["E♯4", "B4", "C5"]);
  expect(spelled("C#", "minor", 63, 60)).toEqual(["D♯4", "C4"]);
});
