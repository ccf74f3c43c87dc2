"""One voice that plays a line: pitch bends, vibrato that comes in late, loudness that opens the tone.

Wavetables are read at a moving phase; a bright and a dull table are mixed by loudness, as a player would.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from soundstage.music.instruments.modes import RATE_HZ, Samples, hz, noise

TABLE = 2048


@dataclass(frozen=True)
class LineNote:
    """``start_s`` and ``seconds`` in the line; cents, and loudness at equal steps through the note, as hummed."""

    start_s: float
    seconds: float
    midi: int
    velocity: float
    scoop_cents: float = 0.0
    vibrato_cents: float = 0.0
    swell_db: tuple[float, ...] = ()


@dataclass(frozen=True)
class SoloPatch:
    """Spectrum as in EnsemblePatch; ``vibrato_cents`` is the player's own, ``glide_s`` joins legato notes."""

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
    decay: float = 0.0
    voices: tuple[float, ...] = (0.0,)


def play_line(patch: SoloPatch, notes: Sequence[LineNote], frames: int, rng: np.random.Generator) -> Samples:
    """The whole line, float32 [frames]. Notes must be in order; where they touch, they are slurred."""
    out = np.zeros(frames, dtype=np.float32)
    before: LineNote | None = None
    for note in notes:
        start = round(note.start_s * RATE_HZ)
        if start >= frames:
            break
        slurred = before is not None and note.start_s - (before.start_s + before.seconds) < 0.04
        sound = _play_note(patch, note, before.midi if slurred and before else None, rng)
        stop = min(frames, start + len(sound))
        out[start:stop] += sound[: stop - start]
        before = note
    return out


def _play_note(patch: SoloPatch, note: LineNote, from_midi: int | None, rng: np.random.Generator) -> Samples:
    count = max(64, round((note.seconds + patch.release_s) * RATE_HZ))
    time = np.arange(count, dtype=np.float32) / RATE_HZ
    cents = _pitch_curve(patch, note, from_midi, time, rng)
    increments = hz(note.midi) / RATE_HZ * np.exp2(cents / 1200)
    bright, dull = _tables(patch, note.midi)
    level = _loudness(patch, note, time, slurred=from_midi is not None)
    openness = np.clip(level * (0.35 + 0.9 * note.velocity), 0.0, 1.0)
    out = np.zeros(count, dtype=np.float32)
    for detune in patch.voices:
        phase = np.cumsum(increments * 2 ** (detune / 1200), dtype=np.float64) + rng.random()
        position = ((phase - np.floor(phase)) * TABLE).astype(np.float32)
        index = np.minimum(position.astype(np.int32), TABLE - 1)  # float32 may round up to TABLE
        fraction = position - index
        low = dull[index] + fraction * (dull[index + 1] - dull[index])
        high = bright[index] + fraction * (bright[index + 1] - bright[index])
        out += low + openness * (high - low)
    out /= len(patch.voices) ** 0.5
    if patch.breath:
        f0 = hz(note.midi)
        air = noise(count / RATE_HZ, 0.8 * f0, min(5 * f0, 8000.0), rng)[:count]
        chiff = 1.0 + 2.0 * np.exp(-time / 0.03)
        out += patch.breath * air * chiff
    return np.asarray(out * level * (0.25 + 0.75 * note.velocity**1.2), dtype=np.float32)


def _pitch_curve(
    patch: SoloPatch, note: LineNote, from_midi: int | None, time: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Cents around the note: a glide or the hum's scoop at first, then vibrato, and a little human drift."""
    start = 100.0 * np.clip(from_midi - note.midi, -12, 12) if from_midi is not None else note.scoop_cents
    settle = patch.glide_s if from_midi is not None else 0.05
    cents = start * np.exp(-((time / max(settle, 1e-3)) ** 1.5))
    depth = max(patch.vibrato_cents, note.vibrato_cents) if note.seconds > 0.3 else 0.25 * patch.vibrato_cents
    grow = np.clip((time - 0.18) / 0.35, 0.0, 1.0)
    rate = patch.vibrato_hz * rng.uniform(0.94, 1.06)
    cents = cents + depth * grow * np.sin(2 * np.pi * rate * time + rng.uniform(0, 2 * np.pi))
    return np.asarray(cents + 2.0 * np.sin(2 * np.pi * rng.uniform(0.4, 0.9) * time + rng.uniform(0, 2 * np.pi)))


def _loudness(patch: SoloPatch, note: LineNote, time: np.ndarray, *, slurred: bool) -> np.ndarray:
    """Attack, the hum's own swell or a plain one on long notes, and a release."""
    attack = min(patch.attack_s * (1.3 - 0.5 * note.velocity), 0.5 * note.seconds)
    rise = np.clip(time / max(attack, 1e-3), 0.0, 1.0)
    level = rise * rise * (3 - 2 * rise)
    if patch.decay:
        level = level * (patch.decay + (1 - patch.decay) * np.exp(-time / 0.25))
    elif note.swell_db:
        steps = np.linspace(0.0, note.seconds, len(note.swell_db))
        level = level * 10.0 ** (np.interp(time, steps, note.swell_db) / 20.0)
    elif note.seconds > 0.6:
        level = level * (0.88 + 0.12 * np.sin(np.pi * np.clip(time / note.seconds, 0.0, 1.0)))
    release = patch.release_s * (0.6 if slurred else 1.0)
    tail = np.clip((time - note.seconds) / release, 0.0, 1.0)
    return np.asarray(level * (1 - tail) ** 2)


def _tables(patch: SoloPatch, midi: int) -> tuple[Samples, Samples]:
    """Bright and dull single cycles, [TABLE + 1] (the first sample repeated), level so that RMS of bright is .35."""
    f0 = hz(midi)
    k = np.arange(1, max(1, min(60, int(12_000 / f0))) + 1)
    freqs = k * f0
    amps = np.where(k % 2 == 0, patch.even, 1.0) * k**-patch.slope
    gain = np.ones(k.size)
    for centre, boost, width in patch.formants:
        gain += boost * np.exp(-((np.log2(freqs / centre) / width) ** 2))
    tables = []
    phases = np.pi * k * k / k.size  # Schroeder phases keep the crest low
    for cutoff in (patch.bright_hz, 0.4 * patch.bright_hz):
        spectrum = np.zeros(TABLE // 2 + 1, dtype=complex)
        spectrum[k] = amps * gain / (1 + (freqs / cutoff) ** 2) * np.exp(1j * phases)
        cycle = np.fft.irfft(spectrum, TABLE)
        tables.append(cycle)
    scale = 0.35 / (tables[0].std() + 1e-12)
    bright, dull = (np.append(t, t[0]) * scale for t in tables)
    return bright.astype(np.float32), dull.astype(np.float32)
