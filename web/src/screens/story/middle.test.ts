import { expect, test } from "vitest";

import { middle } from "./ShotCard";

test.each([
  ["It rained. She went home. The lamp was on.", "It rained. She went home."],
  ["He said “Go.” Then he left.", "He said “Go.”"],
  ["下雨了。她回家了。灯还亮着。", "下雨了。她回家了。"],
  ["When the wind came, the door opened", "When the wind came,"],
  ["One sentence.", ""],
  ["", ""],
])("%s", (text, first) => {
  expect(text.slice(0, middle(text))).toBe(first);
});
