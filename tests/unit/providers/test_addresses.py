"""Only public addresses, looked at once and gone to as they were looked at."""

import pytest
from pydantic import SecretStr
from tests.fixtures.film_servers import openai_routes
from tests.fixtures.provider_servers import KEY, serving

from soundstage.providers.addresses import is_public, public_address
from soundstage.providers.errors import NotSent, Refused, Unreachable
from soundstage.providers.http import Wire

PRIVATE = """127.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 255.255.255.255 224.0.0.1
::1 :: fe80::1%eth0 fc00::1 fd00:ec2::254 ff02::1 ::ffff:169.254.169.254 64:ff9b::a9fe:a9fe 2002:a00:1:: nonsense"""
PUBLIC = "93.184.215.14 2606:2800:21f:cb07:6820:80da:af6b:8b2c 64:ff9b::5db8:d70e"


def test_what_is_public_is_told_from_what_is_not() -> None:
    assert {address for address in PRIVATE.split() if is_public(address)} == set()
    assert all(map(is_public, PUBLIC.split()))


def test_one_private_address_among_public_ones_is_enough() -> None:
    with pytest.raises(Refused, match="private"):
        public_address("rebind.example.org", 443, lambda *_: ["93.184.215.14", "10.0.0.1"])
    with pytest.raises(NotSent):
        public_address("nowhere.example.org", 443, lambda *_: [])


def test_a_server_of_our_own_network_is_never_asked() -> None:
    with serving() as server:
        server.routes = openai_routes()
        headers = {"Authorization": SecretStr(f"Bearer {KEY}")}
        Wire(f"{server.url}/v1", who="They", headers=headers).look("/models")
        asked = len(server.seen)
        wire = Wire(f"{server.url}/v1", who="They", headers=headers, public_only=True)
        with pytest.raises(Refused, match="private"):
            wire.look("/models")
        with pytest.raises(Refused, match="private"):
            wire.submit_for_json("/x", idempotency_key="k", json={})
        assert len(server.seen) == asked


def test_the_connection_goes_to_the_address_that_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is public when it is looked at and ours a moment later leads to the first."""
    answers = [["93.184.215.14"], ["127.0.0.1"]]
    gone_to: list[str] = []

    def connect(address: tuple[str, int], *_: object, **__: object) -> None:
        gone_to.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr("socket.create_connection", connect)
    wire = Wire("https://rebind.example.org/v1", who="They", public_only=True, resolve=lambda *_: answers.pop(0))
    with pytest.raises(Unreachable):
        wire.look("/models")
    assert gone_to == ["93.184.215.14"]


@pytest.mark.parametrize("address", ["2606:2800:21f:cb07:6820:80da:af6b:8b2c", "93.184.215.14"])
def test_host_and_certificate_are_those_of_the_name(address: str) -> None:
    wire = Wire("https://api.example.org:8443/v1", who="They", public_only=True, resolve=lambda *_: [address])
    headers: dict[str, str] = {}
    url, content = wire._at_public_address("https://api.example.org:8443/v1/models", headers, {})
    assert url == f"https://{f'[{address}]' if ':' in address else address}:8443/v1/models"
    assert headers["Host"] == "api.example.org:8443"
    assert content["extensions"] == {"sni_hostname": "api.example.org"}


def test_a_name_without_a_machine_costs_nothing() -> None:
    wire = Wire("https://nowhere.example.org", who="They", public_only=True, resolve=lambda *_: [])
    with pytest.raises(NotSent):
        wire.submit_for_json("/x", idempotency_key="k", json={})
