"""Settings: one frozen model per entry point, put together from small parts, read once from ``SOUNDSTAGE_…``.

Each part names the environment variables that it needs, in lower case and without the prefix. A missing, unknown or
placeholder value refuses to start. Secrets are named here and live in Secrets Manager; only on a laptop may they stand
in the environment themselves.
"""

import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from soundstage.models.administration import DeadLetterQueues
from soundstage.models.jobs import JobKind
from soundstage.models.limits import Limits
from soundstage.models.providers import LanguageModelTerms, MusicProviders
from soundstage.products import PRODUCTS

# As words of their own: a random secret may well hold "xxx" somewhere.
_PLACEHOLDER = re.compile(r"\b(change[-_]?me|placeholder|replace[-_]?me|todo|x{3,})\b", re.IGNORECASE)

NonEmpty = Annotated[str, Field(min_length=1)]


class Settings(BaseSettings):
    """Base of all parts. ``stage`` is known everywhere."""

    model_config = SettingsConfigDict(env_prefix="SOUNDSTAGE_", frozen=True, extra="ignore", env_ignore_empty=True)

    stage: Literal["local", "dev", "prod"] = "local"

    @model_validator(mode="after")
    def _refuse_placeholders(self) -> Self:
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, SecretStr):
                check_secret(name, value.get_secret_value())
        return self


def check_secret(name: str, value: str) -> str:
    """Returns the value. Raises ``ValueError`` for one that somebody forgot to replace."""
    if not value.strip() or _PLACEHOLDER.search(value):
        raise ValueError(f"{name} still has a placeholder value")
    return value


class TelemetrySettings(Settings):
    """Without keys Langfuse and Sentry are off. ``telemetry_secret`` names a JSON secret with the same four names."""

    service: str = "soundstage"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    release: str | None = None
    telemetry_secret: str | None = None
    langfuse_public_key: str | None = None
    langfuse_secret_key: SecretStr | None = None
    langfuse_base_url: str | None = None
    sentry_dsn: SecretStr | None = None
    telemetry_flush_s: float = Field(default=1.5, gt=0, description="How long a step may wait for telemetry to go out.")
    telemetry_outbox_dir: str | None = Field(
        default=None, description="Keeps the outbox in a folder, not in the table."
    )


class TableSettings(Settings):
    table: NonEmpty


class BucketSettings(Settings):
    bucket: NonEmpty
    public_endpoint_url: str | None = Field(default=None, description="Under which signed URLs are opened by others.")


class WorkflowSettings(Settings):
    """``state_machines`` is JSON: kind of job → ARN of its state machine."""

    state_machines: dict[JobKind, str]

    @field_validator("state_machines")
    @classmethod
    def _of_products(cls, state_machines: dict[JobKind, str]) -> dict[JobKind, str]:
        unknown = state_machines.keys() - PRODUCTS.keys()
        if unknown:
            raise ValueError(f"no product has jobs of this kind: {', '.join(sorted(unknown))}")
        return state_machines


class DatabaseSettings(Settings):
    """Either a URL (local) or the name of a JSON secret with username, password, host, port, dbname (AWS)."""

    database_url: SecretStr | None = None
    database_secret: str | None = None


class MeasureSettings(TableSettings, TelemetrySettings):
    """jobs/measure. In the table lies what telemetry could not send."""


class StepSettings(BucketSettings, TableSettings, TelemetrySettings, DatabaseSettings):
    """A Lambda step of any workflow, and the functions of ingest."""

    ingest_lease_s: int = Field(default=300, gt=0, description="How long an ingest execution may hold an asset.")


class JobsSettings(StepSettings, WorkflowSettings):
    """The functions that start and end jobs: jobs/release, settle; and the part of the API that does."""


class RescueSettings(JobsSettings):
    """``jobs/rescue``."""

    ingest_state_machine: NonEmpty
    rescue_after_s: int = Field(default=300, gt=0, description="A job without news for so long is looked at.")


class AdminSettings(RescueSettings):
    """``admin/act``. ``dead_letters`` is JSON: name of a queue → its URLs."""

    dead_letters: dict[str, DeadLetterQueues]
    limits: Limits = Limits()


class MusicProviderSettings(Settings):
    """Models of others (docs/providers.md). The same value for the API, which knows their names, and the workers.

    ``music_provider_keys_secret`` names a JSON secret: provider's name → API key. Only workers read it.
    """

    music_providers: MusicProviders = MusicProviders()
    music_provider_keys_secret: str | None = None
    sound_font: Path | None = Field(
        default=None, description="A file that FluidSynth plays instead of FluidR3; no file there: our own instruments."
    )


class LanguageModelSettings(Settings):
    """Without it rules read what people write (docs/providers.md).

    ``language_model_key_secret`` names a JSON secret with the field ``api_key``; a server of one's own may need none.
    """

    language_model: LanguageModelTerms | None = None
    language_model_key_secret: str | None = None


class ProfileSettings(Settings):
    """What seals and opens the keys of model profiles: ``profile_kms_key`` (AWS), or the name of a JSON secret with the
    field ``current`` (a laptop). ``diffusers_weights``: by protocol, what ``runtime.weights`` takes; what comes from
    the bucket is kept in ``models_dir``. Model nodes call back to ``public_url``.
    """

    profile_kms_key: str | None = None
    profile_secret: str | None = None
    public_url: str | None = Field(
        default=None, description="Where people reach us, without a slash at the end; else as the request says."
    )
    diffusers_weights: dict[str, str] = {}
    models_dir: Path = Path("~/.cache/soundstage/models")


class WebhookSettings(ProfileSettings):
    """Whoever begins or makes deliveries. Secrets of webhooks are sealed like the keys of model profiles."""

    webhook_queue_url: str | None = None
    webhook_loopback: bool = Field(
        default=False, description="Webhooks may go to this very machine; only in stage local."
    )

    @model_validator(mode="after")
    def _stay_outside(self) -> Self:
        if self.webhook_loopback and self.stage != "local":
            raise ValueError("webhooks to this very machine are for stage local only")
        return self


class WebhookFunctionSettings(WebhookSettings, TableSettings, TelemetrySettings, DatabaseSettings):
    """``webhooks/announce`` and ``webhooks/deliver``."""


class PushSettings(TableSettings, TelemetrySettings):
    """``jobs/push`` and ``api/socket``. ``push_endpoint_url``: of API Gateway's management of connections."""

    push_endpoint_url: NonEmpty


class WakeSettings(TelemetrySettings):
    """``workers/wake``: one pool. ``batch_job_queue`` and ``batch_job_definition`` are names or ARNs."""

    queue_url: NonEmpty
    batch_job_queue: NonEmpty
    batch_job_definition: NonEmpty
    worker_concurrency: int = Field(default=1, ge=1)
    max_workers: int = Field(default=10, ge=1)
    warm_workers: int = Field(default=0, ge=0, description="Stay when idle, so that nobody waits for a start.")


class WorkerSettings(BucketSettings, TableSettings, WorkflowSettings, TelemetrySettings, MusicProviderSettings):
    """The container worker. ``max_deliveries`` must equal the queue's ``maxReceiveCount``."""

    pool: Literal["cpu", "gpu"] = "cpu"
    queue_url: NonEmpty
    worker_concurrency: int = Field(default=1, ge=1, le=64)
    lock_s: int = Field(default=60, ge=2, le=43_200, description="Visibility of a message; extended at a third of it.")
    max_deliveries: int = Field(default=3, ge=1, le=1000)
    poll_s: int = Field(default=20, ge=0, le=20, description="SQS long poll.")
    heartbeat_s: float = Field(default=10.0, gt=0)
    report_s: float = Field(default=2.0, gt=0, description="How often progress is told, and a cancel noticed.")
    idle_exit_s: float | None = Field(default=None, gt=0, description="Exit after so long without a task (Batch).")
    metrics_port: int | None = Field(default=None, ge=0, le=65_535, description="Where Prometheus may ask.")
    metrics_host: NonEmpty = "127.0.0.1"
