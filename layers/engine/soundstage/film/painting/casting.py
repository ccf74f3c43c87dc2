"""Who and what is in a picture: their size, where they stand, swim or fly, and the thing that fills a near view."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from soundstage.film.painting import herds
from soundstage.film.painting.animals import draw_animal, flies_or_swims, metres_of, species_named
from soundstage.film.painting.animals.species import BEASTS
from soundstage.film.painting.before import (
    at_table,
    counter_before,
    on_the_table,
    seat_before,
    serves,
    table_before,
    table_near,
)
from soundstage.film.painting.interiors import bed
from soundstage.film.painting.interiors.measures import WITHOUT_WINDOWS
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.people import Person, draw_face, height_of
from soundstage.film.painting.people.suits import dressed
from soundstage.film.painting.raster import Sheet, bounds, ellipse, smooth, stroke
from soundstage.film.painting.riding import mounted, ride_of
from soundstage.film.painting.scene import Scene
from soundstage.film.painting.stage import METRES, Stage
from soundstage.film.painting.terrain import Place
from soundstage.film.painting.things import THINGS, draw_thing, thing_named
from soundstage.models.story import Character, PartId, Presence, Shot, Storyboard

Box = tuple[float, float, float, float]
MOST_FIGURES = 4
_BEAST_SIZES = {
    "extreme_wide": (0.055, 0.30, 0.09), "wide": (0.11, 0.44, 0.20), "full": (0.20, 0.55, 0.34),
    "medium": (0.30, 0.62, 0.50), "close": (0.36, 0.70, 0.62), "detail": (0.14, 0.40, 0.20),
}  # fmt: skip
_LONG = {
    "whale": 3.2, "dolphin": 2.6, "shark": 2.6, "dragon": 3.0, "snake": 2.2, "bird": 1.3, "owl": 0.7, "penguin": 0.7,
    "hedgehog": 1.8, "robot": 0.8, "fish": 2.0, "snowman": 0.8, "spirit": 0.7, "monster": 1.0,
}  # fmt: skip
"""Length of an animal by its height, where it is not a quadruped's 1.7."""
_ALOFT = frozenset({"moon", "sun", "cloud", "snowflake", "drop"})
_FACELESS = frozenset({"door", "window", "boat", "rowboat", "ship", "train", "rocket", "bicycle", "rope", "map"})
"""Things on which eyes would look wrong."""
_FACE_HEIGHTS = {"stone": 0.18, "tree": 0.68, "lamp": 0.7, "bowl": 0.3, "cup": 0.4, "bread": 0.3, "chest": 0.4}
"""Of the drawing, where a face is not in its middle."""


_TOLD = frozenset({"lamp", "lantern", "candle"})
_WITH_BEDS = frozenset({"bedroom", "ward"})
_SEATED = frozenset({"carriage", "bus", "cinema", "theatre", "office", "restaurant", "noodle shop", "classroom"})
"""Rooms in which who sleeps does so on a seat."""


def heavenly(storyboard: Storyboard) -> set[PartId]:
    """Characters that are the moon or the sun."""
    return {c.id for c in storyboard.characters if c.kind == "thing" and c.species in ("moon", "sun")}


class Casting(Stage):
    """The figures of one shot in one scene."""

    def __init__(self, scene: Scene, storyboard: Storyboard, shot: Shot, place: Place, notes: list[str]) -> None:
        super().__init__(scene, shot, place)
        self.notes = notes
        characters = {character.id: character for character in storyboard.characters}
        known = [(characters[who.character], who) for who in shot.cast if who.character in characters]
        self.cast = [(character, self._with_free_hands(who)) for character, who in known[:MOST_FIGURES]]
        if len(shot.cast) > len(self.cast):
            notes.append(f"{len(shot.cast) - len(self.cast)} of the cast are not in the picture.")
        self.adult = self._adult()
        self.ride = ride_of(shot, self.cast) if not self.near and shot.size != "detail" else None
        if self.ride is not None:
            self.cast = [(character, who) for character, who in self.cast if character is not self.ride.mount]
        self.species = {character.id: self._species(character) for character, _ in self.cast}

    def _with_free_hands(self, who: Presence) -> Presence:
        """Without the thing that fills the view, and without kites in a room; a lamp outside is a lantern."""
        near = self.near_name() if self.scene.staging.view == "thing" else None
        indoors = self.scene.room is not None
        kept = [text for text in who.holding if near is None or thing_named(text) != near]
        kept = [text for text in kept if not (indoors and thing_named(text) in ("kite", "boat"))]
        lamps = ["lantern" if not indoors and thing_named(text) == "lamp" else text for text in kept]
        if self.scene.setting.weather in ("rain", "storm") and not indoors:
            lamps.sort(key=lambda text: thing_named(text) != "umbrella")
        seen = [self.as_told(name) if (name := thing_named(text)) in _TOLD else text for text in lamps]
        stance = "sitting" if who.stance == "lying" and self.scene.room in _SEATED else who.stance
        return who.model_copy(update={"holding": seen, "stance": stance})

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
            self._before(sheet, character, who, x * scene.w, scale)
            if (found := bounds(own.alpha)) is not None:
                wide, high = scene.size
                boxes[character.id] = (found[0] / wide, found[1] / high, found[2] / wide, found[3] / high)
                if self.ride is not None and character is self.ride.rider and self.ride.known:
                    boxes[self.ride.mount.id] = boxes[character.id]
        if scene.staging.view == "thing":
            self._near_thing(sheet)
        elif self.shot.size == "medium" and at_table(scene, self.shot):
            things = on_the_table(self.shot, scene.room, unlit="unlit" in scene.told)
            table_near(self._pen(sheet, subject=False), 0.8 * scene.h, things, 0.9 * self.adult)
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
        alone = len(self.cast) == 1 and not any(fact[0].isdigit() for fact in self.scene.told)
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
        if self.ride is not None and character is self.ride.rider:
            return self._beast_size(self.ride.species)[1]
        if (name := self.species[character.id]) is not None:
            return self._beast_size(name)[1] * (1 + 0.5 * self._others(character, name))
        if character.kind == "thing":
            return 0.3 * self.scene.u
        if (
            who.stance == "sitting"
            and not self.near
            and (self.scene.room in _SEATED or at_table(self.scene, self.shot))
        ):
            return (0.5 + 0.38 * height_of(character)) * self.adult
        shares = {"lying": 1.05, "running": 0.75, "flying": 1.1, "walking": 0.5, "swimming": 0.7}
        wide = 0.42 if self.near else shares.get(who.stance, 0.42)
        # An arm that holds something reaches out.
        return height_of(character) * self.adult * (wide + (0.16 if who.holding else 0.0))

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

    def _before(self, sheet: Sheet, character: Character, who: Presence, x: float, scale: float) -> None:
        """What stands between a figure and us."""
        scene, adult = self.scene, self.adult * scale
        if character.kind != "person" or self.shot.size == "detail":
            return
        number = [one.id for one, _ in self.cast].index(character.id)
        standing = who.stance in ("standing", "walking") and self.shot.size != "close"
        if standing and serves([one for one, _ in self.cast], scene) is character:
            feet = self._feet(x, scale) if not self.near else self._near_feet()
            if self.near and feet > 0.98 * scene.h:  # its top is to be seen
                adult *= 0.75
                feet = 0.8 * scene.h + 0.56 * adult
            counter_before(self._pen(sheet, subject=False), x, feet, adult)
        elif not self.near and number == 0 and at_table(scene, self.shot) and who.stance == "sitting":
            things = on_the_table(self.shot, scene.room, unlit="unlit" in scene.told)
            side = -1 if who.facing == "left" else 1
            adult *= 0.45 + 0.55 * height_of(character)  # children sit at low tables
            table_before(self._pen(sheet, subject=False), x, self._feet(x, scale), adult, things, side)

    # Figures ---------------------------------------------------------------------------------------------------------

    def _figure(self, sheet: Sheet, character: Character, who: Presence, x: float, scale: float) -> None:
        name = self.species[character.id]
        if name is not None:
            self._beast(sheet, name, character, who, x, scale)
        elif character.kind == "thing":
            self._acting_thing(sheet, character, who, x, scale)
        else:
            self._person(sheet, character, who, x, scale)

    def _person(self, sheet: Sheet, character: Character, who: Presence, x: float, scale: float) -> None:
        scene, place = self.scene, self.shot.setting.place
        if self.near:
            self._near_person(sheet, character, who, x)
            return
        pen, adult, feet = self._pen(sheet), self.adult * scale, self._feet(x, scale)
        if self.ride is not None and character is self.ride.rider:
            high, long = self._beast_size(self.ride.species)
            self._shadow(sheet, x, feet, 0.42 * long * scale)
            mounted(pen, self.ride, who, (x, feet), high * scale / metres_of(self.ride.species), adult)
            return
        tall = height_of(character) * adult
        stance = "flying" if place == "sky" else who.stance
        water = self._water()
        if stance == "swimming" and water is None:
            stance = "walking"
        if self.shot.size == "detail":
            # Beyond the thing that the view is about, on the other side.
            stance = "standing" if stance in ("lying", "flying", "swimming", "running") else stance
            beside = 0.12 * [one.id for one, _ in self.cast].index(character.id)
            x = scene.w * (0.82 - beside if scene.staging.hero_x < 0.5 else 0.18 + beside)
            feet = (scene.staging.ground - 0.03) * scene.h
        if scene.room in WITHOUT_WINDOWS and stance == "sitting" and self.shot.size != "detail":
            # Seen from behind, over the back of a seat; in a theatre before the stage.
            feet = 0.97 * scene.h if scene.room == "theatre" else feet
            self._draw(
                pen, character, who.model_copy(update={"facing": "away"}), "standing", x, feet + 0.25 * tall, adult
            )
            sheet.alpha[round(feet - 0.1 * tall) :] = 0
            sheet.colour[round(feet - 0.1 * tall) :] = 0
            sheet.kept[round(feet - 0.1 * tall) :] = 0
            seat_before(self._pen(sheet, subject=False), x, feet, tall)
            return
        if stance == "lying" and scene.room in _WITH_BEDS:
            self._in_bed(pen, character, who)
            return
        rowing = self._rows(stance)
        if rowing and water is not None:
            feet, adult = water - 0.02 * scene.u, 0.8 * adult
            x = float(np.clip(x, 0.3 * scene.w, 0.7 * scene.w))
        afloat = self.place.afloat and water is not None and stance not in ("swimming", "flying")
        boat = rowing or afloat
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
        if who.stance == "lying" and scene.room in _WITH_BEDS and self.shot.size == "medium":
            self._in_bed(pen, character, who)  # the room is not nearer than in a wider view
            return
        feet = self._near_feet()
        facing = who.facing
        if scene.staging.view == "behind" and character is self.cast[min(1, len(self.cast) - 1)][0]:
            facing = "away"  # over the shoulder of who listens; whoever the shot is about shows a face
        if feet < 0.98 * scene.h and not self.place.afloat:
            self._shadow(sheet, x, feet, 0.16 * self.adult)
        who = who.model_copy(update={"facing": facing})
        self._draw(pen, character, who, "standing", x, feet, self.adult)

    def _near_feet(self) -> float:
        tallest = max(height_of(person) for person, _ in self.cast if person.kind == "person")
        return (0.2 if self.shot.size == "medium" else 0.17) * self.scene.h + tallest * self.adult

    def _draw(
        self, pen: Pen, character: Character, who: Presence, stance: str, x: float, feet: float, adult: float
    ) -> None:
        wind = {"wind": 1.0, "storm": 1.0, "rain": 0.7}.get(self.scene.setting.weather, 0.5)
        airless = self.scene.setting.place == "space" and self.scene.room is None
        posed = who.model_copy(update={"stance": stance})
        person = Person(pen, dressed(character, airless=airless), posed, (x, feet), adult, wind)
        person.in_a_suit = airless
        person.seated = self._rows(stance) or self.place.afloat
        person.across = len(self.cast) > 1
        person.draw()

    def _in_bed(self, pen: Pen, character: Character, who: Presence) -> None:
        u = self.scene.u
        middle, top, side = bed(self.scene)
        adult = min(self.adult, 0.56 * u / height_of(character))
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
            beside = 0.12 * [one.id for one, _ in self.cast].index(character.id)
            x = scene.w * (0.82 - beside if scene.staging.hero_x < 0.5 else 0.18 + beside)
        x = float(np.clip(x, 0.06 * scene.w + long / 2, 0.94 * scene.w - long / 2))
        if self.near:
            feet = max(feet, (0.84 if scene.h <= scene.w else 0.74) * scene.h)
        pen, home, water = self._pen(sheet), flies_or_swims(name), self._water()
        cut: float | None = None
        flies = who.stance == "flying" and (name not in BEASTS or name == "unicorn")
        if home == "air" or flies or place == "sky":
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
        for number in range(self._others(character, name), 0, -1):
            spot, smaller = herds.spot(scene, (x, feet), long, number)
            self._shadow(sheet, *spot, 0.42 * long * smaller)
            one = herds.one_more(name, character, who, number)
            draw_animal(self._pen(sheet), name, *one, spot, smaller * high / metres_of(name))
        frontal = who.stance in ("sitting", "kneeling") or (len(self.cast) == 1 and self.near)
        draw_animal(pen, name, character, who, (x, feet), high / metres_of(name), frontal=frontal)
        if cut is not None:
            self._cut_at(sheet, cut)

    def _others(self, character: Character, name: str) -> int:
        """How many more of its kind the shot's prompt puts beside this one."""
        if self.shot.size in ("detail", "close"):
            return 0
        same = [one for one, _ in self.cast if self.species[one.id] == name]
        return herds.count(self.scene.told, name) - len(same) if character is same[0] else 0

    def _acting_thing(self, sheet: Sheet, character: Character, who: Presence, x: float, scale: float) -> None:
        """A thing with a will of its own: larger than life, with its own ribbon."""
        pen, u = self._pen(sheet), self.scene.u
        name = thing_named(" ".join([character.species or "", character.name, *character.aliases])) or "star"
        high = float(np.clip(THINGS[name][1] * self.adult / METRES, 0.2 * u, 0.46 * u))
        feet = self._feet(x, scale)
        if self.near:
            high, feet = 0.5 * u, max(feet, 0.8 * self.scene.h)
        if name in _ALOFT and who.stance not in ("sitting", "lying"):
            feet -= 0.34 * u if not self.near else 0.14 * u
        else:
            self._shadow(sheet, x, feet, 0.3 * high)
        draw_thing(pen, name, x, feet, high)
        if name not in _FACELESS:
            draw_face(
                pen, (x + 0.02 * high * (1 if who.facing == "right" else -1), feet - 0.54 * high), 0.3 * high, who
            )
        y = feet - 0.3 * _FACE_HEIGHTS.get(name, 0.54) * high
        colour = character.appearance.accent_colour
        for side in (-1, 1):
            tip = x + side * 0.17 * high
            wing = [(x, y), (tip, y - 0.09 * high), (tip + side * 0.02 * high, y), (tip, y + 0.09 * high)]
            pen.accent(smooth(wing, steps=5), colour)
        pen.accent(ellipse(x, y, 0.05 * high, 0.05 * high), colour)
