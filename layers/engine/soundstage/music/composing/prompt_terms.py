"""The exact terms of a prompt: tempo, meter, key and mode, chords, form and length, in English and Chinese."""

import re
from typing import Any

from soundstage.models.music import (
    MAX_CHORDS,
    MAX_INTRO_BARS,
    MAX_SONG_S,
    MAX_TEMPO_BPM,
    MIN_SONG_S,
    MIN_TEMPO_BPM,
    Ending,
    Key,
    Mode,
    Opening,
    Scale,
    SongMeter,
)
from soundstage.music.composing.chord_names import DEGREE

LEFT_OUT = re.compile(
    r"\b(?:no|without|never|neither|avoid|skip|hate|hates|dislike|nothing(?! but| beats| better)|zero|minus|"
    r"except|exclude|excluding|lose|remove|omit|mute|kill|ditch|scrap|ban|leave out|leave off|take out|cut out|"
    r"cut (?=the|all)|drop (?=the|all)|turn off|switch off|get rid of|"
    r"refrain from|spare me|(?:any|every)thing (?:but|other than)|"
    r"(?:sick|tired|instead|free|devoid|(?<!get )enough) of|rather than|other than|apart from|aside from|"
    r"away (?:from|with)|enough with|stop (?:with|using)|"
    r"(?:can't|cannot|can not|couldn't|could not) (?:stand|bear|take|tolerate))\b"
    r"|(?<!why )(?:\bnot|\bdont|n't) "
    r"(?:(?:really|ever|even|particularly|so|that|very|quite|too|at all|a|the|big|huge|much) )*"
    r"(?:want|like|love|enjoy|use|need|add|include|have|put|give|do|choose|pick|play|bring|into|in the mood for|"
    r"keen on|fond of|fans? of|looking for)\b"
    r"|^\s*(?:enough|drop)\b"
    r"|不(?:要|用|需要|加|带|含|包含|爱|想(?:要|听|有)|(?:太|怎么|是很|大)?喜欢|能有|可以有)|(?<![特分告区])别(?:用|加|有|来|放|带|给我?|[做弄搞变写整选走唱弹])|没有?(?!什么|问题|关系)"
    r"|受不了|讨厌|反感|厌恶|拒绝|避免|禁止|[去删移]除|去掉|删掉|拿掉|取消|关掉|关闭|静音|无(?![比敌限尽穷论忧聊])|(?<!并)非(?![常洲凡同])"
)
"""Negates all that follows in its clause."""
_STOP = re.compile(r"[,.;:!?，。；：！？、]")
_NOT = re.compile(
    r"(?:\b(?:not|never|dont|cannot)|n't)(?: (?:make|made|let|be|get|go|it|this|that|the|song|a|an|any|as|so|too|very|"
    r"really|quite|all|at|sound|play|played|me|become|turn|feel|want))*(?: [\w-]+ (?:or|nor|and))* $"
    r"|(?:(?<![特分告区])别|不|莫|勿)(?:要|太|很|那么|这么|是|会|再|得|弄得?|让它|能|可以?|宜|该|应该?|许|想|变|过于?)*$"
)
"""Negates the next words alone."""
SAID_BEFORE = re.compile(
    r"\b(?:is|are|was)(?:n't| not) (?:what|my|for|the|needed|wanted|necessary|welcome)|\bno thanks\b|\bsucks?\b"
    r"|\bnot my thing\b|\bnot needed\b|\b(?:bores?|annoys?) me\b|\bmakes? me (?:sick|yawn|cringe)\b|\bthe worst\b"
    r"|\b(?:is|are) (?:boring|awful|terrible|horrible|annoying|out)\b|^ ?(?:off|out)\s*$"
    r"|\b(?:should|must|may|can|need)(?:n't| not) be (?:there|in|heard|used|included|present)\b"
    r"|(?:不要|去[掉除]|[关删拿]掉|除外|不需要|不用)[了吧]?\s*$|就算了|免谈|不行|不好听|难听|免了"
)
"""Negates what stands before it in its clause: "jazz is not what I want"."""
_RANGE = r"(?<![\d.:/])(\d{2,3})\s*(?:-|–|to|and|到|至)\s*(\d{2,3})(?![\d.])"
_TEMPO_RANGE = re.compile(
    rf"(?:\b(?:tempo|bpm|speed)[\s:]*(?:between )?|速度)\s*{_RANGE}"
    rf"|(?:\bbetween )?{_RANGE}\s*(?:bpm\b|beats per minute|拍)"
)
_TEMPO = re.compile(
    r"\b(?:speed(?: it)? up|slow(?: it)? down) to (\d{2,3})(?![\d:/])"
    r"|(\d{2,3}(?:\.\d+)?)\s*(?:bpm\b|beats\b|per min(?:ute)?\b|/ ?min\b|拍|的速度)(?: (?:per|a) minute\b)?"
    r"|(?:\b(?:tempo|bpm|speed)\b|速度|节奏|节拍|[♩♪]|\bq(?= ?=))"
    r"\s*(?:of|at|is|to|about|around|set|[:=]|是|为|大?约|调到|设为|在)*\s*(\d{2,3}(?:\.\d+)?)(?![\d/])"
)
_UNITLESS_TEMPO = re.compile(
    r"(?:\b(?:at|around|about)\b|@|(?:^|[,.;，。；])(?=\s*\d+\s*(?:$|[,.;!?，。；！？])))\s*"
    r"(\d{2,3})(?=\s*(?:$|[,.;!?，。；！？]|(?:and|with|but|in|please)\b))"
)
"""Without a unit, where nothing is counted: "techno at 128", "lofi, 80"."""
_METER = re.compile(
    r"(?:\bin )?(?<!\d)(?P<count>\d{1,2})/(?P<unit>2|4|8|16)(?!\d)(?:[ -]?(?:time|meter|beat)\b)?"
    r"|(?:\bin )?\b(?P<said>three|four|five|six|seven)[- ](?:four|eight|quarter)\b(?: (?:time|meter|beat)\b)?"
    r"|\bin (?P<word>three|four|five|six|seven)(?: (?:time|meter|beats?)\b|(?=\s*(?:$|[,.;!?])))"
    r"|\b(?P<waltz>waltz|three[- ]four) (?:time|meter|beat|rhythm)\b"
    r"|(?P<zh_unit>[二四八])分之(?P<zh_count>[二三四五六七九])拍?|(?P<eight>[六七])八拍子?"
    r"|(?P<zh>[二两三四五六七])(?:四)?拍(?:子)?|(?P<dance>圆舞曲)?节拍"
)
_METERS: dict[str, SongMeter] = {
    "3/4": "3/4", "4/4": "4/4", "6/8": "6/8", "5/4": "5/4", "7/8": "7/8", "2/4": "4/4", "2/2": "4/4", "3/8": "3/4",
    "12/8": "6/8", "9/8": "6/8", "5/8": "5/4", "7/4": "7/8", "8/8": "4/4", "6/4": "3/4",
}  # fmt: skip
"""What we play for each: the nearest, where it is not the same."""
_MANY = {"three": "3/4", "four": "4/4", "five": "5/4", "six": "6/8", "seven": "7/8"}
_ZH_NUMBERS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_INTRO = re.compile(
    r"\b(?:(?P<none>no|without(?: an?)?|skip the|zero)|(?P<bars>\d{1,2}|one|two|three|four|six|eight)"
    r"[- ]bars?(?: of| long)?"
    r"|(?:an? )?(?P<size>short|long))[- ]intro(?:duction)?\b"
    r"|\bintro(?:duction)? (?:of |with |: ?)?(?P<after>\d{1,2}|one|two|three|four|six|eight) bars?\b"
    r"|(?P<zh_none>不要|没有|无|去掉|不用)前奏|(?P<zh_bars>\d{1,2}|[一二两三四六八])(?:个)?小节(?:的)?前奏"
    r"|前奏(?P<zh_after>\d{1,2}|[一二两三四六八])(?:个)?小节|(?P<zh_size>短|长)(?:一?点)?(?:的)?前奏"
)
_BARS = {"one": 1, "two": 2, "three": 3, "four": 4, "six": 6, "eight": 8} | _ZH_NUMBERS
SHORT_INTRO_BARS, LONG_INTRO_BARS = 2, 8
_CHORUS = r"(?:the |its |a )?(?:chorus|hook|refrain)"
_BEGIN = (
    r"\b(?:start|begin|open)(?:s|n?ing)?(?: (?:it|off|right|straight|directly|immediately))* "
    r"(?:with|from|on|at|in|into) "
)
_ZH_BEGIN = r"(?:从|用|以|先)(?:唱|放)?"
_OPENINGS: dict[Opening, re.Pattern[str]] = {
    "chorus": re.compile(
        rf"{_BEGIN}{_CHORUS}\b|{_CHORUS} (?:comes? )?(?:first|at the (?:start|beginning))\b"
        rf"|\b(?:straight|right|directly|jump|go|cut)(?: (?:straight|right|directly))? (?:in)?to {_CHORUS}\b"
        r"|(?:直接|马上|立刻|一上来就?|开头就?)(?:是|唱|进|进入|从|放|上)?副歌(?:开始|开头)?"
        rf"|{_ZH_BEGIN}副歌(?:开始|开头|起)?"
    ),
    "verse": re.compile(rf"{_BEGIN}(?:the |its |a )?verse\b|{_ZH_BEGIN}主歌(?:开始|开头|起)?"),
}
_BRIDGE = re.compile(
    r"\b(?:(?:with|add|include|has|have|want|need) )?(?:an? |the |any )?(?:bridge|breakdown|middle (?:eight|8))\b"
    r"(?! (?:over|of|across|to|in)\b)(?: (?:before|after) the (?:last |final |second |first )?chorus\b)?"
    r"|(?:加|有|要)?(?:一?[段个])?(?:桥段|间奏|过渡段)"
)
_AT_THE_END = r" (?:at|towards?|in|near|by|to) the (?:very )?end\b"
_ZH_END = r"(?:的|地)?(?:结尾|结束|收尾)"
_LAST_NOTE = r"(?:chord|note)"
_ENDINGS: dict[Ending, re.Pattern[str]] = {
    "fade": re.compile(
        rf"\b(?:(?:end|ends|ending|finish|finishing) (?:it )?(?:with|on|in|by) (?:an? )?)?"
        r"(?:(?:slowly|gradually|gently) )?(?:fad(?:e|es|ing)(?: it| the song)?[- ](?:out|away)|fadeout)\b"
        rf"(?: (?:slowly|gradually|gently|ending))?(?:{_AT_THE_END})?|\b(?:an? )?fades?{_AT_THE_END}"
        rf"|(?:结尾|最后|末尾)?(?:慢慢|渐渐|逐渐)?地?(?:淡出|渐弱)(?:{_ZH_END})?"
    ),
    "cold": re.compile(
        r"\b(?:an? )?(?:cold|abrupt|sudden|hard|short|tight) (?:ending|end|stop|finish)\b"
        r"|\b(?:end|stop|finish)(?:e?s|ing)?(?: it)? (?:abruptly|suddenly|cold|dead|on (?:a|one) hit)\b"
        rf"(?:{_AT_THE_END})?|(?:突然|干脆|利落){_ZH_END}|戛然而止(?:{_ZH_END})?"
    ),
    "slowing": re.compile(
        rf"\brit(?:ardando|\.)(?:{_AT_THE_END})?|\bslow(?:s|ing)?(?: it)? down{_AT_THE_END}"
        r"|\b(?:an? )?slow(?:ing|ed|er)? (?:end(?:ing)?|outro|finish)\b"
        rf"|(?:结尾|最后|末尾)(?:慢慢|渐渐|逐渐)?(?:放慢|变慢|慢下来|渐慢)|渐慢(?:{_ZH_END})?"
    ),
    "held": re.compile(
        rf"\b(?:an? |the )?(?:held|sustained|ringing|long) (?:(?:last|final) {_LAST_NOTE}\b|{_LAST_NOTE}{_AT_THE_END})"
        rf"|\b(?:hold|sustain) the (?:last|final) {_LAST_NOTE}\b|\blet the (?:last|final) {_LAST_NOTE} ring\b"
        r"|(?:最后|结尾)(?:一个)?的?(?:和弦|音)?(?:保持|延长|延音)"
    ),
}
_NO = re.compile(r"(?:\b(?:no|without|skip|avoid|don't|do not)(?: an?| the| any)?\s*|(?:不要|没有|无|去掉|不用|别))$")
_SCALES: dict[str, Scale] = {
    "dorian": Scale.DORIAN, "phrygian": Scale.PHRYGIAN, "lydian": Scale.LYDIAN, "mixolydian": Scale.MIXOLYDIAN,
    "major pentatonic": Scale.MAJOR_PENTATONIC, "minor pentatonic": Scale.MINOR_PENTATONIC,
    "pentatonic": Scale.MAJOR_PENTATONIC, "多利亚": Scale.DORIAN, "弗里吉亚": Scale.PHRYGIAN, "利底亚": Scale.LYDIAN,
    "混合利底亚": Scale.MIXOLYDIAN, "宫": Scale.MAJOR_PENTATONIC, "羽": Scale.MINOR_PENTATONIC,
    "五声": Scale.MAJOR_PENTATONIC, "gong": Scale.MAJOR_PENTATONIC, "yu": Scale.MINOR_PENTATONIC,
}  # fmt: skip
_SCALE = re.compile(
    r"(?:\bin )?(?:(?P<tonic>(?<![A-Za-z'])[A-Ga-g])(?:\s*(?P<step>#|♯|b|♭|sharp|flat))?[\s-]*)?"
    r"\b(?P<name>dorian|phrygian|mixolydian|lydian|(?:major |minor )?pentatonic|(?:gong|yu)(?= (?:mode|scale)))\b"
    r"(?: (?:mode|scale))?"
    r"|(?P<zh_step>降|升)?\s*(?P<zh_tonic>[A-Ga-g])?\s*(?P<zh>混合利底亚|多利亚|弗里吉亚|利底亚|宫|羽|五声)(?:音阶|调式|调)",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(?<![\d:])(\d{1,2}):([0-5]\d)(?![\d:])")
# "80s", "90s" and "1920s" are decades.
_LENGTH = re.compile(
    r"(?<![\d.:'])(?P<minutes>\d+(?:\.\d+)?)(?:\s*-?\s*(?:mins?|minutes?)(?![a-z])|个?分钟?|(?:\s?m|')(?=\s?\d))"
    r"(?:(?P<half> and a half\b|半钟?)|\s*(?:and )?(?P<plus>[0-5]?\d)"
    r"(?:\s*(?:(?:s|secs?|seconds?)\b|秒|\")|(?=\s*(?:$|[,.;!?。]))))?"
    r"|(?!\b(?:[4-9]|(?:1[89]|20)\d)0s\b(?! long))(?<![\d.])"
    r"(?P<seconds>\d+(?:\.\d+)?)[\s-]*(?:(?:s|secs?|seconds?)\b|秒钟?)"
    r"|(?:\b(?:length|duration)\b|长度|时长)\s*(?:of|is|about|[:=]|为|是|大?约)*\s*(?P<long>\d{2,3})(?![\d:.])"
)
_LESS_THAN = re.compile(r"\b(?:under|less than|shorter than|below) $|(?:不到|少于|短于)$")
_MORE_THAN = re.compile(r"\b(?<!not )(?<!no )(?:over|more than|longer than|at least) $|(?:至少|超过|长于)$")
_BY_A_TENTH = 0.1
"""Songs of such a length are so much shorter or longer than the bound that was said."""
_FACTORS = {
    0.5: re.compile(
        r"\bhalf[- ](?:the )?(?:tempo|speed|time)\b|\bhalf as fast\b|\btwice as slow\b|半速|慢一半|一半的?速度"
    ),
    2.0: re.compile(
        r"\bdouble[- ](?:the )?(?:tempo|speed|time)\b|\btwice (?:as fast|the (?:speed|tempo))\b|两倍速?|快一倍|加倍"
    ),
}
_STEPS = {"#": 1, "♯": 1, "sharp": 1, "升": 1, "b": -1, "♭": -1, "flat": -1, "降": -1}
# A key ends a phrase, or has "in" before it: "a minor problem" and "in a hurry" have none.
_KEY = re.compile(
    r"(?P<in>\b(?:in|key(?: of| is| to|:| ?=)?|transposed? (?:it )?(?:in)?to) ?)?"
    r"(?<![A-Za-z'])(?P<tonic>[A-Ga-g])(?:\s*(?P<step>#|♯|b|♭|sharp|flat))?"
    r"(?:[\s-]*(?P<mode>major|minor|maj|min)\b|(?P<m>m)(?![A-Za-z#]))"
    r"(?P<end>\s*(?:$|[,.;:!?，。；)]|key\b|and\b|at\b|with\b|for\b|\d))?"
    r"|\b(?:in|key(?: of| is| to|:| ?=)?|transposed? (?:it )?(?:in)?to) (?P<bare>[A-G])"
    r"(?:\s?(?P<bare_step>#|♯|b|♭|sharp|flat))?(?![\w'])"
    r"(?!\s+[a-z]+\s+(?:way|style)|[\s-]*(?:major|minor|maj|min)\b)"
    r"|(?:^|[,;、])\s*(?:(?P<zh_alone_step>降|升)\s*)?(?P<alone>[A-G])(?P<alone_step>#|♯|b|♭)?(?=\s*(?:$|[,;、]))"
    r"|(?P<zh_step>降|升|#|♯|b|♭)?\s*(?P<zh>[A-Ga-g])\s*(?P<zh_after>#|♯|b|♭)?\s*(?P<zh_mode>大调|小调|调)"
    r"|(?<!\d)1\s?=\s?(?P<do_step>#|♯|b|♭)?(?P<do>[A-G])(?P<do_after>#|♯|b|♭)?(?![\w'])"
)
_NOT_THIS = re.compile(
    r"(?:\b(?:not|never|avoid|except|(?:any|every)thing but|instead of|rather than|other than)|\w+n't(?: want| use)?) $"
    r"|(?:不要|别用?|不是|不用|除了) ?$",
    re.IGNORECASE,
)
"""Right before a key that is not wanted."""
_GERMAN_KEY = re.compile(r"\b(?P<letter>[A-Ha-h])(?P<step>is|es|s)?[ -]?(?P<mode>[Dd]ur|[Mm]oll)\b")
"""H is B, B is B flat, As and Es are flat."""
_CHORD = r"[A-G][#b]?(?:m|maj|min|dim|aug|sus[24]?)?7?"
_CHORDS = re.compile(rf"(?<![\w#])(?:{_CHORD}(?:\s*[-–→,|]\s*|\s+)){{2,}}{_CHORD}(?![\w#])")
_DEGREES = re.compile(
    rf"(?<![\w'])(?:{DEGREE}(?:\s*[-–→,|]\s*|\s+)){{2,}}{DEGREE}(?![\w'])"
    r"|(?<!\d)(?P<digits>[1-7]{3,8})(?!\d)(?=\s*(?:chords?\b|progression\b|和弦|进行|走向))"
    r"|用(?P<used>[1-7]{4,8})(?!\d)"
    r"|(?P<canon>卡农|\bcanon\b|\bpachelbel\b)(?:'s)?(?: canon)?"
)
"""A progression by its degrees: Roman numerals, or numbers of the major scale as they are said in Chinese."""
_CANON = "15634145"
_MODE = re.compile(
    r"\b(?:in )?(?:a )?(?P<name>major|minor)(?:[ -](?:key|scale|mode|tonality)\b|(?=\s*(?:$|[,.;:!?])))"
    r"|(?P<zh>[大小])调(?:式)?"
)
"""Major or minor without a tonic."""
_PITCH_CLASSES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


def read_terms(text: str) -> tuple[dict[str, Any], list[str], dict[str, str], str]:
    """Fields of a ``Direction``; what was said and is not taken; meters, tempi and lengths by what is played instead;
    and the rest of the text, in small letters.
    """
    fields: dict[str, Any] = {}
    text = _GERMAN_KEY.sub(_in_english, text)
    fields["chords"], lost, text = _chords(text)
    if not fields["chords"]:
        fields["chords"], text = _degrees(text)
    fields["key"], fields["scale"], fields["key_name"], text = _scale(text)
    if fields["key"] is None:
        fields["key"], fields["key_name"], other_keys, text = _key(text)
        lost += other_keys
    text = text.lower()
    if fields["key"] is fields["scale"] is None:
        fields["mode"], text = _mode(text)
    fields["intro_bars"], text = _intro(text)
    fields["opening"], text = _opening(text)
    fields["bridge"], text = _bridge(text)
    fields["ending"], text = _ending(text)
    fields["tempo_bpm"], near, text = _tempo(text)
    fields["duration_s"], near_length, text = _duration(text)
    fields["meter"], near_meter, other, text = _meter(text)
    near |= near_length | near_meter
    lost += other
    for factor, pattern in _FACTORS.items():
        found, text = _cut_all(pattern, text)
        if found:
            fields.setdefault("tempo_factor", factor)
    return fields, lost, near, text


def is_negated(clause: str, phrase: re.Match[str]) -> bool:
    """Whether a phrase is negated within its clause, or within its part of a text of several."""
    before = _STOP.split(clause[: phrase.start()])[-1]
    after = _STOP.split(clause[phrase.end() :])[0]
    return bool(LEFT_OUT.search(before) or _NOT.search(before) or SAID_BEFORE.search(after))


def _cut_all(pattern: re.Pattern[str], text: str) -> tuple[list[str], str]:
    """What matches, and the text without it."""
    return [match.group().strip() for match in pattern.finditer(text)], pattern.sub(" ", text)


def _tempo(text: str) -> tuple[float | None, dict[str, str], str]:
    """Beats a minute; what was asked for by what it is, where that is out of range; and the text without it."""
    if match := _TEMPO_RANGE.search(text):
        value = sum(float(end) for end in match.groups() if end) / 2
    elif match := _TEMPO.search(text) or _unitless_tempo(text):
        value = float(next(filter(None, match.groups())))
    else:
        return None, {}, text
    bpm = min(max(value, MIN_TEMPO_BPM), MAX_TEMPO_BPM)
    near = {match.group().strip(): tempo_in_words(bpm)} if bpm != value else {}
    return bpm, near, _without(text, match)


def tempo_in_words(bpm: float) -> str:
    """As it is said of what was taken."""
    return f"{bpm:.0f} beats a minute"


def length_in_words(duration_s: float) -> str:
    """As it is said of what was taken."""
    return f"{duration_s:.0f} seconds"


def _unitless_tempo(text: str) -> re.Match[str] | None:
    """The first number that can be a tempo."""
    found = (match for match in _UNITLESS_TEMPO.finditer(text) if MIN_TEMPO_BPM <= float(match[1]) <= MAX_TEMPO_BPM)
    return next(found, None)


def _duration(text: str) -> tuple[float | None, dict[str, str], str]:
    """Seconds; what was asked for by what it is, where that is out of range; and the text without it."""
    if match := _CLOCK.search(text):
        seconds = 60.0 * int(match.group(1)) + int(match.group(2))
    elif match := _LENGTH.search(text):
        minutes = float(match["minutes"] or 0) + 0.5 * bool(match["half"])
        seconds = 60 * minutes + float(match["plus"] or match["seconds"] or match["long"] or 0)
    else:
        return None, {}, text
    for pattern, sign in ((_LESS_THAN, -1), (_MORE_THAN, 1)):
        if bound := pattern.search(text[: match.start()]):
            bounded_s = min(max(seconds * (1 + sign * _BY_A_TENTH), MIN_SONG_S), MAX_SONG_S)
            return bounded_s, {}, f"{text[: bound.start()]} {text[match.end() :]}"
    duration_s = min(max(seconds, MIN_SONG_S), MAX_SONG_S)
    near = {match.group().strip(): length_in_words(duration_s)} if duration_s != seconds else {}
    return duration_s, near, _without(text, match)


def _key(text: str) -> tuple[Key | None, str | None, list[str], str]:
    """The first key that is wanted, its name as it was written, what was said of others, and the text without them."""
    key: Key | None = None
    name: str | None = None
    lost: list[str] = []
    rest, read = "", 0
    for match in _KEY.finditer(text):
        found = match.groupdict()
        if (
            found["mode"]
            and found["tonic"] in "Aa"
            and not found["step"]
            and (
                (found["end"] is None and not found["in"])
                or (found["tonic"] == "a" and (found["end"] or "").strip() == "key")
            )
        ):
            continue  # the article
        if found["m"] and not found["tonic"].isupper():
            continue
        end = match.start("end") if found["end"] is not None else match.end()
        refused = _NOT_THIS.search(text[: match.start()])
        if key or refused:
            lost.append(f"{refused.group() if refused else ''}{text[match.start() : end].strip(' ,;、')}")
        else:
            key, name = _named_key(found)
        rest += f"{text[read : refused.start() if refused else match.start()]} "
        read = end
    return key, name, lost, rest + text[read:]


def _named_key(found: dict[str, str | None]) -> tuple[Key, str]:
    """The key of what ``_KEY`` found, and its name."""
    letter = next(filter(None, (found[name] for name in ("tonic", "bare", "alone", "zh", "do"))))
    written = next(filter(None, (found[name] for name in found if name.endswith(("step", "after")))), "")
    step = _STEPS.get(written, 0)
    minor = bool(found["m"]) or (found["mode"] or found["zh_mode"]) in {"minor", "min", "小调"}
    tonic = _PITCH_CLASSES[(_PITCH_CLASSES.index(letter.upper()) + step) % 12]
    key = Key(tonic=tonic, mode=Mode.MINOR if minor else Mode.MAJOR)
    return key, f"{letter.upper()}{('♭', '', '♯')[step + 1]} {key.mode.value}"


def _scale(text: str) -> tuple[Key | None, Scale | None, str | None, str]:
    """A mode: with its tonic a key, and its name as it was written; without one a scale; and the text without it."""
    match = _SCALE.search(text)
    if match is None or is_negated(text, match):
        return None, None, None, text
    scale = _SCALES[(match["name"] or match["zh"]).lower()]
    letter = match["tonic"] or match["zh_tonic"]
    if not letter:
        return None, scale, None, _without(text, match)
    step = _STEPS.get((match["step"] or match["zh_step"] or "").lower(), 0)
    tonic = _PITCH_CLASSES[(_PITCH_CLASSES.index(letter.upper()) + step) % 12]
    name = f"{letter.upper()}{('♭', '', '♯')[step + 1]} {scale.in_words}"
    return Key(tonic=tonic, mode=scale.third, scale=scale), None, name, _without(text, match)


def _chords(text: str) -> tuple[list[str], list[str], str]:
    """The first progression, what of others is not taken, and the text without them."""
    found, rest = _cut_all(_CHORDS, text)
    if not found:
        return [], [], text
    names = [name for name in re.split(r"[\s\-–→,|]+", found[0]) if name][:MAX_CHORDS]
    return names, found[1:], rest


def _degrees(text: str) -> tuple[list[str], str]:
    """The first progression that is named by degrees of the scale, and the text without it."""
    match = _DEGREES.search(text)
    if match is None or is_negated(text, match):
        return [], text
    if digits := _CANON if match["canon"] else match["digits"] or match["used"]:
        names = list(digits)
    else:
        names = [name for name in re.split(r"[\s\-–→,|]+", match.group()) if name]
    return names[:MAX_CHORDS], _without(text, match)


def _mode(text: str) -> tuple[Mode | None, str]:
    """The mode that is named, or the other one where it is negated; and the text without it."""
    match = _MODE.search(text)
    if match is None:
        return None, text
    minor = match["name"] == "minor" or match["zh"] == "小"
    return Mode.MINOR if minor is not is_negated(text, match) else Mode.MAJOR, _without(text, match)


def _in_english(found: re.Match[str]) -> str:
    letter, step = found["letter"].upper(), {"is": "#", "es": "b", "s": "b", None: ""}[found["step"]]
    letter, step = {"H": ("B", step), "B": ("Bb", "")}.get(letter, (letter, step))
    return f"{letter}{step} {'major' if found['mode'].lower() == 'dur' else 'minor'}"


def _meter(text: str) -> tuple[SongMeter | None, dict[str, str], list[str], str]:
    """The meter that is played; what it is the nearest to; what is not taken; and the text without it."""
    meter: SongMeter | None = None
    near: dict[str, str] = {}
    lost: list[str] = []
    for match in _METER.finditer(text):
        written = match.group().strip()
        asked = _asked_meter(match)
        played = _METERS.get(asked)
        if played is None or meter is not None or is_negated(text, match):
            lost.append(written)
            continue
        meter = played
        if played != asked:
            near[asked] = played
    return meter, near, lost, _METER.sub(" ", text)


def _asked_meter(match: re.Match[str]) -> str:
    found = match.groupdict()
    if found["count"]:
        return f"{int(found['count'])}/{found['unit']}"
    if many := found["word"] or found["said"]:
        return _MANY[many]
    if found["zh_count"]:
        return f"{_ZH_NUMBERS[found['zh_count']]}/{_ZH_NUMBERS[found['zh_unit']]}"
    if found["eight"]:
        return f"{_ZH_NUMBERS[found['eight']]}/8"
    if found["zh"]:
        count = _ZH_NUMBERS[found["zh"]]
        return f"{count}/{8 if count in {6, 7} else 4}"
    return "3/4" if found["waltz"] or found["dance"] else ""


def _intro(text: str) -> tuple[int | None, str]:
    """Bars of the intro, 0 for none, and the text without them."""
    match = _INTRO.search(text)
    if match is None:
        return None, text
    found = match.groupdict()
    if found["none"] or found["zh_none"]:
        return 0, _without(text, match)
    written = found["bars"] or found["after"] or found["zh_bars"] or found["zh_after"]
    if written:
        bars = int(written) if written.isdigit() else _BARS[written]
    else:
        bars = SHORT_INTRO_BARS if (found["size"] or found["zh_size"]) in {"short", "短"} else LONG_INTRO_BARS
    return min(bars, MAX_INTRO_BARS), _without(text, match)


def _opening(text: str) -> tuple[Opening | None, str]:
    """What the song begins with, the other one where it is negated, and the text without it."""
    for opening, pattern in _OPENINGS.items():
        if match := pattern.search(text):
            other: Opening = "verse" if opening == "chorus" else "chorus"
            return other if is_negated(text, match) else opening, _without(text, match)
    return None, text


def _bridge(text: str) -> tuple[bool | None, str]:
    """Whether there is a bridge, and the text without it."""
    match = _BRIDGE.search(text)
    if match is None:
        return None, text
    return not is_negated(text, match), _without_negated(text, match)


def _ending(text: str) -> tuple[Ending | None, str]:
    """How the song ends, a held chord where another ending is negated, and the text without it."""
    for ending, pattern in _ENDINGS.items():
        if match := pattern.search(text):
            if not is_negated(text, match):
                return ending, _without(text, match)
            return "held" if ending != "held" else "cold", _without_negated(text, match)
    return None, text


def _without_negated(text: str, match: re.Match[str]) -> str:
    """Without a phrase and the "no" or 「不要」 right before it, which would negate what follows."""
    return f"{_NO.sub(' ', text[: match.start()])} {text[match.end() :]}"


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"
