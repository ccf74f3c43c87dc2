"""A room is heard where there is one, and only there."""

from dataclasses import replace

import numpy as np
import pytest
from tests.fixtures.features import arrays_of
from tests.fixtures.pairs import Kind, frame_mel_distance_db, make_pair

from soundstage.audio.streams import MemoryReader, MemoryWriter
from soundstage.match.estimation.inversion import invert_params
from soundstage.match.estimation.reverb_estimation import find_room, reverb_for
from soundstage.match.rendering.render import render
from soundstage.match.rendering.reverb import tail_response
from soundstage.models.style import Amounts


@pytest.mark.slow
@pytest.mark.parametrize("seed", [61, 62])
def test_a_room_is_matched_by_statistics_alone(seed: int) -> None:
    """Another tail just as long and strong leaves 2 to 2.9 dB: chance, which only mode A can copy."""
    pair = make_pair("reverb", seed, seconds=16)
    reference, target = arrays_of(pair.reference), arrays_of(pair.target)
    assert invert_params(reference, target).reverb is None  # nobody asked whether other music is in a room
    params = invert_params(reference, target, amounts=Amounts(reverb=1.0))
    assert params.reverb is not None
    writer = MemoryWriter()
    render(MemoryReader(pair.target), writer, params)
    assert writer.audio is not None
    before = frame_mel_distance_db(pair.target, pair.truth)
    assert frame_mel_distance_db(writer.audio, pair.truth) < 0.85 * before


@pytest.mark.parametrize("kind", ["eq_gain_width", "other_part", "loud_master"])
def test_no_room_is_heard_in_other_differences(kind: Kind) -> None:
    pair = make_pair(kind, 63, seconds=16)
    assert find_room(arrays_of(pair.reference), arrays_of(pair.target)) is None


def test_the_tail_is_as_strong_as_the_room_at_any_rate() -> None:
    pair = make_pair("reverb", 61, seconds=16)
    reference, target = arrays_of(pair.reference), arrays_of(pair.target)
    room = find_room(reference, target)
    assert room is not None
    energies = []
    for rate_hz in (44_100, 96_000):
        reverb = reverb_for(room, replace(target, rate_hz=rate_hz))
        response = tail_response(reverb, rate_hz, 1)[:, 0]
        power = np.abs(np.fft.rfft(response)) ** 2
        f_hz = np.fft.rfftfreq(len(response), 1 / rate_hz)
        energies.append(10 * np.log10(power[(f_hz > 500) & (f_hz < 2000)].mean()))
    assert energies[0] == pytest.approx(energies[1], abs=1.5)


def test_the_mel_frames_are_those_of_the_percentiles() -> None:
    features = arrays_of(make_pair("other_part", 64, seconds=12).target)
    assert features.mel_spectrogram is not None
    np.testing.assert_allclose(np.median(features.mel_spectrogram.levels_db, axis=0), features.mel_db[2], atol=0.8)
