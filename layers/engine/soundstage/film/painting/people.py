"""People: a skeleton in three dimensions in a pose, turned to where it faces, dressed as the story says.

The same appearance gives the same shapes and colours in every picture; only pose, view and light change.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from soundstage.film.painting.colours import Colour, darker, lighter, mix, rgb
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import Points, box, ellipse, limb, outline, path, points, smooth, stroke, turned
from soundstage.film.painting.things import draw_held
from soundstage.models.story import Appearance, Character, Presence

Point = tuple[float, float]


@dataclass(frozen=True)
class Pose:
    """Degrees. Thighs and arms swing forward from hanging; knees and elbows bend; right before left."""

    lean: float = 0.0
    thighs: tuple[float, float] = (4.0, -4.0)
    knees: tuple[float, float] = (3.0, 3.0)
    arms: tuple[float, float] = (8.0, -6.0)
    elbows: tuple[float, float] = (14.0, 14.0)
    spread: float = 9.0
    nod: float = 0.0
    turn: float = 0.0
    """Of the whole body about its hips, toward where it faces."""
    seat: float = 0.0
    """Height of what is sat on, share of the leg."""
    lift: float = 0.0
    """Above the ground, heights."""


POSES: dict[str, Pose] = {
    "standing": Pose(),
    "walking": Pose(lean=4, thighs=(25, -22), knees=(6, 26), arms=(-22, 24), elbows=(16, 26)),
    "running": Pose(lean=17, thighs=(58, -34), knees=(62, 70), arms=(-48, 52), elbows=(78, 86), lift=0.03),
    "sitting": Pose(lean=3, thighs=(84, 76), knees=(84, 72), arms=(26, 20), elbows=(36, 44), seat=0.52),
    "kneeling": Pose(lean=6, thighs=(84, -6), knees=(86, 96), arms=(30, 22), elbows=(30, 36)),
    "lying": Pose(thighs=(8, -3), knees=(14, 4), arms=(16, 6), elbows=(20, 10), turn=-86),
    "flying": Pose(thighs=(-10, -24), knees=(10, 22), arms=(155, 110), elbows=(8, 16), turn=62, lift=0.34, nod=-30),
    "swimming": Pose(lean=6, thighs=(-6, 10), knees=(16, 6), arms=(104, 70), elbows=(8, 12), turn=20, nod=-14),
}
_HEIGHTS = {"child": 0.68, "young": 0.9, "adult": 1.0, "old": 0.93}
_HEADS = {"child": 0.092, "young": 0.086, "adult": 0.083, "old": 0.082}
"""Height and radius of the head, of an adult's height: as picture books have them, heads a little large."""
METAL = rgb("#b4bcc8")
EYE = rgb("#1e1a20")


@dataclass(frozen=True)
class Figure:
    """Where it was painted, pixels: feet, head, hand with what is held."""

    box: tuple[float, float, float, float]
    head: tuple[float, float, float]
    hand: Point


def height_of(character: Character) -> float:
    """Standing, of an adult's height."""
    return _HEIGHTS[character.age] * (1.08 if character.appearance.build == "tall" else 1.0)


def _yaw(presence: Presence, pose: Pose) -> float:
    """Degrees: 0 faces right, 90 the viewer, −90 away. Those who stand are seen at three quarters."""
    moving = presence.stance in ("walking", "running", "flying", "swimming", "lying")
    aside = 14 if moving else 40
    return {"right": aside, "left": 180 - aside, "toward": 80.0, "away": -82.0}[presence.facing]


class Person:
    """Draws one figure with its feet at ``feet``; ``height``: of an adult standing, pixels."""

    def __init__(
        self, pen: Pen, character: Character, presence: Presence, feet: Point, height: float, wind: float = 0.5
    ) -> None:
        self.pen, self.look, self.presence, self.character = pen, character.appearance, presence, character
        self.scale = height
        self.feet = feet
        self.wind = wind
        # Far away the mark that tells who it is is drawn larger.
        self.mark = 1.6 if height < 0.2 * pen.scene.u else 1.0
        self.pose = POSES[presence.stance]
        self.holding = [thing for thing in presence.holding if thing][:1]
        if self.holding and presence.stance in ("standing", "walking", "kneeling", "sitting"):
            self.pose = replace(self.pose, arms=(48, self.pose.arms[1]), elbows=(44, self.pose.elbows[1]))
        if character.age == "old":
            self.pose = replace(self.pose, lean=self.pose.lean + 9, nod=self.pose.nod - 6)
        self.yaw = math.radians(_yaw(presence, self.pose))
        self.tall = height_of(character)
        self.radius = _HEADS[character.age] * (1.03 if character.appearance.build == "sturdy" else 1.0)
        bulk = {"slight": 0.87, "average": 1.0, "sturdy": 1.25, "tall": 0.98}[character.appearance.build]
        base = {"child": 0.072, "young": 0.092, "adult": 0.104, "old": 0.1}[character.age]
        self.shoulder = base * bulk * (0.92 if character.gender == "female" else 1.0)
        self.bulk = bulk
        self._skeleton()
        self._colours()

    # Bones -----------------------------------------------------------------------------------------------------------

    def _skeleton(self) -> None:
        p, tall = self.pose, self.tall
        leg = tall * (0.40 if self.character.age == "child" else 0.46)
        self.leg = leg
        neck = 0.028 * tall
        torso = tall - leg - 2 * self.radius - neck
        thigh, shin = 0.5 * leg, 0.5 * leg
        hips = 0.55 * self.shoulder
        legs = []
        for side, swing, bend in ((-1, p.thighs[0], p.knees[0]), (1, p.thighs[1], p.knees[1])):
            a, b = math.radians(swing), math.radians(swing - bend)
            knee = (thigh * math.sin(a), -thigh * math.cos(a), side * hips * 0.95)
            ankle = (knee[0] + shin * math.sin(b), knee[1] - shin * math.cos(b), side * hips * 0.95)
            legs.append(((0.0, 0.0, side * hips), knee, ankle))
        lowest = min(leg_[2][1] for leg_ in legs)
        lowest = min(lowest, *(leg_[1][1] - 0.02 for leg_ in legs))
        self.hip = (0.0, -lowest + 0.022, 0.0)
        if p.seat:
            self.hip = (0.0, max(-lowest, p.seat * leg) + 0.022, 0.0)
        lean = math.radians(p.lean)
        top = (torso * math.sin(lean), self.hip[1] + torso * math.cos(lean), 0.0)
        self.neck_base = top
        arms = []
        upper = 0.21 * tall * (0.92 if self.character.age == "child" else 1.0)
        lower = 0.19 * tall * (0.92 if self.character.age == "child" else 1.0)
        for side, swing, bend in ((-1, p.arms[0], p.elbows[0]), (1, p.arms[1], p.elbows[1])):
            shoulder = (top[0], top[1] - 0.025 * tall, side * self.shoulder * 0.9)
            a = math.radians(swing)
            out = side * math.sin(math.radians(p.spread))
            elbow = (shoulder[0] + upper * math.sin(a), shoulder[1] - upper * math.cos(a), shoulder[2] + out * upper)
            b = math.radians(swing + bend)
            hand = (elbow[0] + lower * math.sin(b), elbow[1] - lower * math.cos(b), elbow[2] + 0.3 * out * lower)
            arms.append((shoulder, elbow, hand))
        self.legs3, self.arms3 = legs, arms
        nod = math.radians(p.nod + p.lean * 0.5)
        away = neck + self.radius * 0.95
        self.head3 = (top[0] + away * math.sin(nod) + 0.12 * self.radius, top[1] + away * math.cos(nod), 0.0)
        self.turn = p.turn * (1 if math.cos(self.yaw) >= 0 else -1)

    def at(self, bone: tuple[float, float, float]) -> Point:
        """A place of the skeleton in the picture."""
        forward, up, left = bone
        x = self.feet[0] + (forward * math.cos(self.yaw) + left * math.sin(self.yaw)) * self.scale
        y = self.feet[1] - (up + self.pose.lift) * self.scale
        if self.turn:
            about = (self.feet[0], self.feet[1] - (self.pose.lift + 0.5 * self.leg) * self.scale)
            moved = turned(points((x, y)), self.turn, about)[0]
            drop = 0.5 * self.leg - 0.075 if self.presence.stance == "lying" else 0.0
            return float(moved[0]), float(moved[1]) + drop * self.scale
        return x, y

    def half(self, across: float, through: float) -> float:
        """Half the width that a body of these half axes shows in this view, pixels."""
        return math.hypot(across * math.sin(self.yaw), through * math.cos(self.yaw)) * self.scale

    def _near_side(self) -> int:
        """0: the right arm and leg are nearer; 1: the left."""
        return 0 if math.cos(self.yaw) >= 0 else 1

    # Colours ---------------------------------------------------------------------------------------------------------

    def _colours(self) -> None:
        look = self.look
        self.skin = rgb(look.skin_colour)
        self.garment = rgb(look.garment_colour)
        if look.garment == "armour":
            self.garment = mix(METAL, self.garment, 0.3)
        hair = rgb(look.hair_colour)
        if self.character.age == "old" and look.hair_colour == Appearance().hair_colour:
            hair = rgb("#d9d6d0")
        self.hair = hair
        self.trousers = mix(darker(self.garment, 0.45), rgb("#3a3440"), 0.45)
        self.boots = rgb("#3b2c28")
        self.accent = rgb(look.accent_colour)

    # Parts -----------------------------------------------------------------------------------------------------------

    def draw(self) -> Figure:
        near, back = self._near_side(), math.sin(self.yaw) < -0.2
        far = 1 - near
        if self.presence.stance == "sitting":
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

    def _placed(self, bones: tuple[tuple[float, float, float], ...]) -> list[tuple[float, float, float]]:
        """Legs are kept from the hip; arms already are where they are."""
        if bones in self.legs3:
            return [(f + self.hip[0], u + self.hip[1], side) for f, u, side in bones]
        return list(bones)

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
            draw_held(self.pen, self.holding[0], hand, s, math.cos(self.yaw))
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

    # Cloak -----------------------------------------------------------------------------------------------------------

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

    # Head ------------------------------------------------------------------------------------------------------------

    def _tilt(self) -> float:
        return self.turn * 0.55 if self.presence.stance in ("flying", "swimming") else self.turn

    def _on_head(self, shape: Points) -> Points:
        """From head units (radius 1, x to where it faces on the screen, y down) to the picture."""
        x, y = self.at(self.head3)
        r = self.radius * self.scale
        moved = np.asarray(shape, np.float64) * r + (x, y)
        return turned(moved, self._tilt(), (x, y)) if self.turn else moved

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

    def _head(self, back: bool) -> None:
        f = math.cos(self.yaw)
        look, pen = self.look, self.pen
        wear = look.headwear
        if wear == "hood":
            d = -0.3 * f
            pen.fill(
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
        if back:
            pen.fill(
                self._on_head(ellipse(0, 0, 0.98, 1.04)), self.skin if look.hair == "none" else self.hair, shade=0.2
            )
            if look.hair == "short":
                pen.fill(self._on_head(ellipse(0, 0.92, 0.5, 0.26)), darker(self.skin, 0.1))
                pen.fill(self._on_head(ellipse(0, 0.25, 0.9, 0.66)), self.hair)
        else:
            if look.hair != "none" and wear != "hood":
                pen.fill(self._on_head(ellipse(-0.13 * f, -0.07, 1.06, 1.06)), self.hair, shade=0.2)
            if look.hair == "none":
                pen.fill(self._on_head(ellipse(-0.06 * f, 0, 0.98, 1.02)), self.skin, shade=0.2)
            self._face(f)
        if look.hair == "curly" and wear in ("none", "crown", "scarf"):
            self._curls(f, back)
        if look.hair == "bun" and wear in ("none", "crown"):
            pen.fill(self._on_head(ellipse(-0.55 * f, -1.12, 0.46, 0.44)), self.hair)
            if look.accent == "ribbon":
                pen.accent(self._on_head(ellipse(-0.5 * f, -0.86, 0.42, 0.17)), self.accent)
        self._headwear(f, back)
        if look.accent == "ribbon":
            self._bow(-0.45 * f + (0.5 if abs(f) < 0.3 else 0.0), -0.92 if wear == "none" else -0.2, 0.66)

    def _face(self, f: float) -> None:
        pen, hair = self.pen, self.look.hair
        toward = math.sin(self.yaw)
        face = ellipse(0.30 * f, 0.14, 0.80 - 0.09 * abs(f), 0.87)
        pen.fill(self._on_head(face), self.skin, shade=0.18)
        if abs(f) > 0.5:
            nose = smooth([(f * 0.9, -0.02), (f * 1.13, 0.24), (f * 0.92, 0.36)], steps=5)
            pen.flat(self._on_head(nose), self.skin)
            pen.flat(self._on_head(ellipse(-0.3 * f, 0.2, 0.13, 0.18)), darker(self.skin, 0.1))
        r = self.radius * self.scale
        if self.character.age == "old" and self.character.gender != "female":
            beard = smooth(
                [
                    (-0.42 + 0.32 * f, 0.42),
                    (0.30 * f, 0.56),
                    (0.5 + 0.38 * f, 0.38),
                    (0.44 + 0.42 * f, 1.0),
                    (0.36 * f, 1.62),
                    (-0.4 + 0.3 * f, 1.0),
                ]
            )
            pen.fill(self._on_head(beard), lighter(self.hair, 0.25), shade=0.2)
        if hair != "none" and self.look.headwear not in ("hood", "helmet"):
            fringe = smooth(
                [
                    (-0.78 + 0.1 * f, 0.06),
                    (-0.72 + 0.05 * f, -0.66),
                    (0.1 * f, -1.0),
                    (0.72 + 0.16 * f, -0.62),
                    (0.74 + 0.2 * f, -0.2),
                    (0.34 + 0.36 * f, -0.44),
                    (-0.12 + 0.4 * f, -0.36),
                    (-0.5 + 0.2 * f, -0.3),
                ]
            )
            pen.flat(self._on_head(fringe), self.hair)
        if r < 9:
            return
        emotion = self.presence.emotion.lower()
        blush = mix(self.skin, rgb("#e8705f"), 0.42)
        for delta in (-40, 40):
            angle = self.yaw + math.radians(delta)
            if math.sin(angle) > 0.15:
                pen.flat(self._on_head(ellipse(0.86 * math.cos(angle), 0.46, 0.15, 0.1)), blush, opacity=0.55)
        shut = any(word in emotion for word in ("sleep", "cry", "sad", "weep", "peace", "content"))
        for delta in (-25, 25):
            angle = self.yaw + math.radians(delta)
            if math.sin(angle) <= 0.05:
                continue
            x, narrow = 0.86 * math.cos(angle), max(0.45, math.sin(angle))
            if shut or self.presence.stance == "lying":
                pen.line(
                    self._on_head(points((x - 0.13 * narrow, 0.16), (x, 0.22), (x + 0.13 * narrow, 0.16))),
                    0.06 * r,
                    EYE,
                )
            else:
                pen.flat(self._on_head(ellipse(x, 0.16, 0.085 * narrow + 0.02, 0.125)), EYE)
                if r > 22:
                    pen.flat(self._on_head(ellipse(x - 0.025, 0.115, 0.03, 0.035)), "#ffffff")
            if r > 16:
                lift = (
                    0.1
                    if any(word in emotion for word in ("sad", "afraid", "fear", "worr", "cry"))
                    else -0.06
                    if "ang" in emotion
                    else 0.0
                )
                outer = 1 if delta * (1 if toward >= 0 else -1) < 0 else -1
                pen.line(
                    self._on_head(
                        points(
                            (x - 0.14 * narrow, -0.1 + outer * lift * 0.7),
                            (x + 0.14 * narrow, -0.1 - outer * lift * 0.7),
                        )
                    ),
                    0.05 * r,
                    darker(self.hair, 0.2),
                    opacity=0.8,
                )
        if not (self.character.age == "old" and self.character.gender != "female") and toward > 0.1:
            x = 0.62 * f
            if any(word in emotion for word in ("surpris", "amaz", "shock", "afraid", "fear", "gasp")):
                pen.flat(self._on_head(ellipse(x, 0.62, 0.07, 0.1)), "#7a2f2c")
            else:
                bend = (
                    -0.07 if any(word in emotion for word in ("sad", "cry", "ang", "worr", "lonely", "weep")) else 0.07
                )
                pen.line(
                    self._on_head(points((x - 0.16, 0.6 - bend * 0.4), (x, 0.6 + bend), (x + 0.14, 0.6 - bend * 0.4))),
                    0.045 * r,
                    "#8a3f38",
                    opacity=0.9,
                )
        if abs(f) <= 0.5:
            pen.line(
                self._on_head(points((0.02 + 0.3 * f, 0.3), (0.05 + 0.34 * f, 0.37), (-0.02 + 0.3 * f, 0.39))),
                0.04 * r,
                darker(self.skin, 0.25),
                opacity=0.7,
            )

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
