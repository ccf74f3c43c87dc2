"""What docs/aws.md says about getting the table back, as it stands there, on the embedded cloud."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.fixtures.jobs import a_job
from tests.integration.platform.conftest import TABLE

from soundstage.models.jobs import JobStatus
from soundstage.platform.aws import clients
from soundstage.platform.aws.job_store import DynamoJobs

pytestmark = pytest.mark.slow
DOCS = Path(__file__).parents[3] / "docs" / "aws.md"


def test_items_of_an_earlier_second_are_put_back(embedded_table: None, tmp_path: Path) -> None:
    (program,) = re.findall(r"<<'PY'\n(.*?)\nPY\n", DOCS.read_text(), re.DOTALL)
    (tmp_path / "put_back.py").write_text(program)
    dynamodb, jobs = clients.dynamodb(), DynamoJobs(TABLE)
    filler = "x" * 50_000  # 60 jobs take three pages of a scan
    then = [jobs.create(a_job(status=JobStatus.RUNNING, options={"filler": filler})) for _ in range(60)]
    earlier = f"{TABLE}-restored"
    dynamodb.restore_table_to_point_in_time(
        SourceTableName=TABLE, TargetTableName=earlier, UseLatestRestorableTime=True
    )
    dynamodb.get_waiter("table_exists").wait(TableName=earlier)
    for job in then[:40]:
        dynamodb.delete_item(TableName=TABLE, Key={"pk": {"S": f"job#{job.job_id}"}, "sk": {"S": "job"}})
    since = jobs.create(a_job())
    try:
        subprocess.run([sys.executable, tmp_path / "put_back.py", earlier, TABLE], check=True)  # noqa: S603
    finally:
        dynamodb.delete_table(TableName=earlier)
    assert jobs.get_many(job.job_id for job in then) == {job.job_id: job for job in then}
    assert jobs.get(since.job_id) == since
