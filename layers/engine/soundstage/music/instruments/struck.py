"""Plucked, hammered and struck instruments, and synthesisers with closing filters, by modal synthesis."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from soundstage.arrays import Samples
from soundstage.audio.pitch import midi_to_hz
from soundstage.music.instruments.modal_synthesis import RATE_HZ, fade, noise, ring

MIDDLE_C_HZ = 261.6  # at which decay times are given
TOP_HZ, FILTER_TOP_HZ = 14_000.0, 13_000.0  # of partials
USUAL_VELOCITY, DULLER_SOFT = 0.7, 0.9  # slope at other velocities: so much steeper per unit below
BODY_GAIN, BODY_OCTAVES = 0.8, 0.35  # of a resonance, and its width
DECAY_EXPONENT, BAR_DECAY_EXPONENT, DAMPING_EXPONENT = 0.45, 0.35, 1.2  # of T60 over pitch, and over partial number
DECAY_DEVIATION, MIN_T60_S, RING_SHARE = 0.1, 0.05, 1.1  # random; a note is rendered for so many T60 at most
# Strings of one note exchange energy: each further one is softer and decays more slowly, which makes the two-stage
# decay of pianos (Weinreich 1977).
SOFTER_STRING, SLOWER_STRING = 0.35, 0.5
STRING_TOUCH_S, STRING_TOUCH_DECAY_S, SOFT_TOUCH = 0.03, 0.006, 0.4
BAR_TOUCH_S, BAR_TOUCH_DECAY_S, BAR_TOUCH_HZ = 0.02, 0.004, (500.0, 4000.0)
UPPER_MODE_RATIO = 1.5  # modes above follow velocity to a higher power
PHASES, FILTER_PHASES = 0.4, 0.6  # random phases lie within ± so many radians
FILTER_PARTIALS, OPEN_SOFT, SWEEP_DECAYS, SWEEP_PER_OCTAVE = 64, 0.3, 3.0, 0.25
VELOCITY_EXPONENT = 1.5  # of amplitude: about 30 dB from softest to hardest


@dataclass(frozen=True)
class StringPatch:
    """A string that is plucked or hammered at ``position`` of its length, which weakens partial k by
    |sin(πk·position)|.

    Attributes:
        slope: partials fall as k^−slope at velocity .7; softer notes are duller.
        t60_s: decay of the lowest partial at middle C; lower notes ring longer.
        damping: how much sooner high partials decay.
        stiffness: B in fₖ = k·f₀·√(1 + B·k²) (Fletcher 1964).
        unison: detuning of each string of a note, cents.
        touch, touch_hz: level and band of the noise of finger, plectrum or hammer.
        body_hz: resonances of the body.
        partials: at most.
    """

    position: float = 0.2
    slope: float = 1.1
    t60_s: float = 3.0
    damping: float = 0.12
    stiffness: float = 0.0
    unison: tuple[float, ...] = (0.0,)
    release_s: float = 0.12
    touch: float = 0.03
    touch_hz: tuple[float, float] = (800.0, 5000.0)
    body_hz: tuple[float, ...] = ()
    partials: int = 40
    attack_s: float = 0.001


def play_string(patch: StringPatch, midi: int, seconds: float, velocity: float, rng: np.random.Generator) -> Samples:
    """A note of ``seconds`` and its release, float32 [frames]; ``velocity`` 0 to 1."""
    f0 = midi_to_hz(midi)
    k = np.arange(1, max(2, min(patch.partials, int(TOP_HZ / f0))) + 1)
    freqs = k * f0 * np.sqrt(1 + patch.stiffness * k**2)
    slope = patch.slope + DULLER_SOFT * (USUAL_VELOCITY - velocity)
    amps = np.abs(np.sin(np.pi * k * patch.position)) / k**slope
    for resonance in patch.body_hz:
        amps *= 1 + BODY_GAIN * np.exp(-((np.log2(freqs / resonance) / BODY_OCTAVES) ** 2))
    t60 = patch.t60_s * (MIDDLE_C_HZ / f0) ** DECAY_EXPONENT / (1 + patch.damping * (k - 1) ** DAMPING_EXPONENT)
    t60 = np.maximum(t60 * rng.uniform(1 - DECAY_DEVIATION, 1 + DECAY_DEVIATION, k.size), MIN_T60_S)
    total = min(seconds + patch.release_s, float(t60[0]) * RING_SHARE)
    tuning = [2 ** (c / 1200) for c in patch.unison]
    out = ring(
        np.concatenate([freqs * t for t in tuning]),
        np.concatenate([amps / (1 + SOFTER_STRING * i) for i in range(len(tuning))]),
        np.concatenate([t60 * (1 + SLOWER_STRING * i) for i in range(len(tuning))]),
        total,
        rng.uniform(-PHASES, PHASES, k.size * len(tuning)),
    )
    out /= np.sqrt((amps**2).sum()) * len(tuning) ** 0.5
    if patch.touch:
        burst = noise(STRING_TOUCH_S, *patch.touch_hz, rng)[: len(out)]
        decay = np.exp(-np.arange(len(burst)) / (STRING_TOUCH_DECAY_S * RATE_HZ))
        out[: len(burst)] += patch.touch * (SOFT_TOUCH + velocity) * burst * decay
    return out * fade(len(out), patch.attack_s, seconds, patch.release_s) * velocity_gain(velocity)


@dataclass(frozen=True)
class BarPatch:
    """A bar, tine or bell: modes as (frequency ratio, level, share of the lowest mode's T60).

    ``t60_s``: of the lowest mode at middle C. ``bell``: power of velocity by which upper modes grow, beyond 1.
    ``tremolo``: depth, 0 to 1.
    """

    modes: tuple[tuple[float, float, float], ...]
    t60_s: float
    bell: float = 1.0
    release_s: float = 0.3
    tremolo_hz: float = 0.0
    tremolo: float = 0.0
    touch: float = 0.02
    attack_s: float = 0.001


def play_bar(patch: BarPatch, midi: int, seconds: float, velocity: float, rng: np.random.Generator) -> Samples:
    """A note of ``seconds`` and its release, float32 [frames]; ``velocity`` 0 to 1."""
    f0 = midi_to_hz(midi)
    ratio, level, share = (np.array(column) for column in zip(*patch.modes, strict=True))
    amps = level * np.where(ratio > UPPER_MODE_RATIO, (velocity / USUAL_VELOCITY) ** (1.0 + patch.bell), 1.0)
    t60 = patch.t60_s * (MIDDLE_C_HZ / f0) ** BAR_DECAY_EXPONENT * share
    total = min(seconds + patch.release_s, float(t60.max()) * RING_SHARE)
    out = ring(ratio * f0, amps, t60, total) / math.sqrt(float((level**2).sum()))
    if patch.tremolo:
        time = np.arange(len(out), dtype=np.float32) / RATE_HZ
        out *= 1 - patch.tremolo * (0.5 - 0.5 * np.cos(2 * np.pi * patch.tremolo_hz * time))
    if patch.touch:
        burst = noise(BAR_TOUCH_S, *BAR_TOUCH_HZ, rng)[: len(out)]
        out[: len(burst)] += patch.touch * burst * np.exp(-np.arange(len(burst)) / (BAR_TOUCH_DECAY_S * RATE_HZ))
    return out * fade(len(out), patch.attack_s, seconds, patch.release_s) * velocity_gain(velocity)


@dataclass(frozen=True)
class FilterPatch:
    """A synthesiser: saw or square partials behind a low-pass that closes from ``cutoff_hz`` + ``sweep_hz``.

    ``sweep_s``: time constant of the lowest partial. ``sub``: level of a sine at the fundamental.
    """

    square: bool = False
    cutoff_hz: float = 1200.0
    sweep_hz: float = 4000.0
    sweep_s: float = 0.2
    t60_s: float = 30.0
    detune_cents: float = 8.0
    voices: int = 2
    release_s: float = 0.08
    sub: float = 0.0
    attack_s: float = 0.003


def play_filter(patch: FilterPatch, midi: int, seconds: float, velocity: float, rng: np.random.Generator) -> Samples:
    """A note of ``seconds`` and its release, float32 [frames]; ``velocity`` 0 to 1."""
    f0 = midi_to_hz(midi)
    k = np.arange(1, max(2, min(FILTER_PARTIALS, int(FILTER_TOP_HZ / f0))) + 1)
    amps = np.where(patch.square & (k % 2 == 0), 0.0, 1.0) / k
    freqs = k * f0
    open_hz = patch.cutoff_hz + patch.sweep_hz * (OPEN_SOFT + velocity)
    closed = amps / np.sqrt(1 + (freqs / patch.cutoff_hz) ** 4)
    opened = amps / np.sqrt(1 + (freqs / open_hz) ** 4) - closed
    spread = np.linspace(-1, 1, patch.voices) * patch.detune_cents if patch.voices > 1 else np.zeros(1)
    parts_f, parts_a, parts_t = [], [], []
    for cents in spread:
        detuning = 2 ** (cents / 1200)
        # Two layers per voice: the closed filter's partials, and what the open filter adds, which decays.
        parts_f += [freqs * detuning, freqs * detuning]
        parts_a += [closed, opened]
        sweep = SWEEP_DECAYS * patch.sweep_s / (1 + SWEEP_PER_OCTAVE * np.log2(k))
        parts_t += [np.full(k.size, patch.t60_s), np.minimum(sweep, patch.t60_s)]
    if patch.sub:
        parts_f.append(np.array([f0]))
        parts_a.append(np.array([patch.sub * patch.voices]))
        parts_t.append(np.array([patch.t60_s]))
    total = min(seconds + patch.release_s, RING_SHARE * patch.t60_s)
    phases = np.concatenate([rng.uniform(-FILTER_PHASES, FILTER_PHASES, f.size) for f in parts_f])
    out = ring(np.concatenate(parts_f), np.concatenate(parts_a), np.concatenate(parts_t), total, phases)
    out /= patch.voices**0.5 * math.sqrt(float((amps**2).sum()))
    return out * fade(len(out), patch.attack_s, seconds, patch.release_s) * velocity_gain(velocity)


def velocity_gain(velocity: float) -> float:
    """Amplitude of a velocity, 0 to 1."""
    return float(velocity**VELOCITY_EXPONENT)


# MIDI pitch, seconds, velocity, generator → a note.
Player = Callable[[int, float, float, np.random.Generator], Samples]


def string(patch: StringPatch) -> Player:
    """A function that plays notes of ``patch``."""
    return lambda midi, seconds, velocity, rng: play_string(patch, midi, seconds, velocity, rng)


def bar(patch: BarPatch) -> Player:
    """A function that plays notes of ``patch``."""
    return lambda midi, seconds, velocity, rng: play_bar(patch, midi, seconds, velocity, rng)


def filtered(patch: FilterPatch) -> Player:
    """A function that plays notes of ``patch``."""
    return lambda midi, seconds, velocity, rng: play_filter(patch, midi, seconds, velocity, rng)
