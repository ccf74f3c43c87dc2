"""Who and what is in a picture: their size, where they stand, swim or fly, and the thing that fills a near view."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from soundstage.film.painting.animals import draw_animal, flies_or_swims, metres_of, species_named
from soundstage.film.painting.colours import darker, mix, rgb
from soundstage.film.painting.interiors import INTERIORS, bed
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.people import Person, height_of
from soundstage.film.painting.raster import Sheet, bounds, box, ellipse, smooth, stroke
from soundstage.film.painting.scene import Scene
from soundstage.film.painting.terrain import Place
from soundstage.film.painting.things import THINGS, draw_thing, thing_named
from soundstage.models.story import Character, PartId, Presence, Shot, Storyboard

Box = tuple[float, float, float, float]
MOST_FIGURES = 4
METRES = 1.7
"""An adult's height, that animals and things are measured by."""
_DEFAULT_THINGS = {
    "sea": "boat", "shore": "shell", "lake": "rowboat", "river": "stone", "forest": "lantern", "mountain": "map",
    "field": "flower", "desert": "bottle", "village": "door", "city": "umbrella", "street": "umbrella",
    "garden": "flower", "castle": "key", "lighthouse": "lantern", "harbour": "rope", "bridge": "lantern",
    "cave": "torch", "sky": "kite", "space": "rocket", "road": "chest", "home": "lamp", "kitchen": "cup",
    "bedroom": "candle", "classroom": "book", "library": "book", "workshop": "key", "market": "basket",
    "station": "clock", "interior": "door", "plain": "lantern",
}  # fmt: skip
# Shares of the picture's measure: least and most of an animal with others, least of one alone.
_BEAST_SIZES = {
    "extreme_wide": (0.055, 0.30, 0.09), "wide": (0.11, 0.44, 0.20), "full": (0.20, 0.55, 0.34),
    "medium": (0.30, 0.62, 0.50), "close": (0.36, 0.70, 0.62), "detail": (0.14, 0.40, 0.20),
}  # fmt: skip
_LONG = {
    "whale": 3.2, "dolphin": 2.6, "shark": 2.6, "dragon": 3.0, "snake": 2.2, "bird": 1.3, "owl": 0.7, "penguin": 0.7,
    "robot": 0.8, "fish": 2.0, "snowman": 0.8, "spirit": 0.7, "monster": 1.0,
}  # fmt: skip
"""Length of an animal by its height, where it is not a quadruped's 1.7."""
_NEAR_THINGS = {
    "rope": 0.6, "stone": 0.55, "key": 0.62, "boat": 0.56, "rowboat": 0.42, "ship": 0.55, "cup": 0.5, "bread": 0.5,
    "table": 0.3, "bench": 0.4, "map": 0.55, "letter": 0.55, "book": 0.5, "car": 0.42, "cart": 0.42, "train": 0.5,
    "piano": 0.45,
}  # fmt: skip


class Casting:
    """The figures of one shot in one scene."""

    def __init__(self, scene: Scene, storyboard: Storyboard, shot: Shot, place: Place, notes: list[str]) -> None:
        self.scene, self.shot, self.place, self.notes = scene, shot, place, notes
        characters = {character.id: character for character in storyboard.characters}
        known = [(characters[who.character], who) for who in shot.cast if who.character in characters]
        self.cast = known[:MOST_FIGURES]
        if len(shot.cast) > len(self.cast):
            notes.append(f"{len(shot.cast) - len(self.cast)} of the cast are not in the picture.")
        self.near = shot.size in ("medium", "close")
        self.adult = self._adult()
        self.species = {character.id: self._species(character) for character, _ in self.cast}

    def painted(self) -> tuple[Sheet, dict[PartId, Box], tuple[float, float]]:
        """The sheet of all figures, where each is (shares of the picture), and what the camera keeps in view."""
        scene = self.scene
        sheet, boxes = scene.sheet(), dict[PartId, Box]()
        self._stand_things(sheet)
        spots = self._spots([self._width(character, who) for character, who in self.cast])
        for (character, who), (x, scale) in reversed(list(zip(self.cast, spots, strict=True))):
            own = scene.sheet()
            self._figure(own, character, who, x * scene.w, scale)
            sheet.over(own)
            if (found := bounds(own.alpha)) is not None:
                wide, high = scene.size
                boxes[character.id] = (found[0] / wide, found[1] / high, found[2] / wide, found[3] / high)
        if scene.staging.view == "thing":
            self._near_thing(sheet)
        focus: tuple[float, float] = (scene.staging.landmark_x, scene.staging.horizon)
        if self.cast and self.cast[0][0].id in boxes:
            x0, y0, x1, y1 = boxes[self.cast[0][0].id]
            focus = ((x0 + x1) / 2, y0 + 0.35 * (y1 - y0))
        return sheet, boxes, (round(float(np.clip(focus[0], 0, 1)), 4), round(float(np.clip(focus[1], 0, 1)), 4))

    # Sizes and places ------------------------------------------------------------------------------------------------

    def _adult(self) -> float:
        """Height of an adult standing, pixels. Near views are measured by the tallest who is there."""
        people = [character for character, _ in self.cast if character.kind == "person"]
        if not self.near or not people:
            return self.scene.staging.hero_height * self.scene.u
        alone, upright_alone, several, upright_several = {
            "medium": (1.0, 0.86, 1.0, 0.6),
            "close": (1.7, 1.2, 1.2, 0.66),
        }[self.shot.size]
        upright = self.scene.h > self.scene.w
        shares = (upright_several, several) if len(self.cast) > 1 else (upright_alone, alone)
        return shares[0 if upright else 1] * self.scene.h / max(height_of(person) for person in people)

    def _species(self, character: Character) -> str | None:
        if character.kind == "person":
            return None
        named = character.species or f"{character.name} {character.identity}"
        found = species_named(named) or species_named(" ".join([character.name, *character.aliases]))
        if found is None and character.kind in ("animal", "creature"):
            self.notes.append(
                f"There is no drawing of '{character.species or character.name}'; a creature stands for it."
            )
            return "monster"
        return found

    def _beast_size(self, name: str) -> tuple[float, float]:
        """Height and length, pixels: true to life beside a person, within what can be seen."""
        alone = len(self.cast) == 1
        least, most, least_alone = _BEAST_SIZES[self.shot.size]
        high = metres_of(name) * self.adult / METRES
        high = float(np.clip(high, (least_alone if alone else least) * self.scene.u, most * self.scene.u))
        if name == "whale":
            high *= 0.5
        long = _LONG.get(name, 1.7)
        high = min(high, (0.8 if alone else 0.6) * self.scene.w / long)
        return high, long * high

    def _width(self, character: Character, who: Presence) -> float:
        """About how wide it will be, pixels."""
        if (name := self.species[character.id]) is not None:
            return self._beast_size(name)[1]
        if character.kind == "thing":
            return 0.3 * self.scene.u
        shares = {"lying": 1.05, "running": 0.75, "flying": 1.1, "walking": 0.5, "swimming": 0.7}
        return height_of(character) * self.adult * (0.42 if self.near else shares.get(who.stance, 0.42))

    def _spots(self, widths: Sequence[float]) -> list[tuple[float, float]]:
        """x (share of the width) and scale of each: the hero on a third, the others where it looks, by their widths."""
        if not widths:
            return []
        scene, inside = self.scene, 0.07
        d = 1 if scene.staging.hero_x < 0.5 else -1
        places = [scene.staging.hero_x]
        for before, wide in pairwise(widths):
            places.append(places[-1] + d * (0.5 * (before + wide) + 0.05 * scene.u) / scene.w)
        low = min(x - 0.5 * wide / scene.w for x, wide in zip(places, widths, strict=True))
        high = max(x + 0.5 * wide / scene.w for x, wide in zip(places, widths, strict=True))
        if high - low > 1 - 2 * inside:
            middle = (low + high) / 2
            places = [0.5 + (x - middle) * (1 - 2 * inside) / (high - low) for x in places]
        else:
            shift = max(0.0, inside - low) - max(0.0, high - (1 - inside))
            if len(places) > 1:
                shift += (0.5 - (low + high) / 2 - shift) * 0.5
            places = [x + shift for x in places]
        scales = (1.0, 1.0, 0.94, 0.9) if self.near else (1.0, 0.97, 0.9, 0.86)
        return list(zip(places, scales, strict=False))

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
            bright += 0.25
        return Pen(
            self.scene, sheet, silhouette=silhouette if subject else 0.6 * silhouette, bright=bright if subject else 0.2
        )

    # Figures ---------------------------------------------------------------------------------------------------------

    def _figure(self, sheet: Sheet, character: Character, who: Presence, x: float, scale: float) -> None:
        name = self.species[character.id]
        if name is not None:
            self._beast(sheet, name, character, who, x, scale)
        elif character.kind == "thing":
            self._acting_thing(sheet, character, x, scale)
        else:
            self._person(sheet, character, who, x, scale)

    def _person(self, sheet: Sheet, character: Character, who: Presence, x: float, scale: float) -> None:
        scene, place = self.scene, self.shot.setting.place
        if self.near:
            self._near_person(sheet, character, who, x)
            return
        pen, adult, feet = self._pen(sheet), self.adult * scale, self._feet(x, scale)
        tall = height_of(character) * adult
        stance = "flying" if place == "sky" else who.stance
        water = self._water()
        if stance == "swimming" and water is None:
            stance = "walking"
        if self.shot.size == "detail":
            # Beyond the thing that the view is about, on the other side.
            stance = "standing" if stance in ("lying", "flying", "swimming", "running") else stance
            x, feet = scene.w * (0.82 if scene.staging.hero_x < 0.5 else 0.18), (scene.staging.ground - 0.03) * scene.h
        if stance == "lying" and place == "bedroom":
            self._in_bed(pen, character, who)
            return
        boat = self.place.afloat and water is not None and stance not in ("swimming", "flying")
        if stance == "swimming" and water is not None:
            feet = water + 0.66 * tall
        elif stance == "flying":
            feet = min(feet, 0.62 * scene.h)
        elif boat:
            feet -= 0.03 * adult
        else:
            self._shadow(sheet, x, feet, 0.16 * adult)
        self._draw(pen, character, who, stance, x, feet, adult)
        if boat:
            draw_thing(self._pen(sheet, subject=False), "rowboat", x, feet + 0.12 * adult, 0.62 * adult)
            self._cut_at(sheet, feet + 0.10 * adult)
        elif stance == "swimming" and water is not None:
            self._cut_at(sheet, water)

    def _near_person(self, sheet: Sheet, character: Character, who: Presence, x: float) -> None:
        """Half a figure, or head and shoulders: all stand on one ground below the picture, or on what is seen of it."""
        scene, pen = self.scene, self._pen(sheet)
        tallest = max(height_of(person) for person, _ in self.cast if person.kind == "person")
        feet = (0.2 if self.shot.size == "medium" else 0.17) * scene.h + tallest * self.adult
        facing = who.facing
        if scene.staging.view == "behind" and character is self.cast[0][0]:
            facing = "away"
        if feet < 0.98 * scene.h and not self.place.afloat:
            self._shadow(sheet, x, feet, 0.16 * self.adult)
        who = who.model_copy(update={"facing": facing})
        self._draw(pen, character, who, "standing", x, feet, self.adult)

    def _draw(
        self, pen: Pen, character: Character, who: Presence, stance: str, x: float, feet: float, adult: float
    ) -> None:
        wind = {"wind": 1.0, "storm": 1.0, "rain": 0.7}.get(self.scene.setting.weather, 0.5)
        Person(pen, character, who.model_copy(update={"stance": stance}), (x, feet), adult, wind).draw()

    def _in_bed(self, pen: Pen, character: Character, who: Presence) -> None:
        u = self.scene.u
        middle, top, side = bed(self.scene)
        adult = min(self.adult, 0.6 * u / height_of(character))
        tall = height_of(character) * adult
        x, feet = middle - side * 0.21 * u + side * 0.74 * tall, top + 0.1 * adult
        who = who.model_copy(update={"facing": "right" if side > 0 else "left"})
        self._draw(pen, character, who, "lying", x, feet, adult)
        start, end, over = x - side * 0.40 * tall, middle + side * 0.31 * u, feet - 0.15 * adult
        low = [(end + side * 0.01 * u, feet + 0.13 * u), (start - side * 0.01 * u, feet + 0.12 * u)]
        cover = [(start, over + 0.02 * adult), ((start + end) / 2, over), (end, over + 0.05 * adult), *low]
        pen.fill(smooth(cover, steps=6), "#5f7fa8", shade=0.14)
        pen.fill(stroke([(start, over + 0.01 * adult), low[1]], 0.035 * u), "#e6dcc8", shade=0.2)

    def _beast(self, sheet: Sheet, name: str, character: Character, who: Presence, x: float, scale: float) -> None:
        scene, place = self.scene, self.shot.setting.place
        high, long = self._beast_size(name)
        high, long = high * scale, long * scale
        feet = self._feet(x, scale)
        if self.shot.size == "detail":
            x = scene.w * (0.82 if scene.staging.hero_x < 0.5 else 0.18)
        x = float(np.clip(x, 0.06 * scene.w + long / 2, 0.94 * scene.w - long / 2))
        if self.near:
            feet = max(feet, (0.84 if scene.h <= scene.w else 0.74) * scene.h)
        pen, home, water = self._pen(sheet), flies_or_swims(name), self._water()
        cut: float | None = None
        if home == "air" or who.stance == "flying" or place == "sky":
            feet = min(feet, scene.staging.horizon * scene.h + 0.05 * scene.u)
        elif water is not None and (home == "sea" or who.stance == "swimming"):
            cut = water
            feet = cut + {"whale": 0.2, "dolphin": 0.05}.get(name, 0.5) * high
        elif self.place.afloat:
            draw_thing(
                self._pen(sheet, subject=False), "rowboat", x, feet + 0.05 * scene.u, max(0.5 * long, 0.16 * scene.u)
            )
            feet -= 0.02 * scene.u
        else:
            self._shadow(sheet, x, feet, 0.42 * long)
        draw_animal(pen, name, character, who, (x, feet), high / metres_of(name))
        if cut is not None:
            self._cut_at(sheet, cut)

    def _acting_thing(self, sheet: Sheet, character: Character, x: float, scale: float) -> None:
        """A thing with a will of its own: larger than life, with its own ribbon."""
        pen, u = self._pen(sheet), self.scene.u
        name = thing_named(" ".join([character.species or "", character.name, *character.aliases])) or "star"
        high = float(np.clip(THINGS[name][1] * self.adult / METRES, 0.16 * u, 0.46 * u))
        feet = self._feet(x, scale)
        if self.near:
            high, feet = 0.5 * u, max(feet, 0.8 * self.scene.h)
        self._shadow(sheet, x, feet, 0.3 * high)
        draw_thing(pen, name, x, feet, high)
        y, colour = feet - 0.16 * high, character.appearance.accent_colour
        for side in (-1, 1):
            tip = x + side * 0.17 * high
            wing = [(x, y), (tip, y - 0.09 * high), (tip + side * 0.02 * high, y), (tip, y + 0.09 * high)]
            pen.accent(smooth(wing, steps=5), colour)
        pen.accent(ellipse(x, y, 0.05 * high, 0.05 * high), colour)

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

    # Things ----------------------------------------------------------------------------------------------------------

    def _stand_things(self, sheet: Sheet) -> None:
        """Up to two things that the story puts into the place, beyond the hero."""
        scene, shot = self.scene, self.shot
        if self.near or shot.size == "detail" or self.place.afloat:
            return
        held = {thing_named(text) for who in shot.cast for text in who.holding}
        names = [name for name in map(thing_named, shot.setting.things) if name is not None and name not in held]
        d = 1 if scene.staging.hero_x < 0.5 else -1
        for number, name in enumerate(names[:2]):
            high = THINGS[name][1] * scene.staging.hero_height * scene.u / METRES
            high = float(np.clip(high, 0.05 * scene.u, 0.42 * scene.u))
            x = float(np.clip(scene.staging.hero_x + d * (0.26 + 0.2 * number), 0.1, 0.9)) * scene.w
            y = self._feet(x, 1.0)
            if name in ("star", "kite", "balloon"):
                y = 0.7 * scene.staging.horizon * scene.h
            else:
                self._shadow(sheet, x, y, 0.35 * high)
            draw_thing(self._pen(sheet, subject=False), name, x, y, high)

    def _near_thing(self, sheet: Sheet) -> None:
        """One thing, large and near, on stone or wood."""
        scene, c, shot = self.scene, self.scene.colours, self.shot
        named = [
            *(text for who in shot.cast for text in who.holding),
            *shot.setting.things,
            shot.prompt,
            shot.narration,
        ]
        found = (name for name in map(thing_named, named) if name is not None)
        name = next(found, _DEFAULT_THINGS[shot.setting.place])
        upright, indoors = scene.h > scene.w, shot.setting.place in INTERIORS
        x, y = scene.staging.hero_x * scene.w, scene.h * (0.68 if upright else 0.78)
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
        self._shadow(sheet, x, y + 0.005 * scene.h, 0.42 * high)
        draw_thing(Pen(scene, sheet, bright=0.6), name, x, y + 0.01 * scene.h, high)
