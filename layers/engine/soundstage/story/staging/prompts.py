"""What a shot's picture shows, in the story's language: who, doing what, where, when, in what light."""

from collections.abc import Sequence

from soundstage.models.story import Character, Language, Presence, Setting, ShotSize
from soundstage.models.told import retold, told
from soundstage.story.words.captions import (
    EMOTIONS_ZH,
    LIGHT,
    MOODS_ZH,
    PLACES_EN,
    PLACES_ZH,
    SEASONS_ZH,
    SIZES,
    STANCES_ZH,
    THINGS_ZH,
    TIMES_ZH,
    WEATHERS_EN,
    WEATHERS_ZH,
)
from soundstage.story.words.things import ANIMALS


def prompt_of(
    language: Language,
    size: ShotSize,
    cast: Sequence[tuple[Character, Presence]],
    setting: Setting,
    narration: str = "",
) -> str:
    """Identity blocks word for word, so that every request about somebody says the same of them; what the shot's words
    say besides of what is to be seen."""
    shown = (_chinese if language == "zh" else _english)(size, cast, setting)
    besides = retold([fact for fact in told(narration) if _shown(fact, cast)], language)
    return ("" if language == "zh" else " ").join([shown, *besides])[:2000]


def _shown(fact: str, cast: Sequence[tuple[Character, Presence]]) -> bool:
    """How many of an animal there are is told of those that are there."""
    number, _, noun = fact.partition(" ")
    return not number.isdigit() or any(noun in ANIMALS.get(one.species or "", "").split() for one, _ in cast)


def _english(size: ShotSize, cast: Sequence[tuple[Character, Presence]], setting: Setting) -> str:
    where = PLACES_EN[setting.place] + (f" ({setting.place_name})" if setting.place_name else "")
    season = f"{setting.season}, " if setting.season else ""
    parts = [f"{SIZES['en'][size]} {where}, {season}{setting.time_of_day}, {WEATHERS_EN[setting.weather]}."]
    for character, presence in cast:
        doing: list[str] = [presence.stance]
        if presence.holding:
            doing.append("holding a " + " and a ".join(presence.holding))
        if presence.emotion:
            doing.append(f"looking {presence.emotion}")
        parts.append(f"{character.identity}; {', '.join(doing)}.")
    if setting.things:
        parts.append(f"To be seen: {', '.join(setting.things)}.")
    parts.append(f"{setting.mood.capitalize()} mood, {LIGHT['en'][setting.time_of_day]}.")
    return " ".join(parts)


def _chinese(size: ShotSize, cast: Sequence[tuple[Character, Presence]], setting: Setting) -> str:
    where = PLACES_ZH[setting.place] + (f"（{setting.place_name}）" if setting.place_name else "")
    season = SEASONS_ZH[setting.season] + "，" if setting.season else ""
    parts = [f"{SIZES['zh'][size]}：{where}，{season}{TIMES_ZH[setting.time_of_day]}，{WEATHERS_ZH[setting.weather]}。"]
    for character, presence in cast:
        doing = [STANCES_ZH[presence.stance]]
        if presence.holding:
            doing.append("拿着" + "和".join(THINGS_ZH.get(thing, thing) for thing in presence.holding))
        if presence.emotion:
            doing.append(f"神情{EMOTIONS_ZH.get(presence.emotion, presence.emotion)}")
        parts.append(f"{character.identity}；{'，'.join(doing)}。")
    if setting.things:
        parts.append("画面里有" + "、".join(THINGS_ZH.get(thing, thing) for thing in setting.things) + "。")
    parts.append(f"气氛{MOODS_ZH[setting.mood]}，{LIGHT['zh'][setting.time_of_day]}。")
    return "".join(parts)
