"""Steps that people take through the API, and a look behind it, for end-to-end tests."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.local.aws import client
from infra.local.client import Studio
from infra.local.deployer import outputs
from infra.local.instance import check
from infra.local.settings import InstanceSettings
from infra.local.supervisor import Supervisor
from tests.fixtures.waiting import alive, eventually

SHORT_SONG = {"duration_s": 15.0, "seed": 1}


def holds(settings: InstanceSettings) -> Path:
    """Where :mod:`tests.fixtures.held_worker` looks for what is held."""
    return settings.home / "holds"


@dataclass(frozen=True)
class Hold:
    """Tasks of one name that wait in their middle, those of new workers as well, until the block ends."""

    cloud: "Cloud"
    file: Path

    def reached(self, job_id: str, *, tasks: int = 1) -> None:
        """Wait until so many of them that belong to this job are held."""

        def held() -> bool:
            pids = [int(path.suffix[1:]) for path in self.file.parent.glob(f"{self.file.name}.{job_id}.*")]
            return sum(alive(pid) for pid in pids) >= tasks

        self.cloud.eventually(held, timeout_s=180)  # the functions before it may have to start first


@dataclass(frozen=True)
class Cloud:
    """An instance that runs, its stacks' outputs, and AWS clients for looking behind the API. ``supervisor``: None
    where another process looks after it."""

    settings: InstanceSettings
    supervisor: Supervisor | None = None

    def check(self) -> None:
        """Raises when there is nothing to wait for."""
        check(self.settings)

    def eventually(self, condition: Callable[[], Any], *, timeout_s: float = 60.0) -> Any:
        """The first true value of the condition."""
        return eventually(condition, timeout_s=timeout_s, check=self.check)

    @contextmanager
    def hold(self, task: str, *, at: float = 0.0, of: Studio | None = None) -> Iterator[Hold]:
        """Tasks of this name wait when this much of them is done, 0 to 1; where others use the cloud, only ``of`` one
        person."""
        folder = holds(self.settings)
        folder.mkdir(exist_ok=True)
        file = folder / (task if of is None else f"{task}@{of.get('/v1/me')['user_id']}")
        whole = file.with_suffix(".new")
        whole.write_text(str(at))
        whole.rename(file)
        try:
            yield Hold(self, file)
        finally:
            for path in [file, *folder.glob(f"{file.name}.*")]:
                path.unlink()

    def kill_worker(self) -> None:
        """As the out-of-memory killer would; the supervisor starts another one."""
        assert self.supervisor is not None
        self.supervisor.replace("worker")

    def idle(self) -> bool:
        """Whether no task waits or is being worked on."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.client("sqs").get_queue_attributes(QueueUrl=self.outputs["CpuQueue"], AttributeNames=names)
        return all(int(found["Attributes"][name]) == 0 for name in names)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.settings.port}"

    @property
    def outputs(self) -> dict[str, str]:
        return outputs(self.settings)

    def client(self, service: str) -> Any:
        return client(service, self.settings)

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
