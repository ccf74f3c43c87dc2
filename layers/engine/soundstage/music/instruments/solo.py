"""Solo instruments by wavetable synthesis: a whole line with pitch bends, delayed vibrato and swells.

Tables are read at a moving phase; a bright and a dull one are mixed by loudness.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from soundstage.arrays import Samples
from soundstage.audio.decibels import db_to_amplitude
from soundstage.audio.pitch import midi_to_hz
from soundstage.music.instruments.modal_synthesis import RATE_HZ, noise
from soundstage.music.instruments.notes import PlayedNote

TABLE = 2048  # samples of a cycle
MAX_PARTIALS, TOP_HZ = 60, 12_000.0  # of a table
TABLE_RMS = 0.35  # of the bright table
DULL_SHARE = 0.4  # of the cut-off frequency
JOINT_S = 0.05  # cross-fade between the tables of slurred notes
DETUNED_LEVEL = 0.45  # of a voice beside the pitch: equal voices would beat each other to silence
MIN_FRAMES = 64  # of a rendered group
# Breath noise from .8 to 5 times the fundamental, 8 kHz at most; three times as loud at an attack, for 30 ms.
BREATH_BAND, MAX_BREATH_HZ, ATTACK_BREATH, ATTACK_BREATH_S = (0.8, 5.0), 8000.0, 2.0, 0.03
# Brightness: .35 of the level at no velocity, and .9 more per unit. Amplitude: .25, and .75 × velocity^1.2.
BRIGHTNESS, BRIGHTNESS_PER_VELOCITY, SOFTEST, VELOCITY_EXPONENT = 0.35, 0.9, 0.25, 1.2
SCOOP_S, SCOOP_EXPONENT, MAX_GLIDE = 0.05, 1.5, 12  # of the way into a note; semitones
# Vibrato begins 180 ms after the onset, grows over 350 ms, is over 60 ms before the end; its rate deviates by 6 %.
# Notes of less than .3 s have a quarter of it.
VIBRATO_DELAY_S, VIBRATO_GROWTH_S, VIBRATO_END_S, VIBRATO_DEVIATION = 0.18, 0.35, 0.06, 0.06
SHORT_NOTE_S, SHORT_NOTE_VIBRATO = 0.3, 0.25
DRIFT_CENTS, DRIFT_HZ = 2.0, (0.4, 0.9)
# Attack: 1.3 times the patch's at no velocity, .5 less per unit, half of the note at most; then a swell of 12 % (1 dB)
# on notes longer than .6 s that have none of their own.
SLOWER_SOFT, FASTER_PER_VELOCITY, MAX_ATTACK_SHARE = 1.3, 0.5, 0.5
OWN_SWELL, OWN_SWELL_S = 0.12, 0.6


@dataclass(frozen=True)
class SoloPatch:
    """Spectrum as in ``EnsemblePatch``; ``vibrato_cents``: peak deviation; ``glide_s``: portamento of slurred notes;
    ``voices``: detuning of each voice, cents.
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
    """A line, float32 [frames]; notes in order of time."""
    out = np.zeros(frames, dtype=np.float32)
    for first, past in _legato_groups(notes):
        start = round(notes[first].start_s * RATE_HZ)
        sound = _play_legato(patch, notes[first:past], rng)[: max(0, frames - start)]
        out[start : start + len(sound)] += sound
    return out


def _legato_groups(notes: Sequence[PlayedNote]) -> list[tuple[int, int]]:
    """[first, past) of notes that are slurred to each other."""
    starts = [i for i, note in enumerate(notes) if not note.expression.slurred or i == 0]
    return list(itertools.pairwise([*starts, len(notes)]))


def _play_legato(patch: SoloPatch, notes: Sequence[PlayedNote], rng: np.random.Generator) -> Samples:
    """Slurred notes: the pitch glides and the phase goes on, without a new attack.

    Each note has its own tables, since a higher one has fewer partials; they are cross-faded at the joint.
    """
    begins = notes[0].start_s
    starts = [round((n.start_s - begins) * RATE_HZ) for n in notes]
    ends = [*starts[1:], round((notes[-1].start_s - begins + notes[-1].duration_s) * RATE_HZ)]
    release = round(patch.release_s * RATE_HZ)
    frames = max(MIN_FRAMES, ends[-1] + release)
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
        openness = np.clip(level * (BRIGHTNESS + BRIGHTNESS_PER_VELOCITY * note.velocity), 0.0, 1.0)
        wave = _read_tables(patch, note, [phase[here] for phase in phases], openness)
        if patch.breath:
            f0 = midi_to_hz(note.midi)
            low_hz, high_hz = (share * f0 for share in BREATH_BAND)
            air = noise(len(time) / RATE_HZ, low_hz, min(high_hz, MAX_BREATH_HZ), rng)[: len(time)]
            attack = 1.0 if i else 1.0 + ATTACK_BREATH * np.exp(-time / ATTACK_BREATH_S)
            wave[: len(air)] += patch.breath * air * attack
        out[here] += wave * level * np.float32(SOFTEST + (1 - SOFTEST) * note.velocity**VELOCITY_EXPONENT)
    return out


def _read_tables(patch: SoloPatch, note: PlayedNote, phases: Sequence[np.ndarray], openness: np.ndarray) -> Samples:
    """The note's tables at the ``phases`` (0 to 1) of its voices, from dull to bright by ``openness`` (0 to 1)."""
    bright, dull = _tables(patch, note.midi)
    out = np.zeros(len(openness), dtype=np.float32)
    for phase, cents in zip(phases, patch.voices, strict=True):
        position = (phase * TABLE).astype(np.float32)
        index = np.minimum(position.astype(np.int32), TABLE - 1)  # float32 may round up to TABLE
        fraction = position - index
        low = dull[index] + fraction * (dull[index + 1] - dull[index])
        high = bright[index] + fraction * (bright[index + 1] - bright[index])
        out += np.float32(DETUNED_LEVEL if cents else 1.0) * (low + openness * (high - low))
    return out


def _pitch_curve(
    patch: SoloPatch, note: PlayedNote, from_midi: int | None, time: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Deviation from the note's pitch, cents: a glide or the note's scoop, then vibrato, and a slow drift."""
    start = (
        100.0 * np.clip(from_midi - note.midi, -MAX_GLIDE, MAX_GLIDE)
        if from_midi is not None
        else note.expression.scoop_cents
    )
    settle = patch.glide_s if from_midi is not None else SCOOP_S
    cents = start * np.exp(-((time / max(settle, 1e-3)) ** SCOOP_EXPONENT))
    own, long = patch.vibrato_cents, note.duration_s > SHORT_NOTE_S
    depth = max(own, note.expression.vibrato_cents) if long else SHORT_NOTE_VIBRATO * own
    begun, over = (time - VIBRATO_DELAY_S) / VIBRATO_GROWTH_S, (note.duration_s - time) / VIBRATO_END_S
    grow = np.clip(np.minimum(begun, over), 0.0, 1.0)
    rate = patch.vibrato_hz * rng.uniform(1 - VIBRATO_DEVIATION, 1 + VIBRATO_DEVIATION)
    cents = cents + depth * grow * np.sin(2 * np.pi * rate * time + rng.uniform(0, 2 * np.pi))
    return np.asarray(cents + DRIFT_CENTS * np.sin(2 * np.pi * rng.uniform(*DRIFT_HZ) * time))


def _loudness(patch: SoloPatch, note: PlayedNote, time: np.ndarray, *, slurred: bool) -> np.ndarray:
    """Amplitude through the note: attack, and the expression's swell or the instrument's own on long notes."""
    if slurred:
        level = np.ones_like(time)
    else:
        attack = patch.attack_s * (SLOWER_SOFT - FASTER_PER_VELOCITY * note.velocity)
        attack = min(attack, MAX_ATTACK_SHARE * note.duration_s)
        rise = np.clip(time / max(attack, 1e-3), 0.0, 1.0)
        level = rise * rise * (3 - 2 * rise)
    if note.expression.swell_db:
        steps = np.linspace(0.0, note.duration_s, len(note.expression.swell_db))
        level = level * db_to_amplitude(np.interp(time, steps, note.expression.swell_db))
    elif note.duration_s > OWN_SWELL_S:
        level = level * (1 - OWN_SWELL + OWN_SWELL * np.sin(np.pi * np.clip(time / note.duration_s, 0.0, 1.0)))
    return np.asarray(level, dtype=np.float32)


def _tables(patch: SoloPatch, midi: int) -> tuple[Samples, Samples]:
    """Bright and dull single cycles, float32 [TABLE + 1] each: the first sample is repeated at the end."""
    f0 = midi_to_hz(midi)
    k = np.arange(1, max(1, min(MAX_PARTIALS, int(TOP_HZ / f0))) + 1)
    freqs = k * f0
    amps = np.where(k % 2 == 0, patch.even, 1.0) * k**-patch.slope
    gain = np.ones(k.size)
    for centre, boost, width in patch.formants:
        gain += boost * np.exp(-((np.log2(freqs / centre) / width) ** 2))
    tables = []
    # Phases of low crest factor (Schroeder 1970); the same for every note, so that tables can be mixed.
    phases = np.pi * k * k / MAX_PARTIALS
    for cutoff in (patch.bright_hz, DULL_SHARE * patch.bright_hz):
        spectrum = np.zeros(TABLE // 2 + 1, dtype=complex)
        spectrum[k] = amps * gain / (1 + (freqs / cutoff) ** 2) * np.exp(1j * phases)
        cycle = np.fft.irfft(spectrum, TABLE)
        tables.append(cycle)
    scale = TABLE_RMS / (tables[0].std() + 1e-12)
    bright, dull = (np.append(t, t[0]) * scale for t in tables)
    return bright.astype(np.float32), dull.astype(np.float32)
