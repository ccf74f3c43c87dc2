"""Rendering of parts and drums with our own instruments."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from soundstage.arrays import Samples
from soundstage.audio.pitch import midi_to_hz
from soundstage.music.arranging.arrangement import Part
from soundstage.music.arranging.performance import HIT_STEPS, PlayedHit
from soundstage.music.instruments.kit import KITS, hit
from soundstage.music.instruments.modal_synthesis import RATE_HZ
from soundstage.music.instruments.notes import PlayedNote
from soundstage.music.instruments.orchestra import ORCHESTRA
from soundstage.music.instruments.solo import play_line

# Notes are rendered once for each pitch, of 8 velocities and multiples of 60 ms; drums of 5 velocities, in 3 takes.
VELOCITY_STEPS, DURATION_STEP_S, TAKES = 8, 0.06, 3
TIMPANI_FROM = 41  # MIDI: F2, the lowest note of a pair of kettledrums
# of amplitude over velocity, as in ``instruments.struck`` and ``instruments.kit``
NOTE_EXPONENT, HIT_EXPONENT = 1.5, 1.4


def render_part(part: Part, played: Sequence[PlayedNote], frames: int, seed: int) -> Samples:
    """One player, float32 [frames] mono; notes in order of time."""
    instrument = ORCHESTRA[part.layer.instrument]
    rng = np.random.default_rng([seed, 4, *part.name.encode()])
    if instrument.line is not None:
        return play_line(instrument.line, played, frames, rng)
    assert instrument.play is not None  # noqa: S101  (an instrument plays notes or lines)
    out = np.zeros(frames, dtype=np.float32)
    rendered: dict[tuple[int, int, int], Samples] = {}
    for p in played:
        step = max(1, round(p.velocity * VELOCITY_STEPS))
        length = max(1, round(p.duration_s / DURATION_STEP_S))
        key = (p.midi, step, length)
        if key not in rendered:
            rendered[key] = instrument.play(p.midi, length * DURATION_STEP_S, step / VELOCITY_STEPS, rng)
        _add(out, rendered[key], p.start_s, (p.velocity * VELOCITY_STEPS / step) ** NOTE_EXPONENT)
    return out


def render_drums(kit_name: str, played: Sequence[PlayedHit], frames: int, seed: int) -> dict[str, Samples]:
    """Each drum by itself, float32 [frames] mono."""
    rng = np.random.default_rng([seed, 5])
    rendered: dict[tuple[str, int, int, int], Samples] = {}

    def strike(p: PlayedHit) -> Samples:
        key = (p.drum, p.step, p.root, int(rng.integers(TAKES)))
        if key not in rendered:
            tuned = replace(KITS[kit_name], timpani_hz=midi_to_hz(TIMPANI_FROM + (p.root - TIMPANI_FROM) % 12))
            rendered[key] = hit(tuned, p.drum, p.step / HIT_STEPS, rng)
        return rendered[key]

    return place_hits(played, frames, strike)


def place_hits(played: Sequence[PlayedHit], frames: int, strike: Callable[[PlayedHit], Samples]) -> dict[str, Samples]:
    """One stem per drum, float32 [frames]; ``strike`` gives the sound of a stroke at its ``step``."""
    stems: dict[str, Samples] = {}
    for p in played:
        stem = stems.setdefault(p.drum, np.zeros(frames, dtype=np.float32))
        _add(stem, strike(p), p.start_s, (p.velocity * HIT_STEPS / p.step) ** HIT_EXPONENT)
    return stems


def _add(out: Samples, sound: Samples, start_s: float, gain: float) -> None:
    start = round(start_s * RATE_HZ)
    stop = min(len(out), start + len(sound))
    if stop > start:
        out[start:stop] += np.float32(gain) * sound[: stop - start]
