"""Hats, caps, hoods, scarves, crowns and helmets."""

import numpy as np

from soundstage.film.painting.colours import darker, mix, rgb
from soundstage.film.painting.people.accents import Accented
from soundstage.film.painting.people.body import METAL
from soundstage.film.painting.raster import Points, ellipse, outline, points, smooth, stroke, turned


class Hatted(Accented):
    """A dressed body with what it wears on its head, which is placed by ``_on_head``."""

    def _tilt(self) -> float:
        return self.turn * 0.55 if self.presence.stance in ("flying", "swimming") else self.turn

    def _on_head(self, shape: Points) -> Points:
        """From head units (radius 1, x to where it faces on the screen, y down) to the picture."""
        x, y = self.at(self.head3)
        r = self.radius * self.scale
        moved = np.asarray(shape, np.float64) * r + (x, y)
        return turned(moved, self._tilt(), (x, y)) if self.turn else moved

    def _headwear(self, f: float, back: bool) -> None:
        pen, wear = self.pen, self.look.headwear
        cloth = mix(darker(self.garment, 0.25), rgb("#5a4636"), 0.3)
        if wear == "hat":
            pen.fill(
                self._on_head(smooth(outline("-0.78 -0.5, -0.66 -1.2, 0 -1.42, 0.66 -1.2, 0.78 -0.5"), steps=6)),
                cloth,
                shade=0.2,
            )
            pen.fill(self._on_head(ellipse(0.1 * f, -0.5, 1.52, 0.27)), darker(cloth, 0.06), shade=0.2)
            pen.flat(self._on_head(stroke(outline("-0.74 -0.68, 0 -0.6, 0.74 -0.68"), 0.16)), darker(cloth, 0.4))
        elif wear == "cap":
            pen.fill(
                self._on_head(smooth(outline("-1.04 -0.3, -0.92 -1, 0 -1.26, 0.92 -1, 1.04 -0.3, 0 -0.42"), steps=6)),
                cloth,
                shade=0.2,
            )
            if not back:
                pen.fill(
                    self._on_head(
                        smooth(
                            [
                                (0.2 * f - 0.55 * (1 - abs(f)), -0.42),
                                (1.05 * f, -0.5),
                                (1.6 * f, -0.3),
                                (0.5 * f + 0.55 * (1 - abs(f)), -0.3),
                            ],
                            steps=6,
                        )
                    ),
                    darker(cloth, 0.2),
                )
        elif wear == "scarf":
            tone = mix(self.garment, rgb("#efe0c8"), 0.55)
            pen.fill(
                self._on_head(
                    smooth(
                        [
                            (-1.08 - 0.1 * f, 0.3),
                            (-1.06 - 0.1 * f, -0.7),
                            (-0.1 * f, -1.2),
                            (1.0 - 0.1 * f, -0.7),
                            (0.86, -0.42),
                            (0.3 * f, -0.56),
                            (-0.62 + 0.1 * f, -0.2),
                            (-0.7 + 0.1 * f, 0.7),
                            (-0.95, 0.8),
                        ]
                    )
                ),
                tone,
                shade=0.2,
            )
            if back:
                pen.fill(self._on_head(ellipse(0, 0, 1.06, 1.1)), tone, shade=0.2)
        elif wear == "crown":
            pen.fill(
                self._on_head(
                    points(
                        (-0.72, -0.62),
                        (-0.8, -1.34),
                        (-0.42, -1.0),
                        (0, -1.46),
                        (0.42, -1.0),
                        (0.8, -1.34),
                        (0.72, -0.62),
                    )
                ),
                "#e8b93c",
                shade=0.14,
            )
        elif wear == "helmet":
            pen.fill(
                self._on_head(
                    smooth(
                        [
                            (-1.1, 0.25),
                            (-1.05, -0.75),
                            (0, -1.28),
                            (1.05, -0.75),
                            (1.1, 0.0),
                            (0.62 * f + 0.4 * f, -0.3),
                            (0.1 * f, -0.36),
                            (-0.5, -0.2),
                        ],
                        steps=6,
                    )
                ),
                METAL,
                shade=0.22,
            )
            if back:
                pen.fill(self._on_head(ellipse(0, 0, 1.08, 1.14)), METAL, shade=0.25)
        elif wear == "hood" and not back:
            d = 0.1 * f
            for start, end in ((150, 390),):
                edge = ellipse(d + 0.16 * f, 0.05, 0.92, 1.02, start=start, end=end)
                pen.flat(self._on_head(stroke(edge, 0.2, smoothed=False)), darker(self.garment, 0.28))
