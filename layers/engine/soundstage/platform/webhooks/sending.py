"""One attempt of a delivery: a signed POST, to a public address that was looked at, answered soon or not at all."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from pydantic import SecretStr

from soundstage.models.errors import SoundstageError
from soundstage.models.webhooks import Delivery
from soundstage.providers.addresses import Resolve, bound_to_public_address, resolved
from soundstage.providers.signatures import SIGNATURE, TIMESTAMP, sign

PATIENCE_S = 10.0
"""For the answer to begin; what it says is not read."""


@dataclass(frozen=True, slots=True)
class Outcome:
    took_ms: int
    http_status: int | None = None
    error: str | None = None

    @property
    def ok(self) -> bool:
        return self.error is None

    @property
    def gone(self) -> bool:
        return self.http_status == HTTPStatus.GONE


def signed_headers(delivery: Delivery, secrets: Sequence[SecretStr], *, now_s: float) -> dict[str, str]:
    """While a secret is rotated there are two signatures, with a comma between them."""
    at = int(now_s)
    return {
        "Content-Type": "application/json",
        "User-Agent": "Soundstage-Webhooks/1",
        "Soundstage-Event-Id": delivery.event_id,
        "Soundstage-Delivery-Id": delivery.delivery_id,
        TIMESTAMP: str(at),
        SIGNATURE: ",".join(sign(secret, at, delivery.body.encode()) for secret in secrets),
    }


def send(
    url: str, body: bytes, headers: Mapping[str, str], *, loopback: bool = False, resolve: Resolve = resolved
) -> Outcome:
    """POST it. Never raises: whatever goes wrong is an outcome. Redirects are not followed."""
    import httpx  # noqa: PLC0415  (.1 s, and whoever only lists deliveries sends none)

    began = time.monotonic()

    def outcome(status: int | None = None, error: str | None = None) -> Outcome:
        return Outcome(round((time.monotonic() - began) * 1000), status, error)

    try:
        bound = bound_to_public_address(url, resolve, loopback=loopback)
        with (
            # A proxy of the environment would look names up anew.
            httpx.Client(timeout=PATIENCE_S, trust_env=False, follow_redirects=False) as client,
            client.stream(
                "POST",
                bound.url,
                content=body,
                headers={**headers, "Host": bound.host},
                extensions={"sni_hostname": bound.server_name},
            ) as response,
        ):
            status = response.status_code
    except SoundstageError as refused:
        return outcome(error=refused.message)
    except httpx.TimeoutException:
        return outcome(error=f"It did not answer within {PATIENCE_S:.0f} s.")
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, ValueError) as trouble:
        return outcome(error=f"It could not be reached ({type(trouble).__name__}).")
    if httpx.codes.is_success(status):
        return outcome(status)
    if httpx.codes.is_redirect(status):
        return outcome(status, "It answered with a redirect, which is not followed.")
    return outcome(status, f"It answered {status}.")
