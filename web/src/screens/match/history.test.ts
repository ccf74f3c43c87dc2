import { expect, test } from "vitest";

import { first, restored, saved, stepped } from "./history";

const set = (value: number, control: string, at: number) => ({ kind: "set", value, control, at }) as const;

test("a drag is one step, and what was taken back comes again until something else is changed", () => {
  let kept = first(0);
  for (const step of [set(1, "eq", 1_000), set(2, "eq", 1_200), set(3, "width", 1_300)])
    kept = stepped(kept, step);
  kept = stepped(kept, { kind: "undo" });
  expect(kept.now).toBe(2);
  kept = stepped(kept, { kind: "undo" });
  expect(kept.now).toBe(0);
  expect(stepped(kept, { kind: "undo" })).toBe(kept);
  kept = stepped(kept, { kind: "redo" });
  expect(kept.now).toBe(2);
  kept = stepped(kept, set(9, "eq", 5_000));
  expect(stepped(kept, { kind: "redo" }).now).toBe(9);
});

test("a reload loses neither what was changed nor the way back", () => {
  let kept = first(0);
  for (const value of [1, 2, 3]) kept = stepped(kept, set(value, `band ${value}`, 1_000 * value));
  kept = restored(saved(stepped(kept, { kind: "undo" })), 0);
  expect(kept.now).toBe(2);
  expect(stepped(kept, { kind: "redo" }).now).toBe(3);
  expect(stepped(kept, { kind: "undo" }).now).toBe(1);
  expect(restored(null, 7).now).toBe(7);
});
