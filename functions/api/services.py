"""What the routes work with, made once per process from the settings; and how a route asks for it."""

import base64
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, TypeVar

from fastapi import Depends, Request
from fastapi.security import APIKeyHeader, HTTPBearer
from functions.api.middleware import access
from functions.api.settings import ApiSettings
from starlette.requests import HTTPConnection

from soundstage.jobs.service import Jobs
from soundstage.jobs.uploads import UploadLimits, Uploads
from soundstage.models.errors import DependencyUnavailable, RateLimited
from soundstage.models.ids import Id
from soundstage.models.match_preview import RegionAsked
from soundstage.platform.accounts import Accounts
from soundstage.platform.api_keys import ApiKeys
from soundstage.platform.aws.asset_store import DynamoAssets
from soundstage.platform.aws.budget import ProjectBudget
from soundstage.platform.aws.change_feed import JobFeed
from soundstage.platform.aws.delivery_store import Deliveries
from soundstage.platform.aws.event_log import EventLog
from soundstage.platform.aws.functions import call
from soundstage.platform.aws.held_calls import HeldCalls
from soundstage.platform.aws.idempotency import Idempotency
from soundstage.platform.aws.job_store import DynamoJobs
from soundstage.platform.aws.queues import Queue
from soundstage.platform.aws.storage import ObjectStore
from soundstage.platform.aws.traffic import Traffic, user
from soundstage.platform.aws.workflows import StepFunctions
from soundstage.platform.catalog.database import Catalog, engine_for
from soundstage.platform.catalog.rows import rows_of
from soundstage.platform.envelope import MasterKey
from soundstage.platform.own_material import OwnMaterials
from soundstage.platform.profile_keys import master_key
from soundstage.platform.push.reading import Reading
from soundstage.platform.quotas import Quotas
from soundstage.platform.security import API_KEY, AccessTokens, Passwords, Principal, RotatedSecret, UnknownKey
from soundstage.platform.telemetry.telemetry import Telemetry, telemetry
from soundstage.platform.webhooks.service import Webhooks
from soundstage.products.ports import Rows
from soundstage.products.service import ProductEnds, ProductJobs

if TYPE_CHECKING:
    from soundstage.platform.oidc import OpenIdIssuer

R = TypeVar("R")

# Anybody can send tokens of unknown keys, or show a wrong one, and each reading costs a call.
READ_KEYS_AGAIN_AFTER = timedelta(minutes=1)


def utc_now() -> datetime:
    return datetime.now(UTC)


class Services:
    """Each part is made when it is first asked for. ``clock`` decides about tokens, shares and waiting times."""

    def __init__(self, settings: ApiSettings, *, clock: Callable[[], datetime] = utc_now) -> None:
        self.settings = settings
        self.clock = clock
        self.not_counting_until = 0.0
        """By ``time.monotonic``; see ``middleware.access``."""

    @cached_property
    def telemetry(self) -> Telemetry:
        return telemetry(self.settings)

    @cached_property
    def catalog(self) -> Catalog:
        return Catalog(engine_for(self.settings))

    @cached_property
    def job_store(self) -> DynamoJobs:
        return DynamoJobs(self.settings.table, feed=JobFeed(self.settings.table, self.settings.stage))

    @cached_property
    def event_log(self) -> EventLog:
        return EventLog(self.settings.table)

    @cached_property
    def reading(self) -> Reading:
        """What subscriptions are told next."""
        return Reading(self.job_store, self.event_log, self.traffic, clock=lambda: self.clock().timestamp())

    @cached_property
    def streams(self) -> HeldCalls:
        """Those of server-sent events, of all people."""
        return HeldCalls(self.settings.table, "streams")

    @cached_property
    def waits(self) -> HeldCalls:
        """Those for a job, of all people."""
        return HeldCalls(self.settings.table, "waits")

    @cached_property
    def deliveries(self) -> Deliveries:
        return Deliveries(self.settings.table)

    @property
    def webhooks(self) -> Webhooks:
        """For tests and replays. Raises DependencyUnavailable where no queue is set up."""
        settings = self.settings
        if settings.webhook_queue_url is None:
            raise DependencyUnavailable("Webhooks cannot be sent from here: no queue is set up.")
        queue = Queue(settings.webhook_queue_url)
        return Webhooks(self.catalog, self.deliveries, queue, lambda: self.master_key, self.clock)

    @cached_property
    def assets(self) -> DynamoAssets:
        return DynamoAssets(self.settings.table)

    @cached_property
    def jobs(self) -> Jobs:
        return Jobs(
            self.job_store,
            self.assets,
            StepFunctions(self.settings.state_machines),
            ProductEnds(self.all_rows),
        )

    @cached_property
    def all_rows(self) -> Mapping[str, Rows]:
        """What the catalog keeps, by kind of job."""
        return rows_of(self.catalog, clock=self.clock)

    def rows(self, kind: type[R]) -> R:
        """The rows of one product, by their class."""
        return next(rows for rows in self.all_rows.values() if isinstance(rows, kind))

    @cached_property
    def product_jobs(self) -> ProductJobs:
        return ProductJobs(
            self.all_rows,
            jobs=self.jobs,
            job_store=self.job_store,
            assets=self.assets,
            clock=self.clock,
            allow=self.quotas.check_work,
        )

    @cached_property
    def quotas(self) -> Quotas:
        settings = self.settings
        return Quotas(self.catalog, self.job_store, self.assets, settings.table, settings.limits, clock=self.clock)

    def own_material(self, owner_id: Id) -> OwnMaterials:
        """What of a person's own may be in their projects."""
        return OwnMaterials(self.catalog, self.assets, owner_id)

    @cached_property
    def uploads(self) -> Uploads:
        known = self.settings.limits
        limits = UploadLimits(known.upload_bytes, self.settings.upload_url_life_s)
        return Uploads(self.assets, self.objects, self.jobs, limits, clock=self.clock)

    @cached_property
    def objects(self) -> ObjectStore:
        return ObjectStore(self.settings.bucket, public_endpoint_url=self.settings.public_endpoint_url)

    @cached_property
    def master_key(self) -> MasterKey:
        """What keys of model profiles are sealed with. Raises DependencyUnavailable where none is set up."""
        return master_key(self.settings)

    def preview(self, owner_id: Id, asked: RegionAsked) -> tuple[bytes, float | None]:
        """The region as FLAC, and how loud all of it would be (LUFS).

        Raises DependencyUnavailable where no function is set up for it, RateLimited, and as that function does.
        """
        name = self.settings.preview_function
        if name is None:
            raise DependencyUnavailable("Nothing can be heard before it is rendered here: no function is set up.")
        counted = self.traffic.count(user(owner_id), self.settings.limits.previews, what="previews")
        if not counted.allowed:
            raise RateLimited("Too many previews; wait a little.", retry_after_s=counted.reset_s)
        answer = call(name, asked.model_dump(mode="json"), patiently=False)
        return base64.b64decode(answer["flac_base64"]), answer["integrated_lufs"]

    def spent_usd(self, project_id: Id) -> float:
        """By a project, on providers."""
        return ProjectBudget(self.settings.table, project_id, 0.0).spent_usd()

    @cached_property
    def idempotency(self) -> Idempotency:
        return Idempotency(self.settings.table)

    @cached_property
    def accounts(self) -> Accounts:
        limits = self.settings.limits
        return Accounts(self.catalog, self.passwords, self.issue_token, self.traffic, limits, clock=self.clock)

    @cached_property
    def api_keys(self) -> ApiKeys:
        return ApiKeys(self.catalog, self.settings.limits, clock=self.clock)

    @cached_property
    def openid_issuer(self) -> "OpenIdIssuer | None":
        """None where none is set up."""
        issuer, client_id = self.settings.oidc_issuer, self.settings.oidc_client_id
        if issuer is None or client_id is None:
            return None
        from soundstage.platform.oidc import OpenIdIssuer  # noqa: PLC0415  (httpx: no other route needs it)

        return OpenIdIssuer(issuer, client_id, clock=self.clock)

    @cached_property
    def traffic(self) -> Traffic:
        return Traffic(self.settings.table, clock=lambda: self.clock().timestamp())

    @cached_property
    def passwords(self) -> Passwords:
        return Passwords()

    @cached_property
    def tokens(self) -> AccessTokens:
        self._keys_read_at = self.clock()
        return AccessTokens(self.settings.read_signing_secret(), issuer=self.settings.issuer, clock=self.clock)

    @cached_property
    def edge_secret(self) -> RotatedSecret:
        self._edge_secret_read_at = self.clock()
        return self.settings.read_edge_secret()

    def is_edge(self, key: str) -> bool:
        """Whether CloudFront shows this. The secret may have been rolled since this process read it."""
        if self.edge_secret.fits(key):
            return True
        if self.clock() - self._edge_secret_read_at < READ_KEYS_AGAIN_AFTER:
            return False
        del self.edge_secret
        return self.edge_secret.fits(key)

    def issue_token(self, user_id: Id, session_id: Id) -> str:
        """An access token, signed with the key that counts when it is asked for."""
        return self.tokens.issue(user_id, session_id)

    def known_by(self, token: str) -> Principal:
        """Whose access token or API key this is. Raises Unauthenticated."""
        return self.api_keys.principal(token) if token.startswith(API_KEY) else self.principal(token)

    def principal(self, token: str) -> Principal:
        """Whose token this is. Raises Unauthenticated.

        The secret may have been rolled since this process read it, so for an unknown key it is read again.
        """
        tokens = self.tokens
        try:
            return tokens.verify(token)
        except UnknownKey:
            if self.clock() - self._keys_read_at < READ_KEYS_AGAIN_AFTER:
                raise
            self.__dict__.pop("tokens", None)
            return self.tokens.verify(token)


async def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


Serving = Annotated[Services, Depends(_services)]

_bearer = HTTPBearer(
    scheme_name="bearer",
    auto_error=False,
    description="An access token from log-in or refresh, good for a quarter of an hour; or an API key.",
)
_api_key = APIKeyHeader(
    name="X-Api-Key",
    scheme_name="apiKey",
    auto_error=False,
    description="A key from POST /v1/keys. Next to it stands, at each call, the scope that it needs.",
)


def counted(connection: HTTPConnection) -> None:
    """Every request counts, also of routes for everybody. Raises RateLimited."""
    access.admit(connection)


async def _principal(
    connection: HTTPConnection,
    _token: Annotated[object, Depends(_bearer)],
    _key: Annotated[object, Depends(_api_key)],
) -> Principal:
    """The two schemes are in the OpenAPI document; ``middleware.access`` reads them."""
    return access.caller(connection)


Caller = Annotated[Principal, Depends(_principal)]


def public_url(request: Request, services: Services) -> str:
    """Where people reach us, without a slash at the end."""
    return (services.settings.public_url or str(request.base_url)).rstrip("/")
