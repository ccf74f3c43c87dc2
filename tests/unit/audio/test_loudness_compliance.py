"""EBU Tech 3341, Tech 3342 and ITU-R BS.1770 (BS.2217) compliance signals, with their tolerances."""

import numpy as np
import pytest
from numpy.typing import NDArray

from soundstage.audio.loudness import Loudness, LoudnessMeter, measure_loudness
from soundstage.audio.true_peak import true_peak_dbtp

pytestmark = pytest.mark.usefixtures("loops")

RATE_HZ = 48_000
Steps = list[tuple[float, float]]
SILENCE = -np.inf


def tone(steps: Steps, f_hz: float = 1000.0, rate_hz: int = RATE_HZ) -> NDArray[np.float32]:
    """A sine through steps of (peak level dBFS, seconds), phase continuous: [frames]."""
    amplitude = np.concatenate([np.full(round(seconds * rate_hz), 10 ** (level / 20)) for level, seconds in steps])
    return (amplitude * np.sin(2 * np.pi * f_hz * np.arange(len(amplitude)) / rate_hz)).astype(np.float32)


def stereo(steps: Steps, rate_hz: int = RATE_HZ) -> NDArray[np.float32]:
    mono = tone(steps, rate_hz=rate_hz)
    return np.stack([mono, mono], axis=1)


def measure(steps: Steps) -> Loudness:
    return measure_loudness(stereo(steps), RATE_HZ)


@pytest.mark.parametrize("rate_hz", [8_000, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("level", [-23.0, -33.0])
def test_3341_cases_1_and_2_steady_tone(level: float, rate_hz: int) -> None:
    got = measure_loudness(stereo([(level, 20)], rate_hz), rate_hz)
    assert got.integrated_lufs == pytest.approx(level, abs=0.1)
    assert got.momentary_max_lufs == pytest.approx(level, abs=0.1)
    assert got.short_term_max_lufs == pytest.approx(level, abs=0.1)


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param([(-36, 10), (-23, 60), (-36, 10)], id="3"),
        pytest.param([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], id="4"),
        pytest.param([(-26, 20), (-20, 20.1), (-26, 20)], id="5"),
    ],
)
def test_3341_cases_3_to_5_gating(steps: Steps) -> None:
    assert measure(steps).integrated_lufs == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize("layout", ["L R C Ls Rs", "L R C LFE Ls Rs"])
def test_3341_case_6_surround(layout: str) -> None:
    levels = {"L": -28.0, "R": -28.0, "C": -24.0, "Ls": -30.0, "Rs": -30.0, "LFE": 0.0}
    signal = np.stack([tone([(levels[name], 20)]) for name in layout.split()], axis=1)
    assert measure_loudness(signal, RATE_HZ).integrated_lufs == pytest.approx(-23.0, abs=0.1)


def test_3341_case_9_short_term_is_steady() -> None:
    meter = LoudnessMeter(RATE_HZ, 2)
    signal = stereo([(-20, 1.34), (-30, 1.66)] * 5)
    meter.process(signal)
    short_terms = meter.short_term_lufs()
    assert len(short_terms) == 121
    assert np.abs(short_terms + 23.0).max() <= 0.1


@pytest.mark.parametrize("i", range(20))
def test_3341_case_10_short_term_maximum(i: int) -> None:
    got = measure([(SILENCE, i * 0.15), (-23, 3), (SILENCE, 1)])
    assert got.short_term_max_lufs == pytest.approx(-23.0, abs=0.1)


def test_3341_case_12_momentary_is_steady() -> None:
    meter = LoudnessMeter(RATE_HZ, 2)
    meter.process(stereo([(-20, 0.18), (-30, 0.22)] * 25))
    meter.result()
    momentary = -0.691 + 10 * np.log10(np.array(meter._gating_blocks))
    assert np.abs(momentary[6:] + 23.0).max() <= 0.1


@pytest.mark.parametrize("i", range(20))
def test_3341_case_13_momentary_maximum(i: int) -> None:
    got = measure([(SILENCE, i * 0.02), (-23, 0.4), (SILENCE, 1)])
    assert got.momentary_max_lufs == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize("oversampling", [4, 8])
@pytest.mark.parametrize(
    ("fraction", "amplitude", "phase_degrees", "expected_dbtp"),
    [
        pytest.param(4, 0.50, 0.0, -6.0, id="15"),
        pytest.param(4, 0.50, 45.0, -6.0, id="16"),
        pytest.param(6, 0.50, 60.0, -6.0, id="17"),
        pytest.param(8, 0.50, 67.5, -6.0, id="18"),
        pytest.param(4, 1.41, 45.0, 3.0, id="19"),
    ],
)
def test_3341_cases_15_to_19_true_peak(
    fraction: int, amplitude: float, phase_degrees: float, expected_dbtp: float, oversampling: int
) -> None:
    frames = np.arange(RATE_HZ)
    fade = np.minimum(np.minimum(frames, frames[::-1]) / (0.01 * RATE_HZ), 1.0)
    sine = amplitude * np.sin(2 * np.pi * frames / fraction + np.radians(phase_degrees))
    got = true_peak_dbtp((fade * sine).astype(np.float32), RATE_HZ, oversampling)
    assert expected_dbtp - 0.4 <= got <= expected_dbtp + 0.2


@pytest.mark.parametrize(
    ("steps", "range_lu"),
    [
        pytest.param([(-20, 20), (-30, 20)], 10.0, id="1"),
        pytest.param([(-20, 20), (-15, 20)], 5.0, id="2"),
        pytest.param([(-40, 20), (-20, 20)], 20.0, id="3"),
        pytest.param([(-50, 20), (-35, 20), (-20, 20), (-35, 20), (-50, 20)], 15.0, id="4"),
    ],
)
def test_3342_loudness_range(steps: Steps, range_lu: float) -> None:
    assert measure(steps).loudness_range_lu == pytest.approx(range_lu, abs=1.0)


def test_1770_calibration_one_channel_997_hz() -> None:
    signal = tone([(0.0, 20)], f_hz=997.0)
    one_of_two = np.stack([signal, np.zeros_like(signal)], axis=1)
    assert measure_loudness(signal, RATE_HZ).integrated_lufs == pytest.approx(-3.01, abs=0.01)
    assert measure_loudness(one_of_two, RATE_HZ).integrated_lufs == pytest.approx(-3.01, abs=0.01)


def test_1770_absolute_gate() -> None:
    assert measure([(-69.5, 10), (-72, 30)]).integrated_lufs == pytest.approx(-69.5, abs=0.1)


def test_1770_surround_weight_and_lfe() -> None:
    def only(channel: int) -> float:
        signal = np.zeros((20 * RATE_HZ, 6), np.float32)
        signal[:, channel] = tone([(-23.0, 20)])
        return measure_loudness(signal, RATE_HZ).integrated_lufs

    assert only(4) - only(0) == pytest.approx(1.5, abs=0.02)
    assert only(3) == -np.inf
