"""What makes a song worse lowers its scores, the more of it the lower."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.fixtures.analyses import analysis_of, whole
from tests.fixtures.tunes import TUNES

from soundstage.audio.decibels import db_to_amplitude
from soundstage.audio.filters import SosFilter, high_pass, peaking
from soundstage.audio.io import Audio
from soundstage.audio.loudness import measure_loudness
from soundstage.models.composition import Composition
from soundstage.models.music import Analysis, GenParams
from soundstage.music.composing.composition import compose_params
from soundstage.music.evaluation.melody_similarity import Contour, hum_contour, input_similarity
from soundstage.music.evaluation.quality import MEDIAN_VALUE, audio_quality, value_of
from soundstage.music.generation import play
from soundstage.music.instruments.modal_synthesis import RATE_HZ

pytestmark = pytest.mark.slow
Stereo = NDArray[np.float32]


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    return analysis_of(TUNES[1], quarters_per_minute=160.0)


@pytest.fixture(scope="module")
def composition(analysis: Analysis) -> Composition:
    return compose_params(analysis, whole(analysis), GenParams(duration_s=30, seed=2, style_a="ballad"))


@pytest.fixture(scope="module")
def song(composition: Composition) -> Stereo:
    return play(composition, composition.variants["A"]).samples


def quality(samples: Stereo) -> float:
    """At −14 LUFS, as masters are, so that loudness is no gate's business."""
    gain_db = -14.0 - measure_loudness(samples, RATE_HZ).integrated_lufs
    quieter = np.asarray(samples * np.float32(db_to_amplitude(gain_db)), np.float32)
    score = audio_quality(Audio(quieter, RATE_HZ), len(samples) / RATE_HZ)
    return score.value + 0.2 * len(score.gates_failed)


def thin(samples: Stereo, amount: int) -> Stereo:
    return SosFilter(high_pass(RATE_HZ, (0, 150.0, 300.0, 600.0)[amount]), 2).process(samples)


def muddy(samples: Stereo, amount: int) -> Stereo:
    return SosFilter(peaking(RATE_HZ, 250.0, 0.8, 5.0 * amount), 2).process(samples)


def narrow(samples: Stereo, amount: int) -> Stereo:
    mid = samples.mean(axis=1, keepdims=True)
    return np.asarray(mid + (0, 0.35, 0.1, 0.0)[amount] * (samples - mid), np.float32)


def clipped(samples: Stereo, amount: int) -> Stereo:
    peak = np.abs(samples).max()
    return np.asarray(np.clip(samples * np.float32(db_to_amplitude(4.0 * amount)), -peak, peak), np.float32)


@pytest.mark.parametrize("degraded", [thin, muddy, narrow, clipped])
def test_each_fault_of_the_sound_costs_quality(degraded: Callable[[Stereo, int], Stereo], song: Stereo) -> None:
    values = [quality(song), *(quality(degraded(song, amount)) for amount in (1, 2, 3))]
    assert all(more > less for more, less in pairwise(values)), values
    assert values[-1] < 0.87 * values[0]
    assert 0.0 < values[-1] < values[0] < 1.0


def test_a_value_says_where_among_released_songs_it_is() -> None:
    assert value_of(0.0) == 1.0
    assert value_of(1.09) == pytest.approx(MEDIAN_VALUE)
    assert value_of(2.72) == pytest.approx(0.5, abs=0.02)


def test_a_drowned_tune_is_kept_less(composition: Composition, analysis: Analysis) -> None:
    plan = composition.variants["A"]
    contour = hum_contour(analysis, whole(analysis))
    kept = []
    for lead_gain_db in (0.0, -12.0, -60.0):
        quieter = plan.model_copy(update={"lead_gain_db": lead_gain_db, "without": ["violin"]})
        samples = play(composition, quieter).samples
        kept.append(input_similarity(contour, Audio(samples, RATE_HZ)).value)
    assert all(more > less for more, less in pairwise(kept)), kept
    assert 0.5 < kept[0] < 1.0


def wrong(contour: Contour, share: float) -> Contour:
    """With so many of its notes at another pitch."""
    rng = np.random.default_rng(3)
    runs = np.split(contour, np.flatnonzero(np.diff(contour)) + 1)
    order = rng.permutation(len(runs))[: round(share * len(runs))]
    return np.concatenate([(run + 1 + i % 5) % 12 if i in order else run for i, run in enumerate(runs)])


def test_wrong_notes_and_another_pace_are_kept_less(song: Stereo, analysis: Analysis) -> None:
    audio = Audio(song, RATE_HZ)
    contour = hum_contour(analysis, whole(analysis))

    def kept(tune: Contour) -> float:
        return input_similarity(tune, audio).value

    by_errors = [kept(wrong(contour, share)) for share in (0.0, 0.1, 0.3, 0.6)]
    assert all(more > less for more, less in pairwise(by_errors)), by_errors
    assert by_errors[-1] < 0.3
    by_pace = [kept(contour[np.arange(0, len(contour), pace).astype(int)]) for pace in (1.0, 1.1, 1.25, 1.5)]
    assert all(more > less for more, less in pairwise(by_pace)), by_pace


def test_a_tune_in_another_key_than_its_song_is_kept_less(song: Stereo, analysis: Analysis) -> None:
    audio, contour = Audio(song, RATE_HZ), hum_contour(analysis, whole(analysis))
    in_key, beside = (input_similarity(contour, audio, transposition) for transposition in (0, 5))
    assert in_key.value > beside.value
    assert in_key.z == beside.z
