"""Measure a recording: all features by which it can be compared with another, in one pass and flat memory."""

import numpy as np

from soundstage.allocator import return_freed_memory
from soundstage.arrays import Floats32, Samples
from soundstage.audio.decibels import power_to_db
from soundstage.audio.io import Audio
from soundstage.audio.loudness import LoudnessMeter
from soundstage.audio.ranks import percentiles
from soundstage.audio.steps import StepPowers
from soundstage.audio.streams import MemoryReader, Reader
from soundstage.match.analysis.decay import decay_features
from soundstage.match.analysis.feature_arrays import SILENT_POWER, encode_mel_spectrogram
from soundstage.match.analysis.level_distance import finite
from soundstage.match.analysis.onset_periodicity import OnsetPeriodicityMeter
from soundstage.match.analysis.tone_statistics import ToneMeter, ToneStatistics
from soundstage.models.style import (
    DynamicsFeatures,
    Features,
    LoudnessFeatures,
    MelStatistics,
    PitchFeatures,
    Spectrum,
    StereoFeatures,
)

LEVEL_PERIOD_S = 0.05
"""Of the levels whose spread and decay are measured, chosen: shorter than a syllable, longer than a period of bass."""

LEVEL_PERCENTILES = tuple(range(5, 100, 5))
"""Of those levels, %."""

SHORT_TERM_PERIOD_S = 1.0
"""From one short-term loudness to the next. EBU Tech 3341 asks for ten a second of a live meter; a curve over minutes
shows one."""

SHORT_TERM_EVERY = 10
"""Of the loudness meter's ten values a second, every so many are kept."""

CLIPPED_FROM = 0.98
"""Amplitude from which on equal neighbours are a flat top: converters clip there, and music hardly repeats a sample."""

PITCH_S = 60.0
"""Seconds at the beginning whose fundamental is tracked."""


def analyze_features(audio: Audio | Reader, *, pitch: bool = False) -> Features:
    """Measure a recording.

    Args:
        audio: in memory, or anything that yields blocks [frames, channels] at ``rate_hz``; it is read once.
        pitch: whether to track the fundamental of the first minute, which takes longer than everything else.

    Raises:
        MediaRejected: the recording cannot be read, or holds samples that are not numbers.
    """
    return_freed_memory()
    reader = MemoryReader(audio) if isinstance(audio, Audio) else audio
    meter = FeatureMeter(reader.rate_hz, reader.channels)
    opening: list[Samples] = []
    kept = 0
    for block in reader.blocks():
        meter.process(block)
        if pitch and kept < PITCH_S * reader.rate_hz:
            opening.append(block.mean(axis=1))
            kept += len(block)
    return meter.result(_pitch(np.concatenate(opening), reader.rate_hz) if opening else None)


class FeatureMeter:
    """``analyze_features`` block by block."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self.rate_hz, self.channels = rate_hz, channels
        self._loudness = LoudnessMeter(rate_hz, channels)
        self._tone = ToneMeter(rate_hz, channels, tuned=True)
        self._onsets = OnsetPeriodicityMeter(rate_hz, channels)
        self._powers = StepPowers(round(LEVEL_PERIOD_S * rate_hz), channels)
        self._samples = self._clipped = 0

    def process(self, samples: Samples) -> None:
        """Take the next [frames, channels]."""
        self._samples += samples.size
        if len(samples) and max(samples.max(), -samples.min()) >= CLIPPED_FROM:
            flat = (samples[1:] == samples[:-1]) & (np.abs(samples[1:]) >= CLIPPED_FROM)
            self._clipped += int(np.count_nonzero(flat))
        self._loudness.process(samples)
        self._tone.process(samples)
        self._onsets.process(samples)
        self._powers.process(samples)

    def result(self, f0: PitchFeatures | None = None) -> Features:
        """The features of everything so far, with the fundamental ``f0``; nothing more can be taken."""
        measured = self._loudness.result()
        every = self._powers.result()
        powers = every[every > SILENT_POWER]
        integrated = finite(measured.integrated_lufs)
        plr = measured.true_peak_dbtp - integrated if integrated is not None else 0.0
        crest = measured.true_peak_dbtp - power_to_db(float(powers.mean())) if len(powers) else 0.0
        tone = self._tone.result()
        return Features(
            rate_hz=self.rate_hz,
            channels=self.channels,
            duration_s=measured.duration_s,
            true_peak_dbtp=finite(measured.true_peak_dbtp),
            sample_peak_dbfs=finite(measured.sample_peak_dbfs),
            spectrum=_spectrum(tone),
            mel=_mel_statistics(tone),
            loudness=LoudnessFeatures(
                integrated_lufs=integrated,
                loudness_range_lu=measured.loudness_range_lu,
                momentary_max_lufs=finite(measured.momentary_max_lufs),
                short_term_max_lufs=finite(measured.short_term_max_lufs),
                short_term_lufs=[finite(lufs) for lufs in self._loudness.short_term_lufs()[::SHORT_TERM_EVERY]],
                short_term_period_s=SHORT_TERM_PERIOD_S,
            ),
            stereo=StereoFeatures(
                side_to_mid_db=tone.side_to_mid_db,
                octave_hz=tone.octave_hz.tolist(),
                coherence=tone.coherence.tolist(),
            ),
            dynamics=DynamicsFeatures(
                crest_db=float(crest) if np.isfinite(crest) else 0.0,
                clipped_rate=self._clipped / max(self._samples, 1),
                plr_db=float(plr) if np.isfinite(plr) else 0.0,
                pulse=self._onsets.result().tolist(),
                level_db=_relative_levels_db(powers),
            ),
            reverb=decay_features(every, LEVEL_PERIOD_S),
            tuning=self._tone.tuning(),
            f0=f0,
        )


def _spectrum(tone: ToneStatistics) -> Spectrum:
    return Spectrum(f_hz=tone.f_hz.tolist(), mid_db=tone.mid_db.tolist(), side_db=tone.side_db.tolist())


def _mel_statistics(tone: ToneStatistics) -> MelStatistics:
    return MelStatistics(
        f_hz=tone.mel_hz.tolist(),
        percentiles=tone.mel_percentiles.tolist(),
        levels_db=tone.mel_db.tolist(),
        frames=encode_mel_spectrogram(tone.mel_spectrogram) if tone.mel_spectrogram else None,
    )


def _relative_levels_db(powers: Floats32) -> list[float]:
    """Percentiles of the levels relative to the mean power; empty for silence."""
    if not len(powers) or not powers.any():
        return []
    levels_db = power_to_db(powers) - power_to_db(float(powers.mean()))
    return [float(level_db) for level_db in percentiles(levels_db, LEVEL_PERCENTILES)]


def _pitch(mono: Samples, rate_hz: int) -> PitchFeatures:
    from soundstage.audio.pitch import FRAME_PERIOD_S, track_pitch  # noqa: PLC0415 - the detector is slow to load

    track = track_pitch(mono[: round(PITCH_S * rate_hz)], rate_hz)
    f0 = [float(f) if voiced else None for f, voiced in zip(track.f0_hz, track.voiced, strict=True)]
    return PitchFeatures(f0_hz=f0, period_s=FRAME_PERIOD_S)
