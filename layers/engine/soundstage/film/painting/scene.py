"""What a picture is painted with: its size, colours, light, style, and randomness that is the same every time."""

import hashlib
import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np

from soundstage.arrays import Floats32
from soundstage.film.painting.palettes import Colours, Light
from soundstage.film.painting.raster import Sheet, noise
from soundstage.film.painting.rooms import room_of
from soundstage.models.film import FilmStyle
from soundstage.models.story import Setting

Motion = Literal["none", "clouds", "water", "sway", "rain", "snow", "glow", "smoke", "stars"]


def stable_seed(*what: object) -> int:
    """The same number for the same words in every process."""
    return int.from_bytes(hashlib.sha256("\x1f".join(map(str, what)).encode()).digest()[:8], "big")


@dataclass(frozen=True)
class Staging:
    """Where things are in the picture, as shares of its width and height."""

    layout: str
    hero_x: float
    ground: float
    """Where the hero's feet are."""
    horizon: float
    hero_height: float
    """Of an adult standing."""
    frame: Literal["trees", "branch", "rocks", "grass", "wall", "crates", "none"]
    frame_side: Literal["left", "right", "both"]
    landmark_x: float
    view: Literal["side", "behind", "portrait", "thing"] = "side"


@dataclass
class Scene:
    size: tuple[int, int]
    setting: Setting
    style: FilmStyle
    colours: Colours
    light: Light
    staging: Staging
    seed: int
    told: frozenset[str] = frozenset()
    """What the shot's prompt says of the picture: ``unlit``."""
    softness: float = 0.0
    """How far out of focus what is not the subject is, pixels."""
    glows: list[tuple[float, float, float]] = field(default_factory=list)
    """Lamps and windows that shine: x, y, reach, pixels."""

    @property
    def w(self) -> int:
        return self.size[0]

    @property
    def h(self) -> int:
        return self.size[1]

    @cached_property
    def room(self) -> str | None:
        """A kind of room; None out of doors."""
        return room_of(self.setting)

    @property
    def u(self) -> float:
        """The picture's measure, pixels: what fits into its height, or into its width when that is narrow."""
        return min(self.h, 0.9 * self.w)

    def rng(self, *what: object) -> np.random.Generator:
        return np.random.default_rng(stable_seed(self.seed, *what))

    def sheet(self) -> Sheet:
        return Sheet(self.size, stepped=self.style == "paper_cut")

    def toward_light(self, x: float, y: float, by: float) -> tuple[float, float]:
        """A step of ``by`` pixels from a place in the picture to the light."""
        dx, dy = self.light.x * self.w - x, self.light.y * self.h - y
        length = math.hypot(dx, dy) or 1.0
        return by * dx / length, by * min(dy / length, -0.25)

    @cached_property
    def distance(self) -> Floats32:
        """From the light, in heights: [h, w]."""
        x = np.arange(self.w, dtype=np.float32)[None, :] / self.h - self.light.x * self.w / self.h
        y = np.arange(self.h, dtype=np.float32)[:, None] / self.h - self.light.y
        return np.asarray(np.sqrt(x * x + y * y), np.float32)

    @cached_property
    def nearness(self) -> Floats32:
        """To the light: [h, w], 1 at its place."""
        return np.asarray(np.exp(-np.square(self.distance / np.float32(0.42))), np.float32)

    @cached_property
    def vignette(self) -> Floats32:
        """[h, w]: less light in the corners."""
        x = np.linspace(-1, 1, self.w, dtype=np.float32)[None, :]
        y = np.linspace(-1, 1, self.h, dtype=np.float32)[:, None]
        most = {"night_lantern": 0.5, "dusk_gouache": 0.3, "woodcut": 0.12, "ink_wash": 0.12}.get(self.style, 0.16)
        return np.asarray(1 - np.float32(most) * np.clip((x * x + y * y) * 0.62 - 0.18, 0, 1), np.float32)

    @cached_property
    def grain(self) -> Floats32:
        """Paper: [h, w] around 0, fine."""
        rng = self.rng("grain")
        fine = rng.standard_normal((self.h // 2 + 1, self.w // 2 + 1)).astype(np.float32)
        large = np.repeat(np.repeat(fine, 2, 0), 2, 1)[: self.h, : self.w]
        fibre = noise(self.size, self.u / 90, rng, octaves=2, stretch=2.2, tile=True)
        soft = (large + np.roll(large, 1, 0) + np.roll(large, 1, 1) + np.roll(large, (1, 1), (0, 1))) / 4
        return np.asarray(0.016 * soft + 0.06 * fibre, np.float32)

    @cached_property
    def brush(self) -> Floats32:
        """Strokes, longer than wide: [h, w] of about ±.5."""
        rng = self.rng("brush")
        return np.asarray(
            0.6 * noise(self.size, self.u / 3.2, rng, octaves=4, stretch=6, tile=True)
            + 0.4 * noise(self.size, self.u / 12, rng, octaves=3, stretch=0.4, tile=True),
            np.float32,
        )

    @cached_property
    def blotch(self) -> Floats32:
        """Pools of water in paint: [h, w] of about ±.5."""
        return noise(self.size, self.u / 4, self.rng("blotch"), octaves=5, tile=True)

    def rolled(self, field_: Floats32, *what: object) -> Floats32:
        """The same texture from another place, for another layer."""
        rng = self.rng("roll", *what)
        return np.roll(field_, (int(rng.integers(0, self.h)), int(rng.integers(0, self.w))), (0, 1))
