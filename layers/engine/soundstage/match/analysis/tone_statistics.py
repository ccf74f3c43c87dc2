"""Statistics of a recording's tone, from one kind of transform: mean spectra, mel levels, sides, coherence, tuning."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soundstage import compiled
from soundstage.arrays import Floats, Floats32, Samples
from soundstage.audio.decibels import FLOOR_DB, power_to_db
from soundstage.audio.spectrum import rfft_single
from soundstage.match.analysis.bands import (
    FFT_SIZE,
    MEL_BANDS,
    band_centres_hz,
    band_means,
    mel_bands,
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
    """Mean spectra, mel levels and sides of a stream, in flat memory, by Hann windows that do not overlap.

    ``tuned`` says whether the tuning is asked for, too.
    """

    def __init__(self, rate_hz: int, channels: int, *, tuned: bool = False) -> None:
        self.rate_hz, self.channels = rate_hz, channels
        self._window = np.hanning(FFT_SIZE + 1)[:-1].astype(np.float32)
        bins = FFT_SIZE // 2 + 1
        self._half_window = np.asarray(self._window / 2, np.float32)
        self._sums = np.zeros((4, bins))  # powers of mid and side, and what they share: real and imaginary parts
        self._mel = mel_bands(rate_hz)
        self._mel_levels = _LevelHistogram(MEL_BANDS)
        self._first_levels: list[Floats] = []
        self._tuning = TuningMeter(rate_hz, FFT_SIZE) if tuned else None
        self._frames = self._batches = 0
        self._waiting: list[Samples] = []
        self._held = 0

    def process(self, samples: Samples) -> None:
        """Take the next [frames, channels], which are kept as they are until they are transformed."""
        size = BATCH_FRAMES * FFT_SIZE
        while len(samples):
            missing = size - self._held
            taken, samples = samples[:missing], samples[missing:]
            self._waiting.append(taken)
            self._held += len(taken)
            if self._held == size:
                if self._batches * size < DENSE_S * self.rate_hz:
                    self._transform(self._taken())
                elif self._batches % SPARSE_EVERY == 0:
                    self._transform(self._taken(), SPARSE_EVERY)
                self._batches += 1
                self._waiting, self._held = [], 0

    def _taken(self) -> Samples:
        return self._waiting[0] if len(self._waiting) == 1 else np.concatenate(self._waiting)

    def result(self) -> ToneStatistics:
        """The statistics of everything so far; nothing more can be taken."""
        self._finish()
        scale = float(self._scale()) / max(self._frames, 1)
        mid_db, side_db = (power_to_db(band_means(power, self.rate_hz) * scale) for power in self._sums[:2])
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
        """Of the first minute, where that was asked for; None where too few partials were found."""
        return self._tuning.result() if self._tuning else None

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
        bins = rfft_single(self._windowed(samples))
        power = self._add_powers(bins, weight)
        levels_db = power_to_db(self._mel.sums(power) * self._scale())
        self._mel_levels.add(levels_db, weight)
        if self._frames * FFT_SIZE < DENSE_S * self.rate_hz:
            self._first_levels.append(levels_db)
            if self._tuning:
                self._tuning.process(power)
        self._frames += weight * len(power)

    def _windowed(self, samples: Samples) -> Samples:
        """Whole frames under the window: middle and, of stereo, side [1 or 2, frames, FFT_SIZE]."""
        if self.channels != 2:
            return np.asarray(samples.mean(axis=1).reshape(1, -1, FFT_SIZE) * self._window)
        if loops := compiled.loops():
            return loops.window_sides(samples, self._half_window)
        left, right = (samples[:, side].reshape(-1, FFT_SIZE) for side in (0, 1))
        return np.stack([left + right, left - right]) * self._half_window

    def _add_powers(self, bins: NDArray[np.complex64], weight: int) -> Floats32:
        """Add spectra [1 or 2, frames, bins], each ``weight`` times; return the powers of the middle [frames, bins]."""
        if loops := compiled.loops():
            return loops.add_powers(bins, weight, self._sums)
        power = bins.real**2 + bins.imag**2
        self._sums[: len(power)] += weight * power.sum(axis=1, dtype=np.float64)
        if len(bins) == 2:
            shared = (bins[0] * np.conjugate(bins[1])).sum(axis=0, dtype=np.complex128)
            self._sums[2:] += weight * np.stack([shared.real, shared.imag])
        return np.asarray(power[0])

    def _finish(self) -> None:
        """Transform what is left, filled up with silence; frames that are nothing but filling are not counted."""
        if not self._held:
            return
        frames = -(-self._held // FFT_SIZE)
        padded = np.zeros((frames * FFT_SIZE, self.channels), np.float32)
        padded[: self._held] = self._taken()
        # A last frame that is mostly silence would pull the low percentiles down.
        if frames > 1 and 0 < self._held % FFT_SIZE < FFT_SIZE // 2:
            padded = padded[:-FFT_SIZE]
        self._transform(padded)
        self._waiting, self._held = [], 0

    def _scale(self) -> np.float32:
        """From a squared transform to power where a full-scale sine has 1 at its line."""
        return np.float32((2 / float(self._window.sum())) ** 2)

    def _side_to_mid_db(self) -> float | None:
        if self.channels != 2:
            return None
        mid, side = (float(power.sum()) for power in self._sums[:2])
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
            mid, side, shared, turned = self._sums[:, inside].sum(axis=1)
            left, right = mid + side + 2 * shared, mid + side - 2 * shared
            across = abs(mid - side - 2j * turned)
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
        np.add.at(self._counts.reshape(-1), step + self._offsets, weight)

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
