"""Key, tuning and notes decoded together from fractional pitches that are known."""

import numpy as np
import pytest
from tests.fixtures.tunes import TUNES, Melody
from tests.fixtures.unheard_tunes import UNHEARD_TUNES

from soundstage.models.music import Mode
from soundstage.music.listening.analysis import UNSURE_CONFIDENCE
from soundstage.music.listening.key_and_tuning import TONIC_NAMES, decode_tonality
from soundstage.music.listening.transcription import SungNote


def sung(melody: Melody, tonic: int, *, cents: float = 0.0, tuning: float = 0.0, drift: float = 0.0) -> list[SungNote]:
    rng = np.random.default_rng(3)
    notes, beat = [], 0.0
    for step, length in melody.steps:
        if step is not None:
            pitch = tonic + step + tuning + drift * beat / melody.beats + rng.normal(0, cents / 100)
            notes.append(SungNote(beat * 0.6, (beat + length) * 0.6, pitch, 0.0, 0.0, -20.0, 1.0))
        beat += length
    return notes


@pytest.mark.parametrize("melody", TUNES, ids=lambda melody: melody.name)
def test_tunes_in_any_tuning(melody: Melody) -> None:
    tonality = decode_tonality(sung(melody, 62, cents=8, tuning=0.37))

    assert (tonality.key.tonic, tonality.key.mode) == ("D", melody.mode)
    assert tonality.midi == [62 + step for step, _ in melody.steps if step is not None]
    assert np.median(tonality.tuning) == pytest.approx(0.37, abs=0.08)


@pytest.mark.parametrize("tuning", [-0.5, -0.45, 0.45, 0.5, 0.55])
def test_a_tonic_between_two_names_is_one_hypothesis(tuning: float) -> None:
    tonality = decode_tonality(sung(TUNES[0], 62, cents=15, tuning=tuning))

    assert tonality.confidence > 0.95
    assert tonality.key.mode == Mode.MAJOR
    meant = [step for step, _ in TUNES[0].steps if step is not None]
    assert len({midi - step for midi, step in zip(tonality.midi, meant, strict=True)}) == 1


@pytest.mark.parametrize("name", ["drunken sailor", "old joe clark", "mo li hua", "the first noel", "o come emmanuel"])
def test_modes_and_tunes_that_end_off_their_tonic(name: str) -> None:
    melody = next(tune for tune in UNHEARD_TUNES if tune.name == name)

    tonality = decode_tonality(sung(melody, 57, cents=10))

    assert (tonality.key.tonic, tonality.key.mode) == ("A", melody.mode)


def test_a_tune_that_stops_early_keeps_its_key() -> None:
    melody = next(tune for tune in TUNES if tune.name == "auld lang syne")

    tonality = decode_tonality(sung(melody, 62, cents=10)[: melody.phrase_starts[5]])  # on its sixth

    assert (tonality.key.tonic, tonality.key.mode) == ("D", Mode.MAJOR)


def test_a_singer_who_sinks_by_most_of_a_semitone() -> None:
    melody = TUNES[0]

    tonality = decode_tonality(sung(melody, 55, cents=5, tuning=0.3, drift=-0.8))

    assert tonality.midi == [55 + step for step, _ in melody.steps if step is not None]
    assert tonality.tuning[0] - tonality.tuning[-1] == pytest.approx(0.8, abs=0.25)


def test_notes_that_stray_are_pulled_into_the_key() -> None:
    meant = [60 + step for step, _ in TUNES[0].steps if step is not None]

    tonality = decode_tonality(sung(TUNES[0], 60, cents=35))

    nearest = np.round([note.pitch for note in sung(TUNES[0], 60, cents=35)])
    assert np.mean(np.array(tonality.midi) == meant) >= max(0.9, float(np.mean(nearest == meant)))


def test_a_phrase_from_the_middle_of_a_tune_may_be_in_the_key_that_it_ends_in() -> None:
    """Two bars of a trumpet's solo in F Dorian, which begin on its seventh."""
    pitches = (75, 74, 72, 70, 68, 70, 72, 70, 65, 70, 68, 65)
    lengths = (1, 1, 1, 1, 1, 1, 2, 1.5, 2, 2, 1, 4)
    beats = np.cumsum([0, *lengths[:-1]])

    tonality = decode_tonality(
        [
            SungNote(0.17 * beat, 0.17 * (beat + length) - 0.02, midi, 0.0, 0.0, -20.0, 1.0)
            for beat, length, midi in zip(beats, lengths, pitches, strict=True)
        ]
    )

    likely = [(key.tonic, key.mode) for key in (tonality.key, tonality.rival)]
    assert ("F", Mode.MINOR) in likely
    assert tonality.confidence < UNSURE_CONFIDENCE


def test_of_keys_told_with_80_percent_four_in_five_are_right() -> None:
    """Stretches of twelve notes, which often do not settle the key."""
    told = []
    for melody in (*TUNES, *UNHEARD_TUNES):
        notes = sung(melody, 57, cents=30)
        for at in range(0, max(1, len(notes) - 11), 12):
            tonality = decode_tonality(notes[at : at + 12])
            told.append((tonality.confidence, (tonality.key.tonic, tonality.key.mode) == ("A", melody.mode)))
            assert tonality.rival_confidence + tonality.confidence <= 1.001
    confidence, right = np.array(told).T
    sure = confidence >= 0.7

    assert np.mean(right) == pytest.approx(np.mean(confidence), abs=0.1)
    assert np.mean(right[sure]) == pytest.approx(np.mean(confidence[sure]), abs=0.1)
    assert 0.2 < np.mean(sure) < 0.8


def test_one_note_is_enough() -> None:
    tonality = decode_tonality([SungNote(0.0, 1.0, 69.2, 0.0, 0.0, -20.0, 1.0)])

    assert tonality.midi == [69]
    assert tonality.key.tonic in TONIC_NAMES
    assert tonality.key.mode in Mode
