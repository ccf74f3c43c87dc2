"""What is bowed, blown or held in a group: ensembles of detuned voices under one envelope."""

import math
from dataclasses import dataclass

import numpy as np

from soundstage.music.instruments.modes import RATE_HZ, Samples, fade, hz, noise, ring
from soundstage.music.instruments.struck import Player, velocity_gain

FOREVER_S = 1e3


@dataclass(frozen=True)
class EnsemblePatch:
    """``slope``: partials fall as k^−slope up to ``bright_hz``, then by another 12 dB per octave.

    ``formants``: (Hz, gain, width in octaves) of the body or mouth; ``bloom_s``: how long brightness takes to open;
    ``levels``: drawbars, when the partials are not a plain slope.
    """

    slope: float = 1.0
    bright_hz: float = 2500.0
    voices: int = 3
    detune_cents: float = 9.0
    attack_s: float = 0.15
    release_s: float = 0.4
    bloom_s: float = 0.2
    formants: tuple[tuple[float, float, float], ...] = ()
    levels: tuple[float, ...] = ()
    even: float = 1.0
    breath: float = 0.0
    partials: int = 32


def play_ensemble(
    patch: EnsemblePatch, midi: int, seconds: float, velocity: float, rng: np.random.Generator
) -> Samples:
    f0 = hz(midi)
    count = len(patch.levels) or patch.partials
    k = np.arange(1, max(1, min(count, int(12_000 / f0))) + 1)
    freqs = k * f0
    amps = np.array(patch.levels[: k.size]) if patch.levels else k**-patch.slope
    amps = np.where(k % 2 == 0, patch.even, 1.0) * amps
    gain = np.ones(k.size)
    for centre, boost, width in patch.formants:
        gain += boost * np.exp(-((np.log2(freqs / centre) / width) ** 2))
    bright_hz = patch.bright_hz * (0.5 + velocity)
    bright = amps * gain / (1 + (freqs / bright_hz) ** 2)
    dull = amps * gain / (1 + (freqs / (0.35 * bright_hz)) ** 2)
    cents = (np.arange(patch.voices) - (patch.voices - 1) / 2) * patch.detune_cents
    cents = cents + rng.uniform(-0.2, 0.2, patch.voices) * patch.detune_cents
    stacked = np.concatenate([freqs * 2 ** (c / 1200) for c in cents])
    phases = rng.uniform(0, 2 * np.pi, stacked.size)
    total = seconds + patch.release_s
    out = ring(stacked, np.tile(bright, patch.voices), FOREVER_S, total, phases)
    # The bloom is over after five time constants.
    opening = min(total, 5 * patch.bloom_s)
    if patch.bloom_s:
        soft = ring(stacked, np.tile(dull, patch.voices), FOREVER_S, opening, phases)
        closed = np.exp(-np.arange(len(soft), dtype=np.float32) / np.float32(patch.bloom_s * RATE_HZ))
        closed *= soft - out[: len(soft)]
        out[: len(soft)] += closed
    out /= math.sqrt(patch.voices * float((bright**2).sum()) / 2) * 1.6
    if patch.breath:
        out += patch.breath * noise(total, f0, min(6 * f0, 9000.0), rng)[: len(out)]
    attack = patch.attack_s * (1.35 - 0.5 * velocity)
    return out * fade(len(out), min(attack, 0.6 * seconds), seconds, patch.release_s) * velocity_gain(velocity)


def ensemble(patch: EnsemblePatch) -> Player:
    return lambda midi, seconds, velocity, rng: play_ensemble(patch, midi, seconds, velocity, rng)
