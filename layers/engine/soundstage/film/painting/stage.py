"""The ground on which figures stand in a picture, and the things that stand there with them."""

import numpy as np

from soundstage.film.painting import built
from soundstage.film.painting.aloft import IN_THE_SKY
from soundstage.film.painting.before import at_table, hung_lanterns
from soundstage.film.painting.colours import darker, mix, rgb
from soundstage.film.painting.crowd import draw_crowd
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import Sheet, bounds, box, ellipse, smooth, stroke
from soundstage.film.painting.scene import Scene
from soundstage.film.painting.terrain import Place
from soundstage.film.painting.things import THINGS, draw_thing, thing_named
from soundstage.film.painting.things.carried import resting_kite
from soundstage.models.story import Shot

_DEFAULT_THINGS = {
    "sea": "boat", "shore": "shell", "lake": "rowboat", "river": "stone", "forest": "lantern", "mountain": "map",
    "field": "flower", "desert": "bottle", "village": "door", "city": "umbrella", "street": "umbrella",
    "garden": "flower", "castle": "key", "lighthouse": "lantern", "harbour": "rope", "bridge": "lantern",
    "cave": "torch", "sky": "kite", "space": "rocket", "road": "chest", "home": "lamp", "kitchen": "cup",
    "bedroom": "candle", "classroom": "book", "library": "book", "workshop": "key", "market": "basket",
    "station": "clock", "interior": "door", "plain": "lantern",
}  # fmt: skip
# Shares of the picture's measure: least and most of an animal with others, least of one alone.
_NEAR_THINGS = {
    "rope": 0.6, "stone": 0.55, "key": 0.62, "boat": 0.56, "rowboat": 0.42, "ship": 0.55, "cup": 0.5, "bread": 0.5,
    "table": 0.3, "bench": 0.4, "map": 0.55, "letter": 0.55, "book": 0.5, "car": 0.42, "cart": 0.42, "train": 0.5,
    "piano": 0.45, "sled": 0.3,
}  # fmt: skip
FAR_OUT = 0.05
"""Of the picture's height below the horizon, where a ship out at sea floats."""
ON_THE_FLOOR_M, ON_THE_GROUND_M = 0.7, 0.2
"""The least height of what stands about: lamps and telephones are on tables, letters and keys in hands."""
_OF_OUTDOORS = frozenset({
    "tree", "stone", "boat", "rowboat", "ship", "car", "cart", "sled", "bicycle", "train",
    "rocket", "fire", "bench", "kite", "balloon", "star", "moon", "sun", "cloud", "palm", "telescope", "earth",
    "basket", "lantern", "paper lantern",
})  # fmt: skip
"""What stands about in the open; lamps, cups and doors do not."""
_ON_NO_FLOOR = frozenset({
    "tree", "stone", "boat", "rowboat", "ship", "car", "cart", "sled", "train", "rocket",
    "kite", "moon", "sun", "cloud", "star", "bicycle", "staff", "sword", "umbrella", "palm", "earth", "pipe",
    "fire",  # burns in the hearth
})  # fmt: skip
_ON_A_CLOTH = frozenset(["bread", "apple", "cup", "bowl", "bottle", "egg"])
"""Near, out of doors: nobody puts these on the bare ground."""
_WITH_TABLES = frozenset({"office", "restaurant", "noodle shop", "classroom", "library", "kitchen"})
BOATS = frozenset({"boat", "rowboat", "ship"})
ALOFT = frozenset({"star", "kite", "balloon", "moon", "sun", "cloud", "earth", *IN_THE_SKY})
HOUSE = "house"
_WITHOUT_HOUSES = frozenset(
    {"forest", "mountain", "field", "lake", "river", "shore", "road", "plain", "garden", "desert"}
)
CROWD = "crowd"
"""Among a setting's things: villagers, soldiers, children."""
METRES = 1.7
"""An adult's height, that animals and things are measured by."""


class Stage:
    """What of one shot in one scene is no figure."""

    def __init__(self, scene: Scene, shot: Shot, place: Place) -> None:
        self.scene, self.shot, self.place = scene, shot, place
        self.near = shot.size in ("medium", "close")

    def _feet(self, x: float, scale: float) -> float:
        """Where the ground is met at x, pixels."""
        scene, staging = self.scene, self.scene.staging
        y = staging.ground * scene.h
        line = self.place.ground_line
        if line is not None and staging.view == "side" and not self.near and self.shot.size != "detail":
            level = float(line[int(np.clip(x, 0, scene.w - 1))])
            y = level if self.shot.setting.place == "bridge" else max(y, level + 0.02 * scene.u)
        return y - (1 - scale) * 0.22 * scene.u * (0 if self.shot.setting.place == "bridge" else 1)

    def _water(self) -> float | None:
        """The surface that can be swum in, pixels."""
        if self.place.waterline is not None:
            return self.place.waterline * self.scene.h
        if self.shot.setting.place == "river":
            return (self.scene.staging.ground - 0.05) * self.scene.h
        return None

    def _pen(self, sheet: Sheet, *, subject: bool = True) -> Pen:
        """Far away and at night: shapes. Whoever the picture is about is seen better than the place."""
        far = {"extreme_wide": 0.28, "wide": 0.08}.get(self.shot.size, 0.0)
        dark = 0.12 * self.scene.colours.dark * (0.3 if self.near else 1.0)
        silhouette = far + dark + (0.1 if self.scene.style == "night_lantern" else 0.0)
        bright = {"extreme_wide": 0.25, "wide": 0.4, "full": 0.5}.get(self.shot.size, 0.6)
        if self.scene.style == "night_lantern":
            bright += 0.4
        return Pen(
            self.scene, sheet, silhouette=silhouette if subject else 0.6 * silhouette, bright=bright if subject else 0.2
        )

    def _shadow(self, sheet: Sheet, x: float, y: float, reach: float) -> None:
        away = -1 if self.scene.light.x * self.scene.w > x else 1
        shape = ellipse(x + away * 0.5 * reach, y + 0.01 * self.scene.u, reach * 1.15, 0.16 * reach)
        sheet.fill(shape, darker(self.scene.colours.foreground, 0.2), opacity=0.42, soft=max(1.0, 0.05 * reach))

    def _cut_at(self, sheet: Sheet, y: float) -> None:
        """Nothing below the water; a light line where it is met."""
        scene, u = self.scene, self.scene.u
        columns, rows = np.arange(scene.w, dtype=np.float32), np.arange(scene.h, dtype=np.float32)[:, None]
        line = (y + 0.006 * u * np.sin(columns / u * 40) + 0.004 * u * np.sin(columns / u * 93)).astype(np.float32)
        above = np.clip(line[None, :] - rows + 0.5, 0, 1)
        met = bounds(sheet.alpha * (np.abs(rows - y) < 3))
        sheet.alpha *= above
        sheet.colour *= above[..., None]
        sheet.kept *= above
        if met is not None:
            x = np.linspace(met[0] - 0.03 * u, met[2] + 0.03 * u, 24)
            widths = [0.5, *[0.006 * u] * 22, 0.5]
            foam = mix(scene.colours.light, scene.colours.horizon, 0.4)
            sheet.fill(stroke(np.column_stack([x, np.interp(x, columns, line)]), widths), foam, opacity=0.8)

    def _stand_things(self, sheet: Sheet) -> None:
        """Up to two things that the story puts into the place, beyond the hero."""
        scene, shot = self.scene, self.shot
        if self.near or shot.size == "detail":
            return
        held = {thing_named(text) for who in shot.cast for text in who.holding}
        d = 1 if scene.staging.hero_x < 0.5 else -1
        if HOUSE in shot.setting.things and shot.setting.place in _WITHOUT_HOUSES:
            self._house(sheet, d)
        if CROWD in shot.setting.things:
            draw_crowd(self.scene, self._pen(sheet, subject=False), self._feet, self._shadow, alone=not shot.cast)
        if self._hung():
            hung_lanterns(self._pen(sheet, subject=False))
        named = map(thing_named, shot.setting.things)
        least = ON_THE_FLOOR_M if scene.room is not None else ON_THE_GROUND_M
        elsewhere = {
            *held,
            *self._of_the_place(),
            *IN_THE_SKY,
            *({"paper lantern"} if self._hung() else ()),
            *({"table", "chair"} if at_table(scene, shot) else ()),
        }
        names = [n for n in named if n is not None and n not in elsewhere and THINGS[n][1] >= least]
        names = ["standing telescope" if n == "telescope" else n for n in names if self._belongs(n)]
        rowed = any(self._rows(who.stance) for who in shot.cast)
        for number, name in enumerate([n for n in names if not (rowed and n in BOATS)][:2]):
            if name == "rocket" and "launch" in scene.told:
                draw_thing(
                    self._pen(sheet, subject=False),
                    "flying rocket",
                    float(np.clip(scene.staging.hero_x + 0.34 * d, 0.1, 0.9)) * scene.w,
                    0.56 * scene.h,
                    0.36 * scene.u,
                )
                continue
            high = THINGS[name][1] * scene.staging.hero_height * scene.u / METRES
            high = float(np.clip(high, 0.05 * scene.u, 0.42 * scene.u))
            beside = 0.16 if name == "sled" else 0.26
            x = float(np.clip(scene.staging.hero_x + d * (beside + 0.2 * number), 0.1, 0.9)) * scene.w
            y = self._feet(x, 1.0)
            if name == "kite" and scene.setting.weather not in ("wind", "storm") and shot.setting.place != "sky":
                resting_kite(self._pen(sheet, subject=False), x, y, 0.8 * high)
                continue
            if name in ALOFT:
                y = 0.7 * scene.staging.horizon * scene.h
            elif name in BOATS and self.place.afloat:
                y = (scene.staging.horizon + FAR_OUT) * scene.h
            elif name in BOATS and (water := self._water()) is not None:
                x, y = float(np.clip(x / scene.w + 0.12 * d, 0.15, 0.85)) * scene.w, water + 0.02 * scene.u
            else:
                self._shadow(sheet, x, y, 0.35 * high)
            draw_thing(self._pen(sheet, subject=False), self.as_told(name), x, y, high)

    def _hung(self) -> bool:
        """Whether lanterns hang over this place."""
        named = {thing_named(text) for text in self.shot.setting.things}
        streets = ("street", "village", "city", "market", "garden", "castle", "bridge", "road")
        return "paper lantern" in named and "hung" in self.scene.told and self.shot.setting.place in streets

    def as_told(self, name: str) -> str:
        """The drawing of a thing as the shot's prompt has it: a lamp that is out, a rocket that flies."""
        told = self.scene.told
        if "unlit" in told and name in ("lamp", "lantern", "candle"):
            return f"dark {name}"
        return "flying rocket" if name == "rocket" and "launch" in told else name

    def _belongs(self, name: str) -> bool:
        """Vehicles stand in no room and lamps in no field; boats float, or lie on a shore."""
        if self.scene.room is not None:
            return name not in _ON_NO_FLOOR
        if self.place.afloat:
            return name in BOATS or name in ALOFT
        if name in BOATS and self._water() is None:
            return self.shot.setting.place in ("shore", "harbour")
        return name in _OF_OUTDOORS

    def _rows(self, stance: str) -> bool:
        """Whether who sits does so in the boat that the shot tells of."""
        has_boat = BOATS & {thing_named(text) for text in self.shot.setting.things}
        rowing = bool(has_boat) and "rowing" in self.scene.told
        return stance == "sitting" and rowing and self._water() is not None

    def near_name(self) -> str:
        """The one thing that a view of a thing is of."""
        named = [*(text for who in self.shot.cast for text in who.holding), *self.shot.setting.things, self.shot.prompt]
        found = (name for name in map(thing_named, named) if name is not None)
        name = next(found, _DEFAULT_THINGS[self.shot.setting.place])
        # In the open nobody has a table for a lamp.
        if name == "earth" and self.shot.setting.place != "space":
            name = _DEFAULT_THINGS[self.shot.setting.place]  # the ground, not the world
        return self.as_told("lantern" if name == "lamp" and self.scene.room is None else name)

    def _of_the_place(self) -> set[str]:
        """What does not stand about by itself: windows are of houses, doors inside of them of walls."""
        indoors = self.scene.room is not None
        if self.scene.room in _WITH_TABLES:
            return {"window", "door", "table", "chair"}
        if self.shot.setting.place == "market":
            return {"window", "door", "lantern", "paper lantern"}  # they hang over it
        return {"window", "door"} if indoors or self.shot.setting.place in ("village", "street", "city") else {"window"}

    def _house(self, sheet: Sheet, d: int) -> None:
        """One that the story speaks of, where the place has none; on the side that the hero looks to."""
        scene = self.scene
        x = float(np.clip(scene.staging.hero_x + d * 0.36, 0.16, 0.84)) * scene.w
        high = float(np.clip(1.5 * scene.staging.hero_height, 0.16, 0.34)) * scene.u
        rng = scene.rng("house")
        built.house(
            self._pen(sheet, subject=False), x, self._feet(x, 1.0) - 0.01 * scene.u, 1.2 * high, 0.62 * high, rng
        )

    def _near_thing(self, sheet: Sheet) -> None:
        """One thing, large and near, on stone or wood."""
        scene, c = self.scene, self.scene.colours
        name = self.near_name()
        upright, indoors = scene.h > scene.w, scene.room is not None
        x, y = scene.staging.hero_x * scene.w, scene.h * (0.68 if upright else 0.78)
        if name in ALOFT and not indoors:
            draw_thing(Pen(scene, sheet, bright=0.6), name, x, 0.7 * y, 0.5 * scene.u)
            return
        wood = mix(rgb("#8a6242"), c.shade, 0.2 + 0.3 * c.dark)
        top = mix(wood, c.foreground, 0.1) if indoors else mix(mix(c.earth, c.foliage, 0.25), c.shade, 0.3)
        if indoors:
            board = box(-8, y - 0.02 * scene.h, scene.w + 8, scene.h + 8)
            sheet.fill(board, mix(top, c.light, 0.1), to=mix(top, c.foreground, 0.65))
            for k in range(5):
                level = y + scene.h * (0.02 + 0.05 * k)
                grain = stroke([(-8, level), (scene.w * 0.5, level + 4), (scene.w + 8, level - 3)], 2.0)
                sheet.fill(grain, mix(top, c.foreground, 0.5), opacity=0.5)
        else:
            heights = ((0.0, 0.03), (0.25, -0.005), (x / scene.w, -0.02), (0.8, 0.01), (1.0, 0.04))
            crest = [(share * scene.w, y + lift * scene.h) for share, lift in heights]
            ends = [(scene.w + 20, crest[-1][1]), (scene.w + 20, scene.h + 30), (-20, scene.h + 30), (-20, crest[0][1])]
            sheet.fill(smooth([*crest, *ends]), mix(top, c.light, 0.1), to=mix(top, c.foreground, 0.75))
        high = _NEAR_THINGS.get(name, 0.6) * min(scene.u, 0.9 * scene.h)
        if not indoors and name in _ON_A_CLOTH:
            cloth = ellipse(x, y + 0.03 * scene.h, 0.42 * scene.u, 0.05 * scene.u)
            Pen(scene, sheet, bright=0.5).fill(cloth, "#efe6d2", shade=0.2)
        self._shadow(sheet, x, y + 0.005 * scene.h, 0.42 * high)
        draw_thing(Pen(scene, sheet, bright=0.6), name, x, y + 0.01 * scene.h, high)
