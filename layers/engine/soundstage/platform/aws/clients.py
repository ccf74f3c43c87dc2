"""AWS clients, made when first used and then kept. ``AWS_ENDPOINT_URL`` and the region are boto3's own settings.

boto3 costs 0.2 s of CPU to import, so importing this module does not import it.
"""

from functools import cache
from typing import TYPE_CHECKING, Any

from soundstage.models.errors import TransientError

if TYPE_CHECKING:
    from mypy_boto3_batch import BatchClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_stepfunctions import SFNClient


def _client(service: Any, *, endpoint_url: str | None = None, tries: int = 4, **options: Any) -> Any:
    import boto3  # noqa: PLC0415  (lazy: see the module's docstring)
    from botocore.config import Config  # noqa: PLC0415

    # The longest wait is an SQS long poll of 20 s; a silent peer is given up soon after it.
    waits = {"connect_timeout": 3, "read_timeout": 30} | options
    config = Config(retries={"mode": "standard", "total_max_attempts": tries}, **waits)
    return boto3.client(service, endpoint_url=endpoint_url, config=config)


@cache
def s3() -> "S3Client":
    # Unless told so, boto3 signs URLs for the endpoint without a region. For the first hours of a bucket outside of
    # us-east-1 that one redirects to the bucket's own, whose name the signature does not fit.
    return _client("s3", signature_version="s3v4", s3={"addressing_style": "virtual"})  # type: ignore[no-any-return]


@cache
def s3_signer(public_endpoint_url: str | None) -> "S3Client":
    """Signs URLs that others open: under a public endpoint where browsers do not see the one that we use."""
    if public_endpoint_url is None:
        return s3()
    path_style = {"addressing_style": "path"}
    return _client("s3", endpoint_url=public_endpoint_url, signature_version="s3v4", s3=path_style)  # type: ignore[no-any-return]


@cache
def dynamodb() -> "DynamoDBClient":
    return _client("dynamodb")  # type: ignore[no-any-return]


@cache
def sqs() -> "SQSClient":
    return _client("sqs")  # type: ignore[no-any-return]


@cache
def stepfunctions() -> "SFNClient":
    return _client("stepfunctions")  # type: ignore[no-any-return]


@cache
def eventbridge() -> "EventBridgeClient":
    # Every change of a job is sent by whoever made it. What cannot be sent soon is sent later, so nobody waits for it.
    return _client("events", tries=2, connect_timeout=2, read_timeout=3)  # type: ignore[no-any-return]


@cache
def secretsmanager() -> "SecretsManagerClient":
    return _client("secretsmanager")  # type: ignore[no-any-return]


@cache
def sts() -> Any:
    return _client("sts")


@cache
def lambda_(*, patiently: bool = True) -> Any:
    """For functions that are waited for: up to 90 s, or where the API's own caller waits (29 s at most), once."""
    return _client("lambda", read_timeout=90) if patiently else _client("lambda", read_timeout=27, tries=1)


@cache
def batch() -> "BatchClient":
    return _client("batch")  # type: ignore[no-any-return]


@cache
def kms() -> Any:
    return _client("kms")


@cache
def socket_management(endpoint_url: str) -> Any:
    return _client("apigatewaymanagementapi", endpoint_url=endpoint_url, connect_timeout=2, read_timeout=5)


def of_another(service: str, region: str, access_key_id: str, secret_access_key: str, *, patience_s: float) -> Any:
    """A client with somebody's own credentials, of AWS itself wherever we run, that never sends anything twice."""
    import boto3  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415

    waits: Any = {"connect_timeout": 5, "read_timeout": patience_s, "ignore_configured_endpoint_urls": True}
    config = Config(retries={"mode": "standard", "total_max_attempts": 1}, **waits)
    session: Any = boto3.session.Session()
    return session.client(
        service,
        region_name=region,
        aws_access_key_id=access_key_id,
        aws_secret_access_key=secret_access_key,
        config=config,
    )


# Codes under which AWS asks to come back later, whatever the HTTP status.
# https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html, and DynamoDB's transaction conflicts.
_TRY_AGAIN = frozenset(
    {
        "InternalError",
        "InternalServerError",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServiceUnavailable",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)


def as_transient(error: BaseException) -> TransientError | None:
    """The error as one that the state machines retry by name, or None when trying again would not help."""
    from botocore.exceptions import ClientError, ConnectionError, HTTPClientError  # noqa: PLC0415

    if isinstance(error, ClientError):
        code = error.response.get("Error", {}).get("Code", "")
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if code in _TRY_AGAIN or status >= 500:
            return TransientError(f"{error.operation_name} was not answered ({code or status}).")
        return None
    if isinstance(error, ConnectionError | HTTPClientError):
        return TransientError(f"AWS was not reached ({type(error).__name__}).")
    return None


def error_code(error: BaseException) -> str:
    """The ``Code`` of a botocore ``ClientError``, or an empty string."""
    response = getattr(error, "response", None) or {}
    return str(response.get("Error", {}).get("Code", ""))
