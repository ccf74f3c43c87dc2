"""Hair: where it grows on a head that is turned, what hangs behind it, curls, and a ribbon's bow."""

import math

import numpy as np

from soundstage.film.painting.colours import darker
from soundstage.film.painting.people.headwear import Hatted
from soundstage.film.painting.raster import ellipse, smooth

AZIMUTHS = (0.0, 35.0, 58.0, 78.0, 100.0, 125.0, 180.0)
"""Degrees around a head from the middle of its face."""
HAIRLINES = {
    "short": (-0.56, -0.5, -0.34, 0.08, 0.22, 0.5, 0.62),
    "curly": (-0.5, -0.46, -0.3, 0.2, 0.45, 0.65, 0.75),
    "bun": (-0.6, -0.5, -0.3, -0.06, 0.12, 0.4, 0.5),
    "braids": (-0.62, -0.46, -0.16, 0.22, 0.5, 0.8, 0.88),
    "long": (-0.58, -0.42, -0.02, 0.5, 0.9, 1.0, 1.0),
}
"""How far down hair grows there, in radii of the head from its middle; what is below is skin."""


class Haired(Hatted):
    """A dressed body with hair."""

    def _hair_cap(self) -> None:
        """All hair on the head that this view shows: above the hairline, around to where the head ends."""
        hairline = HAIRLINES.get(self.look.hair, HAIRLINES["short"])
        yaw = math.degrees(self.yaw)
        seen = np.linspace(4.0, 176.0, 25)
        around = np.abs((seen - yaw + 180.0) % 360.0 - 180.0)
        low = np.interp(around, AZIMUTHS, hairline)
        out = 1.02 * np.sqrt(np.clip(1.0 - (low * 0.94) ** 2, 0.04, 1.0))
        edge = np.column_stack([out * np.cos(np.radians(seen)), low])
        start, end = (math.degrees(math.atan2(y, x)) for x, y in (edge[-1], edge[0]))
        # Over the top, from the left end of the hairline to its right end.
        top = np.radians(np.linspace(start % 360.0, 360.0 + end if end < 90 else end, 28))
        crown = np.column_stack([1.05 * np.cos(top), 1.08 * np.sin(top)])
        self.pen.fill(self._on_head(np.vstack([edge, crown])), self.hair, shade=0.2)

    def _ears(self) -> None:
        """Where short or gathered hair leaves them free."""
        if self.look.hair in ("long", "braids", "curly"):
            return
        for side in (-92.0, 92.0):
            at = self.yaw + math.radians(side)
            if math.sin(at) > 0.12:
                x = 0.97 * math.cos(at)
                self.pen.fill(
                    self._on_head(ellipse(x, 0.2, 0.13 + 0.05 * abs(math.sin(at)), 0.21)), darker(self.skin, 0.07)
                )
                self.pen.flat(self._on_head(ellipse(x, 0.22, 0.06, 0.11)), darker(self.skin, 0.2))

    def _hood_behind(self, f: float) -> None:
        d = -0.3 * f
        self.pen.fill(
            self._on_head(
                smooth(
                    [
                        (-1.25 + d, 0.2),
                        (-1.05 + d, -0.9),
                        (d * 1.6, -1.42),
                        (1.05 + d, -0.9),
                        (1.25 + d, 0.2),
                        (1.05 + d, 1.15),
                        (d, 1.5),
                        (-1.05 + d, 1.15),
                    ]
                )
            ),
            self.garment,
            shade=0.25,
        )

    def _hair_behind(self) -> None:
        f, style = math.cos(self.yaw), self.look.hair
        back = math.sin(self.yaw) < -0.2
        if self.look.headwear in ("hood", "helmet"):
            return
        if style == "long":
            side = -0.42 * f
            sway = -0.22 * self.wind * (1 if f > 0.3 else -1 if f < -0.3 else 0)
            shape = smooth(
                [
                    (-0.98 + side * 0.4, -0.3),
                    (0.98 + side * 0.4, -0.3),
                    (0.95 + side, 1.0),
                    (0.78 + side + sway, 2.35),
                    (side + sway, 2.55),
                    (-0.78 + side + sway, 2.35),
                    (-0.95 + side, 1.0),
                ]
            )
            if abs(f) > 0.6:
                d = -math.copysign(1, f)
                shape = smooth(
                    [
                        (d * 0.1, -0.9),
                        (d * 1.05, -0.4),
                        (d * 1.15, 0.8),
                        (d * 1.2 + sway, 2.3),
                        (d * 0.55 + sway, 2.5),
                        (d * 0.05, 1.2),
                    ]
                )
            self.pen.fill(self._on_head(shape), darker(self.hair, 0.12 if not back else 0.0), shade=0.2)
        elif style == "braids":
            for side in (-1, 1):
                hidden = side * f > 0.55
                x = side * abs(math.sin(self.yaw)) * 0.82 - f * 0.35
                if hidden:
                    continue
                sway = -0.25 * self.wind * (1 if f > 0.3 else -1 if f < -0.3 else 0)
                for k in range(5):
                    y = 0.45 + 0.36 * k
                    self.pen.fill(self._on_head(ellipse(x + sway * k * 0.25, y, 0.24 - 0.012 * k, 0.25)), self.hair)
                tie = ellipse(x + sway * 1.2, 2.2, 0.2, 0.13)
                if self.look.accent == "ribbon":
                    self._bow(x + sway * 1.2, 2.15, 0.42)
                else:
                    self.pen.fill(self._on_head(tie), darker(self.hair, 0.35))
                self.pen.fill(self._on_head(ellipse(x + sway * 1.25, 2.42, 0.15, 0.2)), self.hair)

    def _bow(self, x: float, y: float, size: float) -> None:
        for side in (-1, 1):
            wing = smooth(
                [
                    (x, y),
                    (x + side * size, y - 0.62 * size),
                    (x + side * 1.15 * size, y),
                    (x + side * size, y + 0.62 * size),
                ],
                steps=6,
            )
            self.pen.accent(self._on_head(wing), self.accent)
        self.pen.accent(self._on_head(ellipse(x, y, 0.24 * size, 0.26 * size)), darker(self.accent, 0.12))

    def _curls(self, f: float, back: bool) -> None:
        for k in range(9):
            angle = math.radians(180 + 22.5 * k)
            self.pen.fill(
                self._on_head(ellipse(-0.2 * f + 0.98 * math.cos(angle), -0.08 + 0.98 * math.sin(angle), 0.34, 0.34)),
                self.hair,
                shade=0.14,
            )
        if back:
            for k in range(6):
                self.pen.fill(
                    self._on_head(ellipse(-0.6 + 0.4 * (k % 3) + 0.2 * (k // 3), -0.2 + 0.55 * (k // 3), 0.4, 0.4)),
                    self.hair,
                    shade=0.14,
                )
