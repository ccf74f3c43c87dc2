"""Copies what the functions log from CloudWatch Logs into ``functions.log``, so that all logs are in one place."""

import threading
import time
from typing import TYPE_CHECKING

from infra.local.aws import client
from infra.local.settings import InstanceSettings

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient

EVERY_S = 1.0
PLATFORM_LINES = ("START RequestId", "END RequestId", "REPORT RequestId", "INIT_START")
PREFIX = "/aws/lambda/"


def follow(settings: InstanceSettings, stopped: threading.Event) -> None:
    """Until ``stopped`` is set. The cloud going away is not this one's business."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  (0.2 s)

    logs: CloudWatchLogsClient = client("logs", settings)
    since = {"": int(time.time() * 1000)}  # log group → time of the last line seen, in ms
    with (settings.logs / "functions.log").open("a", buffering=1) as out:
        while not stopped.wait(EVERY_S):
            try:
                for line in _new_lines(logs, since):
                    out.write(line)
            except (BotoCoreError, ClientError):
                continue


def _new_lines(logs: "CloudWatchLogsClient", since: dict[str, int]) -> list[str]:
    lines = []
    for group in logs.describe_log_groups(logGroupNamePrefix=PREFIX)["logGroups"]:
        name = group["logGroupName"]
        start = since.get(name, since[""])
        for event in logs.filter_log_events(logGroupName=name, startTime=start + 1)["events"]:
            since[name] = max(since.get(name, 0), event["timestamp"])
            message = event["message"].rstrip()
            if not message.startswith(PLATFORM_LINES):
                lines.append(f"{name.removeprefix(PREFIX)} {message}\n")
    return lines
