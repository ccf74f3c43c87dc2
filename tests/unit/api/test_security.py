import base64
import hmac
import json
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from joserfc import jwt
from joserfc.jwk import OKPKey, RSAKey
from pydantic import SecretStr

from soundstage.models.errors import Unauthenticated
from soundstage.models.ids import new_id
from soundstage.platform.security import (
    ALGORITHM,
    AccessTokens,
    Passwords,
    RotatedSecret,
    new_opaque_token,
    token_sha256,
)

NOW = datetime(2026, 11, 21, tzinfo=UTC)
OLD, NEW = SecretStr("old " * 12), SecretStr("new " * 12)


def _tokens(secret: RotatedSecret, *, issuer: str = "soundstage", now: datetime = NOW) -> AccessTokens:
    return AccessTokens(secret, issuer=issuer, clock=lambda: now)


def test_a_token_is_its_users_until_it_expires() -> None:
    user_id = new_id()
    token = _tokens(RotatedSecret(current=NEW)).issue(user_id, new_id())

    assert _tokens(RotatedSecret(current=NEW)).verify(token).user_id == user_id
    with pytest.raises(Unauthenticated):
        _tokens(RotatedSecret(current=NEW), now=NOW + timedelta(minutes=15, seconds=6)).verify(token)


def test_a_token_is_good_on_a_machine_whose_clock_is_behind() -> None:
    token = _tokens(RotatedSecret(current=NEW)).issue(new_id(), new_id())
    _tokens(RotatedSecret(current=NEW), now=NOW - timedelta(seconds=2)).verify(token)
    with pytest.raises(Unauthenticated):
        _tokens(RotatedSecret(current=NEW), now=NOW - timedelta(minutes=1)).verify(token)


def test_rotation_keeps_the_tokens_of_the_previous_secret_good() -> None:
    token = _tokens(RotatedSecret(current=OLD)).issue(new_id(), new_id())

    rotated = _tokens(RotatedSecret(current=NEW, previous=OLD))
    rotated.verify(token)
    assert len(rotated.jwks()["keys"]) == 2
    with pytest.raises(Unauthenticated):
        _tokens(RotatedSecret(current=NEW)).verify(token)


def _claims(**changed: Any) -> dict[str, Any]:
    now = int(NOW.timestamp())
    good = {"iss": "soundstage", "aud": "soundstage", "sub": new_id(), "sid": new_id(), "iat": now, "exp": now + 900}
    return {name: value for name, value in (good | changed).items() if value is not None}


def _part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _forgeries() -> Iterator[tuple[str, str]]:
    """Tokens that must not be good, by what is wrong with them; the key behind most of them is even ours."""
    ours = _tokens(RotatedSecret(current=NEW))
    key, kid = ours._signing_key, ours._signing_key.kid
    public = ours.jwks()["keys"][0]

    def signed(header: dict[str, Any] | None = None, **changed: Any) -> str:
        head = {"alg": ALGORITHM, "typ": "at+jwt", "kid": kid} | (header or {})
        return jwt.encode(head, _claims(**changed), key, algorithms=[ALGORITHM])

    ours.verify(signed())  # the helper makes good ones
    good = ours.issue(new_id(), new_id())
    head, claims, signature = good.split(".")
    for alg in ("none", "None", "NONE", "nOnE", ""):
        yield f"alg {alg!r}", f"{_part({'alg': alg, 'typ': 'at+jwt', 'kid': kid})}.{claims}."
        yield (
            f"alg {alg!r} with a signature",
            f"{_part({'alg': alg, 'typ': 'at+jwt', 'kid': kid})}.{claims}.{signature}",
        )
    # The public key used as a shared secret: the classic confusion of algorithms, in all its spellings.
    secrets = (public["x"].encode(), base64.urlsafe_b64decode(public["x"] + "="), json.dumps(public).encode(), b"")
    for secret in (*secrets, key.as_pem(private=False)):
        signing_input = f"{_part({'alg': 'HS256', 'typ': 'at+jwt', 'kid': kid})}.{claims}"
        mac = base64.urlsafe_b64encode(hmac.digest(secret, signing_input.encode(), "sha256")).rstrip(b"=").decode()
        yield "HS256 by the public key", f"{signing_input}.{mac}"
    yield "another key", _tokens(RotatedSecret(current=OLD)).issue(new_id(), new_id())
    rsa = RSAKey.generate_key(2048)
    yield "RS256", jwt.encode({"alg": "RS256", "typ": "at+jwt", "kid": kid}, _claims(), rsa, algorithms=["RS256"])
    stranger = OKPKey.generate_key("Ed25519")
    header: dict[str, Any] = {"alg": ALGORITHM, "typ": "at+jwt", "kid": kid}
    elsewhere: dict[str, dict[str, Any]] = {
        "an embedded key": {"jwk": stranger.as_dict(private=False)},
        "a key by address": {"jku": "https://evil.example.org/jwks.json"},
        "a certificate by address": {"x5u": "https://evil.example.org/x5u"},
    }
    for name, more in elsewhere.items():
        forged = f"{_part(header | more)}.{claims}"
        yield name, f"{forged}.{base64.urlsafe_b64encode(bytes(64)).rstrip(b'=').decode()}"
    for odd in ("../../../../dev/null", "/dev/null", "file:///etc/passwd", "' OR 1=1 --", "%00", "", "x" * 10_000):
        yield f"kid {odd[:20]!r}", signed({"kid": odd})
        yield f"kid {odd[:20]!r}, empty secret", f"{_part({'alg': 'HS256', 'kid': odd})}.{claims}.{signature}"
    for odd_kid in (7, None, ["a"], {"a": 1}, True):
        yield f"kid {odd_kid!r}", f"{_part({'alg': ALGORITHM, 'typ': 'at+jwt', 'kid': odd_kid})}.{claims}.{signature}"
    yield "no typ", jwt.encode({"alg": ALGORITHM, "kid": kid}, _claims(), key, algorithms=[ALGORITHM])
    yield "an ID token", signed({"typ": "JWT"})
    yield "issuer", signed(iss="elsewhere")
    yield "no issuer", signed(iss=None)
    yield "audience", signed(aud="another")
    yield "no audience", signed(aud=None)
    yield "expired", signed(exp=int(NOW.timestamp()) - 60)
    yield "no expiry", signed(exp=None)
    yield "no subject", signed(sub=None)
    yield "no log-in", signed(sid=None)
    yield "not yet", signed(nbf=int(NOW.timestamp()) + 3600)
    yield "issued later", signed(iat=int(NOW.timestamp()) + 3600)
    for changed in ({"sub": 7}, {"sub": ["a"]}, {"sid": {"a": 1}}, {"exp": "tomorrow"}, {"aud": {"soundstage": 1}}):
        yield f"{changed}", signed(**changed)
    yield "changed claims", f"{head}.{_part(_claims(sub='somebody'))}.{signature}"
    yield "cut off", good[:-8] + "AAAAAAAA"
    yield from ((f"{odd!r}", odd) for odd in ("", "a.b.c", "not a token", ".", "..", "...", "é.é.é", "\0"))


@pytest.mark.parametrize("forged", [pytest.param(token, id=name) for name, token in _forgeries()])
def test_a_forged_token_is_refused(forged: str) -> None:
    with pytest.raises(Unauthenticated):
        _tokens(RotatedSecret(current=NEW)).verify(forged)


def test_a_short_secret_refuses_to_start() -> None:
    with pytest.raises(ValueError, match="shorter"):
        _tokens(RotatedSecret(current=SecretStr("short")))


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
