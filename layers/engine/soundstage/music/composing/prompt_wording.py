"""Other ways to say what the rules of prompts read, put into their words: "drums: none" is "no drums".

Full-width and traditional characters, numbers in words, and negations that stand behind what they negate.
"""

import re
import unicodedata
from collections.abc import Callable

_TRADITIONAL = str.maketrans(
    "搖滾說樂電鋼聲點節調絃國風華爾茲嗩吶長號圓單雙鈴貝藍謠鄉憂傷難過獨憤歡開純無別沒換為來減轉這個兩動輕"
    "鬆靜溫聖誕傳統懷舊夢宮時約嗎麼樣們馬頭蕭簫聽愛對裡還給讓壯麗彈練習廳館劇進後緩寧戲機響龐會學銅鬧變遠"
    "蘆絲薩豎鍵盤間奮熱慶鬱飄雜當關閉絕刪淨嬰兒寶療癒氣應該須隨適強類聯歐羅維亞",
    "摇滚说乐电钢声点节调弦国风华尔兹唢呐长号圆单双铃贝蓝谣乡忧伤难过独愤欢开纯无别没换为来减转这个两动轻"
    "松静温圣诞传统怀旧梦宫时约吗么样们马头萧箫听爱对里还给让壮丽弹练习厅馆剧进后缓宁戏机响庞会学铜闹变远"
    "芦丝萨竖键盘间奋热庆郁飘杂当关闭绝删净婴儿宝疗愈气应该须随适强类联欧罗维亚",
)
_ZH_DIGITS = {digit: number for number, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
_ZH_NUMBER = f"[{''.join(_ZH_DIGITS)}十百]+"
_ZH_LARGE = f"[{''.join(_ZH_DIGITS)}]*[十百]{_ZH_NUMBER[:-1]}*"
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_ONES = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9}
_NUMBER = rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_ONES)}))?|ten|fifteen|{'|'.join(_ONES)})"
_LEFT_OUT = r"drums?|drum kit|percussion|bass|beats?|vocals?|voices?|lyrics|piano|guitars?|synths?|strings|intro"
_PHRASE = r"(?:[\w&-]+ ){0,2}[\w&-]+"


def in_plain_words(prompt: str) -> str:
    """The prompt as the rules read it. Letters keep their case: of chords and keys it has a meaning."""
    text = unicodedata.normalize("NFKC", prompt.replace("’", "'").replace("″", '"').translate(_TRADITIONAL))
    text = re.sub(r"(?<=[A-Za-z#♯♭])(?=[㐀-鿿])|(?<=[㐀-鿿])(?=[A-Za-z])", " ", " ".join(text.split()))
    for pattern, words in _REWORDINGS:
        text = pattern.sub(words, text)
    return text


def _zh_in_digits(found: re.Match[str]) -> str:
    """一百二 is 120, and 一百零二 102."""
    total, digit, unit = 0, 0, 1
    for character in found.group():
        if character in "十百":
            unit = 10 if character == "十" else 100
            total, digit = total + (digit or 1) * unit, 0
        else:
            digit = _ZH_DIGITS[character]
            unit = unit if digit else 1
    return str(total + digit * (10 if unit == 100 else 1))


def _in_digits(found: re.Match[str]) -> str:
    small = _ONES | {"ten": 10, "fifteen": 15}
    words = re.split("[- ]", found.group().lower())
    return str(sum(_TENS.get(word) or small[word] for word in words))


def _reworded(
    pattern: str, words: str | Callable[[re.Match[str]], str]
) -> tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]:
    return re.compile(pattern, re.IGNORECASE), words


_ENDS = r"(?=\s*(?:$|[,.;!?。]))"
_REWORDINGS = (
    # Numbers, where they count seconds, minutes or beats.
    _reworded(rf"{_ZH_NUMBER}(?=秒|分(?:钟|半|\d|{_ZH_NUMBER}))", _zh_in_digits),
    _reworded(rf"(?<=\d分){_ZH_NUMBER}|{_ZH_LARGE}(?=拍(?!子))", _zh_in_digits),
    _reworded(rf"(?:(?<=速度)|(?<=节奏)|(?<=bpm)|(?<=bpm )){_ZH_LARGE}", _zh_in_digits),
    _reworded("半分钟?", "30秒"),
    _reworded(rf"\b{_NUMBER}(?=[ -](?:and a half )?(?:minutes?|mins?|seconds?|secs?|beats?|bpm)\b)", _in_digits),
    _reworded(r"\b(\d+) and a half (?=min)", r"\1.5 "),
    _reworded(r"\bhalf[ -](?:an? )?minute\b", "30 seconds"),
    _reworded(r"(?<!beats )\ban? minute\b", "1 minute"),
    _reworded(rf"(?<=minute )(?:and )?{_NUMBER}\b|(?<=minutes ){_NUMBER}\b", _in_digits),
    _reworded(
        r"\b(?:as long as (?:possible|it can be|you can)|(?:the )?maximum length)\b|(?:尽可能|尽量)长", "3 minutes"
    ),
    _reworded(
        r"\b(?:as short as (?:possible|it can be|you can)|(?:the )?minimum length)\b|(?:尽可能|尽量)短", "15 seconds"
    ),
    # Meters by their names.
    _reworded(r"\bcommon (?:time|meter)\b|普通拍", "4/4"),
    _reworded(r"\b(?:cut (?:time|common)|alla breve)\b", "2/2"),
    # What is not to be missed.
    _reworded(
        r"\b(?:can't|cannot|can not|couldn't) (?:live|do|be|go) without\b|\bnot without\b"
        r"|\b(?:don't|dont|do not|never) (?:leave out|skip|forget|drop|omit|remove|cut|lose|avoid)\b",
        "with",
    ),
    _reworded(r"不能(?:没有|少|缺)|少不了|离不开|(?:别|不要)(?:去掉|删掉|拿掉|忘了|忘记|漏掉)", "要"),
    _reworded(r"\bwhy (?:not|don't (?:we|you))\b|何不|为什么不|干嘛不", "please "),
    # Negations behind what they negate.
    _reworded(rf"\b({_PHRASE})\s*[:=]\s*(?:none|no|off|zero|0){_ENDS}", r"no \1,"),
    _reworded(
        rf"\b({_PHRASE})\?\s*(?:hell )?(?:no|nope|nah|never|no way|no thanks?|no thank you|not at all){_ENDS}",
        r"no \1,",
    ),
    _reworded(rf"\b({_PHRASE}),\s*(?:no way|no thanks?|no thank you|nope){_ENDS}", r"no \1,"),
    _reworded(rf"([㐀-鿿]{{1,6}})[?,]\s*(?:不要|不行|不用)了?{_ENDS}", r"不要\1,"),
    _reworded(rf"\b({_LEFT_OUT})[ -]?(?:less|free)\b|\b([a-z]+)-free\b", lambda found: f"no {found[1] or found[2]},"),
    _reworded(
        r"除了?([^,。;]+?)(?:[以之]外|外)?的?,?(?:其[他它]|别的|什么|任何|随便|哪)?(?:的|风格|类型|音乐|种|都)*"
        r"都(?:行|可以|好|要|能\w*)",
        r"不要\1,",
    ),
    _reworded(r"(?<!除)(?<!除了)\b([^,。;除]+?)[以之]外的?(?:都(?:行|可以|好)|就行)?", r"不要\1,"),
    # Who plays instead of whom, and that nobody sings.
    _reworded(r"用([^,。;]+?)(?:代替|取代|替换)([^,。;]+)", r"不要\2,要\1"),
    _reworded(r"\b(?:an? )?instrumental(?: only| version| track| music)?\b|纯音乐|纯器乐|伴奏版", "no vocals,"),
)
