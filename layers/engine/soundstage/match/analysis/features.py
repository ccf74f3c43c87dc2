"""What a recording sounds like, in numbers that two recordings can be compared by. One pass, flat memory."""

import base64
import functools

import numpy as np
from numpy.typing import NDArray

from soundstage.arrays import Samples
from soundstage.audio.io import Audio
from soundstage.audio.loudness import LoudnessMeter
from soundstage.audio.spectrum import mel_filterbank
from soundstage.audio.streams import MemoryReader, Reader
from soundstage.match.analysis.decay import decay_features
from soundstage.match.analysis.level_distance import finite
from soundstage.match.analysis.onset_periodicity import PulseMeter
from soundstage.match.analysis.tuning import TuningMeter
from soundstage.models.style import (
    DynamicsFeatures,
    Features,
    LoudnessFeatures,
    MelFrames,
    MelStatistics,
    PitchFeatures,
    Spectrum,
    StereoFeatures,
    TuningFeatures,
)

FFT_SIZE = 8192
BATCH_FRAMES = 8
DENSE_S = 60.0
LINES_UP_TO_HZ = 500.0
BANDS_PER_OCTAVE = 24
LOWEST_HZ = 20.0
HIGHEST_HZ = 20_000.0
MEL_BANDS = 80
MEL_RANGE_HZ = (30.0, 18_000.0)
PERCENTILES = (10.0, 25.0, 50.0, 75.0, 90.0)
FLOOR_DB = -140.0
LEVEL_STEP_DB = 0.25
LEVEL_PERIOD_S = 0.05
FRAMES_FROM_DB = -127.0
SHORT_TERM_PERIOD_S = 1.0
PITCH_S = 60.0


def analyze_features(audio: Audio | Reader, *, pitch: bool = False) -> Features:
    """Measure a recording: ``Audio`` in memory, or anything that yields blocks [frames, channels] at ``rate_hz``.

    ``pitch`` also tracks the fundamental of the first minute, which takes longer than all the rest.
    """
    reader = MemoryReader(audio) if isinstance(audio, Audio) else audio
    meter = FeatureMeter(reader.rate_hz, reader.channels)
    opening: list[Samples] = []
    kept = 0
    for block in reader.blocks():
        meter.process(block)
        if pitch and kept < PITCH_S * reader.rate_hz:
            opening.append(block.mean(axis=1))
            kept += len(block)
    features = meter.result()
    if opening:
        features.f0 = _pitch(np.concatenate(opening), reader.rate_hz)
    return features


ToneStatistics = tuple[Spectrum, MelStatistics, StereoFeatures]


class ToneMeter:
    """Mean spectra, mel levels and the sides of a stream: everything that comes from transforms."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self.rate_hz, self.channels = rate_hz, channels
        self._window = np.hanning(FFT_SIZE + 1)[:-1].astype(np.float32)
        bins = FFT_SIZE // 2 + 1
        self._half_window = self._window / 2
        self._mid, self._side = np.zeros(bins), np.zeros(bins)
        self._cross = np.zeros(bins, np.complex128)
        self._mel = mel_bank(rate_hz)
        self._mel_levels = _LevelHistogram(MEL_BANDS)
        self._opening: list[NDArray[np.float32]] = []
        self._tuning = TuningMeter(rate_hz, FFT_SIZE)
        self._frames = self._batches = 0
        self._waiting = np.zeros((0, channels), np.float32)

    def process(self, samples: Samples) -> None:
        """Take the next [frames, channels]."""
        waiting = np.concatenate([self._waiting, samples]) if len(self._waiting) else samples
        size = BATCH_FRAMES * FFT_SIZE
        whole = len(waiting) // size * size
        for start in range(0, whole, size):
            # After a minute the averages hardly move any more: every third batch is enough.
            if self._batches % 3 == 0 or self._batches * size < DENSE_S * self.rate_hz:
                self._transform(waiting[start : start + size])
            self._batches += 1
        self._waiting = waiting[whole:].copy()

    def result(self) -> ToneStatistics:
        """Of everything so far; nothing more can be taken."""
        self._finish()
        levels = self._mel_levels.percentiles(PERCENTILES).tolist()
        mel = MelStatistics(
            f_hz=mel_centres_hz().tolist(),
            percentiles=list(PERCENTILES),
            levels_db=levels,
            frames=encode_frames(np.concatenate(self._opening), FFT_SIZE / self.rate_hz) if self._opening else None,
        )
        return self._spectrum(), mel, self._stereo()

    def tuning(self) -> TuningFeatures | None:
        """Of the first minute."""
        return self._tuning.result()

    def _transform(self, samples: Samples) -> None:
        """Add whole frames to the averages; frames do not overlap: of minutes of music, enough is heard."""
        if self.channels == 2:
            left, right = (samples[:, side].reshape(-1, FFT_SIZE) for side in (0, 1))
            side_bins = np.fft.rfft((left - right) * self._half_window)
            bins = np.fft.rfft((left + right) * self._half_window)
            self._side += _power(side_bins).sum(axis=0, dtype=np.float64)
            self._cross += np.einsum("fb,fb->b", bins, np.conjugate(side_bins))
        else:
            bins = np.fft.rfft(samples.mean(axis=1).reshape(-1, FFT_SIZE) * self._window)
        power = _power(bins)
        self._mid += power.sum(axis=0, dtype=np.float64)
        levels = 10 * np.log10(np.maximum(power @ self._mel * self._scale(), 1e-14))
        self._mel_levels.add(levels)
        if self._frames * FFT_SIZE < DENSE_S * self.rate_hz:
            self._opening.append(levels)
            self._tuning.take(power)
        self._frames += len(bins)

    def _finish(self) -> None:
        """Transform what is left, filled up with silence; the frames of silence themselves count for nothing."""
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

    def _spectrum(self) -> Spectrum:
        scale = float(self._scale()) / max(self._frames, 1)
        mid, side = (level_db(band_means(power, self.rate_hz) * scale).tolist() for power in (self._mid, self._side))
        f_hz = band_centres_hz(self.rate_hz).tolist()
        return Spectrum(f_hz=f_hz, mid_db=mid, side_db=side if self.channels == 2 else [])

    def _stereo(self) -> StereoFeatures:
        if self.channels != 2:
            return StereoFeatures(side_to_mid_db=None)
        f_hz = np.fft.rfftfreq(FFT_SIZE, 1 / self.rate_hz)
        octaves = [63.0 * 2**k for k in range(9) if 63.0 * 2**k < self.rate_hz / 2 / 1.5]
        coherence = []
        for centre in octaves:
            inside = (f_hz >= centre / np.sqrt(2)) & (f_hz < centre * np.sqrt(2))
            mid, side, cross = (part[inside].sum() for part in (self._mid, self._side, self._cross))
            left, right = mid + side + 2 * cross.real, mid + side - 2 * cross.real
            across = abs(mid - side - 2j * cross.imag)
            coherence.append(float(np.clip(across / np.sqrt(max(left * right, 1e-30)), 0, 1)))
        ratio = 10 * np.log10((self._side.sum() + 1e-20) / (self._mid.sum() + 1e-20))
        return StereoFeatures(side_to_mid_db=float(ratio), octave_hz=octaves, coherence=coherence)


class FeatureMeter:
    """``analyze_features`` block by block."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self.rate_hz, self.channels = rate_hz, channels
        self._loudness = LoudnessMeter(rate_hz, channels)
        self._tone = ToneMeter(rate_hz, channels)
        self._pulse = PulseMeter(rate_hz, channels)
        self._period = round(LEVEL_PERIOD_S * rate_hz)
        self._powers: list[NDArray[np.float32]] = []
        self._uneven = np.zeros((0, channels), np.float32)

    def process(self, samples: Samples) -> None:
        """Take the next [frames, channels]."""
        self._loudness.process(samples)
        self._tone.process(samples)
        self._pulse.process(samples)
        self._note_levels(samples)

    def result(self) -> Features:
        """The features of everything so far; nothing more can be taken."""
        measured = self._loudness.result()
        levels = np.concatenate(self._powers) if self._powers else np.zeros(0, np.float32)
        integrated = finite(measured.integrated_lufs)
        plr = measured.true_peak_dbtp - integrated if integrated is not None else 0.0
        crest = measured.true_peak_dbtp - 10 * np.log10(float(levels.mean()) + 1e-14) if len(levels) else 0.0
        spectrum, mel, stereo = self._tone.result()
        return Features(
            rate_hz=self.rate_hz,
            channels=self.channels,
            duration_s=measured.duration_s,
            true_peak_dbtp=finite(measured.true_peak_dbtp),
            sample_peak_dbfs=finite(measured.sample_peak_dbfs),
            spectrum=spectrum,
            mel=mel,
            loudness=LoudnessFeatures(
                integrated_lufs=integrated,
                loudness_range_lu=measured.loudness_range_lu,
                momentary_max_lufs=finite(measured.momentary_max_lufs),
                short_term_max_lufs=finite(measured.short_term_max_lufs),
                short_term_lufs=[finite(value) for value in self._loudness.short_term_lufs()[::10]],
                short_term_period_s=SHORT_TERM_PERIOD_S,
            ),
            stereo=stereo,
            dynamics=DynamicsFeatures(
                crest_db=float(crest) if np.isfinite(crest) else 0.0,
                plr_db=float(plr) if np.isfinite(plr) else 0.0,
                pulse=self._pulse.result(),
                level_db=_relative_levels_db(levels),
            ),
            reverb=decay_features(levels, LEVEL_PERIOD_S),
            tuning=self._tone.tuning(),
        )

    def _note_levels(self, samples: Samples) -> None:
        if len(self._uneven):
            samples = np.concatenate([self._uneven, samples])
        whole = len(samples) // self._period * self._period
        rows = samples[:whole].reshape(-1, self._period * self.channels)
        self._powers.append(np.einsum("nf,nf->n", rows, rows) / np.float32(self._period * self.channels))
        self._uneven = samples[whole:].copy()


def _power(bins: NDArray[np.complexfloating]) -> NDArray[np.float32]:
    return np.asarray(bins.real**2 + bins.imag**2, np.float32)


class _LevelHistogram:
    """Levels of many bands, counted in steps, so that percentiles over hours need no more than this."""

    def __init__(self, bands: int) -> None:
        self._steps = round(-FLOOR_DB / LEVEL_STEP_DB) + 80
        self._counts = np.zeros((bands, self._steps), np.int64)
        self._offsets = np.arange(bands) * self._steps

    def add(self, levels: NDArray[np.floating]) -> None:
        """Levels [frames, bands], dB."""
        step = np.clip(((levels - FLOOR_DB) / LEVEL_STEP_DB).astype(np.int64), 0, self._steps - 1)
        flat = np.bincount((step + self._offsets).ravel(), minlength=self._counts.size)
        self._counts += flat.reshape(self._counts.shape)

    def percentiles(self, wanted: tuple[float, ...]) -> NDArray[np.float64]:
        """[len(wanted), bands], dB; interpolated within a step."""
        below = np.concatenate([np.zeros((len(self._counts), 1)), np.cumsum(self._counts, axis=1)], axis=1)
        edges = FLOOR_DB + LEVEL_STEP_DB * np.arange(self._steps + 1)
        rows = []
        for cumulated in below:
            total = cumulated[-1]
            if not total:
                rows.append(np.full(len(wanted), FLOOR_DB))
                continue
            # Interpolation needs strictly rising counts: empty steps share a vanishing part.
            rising = cumulated + 1e-6 * np.arange(len(cumulated)) / len(cumulated)
            rows.append(np.interp(np.array(wanted) / 100 * total, rising, edges))
        return np.array(rows).T


def _relative_levels_db(powers: NDArray[np.float32]) -> list[float]:
    """Percentiles 5, 10 … 95 of the levels, relative to the mean power; empty for silence."""
    if not len(powers) or not powers.any():
        return []
    levels = 10 * np.log10(powers + 1e-14) - 10 * np.log10(float(powers.mean()))
    return [float(level) for level in np.percentile(levels, np.arange(5, 100, 5))]


def _pitch(mono: Samples, rate_hz: int) -> PitchFeatures:
    from soundstage.audio.pitch import FRAME_PERIOD_S, track_pitch  # noqa: PLC0415 - the detector is slow to load

    track = track_pitch(mono[: round(PITCH_S * rate_hz)], rate_hz)
    f0 = [float(f) if voiced else None for f, voiced in zip(track.f0_hz, track.voiced, strict=True)]
    return PitchFeatures(f0_hz=f0, period_s=FRAME_PERIOD_S)


def encode_frames(levels_db: NDArray[np.floating], period_s: float) -> MelFrames:
    """From levels [frames, bands], dB."""
    halves = np.clip((levels_db - FRAMES_FROM_DB) * 2 + 0.5, 0, 255).astype(np.uint8)
    return MelFrames(period_s=period_s, levels_base64=base64.b64encode(halves.tobytes()).decode("ascii"))


def decode_frames(frames: MelFrames) -> NDArray[np.float64]:
    """Levels [frames, bands], dB."""
    raw = np.frombuffer(base64.b64decode(frames.levels_base64), np.uint8)
    return FRAMES_FROM_DB + 0.5 * raw.reshape(-1, MEL_BANDS).astype(np.float64)


@functools.lru_cache(maxsize=8)
def mel_bank(rate_hz: int) -> NDArray[np.float32]:
    """[bins, MEL_BANDS]; bands beyond half the rate are empty."""
    low, high = MEL_RANGE_HZ
    return np.ascontiguousarray(mel_filterbank(rate_hz, FFT_SIZE, MEL_BANDS, low, high).T)


@functools.lru_cache(maxsize=1)
def mel_centres_hz() -> NDArray[np.float64]:
    low, high = (2595 * np.log10(1 + f / 700) for f in MEL_RANGE_HZ)
    mel = np.linspace(low, high, MEL_BANDS + 2)[1:-1]
    return np.asarray(700 * (10 ** (mel / 2595) - 1))


@functools.lru_cache(maxsize=8)
def _edges_hz(rate_hz: int) -> NDArray[np.float64]:
    """Borders of the narrow bands."""
    line = rate_hz / FFT_SIZE
    lines = np.arange(max(1, round(LOWEST_HZ / line)), round(LINES_UP_TO_HZ / line) + 1) * line - line / 2
    top = min(HIGHEST_HZ, 0.475 * rate_hz)
    octaves = np.arange(0, np.log2(top / lines[-1]), 1 / BANDS_PER_OCTAVE)
    return np.concatenate([lines[:-1], lines[-1] * 2**octaves])


def band_centres_hz(rate_hz: int) -> NDArray[np.float64]:
    edges = _edges_hz(rate_hz)
    return np.asarray(np.sqrt(edges[:-1] * edges[1:]))


def band_means(power: NDArray[np.floating], rate_hz: int) -> NDArray[np.float64]:
    """Means over the lines of each narrow band: [..., bins] → [..., bands]. Bands share lines where their edges lie."""
    edges = _edges_hz(rate_hz) * FFT_SIZE / rate_hz + 0.5  # line k reaches from k to k + 1
    whole = edges.astype(np.int64)
    below = np.cumsum(power, axis=-1, dtype=np.float64)[..., whole - 1]
    sums = np.diff(below + (edges - whole) * power[..., whole], axis=-1)
    return np.asarray(np.maximum(sums, 0.0) / np.diff(edges))


def level_db(power: NDArray[np.floating]) -> NDArray[np.float64]:
    return np.asarray(10 * np.log10(np.maximum(power, 10 ** (FLOOR_DB / 10))), np.float64)
