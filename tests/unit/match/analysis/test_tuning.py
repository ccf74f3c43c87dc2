"""The pitch moves where it is certain that it should, and nowhere else."""

import numpy as np
import pytest
from tests.fixtures.features import arrays_of
from tests.fixtures.pairs import Kind, make_pair, song, through_ffmpeg

from soundstage.audio.io import Audio
from soundstage.audio.streams import MemoryReader, MemoryWriter
from soundstage.match.analysis.tuning import apart_cents
from soundstage.match.estimation.inversion import invert_params
from soundstage.match.estimation.transposition import transposition
from soundstage.match.pipeline import match_recordings
from soundstage.models.style import Amounts, Mode

RATE_HZ = 44_100
MUSIC = song(91, seconds=12)


def audio(samples: np.ndarray) -> Audio:
    return Audio(np.ascontiguousarray(samples, np.float32), RATE_HZ)


def moved(samples: np.ndarray, semitones: float) -> Audio:
    """Another pitch at the same speed, by ffmpeg."""
    ratio = 2 ** (semitones / 12)
    effects = f"asetrate={round(RATE_HZ * ratio)},aresample={RATE_HZ},atempo={1 / ratio}"
    return audio(through_ffmpeg(samples, RATE_HZ, effects))


@pytest.mark.parametrize("semitones", [-2.0, -0.32, 1.0, 2.5])
def test_a_transposed_performance_is_known(semitones: float) -> None:
    found = transposition(arrays_of(moved(MUSIC, semitones)), arrays_of(audio(MUSIC)))
    assert found == pytest.approx(semitones, abs=0.02)


@pytest.mark.parametrize("mode", ["auto", "A"])
def test_the_target_follows_a_transposed_reference(mode: Mode) -> None:
    music = MUSIC[: 8 * RATE_HZ]
    reference, writer = moved(music, -1.0), MemoryWriter()
    match = match_recordings([(MemoryReader(reference), 1.0)], MemoryReader(audio(music)), writer, mode=mode)
    assert match.params.pitch is not None
    assert match.params.pitch.semitones == pytest.approx(-1.0, abs=0.02)
    assert writer.audio is not None
    heard = arrays_of(writer.audio)
    assert transposition(heard, arrays_of(audio(music))) == pytest.approx(-1.0, abs=0.05)


def test_another_tuning_is_followed_only_by_name() -> None:
    other, music = arrays_of(moved(song(92, seconds=8), 12 * np.log2(432 / 440))), arrays_of(audio(MUSIC))
    assert invert_params(other, music).pitch is None
    params = invert_params(other, music, amounts=Amounts(pitch=1.0))
    assert params.pitch is not None
    assert params.pitch.semitones == pytest.approx(12 * np.log2(432 / 440), abs=0.04)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["other_part", "different_song", "loud_master", "reverb"])
def test_the_pitch_of_other_music_is_left(kind: Kind) -> None:
    pair = make_pair(kind, 93, seconds=10)
    params = invert_params(arrays_of(pair.reference), arrays_of(pair.target), amounts=Amounts(pitch=1.0))
    assert params.pitch is None
    (note,) = [note for note in params.notes if note.stage == "pitch"]
    assert not note.applied


def test_noise_has_no_tuning() -> None:
    noise = audio(np.random.default_rng(0).normal(0, 0.1, (6 * RATE_HZ, 2)))
    features = arrays_of(noise)
    assert features.tuning is None or features.tuning.clarity < 0.3
    assert apart_cents(features, arrays_of(audio(MUSIC))) is None
