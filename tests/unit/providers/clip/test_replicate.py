"""Replicate: a prediction begun once, its file fetched from another server, which gets no key."""

import base64
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pydantic import SecretStr
from tests.fixtures.film import SHOTS
from tests.fixtures.film_servers import picture, replicate_routes, video
from tests.fixtures.provider_servers import KEY, Server, serving
from tests.fixtures.purse import Purse

from soundstage.models.film import FilmSettings
from soundstage.models.profiles import Replicate
from soundstage.providers.clip.replicate import MAX_DATA_BYTES, ReplicateProvider, data_url
from soundstage.providers.errors import Expired, Failed
from soundstage.providers.film.animating import ProviderAnimator

INPUT = {"start_image": "{{image}}", "prompt": "{{prompt}}", "duration": "{{duration}}", "seed": "{{seed}}"}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return video(tmp_path_factory.mktemp("clip") / "clip.mp4")


def animator(server: Server, purse: Purse, *, model: str = "acme/mover", **more: float) -> ProviderAnimator:
    server.seen.clear()
    given = {"protocol": "replicate", "url": f"{server.url}/v1", "model": model, "input": INPUT, "price_usd": 0.25}
    terms = Replicate.model_validate(given | more)
    provider = ReplicateProvider(terms, SecretStr(KEY), public_only=False)
    return ProviderAnimator(provider, purse.account(), called="mover", terms={}, patience_s=31.0)


def asked(tmp_path: Path) -> dict[str, Any]:
    frame, folder = tmp_path / "frame.png", tmp_path / "out"
    frame.write_bytes(picture())
    folder.mkdir()
    return {"shot": SHOTS[0], "settings": FilmSettings(), "frame": frame, "folder": folder}


def test_a_clip_is_begun_once_and_fetched_without_the_key(server: Server, clip: bytes, tmp_path: Path) -> None:
    server.routes = replicate_routes(clip, server.url, waits=2)
    server.faults = {"/files/clip.mp4": [500, "truncated"]}
    server.song = clip
    made = animator(server, Purse(), duration_s=1.0).animate(**asked(tmp_path))
    assert (made.frames, made.fps, made.usd) == (12, 12.0, 0.25)
    assert (tmp_path / "out" / made.file).read_bytes() == clip
    (begun,) = server.asked("/v1/models/acme/mover/predictions")
    sent = begun.json["input"]
    assert (sent["prompt"], sent["duration"], sent["seed"]) == (SHOTS[0].narration, 1, SHOTS[0].seed)
    with Image.open(io.BytesIO(base64.b64decode(sent["start_image"].removeprefix("data:image/jpeg;base64,")))) as image:
        assert image.size == (768, 512)
    fetched = server.asked("/files/clip.mp4")
    assert len(fetched) == 3
    assert not any("authorization" in seen.headers for seen in fetched)


def test_a_version_is_named_in_the_body(server: Server, clip: bytes, tmp_path: Path) -> None:
    server.routes = replicate_routes(clip, server.url)
    animator(server, Purse(), model="a" * 64, duration_s=1.0).animate(**asked(tmp_path))
    assert server.asked("/v1/predictions")[0].json["version"] == "a" * 64


def test_what_failed_or_is_no_clip_is_told(server: Server, clip: bytes, tmp_path: Path) -> None:
    server.routes = replicate_routes(clip, server.url, status="failed")
    given = asked(tmp_path)
    with pytest.raises(Failed, match="failed"):
        animator(server, Purse(), duration_s=1.0).animate(**given)
    server.routes = replicate_routes(b"<html>", server.url)
    with pytest.raises(Failed, match="no clip"):
        animator(server, Purse(), duration_s=1.0).animate(**given)


def test_what_takes_too_long_is_canceled(server: Server, clip: bytes, tmp_path: Path) -> None:
    server.routes = replicate_routes(clip, server.url, waits=10_000)
    with pytest.raises(Expired):
        animator(server, Purse(), duration_s=1.0).animate(**asked(tmp_path))
    assert len(server.asked("/v1/predictions/abc123/cancel")) == 1


def test_a_picture_goes_along_as_good_as_fits(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (720, 1280, 3), dtype=np.uint8)
    Image.fromarray(noise).resize((640, 360)).resize((1280, 720)).save(tmp_path / "noise.png")
    content = base64.b64decode(data_url(tmp_path / "noise.png").partition(",")[2])
    assert len(content) <= MAX_DATA_BYTES
