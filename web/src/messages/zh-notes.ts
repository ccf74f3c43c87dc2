// What the listener and the composer say of a tune (`understood` of a track), sentence by sentence; what is not here is said in their own words.

const key = (name: string): string =>
  name.replace(" major", " 大调").replace(" minor", " 小调").replace(" pentatonic", "五声");

const NOTES: [RegExp, (found: string[]) => string][] = [
  [/^The recording is quiet/, () => "录音偏轻，离麦克风近一点会更好。"],
  [/^Parts of the recording are too loud/, () => "录音有些地方太响，已经失真。"],
  [/^Talking was left out\.$/, () => "说话的部分没有采用。"],
  [/^Parts of the recording are missing/, () => "录音有缺失，那里的旋律是猜的。"],
  [/^Something else sounds along/, () => "除了旋律，还有别的声音。"],
  [/^Two voices sound together; the higher one/, () => "有两个声部同时在唱；旋律取较高的一个。"],
  [/^Two voices sound together; the lower one/, () => "有两个声部同时在唱；旋律取较低的一个。"],
  [
    /^The key is a guess: (.+) fits nearly as well\.$/,
    ([, other = ""]) => `调是猜的：${key(other)} 也差不多合适。`,
  ],
  [
    /^The key is a guess: (.+) is the next most likely\.$/,
    ([, other = ""]) => `调是猜的：其次最可能的是 ${key(other)}。`,
  ],
  [
    /^The tempo is a guess: (\d+) beats a minute in (\S+) fit nearly as well\.$/,
    ([, tempo, meter]) => `速度是猜的：每分钟 ${tempo} 拍、${meter} 也差不多合适。`,
  ],
  [
    /^The tempo is a guess: (\d+) beats a minute in (\S+) or (\d+) in (\S+) fit nearly as well\.$/,
    ([, tempo, meter, other, otherMeter]) =>
      `速度是猜的：每分钟 ${tempo} 拍、${meter}，或每分钟 ${other} 拍、${otherMeter} 也差不多合适。`,
  ],
  [
    /^The meter is a guess: (\S+) fits nearly as well\.$/,
    ([, meter]) => `节拍是猜的：${meter} 也差不多合适。`,
  ],
  [/^The tempo is a guess\.$/, () => "速度是猜的。"],
  [/^The tune is longer than the song/, () => "旋律比歌长，只用了开头。"],
  [/^The song has no room to begin with its chorus/, () => "歌太短，放不下开头的副歌。"],
  [/^The song has no room for a bridge/, () => "歌太短，放不下桥段。"],
  [/^The song has no room for an intro of (\d+) bars/, ([, bars]) => `歌太短，放不下 ${bars} 小节前奏。`],
  [
    /^(.+) fit the tune in (\d+) of (\d+) bars/,
    ([, chords, kept, bars]) => `${chords} 在 ${bars} 小节中的 ${kept} 小节合得上旋律，其余用了别的和弦。`,
  ],
  [
    /^Your tune is in (.+): in (.+) some of its notes are others\.$/,
    ([, own = "", asked = ""]) => `你的旋律是 ${key(own)}：换成 ${key(asked)} 后，有些音变了。`,
  ],
];

/** In the language of the page, where we have it. */
export function noted(said: string, language: string): string {
  return language === "zh" ? noteInChinese(said) : said;
}

export function noteInChinese(said: string): string {
  for (const [pattern, say] of NOTES) {
    const found = pattern.exec(said);
    if (found) return say(found);
  }
  return said;
}
