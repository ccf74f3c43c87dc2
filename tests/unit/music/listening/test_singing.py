"""What people do when they sing (slide into notes, glide, rest) and what they do when they talk."""

import numpy as np
import pytest
from numpy.typing import NDArray

from soundstage.audio.pitch import midi_to_hz
from soundstage.music.listening.classification import sounds_along, without_speech
from soundstage.music.listening.dropouts import fill_dropouts
from soundstage.music.listening.salience import measure_salience
from soundstage.music.listening.transcription import SungNote, transcribe

RATE_HZ = 16_000


def note(onset_s: float, duration_s: float, unsteadiness: float) -> SungNote:
    return SungNote(onset_s, onset_s + duration_s, 60.0, 0.0, unsteadiness, -20.0, 0.9)


def row(count: int, *, duration_s: float, unsteadiness: float, start_s: float = 0.0) -> list[SungNote]:
    return [note(start_s + i * duration_s, duration_s, unsteadiness) for i in range(count)]


def three_notes(bends: list[tuple[float, float]]) -> NDArray[np.float32]:
    """Three sung notes, each bent: by so many semitones at first, for so many seconds."""
    parts = []
    for midi, (semitones, bend_s) in zip((60, 64, 62), bends, strict=True):
        time_s = np.arange(int(0.6 * RATE_HZ)) / RATE_HZ
        pitch = midi + semitones * np.clip(1 - time_s / max(bend_s, 1e-3), 0, 1)
        phase = 2 * np.pi * np.cumsum([midi_to_hz(p) for p in pitch]) / RATE_HZ
        swell = np.minimum(1, 30 * np.minimum(time_s, 0.6 - time_s))
        parts += [swell * sum(np.sin(k * phase) / k for k in range(1, 6)), np.zeros(RATE_HZ // 10)]
    mono = np.concatenate([np.zeros(RATE_HZ // 5), *parts, np.zeros(RATE_HZ // 5)])
    return (0.2 * mono).astype(np.float32)


@pytest.mark.parametrize("bend", [(0.0, 0.0), (-1.5, 0.12), (-1.0, 0.2), (1.2, 0.12)])
def test_a_slide_into_a_note_is_part_of_it(bend: tuple[float, float]) -> None:
    notes = transcribe(measure_salience(three_notes([bend] * 3), RATE_HZ))

    assert [round(n.pitch) for n in notes] == [60, 64, 62]
    assert [n.onset_s for n in notes] == pytest.approx([0.2, 0.9, 1.6], abs=0.05)


def test_notes_go_on_through_holes() -> None:
    whole = three_notes([(0.0, 0.0)] * 3)
    holed = whole.copy()
    for start_s in (0.4, 0.58, 1.2, 1.9):
        holed[int(start_s * RATE_HZ) : int((start_s + 0.08) * RATE_HZ)] = 0.0

    voice = measure_salience(holed, RATE_HZ)

    assert voice.dropouts == 4
    assert [round(n.pitch) for n in transcribe(voice)] == [60, 64, 62]
    assert not len(fill_dropouts(whole, RATE_HZ)[1])


def test_sung_notes_are_kept_though_some_of_them_glide() -> None:
    notes = row(4, duration_s=0.3, unsteadiness=0.08) + row(1, duration_s=0.12, unsteadiness=1.5, start_s=1.2)
    notes += row(4, duration_s=0.3, unsteadiness=0.15, start_s=1.4)

    assert without_speech(notes) == notes


def test_quick_sung_notes_are_kept_with_the_splinters_between_them() -> None:
    lengths_s = (0.06, 0.4, 0.09, 0.16, 0.16, 0.07, 0.3)
    unsteadiness = (2.1, 0.15, 1.3, 0.35, 0.35, 1.3, 0.2)
    starts_s = (0.0, 0.1, 0.5, 0.6, 0.8, 1.0, 1.1)
    notes = [
        note
        for length_s, moves, start_s in zip(lengths_s, unsteadiness, starts_s, strict=True)
        for note in row(1, duration_s=length_s, unsteadiness=moves, start_s=start_s)
    ]
    melody = row(8, duration_s=0.4, unsteadiness=0.1, start_s=1.5)

    assert without_speech(notes + melody) == notes + melody


def test_fast_steady_notes_are_no_talk() -> None:
    notes = row(16, duration_s=0.15, unsteadiness=0.15)

    assert without_speech(notes) == notes


def test_syllables_are_left_out_though_some_of_them_rest() -> None:
    syllables = row(5, duration_s=0.13, unsteadiness=1.0) + row(1, duration_s=0.2, unsteadiness=0.2, start_s=0.7)
    syllables += row(5, duration_s=0.13, unsteadiness=0.7, start_s=1.0)
    melody = row(8, duration_s=0.4, unsteadiness=0.1, start_s=2.0)

    assert without_speech(syllables) == []
    assert without_speech(syllables + melody) == melody
    assert without_speech(melody + syllables) == melody


@pytest.mark.parametrize(("second_db", "along"), [(None, False), (-30.0, False), (-10.0, True), (-3.0, True)])
def test_another_voice_is_noticed(second_db: float | None, along: bool) -> None:
    time_s = np.arange(4 * RATE_HZ) / RATE_HZ
    first, second = (
        np.sum([np.sin(2 * np.pi * k * midi_to_hz(midi) * time_s) / k for k in range(1, 6)], axis=0)
        for midi in (60, 66.3)
    )
    both = first + (10 ** (second_db / 20) * second if second_db is not None else 0.0)

    voice = measure_salience((0.1 * both).astype(np.float32), RATE_HZ)

    assert sounds_along(voice.harmonicity) == along


@pytest.mark.parametrize("band", [False, True])
def test_a_band_is_noticed_that_plays_where_the_tune_rests(band: bool) -> None:
    time_s = np.arange(9 * RATE_HZ) / RATE_HZ
    tune = np.sum([np.sin(2 * np.pi * k * midi_to_hz(60) * time_s) / k for k in range(1, 6)], axis=0)
    band_chord = np.sum([np.sin(2 * np.pi * midi_to_hz(midi) * time_s) for midi in np.linspace(45, 88, 24)], axis=0)
    rests = time_s % 0.9 > 0.4

    voice = measure_salience((0.1 * np.where(rests, band * band_chord, tune)).astype(np.float32), RATE_HZ)

    assert sounds_along(voice.harmonicity) == band


def test_nothing_is_no_speech() -> None:
    assert without_speech([]) == []
