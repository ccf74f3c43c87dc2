"""The linear stages of a style, equaliser, width and a fixed gain, with amounts worked in: what most effects can do."""

from dataclasses import dataclass

from soundstage.match.rendering.eq_response import scaled_bands
from soundstage.match.rendering.equaliser import REACH
from soundstage.models.style import STAGES, EqBand, Stage, StyleParams

LINEAR_STAGES: tuple[Stage, ...] = ("eq", "stereo", "lufs")


@dataclass(frozen=True)
class LinearStyle:
    """A style under a printable ``name``, and its linear stages for recordings at ``rate_hz``.

    Attributes:
        bands: within the reach of the rate.
        width: factor of the side.
        gain_db: that for the recording the style was made for, or was last applied to.
    """

    params: StyleParams
    name: str
    rate_hz: int
    bands: list[EqBand]
    width: float
    gain_db: float

    @property
    def stereo_mix(self) -> tuple[float, float]:
        """Gain factors of a channel itself and of the other one in what it becomes."""
        return (1 + self.width) / 2, (1 - self.width) / 2


def linear_style(params: StyleParams, name: str, rate_hz: int) -> LinearStyle:
    """The linear stages of ``params``; of ``name`` 60 characters are kept."""
    reach_hz = REACH * rate_hz
    bands = scaled_bands(params.eq, params.amounts.eq)
    gain_db = params.lufs.gain_db * params.amounts.lufs if params.lufs else 0.0
    return LinearStyle(
        params,
        " ".join("".join(c if c.isprintable() else " " for c in name).split())[:60] or "Soundstage",
        rate_hz,
        [band.model_copy(update={"f_hz": min(band.f_hz, reach_hz)}) for band in bands],
        params.side_gain,
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
