"""``soundstage film`` and ``storyboard``: a project folder that remakes only what changed."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from soundstage.cli.film import storyboard_in
from soundstage.cli.main import main
from soundstage.models.film import FilmResult
from soundstage.models.story import Storyboard

pytestmark = pytest.mark.slow

STORY = "Mia waves at dusk. The fox runs home."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A story and its film."""
    folder = tmp_path_factory.mktemp("film")
    (folder / "story.txt").write_text(STORY, encoding="utf-8")
    assert film(folder) == 0
    return folder


def film(folder: Path, *more: str) -> int:
    return main(["film", str(folder / "story.txt"), "--out", str(folder / "film.mp4"), "--preview", *more])


def document(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def made(answer: dict[str, Any]) -> list[str]:
    return [part["part"] for part in answer["parts"] if not part["reused"]]


def test_a_film_and_all_that_belongs_to_it(folder: Path) -> None:
    project = folder / "film.project"
    result = FilmResult.model_validate_json((project / "result" / "film.json").read_bytes())

    assert (folder / "film.mp4").read_bytes() == (project / "result" / "film.mp4").read_bytes()
    assert result.quality.failures == []
    assert {part.provider for part in result.parts} == {"embedded"}
    names = {path.name for path in (project / "result").iterdir()}
    assert names >= {"poster.jpg", "contact_sheet.jpg", "storyboard.pdf", "film.srt", "film.vtt", "film.ass"}


def test_again_makes_nothing_and_an_edited_shot_only_itself(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert film(folder, "--json") == 0
    again = document(capsys)
    assert made(again) == []
    assert not again["storyboard_written"]

    result = folder / "film.project" / "result" / "film.mp4"
    whole = result.read_bytes()
    result.write_bytes(whole[:-9])
    assert film(folder, "--json") == 0
    assert made(document(capsys)) == []
    assert result.read_bytes() == (folder / "film.mp4").read_bytes() == whole

    path = folder / "film.project" / "storyboard.json"
    board = Storyboard.model_validate_json(path.read_bytes())
    last = board.shots[-1].model_copy(update={"narration": "The fox trots home.", "lines": []})
    path.write_text(board.model_copy(update={"shots": [*board.shots[:-1], last]}).model_dump_json(), encoding="utf-8")
    assert film(folder, "--json") == 0
    remade = made(document(capsys))
    assert f"{last.id} speech" in remade
    assert not [part for part in remade if part.endswith(("picture", "card"))]


def test_a_film_that_is_there_is_found_without_loading_what_films_are_made_with(folder: Path) -> None:
    film(folder)
    arguments = ["film", str(folder / "story.txt"), "--out", str(folder / "again.mp4"), "--preview", "--json"]
    arguments += ["--project", str(folder / "film.project")]
    script = f"import sys\nfrom soundstage.cli.main import main\nmain({arguments})\nprint('numpy' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603

    assert done.stdout.splitlines()[-1] == "False"
    assert (folder / "again.mp4").read_bytes() == (folder / "film.mp4").read_bytes()


def test_a_bundle_beside_the_film_is_in_its_account(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert film(folder, "--bundle", str(folder / "edit"), "--json") == 0

    answer = document(capsys)
    parts = {part["part"]: part for part in answer["parts"]}
    clips = [name for name in parts if name.startswith("bundle clip")]
    assert len(clips) == len(answer["timings"])
    assert all(parts[name]["seconds"] > 0 for name in [*clips, "bundle stems"])
    assert not [part for part in made(answer) if not part.startswith("bundle")], "the film itself was there"
    names = {path.name for path in (folder / "edit").iterdir()}
    assert names >= {"film.fcpxml", "film.otio", "film.xml", "draft_content.json", "README.txt", "media", "stems"}
    assert (folder / "edit.zip").stat().st_size > 10_000


def test_an_animatic_shares_the_projects_pictures_and_words(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = (folder / "film.project" / "settings.json").read_bytes()
    assert film(folder, "--animatic", "--json") == 0
    remade = made(document(capsys))

    assert remade
    assert all(part.startswith("segment") or part in ("sound", "film") for part in remade)
    assert film(folder, "--json") == 0, "and the film is as it was"
    assert made(document(capsys)) == []
    assert (folder / "film.project" / "settings.json").read_bytes() == whole


def test_a_storyboard_that_was_edited_into_none_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / "film.project" / "storyboard.json"
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole.replace('"language":', '"tongue":', 1), encoding="utf-8")
    try:
        assert film(folder) == 2
    finally:
        path.write_text(whole, encoding="utf-8")
    assert "storyboard.json" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--voice", "zf_xiaobei"], ["--speed", "9"], ["--music", "nowhere.wav"]])
def test_what_cannot_be_is_refused_and_the_film_stays(
    folder: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = (folder / "film.mp4").read_bytes()
    settings = folder / "film.project" / "settings.json"
    kept = settings.read_bytes()

    assert film(folder, *arguments) == 2

    assert "INVALID_INPUT" in capsys.readouterr().err
    assert (folder / "film.mp4").read_bytes() == before
    # The next run does not ask for it again.
    assert settings.read_bytes() == kept


def test_another_story_takes_no_edited_storyboard_away(tmp_path: Path) -> None:
    project, story = tmp_path / "film.project", tmp_path / "story.txt"
    story.write_text(STORY, encoding="utf-8")
    storyboard_in(project, story, title=None)
    edited = (project / "storyboard.json").read_text(encoding="utf-8").replace("Mia waves", "Mia shouts")
    (project / "storyboard.json").write_text(edited, encoding="utf-8")
    story.write_text(STORY + " It is night.", encoding="utf-8")

    board, is_new = storyboard_in(project, story, title=None)

    assert is_new
    assert "It is night." in board.shots[-1].narration
    assert (project / "storyboard.previous.json").read_text(encoding="utf-8") == edited


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_storyboard_of_a_text_in_any_encoding(
    tmp_path: Path, encoding: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "story.txt").write_text("小满走进森林，遇见一只狐狸。", encoding=encoding)

    assert main(["storyboard", str(tmp_path / "story.txt"), "--json", "--out", str(tmp_path / "board.json")]) == 0

    board = Storyboard.model_validate(document(capsys))
    assert board.shots[0].narration.startswith("小满走进森林")
    assert Storyboard.model_validate_json((tmp_path / "board.json").read_bytes()) == board


def test_what_is_no_text_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "story.txt").write_bytes(b"\x89PNG\0\0\xff\xff")

    assert main(["storyboard", str(tmp_path / "story.txt")]) == 2

    assert "not a text file" in capsys.readouterr().err
