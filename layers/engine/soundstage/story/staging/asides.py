"""Looking away: what is told of elsewhere, while those whom the story is about stay where they are."""

import re
from collections.abc import Iterator

from soundstage.models.story import PlaceKind
from soundstage.story.people.depicted import is_pictured_thing
from soundstage.story.people.extract import mentions_in
from soundstage.story.people.mentions import CHINESE_PRONOUNS, Mention, Read
from soundstage.story.staging.scene import Scene, Spot
from soundstage.story.staging.whereabouts import outside_of
from soundstage.story.words.places import INDOORS
from soundstage.story.words.things import VEHICLES

ENCLOSED: frozenset[PlaceKind] = INDOORS | {"lighthouse", "castle", "cave"}
"""Nobody leaves these without a word."""
_THERE = re.compile(
    r"\b(?:far|high|way|deep) (?:out|away|off|above|below|up|down|in|over)\b|\bin the distance\b|\bon the horizon\b|"
    r"\bout (?:at|on|in|over) (?:the )?(?:\w+ )?(?:sea|ocean|water|bay|lake|waves|open)\b|\bbeyond\b|\bacross\b|"
    r"\b(?:outside|below)\b|\bover the (?:sea|ocean|water|mountains|hills|roofs)\b|"
    r"远处|远方|远远|天边|海面上|窗外|外面|楼下|对岸|那边|高空|天上"
)
_GOES = re.compile(r"\b(?:follow\w*|after|chas\w+|out|away|off|back|home|to|towards?|into|along)\b|[追跟去回走跑进出]")
_WINDOW = re.compile(r"\bwindows?\b|\bporthole\b|窗")
_RAINBOW = re.compile(r"\brainbows?\b|彩虹")
_WATER = re.compile(r"\b(?:sea|ocean|water|waves?|bay|surf|tide|horizon|harbour|harbor)\b|[海浪湾港]")
_WATERS = frozenset({"sea", "shore", "harbour", "lake", "river"})
_PLACED: dict[str, PlaceKind] = {"train": "field", "car": "street", "cart": "street"}
"""Where vehicles go that nobody says the place of."""


class Asides:
    """Remembers who has been spoken of, and where they are while something else is told."""

    def __init__(self) -> None:
        self._heard: set[str] = set()
        self._stayed: Spot | None = None

    def hear(self, read: Read) -> None:
        self._heard |= {mention.text.lower() for mention in mentions_in(read) if not mention.quoted}

    def look_away(self, read: Read, now: Scene, place: Spot) -> None:
        """Note where they stay, if this sentence is at another place without any of them."""
        if any(self._known(read)) or now.place == "plain":
            return
        enclosed = now.place in ENCLOSED and place[0] not in INDOORS
        if self._stayed is None and (enclosed or _THERE.search(read.sentence.text.lower())):
            self._stayed = now.place, now.place_name

    def comes_back(self, read: Read, *, jump: bool) -> Spot | None:
        """Where they are, when the story turns to one of them again; None: it does not, or they go there."""
        stayed = self._stayed
        if stayed is None:
            return None
        known = list(self._known(read))
        if jump or known:
            self._stayed = None
        going = any(m.value in ("walking", "running", "swimming", "flying") for m in read.of_kind("stance"))
        return None if jump or not known or (going and _GOES.search(read.sentence.text.lower())) else stayed

    def seen_outside(self, read: Read, now: Scene, outdoors: Spot | None) -> Spot | None:
        """Where a sentence that stays indoors is seen: a ship, a train or a rainbow is in no room."""
        text = read.sentence.text.lower()
        if now.place not in INDOORS or _WINDOW.search(text):
            return None
        if _RAINBOW.search(text) and not any(t.quoted for t in read.tokens):
            return outdoors or (outside_of(now.place), "")
        if any(self._known(read)):
            return None
        return next((_where(vehicle, text, outdoors) for vehicle in _vehicles(read)), None)

    def _known(self, read: Read) -> Iterator[Mention]:
        """Who acts here and has been spoken of before."""
        for mention in mentions_in(read):
            if not mention.subject or mention.quoted or mention.thing or mention.possessive:
                continue
            pronoun = mention.kind in ("pronoun", "first") or mention.text in CHINESE_PRONOUNS
            if (pronoun and mention.gender != "n") or mention.text.lower() in self._heard:
                yield mention


def _vehicles(read: Read) -> Iterator[str]:
    for mark in read.of_kind("thing"):
        if mark.value in VEHICLES and not mark.quoted and not is_pictured_thing(read, mark):
            yield mark.value


def _where(vehicle: str, text: str, outdoors: Spot | None) -> Spot:
    if vehicle in _PLACED:
        return outdoors if outdoors is not None and outdoors[0] not in _WATERS else (_PLACED[vehicle], "")
    if outdoors is not None and outdoors[0] in _WATERS:
        return outdoors
    return ("sea" if _WATER.search(text) or outdoors is None else "river"), ""
