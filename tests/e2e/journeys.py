"""Steps that people take through the API, and a look behind it, for end-to-end tests."""

import os
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from infra.local.client import Studio
from infra.local.instance import Instance
from infra.local.services import base_environment
from infra.local.settings import REGION

SHORT_SONG = {"duration_s": 15.0, "seed": 1}


@dataclass(frozen=True)
class Cloud:
    """The instance, its stacks' outputs, and AWS clients for looking behind the API."""

    instance: Instance

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.instance.settings.port}"

    @property
    def outputs(self) -> dict[str, str]:
        return self.instance.outputs

    def client(self, service: str) -> Any:
        environment = base_environment(self.instance.settings)
        return boto3.client(
            service,  # type: ignore[call-overload]
            endpoint_url=environment["AWS_ENDPOINT_URL"],
            region_name=REGION,
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        )

    def keys(self, prefix: str) -> list[str]:
        found = self.client("s3").list_objects_v2(Bucket=self.outputs["Bucket"], Prefix=prefix)
        return [item["Key"] for item in found.get("Contents", [])]

    def executions(self, job_id: str, *, kind: str = "track") -> list[str]:
        """Names of the executions of a job."""
        machine = self.outputs[f"{kind.title()}StateMachine"]
        listed = self.client("stepfunctions").list_executions(stateMachineArn=machine)
        return [item["name"] for item in listed["executions"] if job_id in item["name"]]


@dataclass(frozen=True)
class Made:
    """A person, what they uploaded, and every state that their job was seen in."""

    studio: Studio
    asset_id: str
    changes: list[dict[str, Any]]

    @property
    def job(self) -> dict[str, Any]:
        return self.changes[-1]

    @property
    def track(self) -> dict[str, Any]:
        return self.studio.get(f"/v1/tracks/{self.job['subject_id']}")


def upload(studio: Studio, path: Path, **options: Any) -> str:
    """Announce and send a file; the id of its asset."""
    announced = studio.announce_upload(path, **options)
    studio.send_file(announced, path)
    return str(announced["asset"]["asset_id"])


def order(studio: Studio, asset_id: str, **gen_params: Any) -> dict[str, Any]:
    """A new track from this hum; the job that makes it."""
    track = studio.create_track(title="A tune")
    return studio.generate(track["track_id"], asset_id, **{**SHORT_SONG, **gen_params})


def outcome(studio: Studio, job_id: str) -> dict[str, Any]:
    """The job as it ended."""
    *_, job = studio.watch_job(job_id)
    return job


def reached(studio: Studio, job_id: str, step: str) -> None:
    """Wait until the job is at this step. The functions before it may have to start first."""

    def at_it() -> bool:
        job = studio.get(f"/v1/jobs/{job_id}")
        assert job["status"] not in ("failed", "succeeded", "canceled"), job["error"]
        return bool(job["step"] == step)

    eventually(at_it, timeout_s=180)


def generating(studio: Studio, job_id: str) -> None:
    """Wait until a worker is at the job's songs."""
    reached(studio, job_id, "music_generate")


def kill_worker(cloud: Cloud) -> None:
    """As the out-of-memory killer would; the supervisor starts another one."""
    supervisor = cloud.instance.supervisor
    before = supervisor.process_id("worker")
    os.kill(before, signal.SIGKILL)
    eventually(lambda: supervisor.process_id("worker") != before)


def idle(cloud: Cloud) -> bool:
    """Whether no task waits or is being worked on."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = cloud.client("sqs").get_queue_attributes(QueueUrl=cloud.outputs["CpuQueue"], AttributeNames=names)
    return all(int(found["Attributes"][name]) == 0 for name in names)


def eventually(condition: Callable[[], Any], *, timeout_s: float = 60.0) -> Any:
    """The first true value of the condition."""
    deadline = time.monotonic() + timeout_s
    while not (value := condition()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)
    return value


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
