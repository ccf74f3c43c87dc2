"""Chinese as it is said."""

import re
import unicodedata

from soundstage.speech.normalization import chinese_numbers as numbers
from soundstage.speech.normalization.rules import ADDRESS, Pieces, Rule, address_said, group, rewritten
from soundstage.speech.spoken import Spoken

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_ALONE = r"(?<![\d.,])"
CURRENCIES = {"¥": "元", "￥": "元", "US$": "美元", "$": "美元", "€": "欧元", "£": "英镑", "₹": "卢比"}
UNITS = {
    "km/h": "公里每小时", "m/s": "米每秒", "km²": "平方公里", "m²": "平方米", "m³": "立方米", "km": "公里", "m": "米",
    "cm": "厘米", "mm": "毫米", "kg": "公斤", "g": "克", "mg": "毫克", "t": "吨", "L": "升", "l": "升", "ml": "毫升",
    "mL": "毫升", "h": "小时", "min": "分钟", "s": "秒", "ms": "毫秒", "Hz": "赫兹", "kHz": "千赫", "MHz": "兆赫",
    "GHz": "吉赫", "W": "瓦", "kW": "千瓦", "MW": "兆瓦", "kWh": "千瓦时", "V": "伏", "dB": "分贝", "ha": "公顷",
    "℃": "摄氏度", "°C": "摄氏度", "℉": "华氏度", "°F": "华氏度", "°": "度", "㎡": "平方米", "㎏": "公斤", "㎞": "公里",
    "mph": "英里每小时",
}  # fmt: skip
"""Behind a number."""
MEASURES = (
    "个|只|条|张|位|本|件|家|种|次|天|年|岁|周|小时|分钟|秒|米|公里|块|元|人|口|头|匹|棵|朵|把|辆|艘|座|间|层|遍|步|杯|碗"
    "|瓶|盏|颗|粒|片|封|首|句|段|场|对|双|群|倍|台|架|部|篇|斤|公斤|克|吨|升|厘米|千米|毫米|度|道|门|点|英里|平方米|万|亿"
)
"""Words before which 2 is 两: 2个, 2年, 2点."""
SYMBOLS = {"+": "加", "=": "等于", "×": "乘", "÷": "除以", "&": "和", "≈": "约等于", "≤": "小于等于", "≥": "大于等于"}
SYMBOLS |= {"±": "正负", "<": "小于", ">": "大于", "%": "百分号", "@": "艾特"}


def normalized(text: str, start: int, end: int) -> Spoken:
    """``text[start:end]``, in Chinese, as words; Latin words stay as they are."""
    return rewritten(text, start, end, RULES)


def _address(match: re.Match[str]) -> str:
    said = re.sub(r"\d+", lambda found: numbers.digits(found[0]), address_said(match[0], dot=" 点 ", at=" 艾特 "))
    return f" {said} "


def _telephone(match: re.Match[str]) -> str:
    return "，".join(numbers.digits(part, telephone=True) for part in re.findall(r"\d+", match[0]))


def _date(match: re.Match[str]) -> str | None:
    """2025-03-05, 2025/3/5, 2025.3.5"""
    year, month, day = match[1], int(match[3]), int(match[4])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return f"{numbers.digits(year)}年{numbers.cardinal(month)}月{numbers.cardinal(day)}日"


def _time(match: re.Match[str]) -> str | None:
    before = match.string[max(0, match.start() - 10) : match.start()]
    if re.search(r"比分|[以赢胜负输]\s*$", before):
        return None
    hour, minute, second = int(match[1]), int(match[2]), match[3]
    said = f"{'两' if hour == 2 else numbers.cardinal(hour)}点"
    if minute:
        said += f"{'零' if minute < 10 else ''}{numbers.cardinal(minute)}分"
    elif second:
        said += "零分"
    return f"{said}{numbers.cardinal(int(second))}秒" if second else said


def _score(match: re.Match[str]) -> Pieces:
    return [group(match, 1, numbers.number(match[1])), group(match, 2, "比"), group(match, 3, numbers.number(match[3]))]


def _money(match: re.Match[str]) -> str:
    amount = match[2].rstrip("0").rstrip(".") if "." in match[2] else match[2]
    return f"{numbers.number(amount)}{match[3] or ''}{CURRENCIES[match[1]]}"


def _percent(match: re.Match[str]) -> str:
    whole = "千分之" if match[2] == "‰" else "百分之"
    return whole + numbers.number(match[1])


def _percent_range(match: re.Match[str]) -> str:
    return f"百分之{numbers.number(match[1])}到百分之{numbers.number(match[2])}"


def _below_zero(match: re.Match[str]) -> str:
    return f"零下{numbers.number(match[1])}{UNITS[match[2]]}"


def _measure(match: re.Match[str]) -> Pieces:
    said = "两" if match[1] == "2" and match[2] not in ("℃", "°C", "℉", "°F") else numbers.number(match[1])
    return [group(match, 1, said), group(match, 2, UNITS[match[2]])]


def _fraction(match: re.Match[str]) -> str:
    above, below = match[1], match[2]
    if "." in above + below or int(above) >= int(below):
        return f"{numbers.number(above)}比{numbers.number(below)}"
    return f"{numbers.cardinal(int(below))}分之{numbers.cardinal(int(above))}"


def _sign(match: re.Match[str]) -> str | None:
    """½, ②, Ⅳ"""
    above, _, below = unicodedata.normalize("NFKC", match[0]).partition("⁄")
    if below:
        return f"{numbers.cardinal(int(below))}分之{numbers.cardinal(int(above))}"
    return numbers.cardinal(int(unicodedata.numeric(match[0])))


def _version(match: re.Match[str]) -> str:
    return "点".join(numbers.cardinal(int(part)) for part in match[0].split("."))


def _model_number(match: re.Match[str]) -> str:
    """MP3, COVID-19, iPhone15, Boeing 747: short numbers as numbers, long ones by digits."""
    return numbers.number(match[0]) if len(match[0]) <= 2 else numbers.digits(match[0])


def _plain(match: re.Match[str]) -> str:
    whole = match[0].lstrip("-−")
    return numbers.digits(whole) if whole.isdecimal() and len(whole) >= 12 else numbers.number(match[0])


RULES: tuple[Rule, ...] = (
    (ADDRESS, _address),
    (
        re.compile(r"(?<!\d)(?:1[3-9]\d{9}|1[3-9]\d[- ]\d{4}[- ]\d{4}|0\d{2,3}-\d{7,8}|400-\d{3,4}-\d{3,4})(?!\d)"),
        _telephone,
    ),
    (re.compile(r"(?<=拨打)1\d\d(?!\d)|(?<!\d)1(?:10|19|20|22)(?=电话|报警)"), _telephone),
    (re.compile(r"(?<![\d.])(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?![\d.]|-)"), _date),
    (re.compile(r"(?<![\d:])([01]?\d|2[0-4])[:：]([0-5]\d)(?:[:：]([0-5]\d))?(?![\d:])"), _time),
    (re.compile(rf"{_ALONE}(\d+)([:：])(\d+)(?![\d:])"), _score),
    (
        re.compile(
            r"(?<!\d)\d{4}(?=年)|(?<!\d)\d{4}(?=\s?[-–—~～至到]\s?\d{4}年)|(?<!\d)\d{2}(?=后)|(?<!\d)\d{2}(?=年\d{1,2}月)"
        ),
        lambda m: numbers.digits(m[0]),
    ),
    (re.compile(rf"(US\$|[¥￥$€£₹])\s?({_NUMBER})([万亿千百]*)"), _money),
    (re.compile(rf"{_ALONE}({_NUMBER})%?[-–—~～至到]({_NUMBER})%"), _percent_range),
    (re.compile(rf"{_ALONE}([-−]?{_NUMBER})\s?(%+|‰)"), _percent),
    (re.compile(rf"(?<![\d\w])[-−]({_NUMBER})\s?(℃|°C|℉|°F)"), _below_zero),
    (
        re.compile(
            rf"{_ALONE}({_NUMBER})\s?({'|'.join(sorted(map(re.escape, UNITS), key=len, reverse=True))})(?![A-Za-z/])"
        ),
        _measure,
    ),
    (re.compile(rf"(?<![\d/.])({_NUMBER})/({_NUMBER})(?![\d/])"), _fraction),
    (re.compile(r"(?<![\d.])\d+(?:\.\d+){2,}(?!\d)"), _version),
    (re.compile(r"[¼-¾⅐-⅞①-⑳Ⅰ-Ⅻ]"), _sign),
    (re.compile(r"(?<=\d)\s?[-–—~～]\s?(?=[$¥€£]?\d)"), lambda _: "到"),
    (re.compile(rf"(?<![\d.,第])2(?=(?:{MEASURES}))(?!点\d)"), lambda _: "两"),
    (re.compile(r"(?<=[A-Za-z])\d+(?!\.\d)|(?<=[A-Za-z][- ])\d+(?![\d.,%]*\d|[年月日个])"), _model_number),
    (re.compile(rf"(?<![\d\w.,])[-−]{_NUMBER}|(?<![\d.]){_NUMBER}"), _plain),
    (re.compile("|".join(map(re.escape, SYMBOLS))), lambda m: SYMBOLS[m[0]]),
)
