import statistics
import time
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from joserfc import jwt
from joserfc.jwk import OctKey
from pydantic import SecretStr

from soundstage.models.errors import Unauthenticated
from soundstage.models.ids import new_id
from soundstage.platform.security import AccessTokens, Passwords, SigningSecret, new_opaque_token, token_sha256

NOW = datetime(2026, 11, 21, tzinfo=UTC)
OLD, NEW = SecretStr("old " * 12), SecretStr("new " * 12)


def _tokens(secret: SigningSecret, *, issuer: str = "soundstage", now: datetime = NOW) -> AccessTokens:
    return AccessTokens(secret, issuer=issuer, clock=lambda: now)


def test_a_token_is_its_users_until_it_expires() -> None:
    user_id = new_id()
    token = _tokens(SigningSecret(current=NEW)).issue(user_id)

    assert _tokens(SigningSecret(current=NEW)).verify(token).user_id == user_id
    with pytest.raises(Unauthenticated):
        _tokens(SigningSecret(current=NEW), now=NOW + timedelta(minutes=15, seconds=6)).verify(token)


def test_a_token_is_good_on_a_machine_whose_clock_is_behind() -> None:
    token = _tokens(SigningSecret(current=NEW)).issue(new_id())
    _tokens(SigningSecret(current=NEW), now=NOW - timedelta(seconds=2)).verify(token)
    with pytest.raises(Unauthenticated):
        _tokens(SigningSecret(current=NEW), now=NOW - timedelta(minutes=1)).verify(token)


def test_rotation_keeps_the_tokens_of_the_previous_secret_good() -> None:
    token = _tokens(SigningSecret(current=OLD)).issue(new_id())

    rotated = _tokens(SigningSecret(current=NEW, previous=OLD))
    rotated.verify(token)
    assert len(rotated.jwks()["keys"]) == 2
    with pytest.raises(Unauthenticated):
        _tokens(SigningSecret(current=NEW)).verify(token)


def test_tokens_of_others_are_refused() -> None:
    ours = _tokens(SigningSecret(current=NEW))
    other_issuer = _tokens(SigningSecret(current=NEW), issuer="elsewhere").issue(new_id())
    changed = ours.issue(new_id())[:-8] + "AAAAAAAA"
    # The public key used as a shared secret: the classic confusion of algorithms.
    public = OctKey.import_key(ours.jwks()["keys"][0]["x"])
    confused = jwt.encode({"alg": "HS256"}, {"sub": "x"}, public, algorithms=["HS256"])

    for token in (other_issuer, changed, confused, "", "a.b.c", "not a token"):
        with pytest.raises(Unauthenticated):
            ours.verify(token)


def test_a_short_secret_refuses_to_start() -> None:
    with pytest.raises(ValueError, match="shorter"):
        _tokens(SigningSecret(current=SecretStr("short")))


def test_passwords_are_argon2id_with_the_parameters_of_rfc_9106() -> None:
    hashed = Passwords().hash("correct horse")

    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert Passwords().verify(hashed, "correct horse")
    assert not Passwords().verify(hashed, "correct house")


def test_a_password_is_the_same_however_its_accents_are_typed() -> None:
    passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))

    assert passwords.verify(passwords.hash("caf\u00e9 au lait"), "cafe\u0301 au lait")


def test_hashes_of_older_parameters_are_found_out() -> None:
    older = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)).hash("correct horse")

    assert Passwords().outdated(older)


def test_an_unknown_account_takes_as_long_as_a_wrong_password() -> None:
    passwords = Passwords()
    known = passwords.hash("correct horse")
    passwords.verify(None, "first use")  # makes the hash of nobody

    def cpu_s(password_hash: str | None) -> float:
        started = time.process_time()
        assert not passwords.verify(password_hash, "wrong")
        return time.process_time() - started

    ratio = statistics.median(cpu_s(None) for _ in range(3)) / statistics.median(cpu_s(known) for _ in range(3))
    assert 0.5 < ratio < 2


def test_opaque_tokens_have_256_bits_and_are_stored_as_hashes() -> None:
    assert len({new_opaque_token() for _ in range(100)}) == 100
    assert len(new_opaque_token()) >= 43
    assert len(token_sha256("a token")) == 32
