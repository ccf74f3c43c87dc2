"""Word times from sound and text alone, against those that our own voice model states."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from soundstage.audio.io import read_audio
from soundstage.models.story import Language
from soundstage.speech.pause_alignment import align, ends_of
from soundstage.speech.speaker import EmbeddedSpeaker

RATE_HZ = 24_000


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "voice", "text"),
    [
        ("en", "af_heart", "The storm came fast. Mara ran home, and the lamp was dark."),
        ("zh", "zf_xiaoxiao", "小满戴红围巾。她走进森林，听见有人唱歌。"),
    ],
)
def test_words_are_found_where_they_are_spoken(language: Language, voice: str, text: str, tmp_path: Path) -> None:
    said = EmbeddedSpeaker().speak(text, voice=voice, language=language, speed=1.0, out=tmp_path / "a.wav")
    words = align(read_audio(tmp_path / "a.wav").mono(), RATE_HZ, text, language)
    assert [(word.start, word.end, word.text) for word in words] == [(w.start, w.end, w.text) for w in said.words]
    off_s = [abs(found.start_s - true.start_s) for found, true in zip(words, said.words, strict=True)]
    assert np.median(off_s) <= 0.05
    assert max(off_s) <= 0.25
    assert all(word.start_s <= word.end_s for word in words)
    assert all(one.end_s <= other.start_s + 1e-6 for one, other in pairwise(words))


def test_there_are_no_times_where_nothing_sounds_or_is_said() -> None:
    assert align(np.zeros(RATE_HZ, np.float32), RATE_HZ, "Hello there.", "en") == []
    assert align(np.ones(RATE_HZ, np.float32), RATE_HZ, "…!", "en") == []
    assert align(np.ones(3, np.float32), RATE_HZ, "Hello.", "en") == []


def test_a_word_ends_where_the_next_begins_or_it_falls_silent() -> None:
    t = np.arange(2 * RATE_HZ) / RATE_HZ
    tone = np.sin(2 * np.pi * 200 * t).astype(np.float32)
    tone[(t >= 0.9) & (t < 1.2)] = 0
    assert ends_of(tone, RATE_HZ, [0.0, 0.5, 1.2, 1.6]) == pytest.approx([0.5, 0.9, 1.6, 2.0], abs=0.011)
