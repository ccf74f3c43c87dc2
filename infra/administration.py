"""What operators do to a stage: one function, and on AWS the role of those who may ask it."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs

from infra.outputs import output
from infra.permissions import Permissions
from infra.sound_function import SoundFunction
from infra.stages import Stage
from infra.undelivered import Undelivered
from infra.workflow import Workflow
from soundstage.platform.aws import table as schema
from soundstage.products.base import LambdaStep

ACT = LambdaStep("admin.act", code="web", timeout_s=60, reads=("uploads/",), uses_catalog=True)


class HasDeadLetters(Protocol):
    queue: sqs.Queue
    dead_letters: sqs.Queue


_TAKE = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility")


def may_replay(
    stack: Stack,
    act: SoundFunction,
    queues: Mapping[str, HasDeadLetters],
    *,
    undelivered: Undelivered | None,
    called: Sequence[SoundFunction],
) -> None:
    """``act`` is the function of ``ACT``; it is told of the queues by name. ``called``: the functions that rules call;
    their other targets are these queues, and what ``act`` may start as it is.
    """
    urls: dict[str, dict[str, str | None]] = {
        name: {"dead": each.dead_letters.queue_url, "source": each.queue.queue_url} for name, each in queues.items()
    }
    if undelivered is not None:
        urls["undelivered"] = {"dead": undelivered.queue.queue_url, "source": None}
        act.may.do(*_TAKE, on=[undelivered.queue.queue_arn])
        act.may.do("lambda:InvokeFunction", on=[function.entry.function_arn for function in called])
    act.function.add_environment("SOUNDSTAGE_DEAD_LETTERS", stack.to_json_string(urls))
    dead = [each.dead_letters.queue_arn for each in queues.values()]
    act.may.do(*_TAKE, on=dead)
    act.may.do("sqs:SendMessage", on=[each.queue.queue_arn for each in queues.values()])


def operators(stack: Stack, stage: Stage, *, table_arn: str, act: SoundFunction, workflows: Sequence[Workflow]) -> None:
    """A role: whoever assumes it, with a second factor, may ask ``act``, and see jobs and their executions."""
    role = iam.Role(
        stack,
        "Operators",
        role_name=stage.named("operators"),
        description="Runs `soundstage admin` and `soundstage jobs`",
        assumed_by=iam.AccountRootPrincipal().with_conditions({"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
    )
    may = Permissions(role)
    may.do("lambda:InvokeFunction", on=[act.function.function_arn])
    may.do("dynamodb:GetItem", "dynamodb:Query", on=[table_arn, f"{table_arn}/index/{schema.GSI1}"])
    may.do("states:DescribeStateMachine", on=[workflow.arn for workflow in workflows])
    for workflow in workflows:
        may.do_under(
            "states:DescribeExecution",
            "states:GetExecutionHistory",
            under=workflow.executions_arn,
            because="Executions are named by job and attempt.",
        )
    output(stack, "OperatorsRole", role.role_arn)
