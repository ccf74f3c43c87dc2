"""The share page, as anyone with the link finds it: over HTTP with Range, and in a real browser."""

import os
from pathlib import Path
from typing import Any

import httpx
import pytest
from infra.local.client import Studio
from tests.e2e.journeys import Cloud, Made, outcome
from tests.fixtures.browser import browser_page, find_browser
from tests.fixtures.films import starts_at_once, streams

from soundstage.client import Refused
from soundstage.products.video import VIDEO

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

CHROMIUM = find_browser()

# Plays a variant for a moment and tells how far it came.
PLAY = """
new Promise((resolve, reject) => {
  const audio = document.querySelectorAll("audio")[%d];
  audio.addEventListener("error", () => reject(new Error(audio.error.message)));
  audio.addEventListener("timeupdate", () => audio.currentTime > 0.3 && resolve(audio.currentTime));
  document.querySelectorAll(".player .play")[%d].click();
})
"""
PLAY_VIDEO = """
new Promise((resolve, reject) => {
  document.querySelector("video").closest("details").open = true;
  const video = document.querySelector("video");
  video.addEventListener("error", () => reject(new Error(video.error.message)));
  const seen = () => video.currentTime > 0.3 && video.videoHeight && resolve(video.currentTime);
  video.addEventListener("timeupdate", seen);
  video.play();
})
"""
# Jumps to the middle, as a person does who drags the slider, and tells where the song goes on.
SEEK = """
new Promise((resolve) => {
  const audio = document.querySelectorAll("audio")[0];
  audio.addEventListener("seeked", () => resolve(audio.currentTime));
  const slider = document.querySelector(".player input");
  slider.value = audio.duration / 2;
  slider.dispatchEvent(new Event("change"));
})
"""


@pytest.fixture(scope="module")
def link(made: Made) -> str:
    url = str(made.studio.share(made.track["track_id"])["url"])
    return url.replace("//localhost:", "//127.0.0.1:")


def test_anyone_with_the_link_hears_both_variants_from_any_position(link: str, made: Made) -> None:
    visitor = httpx.Client(follow_redirects=True)  # keeps the cookie of the page
    page = visitor.get(link)
    assert page.status_code == 200
    assert 'property="og:audio"' in page.text
    assert "autoplay" not in page.text
    for label in "AB":
        whole = visitor.get(f"{link}/audio/{label}").content
        part = visitor.get(f"{link}/audio/{label}", headers={"Range": "bytes=1000-1999"})
        assert part.status_code == httpx.codes.PARTIAL_CONTENT
        assert part.headers["Content-Range"] == f"bytes 1000-1999/{len(whole)}"
        assert part.content == whole[1000:2000]
    share, *_ = made.studio.get(f"/v1/tracks/{made.track['track_id']}/shares")["items"]  # newest first
    assert share["views"] == 1


def test_a_revoked_link_is_a_page_that_says_so(made: Made) -> None:
    share = made.studio.share(made.track["track_id"])
    made.studio.delete(f"/v1/shares/{share['share_id']}")
    gone = httpx.get(share["url"])
    assert gone.status_code == 404
    assert gone.headers["Content-Type"].startswith("text/html")


def test_a_stranger_cannot_share_it(made: Made, studio: Studio) -> None:
    with pytest.raises(Refused) as refused:
        studio.share(made.track["track_id"])
    assert refused.value.status == httpx.codes.NOT_FOUND


@pytest.fixture(scope="module")
def filmed(made: Made) -> dict[str, Any]:
    """The job that makes the video of variant A, at its end."""
    path = f"/v1/tracks/{made.track['track_id']}/variants/A/video"
    job = made.studio.post(path, {})
    assert made.studio.post(path, {})["job_id"] == job["job_id"]
    return outcome(made.studio, job["job_id"])


def test_a_song_has_a_video_when_it_is_asked_for(
    cloud: Cloud, link: str, made: Made, filmed: dict[str, Any], tmp_path: Path
) -> None:
    assert filmed["status"] == "succeeded", filmed["error"]
    assert [step["step"] for step in filmed["history"] if step["outcome"] == "ok"] == list(VIDEO.steps)
    assert len(cloud.executions(filmed["job_id"], kind="video")) == 1
    song, other = made.track["variants"]
    assert other["video_url"] is None
    with httpx.Client(follow_redirects=True) as visitor:
        visitor.get(link)  # files behind a share are for those who came by its page
        for url in (song["video_url"], f"{link}/video/A"):
            video = visitor.get(url, headers={"Range": "bytes=0-999"})
            assert (video.status_code, video.headers["Content-Type"]) == (httpx.codes.PARTIAL_CONTENT, "video/mp4")
    path = tmp_path / "A.mp4"
    path.write_bytes(httpx.get(song["video_url"]).content)
    assert starts_at_once(path)
    assert {stream.codec for stream in streams(path)} == {"avc1", "mp4a"}
    assert all(abs(stream.seconds - song["duration_s"]) < 1 / 30 + 1e-3 for stream in streams(path))
    assert httpx.get(song["poster_url"]).content[:3] == b"\xff\xd8\xff"
    assert 'property="og:video"' in httpx.get(link).text


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
@pytest.mark.parametrize(("device", "width"), [("desktop", 1000), ("phone", 390)])
@pytest.mark.usefixtures("filmed")
def test_the_page_plays_and_seeks_in_a_browser(link: str, tmp_path: Path, device: str, width: int) -> None:
    assert CHROMIUM is not None
    with browser_page(CHROMIUM) as page:
        page.open(link, width=width)
        assert page.evaluate("[...document.images].filter(i => i.loading !== 'lazy').every(i => i.naturalWidth > 0)")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate(PLAY % (0, 0)) > 0.3
        assert page.evaluate(SEEK) == pytest.approx(
            page.evaluate("document.querySelector('audio').duration / 2"), abs=0.3
        )
        assert page.evaluate(PLAY % (1, 1)) > 0.3
        assert page.evaluate("document.querySelectorAll('audio')[0].paused"), "one song plays at a time"
        assert page.evaluate(PLAY_VIDEO) > 0.3
        assert page.evaluate("[...document.querySelectorAll('audio')].every(a => a.paused)")
        folder = Path(os.environ.get("SOUNDSTAGE_SCREENSHOTS", tmp_path))
        assert page.screenshot(folder / f"share-{device}.png").stat().st_size > 10_000
        assert page.errors == []
