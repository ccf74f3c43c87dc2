"""A recording of a text: when each word sounds in it, whoever speaks and wherever they pause."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from tests.fixtures.sounds import noise, sine

from soundstage.arrays import Samples
from soundstage.audio.io import read_audio
from soundstage.models.errors import InvalidInput
from soundstage.models.film import SPEECH_RATE_HZ, Word
from soundstage.speech.alignment import DOUBTFUL, aligned, cheapest_path, divided
from soundstage.speech.speaker import EmbeddedSpeaker

pytestmark = pytest.mark.slow

TEXT = "She lights the lamp, and a ship turns home."


def read_by(voice: str, folder: Path, speed: float = 1.0) -> tuple[Samples, list[Word]]:
    path = folder / f"{voice}.wav"
    words = EmbeddedSpeaker().speak(TEXT, voice=voice, language="en", speed=speed, out=path).words
    return read_audio(path).mono(), words


def hesitating(samples: Samples, words: list[Word], pause_s: float) -> tuple[Samples, list[Word]]:
    """With a pause in the middle, where none was."""
    at_s = words[len(words) // 2].start_s
    cut = round(at_s * SPEECH_RATE_HZ)
    quiet = np.zeros(round(pause_s * SPEECH_RATE_HZ), np.float32)
    heard = np.concatenate([samples[:cut], quiet, samples[cut:]])
    later = [
        word.model_copy(update={"start_s": word.start_s + pause_s}) if word.start_s >= at_s else word for word in words
    ]
    return heard + noise(len(heard), amplitude=0.001)[:, 0], later


def test_words_are_where_somebody_else_speaks_them(tmp_path: Path) -> None:
    reading, known = read_by("af_heart", tmp_path)
    samples, words = hesitating(*read_by("bm_george", tmp_path, speed=0.9), pause_s=0.7)

    found = aligned(reading, known, samples)

    assert [word.text for word in found.words] == [word.text for word in words]
    wrong_s = np.abs([one.start_s - other.start_s for one, other in zip(found.words, words, strict=True)])
    assert float(np.median(wrong_s)) < 0.04
    assert wrong_s.max() < 0.3
    assert all(word.start_s < word.end_s for word in found.words)
    assert all(one.end_s <= other.start_s for one, other in pairwise(found.words))
    assert not found.notes
    backwards = aligned(reading, known, samples[::-1].copy())
    assert backwards.notes == (DOUBTFUL,)


def notes(rng: np.random.Generator, count: int) -> list[tuple[float, float]]:
    return [(float(rng.uniform(150, 500)), float(rng.uniform(0.12, 0.3))) for _ in range(count)]


def sung(melody: list[tuple[float, float]], *, slower: float = 1.0, slope: float = 1.0) -> Samples:
    """Tones with overtones that change from one to the next, as vowels do."""

    def tone(frequency_hz: float, amplitude: float, seconds: float) -> Samples:
        return sine(seconds, f_hz=frequency_hz, amplitude=amplitude, rate_hz=SPEECH_RATE_HZ)[:, 0]

    sounds = [
        sum(tone(frequency_hz * k, 0.1 / k**slope, seconds * slower) for k in range(1, 2 + int(frequency_hz) % 8))
        for frequency_hz, seconds in melody
    ]
    return np.asarray(np.concatenate(sounds), np.float32)


def test_a_recording_of_many_texts_is_divided_where_its_reader_pauses() -> None:
    rng = np.random.default_rng(7)
    texts = [notes(rng, count) for count in (9, 3, 14, 6)]
    pauses_s, parts, pause_at_s, at_s = (0.4, 1.2, 0.25, 0.6), [], [], 0.0
    for melody, pause_s in zip(texts, pauses_s, strict=True):
        said = sung(melody, slower=1.3, slope=1.4)
        at_s += len(said) / SPEECH_RATE_HZ
        pause_at_s.append((at_s, at_s + pause_s))
        at_s += pause_s
        parts += [said, np.zeros(round(pause_s * SPEECH_RATE_HZ), np.float32)]
    samples = np.concatenate(parts)

    ends_s = divided([sung(melody) for melody in texts], samples + noise(len(samples), amplitude=1e-4)[:, 0])

    assert ends_s[-1] == len(samples) / SPEECH_RATE_HZ
    for end_s, (begins_s, ends) in zip(ends_s[:-1], pause_at_s[:-1], strict=True):
        assert begins_s < end_s < ends


def test_silence_is_no_narration() -> None:
    word = Word(text="lamp", start=0, end=4, start_s=0.0, end_s=1.0)
    tone = sine(1.0, rate_hz=SPEECH_RATE_HZ)[:, 0]
    for silence in (np.zeros(0, np.float32), np.zeros(24_000, np.float32)):
        with pytest.raises(InvalidInput, match="nobody"):
            aligned(tone, [word], silence)


def test_the_cheapest_path_follows_what_is_alike() -> None:
    ours = np.eye(4, dtype=np.float32)
    theirs = ours[[0, 0, 1, 2, 2, 2, 3]]
    (i, j), cost = cheapest_path(ours, theirs)
    assert list(zip(i, j, strict=True)) == [(0, 0), (0, 1), (1, 2), (2, 3), (2, 4), (2, 5), (3, 6)]
    assert cost == 0
