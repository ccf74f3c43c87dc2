"""Passages that come back are found, whoever sings them; what only looks alike is not."""

import numpy as np
from tests.fixtures.unheard_tunes import UNHEARD_TUNES

from soundstage.music.listening.repeats import repeated_notes

PHRASE = (0, 4, 7, 5, 4, 2, 9, 7)
LENGTHS = (1.0, 0.5, 0.5, 1.0, 1.0, 0.5, 0.5, 2.0)


def test_a_phrase_sung_twice() -> None:
    rng = np.random.default_rng(1)
    between = (11, 2, -3, 6, 1)
    pitch = 60 + np.array(PHRASE + between + PHRASE) + rng.normal(0, 0.3, 21)
    onsets_s = 0.6 * np.cumsum([0, *LENGTHS, 1.0, 0.25, 1.5, 0.25, 1.0, *LENGTHS[:-1]]) + rng.normal(0, 0.02, 21)

    same = repeated_notes(pitch, onsets_s, 0.3)

    assert np.array_equal(same, same.T)
    assert same.diagonal().all()
    assert np.sum(same[np.arange(8), 13 + np.arange(8)]) >= 6
    assert np.sum(same) - 21 <= 2 * 8


def test_what_is_taken_for_a_repeat_is_the_same_note() -> None:
    rng = np.random.default_rng(2)
    right = found = 0
    for melody in UNHEARD_TUNES[:10]:
        steps = [(step, length) for step, length in melody.steps if step is not None]
        meant = np.array([step for step, _ in steps])
        onsets_s = 0.6 * np.cumsum([0.0, *(length for _, length in steps[:-1])])
        same = repeated_notes(meant + rng.normal(0, 0.25, len(meant)), onsets_s + rng.normal(0, 0.02, len(meant)), 0.25)
        np.fill_diagonal(same, False)
        right += int(np.sum(same & (meant[:, None] == meant)))
        found += int(np.sum(same))

    assert found > 100
    assert right / found > 0.95


def test_one_note_repeats_only_itself() -> None:
    assert repeated_notes(np.array([60.0]), np.array([0.0]), 0.3).tolist() == [[True]]
