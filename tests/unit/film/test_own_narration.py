"""A person's own voice for a shot: cut to what is said, as loud as all voices, its words where they are."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.fixtures.film import ToneSpeaker, crew, storyboard
from tests.fixtures.sounds import sine

from soundstage.arrays import Samples
from soundstage.audio.io import Audio, read_audio, write_wav
from soundstage.audio.loudness import measure_loudness
from soundstage.film.artefacts import speech_digest
from soundstage.film.own_files import OwnSource, Recording
from soundstage.film.own_pictures import RECORDINGS, assigned
from soundstage.film.part_store import PartStore
from soundstage.film.parts import recorded_speech, with_narration
from soundstage.film.ports import Crew
from soundstage.film.shot_making import make_shot
from soundstage.models.errors import InvalidInput
from soundstage.models.film import SPEECH_RATE_HZ, Alignment, FilmSettings, Word
from soundstage.models.ids import new_id
from soundstage.models.story import Language, OwnFile, OwnRecording

PREVIEW = FilmSettings(quality="preview")


class EvenAligner:
    """All words are as long, from the first to the last sample that is heard."""

    fingerprint = "even 1"

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.divided: list[list[str]] = []

    def align(self, samples: Samples, text: str, *, language: Language) -> Alignment:
        del language
        self.asked.append(text)
        heard = np.flatnonzero(np.abs(samples) > 0.01) / SPEECH_RATE_HZ
        words, at = text.split(), 0
        edges = np.linspace(heard[0], heard[-1], len(words) + 1)
        found = []
        for word, start_s, end_s in zip(words, edges[:-1], edges[1:], strict=True):
            at = text.index(word, at)
            found.append(Word(text=word, start=at, end=at + len(word), start_s=start_s, end_s=end_s))
            at += len(word)
        return Alignment(found, ("It was a guess.",))

    def divide(self, samples: Samples, texts: Sequence[str], *, language: Language) -> list[float]:
        """A second each, the last one to the end."""
        del language
        self.divided.append([*texts])
        return [*(float(second) for second in range(1, len(texts))), len(samples) / SPEECH_RATE_HZ]


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """44.1 kHz stereo: a soft tone from 1 to 3 s of 4 s, and a click at the end."""
    samples = np.zeros((4 * 44_100, 2), np.float32)
    samples[44_100 : 3 * 44_100] = sine(2.0, amplitude=0.02, rate_hz=44_100)
    samples[-1000:-900] = 0.5
    write_wav(tmp_path / "s1 mine.wav", Audio(samples, 44_100))
    return tmp_path / "s1 mine.wav"


def team(recording: Recording) -> tuple[Crew, ToneSpeaker, EvenAligner]:
    speaker, aligner = ToneSpeaker(), EvenAligner()
    return replace(crew(), speakers=[speaker], recordings={"s1": recording}, aligner=aligner), speaker, aligner


def test_a_recording_tells_its_shot(recording: Path, tmp_path: Path) -> None:
    people, speaker, aligner = team(Recording(OwnSource.of(recording), start_s=0.5, end_s=3.5))
    store = PartStore(tmp_path / "parts")

    made = make_shot(storyboard(), "s1", PREVIEW, people, store, out=tmp_path / "made")

    assert made.speech is not None
    assert made.audio is not None
    speech = made.speech.value
    assert (speech.provider, speech.rate_hz, speech.notes) == ("own", SPEECH_RATE_HZ, ["It was a guess."])
    assert speech.duration_s == pytest.approx(2.3, abs=0.02)  # what is said, and a breath around it
    assert (speech.words[0].start_s, speech.words[-1].end_s) == pytest.approx((0.15, 2.15), abs=0.02)
    audio = read_audio(made.audio)
    assert measure_loudness(audio.mono(), audio.rate_hz).integrated_lufs == pytest.approx(-20, abs=0.5)
    assert (speaker.spoken, aligner.asked) == ([], [storyboard().shots[0].narration])


def test_another_voice_or_other_words_are_other_speech(recording: Path, tmp_path: Path) -> None:
    board, store = storyboard(), PartStore(tmp_path / "parts")
    source = OwnSource.of(recording)

    def fingerprint(part: Recording, narration: str = board.shots[0].narration) -> str:
        shot = board.shots[0].model_copy(update={"narration": narration})
        found = recorded_speech(board, shot, team(part)[0], store)
        assert found is not None
        return found.fingerprint

    whole = fingerprint(Recording(source, end_s=3.5))
    assert whole == fingerprint(Recording(OwnSource("a copy", source.content, source.fetch), end_s=3.5))
    assert len({whole, fingerprint(Recording(source, 0.6, 3.5)), fingerprint(Recording(source, 0, 3.5), "Go.")}) == 3


def test_a_part_that_is_not_in_the_recording_is_refused(recording: Path, tmp_path: Path) -> None:
    people, *_ = team(Recording(OwnSource.of(recording), start_s=9.0))
    with pytest.raises(InvalidInput, match="nothing"):
        make_shot(storyboard(), "s1", PREVIEW, people, PartStore(tmp_path / "parts"), out=tmp_path / "made")


def test_one_recording_tells_all_shots_but_those_with_their_own(recording: Path, tmp_path: Path) -> None:
    first, second, third = (
        shot.model_copy(update={"narration": f"Shot {shot.id}."}) for shot in storyboard().shots[:3]
    )
    board = storyboard([first, second.model_copy(update={"narration": " — "}), third])
    source, store = OwnSource.of(recording), PartStore(tmp_path / "parts")
    people, _, aligner = team(Recording(source, 1.5, 2.5))
    people = replace(people, narration=source)

    told = [with_narration(board, people, store) for _ in range(2)]

    own, whole = Recording(source, 1.5, 2.5), Recording(source, 1.0, 4.0)
    assert [crew.recordings for crew in told] == [{first.id: own, third.id: whole}] * 2
    assert aligner.divided == [[first.narration, third.narration]]
    alone = with_narration(board, replace(people, recordings={}), store).recordings
    assert alone[first.id] == Recording(source, 0.0, 1.0)


def test_another_recording_of_the_story_makes_what_it_tells_stale() -> None:
    board = storyboard()
    shot = board.shots[0]
    own = shot.model_copy(update={"own_recording": OwnRecording(asset_id=new_id(), sha256="9")})

    def digests(sha256: str | None) -> list[str | None]:
        file = None if sha256 is None else OwnFile(asset_id=new_id(), sha256=sha256)
        settings = FilmSettings(own_narration=file)
        return [speech_digest(board, one, settings) for one in (shot, own)]

    none, one, other = digests(None), digests("1"), digests("2")
    assert len({none[0], one[0], other[0]}) == 3
    assert none[1] == one[1] == other[1]


def test_recordings_of_a_folder_belong_to_shots(recording: Path) -> None:
    assert [*assigned(recording.parent, storyboard(), RECORDINGS)] == ["s1"]
