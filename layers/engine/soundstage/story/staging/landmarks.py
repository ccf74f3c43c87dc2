"""Buildings that a shot out of doors shows: where it is, and what somebody comes to, passes or looks at."""

from collections.abc import Sequence

from soundstage.story.people.depicted import is_pictured_thing
from soundstage.story.people.mentions import Read
from soundstage.story.staging.elsewhere import is_only_in_mind
from soundstage.story.staging.scene import Scene
from soundstage.story.words.landmarks import WORDS
from soundstage.story.words.places import INDOORS

_HAVE_THEIR_OWN = {"station": "station", "lighthouse": "lighthouse", "bridge": "bridge", "castle": "castle"}
"""Kinds of places that are painted with this building, whatever is asked for."""
_WITHOUT = frozenset({"sea", "sky", "space", "cave"})
_WATERS = frozenset({"river", "lake"})
NAMED_PAST = frozenset("no not without".split())


def landmark_of(reads: Sequence[Read], sentences: range, scene: Scene) -> str | None:
    """The painter's noun of one building, the last that is named; None: there is none, or one is not outside."""
    if scene.place in INDOORS or scene.place in _WITHOUT:
        return None
    found = _noun(scene.place_name)
    for k in sentences:
        for mark in reads[k].of_kind("place"):
            noun = _noun(mark.text)
            if noun is None or mark.quoted or is_only_in_mind(reads[k], mark) or is_pictured_thing(reads[k], mark):
                continue
            of_water = scene.place in _WATERS and noun == "hall"  # the bank of a river
            if of_water or set(reads[k].norms(mark.first - 2, mark.first)) & NAMED_PAST:
                continue
            found = noun
    if found == "bridge" and scene.place in ("market", "station", "castle", "city"):
        return None  # crossed on the way
    return None if found == _HAVE_THEIR_OWN.get(scene.place, "") else found


def _noun(word: str) -> str | None:
    """Of 'the old mill', 青龙寺: by the whole, its last word, or its last characters."""
    word = word.lower().strip()
    if word in WORDS:
        return WORDS[word]
    last = word.rsplit(" ", 1)[-1]
    if last in WORDS or last.removesuffix("s") in WORDS:
        return WORDS.get(last) or WORDS[last.removesuffix("s")]
    return next((WORDS[word[-size:]] for size in (3, 2, 1) if len(word) > size and word[-size:] in WORDS), None)
