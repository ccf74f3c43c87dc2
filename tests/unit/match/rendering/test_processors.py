"""Streaming: whole equals chunked to the bit, nothing is late, nothing is lost, and state survives JSON."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fixtures.pairs import song

from soundstage.arrays import Samples
from soundstage.match.rendering.chain import Chain
from soundstage.match.rendering.compressor import DynamicsProcessor
from soundstage.match.rendering.equaliser import Equaliser
from soundstage.match.rendering.pitch_shift import PitchShifter
from soundstage.match.rendering.processors import (
    HarmonicExciter,
    PeakLimiter,
    Processor,
    decode_state,
    encode_state,
)
from soundstage.match.rendering.render import first_frame_needed
from soundstage.match.rendering.reverb import ReverbProcessor, encode_response, tail_response
from soundstage.match.rendering.width import Width
from soundstage.models.style import (
    Compressor,
    Decay,
    EqBand,
    Exciter,
    Limiter,
    Reverb,
    Stereo,
    StyleParams,
)

pytestmark = pytest.mark.usefixtures("loops")

RATE_HZ = 44_100
EQ = [EqBand(type="low_shelf", f_hz=120, q=0.7, gain_db=4), EqBand(type="peaking", f_hz=2500, q=1.5, gain_db=-5)]
TAIL = Reverb(decays=[Decay(f_hz=250, rt60_s=0.5), Decay(f_hz=4000, rt60_s=0.2)], mix=0.3, pre_delay_ms=12)
SQUEEZE = Compressor(threshold_db=-24, ratio=4, attack_ms=5, release_ms=80)
CASES: dict[str, tuple[type[Processor[Any]], Any]] = {
    "eq": (Equaliser, EQ),
    "compressor": (DynamicsProcessor, (SQUEEZE, 1.0)),
    "exciter": (HarmonicExciter, Exciter(f_hz=2000, mix=0.5)),
    "reverb": (ReverbProcessor, TAIL),
    "stereo": (Width, Stereo(width=1.4)),
    "stereo by octave": (Width, Stereo(width=0.8, side_eq=[EqBand(type="peaking", f_hz=300, q=1, gain_db=6)])),
    "pitch": (PitchShifter, 2.0),
    "limiter": (PeakLimiter, Limiter(tp_db=-6)),
    "adaptive limiter": (PeakLimiter, Limiter(tp_db=-6, lookahead_ms=1, release_ms=2, adaptive=True)),
}


def bursts(frames: int, channels: int, seed: int = 1) -> Samples:
    """Noise that comes and goes, so that levels and tails matter."""
    rng = np.random.default_rng(seed)
    swell = 0.3 + 0.7 * (np.sin(2 * np.pi * np.arange(frames) / 9000) > 0)
    return (rng.normal(0, 0.25, (frames, channels)) * swell[:, None]).astype(np.float32)


def new(name: str, channels: int) -> Processor[Any]:
    kind, params = CASES[name]
    processor = kind()
    processor.reset(RATE_HZ, channels, params)
    return processor


def in_chunks(processor: Processor[Any], x: Samples, sizes: list[int], *, through_json: bool = False) -> Samples:
    state, out, start = None, [], 0
    for size in [*sizes, len(x)]:
        y, state = processor.process(x[start : start + size], state)
        if through_json:
            state = decode_state(json.loads(json.dumps(encode_state(state))))
        out.append(y)
        start = min(start + size, len(x))
    y, _ = processor.process(x[:0], state, last=True)
    return np.concatenate([*out, y])


@pytest.mark.parametrize("channels", [1, 2, 6])
@pytest.mark.parametrize("name", CASES)
def test_chunked_is_whole_to_the_bit(name: str, channels: int) -> None:
    x = bursts(40_000, channels)
    whole = in_chunks(new(name, channels), x, [])
    chunked = in_chunks(new(name, channels), x, [1, 5000, 16_384, 777, 0, 12_000], through_json=True)
    longer = len(whole) - len(x)
    assert longer > 0 if name == "reverb" else longer == 0
    np.testing.assert_array_equal(chunked, whole)


@settings(max_examples=12, deadline=None)
@given(sizes=st.lists(st.integers(0, 30_000), max_size=4), frames=st.integers(0, 50_000))
def test_any_chunks_of_any_length(sizes: list[int], frames: int) -> None:
    x = bursts(frames, 2)
    for name in ("eq", "compressor", "limiter"):
        whole = in_chunks(new(name, 2), x, [])
        assert len(whole) == frames
        np.testing.assert_array_equal(in_chunks(new(name, 2), x, sizes), whole)


def test_a_room_rings_out_after_the_end() -> None:
    x = bursts(40_000, 2)
    rung, _ = new("reverb", 2).process(x, last=True)
    padded, _ = new("reverb", 2).process(np.concatenate([x, np.zeros((3 * RATE_HZ, 2), np.float32)]), last=True)
    fade = round(0.05 * RATE_HZ)
    np.testing.assert_allclose(rung[:-fade], padded[: len(rung) - fade], atol=1e-6)
    assert np.abs(padded[len(rung) :]).max() < 2e-5
    assert np.abs(rung[-10:]).max() < 1e-6
    silence, _ = new("reverb", 2).process(0 * x, last=True)
    assert len(silence) == len(x)


@pytest.mark.parametrize("name", ["eq", "compressor", "exciter", "reverb", "stereo", "limiter"])
def test_nothing_is_late(name: str) -> None:
    x = np.zeros((30_000, 2), np.float32)
    x[20_000:20_003] = 0.4
    y = in_chunks(new(name, 2), x, [7000])
    assert np.abs(y[:20_000]).max() < 1e-6
    assert np.argmax(np.abs(y[:, 0])) in range(20_000, 20_006)


@pytest.mark.parametrize("semitones", [-3.0, -1.0, 2.0, 3.0])
def test_pitch_moves_tones_by_the_ratio_and_keeps_their_level(semitones: float) -> None:
    time_s = np.arange(RATE_HZ * 2) / RATE_HZ
    tones = 0.3 * np.sin(2 * np.pi * 500 * time_s) + 0.1 * np.sin(2 * np.pi * 1000 * time_s)
    x = tones[:, None].astype(np.float32)
    shifter = PitchShifter()
    shifter.reset(RATE_HZ, 1, semitones)
    y = in_chunks(shifter, x, [30_000])
    spectrum = np.abs(np.fft.rfft(y[RATE_HZ // 2 : RATE_HZ // 2 + RATE_HZ, 0] * np.hanning(RATE_HZ)))
    assert len(y) == len(x)
    assert np.argmax(spectrum) == pytest.approx(500 * 2 ** (semitones / 12), abs=2.5)
    assert np.std(y) / np.std(x) == pytest.approx(1.0, abs=0.35)


def test_a_compressor_reduces_a_steady_tone_by_its_curve() -> None:
    tone = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(RATE_HZ) / RATE_HZ)
    x = np.stack([tone, 0.25 * tone], axis=1).astype(np.float32)
    y = in_chunks(new("compressor", 2), x, [])
    level = 20 * np.log10(0.5 / np.sqrt(2))
    expected = (level + 24) * (1 - 1 / 4)
    got = -20 * np.log10(np.std(y[RATE_HZ // 2 :]) / np.std(x[RATE_HZ // 2 :]))
    assert got == pytest.approx(expected, abs=0.1)


def test_segments_with_their_past_join_without_a_seam() -> None:
    params = StyleParams(eq=EQ, compressor=SQUEEZE, reverb=TAIL, stereo=Stereo(width=1.3))
    x = bursts(8 * RATE_HZ, 2)
    whole, _ = Chain(params, RATE_HZ, 2).process(x, last=True)
    chain = Chain(params, RATE_HZ, 2)
    start = 5 * RATE_HZ
    early = first_frame_needed(start, chain.tail_s(), RATE_HZ)
    part, _ = chain.process(x[early:], last=True)
    null = np.abs(part[start - early :] - whole[start:]).max()
    assert 20 * np.log10(null + 1e-12) < -90


@pytest.mark.parametrize("rate_hz", [48_000, 96_000])
def test_an_impulse_response_keeps_its_level_at_another_rate(rate_hz: int) -> None:
    decaying = (bursts(20_000, 2) * np.exp(-np.arange(20_000) / 3000)[:, None]).astype(np.float32)
    carried = Reverb(mix=1.0, **encode_response(decaying, RATE_HZ))
    response = tail_response(carried, rate_hz, 2)
    at_1_khz = [np.abs(np.sum(ir[:, 0] * np.exp(-2j * np.pi * 1000 * np.arange(len(ir)) / hz)))
                for ir, hz in ((decaying, RATE_HZ), (response, rate_hz))]  # fmt: skip
    assert at_1_khz[1] == pytest.approx(at_1_khz[0], rel=0.02)


def test_a_pitch_shift_keeps_the_image_between_channels() -> None:
    mid, side = (song(seed, seconds=3)[:, :1] for seed in (1, 2))
    x = np.concatenate([mid + 0.5 * side, mid - 0.5 * side], axis=1).astype(np.float32)
    shifter = PitchShifter()
    shifter.reset(RATE_HZ, 2, 0.31)
    y, _ = shifter.process(x, last=True)
    before, after = (float(sound[:, 0] @ sound[:, 1] / np.sqrt(np.prod((sound**2).sum(axis=0)))) for sound in (x, y))
    assert after == pytest.approx(before, abs=0.06)
