"""Scenes of covers, each drawn along the melody's contour.

A canvas is float32 [SIZE, SIZE, 3], linear light between 0 and 1; lengths are shares of its side, y points down.
"""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter, gaussian_filter1d

from soundstage.arrays import Floats32

SIZE = 1200  # pixels, both ways
POINTS = 1024  # of a contour


@dataclass(frozen=True)
class Motif:
    """The melody as a picture sees it: ``contour`` [POINTS] from −1 to 1, ``loudness`` [POINTS] from 0 to 1.

    ``energy`` and ``pace`` are 0 to 1: how hard it is played, and how fast it goes.
    """

    contour: Floats32
    loudness: Floats32
    energy: float
    pace: float
    minor: bool

    def smoothed(self, share: float) -> Floats32:
        """The contour with details shorter than this share of it blurred away; as high as before."""
        soft = gaussian_filter1d(self.contour, share * POINTS, mode="nearest")
        height = float(np.abs(soft).max())
        return (soft * (float(np.abs(self.contour).max()) / height if height > 1e-3 else 1.0)).astype(np.float32)

    def closed(self, share: float) -> Floats32:
        """Smoothed, and led to the middle at both ends: it can go once around."""
        rise = np.clip(np.linspace(0, 10, POINTS), 0, 1)
        ends = (rise * rise[::-1]) ** 2 * (3 - 2 * rise * rise[::-1])
        return (self.smoothed(share) * ends).astype(np.float32)


@dataclass(frozen=True)
class Palette:
    """Colours in linear light: the ground from top to bottom, tones from dark to bright, what glows, what shines."""

    ground: Floats32
    tones: Floats32
    glow: Floats32
    light: Floats32

    def tone(self, place: float | Floats32) -> Floats32:
        """A colour between the first tone (0) and the last (1)."""
        at = np.clip(np.asarray(place, dtype=np.float32), 0, 1) * (len(self.tones) - 1)
        low = np.minimum(at.astype(int), len(self.tones) - 2)
        share = (at - low)[..., None]
        mixed: Floats32 = (self.tones[low] * (1 - share) + self.tones[low + 1] * share).astype(np.float32)
        return mixed


class Canvas:
    """Paint, and where it is: ``steps`` [SIZE] from 0 to 1, and the same as ``x`` [1, SIZE] and ``y`` [SIZE, 1]."""

    def __init__(self, palette: Palette) -> None:
        steps = self.steps = (np.arange(SIZE, dtype=np.float32) + 0.5) / SIZE
        self.x, self.y = steps[None, :], steps[:, None]
        places = np.linspace(0, 1, len(palette.ground))
        column = np.stack([np.interp(steps, places, palette.ground[:, c]) for c in range(3)], axis=-1)
        self.paint: Floats32 = np.repeat(column[:, None, :].astype(np.float32), SIZE, axis=1)

    def cover(self, colour: Floats32, alpha: Floats32 | float) -> None:
        """Lay a colour over, ``alpha`` 0 to 1 per pixel."""
        share = np.asarray(alpha, dtype=np.float32)
        share = share[..., None] if share.ndim else share
        self.paint += (colour - self.paint) * share

    def glow(self, colour: Floats32, at: tuple[float, float], radius: float, strength: float) -> None:
        """Add light around a place, without ever being more than white."""
        square = (self.x - at[0]) ** 2 + (self.y - at[1]) ** 2
        light = (strength * np.exp(-square / (2 * radius**2))).astype(np.float32)
        self.paint = 1 - (1 - self.paint) * (1 - colour * light[..., None])

    def disc(self, at: tuple[float, float], radius: float) -> Floats32:
        """How much of each pixel lies in the disc."""
        distance = np.hypot(self.x - at[0], self.y - at[1]) - radius
        return np.clip(0.5 - distance * SIZE, 0, 1).astype(np.float32)

    def stroke(self, heights: Floats32, colour: Floats32, width: float, alpha: Floats32) -> None:
        """A line across the canvas: ``heights`` [SIZE] is y at every column, ``alpha`` [SIZE], ``width`` in pixels."""
        rows = heights * SIZE - 0.5
        lean = np.sqrt(1 + np.gradient(rows) ** 2)
        reach = int(np.ceil((width / 2 + 1) * min(float(lean.max()), 60.0)))
        index = np.floor(rows).astype(int)[None, :] + np.arange(-reach, reach + 1)[:, None]
        share = np.clip(width / 2 + 0.5 - np.abs(index - rows) / lean, 0, 1) * alpha
        inside = (index >= 0) & (index < SIZE) & (share > 0)
        row, column = index[inside], np.broadcast_to(np.arange(SIZE), index.shape)[inside]
        self.paint[row, column] += (colour - self.paint[row, column]) * share[inside][:, None]


def hills(canvas: Canvas, motif: Motif, palette: Palette, rng: np.random.Generator) -> None:
    """Ridges behind ridges in the mist; the nearer, the closer they follow the melody. A sun or a moon above them."""
    highest = float(np.argmax(motif.smoothed(0.05)[200:-200]) + 200) / POINTS
    sun = (0.5 + 0.45 * (highest - 0.5), 0.33 + 0.05 * rng.random())
    radius = 0.115 + 0.07 * motif.energy
    canvas.glow(palette.glow, sun, 0.34, 0.55)
    canvas.glow(palette.glow, sun, 0.15, 0.35)
    canvas.cover(palette.light, canvas.disc(sun, radius))
    count = 7
    for layer in range(count):
        near = layer / (count - 1)
        width = 0.55 + 0.45 * near
        at = np.linspace(0, width, SIZE) + (1 - width) * rng.random()
        line = np.interp(at, np.linspace(0, 1, POINTS), motif.smoothed(0.045 - 0.03 * near))
        swell = np.sin(2 * np.pi * (canvas.steps * (0.6 + rng.random()) + rng.random()))
        top = 0.47 + 0.36 * near**1.15 - (0.085 - 0.02 * near) * line - 0.016 * swell
        depth = canvas.y - top[None, :].astype(np.float32)
        mist = np.clip(depth / (0.10 + 0.10 * near), 0, 1)[..., None]
        body = palette.tone(1 - near)
        hazy = body + (palette.ground[-1] - body) * (0.62 * (1 - near) + 0.06)
        canvas.cover((body + (hazy - body) * mist).astype(np.float32), np.clip(0.5 + depth * SIZE, 0, 1))


def silk(canvas: Canvas, motif: Motif, palette: Palette, rng: np.random.Generator) -> None:
    """A cloth of strings in the wind: the middle string is the melody, its neighbours remember it less and less."""
    count = 70 + int(50 * motif.pace)
    phase, turns = rng.random(), 0.7 + 0.5 * rng.random()
    fold = np.sin(2 * np.pi * (canvas.steps * turns + phase))
    canvas.glow(palette.glow, (0.15 + 0.7 * rng.random(), 0.42), 0.3, 0.45)
    places = np.linspace(0, 1, POINTS)
    height = 0.12 + 0.06 * motif.energy
    loud = np.interp(canvas.steps, places, gaussian_filter1d(motif.loudness, 40))
    for string in range(count):
        away = 2 * string / (count - 1) - 1
        lagged = np.interp(canvas.steps + 0.04 * away, places, motif.smoothed(0.016 + 0.10 * abs(away) ** 1.2))
        open_ = (0.10 + 0.20 * loud) * (0.4 + 0.6 * fold)
        heights = 0.43 - height * lagged * (1 - 0.25 * abs(away)) + away * open_
        bright = (0.4 + 0.6 * (1 - abs(away))) * (0.55 + 0.45 * np.abs(fold))
        canvas.stroke(heights.astype(np.float32), palette.tone(0.98 - 0.6 * abs(away)), 2.2, bright.astype(np.float32))
    middle = 0.43 - height * np.interp(canvas.steps, places, motif.smoothed(0.016))
    canvas.stroke(middle.astype(np.float32), palette.light, 6.0, np.ones(SIZE, dtype=np.float32))


def rings(canvas: Canvas, motif: Motif, palette: Palette, rng: np.random.Generator) -> None:
    """The melody once around, as the rings of a tree or the grooves of a record."""
    at = (0.5 + 0.08 * (rng.random() - 0.5), 0.42)
    dx, dy = canvas.x - at[0], canvas.y - at[1]
    radius = np.hypot(dx, dy)
    # Each ring is turned a little against the one before.
    angle = (np.arctan2(dx, -dy) / (2 * np.pi) + (0.35 * rng.random() + 0.1) * radius) % 1
    wave = np.interp(angle, np.linspace(0, 1, POINTS), motif.closed(0.012))
    sway = (0.03 + 0.025 * motif.energy) * np.clip(np.sin(np.clip((radius - 0.05) / 0.38, 0, 1) * np.pi), 0, 1) ** 1.5
    level = (radius - sway * wave).astype(np.float32)
    spacing = 0.0145 - 0.005 * motif.pace
    canvas.glow(palette.glow, at, 0.3, 0.5)
    place = np.clip((level - 0.07) / 0.28, 0, 1)
    body = palette.tone(place)
    inside = np.clip((0.355 - level) * SIZE + 0.5, 0, 1) * np.clip((level - 0.07) * SIZE + 0.5, 0, 1)
    canvas.cover(body, inside * 0.96)
    slope_y, slope_x = np.gradient(level)
    steep = np.hypot(slope_x, slope_y) + 1e-6
    nearest = np.abs((level / spacing + 0.5) % 1 - 0.5) * spacing / steep
    sheen = 0.5 + 0.5 * np.cos(4 * np.pi * (np.arctan2(dx, -dy) / (2 * np.pi) - 0.12))
    canvas.cover(palette.light, np.clip(1.25 - nearest, 0, 1) * inside * (0.18 + 0.5 * sheen))
    canvas.cover(palette.light, np.clip((0.045 - radius) * SIZE + 0.5, 0, 1))


def planet(canvas: Canvas, motif: Motif, palette: Palette, rng: np.random.Generator) -> None:
    """A world whose winds blow along the melody."""
    at, size = (0.5, 0.42), 0.30 + 0.03 * motif.energy
    if motif.minor:
        stars = 260
        for x, y, bright in zip(rng.random(stars), rng.random(stars), rng.random(stars) ** 3, strict=True):
            canvas.paint[int(y * SIZE) % SIZE, int(x * SIZE) % SIZE] += palette.light * np.float32(0.9 * bright)
        canvas.paint = np.clip(gaussian_filter(canvas.paint, (0.6, 0.6, 0)), 0, 1)
    canvas.glow(palette.glow, at, size * 1.05, 0.45)
    dx, dy = (canvas.x - at[0]) / size, (canvas.y - at[1]) / size
    tilt = (rng.random() - 0.5) * 0.9
    across = dx * np.cos(tilt) + dy * np.sin(tilt)
    down = dy * np.cos(tilt) - dx * np.sin(tilt)
    round_ = np.sqrt(np.clip(1 - across**2 - down**2, 0, 1))
    longitude = np.arctan2(across, round_ + 0.35) / np.pi + 0.5
    latitude = np.arcsin(np.clip(down, -1, 1))
    places = np.linspace(0, 1, POINTS)
    wind = np.zeros_like(latitude)
    for share, blur, force in ((0.0, 0.015, 1.0), (0.37, 0.03, 0.55), (0.71, 0.06, 0.8)):
        turned = np.interp((longitude + share * np.sin(2.2 * latitude + 1)) % 1, places, motif.closed(blur))
        wind = wind + force * turned * np.exp(-(((latitude - (share - 0.36) * 2.2) / 0.62) ** 2))
    bands = 2.6 + 2.2 * motif.pace
    flow = (latitude * bands - (0.75 + 0.35 * motif.energy) * wind + rng.random()) * 1.1
    body = palette.tone((0.5 + 0.5 * np.sin(2.1 * flow)) * 0.8 + 0.2 * (0.5 + 0.5 * np.sin(7.3 * flow + 1)))
    lit = np.clip((0.62 * round_ - 0.5 * dx - 0.55 * dy + 0.25) / 1.1, 0, 1)
    sun = lit * lit * (3 - 2 * lit)
    body = body * (0.10 + 1.05 * sun[..., None]) + palette.light * (0.35 * (1 - round_) ** 3 * sun)[..., None]
    canvas.cover(np.clip(body, 0, 1).astype(np.float32), canvas.disc(at, size))


AT_NIGHT = (silk, planet)
SCENES = (hills, silk, rings, planet)
