"""Shapes as points in pixels, noise, and sheets that shapes are filled on. OpenCV rasterises, antialiased."""

import math
from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from soundstage.arrays import Floats, Floats32
from soundstage.film.painting.colours import Colour

Points = Floats
"""[n, 2]: x to the right, y down, pixels, pixel centres at integers."""
Shape = Points | Sequence[Points]
"""One outline or several; where an even number overlap there is a hole."""
_SHIFT = 4
"""Bits of a fraction of a pixel that OpenCV's rasteriser takes."""


def points(*pairs: tuple[float, float]) -> Points:
    return np.array(pairs, np.float64)


def outline(text: str) -> Points:
    """Corners written as ``x y, x y, …``."""
    return np.array([pair.split() for pair in text.split(",")], np.float64)


def path(x: float, y: float, scale: float, text: str, side: int = 1) -> Points:
    """Corners in units of ``scale`` pixels about (x, y), y up: how drawings are written down. ``side`` −1 mirrors."""
    return np.asarray(outline(text) * (side * scale, -scale) + (x, y), np.float64)


def along(at: Callable[[float, float], tuple[float, float]], text: str) -> Points:
    """Corners of a drawing that has its own way of placing them."""
    return np.array([at(float(a), float(b)) for a, b in outline(text)], np.float64)


def smooth(corners: Points | Sequence[tuple[float, float]], *, closed: bool = True, steps: int = 8) -> Points:
    """A Catmull–Rom spline through the corners."""
    p = np.asarray(corners, np.float64)
    if len(p) < 3:
        return p
    if closed:
        a, b, c, d = np.roll(p, 1, 0), p, np.roll(p, -1, 0), np.roll(p, -2, 0)
    else:
        padded = np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
        a, b, c, d = padded[:-3], padded[1:-2], padded[2:-1], padded[3:]
    t = (np.arange(steps) / steps)[None, :, None]
    a, b, c, d = (part[:, None] for part in (a, b, c, d))
    curve = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    curve = curve.reshape(-1, 2)
    return curve if closed else np.vstack([curve, p[-1]])


def ellipse(
    x: float, y: float, rx: float, ry: float, *, turn: float = 0.0, start: float = 0, end: float = 360
) -> Points:
    """``turn`` in degrees clockwise; ``start`` and ``end`` cut a part of it, in degrees clockwise from the right."""
    angles = np.radians(np.linspace(start, end, 40))
    x0, y0 = rx * np.cos(angles), ry * np.sin(angles)
    c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    return np.stack([x + c * x0 - s * y0, y + s * x0 + c * y0], axis=1)


def box(x0: float, y0: float, x1: float, y1: float) -> Points:
    return points((x0, y0), (x1, y0), (x1, y1), (x0, y1))


def limb(a: tuple[float, float], b: tuple[float, float], ra: float, rb: float) -> Points:
    """A tapered stroke with round ends of radius ``ra`` and ``rb``."""
    angle = math.atan2(b[1] - a[1], b[0] - a[0])
    first = np.linspace(angle + math.pi / 2, angle + 1.5 * math.pi, 10)
    last = np.linspace(angle - math.pi / 2, angle + math.pi / 2, 10)
    return np.vstack(
        [
            np.stack([a[0] + ra * np.cos(first), a[1] + ra * np.sin(first)], axis=1),
            np.stack([b[0] + rb * np.cos(last), b[1] + rb * np.sin(last)], axis=1),
        ]
    )


def stroke(
    line: Points | Sequence[tuple[float, float]], widths: float | Sequence[float], *, smoothed: bool = True
) -> Points:
    """A line with a width at each corner (or one for all) as an outline."""
    corners = np.asarray(line, np.float64)
    given = np.full(len(corners), widths) if isinstance(widths, int | float) else np.asarray(widths, np.float64)
    path = smooth(corners, closed=False) if smoothed else corners
    at = np.linspace(0, len(given) - 1, len(path))
    half = np.interp(at, np.arange(len(given)), given)[:, None] / 2
    along = np.gradient(path, axis=0)
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    normal = np.stack([-along[:, 1], along[:, 0]], axis=1)
    return np.vstack([path + normal * half, (path - normal * half)[::-1]])


def turned(shape: Points, degrees: float, about: tuple[float, float]) -> Points:
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    moved = shape - about
    return np.asarray(moved @ np.array([[c, s], [-s, c]]) + about, np.float64)


def noise(
    size: tuple[int, int],
    cell: float,
    rng: np.random.Generator,
    *,
    octaves: int = 3,
    stretch: float = 1.0,
    tile: bool = False,
) -> Floats32:
    """Fractal noise [h, w] of mean 0 and about ±.5; ``cell`` pixels wide, ``stretch`` times as wide as high."""
    wide, high = size
    out = np.zeros((high, wide), np.float32)
    weight, total = 1.0, 0.0
    for octave in range(octaves):
        columns = max(2, round(wide / cell * 2**octave))
        rows = max(2, round(high / cell * stretch * 2**octave))
        if columns >= wide or rows >= high:
            columns, rows = min(columns, wide), min(rows, high)
        grid = rng.random((rows, columns), dtype=np.float32)
        if tile:
            grid = np.pad(grid, 2, mode="wrap")
            scale = (round(wide * (columns + 4) / columns), round(high * (rows + 4) / rows))
            large = cv2.resize(grid, scale, interpolation=cv2.INTER_CUBIC)
            top, left = (scale[1] - high) // 2, (scale[0] - wide) // 2
            part = large[top : top + high, left : left + wide]
        else:
            part = cv2.resize(grid, (wide, high), interpolation=cv2.INTER_CUBIC)
        out += np.float32(weight) * part
        total += weight
        weight *= 0.5
    return np.asarray(out / np.float32(total) - np.float32(0.5), np.float32)


def profile(count: int, rng: np.random.Generator, *, features: int = 3, rough: float = 0.5, octaves: int = 6) -> Floats:
    """A ridge line: [count] of about −.5 to .5."""
    x = np.linspace(0, 1, count)
    out, weight, total = np.zeros(count), 1.0, 0.0
    for octave in range(octaves):
        knots = features * 2**octave + 1
        if knots > count:
            break
        heights = rng.random(knots + 1) - 0.5
        place = x * knots
        low = np.minimum(place.astype(int), knots - 1)
        way = place - low
        if octave < 2:
            way = way * way * (3 - 2 * way)
        out += weight * (heights[low] + (heights[low + 1] - heights[low]) * way)
        total += weight
        weight *= rough
    return np.asarray(out / total * 1.8, np.float64)


def coverage(shape: Shape, size: tuple[int, int], origin: tuple[int, int] = (0, 0)) -> Floats32:
    """How much of each pixel the shape covers: [h, w], 0–1."""
    mask = np.zeros((size[1], size[0]), np.uint8)
    outlines = [shape] if isinstance(shape, np.ndarray) else list(shape)
    fixed = [np.rint((outline - origin) * (1 << _SHIFT)).astype(np.int32) for outline in outlines]
    cv2.fillPoly(mask, fixed, 255, lineType=cv2.LINE_AA, shift=_SHIFT)
    return np.asarray(mask, np.float32) / np.float32(255)


def blurred(plane: Floats32, sigma: float) -> Floats32:
    """Gaussian; wide ones on a smaller plane, at a tenth of the time."""
    if sigma <= 0:
        return plane
    if sigma < 6:
        return np.asarray(cv2.GaussianBlur(plane, (0, 0), sigma), np.float32)
    shrink = max(2, int(sigma / 3))
    small = cv2.resize(
        plane, (max(2, plane.shape[1] // shrink), max(2, plane.shape[0] // shrink)), interpolation=cv2.INTER_AREA
    )
    small = cv2.GaussianBlur(small, (0, 0), sigma / shrink, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.resize(small, (plane.shape[1], plane.shape[0]), interpolation=cv2.INTER_LINEAR), np.float32)


def threefold(plane: Floats32) -> Floats32:
    """[h, w] as [h, w, 3]: numpy is several times as fast with an array of the colour's own shape as with one that it
    has to spread over three channels itself."""
    return np.asarray(cv2.merge([np.asarray(plane, np.float32)] * 3))


def tinted(colour: Colour, plane: Floats32) -> Floats32:
    """A colour times [h, w]: [h, w, 3]."""
    return np.asarray(cv2.merge([np.asarray(plane * part, np.float32) for part in colour]))


def blend_to(colour: Floats32, target: Colour, share: Floats32) -> None:
    """``colour`` [h, w, 3] goes to one colour by its share [h, w], in place."""
    colour *= threefold(1 - share)
    colour += tinted(target, share)


class Sheet:
    """Paint with opacity, [h, w]: colour times opacity, opacity, and what atmosphere and texture leave alone."""

    def __init__(self, size: tuple[int, int], *, stepped: bool = False) -> None:
        wide, high = size
        self.size = size
        self.colour: Floats32 = np.zeros((high, wide, 3), np.float32)
        self.alpha: Floats32 = np.zeros((high, wide), np.float32)
        self.kept: Floats32 = np.zeros((high, wide), np.float32)
        self.stepped = stepped
        """Gradients become bands, as of sheets of paper."""

    def fill(
        self,
        shape: Shape,
        colour: Colour,
        *,
        to: Colour | None = None,
        opacity: float = 1.0,
        soft: float = 0.0,
        kept: float = 0.0,
        shade: Colour | None = None,
        toward: tuple[float, float] = (0.0, 0.0),
        clip: Shape | None = None,
    ) -> None:
        """Fill with one colour, or down ``to`` another; ``soft``: blur of its edge, pixels.

        ``shade`` colours what lies away from the light: the part of the shape that it does not share with itself moved
        by ``toward`` pixels to the light. ``clip``: painted inside this shape only.
        """
        outlines = [shape] if isinstance(shape, np.ndarray) else list(shape)
        every = np.vstack(outlines)
        if not len(every):
            return
        pad = 2 + 3 * soft
        x0, y0 = (max(0, math.floor(value - pad)) for value in every.min(0))
        x1, y1 = (math.ceil(value + pad) + 1 for value in every.max(0))
        x1, y1 = min(x1, self.size[0]), min(y1, self.size[1])
        if x1 <= x0 or y1 <= y0:
            return
        mask = coverage(outlines, (x1 - x0, y1 - y0), (x0, y0))
        if clip is not None:
            mask = mask * coverage(clip, (x1 - x0, y1 - y0), (x0, y0))
        if soft:
            mask = blurred(mask, soft)
        paint: Floats32 = colour
        if to is not None:
            top, bottom = every[:, 1].min(), every[:, 1].max()
            way = ((np.arange(y0, y1) - top) / max(bottom - top, 1)).clip(0, 1)
            if self.stepped:
                way = np.floor(way * 2.999) / 2
            paint = (colour + (to - colour) * way[:, None]).astype(np.float32)[:, None]
        if shade is not None and (toward[0] or toward[1]):
            moved = [outline + np.array(toward) for outline in outlines]
            away = np.clip(mask - coverage(moved, (x1 - x0, y1 - y0), (x0, y0)), 0, 1)[..., None]
            paint = (paint + (shade - paint) * away).astype(np.float32)
        self.fill_mask(mask * np.float32(opacity), (x0, y0), paint, kept=kept)

    def fill_mask(self, mask: Floats32, at: tuple[int, int], paint: Floats32, *, kept: float = 0.0) -> None:
        """``mask`` [h, w] with its upper left corner at ``at``, inside the sheet."""
        rows, columns = slice(at[1], at[1] + mask.shape[0]), slice(at[0], at[0] + mask.shape[1])
        through = 1 - mask
        self.colour[rows, columns] *= threefold(through)
        self.colour[rows, columns] += tinted(paint, mask) if paint.ndim == 1 else paint * threefold(mask)
        self.alpha[rows, columns] = self.alpha[rows, columns] * through + mask
        self.kept[rows, columns] = self.kept[rows, columns] * through + np.float32(kept) * mask

    def over(self, other: "Sheet") -> None:
        through = 1 - other.alpha
        self.colour *= threefold(through)
        self.colour += other.colour
        self.alpha = self.alpha * through + other.alpha
        self.kept = self.kept * through + other.kept


def bounds(alpha: NDArray[np.float32], least: float = 0.2) -> tuple[int, int, int, int] | None:
    """x0, y0, x1, y1 of what is painted; None: nothing."""
    seen = alpha > least
    columns, rows = np.flatnonzero(seen.any(0)), np.flatnonzero(seen.any(1))
    if not len(columns):
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
