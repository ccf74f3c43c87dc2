"""Statistics of a recording's tone, from one kind of transform: mean spectra, mel levels, sides, coherence, tuning."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soundstage.arrays import Floats, Floats32, Samples
from soundstage.audio.decibels import FLOOR_DB, power_to_db
from soundstage.audio.spectrum import rfft_single
from soundstage.match.analysis.bands import (
    FFT_SIZE,
    MEL_BANDS,
    band_centres_hz,
    band_means,
    mel_bank,
    mel_centres_hz,
)
from soundstage.match.analysis.feature_arrays import SILENT_POWER, MelSpectrogram
from soundstage.match.analysis.tuning import TuningMeter
from soundstage.models.style import TuningFeatures

BATCH_FRAMES = 8
"""Transforms at a time, chosen: fewer cost calls, more leave the caches."""

DENSE_S, SPARSE_EVERY = 60.0, 3
"""Every batch of the first minute is transformed, then every third one, which counts for three: averages hardly move
any more. The mel spectrogram and the tuning are those of the first minute that sounds."""

PERCENTILES = (10.0, 25.0, 50.0, 75.0, 90.0)
"""Of the levels of a mel band over time, %: quartiles, and beyond them as far as minutes of music settle."""

LEVEL_STEP_DB, LOUDEST_DB = 0.25, 20.0
"""Step and upper end of the histogram of levels; quantiles are interpolated within a step. Floating-point recordings
may exceed full scale."""

OCTAVES_HZ = tuple(63.0 * 2**k for k in range(9))
"""Centres of the octaves whose coherence is measured: 63 Hz to 16 kHz (IEC 61260-1, nearly)."""

NO_POWER_DB = -200.0
"""Floor of powers that are compared with each other before they are scaled to full scale."""

NO_POWER = 1e-30
"""Least product of the powers of two channels, where a coherence is asked of silence."""


@dataclass(frozen=True)
class ToneStatistics:
    """What ``ToneMeter`` measures; levels in dB relative to full scale, named as in ``FeatureArrays``.

    Attributes:
        octave_hz: centres of octaves, [octaves]; [0] unless stereo.
        coherence: of left and right in each octave, 0 to 1: [octaves].
    """

    f_hz: Floats
    mid_db: Floats
    side_db: Floats
    mel_hz: Floats
    mel_percentiles: Floats
    mel_db: Floats
    mel_spectrogram: MelSpectrogram | None
    side_to_mid_db: float | None
    octave_hz: Floats
    coherence: Floats


class ToneMeter:
    """Mean spectra, mel levels and sides of a stream, in flat memory, by Hann windows that do not overlap."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self.rate_hz, self.channels = rate_hz, channels
        self._window = np.hanning(FFT_SIZE + 1)[:-1].astype(np.float32)
        bins = FFT_SIZE // 2 + 1
        self._half_window = np.asarray(self._window / 2, np.float32)
        self._mid, self._side = np.zeros(bins), np.zeros(bins)
        self._cross = np.zeros(bins, np.complex128)
        self._mel = mel_bank(rate_hz)
        self._mel_levels = _LevelHistogram(MEL_BANDS)
        self._first_levels: list[Floats] = []
        self._tuning = TuningMeter(rate_hz, FFT_SIZE)
        self._frames = self._batches = 0
        self._waiting = np.zeros((0, channels), np.float32)

    def process(self, samples: Samples) -> None:
        """Take the next [frames, channels]."""
        waiting = np.concatenate([self._waiting, samples]) if len(self._waiting) else samples
        size = BATCH_FRAMES * FFT_SIZE
        whole = len(waiting) // size * size
        for start in range(0, whole, size):
            if self._batches * size < DENSE_S * self.rate_hz:
                self._transform(waiting[start : start + size])
            elif self._batches % SPARSE_EVERY == 0:
                self._transform(waiting[start : start + size], SPARSE_EVERY)
            self._batches += 1
        self._waiting = waiting[whole:].copy()

    def result(self) -> ToneStatistics:
        """The statistics of everything so far; nothing more can be taken."""
        self._finish()
        scale = float(self._scale()) / max(self._frames, 1)
        mid_db, side_db = (power_to_db(band_means(power, self.rate_hz) * scale) for power in (self._mid, self._side))
        octaves_hz, coherence = self._coherence()
        levels = self._first_levels
        return ToneStatistics(
            f_hz=band_centres_hz(self.rate_hz),
            mid_db=mid_db,
            side_db=side_db if self.channels == 2 else np.zeros(0),
            mel_hz=mel_centres_hz(),
            mel_percentiles=np.array(PERCENTILES),
            mel_db=self._mel_levels.percentiles(PERCENTILES),
            mel_spectrogram=MelSpectrogram(np.concatenate(levels), FFT_SIZE / self.rate_hz) if levels else None,
            side_to_mid_db=self._side_to_mid_db(),
            octave_hz=octaves_hz,
            coherence=coherence,
        )

    def tuning(self) -> TuningFeatures | None:
        """Of the first minute; None where too few partials were found."""
        return self._tuning.result()

    def _transform(self, samples: Samples, weight: int = 1) -> None:
        """Add whole frames to the averages, each for ``weight`` of them; of frames that sound."""
        frames = samples.reshape(-1, FFT_SIZE * self.channels)
        sounding = np.einsum("nf,nf->n", frames, frames) > SILENT_POWER * FFT_SIZE * self.channels
        if not sounding.all():
            samples = np.ascontiguousarray(samples.reshape(-1, FFT_SIZE, self.channels)[sounding]).reshape(
                -1, self.channels
            )
            if not len(samples):
                return
        if self.channels == 2:
            left, right = (samples[:, side].reshape(-1, FFT_SIZE) for side in (0, 1))
            side_bins = rfft_single((left - right) * self._half_window)
            bins = rfft_single((left + right) * self._half_window)
            self._side += weight * _power(side_bins).sum(axis=0, dtype=np.float64)
            self._cross += weight * np.einsum("fb,fb->b", bins, np.conjugate(side_bins))
        else:
            bins = rfft_single(samples.mean(axis=1).reshape(-1, FFT_SIZE) * self._window)
        power = _power(bins)
        self._mid += weight * power.sum(axis=0, dtype=np.float64)
        levels_db = power_to_db(power @ self._mel * self._scale())
        self._mel_levels.add(levels_db, weight)
        if self._frames * FFT_SIZE < DENSE_S * self.rate_hz:
            self._first_levels.append(levels_db)
            self._tuning.process(power)
        self._frames += weight * len(bins)

    def _finish(self) -> None:
        """Transform what is left, filled up with silence; frames that are nothing but filling are not counted."""
        if not len(self._waiting):
            return
        frames = -(-len(self._waiting) // FFT_SIZE)
        padded = np.zeros((frames * FFT_SIZE, self.channels), np.float32)
        padded[: len(self._waiting)] = self._waiting
        # A last frame that is mostly silence would pull the low percentiles down.
        if frames > 1 and len(self._waiting) % FFT_SIZE and len(self._waiting) % FFT_SIZE < FFT_SIZE // 2:
            padded = padded[:-FFT_SIZE]
        self._transform(padded)
        self._waiting = self._waiting[:0]

    def _scale(self) -> np.float32:
        """From a squared transform to power where a full-scale sine has 1 at its line."""
        return np.float32((2 / float(self._window.sum())) ** 2)

    def _side_to_mid_db(self) -> float | None:
        if self.channels != 2:
            return None
        side, mid = float(self._side.sum()), float(self._mid.sum())
        return power_to_db(side, NO_POWER_DB) - power_to_db(mid, NO_POWER_DB)

    def _coherence(self) -> tuple[Floats, Floats]:
        """Octave centres, Hz, and |S_lr| / √(S_ll S_rr) of the octaves' sums; both [0] unless stereo.

        Left is mid + side and right mid − side, so all three spectra follow from those of mid, side and their product.
        """
        if self.channels != 2:
            return np.zeros(0), np.zeros(0)
        f_hz = np.fft.rfftfreq(FFT_SIZE, 1 / self.rate_hz)
        octaves_hz = [centre for centre in OCTAVES_HZ if centre < self.rate_hz / 3]
        coherence = []
        for centre in octaves_hz:
            inside = (f_hz >= centre / np.sqrt(2)) & (f_hz < centre * np.sqrt(2))
            mid, side, cross = (part[inside].sum() for part in (self._mid, self._side, self._cross))
            left, right = mid + side + 2 * cross.real, mid + side - 2 * cross.real
            across = abs(mid - side - 2j * cross.imag)
            coherence.append(float(np.clip(across / np.sqrt(max(left * right, NO_POWER)), 0, 1)))
        return np.array(octaves_hz), np.array(coherence)


class _LevelHistogram:
    """Levels of many bands, counted in steps, so that percentiles over hours need no more memory than over seconds."""

    def __init__(self, bands: int) -> None:
        self._steps = round((LOUDEST_DB - FLOOR_DB) / LEVEL_STEP_DB)
        self._counts = np.zeros((bands, self._steps), np.int64)
        self._offsets = np.arange(bands) * self._steps

    def add(self, levels_db: Floats, weight: int) -> None:
        """Count levels [frames, bands], each as ``weight``."""
        step = np.clip(((levels_db - FLOOR_DB) / LEVEL_STEP_DB).astype(np.int64), 0, self._steps - 1)
        flat = np.bincount((step + self._offsets).ravel(), minlength=self._counts.size)
        self._counts += weight * flat.reshape(self._counts.shape)

    def percentiles(self, percentiles: tuple[float, ...]) -> Floats:
        """Levels, dB, below which so many % of each band's counts lie: [percentiles, bands]; interpolated in a step."""
        below = np.concatenate([np.zeros((len(self._counts), 1)), np.cumsum(self._counts, axis=1)], axis=1)
        edges_db = FLOOR_DB + LEVEL_STEP_DB * np.arange(self._steps + 1)
        rows = []
        for cumulated in below:
            total = cumulated[-1]
            if not total:
                rows.append(np.full(len(percentiles), FLOOR_DB))
                continue
            # Interpolation needs strictly rising counts: empty steps share a vanishing part.
            rising = cumulated + 1e-6 * np.arange(len(cumulated)) / len(cumulated)
            rows.append(np.interp(np.array(percentiles) / 100 * total, rising, edges_db))
        return np.array(rows).T


def _power(bins: NDArray[np.complexfloating]) -> Floats32:
    return np.asarray(bins.real**2 + bins.imag**2, np.float32)
