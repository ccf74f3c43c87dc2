import { expect, test } from "vitest";

import { outline } from "./waveform";

test("each part shows the largest and the mean magnitude of all channels", () => {
  const left = Float32Array.from([0, 0.5, -1, 0]);
  const right = Float32Array.from([0, 0.5, 0, 0]);
  expect(outline([left, right], 2)).toEqual([
    { peak: 0.5, mean: 0.25 },
    { peak: 1, mean: 0.25 },
  ]);
});

test("more parts than samples still have one sample each", () => {
  const parts = outline([Float32Array.from([0.25, 0.75])], 4);
  expect(parts.map(({ peak }) => peak)).toEqual([0.25, 0.25, 0.75, 0.75]);
});

test("no sound is no outline but silence", () => {
  expect(outline([], 2)).toEqual([
    { peak: 0, mean: 0 },
    { peak: 0, mean: 0 },
  ]);
});
