"""Where notes begin and where they sound, frame by frame, by a small learnt network.

A convolutional network along time (dilated, as of van den Oord et al. 2016): five layers of 48 channels see 390 ms on
either side of a frame of 10 ms. Three of them, each trained without another third of the singers, are averaged. They
are trained by ``tests.bench.train_note_network`` on amateur singers, some of them with music or another voice behind
them, and on synthetic hums; 57,000 weights each, and plain arithmetic, so that no other runtime is needed.
"""

import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter

from soundstage.arrays import Floats
from soundstage.audio.decibels import power_to_db
from soundstage.audio.pitch import PitchTrack, hz_to_midi

Features = NDArray[np.float32]  # [frames, FEATURES]
Layer = tuple[NDArray[np.float32], NDArray[np.float32]]  # weights [KERNEL · channels in, channels out], bias

WEIGHTS = Path(__file__).with_name("note_network.npz")
FRAME_S = 0.01  # two fine frames
KERNEL, DILATIONS, CHANNELS = 5, (1, 2, 4, 8, 4), 48
BANDS = 36
# Bins of 31 Hz at the bands' edges: one bin each at first, then a twelfth of the octaves up to 7 kHz.
_EDGES = np.maximum(np.round(np.geomspace(3, 226, BANDS)).astype(int), np.arange(3, BANDS + 3))
_EDGES = np.concatenate([[2], np.maximum.accumulate(_EDGES)])
FEATURES = BANDS + 8
# Scales that bring features to about ±1; none of them hangs on the recording's level.
_FLOOR, _LOUD_PERCENTILE, _RANGE_DB = 1e-10, 95.0, (-70.0, 5.0)
_NOISE_PERCENTILE, _NOISE_MARGIN_DB, _BAND_SCALE_DB = 5.0, 3.0, 15.0
_TONAL_PERCENTILE, _TONAL_SCALE_DB, _DIP_SCALE_DB, _FLUX_SCALE_DB = 90.0, 12.0, 6.0, 5.0
# Movement of the pitch over so many frames before and after, its limit in semitones and its scale; and its distance
# from the median of 41 frames.
_MOVEMENTS = ((2, 2.0, 1.0), (6, 3.0, 1.0), (12, 3.0, 1.5))
_MEDIAN_FRAMES, _MAX_DISTANCE = 41, 3.0


@dataclass(frozen=True, eq=False)
class NoteFrames:
    """Log odds that a note begins at a frame, and that one sounds through it. [frames]"""

    onset: Floats
    sounds: Floats


def measure_features(
    power: NDArray[np.float32], level_db: Floats, dip_db: Floats, flux_db: Floats, pitch: PitchTrack
) -> Features:
    """What the network looks at, from fine frames of 5 ms ([fine, bins] and [fine]); a last odd one is left out."""
    count = len(level_db) // 2
    if not count:
        return np.zeros((0, FEATURES), np.float32)
    bands = np.add.reduceat(power[:, : _EDGES[-1]], _EDGES[:-1], axis=1) / np.diff(_EDGES)
    band_db = power_to_db(bands[: 2 * count].reshape(count, 2, -1).mean(axis=1) + _FLOOR, -100.0)
    band_db = np.clip(band_db - np.percentile(band_db.max(axis=1), _LOUD_PERCENTILE), *_RANGE_DB)
    band_db = np.maximum(band_db, np.percentile(band_db, _NOISE_PERCENTILE, axis=0) + _NOISE_MARGIN_DB)
    band_db -= band_db.mean(axis=0)
    level, dip, flux = (_halved(values, count) for values in (level_db, dip_db, flux_db))
    times_s = frame_times_s(count)
    voiced = pitch.voiced
    semitones = np.zeros(count)
    if voiced.any():
        semitones = np.interp(times_s, pitch.times_s[voiced], hz_to_midi(pitch.f0_hz)[voiced])
    distance = semitones - median_filter(semitones, _MEDIAN_FRAMES, mode="nearest")
    columns = [
        band_db / _BAND_SCALE_DB,
        (level - np.percentile(level, _TONAL_PERCENTILE)) / _TONAL_SCALE_DB,
        dip / _DIP_SCALE_DB,
        flux / _FLUX_SCALE_DB,
        2 * np.interp(times_s, pitch.times_s, pitch.confidence) - 1,
        *(np.clip(_movement(semitones, reach), -limit, limit) / scale for reach, limit, scale in _MOVEMENTS),
        np.clip(distance, -_MAX_DISTANCE, _MAX_DISTANCE),
    ]
    return np.column_stack(columns).astype(np.float32)


def frame_times_s(count: int) -> Floats:
    """Centres of the first ``count`` frames of the network."""
    return np.asarray((np.arange(count) + 0.25) * FRAME_S)


def note_frames(features: Features) -> NoteFrames:
    """Run the network."""
    outputs = np.mean([run_network(network, features) for network in _networks()], axis=0).astype(np.float64)
    return NoteFrames(outputs[:, 0], outputs[:, 1])


def dips_and_rises_db(features: Features) -> tuple[Floats, Floats]:
    """How far all harmonics fall together at a frame, and how far the spectrum rises there. [frames]"""
    dip, rise = features[:, BANDS + 1].astype(np.float64), features[:, BANDS + 2].astype(np.float64)
    return dip * _DIP_SCALE_DB, rise * _FLUX_SCALE_DB


def run_network(network: list[Layer], features: Features) -> NDArray[np.float32]:
    """Log odds of an onset, and of a sounding note, at each frame. [frames, 2]"""
    signal = features
    for (weights, bias), dilation in zip(network[:-1], DILATIONS, strict=True):
        activated = np.maximum(layer_input(signal, dilation) @ weights + bias, 0.0)
        signal = activated + signal if activated.shape == signal.shape else activated
    weights, bias = network[-1]
    return signal @ weights + bias


def layer_input(signal: NDArray[np.float32], dilation: int) -> NDArray[np.float32]:
    """What a layer sees at each frame: ``KERNEL`` frames, ``dilation`` apart, beside each other.
    [..., frames, channels] to [..., frames, KERNEL · channels]
    """
    reach = KERNEL // 2 * dilation
    padded = np.pad(signal, [(0, 0)] * (signal.ndim - 2) + [(reach, reach), (0, 0)])
    count = signal.shape[-2]
    parts = [padded[..., step * dilation : step * dilation + count, :] for step in range(KERNEL)]
    return np.concatenate(parts, axis=-1)


@functools.cache
def _networks() -> list[list[Layer]]:
    layers = range(len(DILATIONS) + 1)
    with np.load(WEIGHTS) as held:
        return [
            [(held[f"weights_{n}_{i}"].astype(np.float32), held[f"bias_{n}_{i}"].astype(np.float32)) for i in layers]
            for n in range(sum(name.startswith("bias_") for name in held.files) // len(layers))
        ]


def _halved(values: Floats, count: int) -> Floats:
    return np.asarray(values[: 2 * count].reshape(count, 2).mean(axis=1))


def _movement(semitones: Floats, reach: int) -> Floats:
    padded = np.pad(semitones, reach, mode="edge")
    return np.asarray(padded[2 * reach :] - padded[: -2 * reach])
