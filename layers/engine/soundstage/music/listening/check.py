"""audio_check: format, duration, silence, level and clipping of a recording, and the verdict: accepted or rejected."""

import math

import numpy as np
from numpy.typing import NDArray

from soundstage.audio.decibels import amplitude_to_db, db_to_amplitude
from soundstage.audio.io import Audio
from soundstage.audio.loudness import CHANNEL_WEIGHTS, measure_loudness
from soundstage.models.assets import AudioProbe
from soundstage.models.errors import REJECTIONS, MediaRejected, too_long, too_short
from soundstage.models.music import AudioCheck

MIN_DURATION_S = 2.0  # fewer than three notes fit below
MAX_DURATION_S = 300.0  # a limit of the product: more than any tune that is made into a song of three minutes
MIN_RATE_HZ, MAX_RATE_HZ = 8_000, 192_000  # telephones to studio converters
FRAME_S = 0.02  # of levels
SILENT_DBFS = -60.0  # RMS of a frame
TOO_QUIET_DBFS = -54.0  # of the loudest frames: below, 16-bit phones have nothing but their own noise
QUIET_DBFS = -40.0  # of the same: below, a warning
# Seven singers made 26 and 32 dB too loud, .2 to .67 of them clipped, are heard as they were (F1 .86 to 1.0).
CLIPPED_RATIO = 0.6
SOME_CLIPPING_RATIO = 0.001  # above, a warning
# A sample is clipped at 98.5 % of the recording's peak where it moves by less than 0.2 % of it to the next one.
CEILING_SHARE, FLAT_SHARE = 0.985, 0.002
# A recording is judged by the level that a tenth of it reaches, or a second where that is less: a short tune in a long
# recording is a tune.
LOUDEST_SHARE, LOUDEST_S = 0.1, 1.0
MAX_SAMPLES = 120_000_000  # five minutes of stereo at 192 kHz: 480 MB decoded, in memory and on the disk of a step


def check_size(probe: AudioProbe) -> None:
    """Whether a recording fits into memory, before it is decoded.

    Raises:
        MediaRejected: DURATION_TOO_LONG, FILE_TOO_LARGE.
    """
    if probe.duration_s > MAX_DURATION_S:
        raise too_long(probe.duration_s, MAX_DURATION_S)
    if probe.frames * probe.channels > MAX_SAMPLES:
        raise MediaRejected("FILE_TOO_LARGE")


def audio_check(audio: Audio) -> AudioCheck:
    """Measure ``audio`` ([frames, channels], any rate) and accept or reject it.

    A rejection is an outcome, never an exception; it carries a code of ``REJECTIONS`` and its sentence. Levels are
    dBFS, loudness is LUFS and true peak dBTP (ITU-R BS.1770), ratios are shares of frames or samples, 0 to 1.
    """
    finite = bool(np.isfinite(audio.samples).all())
    measurable = finite and 0 < audio.channels <= max(CHANNEL_WEIGHTS) and audio.frames > 0
    mono = audio.mono() if measurable else np.zeros(0, np.float32)
    level_dbfs = _frame_levels_dbfs(mono, audio.rate_hz)
    loudness = measure_loudness(audio.samples, audio.rate_hz) if measurable else None
    silent_ratio = float(np.mean(level_dbfs < SILENT_DBFS)) if len(level_dbfs) else 1.0
    clipped_ratio = _clipped_ratio(audio.samples, level_dbfs, audio.rate_hz) if measurable else 0.0
    loudest = min(LOUDEST_SHARE, LOUDEST_S / audio.duration_s) if len(level_dbfs) else 0.0
    active_dbfs = float(np.quantile(level_dbfs, 1 - loudest)) if len(level_dbfs) else -np.inf
    code = None
    if not finite:
        code = "NOT_FINITE"
    elif not 1 <= audio.channels <= max(CHANNEL_WEIGHTS):
        code = "CHANNELS_UNSUPPORTED"
    elif not MIN_RATE_HZ <= audio.rate_hz <= MAX_RATE_HZ:
        code = "RATE_UNSUPPORTED"
    elif audio.duration_s < MIN_DURATION_S:
        code = "DURATION_TOO_SHORT"
    elif audio.duration_s > MAX_DURATION_S:
        code = "DURATION_TOO_LONG"
    elif level_dbfs.max() < SILENT_DBFS:
        code = "SILENT"
    elif active_dbfs < TOO_QUIET_DBFS:
        code = "TOO_QUIET" if level_dbfs.max() < QUIET_DBFS else "NO_MELODY"
    elif clipped_ratio > CLIPPED_RATIO:
        code = "CLIPPED"
    warnings = []
    if code is None and active_dbfs < QUIET_DBFS:
        warnings.append("The recording is quiet; a little closer to the microphone would help.")
    if code is None and clipped_ratio > SOME_CLIPPING_RATIO:
        warnings.append("Parts of the recording are too loud and distorted.")
    return AudioCheck(
        outcome="rejected" if code else "ok",
        code=code,
        message=_sentence(code, audio.duration_s, level_dbfs, active_dbfs, clipped_ratio) if code else None,
        duration_s=audio.duration_s,
        rate_hz=audio.rate_hz,
        channels=audio.channels,
        integrated_lufs=_finite(loudness.integrated_lufs) if loudness else None,
        true_peak_dbtp=_finite(loudness.true_peak_dbtp) if loudness else None,
        silent_ratio=silent_ratio,
        clipped_ratio=clipped_ratio,
        warnings=warnings,
    )


def _sentence(
    code: str, duration_s: float, level_dbfs: NDArray[np.float64], active_dbfs: float, clipped_ratio: float
) -> str:
    """Why it is rejected, with what was measured and what was wanted."""
    if code == "DURATION_TOO_LONG":
        return too_long(duration_s, MAX_DURATION_S).message
    if code == "DURATION_TOO_SHORT":
        return too_short(duration_s, MIN_DURATION_S).message
    if code == "TOO_QUIET":
        return (
            f"The recording is too quiet to hear a tune in it: its loudest parts are at {active_dbfs:.0f} dBFS, and "
            f"it takes {TOO_QUIET_DBFS:.0f}. Come closer to the microphone."
        )
    if code == "NO_MELODY":
        sounding_s = FRAME_S * float(np.sum(level_dbfs >= TOO_QUIET_DBFS))
        return f"Only {sounding_s:.1f} s of the recording sound, the rest is silence: hum or sing a tune."
    if code == "CLIPPED":
        return f"The recording is too loud: {clipped_ratio:.0%} of it is cut off. Turn the level down, or step back."
    return REJECTIONS[code]


def _frame_levels_dbfs(mono: NDArray[np.float32], rate_hz: int) -> NDArray[np.float64]:
    """RMS level of frames of 20 ms, dBFS, their own mean taken off: a constant offset is silence too. [frames]"""
    frame = max(1, round(FRAME_S * rate_hz))
    whole = mono[: len(mono) // frame * frame].reshape(-1, frame)
    rms: NDArray[np.float64] = whole.std(axis=1, dtype=np.float64)
    return amplitude_to_db(rms)


def _clipped_ratio(samples: NDArray[np.float32], level_dbfs: NDArray[np.float64], rate_hz: int) -> float:
    """Share of the frames that sound which are flat at the recording's own ceiling, full scale or below."""
    ceiling = float(np.max(np.abs(samples)))
    if ceiling < db_to_amplitude(TOO_QUIET_DBFS):
        return 0.0
    loud = np.abs(samples) >= CEILING_SHARE * ceiling
    flat = loud[1:] & loud[:-1] & (np.abs(np.diff(samples, axis=0)) < FLAT_SHARE * ceiling)
    sounding = max(1.0, float(np.sum(level_dbfs > SILENT_DBFS)) * round(FRAME_S * rate_hz) * samples.shape[1])
    return float(min(1.0, np.sum(flat) / sounding))


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
