"""What a figure is known by: its scarf, belt, bag, collar or trim; and its cloak."""

import math

from soundstage.film.painting.colours import darker
from soundstage.film.painting.people.limbs import Clothed
from soundstage.film.painting.raster import Points, box, ellipse, path, smooth, stroke


class Accented(Clothed):
    """A dressed body with its mark."""

    def _band_at(self, share: float, clip: Points, *, low: bool = False) -> None:
        s = self.scale * self.mark
        if low and not self.turn:
            y = float(clip[:, 1].max())
            self.pen.accent(
                box(float(clip[:, 0].min()) - s, y - 0.045 * s, float(clip[:, 0].max()) + s, y + 0.02 * s),
                self.accent,
                clip=clip,
            )
            share = 0.16
        left, right = self._outline([(share, self.shoulder * 1.3, self.shoulder)])
        self.pen.accent(stroke([left[0], right[0]], 0.04 * s, smoothed=False), self.accent, clip=clip)

    def _accents(self) -> None:
        s, kind = self.scale * self.mark, self.look.accent
        if kind == "scarf":
            self._scarf_band()
        elif kind == "trim":
            self._band_at(1.0, self.body, low=True)
        elif kind == "belt":
            self._band_at(0.74, self.body)
            x, y = self._spine(0.76)
            x += math.cos(self.yaw) * self.half(0.5 * self.shoulder, 0.5 * self.shoulder)
            self.pen.accent(smooth(path(x, y, s, "-0.014 0, 0.014 0, 0.022 -0.1, -0.006 -0.11")), self.accent)
        elif kind == "collar":
            left, right = self._outline(
                [
                    (-0.05, self.shoulder * 0.42, self.shoulder * 0.42),
                    (0.16, self.shoulder * 1.12, self.shoulder * 0.78),
                ]
            )
            tip = self._spine(0.36)
            self.pen.accent(smooth([*left, tip, *right[::-1]], steps=6), self.accent)
        elif kind == "bag":
            side = -1 if math.cos(self.yaw) > 0 else 1
            left, right = self._outline(
                [(0.04, self.shoulder * 0.6, self.shoulder * 0.5), (0.95, self.shoulder * 1.0, self.shoulder * 0.9)]
            )
            start, end = (right[0], left[1]) if (left[1][0] - right[1][0]) * side > 0 else (left[0], right[1])
            self.pen.accent(stroke([start, end], 0.02 * s, smoothed=False), self.accent)
            x, y = end[0] - side * 0.0 * s, end[1] + 0.03 * s
            bag = smooth(path(x, y, s, "-0.065 0.04, 0.065 0.04, 0.06 -0.065, -0.06 -0.065"), steps=4)
            self.pen.accent(bag, self.accent)
            self.pen.flat(
                stroke(path(x, y, s, "-0.06 0.005, 0 -0.02, 0.06 0.005"), 0.007 * s), darker(self.accent, 0.45)
            )

    def _scarf_band(self) -> None:
        s = self.scale * self.mark
        x, y = self._spine(0.0)
        half = self.half(0.55 * self.shoulder, 0.55 * self.shoulder) + 0.016 * s
        angle = math.degrees(math.atan2(self._spine(1)[1] - y, self._spine(1)[0] - x)) - 90
        band = ellipse(x, y, half * 1.12, 0.034 * s, turn=angle)
        self.pen.accent(band, self.accent)
        if self.scale > 90:
            fold = ellipse(x, y, half * 0.9, 0.018 * s, turn=angle, start=15, end=165)
            self.pen.sheet.fill(stroke(fold, 0.004 * s, smoothed=False), darker(self.accent, 0.3), kept=1)

    def _scarf_tail(self) -> None:
        s = self.scale * self.mark
        x, y = self._spine(0.02)
        front = math.cos(self.yaw)
        back = -1.0 if front > 0.0 else 1.0
        flutter = 0.55 + 0.45 * self.wind if self.presence.stance not in ("running", "flying") else 1.25
        if self.pose.turn and self.presence.stance == "lying":
            flutter = 0.3
        reach = 0.24 * flutter * s
        drop = 0.20 * (1.25 - flutter) * s
        line = [
            (x + back * 0.03 * s, y),
            (x + back * (0.05 * s + reach * 0.35), y + 0.02 * s + drop * 0.3),
            (x + back * (0.05 * s + reach * 0.7), y + 0.005 * s + drop * 0.7),
            (x + back * (0.05 * s + reach), y + 0.035 * s + drop),
        ]
        self.pen.accent(stroke(line, [0.035 * s, 0.05 * s, 0.056 * s, 0.064 * s]), self.accent)
        if flutter < 1:
            second = [(a + back * 0.004 * s, b + 0.018 * s * k) for k, (a, b) in enumerate(line[:3])]
            self.pen.sheet.fill(stroke(second, [0.03 * s, 0.04 * s, 0.048 * s]), darker(self.accent, 0.28), kept=1)

    def _cloak_shape(self, hem: float, flare: float) -> Points:
        w = self.shoulder
        return self._skirt(
            [
                (-0.04, 0.4 * w, 0.42 * w),
                (0.06, 0.98 * w, 0.7 * w),
                (0.3, 1.22 * w, 0.95 * w),
                (1.0, 1.35 * w, 1.15 * w),
            ],
            hem,
            flare,
        )

    def _cloak_back(self) -> None:
        self.pen.fill(self._cloak_shape(0.8, 1.9), darker(self.garment, 0.3))

    def _cloak_front(self, back: bool) -> None:
        whole = self._cloak_shape(0.74, 1.7)
        self.body = whole
        front = math.cos(self.yaw)
        if back or self.turn:
            self.pen.fill(whole, self.garment, shade=0.3, most=0.03)
            return
        x, y = self._spine(0.02)
        low = float(whole[:, 1].max())
        half = self.half(self.shoulder, self.shoulder)
        open_x = x + front * half * 1.0
        gap = 0.34 * half * (0.4 + max(0.0, math.sin(self.yaw)))
        opening = smooth(
            [
                (open_x, y),
                (open_x + gap * 1.0 + front * half * 0.5, low + 4),
                (open_x - gap * 1.1 + front * half * 0.3, low + 4),
            ],
            steps=3,
        )
        # Even–odd: where the opening lies over the cloak, there is none.
        self.pen.fill([whole, opening], self.garment, shade=0.2, most=0.03, clip=whole)
