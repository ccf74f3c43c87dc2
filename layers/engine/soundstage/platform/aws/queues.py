"""SQS: the queue of a pool of workers, and that of deliveries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from soundstage.platform.aws import clients

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


@dataclass(frozen=True, slots=True)
class Received:
    """``deliveries`` counts this one; ``receipt`` is good until the message is received again."""

    message_id: str
    receipt: str
    body: str
    deliveries: int
    attributes: Mapping[str, str] = field(default_factory=dict)


class Queue:
    def __init__(self, url: str, *, client: "SQSClient | None" = None) -> None:
        self.url = url
        self._client = client

    @property
    def _sqs(self) -> "SQSClient":
        return self._client or clients.sqs()

    def receive(self, *, limit: int, lock_s: int, wait_s: int) -> Sequence[Received]:
        """Up to ten messages (SQS's limit), hidden from others for ``lock_s``; waits up to ``wait_s`` for the first."""
        answer = self._sqs.receive_message(
            QueueUrl=self.url,
            MaxNumberOfMessages=min(limit, 10),
            VisibilityTimeout=lock_s,
            WaitTimeSeconds=wait_s,
            MessageSystemAttributeNames=["ApproximateReceiveCount"],
            MessageAttributeNames=["All"],
        )
        return [
            Received(
                message_id=message["MessageId"],
                receipt=message["ReceiptHandle"],
                body=message["Body"],
                deliveries=int(message.get("Attributes", {}).get("ApproximateReceiveCount", 1)),
                attributes={
                    name: value["StringValue"]
                    for name, value in message.get("MessageAttributes", {}).items()
                    if "StringValue" in value
                },
            )
            for message in answer.get("Messages", [])
        ]

    def send(self, body: str, *, delay_s: int = 0) -> None:
        """``delay_s``: hidden at first, 900 s at most (SQS's limit)."""
        self._sqs.send_message(QueueUrl=self.url, MessageBody=body, DelaySeconds=delay_s)

    def keep(self, message: Received, *, lock_s: int) -> bool:
        """Hold the message for ``lock_s`` from now; 0 gives it back at once. False when it is no longer ours."""
        try:
            self._sqs.change_message_visibility(
                QueueUrl=self.url, ReceiptHandle=message.receipt, VisibilityTimeout=lock_s
            )
        except self._sqs.exceptions.ClientError as error:
            if clients.error_code(error) in _GONE:
                return False
            raise
        return True

    def delete(self, message: Received) -> None:
        """Harmless when the message is gone."""
        try:
            self._sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message.receipt)
        except self._sqs.exceptions.ClientError as error:
            if clients.error_code(error) not in _GONE:
                raise

    def depth(self) -> tuple[int, int]:
        """About how many messages wait, and how many are being worked on."""
        found = self._sqs.get_queue_attributes(
            QueueUrl=self.url,
            AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
        )["Attributes"]
        return int(found["ApproximateNumberOfMessages"]), int(found["ApproximateNumberOfMessagesNotVisible"])


# The lock ran out and someone else has the message, or it was deleted.
_GONE = frozenset(
    {
        "AWS.SimpleQueueService.MessageNotInflight",
        "InvalidParameterValue",
        "MessageNotInflight",
        "ReceiptHandleIsInvalid",
    }
)
