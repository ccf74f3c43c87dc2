"""A machine outside AWS joins a pool by one command, with a key that may do nothing but take the pool's role."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from infra import ROOT
from tests.integration.platform.conftest import REGION

from soundstage.platform.aws import clients

JOIN = ROOT / "containers" / "gpu-render" / "join.py"
WHO = """
import json, os, sys
sys.path.insert(0, os.environ["HERE"])
import boto3, join
with join.joined("dev", "cpu"):
    session = boto3.Session()
    key = session.get_credentials()
    print(json.dumps([key.method, key.access_key != "own-key", "AWS_ACCESS_KEY_ID" in os.environ]))
    print(json.dumps(session.client("sts").get_caller_identity()["Arn"]))
    print(oct(os.stat(os.path.dirname(os.environ["AWS_CONFIG_FILE"])).st_mode)[-3:])
    folder = os.path.dirname(os.environ["AWS_CONFIG_FILE"])
print(json.dumps(os.path.exists(folder)))
"""


@pytest.fixture
def machine(embedded_table: None, embedded_cloud_url: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Environment of a machine that knows its own key and the region; the stage says the rest."""
    iam = boto3.client("iam", region_name=REGION, endpoint_url=embedded_cloud_url)
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "*"}]}
    role = f"soundstage-dev-worker-cpu-{REGION}"
    iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(trust))
    settings = {
        "SOUNDSTAGE_BUCKET": "any",
        "SOUNDSTAGE_TABLE": "soundstage-test",
        "SOUNDSTAGE_POOL": "cpu",
        "SOUNDSTAGE_QUEUE_URL": clients.sqs().create_queue(QueueName="joined")["QueueUrl"],
        "SOUNDSTAGE_STATE_MACHINES": "{}",
        "SOUNDSTAGE_IDLE_EXIT_S": "1",
    }
    boto3.client("ssm", region_name=REGION, endpoint_url=embedded_cloud_url).put_parameter(
        Name="/soundstage/dev/worker/cpu", Value=json.dumps(settings), Type="String", Overwrite=True
    )
    yield {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "HERE": str(JOIN.parent),
        "PYTHONPATH": str(ROOT / "layers" / "engine"),
        "AWS_ENDPOINT_URL": embedded_cloud_url,
        "AWS_ACCESS_KEY_ID": "own-key",
        "AWS_SECRET_ACCESS_KEY": "own-secret",
        "AWS_DEFAULT_REGION": REGION,
    }
    iam.delete_role(RoleName=role)


def run(machine: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], env=machine, capture_output=True, text=True, check=False)  # noqa: S603


def test_it_works_with_the_roles_credentials_and_forgets_them(machine: dict[str, str]) -> None:
    done = run(machine, "-c", WHO)

    assert done.returncode == 0, done.stderr
    who, arn, mode, there = map(json.loads, done.stdout.splitlines())
    assert who == ["assume-role", True, False]
    assert f"soundstage-dev-worker-cpu-{REGION}" in arn
    assert (mode, there) == (700, False)


def test_the_worker_takes_tasks_of_the_pool_that_the_stage_describes(machine: dict[str, str]) -> None:
    done = run(machine, str(JOIN), "dev", "cpu")

    assert done.returncode == 0, done.stderr
    assert '"the worker takes tasks"' in done.stdout + done.stderr
    assert '"pool":"cpu"' in done.stdout + done.stderr


def test_a_machine_without_a_key_is_told_what_it_lacks(machine: dict[str, str]) -> None:
    lacking = {name: value for name, value in machine.items() if not name.startswith("AWS_ACCESS")}
    done = run(lacking | {"AWS_EC2_METADATA_DISABLED": "true"}, str(JOIN), "dev", "cpu")

    assert done.returncode != 0
    assert "who this machine is" in done.stderr
