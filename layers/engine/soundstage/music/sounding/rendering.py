"""Render the played notes and hits of one part with our own instruments."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from soundstage.arrays import Samples
from soundstage.music.arranging.arrangement import Part
from soundstage.music.arranging.performance import HIT_STEPS, PlayedHit
from soundstage.music.instruments.kit import KITS, hit
from soundstage.music.instruments.modal_synthesis import RATE_HZ, hz
from soundstage.music.instruments.notes import PlayedNote
from soundstage.music.instruments.orchestra import ORCHESTRA
from soundstage.music.instruments.solo import play_line

VELOCITY_STEPS = 8
# Lowest note of the kettledrums: F2.
TIMPANI_FROM = 41
LENGTH_GRID_S = 0.06


def render_part(part: Part, played: Sequence[PlayedNote], frames: int, seed: int) -> Samples:
    """One player's sound, float32 [frames] mono. Equal notes are rendered once."""
    instrument = ORCHESTRA[part.layer.instrument]
    rng = np.random.default_rng([seed, 4, *part.name.encode()])
    if instrument.line is not None:
        return play_line(instrument.line, played, frames, rng)
    assert instrument.play is not None  # noqa: S101  (an instrument plays notes or lines)
    out = np.zeros(frames, dtype=np.float32)
    known: dict[tuple[int, int, int], Samples] = {}
    for p in played:
        step = max(1, round(p.velocity * VELOCITY_STEPS))
        length = max(1, round(p.duration_s / LENGTH_GRID_S))
        key = (p.midi, step, length)
        if key not in known:
            known[key] = instrument.play(p.midi, length * LENGTH_GRID_S, step / VELOCITY_STEPS, rng)
        _add(out, known[key], p.start_s, (p.velocity * VELOCITY_STEPS / step) ** 1.5)
    return out


def render_drums(kit_name: str, played: Sequence[PlayedHit], frames: int, seed: int) -> dict[str, Samples]:
    """Each drum by itself, float32 [frames] mono, so that the mix can place it."""
    rng = np.random.default_rng([seed, 5])
    known: dict[tuple[str, int, int, int], Samples] = {}

    def strike(p: PlayedHit) -> Samples:
        key = (p.drum, p.step, p.root, int(rng.integers(3)))
        if key not in known:
            tuned = replace(KITS[kit_name], timpani_hz=hz(TIMPANI_FROM + (p.root - TIMPANI_FROM) % 12))
            known[key] = hit(tuned, p.drum, p.step / HIT_STEPS, rng)
        return known[key]

    return place_hits(played, frames, strike)


def place_hits(played: Sequence[PlayedHit], frames: int, strike: Callable[[PlayedHit], Samples]) -> dict[str, Samples]:
    """``strike`` gives the sound of a stroke at its ``step``; one stem per drum."""
    stems: dict[str, Samples] = {}
    for p in played:
        stem = stems.setdefault(p.drum, np.zeros(frames, dtype=np.float32))
        _add(stem, strike(p), p.start_s, (p.velocity * HIT_STEPS / p.step) ** 1.4)
    return stems


def _add(out: Samples, sound: Samples, start_s: float, gain: float) -> None:
    start = round(start_s * RATE_HZ)
    stop = min(len(out), start + len(sound))
    if stop > start:
        out[start:stop] += np.float32(gain) * sound[: stop - start]
