"""Webhooks: who hears of changes for them, the queue that deliveries wait in, and the function that makes them."""

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.alarm import of_letters, too_old
from infra.change_listener import ChangeListener
from infra.functions import Functions
from infra.sound_function import SoundFunction
from infra.stages import Stage
from infra.stateful import StatefulStack
from soundstage.products.base import LambdaStep

ANNOUNCE = LambdaStep("webhooks.announce", code="web", timeout_s=30, uses_catalog=True)
# An attempt waits 10 s for a connection and 10 s for an answer.
DELIVER = LambdaStep("webhooks.deliver", code="web", timeout_s=50, uses_catalog=True)


class Webhooks(Construct):
    """An attempt that a function dies in comes again after a minute, a few times; how often a delivery is tried is the
    record's affair, and its messages are new ones.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: Stage,
        state: StatefulStack,
        functions: Functions,
        undelivered: sqs.IQueue | None,
    ) -> None:
        super().__init__(scope, id_)
        self.dead_letters = sqs.Queue(
            self,
            "DeadLetters",
            queue_name=stage.named("webhook-deliveries-dead"),
            retention_period=Duration.days(14),
            enforce_ssl=True,
        )
        self.queue = sqs.Queue(
            self,
            "Queue",
            queue_name=stage.named("webhook-deliveries"),
            retention_period=Duration.days(4),
            visibility_timeout=Duration.seconds(90),
            enforce_ssl=True,
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead_letters, max_receive_count=20),
        )
        self._state = state
        announce = functions.add(ANNOUNCE, "AnnounceToWebhooks", environment=self.environment)
        deliver = functions.add(DELIVER, "DeliverWebhook", environment={**self.environment, **self._master_key()})
        for function in (announce, deliver):
            self.may_send(function)
        if state.profile_key is not None:
            deliver.may.do("kms:Decrypt", on=[state.profile_key.key_arn])
        elif state.profile_secret is not None:
            deliver.may.read_secret(state.profile_secret.secret_arn)
        # Slow receivers wait for each other, not the whole account for them.
        deliver.takes_from(self.queue, batch_size=1, max_concurrency=50)
        self.listener = ChangeListener(
            self,
            "Changes",
            stage=stage,
            name="webhooks",
            function=announce,
            retry_every=Duration.minutes(3),
            retry_for=Duration.hours(12),
            undelivered=undelivered,
            gather_s=2,
        )

    def alarms(self, scope: Construct) -> list[cloudwatch.Alarm]:
        return [
            of_letters(scope, "DeliveriesDied", self.dead_letters, "Attempts of webhooks were not made"),
            too_old(scope, "Deliveries", self.queue),
            *self.listener.alarms(scope),
        ]

    @property
    def environment(self) -> Mapping[str, str]:
        """What those who begin deliveries have to know."""
        return {"SOUNDSTAGE_WEBHOOK_QUEUE_URL": self.queue.queue_url}

    def may_send(self, function: SoundFunction) -> None:
        function.may.do("sqs:SendMessage", on=[self.queue.queue_arn])

    def _master_key(self) -> dict[str, str]:
        state = self._state
        if state.profile_key is not None:
            return {"SOUNDSTAGE_PROFILE_KMS_KEY": state.profile_key.key_arn}
        return {"SOUNDSTAGE_PROFILE_SECRET": state.profile_secret.secret_arn} if state.profile_secret else {}
