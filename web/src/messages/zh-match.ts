// What a match did and left (`notes` of a style), clause by clause. Where one is not known here, the whole sentence is
// said in the API's own words: never half of it.

const CLAUSES: [RegExp, string][] = [
  // Loudness.
  [
    /^Loudness (\S+) → (\S+) LUFS, not (\S+): any louder, peaks would lie less than (\S+) dB above it\./,
    "响度 $1 → $2 LUFS，没有到 $3：再响，峰值就高不出响度 $4 dB。",
  ],
  [
    /^Loudness (\S+) → (\S+) LUFS: (\S+) LU, like all of its album(?:, not (\S+): one of its songs has no more room below the limiter)?\./,
    "响度 $1 → $2 LUFS：$3 LU，与整张专辑一致。",
  ],
  [
    /^Loudness → (\S+) LUFS, (\S+) LU less than the reference asks for, like all of its album: any louder, the limiter would take too much of one of its songs\./,
    "响度 → $1 LUFS，比参考少 $2 LU，与整张专辑一致：再响，限制器会压掉其中一首太多。",
  ],
  [/^Loudness (\S+) → (\S+) LUFS\./, "响度 $1 → $2 LUFS。"],
  [
    /^Only to (\S+) LUFS instead of (\S+): more would make the limiter take over (\S+) dB on average\./,
    "只到 $1 LUFS，没有到 $2：再多，限制器平均要压掉 $3 dB 以上。",
  ],
  [
    /^Only to (\S+) LUFS instead of (\S+): no gain brings it further\./,
    "只到 $1 LUFS，没有到 $2：增益再大也上不去了。",
  ],
  [/^Peaks stay below (\S+) dBTP\./, "峰值保持在 $1 dBTP 以下。"],
  [
    /^Peaks are held (\S+) dB above the loudness, at (\S+) dBTP: they lay (\S+) dB above, the reference's (\S+)\./,
    "峰值控制在高出响度 $1 dB（$2 dBTP）：原来高 $3 dB，参考高 $4 dB。",
  ],
  [
    /^The target is clipped: (\S+) of its samples lie in flat tops, which no match undoes\./,
    "目标录音已经削波：$1 的采样被削平，匹配无法复原。",
  ],
  // Tone.
  [/^The tone is left as it is\./, "音色保持原样。"],
  [/^No band is needed\./, "不需要均衡。"],
  [/^(\d+) bands? of less than (\S+) dB\./, "$1 个频段，都不到 $2 dB。"],
  [/^(\d+) bands?: /, "$1 个频段："],
  [/^([+-]\S+) dB around (\S+ k?Hz)/, "$2 附近 $1 dB"],
  [/^([+-]\S+) dB below (\S+ k?Hz)/, "$2 以下 $1 dB"],
  [/^([+-]\S+) dB above (\S+ k?Hz)/, "$2 以上 $1 dB"],
  [/^([+-]\S+) dB everywhere/, "整体 $1 dB"],
  [
    /^That is (\S+%) of the difference: the rest is taken for other music\./,
    "这是差别的 $1，其余视为曲子本身的不同。",
  ],
  [/^That is (\S+%) of the difference\./, "这是差别的 $1。"],
  [
    /^There is (\S+) dB less air than in the reference: harmonics are added\./,
    "高频比参考少 $1 dB：加入了谐波。",
  ],
  // The same performance.
  [/^The reference is the same performance, (\S+) semitones away\./, "参考是同一次演奏，相差 $1 个半音。"],
  [/^The reference is the same performance/, "参考是同一次演奏"],
  [/^, (\S+) s later/, "，晚 $1 秒"],
  [/^, (\S+) s earlier/, "，早 $1 秒"],
  [/^, upside down/, "，极性相反"],
  [/^, with left and right swapped/, "，左右对调"],
  [/^In its direct sound: /, "直达声："],
  [
    /^A room of (\S+) s, (\S+) dB against the direct sound, is copied\./,
    "复制了混响 $1 秒、相对直达声 $2 dB 的房间。",
  ],
  // Pitch.
  [
    /^The reference is tuned (\S+) cents against the target, which follows it\./,
    "参考的音准相差 $1 音分，目标随之调整。",
  ],
  [
    /^The pitch is left as it is: neither lies clearly between the notes\./,
    "音高保持原样：两者都没有明显偏离音准。",
  ],
  [/^The pitch is left as it is: both are tuned alike\./, "音高保持原样：两者音准相同。"],
  [
    /^The pitch is left as it is: they are tuned too far apart to tell which way\./,
    "音高保持原样：音准相差太大，无法判断方向。",
  ],
  // Room.
  [
    /^The reference rings for (\S+) s where the target does not: a tail of (\S+) dB is added\. It explains (\S+%) of how differently they fall\./,
    "参考的余音有 $1 秒，目标没有：加入 $2 dB 的混响，解释了衰减差别的 $3。",
  ],
  [/^The reference rings no longer than the target\./, "参考的余音不比目标长。"],
  [
    /^The result is (\S+) s longer than the target, until its room has rung out\./,
    "结果比目标长 $1 秒，直到余音结束。",
  ],
  // Dynamics.
  [/^The dynamics are alike enough to leave them\./, "动态已经相近，保持原样。"],
  [/^A room explains how the dynamics differ: they are left as they are\./, "动态的差别来自房间，保持原样。"],
  [
    /^Ratio (\S+) above (\S+) dBFS: levels lie (\S+) → (\S+) dB apart\./,
    "$2 dBFS 以上压缩比 $1：电平差距 $3 → $4 dB。",
  ],
  [
    /^Ratio (\S+) above (\S+) dBFS, (\S+) ms: of (\S+) dB of moving gain (\S+) dB stay unexplained\./,
    "$2 dBFS 以上压缩比 $1（$3 ms）：$4 dB 的增益变化中有 $5 dB 未能解释。",
  ],
  // Width.
  [/^The recording has no sides to widen\./, "录音没有侧声道可以加宽。"],
  [/^The width is left as it is\./, "声场宽度保持原样。"],
  [/^Sides (\S+) dB: wider\./, "侧声道 $1 dB：更宽。"],
  [/^Sides (\S+) dB: narrower\./, "侧声道 $1 dB：更窄。"],
  [/^Sides (\S+) dB on average, each octave by itself\./, "侧声道平均 $1 dB，每个八度分别调整。"],
  [/^The reference differs by (\S+) dB after the equaliser\./, "均衡之后，参考相差 $1 dB。"],
  [/^The sides are (\S+) dB against the middle\./, "侧声道相对中间 $1 dB。"],
  // Trials.
  [
    /^Left out: tried on a part, it was (\S+) dB away with it and (\S+) dB without\./,
    "未采用：在片段上试过，用它相差 $1 dB，不用相差 $2 dB。",
  ],
  [
    /^(\S+%) of it: tried on a part, it was (\S+) dB away with it and (\S+) dB without\./,
    "采用其中 $1：在片段上试过，用它相差 $2 dB，不用相差 $3 dB。",
  ],
];
const MARKS: [RegExp, string][] = [
  [/^, /, "，"],
  [/^\. ?/, "。"],
];

export function matchNoteInChinese(said: string): string {
  let rest = said;
  let told = "";
  while (rest !== "") {
    const clause = [...CLAUSES, ...MARKS].find(([pattern]) => pattern.test(rest));
    if (!clause) return said;
    const [found = ""] = clause[0].exec(rest) ?? [];
    told += found.replace(clause[0], clause[1]);
    rest = rest.slice(found.length).replace(/^ /, "");
  }
  return told;
}
