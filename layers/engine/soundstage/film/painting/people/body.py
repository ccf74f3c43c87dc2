"""Bodies: a skeleton in three dimensions in a pose, turned to where it faces, and its colours."""

import math
from dataclasses import dataclass, replace

from soundstage.film.painting.colours import darker, mix, rgb
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import points, turned
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
    "running": Pose(lean=17, thighs=(58, -34), knees=(62, 70), arms=(-48, 52), elbows=(78, 86), lift=0.012),
    "sitting": Pose(lean=3, thighs=(84, 76), knees=(84, 72), arms=(26, 20), elbows=(36, 44), seat=0.52),
    "riding": Pose(lean=2, thighs=(52, 44), knees=(58, 50), arms=(34, 30), elbows=(40, 46), seat=0.52),
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


class Body:
    """One figure's bones, with its feet at ``feet``; ``height``: of an adult standing, pixels."""

    def __init__(
        self, pen: Pen, character: Character, presence: Presence, feet: Point, height: float, wind: float = 0.5
    ) -> None:
        self.pen, self.look, self.presence, self.character = pen, character.appearance, presence, character
        self.scale = height
        self.feet = feet
        self.wind = wind
        self.across = False
        """Whether somebody else is in the picture."""
        # Far away the mark that tells who it is is drawn larger.
        self.mark = 1.6 if height < 0.2 * pen.scene.u else 1.0
        self.pose = POSES[presence.stance]
        self.holding = [thing for thing in presence.holding if thing][:1]
        if self.holding and presence.stance in ("standing", "walking", "kneeling", "sitting"):
            self.pose = replace(self.pose, arms=(24, self.pose.arms[1]), elbows=(60, self.pose.elbows[1]))
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

    def pose_as(self, name: str) -> None:
        """Another of ``POSES``, before anything is drawn."""
        self.pose = POSES[name]
        self._skeleton()

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

    def _placed(self, bones: tuple[tuple[float, float, float], ...]) -> list[tuple[float, float, float]]:
        """Legs are kept from the hip; arms already are where they are."""
        if bones in self.legs3:
            return [(f + self.hip[0], u + self.hip[1], side) for f, u, side in bones]
        return list(bones)
