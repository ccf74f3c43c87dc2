"""ComfyUI: a person's workflow filled in, queued once, waited for, fetched apart from making."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from tests.fixtures.film_servers import comfyui_routes, picture
from tests.fixtures.provider_servers import KEY, Server, serving
from tests.fixtures.purse import Purse

from soundstage.models.profiles import ComfyUi
from soundstage.providers.errors import Expired, Failed, ProviderError
from soundstage.providers.image.comfyui import ComfyUiProvider
from soundstage.providers.image.request import ImageRequest

WORKFLOW = {
    "3": {"class_type": "KSampler", "inputs": {"seed": "{{seed}}", "steps": "{{steps}}", "cfg": "{{cfg_scale}}"}},
    "5": {"class_type": "EmptyLatentImage", "inputs": {"width": "{{width}}", "height": "{{height}}", "batch_size": 1}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "masterpiece, {{prompt}}", "clip": ["4", 1]}},
    "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "{{negative}}, {{unknown}}", "clip": ["4", 1]}},
}
REQUEST = ImageRequest("a fox {{seed}}", "text", "9:16", 42)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def bought(server: Server, folder: Path, purse: Purse, *, patience_s: float = 60.0) -> bytes:
    server.seen.clear()
    terms = ComfyUi(protocol="comfyui", url=server.url, workflow=WORKFLOW, steps=12, cfg_scale=5.5)
    provider = ComfyUiProvider(terms, SecretStr(KEY), public_only=False)
    return purse.account().buy(provider, REQUEST, folder, patience_s=patience_s).result.read_bytes()


def test_the_workflow_is_filled_in_and_the_saved_picture_fetched(server: Server, tmp_path: Path) -> None:
    server.routes = comfyui_routes(waits=2)
    assert bought(server, tmp_path, Purse()) == picture()
    (seen,) = server.asked("/prompt")
    sent = seen.json["prompt"]
    assert sent["3"]["inputs"] == {"seed": 42, "steps": 12, "cfg": 5.5}
    assert sent["5"]["inputs"] == {"width": 768, "height": 1344, "batch_size": 1}
    assert sent["6"]["inputs"] == {"text": "masterpiece, a fox {{seed}}", "clip": ["4", 1]}
    assert sent["7"]["inputs"]["text"] == "text, {{unknown}}"


def test_a_cut_off_picture_is_fetched_again_and_not_made_again(server: Server, tmp_path: Path) -> None:
    server.routes = comfyui_routes(waits=0)
    server.song = picture()
    server.faults = {"/view": [500, "truncated"]}
    assert bought(server, tmp_path, Purse()) == picture()
    assert (len(server.asked("/prompt")), len(server.asked("/view"))) == (1, 3)


@pytest.mark.parametrize(("more", "error"), [({"fails": True}, Failed), ({"forgets": True}, Expired)])
def test_what_failed_or_was_forgotten_is_told(
    server: Server, tmp_path: Path, more: dict[str, bool], error: type[ProviderError]
) -> None:
    server.routes = comfyui_routes(waits=0, **more)
    with pytest.raises(error):
        bought(server, tmp_path, Purse())
    assert len(server.asked("/prompt")) == 1


def test_what_takes_too_long_is_taken_out_of_the_queue(server: Server, tmp_path: Path) -> None:
    server.routes = comfyui_routes(waits=10_000)
    with pytest.raises(Expired, match="not made in time"):
        bought(server, tmp_path, Purse(), patience_s=31.0)
    assert server.asked("/queue")[-1].json == {"delete": ["p-1"]}
    assert server.asked("/interrupt")[0].json == {"prompt_id": "p-1"}
