"""Skies: the light and its glow, clouds, stars, and what falls; and the sky as each style makes it."""

import math

import numpy as np
from numpy.typing import NDArray

from soundstage.arrays import Floats32
from soundstage.film.compositing import RAIN_PER_S
from soundstage.film.painting.colours import Colour, darker, lighter, mix
from soundstage.film.painting.finish import Rgba, hatching
from soundstage.film.painting.palettes import INK, PAPER
from soundstage.film.painting.raster import Sheet, blurred, ellipse, limb, noise, points
from soundstage.film.painting.scene import Scene

_OVERCAST = {"cloudy": 0.62, "rain": 0.8, "storm": 0.9, "snow": 0.6, "fog": 0.35, "wind": 0.42, "clear": 0.26}


def sky(scene: Scene) -> Rgba:
    """The farthest layer, opaque: [h, w, 4]."""
    paint = _SKIES[scene.style](scene)
    paint = paint * scene.vignette[..., None]
    whole = np.full((scene.h, scene.w, 4), 255, np.uint8)
    whole[..., :3] = np.rint(paint.clip(0, 1) * 255)
    return whole


def _heights(scene: Scene) -> Floats32:
    """0 at the top, 1 at the horizon: [h, 1]."""
    rows = np.arange(scene.h, dtype=np.float32)[:, None] / scene.h
    return np.asarray(np.clip(rows / max(scene.staging.horizon, 0.3), 0, 1), np.float32)


def _between(scene: Scene) -> Colour:
    """The colour half way up: at dawn and dusk a third one, not the mixture of the two."""
    c = scene.colours
    if scene.setting.time_of_day in ("dawn", "dusk"):
        return mix(mix(c.zenith, c.horizon, 0.5), c.shade, 0.35)
    return mix(c.zenith, c.horizon, 0.5)


def _graded(scene: Scene, way: Floats32) -> Floats32:
    c = scene.colours
    middle = _between(scene)
    upper = c.zenith + (middle - c.zenith) * np.clip(way / 0.55, 0, 1)[..., None]
    return np.asarray(upper + (c.horizon - middle) * np.clip((way - 0.55) / 0.45, 0, 1)[..., None], np.float32)


def _glow(scene: Scene, paint: Floats32) -> Floats32:
    size, strength = scene.light.size, scene.light.strength
    d = scene.distance
    around = 0.55 * np.exp(-np.square(d / (size * 2.2))) + 0.42 * np.exp(-np.square(d / (size * 6.5)))
    paint = paint + (scene.colours.light - paint) * np.clip(around * strength, 0, 1)[..., None]
    if scene.light.disc:
        paint = paint + (_disc_colour(scene) - paint) * _disc(scene)[..., None]
    return np.asarray(paint, np.float32)


def _disc_colour(scene: Scene) -> Colour:
    return lighter(scene.colours.light, 0.35)


def _disc(scene: Scene) -> Floats32:
    d = np.clip((scene.light.size - scene.distance) * scene.h / 1.5 + 0.5, 0, 1)
    if scene.light.kind == "moon" and stable_phase(scene):
        x = np.arange(scene.w, dtype=np.float32)[None, :] / scene.h - scene.light.x * scene.w / scene.h
        y = np.arange(scene.h, dtype=np.float32)[:, None] / scene.h - scene.light.y
        other = np.sqrt(np.square(x - scene.light.size * 0.62) + np.square(y + scene.light.size * 0.2))
        d = d * np.clip((other - scene.light.size * 0.92) * scene.h / 1.5 + 0.5, 0, 1)
    return np.asarray(d, np.float32)


def stable_phase(scene: Scene) -> bool:
    """A crescent in every other story; a whole moon in the rest."""
    return scene.seed % 2 == 1


def _gouache_sky(scene: Scene) -> Floats32:
    c = scene.colours
    way = np.clip(_heights(scene) + 0.10 * scene.brush, 0, 1)
    paint = _glow(scene, _graded(scene, way))
    amount = _OVERCAST[scene.setting.weather]
    rng = scene.rng("clouds")
    field = noise(scene.size, scene.w / 2.6, rng, octaves=5, stretch=2.7) + 0.25 * scene.brush
    rows = _heights(scene)
    band = np.exp(-np.square((rows - 0.42) / 0.34))
    airless = 0.0 if scene.setting.place == "space" else 1.0
    cover = airless * np.clip((field + 0.24 * band - 0.30 + 0.42 * amount) / 0.13, 0, 1)
    under = np.clip(cover - blurred(np.asarray(cover, np.float32), 0.012 * scene.h), 0, 1)
    lit = np.clip(1.2 - scene.distance * 1.6, 0, 1)[..., None]
    shadow = (
        mix(c.shade, c.zenith, 0.3)
        if scene.setting.weather in ("rain", "storm")
        else mix(_between(scene), c.shade, 0.22)
    )
    if scene.setting.time_of_day in ("morning", "noon", "afternoon") and scene.setting.weather in (
        "clear",
        "wind",
        "cloudy",
    ):
        shadow = lighter(c.horizon, 0.45)
    body = shadow + (mix(c.horizon, c.light, 0.4) - shadow) * lit
    share = (cover * (0.55 + 0.3 * amount))[..., None]
    paint = paint * (1 - share) + body * share + under[..., None] * 0.22 * c.light
    return np.asarray(paint * (1 + 0.10 * scene.brush + scene.grain)[..., None], np.float32)


def _paper_sky(scene: Scene) -> Floats32:
    """Sheets with round holes, one behind the other, brightest around the light."""
    c = scene.colours
    rng = scene.rng("paper sky")
    waves = noise(scene.size, scene.w / 3, rng, octaves=2) * 0.16
    far = scene.distance + waves
    paint: NDArray[np.floating] = np.broadcast_to(mix(c.horizon, c.light, 0.5), (scene.h, scene.w, 3))
    rings = 5
    for ring in range(rings):
        edge = scene.light.size * 2.1 + ring * 0.17
        sheet = np.clip((far - edge) * scene.h / 1.5 + 0.5, 0, 1)
        cast = np.clip(1 - (edge - far) / 0.028, 0, 1) * (far < edge) * 0.30
        paint = paint * (1 - cast)[..., None]
        tone = mix(mix(c.horizon, _between(scene), min(1.0, ring / 2)), c.zenith, max(0.0, (ring - 1) / (rings - 2)))
        shade = (tone * (1 + 1.1 * scene.rolled(scene.grain, ring)[..., None])).astype(np.float32)
        paint = paint + (shade - paint) * sheet[..., None]
    if scene.light.disc:
        disc = _disc(scene)
        fallen = blurred(np.roll(disc, round(0.006 * scene.h), 0), 0.006 * scene.h) * 0.35
        paint = paint * (1 - fallen * (1 - disc))[..., None]
        paint = paint + (_disc_colour(scene) * (1 + scene.grain[..., None]) - paint) * disc[..., None]
    return np.asarray(paint, np.float32)


def _ink_sky(scene: Scene) -> Floats32:
    c = scene.colours
    way = np.clip(_heights(scene) + 0.22 * scene.blotch, 0, 1)
    wash = c.zenith + (c.horizon - c.zenith) * np.power(way, 0.8)[..., None]
    amount = _OVERCAST[scene.setting.weather]
    pools = np.clip((scene.blotch + 0.3 * scene.brush + 0.4 * amount - 0.12) / 0.28, 0, 1)
    edge = np.clip(pools * (1 - pools) * 4, 0, 1) * 0.12
    dark = (0.10 + 0.32 * amount) * pools * (1 - 0.6 * way) + edge * amount
    wash = wash + (INK - wash) * np.clip(dark, 0, 1)[..., None]
    ring = np.exp(-np.square(scene.distance / (scene.light.size * 3.2)))[..., None]
    wash = wash + (PAPER - wash) * ring * np.float32(0.85 * scene.light.strength)
    if scene.light.disc:
        around = np.clip((scene.light.size * 1.06 - scene.distance) * scene.h / 3 + 0.5, 0, 1)[..., None]
        if scene.light.kind == "sun":
            red = mix(PAPER, np.array([0.80, 0.25, 0.16], np.float32), 0.62)
            wash = wash + (red * (1 + 0.5 * scene.blotch[..., None]) - wash) * around * 0.85
        else:
            wash = wash + (lighter(PAPER, 0.6) - wash) * _disc(scene)[..., None]
    return np.asarray(wash * (1 + 1.3 * scene.grain)[..., None], np.float32)


def _woodcut_sky(scene: Scene) -> Floats32:
    """Lines around the light that swell away from it."""
    c = scene.colours
    way = np.clip(_heights(scene) + 0.06 * scene.blotch, 0, 1)
    bands = np.floor(way * 3.999) / 3
    paint: NDArray[np.floating] = _graded(scene, np.asarray(bands, np.float32))
    rows = slice(0, scene.h), slice(0, scene.w)
    lines = hatching(scene, rows, 0.5, rings=True)
    amount = _OVERCAST[scene.setting.weather]
    tone = np.clip(0.06 + 0.85 * scene.distance * (0.4 + 0.6 * c.dark) + 0.3 * amount * (1 - way) - 0.20, 0, 0.78)
    if scene.setting.weather in ("rain", "storm"):
        tone = np.maximum(tone, np.clip((scene.blotch + 0.35 * amount) * 1.5, 0, 0.7))
    ink = np.clip((tone - lines) * 5 + 0.5, 0, 1) * (tone > 0.05)
    key = mix(c.zenith, c.foreground, 0.35 + 0.5 * c.dark)
    paint = paint + (key - paint) * (ink * (0.75 if c.dark > 0.5 else 0.5))[..., None]
    halo = np.clip((scene.light.size * 1.9 - scene.distance) * scene.h / 2 + 0.5, 0, 1) * scene.light.strength
    paint = paint + (c.light - paint) * (halo * 0.75)[..., None]
    if scene.light.disc:
        paint = paint + (_disc_colour(scene) - paint) * _disc(scene)[..., None]
        rim = np.clip(1 - np.abs(scene.distance - scene.light.size) * scene.h / 1.6, 0, 1)
        paint = paint + (c.foreground - paint) * (rim * 0.7)[..., None]
    return np.asarray(paint * (1 + 0.8 * scene.grain)[..., None], np.float32)


def _lantern_sky(scene: Scene) -> Floats32:
    c = scene.colours
    d = scene.distance
    fall = np.clip(0.62 * np.exp(-np.square(d / 0.34)) + 0.5 * np.exp(-np.square(d / 0.8)), 0, 1)
    way = np.clip(np.power(_heights(scene), 1.5) * 0.62 + fall * 0.5, 0, 1)
    paint = _graded(scene, np.asarray(way, np.float32))
    mist = np.clip(noise(scene.size, scene.w / 2, scene.rng("mist"), octaves=4, stretch=2.5) + 0.1, 0, 1)
    paint = paint + (mix(c.shade, c.horizon, 0.4) - paint) * (mist * 0.5)[..., None]
    bright = np.clip(fall * (0.35 + 0.45 * scene.light.strength) - 0.1, 0, 1)
    paint = paint + (mix(c.horizon, c.light, 0.6) - paint) * (bright * 0.8)[..., None]
    paint = _glow(scene, paint)
    return np.asarray(paint * (1 + 0.4 * scene.grain)[..., None], np.float32)


_SKIES = {
    "dusk_gouache": _gouache_sky,
    "paper_cut": _paper_sky,
    "ink_wash": _ink_sky,
    "woodcut": _woodcut_sky,
    "night_lantern": _lantern_sky,
}


def clouds(scene: Scene) -> Sheet | None:
    """Drifting shapes; None where the sky itself is covered or the style keeps it empty."""
    amount = {"clear": 3, "wind": 5, "cloudy": 7, "rain": 8, "storm": 9, "snow": 5, "fog": 2}[scene.setting.weather]
    if scene.style in ("dusk_gouache", "ink_wash"):
        amount = amount // 2 if scene.setting.weather in ("wind", "cloudy", "rain", "storm") else 0
    if amount == 0:
        return None
    c, rng, sheet = scene.colours, scene.rng("cloud shapes"), scene.sheet()
    wet = scene.setting.weather in ("rain", "storm")
    for _ in range(amount):
        x, y = rng.uniform(0.0, 1.0) * scene.w, scene.h * scene.staging.horizon * rng.uniform(0.12, 0.72)
        wide = scene.u * rng.uniform(0.18, 0.42)
        tone = mix(lighter(c.horizon, 0.3), c.light, 0.2) if not wet else mix(c.shade, c.zenith, 0.35)
        if c.dark > 0.5 and not wet:
            tone = mix(c.zenith, c.horizon, 0.45)
        _cloud(sheet, x, y, wide, tone, darker(mix(tone, c.shade, 0.25), 0.06), rng, scene.style)
    return sheet


def _cloud(
    sheet: Sheet, x: float, y: float, wide: float, tone: Colour, under: Colour, rng: np.random.Generator, style: str
) -> None:
    if style in ("dusk_gouache", "ink_wash", "night_lantern"):
        for _ in range(4):
            dx, dy = rng.uniform(-0.5, 0.5) * wide, rng.uniform(-0.06, 0.06) * wide
            sheet.fill(
                ellipse(x + dx, y + dy, wide * rng.uniform(0.3, 0.6), wide * rng.uniform(0.04, 0.09)),
                tone,
                opacity=0.35,
                soft=wide * 0.03,
            )
        return
    humps = rng.integers(4, 7)
    top = [
        (
            x + wide * (k / (humps - 1) - 0.5),
            y - wide * (0.05 + 0.2 * math.sin(math.pi * (k + 0.4) / humps)) * rng.uniform(0.7, 1.1),
        )
        for k in range(humps)
    ]
    body = [ellipse(px, py, wide * 0.17, wide * 0.14) for px, py in top]
    base = limb((x - wide * 0.5, y), (x + wide * 0.5, y), wide * 0.075, wide * 0.065)
    for part in [base, *body]:
        sheet.fill(part, under)
    for part in [base, *body]:
        sheet.fill(part - np.array([0.0, wide * 0.022]), tone)


def stars(scene: Scene) -> Sheet | None:
    if scene.setting.time_of_day != "night" and scene.setting.place != "space":
        return None
    if scene.setting.weather in ("rain", "storm", "fog", "snow", "cloudy") and scene.setting.place != "space":
        return None
    rng, sheet = scene.rng("stars"), scene.sheet()
    count = 260 if scene.setting.place == "space" else 120
    for _ in range(count):
        x = rng.uniform(0, scene.w)
        y = (
            rng.uniform(0, 1) ** 1.3
            * scene.h
            * (1.0 if scene.setting.place == "space" else scene.staging.horizon * 0.92)
        )
        size = scene.u * 0.0011 * (0.6 + 1.6 * rng.random() ** 4)
        if math.hypot(x - scene.light.x * scene.w, y - scene.light.y * scene.h) < scene.light.size * scene.h * 1.6:
            continue
        if scene.style in ("paper_cut", "woodcut"):
            size *= 2.2
            angles = np.arange(8) * math.pi / 4
            reach = np.where(np.arange(8) % 2 == 0, 1.6, 0.55) * size
            sheet.fill(
                points(*zip(x + reach * np.cos(angles), y + reach * np.sin(angles), strict=True)),
                scene.colours.light,
                kept=1,
            )
        else:
            sheet.fill(ellipse(x, y, size, size), scene.colours.light, opacity=rng.uniform(0.45, 1.0), kept=1)
    return sheet


def precipitation(scene: Scene, near: bool) -> Rgba | None:
    """Rain or snow on a sheet that repeats across and down: [h, w, 4]."""
    weather = scene.setting.weather
    if weather not in ("rain", "storm", "snow"):
        return None
    rng = scene.rng("falling", near)
    falling = np.zeros((scene.h, scene.w), np.float32)
    large = 1.7 if near else 1.0
    count = {"rain": 260, "storm": 420, "snow": 240}[weather] // (3 if near else 1)
    margin = round(scene.u * 0.1)
    wide = Sheet((scene.w + 2 * margin, scene.h + 2 * margin))
    white = np.ones(3, np.float32)
    # As the cutter moves it (compositing.RAIN_PER_S), so that drops fall along themselves.
    lean = RAIN_PER_S[0] * scene.w / (RAIN_PER_S[1] * scene.h)
    for _ in range(count):
        x, y = rng.uniform(0, scene.w), rng.uniform(0, scene.h)
        size = rng.uniform(0.6, 1.4) * large
        for dx in (-scene.w, 0, scene.w):
            for dy in (-scene.h, 0, scene.h):
                at = (x + dx + margin, y + dy + margin)
                if not (-margin < x + dx < scene.w + margin and -margin < y + dy < scene.h + margin):
                    continue
                if weather == "snow":
                    flake = ellipse(*at, scene.u * 0.0030 * size, scene.u * 0.0030 * size)
                    wide.fill(
                        flake, white, opacity=0.85 if not near else 0.6, soft=scene.u * (0.0006 if not near else 0.002)
                    )
                else:
                    long = scene.u * 0.035 * size
                    drop = limb(
                        at, (at[0] + lean * long, at[1] + long), scene.u * 0.0004 * large, scene.u * 0.0009 * large
                    )
                    wide.fill(drop, white, opacity=0.5 if not near else 0.4)
    falling = wide.alpha[margin : margin + scene.h, margin : margin + scene.w]
    whole = np.zeros((scene.h, scene.w, 4), np.uint8)
    tone = lighter(mix(scene.colours.horizon, scene.colours.light, 0.5), 0.35 if weather == "snow" else 0.1)
    if scene.style == "ink_wash":
        tone = lighter(PAPER, 0.5) if weather == "snow" else mix(INK, PAPER, 0.25)
    whole[..., :3] = np.rint(tone * 255)
    whole[..., 3] = np.rint(falling.clip(0, 1) * 255)
    return whole


def lightning(scene: Scene) -> Sheet | None:
    """One bolt far from the hero, in a storm."""
    if scene.setting.weather != "storm":
        return None
    rng, sheet = scene.rng("bolt"), scene.sheet()
    x = scene.w * (0.22 if scene.staging.hero_x > 0.5 else 0.78)
    path = [(x, 0.0)]
    end = scene.h * scene.staging.horizon
    for step in range(1, 8):
        path.append((path[-1][0] + scene.u * rng.uniform(-0.05, 0.05), end * step / 7))
    bright = lighter(scene.colours.light, 0.5)
    for part in (slice(0, 8), slice(3, 6)):
        line = np.array(path[part])
        if part.start:
            line = line + np.array([[scene.u * 0.03 * k, -scene.u * 0.012 * k] for k in range(len(line))])
        widths = np.linspace(scene.u * 0.006, scene.u * 0.0015, len(line))
        outline = _jagged(line, widths)
        sheet.fill(outline, bright, opacity=0.35, soft=scene.u * 0.012, kept=1)
        sheet.fill(outline, bright, kept=1)
    return sheet


def _jagged(line: np.ndarray, widths: np.ndarray) -> np.ndarray:
    half = np.column_stack([widths / 2, np.zeros(len(line))])
    return np.vstack([line - half, (line + half)[::-1]])


def glow_sheet(scene: Scene) -> Sheet | None:
    """Light that lamps and windows shed around them."""
    if not scene.glows:
        return None
    sheet = Sheet(scene.size)
    for x, y, reach in scene.glows[:24]:
        for share, opacity in ((1.0, 0.15), (0.5, 0.2), (0.2, 0.32)):
            sheet.fill(
                ellipse(x, y, reach * share * 0.6, reach * share * 0.6),
                mix(scene.colours.glow, scene.colours.light, 1 - share),
                opacity=opacity,
                soft=reach * share * 0.3,
                kept=1,
            )
    return sheet
