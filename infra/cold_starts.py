"""``python -m infra.cold_starts dev``: how long the API's first calls wait, as it is deployed and with SnapStart.

Two versions of the function are published, called by several at once so that each call starts a process, and deleted.
The alias ``live`` and what people call stay as they are. With SnapStart AWS bills what it keeps and restores: cents.
"""

import base64
import re
import statistics
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Literal

SnapStart = Literal["None", "PublishedVersions"]
AT_ONCE: Final = 8
"""A new account runs ten calls at a time."""
ROUNDS: Final = 3
CALL: Final = (
    b'{"version": "2.0", "routeKey": "$default", "rawPath": "/v1/health", "rawQueryString": "", "headers": {}, '
    b'"isBase64Encoded": false, "requestContext": {"http": {"method": "GET", "path": "/v1/health", '
    b'"sourceIp": "192.0.2.1", "protocol": "HTTP/1.1", "userAgent": "cold-starts"}, '
    b'"requestId": "cold-starts", "stage": "$default"}}'
)
"""Answered or refused: what is measured comes before."""
_REPORTED = re.compile(r"(?:Init|Restore) Duration: ([\d.]+) ms")


@dataclass(frozen=True)
class Measured:
    snap_start: SnapStart
    started_ms: list[float]
    """Of each call that had to wait for a process, by Lambda's own report: importing it, or restoring it."""


def measure(client: Any, function: str) -> list[Measured]:
    """``client``: of Lambda. Afterwards the function is as before."""
    with _as_it_was(client, function):
        return [_of_version(client, function, snap_start) for snap_start in ("None", "PublishedVersions")]


@contextmanager
def _as_it_was(client: Any, function: str) -> Iterator[None]:
    before = client.get_function_configuration(FunctionName=function)
    try:
        yield
    finally:
        snap_start = before.get("SnapStart", {}).get("ApplyOn", "None")
        _configure(client, function, snap_start, before.get("Description", ""))


def _of_version(client: Any, function: str, snap_start: SnapStart) -> Measured:
    # Without a change there is no new version, and the one that people call has processes already.
    _configure(client, function, snap_start, f"cold starts {time.time_ns()}")
    version = client.publish_version(FunctionName=function)["Version"]
    try:
        client.get_waiter("published_version_active").wait(FunctionName=function, Qualifier=version)
        with ThreadPoolExecutor(AT_ONCE) as callers:
            reports = list(callers.map(lambda _: _report(client, function, version), range(ROUNDS * AT_ONCE)))
    finally:
        client.delete_function(FunctionName=function, Qualifier=version)
    return Measured(snap_start, [float(found[1]) for report in reports if (found := _REPORTED.search(report))])


def _configure(client: Any, function: str, snap_start: str, description: str) -> None:
    client.update_function_configuration(
        FunctionName=function, SnapStart={"ApplyOn": snap_start}, Description=description
    )
    client.get_waiter("function_updated_v2").wait(FunctionName=function)


def _report(client: Any, function: str, version: str) -> str:
    answer = client.invoke(FunctionName=function, Qualifier=version, LogType="Tail", Payload=CALL)
    return base64.b64decode(answer.get("LogResult", "")).decode(errors="replace")


def main() -> None:
    import boto3  # noqa: PLC0415

    for measured in measure(boto3.client("lambda"), f"soundstage-{sys.argv[1]}-api-main"):
        how = "with SnapStart" if measured.snap_start == "PublishedVersions" else "as deployed  "
        found = sorted(measured.started_ms)
        median = f"median {statistics.median(found):.0f} ms, longest {found[-1]:.0f} ms" if found else "none was seen"
        print(f"{how}  {len(found)} cold starts: {median}")  # noqa: T201


if __name__ == "__main__":
    main()
