"""A style: what a recording's sound is (features), how to get there (parameters), and how far it was (metrics).

Units are in the field names. ``schema_version`` counts changes that older readers would misread.
"""

import base64
import binascii
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

MAX_EQ_BANDS = 8
"""As many as mastering equalisers have, and as a person can still read."""

MAX_RESPONSE_S = 20
"""Of an impulse response; halls ring for three seconds, cathedrals for ten."""


Mode = Literal["A", "B"]
Stage = Literal["pitch", "eq", "compressor", "exciter", "reverb", "stereo", "lufs", "limiter"]
STAGES: tuple[Stage, ...] = ("pitch", "eq", "compressor", "exciter", "reverb", "stereo", "lufs", "limiter")

Strength = Literal["natural", "close", "imitate"]
STRENGTHS: tuple[Strength, ...] = ("natural", "close", "imitate")
"""How much of another song's sound is taken: its loudness, and tone and width as far as they differ by more than songs
of one album do; more than half; all that a smooth equaliser, the width of each band and a limiter can close."""

Share = Annotated[float, Field(ge=0.0, le=1.0)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Setting(_Strict):
    """Base of what presets from anywhere may hold: finite numbers, far inside of what the engine can compute."""

    model_config = ConfigDict(allow_inf_nan=False)


class Amounts(_Setting):
    """How much of each stage to apply: 0 is off, 1 is all of it.

    A stage that is named is asked for: so much of what was measured, even where a match would have doubted it.
    """

    pitch: Share = 1.0
    eq: Share = 1.0
    compressor: Share = 1.0
    exciter: Share = 1.0
    reverb: Share = 1.0
    stereo: Share = 1.0
    lufs: Share = 1.0
    limiter: Share = 1.0

    def ask_for(self, stage: Stage) -> bool:
        """Whether the amount was given, and is more than 0."""
        return stage in self.model_fields_set and getattr(self, stage) > 0


class EqBand(_Setting):
    """One biquad of the Audio EQ Cookbook (R. Bristow-Johnson)."""

    type: Literal["peaking", "low_shelf", "high_shelf"]
    f_hz: float = Field(ge=10, le=24_000)
    q: float = Field(ge=0.1, le=100)
    gain_db: float = Field(ge=-36, le=36)


class Compressor(_Setting):
    """Feed-forward, channels linked, on the level of ``detector`` (Giannoulis, Massberg, Reiss, JAES 60(6), 2012)."""

    threshold_db: float = Field(ge=-120.0, le=60.0, description="dBFS at the compressor's input")
    ratio: float = Field(ge=1.0, le=100.0)
    knee_db: float = Field(default=6.0, ge=0.0, le=60.0)
    attack_ms: float = Field(default=10.0, ge=0.0, le=5000.0)
    release_ms: float = Field(default=150.0, gt=0.0, le=5000.0)
    makeup_db: float = Field(default=0.0, ge=-60.0, le=60.0)
    detector: Literal["rms", "peak"] = "rms"


class Exciter(_Setting):
    """Harmonics made from what lies above ``f_hz``, added at ``mix``."""

    f_hz: float = Field(default=3000.0, ge=10, le=24_000)
    drive_db: float = Field(default=12.0, ge=0.0, le=36.0)
    mix: Share = 0.0


class Decay(_Setting):
    """The reverberation time around one frequency."""

    f_hz: float = Field(ge=10, le=24_000)
    rt60_s: float = Field(gt=0, le=60)
    level_db: float = Field(
        default=0.0, ge=-200, le=200, description="energy of this octave of the tail relative to the others"
    )


class Reverb(_Setting):
    """A tail that is added to the sound: synthesised from decay times, or an impulse response that is given.

    ``ir_key`` names a stored impulse response; ``ir_flac_base64`` carries one. With either, ``mix`` scales it as it
    is. A synthesised tail has unit energy before ``mix``.
    """

    ir_key: str | None = Field(default=None, max_length=500)
    ir_flac_base64: str | None = Field(default=None, repr=False, max_length=16 << 20)
    ir_peak: float = Field(
        default=1.0, gt=0, le=1e6, description="the factor that brings the stored samples back to scale"
    )
    decays: list[Decay] = Field(default=[], max_length=32)
    mix: float = Field(default=0.0, ge=0.0, le=1.0)
    pre_delay_ms: float = Field(default=0.0, ge=0.0, le=500.0)
    seed: int = Field(default=0, ge=0, lt=2**53)

    @field_validator("ir_flac_base64")
    @classmethod
    def _short_flac(cls, given: str | None) -> str | None:
        """Refuses what is not FLAC, or unpacks to hours: STREAMINFO (RFC 9639 §8.2) says how long it is."""
        if given is None:
            return None
        try:
            head = base64.b64decode(given[:56], validate=True)
        except binascii.Error as error:
            raise ValueError("is not base64") from error
        if len(head) < 42 or head[:4] != b"fLaC":
            raise ValueError("is not FLAC")
        packed = int.from_bytes(head[18:26], "big")
        rate_hz, frames = packed >> 44, packed & (2**36 - 1)
        if not 0 < frames <= MAX_RESPONSE_S * rate_hz:
            raise ValueError(f"is not a response of at most {MAX_RESPONSE_S} s")
        return given


class Stereo(_Setting):
    """Side relative to mid: one factor for all of it, and an equaliser of the side alone."""

    width: float = Field(default=1.0, ge=0.5, le=1.5)
    side_eq: list[EqBand] = Field(default=[], max_length=MAX_EQ_BANDS)


class Pitch(_Setting):
    semitones: float = Field(default=0.0, ge=-3.0, le=3.0)


class LoudnessTarget(_Setting):
    """Where the result has to land. ``gain_db`` is what that took when it was found; a render finds it anew."""

    target_db: float = Field(ge=-70.0, le=20.0, description="LUFS, integrated")
    gain_db: float = Field(default=0.0, ge=-200.0, le=200.0)
    most_limited_db: float | None = Field(
        default=None,
        gt=0.0,
        le=60.0,
        description="The loudness stops short of the target where the limiter would take more than this on average.",
    )


class Limiter(_Setting):
    tp_db: float = Field(default=-1.0, ge=-60.0, le=0.0, description="ceiling, dBTP")
    lookahead_ms: float = Field(default=1.5, gt=0.0, le=20.0)
    release_ms: float = Field(default=30.0, gt=0.0, le=5000.0)
    adaptive: bool = Field(
        default=False,
        description="Bright hits are let go quicker, and what is limited again and again, like a bass, is held steady.",
    )


class StageNote(_Setting):
    """Why a stage is what it is: one sentence for the report."""

    stage: Stage
    sentence: str = Field(max_length=600)
    applied: bool = True


class StyleParams(_Setting):
    """The chain in its order: pitch, eq, compressor, exciter, reverb, stereo, lufs, limiter. None is absent."""

    schema_version: Literal[1] = 1
    mode: Mode = "B"
    strength: Strength | None = Field(default=None, description="how much of another song's sound was taken")
    amounts: Amounts = Amounts()
    pitch: Pitch | None = None
    eq: list[EqBand] = Field(default=[], max_length=MAX_EQ_BANDS)
    compressor: Compressor | None = None
    exciter: Exciter | None = None
    reverb: Reverb | None = None
    stereo: Stereo | None = None
    lufs: LoudnessTarget | None = None
    limiter: Limiter | None = None
    input_lufs: float | None = Field(
        default=None, ge=-200, le=60, description="Loudness of the recording the levels were made for"
    )
    # A job's record carries its style, and an execution's input holds 256 KiB.
    notes: list[StageNote] = Field(default=[], max_length=32)

    @property
    def side_gain(self) -> float:
        """The factor of the side, its amount worked in; 1 where the width stays."""
        return 1 + (self.stereo.width - 1) * self.amounts.stereo if self.stereo else 1.0


class Spectrum(_Strict):
    """Mean power spectra in narrow bands: single lines of an 8192-point transform at first, then 1/24 octaves."""

    f_hz: list[float]
    mid_db: list[float] = Field(description="of the mean of the channels, dB relative to full scale, per band")
    side_db: list[float] = Field(description="of half their difference; empty unless stereo")


class MelFrames(_Strict):
    """The mel bands over the first minute: bytes [frame][band], steps of half a dB above −127 dB."""

    period_s: float
    levels_base64: str = Field(repr=False)


class MelStatistics(_Strict):
    """Levels of 80 mel bands (30 Hz to 18 kHz) of the mid signal per frame of 8192 samples, dB; [percentile][band]."""

    f_hz: list[float]
    percentiles: list[float]
    levels_db: list[list[float]]
    frames: MelFrames | None = None


class LoudnessFeatures(_Strict):
    integrated_lufs: float | None = Field(description="null for silence")
    loudness_range_lu: float
    momentary_max_lufs: float | None
    short_term_max_lufs: float | None
    short_term_lufs: list[float | None] = Field(repr=False)
    short_term_period_s: float


class StereoFeatures(_Strict):
    side_to_mid_db: float | None = Field(description="null for mono")
    octave_hz: list[float] = []
    coherence: list[float] = Field(default=[], description="of left and right, per octave")


class DynamicsFeatures(_Strict):
    crest_db: float
    clipped_rate: float = Field(default=0.0, description="share of samples that repeat a neighbour near full scale")
    plr_db: float = Field(description="true peak to integrated loudness")
    pulse: list[float] = Field(default=[], description="autocorrelation of onsets, lags .15 to 2.5 s every 25 ms")
    level_db: list[float] = Field(description="percentiles 5, 10 … 95 of the 50 ms level, relative to its power mean")


class ReverbFeatures(_Strict):
    rt60_s: float | None = Field(description="decay after the loudest falls; null where nothing falls freely")
    energy_decay_db: list[float] = Field(description="mean level every 50 ms after such a fall begins")


class TuningFeatures(_Strict):
    """Where the partials lie between the notes of equal temperament at 440 Hz."""

    offset_cents: float = Field(ge=-50, le=50)
    clarity: float = Field(description="0: everywhere alike, 1: all exactly there")


class PitchFeatures(_Strict):
    algorithm: str = "swift-f0"
    f0_hz: list[float | None]
    period_s: float


class Features(_Strict):
    """What ``analyze_features`` finds; reference and target are compared by these alone in mode B."""

    schema_version: Literal[1] = 1
    rate_hz: int
    channels: int
    duration_s: float
    true_peak_dbtp: float | None
    sample_peak_dbfs: float | None
    spectrum: Spectrum
    mel: MelStatistics
    loudness: LoudnessFeatures
    stereo: StereoFeatures
    dynamics: DynamicsFeatures
    reverb: ReverbFeatures
    tuning: TuningFeatures | None = None
    f0: PitchFeatures | None = None


class Metrics(_Strict):
    """How far a recording is from the reference, and what the render did to it."""

    integrated_lufs: float | None = None
    tp_db: float | None = Field(default=None, description="true peak, dBTP")
    lufs_err: float | None = Field(default=None, description="LU from the target loudness")
    mel_dist: float | None = Field(default=None, description="mean |dB| of the mean mel spectra, after level")
    stft_dist: float | None = Field(default=None, description="mean |dB| of the mean spectra, after level")
    tone_err_db: float | None = Field(
        default=None, description="third octaves from 40 Hz to 16 kHz against the reference, after level: RMS"
    )
    width_err_db: float | None = Field(default=None, description="side-to-mid ratio against the reference")
    limiter_active_rate: float = Field(default=0.0, description="share of time with more than .1 dB reduction")
    max_gain_reduction_db: float = 0.0
    artifacts_rate: float = Field(default=0.0, description="share of 50 ms blocks with a clipped or non-finite sample")
    gain_db: float = Field(default=0.0, description="the static gain the render settled on")


METRIC_WORDS: dict[str, tuple[str, str]] = {
    "integrated_lufs": ("Loudness", "LUFS"),
    "tp_db": ("True peak", "dBTP"),
    "lufs_err": ("Loudness error", "LU"),
    "tone_err_db": ("Tone error", "dB"),
    "mel_dist": ("Mel distance", "dB"),
    "stft_dist": ("Spectrum distance", "dB"),
    "width_err_db": ("Width error", "dB"),
}
"""What people read about both recordings; the other metrics are of the render."""


LESS_IS_BETTER = ("lufs_err", "tone_err_db", "mel_dist", "stft_dist", "width_err_db")
"""Of those, the distances from the reference."""

WORSE_BY = 0.05
"""From which growth of a distance on it is said, in its own unit."""


def got_worse(name: str, before: float | None, after: float | None) -> bool:
    """Whether a metric says that the recording is further from the reference than it was."""
    return name in LESS_IS_BETTER and before is not None and after is not None and after > before + WORSE_BY


class Preset(_Setting):
    """A named style that can be applied to any recording."""

    schema_version: Literal[1] = 1
    name: str = Field(min_length=1, max_length=120)
    params: StyleParams
