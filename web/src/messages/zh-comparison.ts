// What differs between two versions of a story. Where a part of a sentence is not known here, the whole sentence is said
// in the API's own words: never half of it.

export const FIELDS: Record<string, string> = {
  accent: "饰物",
  "accent colour": "饰物颜色",
  age: "年龄",
  aliases: "别名",
  animatic: "动态分镜",
  aspect: "画幅",
  background: "背景",
  "bitrate kbps": "码率（kbps）",
  build: "体型",
  "burnt-in subtitles": "嵌入字幕",
  camera: "运镜",
  cast: "出场",
  codec: "编码",
  content: "说明",
  credits: "片尾",
  crf: "CRF",
  "duck db": "旁白时音乐降低（dB）",
  duration: "时长",
  "end card": "结束画面",
  "end s": "结束（秒）",
  file: "文件",
  "file name": "文件名",
  fps: "帧率",
  "gain db": "增益（dB）",
  garment: "衣着",
  "garment colour": "衣着颜色",
  gender: "性别",
  hair: "头发",
  "hair colour": "头发颜色",
  headwear: "头饰",
  identity: "外貌",
  kind: "种类",
  language: "语言",
  "length of transitions": "转场时长",
  lines: "台词",
  locked: "锁定",
  logline: "一句话梗概",
  loudness: "响度",
  mood: "气氛",
  motion: "镜头运动",
  music: "音乐",
  name: "名字",
  "name of the place": "地点名称",
  narration: "旁白",
  narrator: "讲述者",
  notes: "备注",
  order: "次序",
  "own narration": "自己的旁白",
  "own picture": "自己的图片",
  "own recording": "自己的录音",
  personality: "性格",
  place: "地点",
  "place id": "地点条目",
  prompt: "画面",
  providers: "模型",
  quality: "质量",
  "rate control": "码率控制",
  relationships: "关系",
  "screen direction": "画面方向",
  season: "季节",
  seed: "种子",
  sha256: "文件内容",
  "shot size": "景别",
  "skin colour": "肤色",
  source: "来源",
  species: "物种",
  speed: "速度",
  "spending cap": "费用上限",
  "start s": "开始（秒）",
  story: "故事",
  style: "风格",
  subtitles: "字幕",
  "system prompts": "系统提示词",
  things: "物件",
  "time of day": "时辰",
  title: "标题",
  "title card": "片头",
  track: "曲目",
  "track id": "曲目",
  transition: "转场",
  "true peak": "真峰值",
  type: "类型",
  upload: "上传",
  "asset id": "文件",
  variant: "版本",
  voice: "声音",
  weather: "天气",
  writer: "编写者",
};

const DONE: Record<string, string> = { added: "新增", removed: "删除" };
const LANGUAGES: Record<string, string> = { English: "英文", Chinese: "中文" };

const SENTENCES: [RegExp, (found: string[]) => string | undefined][] = [
  [/^The chain of cause and effect was changed\.$/, () => "因果关系有改动。"],
  [
    /^The storyboard of (\d+) shots was (\w+)\.$/,
    ([, shots, done = ""]) => `${DONE[done]}了 ${shots} 个镜头的分镜。`,
  ],
  [/^The shots have another order now: (.+)\.$/, ([, order]) => `镜头的次序变为：${order}。`],
  [
    /^The translation into (\w+) was (\w+)\.$/,
    ([, language = "", done = ""]) => `${DONE[done]}了${LANGUAGES[language]}译文。`,
  ],
  [
    /^The translation into (\w+) changed in (.+)\.$/,
    ([, language = "", parts]) => `${LANGUAGES[language]}译文有改动：${parts}。`,
  ],
  [
    /^The translation into (\w+) has another title or voice\.$/,
    ([, language = ""]) => `${LANGUAGES[language]}译文换了标题或声音。`,
  ],
  [
    /^(Shot \d+(?: “.*”| \(\w+\))|Character .+|World entry “.*”) was (added|removed)\.$/s,
    ([, of = "", done = ""]) => `${DONE[done]}了${subject(of)}。`,
  ],
  [
    /^(The project|The storyboard|Settings|Shot \d+(?: “.*?”| \(\w+\))|Character .+?|World entry “.*?”): (.+)\.$/s,
    ([, of = "", said = ""]) => {
      const told = changes(said);
      return told && `${subject(of)}：${told}。`;
    },
  ],
];

function subject(said: string): string {
  return said
    .replace(/^The project$/, "项目")
    .replace(/^The storyboard$/, "分镜")
    .replace(/^Settings$/, "设置")
    .replace(/^Shot (\d+) ?/, "镜头 $1")
    .replace(/^Character /, "人物 ")
    .replace(/^World entry /, "世界条目");
}

const VALUE = /(?:“[^”]*”|nothing|on|off|\d+ values|-?[\d.]+)/.source;
const CHANGE = new RegExp(
  `^([a-z0-9 -]+?) changed(?: \\((\\d+ → \\d+)\\)| from (${VALUE}) to (${VALUE}))?(?:; |$)`,
);

function changes(said: string): string | undefined {
  const told = [];
  for (let rest = said; rest !== "";) {
    const found = CHANGE.exec(rest);
    const field = FIELDS[found?.[1] ?? ""];
    if (!found || !field) return undefined;
    const [all, , count, was, now] = found;
    told.push(
      count
        ? `${field}有改动（${count}）`
        : was && now
          ? `${field} ${value(was)} → ${value(now)}`
          : `${field}有改动`,
    );
    rest = rest.slice(all.length);
  }
  return told.join("；");
}

const VALUES: Record<string, string> = { nothing: "无", on: "开", off: "关" };
const value = (said: string): string => VALUES[said] ?? said.replace(/ values$/, " 项");

export function differenceInChinese(said: string): string {
  for (const [pattern, say] of SENTENCES) {
    const found = pattern.exec(said);
    if (found) return say(found) ?? said;
  }
  return said;
}
