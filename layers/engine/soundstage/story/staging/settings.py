"""Where and when each sentence is: read from its words, and carried on until the text says otherwise."""

import re
from collections.abc import Sequence
from dataclasses import replace

from soundstage.models.story import PlaceKind
from soundstage.story.people.mentions import Read
from soundstage.story.staging.asides import Asides
from soundstage.story.staging.moments import said_in
from soundstage.story.staging.scene import Scene, Spot
from soundstage.story.staging.ways import way_home, way_to
from soundstage.story.staging.whereabouts import entered_building, moves, place_of, settlement_of
from soundstage.story.words.moments import TIME_JUMPS
from soundstage.story.words.places import FURNITURE, GENERIC_PLACES, INDOORS

_JUMP = re.compile(TIME_JUMPS)
_LATER = re.compile(
    r"\b(?:days|weeks|months|years) later\b|\b(?:the )?next (?:week|month|year|sunday|monday|saturday|friday)\b|"
    r"^in (?:january|february|march|april|may|june|july|august|september|october|november|december)\b|"
    r"[几数][天周月年]后|个月后|年后|第二年|一[周年]后|过了(?:几天|很久|一年)|从那以后|从此"
)
"""Another day, at an hour that is not told."""
_NEXT_DAY = re.compile(r"\b(?:the next|the following|another) day\b|第二天|次日|隔天|翌日")
_WET = re.compile(r"\brain|\bthunder|\blightning|\bhail|雨|雷|闪电|冰雹")
"""Without these a storm in the desert is of sand."""
NEW_DAY = ("dawn", "morning")
"""Weather is not carried over the night."""


def scenes_of(reads: Sequence[Read]) -> list[Scene]:
    """The setting of every sentence."""
    found: list[Scene] = []
    now = Scene()
    outdoors: tuple[PlaceKind, str] | None = None
    indoors: tuple[PlaceKind, str] | None = None
    settlement: tuple[PlaceKind, str] | None = None
    asides = Asides()
    for read in reads:
        said, before = said_in(read), found[-1] if found else now
        jump = _JUMP.search(read.sentence.text.lower()) is not None
        changes: dict[str, object] = {}
        if (back := asides.comes_back(read, jump=jump)) is not None:
            now = replace(now, place=back[0], place_name=back[1])
        place = place_of(read, now, outdoors, indoors, settlement)
        if place is not None and moves(now, place):
            asides.look_away(read, now, place)
        settlement = settlement_of(read) or settlement
        changes |= _moved(now, place)
        if said.time is not None:
            changes["time"] = said.time
        if said.weather is not None:
            changes["weather"] = said.weather
        elif now.weather != "clear" and (
            (jump and "weather" not in now.stated)
            or (said.time in NEW_DAY and now.time not in NEW_DAY)
            or (said.time == "noon" and now.time in ("night", "dusk"))
        ):
            now = replace(now, weather="clear")
        later = (
            _LATER.search(read.sentence.text.lower()) is not None
            or _NEXT_DAY.search(read.sentence.text.lower())
            or (said.season is not None and now.season not in (None, said.season))
        )
        if later and said.time is None and now.time in ("night", "dusk", "dawn"):
            changes["time"] = "afternoon"
        if later and said.weather is None:
            now = replace(now, weather="clear")
        if said.season is not None:
            changes["season"] = said.season
        elif said.weather == "snow" and now.season is None:
            changes["season"] = "winter"
        stated = frozenset(changes)
        now = replace(now, **changes, stated=stated, jump=jump)  # type: ignore[arg-type]
        if now.place == "desert" and now.weather == "storm" and not _WET.search(read.sentence.text.lower()):
            now = replace(now, weather="wind")
        entered = entered_building(read, now)
        if entered is not None:
            outdoors, indoors = entered, (now.place, now.place_name)
        elif now.place not in INDOORS and now.place != "plain":
            outdoors = (now.place, now.place_name)
        elif now.place in INDOORS:
            indoors = (now.place, now.place_name)
        way = way_home(read, now.place, outdoors)
        if way is None and "place" in now.stated:
            way = way_to(read, now.place, before.place, outdoors)
        if way is None:
            way = asides.seen_outside(read, now, outdoors)
        asides.hear(read)
        found.append(now if way is None else replace(now, place=way[0], place_name=way[1]))
    return _with_beginning(found)


def _moved(now: Scene, place: Spot | None) -> dict[str, object]:
    """What a place changes of a scene."""
    if place is None:
        return {}
    name = "" if place[1] in FURNITURE | GENERIC_PLACES else place[1]
    if moves(now, place):
        return {"place": place[0], "place_name": name}
    return {"place_name": name} if name and not now.place_name and place[0] == now.place else {}


def _with_beginning(scenes: list[Scene]) -> list[Scene]:
    """Before the first word of place and time, it is where and when the story goes on to say it is."""
    for attribute, far in (("place", 4), ("time", 2), ("season", 40)):
        first = next((k for k, scene in enumerate(scenes) if attribute in scene.stated), None)
        if first is None or first == 0 or first > far:
            continue
        if attribute != "season" and any(scene.jump for scene in scenes[1 : first + 1]):
            continue
        given = {attribute: getattr(scenes[first], attribute)}
        if attribute == "place":
            given["place_name"] = scenes[first].place_name
        scenes[:first] = [replace(scene, **given) for scene in scenes[:first]]
    return scenes
