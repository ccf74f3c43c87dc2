"""People: dressed as the story says, in a pose, turned to where they face.

The same appearance gives the same shapes and colours in every picture; only pose, view and light change.
"""

import math

import numpy as np

from soundstage.film.painting.colours import lighter, mix, rgb
from soundstage.film.painting.people.body import Figure
from soundstage.film.painting.people.head import Headed
from soundstage.film.painting.raster import box, ellipse, smooth, stroke


class Person(Headed):
    """Draws one figure with its feet at ``feet``; ``height``: of an adult standing, pixels."""

    seated = False
    """In a boat or a bed: nothing is to be drawn for it to sit on."""

    in_a_suit = False
    """Where there is no air: a glass helmet, and what is breathed on the back."""

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
        if self.in_a_suit and not back:
            self._pack()
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
        if self.in_a_suit:
            self._glass_helmet()
            if back:
                self._pack()
        if not (back and self.holding):
            self._arm(near)
        return self._figure()

    def near_leg(self) -> None:
        """Once more, before what is ridden."""
        self._leg(self._near_side())

    def _pack(self) -> None:
        x, y = self.at((self.neck_base[0], self.neck_base[1], 0.0))
        s, f = self.scale * self.tall, math.cos(self.yaw)
        middle = x - 0.085 * s * f
        half = [(0.065, 0.25), (0.07, 0.02), (0.04, -0.015)]
        corners = [*((-dx, dy) for dx, dy in half), *half[::-1]]
        pack = [(middle + dx * s, y + dy * s) for dx, dy in corners]
        self.pen.fill(smooth(pack, steps=3), "#aeb6c2", shade=0.25)
        self.pen.fill(box(middle - 0.05 * s, y + 0.08 * s, middle + 0.05 * s, y + 0.1 * s), "#7a828e", shade=0)

    def _glass_helmet(self) -> None:
        pen, r = self.pen, self.radius * self.scale
        x, y = self.at(self.head3)
        glass, steel = ellipse(x, y - 0.02 * r, 1.62 * r, 1.62 * r), "#e4e8ee"
        pen.sheet.fill(glass, rgb("#cfe6f4"), opacity=0.16)
        pen.line(glass, 0.1 * r, steel, opacity=0.95)
        for start, end, wide in ((198, 236, 0.13), (244, 254, 0.1)):
            arc = ellipse(x, y - 0.02 * r, 1.34 * r, 1.34 * r, start=start, end=end)
            pen.sheet.fill(stroke(arc, [0.02 * r, wide * r, 0.02 * r], smoothed=False), rgb("#ffffff"), opacity=0.7)
        ring = [(x - 0.95 * r, y + 1.3 * r), (x, y + 1.52 * r), (x + 0.95 * r, y + 1.3 * r)]
        pen.line(ring, 0.34 * r, steel)

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
        if self.pen.scene.room in ("carriage", "bus"):
            side = 1 if math.cos(self.yaw) >= 0 else -1
            cloth = rgb("#3f6a5c" if self.pen.scene.room == "carriage" else "#3f5f8a")
            self.pen.fill(box(x - 0.13 * s, top + 0.03 * s, x + 0.13 * s, y), "#4a3428", shade=0.05)
            cushion = [
                (x - 0.15 * s, top + 0.05 * s),
                (x - 0.15 * s, top),
                (x + 0.15 * s, top),
                (x + 0.15 * s, top + 0.05 * s),
            ]
            self.pen.fill(smooth(cushion, steps=3), lighter(cloth, 0.1), shade=0.2)
            back = x - side * 0.13 * s
            rest = np.vstack([box(back - 0.06 * s, y, back - 0.06 * s, top - 0.4 * s)[1:3],
                              ellipse(back, top - 0.4 * s, 0.06 * s, 0.06 * s, start=180, end=360),
                              box(back + 0.06 * s, y, back + 0.06 * s, y)[:1]])  # fmt: skip
            self.pen.fill(rest, cloth, shade=0.2)
            return
        if self.pen.scene.room is not None or self.pen.scene.setting.place == "station":
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
