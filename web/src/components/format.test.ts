import type { TFunction } from "i18next";
import { expect, test } from "vitest";

import { keyName } from "./format";

const t = ((key: string) => key.replace("song.", "")) as TFunction;

test("keys are named with the fewer accidentals", () => {
  const named = (tonic: "G#" | "D#" | "F#", mode: "major" | "minor"): string =>
    keyName({ tonic, mode, scale: null }, t);
  expect(named("G#", "major")).toBe("A♭ major");
  expect(named("G#", "minor")).toBe("G♯ minor");
  expect(named("D#", "minor")).toBe("E♭ minor");
  expect(named("F#", "major")).toBe("F♯ major");
});
