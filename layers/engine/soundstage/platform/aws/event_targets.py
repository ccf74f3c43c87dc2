"""Giving an event to the target that EventBridge did not reach: a function, a state machine or a queue."""

from collections.abc import Sequence

from soundstage.models.errors import InvalidInput
from soundstage.platform.aws import clients
from soundstage.platform.aws.queues import Queue


def give(event: str, *, to: str, name: str, queue_urls: Sequence[str]) -> None:
    """``to``: the target's ARN; ``name``: of an execution, which begins once however often it is asked for.
    ``queue_urls``: of the queues that may be targets. Raises InvalidInput for another target.
    """
    match to.split(":", 6):
        case ["arn", _, "lambda", *_]:
            clients.lambda_().invoke(FunctionName=to, InvocationType="Event", Payload=event)
        case ["arn", _, "states", *_]:
            states = clients.stepfunctions()
            try:
                states.start_execution(stateMachineArn=to, name=name, input=event)
            except states.exceptions.ExecutionAlreadyExists:
                return
        case ["arn", _, "sqs", _, _, queue] if urls := [url for url in queue_urls if url.rsplit("/", 1)[-1] == queue]:
            Queue(urls[0]).send(event)
        case _:
            raise InvalidInput("Nobody knows how this letter's target is reached.", detail={"target": to})
