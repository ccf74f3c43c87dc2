"""What stands before figures: the table at which somebody sits, the counter that somebody serves at, a seat's back."""

import re
from collections.abc import Sequence

from soundstage.film.painting.colours import darker, lighter, rgb
from soundstage.film.painting.interiors.halls import PLUSH, seat
from soundstage.film.painting.interiors.selling import counter, till
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import box, ellipse, smooth
from soundstage.film.painting.scene import Scene
from soundstage.film.painting.things import THINGS, draw_thing, thing_named
from soundstage.models.story import Character, Shot

EATING = frozenset({"restaurant", "noodle shop"})
SELLING = frozenset({"shop", "bookshop", "bakery", "florist", *EATING})
_KEEPS = re.compile(
    r"keeper|owner|seller|clerk|cashier|waiter|waitress|barista|bartender|baker|cook|florist|shopwoman|shopman|"
    r"老板|店主|掌柜|店员|伙计|服务员|厨师|老板娘"
)
_ON_TABLES = (
    "noodles", "cake", "bowl", "bread", "cup", "candle", "dark candle", "book", "letter", "lamp", "dark lamp", "apple",
    "basket", "flower", "map", "photo", "box", "clock", "phone", "egg", "bottle", "feather", "key", "bell", "camera",
)  # fmt: skip
_SIZES = {"cake": 0.3, "lamp": 0.26, "dark lamp": 0.26, "basket": 0.24, "flower": 0.24, "candle": 0.17, "box": 0.2,
          "dark candle": 0.17, "noodles": 0.17, "bowl": 0.15, "bottle": 0.2, "book": 0.16, "cup": 0.1}  # fmt: skip
"""Of what lies on a table, of an adult's height."""


def at_table(scene: Scene, shot: Shot) -> bool:
    """Whether somebody who sits in this shot does so at a table."""
    if not any(who.stance == "sitting" for who in shot.cast):
        return False
    if scene.room in EATING or "at table" in scene.told:
        return scene.room is not None or "at table" in scene.told
    return scene.room is not None and "table" in {thing_named(text) for text in shot.setting.things}


def on_the_table(shot: Shot, room: str | None, *, unlit: bool) -> list[str]:
    """Up to three things that the shot names and nobody holds."""
    held = {thing_named(text) for who in shot.cast for text in who.holding}
    named = [thing_named(text) for text in shot.setting.things]
    if unlit:
        named = [f"dark {name}" if name in ("lamp", "candle", "lantern") else name for name in named]
    found = [name for name in named if name in _ON_TABLES and name not in held]
    if room in EATING and not {"bowl", "noodles"} & {*found, *held}:
        found.append("noodles" if room == "noodle shop" else "bowl")
    return [name for name in dict.fromkeys(found) if name is not None][:3]


def table_before(pen: Pen, x: float, feet: float, adult: float, things: list[str], side: int) -> None:
    """In front of who sits at x, looking to ``side`` (±1); ``adult``: of one standing, pixels."""
    wide, high = 0.62 * adult, 0.43 * adult
    middle = x + side * 0.33 * adult
    wood = rgb("#7a5236") if pen.scene.room != "noodle shop" else rgb("#7a3f2e")
    base = feet + 0.045 * adult
    for dx in (-0.44, 0.38):
        pen.fill(box(middle + dx * wide, base - high, middle + (dx + 0.06) * wide, base), darker(wood, 0.15), shade=0.3)
    low, back = base - high + 0.045 * adult, base - high - 0.02 * adult
    top = [(middle - 0.5 * wide, low), (middle - 0.46 * wide, back), (middle + 0.46 * wide, back),
           (middle + 0.5 * wide, low)]  # fmt: skip
    pen.fill(smooth(top, steps=2), lighter(wood, 0.22), shade=0)
    pen.fill(box(middle - 0.5 * wide, base - high + 0.03 * adult, middle + 0.5 * wide, base - high + 0.07 * adult),
             lighter(wood, 0.06), shade=0.2)  # fmt: skip
    _laid(pen, things, middle, base - high + 0.012 * adult, adult, side * wide)


def table_near(pen: Pen, y: float, things: list[str], adult: float) -> None:
    """Its top across the picture, before half figures."""
    scene = pen.scene
    wood = rgb("#8a6242") if scene.room != "noodle shop" else rgb("#8a4a36")
    pen.sheet.fill(box(-8, y, scene.w + 8, scene.h + 8), pen.lit(lighter(wood, 0.12)), to=pen.lit(darker(wood, 0.5)))
    pen.flat(box(-8, y, scene.w + 8, y + 0.012 * scene.u), lighter(wood, 0.3))
    for k in range(3):
        grain = y + (0.05 + 0.045 * k) * scene.h
        pen.line(
            [(-8, grain), (0.5 * scene.w, grain + 3), (scene.w + 8, grain - 2)], 2.0, darker(wood, 0.4), opacity=0.4
        )
    d = 1 if scene.staging.hero_x < 0.5 else -1
    _laid(pen, things, (scene.staging.hero_x + d * 0.22) * scene.w, y + 0.06 * scene.h, adult, 0.6 * scene.u)


def _laid(pen: Pen, things: list[str], middle: float, y: float, adult: float, wide: float) -> None:
    spots = {1: (0.1,), 2: (-0.1, 0.3), 3: (-0.22, 0.06, 0.34)}.get(len(things), ())
    # What is small is near whoever sits there, and hides no face.
    for name, at in zip(sorted(things, key=lambda name: _SIZES.get(name, 0.13)), spots, strict=True):
        high = _SIZES.get(name, 0.13) * adult * (1.0 if THINGS[name][1] < 0.6 else 0.8)
        x = middle + at * wide
        shadow = ellipse(x, y + 0.004 * adult, 0.45 * high, 0.06 * high)
        pen.sheet.fill(shadow, pen.scene.colours.foreground, opacity=0.3, soft=max(1.0, 0.03 * high))
        draw_thing(pen, name, x, y, high)


def serves(cast: Sequence[Character], scene: Scene) -> Character | None:
    """Who of a shot stands behind a counter: who keeps the shop, or whom the words put there."""
    if scene.room not in SELLING:
        return None
    people = [one for one in cast if one.kind == "person"]
    keeps = next((one for one in people if _KEEPS.search(" ".join([one.name, *one.aliases]).lower())), None)
    return people[-1] if keeps is None and people and "at counter" in scene.told else keeps


def counter_before(pen: Pen, x: float, feet: float, adult: float) -> None:
    base, high = feet + 0.05 * adult, 0.56 * adult
    counter(pen, x, base, 0.95 * adult, high)
    till(pen, x + 0.3 * adult, base - high, 0.2 * adult)


def seat_before(pen: Pen, x: float, feet: float, tall: float) -> None:
    """The back of a cinema's seat, before who sits in it and looks away from us."""
    seat(pen, x, feet - 0.5 * tall, 0.5 * tall, darker(PLUSH, 0.15))


def hung_lanterns(pen: Pen) -> None:
    """Of paper, on a cord across a street."""
    scene = pen.scene
    u, count = scene.u, max(4, round(scene.w / (0.22 * scene.u)))
    ends, sag = (0.12 * scene.h, 0.17 * scene.h), 0.09 * scene.h
    spots = []
    for k in range(4 * count + 1):
        t = k / (4 * count)
        spots.append((t * (scene.w + 16) - 8, ends[0] + (ends[1] - ends[0]) * t + 4 * sag * t * (1 - t)))
    pen.line(spots, 0.006 * u, "#4a342a")
    for k in range(count):
        x, y = spots[4 * k + 2]
        draw_thing(pen, "paper lantern", x, y + (0.105 + 0.012 * (k % 2)) * u, 0.11 * u)
