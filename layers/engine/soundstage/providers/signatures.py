"""Messages between us and a model node, signed by a secret that both know: HMAC-SHA-256 over ``timestamp.body``.

The bytes of the body are signed as they are sent; whoever checks does so before reading them.
"""

import hashlib
import hmac

from pydantic import SecretStr

TIMESTAMP, SIGNATURE = "Soundstage-Timestamp", "Soundstage-Signature"
"""Headers: seconds since 1970, and the signature in lowercase hex."""
TOLERANCE_S = 300


def sign(secret: SecretStr, timestamp: int, body: bytes) -> str:
    """64 hex characters."""
    key = secret.get_secret_value().encode()
    return hmac.new(key, f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


def is_signed(secret: SecretStr, timestamp: str, signature: str, body: bytes, *, now_s: float) -> bool:
    """Whether the secret's owner sent this, at most ``TOLERANCE_S`` ago or ahead. Takes as long either way."""
    plausible = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12
    at = int(timestamp) if plausible else 0
    fits = hmac.compare_digest(sign(secret, at, body).encode(), signature.lower().encode())
    return fits and plausible and abs(now_s - at) <= TOLERANCE_S
