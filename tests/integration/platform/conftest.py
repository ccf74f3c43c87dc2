"""AWS by moto in process, and where it matters by the embedded cloud."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import boto3
import pytest
from infra.local import services
from moto import mock_aws
from tests.fixtures.embedded import running

from soundstage.platform.aws import clients, table
from soundstage.platform.runtime import steps, wiring

TABLE = "soundstage-test"
BUCKET = "soundstage-test"
REGION: Final = "eu-central-1"

_CLIENTS = (
    clients.s3,
    clients.s3_signer,
    clients.dynamodb,
    clients.sqs,
    clients.stepfunctions,
    clients.secretsmanager,
    clients.batch,
    clients.eventbridge,
)


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",  # moto asks for something
        "AWS_DEFAULT_REGION": REGION,
    }.items():
        monkeypatch.setenv(name, value)
    forget_clients()
    with mock_aws():
        clients.dynamodb().create_table(**table.table_definition(TABLE))
        clients.s3().create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        clients.s3().put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        yield
    forget_clients()


@pytest.fixture(scope="session")
def embedded_cloud_url() -> Iterator[str]:
    with running(services.cloud) as settings:
        yield settings.endpoint_url


@pytest.fixture
def embedded_cloud(embedded_cloud_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """All clients talk to the embedded cloud."""
    for name, value in {
        "AWS_ENDPOINT_URL": embedded_cloud_url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
    }.items():
        monkeypatch.setenv(name, value)
    forget_clients()
    yield
    forget_clients()


@pytest.fixture
def embedded_table(embedded_cloud: None) -> Iterator[None]:
    """The table as the embedded cloud has it: what holds on AWS and in moto must hold there too."""
    clients.dynamodb().create_table(**table.table_definition(TABLE))
    yield
    clients.dynamodb().delete_table(TableName=TABLE)


def forget_clients() -> None:
    """Clients made outside of moto talk to AWS, and boto3's own session keeps the credentials that it first found."""
    boto3.DEFAULT_SESSION = None
    for client in _CLIENTS:
        client.cache_clear()


def waiting_machine(name: str) -> str:
    """The ARN of a state machine whose executions run for as long as a test does."""
    definition = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 60, "End": True}}}
    machine = clients.stepfunctions().create_state_machine(
        name=name, definition=json.dumps(definition), roleArn="arn:aws:iam::123456789012:role/any"
    )
    return machine["stateMachineArn"]


@contextmanager
def functions_told(monkeypatch: pytest.MonkeyPatch, *, database_url: str) -> Iterator[None]:
    """Handlers find the bucket, the table, a state machine for tracks and this database."""
    for name, value in {
        "SOUNDSTAGE_BUCKET": BUCKET,
        "SOUNDSTAGE_TABLE": TABLE,
        "SOUNDSTAGE_STATE_MACHINES": json.dumps({"track": waiting_machine("track")}),
        "SOUNDSTAGE_DATABASE_URL": database_url,
    }.items():
        monkeypatch.setenv(name, value)
    kept = (steps.settings, wiring.settings, wiring.catalog, wiring.jobs)
    for each in kept:
        each.cache_clear()
    yield
    for each in kept:
        each.cache_clear()
