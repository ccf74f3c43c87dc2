"""The recording page as it is served; what it does is tested in a browser (tests/e2e)."""

import re

import requests
from fastapi.testclient import TestClient
from functions.api.pages.html import source
from tests.integration.api.conftest import Person


def policy_of(client: TestClient) -> dict[str, str]:
    said = client.get("/record").headers["Content-Security-Policy"]
    return dict(part.split(" ", 1) for part in said.split("; "))


def test_it_runs_only_scripts_of_ours_from_their_own_address(client: TestClient) -> None:
    page = client.get("/record").text

    assert policy_of(client)["script-src"] == "'self'"
    assert policy_of(client)["default-src"] == "'none'"
    assert re.findall(r"<script(?![^>]* src=)", page) == []
    assert " style=" not in page
    assert re.findall(r"<[^>]* on\w+=", page) == []
    for address in re.findall(r'<script src="([^"]+)"', page):
        script = client.get(address)
        assert script.headers["Content-Type"].startswith("text/javascript")
        assert "immutable" in script.headers["Cache-Control"]


def test_only_scripts_are_served_from_there(client: TestClient) -> None:
    for name in ("page.css", "..%2fmain.py", "share.html", "x"):
        assert client.get(f"/scripts/{name}").status_code in (404, 422)


def test_it_may_send_to_the_bucket_and_play_from_it(client: TestClient, ada: Person) -> None:
    wanted = {"file_name": "hum.webm", "content_type": "audio/webm", "size_bytes": 4}
    request = ada.post("/v1/uploads", wanted).json()["request"]
    assert request["method"] == "PUT"
    assert requests.put(request["url"], data=b"hum!", headers=request["headers"], timeout=5).status_code == 200

    policy = policy_of(client)
    for directive in ("connect-src", "media-src", "img-src"):
        origins = [origin for origin in policy[directive].split() if origin.startswith("http")]
        assert any(request["url"].startswith(f"{origin}/") for origin in origins), directive


def test_every_text_of_the_page_has_words(client: TestClient) -> None:
    page, words = client.get("/record").text, re.search(r"const TEXT = {(.*?)\n};", source("record.js"), re.DOTALL)
    assert words is not None
    known = set(re.findall(r"^  (\w+):", words[1], re.MULTILINE))
    assert set(re.findall(r'data-(?:text|label)="(\w+)"', page)) <= known
    used = set(re.findall(r"TEXT\.(\w+)", source("record.js")))
    assert used <= known
