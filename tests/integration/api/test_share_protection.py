"""Shares of every product; their passwords; and files that are for those who came by the page."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from fastapi import FastAPI
from fastapi.testclient import TestClient
from functions.api.services import Services
from tests.fixtures.products import sample_of
from tests.integration.api.conftest import Clock, Person, Studio, given_to_steps, succeeded

from soundstage.models.ids import Id

WORD = "open sesame please"
FILES = {"track": "audio/A", "match": "file/sound", "film": "file/film"}
PREVIEWS = {"track": "cover", "match": "file/report", "film": "file/poster"}


@pytest.fixture
def ready(studio: Studio) -> Callable[[str], str]:
    """The address of something finished of Ada's, by kind."""

    def _ready(kind: str) -> str:
        if kind == "track":
            return f"/v1/tracks/{studio.ready_track}"
        sample = sample_of(kind)
        job = studio.ask(sample)().json()
        assert sample.persist(studio.services.catalog, given_to_steps(studio.services, job))
        succeeded(studio.services, job)
        for name in ("film.mp4", "poster.jpg", "audio.wav", "report.png"):
            studio.services.objects.write(f"results/{job['job_id']}/{name}", bytes(range(256)))
        return f"/v1/{sample.product.collection}/{job['subject_id']}"

    return _ready


@pytest.fixture
def stranger(running: tuple[Services, FastAPI]) -> Callable[[], TestClient]:
    """Another browser each time: without cookies."""
    return lambda: TestClient(running[1], base_url="https://api.example.org", follow_redirects=False)


def _link(person: Person, path: str, **more: Any) -> str:
    made = person.post(f"{path}/share", more)
    assert made.status_code == 201, made.text
    return str(urlsplit(made.json()["url"]).path)


@pytest.mark.parametrize("kind", FILES)
def test_each_can_be_shared_listed_counted_and_revoked(
    kind: str, ready: Callable[[str], str], ada: Person, eve: Person, stranger: Callable[[], TestClient]
) -> None:
    path = ready(kind)
    link = _link(ada, path)
    visitor = stranger()

    page = visitor.get(link)
    file = visitor.get(f"{link}/{FILES[kind]}")

    assert (page.status_code, file.status_code) == (200, 302)
    title = ada.get(path).json()["title"]
    assert f"<h1>{title}</h1>" in page.text
    assert f'property="og:title" content="{title}"' in page.text
    assert "autoplay" not in page.text
    shown = ada.get(f"{path}/shares").json()["items"]
    assert [(item["kind"], item["subject_id"], item["views"]) for item in shown] == [(kind, path.rsplit("/")[-1], 1)]
    assert eve.get(f"{path}/shares").status_code == eve.post(f"{path}/share").status_code == 404
    assert eve.delete(f"/v1/shares/{shown[0]['share_id']}").status_code == 404
    saved = visitor.get(f"{link}/{FILES[kind]}?download=1").headers["Location"]
    assert title in parse_qs(urlsplit(saved).query)["response-content-disposition"][0]

    ada.delete(f"/v1/shares/{shown[0]['share_id']}")

    for address in (link, f"{link}/{FILES[kind]}", f"{link}/{PREVIEWS[kind]}"):
        assert visitor.get(address).status_code == 404


@pytest.mark.parametrize("kind", FILES)
def test_a_deleted_thing_takes_its_links_along(
    kind: str, ready: Callable[[str], str], ada: Person, stranger: Callable[[], TestClient]
) -> None:
    path = ready(kind)
    link = _link(ada, path)
    ada.delete(path)
    assert stranger().get(link).status_code == 404


@pytest.mark.parametrize("kind", ["match", "film"])
def test_there_is_nothing_to_share_before_it_is_made(kind: str, studio: Studio) -> None:
    job = studio.ask(sample_of(kind))().json()
    path = f"/v1/{sample_of(kind).product.collection}/{job['subject_id']}"
    answer = studio.ada.post(f"{path}/share")
    assert (answer.status_code, answer.json()["code"]) == (409, "CONFLICT")


@pytest.mark.parametrize("kind", FILES)
def test_a_file_is_for_those_who_came_by_its_page(
    kind: str, ready: Callable[[str], str], ada: Person, stranger: Callable[[], TestClient], clock: Clock
) -> None:
    link = _link(ada, ready(kind))
    file = f"{link}/{FILES[kind]}"

    # Who follows an old address gets to the page; a player elsewhere gets nothing.
    assert (stranger().get(file).status_code, stranger().get(file).headers["Location"]) == (303, link)
    for where in ("audio", "video", "image", "iframe"):
        assert stranger().get(file, headers={"Sec-Fetch-Dest": where}).status_code == 403
    assert stranger().get(f"{link}/{PREVIEWS[kind]}").status_code == 302

    visitor = stranger()
    page = visitor.get(link).text
    assert visitor.get(file).status_code == 302
    ticketed = re.search(rf'="({re.escape(file)}\?t=[^"&]+)', page)
    assert ticketed is not None
    # A program that keeps no cookies is let in by the address from the page, for an hour.
    assert stranger().get(ticketed[1]).status_code == 302
    assert stranger().get(ticketed[1].replace("?t=", "?t=1")).status_code == 303
    assert stranger().get(ticketed[1][:-1] + "g").status_code == 303
    # Neither helps another page.
    elsewhere = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "audio"}
    assert visitor.get(ticketed[1], headers=elsewhere).status_code == 403
    clock.pass_(minutes=61)
    assert stranger().get(ticketed[1]).status_code == 303
    assert visitor.get(file).status_code == 302, "an open page plays on"
    clock.pass_(hours=12)
    assert visitor.get(file).status_code == 303


def test_a_visit_of_one_share_opens_no_other(
    ready: Callable[[str], str], ada: Person, stranger: Callable[[], TestClient]
) -> None:
    path = ready("track")
    one, other = _link(ada, path), _link(ada, path)
    visitor = stranger()
    page = visitor.get(one)

    cookie = page.headers["Set-Cookie"]
    assert f"Path={one};" in cookie
    for flag in ("HttpOnly", "Secure", "SameSite=lax"):
        assert flag in cookie
    value = visitor.cookies["visit"]
    assert visitor.get(f"{other}/audio/A").status_code == 303
    assert stranger().get(f"{other}/audio/A", headers={"Cookie": f"visit={value}"}).status_code == 303
    ticket = re.search(r"\?t=([^\"&]+)", page.text)
    assert ticket is not None
    assert stranger().get(f"{other}/audio/A?t={ticket[1]}").status_code == 303
    # What opens files opens no locked page, and the other way round.
    assert stranger().get(f"{one}/audio/A?t={value}").status_code == 303


def test_addresses_of_files_die_soon_after_a_share(
    services: Services, ready: Callable[[str], str], ada: Person, stranger: Callable[[], TestClient]
) -> None:
    path = ready("track")
    visitor = stranger()
    link = _link(ada, path)
    visitor.get(link)

    signed = visitor.get(f"{link}/audio/A").headers["Location"]

    life_s = int(parse_qs(urlsplit(signed).query)["X-Amz-Expires"][0])
    assert life_s == services.settings.share_url_life_s <= 120
    assert requests.get(signed, timeout=5).status_code == 200


@pytest.mark.parametrize("kind", FILES)
def test_a_password_is_asked_for_before_anything_is_shown(
    kind: str, ready: Callable[[str], str], ada: Person, stranger: Callable[[], TestClient]
) -> None:
    path = ready(kind)
    link = _link(ada, path, password=WORD)
    title = ada.get(path).json()["title"]
    visitor = stranger()

    locked = visitor.get(link)
    assert (locked.status_code, "This link has a password" in locked.text, title in locked.text) == (200, True, False)
    assert "form-action 'self'" in locked.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in locked.headers
    for file in (FILES[kind], PREVIEWS[kind]):
        assert visitor.get(f"{link}/{file}").status_code == 303
    wrong = visitor.post(link, data={"password": "open barley"})
    assert (wrong.status_code, title in wrong.text) == (403, False)
    assert visitor.get(f"{link}/{FILES[kind]}").status_code == 303
    item = ada.get(f"{path}/shares").json()["items"][0]
    assert (item["views"], item["has_password"]) == (0, True)
    assert WORD not in str(item)

    right = visitor.post(link, data={"password": WORD})

    assert (right.status_code, right.headers["Location"]) == (303, link)
    assert f"<h1>{title}</h1>" in visitor.get(link).text
    for file in (FILES[kind], PREVIEWS[kind]):
        assert visitor.get(f"{link}/{file}").status_code == 302
    assert "This link has a password" in stranger().get(link).text
    assert ada.get(f"{path}/shares").json()["items"][0]["views"] == 1


def test_passwords_of_shares_cannot_be_guessed_at_will(
    services: Services,
    ready: Callable[[str], str],
    ada: Person,
    stranger: Callable[[], TestClient],
) -> None:
    link = _link(ada, ready("track"), password=WORD)
    most = services.settings.limits.log_ins_per_account.requests
    for _ in range(most + 2):
        assert stranger().post(link, data={"password": WORD}).status_code == 303, "many may know it"

    answers = [stranger().post(link, data={"password": f"guess {number}"}).status_code for number in range(most + 1)]

    assert answers == [403] * most + [429]


def test_odd_forms_are_no_trouble(ready: Callable[[str], str], ada: Person, stranger: Callable[[], TestClient]) -> None:
    link = _link(ada, ready("track"), password=WORD)
    for body in (b"", b"password", b"\xff\xfe=\x00", b"password=" + b"x" * 5000, b"&".join([b"a=b"] * 50)):
        assert stranger().post(link, content=body).status_code == 403
    assert stranger().post("/s/unknown", content=b"password=x").status_code == 404
    without = _link(ada, ready("track"))
    assert stranger().post(without, content=b"password=x").status_code == 303


def test_a_share_has_no_trivial_password(ready: Callable[[str], str], ada: Person) -> None:
    assert ada.post(f"{ready('track')}/share", {"password": "12345"}).status_code == 422


def test_ids_of_subjects_are_of_their_own_kind(ready: Callable[[str], str], ada: Person) -> None:
    track_id: Id = ready("track").rsplit("/", maxsplit=1)[-1]
    for collection in ("matches", "films"):
        assert ada.post(f"/v1/{collection}/{track_id}/share").status_code == 404
