"""What a role may do, in the words of this house."""

from collections.abc import Sequence

from aws_cdk import Stack
from aws_cdk import aws_iam as iam

from infra.acknowledge import acknowledge_wildcard
from infra.stages import Stage
from soundstage.platform.aws import change_feed
from soundstage.platform.aws import table as schema


class Permissions:
    """Allows a role exactly what is asked for. ``function.may.read(bucket, "work/")``.

    Where the role has been given ``inside``, which is then part of itself, that is written to. Otherwise it is a
    resource of its own, which a role needs that is referred to by what it may use.
    """

    def __init__(self, role: iam.Role, inside: iam.PolicyDocument | None = None) -> None:
        self._role = role
        self._inside = inside

    def do(self, *actions: str, on: Sequence[str]) -> None:
        """The actions on these ARNs."""
        self._add(iam.PolicyStatement(actions=list(actions), resources=list(on)))

    def do_under(self, *actions: str, under: str, because: str) -> None:
        """The actions on every resource that ``under``, an ARN with a wildcard, stands for."""
        self.do(*actions, on=[under])
        acknowledge_wildcard(self._role, under, because)

    def read(self, bucket_arn: str, *prefixes: str) -> None:
        self._objects(["s3:GetObject", "s3:GetObjectVersion"], bucket_arn, prefixes)
        if prefixes:  # without it a missing object is answered with 403, as if it were forbidden
            self.do("s3:ListBucket", on=[bucket_arn])

    def write(self, bucket_arn: str, *prefixes: str) -> None:
        self._objects(["s3:PutObject", "s3:AbortMultipartUpload"], bucket_arn, prefixes)

    def delete(self, bucket_arn: str, *prefixes: str) -> None:
        """Recoverable, as long as the bucket keeps older versions."""
        self._objects(["s3:DeleteObject"], bucket_arn, prefixes)

    def delete_for_good(self, bucket_arn: str, *prefixes: str) -> None:
        self._objects(["s3:DeleteObject", "s3:DeleteObjectVersion"], bucket_arn, prefixes)

    def use_table(self, table_arn: str) -> None:
        reads = ("GetItem", "BatchGetItem", "Query")
        writes = ("PutItem", "UpdateItem", "DeleteItem")
        indexes = [f"{table_arn}/index/{name}" for name in (schema.GSI1, schema.GSI2)]
        self.do(*(f"dynamodb:{action}" for action in reads + writes), on=[table_arn, *indexes])

    def tell_of_jobs(self, stage: Stage) -> None:
        """Hand changes of jobs to their feed: events with its source, and no others, on the default bus."""
        bus = Stack.of(self._role).format_arn(service="events", resource="event-bus", resource_name="default")
        only = {"StringEquals": {"events:source": change_feed.source(stage.name)}}
        self._add(iam.PolicyStatement(actions=["events:PutEvents"], resources=[bus], conditions=only))

    def read_secret(self, secret_arn: str) -> None:
        self.do("secretsmanager:GetSecretValue", on=[secret_arn])

    def _add(self, statement: iam.PolicyStatement) -> None:
        if self._inside is None:
            self._role.add_to_principal_policy(statement)
        else:
            self._inside.add_statements(statement)

    def _objects(self, actions: list[str], bucket_arn: str, prefixes: Sequence[str]) -> None:
        for prefix in prefixes:
            self.do_under(
                *actions, under=f"{bucket_arn}/{prefix}*", because="Objects have their owners' and jobs' names."
            )
