"""Keys and notes as musicians write them."""

from typing import Literal

import pytest

from soundstage.models.music import Key, Mode

Tonic = Literal["C", "D#", "A#", "F#", "A"]


@pytest.mark.parametrize(
    ("tonic", "mode", "steps", "names"),
    [
        ("C", Mode.MINOR, (0, 2, 3, 5, 7, 8, 10, 11), "C4 D4 E♭4 F4 G4 A♭4 B♭4 B4"),
        ("D#", Mode.MINOR, (0, 2, 3, 5, 7, 8, 10), "E♭4 F4 G♭4 A♭4 B♭4 C♭5 D♭5"),
        ("A#", Mode.MAJOR, (0, 2, 4, 5, 6, 7, 9, 11), "B♭4 C5 D5 E♭5 E5 F5 G5 A5"),
        ("F#", Mode.MAJOR, (0, 2, 4, 5, 7, 9, 11), "F♯4 G♯4 A♯4 B4 C♯5 D♯5 E♯5"),
        ("A", Mode.MAJOR, (-10, -1, 4, 6), "B3 G♯4 C♯5 D♯5"),
    ],
)
def test_notes_are_spelled_in_their_key(tonic: Tonic, mode: Mode, steps: tuple[int, ...], names: str) -> None:
    key = Key(tonic=tonic, mode=mode)
    first = 60 + {"C": 0, "D#": 3, "F#": 6, "A": 9, "A#": 10}[tonic]

    assert " ".join(key.note_name(first + step) for step in steps) == names
    assert key.in_words.startswith(key.note_name(first)[:-1])
