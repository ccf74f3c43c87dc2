"""Time of day, weather and season of a sentence, by its words: what is denied, compared or only spoken of is none."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from soundstage.models.story import Season, TimeOfDay, Weather
from soundstage.story.people.mentions import Read
from soundstage.story.reading.lexicon import Mark
from soundstage.story.words.moments import WEAK_WEATHER

_ALL_DAY = re.compile(
    "morning (?:till|until|to) (?:night|evening|dusk)|day and night|night and day|day or "
    "night|从早到晚|日日夜夜|日复一日|夜以继日|日夜|good "
    "(?:morning|evening|night|afternoon)|早上好|晚上好|晚安|早安"
)
_STRENGTH_OF_WEATHER: tuple[Weather, ...] = ("storm", "snow", "rain", "fog", "wind", "cloudy", "clear")
"""What hides what, where a sentence tells of several."""
BETWEEN_NO_AND_NOUN = frozenset(
    "a an any more sign of trace drop single longer the 下 有 一丝 一点 一滴 见 刮 起 过 再 yet even".split()
)


@dataclass(frozen=True)
class Said:
    time: TimeOfDay | None = None
    weather: Weather | None = None
    season: Season | None = None


def said_in(read: Read) -> Said:
    return Said(_time_of(read), _weather_of(read), _season_of(read))


def _time_of(read: Read) -> TimeOfDay | None:
    text = read.sentence.text.lower()
    if _ALL_DAY.search(text):
        return None
    small_hours = _SMALL_HOURS.search(text)
    if small_hours and not _is_quoted_at(read, small_hours.start()):
        return "night"
    best: tuple[float, TimeOfDay] | None = None
    for mark in read.of_kind("time"):
        weight = _weight(read, mark)
        if _DARK.search(mark.text.lower()) and _DARK_PLACES.search(text):
            continue
        if weight > 0.6 and (best is None or weight > best[0]) and not _acts(read, mark):
            best = (weight, mark.value)  # type: ignore[assignment]
    return best[1] if best else _clock(text) or _by_moon(read)


_DARK = re.compile(r"dark|漆黑")
_DARK_PLACES = re.compile(
    r"\b(?:inside|indoors|within|cellar|cave|barn|attic|tunnel|basement|cupboard|room|stairs|staircase|well|mine|forest|"
    r"wood|woods)\b|洞|屋里|里面|地下室|地窖|井|隧道|楼道|仓库|林"
)
"""It is dark there at any hour."""
_SMALL_HOURS = re.compile(
    r"\b(?:12|[1-3]|one|two|three)(?::[0-5]\d)?(?: o'clock)? in the morning\b|"
    r"\b(?:12|[1-3])(?::[0-5]\d)? ?a\.?m\b|凌晨[零一二两三1-3]点"
)


def _is_quoted_at(read: Read, at: int) -> bool:
    return any(token.quoted for token in read.tokens if token.start <= at < token.end)


def _acts(read: Read, mark: Mark) -> bool:
    """The moon that speaks is somebody, and no hour."""
    return any(token.norm in read.speakers for token in read.tokens[mark.first : mark.past])


def _by_moon(read: Read) -> TimeOfDay | None:
    """'They discussed the moon', under the stars: who speaks of them as there sees them."""
    for at, token in enumerate(read.tokens):
        if (
            token.norm in ("moon", "stars")
            and token.norm not in read.speakers
            and not token.quoted
            and at
            and read.tokens[at - 1].norm in ("the", "a", "bright")
        ):
            mark = Mark("time", "night", at, at + 1, token.text, False)
            if _weight(read, mark) > 0.6:
                return "night"
    return None


def _clock(text: str) -> TimeOfDay | None:
    """'at seven in the evening' is in the table; this is '9 pm', '21:30', '晚上八点' by their numbers."""
    match = re.search(r"\b(\d{1,2})(?::\d\d)?\s*(a\.?m\.?|p\.?m\.?)(?!\w)", text)
    if match is None:
        clock = re.search(r"\b([01]?\d|2[0-3]):[0-5]\d\b", text)
        return None if clock is None else _part_of_day(int(clock[1]))
    hour = int(match[1]) % 12 + (12 if match[2][0] == "p" else 0)
    return _part_of_day(hour)


def _part_of_day(hour: int) -> TimeOfDay:
    bounds: tuple[tuple[int, TimeOfDay], ...] = (
        (5, "night"),
        (7, "dawn"),
        (11, "morning"),
        (13, "noon"),
        (17, "afternoon"),
        (20, "dusk"),
    )
    return next((part for before, part in bounds if hour < before), "night")


def _weather_of(read: Read) -> Weather | None:
    found: dict[str, float] = {}
    ended = False
    for mark in read.of_kind("weather"):
        weight = _weight(read, mark)
        if mark.text.lower() in WEAK_WEATHER:
            weight *= 0.4
        if weight > 0.6 and _has_ended(read, mark):
            ended = True
            continue
        found[mark.value] = max(found.get(mark.value, 0.0), weight)
    strong = [value for value, weight in found.items() if weight > 0.6]
    for weather in _STRENGTH_OF_WEATHER:
        if weather in strong:
            return weather
    if ended:
        return "clear"
    return None


def _has_ended(read: Read, mark: Mark) -> bool:
    """'The rain stopped', 雨停了."""
    for ending in read.of_kind("ending"):
        follows = read.tokens[ending.past].is_word if ending.past < len(read.tokens) else False
        if ending.text.lower() in ("over", "passed") and follows:
            continue
        if 0 <= ending.first - mark.past <= 2 and not any(
            t.norm in "，,;；" for t in read.tokens[mark.past : ending.first]
        ):
            return not _is_negated(read, ending)
        if read.language == "en" and 0 <= mark.first - ending.past <= 1 and ending.text.lower() in ("stopped", "stop"):
            return True
    return False


def _season_of(read: Read) -> Season | None:
    best: tuple[float, Season] | None = None
    for mark in read.of_kind("season"):
        weight = _weight(read, mark)
        if weight > 0.6 and (best is None or weight > best[0]):
            best = (weight, mark.value)  # type: ignore[assignment]
    return best[1] if best else None


def _weight(read: Read, mark: Mark) -> float:
    """How much a word of time or weather says of this sentence's own moment: 1, less for what is only spoken of."""
    if mark.quoted:
        return 0.5 if not any(not token.quoted and token.is_word for token in read.tokens) else 0.4
    if _is_negated(read, mark) or _is_compared(read, mark) or _is_unreal(read, mark):
        return 0.0
    before = set(read.norms(mark.first - 3, mark.first))
    if before & {"before", "after", "until", "till"} or before & {"直到"}:
        return 0.8
    return 1.0


_NOT_BEFORE = re.compile(r"(?:没有?|未曾?|不再|不)(?:下|刮|起|见|一[点丝滴])?过?$")


def _is_negated(read: Read, mark: Mark) -> bool:
    """'no rain', 'not a drop of rain', 没有下雨, 一丝风也没有."""
    before = read.sentence.text[: read.tokens[mark.first].start]
    if read.language == "zh" and _NOT_BEFORE.search(before):
        return True
    for negation in _same_clause(read, mark, "negation"):
        between = read.norms(negation.past, mark.first)
        if negation.past <= mark.first and len(between) <= 4 and all(word in BETWEEN_NO_AND_NOUN for word in between):
            return True
        if (
            read.language == "zh"
            and 0 <= negation.first - mark.past <= 1
            and read.norms(mark.past, negation.first) in ([], ["也"], ["都"])
        ):
            return True
    return False


def _is_compared(read: Read, mark: Mark) -> bool:
    """'like rain', 'as white as snow', 像雪一样."""
    reach = 5 if read.language == "en" else 4
    for figure in _same_clause(read, mark, "figure"):
        if figure.text.lower() in ("as", "一样", "一般", "似的") and read.language == "en":
            if (
                mark.first - figure.past <= 1
                and figure.first >= 2
                and read.norms(figure.first - 2, figure.first - 1) == ["as"]
            ):
                return True
            continue
        if 0 <= mark.first - figure.past <= reach or (read.language == "zh" and 0 <= figure.first - mark.past <= 1):
            return True
    return False


def _is_unreal(read: Read, mark: Mark) -> bool:
    reach = 2 if read.language == "en" else 8
    return any(0 <= mark.first - unreal.past <= reach for unreal in _same_clause(read, mark, "unreal"))


def _same_clause(read: Read, mark: Mark, kind: str) -> Iterator[Mark]:
    clause = read.clause(mark.first, parts=kind == "unreal")
    return (other for other in read.of_kind(kind) if other.first in clause and other.first != mark.first)
