import { expect, test } from "vitest";

import { responseDb } from "./biquads";
import { louderDb } from "./linear-stages";

const RATE_HZ = 48_000;

// From the engine: response_db([EqBand(…)], f, 48_000).
const ENGINE = [
  ["peaking", 100, 0.08024],
  ["peaking", 700, 4.15206],
  ["peaking", 1000, 6.0],
  ["peaking", 6000, 0.20282],
  ["low_shelf", 100, 6.02289],
  ["low_shelf", 700, 5.54783],
  ["low_shelf", 1000, 3.0],
  ["low_shelf", 6000, -0.05567],
  ["high_shelf", 100, -0.02289],
  ["high_shelf", 700, 0.45217],
  ["high_shelf", 1000, 3.0],
  ["high_shelf", 6000, 6.05567],
] as const;

test.each(ENGINE)("a %s sounds as the engine has it at %d Hz", (type, fHz, expected) => {
  const band = { type, f_hz: 1_000, q: 0.9, gain_db: 6 } as const;
  expect(responseDb([band], fHz, RATE_HZ)).toBeCloseTo(expected, 4);
});

test("a flat gain of all that is heard is that much louder", () => {
  const spectrum = { f_hz: [200, 400, 800, 1600], mid_db: [-20, -20, -20, -20] };
  const shelf = { type: "high_shelf", f_hz: 20, q: 0.7, gain_db: 3 } as const;
  expect(louderDb([shelf], spectrum)).toBeCloseTo(3, 1);
});
