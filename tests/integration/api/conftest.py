"""The API over a real PostgreSQL, with AWS by moto. Time stands still until a test moves it."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient
from functions.api.main import create_app
from functions.api.services import Services
from functions.api.settings import ApiSettings
from moto import mock_aws
from pydantic import SecretStr
from sqlalchemy import Engine
from tests.fixtures.music import rendered_variant, score
from tests.fixtures.postgres import catalog, migrated_engine, postgres_url
from tests.fixtures.products import Sample

from soundstage.jobs.service import ACTIVE, workflow_input
from soundstage.models.assets import Asset
from soundstage.models.ids import Id
from soundstage.models.jobs import JobStatus, WorkflowInput
from soundstage.models.limits import FOR_ONE_MACHINE
from soundstage.platform.aws import clients, table
from soundstage.platform.catalog.database import Catalog
from soundstage.platform.catalog.tracks import Tracks
from soundstage.platform.runtime import steps, wiring
from soundstage.platform.security import Passwords
from soundstage.products import PRODUCTS

__all__ = ["catalog", "migrated_engine", "postgres_url"]

BUCKET = "soundstage-test"
TABLE = "soundstage-test"
REGION = "eu-central-1"


class Clock:
    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Person:
    """A logged-in client."""

    client: TestClient
    user_id: Id
    tokens: dict[str, str]

    def request(self, method: str, path: str, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.tokens['access_token']}", **more.pop("headers", {})}
        return self.client.request(method, path, headers=headers, **more)

    def get(self, path: str, **more: Any) -> Any:
        return self.request("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.request("POST", path, json=body, **more)

    def patch(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.request("PATCH", path, json=body, **more)

    def delete(self, path: str, **more: Any) -> Any:
        return self.request("DELETE", path, **more)


@pytest.fixture(scope="module")
def cloud() -> Iterator[str]:
    """A bucket, a table, and a state machine for all kinds of jobs, whose ARN this is.

    Each test works there as people of its own.
    """
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        for name in [name for name in os.environ if name.startswith(("AWS_", "SOUNDSTAGE_"))]:
            environment.delenv(name)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            environment.setenv(name, "testing")
        environment.setenv("AWS_DEFAULT_REGION", REGION)
        _forget_clients()
        location: Any = {"LocationConstraint": REGION}
        boto3.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration=location)
        boto3.client("dynamodb").create_table(**table.table_definition(TABLE))
        machine = boto3.client("stepfunctions").create_state_machine(
            name="track",
            definition=json.dumps({"StartAt": "Wait", "States": {"Wait": {"Type": "Pass", "End": True}}}),
            roleArn="arn:aws:iam::123456789012:role/track",
        )
        yield machine["stateMachineArn"]
    _forget_clients()


def _forget_clients() -> None:
    for client in (
        clients.s3,
        clients.s3_signer,
        clients.dynamodb,
        clients.stepfunctions,
        clients.secretsmanager,
        clients.sts,
    ):
        client.cache_clear()


@pytest.fixture(scope="module")
def running(cloud: str, migrated_engine: Engine) -> tuple[Services, FastAPI]:
    return run_api(cloud, migrated_engine)


def run_api(state_machine: str, engine: Engine) -> tuple[Services, FastAPI]:
    """For the products that are registered now."""
    limits = FOR_ONE_MACHINE.model_dump() | {"upload_bytes": 200 << 20}
    limits["plans"]["free"]["storage_bytes"] = 300 << 20
    settings = ApiSettings.model_validate(
        {
            "bucket": BUCKET,
            "table": TABLE,
            "state_machines": dict.fromkeys(PRODUCTS, state_machine),
            "signing_key": SecretStr("a text that only tests know, and nobody else"),
            "database_url": engine.url.render_as_string(hide_password=False),
            "cors_origins": ["https://console.example.org"],
            "public_url": "https://soundstage.example.org",
            "log_level": "WARNING",
            "upload_role": "arn:aws:iam::123456789012:role/uploads",
            "limits": limits,
        }
    )
    services = Services(settings, clock=Clock())
    services.catalog = Catalog(engine)
    services.passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    return services, create_app(services=services)


@pytest.fixture
def services(running: tuple[Services, FastAPI], catalog: Catalog) -> Services:
    services, _ = running
    assert isinstance(services.clock, Clock)
    services.clock.now = datetime.now(UTC)
    services.not_counting_until = 0.0
    _forget_traffic()
    return services


def _forget_traffic() -> None:
    """Nobody has been here yet."""
    client = boto3.client("dynamodb")
    found = client.scan(TableName=TABLE, ProjectionExpression="pk, sk")["Items"]
    for key in found:
        if key["pk"]["S"].startswith("traffic#"):
            client.delete_item(TableName=TABLE, Key=key)


@pytest.fixture
def clock(services: Services) -> Clock:
    assert isinstance(services.clock, Clock)
    return services.clock


@pytest.fixture
def client(running: tuple[Services, FastAPI], services: Services) -> TestClient:
    return TestClient(running[1], base_url="https://api.example.org", raise_server_exceptions=False)


@pytest.fixture
def join(client: TestClient) -> Callable[[str], Person]:
    def _join(name: str) -> Person:
        answer = client.post(
            "/v1/auth/register", json={"email": f"{name}@example.org", "password": f"{name}'s own tune"}
        )
        assert answer.status_code == 201, answer.text
        tokens = answer.json()
        return Person(client, tokens["user"]["user_id"], tokens)

    return _join


@pytest.fixture
def ada(join: Callable[[str], Person]) -> Person:
    return join("ada")


@pytest.fixture
def eve(join: Callable[[str], Person]) -> Person:
    return join("eve")


@pytest.fixture
def upload(services: Services) -> Callable[[Person], Id]:
    """Announce a hum; the id of its asset."""

    def _upload(person: Person) -> Id:
        wanted = {"file_name": "hum.wav", "content_type": "audio/wav", "size_bytes": 1000}
        asset_id: Id = person.post("/v1/uploads", wanted).json()["asset"]["asset_id"]
        return asset_id

    return _upload


@pytest.fixture
def accept(services: Services) -> Callable[[Id], Asset]:
    """The hum arrives and is good, as ingest would find."""

    def _accept(asset_id: Id) -> Asset:
        asset = services.assets.claim(asset_id, claimant="ingest", sequencer="01", lease_s=60)
        services.objects.write(asset.bucket_key, b"RIFF", content_type="audio/wav")
        return services.assets.accept(asset, claimant="ingest")

    return _accept


@pytest.fixture
def ready_track(services: Services, ada: Person, upload: Callable[[Person], Id]) -> Id:
    """A finished track of Ada's, its songs in the bucket."""
    track_id: Id = ada.post("/v1/tracks", {"title": "Morning hum"}).json()["track_id"]
    job = ada.post(f"/v1/tracks/{track_id}/generate", {"hum_asset_id": upload(ada)}).json()
    prefix = f"results/{job['job_id']}"
    variants = [rendered_variant("A", prefix=prefix), rendered_variant("B", prefix=prefix)]
    for variant in variants:
        files = (variant.audio, variant.preview, variant.midi, *variant.pictures.values())
        for key in filter(None, (*files, variant.cover, variant.cover_preview)):
            services.objects.write(key, bytes(range(256)))
    given = given_to_steps(services, job)
    assert services.rows(Tracks).persist(given, variants=variants, score=score("A"), seed=7)
    succeeded(services, job)
    return track_id


def given_to_steps(services: Services, job: dict[str, Any]) -> WorkflowInput:
    """What the state machine of this job, as the API shows it, passes to its steps."""
    record = services.job_store.get(job["job_id"])
    assert record is not None
    return workflow_input(record)


def succeeded(services: Services, job: dict[str, Any], result: dict[str, Any] | None = None) -> None:
    """The state machine of this job has come to its end."""
    services.job_store.transition(
        job["job_id"], attempt=job["attempt"], from_=ACTIVE, to=JobStatus.SUCCEEDED, result=result
    )
    services.jobs.release(job["job_id"])


@pytest.fixture
def steps_run(services: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The handlers of steps find the same bucket, table and catalog."""
    database_url = services.catalog.engine.url.render_as_string(hide_password=False)
    machines = json.dumps(services.settings.state_machines)
    known = {"BUCKET": BUCKET, "TABLE": TABLE, "DATABASE_URL": database_url, "STATE_MACHINES": machines}
    for name, value in known.items():
        monkeypatch.setenv(f"SOUNDSTAGE_{name}", value)
    for kept in (steps.settings, wiring.settings, wiring.catalog, wiring.job_store, wiring.jobs, wiring.product_jobs):
        kept.cache_clear()
    yield
    for kept in (steps.settings, wiring.settings, wiring.catalog, wiring.job_store, wiring.jobs, wiring.product_jobs):
        kept.cache_clear()


@dataclass
class Studio:
    services: Services
    ada: Person
    eve: Person
    upload: Callable[[Person], Id]
    ready_track: Id

    def ask(self, sample: Sample, **more: Any) -> Callable[[], Any]:
        """Ada's request, to be sent as often as one likes."""
        path, body = sample.ask(self.ada, lambda: self.upload(self.ada), self.ready_track)
        return lambda: self.ada.post(path, body, **more)


@pytest.fixture
def studio(services: Services, ada: Person, eve: Person, upload: Callable[[Person], Id], ready_track: Id) -> Studio:
    return Studio(services, ada, eve, upload, ready_track)
