"""A crowd: several people who are nobody in particular, further away than whoever the shot is about."""

from collections.abc import Callable
from typing import Literal

from soundstage.film.painting.pen import Pen
from soundstage.film.painting.people import Person
from soundstage.film.painting.raster import Sheet
from soundstage.film.painting.scene import Scene
from soundstage.models.story import Appearance, Character, Presence

COLOURS = ("#6f6a5f", "#7d6552", "#5c6670", "#77705a", "#665a66", "#5f6a58")
"""Of clothes that nobody remembers."""
AGES: tuple[Literal["adult", "child", "old"], ...] = ("adult", "child", "adult", "old")
HEADWEAR: tuple[Literal["none", "hat", "scarf"], ...] = ("none", "hat", "scarf", "none")


def draw_crowd(
    scene: Scene,
    pen: Pen,
    feet_at: Callable[[float, float], float],
    shadow: Callable[[Sheet, float, float, float], None],
    *,
    alone: bool,
) -> None:
    """``feet_at``: where the ground is met at x for a scale; ``alone``: nobody else is in the picture."""
    rng = scene.rng("crowd")
    side = 1 if scene.staging.hero_x < 0.5 else -1
    adult = scene.staging.hero_height * scene.u * (0.95 if alone else 0.72)
    for number in range(6 if alone else 4):
        share = 0.2 + 0.12 * number if alone else scene.staging.hero_x + side * (0.3 + 0.09 * number)
        if not 0.04 < share < 0.96:
            continue
        x = share * scene.w
        feet = feet_at(x, 1.0) - (0.0 if alone else 0.03) * scene.u
        somebody = Character(
            id="x1", name="somebody", age=AGES[number % 4], appearance=_look(int(rng.integers(1 << 16)))
        )
        facing: Literal["left", "right"] = "left" if (side > 0) != alone else "right"
        shadow(pen.sheet, x, feet, 0.16 * adult)
        Person(pen, somebody, Presence(character="x1", facing=facing), (x, feet), adult).draw()


def _look(number: int) -> Appearance:
    woman = bool(number % 2)
    return Appearance(
        hair="bun" if woman else "short",
        headwear=HEADWEAR[number // 2 % 4],
        garment="dress" if woman else "shirt",
        garment_colour=COLOURS[number // 8 % 6],
        accent="belt",
        accent_colour=COLOURS[number // 48 % 6],
    )
