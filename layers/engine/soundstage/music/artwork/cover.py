"""Cover of a track: a picture made from its melody, key, energy and title. The same seed, the same bytes.

numpy paints, Pillow writes the title and the file: Pillow is in the worker and beside the command line only, so import
this module where it is needed.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter1d

from soundstage.arrays import Floats32
from soundstage.media.typography import fitted, typeface_for, writable
from soundstage.models.composition import Composition, GridNote, VariantPlan
from soundstage.models.music import Key, Mode
from soundstage.music.artwork.cover_scenes import AT_NIGHT, POINTS, SCENES, SIZE, Canvas, Motif, Palette

CIRCLE_OF_FIFTHS = ("C", "G", "D", "A", "E", "B", "F#", "C#", "G#", "D#", "A#", "F")
FIRST_HUE = 65.0  # degrees, OKLCH: C is amber; every fifth up turns by 30°
# Dark yellow looks brown and olive: within 48° of its hue and below this lightness, hues are moved.
YELLOW_HUE, YELLOW_REACH, DARK, DARK_FADE = 95.0, 48.0, 0.68, 0.2
MARGIN = 84  # pixels around the title
TITLE_SIZES, TITLE_LEADING = (92, 80, 70, 60, 52), 1.12  # pixels, the first that fits; of the size
LIGHT_GROUND = 118  # mean of 8-bit luma: above, the title is dark
INK, PAPER = (22, 18, 26), (250, 247, 242)  # sRGB
# Chroma of a palette: .8 at no energy, .5 more per unit.
CHROMA, CHROMA_PER_ENERGY = 0.8, 0.5
SLOW_BPM, PACE_BPM = 60.0, 110.0  # pace is 0 at 60 quarters a minute, 1 at 170
PREVIEW_SIZE, PREVIEW_QUALITY = 640, 82  # 13 rem on a phone of three pixels to one; of WebP
GAMUT_STEPS = 33  # of chroma towards grey


def draw_cover(path: Path, composition: Composition, title: str | None = None, *, preview: Path | None = None) -> None:
    """Write a PNG of 1200 × 1200. ``title``: in any script and length; None: no title.

    ``preview``: the same as WebP of 640 × 640, a tenth of the size.
    """
    image, _ = paint_cover(composition, title)
    if title:
        _write_title(image, title)
    image.save(path, format="PNG")
    if preview is not None:
        small = image.resize((PREVIEW_SIZE, PREVIEW_SIZE), Image.Resampling.LANCZOS)
        small.save(preview, format="WEBP", quality=PREVIEW_QUALITY)


def paint_cover(composition: Composition, title: str | None = None) -> tuple[Image.Image, Palette]:
    """The picture without its title, and its palette; another title is another picture."""
    plan = composition.variants["A"]
    notes = list(first_statement(plan))
    rng = np.random.default_rng(_seed(composition, notes, title))
    motif = _motif(plan, notes)
    scene = SCENES[rng.integers(len(SCENES))]
    palette = _palette(plan.key, motif, motif.minor or scene in AT_NIGHT, rng)
    canvas = Canvas(palette)
    scene(canvas, motif, palette, rng)
    return Image.fromarray(srgb_bytes(canvas.paint)), palette


def first_statement(plan: VariantPlan) -> Iterator[GridNote]:
    """The hummed notes of the first statement, in order."""
    newest = -1
    for note in sorted(plan.melody, key=lambda note: note.beat):
        if note.hummed is None:
            continue
        if note.hummed <= newest:
            return
        newest = note.hummed
        yield note


def _seed(composition: Composition, notes: list[GridNote], title: str | None) -> int:
    """Seed of the picture, from melody, title and the composition's seed."""
    parts = [str(composition.seed), title or "", *(f"{note.midi}:{note.beats:.2f}" for note in notes)]
    return int.from_bytes(hashlib.sha256(" ".join(parts).encode(errors="replace")).digest()[:8], "big")


def _motif(plan: VariantPlan, notes: list[GridNote]) -> Motif:
    """The first statement as contour, loudness, energy and pace."""
    pace = float(np.clip((plan.tempo_bpm - SLOW_BPM) / PACE_BPM, 0, 1))
    if not notes:
        flat = np.zeros(POINTS, dtype=np.float32)
        return Motif(flat, flat + 0.5, energy=0.5, pace=pace, minor=plan.key.mode is Mode.MINOR)
    begin, end = notes[0].beat, max(note.beat + note.beats for note in notes)
    places = np.linspace(begin, end, POINTS)
    index = np.searchsorted([note.beat for note in notes], places, side="right") - 1
    midi = np.array([note.midi for note in notes], dtype=float)
    velocity = np.array([note.velocity for note in notes])
    sounding = places < np.array([note.beat + note.beats for note in notes])[index]
    middle, reach = (midi.max() + midi.min()) / 2, max(float(np.ptp(midi)) / 2, 3.5)
    contour = gaussian_filter1d((midi[index] - middle) / reach, 4)
    loudness = gaussian_filter1d(np.where(sounding, velocity[index], 0.2), 12)
    density = len(notes) / max(end - begin, 1.0)
    energy = float(np.clip(0.5 * velocity.mean() + 0.25 * pace + 0.25 * min(density / 2, 1), 0, 1))
    return Motif(contour.astype(np.float32), loudness.astype(np.float32), energy, pace, plan.key.mode is Mode.MINOR)


Lch = tuple[float, float, float]


def _palette(key: Key, motif: Motif, night: bool, rng: np.random.Generator) -> Palette:
    """Palette of a key: its hue by the circle of fifths, its chroma by energy; minor is darker than major."""
    hue = FIRST_HUE + 30.0 * CIRCLE_OF_FIFTHS.index(key.tonic)
    chroma = CHROMA + CHROMA_PER_ENERGY * motif.energy
    side = float(rng.choice((-1.0, 1.0)))
    schemes = [_night(hue, side * way, motif) if night else _day(hue, side * way) for way in (1.0, -1.0)]
    ground, tones, glow, light = min(schemes, key=lambda scheme: _mud([*scheme[0], *scheme[1]]))
    return Palette(
        _linear(_between(cleared(ground)), chroma),
        _linear(_between(cleared(tones)), chroma),
        *_linear([glow, light], chroma),
    )


def _night(hue: float, side: float, motif: Motif) -> tuple[list[Lch], list[Lch], Lch, Lch]:
    """Ground, tones from dark to light, glow and light."""
    lift = 0.0 if motif.minor else 0.08
    ground = [
        (0.15 + lift, 0.06, hue),
        (0.24 + lift, 0.10, hue + 18 * side),
        (0.37 + lift, 0.13, hue + 45 * side),
    ]
    tones = [
        (0.26, 0.10, hue + 10 * side),
        (0.48, 0.16, hue + 45 * side),
        (0.70, 0.16, hue + 85 * side),
        (0.87, 0.10, hue + 120 * side),
    ]
    return ground, tones, (0.62, 0.16, hue + 60 * side), (0.96, 0.04, hue + 110 * side)


def _day(hue: float, side: float) -> tuple[list[Lch], list[Lch], Lch, Lch]:
    """Ground, tones from dark to light, glow and light."""
    ground = [
        (0.80, 0.09, hue + 32 * side),
        (0.89, 0.07, hue + 14 * side),
        (0.955, 0.035, hue),
    ]
    tones = [
        (0.27, 0.09, hue + 150 * side),
        (0.45, 0.14, hue + 105 * side),
        (0.66, 0.17, hue + 45 * side),
        (0.84, 0.11, hue + 10 * side),
    ]
    return ground, tones, (0.96, 0.05, hue + 10 * side), (0.98, 0.025, hue)


def _mud(colours: list[Lch]) -> float:
    """Amount of dark yellow in a palette."""
    return sum(_yellowness(hue) * max(0.0, DARK - lightness) for lightness, _, hue in colours)


def _yellowness(hue: float) -> float:
    """1 at yellow, 0 from ``YELLOW_REACH`` on."""
    return max(0.0, 1.0 - abs(_from_yellow(hue)) / YELLOW_REACH)


def _from_yellow(hue: float) -> float:
    """Degrees from yellow, −180 to 180; above zero lies green, below lies red."""
    return (hue - YELLOW_HUE + 180.0) % 360.0 - 180.0


def cleared(run: list[Lch]) -> list[Lch]:
    """A run of colours with its dark yellows moved to green or to red, all of them the same way."""
    lean = sum(_from_yellow(hue) * _yellowness(hue) for _, _, hue in run)
    moved = []
    for lightness, chroma, hue in run:
        away = np.copysign(YELLOW_REACH, lean) - _from_yellow(hue) if _yellowness(hue) else 0.0
        share = float(np.clip((DARK - lightness) / DARK_FADE, 0.0, 1.0))
        moved.append((lightness, chroma, hue + share * float(away)))
    return moved


def _between(colours: list[tuple[float, float, float]], steps: int = 6) -> list[tuple[float, float, float]]:
    """A run of colours in finer steps, interpolated in OKLCH: mixed light would be grey."""
    at = np.linspace(0, len(colours) - 1, steps * (len(colours) - 1) + 1)
    channels = [np.interp(at, np.arange(len(colours)), channel) for channel in zip(*colours, strict=True)]
    return [(float(lightness), float(chroma), float(hue)) for lightness, chroma, hue in zip(*channels, strict=True)]


def _linear(colours: list[tuple[float, float, float]], chroma_factor: float) -> Floats32:
    """OKLCH colours (Ottosson 2020; hue in degrees) with their chroma multiplied, as linear sRGB, [n, 3]."""
    return np.array(
        [in_gamut(lightness, chroma * chroma_factor, np.radians(hue)) for lightness, chroma, hue in colours]
    )


def in_gamut(lightness: float, chroma: float, hue: float) -> Floats32:
    """An OKLCH colour (``hue`` in radians) as linear sRGB, with as much of its chroma as the gamut has. [3]"""
    for share in np.linspace(1, 0, GAMUT_STEPS):
        a, b = chroma * share * np.cos(hue), chroma * share * np.sin(hue)
        rgb: Floats32 = (LMS_TO_RGB @ (lightness + OKLAB_TO_LMS @ (a, b)) ** 3).astype(np.float32)
        if rgb.min() >= 0 and rgb.max() <= 1:
            break
    return np.clip(rgb, 0, 1)


def oklch(linear: Floats32) -> tuple[float, float, float]:
    """OKLCH lightness, chroma and hue (radians) of a colour in linear sRGB."""
    lms = np.cbrt(np.linalg.solve(LMS_TO_RGB, linear))
    lightness, a, b = np.linalg.solve(np.column_stack([np.ones(3), OKLAB_TO_LMS]), lms)
    return float(lightness), float(np.hypot(a, b)), float(np.arctan2(b, a))


# Oklab's matrices (Ottosson 2020): a, b to the cube roots of LMS; LMS to linear sRGB.
OKLAB_TO_LMS = np.array([[0.3963377774, 0.2158037573], [-0.1055613458, -0.0638541728], [-0.0894841775, -1.2914855480]])
LMS_TO_RGB = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)


def srgb_bytes(linear: Floats32) -> NDArray[np.uint8]:
    """Linear sRGB as 8-bit sRGB (IEC 61966-2-1)."""
    clipped = np.clip(linear, 0, 1)
    encoded = np.where(clipped <= 0.0031308, 12.92 * clipped, 1.055 * clipped ** (1 / 2.4) - 0.055)
    pixels: NDArray[np.uint8] = np.rint(encoded * 255).astype(np.uint8)
    return pixels


def _write_title(image: Image.Image, title: str) -> None:
    """Write the title at the lower left, dark or light by its ground; nothing where a letter has no glyph."""
    text = writable(title)
    typeface = typeface_for(text)
    if typeface is None:
        return
    draw = ImageDraw.Draw(image)
    font, lines = fitted(typeface, text, width=SIZE - 2 * MARGIN, sizes=TITLE_SIZES, lines=2)
    leading = round(font.size * TITLE_LEADING)
    top = SIZE - MARGIN - leading * len(lines) + round(font.size * 0.1)
    ground = np.asarray(image.crop((MARGIN, top, SIZE - MARGIN, SIZE - MARGIN)).convert("L"), dtype=float)
    colour = INK if ground.mean() > LIGHT_GROUND else PAPER
    for number, line in enumerate(lines):
        draw.text((MARGIN, top + number * leading), line, font=font, fill=colour)
