"""Plots of a variant: a piano roll coloured by role, and a spectrogram.

Pillow is in the worker and beside the command line only: import this module where it is needed. It draws straight
into a small palette, in a fiftieth of the time that a plotting library takes to start.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageColor, ImageDraw

from soundstage.arrays import Floats, Samples
from soundstage.audio.decibels import power_to_db
from soundstage.audio.spectrum import band_powers
from soundstage.media.typography import label_font
from soundstage.models.composition import VariantPlan
from soundstage.models.durations import minutes_and_seconds
from soundstage.music.arranging.arrangement import Part
from soundstage.music.instruments.notes import PlayedNote

WIDTH, HEIGHT = 1400, 600  # pixels, and the axes in them
LEFT, TOP, RIGHT, BOTTOM = 56, 30, WIDTH - 12, HEIGHT - 34
# Role → colour and how much of it covers the background, from back to front.
COLOURS = {
    "pad": ("#2d5f86", 0.5),
    "chords": ("#4aa3df", 0.7),
    "bass": ("#35c48d", 0.95),
    "counter": ("#9b8cff", 0.95),
    "double": ("#ff9f80", 0.95),
    "answer": ("#ffd166", 0.95),
    "second": ("#ff5db8", 1.0),
    "lead": ("#ff5d5d", 1.0),
}
BACK, INK, FAINT = "#12141c", "#c9d1d9", "#4a505c"
LOWEST_MIDI, HIGHEST_MIDI = 26.0, 98.0  # D1 to D7
# Frequency axis.
LOWEST_HZ, HIGHEST_HZ = 40.0, 16_000.0
TICKS_HZ = (50, 100, 200, 500, 1000, 2000, 5000, 10_000)
SHOWN_DB = 70.0  # below the 99.8th percentile of level
SHADES = 128  # of the palette
FFT_FRAMES, FLOOR_DB = 4096, -90.0  # 93 ms; below nothing is shown
# Nine points of the magma colour map (S. van der Walt and N. Smith, 2015, public domain).
MAGMA = np.array([
    (0, 0, 4), (29, 17, 71), (81, 18, 124), (131, 38, 129), (183, 55, 121), (231, 82, 99), (252, 137, 97),
    (254, 196, 136), (252, 253, 191),
])  # fmt: skip


def draw_piano_roll(path: Path, plan: VariantPlan, parts: Sequence[tuple[Part, list[PlayedNote]]]) -> None:
    """Write a piano roll: notes by time and pitch, coloured by role, with sections above. PNG, 1400 × 600."""
    image = Image.new("RGB", (WIDTH, HEIGHT), BACK)
    draw = ImageDraw.Draw(image)
    across = (RIGHT - LEFT) / plan.duration_s
    up = (BOTTOM - TOP) / (HIGHEST_MIDI - LOWEST_MIDI)
    for midi in range(36, 97, 12):
        y = BOTTOM - (midi - LOWEST_MIDI) * up
        draw.line((LEFT, y, RIGHT, y), fill="#1e222d")
        draw.text((LEFT - 6, y), f"C{midi // 12 - 1}", fill=INK, font=label_font(11), anchor="rm")
    for role, (colour, cover) in COLOURS.items():
        fill = _over_background(colour, cover)
        for note in (n for part, played in parts if part.layer.role == role for n in played):
            left, right = LEFT + note.start_s * across, LEFT + note.end_s * across
            y = BOTTOM - (note.midi - LOWEST_MIDI) * up
            draw.rectangle((left, y - 0.42 * up, max(left + 1, right - 1), y + 0.42 * up), fill=fill)
    for section in plan.sections:
        x = LEFT + section.start_bar * plan.bar_beats * 60.0 / plan.tempo_bpm * across
        draw.line((x, TOP, x, BOTTOM), fill=FAINT)
        lifted = f" +{section.lift_semitones}" if section.lift_semitones else ""
        draw.text((x + 4, TOP + 2), section.name + lifted, fill=INK, font=label_font(12))
    x = float(RIGHT)
    playing = {part.layer.role for part, played in parts if played}
    for role in (role for role in reversed(COLOURS) if role in playing):
        x -= 62
        draw.rectangle((x, TOP / 2 - 5, x + 9, TOP / 2 + 4), fill=_over_background(*COLOURS[role]))
        draw.text((x + 13, TOP / 2), role, fill=INK, font=label_font(11), anchor="lm")
    title = f"{plan.label}: {plan.style}, {plan.key.in_words}, {plan.tempo_bpm:.0f} bpm, {plan.meter}"
    draw.text((WIDTH / 2, TOP / 2), title, fill=INK, font=label_font(14), anchor="mm")
    _time_axis(draw, plan.duration_s)
    image.save(path, format="PNG")


def draw_spectrogram(path: Path, samples: Samples, rate_hz: int) -> None:
    """Write a spectrogram on a logarithmic frequency axis, 40 Hz to 16 kHz. PNG, 1400 × 600."""
    level = log_spectrogram_db(samples, rate_hz)
    top = float(np.percentile(level, 99.8))
    shades = np.clip((level - top) / SHOWN_DB + 1.0, 0.0, 1.0) * (SHADES - 1)
    picture = Image.fromarray(shades.astype(np.uint8)[::-1]).resize(
        (RIGHT - LEFT, BOTTOM - TOP), Image.Resampling.NEAREST
    )
    steps = np.linspace(0, len(MAGMA) - 1, SHADES)
    palette = np.stack([np.interp(steps, np.arange(len(MAGMA)), channel) for channel in MAGMA.T], axis=1)
    image = Image.new("P", (WIDTH, HEIGHT), SHADES)
    colours = [*np.round(palette).astype(int).ravel().tolist(), *ImageColor.getrgb(BACK), *ImageColor.getrgb(INK)]
    image.putpalette(colours)
    image.paste(picture, (LEFT, TOP))
    draw = ImageDraw.Draw(image)
    for tick in TICKS_HZ:
        y = BOTTOM - np.log(tick / LOWEST_HZ) / np.log(HIGHEST_HZ / LOWEST_HZ) * (BOTTOM - TOP)
        label = f"{tick}" if tick < 1000 else f"{tick // 1000}k"
        draw.text((LEFT - 6, y), label, fill=SHADES + 1, font=label_font(11), anchor="rm")
    _time_axis(draw, len(samples) / rate_hz, ink=SHADES + 1)
    image.save(path, format="PNG", compress_level=4)


def log_spectrogram_db(samples: Samples, rate_hz: int, columns: int = 666, rows: int = 268) -> Floats:
    """Level in ``rows`` bands of equal ratio at ``columns`` times of [frames, channels], dB, [rows, columns]."""
    size = FFT_FRAMES
    mono = np.zeros(max(size, len(samples)), dtype=np.float32)
    mono[: len(samples)] = samples[:, 0] + samples[:, -1]
    starts = np.linspace(0, len(mono) - size, columns).astype(int)
    window = np.hanning(size).astype(np.float32)
    edges_hz = np.geomspace(LOWEST_HZ, HIGHEST_HZ, rows + 1)
    bands = np.empty((rows, columns))
    for column, start in enumerate(starts):
        power = np.abs(np.fft.rfft(mono[start : start + size] * window)) ** 2
        bands[:, column] = band_powers(power, edges_hz, rate_hz / size)
    return power_to_db(bands, FLOOR_DB)


def _time_axis(draw: ImageDraw.ImageDraw, seconds: float, ink: int | str = INK) -> None:
    step = next(s for s in (2, 5, 10, 30, 60, 600) if seconds / s <= 20)
    for second in range(0, int(seconds) + 1, step):
        x = LEFT + second / seconds * (RIGHT - LEFT)
        draw.line((x, BOTTOM, x, BOTTOM + 4), fill=ink)
        draw.text((x, BOTTOM + 8), minutes_and_seconds(second), fill=ink, font=label_font(11), anchor="ma")


def _over_background(colour: str, cover: float) -> tuple[int, ...]:
    mixed = cover * np.array(ImageColor.getrgb(colour)) + (1 - cover) * np.array(ImageColor.getrgb(BACK))
    return tuple(np.round(mixed).astype(int).tolist())
