"""A story becomes a film: written, painted, spoken, cut; edited in one place, and only that is made again."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from infra.local.client import Studio
from tests.e2e.journeys import Cloud, outcome
from tests.fixtures.films import starts_at_once, streams

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

PREVIEW = {"quality": "preview", "aspect": "16:9"}
STORY = (
    "Mia climbs the old lighthouse at dusk, one stair after the other, with a small light in her hand.\n\n"
    "At the top the great lamp is dark and cold.\n\n"
    "She lights it, and far out on the sea a ship turns home."
)


def filmed(studio: Studio, job: dict[str, Any]) -> dict[str, Any]:
    ended = outcome(studio, job["job_id"])
    assert ended["status"] == "succeeded", ended["error"]
    return studio.get(f"/v1/films/{job['subject_id']}")


def remade(film: dict[str, Any]) -> set[str]:
    return {part["part"] for part in film["parts"] if not part["reused"]}


@pytest.mark.timeout(900)
def test_from_a_story_to_a_film_and_an_edit(cloud: Cloud, studio: Studio, tmp_path: Path) -> None:
    project = studio.post("/v1/projects", {"story": STORY, "settings": PREVIEW})
    path = f"/v1/projects/{project['project_id']}"
    job = studio.post("/v1/films", {"project_id": project["project_id"]})
    assert (job["status"], [item["id"] for item in job["depends_on"]]) == ("blocked", [project["batch_job_id"]])

    assert outcome(studio, project["job_id"])["status"] == "succeeded"
    batch = outcome(studio, project["batch_job_id"])
    project = studio.get(path)
    shots = project["shots"]
    names = [shot["id"] for shot in shots]
    assert (batch["status"], sorted(batch["result"]["made"])) == ("succeeded", sorted(names)), batch
    assert " ".join(shot["narration"] for shot in shots).split() == STORY.split()
    assert {(shot["status"], shot["picture_state"], shot["speech_state"]) for shot in shots} == {
        ("ready", "current", "current")
    }
    assert httpx.get(shots[0]["picture_url"]).content[:2] == b"\xff\xd8"  # JPEG
    assert httpx.get(shots[0]["speech_url"]).content[:4] == b"RIFF"

    film = filmed(studio, job)
    assert (film["status"], film["quality"]["failures"], film["title"]) == ("ready", [], project["title"])
    assert not {f"{name} {kind}" for name in names for kind in ("picture", "speech")} & remade(film)
    assert [timing["shot"] for timing in film["timings"] if timing["shot"] in names] == names
    assert_it_plays(film, studio, tmp_path)

    edited, first = shots[-1], names[0]
    shot = studio.patch(f"/v1/shots/{edited['shot_id']}", {"narration": edited["narration"] + " She sings."})
    assert outcome(studio, shot["job_id"])["status"] == "succeeded"
    again = filmed(studio, studio.post("/v1/films", {"project_id": project["project_id"]}))
    assert again["revision"] == film["revision"] + 1
    assert not {f"{name} picture" for name in names} & remade(again)
    assert f"{first} speech" not in remade(again)
    assert again["sha256"] != film["sha256"]
    compared = studio.get(f"{path}/versions/{film['revision']}/compare?to={again['revision']}")
    assert [difference["id"] for difference in compared["differences"]] == [edited["id"]]


def assert_it_plays(film: dict[str, Any], studio: Studio, folder: Path) -> None:
    files = film["files"]
    video = studio.download(files["film_url"], folder / "film.mp4")
    picture, sound, chapters = streams(video)
    assert (picture.codec, sound.codec, chapters.codec) == ("avc1", "mp4a", "text")
    for stream in (picture, sound):
        assert stream.seconds == pytest.approx(film["duration_s"], abs=0.1)
    assert starts_at_once(video)
    assert (film["quality"]["width"], film["quality"]["height"]) == (640, 360)
    for name in ("poster_url", "contact_sheet_url"):
        assert httpx.get(files[name]).content[:2] == b"\xff\xd8"
    assert httpx.get(files["storyboard_url"]).content[:4] == b"%PDF"
    assert httpx.get(files["subtitle_urls"]["vtt"]).text.startswith("WEBVTT")
    assert "lighthouse" in httpx.get(files["subtitle_urls"]["srt"]).text
