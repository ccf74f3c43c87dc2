"""AWS as a provider: its errors told apart by whether the request may have been billed.

Clients are made elsewhere, without retries of their own: what may be billed is never sent twice. Errors are known by
name, so that nothing here needs botocore.
"""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from pydantic import SecretStr

from soundstage.providers.errors import Ambiguous, NotSent, ProviderError, Refused, Unsupported

Answer = TypeVar("Answer")

_BEFORE_SENDING = {"EndpointConnectionError", "ConnectTimeoutError", "ProxyConnectionError", "SSLError"}
_BUSY = {
    "ThrottlingException",
    "TooManyRequestsException",
    "ServiceQuotaExceededException",
    "ModelNotReadyException",
    "ServiceUnavailableException",
}
_BROKE_DOWN = {"InternalServerException", "ModelErrorException", "ModelTimeoutException", "ServiceFailureException"}


class AwsClients(Protocol):
    """Makes a client of a service with somebody's credentials."""

    def __call__(
        self, service: str, region: str, access_key_id: str, secret_access_key: str, *, patience_s: float
    ) -> Any: ...


def no_clients(
    service: str,  # noqa: ARG001
    region: str,  # noqa: ARG001
    access_key_id: str,  # noqa: ARG001
    secret_access_key: str,  # noqa: ARG001
    *,
    patience_s: float,  # noqa: ARG001
) -> Any:
    """Where AWS cannot be asked. Raises Unsupported."""
    raise Unsupported("Services of AWS cannot be asked from here.")


def client_for(clients: AwsClients, service: str, terms: Any, key: SecretStr | None) -> Any:
    """A client for a profile. Raises Unsupported for one without a key."""
    if key is None:
        raise Unsupported("This profile has no key: give the secret of its access_key_id.")
    return clients(service, terms.region, terms.access_key_id, key.get_secret_value(), patience_s=terms.patience_s)


def submitted(call: Callable[[], Answer], who: str) -> Answer:
    """What a call that may be billed answers. Raises NotSent, Ambiguous, Refused."""
    try:
        return call()
    except ProviderError:
        raise
    except Exception as error:
        raise _told_apart(error, who) from error


def _told_apart(error: Exception, who: str) -> ProviderError:
    names = {kind.__name__ for kind in type(error).__mro__}
    if names & _BEFORE_SENDING:
        return NotSent(f"{who} could not be reached.")
    response = getattr(error, "response", None)
    if not isinstance(response, dict):
        return Ambiguous(f"{who} did not answer as it should; it may be at work on the request all the same.")
    code = str(response.get("Error", {}).get("Code", ""))
    status = int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if code in _BUSY or status == 429:
        return NotSent(f"{who} has no capacity now ({code}).")
    if code in _BROKE_DOWN or status >= 500:
        return Ambiguous(f"{who} broke down while it was asked ({code}).")
    return Refused(f"{who} refused ({code}).")
