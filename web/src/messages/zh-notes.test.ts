import { expect, test } from "vitest";

import { noteInChinese } from "./zh-notes";

test("what was heard is told in Chinese, with its keys and numbers", () => {
  expect(noteInChinese("The key is a guess: E minor fits nearly as well.")).toContain("E 小调");
  expect(noteInChinese("The key is a guess: G major is the next most likely.")).toContain("G 大调");
  const tempo = noteInChinese("The tempo is a guess: 92 beats a minute in 3/4 fit nearly as well.");
  expect(tempo).toContain("92");
  expect(tempo).toContain("3/4");
  const either = noteInChinese(
    "The tempo is a guess: 115 beats a minute in 3/4 or 181 in 4/4 fit nearly as well.",
  );
  for (const part of ["115", "3/4", "181", "4/4"]) expect(either).toContain(part);
  expect(noteInChinese("The meter is a guess: 3/4 fits nearly as well.")).toBe(
    "节拍是猜的：3/4 也差不多合适。",
  );
  const moved = noteInChinese("Your tune is in C major: in D minor some of its notes are others.");
  expect(moved).toBe("你的旋律是 C 大调：换成 D 小调 后，有些音变了。");
  expect(noteInChinese("Parts of the recording are too loud and distorted.")).toContain("失真");
  expect(noteInChinese("Something new.")).toBe("Something new.");
});
