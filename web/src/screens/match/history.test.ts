import { expect, test } from "vitest";

import { first, stepped } from "./history";

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
