import { expect, test } from "vitest";

import { noteInChinese } from "./zh-notes";

test("what was heard is told in Chinese, with its keys and numbers", () => {
  expect(noteInChinese("The key is a guess: E minor fits nearly as well.")).toContain("E 小调");
  const tempo = noteInChinese("The tempo is a guess: 92 beats a minute in 3/4 fit nearly as well.");
  expect(tempo).toContain("92");
  expect(tempo).toContain("3/4");
  const moved = noteInChinese("Your tune is in C major: in D minor some of its notes are others.");
  expect(moved).toBe("你的旋律是 C 大调：换成 D 小调 后，有些音变了。");
  expect(noteInChinese("Something new.")).toBe("Something new.");
});
