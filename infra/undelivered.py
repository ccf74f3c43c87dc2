"""Where events go that no target took, so that none is lost without a word."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.acknowledge import acknowledge
from infra.alarm import of_letters
from infra.stages import Stage


class Undelivered(Construct):
    """A queue for the rules of a stack; whoever mends the target sends them on (``soundstage admin dead-letters``)."""

    def __init__(self, scope: Construct, id_: str, *, stage: Stage, name: str) -> None:
        super().__init__(scope, id_)
        self.queue = sqs.Queue(
            self, "Queue", queue_name=stage.named(name), retention_period=Duration.days(14), enforce_ssl=True
        )
        acknowledge(self.queue, {"AwsSolutions-SQS3": "It is one: of rules, which the linter does not look at."})

    def alarms(self, scope: Construct) -> list[cloudwatch.Alarm]:
        return [of_letters(scope, "EventsLost", self.queue, "Events reached no target")]
