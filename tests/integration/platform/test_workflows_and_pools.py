"""Step Functions and Batch as moto has them: executions by name, and workers for what waits."""

import json
import time
from typing import Any

import boto3
import pytest
from tests.fixtures.aws_stubs import stubbed
from tests.fixtures.jobs import a_job
from tests.integration.platform.conftest import REGION

from soundstage.jobs.ports import execution_name
from soundstage.jobs.service import workflow_input
from soundstage.models.errors import InvalidInput
from soundstage.platform.aws import clients
from soundstage.platform.aws.pools import LIVES_S, wake, workers_missing
from soundstage.platform.aws.queues import Queue
from soundstage.platform.aws.workflows import StepFunctions
from soundstage.platform.settings import WakeSettings

ROLE = "arn:aws:iam::123456789012:role/any"


@pytest.fixture
def workflows(cloud: None) -> StepFunctions:
    definition = json.dumps({"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 9, "End": True}}})
    machine = clients.stepfunctions().create_state_machine(name="track", definition=definition, roleArn=ROLE)
    return StepFunctions({"track": machine["stateMachineArn"]})


def test_starting_twice_is_starting_once(workflows: StepFunctions) -> None:
    job = a_job(inputs={"hum": "x"})
    name = execution_name(job)
    first = workflows.start(job.kind, name, workflow_input(job))
    assert workflows.start(job.kind, name, workflow_input(job)) == first
    changed = workflow_input(job.model_copy(update={"options": {"seed": 2}}))
    assert workflows.start(job.kind, name, changed) == first
    executions = clients.stepfunctions().list_executions(
        stateMachineArn=first.replace(":execution:", ":stateMachine:").rpartition(":")[0]
    )
    assert len(executions["executions"]) == 1
    found = clients.stepfunctions().describe_execution(executionArn=first)
    assert json.loads(found["input"])["job_id"] == job.job_id


def test_an_execution_can_be_found_and_stopped(workflows: StepFunctions) -> None:
    job = a_job()
    name = execution_name(job)
    assert workflows.find(job.kind, name) is None
    workflows.stop(job.kind, name, cause="The job was canceled.")
    arn = workflows.start(job.kind, name, workflow_input(job))
    found = workflows.find(job.kind, name)
    assert found is not None
    assert (found.status, found.name, found.execution_arn) == ("RUNNING", name, arn)
    for _ in range(2):
        workflows.stop(job.kind, name, cause="The job was canceled.")
    found = workflows.find(job.kind, name)
    assert found is not None
    assert found.status == "ABORTED"


def test_what_can_never_start_is_refused(workflows: StepFunctions) -> None:
    job = a_job(options={"x": "y" * 300_000})
    with pytest.raises(InvalidInput, match="too large"):
        workflows.start(job.kind, execution_name(job), workflow_input(job))
    gone = StepFunctions({"track": f"arn:aws:states:{REGION}:123456789012:stateMachine:gone"})
    with pytest.raises(InvalidInput, match="no state machine"):
        gone.start(job.kind, "x", workflow_input(a_job()))
    with pytest.raises(InvalidInput, match="no state machine"):
        StepFunctions({}).start(job.kind, "x", workflow_input(a_job()))


@pytest.mark.parametrize(
    ("waiting", "in_work", "alive", "missing"),
    [
        (0, 0, 0, 0),
        (1, 0, 0, 1),
        (5, 0, 0, 3),  # two at once each
        (1, 0, 1, 0),  # it is about to take it
        (1, 1, 1, 0),
        (1, 2, 1, 1),
        (3, 2, 1, 2),
        (50, 0, 0, 4),
        (50, 8, 4, 0),
        (50, 9, 5, 0),  # more than allowed: someone started one by hand
    ],
)
def test_workers_are_added_for_what_the_running_ones_cannot_take(
    waiting: int, in_work: int, alive: int, missing: int
) -> None:
    assert workers_missing(waiting=waiting, in_work=in_work, alive=alive, concurrency=2, most=4) == missing


@pytest.fixture
def batch_queue(cloud: None) -> tuple[str, str]:
    """A Batch queue and job definition. moto wants the whole network for it."""
    ec2: Any = boto3.client("ec2", region_name=REGION)
    iam: Any = boto3.client("iam", region_name=REGION)
    batch: Any = clients.batch()
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc)["GroupId"]
    role = iam.create_role(RoleName="batch", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    environment = batch.create_compute_environment(
        computeEnvironmentName="fargate",
        type="MANAGED",
        state="ENABLED",
        serviceRole=role,
        computeResources={"type": "FARGATE", "maxvCpus": 8, "subnets": [subnet], "securityGroupIds": [group]},
    )["computeEnvironmentArn"]
    order = [{"order": 1, "computeEnvironment": environment}]
    queue = batch.create_job_queue(jobQueueName="workers", state="ENABLED", priority=1, computeEnvironmentOrder=order)[
        "jobQueueArn"
    ]
    definition = batch.register_job_definition(
        jobDefinitionName="worker",
        type="container",
        containerProperties={"image": "worker", "vcpus": 1, "memory": 512},
    )["jobDefinitionArn"]
    return queue, definition


def test_waking_submits_no_more_workers_than_are_missing(
    batch_queue: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted: list[str] = []
    real = clients.batch().submit_job

    def submit(**job: str) -> object:
        submitted.append(job["jobName"])
        return real(**job)  # type: ignore[arg-type]

    monkeypatch.setattr(clients.batch(), "submit_job", submit)
    queue_url = clients.sqs().create_queue(QueueName="cpu")["QueueUrl"]
    settings = WakeSettings(
        queue_url=queue_url,
        batch_job_queue=batch_queue[0],
        batch_job_definition=batch_queue[1],
        max_workers=3,
    )
    assert wake(settings) == 0
    for _ in range(2):
        clients.sqs().send_message(QueueUrl=queue_url, MessageBody="{}")
    assert wake(settings) == 2
    assert submitted == ["worker-local"] * 2


@pytest.mark.parametrize(
    ("alive", "waiting", "submitted"),
    [
        ([], 0, ["worker-local-warm"] * 2),
        ([("worker-local-warm", 60)], 0, ["worker-local-warm"]),
        ([("worker-local-warm", 60)] * 2, 0, []),
        ([("worker-local-warm", 60), ("worker-local-warm", LIVES_S - 300)], 0, ["worker-local-warm"]),
        ([("worker-local", 60)] * 2, 0, ["worker-local-warm"]),  # most are three
        ([], 3, ["worker-local-warm"] * 2 + ["worker-local"]),
    ],
)
def test_warm_workers_stay_and_have_successors(
    cloud: None, alive: list[tuple[str, int]], waiting: int, submitted: list[str]
) -> None:
    queue = Queue(clients.sqs().create_queue(QueueName="cpu")["QueueUrl"])
    for _ in range(waiting):
        clients.sqs().send_message(QueueUrl=queue.url, MessageBody="{}")
    settings = WakeSettings(
        queue_url=queue.url, batch_job_queue="workers", batch_job_definition="worker:3", max_workers=3, warm_workers=2
    )
    job = {"jobQueue": "workers", "jobDefinition": "worker:3"}
    stays = {"environment": [{"name": "SOUNDSTAGE_IDLE_EXIT_S", "value": str(LIVES_S)}]}
    with stubbed("batch") as (make, batch):
        for status in ("SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING"):
            found = [
                {"jobId": f"j{number}", "jobName": name, "createdAt": int(1000 * (time.time() - age_s))}
                for number, (name, age_s) in enumerate(alive if status == "RUNNING" else [])
            ]
            batch.add_response("list_jobs", {"jobSummaryList": found}, {"jobQueue": "workers", "jobStatus": status})
        for name in submitted:
            asked = {"jobName": name, **job, **({"containerOverrides": stays} if name.endswith("warm") else {})}
            batch.add_response("submit_job", {"jobName": name, "jobId": "j"}, asked)

        assert wake(settings, queue=queue, client=make()) == len(submitted)


def test_messages_are_kept_given_back_and_deleted(cloud: None, monkeypatch: pytest.MonkeyPatch) -> None:
    queue = Queue(clients.sqs().create_queue(QueueName="cpu")["QueueUrl"])
    clients.sqs().send_message(QueueUrl=queue.url, MessageBody="hello")
    (first,) = queue.receive(limit=1, lock_s=30, wait_s=0)
    assert (first.body, first.deliveries) == ("hello", 1)
    assert queue.depth() == (0, 1)
    assert queue.keep(first, lock_s=60)
    assert queue.keep(first, lock_s=0)
    (second,) = queue.receive(limit=1, lock_s=30, wait_s=0)
    assert second.deliveries == 2
    queue.delete(second)
    assert queue.depth() == (0, 0)
    assert not queue.keep(second, lock_s=60)
    queue.delete(second)
