"""One voice that plays a line: pitch bends, vibrato that comes in late, loudness that opens the tone.

Wavetables are read at a moving phase; a bright and a dull table are mixed by loudness, as a player would.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from soundstage.arrays import Samples
from soundstage.music.instruments.modes import RATE_HZ, hz, noise
from soundstage.music.instruments.notes import PlayedNote

TABLE = 2048
MOST_PARTIALS = 60
# How long one note's tone changes into the next one's where they are slurred.
JOINT_S = 0.05
# Level of a detuned voice.
BESIDE = 0.45


@dataclass(frozen=True)
class SoloPatch:
    """Spectrum as in EnsemblePatch; ``vibrato_cents`` is the player's own, ``glide_s`` joins legato notes; ``voices``
    are cents, and what is beside the pitch is softer: equal voices would beat each other to silence.
    """

    slope: float = 1.2
    bright_hz: float = 2500.0
    even: float = 1.0
    formants: tuple[tuple[float, float, float], ...] = ()
    attack_s: float = 0.04
    release_s: float = 0.12
    vibrato_cents: float = 14.0
    vibrato_hz: float = 5.3
    glide_s: float = 0.03
    breath: float = 0.0
    voices: tuple[float, ...] = (0.0,)


def play_line(patch: SoloPatch, notes: Sequence[PlayedNote], frames: int, rng: np.random.Generator) -> Samples:
    """The whole line, float32 [frames]. Notes must be in order."""
    out = np.zeros(frames, dtype=np.float32)
    for first, past in _breaths(notes):
        start = round(notes[first].start_s * RATE_HZ)
        sound = _play_breath(patch, notes[first:past], rng)[: max(0, frames - start)]
        out[start : start + len(sound)] += sound
    return out


def _breaths(notes: Sequence[PlayedNote]) -> list[tuple[int, int]]:
    """[first, past) of the notes that are played on one breath or bow."""
    starts = [i for i, note in enumerate(notes) if not note.expression.slurred or i == 0]
    return list(itertools.pairwise([*starts, len(notes)]))


def _play_breath(patch: SoloPatch, notes: Sequence[PlayedNote], rng: np.random.Generator) -> Samples:
    """Notes on one breath: the pitch glides and the phase goes on, so that nothing is struck again.

    Each note has its own tables, since a higher one has fewer partials; they are mixed into each other at the joint.
    """
    begins = notes[0].start_s
    starts = [round((n.start_s - begins) * RATE_HZ) for n in notes]
    ends = [*starts[1:], round((notes[-1].start_s - begins + notes[-1].duration_s) * RATE_HZ)]
    release = round(patch.release_s * RATE_HZ)
    frames = max(64, ends[-1] + release)
    octaves = np.empty(frames, dtype=np.float64)
    for i, note in enumerate(notes):
        stop = frames if i == len(notes) - 1 else ends[i]
        time = np.arange(stop - starts[i], dtype=np.float32) / RATE_HZ
        cents = _pitch_curve(patch, note, notes[i - 1].midi if i else None, time, rng)
        octaves[starts[i] : stop] = (note.midi - 69) / 12 + cents / 1200
    cycles = np.cumsum(440.0 / RATE_HZ * np.exp2(octaves))
    phases = [(cycles * 2 ** (detune / 1200) + rng.random()) % 1.0 for detune in patch.voices]
    out = np.zeros(frames, dtype=np.float32)
    for i, note in enumerate(notes):
        last = i == len(notes) - 1
        joint = (
            round(min(JOINT_S, 0.5 * note.duration_s, 0.5 * notes[i + 1].duration_s) * RATE_HZ) if not last else release
        )
        here = slice(starts[i], min(frames, ends[i] + joint))
        time = np.arange(here.stop - here.start, dtype=np.float32) / RATE_HZ
        level = _loudness(patch, note, time, slurred=i > 0)
        if i:
            before = min(JOINT_S, 0.5 * notes[i - 1].duration_s, 0.5 * note.duration_s)
            level *= np.minimum(time / max(before, 1e-3), 1.0)
        held = np.float32((ends[i] - starts[i]) / RATE_HZ)
        tail = np.clip((time - held) * RATE_HZ / max(joint, 1), 0.0, 1.0)
        level *= (1 - tail) ** 2 if last else 1 - tail
        openness = np.clip(level * (0.35 + 0.9 * note.velocity), 0.0, 1.0)
        wave = _read_tables(patch, note, [phase[here] for phase in phases], openness)
        if patch.breath:
            f0 = hz(note.midi)
            air = noise(len(time) / RATE_HZ, 0.8 * f0, min(5 * f0, 8000.0), rng)[: len(time)]
            chiff = 1.0 if i else 1.0 + 2.0 * np.exp(-time / 0.03)
            wave[: len(air)] += patch.breath * air * chiff
        out[here] += wave * level * np.float32(0.25 + 0.75 * note.velocity**1.2)
    return out


def _read_tables(patch: SoloPatch, note: PlayedNote, phases: Sequence[np.ndarray], openness: np.ndarray) -> Samples:
    """The note's tables at the ``phases`` (0–1) of its voices, from dull to bright by ``openness``."""
    bright, dull = _tables(patch, note.midi)
    out = np.zeros(len(openness), dtype=np.float32)
    for phase, cents in zip(phases, patch.voices, strict=True):
        position = (phase * TABLE).astype(np.float32)
        index = np.minimum(position.astype(np.int32), TABLE - 1)  # float32 may round up to TABLE
        fraction = position - index
        low = dull[index] + fraction * (dull[index + 1] - dull[index])
        high = bright[index] + fraction * (bright[index + 1] - bright[index])
        out += np.float32(BESIDE if cents else 1.0) * (low + openness * (high - low))
    return out


def _pitch_curve(
    patch: SoloPatch, note: PlayedNote, from_midi: int | None, time: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Cents around the note: a glide or the hum's scoop at first, then vibrato, and a little human drift."""
    start = 100.0 * np.clip(from_midi - note.midi, -12, 12) if from_midi is not None else note.expression.scoop_cents
    settle = patch.glide_s if from_midi is not None else 0.05
    cents = start * np.exp(-((time / max(settle, 1e-3)) ** 1.5))
    depth = (
        max(patch.vibrato_cents, note.expression.vibrato_cents) if note.duration_s > 0.3 else 0.25 * patch.vibrato_cents
    )
    # It comes in late, and is over when the next note comes.
    grow = np.clip(np.minimum((time - 0.18) / 0.35, (note.duration_s - time) / 0.06), 0.0, 1.0)
    rate = patch.vibrato_hz * rng.uniform(0.94, 1.06)
    cents = cents + depth * grow * np.sin(2 * np.pi * rate * time + rng.uniform(0, 2 * np.pi))
    return np.asarray(cents + 2.0 * np.sin(2 * np.pi * rng.uniform(0.4, 0.9) * time))


def _loudness(patch: SoloPatch, note: PlayedNote, time: np.ndarray, *, slurred: bool) -> np.ndarray:
    """Attack, and the hum's own swell or a plain one on long notes."""
    if slurred:
        level = np.ones_like(time)
    else:
        attack = min(patch.attack_s * (1.3 - 0.5 * note.velocity), 0.5 * note.duration_s)
        rise = np.clip(time / max(attack, 1e-3), 0.0, 1.0)
        level = rise * rise * (3 - 2 * rise)
    if note.expression.swell_db:
        steps = np.linspace(0.0, note.duration_s, len(note.expression.swell_db))
        level = level * 10.0 ** (np.interp(time, steps, note.expression.swell_db) / 20.0)
    elif note.duration_s > 0.6:
        level = level * (0.88 + 0.12 * np.sin(np.pi * np.clip(time / note.duration_s, 0.0, 1.0)))
    return np.asarray(level, dtype=np.float32)


def _tables(patch: SoloPatch, midi: int) -> tuple[Samples, Samples]:
    """Bright and dull single cycles, [TABLE + 1] (the first sample repeated), level so that RMS of bright is .35."""
    f0 = hz(midi)
    k = np.arange(1, max(1, min(MOST_PARTIALS, int(12_000 / f0))) + 1)
    freqs = k * f0
    amps = np.where(k % 2 == 0, patch.even, 1.0) * k**-patch.slope
    gain = np.ones(k.size)
    for centre, boost, width in patch.formants:
        gain += boost * np.exp(-((np.log2(freqs / centre) / width) ** 2))
    tables = []
    # Schroeder phases keep the crest low; the same for every note, so that tables can be mixed.
    phases = np.pi * k * k / MOST_PARTIALS
    for cutoff in (patch.bright_hz, 0.4 * patch.bright_hz):
        spectrum = np.zeros(TABLE // 2 + 1, dtype=complex)
        spectrum[k] = amps * gain / (1 + (freqs / cutoff) ** 2) * np.exp(1j * phases)
        cycle = np.fft.irfft(spectrum, TABLE)
        tables.append(cycle)
    scale = 0.35 / (tables[0].std() + 1e-12)
    bright, dull = (np.append(t, t[0]) * scale for t in tables)
    return bright.astype(np.float32), dull.astype(np.float32)
