"""The worker on a queue of the embedded cloud: answers, cancels, timeouts, crashes, and being told to go."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.fixtures.embedded import free_port
from tests.fixtures.fakes import FakeFeed, FakeWorkflows
from tests.fixtures.jobs import a_job
from tests.fixtures.torch_environment import PYTHON, environment, said_by
from tests.fixtures.waiting import alive, eventually
from tests.integration.platform.conftest import BUCKET, REGION, TABLE

from soundstage.jobs.dead_letters import fail_task
from soundstage.media.files import sha256_of
from soundstage.models.ids import new_id
from soundstage.models.jobs import Job, JobStatus, TaskMessage
from soundstage.models.providers import MUSICGEN_LICENCE
from soundstage.platform.aws import clients
from soundstage.platform.aws.job_store import DynamoJobs
from soundstage.platform.aws.queues import Queue
from soundstage.platform.aws.storage import ObjectStore
from soundstage.platform.aws.worker_time import WorkerTimes
from soundstage.platform.runtime.worker import Worker
from soundstage.platform.settings import WorkerSettings

pytestmark = pytest.mark.slow

TASKS = {"act": "tests.fixtures.worker_task"}
WARMED = {"act": "tests.fixtures.warm_task"}
ROOT = Path(__file__).parents[3]


@dataclass
class Pool:
    settings: WorkerSettings
    jobs: DynamoJobs
    objects: ObjectStore
    workflows: FakeWorkflows
    queue: Queue
    dead_letters: Queue

    def send(
        self, do: str, *, timeout_s: int = 30, step: str | None = None, **arguments: Any
    ) -> tuple[Job, TaskMessage]:
        job = self.jobs.create(a_job(status=JobStatus.RUNNING))
        message = TaskMessage(
            task="act",
            task_token=new_id(),
            job_id=job.job_id,
            attempt=1,
            owner_id=job.owner_id,
            arguments={"do": do, **arguments},
            timeout_s=timeout_s,
            step=step,
            progress=(40, 80),
        )
        self.post(message)
        return job, message

    def post(self, message: TaskMessage) -> None:
        self.workflows.waiting_tokens.add(message.task_token)
        clients.sqs().send_message(QueueUrl=self.queue.url, MessageBody=message.model_dump_json())

    def worker(self, **more: Any) -> Worker:
        settings = self.settings.model_copy(update=more)
        return Worker(settings, TASKS, workflows=self.workflows)

    def beaten(self, job: Job) -> bool:
        key = {"pk": {"S": f"job#{job.job_id}"}, "sk": {"S": "beat"}}
        return "Item" in clients.dynamodb().get_item(TableName=TABLE, Key=key)

    def ran(self, job: Job) -> int:
        return len(list(self.objects.keys(f"work/{job.job_id}/ran/")))

    def go(self, job: Job) -> None:
        """End a task that waits."""
        self.objects.write_json(f"work/{job.job_id}/go", None)


@pytest.fixture
def pool(embedded_table: None) -> Iterator[Pool]:
    clients.s3().create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    dead = clients.sqs().create_queue(QueueName="dead")["QueueUrl"]
    dead_arn = clients.sqs().get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    redrive = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": "2"})
    queue = clients.sqs().create_queue(QueueName="cpu", Attributes={"RedrivePolicy": redrive})["QueueUrl"]
    settings = WorkerSettings(
        bucket=BUCKET,
        table=TABLE,
        state_machines={},
        queue_url=queue,
        lock_s=3,
        max_deliveries=2,
        poll_s=1,
        heartbeat_s=0.2,
        report_s=0.2,
        idle_exit_s=1,
    )
    workflows = FakeWorkflows()
    jobs = DynamoJobs(TABLE, feed=FakeFeed())
    yield Pool(settings, jobs, ObjectStore(BUCKET), workflows, Queue(queue), Queue(dead))
    clients.sqs().delete_queue(QueueUrl=queue)
    clients.sqs().delete_queue(QueueUrl=dead)
    for key in ObjectStore(BUCKET).keys(""):
        ObjectStore(BUCKET).delete(key)
    clients.s3().delete_bucket(Bucket=BUCKET)


def test_tasks_are_answered_and_the_worker_leaves_when_idle(pool: Pool) -> None:
    _, rejected = pool.send("reject")
    _, failed = pool.send("fail")
    _, throttled = pool.send("throttled")
    job, message = pool.send("nothing")
    pool.worker().run()
    answers = {token: (what, detail) for token, what, detail in pool.workflows.answers}
    what, output = answers[message.task_token]
    assert (what, output["outcome"]) == ("succeeded", "ok")
    assert not Path(output["scratch"]).exists()
    what, output = answers[rejected.task_token]
    assert (what, output["outcome"], output["code"]) == ("succeeded", "rejected", "SILENT")
    assert answers[throttled.task_token][0] == "TransientError"
    what, cause = answers[failed.task_token]
    assert what == "TASK_FAILED"
    assert json.loads(cause) == {"message": "The task failed.", "detail": {"error": "RuntimeError"}}
    assert pool.queue.depth() == (0, 0)
    seen = pool.jobs.get(job.job_id)
    assert seen is not None
    assert seen.step == "act"


def test_a_long_task_keeps_its_message_shows_life_and_tells_progress(pool: Pool) -> None:
    job, message = pool.send("wait")
    port = free_port()
    worker = pool.worker(metrics_port=port)
    thread = threading.Thread(target=worker.run)
    thread.start()
    eventually(lambda: pool.ran(job))
    page = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics").read().decode()
    assert "soundstage_worker_busy_slots 1" in page
    assert 'soundstage_queue_tasks{state="in_work"} 1' in page
    seen_progress: set[int] = set()
    seen_revisions: set[int] = set()
    longer_than_the_lock = time.monotonic() + pool.settings.lock_s + 1
    while time.monotonic() < longer_than_the_lock or len(seen_progress) < 4:
        assert pool.queue.receive(limit=1, lock_s=1, wait_s=0) == []
        seen = pool.jobs.get(job.job_id)
        assert seen is not None
        seen_progress.add(seen.progress)
        seen_revisions.add(seen.revision)
        time.sleep(0.1)
    pool.go(job)
    thread.join()
    assert pool.beaten(job)
    # One for each new progress, and none for a beat; the first and the last change have a step's beginning and end.
    assert len(seen_revisions) <= len(seen_progress) + 2
    assert seen_progress <= set(range(40, 81))
    assert pool.workflows.heartbeats.count(message.task_token) > 2
    assert pool.ran(job) == 1


class Patient(FakeWorkflows):
    """Goes on waiting after an answer, as if it had been lost."""

    def _answer(self, task_token: str, what: str, detail: Any) -> bool:
        self.answers.append((task_token, what, detail))
        return True


def test_a_job_is_at_the_step_that_its_task_belongs_to(pool: Pool) -> None:
    job, _ = pool.send("nothing", step="rendering")
    pool.worker().run()
    found = pool.jobs.get(job.job_id)
    assert found is not None
    assert [(record.step, record.outcome) for record in found.history] == [("rendering", "ok")]


def test_a_redelivered_task_finishes_from_what_is_there(pool: Pool) -> None:
    job, message = pool.send("nothing")
    pool.post(message)
    pool.workflows = Patient(waiting_tokens=pool.workflows.waiting_tokens)
    pool.worker().run()
    first, second = pool.workflows.answers
    assert first == second
    assert pool.ran(job) == 1


def test_a_task_counts_once_for_its_owner_with_the_seconds_that_it_took(pool: Pool) -> None:
    job, message = pool.send("nothing", gpu_s=0.25)
    again = message.model_copy(update={"task_token": new_id()})  # as a state sends it that runs a second time
    pool.post(message)
    pool.post(again)
    pool.worker().run()
    (key,) = pool.objects.keys(f"work/{job.job_id}/tasks/")
    receipt = pool.objects.read_json(key)
    worked = WorkerTimes(TABLE, job.owner_id)
    month = receipt["done_at"][:7]
    assert worked.of_month(month).worker_s == pytest.approx(receipt["worker_s"], abs=0.001)
    assert 0.25 <= worked.of_month(month).gpu_s == pytest.approx(receipt["gpu_s"], abs=0.001)
    assert worked.of_month(month).gpu_s <= worked.of_month(month).worker_s
    assert worked.of_month("2020-01").worker_s == 0
    assert WorkerTimes(TABLE, new_id()).of_month(month).worker_s == 0


def test_a_task_that_failed_counts_nothing(pool: Pool) -> None:
    job, _ = pool.send("fail")
    pool.worker().run()
    assert pool.ran(job) == 1
    assert WorkerTimes(TABLE, job.owner_id).of_month("20").worker_s == 0


def test_a_cancel_stops_the_task_in_the_middle(pool: Pool) -> None:
    job, _ = pool.send("wait")
    worker = pool.worker()
    thread = threading.Thread(target=worker.run)
    thread.start()
    eventually(lambda: pool.ran(job))
    pool.jobs.transition(job.job_id, attempt=1, from_=(JobStatus.RUNNING,), to=JobStatus.CANCELED)
    canceled = time.monotonic()
    eventually(lambda: pool.workflows.answers)
    assert time.monotonic() - canceled < 5
    thread.join()
    assert pool.workflows.answers[0][1] == "CANCELED"
    assert pool.queue.depth() == (0, 0)
    assert list(pool.objects.keys(f"work/{job.job_id}/tasks/")) == []


def test_a_task_of_a_canceled_job_is_not_begun(pool: Pool) -> None:
    job, _ = pool.send("nothing")
    pool.jobs.transition(job.job_id, attempt=1, from_=(JobStatus.RUNNING,), to=JobStatus.CANCELED)
    pool.worker().run()
    assert pool.ran(job) == 0
    assert pool.workflows.answers[0][1] == "CANCELED"


def test_a_task_that_takes_too_long_is_ended(pool: Pool) -> None:
    pool.send("wait", timeout_s=1)
    _, after = pool.send("nothing")
    pool.worker().run()
    answers = {token: what for token, what, _ in pool.workflows.answers}
    assert sorted(answers.values()) == ["TASK_TIMED_OUT", "succeeded"]
    assert answers[after.task_token] == "succeeded"


def test_a_poison_task_comes_to_the_dead_letters_and_fails_with_its_reason(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("soundstage.platform.runtime.worker.REST_AFTER_CRASH_S", 0)
    job, message = pool.send("crash")
    _, after = pool.send("nothing")
    pool.worker().run()
    assert pool.ran(job) == 2
    answers = {token: (what, detail) for token, what, detail in pool.workflows.answers}
    what, cause = answers[message.task_token]
    assert what == "TASK_DIED"
    assert (
        json.loads(cause)["message"] == "No worker could finish act: its process was ended by SIGKILL (out of memory?)."
    )
    assert answers[after.task_token][0] == "succeeded"
    (letter,) = pool.dead_letters.receive(limit=1, lock_s=5, wait_s=1)
    assert letter.body == message.model_dump_json()

    # The worker's machine may die with the last delivery: then the dead-letter function gives the reason.
    pool.workflows.waiting_tokens.add(message.task_token)
    assert fail_task(message, jobs=pool.jobs, workflows=pool.workflows)
    token, what, cause = pool.workflows.answers[-1]
    assert (token, what) == (message.task_token, "TASK_DIED")
    assert "ended by SIGKILL" in json.loads(cause)["message"]
    assert not fail_task(message, jobs=pool.jobs, workflows=pool.workflows)


def test_a_process_is_warmed_once_before_its_first_task(pool: Pool) -> None:
    for _ in range(2):
        pool.send("nothing")
    pool.objects.write_json("work/warming.json", "fails")
    Worker(pool.settings, WARMED, workflows=pool.workflows).run()

    pid = pool.objects.read_json("work/warmed.json")
    assert [(what, output["warmed"], output["pid"]) for _, what, output in pool.workflows.answers] == [
        ("succeeded", [pid], pid)
    ] * 2


def test_what_is_no_task_any_more_leaves_the_process_warm(pool: Pool) -> None:
    pool.objects.write_json("work/warming.json", "fails")
    canceled, _ = pool.send("nothing")
    pool.jobs.transition(canceled.job_id, attempt=1, from_=(JobStatus.RUNNING,), to=JobStatus.CANCELED)
    clients.sqs().send_message(QueueUrl=pool.queue.url, MessageBody="{}")
    _, message = pool.send("nothing")
    Worker(pool.settings.model_copy(update={"idle_exit_s": 4}), WARMED, workflows=pool.workflows).run()
    answers = {token: output for token, what, output in pool.workflows.answers if what == "succeeded"}
    pid = pool.objects.read_json("work/warmed.json")
    assert [(output["warmed"], output["pid"]) for output in answers.values()] == [([pid], pid)]
    assert answers.keys() == {message.task_token}


def test_no_task_is_taken_before_its_process_is_warm(pool: Pool) -> None:
    _, message = pool.send("nothing")
    pool.objects.write_json("work/warming.json", "long")
    worker = Worker(pool.settings, WARMED, workflows=pool.workflows)
    thread = threading.Thread(target=worker.run)
    thread.start()
    eventually(lambda: "work/warmed.json" in pool.objects.keys("work/"))
    time.sleep(2 * pool.settings.poll_s)  # long enough to take it, and to be idle
    assert pool.queue.depth() == (1, 0)

    pool.objects.write_json("work/go", None)
    thread.join()
    assert [token for token, what, _ in pool.workflows.answers if what == "succeeded"] == [message.task_token]


def test_a_worker_told_to_go_while_it_warms_goes(pool: Pool) -> None:
    pool.objects.write_json("work/warming.json", "long")
    worker = Worker(pool.settings, WARMED, workflows=pool.workflows)
    thread = threading.Thread(target=worker.run)
    thread.start()
    eventually(lambda: "work/warmed.json" in pool.objects.keys("work/"))
    worker.stop()
    thread.join(timeout=20)
    assert not thread.is_alive()


def test_models_that_kill_the_process_are_done_without(pool: Pool) -> None:
    _, message = pool.send("nothing")
    pool.objects.write_json("work/warming.json", "killed")
    Worker(pool.settings, WARMED, workflows=pool.workflows).run()
    ((token, what, output),) = pool.workflows.answers
    assert (token, what, output["warmed"]) == (message.task_token, "succeeded", [])


def test_a_worker_whose_tasks_cannot_be_imported_takes_none_and_leaves(pool: Pool) -> None:
    pool.send("nothing")
    Worker(pool.settings, {"act": "tests.fixtures.no_such_task"}, workflows=pool.workflows).run()
    assert pool.queue.depth() == (1, 0)
    assert pool.workflows.answers == []


def test_two_at_once(pool: Pool) -> None:
    for _ in range(2):
        pool.send("meet", others=1)
    pool.worker(worker_concurrency=2).run()
    first, second = (output["pid"] for _, _, output in pool.workflows.answers)
    assert first != second


SCRIPT = """
from soundstage.platform.settings import WorkerSettings
from soundstage.platform.runtime.worker import Worker
if __name__ == "__main__":
    worker = Worker(WorkerSettings(), TASKS)
    worker.stop_on_signals()
    worker.run()
"""


def process_of(
    pool: Pool, folder: Path, tasks: dict[str, str] = TASKS, python: Path = Path(sys.executable), **variables: str
) -> subprocess.Popen[bytes]:
    """A worker with its settings from the environment."""
    script = folder / "worker.py"
    script.write_text(SCRIPT.replace("TASKS", repr(tasks)))
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "SOUNDSTAGE_BUCKET": BUCKET,
        "SOUNDSTAGE_TABLE": TABLE,
        "SOUNDSTAGE_QUEUE_URL": pool.queue.url,
        "SOUNDSTAGE_STATE_MACHINES": "{}",
        "SOUNDSTAGE_LOCK_S": "600",
        "SOUNDSTAGE_HEARTBEAT_S": "600",
        **variables,
    }
    return subprocess.Popen([python, script], env=environment, start_new_session=True)  # noqa: S603


def test_models_are_in_memory_when_the_first_task_begins(
    pool: Pool, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Real classes, tiny: one from the bucket, one of a folder, and one whose download fails."""
    (tmp_path / "built").mkdir()
    built = said_by("tiny_models.py", tmp_path / "built")
    sums = ""
    for file in sorted(path for path in Path(built["sd"]).rglob("*") if path.is_file()):
        name = file.relative_to(built["sd"])
        pool.objects.upload(file, f"models/sd/{name}", content_type="application/octet-stream")
        sums += f"{sha256_of(file)}  ./{name}\n"
    pool.objects.write("models/sd/SHA256SUMS", sums.encode())
    job, _ = pool.send("say")
    process = process_of(
        pool,
        tmp_path,
        {"act": "tests.fixtures.model_task", "shot_make": "tasks.shot_make", "music_generate": "tasks.music_generate"},
        PYTHON,
        **environment(),
        SOUNDSTAGE_DIFFUSERS_WEIGHTS=json.dumps(
            {"stable_video": f"svd@{64 * '0'}", "sd_turbo": f"sd@{hashlib.sha256(sums.encode()).hexdigest()}"}
        ),
        SOUNDSTAGE_MUSIC_PROVIDERS=json.dumps(
            {"musicgen": {"weights": built["musicgen"], "accept_licence": MUSICGEN_LICENCE, "device": "cpu"}}
        ),
        SOUNDSTAGE_MODELS_DIR=str(tmp_path / "models"),
    )
    try:
        receipts = f"work/{job.job_id}/tasks/"
        eventually(lambda: list(pool.objects.keys(receipts)), timeout_s=120)
        (receipt,) = pool.objects.keys(receipts)
        assert pool.objects.read_json(receipt)["output"]["resident"] == ["StableDiffusionPipeline", "musicgen"]
        assert "models/svd/ is not whole" in capfd.readouterr().out
    finally:
        process.kill()
        process.wait()


def test_sigterm_hands_the_task_back(pool: Pool, tmp_path: Path) -> None:
    job, message = pool.send("wait")
    process = process_of(pool, tmp_path)
    try:
        eventually(lambda: pool.ran(job))
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=15) == 0
    finally:
        process.kill()
    (received,) = pool.queue.receive(limit=1, lock_s=5, wait_s=1)
    assert TaskMessage.model_validate_json(received.body) == message
    assert received.deliveries == 2
    assert list(pool.objects.keys(f"work/{job.job_id}/tasks/")) == []


def test_a_killed_worker_leaves_no_process_and_no_folder(pool: Pool, tmp_path: Path) -> None:
    process, task_process, temporary = at_work(pool, tmp_path)
    process.kill()
    process.wait()
    eventually(lambda: not alive(task_process))
    assert list(temporary.iterdir()) == []


def test_what_a_worker_left_that_was_killed_with_all_its_processes_is_swept(pool: Pool, tmp_path: Path) -> None:
    process, _, temporary = at_work(pool, tmp_path)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    (left,) = temporary.iterdir()
    process, _, _ = at_work(pool, tmp_path)
    assert not left.exists()
    assert len(list(temporary.iterdir())) == 1
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=15) == 0
    assert list(temporary.iterdir()) == []


def at_work(pool: Pool, folder: Path) -> tuple[subprocess.Popen[bytes], int, Path]:
    """A worker in the middle of a task, the task's process and the worker's temporary folder."""
    temporary = folder / "temporary"
    temporary.mkdir(exist_ok=True)
    job, _ = pool.send("wait")
    process = process_of(pool, folder, TMPDIR=str(temporary))
    eventually(lambda: pool.ran(job))
    (key,) = pool.objects.keys(f"work/{job.job_id}/ran/")
    task_process = int(pool.objects.read_json(key))
    assert alive(task_process)
    eventually(lambda: list(temporary.glob("*/process-*/task-*/half-written")))
    return process, task_process, temporary


def test_nonsense_in_the_queue_does_not_stop_the_worker(pool: Pool) -> None:
    clients.sqs().send_message(QueueUrl=pool.queue.url, MessageBody="{}")
    _, message = pool.send("nothing")
    pool.worker(idle_exit_s=4).run()
    assert [token for token, _, _ in pool.workflows.answers] == [message.task_token]
