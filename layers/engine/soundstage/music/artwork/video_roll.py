"""Scrolling piano roll: notes to come on the right, lit while they sound, fading on the left."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from soundstage.arrays import Floats32
from soundstage.media.yuv import WHOLE, Planes, Sheet, lay, sheet_of
from soundstage.music.artwork.cover import srgb_bytes
from soundstage.music.artwork.cover_scenes import Palette
from soundstage.music.sounding.midi import MidiNote

# A divisor of a screen's 60 Hz: at 25 scrolling would stutter. Whole pixels in all planes: pictures move, unchanged.
FRAMES_PER_S, PIXELS_PER_FRAME = 30, 4
PIXELS_PER_S = FRAMES_PER_S * PIXELS_PER_FRAME
WIDTH, HEIGHT = 864, 344  # pixels
NOW_X = 264  # column of the sounding moment
PITCHED, BASSES = (18, 226), (240, 286)  # rows of pitched instruments, and of the bass, which lies far below them
DRUMS_TOP, DRUMS_STEP = 308, 14  # rows
MIN_SEMITONES = {PITCHED: 24, BASSES: 12}  # between these rows at least
# Role → half the height of its notes, pixels, their opacity and their glow; from back to front.
LOOKS = {
    "pad": (1.6, 0.35, 0.0),
    "chords": (1.8, 0.55, 0.0),
    "bass": (3.0, 0.8, 0.5),
    "counter": (2.2, 0.75, 0.4),
    "double": (2.4, 0.75, 0.4),
    "answer": (3.6, 0.9, 0.8),
    "second": (3.6, 0.9, 0.8),
    "lead": (4.4, 1.0, 1.0),
}
# General MIDI keys of low and middle drums; cymbals and shakers are above.
LOW_DRUMS, MIDDLE_DRUMS = (35, 36, 41, 45, 64), (37, 38, 39, 40, 43, 47, 48, 50, 63)
DRUM_RADII, DRUM_LOOK, DRUM_S = (1.6, 2.4, 3.8), (0.6, 0.8), 0.06  # pixels by row; opacity and glow; seconds
FUTURE, PAST = 0.62, 0.5  # opacity of a note before it sounds; of that afterwards
FADES_IN, FADES_OUT, GLOW_REACH = 140, 200, 22  # pixels
STRUCK_S, RINGS_S = 0.18, 0.25  # time constant of a note's flash; fade-out
FLASH, SOFT_LIGHT = 0.38, 0.6  # share of a note's light that decays; light at no velocity
MELODY_RADIUS = 3.6  # notes of melody and answer are as high, and each sends a spark up into the cover
SPARK_S, SPARK_RISE, SPARK_SWAY, SPARK_REACH = 1.8, 290, 16, 24  # seconds; rise, sway and reach of its light, pixels
Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Mark:
    """A note as a line with round ends, from ``left`` to ``right`` on the strip of the song, around ``y``; pixels.

    ``solid``: opacity, 0 to 1; ``glow``: strength of the halo, 0 to 1.
    """

    left: float
    right: float
    y: float
    radius: float
    solid: float
    glow: float
    colour: Colour
    halo: Colour
    start_s: float
    end_s: float
    velocity: float


class Roll:
    """Draws the strip of all notes in pieces of ``WIDTH``: memory does not grow with the song."""

    def __init__(self, notes: Sequence[MidiNote], palette: Palette) -> None:
        colours = role_colours(palette)
        self._marks = [mark for role in LOOKS for mark in _note_marks(notes, role, colours)]
        melody = [(mark.start_s, mark.y, mark.velocity) for mark in self._marks if mark.radius >= MELODY_RADIUS]
        self._melody = np.array(melody).reshape(-1, 3)
        self._marks += [_drum_mark(note, colours) for note in notes if note.role == "drums"]
        self._starts = np.array([mark.start_s for mark in self._marks])
        self._ends = np.array([mark.end_s for mark in self._marks])
        self._sparks = _sparks(colours)
        self._zones = _zones()
        self._piece = lru_cache(maxsize=2)(self._drawn)
        self._lit = lru_cache(maxsize=64)(self._shining)

    def draw(self, frame: Planes, number: int, *, top: int) -> None:
        """Draw the moment of frame number ``number`` into ``frame`` from row ``top`` on."""
        first = number * PIXELS_PER_FRAME - NOW_X
        for piece in range(first // WIDTH, (first + WIDTH - 1) // WIDTH + 1):
            left = piece * WIDTH - first
            for begin, end, shares in self._zones:
                at = max(begin, left)
                part = self._piece(piece).columns(slice(at - left, max(end, at) - left))
                lay(frame, part, top=top, left=at, share=None if shares is None else shares[at - begin :])
        now_s = (number + 0.5) / FRAMES_PER_S
        for index in np.flatnonzero((self._starts <= now_s) & (now_s < self._ends + RINGS_S)).tolist():
            sheet, y, x = self._lit(index)
            share = round(WHOLE * strength(self._marks[index], now_s))
            lay(frame, sheet, top=top + y, left=x - first, share=np.uint16(share))
        for start_s, y, velocity in self._melody[
            (self._melody[:, 0] <= now_s) & (now_s < self._melody[:, 0] + SPARK_S)
        ]:
            self._spark(frame, (now_s - start_s) / SPARK_S, top + y, start_s, velocity)

    def _spark(self, frame: Planes, age: float, y: float, start_s: float, velocity: float) -> None:
        """Draw a spark of ``age`` 0 to 1: it slows down and fades."""
        up = round(y - SPARK_RISE * (1 - (1 - age) ** 2))
        across = round(NOW_X + SPARK_SWAY * np.sin(2 * np.pi * (0.9 * age + start_s)) * age)
        sheet = self._sparks[up % 2][across % 2]
        share = np.uint16(round(WHOLE * (1 - age) ** 1.3 * (0.6 + 0.4 * velocity)))
        lay(frame, sheet, top=(up & ~1) - SPARK_REACH, left=(across & ~1) - SPARK_REACH, share=share)

    def _drawn(self, piece: int) -> Sheet:
        """A piece of the strip with its notes unlit."""
        rgb, alpha = np.zeros((HEIGHT, WIDTH, 3), dtype=np.float32), np.zeros((HEIGHT, WIDTH), dtype=np.float32)
        begin = piece * WIDTH
        for mark in self._marks:
            if mark.left < begin + WIDTH + 2 and mark.right > begin - 2:
                rows, columns, distance = _around(mark, 2, begin, begin + WIDTH)
                cover = np.clip(0.5 - distance, 0, 1) * (FUTURE * mark.solid * (0.55 + 0.45 * mark.velocity))
                here = rows, slice(columns.start - begin, columns.stop - begin)
                rgb[here] += cover[..., None] * (np.array(mark.colour, dtype=np.float32) - rgb[here])
                alpha[here] += cover * (1 - alpha[here])
        return sheet_of(rgb, alpha)

    def _shining(self, index: int) -> tuple[Sheet, int, int]:
        """A lit note with its halo, and its row and column on the strip."""
        mark = self._marks[index]
        rows, columns, distance = _around(mark, GLOW_REACH if mark.glow else 2, -WIDTH, None)
        core = np.clip(0.5 - distance, 0, 1)
        halo = 0.7 * mark.glow * np.clip(1 - np.maximum(distance, 0) / GLOW_REACH, 0, 1) ** 3 * (1 - core)
        colour = 0.7 * np.array(mark.colour, dtype=np.float32) + 0.3
        rgb = core[..., None] * colour + halo[..., None] * np.array(mark.halo, dtype=np.float32)
        return sheet_of(rgb, core + halo), rows.start, columns.start


def strength(mark: Mark, now_s: float) -> float:
    """Light of a note at ``now_s``, 0 to 1: a flash at its onset, a constant light, a fade-out."""
    struck = 1 - FLASH + FLASH * float(np.exp(-(now_s - mark.start_s) / STRUCK_S))
    left = 1 - max(0.0, now_s - mark.end_s) / RINGS_S
    return struck * left * (SOFT_LIGHT + (1 - SOFT_LIGHT) * mark.velocity)


def role_colours(palette: Palette) -> dict[str, Colour]:
    """sRGB colour of each role from the cover's palette, light enough for dark ground; the lead is the lightest."""
    linear = {
        "pad": palette.tone(0.45) * 0.8 + 0.08,
        "chords": palette.tone(0.6) * 0.85 + 0.06,
        "bass": palette.tone(0.75),
        "counter": palette.tone(0.85),
        "double": palette.tone(0.9),
        "answer": palette.tone(1.0),
        "second": palette.tone(1.0) * 0.7 + palette.light * 0.3,
        "lead": palette.light * 0.75 + 0.25,
        "halo": palette.tone(0.85),
        "drums": palette.light * 0.8,
    }
    return {role: _on_screen(colour) for role, colour in linear.items()}


def _on_screen(linear: Floats32) -> Colour:
    red, green, blue = (srgb_bytes(np.asarray(linear, dtype=np.float32)) / 255).tolist()
    return red, green, blue


def _note_marks(notes: Sequence[MidiNote], role: str, colours: dict[str, Colour]) -> list[Mark]:
    place = BASSES if role == "bass" else PITCHED
    beside = [note.midi for note in notes if note.role in LOOKS and (note.role == "bass") == (role == "bass")]
    low, high = min(beside, default=60), max(beside, default=60)
    room = max(0.0, (MIN_SEMITONES[place] - (high - low)) / 2)
    step = (place[1] - place[0]) / (high - low + 2 * room)
    look = (*LOOKS[role], colours[role], colours["halo" if role == "lead" else role])
    radius = look[0]
    marks = []
    for note in notes:
        if note.role == role:
            left, y = note.start_s * PIXELS_PER_S, place[1] - (note.midi - low + room) * step
            right = max(left + 2 * radius, note.end_s * PIXELS_PER_S - 2)
            marks.append(Mark(left, right, y, *look, note.start_s, note.end_s, note.velocity))
    return marks


def _drum_mark(note: MidiNote, colours: dict[str, Colour]) -> Mark:
    row = 2 if note.midi in LOW_DRUMS else 1 if note.midi in MIDDLE_DRUMS else 0
    radius = DRUM_RADII[row] * (0.6 + 0.4 * note.velocity)
    left, y = note.start_s * PIXELS_PER_S, DRUMS_TOP + row * DRUMS_STEP
    look = (radius, *DRUM_LOOK, colours["drums"], colours["halo"])
    return Mark(left, left + 2 * radius, y, *look, note.start_s, note.start_s + DRUM_S, note.velocity)


def _around(mark: Mark, reach: int, begin: int, end: int | None) -> tuple[slice, slice, Floats32]:
    """Rows and columns of the strip from ``begin`` to ``end`` around a mark, and the distance from its edge there.

    Inside the mark the distance is negative. Rows and columns are even, as places in a frame are.
    """
    top, bottom = max(0, int(mark.y - mark.radius) - reach) & ~1, int(mark.y + mark.radius) + reach + 2 & ~1
    left, right = (int(mark.left) - reach) & ~1, int(mark.right) + reach + 2 & ~1
    rows, columns = slice(top, min(HEIGHT, bottom)), slice(max(begin, left), right if end is None else min(end, right))
    x = np.arange(columns.start, columns.stop, dtype=np.float32) + 0.5
    y = np.arange(rows.start, rows.stop, dtype=np.float32) + 0.5
    past = np.maximum(np.maximum(mark.left + mark.radius - x, x - (mark.right - mark.radius)), 0)
    distance = np.hypot(past[None, :], (y - mark.y)[:, None]) - mark.radius
    return rows, columns, np.asarray(distance, dtype=np.float32)


def _sparks(colours: dict[str, Colour]) -> list[list[Sheet]]:
    """Sheets of a spark by its offset from an even row and column: [down][right]."""
    at = np.arange(2 * SPARK_REACH + 2) - SPARK_REACH + 0.5

    def spark(down: int, right: int) -> Sheet:
        distance = np.hypot((at - down)[:, None], (at - right)[None, :]).astype(np.float32)
        core = np.clip(3.8 - distance, 0, 1)
        halo = 0.7 * np.clip(1 - distance / SPARK_REACH, 0, 1) ** 3 * (1 - core)
        colour = np.array(colours["lead"], dtype=np.float32), np.array(colours["halo"], dtype=np.float32)
        return sheet_of(core[..., None] * colour[0] + halo[..., None] * colour[1], core + halo)

    return [[spark(down, right) for right in (0, 1)] for down in (0, 1)]


def _zones() -> tuple[tuple[int, int, NDArray[np.uint16] | None], ...]:
    """(first column, past column, opacity of each column or None) of past, present and future."""
    behind = np.minimum(np.arange(NOW_X) / FADES_OUT, 1) * PAST
    rising = np.arange(FADES_IN, 0, -1) / FADES_IN
    shares = [np.rint(share * WHOLE).astype(np.uint16) for share in (behind, rising)]
    return (0, NOW_X, shares[0]), (NOW_X, WIDTH - FADES_IN, None), (WIDTH - FADES_IN, WIDTH, shares[1])
