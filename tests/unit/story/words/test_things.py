"""Every noun that the writer puts into a picture is one that the painter draws."""

import pytest

from soundstage.film.painting.animals import species_named
from soundstage.film.painting.things import THINGS as DRAWN
from soundstage.film.painting.things import thing_named
from soundstage.story.words.captions import THINGS_ZH
from soundstage.story.words.things import ANIMALS, SMALL_THINGS, THINGS


@pytest.mark.parametrize("noun", THINGS)
def test_things_are_drawn_as_themselves(noun: str) -> None:
    assert thing_named(noun) == noun
    assert noun in THINGS_ZH


@pytest.mark.parametrize("noun", ANIMALS)
def test_animals_are_drawn_as_themselves(noun: str) -> None:
    assert species_named(noun) == noun


def test_what_a_hand_holds_is_no_house() -> None:
    assert all(DRAWN[noun][1] <= 1.6 for noun in SMALL_THINGS)
