import { expect, test } from "vitest";

import { differenceInChinese } from "./zh-comparison";

test.each([
  [
    "Shot 2 (s2): narration changed from “The lamp is dark; or: cold.” to “The lamp is cold.”; weather changed from “clear” to “storm”; locked changed from off to on.",
    "镜头 2(s2)：旁白 “The lamp is dark; or: cold.” → “The lamp is cold.”；天气 “clear” → “storm”；锁定 关 → 开。",
  ],
  [
    "Settings: style changed from “dusk_gouache” to “ink_wash”; duck db changed from -6.0 to -9.0.",
    "设置：风格 “dusk_gouache” → “ink_wash”；旁白时音乐降低（dB） -6.0 → -9.0。",
  ],
  ["Character Mara: name changed from “Mia” to “Mara”.", "人物 Mara：名字 “Mia” → “Mara”。"],
  ["Shot 1 “Gull”: lines changed (1 → 2); cast changed.", "镜头 1“Gull”：台词有改动（1 → 2）；出场有改动。"],
  ["World entry “The lamp” was removed.", "删除了世界条目“The lamp”。"],
  ["The shots have another order now: s3, s1.", "镜头的次序变为：s3, s1。"],
  ["The storyboard of 3 shots was added.", "新增了 3 个镜头的分镜。"],
  ["The translation into English changed in s1, s2.", "英文译文有改动：s1, s2。"],
])("what differs is told in Chinese: %s", (said, told) => {
  expect(differenceInChinese(said)).toBe(told);
});

test("a sentence of which a part is unknown stays as it is", () => {
  const said = "Settings: style changed from “a” to “b”; something new changed.";
  expect(differenceInChinese(said)).toBe(said);
});
