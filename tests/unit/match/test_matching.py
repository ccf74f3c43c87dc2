"""Known chains are found again: the distances of the bars, on pairs that differ from those anything was tried on."""

import numpy as np
import pytest
import scipy.signal
from tests.fixtures.pairs import Kind, Pair, frame_mel_distance_db, make_pair, song

from soundstage.arrays import Floats
from soundstage.audio.io import Audio
from soundstage.audio.streams import MemoryReader, MemoryWriter
from soundstage.match.analysis.bands import band_centres_hz, mel_centres_hz
from soundstage.match.analysis.features import analyze_features
from soundstage.match.estimation.chain_identification import identify_chain
from soundstage.match.estimation.eq_fit import fit_bands
from soundstage.match.estimation.expected_response import NARROW_TOO, Difference, expected_response
from soundstage.match.estimation.inversion import invert_params
from soundstage.match.rendering.eq_response import response_db
from soundstage.match.rendering.render import render
from soundstage.models.errors import InvalidInput, MediaRejected
from soundstage.models.style import Amounts, EqBand, Features, Mode, StyleParams

RATE_HZ = 44_100


def matched(pair: Pair, mode: Mode, amounts: Amounts | None = None) -> tuple[Audio, StyleParams, Features]:
    reference, target = MemoryReader(pair.reference), MemoryReader(pair.target)
    features = analyze_features(reference)
    chained = identify_chain(reference, target) if mode == "A" else None
    params = invert_params(features, analyze_features(target), mode, amounts, chained=chained)
    writer = MemoryWriter()
    render(target, writer, params)
    assert writer.audio is not None
    return writer.audio, params, features


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "mode", "bar_db"),
    [
        ("eq_gain_width", "A", 0.05),
        ("eq_gain_width", "B", 0.05),
        ("loud_master", "A", 1.0),
        ("loud_master", "B", 1.0),
        ("reverb", "A", 1.0),
    ],
)
def test_a_known_chain_is_matched(kind: Kind, mode: Mode, bar_db: float) -> None:
    pair = make_pair(kind, 21, seconds=16)
    result, params, reference = matched(pair, mode)
    assert frame_mel_distance_db(result, pair.truth) <= bar_db
    landed = analyze_features(result).loudness.integrated_lufs
    assert landed == pytest.approx(reference.loudness.integrated_lufs, abs=0.1)
    assert StyleParams.model_validate_json(params.model_dump_json()) == params
    assert {note.stage for note in params.notes} >= {"eq", "lufs", "limiter"}


@pytest.mark.slow
def test_another_part_of_the_song_tells_the_equaliser() -> None:
    left = []
    for seed in (25, 26, 27):
        pair = make_pair("other_part", seed, seconds=24)
        result, params, _ = matched(pair, "B")
        assert params.reverb is None
        assert params.compressor is None
        left.append(frame_mel_distance_db(result, pair.truth))
        assert left[-1] < 0.5 * frame_mel_distance_db(pair.target, pair.truth)
    assert np.median(left) <= 0.3  # .2 in the median of many


def test_another_part_of_the_song_is_another_performance() -> None:
    pair = make_pair("other_part", 108, seconds=12)
    with pytest.raises(MediaRejected):
        identify_chain(MemoryReader(pair.reference), MemoryReader(pair.target))


def test_a_stage_that_is_off_does_nothing() -> None:
    pair = make_pair("eq_gain_width", 24, seconds=8)
    off = Amounts(pitch=0, eq=0, compressor=0, exciter=0, reverb=0, stereo=0, lufs=0, limiter=0)
    result, params, _ = matched(pair, "B", off)
    assert params.eq
    np.testing.assert_array_equal(result.samples, pair.target.samples)


def test_a_delayed_upside_down_swapped_reference_is_brought_together() -> None:
    music = song(30, seconds=12).astype(np.float32)
    late = np.concatenate([np.zeros((3217, 2), np.float32), -music[:, ::-1] * 0.5])
    chained = identify_chain(MemoryReader(Audio(late, RATE_HZ)), MemoryReader(Audio(music, RATE_HZ)))
    assert (chained.aligned.lag_frames, chained.aligned.polarity, chained.aligned.swapped) == (3217, -1, True)
    assert chained.width == pytest.approx(1.0, abs=0.01)
    assert all(abs(band.gain_db) < 0.2 for band in chained.eq)


def test_mode_a_refuses_another_performance() -> None:
    one, other = (MemoryReader(Audio(song(seed, seconds=8).astype(np.float32), RATE_HZ)) for seed in (31, 32))
    with pytest.raises(MediaRejected, match="same performance"):
        identify_chain(one, other)


def test_air_that_is_missing_is_made_of_harmonics() -> None:
    """Where a target ends at 8 kHz an equaliser would lift nothing; the exciter brings the level above it nearer."""
    pair = make_pair("eq_gain_width", 34, seconds=8)
    lowpass = scipy.signal.butter(12, 7500, fs=RATE_HZ, output="sos")
    dull = Audio(scipy.signal.sosfiltfilt(lowpass, pair.target.samples, axis=0).astype(np.float32), RATE_HZ)
    params = invert_params(analyze_features(pair.target), analyze_features(dull))
    assert params.exciter is not None
    heights = []
    for amount in (0.0, 1.0):
        style = params.model_copy(update={"amounts": Amounts(exciter=amount, limiter=0)})
        writer = MemoryWriter()
        render(MemoryReader(dull), writer, style)
        assert writer.audio is not None
        levels = np.array(analyze_features(writer.audio).mel.levels_db)[-1]
        heights.append(levels[np.array(mel_centres_hz()) > 9000].mean())
    wanted = np.array(analyze_features(pair.target).mel.levels_db)[-1][np.array(mel_centres_hz()) > 9000].mean()
    assert heights[0] < heights[1] < wanted + 3


def test_silence_cannot_be_matched() -> None:
    silent = analyze_features(Audio(np.zeros((RATE_HZ, 2), np.float32), RATE_HZ))
    loud = analyze_features(Audio(song(33, seconds=2).astype(np.float32), RATE_HZ))
    with pytest.raises(InvalidInput):
        invert_params(silent, loud)


@pytest.mark.parametrize("channels", [1, 2, 6])
@pytest.mark.parametrize("rate_hz", [22_050, 96_000])
def test_features_of_any_shape_are_json(channels: int, rate_hz: int) -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, (3 * rate_hz, channels)).astype(np.float32)
    features = analyze_features(Audio(noise, rate_hz))
    assert Features.model_validate_json(features.model_dump_json()) == features
    assert features.duration_s == pytest.approx(3.0)
    assert (features.stereo.side_to_mid_db is None) == (channels != 2)
    params = invert_params(features, features)
    assert all(abs(band.gain_db) < 0.1 for band in params.eq)
    assert params.stereo is None


def found_bands(f_hz: Floats, wanted_db: Floats, noise_db: float, rate_hz: int) -> list[EqBand]:
    difference = Difference(f_hz, wanted_db, np.full(len(f_hz), noise_db**2), np.ones(len(f_hz)))
    return fit_bands(expected_response(difference, rate_hz, NARROW_TOO), rate_hz)


def test_a_response_is_fitted_to_the_last_hundredth() -> None:
    truth = [
        EqBand(type="low_shelf", f_hz=140, q=0.7, gain_db=4.0),
        EqBand(type="peaking", f_hz=900, q=1.4, gain_db=-5.0),
        EqBand(type="high_shelf", f_hz=6000, q=0.7, gain_db=3.0),
    ]
    f_hz = np.geomspace(25, 19_000, 160)
    wanted = response_db(truth, f_hz, 48_000) + 7.0
    bands = found_bands(f_hz, wanted, 0.02, 48_000)
    assert np.std(response_db(bands, f_hz, 48_000) - wanted) < 0.03


def test_bands_that_crowd_together_are_found() -> None:
    """Added one by one they end where none helps; exchanged, they do."""
    truth = [
        EqBand(type="peaking", f_hz=86, q=1.53, gain_db=5.6),
        EqBand(type="peaking", f_hz=105, q=1.47, gain_db=-5.0),
        EqBand(type="peaking", f_hz=175, q=1.65, gain_db=7.8),
        EqBand(type="high_shelf", f_hz=2609, q=0.707, gain_db=4.8),
        EqBand(type="peaking", f_hz=5409, q=2.02, gain_db=-7.2),
    ]
    f_hz = band_centres_hz(RATE_HZ)
    wanted = response_db(truth, f_hz, RATE_HZ) + 3.0
    bands = found_bands(f_hz, wanted, 0.04, RATE_HZ)
    assert np.std(response_db(bands, f_hz, RATE_HZ) - wanted) < 0.1
