"""More animals of a kind than have names: three goats, a flock of sheep."""

from collections.abc import Collection

import numpy as np

from soundstage.film.painting.animals import coat_of, species_named
from soundstage.film.painting.scene import Scene
from soundstage.models.story import Character, Presence

MOST = 4


def count(told: Collection[str], name: str) -> int:
    """How many of this kind a shot's prompt speaks of, at most four."""
    counted = (fact.split(" ", 1) for fact in told if fact[0].isdigit())
    return min(max((int(number) for number, noun in counted if species_named(noun) == name), default=1), MOST)


def spot(scene: Scene, feet: tuple[float, float], long: float, number: int) -> tuple[tuple[float, float], float]:
    """Where the feet of the ``number``th are, behind the first one and beside it in turn; its share of the size."""
    d = 1 if number % 2 else -1
    x = feet[0] + d * (0.62 + 0.3 * (number // 2)) * long
    if not 0.5 * long < x < scene.w - 0.5 * long:
        x = float(np.clip(feet[0] - d * (1.0 + 0.25 * number) * long, 0.5 * long, scene.w - 0.5 * long))
    return (x, feet[1] - (0.02 + 0.012 * number) * scene.u), (0.86, 0.8, 0.74)[number - 1]


def one_more(name: str, first: Character, who: Presence, number: int) -> tuple[Character, Presence]:
    """In the coat of its kind and without a scarf: the mark is the first one's alone."""
    plain = first.appearance.model_copy(update={"accent_colour": coat_of(name), "accent": "belt"})
    turns = number == 2 and who.facing == "right" and who.stance in ("standing", "sitting")
    return (
        first.model_copy(update={"appearance": plain}),
        who.model_copy(update={"facing": "left"}) if turns else who,
    )
