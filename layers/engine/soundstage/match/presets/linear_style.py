"""The linear stages of a style, equaliser, width and a fixed gain, with amounts worked in: what most effects can do."""

from dataclasses import dataclass, replace

import numpy as np

from soundstage.match.rendering.eq_response import response_db, scaled_bands
from soundstage.match.rendering.equaliser import REACH
from soundstage.models.style import STAGES, EqBand, Limiter, Stage, StyleParams

RESPONSE_POINTS = 400
"""Frequencies at which the most that an equaliser raises is looked for."""

LINEAR_STAGES: tuple[Stage, ...] = ("eq", "stereo", "lufs")


@dataclass(frozen=True)
class LinearStyle:
    """A style under a printable ``name``, and its linear stages for recordings at ``rate_hz``.

    Attributes:
        bands: within the reach of the rate.
        width: factor of the side; 1 where the side has an equaliser of its own, which no other format has.
        gain_db: that for the recording the style was made for, or was last applied to.
        limiter: None where the style has none, or its amount is 0.
    """

    params: StyleParams
    name: str
    rate_hz: int
    bands: list[EqBand]
    width: float
    gain_db: float
    limiter: Limiter | None

    def without_limiter(self, *, whole_computer: bool) -> "LinearStyle":
        """The style where nothing holds peaks: with a gain that a full-scale recording survives.

        A gain that was found before a limiter is far too much without it. Alone on a track only amplification is; on a
        ``whole_computer``, where music is as loud as it can be, whatever the equaliser raises is, too.
        """
        f_hz = np.geomspace(20.0, REACH * self.rate_hz, RESPONSE_POINTS)
        most_db = max(0.0, float(response_db(self.bands, f_hz, self.rate_hz).max()))
        loudest_db = self.gain_db + (most_db if whole_computer else 0.0)
        return self if self.limiter is None or loudest_db <= 0 else replace(self, gain_db=-most_db)

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
        1.0 if params.stereo and params.stereo.side_eq else params.side_gain,
        gain_db,
        params.limiter if params.amounts.limiter else None,
    )


def stages_of(params: StyleParams) -> tuple[Stage, ...]:
    """The stages that do something in this style."""
    does = {
        "pitch": params.pitch is not None and params.pitch.semitones != 0,
        "eq": bool(scaled_bands(params.eq, params.amounts.eq)),
        "compressor": params.compressor is not None,
        "exciter": params.exciter is not None and params.exciter.mix > 0,
        "reverb": params.reverb is not None and params.reverb.mix > 0,
        "stereo": params.stereo is not None and (params.stereo.width != 1 or bool(params.stereo.side_eq)),
        "lufs": params.lufs is not None,
        "limiter": params.limiter is not None,
    }
    return tuple(stage for stage in STAGES if does[stage] and getattr(params.amounts, stage) > 0)
