"""Envelope encryption of profiles' keys: opened by the master key alone, for what they were sealed for alone."""

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws
from pydantic import SecretStr

from soundstage.models.profiles import Sealed
from soundstage.platform.aws.kms import KmsMasterKey
from soundstage.platform.envelope import CannotOpen, LocalMasterKey, MasterKey, seal, unseal

KEY = SecretStr("sk-only-this-test-knows-me")
CONTEXT = {"profile_id": "a" * 32, "owner_id": "b" * 32, "recipient": "https://api.example.org:443"}


@pytest.fixture(scope="module", params=["local", "kms"])
def master(request: pytest.FixtureRequest) -> Iterator[MasterKey]:
    if request.param == "local":
        yield LocalMasterKey(SecretStr("a secret text of more than 32 characters"))
        return
    with mock_aws():
        whoever = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
        client = boto3.client("kms", region_name="eu-central-1", **whoever)  # type: ignore[call-overload]
        yield KmsMasterKey(client.create_key()["KeyMetadata"]["KeyId"], client=client)


def test_what_was_sealed_is_opened_and_says_nothing_before(master: MasterKey) -> None:
    sealed = seal(KEY, master, CONTEXT)
    assert unseal(Sealed.model_validate_json(sealed.model_dump_json()), master, CONTEXT) == KEY
    assert KEY.get_secret_value() not in sealed.model_dump_json()
    assert seal(KEY, master, CONTEXT).wrapped_key != sealed.wrapped_key


@pytest.mark.parametrize("name", CONTEXT)
def test_it_stays_shut_for_anybody_else(master: MasterKey, name: str) -> None:
    sealed = seal(KEY, master, CONTEXT)
    with pytest.raises(CannotOpen):
        unseal(sealed, master, CONTEXT | {name: "another"})


@pytest.mark.parametrize("field", ["wrapped_key", "nonce", "ciphertext"])
def test_what_was_changed_stays_shut(master: MasterKey, field: str) -> None:
    sealed, other = seal(KEY, master, CONTEXT), seal(KEY, master, CONTEXT)
    with pytest.raises(CannotOpen):
        unseal(sealed.model_copy(update={field: getattr(other, field)}), master, CONTEXT)


def test_another_master_key_opens_nothing() -> None:
    one, other = (LocalMasterKey(SecretStr(f"{name} secret text of more than 32 characters")) for name in ("a", "b"))
    with pytest.raises(CannotOpen):
        unseal(seal(KEY, one, CONTEXT), other, CONTEXT)


def test_a_short_master_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter than 32"):
        LocalMasterKey(SecretStr("short"))
