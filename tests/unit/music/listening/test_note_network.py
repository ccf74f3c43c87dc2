"""The network that hears notes begin, and what transcription makes of it."""

import numpy as np
import pytest
from numpy.typing import NDArray

from soundstage.audio.pitch import midi_to_hz
from soundstage.music.listening.note_network import FEATURES, WEIGHTS, frame_times_s, note_frames
from soundstage.music.listening.salience import measure_salience
from soundstage.music.listening.transcription import onset_times_s, transcribe

RATE_HZ = 16_000


def sung(pitch: NDArray[np.float64], level: NDArray[np.float64]) -> NDArray[np.float32]:
    """A voice on ``pitch`` (MIDI) at ``level``, sample by sample, with silence around it."""
    phase = 2 * np.pi * np.cumsum([midi_to_hz(midi) for midi in pitch]) / RATE_HZ
    voice = 0.2 * level * np.sum([np.sin(k * phase) / k for k in range(1, 8)], axis=0)
    return np.pad(voice, RATE_HZ // 4).astype(np.float32)


def test_a_note_sung_again_is_heard_by_its_consonant() -> None:
    time_s = np.arange(int(1.6 * RATE_HZ)) / RATE_HZ
    level = np.clip(np.abs(np.mod(time_s + 0.2, 0.4) - 0.2) / 0.03, 0.03, 1.0)  # falls every .4 s

    voice = measure_salience(sung(np.full(len(time_s), 60.0), level), RATE_HZ)
    notes = transcribe(voice)

    assert [round(note.pitch) for note in notes] == [60] * 4
    assert [note.onset_s for note in notes] == pytest.approx([0.25 + 0.4 * i for i in range(4)], abs=0.05)
    assert len(onset_times_s(note_frames(voice.features))) == 4


@pytest.mark.parametrize(("others_s", "count"), [(0.4, 8), (0.8, 7)])
def test_a_note_that_softens_for_a_moment_is_two_where_its_neighbours_are_half_as_long(
    others_s: float, count: int
) -> None:
    length_s = [others_s] * 3 + [0.8] + [others_s] * 3
    end_s = np.cumsum(length_s)
    time_s = np.arange(int(end_s[-1] * RATE_HZ)) / RATE_HZ
    pitch = np.repeat([60.0, 62.0, 64.0, 65.0, 64.0, 62.0, 60.0], np.round(np.array(length_s) * RATE_HZ).astype(int))
    consonants = np.clip(np.abs(np.subtract.outer(time_s, end_s[:-1])).min(axis=1) / 0.03, 0.03, 1.0)
    softer = 1 - 0.65 * np.exp(-0.5 * ((time_s - end_s[2] - 0.4) / 0.015) ** 2)

    notes = transcribe(measure_salience(sung(pitch[: len(time_s)], consonants * softer), RATE_HZ))

    assert len(notes) == count


def test_a_pitch_that_moves_for_good_is_a_new_note_whatever_else_is_heard() -> None:
    time_s = np.arange(int(1.5 * RATE_HZ)) / RATE_HZ
    pitch = 57.0 + 2.0 * np.clip((time_s - 0.5) / 0.06, 0, 1) - 4.0 * np.clip((time_s - 1.0) / 0.06, 0, 1)

    notes = transcribe(measure_salience(sung(pitch, np.ones(len(time_s))), RATE_HZ))

    assert [round(note.pitch) for note in notes] == [57, 59, 55]
    assert [note.onset_s for note in notes] == pytest.approx([0.25, 0.78, 1.28], abs=0.06)


def test_a_note_is_on_the_pitch_where_it_rests() -> None:
    time_s = np.arange(int(0.6 * RATE_HZ)) / RATE_HZ
    pitch = 62.0 - 2.5 * np.clip(1 - time_s / 0.15, 0, 1) - 1.5 * np.clip((time_s - 0.5) / 0.1, 0, 1)

    notes = transcribe(measure_salience(sung(pitch, np.ones(len(time_s))), RATE_HZ))

    assert [note.pitch for note in notes] == pytest.approx([62.0], abs=0.15)


def test_the_network_looks_at_whole_recordings_of_any_length() -> None:
    for count in (0, 1, 5, 400):
        frames = note_frames(np.zeros((count, FEATURES), np.float32))
        assert frames.onset.shape == frames.sounds.shape == frame_times_s(count).shape == (count,)
        assert np.all(np.isfinite(frames.onset))
    assert WEIGHTS.stat().st_size < 5_000_000
