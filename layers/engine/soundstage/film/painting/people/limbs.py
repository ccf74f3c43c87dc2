"""Arms, legs and trunk of a figure, in its garment."""

import math

import numpy as np

from soundstage.film.painting.colours import Colour, darker, lighter, mix, rgb
from soundstage.film.painting.people.body import Body, Point
from soundstage.film.painting.raster import Points, ellipse, limb, smooth, stroke
from soundstage.film.painting.things import draw_held

WINDY = 0.9
"""Of ``wind``: a kite that somebody holds is in the air from there on."""


class Clothed(Body):
    """A body in its garment, without a head."""

    def _leg(self, which: int, *, shaded: bool = False) -> None:
        hip, knee, ankle = (self.at(spot) for spot in self._placed(self.legs3[which]))
        s = self.scale
        thick = 0.036 * self.bulk * (0.85 if self.character.age == "child" else 1.0)
        bare = self.look.garment == "dress" and self.character.age in ("child", "young")
        colour = self.skin if bare else self.trousers
        if shaded:
            colour = darker(colour, 0.14)
        self.pen.fill(limb(hip, knee, thick * 1.25 * s, thick * s), colour)
        self.pen.fill(limb(knee, ankle, thick * s, thick * 0.72 * s), colour)
        self._foot(knee, ankle, thick * s, shaded)

    def _foot(self, knee: Point, ankle: Point, thick: float, shaded: bool) -> None:
        boots = darker(self.boots, 0.15) if shaded else self.boots
        up = (ankle[0] + (knee[0] - ankle[0]) * 0.42, ankle[1] + (knee[1] - ankle[1]) * 0.42)
        self.pen.fill(limb(up, ankle, thick * 0.98, thick * 0.86), boots)
        way = math.atan2(ankle[1] - knee[1], ankle[0] - knee[0]) - math.pi / 2
        front = math.cos(self.yaw)
        long = (0.045 * abs(front) + 0.008) * self.scale * (0.85 if self.character.age == "child" else 1.0)
        dx = math.copysign(long, front) if abs(front) > 0.05 else 0.0
        toe = (ankle[0] + dx * math.cos(way), ankle[1] + dx * math.sin(way) + 0.008 * self.scale)
        self.pen.fill(limb((ankle[0], ankle[1] + 0.006 * self.scale), toe, thick * 0.82, thick * 0.62), boots)

    def _arm(self, which: int, *, shaded: bool = False) -> None:
        shoulder, elbow, hand = (self.at(spot) for spot in self.arms3[which])
        s = self.scale
        thick = 0.031 * self.bulk * (0.86 if self.character.age == "child" else 1.0)
        wide = 1.7 if self.look.garment == "robe" else 1.0
        sleeve = mix(self.garment, rgb("#f2ead8"), 0.75) if self.look.garment == "cloak" else self.garment
        if shaded:
            sleeve = darker(sleeve, 0.16)
        holds = which == 0 and bool(self.holding)
        if self.look.garment == "cloak" and not holds and self.presence.stance in ("standing", "walking", "kneeling"):
            return
        self.pen.fill(
            ellipse(*hand, thick * 0.82 * s, thick * 0.86 * s), self.skin if not shaded else darker(self.skin, 0.1)
        )
        self.pen.fill(limb(shoulder, elbow, thick * 1.18 * s, thick * s), sleeve)
        cuff = (hand[0] + (elbow[0] - hand[0]) * 0.16, hand[1] + (elbow[1] - hand[1]) * 0.16)
        self.pen.fill(limb(elbow, cuff, thick * s, thick * 0.86 * wide * s), sleeve)
        if self.look.accent == "trim":
            inner = (hand[0] + (elbow[0] - hand[0]) * 0.3, hand[1] + (elbow[1] - hand[1]) * 0.3)
            self.pen.accent(stroke([cuff, inner], thick * 2.0 * wide * s, smoothed=False), self.accent)
        if self.look.garment == "armour":
            self.pen.fill(ellipse(*shoulder, thick * 1.9 * s, thick * 1.6 * s), lighter(self.garment, 0.12))
        if holds:
            windy = self.wind >= WINDY
            draw_held(self.pen, self.holding[0], hand, s, math.cos(self.yaw), windy=windy, behind=self.across)
            self.pen.fill(ellipse(*hand, thick * 0.8 * s, thick * 0.8 * s), self.skin)

    def _spine(self, share: float) -> Point:
        """0 at the neck, 1 at the hip."""
        a, b = self.neck_base, self.hip
        return self.at((a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, 0.0))

    def _outline(self, levels: list[tuple[float, float, float]]) -> tuple[list[Point], list[Point]]:
        """Both sides of the trunk: (share of the spine, half across, half through), pixels."""
        top, bottom = self._spine(0), self._spine(1)
        length = math.hypot(bottom[0] - top[0], bottom[1] - top[1]) or 1.0
        nx, ny = -(bottom[1] - top[1]) / length, (bottom[0] - top[0]) / length
        left, right = [], []
        for share, across, through in levels:
            x, y = self._spine(share)
            half = self.half(across, through)
            left.append((x + nx * half, y + ny * half))
            right.append((x - nx * half, y - ny * half))
        return left, right

    def _skirt(self, levels: list[tuple[float, float, float]], hem: float, flare: float) -> Points:
        """Trunk and skirt in one; ``hem``: how far down the legs it reaches, 0–1."""
        left, right = self._outline(levels)
        hip = self._spine(1)
        ends = []
        for bones in self.legs3:
            h, k, a = (self.at(spot) for spot in self._placed(bones))
            way = min(1.0, hem) * 2
            ends.append(
                (h[0] + (k[0] - h[0]) * way, h[1] + (k[1] - h[1]) * way)
                if way <= 1
                else (k[0] + (a[0] - k[0]) * (way - 1), k[1] + (a[1] - k[1]) * (way - 1))
            )
        pad = self.half(self.shoulder * flare, self.shoulder * flare * 0.72)
        (x0, y0), (x1, y1) = sorted(ends)
        low = max(y0, y1) if not self.turn else (y0 + y1) / 2
        if self.turn:
            along = np.array([(x0 + x1) / 2 - hip[0], (y0 + y1) / 2 - hip[1]])
            along = along / (np.linalg.norm(along) or 1.0)
            normal = np.array([-along[1], along[0]]) * pad
            middle = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
            if normal @ (np.array(left[-1]) - right[-1]) < 0:
                normal = -normal
            return smooth(np.array([*left, middle + normal, middle - normal, *right[::-1]]))
        swing = self.wind * 0.03 * self.scale * (-1 if math.cos(self.yaw) > 0 else 1) * (abs(math.cos(self.yaw)) > 0.3)
        a, b = (x0 - pad * 0.55 + min(swing, 0), low), (x1 + pad * 0.55 + max(swing, 0), low)
        if left[-1][0] > right[-1][0]:
            a, b = b, a
        lowest = ((a[0] + b[0]) / 2, low + 0.012 * self.scale)
        corners = [
            *left,
            ((left[-1][0] * 0.45 + a[0] * 0.55), (left[-1][1] + a[1]) / 2),
            a,
            lowest,
            b,
            ((right[-1][0] * 0.45 + b[0] * 0.55), (right[-1][1] + b[1]) / 2),
            *right[::-1],
        ]
        return smooth(corners, steps=6)

    def _body(self) -> None:
        w, look = self.shoulder, self.look
        waist = 0.74 if self.character.gender == "female" else 0.88
        if look.build == "sturdy":
            waist += 0.16
        levels = [
            (-0.02, 0.34 * w, 0.34 * w),
            (0.05, 0.86 * w, 0.48 * w),
            (0.14, 1.03 * w, 0.6 * w),
            (0.42, 0.95 * w, 0.66 * w),
            (0.72, waist * w, 0.58 * w),
            (1.0, 0.92 * w, 0.66 * w),
        ]
        hem = {"coat": 0.44, "cloak": 0.3, "dress": 0.62, "shirt": 0.06, "robe": 0.93, "uniform": 0.2, "armour": 0.22}[
            look.garment
        ]
        flare = {"coat": 1.0, "cloak": 0.8, "dress": 1.55, "shirt": 0.75, "robe": 1.2, "uniform": 0.8, "armour": 0.95}[
            look.garment
        ]
        colour = mix(self.garment, rgb("#f2ead8"), 0.75) if look.garment == "cloak" else self.garment
        if self.presence.stance == "sitting":
            hem = max(0.5, min(hem, 0.62)) if hem > 0.3 else hem
        if self.presence.stance in ("sitting", "kneeling") and hem > 0.3:
            self._lap(colour, hem)
            hem = 0.12
        self.body = self._skirt(levels, hem, flare)
        self.pen.fill(self.body, colour, shade=0.3, most=0.03)
        self._folds(colour, hem)

    def _lap(self, colour: Colour, hem: float) -> None:
        """Cloth over bent legs."""
        s = self.scale
        for which in (1 - self._near_side(), self._near_side()):
            hip, knee, ankle = (self.at(spot) for spot in self._placed(self.legs3[which]))
            tone = colour if which == self._near_side() else darker(colour, 0.14)
            self.pen.fill(limb(hip, knee, 0.062 * self.bulk * s, 0.05 * self.bulk * s), tone)
            end = (
                knee[0] + (ankle[0] - knee[0]) * (hem - 0.4) * 1.3,
                knee[1] + (ankle[1] - knee[1]) * (hem - 0.4) * 1.3,
            )
            self.pen.fill(limb(knee, end, 0.05 * self.bulk * s, 0.056 * self.bulk * s), tone)

    def _folds(self, colour: Colour, hem: float) -> None:
        if self.scale < 90 or self.turn:
            return
        s = self.scale
        hip = self._spine(0.75)
        dark = darker(colour, 0.2)
        low = float(self.body[:, 1].max())
        front = math.cos(self.yaw)
        if hem > 0.25 or self.look.garment in ("coat", "uniform"):
            for share, offset in ((0.75, -0.45), (0.55, 0.1), (0.85, 0.55)):
                x = hip[0] + offset * self.half(self.shoulder, self.shoulder * 0.6)
                end = (x + offset * 0.03 * s, low - 0.02 * s)
                if end[1] - hip[1] > 0.05 * s:
                    self.pen.line(
                        [(x, hip[1] + (end[1] - hip[1]) * (1 - share)), end], [0.003 * s, 0.009 * s], dark, opacity=0.5
                    )
        if self.look.garment in ("coat", "uniform") and math.sin(self.yaw) > 0.2:
            x = self._spine(0)[0] + front * self.half(self.shoulder * 0.5, self.shoulder * 0.55)
            y0, y1 = self._spine(0.1)[1], low - 0.03 * s
            self.pen.line([(x, y0), (x + 0.006 * s, y1)], 0.005 * s, dark, opacity=0.7)
            for k in range(4):
                y = y0 + (0.15 + 0.2 * k) * (self._spine(1)[1] - y0)
                self.pen.flat(
                    ellipse(x + 0.018 * s * (1 if front <= 0 else -1), y, 0.007 * s, 0.007 * s),
                    lighter(mix(colour, rgb("#e0c080"), 0.6), 0.1),
                )
        if self.look.garment == "armour":
            for share in (0.3, 0.55, 0.8):
                left, right = self._outline([(share, self.shoulder * 0.95, self.shoulder * 0.6)])
                self.pen.line(
                    [left[0], (self._spine(share)[0], self._spine(share)[1] + 0.012 * s), right[0]],
                    0.006 * s,
                    darker(self.garment, 0.3),
                )

    def _neck(self) -> None:
        head, base, s = self.at(self.head3), self._spine(0.02), self.scale
        thick = 0.034 * self.bulk * (0.8 if self.character.age == "child" else 1.0) * s
        self.pen.fill(limb(base, head, thick, thick), darker(self.skin, 0.12))
