"""A bundle holds everything that its timelines name, as long as they say, and the film's sound apart."""

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from tests.fixtures.film import SHOTS, crew, storyboard

from soundstage.audio.io import read_audio
from soundstage.film.encoding import presentation_times
from soundstage.film.part_store import PartStore
from soundstage.film.production import make_film
from soundstage.models.errors import InvalidInput
from soundstage.models.film import FilmResult, FilmSettings

pytestmark = pytest.mark.slow

SETTINGS = FilmSettings(quality="preview", title_card=False, end_card=False)
BOARD = storyboard([SHOTS[0], SHOTS[1], SHOTS[3]])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bundle")


@pytest.fixture(scope="module")
def film(folder: Path) -> FilmResult:
    return make_film(BOARD, SETTINGS, crew(), PartStore(folder / "parts"), folder / "out", bundle=folder / "b")


def test_media_are_as_long_as_the_timeline_says(film: FilmResult, folder: Path) -> None:
    tracks = json.loads((folder / "b" / "film.otio").read_text(encoding="utf-8"))["tracks"]["children"]

    clips = [child for track in tracks for child in track["children"] if child["OTIO_SCHEMA"] == "Clip.2"]
    for clip in clips:
        reference = clip["media_references"]["DEFAULT_MEDIA"]
        path, frames = folder / "b" / reference["target_url"], reference["available_range"]["duration"]["value"]
        if path.suffix == ".mp4":
            assert len(presentation_times(path)) == frames
        else:
            audio = read_audio(path)
            assert (audio.frames, audio.rate_hz, audio.channels) == (frames * 2000, 48_000, 2)
    seen = [child for child in tracks[0]["children"] if child["OTIO_SCHEMA"] == "Clip.2"]
    assert sum(clip["source_range"]["duration"]["value"] for clip in seen) == film.quality.frames
    assert len(clips) == 3 + 2 + 2, "three pictures, two narrations, music twice"


def test_stems_add_up_to_the_sound_of_the_film(film: FilmResult, folder: Path) -> None:
    stems = {path.stem: read_audio(path).samples for path in (folder / "b" / "stems").iterdir()}
    (mixed,) = (folder / "parts" / "sound").glob("*/film.wav")

    total = stems["narration"] + stems["music-ducked"]
    difference = total - read_audio(mixed).samples
    assert np.sqrt(np.mean(difference**2)) < 1e-3 * np.sqrt(np.mean(total**2))
    first = film.timings[0]
    said = read_audio(folder / "b" / "media" / "001-s1-narration.wav").samples
    assert np.array_equal(said, stems["narration"][: first.frames * 2000])
    quieter = np.abs(stems["music-ducked"]).max() / np.abs(stems["music"]).max()
    assert quieter == pytest.approx(1, abs=0.01), "it comes back where nobody speaks"
    start = round((first.speech_start_s or 0) * 48_000)
    spoken = slice(start + 2000, start + 20_000)
    power = [np.mean(stems[name][spoken] ** 2) for name in ("music-ducked", "music")]
    assert 10 * np.log10(power[0] / power[1]) == pytest.approx(-6, abs=0.1)


def test_the_zip_holds_the_folder_and_a_second_run_makes_nothing(film: FilmResult, folder: Path) -> None:
    bundle = folder / "b"
    before = {path: path.stat().st_mtime_ns for path in (folder / "parts").rglob("*.mp4")}
    zipped = (folder / "b.zip").read_bytes()
    (bundle / "media" / "009-s9.mp4").write_bytes(b"of a shot that is no more")

    make_film(BOARD, SETTINGS, crew(), PartStore(folder / "parts"), folder / "out", bundle=bundle)

    assert {path: path.stat().st_mtime_ns for path in (folder / "parts").rglob("*.mp4")} == before
    assert (folder / "b.zip").read_bytes() == zipped
    with zipfile.ZipFile(folder / "b.zip") as archive:
        assert archive.testzip() is None
        names = {name.removeprefix("b/") for name in archive.namelist()}
    assert names == {path.relative_to(bundle).as_posix() for path in bundle.rglob("*") if path.is_file()}
    assert {"README.txt", "film.srt", "film.vtt", "film.ass", "film.otio", "film.fcpxml", "film.xml"} <= names
    assert {"draft_content.json", "draft_info.json", "draft_meta_info.json"} <= names
    assert "Ink bleed" in (bundle / "README.txt").read_text(encoding="utf-8")


def test_a_folder_of_something_else_is_left_alone(film: FilmResult, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "holiday.txt").write_text("sun", encoding="utf-8")

    with pytest.raises(InvalidInput, match="something else"):
        make_film(BOARD, SETTINGS, crew(), PartStore(folder / "parts"), folder / "out", bundle=tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["holiday.txt"]
