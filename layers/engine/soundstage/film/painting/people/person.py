"""People: dressed as the story says, in a pose, turned to where they face.

The same appearance gives the same shapes and colours in every picture; only pose, view and light change.
"""

import math

from soundstage.film.painting.colours import mix, rgb
from soundstage.film.painting.people.body import Figure
from soundstage.film.painting.people.head import Headed
from soundstage.film.painting.raster import box, smooth


class Person(Headed):
    """Draws one figure with its feet at ``feet``; ``height``: of an adult standing, pixels."""

    seated = False
    """In a boat or a bed: nothing is to be drawn for it to sit on."""

    def draw(self) -> Figure:
        near, back = self._near_side(), math.sin(self.yaw) < -0.2
        far = 1 - near
        if self.presence.stance == "sitting" and not self.seated:
            self._seat()
        if not back and self.look.accent == "scarf":
            self._scarf_tail()
        if not back:
            self._hair_behind()
        if self.look.garment == "cloak":
            self._cloak_back()
        self._arm(far, shaded=True)
        self._leg(far, shaded=True)
        self._leg(near)
        if back and self.holding:
            self._arm(near)
        self._body()
        self._neck()
        if self.look.garment == "cloak":
            self._cloak_front(back)
        self._accents()
        self._head(back)
        if back:
            self._hair_behind()
            if self.look.accent == "scarf":
                self._scarf_band()
                self._scarf_tail()
        if not (back and self.holding):
            self._arm(near)
        return self._figure()

    def _figure(self) -> Figure:
        head = self.at(self.head3)
        r = self.radius * self.scale
        spots = [self.at(spot) for bones in (*self.legs3, *self.arms3) for spot in self._placed(bones)] + [
            (head[0] - 1.2 * r, head[1] - 1.25 * r),
            (head[0] + 1.2 * r, head[1] + r),
        ]
        xs, ys = [x for x, _ in spots], [y for _, y in spots]
        pad = 0.03 * self.scale
        hand = self.at(self.arms3[0][2])
        return Figure((min(xs) - pad, min(ys) - pad, max(xs) + pad, max(ys) + pad), (*head, r), hand)

    def _seat(self) -> None:
        """What is sat on when nothing else is there."""
        x, y = self.at((self.hip[0] - 0.01, 0.0, 0.0))
        s, top = self.scale, self.at((0.0, self.hip[1] - 0.05, 0.0))[1]
        if self.pen.scene.setting.place in (
            "home",
            "kitchen",
            "bedroom",
            "classroom",
            "library",
            "workshop",
            "interior",
            "station",
        ):
            wood = "#6b4a34"
            self.pen.fill(box(x - 0.1 * s, top, x + 0.1 * s, top + 0.03 * s), wood)
            for dx in (-0.085, 0.065):
                self.pen.fill(box(x + dx * s, top + 0.02 * s, x + (dx + 0.022) * s, y), wood)
            return
        rock = smooth(
            [
                (x - 0.17 * s, y + 0.01 * s),
                (x - 0.15 * s, top + 0.05 * s),
                (x - 0.06 * s, top),
                (x + 0.08 * s, top + 0.005 * s),
                (x + 0.15 * s, top + 0.07 * s),
                (x + 0.18 * s, y + 0.01 * s),
            ]
        )
        self.pen.fill(rock, mix(rgb("#7d7a78"), self.pen.scene.colours.earth, 0.35), shade=0.3, most=0.03)
