"""Envelope encryption of small secrets: a data key for each (AES-256-GCM), which a master key alone can open.

What a secret belongs to is authenticated with it: copied beside another owner or another address, it stays shut.
"""

import base64
import json
import os
from collections.abc import Mapping
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr

from soundstage.models.errors import SoundstageError
from soundstage.models.profiles import Sealed

KEY_BYTES = 32
NONCE_BYTES = 12
"""96 bits (NIST SP 800-38D §8.2.1); random, and each data key encrypts once."""
SHORTEST_SECRET = 32

Context = Mapping[str, str]


class CannotOpen(SoundstageError):
    """The secret was sealed by another master key, or for something else."""

    code = "SECRET_UNREADABLE"


class MasterKey(Protocol):
    """What wraps data keys: KMS, or on one machine a key derived from a local secret."""

    def new_data_key(self, context: Context) -> tuple[bytes, bytes]:
        """A data key of 32 bytes, plain and wrapped."""

    def unwrap(self, wrapped: bytes, context: Context) -> bytes:
        """Raises CannotOpen."""


class LocalMasterKey:
    """Derived from a secret text of at least 32 characters (HKDF-SHA-256, RFC 5869)."""

    def __init__(self, secret: SecretStr) -> None:
        text = secret.get_secret_value()
        if len(text) < SHORTEST_SECRET:
            raise ValueError(f"the master secret of profiles is shorter than {SHORTEST_SECRET} characters")
        derive = HKDF(hashes.SHA256(), KEY_BYTES, salt=b"soundstage", info=b"model-profiles/1")
        self._key = AESGCM(derive.derive(text.encode()))

    def new_data_key(self, context: Context) -> tuple[bytes, bytes]:
        plain, nonce = os.urandom(KEY_BYTES), os.urandom(NONCE_BYTES)
        return plain, nonce + self._key.encrypt(nonce, plain, _bytes_of(context))

    def unwrap(self, wrapped: bytes, context: Context) -> bytes:
        try:
            return self._key.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], _bytes_of(context))
        except (InvalidTag, ValueError) as error:
            raise CannotOpen("What was sealed here cannot be read any more; set it anew.") from error


def seal(secret: SecretStr, master: MasterKey, context: Context) -> Sealed:
    """``context``: what it belongs to, wherever it may be stored."""
    plain, wrapped = master.new_data_key(context)
    nonce = os.urandom(NONCE_BYTES)
    ciphertext = AESGCM(plain).encrypt(nonce, secret.get_secret_value().encode(), _bytes_of(context))
    return Sealed(wrapped_key=_text(wrapped), nonce=_text(nonce), ciphertext=_text(ciphertext))


def unseal(sealed: Sealed, master: MasterKey, context: Context) -> SecretStr:
    """Raises CannotOpen."""
    try:
        wrapped, nonce, ciphertext = map(base64.b64decode, (sealed.wrapped_key, sealed.nonce, sealed.ciphertext))
        plain = AESGCM(master.unwrap(wrapped, context)).decrypt(nonce, ciphertext, _bytes_of(context))
    except (InvalidTag, ValueError) as error:
        raise CannotOpen("What was sealed here cannot be read any more; set it anew.") from error
    return SecretStr(plain.decode())


def _bytes_of(context: Context) -> bytes:
    return json.dumps(dict(context), sort_keys=True).encode()


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
