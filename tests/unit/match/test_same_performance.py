"""Mode A finds the chain however the reference came: late, upside down, swapped, mono, at another rate, coded."""

import subprocess
from collections.abc import Callable

import numpy as np
import pytest
import scipy.signal
from tests.fixtures.pairs import Pair, make_pair, room, song, through_ffmpeg

from soundstage.audio.io import Audio
from soundstage.audio.resample import resample
from soundstage.audio.streams import MemoryReader
from soundstage.match.analysis.alignment import align, sampled
from soundstage.match.analysis.feature_arrays import as_arrays
from soundstage.match.analysis.features import analyze_features
from soundstage.match.analysis.level_distance import heard_louder_lu, lufs_as_heard
from soundstage.match.estimation.chain_identification import identify_chain
from soundstage.match.estimation.inversion import invert_params
from soundstage.match.pipeline import Analyzed, find_style
from soundstage.match.rendering.eq_response import response_db
from soundstage.media.ffmpeg import find_ffmpeg

RATE_HZ = 44_100
F_HZ = np.geomspace(80, 9000, 60)


@pytest.fixture(scope="module")
def pair() -> Pair:
    return make_pair("eq_gain_width", 81, seconds=10)


@pytest.fixture(scope="module")
def plain_db(pair: Pair) -> np.ndarray:
    return shape_db(pair.reference, pair.target)


def shape_db(reference: Audio, target: Audio) -> np.ndarray:
    """The equaliser that is found between the two, without its mean gain."""
    found = response_db(identify_chain(MemoryReader(reference), MemoryReader(target)).eq, F_HZ, target.rate_hz)
    return np.asarray(found - found.mean())


def coded(audio: Audio) -> Audio:
    raw = ["-f", "f32le", "-ar", str(RATE_HZ), "-ac", "2"]
    ffmpeg = [str(find_ffmpeg()), "-v", "error"]
    encode = [*ffmpeg, *raw, "-i", "pipe:0", "-b:a", "96k", "-f", "mp3", "pipe:1"]
    mp3 = subprocess.run(encode, input=audio.samples.tobytes(), capture_output=True, check=True).stdout  # noqa: S603
    decode = [*ffmpeg, "-i", "pipe:0", *raw, "pipe:1"]
    samples = subprocess.run(decode, input=mp3, capture_output=True, check=True).stdout  # noqa: S603
    return Audio(np.frombuffer(samples, np.float32).reshape(-1, 2), RATE_HZ)


def of(samples: np.ndarray, rate_hz: int = RATE_HZ) -> Audio:
    return Audio(np.ascontiguousarray(samples, np.float32), rate_hz)


ARRIVALS: dict[str, Callable[[Audio], Audio]] = {
    "late": lambda a: of(np.concatenate([np.zeros((3 * RATE_HZ + 77, 2)), a.samples])),
    "early": lambda a: of(a.samples[2 * RATE_HZ + 13 :]),
    "upside down": lambda a: of(-a.samples),
    "swapped": lambda a: of(a.samples[:, ::-1]),
    "mono": lambda a: of(a.samples.mean(axis=1, keepdims=True)),
    "at 48 kHz": lambda a: of(resample(a.samples, RATE_HZ, 48_000), 48_000),
    "coded": coded,
    "short": lambda a: of(a.samples[: 5 * RATE_HZ]),
}


@pytest.mark.parametrize("arrival", ARRIVALS)
def test_the_equaliser_is_found(arrival: str, pair: Pair, plain_db: np.ndarray) -> None:
    assert np.ptp(plain_db) > 3
    found = shape_db(ARRIVALS[arrival](pair.reference), pair.target)
    assert np.mean(np.abs(found - plain_db)) < 0.3


@pytest.mark.slow
def test_what_coding_cut_off_is_left_alone(pair: Pair) -> None:
    reference = coded(pair.reference)
    bands = identify_chain(MemoryReader(reference), MemoryReader(pair.target)).eq
    plain = identify_chain(MemoryReader(pair.reference), MemoryReader(pair.target)).eq
    top = np.array([16_500.0, 18_500.0])
    apart = response_db(bands, top, RATE_HZ) - response_db(plain, top, RATE_HZ)
    assert np.abs(apart).max() < 6


@pytest.mark.slow
def test_auto_sees_one_performance_at_two_rates() -> None:
    loud = make_pair("loud_master", 82, seconds=8)
    reference = of(resample(loud.reference.samples, RATE_HZ, 48_000), 48_000)
    heard, given = (Analyzed(analyze_features(audio), MemoryReader(audio)) for audio in (reference, loud.target))
    style = find_style([heard], given)
    assert style.mode == "A"
    assert style.compressor is not None


@pytest.mark.slow
def test_a_room_is_copied_of_music_that_has_no_highs() -> None:
    """Where there is nothing to tell a response from, none is made up."""
    dark = scipy.signal.butter(6, 1500, fs=RATE_HZ, output="sos")
    target = scipy.signal.sosfilt(dark, song(83, seconds=8), axis=0)
    response = room(np.random.default_rng(83), RATE_HZ, rt60_s=1.0, wet_db=-6)
    wet = [scipy.signal.oaconvolve(target[:, side], response[:, side])[: len(target)] for side in (0, 1)]
    chained = identify_chain(MemoryReader(of(target + np.stack(wet, axis=1))), MemoryReader(of(target)))
    assert chained.reverb is not None
    assert -12 < 20 * np.log10(chained.reverb.mix) < -4
    assert np.abs(response_db(chained.eq, np.geomspace(60, 16_000, 60), RATE_HZ)).max() < 3


def test_a_chain_may_do_more_than_one_band_can() -> None:
    bright = song(84, seconds=10)
    f_hz = np.geomspace(80, 15_000, 60)
    shelves = [
        scipy.signal.bilinear([10 ** (gain_db / 20), 2 * np.pi * at_hz], [1, 2 * np.pi * at_hz], fs=RATE_HZ)
        for at_hz, gain_db in ((2500.0, -12.0), (6000.0, -12.0))
    ]
    sos = np.concatenate([scipy.signal.tf2sos(*shelf) for shelf in shelves])
    dark = scipy.signal.sosfilt(sos, bright, axis=0)

    found = response_db(identify_chain(MemoryReader(of(bright)), MemoryReader(of(dark))).eq, f_hz, RATE_HZ)

    truth = -20 * np.log10(np.abs(scipy.signal.freqz_sos(sos, f_hz, fs=RATE_HZ)[1]))
    assert np.ptp(truth) > 20
    np.testing.assert_allclose(found - found[:30].mean(), truth - truth[:30].mean(), atol=0.5)


def test_how_the_reference_lies_is_said(pair: Pair) -> None:
    reference = ARRIVALS["late"](of(-pair.reference.samples[:, ::-1]))
    chained = identify_chain(MemoryReader(reference), MemoryReader(pair.target))
    sentence = chained.sentences["eq"]
    assert "3.00 s later, upside down, with left and right swapped" in sentence


@pytest.mark.parametrize("channels", [1, 2])
def test_one_channel_is_as_loud_as_two_loudspeakers_make_it(channels: int, pair: Pair) -> None:
    middle = pair.reference.samples.mean(axis=1, keepdims=True)
    one, two = (analyze_features(of(np.repeat(middle, n, axis=1))) for n in (1, 2))
    reference, target = (one, two) if channels == 2 else (two, one)
    assert lufs_as_heard(as_arrays(reference), channels) == pytest.approx(target.loudness.integrated_lufs, abs=0.01)
    heard = as_arrays(reference).short_term_lufs + heard_louder_lu(as_arrays(reference), channels)
    assert heard == pytest.approx(as_arrays(target).short_term_lufs, abs=0.01)
    lufs = invert_params(reference, target).lufs
    assert lufs is not None
    assert lufs.gain_db == pytest.approx(0.0, abs=0.02)


def test_pieces_from_all_over_lie_on_one_another() -> None:
    rng = np.random.default_rng(3)
    target = of(rng.normal(0, 0.1, (120 * 8000, 2)), 8000)
    later = np.concatenate([np.zeros((8000 // 2, 2)), -target.samples[:, ::-1]])  # .5 s later, upside down, swapped
    reference = of(later, 8000)
    readers = MemoryReader(reference), MemoryReader(target)
    pieces = sampled(align(*readers), *readers, (120.5, 120.0))
    assert pieces is not None
    assert pieces.pieces * 9 * 8000 == len(pieces.target)
    np.testing.assert_allclose(pieces.reference, pieces.target, atol=1e-6)
    assert sampled(align(*readers), *readers, (60.0, 60.0)) is None


def test_a_compressor_that_works_only_in_a_late_chorus_is_found() -> None:
    rate_hz = 22_050
    quiet, loud = (song(7, part=part, seconds=65, rate_hz=rate_hz) for part in (0, 1))
    music = np.concatenate([0.1 * quiet, loud])
    pressed = through_ffmpeg(music, rate_hz, "acompressor=threshold=0.1:ratio=4:attack=15:release=180")[: len(music)]
    readers = MemoryReader(of(pressed, rate_hz)), MemoryReader(of(music, rate_hz))
    opening, all_over = identify_chain(*readers), identify_chain(*readers, (130.0, 130.0))
    assert all_over.compressor is not None
    assert all_over.compressor.ratio > 2
    assert opening.compressor is None or opening.compressor.ratio < 1.5
