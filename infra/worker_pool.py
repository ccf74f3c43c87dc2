"""The queue of a pool of workers, and what becomes of tasks that nobody could finish."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.alarm import alarm, of_letters
from infra.sound_function import SoundFunction
from infra.stages import Stage

LOCK_S = 60
"""Visibility of a task while a worker holds it; the worker extends it as long as it lives."""
MAX_DELIVERIES = 3


class WorkerPool(Construct):
    """Tasks wait in ``queue``; after ``MAX_DELIVERIES`` they come to ``dead_letter``, which fails their job."""

    def __init__(self, scope: Construct, id_: str, *, stage: Stage, name: str, dead_letter: SoundFunction) -> None:
        super().__init__(scope, id_)
        self.name = name
        self.dead_letters = sqs.Queue(
            self,
            "DeadLetters",
            queue_name=stage.named(f"{name}-dead"),
            retention_period=Duration.days(14),
            # AWS asks for six times the function's timeout, so that a slow batch is not taken twice.
            visibility_timeout=Duration.minutes(6),
            enforce_ssl=True,
        )
        self.queue = sqs.Queue(
            self,
            "Queue",
            queue_name=stage.named(name),
            retention_period=Duration.days(4),
            visibility_timeout=Duration.seconds(LOCK_S),
            receive_message_wait_time=Duration.seconds(20),
            enforce_ssl=True,
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead_letters, max_receive_count=MAX_DELIVERIES),
        )
        dead_letter.takes_from(self.dead_letters, batch_size=1, report_batch_item_failures=True)

    def alarms(self, scope: Construct) -> list[cloudwatch.Alarm]:
        age = self.queue.metric_approximate_age_of_oldest_message(period=Duration.minutes(1), statistic="max")
        id_, words = self.node.id, f"Tasks wait too long in {self.name}"
        unhandled = f"Dead letters of {self.name} were not handled"
        return [
            alarm(scope, f"{id_}TasksWait", age, Duration.minutes(15).to_seconds(), words, periods=5),
            of_letters(scope, f"{id_}TasksDied", self.dead_letters, unhandled, periods=2),
        ]
