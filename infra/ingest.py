"""What happens to an upload: the functions and the state machine ``ingest``, and the event that starts it."""

from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sqs as sqs

from infra.functions import Functions
from infra.sound_function import SoundFunction
from infra.stateful import StatefulStack
from infra.workflow import Workflow
from soundstage.products.base import LambdaStep

CLAIM = LambdaStep("ingest.claim", code="web")
# Uploads have 2 GiB at most.
PROBE = LambdaStep("ingest.probe", code="image", memory_mib=1769, timeout_s=300, disk_mib=3072, reads=("uploads/",))
ACCEPT = LambdaStep("ingest.accept", code="web")
REJECT = LambdaStep("ingest.reject", code="web")
RELEASE = LambdaStep("jobs.release", code="web", uses_catalog=True)
STEPS = (CLAIM, PROBE, ACCEPT, REJECT, RELEASE)


def ingest_workflow(
    functions: Functions, state: StatefulStack, *, release: SoundFunction, undelivered: sqs.IQueue | None
) -> Workflow:
    """``release`` is the function of ``RELEASE``: it may start jobs."""
    claim = functions.add(CLAIM, "Claim")
    probe = functions.add(PROBE, "Probe")
    accept = functions.add(ACCEPT, "Accept")
    reject = functions.add(REJECT, "Reject")
    for function in (claim, reject):
        function.may.delete_for_good(state.bucket_arn, "uploads/")
    workflow = Workflow(
        functions.stack,
        "Ingest",
        stage=functions.stage,
        name="ingest",
        functions={each.step.substitution: each for each in (claim, probe, accept, reject, release)},
        pools={},
    )
    rule = events.Rule(
        functions.stack,
        "Uploaded",
        description="An object under uploads/ carries its work on",
        event_pattern=events.EventPattern(
            source=["aws.s3"],
            detail_type=["Object Created"],
            detail={
                "bucket": {"name": [state.bucket.bucket_name]},
                "object": {"key": [{"prefix": "uploads/"}]},
            },
        ),
    )
    rule.add_target(targets.SfnStateMachine(workflow.machine, retry_attempts=10, dead_letter_queue=undelivered))
    return workflow
