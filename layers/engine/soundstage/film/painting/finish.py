"""From flat shapes to a layer in a style: air, light, edges, texture and line.

Five hands that differ in how an edge is made and how tone is made: gouache with brushes, cut sheets that cast shadows,
ink that runs on wet paper, a cut block with lines that swell, silhouettes before a lamp.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from soundstage.arrays import Floats32
from soundstage.film.painting.colours import LUMA
from soundstage.film.painting.palettes import INK, PAPER
from soundstage.film.painting.raster import Sheet, blend_to, blurred, bounds, noise, threefold
from soundstage.film.painting.scene import Scene

Rgba = NDArray[np.uint8]
Window = tuple[slice, slice]


@dataclass(frozen=True)
class Touch:
    """How one layer is treated."""

    depth: float
    mist: tuple[float, float, float] | None = None
    """Between these heights (shares of the picture) the layer goes into the air, by this much at the lower one."""
    rim: float = 0.6
    air: float | None = None
    """How much of the horizon's colour lies over it; by depth when left out."""
    shadow: bool = True
    fade: tuple[float, float] | None = None
    """Between these heights the layer's opacity goes to 0."""
    texture: float = 1.0
    """Of the hand; 0 for light and mist, which are not paint."""
    subject: bool = False
    """Figures: a steadier hand, and no lines across faces."""


def air_at(scene: Scene, depth: float) -> float:
    """Aerial perspective: share of the horizon's colour."""
    thick = {"fog": 1.5, "snow": 1.2, "rain": 1.15, "storm": 1.1}.get(scene.setting.weather, 1.0)
    return float(min(0.9, 0.78 * thick * max(0.0, 1 - depth / (0.62 * thick)) ** 1.4))


def finished(scene: Scene, sheet: Sheet, touch: Touch) -> Rgba:
    """[h, w, 4], straight alpha."""
    whole = np.zeros((scene.h, scene.w, 4), np.uint8)
    box = bounds(sheet.alpha, 0.004)
    if box is None:
        return whole
    pad = round(scene.u * 0.03)
    window = (
        slice(max(0, box[1] - pad), min(scene.h, box[3] + pad)),
        slice(max(0, box[0] - pad), min(scene.w, box[2] + pad)),
    )
    colour, alpha, kept = _uneven(scene, sheet, window, 0.35 if touch.subject else 1.0)
    air = air_at(scene, touch.depth) if touch.air is None else touch.air
    _put_in_air(scene, colour, window, touch, air, 1 - kept)
    if touch.texture > 0:
        colour, alpha = _HANDS[scene.style](scene, colour, alpha, kept, window, touch)
    if touch.fade is not None:
        alpha = alpha * (1 - _ramp(scene, touch.fade, window))[:, None]
    colour *= threefold(1 - (1 - scene.vignette[window]) * (1 - kept))
    np.clip(colour, 0, 1, out=colour)
    colour *= np.float32(255)
    whole[window][..., :3] = np.rint(colour, out=colour)
    whole[window][..., 3] = np.rint(alpha.clip(0, 1) * 255)
    return whole


def _uneven(scene: Scene, sheet: Sheet, window: Window, steady: float) -> tuple[Floats32, Floats32, Floats32]:
    """Straight colour, opacity and what is kept, with edges as the hand makes them."""
    amount = {
        "dusk_gouache": 0.0016,
        "paper_cut": 0.0012,
        "ink_wash": 0.0026,
        "woodcut": 0.0019,
        "night_lantern": 0.0006,
    }
    cell = {"paper_cut": 26.0, "woodcut": 40.0, "ink_wash": 60.0}.get(scene.style, 70.0)
    rgba, kept = np.dstack([sheet.colour[window], sheet.alpha[window]]), sheet.kept[window]
    rng = scene.rng("edge")
    reach = np.float32(amount[scene.style] * scene.u * 4 * steady)
    size = (rgba.shape[1], rgba.shape[0])
    x = noise(size, scene.u / cell, rng, octaves=2) * reach + np.arange(size[0], dtype=np.float32)[None, :]
    y = noise(size, scene.u / cell, rng, octaves=2) * reach + np.arange(size[1], dtype=np.float32)[:, None]
    moved = np.asarray(cv2.remap(rgba, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)
    if kept.any():
        kept = np.asarray(cv2.remap(kept, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)
    del rgba, x, y
    # A view of the opacity would keep all four planes.
    alpha = np.ascontiguousarray(moved[..., 3])
    straight = np.ascontiguousarray(moved[..., :3])
    del moved
    straight /= threefold(np.maximum(alpha, 1e-3))
    return straight, alpha, kept


def _ramp(scene: Scene, heights: tuple[float, float], window: Window) -> Floats32:
    rows = np.arange(scene.h, dtype=np.float32)[window[0]] / scene.h
    return np.asarray(np.clip((rows - heights[0]) / max(heights[1] - heights[0], 1e-6), 0, 1), np.float32)


def _put_in_air(scene: Scene, colour: Floats32, window: Window, touch: Touch, air: float, free: Floats32) -> None:
    """Distance, mist at the foot, and the glow around the light, in place. ``free`` [h, w]: what they reach."""
    share = np.full((colour.shape[0], 1), air, np.float32)
    if touch.mist is not None:
        share = 1 - (1 - share) * (1 - touch.mist[2] * _ramp(scene, touch.mist[:2], window)[:, None])
    if share.any():
        blend_to(colour, scene.colours.horizon, share * free)
    reach = np.float32(0.34 * scene.light.strength * (1 - 0.75 * touch.depth))
    if scene.light.kind != "none" and reach:
        blend_to(colour, scene.colours.light, scene.nearness[window] * reach * free)


def _edge_light(scene: Scene, alpha: Floats32, window: Window, width: float) -> Floats32:
    """Where the outline of a layer looks at the light: 0–1."""
    plane = blurred(alpha, width)
    gx = cv2.Sobel(plane, cv2.CV_32F, 1, 0, ksize=3)
    gy = cv2.Sobel(plane, cv2.CV_32F, 0, 1, ksize=3)
    x = scene.light.x * scene.w - np.arange(scene.w, dtype=np.float32)[window[1]][None, :]
    y = scene.light.y * scene.h - np.arange(scene.h, dtype=np.float32)[window[0]][:, None]
    length = np.sqrt(x * x + y * y) + 1
    facing = np.maximum(-(gx * x + gy * y) / length, 0) * np.float32(width)
    fall = np.clip(1.3 - scene.distance[window] * 1.1, 0.12, 1)
    return np.asarray(np.clip(facing * 1.1 * fall, 0, 1) * alpha, np.float32)


def _gouache(
    scene: Scene, colour: Floats32, alpha: Floats32, kept: Floats32, window: Window, touch: Touch
) -> tuple[Floats32, Floats32]:
    """Opaque paint with strokes in it, edges a little dry, a warm line toward the light."""
    free = 1 - kept
    strokes = scene.rolled(scene.brush, touch.depth)[window]
    colour *= threefold(1 + (0.30 * touch.texture * strokes) * free)
    rim = _edge_light(scene, alpha, window, max(1.0, 0.0022 * scene.u))
    broken = np.clip(0.75 + 1.6 * scene.rolled(scene.blotch, 3)[window], 0.15, 1)
    blend_to(colour, scene.colours.light, rim * np.float32(touch.rim * scene.light.strength) * broken * free)
    colour *= threefold(1 + scene.grain[window] * (1 - 0.7 * kept))
    return colour, alpha


def _paper(
    scene: Scene, colour: Floats32, alpha: Floats32, kept: Floats32, window: Window, touch: Touch
) -> tuple[Floats32, Floats32]:
    """A sheet: one colour, fibres, a white cut edge toward the light and a shadow on what lies below."""
    free = (1 - kept)[..., None]
    fibre = scene.rolled(scene.grain, touch.depth)[window][..., None]
    colour = colour * (1 + 1.1 * fibre * (1 - 0.6 * kept)[..., None])
    edge = _edge_light(scene, alpha, window, max(0.8, 0.0014 * scene.u))[..., None]
    colour = colour + (1 - colour) * np.clip(edge * 1.6, 0, 1) * np.float32(0.42) * free
    if touch.shadow:
        reach = scene.u * (0.005 + 0.010 * touch.depth)
        step = np.array([[1, 0, -reach * (0.8 if scene.light.x > 0.5 else -0.8)], [0, 1, reach]], np.float32)
        size = (alpha.shape[1], alpha.shape[0])
        cast = cv2.warpAffine(alpha, step, size, flags=cv2.INTER_LINEAR)
        cast = blurred(np.asarray(cast, np.float32), reach * 0.9) * np.float32(0.42)
        both = alpha + cast * (1 - alpha)
        dark = scene.colours.foreground * np.float32(0.35)
        below = (cast * (1 - alpha))[..., None]
        mixed = (colour * alpha[..., None] + dark * below) / np.maximum(both, 1e-3)[..., None]
        colour = np.asarray(mixed, np.float32)
        alpha = np.asarray(both, np.float32)
    return np.asarray(colour, np.float32), alpha


def _ink(
    scene: Scene, colour: Floats32, alpha: Floats32, kept: Floats32, window: Window, touch: Touch
) -> tuple[Floats32, Floats32]:
    """Washes: pigment gathers at the edge, granulates within, and runs out where the brush was dry."""
    free = (1 - kept)[..., None]
    wide = blurred(alpha, 0.012 * scene.u)
    pool = np.clip((1 - wide) * alpha * 1.5, 0, 1)
    blotch = scene.rolled(scene.blotch, touch.depth, "ink")[window]
    streak = scene.rolled(scene.brush, touch.depth, "ink")[window]
    tone = colour @ LUMA
    density = np.clip((1 - tone) * (0.86 + 0.75 * blotch + 0.35 * streak + 0.55 * pool), 0, 1)
    if touch.depth < 0.5:
        density *= 0.92
    # Ink with a breath of the colour's own hue, thinned on the paper by the density; in place, for its memory.
    washed = colour * (np.float32(luma_of(INK)) / np.maximum(tone, 0.06))[..., None]
    np.clip(washed, 0, 1, out=washed)
    washed -= INK
    washed *= np.float32(0.3)
    washed += INK - PAPER
    washed *= density[..., None]
    washed += PAPER
    washed *= np.float32(0.76)
    washed += np.float32(0.24) * colour
    colour = washed * free + colour * kept[..., None]
    del washed, tone, density, pool, blotch
    line = np.clip(cv2.Laplacian(blurred(alpha, max(0.8, 0.0016 * scene.u)), cv2.CV_32F, ksize=3) * -6, 0, 1)
    swell = np.clip(0.5 + 2.2 * scene.rolled(scene.blotch, 8)[window], 0, 1)
    strength = np.float32(0.55 if touch.depth > 0.25 else 0.25)
    colour = colour + (INK - colour) * (np.asarray(line, np.float32) * swell * strength * (1 - kept))[..., None]
    dry = np.clip((streak + 0.33) * 5 + (wide - 0.5) * 2.6, 0, 1)
    if touch.texture > 0.8:
        alpha = alpha * (1 - (1 - dry) * np.float32(0.5) * (1 - kept) * (wide < 0.9))
    return np.asarray(colour * (1 + scene.grain[window][..., None] * 1.2 * free), np.float32), np.asarray(
        alpha, np.float32
    )


def luma_of(colour: Floats32) -> float:
    return float(colour @ LUMA)


def hatching(scene: Scene, window: Window, depth: float, *, rings: bool = False) -> Floats32:
    """0 in the middle of a cut line to 1 between two: [h, w]."""
    bend = scene.rolled(scene.blotch, depth, "hatch")[window]
    period = scene.u * (0.0105 + 0.003 * depth)
    rows = np.arange(scene.h, dtype=np.float32)[window[0]][:, None]
    columns = np.arange(scene.w, dtype=np.float32)[window[1]][None, :]
    if rings:
        place = scene.distance[window] * scene.h + bend * period * 5
    else:
        lean = {0: 0.12, 1: -0.2, 2: 0.65}[round(depth * 10) % 3]
        place = rows + lean * columns + bend * period * 7
    way = place / np.float32(period)
    return np.asarray(np.abs(way - np.floor(way) - 0.5) * 2, np.float32)


def _woodcut(
    scene: Scene, colour: Floats32, alpha: Floats32, kept: Floats32, window: Window, touch: Touch
) -> tuple[Floats32, Floats32]:
    """Flat inks, and a key block whose cut lines are thicker where it is darker."""
    free = (1 - kept)[..., None]
    tone = colour @ LUMA
    key = scene.colours.foreground
    flat = colour + (np.round(tone * 4.5) / 4.5 - tone)[..., None] * np.float32(0.7)
    flat = flat + (PAPER - flat) * np.float32(0.16)
    lines = hatching(scene, window, touch.depth)
    dark = np.clip((0.70 - tone) * 1.55, 0, 0.86)
    cut = np.clip((dark - lines) * 4.5 + 0.5, 0, 1)
    solid = blurred(alpha, 0.004 * scene.u)
    inner = np.clip((solid - 0.80) * 7, 0, 1)
    ink = np.maximum(cut * inner * (tone < 0.66), 1 - np.clip((solid - 0.56) * 7, 0, 1))
    if touch.subject:
        # Figures: outlines, and lines in the dark parts only.
        ink = np.maximum(1 - np.clip((solid - 0.56) * 7, 0, 1), cut * inner * (tone < 0.22) * 0.5)
    strength = np.float32(min(1.0, 0.3 + 1.2 * touch.depth))
    ink = (ink * strength * (1 - kept))[..., None]
    flat = flat + (key - flat) * ink
    light = _edge_light(scene, alpha, window, max(1.0, 0.0026 * scene.u))
    carved = np.clip(light * 2.4 - 0.5, 0, 1)[..., None] * np.float32(0.85 * touch.rim)
    flat = flat + (scene.colours.light - flat) * carved * free
    flat = flat * (1 + 0.7 * scene.grain[window][..., None])
    return np.asarray(flat * free + colour * kept[..., None], np.float32), alpha


def _lantern(
    scene: Scene, colour: Floats32, alpha: Floats32, kept: Floats32, window: Window, touch: Touch
) -> tuple[Floats32, Floats32]:
    """Silhouettes that light comes around: a halo inside every edge, stronger near the lamp."""
    free = (1 - kept)[..., None]
    tone = colour * np.float32(1 - 0.45 * touch.depth)
    wide = blurred(alpha, 0.016 * scene.u)
    halo = np.clip((1 - wide) * 1.7, 0, 1) * alpha
    fall = np.exp(-np.square(scene.distance[window] / 0.55)) + 0.16
    glow = scene.colours.horizon + (scene.colours.light - scene.colours.horizon) * np.clip(fall - 0.4, 0, 1)[..., None]
    tone = tone + (glow - tone) * (halo * fall * np.float32(0.5 * (1 - 0.35 * touch.depth)))[..., None]
    rim = _edge_light(scene, alpha, window, max(1.0, 0.0016 * scene.u))[..., None]
    tone = tone + (scene.colours.light - tone) * rim * np.float32(0.85 * touch.rim)
    colour = tone * free + colour * kept[..., None]
    return np.asarray(colour * (1 + 0.35 * scene.grain[window][..., None]), np.float32), alpha


_HANDS = {
    "dusk_gouache": _gouache,
    "paper_cut": _paper,
    "ink_wash": _ink,
    "woodcut": _woodcut,
    "night_lantern": _lantern,
}
