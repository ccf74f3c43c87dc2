"""Ensembles: several detuned voices under one envelope, for strings, brass, choirs, pads and organs."""

import functools
import math
from dataclasses import dataclass

import numpy as np
from scipy import fft

from soundstage.arrays import Samples
from soundstage.audio.pitch import midi_to_hz
from soundstage.music.instruments.modal_synthesis import RATE_HZ, fade, noise
from soundstage.music.instruments.struck import Player, velocity_gain

LOOP_FRAMES = 2**17  # 3 s: long enough that the repetition is not heard
TOP_HZ = 12_000.0  # of partials
DULL_SHARE = 0.35  # of the cut-off frequency before the tone has opened
OPENED = 5.0  # time constants after which it has
SLOWER_SOFT, FASTER_PER_VELOCITY = 1.35, 0.5  # factor of the attack
MAX_ATTACK_SHARE = 0.6  # of the note
BREATH_TO_F0, MAX_BREATH_HZ = 6.0, 9000.0  # upper edge of breath noise
DETUNE_SPREAD = 0.2  # random, relative to the detuning between neighbours
CREST = 1.6  # headroom of the sum over its RMS


@dataclass(frozen=True)
class EnsemblePatch:
    """Spectrum and envelope of an ensemble.

    Attributes:
        slope: partials fall as k^−slope up to ``bright_hz``, then by another 12 dB per octave.
        detune_cents: between neighbouring voices.
        bloom_s: time constant of opening from dull to bright.
        formants: (Hz, gain, width in octaves) of the body or vocal tract.
        levels: amplitude of each partial (drawbars), instead of ``slope``.
        even: factor of even partials.
        breath: level of noise.
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
    """A note of ``seconds`` and its release, float32 [frames]; ``velocity`` 0 to 1."""
    bright, dull = _loops(patch, midi, velocity)
    frames = max(1, round((seconds + patch.release_s) * RATE_HZ))
    place = int(rng.integers(LOOP_FRAMES))
    out = _looped(bright, place, frames)
    opening = min(frames, round(OPENED * patch.bloom_s * RATE_HZ))
    if opening:
        closed = np.exp(-np.arange(opening, dtype=np.float32) / np.float32(patch.bloom_s * RATE_HZ))
        out[:opening] += closed * (_looped(dull, place, opening) - out[:opening])
    if patch.breath:
        f0 = midi_to_hz(midi)
        out += patch.breath * noise(frames / RATE_HZ, f0, min(BREATH_TO_F0 * f0, MAX_BREATH_HZ), rng)[:frames]
    attack = patch.attack_s * (SLOWER_SOFT - FASTER_PER_VELOCITY * velocity)
    return (
        out
        * fade(len(out), min(attack, MAX_ATTACK_SHARE * seconds), seconds, patch.release_s)
        * velocity_gain(velocity)
    )


@functools.lru_cache(maxsize=32)
def _loops(patch: EnsemblePatch, midi: int, velocity: float) -> tuple[Samples, Samples]:
    """Bright and dull, float32 [LOOP_FRAMES] each, which can be repeated without a seam: every partial of every voice
    goes to the nearest multiple of a third of a hertz, and one inverse transform adds them all up (after the PADsynth
    algorithm, Paul Nasca, 2003).
    """
    f0 = midi_to_hz(midi)
    count = len(patch.levels) or patch.partials
    k = np.arange(1, max(1, min(count, int(TOP_HZ / f0))) + 1)
    freqs = k * f0
    amps = np.array(patch.levels[: k.size]) if patch.levels else k**-patch.slope
    amps = np.where(k % 2 == 0, patch.even, 1.0) * amps
    gain = np.ones(k.size)
    for centre, boost, width in patch.formants:
        gain += boost * np.exp(-((np.log2(freqs / centre) / width) ** 2))
    bright_hz = patch.bright_hz * (0.5 + velocity)
    bright = amps * gain / (1 + (freqs / bright_hz) ** 2)
    dull = amps * gain / (1 + (freqs / (DULL_SHARE * bright_hz)) ** 2)
    rng = np.random.default_rng([midi, patch.voices])
    cents = (np.arange(patch.voices) - (patch.voices - 1) / 2) * patch.detune_cents
    cents = cents + rng.uniform(-DETUNE_SPREAD, DETUNE_SPREAD, patch.voices) * patch.detune_cents
    bins = np.round(np.outer(2 ** (cents / 1200), freqs) * LOOP_FRAMES / RATE_HZ).astype(int)
    turns = np.exp(1j * rng.uniform(0, 2 * np.pi, bins.shape))
    scale = 0.5 * LOOP_FRAMES / (math.sqrt(patch.voices * float((bright**2).sum()) / 2) * CREST)
    loops = []
    for levels in (bright, dull):
        spectrum = np.zeros(LOOP_FRAMES // 2 + 1, dtype=np.complex64)
        np.add.at(spectrum, bins, scale * levels * turns)
        loops.append(fft.irfft(spectrum, LOOP_FRAMES))
    return loops[0], loops[1]


def _looped(loop: Samples, place: int, frames: int) -> Samples:
    """``frames`` of the repeated loop from ``place`` on."""
    return np.take(loop, np.arange(place, place + frames), mode="wrap")


def ensemble(patch: EnsemblePatch) -> Player:
    """A function that plays notes of ``patch``."""
    return lambda midi, seconds, velocity, rng: play_ensemble(patch, midi, seconds, velocity, rng)
