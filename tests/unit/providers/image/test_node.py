"""A model node: given a signed task once, heard when it says that it is done, asked for the file."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from tests.fixtures.film_servers import picture
from tests.fixtures.provider_servers import Answer, Seen, Server, serving
from tests.fixtures.purse import Purse

from soundstage.models.node_tasks import TaskComplete
from soundstage.models.profiles import ModelNode
from soundstage.providers.errors import Failed, Unsupported
from soundstage.providers.image.node import NodeProvider
from soundstage.providers.image.request import ImageRequest
from soundstage.providers.signatures import is_signed, sign

SECRET = SecretStr("a secret of more than 32 characters")
REQUEST = ImageRequest("a fox", "text", "16:9", 42)
CALLBACK = "https://soundstage.example.org/v1/callbacks/x/task_complete"


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def node(server: Server, said: dict[str, TaskComplete], callback_url: str | None = CALLBACK) -> NodeProvider:
    terms = ModelNode(protocol="node", url=f"{server.url}/files/tasks")
    return NodeProvider(terms, SECRET, public_only=False, callback_url=callback_url, heard=said.get)


def answering(server: Server, said: dict[str, TaskComplete], **ends: object) -> None:
    """The node paints at once, and says so."""

    def take(seen: Seen) -> Answer:
        task_id = seen.json["task_id"]
        result = {"image_url": f"{server.url}/files/{task_id}.png"}
        told = {"task_id": task_id, "status": "SUCCESS", "result": result} | ends
        said[task_id] = TaskComplete.model_validate(told)
        return Answer({"accepted": True}, 202)

    server.routes = {
        "POST /files/tasks": take,
        "GET /files/.*png": lambda _: Answer(picture(), content_type="image/png"),
    }


def test_a_task_is_signed_and_its_picture_fetched(server: Server, tmp_path: Path) -> None:
    said: dict[str, TaskComplete] = {}
    answering(server, said)
    purse = Purse()
    for number in range(2):
        bought = purse.account().buy(node(server, said), REQUEST, tmp_path / str(number), patience_s=60)
        assert bought.result.read_bytes() == picture()
    (seen,) = server.asked("/files/tasks")
    stamp, signature = seen.headers["soundstage-timestamp"], seen.headers["soundstage-signature"]
    assert is_signed(SECRET, stamp, signature, seen.body, now_s=time.time())
    wanted = {"model": "sd_turbo", "seed": 42, "cfg_scale": 5.5, "steps": 6, "width": 1024, "height": 576}
    assert wanted.items() <= seen.json.items()
    assert seen.json["callback_url"] == CALLBACK


def test_what_a_node_could_not_do_is_told(server: Server, tmp_path: Path) -> None:
    said: dict[str, TaskComplete] = {}
    answering(server, said, status="FAILED", result=None, err_msg="no capacity")
    with pytest.raises(Failed, match="could not paint"):
        Purse().account().buy(node(server, said), REQUEST, tmp_path, patience_s=60)


def test_a_picture_on_another_server_is_not_fetched(server: Server, tmp_path: Path) -> None:
    said: dict[str, TaskComplete] = {}
    answering(server, said, result={"image_url": "http://169.254.169.254/latest/meta-data"})
    with pytest.raises(Unsupported, match="another server"):
        Purse().account().buy(node(server, said), REQUEST, tmp_path, patience_s=60)


def test_without_an_address_for_callbacks_nothing_is_asked(server: Server, tmp_path: Path) -> None:
    with pytest.raises(Unsupported):
        Purse().account().buy(node(server, {}, callback_url=None), REQUEST, tmp_path, patience_s=60)
    assert server.seen == []


def test_signatures_hold_for_this_body_now_and_by_this_secret() -> None:
    body, now = json.dumps({"a": 1}).encode(), 1_700_000_000
    signature = sign(SECRET, now, body)
    # By OpenSSL: printf '1700000000.{"a": 1}' | openssl dgst -sha256 -hmac 'a secret of more than 32 characters'
    assert signature == "31db075435d9c9224616863317e66be8b537d1ecc80e21fd87bd6f6a485e787f"
    good = {"secret": SECRET, "timestamp": str(now), "signature": signature, "body": body}

    def holds(now_s: float = now, **changed: object) -> bool:
        return is_signed(**(good | changed), now_s=now_s)  # type: ignore[arg-type]

    assert holds()
    assert holds(signature=signature.upper())
    assert holds(now_s=now + 300)
    assert holds(now_s=now - 300)
    assert not holds(now_s=now + 301)
    assert not holds(now_s=now - 301)
    assert not holds(body=body + b" ")
    assert not holds(secret=SecretStr("another"))
    assert not holds(timestamp=str(now + 1))
    for odd in ("", "now", "1e9", "-1", "１７", "9" * 30):
        assert not holds(timestamp=odd)
    for odd in ("", "é", signature[:-1]):
        assert not holds(signature=odd)
