"""Who asks, how often, and whether the key in hand is good for it: looked at once a request, before anything is done.

Persons come with an access token (``Authorization: Bearer``), programs with an API key (``Authorization: Bearer sk_…``
or ``X-Api-Key``). One update of one item in the table counts the request and says whether the log-in has ended. Should
the table be away for a moment, requests are not counted, and the catalog is asked about the log-in.
"""

import ipaddress
import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError
from functions.api.middleware.errors import documented
from starlette.requests import HTTPConnection

from soundstage.models.error_body import ErrorBody
from soundstage.models.errors import (
    AccountBlocked,
    IdempotencyMismatch,
    InProgress,
    QuotaExceeded,
    RateLimited,
    ScopeMissing,
    SoundstageError,
    Unauthenticated,
)
from soundstage.models.limits import Rate
from soundstage.platform.aws import traffic
from soundstage.platform.aws.traffic import Counted
from soundstage.platform.security import Principal

if TYPE_CHECKING:
    from functions.api.services import Services

log = logging.getLogger(__name__)

NOT_LIMITED = "/health"
"""What load balancers ask; it touches nothing. /health/ready asks whatever we stand on, so it is limited."""

NOT_COUNTING_S = 5.0
"""After the table has failed, so that requests do not wait for it one by one."""

FOR_PERSONS = frozenset({"accounts", "api keys"})
"""Tags of routes that no key opens: what could make a key worth more than it was made for."""

_RESOURCES = {"uploads": "assets", "shots": "projects", "versions": "projects", "translations": "projects"}
"""Of tags that are not called like what they are about."""


@dataclass(slots=True)
class Admission:
    """What was found of one request; ``scope["soundstage.admission"]``. ``refusal``: why it has no ``principal``."""

    looked: bool = False
    principal: Principal | None = None
    refusal: SoundstageError | None = None
    policy: str = ""
    counted: Counted | None = None

    def headers(self) -> dict[str, str]:
        """draft-ietf-httpapi-ratelimit-headers-10 §3 and §4: the policy, what is left of it, and until when."""
        if self.counted is None:
            return {}
        rate = self.counted.rate
        return {
            "RateLimit-Policy": f'"{self.policy}";q={rate.requests};w={rate.per_s}',
            "RateLimit": f'"{self.policy}";r={self.counted.left};t={self.counted.reset_s}',
        }


def scope_of(tag: str, method: str) -> str | None:
    """What a key needs for a route: ``tracks:read``; None where no key is enough."""
    if tag in FOR_PERSONS:
        return None
    return f"{_RESOURCES.get(tag, tag)}:{'read' if method in {'GET', 'HEAD'} else 'write'}"


def describe(document: dict[str, Any]) -> dict[str, Any]:
    """Puts into the OpenAPI document what a key needs at each call, and how a call is refused for that.

    OpenAPI 3.1 lets a requirement of any scheme name roles (§4.8.30).
    """
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            refusals: list[type[SoundstageError]] = [] if path == NOT_LIMITED else [RateLimited]
            if "security" in operation:
                scope = scope_of(operation["tags"][0], method.upper())
                operation["security"] = [{"bearer": []}] + ([{"apiKey": [scope]}] if scope else [])
                refusals += [ScopeMissing, AccountBlocked]
            if "202" in operation["responses"]:  # work begins
                refusals.append(QuotaExceeded)
            if any(parameter["name"] == "Idempotency-Key" for parameter in operation.get("parameters", ())):
                refusals += [IdempotencyMismatch, InProgress]
            _add(operation["responses"], documented(*refusals))
    schemas = document["components"]["schemas"]
    schemas[ErrorBody.__name__] = ErrorBody.model_json_schema()
    document["components"]["schemas"] = dict(sorted(schemas.items()))
    return document


def _add(responses: dict[str, Any], more: dict[int | str, dict[str, Any]]) -> None:
    for status, answer in more.items():
        body = answer["content"]["application/json"]
        there = responses.setdefault(str(status), answer | {"description": ""})
        content = there["content"].setdefault("application/json", {})
        content.setdefault("schema", body["schema"])
        content["examples"] = content.get("examples", {}) | body["examples"]
        there["description"] = " or ".join(content["examples"])


def admit(connection: HTTPConnection) -> Admission:
    """Looked at once, however often it is asked. Raises RateLimited; other refusals are for :func:`caller`."""
    admission: Admission = connection.scope.setdefault("soundstage.admission", Admission())
    if not admission.looked:
        admission.looked = True
        _look(connection, admission)
    if isinstance(admission.refusal, RateLimited):
        raise admission.refusal
    return admission


def caller(connection: HTTPConnection) -> Principal:
    """Who asks. Raises Unauthenticated, ScopeMissing and RateLimited."""
    admission = admit(connection)
    if admission.refusal is not None:
        raise admission.refusal
    if admission.principal is None:
        raise Unauthenticated("Log in first.")
    return admission.principal


def address_of(connection: HTTPConnection) -> str:
    """Of an IPv6 address its network: one household has 2⁶⁴."""
    host = connection.client.host if connection.client else "unknown"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return host


def _look(connection: HTTPConnection, admission: Admission) -> None:
    if connection.scope["path"] == NOT_LIMITED:
        return
    services: Services = connection.app.state.services
    principal: Principal | None = None
    try:
        principal = _principal(connection, services)
    except Unauthenticated as error:
        admission.refusal = error
    limits = services.settings.limits
    rate: Rate
    if principal is None:
        who, what, rate, admission.policy = f"address#{address_of(connection)}", "all", limits.address, "address"
    elif principal.key_id is not None:
        # In the item of its person: one call, whoever asks.
        who, what, rate, admission.policy = traffic.user(principal.user_id), principal.key_id, limits.key, "key"
    else:
        who, what, rate, admission.policy = traffic.user(principal.user_id), "all", limits.user, "user"
    counted = admission.counted = _count(services, who, rate, what)
    if counted is not None and not counted.allowed:
        message = "Too many requests; wait a little."
        admission.refusal = RateLimited(message, retry_after_s=counted.reset_s)
    elif principal is not None:
        admission.refusal = _objection(_needed(connection), services, principal, counted)
        admission.principal = None if admission.refusal else principal


def subscriber(token: str, services: "Services") -> Principal:
    """Whoever sends a token over a WebSocket: as :func:`caller`, and counted likewise."""
    principal = services.known_by(token)
    limits, user = services.settings.limits, traffic.user(principal.user_id)
    if principal.key_id is None:
        counted = _count(services, user, limits.user, "all")
    else:
        counted = _count(services, user, limits.key, principal.key_id)
    if counted is not None and not counted.allowed:
        raise RateLimited("Too many requests; wait a little.", retry_after_s=counted.reset_s)
    objection = _objection("events:read", services, principal, counted)
    if objection is not None:
        raise objection
    return principal


def _principal(connection: HTTPConnection, services: "Services") -> Principal | None:
    scheme, _, token = connection.headers.get("Authorization", "").partition(" ")
    key = token.strip() if scheme.lower() == "bearer" else connection.headers.get("X-Api-Key", "")
    if not key and scheme.lower() != "bearer":
        return None
    return services.known_by(key)


def _needed(connection: HTTPConnection) -> str | None:
    """What a key needs for this request."""
    route: Any = connection.scope.get("route")
    tags = getattr(route, "tags", None) or [""]
    return scope_of(tags[0], connection.scope.get("method", "GET"))


def _objection(
    needed: str | None, services: "Services", principal: Principal, counted: Counted | None
) -> SoundstageError | None:
    """Why one who is known may not do this."""
    if principal.key_id is not None:
        if needed is None:
            return ScopeMissing("API keys cannot do this; log in.", detail={"scope": None})
        if needed not in principal.scopes:
            return ScopeMissing(f"This API key was not made for {needed}.", detail={"scope": needed})
        return None
    dead = principal.session_id in counted.ended if counted else not services.accounts.is_active(principal)
    return Unauthenticated("This log-in has ended; log in again.") if dead else None


def _count(services: "Services", who: str, rate: Rate, what: str) -> Counted | None:
    """None while the table does not answer."""
    if time.monotonic() < services.not_counting_until:
        return None
    try:
        return services.traffic.count(who, rate, what=what)
    except (BotoCoreError, ClientError):
        services.not_counting_until = time.monotonic() + NOT_COUNTING_S
        log.exception("requests are not counted: the table did not answer")
        return None
