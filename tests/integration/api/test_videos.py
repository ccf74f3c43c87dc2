"""Videos: asked for song by song, made once, shown where the song is shown."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import requests
from fastapi.testclient import TestClient
from functions.api.services import Services
from functions.video import persist
from tests.fixtures.music import rendered_variant, score
from tests.integration.api.conftest import Person, given_to_steps, succeeded

from soundstage.models.ids import Id
from soundstage.platform.catalog.tracks import Tracks


@pytest.fixture
def finish(services: Services, steps_run: None) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The worker has drawn the video, and the workflow goes on to its end."""

    def _finish(job: dict[str, Any]) -> dict[str, Any]:
        label, prefix = job["options"]["label"], f"results/{job['job_id']}"
        made = {"video_key": f"{prefix}/{label}.mp4", "poster_key": f"{prefix}/{label}.jpg"}
        for key in made.values():
            services.objects.write(key, bytes(range(256)))
        event = {"job": given_to_steps(services, job).model_dump(mode="json"), "video": made}
        answer: dict[str, Any] = persist.handler(event, None)
        succeeded(services, job, answer)
        return answer

    return _finish


def ask(person: Person, track_id: Id, label: str = "B") -> Any:
    return person.post(f"/v1/tracks/{track_id}/variants/{label}/video")


def variants(person: Person, track_id: Id) -> dict[str, dict[str, Any]]:
    return {variant["label"]: variant for variant in person.get(f"/v1/tracks/{track_id}").json()["variants"]}


def again(services: Services, person: Person, track_id: Id) -> None:
    """The track becomes other songs."""
    hum = {"hum_asset_id": person.get(f"/v1/tracks/{track_id}").json()["hum_asset_id"], "gen_params": {"seed": 2}}
    job = person.post(f"/v1/tracks/{track_id}/generate", hum).json()
    made = [rendered_variant("A"), rendered_variant("B")]
    assert services.rows(Tracks).persist(given_to_steps(services, job), variants=made, score=score("A"), seed=2)
    succeeded(services, job)


def test_a_video_is_made_once_however_often_it_is_asked_for(
    ada: Person, ready_track: Id, finish: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    first = ask(ada, ready_track)
    job = first.json()
    assert (first.status_code, job["kind"], job["status"]) == (202, "video", "running")
    assert first.headers["Location"] == f"/v1/jobs/{job['job_id']}"
    assert (job["subject_id"], job["options"]["label"], job["depends_on"]) == (ready_track, "B", [])
    assert ask(ada, ready_track).json()["job_id"] == job["job_id"]
    assert ask(ada, ready_track, "A").json()["job_id"] != job["job_id"]
    assert variants(ada, ready_track)["B"]["video_url"] is None

    assert finish(job) == {"outcome": "ok", "track_id": ready_track, "label": "B", "kept": True}

    made = ask(ada, ready_track).json()
    assert (made["job_id"], made["status"]) == (job["job_id"], "succeeded")
    songs = variants(ada, ready_track)
    assert songs["A"]["video_url"] is None
    video = requests.get(songs["B"]["video_url"], headers={"Range": "bytes=10-12"}, timeout=5)
    assert (video.status_code, video.content) == (206, bytes([10, 11, 12]))
    assert 'filename="Morning hum - B (synthwave).mp4"' in video.headers["Content-Disposition"]
    assert requests.get(songs["B"]["poster_url"], timeout=5).status_code == 200


def test_there_is_no_video_of_no_song(ada: Person, ready_track: Id) -> None:
    draft = ada.post("/v1/tracks", {}).json()["track_id"]
    refused = ask(ada, draft)
    assert (refused.status_code, refused.json()["detail"]) == (409, {"status": "draft"})
    assert ask(ada, ready_track, "C").status_code == 422


def test_the_page_shows_the_video_and_previews_with_it(
    client: TestClient, ada: Person, ready_track: Id, finish: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    token = ada.post(f"/v1/tracks/{ready_track}/share").json()["token"]
    without = client.get(f"/s/{token}").text
    assert "<video" not in without
    assert "og:video" not in without
    assert client.get(f"/s/{token}/video/B", follow_redirects=False).status_code == 404
    finish(ask(ada, ready_track).json())

    page = client.get(f"/s/{token}").text

    assert page.count("<video") == 1
    ticket = r"\?t=\d+\.[0-9a-f]{32}"
    assert re.search(rf'preload="none" src="/s/{token}/video/B{ticket}" poster="/s/{token}/poster/B{ticket}"', page)
    assert "autoplay" not in page
    assert re.search(rf'property="og:video" content="https://soundstage.example.org/s/{token}/video/B{ticket}"', page)
    for path, kind in (("video/B", "video/mp4"), ("poster/B", "image/jpeg")):
        seen = client.get(f"/s/{token}/{path}", follow_redirects=False).headers["Location"]
        assert requests.get(seen, timeout=5).headers["Content-Type"] == kind
    saved = client.get(f"/s/{token}/video/B?download=1", follow_redirects=False).headers["Location"]
    assert "Morning hum - B (synthwave).mp4" in requests.get(saved, timeout=5).headers["Content-Disposition"]


def test_songs_that_are_made_again_have_no_video_of_the_old_ones(
    services: Services, ada: Person, ready_track: Id, finish: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    done, late = ask(ada, ready_track, "A").json(), ask(ada, ready_track, "B").json()
    finish(done)
    again(services, ada, ready_track)

    assert finish(late)["kept"] is False

    assert [variant["video_url"] for variant in variants(ada, ready_track).values()] == [None, None]
    assert ask(ada, ready_track, "A").json()["job_id"] not in (done["job_id"], late["job_id"])


def test_a_video_that_failed_is_tried_again_or_asked_for_anew(services: Services, ada: Person, ready_track: Id) -> None:
    job_id = ask(ada, ready_track).json()["job_id"]
    ada.post(f"/v1/jobs/{job_id}/cancel")
    assert ada.get(f"/v1/tracks/{ready_track}").json()["status"] == "ready"

    assert ada.post(f"/v1/jobs/{job_id}/retry").json()["attempt"] == 2
    assert ask(ada, ready_track).json()["job_id"] == job_id
    ada.post(f"/v1/jobs/{job_id}/cancel")
    newer = ask(ada, ready_track).json()["job_id"]
    assert newer != job_id
    assert ada.post(f"/v1/jobs/{job_id}/retry").status_code == 409  # the same is under way

    ada.post(f"/v1/jobs/{newer}/cancel")
    again(services, ada, ready_track)
    refused = ada.post(f"/v1/jobs/{newer}/retry")
    assert (refused.status_code, "made again" in refused.json()["message"]) == (409, True)


def test_a_deleted_track_takes_its_videos_along(
    client: TestClient, ada: Person, ready_track: Id, finish: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    token = ada.post(f"/v1/tracks/{ready_track}/share").json()["token"]
    finish(ask(ada, ready_track, "A").json())
    under_way = ask(ada, ready_track, "B").json()

    assert ada.delete(f"/v1/tracks/{ready_track}").status_code == 204

    assert ada.get(f"/v1/jobs/{under_way['job_id']}").json()["status"] == "canceled"
    assert client.get(f"/s/{token}/video/A", follow_redirects=False).status_code == 404
    assert ada.post(f"/v1/jobs/{under_way['job_id']}/retry").status_code == 404
