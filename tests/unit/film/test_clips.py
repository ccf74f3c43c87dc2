"""Clips in a film: fitted to the frame without stretching, fitted in time, part of their segments."""

from pathlib import Path

import numpy as np
import pytest
from tests.fixtures.film import SHOTS, ChordComposer, PlainPainter, ToneSpeaker, storyboard
from tests.fixtures.film_servers import video
from tests.fixtures.films import brightness_of

from soundstage.film.clips import FASTEST, SLOWEST, frames_at, position, read_video
from soundstage.film.part_store import PartStore
from soundstage.film.ports import Crew
from soundstage.film.production import make_film
from soundstage.film.shot_making import make_shot
from soundstage.media.encode import EncodingFailed
from soundstage.media.files import sha256_of
from soundstage.models.errors import DependencyUnavailable
from soundstage.models.film import Clip, FilmSettings
from soundstage.models.story import Shot

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def clip_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clips") / "clip.mp4"
    video(path)
    return path


def clip(frames: int, fps: float) -> Clip:
    return Clip(file="clip.mp4", sha256="0", frames=frames, fps=fps, provider="x")


def test_what_is_in_a_video(clip_file: Path, tmp_path: Path) -> None:
    facts = read_video(clip_file)
    assert (facts.frames, facts.fps, facts.width, facts.height) == (12, 12.0, 96, 64)
    (tmp_path / "no.mp4").write_bytes(b"<html>It works!</html>")
    with pytest.raises(EncodingFailed):
        read_video(tmp_path / "no.mp4")


def test_a_clip_fills_its_shot_within_reason() -> None:
    two_seconds = clip(24, 12.0)
    # Of four seconds at 24 frames a second: at half its speed, from its first frame to its last.
    shown = [position(at, 96, 24, two_seconds) for at in range(96)]
    assert shown[0] == 0.0
    assert shown[48] == pytest.approx(12.0)
    assert shown[-1] == 23.0
    assert np.all(np.diff(shown) >= 0)
    # Of twenty seconds: as slow as may be, then its last frame stands. Of one second: cut.
    assert position(24, 480, 24, two_seconds) == pytest.approx(SLOWEST * 12)
    assert position(479, 480, 24, two_seconds) == 23.0
    assert position(24, 24, 24, two_seconds) == pytest.approx(FASTEST * 12)
    assert position(-5, 24, 24, two_seconds) == 0.0


@pytest.mark.parametrize("size", [(96, 64), (64, 64), (48, 96), (192, 64)])
def test_frames_fill_the_frame_and_nothing_is_stretched(clip_file: Path, size: tuple[int, int]) -> None:
    (y, c), *others = list(frames_at(clip_file, [0.0, 0.5, 1.0, 11.0, 11.0], size))
    assert (y.shape, c.shape) == ((size[1], size[0]), (2, size[1] // 2, size[0] // 2))
    square = y > 180
    wide, high = square.any(axis=0).sum(), square.any(axis=1).sum()
    expected = 32 * max(size[0] / 96, size[1] / 64)
    assert min(wide, size[0]) == pytest.approx(min(expected, size[0]), abs=3)
    assert min(high, size[1]) == pytest.approx(min(expected, size[1]), abs=3)
    corners = [int(frame[0][2, 2]) for frame in others]
    assert [int(y[2, 2]), *corners] == pytest.approx([40, 45, 50, 150, 150], abs=2)


class Mover:
    """An animator that has a clip ready, or none."""

    def __init__(self, file: Path, *, fails: bool = False) -> None:
        self._file, self._fails = file, fails
        self.frames: list[bytes] = []

    def fingerprint(self, shot: Shot) -> str:
        return f"mover {self._fails}"

    def animate(self, shot: Shot, settings: FilmSettings, frame: Path, folder: Path) -> Clip:
        self.frames.append(frame.read_bytes())
        if self._fails:
            raise DependencyUnavailable("There is no mover.")
        content = self._file.read_bytes()
        (folder / "clip.mp4").write_bytes(content)
        sha256 = sha256_of(folder / "clip.mp4")
        return Clip(file="clip.mp4", sha256=sha256, frames=12, fps=12.0, provider="mover", usd=0.5)


def test_a_film_shows_its_clips_and_says_whose_they_are(clip_file: Path, tmp_path: Path) -> None:
    board = storyboard([SHOTS[3].model_copy(update={"duration_s": 1.0})])
    settings = FilmSettings(aspect="1:1", title_card=False, end_card=False, subtitles="none")
    store, mover = PartStore(tmp_path / "parts"), Mover(clip_file)
    crew = Crew([ToneSpeaker()], [PlainPainter()], ChordComposer(), [Mover(clip_file, fails=True), mover])
    result = make_film(board, settings, crew, store, tmp_path / "out", workers=1)
    (part,) = [part for part in result.parts if part.part == "s4 clip"]
    assert (part.provider, part.usd, part.reused) == ("mover", 0.5, False)
    assert part.note == "DEPENDENCY_UNAVAILABLE: There is no mover."
    assert len(mover.frames) == 1
    luma = brightness_of(tmp_path / "out" / result.film, 1080, 1080)
    assert [int(frame[20, 20]) for frame in luma[::4]] == pytest.approx([40, 60, 80, 100, 120, 140], abs=4)
    # A preview is there to be looked at before anything is spent.
    preview = settings.model_copy(update={"quality": "preview"})
    result = make_film(board, preview, crew, store, tmp_path / "preview", workers=1)
    assert not [part for part in result.parts if part.part == "s4 clip"]
    assert len(mover.frames) == 1


def test_without_a_clip_the_picture_is_seen(clip_file: Path, tmp_path: Path) -> None:
    board = storyboard([SHOTS[3].model_copy(update={"duration_s": 0.5})])
    settings = FilmSettings(aspect="1:1", title_card=False, end_card=False, subtitles="none")
    crew = Crew([ToneSpeaker()], [PlainPainter()], None, [Mover(clip_file, fails=True)])
    result = make_film(board, settings, crew, PartStore(tmp_path / "parts"), tmp_path / "out", workers=1)
    (part,) = [part for part in result.parts if part.part == "s4 clip"]
    assert (part.provider, part.usd, part.note) == ("embedded", 0.0, "DEPENDENCY_UNAVAILABLE: There is no mover.")


def test_a_shots_clip_is_a_file_to_look_at(clip_file: Path, tmp_path: Path) -> None:
    board = storyboard([SHOTS[3].model_copy(update={"duration_s": 0.5})])
    settings = FilmSettings(aspect="1:1")
    store, mover = PartStore(tmp_path / "parts"), Mover(clip_file)
    crew = Crew([ToneSpeaker()], [PlainPainter()], None, [Mover(clip_file, fails=True), mover])
    made = make_shot(board, "s4", settings, crew, store, out=tmp_path / "made")
    assert made.clip is not None
    assert made.film is not None
    assert (made.film.name, made.film.read_bytes()) == ("clip.mp4", clip_file.read_bytes())
    assert (made.clip.value.provider, made.clip.reused) == ("mover", False)
    none = Crew([ToneSpeaker()], [PlainPainter()], None, [Mover(clip_file, fails=True)])
    assert make_shot(board, "s4", settings, none, PartStore(tmp_path / "other"), out=tmp_path / "none").film is None
