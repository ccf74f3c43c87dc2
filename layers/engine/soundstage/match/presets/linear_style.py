"""What a linear effect can say of a style: an equaliser, a width and a fixed gain, with amounts worked in."""

from dataclasses import dataclass

from soundstage.match.rendering.eq_response import scaled_bands
from soundstage.match.rendering.equaliser import REACH
from soundstage.models.style import STAGES, EqBand, Stage, StyleParams

LINEAR_STAGES: tuple[Stage, ...] = ("eq", "stereo", "lufs")


@dataclass(frozen=True)
class LinearStyle:
    """``params`` under a printable ``name``, and its linear stages. Bands lie within the reach of ``rate_hz``."""

    params: StyleParams
    name: str
    rate_hz: int
    bands: list[EqBand]
    width: float
    gain_db: float

    @property
    def stereo_mix(self) -> tuple[float, float]:
        """How much of its own and of the other channel each channel gets."""
        return (1 + self.width) / 2, (1 - self.width) / 2


def linear_style(params: StyleParams, name: str, rate_hz: int) -> LinearStyle:
    """The gain is what the recording needed that the style was made for, or was last applied to."""
    reach_hz = REACH * rate_hz
    bands = scaled_bands(params.eq, params.amounts.eq)
    width = 1 + ((params.stereo.width if params.stereo else 1.0) - 1) * params.amounts.stereo
    gain_db = params.lufs.gain_db * params.amounts.lufs if params.lufs else 0.0
    return LinearStyle(
        params,
        " ".join("".join(c if c.isprintable() else " " for c in name).split())[:60] or "Soundstage",
        rate_hz,
        [band.model_copy(update={"f_hz": min(band.f_hz, reach_hz)}) for band in bands],
        width,
        gain_db,
    )


def stages_of(params: StyleParams) -> tuple[Stage, ...]:
    """The stages that do something in this style."""
    does = {
        "pitch": params.pitch is not None and params.pitch.semitones != 0,
        "eq": bool(scaled_bands(params.eq, params.amounts.eq)),
        "compressor": params.compressor is not None,
        "exciter": params.exciter is not None and params.exciter.mix > 0,
        "reverb": params.reverb is not None and params.reverb.mix > 0,
        "stereo": params.stereo is not None and params.stereo.width != 1,
        "lufs": params.lufs is not None,
        "limiter": params.limiter is not None,
    }
    return tuple(stage for stage in STAGES if does[stage] and getattr(params.amounts, stage) > 0)
