"""AWS clients of an instance's cloud, for the tools and tests that look behind the API."""

from typing import Any

from infra.local.settings import REGION, InstanceSettings

KEY = SECRET = "test"  # noqa: S105  what LocalStack signs with, whoever asks


def client(service: str, settings: InstanceSettings) -> Any:
    """By ``localstack-client``; ``$AWS_ENDPOINT_URL``, where it is set, leads to another cloud than the instance's."""
    from localstack_client.session import Session  # noqa: PLC0415  (boto3: 0.2 s)

    session = Session(KEY, SECRET, None, region_name=REGION, localstack_host=f"127.0.0.1:{settings.cloud_port}")
    return session.client(service)
