"""Reading a prompt by rules: "a slow, dreamy lullaby with harp", 「欢快一点的手风琴圆舞曲」.

English and Chinese. Words that name a style, its players, a mood, a tempo, a key or a length count; what else was
said is named as not taken. The longest phrase wins ("music box" over "box"). What is negated never counts as asked for:
styles and players are left out ("no drums", 「不要钢琴」), all else stays as it was hummed ("not too slow").
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from soundstage.models.music import (
    DEFAULT_SONG_S,
    MAX_TEMPO_BPM,
    MIN_TEMPO_BPM,
    Direction,
    Ending,
    GenParams,
    Key,
)
from soundstage.music.composing.chord_names import named_in
from soundstage.music.composing.melody import relative_key
from soundstage.music.composing.prompt_terms import (
    LEFT_OUT,
    SAID_BEFORE,
    is_negated,
    length_in_words,
    read_terms,
    tempo_in_words,
)
from soundstage.music.composing.prompt_wording import in_plain_words
from soundstage.music.composing.styles import INSTRUMENTS, STYLES

STYLE_WORDS = {
    "campfire": "campfire, folk, folksy, country, acoustic, unplugged, singer-songwriter, bluegrass, "
    "篝火, 民谣, 乡村, 原声",
    "lofi": "lofi, lo-fi, lo fi, chillhop, chill beats, hip hop, hip-hop, study, studying, homework, "
    "低保真, 嘻哈, 学习",
    "synthwave": "synthwave, retrowave, retro, eighties, 80s, neon, synth pop, electronic, electro, electronica, "
    "合成器, 电子, 电音, 复古, 八十年代",
    "ballad": "ballad, love song, romantic, wedding, piano song, 抒情, 情歌, 浪漫, 婚礼",
    "cinematic": "cinematic, film, movie, soundtrack, score, trailer, orchestra, orchestral, symphonic, classical, "
    "电影, 配乐, 管弦乐, 交响, 古典",
    "bossa": "bossa nova, bossa, samba, latin, brazilian, jazz, jazzy, lounge, coffee shop, cafe, "
    "波萨诺瓦, 巴萨诺瓦, 拉丁, 爵士, 咖啡馆, 咖啡厅",
    "funk": "funk, funky, soul, disco, motown, groovy, r&b, 放克, 灵魂乐, 迪斯科",
    "house": "house, dance, club, edm, techno, trance, party, workout, gym, 舞曲, 电子舞曲, 浩室, 派对, 夜店, 健身",
    "dreambox": "music box, dreambox, lullaby, bedtime, baby, toy, 八音盒, 摇篮曲, 睡前, 宝宝",
    "musette": "musette, waltz, french, paris, parisian, cabaret, 圆舞曲, 华尔兹, 法国, 巴黎",
}  # fmt: skip
MOOD_WORDS = {
    "calm": "calm, peaceful, relaxed, relaxing, gentle, soft, softly, quiet, soothing, tender, warm, sleepy, chill, "
    "cosy, cozy, rainy, rain, meditation, meditative, new age, spa, sleeping, calmer, "
    "平静, 安静, 轻音乐, 雨天, 下雨天, 冥想, 助眠, 睡眠, 睡觉, 治愈, 温柔, 温暖, 舒缓, 放松, 轻柔, 宁静",
    "happy": "happy, joyful, cheerful, sunny, bright, fun, funny, playful, uplifting, upbeat, merry, "
    "happier, bouncy, hopeful, birthday, "
    "快乐, 开心, 欢快, 明亮, 活泼, 愉快, 喜庆, 希望, 生日",
    "dark": "dark, sad, sorrowful, melancholy, melancholic, gloomy, moody, mysterious, scary, lonely, heartbroken, "
    "sadder, darker, horror, spooky, creepy, unhappy, funeral, bittersweet, "
    "悲伤, 忧伤, 伤感, 难过, 黑暗, 神秘, 孤独, 忧郁, 恐怖, 葬礼",
    "epic": "epic, heroic, powerful, grand, huge, triumphant, majestic, anthem, anthemic, "
    "angry, aggressive, intense, battle, boss fight, "
    "史诗, 宏大, 壮丽, 英雄, 激昂, 震撼, 磅礴, 激情, 热血, 愤怒, 战斗",
    "dreamy": "dreamy, dreamlike, ethereal, floating, magical, fairy tale, nostalgic, ambient, "
    "梦幻, 空灵, 飘渺, 童话, 怀旧, 朦胧",
}  # fmt: skip
TEMPO_WORDS = {
    0.7: "very slow, really slow, super slow, much slower, 很慢, 非常慢",
    0.85: "slow, slower, slowly, unhurried, 慢, 慢一点, 减速, 降速",
    1.15: "fast, faster, quick, quicker, lively, energetic, speed up, speed it up, 快, 快一点, 加速, 提速, 有活力",
    1.3: "very fast, really fast, super fast, much faster, 很快, 非常快",
}  # fmt: skip
SLOWER, FASTER = 0.85, 1.15
TEMPO_MARKS_BPM = {
    50.0: "largo, 广板", 60.0: "lento", 70.0: "adagio, 慢板", 90.0: "andante, 行板", 110.0: "moderato, 中板",
    115.0: "allegretto, 小快板", 130.0: "allegro, 快板", 155.0: "vivace", 176.0: "presto, 急板",
}  # fmt: skip
"""Tempo marks of scores, by the middle of what metronomes print beside them."""
PLAYER_WORDS = {
    "guitar": "吉他", "steel guitar": "acoustic guitar, 木吉他, 民谣吉他",
    "nylon guitar": "classical guitar, spanish guitar, 古典吉他, 尼龙吉他", "piano": "keyboard, 钢琴, 键盘",
    "electric piano": "rhodes, 电钢琴", "violin": "fiddle, 小提琴", "cello": "大提琴", "flute": "长笛",
    "harp": "竖琴", "trumpet": "小号", "saxophone": "sax, 萨克斯", "accordion": "手风琴", "clarinet": "单簧管",
    "choir": "合唱", "strings": "string section, 弦乐", "brass": "brass section, 铜管", "horn": "french horn, 圆号",
    "organ": "管风琴", "whistle": "whistling, 口哨", "vibraphone": "颤音琴",
    "upright bass": "double bass, contrabass, 低音提琴",
}  # fmt: skip
NEAREST_PLAYER = {
    "violin": "viola, erhu, 中提琴, 二胡, 马头琴", "brass": "trombone, tuba, 长号, 大号",
    "clarinet": "oboe, bassoon, 双簧管, 巴松, 唢呐", "vibraphone": "marimba, xylophone, 马林巴, 木琴",
    "music box": "glockenspiel, celesta, 钟琴, 钢片琴", "whistle": "dizi, ocarina, piccolo, 笛子, 竹笛, 陶笛, 短笛",
    "flute": "pan flute, recorder, 排箫, 竖笛, 洞箫, 葫芦丝", "harp": "harpsichord, lyre, koto, 羽管键琴, 扬琴",
    "accordion": "bagpipe, concertina, bandoneon, melodica, harmonica, 风笛, 口风琴, 口琴",
    "steel guitar": "banjo, mandolin, sitar, guzheng, pipa, 西塔琴, 古筝, 琵琶, 古琴, 班卓琴",
    "nylon guitar": "ukulele, 尤克里里",
}  # fmt: skip
"""Whom no style has, by who sounds most like them here."""
NEAREST_STYLE = {
    "synthwave": "8-bit, 8 bit, 8bit, chiptune, video game, game music, arcade, nes, nintendo, game boy, pixel, "
    "k-pop, kpop, j-pop, jpop, pop, anime, cyberpunk, "
    "日系, 日式, 日漫, 动漫, 二次元, 韩系, 韩式, 8位机, 八位机, 芯片音乐, 游戏音乐, 像素, 红白机, 流行, 韩流, 赛博朋克",
    "funk": "city pop, j-rock, "
    "rock, rock and roll, rock 'n' roll, punk, metal, heavy metal, hard rock, grunge, gospel, ska, emo, "
    "electric guitar, distorted guitar, 摇滚, 金属, 朋克, 电吉他",
    "lofi": "rap, trap, boom bap, 说唱, 饶舌",
    "bossa": "reggae, dub, swing, big band, blues, dixieland, tango, salsa, flamenco, "
    "雷鬼, 摇摆, 蓝调, 布鲁斯, 探戈",
    "house": "drum and bass, drum & bass, drum 'n' bass, drum'n'bass, dnb, d&b, d'n'b, dubstep, jungle, garage, "
    "eurodance, hardstyle, "
    "鼓打贝斯",
    "dreambox": "christmas, xmas, bells, carol, nursery rhyme, children's song, kids song, kids, "
    "儿歌, 童谣, 圣诞, 铃铛",
    "campfire": "indie, celtic, irish, irish jig, jig, sea shanty, chinese, 古风, 中国风, 国风, 民乐",
    "musette": "polka, 波尔卡",
    "cinematic": "string quartet, string orchestra, chamber music, a cappella, acapella, a capella, opera, march, "
    "marching band, "
    "弦乐四重奏, 室内乐, 无伴奏合唱, 阿卡贝拉, 歌剧, 进行曲",
}  # fmt: skip
"""What we have no pack for, by the one that is nearest: chosen by rhythm and instruments, on 2026-11-27."""
RHYTHM_SECTION = {
    "drums": "drums, drum, drum kit, drum set, percussion, beat, beats, kick, snare, cymbal, "
    "鼓, 鼓点, 架子鼓, 鼓组, 打击乐",
    "bass": "bass, bassline, bass guitar, 贝斯, 低音",
}
"""Players that every style has: naming them chooses none."""
SYNTHESIZERS = ("synth", "pad", "lead")
"""Who is left out with "no synths"."""
TOO = re.compile(r"\btoo $|太$")
"""Of what was heard: "it is too slow" asks for more speed."""
SUNG = "lyrics, vocals, vocal, singer, singing, sing, voice, 歌词, 人声, 唱"
"""Songs here have none of these."""
NOT_SET = (
    f"{SUNG}, intro, outro, fade in, transpose, transposed, modulate, "
    "key change, remix, solo, guitar solo, drop, verse, chorus, quieter, reverb, autotune, "
    "from slow to fast, from fast to slow, slow to fast, fast to slow, gradually faster, gradually slower, "
    "faster and faster, slower and slower, speeding up, slowing down, accelerando, ritardando, "
    "make it longer, make it shorter, longer song, shorter song, 长一点, 短一点, "
    "前奏, 尾奏, 移调, 转调, 升调, 降调, 升key, 降key, 升一个调, 降一个调, 独奏, 副歌, 混响, "
    "由慢到快, 由快到慢, 从慢到快, 从快到慢, 先慢后快, "
    "先快后慢, 渐快, 渐慢, 越来越快, 越来越慢"
)
"""What people ask for that the tune decides, or nothing here can set."""
ENDINGS_IN_WORDS: dict[Ending, str] = {
    "held": "a held last chord", "slowing": "slowing down at the end", "cold": "a short, cold end",
    "fade": "fading out at the end",
}  # fmt: skip
ALREADY_IN_WORDS = {
    "drums": "songs have drums",
    "bass": "songs have a bass",
    "tempo": "the tempo as hummed",
    "key": "the key as hummed",
}
_SET_BY = {"tempo": ("tempo_bpm", "tempo_factor"), "key": ("key", "scale", "mode")}
"""Fields of a ``Direction`` that change it."""
NOISY = "loud, louder, noisy, harsh, 吵, 吵闹, 喧闹, 嘈杂"
"""Nothing here can set it; whoever wants none of it wants a calm song."""
WALTZ = re.compile(r"\bwaltz(?:es)?\b|圆舞曲|华尔兹")
"""A style, and a meter too."""
MOST_NOT_TAKEN = 12
_LESS = re.compile(r"\b(?:less|fewer|few|hardly any|barely any) $|少(?:用|来|加)?(?:一?点|些)?$")
_MORE = re.compile(r"\b(?:more|louder|heavy|heavier|light|soft|softer) $|多(?:用|来|加)?(?:一?点|些)?$")
_MORE_OR_LESS_BEHIND = re.compile(
    r"(?:声音?)?(?:再|更|要)?(?:多|少|大声|小声|轻|重|响|大|小)(?:一?点|一?些)|(?:更|太)(?:多|少|大|小|重|轻|响)"
)
"""Of drums and bass, which every style has."""
_BARE_TEMPO = re.compile(r"(?: (?:beats?|music|groove|track))?\s*([4-9]\d|[12]\d{2})(?![\w.:/'-])")
"""Right behind a style: "techno 128"."""
_ONLY = (
    r"\b(?<!not )(?:only|just|solo|nothing but|purely)(?: (?:use|with|play|by))?(?: (?:an?|the|some))? "
    r"|(?<!不)(?:只[要用有]|仅用|纯)"
)
_ALONE = r" (?:only|alone|solo|duet|duo|trio)\b|(?:独奏|二?重奏|合奏)"
_SOLO_KINDS = {
    "strings": "string quartet, string trio, string orchestra, chamber music, 弦乐四重奏",
    "choir": "a cappella, acapella, a capella, 无伴奏合唱, 阿卡贝拉",
}
"""Ensembles, by the player who stands for all of it."""
_KEPT = re.compile(
    r"\b(?:(?:keep|leave|use|stick to|at|in|with) (?:the |my |its )?(?:same |original |own |hummed )*"
    r"|(?:don't|dont|do not|never) (?:change|touch|alter|modify) (?:the |my )?|(?:same|original) )"
    r"(?P<kept>tempo|speed|key)\b(?: (?:the same|as (?:it is|is|hummed|sung|recorded)|unchanged))?"
    r"|(?:保持|保留|不要?改变?|别改变?)(?:原来?的?|我的)?(?P<zh>速度|调子?)(?:不变)?|(?P<zh_still>速度|调子?)不变|原(?P<zh_own>速|调)"
)
"""What is to stay as it was hummed, which it does."""
_IS_A_SONG = r"\s*(?:[:=]|(?:is|as|to be|(?:should|must|will|could) be)\b)"
_SONG = re.compile(
    r"(?<!\w)(?<!in )(?<!key )(?<!of )(?:"
    rf"(?P<letter>[AB]){_IS_A_SONG}"
    rf"|(?:song|version|track|variant|take)\s(?P<named>[ABab12]|one|two)\b(?:{_IS_A_SONG})?"
    rf"|(?:the )?(?P<nth>first|second|1st|2nd)(?: (?:song|one|version|track|variant)(?:{_IS_A_SONG})?|{_IS_A_SONG}))"
    r"|(?:第(?P<zh>[一二])(?:首|个|版)|(?<![A-Za-z])(?P<zh_letter>[AB]) ?(?=[首版歌用是为要]))"
    r"(?:首|版|歌曲?|曲子)?(?:用|是|为|要|做成|:)*\s*",
)
"""Which of the two songs what follows is said of."""
_SECOND = frozenset(("b", "2", "two", "second", "2nd", "二"))
_NAMED, _PLAYS = 3, 1  # weights of a style's own words and of its instruments
_EXCHANGE = re.compile(
    r"\b(?:replace|swap|exchange|substitute)(?: out)? (?:the |my |all )?(?P<old>[\w -]+?) (?:with|for|by) "
    r"|把(?P<zh>[^，。；,;]+?)(?:换成|改成|换为)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[,.;:!?，。；：！？、]|(?<!thing )\bbut\b|\b(?:instead|though|however|please)\b(?! of)|但是?|而是|不过|换成|改用"
)
_AFRESH = re.compile(
    r"\b(?<!enough )(?:use(?! of)|with|only|just|rather|(?<!no )more|make it|give me|want)\b(?!\s+(?:any|it|than)\b)"
    r"|(?<!不)(?<!需)要|(?<!不)(?<!别)(?<!使)(?<!少)用"
)
"""Where something is asked for again within a clause: "no piano just guitar", 「不要钢琴要吉他」."""
_IDLE = frozenset(
    "a an the and or of in on at to for with by from as is it its be are was this that these those i i'd i'm i'll "
    "me my we our us you your he she they them some any something anything everything nothing song songs music tune "
    "track piece melody sound sounds sounding like style styles feel feeling vibe vibes kind sort bit little lot "
    "very really quite rather pretty so too as more most less fewer much please want wants would could should can "
    "make makes made making give take let play played playing use using have has having keep just only also not no "
    "without never don't dont do does doesn't but instead if then than when while into about around up out good "
    "nice great cool beautiful lovely new own one two key tempo speed bpm time long longer short shorter minute "
    "minutes second seconds version mix based add include lots full hum hummed thing things need needs hate love "
    "except what which avoid skip drop leave off maybe perhaps sure think guess hit down either least most way chord "
    "chords progression change changes changing changed same possible thanks whatever surprise special choose getting "
    "all min instruments bore bores boring annoys stay there being must get enough royalty "
    "else jam energy recording original playlist end ends".split()
)
_IDLE_CHINESE = re.compile(
    r"(?:每分钟|时长|左右|以内|大约|乐器|音乐|乐曲|歌曲|曲子|风格|感觉|样式|进行|和弦|旋律|速度|节奏|适合|非常|比较|做成|变成|当作|千万|切勿)"
    r"|[的了吧呢啊吗嘛呀哦我你他她它们请给来做要想有是和与或跟及用把让像那这首段歌曲一点些个种样带很太更最可以能会别不没就都也在里上"
    r"下儿配子调拉弹吹演奏无少]+"
)


def read_prompt(prompt: str) -> Direction:
    """What ``prompt`` asks for, as far as the rules know its words; any text is read without an error."""
    text = in_plain_words(prompt)
    text = _EXCHANGE.sub(lambda found: f"no {found['old']}, " if found["old"] else f"不要{found['zh']}，", text)
    said_of = _by_song(text)
    if "B" not in said_of:
        return _read(_SONG.sub(" ", text) if said_of else text)
    whole = _read(_SONG.sub(", ", text))
    first, second = (_read(said_of.get(label, "")) for label in ("A", "B"))
    update = {"style_a": first.style_a, "style_b": second.style_a}
    taken = {*update.values(), *whole.nearest.values()}
    near = {**first.nearest, **second.nearest, **whole.nearest}
    nearest = {phrase: instead for phrase, instead in near.items() if instead in taken}
    return whole.model_copy(update={**update, "nearest": nearest})


def _by_song(text: str) -> dict[str, str]:
    """What is said of song A and of song B, where a prompt tells them apart; what comes before a B alone is A's."""
    labels = [*_SONG.finditer(text)]
    said: dict[str, str] = {}
    for i, label in enumerate(labels):
        end = labels[i + 1].start() if i + 1 < len(labels) else len(text)
        name = next(filter(None, label.groups())).lower()
        said.setdefault("B" if name in _SECOND else "A", text[label.end() : end])
    if "B" in said and "A" not in said:
        said["A"] = text[: labels[0].start()]
    return said


def _read(text: str) -> Direction:
    """A prompt in plain words that says the same of both songs."""
    fields, lost, near, text = read_terms(text)
    already, text = _kept(text, fields)
    fields["only"], text = _only(text)
    heard = _Heard(fields, lost, dict(near), already=already)
    for clause in _clauses(text):
        heard.read(clause)
    fitting = _by_fit(heard.named, heard.plays, fields.get("mood"))
    unwanted = {style for style in heard.avoided.values() if style and not heard.said_of(style) - {*heard.avoided}}
    styles = [style for style in fitting if style not in unwanted]
    fields["style_a"] = styles[0] if styles else None
    fields["style_b"] = styles[1] if len(heard.named) > 1 and len(styles) > 1 else None
    fields["without"] = [*dict.fromkeys(heard.left_out)]
    fields["featuring"] = [p for p in dict.fromkeys(heard.featuring) if p not in {*heard.left_out, *fields["only"]}]
    fields["avoided"] = heard.avoided
    taken = {*styles[:2], *near.values(), *fields["featuring"], *fields["only"]}
    fields["nearest"] = {phrase: style for phrase, style in heard.nearest.items() if style in taken}
    if fields["meter"] is None and any(WALTZ.search(clause) for clause in _clauses(text)) and "musette" in styles:
        fields["meter"] = "3/4"
    heard.lost += [phrase for phrase, style in heard.nearest.items() if style in unwanted]  # the nearest is not wanted
    fields["not_taken"] = [*dict.fromkeys(heard.lost)][:MOST_NOT_TAKEN]
    missing = {*heard.left_out} | ({*RHYTHM_SECTION} if fields["only"] else set())  # others play alone
    fields["already"] = [what for what in dict.fromkeys(heard.already) if what not in missing]
    return Direction.model_validate(fields)


def _kept(text: str, fields: Mapping[str, Any]) -> tuple[list[str], str]:
    """What is to stay as it was hummed, and the text without that."""
    kept: list[str] = []

    def without(found: re.Match[str]) -> str:
        what = next(filter(None, found.groups()))
        what = "key" if what in {"key", "调", "调子"} else "tempo"
        if any(fields.get(name) is not None for name in _SET_BY[what]):
            return found.group()
        kept.append(what)
        return " "

    return kept, _KEPT.sub(without, text)


@dataclass
class _Heard:
    """What the clauses of a prompt have said: fields of a ``Direction``, what is lost, what speaks for a style."""

    fields: dict[str, Any]
    lost: list[str]
    nearest: dict[str, str]
    named: Counter[str] = field(default_factory=Counter)
    plays: Counter[str] = field(default_factory=Counter)
    featuring: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    avoided: dict[str, str | None] = field(default_factory=dict)
    already: list[str] = field(default_factory=list)
    styles: dict[str, str] = field(default_factory=dict)

    def said_of(self, style: str) -> set[str]:
        """The words that name a style itself."""
        return {phrase for phrase, meant in self.styles.items() if meant == style}

    def read(self, clause: str) -> None:
        rest = clause
        for match, kind, meaning in _meanings(clause):
            phrase, before = match.group(), clause[: match.start()]
            rest = rest.replace(phrase, " ", 1)
            after = clause[match.end() :]
            if share := _LESS.search(before) or (kind == "rhythm" and _MORE.search(before)):
                self.lost = [*(lost for lost in self.lost if lost != share.group().strip()), f"{share.group()}{phrase}"]
                rest = rest.replace(share.group(), " ", 1)
            elif kind == "rhythm" and (share := _MORE_OR_LESS_BEHIND.match(after)):
                self.lost.append(f"{phrase}{share.group()}")
                rest = rest.replace(share.group(), " ", 1)
            elif kind == "noisy":
                calm = TOO.search(before) or is_negated(clause, match)
                self._take(phrase, *(("mood", "calm") if calm else ("lost", "")))
            elif is_negated(clause, match):
                self._avoid(phrase, kind, meaning)
            elif TOO.search(before) and kind == "tempo_factor":
                self.fields.setdefault(kind, FASTER if meaning < 1 else SLOWER)
            elif (too := TOO.search(before)) and kind == "lost":
                self.lost.append(f"{too.group()}{phrase}")
            elif too:
                self._avoid(phrase, kind, meaning)
            else:
                self._take(phrase, kind, meaning)
                if (
                    kind in {"style", "nearest"}
                    and self.fields["tempo_bpm"] is None
                    and (tempo := _BARE_TEMPO.match(clause, match.end()))
                ):
                    self.fields["tempo_bpm"] = min(max(float(tempo.group(1)), MIN_TEMPO_BPM), MAX_TEMPO_BPM)
                    rest = rest.replace(tempo.group(), " ", 1)
        self.lost += _unknown(SAID_BEFORE.sub(" ", LEFT_OUT.sub(" ", rest)))

    def _avoid(self, phrase: str, kind: str, meaning: Any) -> None:
        if kind == "synths":
            self.left_out += SYNTHESIZERS
        elif kind in {"player", "rhythm"}:
            self.left_out.append(meaning)
        elif kind == "lost" and phrase not in SUNG.split(", "):
            self.lost.append(f"no {phrase}")
        else:
            self.avoided[phrase] = meaning if kind == "style" else None

    def _take(self, phrase: str, kind: str, meaning: Any) -> None:
        if kind in {"style", "nearest", "synths"}:
            self.named[meaning] += 1
            if kind == "style":
                self.styles[phrase] = meaning
            if kind == "nearest":
                self.nearest.setdefault(phrase, meaning)
        elif kind in {"player", "nearest_player"}:
            self.plays.update(_styles_with(meaning))
            self.featuring.append(meaning)
            if kind == "nearest_player":
                self.nearest.setdefault(phrase, meaning)
        elif kind == "lost":
            self.lost.append(phrase)
        elif kind == "rhythm":
            if not (phrase.startswith("beat") and self.named):  # "trap beats" are trap
                self.already.append(meaning)
        elif self.fields.get(kind) is None:
            self.fields[kind] = meaning


def apply_direction(
    params: GenParams, direction: Direction, hummed_bpm: float, hummed_key: Key | None = None
) -> GenParams:
    """The parameters, with what the prompt asks for where they leave it open."""
    free = [style for style in (direction.style_a, direction.style_b) if style not in (params.style_a, params.style_b)]
    update: dict[str, Any] = {}
    for name in ("style_a", "style_b"):
        of_b_alone = name == "style_a" and direction.style_a is None
        if getattr(params, name) is None and free and not of_b_alone:
            update[name] = free.pop(0)
    if params.mood == "auto" and direction.mood:
        update["mood"] = direction.mood
    if params.tempo_bpm == "keep":
        tempo = direction.tempo_bpm or (direction.tempo_factor and direction.tempo_factor * hummed_bpm)
        if tempo:
            update["tempo_bpm"] = round(min(max(tempo, MIN_TEMPO_BPM), MAX_TEMPO_BPM), 2)
    if not params.featuring and direction.featuring:
        update["featuring"] = direction.featuring
    if not params.only and direction.only:
        update["only"] = direction.only
    if not params.without and direction.without:
        update["without"] = direction.without
    if params.key == "keep" and direction.key:
        update["key"] = direction.key
    elif params.key == "keep" and direction.scale and hummed_key:
        tonic = hummed_key.tonic
        update["key"] = Key(tonic=tonic, mode=direction.scale.third, scale=direction.scale)
    elif params.key == "keep" and direction.mode and hummed_key and hummed_key.mode is not direction.mode:
        update["key"] = relative_key(hummed_key)
    if params.meter == "keep" and direction.meter:
        update["meter"] = direction.meter
    if not params.chords and direction.chords:
        key = update.get("key") or (hummed_key if params.key == "keep" else params.key)
        update["chords"] = named_in(key, direction.chords) if key else direction.chords
    if params.intro_bars is None and direction.intro_bars is not None:
        update["intro_bars"] = direction.intro_bars
    for name in ("opening", "ending"):
        if getattr(params, name) == "auto" and (asked := getattr(direction, name)):
            update[name] = asked
    if params.bridge is None and direction.bridge is not None:
        update["bridge"] = direction.bridge
    if params.duration_s == DEFAULT_SONG_S and direction.duration_s:
        update["duration_s"] = direction.duration_s
    return params.model_copy(update=update)


def describe_direction(direction: Direction) -> str:
    """How the prompt was read, in sentences for the person who wrote it: what was taken, and what was not."""

    def near(taken: str) -> str:
        said = [phrase for phrase, instead in direction.nearest.items() if instead == taken]
        return f"{taken} (the nearest to {', '.join(said)})" if said else taken

    parts = [near(style) for style in (direction.style_a, direction.style_b) if style]
    parts += [direction.mood] if direction.mood else []
    if direction.tempo_bpm:
        parts.append(near(tempo_in_words(direction.tempo_bpm)))
    elif direction.tempo_factor:
        parts.append("slower than hummed" if direction.tempo_factor < 1 else "faster than hummed")
    if direction.key:
        parts.append(direction.key_name or direction.key.in_words)
    elif direction.scale:
        parts.append(direction.scale.in_words)
    elif direction.mode:
        parts.append(direction.mode.value)
    if direction.meter:
        parts.append(near(direction.meter))
    if direction.chords:
        parts.append(f"the chords {' '.join(direction.chords)}")
    if direction.intro_bars is not None:
        bars = direction.intro_bars
        parts.append("no intro" if bars == 0 else f"an intro of {bars} bar{'s' if bars > 1 else ''}")
    if direction.opening:
        parts.append(f"beginning with the {direction.opening}")
    if direction.bridge is not None:
        parts.append("a bridge" if direction.bridge else "no bridge")
    if direction.ending:
        parts.append(ENDINGS_IN_WORDS[direction.ending])
    if direction.duration_s:
        parts.append(near(length_in_words(direction.duration_s)))
    parts += [f"with {near(player)}" for player in direction.featuring]
    parts += [f"only {' and '.join(map(near, direction.only))}"] if direction.only else []
    parts += [f"no {player}" for player in direction.without]
    parts += [f"not {phrase}" for phrase in direction.avoided]
    said = [f"Taken from your words: {', '.join(parts)}."] if parts else []
    if direction.already:
        said.append(f"So it is already: {', '.join(ALREADY_IN_WORDS[what] for what in direction.already)}.")
    said = said or ["Nothing in your words could be set."]
    if direction.not_taken:
        said.append(f"Not taken: {', '.join(direction.not_taken)}.")
    return " ".join([*said, direction.note] if direction.note else said)


@cache
def _vocabulary() -> tuple[re.Pattern[str], dict[str, tuple[str, Any]]]:
    """Every phrase with what it means, and a pattern that prefers the longest."""
    means: dict[str, tuple[str, Any]] = {}
    kinds: tuple[tuple[str, dict[Any, str]], ...] = (
        ("player", PLAYER_WORDS), ("nearest_player", NEAREST_PLAYER), ("nearest", NEAREST_STYLE),
        ("style", STYLE_WORDS), ("mood", MOOD_WORDS), ("tempo_factor", TEMPO_WORDS),
        ("tempo_bpm", TEMPO_MARKS_BPM), ("synths", {"synthwave": "synth, synthesizer, synthesiser"}),
        ("rhythm", RHYTHM_SECTION), ("lost", {"": NOT_SET}), ("noisy", {"": NOISY}),
    )  # fmt: skip
    for instrument in INSTRUMENTS:
        words = instrument.replace("_", " ")
        means |= {name: ("player", name) for name in (words, words.split()[-1])}
    for kind, words_of in kinds:
        for meaning, words in words_of.items():
            means.update(dict.fromkeys(words.split(", "), (kind, meaning)))
    phrases = sorted(means, key=len, reverse=True)
    pattern = "|".join(
        rf"(?<![a-z0-9]){re.escape(phrase)}s?(?![a-z0-9])"
        if phrase.isascii()
        else re.escape(phrase) + "(?![乐活])" * phrase.endswith("快")  # joy, not speed
        for phrase in phrases
    )
    return re.compile(pattern), means


def _only(text: str) -> tuple[list[str], str]:
    """The players who are to be alone, and the text with their names and without what says so."""
    for player, ensembles in _SOLO_KINDS.items():
        if (found := re.search("|".join(map(re.escape, ensembles.split(", "))), text)) and not is_negated(text, found):
            return [player], text
    means = {
        phrase: meaning
        for phrase, (kind, meaning) in _vocabulary()[1].items()
        if kind in {"player", "nearest_player", "rhythm"}
    }
    one = "|".join(re.escape(phrase) for phrase in sorted(means, key=len, reverse=True))
    several = rf"(?:{one})s?(?:(?:, ?| and | & | |、|和|与|加)(?:an? |the )?(?:{one})s?)*"
    match = re.search(
        rf"(?:{_ONLY})(?P<only>{several})(?![a-z])|(?<![a-z])(?P<alone>{several})(?:{_ALONE})(?! (?:{one}))", text
    )
    if match is None or is_negated(text, match):
        return [], text
    words = match["only"] or match["alone"]
    players = [*dict.fromkeys(means[phrase] for phrase in re.findall(one, words))]
    if set(players) <= set(RHYTHM_SECTION) or re.search(r"(?:guitar|吉他) solo", match.group()):
        return [], text
    return players, f"{text[: match.start()]} {words} {text[match.end() :]}"


def _by_fit(named: Mapping[str, int], plays: Mapping[str, int], mood: str | None) -> list[str]:
    """Styles that were named, else those whose players were. More words come before fewer, what was said first before
    the rest."""

    def fits(style: str) -> tuple[int, bool]:
        return _NAMED * named.get(style, 0) + _PLAYS * plays.get(style, 0), mood in STYLES[style].moods

    return sorted(named or plays, key=fits, reverse=True)


def _clauses(text: str) -> Iterator[str]:
    """The text cut where a negation ends, however far it reached."""
    for clause in _CLAUSE.split(text):
        negation = LEFT_OUT.search(clause)
        afresh = _AFRESH.search(clause, negation.end()) if negation else None
        if afresh:
            yield clause[: afresh.start()]
            yield clause[afresh.start() :]
        else:
            yield clause


def _meanings(clause: str) -> Iterator[tuple[re.Match[str], str, Any]]:
    """Each known phrase with what kind it is and what it means."""
    pattern, means = _vocabulary()
    for match in pattern.finditer(clause):
        phrase = match.group()
        yield match, *(means.get(phrase) or means[phrase.removesuffix("s")])


def _unknown(rest: str) -> list[str]:
    """Words that say something and mean nothing to us."""
    chinese = re.findall(r"[㐀-鿿]+", rest)
    latin = re.findall(r"[^\W\d_][\w'&-]+|(?<!\w)\d[\w.,:/-]*", re.sub(r"[㐀-鿿]+", " ", rest))
    words = [
        word
        for word in (found.rstrip(".,:/-") for found in latin)
        if word not in _IDLE and not word.endswith("n't") and (len(word) > 2 or word[0].isdigit())
    ]
    return words + [part for run in chinese for part in _IDLE_CHINESE.split(run) if len(part) > 1]


def _styles_with(player: str) -> list[str]:
    """Those who have exactly this player ("piano"), else those who have one of the kind ("guitar")."""
    players = {name: {n.replace("_", " ") for n in pack.instruments} for name, pack in STYLES.items()}
    exact = [name for name, theirs in players.items() if player in theirs]
    return exact or [name for name, theirs in players.items() if any(p.endswith(f" {player}") for p in theirs)]
