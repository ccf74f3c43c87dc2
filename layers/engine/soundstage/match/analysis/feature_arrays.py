"""The features of a recording as estimation computes with them: arrays, made once from what is stored as JSON."""

import base64
from dataclasses import dataclass

import numpy as np

from soundstage.arrays import Floats
from soundstage.match.analysis.bands import MEL_BANDS
from soundstage.models.style import Features, MelFrames, TuningFeatures

SILENT_POWER = 1e-9
"""Mean square below which sound is silence, which counts nowhere: −90 dBFS, where 16 bits and their dither end."""

STORED_FROM_DB, STORED_STEP_DB = -127.0, 0.5
"""A stored level is a byte: from below what 16 bits resolve up to full scale, in steps too small to matter."""


@dataclass(frozen=True)
class MelSpectrogram:
    """Levels of the mel bands over time.

    Attributes:
        levels_db: dB relative to full scale, [frames, MEL_BANDS].
        period_s: from one frame to the next.
    """

    levels_db: Floats
    period_s: float


@dataclass(frozen=True)
class FeatureArrays:
    """What a recording is compared by. Levels of spectra are in dB relative to full scale.

    Attributes:
        rate_hz, channels, duration_s: of the recording.
        true_peak_dbtp, integrated_lufs: None for silence.
        short_term_lufs: one value every ``short_term_period_s`` [n]; −∞ for silence.
        f_hz: centres of the narrow bands, ascending: [bands].
        mid_db: mean level of each narrow band of the mean of the channels: [bands].
        side_db: the same of half the difference of left and right: [bands], or [0] unless stereo.
        mel_hz: centres of the mel bands: [MEL_BANDS].
        mel_percentiles: which percentiles over time ``mel_db`` has, ascending: [percentiles].
        mel_db: level percentiles of each mel band: [percentiles, MEL_BANDS].
        mel_spectrogram: of the first minute; None where it is not known.
        side_to_mid_db: energy of the side relative to that of the middle; None unless stereo.
        crest_db: true peak relative to the mean power.
        level_percentiles_db: percentiles 5, 10 … 95 of the 50 ms level, relative to the mean power: [19]; [0] for
            silence.
        onset_autocorrelation: see ``onset_periodicity``; [0] where it is not known.
        tuning: None where too few partials were found.
    """

    rate_hz: int
    channels: int
    duration_s: float
    true_peak_dbtp: float | None
    integrated_lufs: float | None
    short_term_lufs: Floats
    short_term_period_s: float
    f_hz: Floats
    mid_db: Floats
    side_db: Floats
    mel_hz: Floats
    mel_percentiles: Floats
    mel_db: Floats
    mel_spectrogram: MelSpectrogram | None
    side_to_mid_db: float | None
    crest_db: float
    level_percentiles_db: Floats
    onset_autocorrelation: Floats
    tuning: TuningFeatures | None


def as_arrays(features: Features | FeatureArrays) -> FeatureArrays:
    """Stored features as arrays; arrays stay as they are."""
    if isinstance(features, FeatureArrays):
        return features
    loudness, spectrum, mel = features.loudness, features.spectrum, features.mel
    return FeatureArrays(
        rate_hz=features.rate_hz,
        channels=features.channels,
        duration_s=features.duration_s,
        true_peak_dbtp=features.true_peak_dbtp,
        integrated_lufs=loudness.integrated_lufs,
        short_term_lufs=_array([-np.inf if lufs is None else lufs for lufs in loudness.short_term_lufs]),
        short_term_period_s=loudness.short_term_period_s,
        f_hz=_array(spectrum.f_hz),
        mid_db=_array(spectrum.mid_db),
        side_db=_array(spectrum.side_db),
        mel_hz=_array(mel.f_hz),
        mel_percentiles=_array(mel.percentiles),
        mel_db=_array(mel.levels_db),
        mel_spectrogram=decode_mel_spectrogram(mel.frames) if mel.frames else None,
        side_to_mid_db=features.stereo.side_to_mid_db,
        crest_db=features.dynamics.crest_db,
        level_percentiles_db=_array(features.dynamics.level_db),
        onset_autocorrelation=_array(features.dynamics.pulse),
        tuning=features.tuning,
    )


def encode_mel_spectrogram(spectrogram: MelSpectrogram) -> MelFrames:
    """As it is stored: rounded to half a dB, and clipped to −127 … +.5 dB."""
    steps = (spectrogram.levels_db - STORED_FROM_DB) / STORED_STEP_DB + 0.5
    stored = np.clip(steps, 0, 255).astype(np.uint8)
    levels_base64 = base64.b64encode(stored.tobytes()).decode("ascii")
    return MelFrames(period_s=spectrogram.period_s, levels_base64=levels_base64)


def decode_mel_spectrogram(frames: MelFrames) -> MelSpectrogram:
    """The inverse of ``encode_mel_spectrogram``, but for its rounding."""
    stored = np.frombuffer(base64.b64decode(frames.levels_base64), np.uint8)
    levels_db = STORED_FROM_DB + STORED_STEP_DB * stored.reshape(-1, MEL_BANDS).astype(np.float64)
    return MelSpectrogram(levels_db, frames.period_s)


def _array(values: list[float] | list[list[float]]) -> Floats:
    return np.array(values, np.float64)
