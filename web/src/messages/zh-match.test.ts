import { expect, test } from "vitest";

import { matchNoteInChinese } from "./zh-match";

test("what a match did is told in Chinese, with its numbers", () => {
  expect(
    matchNoteInChinese(
      "Loudness -25.5 → -14.2 LUFS, not -12.0: any louder, peaks would lie less than 8 dB above it.",
    ),
  ).toBe("响度 -25.5 → -14.2 LUFS，没有到 -12.0：再响，峰值就高不出响度 8 dB。");
  expect(
    matchNoteInChinese(
      "3 bands: +2.1 dB above 4.2 kHz, -1.5 dB around 310 Hz. That is 32% of the difference: the rest is taken for other music.",
    ),
  ).toBe("3 个频段：4.2 kHz 以上 +2.1 dB，310 Hz 附近 -1.5 dB。这是差别的 32%，其余视为曲子本身的不同。");
  expect(
    matchNoteInChinese("Sides +1.2 dB: wider. The reference differs by +3.0 dB after the equaliser."),
  ).toBe("侧声道 +1.2 dB：更宽。均衡之后，参考相差 +3.0 dB。");
  expect(
    matchNoteInChinese(
      "The reference is the same performance, 0.05 s later, upside down. 2 bands: +1.0 dB below 90 Hz.",
    ),
  ).toBe("参考是同一次演奏，晚 0.05 秒，极性相反。2 个频段：90 Hz 以下 +1.0 dB。");
});

test("a sentence of which a part is unknown stays as it is", () => {
  const said = "The tone is left as it is. Something new.";
  expect(matchNoteInChinese(said)).toBe(said);
});
