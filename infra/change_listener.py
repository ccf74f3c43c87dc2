"""A listener of job changes: a rule takes them to a queue of its own, and a function takes them from there."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.alarm import of_letters, too_old
from infra.sound_function import SoundFunction
from infra.stages import Stage
from soundstage.platform.aws import change_feed


class ChangeListener(Construct):
    """``function`` (made of ``soundstage.platform.runtime.listening``) hears of every change of every job.

    A change that it fails on comes again after ``retry_every``, which is longer than the function may take, for about
    ``retry_for``; then it lies among the dead letters, and an alarm rings. Other listeners notice nothing of it.
    On AWS changes wait ``gather_s`` for others, ten of which are one call: a film has some two hundred.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: Stage,
        name: str,
        function: SoundFunction,
        retry_every: Duration,
        retry_for: Duration,
        undelivered: sqs.IQueue | None,
        gather_s: int,
    ) -> None:
        super().__init__(scope, id_)
        self.name = name
        self.dead_letters = sqs.Queue(
            self,
            "DeadLetters",
            queue_name=stage.named(f"{name}-dead"),
            retention_period=Duration.days(14),
            enforce_ssl=True,
        )
        self.queue = sqs.Queue(
            self,
            "Queue",
            queue_name=stage.named(name),
            retention_period=Duration.days(4),
            visibility_timeout=retry_every,
            enforce_ssl=True,
            dead_letter_queue=sqs.DeadLetterQueue(
                queue=self.dead_letters, max_receive_count=round(retry_for.to_seconds() / retry_every.to_seconds())
            ),
        )
        function.takes_from(
            self.queue,
            batch_size=10,
            max_batching_window=None if stage.embedded else Duration.seconds(gather_s),
            report_batch_item_failures=True,
        )
        events.Rule(
            self,
            "Changed",
            description=f"{name} hears of every change of a job",
            event_pattern=events.EventPattern(
                source=[change_feed.source(stage.name)], detail_type=[change_feed.DETAIL_TYPE]
            ),
            targets=[targets.SqsQueue(self.queue, dead_letter_queue=undelivered)],
        )

    def alarms(self, scope: Construct) -> list[cloudwatch.Alarm]:
        id_, died = self.name.title(), f"{self.name} could not handle changes of jobs"
        return [of_letters(scope, f"{id_}ChangesDied", self.dead_letters, died), too_old(scope, id_, self.queue)]
