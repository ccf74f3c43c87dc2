"""Animals on four legs: trunk, legs and tail."""

import math

from soundstage.film.painting.animals.quadruped_head import QuadrupedHead
from soundstage.film.painting.animals.species import BEASTS
from soundstage.film.painting.colours import darker
from soundstage.film.painting.people import Figure
from soundstage.film.painting.raster import ellipse, limb, stroke


class Quadruped(QuadrupedHead):
    """One, seen from the side."""

    def draw(self) -> Figure:
        b, stance = self.beast, self.presence.stance
        half = b.body / 2
        sits = stance in ("sitting", "kneeling") and b.height < 1.3
        lies = stance == "lying"
        low = b.leg - (b.leg * 0.78 if lies else 0.0)
        front = (half - b.deep * 0.42, low + b.deep * 0.52)
        rear = (-half + b.deep * 0.45, low + b.deep * 0.50)
        if sits:
            front = (0.22 * b.body, b.leg + b.deep * 0.5)
            rear = (-0.24 * b.body, b.deep * 0.52)
        self._tail(rear, sits or lies)
        if not lies:
            self._legs(front, rear, sits, far=True)
        self._trunk(front, rear)
        self._head_and_neck(front)
        if lies and b.leg > 0.42:
            self._folded(front, rear)
        elif lies:
            for x in (front[0] + 0.1, rear[0] + 0.02):
                self.pen.fill(
                    limb(
                        self.at(x - 0.06, b.thick * 0.9),
                        self.at(x + 0.3, b.thick * 0.7),
                        b.thick * 1.05 * self.s,
                        b.thick * 0.8 * self.s,
                    ),
                    self.coat.main,
                )
        else:
            self._legs(front, rear, sits, far=False)
        xs = [self.at(-half - 0.1, 0)[0], self.head[0] + self.side * (b.snout + b.head) * self.s]
        top = self.head[1] - (b.head + (b.ear if b.ears != "flop" else 0)) * self.s
        return Figure((min(xs), top, max(xs), self.y), (*self.head, b.head * self.s), self.at(front[0], 0.1))

    def _folded(self, front: tuple[float, float], rear: tuple[float, float]) -> None:
        """Long legs of one that lies: knees on the ground, shins below the trunk."""
        b, s = self.beast, self.s
        long = 0.46 * b.leg
        for x, fore in ((front[0], True), (rear[0], False)):
            knee = (x + (0.1 if fore else 0.34), 0.95 * b.thick)
            hip = (x - (0.02 if fore else -0.02), 0.5 * b.deep)
            self.pen.fill(
                limb(self.at(*hip), self.at(*knee), 2.2 * b.thick * s, 1.15 * b.thick * s), self.coat.main, shade=0.2
            )
            shin = self.at(knee[0] - long, 0.8 * b.thick)
            self.pen.fill(
                limb(self.at(*knee), shin, 1.05 * b.thick * s, 0.8 * b.thick * s),
                darker(self.coat.main, 0.06),
                shade=0.2,
            )
            hoof = self.at(knee[0] - long - 0.08, 0.75 * b.thick)
            self.pen.fill(limb(shin, hoof, 0.85 * b.thick * s, 0.7 * b.thick * s), self.coat.feet)

    def _swing(self) -> tuple[float, float, float, float]:
        return {"walking": (0.16, -0.12, 0.1, -0.16), "running": (0.42, 0.3, -0.42, -0.3)}.get(
            self.presence.stance, (0.02, -0.04, 0.03, -0.03)
        )

    def _legs(self, front: tuple[float, float], rear: tuple[float, float], sits: bool, *, far: bool) -> None:
        b, s = self.beast, self.s
        swing = self._swing()
        tone = darker(self.coat.main, 0.2) if far else self.coat.main
        foot_tone = darker(self.coat.feet, 0.15) if far else self.coat.feet
        shift = -0.07 if far else 0.03
        for place, step, hind in ((front, swing[1 if far else 0], False), (rear, swing[3 if far else 2], True)):
            if sits and hind:
                knee, foot = self.at(place[0] + 0.2, b.thick * 2.6), self.at(place[0] + 0.3, b.thick * 0.7)
                self.pen.fill(limb(self.at(place[0], b.deep * 0.45), knee, b.deep * 0.4 * s, b.thick * 1.5 * s), tone)
                self.pen.fill(limb(knee, self.at(place[0] + 0.06, b.thick * 0.8), b.thick * 1.2 * s, b.thick * s), tone)
                self.pen.fill(
                    limb(self.at(place[0] + 0.06, b.thick * 0.75), foot, b.thick * s, b.thick * 0.8 * s), foot_tone
                )
                continue
            x0 = place[0] + shift + (0.06 if not hind else -0.06)
            thick = b.thick * (0.92 if far else 1.0)
            hip = self.at(x0, place[1] - b.deep * 0.1)
            raised = 0.12 if self.presence.stance == "running" else 0.0
            back = -0.07 if hind else 0.03
            middle = self.at(x0 + step * 0.5 + (0.05 if hind else 0), b.leg * 0.52 + raised)
            foot = self.at(x0 + step + back, thick * 0.75 + raised * (1.4 if step < 0 else 0.8))
            self.pen.fill(limb(hip, middle, thick * (2.1 if hind else 1.6) * s, thick * 1.05 * s), tone)
            self.pen.fill(limb(middle, foot, thick * 1.05 * s, thick * 0.8 * s), tone)
            share = 0.45
            up = (foot[0] + (middle[0] - foot[0]) * share, foot[1] + (middle[1] - foot[1]) * share)
            self.pen.fill(limb(up, foot, thick * 0.92 * s, thick * 0.82 * s), foot_tone)
            self.pen.fill(
                limb(foot, (foot[0] + self.side * thick * 0.8 * s, foot[1]), thick * 0.8 * s, thick * 0.66 * s),
                foot_tone,
            )

    def _trunk(self, front: tuple[float, float], rear: tuple[float, float]) -> None:
        b = self.beast
        deep = b.deep
        (fx, fy), (rx, ry) = front, rear
        angle = math.atan2(fy - ry, fx - rx)
        ux, uy = math.cos(angle), math.sin(angle)
        nx, ny = -uy, ux

        def spot(x: float, y: float, along: float, out: float) -> tuple[float, float]:
            return x + ux * along + nx * out, y + uy * along + ny * out

        half = deep / 2
        middle = ((fx + rx) / 2, (fy + ry) / 2)
        shape = self.curve(
            spot(rx, ry, -half * 1.05, 0.05),
            spot(rx, ry, -half * 0.4, half * 0.98),
            spot(*middle, 0, half * 0.86),
            spot(fx, fy, 0.1 * half, half * 1.04),
            spot(fx, fy, half * 1.06, half * 0.2),
            spot(fx, fy, half * 0.5, -half * 0.86),
            spot(*middle, 0, -half * 0.8),
            spot(rx, ry, -half * 0.3, -half * 0.92),
        )
        if b.mane == "wool":
            for k in range(11):
                a = k * 2 * math.pi / 11
                mx, my = (fx + rx) / 2 + 0.48 * b.body * math.cos(a), (fy + ry) / 2 + deep * 0.44 * math.sin(a)
                self.pen.fill(ellipse(*self.at(mx, my), 0.2 * self.s, 0.19 * self.s), self.coat.main, shade=0.2)
        if b.mane == "hump":
            top = max(fy, ry) + half * 0.6
            hump = ((rx - 0.02, top - 0.04), (middle[0] - 0.2, top + 0.12), (middle[0] - 0.06, top + 0.32))
            rest = ((middle[0] + 0.06, top + 0.31), (middle[0] + 0.17, top + 0.1), (fx + 0.02, top - 0.04))
            self.pen.fill(self.curve(*hump, *rest), self.coat.main, shade=0.26)
            crown = self.curve(
                (middle[0] - 0.12, top + 0.22), hump[2], rest[0], (middle[0] + 0.11, top + 0.22), steps=4
            )
            self.pen.flat(crown, darker(self.coat.main, 0.12), opacity=0.7)
        self.pen.fill(shape, self.coat.main, shade=0.26, most=0.03)
        low = self.curve(
            spot(rx, ry, 0.1, -half * 0.55),
            spot((fx + rx) / 2, (fy + ry) / 2, 0, -half * 0.42),
            spot(fx, fy, half * 0.7, -half * 0.25),
            spot(fx, fy, half * 0.5, -half * 1.0),
            spot((fx + rx) / 2, (fy + ry) / 2, 0, -half * 1.0),
        )
        self.pen.flat(low, self.coat.belly, opacity=0.85, clip=shape)
        stripes = {id(BEASTS["tiger"]): 6, id(BEASTS["zebra"]): 9}.get(id(b), 0)
        if stripes:
            for k in range(stripes):
                x = rx + (fx - rx) * k / (stripes - 1)
                self.pen.flat(
                    stroke(
                        [
                            self.at(x, ry + half * 0.95),
                            self.at(x + 0.04, ry + half * 0.4),
                            self.at(x - 0.01, ry - half * 0.1),
                        ],
                        [0.06 * self.s, 0.045 * self.s, 0.006 * self.s],
                    ),
                    "#3a241c",
                    clip=shape,
                )
        if b is BEASTS["giraffe"]:
            for dx, dy, r in ((-0.26, 0.06, 0.07), (-0.1, -0.04, 0.08), (0.04, 0.07, 0.07), (0.18, -0.03, 0.08)):
                spot_at = self.at(dx, (fy + ry) / 2 + dy)
                self.pen.flat(ellipse(*spot_at, r * self.s, 0.8 * r * self.s), "#9a6a34", clip=shape)
        if b is BEASTS["cow"]:
            for dx, dy, r in ((-0.2, 0.08, 0.16), (0.16, 0.0, 0.12), (0.4, 0.1, 0.1)):
                self.pen.flat(
                    ellipse(*self.at(dx, (fy + ry) / 2 + dy), r * self.s, r * 0.8 * self.s), self.coat.belly, clip=shape
                )
        if b.mane == "shell":
            dome = self.curve(
                (rx - half * 1.1, ry - 0.02),
                (rx - 0.05, ry + half * 1.3),
                ((fx + rx) / 2, ry + half * 1.9),
                (fx + 0.05, fy + half * 1.2),
                (fx + half, fy - 0.02),
                ((fx + rx) / 2, fy - half * 0.3),
            )
            self.pen.fill(dome, "#8a6a3c", shade=0.25)
            for k in range(4):
                x = rx + (fx - rx) * (k + 0.5) / 4
                self.pen.line(
                    ellipse(*self.at(x, ry + half * 0.75), 0.16 * self.s, 0.16 * self.s), 0.025 * self.s, "#5c4526"
                )

    def _tail(self, rear: tuple[float, float], down: bool) -> None:
        b, s, pen = self.beast, self.s, self.pen
        x, y = rear[0] - b.deep * 0.45, rear[1] + b.deep * 0.22
        long = b.tail_long
        tone = self.coat.main
        if b.tail == "bush":
            line = (
                [(x, y), (x - long * 0.35, y - 0.02), (x - long * 0.75, y + 0.06), (x - long, y + 0.22)]
                if not down
                else [(x + 0.05, 0.12), (x - long * 0.3, 0.1), (x - long * 0.5, 0.12), (x - long * 0.5, 0.3)]
            )
            spots = [self.at(*spot) for spot in line]
            pen.fill(stroke(spots, [0.1 * s, 0.24 * s, 0.27 * s, 0.03 * s]), tone, shade=0.2)
            if b.tip:
                half = [((spots[2][0] * 2 + spots[3][0]) / 3, (spots[2][1] * 2 + spots[3][1]) / 3), spots[3]]
                pen.fill(stroke([*half], [0.22 * s, 0.02 * s]), b.tip, shade=0.1)
        elif b.tail == "plume":
            pen.fill(
                stroke(
                    [
                        self.at(x, y - 0.1),
                        self.at(x - 0.3, y + 0.1),
                        self.at(x - 0.32, y + 0.55),
                        self.at(x - 0.1, y + 0.85),
                        self.at(x + 0.06, y + 0.7),
                    ],
                    [0.12 * s, 0.3 * s, 0.38 * s, 0.3 * s, 0.06 * s],
                ),
                tone,
                shade=0.2,
            )
        elif b.tail == "curl":
            pen.fill(
                stroke(
                    [
                        self.at(x + 0.05, y),
                        self.at(x - long * 0.3, y + 0.02),
                        self.at(x - long * 0.42, y + long * 0.36),
                        self.at(x - long * 0.2, y + long * 0.58),
                    ],
                    [0.08 * s, 0.075 * s, 0.07 * s, 0.05 * s],
                ),
                tone,
            )
        elif b.tail == "up":
            pen.fill(
                stroke(
                    [
                        self.at(x + 0.05, y),
                        self.at(x - long * 0.3, y + long * 0.35),
                        self.at(x - long * 0.2, y + long * 0.75),
                    ],
                    [0.1 * s, 0.08 * s, 0.04 * s],
                ),
                tone,
            )
        elif b.tail == "hair":
            pen.fill(
                stroke(
                    [
                        self.at(x + 0.04, y + 0.04),
                        self.at(x - 0.14, y),
                        self.at(x - 0.2, y - long * 0.5),
                        self.at(x - 0.24, y - long),
                    ],
                    [0.06 * s, 0.13 * s, 0.17 * s, 0.04 * s],
                ),
                b.mane or tone,
            )
        elif b.tail == "tuft":
            pen.line(
                [self.at(x + 0.04, y), self.at(x - 0.14, y - 0.1), self.at(x - 0.16, y - long * 0.7)], 0.04 * s, tone
            )
            pen.fill(ellipse(*self.at(x - 0.16, y - long * 0.75), 0.06 * s, 0.1 * s), b.mane or darker(tone, 0.4))
        elif b.tail == "thick":
            pen.fill(
                stroke(
                    [self.at(x + 0.2, y - 0.08), self.at(x - long * 0.4, y - 0.2), self.at(x - long, y - 0.1)],
                    [0.34 * s, 0.22 * s, 0.02 * s],
                ),
                tone,
                shade=0.2,
            )
        elif b.tail == "puff":
            pen.fill(ellipse(*self.at(x + 0.02, y - 0.06), 0.1 * s, 0.1 * s), self.coat.belly)
        else:
            pen.line(
                [self.at(x + 0.05, y), self.at(x - 0.12, y - 0.1), self.at(x - 0.14, y - min(long, 0.4))],
                [0.07 * s, 0.05 * s, 0.02 * s],
                tone,
            )
