from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from infra.local import console
from infra.local.console import Console
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    built = tmp_path / "dist"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text("the page")
    (built / "icon.svg").write_text("<svg/>")
    (built / "assets" / "index-1a2b.js").write_text("code " * 200)
    (tmp_path / "secret").write_text("not for anybody")
    monkeypatch.setattr(console, "BUILT", built)

    async def api(request: Request) -> Response:
        return PlainTextResponse(f"api {request.method} {request.url.path}")

    methods = ["GET", "POST"]
    services: Any = SimpleNamespace(
        objects=SimpleNamespace(presign_get=lambda *_, **__: "http://bucket.test:9/any?signature=1"),
        settings=SimpleNamespace(release=None, stage="local"),
    )
    return TestClient(Console(Starlette(routes=[Route("/{path:path}", api, methods=methods)]), services))


@pytest.mark.parametrize("path", ["/", "/hum", "/songs/0123", "/versions"])
def test_every_screen_is_the_same_page(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.text == "the page"
    assert answer.headers["Cache-Control"] == "no-cache"
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "connect-src 'self' http://bucket.test:9;" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["/v1/jobs", "/s/token", "/health", "/health/ready", "/.well-known/jwks.json"])
def test_the_api_keeps_its_paths(client: TestClient, path: str) -> None:
    assert client.get(path).text == f"api GET {path}"


def test_what_is_sent_is_for_the_api(client: TestClient) -> None:
    assert client.post("/anything").text == "api POST /anything"


def test_files_named_by_their_content_stay(client: TestClient) -> None:
    assert "immutable" in client.get("/assets/index-1a2b.js").headers["Cache-Control"]
    assert client.get("/icon.svg").headers["Cache-Control"] == "no-cache"
    assert client.get("/assets/of-an-older-build.js").status_code == 404


@pytest.mark.parametrize(
    "path", ["/../secret", "/%2e%2e/secret", "/assets/..%2f..%2fsecret", "/..%5csecret", "//etc/passwd"]
)
def test_nothing_outside_is_served(client: TestClient, path: str) -> None:
    assert "anybody" not in client.get(path).text
    assert "root:" not in client.get(path).text


def test_code_is_sent_small(client: TestClient) -> None:
    answer = client.get("/assets/index-1a2b.js", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.text == "code " * 200
