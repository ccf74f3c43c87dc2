"""``soundstage film --profile``: providers of one's own, asked over HTTP by the command itself."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.fixtures.film_servers import openai_routes
from tests.fixtures.provider_servers import KEY, Server, serving

from soundstage.cli.main import main
from soundstage.cli.profiles import read_profiles
from soundstage.models.errors import InvalidInput


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        running.routes = openai_routes()
        yield running


def profile(folder: Path, name: str, terms: dict[str, Any], **more: Any) -> str:
    (folder / name).write_text(json.dumps({"terms": terms, **more}), encoding="utf-8")
    return str(folder / name)


@pytest.mark.slow
def test_pictures_and_voices_come_from_ones_own_server_and_are_paid_once(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MY_KEY", KEY)
    url = f"{server.url}/v1"
    images = {"protocol": "openai_images", "url": url, "model": "painter-1", "price_usd": 0.1}
    voices = [{"id": "anna", "gender": "female"}]
    speech = {"protocol": "openai_speech", "url": url, "model": "cosy", "price_usd": 0, "voices": voices}
    files = [
        profile(tmp_path, "painter.json", images, api_key_env="MY_KEY"),
        profile(tmp_path, "voice.json", speech, api_key=KEY),
    ]
    (tmp_path / "story.txt").write_text("Mia waves at dusk. The fox runs home.", encoding="utf-8")

    def film(*more: str) -> dict[str, Any]:
        asked = [word for file in files for word in ("--profile", file)]
        out = tmp_path / "film.mp4"
        assert main(["film", str(tmp_path / "story.txt"), "--out", str(out), "--preview", "--json", *asked, *more]) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    def providers(film: dict[str, Any]) -> dict[str, str]:
        return {
            part["part"]: part["provider"] for part in film["parts"] if part["part"][:1] == "s" and " " in part["part"]
        }

    poor = film()  # nothing may be spent, so that the pictures are ours
    assert providers(poor)["s1 picture"] == "embedded"
    assert any("BUDGET_EXCEEDED" in (part["note"] or "") for part in poor["parts"])
    assert providers(poor)["s1 speech"] == "openai_speech cosy"
    rich = film("--max-usd", "0.15")
    assert sorted(providers(rich)[f"{shot} picture"] for shot in ("s1", "s2")) == [
        "embedded",
        "openai_images painter-1",
    ]
    asked = len(server.seen)
    film("--max-usd", "0.15")
    assert len(server.seen) == asked
    kept = "".join(path.read_text("utf-8", "ignore") for path in tmp_path.glob("film.project/**/*.json"))
    assert KEY not in kept


def test_what_is_no_profile_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chat = {"protocol": "openai_chat", "url": "http://127.0.0.1:9/v1", "model": "m"}
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)
    wrong = {
        "missing.json": None,
        "other.json": {"terms": chat, "key": "x"},
        "terms.json": {"terms": {"protocol": "carrier pigeon"}},
        "environment.json": {"terms": chat, "api_key_env": "NO_SUCH_KEY"},
        "node.json": {"terms": {"protocol": "node", "url": "http://127.0.0.1:9"}},
    }
    for name, document in wrong.items():
        if document is not None:
            (tmp_path / name).write_text(json.dumps(document), encoding="utf-8")
        with pytest.raises(InvalidInput, match=name):
            read_profiles([tmp_path / name])
    twice = Path(profile(tmp_path, "chat.json", chat))
    assert list(read_profiles([twice])) == ["text"]
    with pytest.raises(InvalidInput, match="another profile for text"):
        read_profiles([twice, twice])
