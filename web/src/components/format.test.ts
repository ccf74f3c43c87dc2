import type { TFunction } from "i18next";
import { expect, test } from "vitest";

import { keyName, noteName, numbered } from "./format";

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

test("one more of a thing has the next number", () => {
  expect(numbered("Morning hum")).toBe("Morning hum 2");
  expect(numbered("Morning hum 2")).toBe("Morning hum 3");
  expect(numbered("早晨 99")).toBe("早晨 100");
  expect(numbered("Summer 1969")).toBe("Summer 1969 2");
  expect(numbered("7")).toBe("7 2");
  expect(numbered("x".repeat(200))).toHaveLength(198);
});
