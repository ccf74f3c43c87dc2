"""Released songs, by what ours are judged by: ``REAL_MUSIC=… python -m tests.bench.music_real``.

``REAL_MUSIC`` (or the arguments) names folders of stereo recordings of a minute or more, such as the music of Debian's
game packages. Of each folder that holds some, up to fourteen; of each of them 75 s. Nothing is kept.

Prints ``tilt.REFERENCE_DB``, and the quantiles that ``evaluation.quality`` and ``music_making`` were set by.
"""

import math
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import soundfile
from tests.bench.match_real import SUFFIXES

from soundstage.arrays import Floats
from soundstage.audio.decibels import power_to_db
from soundstage.audio.io import Audio
from soundstage.audio.loudness import measure_loudness
from soundstage.audio.spectrum import band_powers, spectral_centroid_hz
from soundstage.music.composing.tilt import REFERENCE_HZ
from soundstage.music.evaluation.quality import (
    MEDIAN_DISTANCE,
    sound_of,
)

SECONDS, LEAST_S, MOST_OF_A_FOLDER = 75.0, 60.0, 14
FFT_SIZE = 16_384
CENTROID_FROM_HZ = 200.0
QUANTILES = (0, 10, 25, 50, 75, 90, 100)


def songs(roots: Sequence[Path]) -> Iterator[tuple[Path, Audio]]:
    by_folder: dict[Path, list[Path]] = {}
    for root in roots:
        for path in sorted(root.rglob("*")):
            if path.suffix.lower() in SUFFIXES:
                info = soundfile.info(path)
                if info.channels == 2 and info.duration >= LEAST_S:
                    by_folder.setdefault(path.parent, []).append(path)
    for paths in by_folder.values():
        for path in paths[:: max(1, len(paths) // MOST_OF_A_FOLDER)][:MOST_OF_A_FOLDER]:
            with soundfile.SoundFile(path) as file:
                frames = round(min(SECONDS, file.frames / file.samplerate) * file.samplerate)
                file.seek(round(0.35 * (file.frames - frames)))
                yield path, Audio(file.read(frames, dtype="float32", always_2d=True), file.samplerate)


def long_term_power(audio: Audio) -> Floats:
    mono = audio.mono()
    starts = np.arange(0, len(mono) - FFT_SIZE, FFT_SIZE)
    window = np.hanning(FFT_SIZE).astype(np.float32)
    return np.asarray(sum(np.abs(np.fft.rfft(mono[s : s + FFT_SIZE] * window)) ** 2 for s in starts), np.float64)


def third_octaves_db(audio: Audio) -> Floats:
    """Levels at ``REFERENCE_HZ``, dB relative to their mean from 40 Hz to 16 kHz: [31]."""
    edges_hz = np.append(REFERENCE_HZ * 2 ** (-1 / 6), REFERENCE_HZ[-1] * 2 ** (1 / 6))
    levels = power_to_db(band_powers(long_term_power(audio), edges_hz, audio.rate_hz / FFT_SIZE))
    return np.asarray(levels - levels[3:30].mean())


def power_centroid_hz(audio: Audio) -> float:
    """Centroid of the long-term power spectrum above 200 Hz."""
    f_hz, power = np.fft.rfftfreq(FFT_SIZE, 1 / audio.rate_hz), long_term_power(audio)
    above = f_hz >= CENTROID_FROM_HZ
    return float(spectral_centroid_hz(f_hz[above], power[above]))


def main(roots: Sequence[str]) -> int:
    bands: list[Floats] = []
    measured: dict[str, list[float]] = {}
    for _, audio in songs([Path(root) for root in roots]):
        sound = sound_of(audio, measure_loudness(audio.samples, audio.rate_hz))
        bands.append(third_octaves_db(audio))
        for name, value in {
            "power centroid from 200 Hz, Hz": power_centroid_hz(audio),
            "third octaves off the reference, dB": sound.off_reference_db,
            "flatness of the middle, dB": sound.middle_flatness_db,
            "side over mid, dB": sound.side_to_mid_db,
            "samples near the peak, lb of the share": math.log2(sound.near_peak),
            "peak to loudness, dB": sound.plr_db,
            "loudness range, LU": sound.loudness_range_lu,
            "distance from songs": sound.distance,
        }.items():
            measured.setdefault(name, []).append(value)
    if not bands:
        print("No stereo recordings of a minute or more: name folders that have some.")  # noqa: T201
        return 2
    median = np.median(bands, axis=0)
    print(f"{len(bands)} songs; REFERENCE_DB: {np.round(median - median[17], 1).tolist()}")  # noqa: T201
    print(f"{'':<40}" + "".join(f"{f'{q} %':>9}" for q in QUANTILES))  # noqa: T201
    for name, values in measured.items():
        print(f"{name:<40}" + "".join(f"{v:9.2f}" for v in np.percentile(values, QUANTILES)))  # noqa: T201
    off = float(np.median(measured["distance from songs"])) - MEDIAN_DISTANCE
    print(f"MEDIAN_DISTANCE is {MEDIAN_DISTANCE}, {off:+.2f} from these songs' median.")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or os.environ.get("REAL_MUSIC", "").split(os.pathsep)))
