"""AWS by moto in process, and where it matters by the embedded cloud."""

from collections.abc import Iterator
from typing import Final

import boto3
import pytest
from infra.local import services
from moto import mock_aws
from tests.fixtures.embedded import running

from soundstage.platform.aws import clients, table

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
