"""Blends lie between, and amounts are worked into them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundstage.match.presets.operations import blend
from soundstage.match.rendering.chain import Chain
from soundstage.match.rendering.eq_response import response_db
from soundstage.models.errors import InvalidInput
from soundstage.models.style import (
    Amounts,
    Compressor,
    EqBand,
    Exciter,
    Limiter,
    LoudnessTarget,
    Pitch,
    Reverb,
    Stereo,
    StyleParams,
)

RATE_HZ = 48_000


def bell(f_hz: float, gain_db: float) -> EqBand:
    return EqBand(type="peaking", f_hz=f_hz, q=1.0, gain_db=gain_db)


LOUD = StyleParams(
    eq=[bell(100, 6), bell(1000, -4)],
    pitch=Pitch(semitones=2),
    compressor=Compressor(threshold_db=-30, ratio=4, makeup_db=6),
    exciter=Exciter(f_hz=2000, mix=0.4),
    stereo=Stereo(width=1.5),
    lufs=LoudnessTarget(target_db=-8),
    limiter=Limiter(tp_db=-0.1),
)
SOFT = StyleParams(
    eq=[bell(300, -2)],
    reverb=Reverb(mix=0.5),
    stereo=Stereo(width=0.5),
    lufs=LoudnessTarget(target_db=-20),
    limiter=Limiter(tp_db=-2.1),
)


def test_the_ends_are_the_styles() -> None:
    assert blend(LOUD, SOFT, 0) == LOUD
    assert blend(LOUD, SOFT, 1) == SOFT


def test_the_middle_lies_between() -> None:
    half = blend(LOUD, SOFT, 0.5)
    assert half.pitch is not None
    assert half.pitch.semitones == 1
    assert half.exciter is not None
    assert half.exciter.mix == pytest.approx(0.2)
    assert half.reverb is not None
    assert half.reverb.mix == pytest.approx(0.25)
    assert half.stereo is not None
    assert half.stereo.width == pytest.approx(np.sqrt(0.75))
    assert half.lufs is not None
    assert half.lufs.target_db == -14
    assert half.limiter is not None
    assert half.limiter.tp_db == pytest.approx(-1.1)


def test_a_stage_that_is_off_stays_off() -> None:
    muted = LOUD.model_copy(update={"amounts": Amounts(eq=0, compressor=0, limiter=0, stereo=0, pitch=0)})
    half = blend(muted, StyleParams(), 0.3)
    assert (half.eq, half.compressor, half.limiter) == ([], None, None)
    assert half.stereo == Stereo(width=1)
    assert half.pitch == Pitch(semitones=0)


def test_amounts_do_the_same_when_worked_in() -> None:
    amounts = Amounts(eq=0.7, compressor=0.4, stereo=0.5, exciter=0.5)
    style = LOUD.model_copy(update={"amounts": amounts, "pitch": None})
    same = blend(style, style.model_copy(update={"reverb": Reverb(mix=0)}), 0.5)
    assert same.amounts == Amounts()
    x = np.random.default_rng(1).normal(0, 0.2, (RATE_HZ // 2, 2)).astype(np.float32)
    want, _ = Chain(style, RATE_HZ, 2).process(x, last=True)
    got, _ = Chain(same, RATE_HZ, 2).process(x, last=True)
    np.testing.assert_allclose(got, want, atol=2e-5)


def test_sixteen_bands_become_eight_that_do_the_same() -> None:
    f_hz = [40.0, 90, 200, 450, 1000, 2200, 5000, 11_000]
    one = StyleParams(eq=[bell(f, 4 * (-1) ** n) for n, f in enumerate(f_hz)])
    other = StyleParams(eq=[bell(1.3 * f, 3 * (-1) ** n) for n, f in enumerate(f_hz)])
    half = blend(one, other, 0.5)
    heard = np.geomspace(30, 16_000, 100)
    wanted = 0.5 * (response_db(one.eq, heard, RATE_HZ) + response_db(other.eq, heard, RATE_HZ))
    assert len(half.eq) <= 8
    assert np.sqrt(np.mean((response_db(half.eq, heard, RATE_HZ) - wanted) ** 2)) < 0.5


@pytest.mark.parametrize("share", [-0.1, 1.1, 2, float("nan"), float("inf")])
def test_shares_outside(share: float) -> None:
    with pytest.raises(InvalidInput, match="between 0 and 1"):
        blend(LOUD, SOFT, share)


EDGES = StyleParams(
    eq=[EqBand(type="peaking", f_hz=24_000, q=100, gain_db=36)],
    pitch=Pitch(semitones=3),
    compressor=Compressor(threshold_db=60, ratio=100, knee_db=60, attack_ms=5000, release_ms=5000, makeup_db=60),
    exciter=Exciter(f_hz=24_000, drive_db=36, mix=1),
    reverb=Reverb(mix=1, pre_delay_ms=500),
    stereo=Stereo(width=1.5),
    lufs=LoudnessTarget(target_db=20, gain_db=200),
    limiter=Limiter(tp_db=0, lookahead_ms=20, release_ms=5000),
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(share=st.floats(0, 1), amount=st.floats(0, 1), other=st.sampled_from([EDGES, LOUD, SOFT, StyleParams()]))
def test_what_comes_out_is_a_style(share: float, amount: float, other: StyleParams) -> None:
    one = EDGES.model_copy(update={"amounts": Amounts(compressor=amount, stereo=amount, eq=amount)})
    blended = blend(one, other, share)
    assert StyleParams.model_validate_json(blended.model_dump_json()) == blended
