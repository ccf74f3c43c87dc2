import base64
import hashlib
import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
import requests
from fastapi.testclient import TestClient
from functions.api.pages.html import TEMPLATES
from functions.api.pages.languages import CHINESE as CHINESE_TEXTS
from functions.api.services import Services
from sqlalchemy import update
from tests.integration.api.conftest import Clock, Person

from soundstage.models.ids import Id
from soundstage.platform.catalog.tracks import Track


@pytest.fixture
def token(ada: Person, ready_track: Id) -> str:
    made: str = ada.post(f"/v1/tracks/{ready_track}/share").json()["token"]
    return made


class Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def test_a_link_is_told_once_and_opens_without_an_account(client: TestClient, ada: Person, ready_track: Id) -> None:
    share = ada.post(f"/v1/tracks/{ready_track}/share", {"expires_in_days": None}).json()

    assert share["url"] == f"https://soundstage.example.org/s/{share['token']}"
    assert len(base64.urlsafe_b64decode(share["token"] + "=")) >= 16
    listed = ada.get(f"/v1/tracks/{ready_track}/shares").json()["items"]
    assert [item["share_id"] for item in listed] == [share["share_id"]]
    assert share["token"] not in str(listed)
    assert client.get(f"/s/{share['token']}").status_code == 200


def test_the_page_plays_both_variants_and_nothing_by_itself(client: TestClient, token: str) -> None:
    tags = Tags(client.get(f"/s/{token}").text)

    players = tags.all("audio")
    # AAC where there is a preview; the song itself for browsers that cannot play that, and where there is none.
    sources = [source["src"] for source in tags.all("source")]
    paths = [urlsplit(source or "").path for source in sources]
    assert paths == [f"/s/{token}/{path}" for path in ("preview/A", "audio/A", "audio/B")]
    assert len(players) == 2
    assert all(player["preload"] == "none" and "autoplay" not in player and "controls" in player for player in players)
    assert all(image["alt"] for image in tags.all("img"))


def test_the_page_previews_where_its_link_is_pasted(client: TestClient, token: str) -> None:
    tags = Tags(client.get(f"/s/{token}").text)
    said = {meta["property"]: meta["content"] for meta in tags.all("meta") if "property" in meta}

    assert said["og:title"] == "Morning hum"
    assert said["og:url"] == f"https://soundstage.example.org/s/{token}"
    assert said["og:image"] == f"https://soundstage.example.org/s/{token}/cover"
    assert int(said["og:image:width"] or 0) >= 200


def test_a_track_without_a_cover_previews_with_its_notes(
    client: TestClient, services: Services, token: str, ready_track: Id
) -> None:
    with services.catalog.transaction() as session:
        session.execute(update(Track).where(Track.id == ready_track).values(cover_key=None))
    page = client.get(f"/s/{token}").text

    assert f"/s/{token}/picture/A/piano_roll" in page
    assert f"/s/{token}/cover" not in page
    assert client.get(f"/s/{token}/cover", follow_redirects=False).status_code == 404


def test_the_page_runs_its_own_script_and_no_other(client: TestClient, token: str) -> None:
    page = client.get(f"/s/{token}")
    policy = dict(part.split(" ", 1) for part in page.headers["Content-Security-Policy"].split("; "))

    for tag, directive in (("script", "script-src"), ("style", "style-src")):
        source = re.search(f"<{tag}>(.*?)</{tag}>", page.text, re.DOTALL)
        assert source is not None
        digest = base64.b64encode(hashlib.sha256(source[1].encode()).digest()).decode()
        assert policy[directive] == f"'sha256-{digest}'"
    assert " style=" not in page.text
    assert " on" not in re.sub(r"<script>.*</script>|<style>.*</style>|>[^<]*<", "", page.text, flags=re.DOTALL)
    audio = client.get(f"/s/{token}/audio/A", follow_redirects=False).headers["Location"]
    assert f"{urlsplit(audio).scheme}://{urlsplit(audio).netloc}" in policy["media-src"]


def test_a_title_cannot_bring_markup_along(client: TestClient, ada: Person, ready_track: Id) -> None:
    evil = ada.post("/v1/tracks", {"title": '"><script>alert(1)</script>'}).json()
    assert evil["title"].startswith('">')
    # Not ready, so it has no page; the template is what escapes, seen on the page that exists.
    token = ada.post(f"/v1/tracks/{ready_track}/share").json()["token"]
    assert "<script>alert" not in client.get(f"/s/{token}").text


def test_audio_can_be_sought_in_and_saved(client: TestClient, token: str) -> None:
    client.get(f"/s/{token}")
    opened = client.get(f"/s/{token}/audio/B", follow_redirects=False)
    assert opened.status_code == 302
    part = requests.get(opened.headers["Location"], headers={"Range": "bytes=100-103"}, timeout=5)
    assert (part.status_code, part.content) == (206, bytes([100, 101, 102, 103]))
    assert part.headers["Content-Type"] == "audio/wav"

    saved = client.get(f"/s/{token}/audio/B?download=1", follow_redirects=False).headers["Location"]
    assert 'filename="Morning hum - B (synthwave).wav"' in requests.get(saved, timeout=5).headers["Content-Disposition"]
    midi = client.get(f"/s/{token}/midi/A?download=1", follow_redirects=False).headers["Location"]
    assert "Morning hum - A (lofi).mid" in requests.get(midi, timeout=5).headers["Content-Disposition"]
    for name in ("", "/audio/B", "/midi/A", "/cover"):
        assert client.head(f"/s/{token}{name}", follow_redirects=False).status_code < 400
    for name in ("picture/A/spectrogram", "cover"):
        picture = client.get(f"/s/{token}/{name}", follow_redirects=False).headers["Location"]
        assert requests.get(picture, timeout=5).headers["Content-Type"] == "image/png"


def test_a_preview_is_aac_and_can_be_sought_in(client: TestClient, token: str) -> None:
    client.get(f"/s/{token}")
    opened = client.get(f"/s/{token}/preview/A", follow_redirects=False)
    part = requests.get(opened.headers["Location"], headers={"Range": "bytes=7-8"}, timeout=5)
    assert (part.status_code, part.content, part.headers["Content-Type"]) == (206, bytes([7, 8]), "audio/mp4")
    said = {meta.get("property"): meta.get("content") for meta in Tags(client.get(f"/s/{token}").text).all("meta")}
    assert (said["og:audio"] or "").startswith(f"https://soundstage.example.org/s/{token}/preview/A?t=")
    assert said["og:audio:type"] == "audio/mp4"
    assert client.get(f"/s/{token}/preview/B", follow_redirects=False).status_code == 404


def test_visits_are_counted(client: TestClient, ada: Person, ready_track: Id, token: str) -> None:
    for _ in range(3):
        client.get(f"/s/{token}")
        client.get(f"/s/{token}/cover", follow_redirects=False)
    client.head(f"/s/{token}")

    assert ada.get(f"/v1/tracks/{ready_track}/shares").json()["items"][0]["views"] == 3


def _is_gone(client: TestClient, token: str) -> bool:
    paths = ("", "/audio/A", "/midi/A", "/cover", "/picture/A/piano_roll")
    answers = [client.get(f"/s/{token}{path}", follow_redirects=False) for path in paths]
    return all(answer.status_code == 404 and "This link does not work" in answer.text for answer in answers)


def test_a_revoked_link_is_a_friendly_dead_end(
    client: TestClient, ada: Person, eve: Person, ready_track: Id, token: str
) -> None:
    share_id = ada.get(f"/v1/tracks/{ready_track}/shares").json()["items"][0]["share_id"]
    assert eve.delete(f"/v1/shares/{share_id}").status_code == 404
    assert not _is_gone(client, token)

    assert ada.delete(f"/v1/shares/{share_id}").status_code == 204
    assert ada.delete(f"/v1/shares/{share_id}").status_code == 204
    assert _is_gone(client, token)


def test_a_link_expires(client: TestClient, ada: Person, clock: Clock, ready_track: Id) -> None:
    token = ada.post(f"/v1/tracks/{ready_track}/share", {"expires_in_days": 1}).json()["token"]
    clock.pass_(hours=23)
    assert client.get(f"/s/{token}").status_code == 200

    clock.pass_(hours=2)
    assert _is_gone(client, token)


def test_a_deleted_track_takes_its_links_with_it(client: TestClient, ada: Person, ready_track: Id, token: str) -> None:
    ada.delete(f"/v1/tracks/{ready_track}")

    assert _is_gone(client, token)


def test_unknown_links_and_parts_are_gone(client: TestClient, token: str) -> None:
    assert _is_gone(client, "no-such-token")
    assert client.get(f"/s/{token}/picture/A/../../x").status_code == 404
    assert client.get(f"/s/{token}/picture/A/waveform").status_code == 404
    assert client.get(f"/s/{token}/audio/C").status_code == 422


def test_there_is_nothing_to_share_before_there_is_something_to_hear(ada: Person) -> None:
    draft = ada.post("/v1/tracks", {}).json()["track_id"]
    assert ada.post(f"/v1/tracks/{draft}/share").status_code == 409


def test_all_that_is_shared_is_listed_with_its_titles(ada: Person, eve: Person, ready_track: Id, clock: Clock) -> None:
    path = f"/v1/tracks/{ready_track}"
    made = [ada.post(f"{path}/share", {"expires_in_days": days}).json()["share_id"] for days in (1, 30, 30)]
    ada.delete(f"/v1/shares/{made[2]}")
    assert eve.get("/v1/shares").json()["items"] == []
    clock.pass_(days=2)
    ada.tokens |= ada.client.post(
        "/v1/auth/login", json={"email": "ada@example.org", "password": "ada's own tune"}
    ).json()

    def listed(query: str = "") -> list[tuple[str, str | None]]:
        return [(item["share_id"], item["title"]) for item in ada.get(f"/v1/shares{query}").json()["items"]]

    assert listed() == [(share_id, "Morning hum") for share_id in reversed(made)]
    assert listed("?open_only=true") == [(made[1], "Morning hum")]
    assert len(ada.get("/v1/shares?limit=2").json()["items"]) == 2
    ada.delete(path)
    assert listed("?open_only=true") == [(made[1], None)]


CHINESE = {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("fr, zh-TW;q=0.4", "zh"),
        ("de", "en"),
        ("", "en"),
        ("zh;q=0", "en"),
        ("zh;q=x, *;q=;;,,", "en"),
    ],
)
def test_a_page_speaks_the_language_of_its_visitor(client: TestClient, token: str, wanted: str, language: str) -> None:
    for path, status in ((f"/s/{token}", 200), ("/s/nothing-is-here", 404)):
        page = client.get(path, headers={"Accept-Language": wanted})
        assert page.status_code == status
        assert page.headers["Content-Language"] == language
        assert "Accept-Language" in page.headers["Vary"]
        assert f'<html lang="{language}">' in page.text


class Words(HTMLParser):
    """What is read, and what is read out."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        known = dict(attrs)
        told = {"description", "og:title", "og:description", "og:image:alt"} & {
            known.get("name"),
            known.get("property"),
        }
        read_out = ("alt", "aria-label", "data-pause", *(("content",) if told else ()))
        self.found += [known[name] or "" for name in read_out if name in known]

    def handle_data(self, data: str) -> None:
        if self._inside not in {"style", "script"}:
            self.found.append(data)


def test_a_page_in_chinese_has_nothing_left_in_english(
    client: TestClient, ada: Person, token: str, ready_track: Id
) -> None:
    locked = ada.post(f"/v1/tracks/{ready_track}/share", {"password": "what the tune is called"}).json()["token"]
    names = {"Soundstage", "Morning", "hum", "WAV", "MIDI", "bpm", "A", "B", "C"}
    for path in (f"/s/{token}", f"/s/{locked}", "/s/nothing-is-here"):
        words = Words(client.get(path, headers=CHINESE).text).found
        assert set(re.findall(r"[A-Za-z]+", " ".join(words))) <= names, path


def test_every_text_of_a_page_is_known_in_chinese() -> None:
    """Templates mark theirs by ``_("…")``; those of the code are seen by the test above."""
    written = " ".join(path.read_text(encoding="utf-8") for path in TEMPLATES.glob("*.html"))
    marked = {text for pair in re.findall(r'_\((?:"([^"]+)"|\'([^\']+)\')', written) for text in pair if text}
    assert len(marked) > 20
    assert marked <= CHINESE_TEXTS.keys()
