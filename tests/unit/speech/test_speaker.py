"""Short lines, really spoken."""

import hashlib
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from soundstage.arrays import Floats
from soundstage.audio.io import read_audio
from soundstage.audio.loudness import measure_loudness
from soundstage.audio.pitch import track_pitch
from soundstage.audio.speech_level import CEILING_DBTP, LOUDNESS_LUFS
from soundstage.models.errors import InvalidInput
from soundstage.models.film import SPEECH_RATE_HZ, Speech
from soundstage.models.story import Language
from soundstage.speech.speaker import EmbeddedSpeaker

pytestmark = pytest.mark.slow

FRAME_S = 1 / 24
LINES: dict[Language, tuple[str, str, list[str]]] = {
    "en": ("af_heart", "In 1999, it cost $3.50. Go!", ["In", "1999", "it", "cost", "$3.50", "Go"]),
    "zh": ("zf_xiaoxiao", "下雨了。灯亮了，GPA是3.8。", ["下雨", "了", "灯亮了", "GPA", "是", "3.8"]),
}


def speak(language: Language, folder: Path, speed: float = 1.0) -> Speech:
    voice, text, _ = LINES[language]
    return EmbeddedSpeaker().speak(text, voice=voice, language=language, speed=speed, out=folder / f"{language}.wav")


@pytest.fixture(scope="module", params=list(LINES))
def spoken(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Language, Speech]:
    language: Language = request.param
    return language, speak(language, tmp_path_factory.mktemp("speech"))


def test_a_childs_voice_is_higher_and_as_fast(tmp_path: Path) -> None:
    """Formants rise as well; the words end where the sound does."""
    pitches, lengths = [], []
    for voice in ("bf_isabella", "bf_isabella_child"):
        said = EmbeddedSpeaker().speak("Wait for me!", voice=voice, language="en", out=tmp_path / f"{voice}.wav")
        audio = read_audio(tmp_path / f"{voice}.wav")
        track = track_pitch(audio.mono(), audio.rate_hz)
        pitches.append(np.median(track.f0_hz[track.voiced]))
        lengths.append(audio.duration_s)
        assert said.words[-1].end_s == pytest.approx(audio.duration_s, abs=0.08)
    assert 1.1 < pitches[1] / pitches[0] < 1.25
    assert lengths[1] == pytest.approx(lengths[0], rel=0.06)


def levels_db(path: str) -> Floats:
    """Of 5 ms, relative to the loudest."""
    samples = read_audio(Path(path)).mono().astype(np.float64)
    power = (samples[: len(samples) // 120 * 120].reshape(-1, 120) ** 2).mean(axis=1)
    levels: Floats = 10 * np.log10(power / power.max() + 1e-12)
    return levels


def test_words_are_the_authors_and_come_one_after_the_other(spoken: tuple[Language, Speech]) -> None:
    language, speech = spoken
    _, text, words = LINES[language]
    assert [word.text for word in speech.words] == words
    assert [text[word.start : word.end] for word in speech.words] == words
    times = [time for word in speech.words for time in (word.start_s, word.end_s)]
    assert times == sorted(times)
    assert all(word.end_s - word.start_s > 0.04 for word in speech.words)


def test_the_file_is_what_is_said_of_it(spoken: tuple[Language, Speech]) -> None:
    speech = spoken[1]
    audio = read_audio(Path(speech.audio))
    assert (audio.rate_hz, audio.channels) == (speech.rate_hz, 1) == (SPEECH_RATE_HZ, 1)
    assert speech.duration_s == pytest.approx(audio.duration_s)
    assert speech.audio_sha256 == hashlib.sha256(Path(speech.audio).read_bytes()).hexdigest()


def test_words_at_pauses_are_where_the_signal_is(spoken: tuple[Language, Speech]) -> None:
    speech = spoken[1]
    loud = np.flatnonzero(levels_db(speech.audio) > -40)
    onsets: list[int] = [0, *(int(k) + 1 for k in np.flatnonzero(np.diff(loud) * 0.005 > 0.1))]
    starts_s = [word.start_s for word in speech.words]
    assert len(onsets) >= 2
    for onset in onsets:
        assert min(abs(start_s - loud[onset] * 0.005) for start_s in starts_s) <= FRAME_S
    assert speech.words[-1].end_s == pytest.approx(loud[-1] * 0.005, abs=FRAME_S)


def test_sentences_are_told_apart_and_the_ends_are_trimmed(spoken: tuple[Language, Speech]) -> None:
    language, speech = spoken
    ends = {"en": "$3.50", "zh": "了"}[language]
    gaps_s = {before.text: after.start_s - before.end_s for before, after in pairwise(speech.words)}
    assert 0.2 <= gaps_s[ends] <= 0.6
    assert speech.words[0].start_s <= 0.05
    assert speech.duration_s - speech.words[-1].end_s <= 0.05


def test_every_line_is_as_loud(spoken: tuple[Language, Speech]) -> None:
    measured = measure_loudness(read_audio(Path(spoken[1].audio)).samples, SPEECH_RATE_HZ)
    assert measured.integrated_lufs == pytest.approx(LOUDNESS_LUFS, abs=0.5)
    assert measured.true_peak_dbtp <= CEILING_DBTP + 0.02


def test_the_same_text_gives_the_same_bytes(spoken: tuple[Language, Speech], tmp_path: Path) -> None:
    language, speech = spoken
    assert speak(language, tmp_path).audio_sha256 == speech.audio_sha256


def test_words_follow_the_speed(spoken: tuple[Language, Speech], tmp_path: Path) -> None:
    language, speech = spoken
    speed = {"en": 0.8, "zh": 1.25}[language]
    other = speak(language, tmp_path, speed)
    # Lengths of phonemes are rounded to 25 ms, none is shorter.
    assert other.duration_s == pytest.approx(speech.duration_s / speed, rel=0.12)
    loud = np.flatnonzero(levels_db(other.audio) > -40) * 0.005
    assert other.words[0].start_s == pytest.approx(loud[0], abs=FRAME_S)
    assert other.words[-1].end_s == pytest.approx(loud[-1], abs=FRAME_S)


def test_a_voice_of_another_language_is_refused_and_a_fitting_one_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"af_heart speaks English, and the text is Chinese: .* zf_xiaoxiao"):
        EmbeddedSpeaker().speak("灯塔亮了。", voice="af_heart", language="zh", out=tmp_path / "line.wav")


@pytest.mark.parametrize(("text", "speed", "why"), [("…!😅", 1.0, "nothing"), ("Hello", 2.5, "speed")])
def test_what_cannot_be_said_is_refused(text: str, speed: float, why: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=why):
        EmbeddedSpeaker().speak(text, voice="af_heart", language="en", speed=speed, out=tmp_path / "line.wav")
    assert list(tmp_path.iterdir()) == []
