"""Heads and faces, seen from where the figure is turned to."""

import math

from soundstage.film.painting.colours import darker, lighter, mix, rgb
from soundstage.film.painting.people.body import EYE
from soundstage.film.painting.people.hair import Haired
from soundstage.film.painting.raster import ellipse, points, smooth


class Headed(Haired):
    """A dressed body with a face."""

    def _bearded(self) -> bool:
        old = self.character.age == "old" and self.character.gender != "female"
        return old or (
            self.character.gender == "male"
            and ("beard" in self.character.identity or "胡子" in self.character.identity)
        )

    def _head(self, back: bool) -> None:
        f = math.cos(self.yaw)
        look, pen = self.look, self.pen
        wear = look.headwear
        if wear == "hood":
            self._hood_behind(f)
        pen.fill(self._on_head(ellipse(-0.06 * f, 0.02, 0.97, 1.0)), self.skin, shade=0.16)
        if not back:
            self._face(f)
        if look.hair != "none" and not (wear == "hood" and not back):
            self._hair_cap()
        if wear not in ("hood", "helmet", "scarf"):
            self._ears()
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
        pen = self.pen
        toward = math.sin(self.yaw)
        face = ellipse(0.30 * f, 0.14, 0.80 - 0.09 * abs(f), 0.87)
        pen.flat(self._on_head(face), self.skin)
        if abs(f) > 0.5:
            nose = smooth([(f * 0.9, -0.02), (f * 1.13, 0.24), (f * 0.92, 0.36)], steps=5)
            pen.flat(self._on_head(nose), self.skin)
        r = self.radius * self.scale
        if self._bearded():
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
            if r > 16 and any(word in emotion for word in ("cry", "weep", "tear")):
                pen.flat(self._on_head(ellipse(x, 0.4, 0.045, 0.085)), "#bfe0f2", opacity=0.9)
            if r > 16:
                lift = (
                    0.1
                    if any(word in emotion for word in ("sad", "afraid", "fear", "worr", "cry"))
                    else -0.06
                    if "ang" in emotion
                    else 0.0
                )
                inner = -1 if delta * (1 if toward >= 0 else -1) < 0 else 1  # who is sad has raised them, y grows down
                pen.line(
                    self._on_head(
                        points(
                            (x - 0.14 * narrow, -0.1 + inner * lift * 0.7),
                            (x + 0.14 * narrow, -0.1 - inner * lift * 0.7),
                        )
                    ),
                    0.05 * r,
                    darker(self.hair, 0.2),
                    opacity=0.8,
                )
        if not self._bearded() and toward > 0.1:
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
