"""English as it is said."""

import re
import unicodedata
from collections.abc import Iterable

from soundstage.speech.normalization import english_numbers as numbers
from soundstage.speech.normalization.english_words import (
    ABBREVIATIONS,
    CURRENCIES,
    MONTHS,
    NUMBER_OF,
    NUMBERED,
    REGNAL,
    SCALES,
    SYMBOLS,
    TITLES,
    UNITS,
    WITHIN_SENTENCES,
)
from soundstage.speech.normalization.rules import ADDRESS, Pieces, Rule, address_said, group, rewritten
from soundstage.speech.spoken import Spoken

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?![\d])|\d+)(?:\.\d+)?"
_MONTH = "|".join([*MONTHS, *(month[:3] for month in MONTHS), "Sept"])
_OWN_STOP = r"(?:\.(?!\s+[\"“'‘(]?[A-Z]|\W*$))?"
"""The full stop of an abbreviation, unless it ends the sentence, too."""


def _any(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest that fits."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def normalized(text: str, start: int, end: int) -> Spoken:
    """``text[start:end]``, in English, as words."""
    return rewritten(text, start, end, RULES)


def _year_or_number(text: str) -> str:
    return numbers.year(int(text)) if re.fullmatch(r"(1\d|20)\d\d", text) else numbers.number(text)


def _address(match: re.Match[str]) -> str:
    return f" {_letters_and_numbers(address_said(match[0], dot=' dot ', at=' at '))} "


def _letters_and_numbers(text: str) -> str:
    return re.sub(r"\d+", lambda found: f" {numbers.digits(found[0])} ", text)


def _money(match: re.Match[str]) -> str:
    one, many, cent, cents = CURRENCIES[match["currency"]]
    amount, scale = match["amount"].replace(",", ""), match["scale"]
    if scale:
        return f" {numbers.number(amount)} {SCALES[scale.lower()]} {many} "
    whole, _, decimals = amount.partition(".")
    if not decimals or len(decimals) != 2 or not cent:
        return f" {numbers.number(amount)} {one if amount == '1' else many} "
    hundredths = int(decimals)
    of_hundredths = f"{numbers.cardinal(hundredths)} {cent if hundredths == 1 else cents}"
    if int(whole) == 0 and hundredths:
        return f" {of_hundredths} "
    said = f"{numbers.cardinal(int(whole))} {one if int(whole) == 1 else many}"
    return f" {said} and {of_hundredths} " if hundredths else f" {said} "


def _time(match: re.Match[str]) -> str:
    hour, minute = int(match[1]), match[2]
    if minute == "00":
        said = numbers.cardinal(hour) + ("" if match[4] else " hundred" if hour > 12 else " o'clock")
    else:
        said = f"{numbers.cardinal(hour)} {'oh ' if minute[0] == '0' else ''}{numbers.cardinal(int(minute))}"
    if match[3]:
        said += f" and {numbers.cardinal(int(match[3]))} seconds"
    return f" {said} {_half_of_day(match[4])} "


def _hour(match: re.Match[str]) -> Pieces:
    return [group(match, 1, f" {numbers.cardinal(int(match[1]))} "), group(match, 2, f" {_half_of_day(match[2])} ")]


def _half_of_day(letter: str | None) -> str:
    return {"a": "AM", "p": "PM"}[letter[0].lower()] if letter else ""


def _month(text: str) -> str:
    return next(month for month in MONTHS if month[:3].lower() == text[:3].lower())


def _date(match: re.Match[str]) -> Pieces:
    """March 5, 2025"""
    return [
        group(match, "month", f" {_month(match['month'])} "),
        group(match, "day", f" {numbers.ordinal(int(match['day']))} "),
        *([group(match, "year", f" {_year_or_number(match['year'])} ")] if match["year"] else []),
    ]


def _british_date(match: re.Match[str]) -> Pieces:
    """5 March 2025"""
    month, day, *year = _date(match)
    the = [group(match, "the", match["the"])] if match["the"] else []
    return [*the, (f" {'' if the else 'the '}{day[0]} of ", *day[1:]), month, *year]


def _numeric_date(match: re.Match[str]) -> str | None:
    """2025-03-05, 3/5/2025; where the first of two cannot be a month, it is the day."""
    if match["iso_year"]:
        year, month, day = int(match["iso_year"]), int(match["iso_month"]), int(match["iso_day"])
    else:
        month, day, year = int(match[4]), int(match[5]), int(match[6])
        month, day = (day, month) if month > 12 else (month, day)
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return f" {MONTHS[month - 1]} {numbers.ordinal(day)} {_year_or_number(str(year))} "


def _phone(match: re.Match[str]) -> str:
    return f" {', '.join(numbers.digits(part) for part in re.findall(r'[0-9]+', match[0]))} "


def _measure(match: re.Match[str]) -> Pieces:
    unit, one = UNITS[match[2]], match[1] in ("1", "-1")
    said = unit if not one else unit.replace("feet", "foot").replace("inches", "inch")
    said = re.sub(r"s(?= per |$)", "", said) if one and said not in ("hertz", "degrees Celsius") else said
    return [group(match, 1, f" {numbers.number(match[1])} "), group(match, 2, f" {said} ")]


def _degrees(match: re.Match[str]) -> Pieces:
    scale = {"C": " Celsius", "F": " Fahrenheit"}.get(match[3] or "", "")
    degree = "degree" if match[1] in ("1", "-1") else "degrees"
    return [group(match, 1, f" {numbers.number(match[1])} "), group(match, 2, f" {degree}{scale} ")]


def _ordinal(match: re.Match[str]) -> str:
    return f" {numbers.ordinal(int(match[1].replace(',', '')))} "


def _fraction(match: re.Match[str]) -> str | None:
    above, below = int(match[2]), int(match[3])
    said = numbers.fraction(above, below)
    if match[1]:
        return f" {numbers.cardinal(int(match[1]))} and {said.replace('one ', 'a ', 1)} " if said else None
    if (above, below) in ((24, 7), (9, 11)):
        return f" {numbers.cardinal(above)} {numbers.cardinal(below)} "
    return f" {said} " if said else f" {numbers.cardinal(above)} over {numbers.cardinal(below)} "


def _vulgar(match: re.Match[str]) -> str | None:
    above, _, below = unicodedata.normalize("NFKC", match[2]).partition("⁄")
    said = numbers.fraction(int(above), int(below)) if below else None
    if said is None:
        return None
    return f" {numbers.cardinal(int(match[1]))} and {said.replace('one ', 'a ', 1)} " if match[1] else f" {said} "


def _decade(match: re.Match[str]) -> str:
    return f" {numbers.plural(_year_or_number(match[1]) if len(match[1]) == 4 else numbers.cardinal(int(match[1])))} "


def _version(match: re.Match[str]) -> str:
    return " " + " point ".join(numbers.cardinal(int(part)) for part in match[0].split(".")) + " "


def _numbered(match: re.Match[str]) -> Pieces | None:
    value = numbers.roman(match[2])
    return None if value is None else [(match[1], *match.span(1)), group(match, 2, f" {numbers.cardinal(value)} ")]


def _regnal(match: re.Match[str]) -> Pieces | None:
    value = numbers.roman(match[2])
    return None if value is None else [(match[1], *match.span(1)), group(match, 2, f" the {numbers.ordinal(value)} ")]


def _street(match: re.Match[str]) -> str | None:
    """12 Elm St."""
    numbered = re.search(r"\d (?:[A-Z]\w+ )+$", match.string[: match.start()])
    return (
        {"St": "Street", "Dr": "Drive", "Ave": "Avenue", "Rd": "Road", "Blvd": "Boulevard"}[match[1]]
        if numbered
        else None
    )


def _plain(match: re.Match[str]) -> str:
    """Years where a year is likely, other numbers as such."""
    text, before = match[0], match.string[max(0, match.start() - 12) : match.start()]
    dated = re.search(
        r"\b(in|since|by|from|until|till|to|of|before|after|around|year|and|late|early|spring|"
        r"summer|autumn|fall|winter|[–—-]|\()\s?$",
        before,
        re.IGNORECASE,
    )
    counted = re.match(r"\s+(?!the\b|was\b|is\b|has\b)[a-z]+s\b", match.string[match.end() :])
    if re.fullmatch(r"(1\d|20)\d\d", text) and not counted and (dated or text >= "1900"):
        return f" {numbers.year(int(text))} "
    return f" {numbers.number(text)} "


def _symbol(match: re.Match[str]) -> str:
    return f" {SYMBOLS[match[0]]} "


_CASELESS = re.IGNORECASE
RULES: tuple[Rule, ...] = (
    (ADDRESS, _address),
    (
        re.compile(
            rf"(?P<currency>US\$|[$£€¥₹])\s?(?P<amount>{_NUMBER})"
            r"(?:\s?(?P<scale>thousand|million|billion|trillion|bn|[kKmMB])\b)?"
        ),
        _money,
    ),
    (re.compile(rf"\b([01]?\d|2[0-4]):([0-5]\d)(?::([0-5]\d))?(?!\d)(?:\s?([aApP])\.?[mM]\b{_OWN_STOP})?"), _time),
    (re.compile(rf"\b(1[0-2]|[1-9])\s?([ap]\.?m\b{_OWN_STOP})", _CASELESS), _hour),
    (
        re.compile(
            r"(?<![\d/.-])(?:(?P<iso_year>\d{4})-(?P<iso_month>\d{1,2})-(?P<iso_day>\d{1,2})"
            r"|(\d{1,2})/(\d{1,2})/(\d{4}))(?![\d/-])"
        ),
        _numeric_date,
    ),
    (
        re.compile(
            rf"\b(?P<month>{_MONTH})\b\.?\s(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\b(?![.,:/]\d)(?:,?\s(?P<year>\d{{4}})\b)?"
        ),
        _date,
    ),
    (
        re.compile(
            rf"(?P<the>\bthe\s)?\b(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\s(?:of\s)?(?P<month>{_MONTH})\b"
            r"(?:\.(?=\s?\d))?(?:,?\s(?P<year>\d{4})\b)?"
        ),
        _british_date,
    ),
    (
        re.compile(r"\+\d[\d ()\-]{7,}\d|(?<![\d-])\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}(?![\d-])|\b\d{3}-\d{4}\b(?!-)"),
        _phone,
    ),
    (re.compile(r"(?:\b|['’])((?:1\d|20)?\d0)['’]?s\b"), _decade),
    (re.compile(rf"(?<![\d.,])([-−]?{_NUMBER})\s?(°\s?([CF]\b)?|℃|℉)"), _degrees),
    (re.compile(rf"(?<![\d.,])({_NUMBER})[\s\u00a0-]?({_any(UNITS)})(?![\w/])"), _measure),
    (re.compile(r"\b(\d[\d,]*)(?:st|nd|rd|th)\b"), _ordinal),
    (re.compile(r"\b(\d+)?([¼-¾⅐-⅞])"), _vulgar),
    (re.compile(r"(?<![\d/.,])(?:(\d+)\s)?(\d{1,3})/(\d{1,3})(?![\d/.])"), _fraction),
    (re.compile(r"(?<=\d)/(?=\d)"), lambda _: " over "),
    (re.compile(r"(?<![\d.])\d+(?:\.\d+){2,}(?!\d)"), _version),
    (re.compile(rf"\b({_any(NUMBERED)})\s([IVXLC]+)\b"), _numbered),
    (re.compile(rf"\b({_any(REGNAL)})\s([IVX]+)\b"), _regnal),
    (re.compile(rf"\b(St|Dr|Ave|Rd|Blvd)(?=\.){_OWN_STOP}"), _street),
    (re.compile(r"\b(St|Dr)\.?(?=\s[A-Z])"), lambda match: {"St": "Saint", "Dr": "Doctor"}[match[1]]),
    (re.compile(rf"\b({_any(TITLES)})\.?(?=\s[A-Z])"), lambda match: TITLES[match[1]]),
    (
        re.compile(rf"\b({_any(NUMBER_OF)})\.\s?(?=\d)", _CASELESS),
        lambda match: f"{NUMBER_OF[match[1].lower()]} ",
    ),
    (
        re.compile(rf"(?<![\w.])(?i:({_any(WITHIN_SENTENCES)}))\.(?!\w)"),
        lambda match: WITHIN_SENTENCES[match[1].lower()],
    ),
    (
        re.compile(rf"(?<![\w.])(?i:({_any(ABBREVIATIONS)}))(?=\.(?!\w)){_OWN_STOP}"),
        lambda match: ABBREVIATIONS[match[1].lower()],
    ),
    (re.compile(r"\b([A-Z]{1,3})&([A-Z]{1,3})\b"), lambda match: f"{' '.join(match[1])} and {' '.join(match[2])}"),
    (re.compile(r"(?<=\d)\s?%+"), lambda _: " percent "),
    (re.compile(r"(?<=\d)\s?[–—~]\s?(?=[$£€]?\d)|(?<=\d)-(?=\d)"), lambda _: " to "),
    (re.compile(rf"(?<![\d.,\w])[-−]{_NUMBER}|(?<![\d.]){_NUMBER}|(?<![\d.\w])\.\d+"), _plain),
    (re.compile(r"(?<=\s)-+(?=\s)|--+"), lambda _: "—"),
    (re.compile(r"(?<=[a-z])/(?=[a-z])"), lambda _: " or "),
    (re.compile(_any(SYMBOLS)), _symbol),
)
