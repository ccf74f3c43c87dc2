"""What was acknowledged is there after a kill: the embedded cloud's tables, whatever its snapshots have caught."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import ClientError
from infra.local import services
from infra.local.aws import client
from infra.local.settings import InstanceSettings
from tests.fixtures.embedded import throwaway
from tests.fixtures.waiting import eventually

from soundstage.platform.aws import table

pytestmark = pytest.mark.slow
NAME = "soundstage-counted"
KEY = {"pk": {"S": "a"}, "sk": {"S": "a"}}


@contextmanager
def killed(settings: InstanceSettings) -> Iterator[Any]:
    """DynamoDB of an embedded cloud that is killed at the end of the block."""
    service = services.cloud(settings)
    with subprocess.Popen(
        service.command, env=service.environment, cwd=service.working_directory, start_new_session=True
    ) as process:
        try:
            eventually(service.ready)
            yield client("dynamodb", settings)
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def test_no_write_that_was_acknowledged_is_lost_and_none_is_done_twice() -> None:
    """Killed three times, before and after snapshots, which come every two seconds."""
    settings = throwaway().model_copy(update={"temporary": False})
    with killed(settings) as dynamodb:
        dynamodb.create_table(**table.table_definition(NAME))
        dynamodb.put_item(TableName=NAME, Item={**KEY, "counted": {"N": "0"}})
        state = settings.home / "cloud" / "state" / "dynamodb.json"
        eventually(lambda: state.exists() and NAME in state.read_text())
    acknowledged = 0
    for writes, rest_s in ((20, 0.0), (60, 0.05), (60, 0.08)):
        with killed(settings) as dynamodb:
            for number in range(writes):
                add: dict[str, Any] = {"Key": KEY, "UpdateExpression": "ADD counted :one", "TableName": NAME}
                add["ExpressionAttributeValues"] = {":one": {"N": "1"}}
                if number % 2:
                    dynamodb.update_item(**add)
                else:
                    dynamodb.transact_write_items(TransactItems=[{"Update": add}])
                acknowledged += 1
                time.sleep(rest_s)
            with pytest.raises(ClientError):  # refused, so that it is nothing to do again
                dynamodb.put_item(TableName=NAME, Item=KEY, ConditionExpression="attribute_not_exists(pk)")
    with killed(settings) as dynamodb:
        found = dynamodb.get_item(TableName=NAME, Key=KEY)["Item"]
        assert found["counted"] == {"N": str(acknowledged)}
