"""A film is made whole, remakes only what changed, and says who made what."""

import hashlib
import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.fixtures.film import SHOTS, ChordComposer, ToneSpeaker, crew, storyboard

from soundstage.film.narration import utterances
from soundstage.film.painting import EmbeddedPainter
from soundstage.film.part_store import PartStore
from soundstage.film.parts import film_sections, previous_layouts
from soundstage.film.ports import Crew
from soundstage.film.production import make_film
from soundstage.film.timeline import timeline
from soundstage.models.errors import DependencyUnavailable
from soundstage.models.film import FilmResult, FilmSettings, Picture, Speech
from soundstage.models.story import DialogueLine, Language, Shot, Storyboard

pytestmark = pytest.mark.slow

SETTINGS = FilmSettings(quality="preview")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("film")


@pytest.fixture(scope="module")
def film(folder: Path) -> FilmResult:
    """Made once; tests that change something make it again from the same parts."""
    return make_film(storyboard(), SETTINGS, crew(), PartStore(folder / "parts"), folder / "out")


def made(result: FilmResult) -> set[str]:
    """What had to be made: parts by kind, segments without their number."""
    return {
        part.part.partition(" ")[0] if "segment" in part.part else part.part for part in result.parts if not part.reused
    }


def test_a_film_has_everything_and_passes_its_checks(film: FilmResult, folder: Path) -> None:
    out = folder / "out"

    assert film.quality.failures == []
    assert film.quality.frames == film.timings[-1].first_frame + film.timings[-1].frames
    assert film.quality.audio_video_offset_s == 0
    assert film.quality.integrated_lufs == pytest.approx(-16, abs=0.2)
    assert film.quality.duck_db == pytest.approx(-6, abs=0.1)
    assert hashlib.sha256((out / film.film).read_bytes()).hexdigest() == film.sha256
    assert [timing.shot for timing in film.timings] == ["title", "s1", "s2", "s3", "s4", "credits"]
    assert film.chapters[0] == (0.0, "Evening")
    assert film.chapters[1][1] == "The storm"
    assert {cue.shot for cue in film.cues} == {"s1", "s2", "s3"}
    assert all(one.end_s <= other.start_s for one, other in pairwise(film.cues))
    assert "Take my fire" in (out / film.subtitles["srt"]).read_text(encoding="utf-8")
    assert FilmResult.model_validate_json((out / "film.json").read_bytes()) == film
    with Image.open(out / film.poster) as poster:
        assert poster.size == (640, 360)
        assert np.asarray(poster).std() > 10


def test_made_again_unchanged_nothing_is_made(film: FilmResult, folder: Path) -> None:
    speaker = ToneSpeaker()

    again = make_film(
        storyboard(),
        SETTINGS,
        Crew([speaker], [EmbeddedPainter()], ChordComposer()),
        PartStore(folder / "parts"),
        folder / "again",
    )

    assert made(again) == set()
    assert speaker.spoken == []
    assert again.sha256 == film.sha256
    assert (folder / "again" / "film.mp4").read_bytes() == (folder / "out" / "film.mp4").read_bytes()


def test_one_changed_sentence_remakes_its_speech_and_what_shows_it(film: FilmResult, folder: Path) -> None:
    changed = [
        shot.model_copy(update={"narration": "A storm came fast."}) if shot.id == "s2" else shot for shot in SHOTS
    ]

    result = make_film(storyboard(changed), SETTINGS, crew(), PartStore(folder / "parts"), folder / "changed")

    assert made(result) == {"s2 speech", "segment", "music", "sound", "film"}
    segments = [part for part in result.parts if part.part.startswith("segment")]
    # The shot itself and the transitions on either side of it: not one more.
    assert sum(not part.reused for part in segments) <= 3
    assert result.sha256 != film.sha256


def test_louder_music_makes_the_sound_again_and_no_picture(film: FilmResult, folder: Path) -> None:
    louder = SETTINGS.model_copy(update={"music": SETTINGS.music.model_copy(update={"gain_db": -4.0})})

    result = make_film(storyboard(), louder, crew(), PartStore(folder / "parts"), folder / "louder")

    assert made(result) == {"sound", "film"}
    assert result.sha256 != film.sha256


def test_another_title_makes_its_card_again_and_no_other_picture(film: FilmResult, folder: Path) -> None:
    renamed = storyboard().renamed("The Fox's Fire")

    result = make_film(renamed, SETTINGS, crew(), PartStore(folder / "parts"), folder / "renamed")

    assert made(result) == {"title card", "segment", "film"}
    assert renamed.renamed("Again").stable_seed == storyboard().title


def test_a_shot_moved_takes_its_parts_along(film: FilmResult, folder: Path) -> None:
    moved = [SHOTS[0], SHOTS[2], SHOTS[1], SHOTS[3]]

    result = make_film(storyboard(moved), SETTINGS, crew(), PartStore(folder / "parts"), folder / "moved")

    assert [timing.shot for timing in result.timings] == ["title", "s1", "s3", "s2", "s4", "credits"]
    assert [cue.shot for cue in result.cues] == sorted((cue.shot for cue in result.cues), key=["s1", "s3", "s2"].index)
    assert not any("speech" in part or "picture" in part for part in made(result))


class _Failing(ToneSpeaker):
    """A service that goes down at its second request."""

    def speak(self, text: str, *, voice: str, language: Language, speed: float, out: Path) -> Speech:
        if self.spoken:
            raise DependencyUnavailable("The voice service did not answer.")
        return super().speak(text, voice=voice, language=language, speed=speed, out=out)


class _Refusing(EmbeddedPainter):
    """A service that refuses one picture."""

    def fingerprint(self, shot: Shot) -> str:
        del shot
        return "refusing 1"

    def paint(
        self, storyboard: Storyboard, shot: Shot, settings: FilmSettings, folder: Path, *, previous_layout: str
    ) -> Picture:
        if shot.id == "s2":
            raise DependencyUnavailable("The picture was refused.")
        picture = super().paint(storyboard, shot, settings, folder, previous_layout=previous_layout)
        return picture.model_copy(update={"provider": "refusing"})


def test_whoever_fails_is_replaced_and_named(tmp_path: Path) -> None:
    two = storyboard(SHOTS[:2])
    short = SETTINGS.model_copy(update={"title_card": False, "end_card": False})
    team = Crew([_Failing("down"), ToneSpeaker()], [_Refusing(), EmbeddedPainter()])

    result = make_film(two, short, team, PartStore(tmp_path / "parts"), tmp_path / "out")

    by_part = {part.part: part for part in result.parts}
    assert {by_part["s1 speech"].provider, by_part["s2 speech"].provider} == {"tones"}
    assert "did not answer" in (by_part["s1 speech"].note or "")
    assert by_part["s1 picture"].provider == "refusing"
    assert by_part["s2 picture"].provider == "embedded"
    assert "refused" in (by_part["s2 picture"].note or "")
    assert "music" not in by_part


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [("c2", '"Take my fire,"')],
        [("c2", '"Take my fire,"'), (None, "said the fox.")],
        [("c2", "not in the narration any more")],
        [("c1", '"Take'), ("c2", "my fire,")],
    ],
)
def test_every_word_of_a_shot_is_somebody_s(lines: list[tuple[str | None, str]]) -> None:
    shot = SHOTS[2].model_copy(update={"lines": [DialogueLine(speaker=who, text=text) for who, text in lines]})
    voices = ToneSpeaker().voices(storyboard(), None)

    spoken = utterances(shot, voices)

    assert "".join(line.text for line in spoken) == shot.narration
    assert all(shot.narration[line.start :].startswith(line.text) for line in spoken)
    assert all(one.voice != other.voice for one, other in pairwise(spoken))


def test_sections_of_music_follow_mood_and_turn() -> None:
    timings = timeline(SHOTS, {"s1": 2.0, "s2": 2.0, "s3": 2.0}, SETTINGS)

    sections = film_sections(storyboard(), timings, SETTINGS)

    assert [(section.mood, section.turn) for section in sections] == [
        ("calm", False),
        ("tense", True),
        ("joyful", False),
    ]
    ends = [section.start_s + section.duration_s for section in sections]
    assert sections[0].start_s == 0
    assert ends[:-1] == pytest.approx([section.start_s for section in sections[1:]])
    assert ends[-1] == pytest.approx((timings[-1].first_frame + timings[-1].frames) / SETTINGS.fps)


def test_no_layout_comes_twice_running() -> None:
    alike = [SHOTS[0].model_copy(update={"id": f"s{number}"}) for number in range(1, 30)]
    board, painter = storyboard(alike), EmbeddedPainter()

    previous = previous_layouts(board, SETTINGS, painter)
    layouts = [painter.layout(board, shot, SETTINGS, previous_layout=previous[shot.id]) for shot in alike]

    assert all(one != other for one, other in pairwise(layouts))


def test_a_part_that_fails_leaves_nothing_and_a_damaged_one_is_made_again(tmp_path: Path) -> None:
    store = PartStore(tmp_path)

    def failing(folder: Path) -> Picture:
        (folder / "half").write_bytes(b"half")
        raise DependencyUnavailable("No.")

    with pytest.raises(DependencyUnavailable):
        store.obtain("picture", "f" * 64, Picture, failing)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []

    picture = Picture.model_validate(
        {"width": 2, "height": 2, "layers": [{"file": "a", "sha256": "b", "depth": 0}], "provider": "test"}
    )
    part = store.obtain("picture", "f" * 64, Picture, lambda _: picture)
    assert store.obtain("picture", "f" * 64, Picture, failing).reused
    (part.folder / "part.json").write_text(json.dumps({"width": 2}))
    assert not store.obtain("picture", "f" * 64, Picture, lambda _: picture).reused
    assert store.find("picture", "f" * 64, Picture) is not None
