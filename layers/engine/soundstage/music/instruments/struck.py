"""What is plucked, hammered or struck: each note is a set of partials that decay by themselves."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from soundstage.arrays import Samples
from soundstage.music.instruments.modes import RATE_HZ, fade, hz, noise, ring


@dataclass(frozen=True)
class StringPatch:
    """A string that is plucked or hammered at ``position`` of its length.

    ``slope``: how fast partials weaken, at medium velocity (soft notes are duller); ``t60_s``: decay of the lowest
    partial at middle C (lower notes ring longer); ``damping``: how much sooner high partials die; ``stiffness``: B in
    fₖ = k·f₀·√(1 + B·k²) (Fletcher, 1964); ``unison``: strings per note and their detuning in cents.
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
    f0 = hz(midi)
    k = np.arange(1, max(2, min(patch.partials, int(14_000 / f0))) + 1)
    freqs = k * f0 * np.sqrt(1 + patch.stiffness * k**2)
    slope = patch.slope + 0.9 * (0.7 - velocity)
    amps = np.abs(np.sin(np.pi * k * patch.position)) / k**slope
    for resonance in patch.body_hz:
        amps *= 1 + 0.8 * np.exp(-((np.log2(freqs / resonance) / 0.35) ** 2))
    t60 = patch.t60_s * (261.6 / f0) ** 0.45 / (1 + patch.damping * (k - 1) ** 1.2)
    t60 = np.maximum(t60 * rng.uniform(0.9, 1.1, k.size), 0.05)
    total = min(seconds + patch.release_s, float(t60[0]) * 1.1)
    tuning = [2 ** (c / 1200) for c in patch.unison]
    # Strings of one note exchange energy: the second decays more slowly, which gives the two-stage decay.
    out = ring(
        np.concatenate([freqs * t for t in tuning]),
        np.concatenate([amps / (1 + 0.35 * i) for i in range(len(tuning))]),
        np.concatenate([t60 * (1 + 0.5 * i) for i in range(len(tuning))]),
        total,
        rng.uniform(-0.4, 0.4, k.size * len(tuning)),
    )
    out /= np.sqrt((amps**2).sum()) * len(tuning) ** 0.5
    if patch.touch:
        burst = noise(0.03, *patch.touch_hz, rng)[: len(out)]
        out[: len(burst)] += patch.touch * (0.4 + velocity) * burst * np.exp(-np.arange(len(burst)) / (0.006 * RATE_HZ))
    return out * fade(len(out), patch.attack_s, seconds, patch.release_s) * velocity_gain(velocity)


@dataclass(frozen=True)
class BarPatch:
    """A bar, tine or bell: a handful of modes (ratio, level, share of the lowest mode's decay)."""

    modes: tuple[tuple[float, float, float], ...]
    t60_s: float
    bell: float = 1.0
    release_s: float = 0.3
    tremolo_hz: float = 0.0
    tremolo: float = 0.0
    touch: float = 0.02
    attack_s: float = 0.001


def play_bar(patch: BarPatch, midi: int, seconds: float, velocity: float, rng: np.random.Generator) -> Samples:
    f0 = hz(midi)
    ratio, level, share = (np.array(column) for column in zip(*patch.modes, strict=True))
    # Struck harder, the upper modes speak: their level follows velocity to a higher power.
    amps = level * np.where(ratio > 1.5, (velocity / 0.7) ** (1.0 + patch.bell), 1.0)
    t60 = patch.t60_s * (261.6 / f0) ** 0.35 * share
    total = min(seconds + patch.release_s, float(t60.max()) * 1.1)
    out = ring(ratio * f0, amps, t60, total) / math.sqrt(float((level**2).sum()))
    if patch.tremolo:
        time = np.arange(len(out), dtype=np.float32) / RATE_HZ
        out *= 1 - patch.tremolo * (0.5 - 0.5 * np.cos(2 * np.pi * patch.tremolo_hz * time))
    if patch.touch:
        burst = noise(0.02, 500.0, 4000.0, rng)[: len(out)]
        out[: len(burst)] += patch.touch * burst * np.exp(-np.arange(len(burst)) / (0.004 * RATE_HZ))
    return out * fade(len(out), patch.attack_s, seconds, patch.release_s) * velocity_gain(velocity)


@dataclass(frozen=True)
class FilterPatch:
    """A synthesiser note: saw or square partials behind a low-pass that closes; ``sustain`` is what stays open."""

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
    f0 = hz(midi)
    k = np.arange(1, max(2, min(64, int(13_000 / f0))) + 1)
    amps = np.where(patch.square & (k % 2 == 0), 0.0, 1.0) / k
    freqs = k * f0
    open_hz = patch.cutoff_hz + patch.sweep_hz * (0.3 + velocity)
    closed = amps / np.sqrt(1 + (freqs / patch.cutoff_hz) ** 4)
    opened = amps / np.sqrt(1 + (freqs / open_hz) ** 4) - closed
    spread = np.linspace(-1, 1, patch.voices) * patch.detune_cents if patch.voices > 1 else np.zeros(1)
    parts_f, parts_a, parts_t = [], [], []
    for cents in spread:
        tune = 2 ** (cents / 1200)
        # Two layers per voice: the closed filter that stays, and the brightness that the envelope takes away.
        parts_f += [freqs * tune, freqs * tune]
        parts_a += [closed, opened]
        sweep = 3.0 * patch.sweep_s / (1 + 0.25 * np.log2(k))
        parts_t += [np.full(k.size, patch.t60_s), np.minimum(sweep, patch.t60_s)]
    if patch.sub:
        parts_f.append(np.array([f0]))
        parts_a.append(np.array([patch.sub * patch.voices]))
        parts_t.append(np.array([patch.t60_s]))
    total = min(seconds + patch.release_s, 1.1 * patch.t60_s)
    phases = np.concatenate([rng.uniform(-0.6, 0.6, f.size) for f in parts_f])
    out = ring(np.concatenate(parts_f), np.concatenate(parts_a), np.concatenate(parts_t), total, phases)
    out /= patch.voices**0.5 * math.sqrt(float((amps**2).sum()))
    return out * fade(len(out), patch.attack_s, seconds, patch.release_s) * velocity_gain(velocity)


def velocity_gain(velocity: float) -> float:
    """Loudness of a velocity: about 30 dB from softest to hardest."""
    return float(velocity**1.5)


Player = Callable[[int, float, float, np.random.Generator], Samples]


def string(patch: StringPatch) -> Player:
    return lambda midi, seconds, velocity, rng: play_string(patch, midi, seconds, velocity, rng)


def bar(patch: BarPatch) -> Player:
    return lambda midi, seconds, velocity, rng: play_bar(patch, midi, seconds, velocity, rng)


def filtered(patch: FilterPatch) -> Player:
    return lambda midi, seconds, velocity, rng: play_filter(patch, midi, seconds, velocity, rng)
