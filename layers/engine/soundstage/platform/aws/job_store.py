"""Job records in DynamoDB (the port ``JobStore``). The keys are in :mod:`soundstage.platform.aws.table`.

Every write is conditional on the ``version`` that it was worked out from. Whoever loses is told what is there now
(``ReturnValuesOnConditionCheckFailure=ALL_OLD``), works it out again from that, and so needs no second read.
"""

import itertools
import logging
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from soundstage.jobs import transitions
from soundstage.jobs.ports import ChangeFeed
from soundstage.models.errors import Conflict, NotFound, TransientError
from soundstage.models.ids import Id
from soundstage.models.jobs import Dependency, Job, JobError, JobKind, JobStatus
from soundstage.platform.aws import table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

log = logging.getLogger(__name__)

Reasons = list[dict[str, Any]]

UNDER_WAY = (JobStatus.BLOCKED, JobStatus.QUEUED, JobStatus.RUNNING)
_COUNTED_AMONG = 1000
"""Newest jobs of one person: a query reads up to 1 MB, some 500 records."""

# Actions in a transaction (DynamoDB's quota).
_ACTIONS = 100

# Step Functions keeps an execution's name reserved for 90 days; a record lives as long after its last change.
KEEP_ENDED = timedelta(days=90)
KEEP_EDGES = timedelta(days=365)
KEEP_BEATS = timedelta(days=1)

# Two variants, a cancel and a settle may meet on one record; forty in a row never do.
_TRIES = 40


class DynamoJobs(table.TableStore):
    """``feed`` is needed by whoever changes jobs."""

    def __init__(
        self,
        table_name: str,
        *,
        feed: ChangeFeed | None = None,
        client: "DynamoDBClient | None" = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(table_name, client=client)
        self._clock = clock
        self._feed = feed

    def create(self, job: Job) -> Job:
        job = transitions.created(job)
        record = [self._put(self._item(job), only_if="attribute_not_exists(pk)")]
        if job.natural_key is not None:
            record.append(self._claim(job))
        edges = iter([self._put(_edge(dependency, job)) for dependency in dict.fromkeys(job.depends_on)])
        last = list(itertools.islice(edges, _ACTIONS - len(record)))
        while batch := list(itertools.islice(edges, _ACTIONS)):
            self._write_edges(batch)
        return self._write_record([record[0], *last, *record[1:]], job)

    def _write_edges(self, batch: Sequence[dict[str, Any]]) -> None:
        for _ in range(_TRIES):
            if self._transact(batch) is None:
                return
        raise TransientError("The job could not be created: its table is too busy.")

    def _write_record(self, actions: Sequence[dict[str, Any]], job: Job) -> Job:
        """``actions``: the record first, the claim on its natural key, if it has one, last."""
        for _ in range(_TRIES):
            reasons = self._transact(actions)
            if reasons is None:
                return self._published(job)
            if reasons[0].get("Code") == _CONDITION:
                return _job(reasons[0]["Item"])
            if reasons[-1].get("Code") == _CONDITION:
                holder = self._holding(job.natural_key, reasons[-1])
                if holder is not None:
                    return holder
        raise TransientError("The job could not be created: its table is too busy.")

    def get(self, job_id: Id) -> Job | None:
        found = self._dynamodb.get_item(TableName=self._table, Key=_key(job_id), ConsistentRead=True)
        return _job(found["Item"]) if "Item" in found else None

    def get_many(self, job_ids: Iterable[Id]) -> dict[Id, Job]:
        items = self._read_many(_key(job_id) for job_id in dict.fromkeys(job_ids))
        return {job.job_id: job for job in map(_job, items)}

    def list(self, owner_id: Id, *, limit: int, cursor: str | None = None) -> tuple[Sequence[Job], str | None]:
        items, cursor = table.newest_first(
            self._dynamodb, self._table, owner_id=owner_id, what="job", limit=limit, cursor=cursor
        )
        return [_job(item) for item in items], cursor

    def holder(self, natural_key: str) -> Id | None:
        key = table.key(f"natural#{natural_key}", "natural")
        item = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        return None if item is None else str(table.from_wire(item)["job_id"])

    def count_under_way(self, owner_id: Id, *, but: Container[JobKind]) -> int:
        """Jobs of this owner that are not at their end, of the newest that one query reads. Eventually consistent."""
        found = self._dynamodb.query(
            TableName=self._table,
            IndexName=table.GSI1,
            KeyConditionExpression="gsi1pk = :owner",
            FilterExpression="#status IN (:blocked, :queued, :running)",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={
                ":owner": {"S": table.owner_partition(owner_id, "job")},
                **{f":{status.value}": {"S": status.value} for status in UNDER_WAY},
            },
            ScanIndexForward=False,
            Limit=_COUNTED_AMONG,
        )
        return sum(_job(item).kind not in but for item in found["Items"])

    def dependants(self, dependency: Dependency) -> Iterator[Id]:
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :dep)",
            ExpressionAttributeValues={":pk": {"S": f"{dependency.kind}#{dependency.id}"}, ":dep": {"S": "dep#"}},
            ConsistentRead=True,
        )
        for page in pages:
            for item in page["Items"]:
                yield table.from_wire(item)["job_id"]

    def transition(
        self,
        job_id: Id,
        *,
        attempt: int,
        from_: Sequence[JobStatus],
        to: JobStatus,
        execution_arn: str | None = None,
        error: JobError | None = None,
        result: dict[str, Any] | None = None,
    ) -> Job:
        def change(job: Job) -> Job:
            return transitions.moved(
                job,
                attempt=attempt,
                from_=from_,
                to=to,
                now=self._clock(),
                execution_arn=execution_arn,
                error=error,
                result=result,
            )

        return self._published(self._change(job_id, change))

    def next_attempt(self, job_id: Id, *, attempt: int) -> Job:
        def change(job: Job) -> Job:
            return transitions.next_attempt(job, attempt=attempt, now=self._clock())

        return self._published(self._change(job_id, change))

    def restart(self, job_id: Id, *, attempt: int) -> Job:
        def change(job: Job) -> Job:
            return transitions.restarted(job, attempt=attempt, now=self._clock())

        return self._published(self._change(job_id, change))

    def record_step(self, job_id: Id, *, attempt: int, step: str, progress: int, outcome: str | None = None) -> Job:
        def change(job: Job) -> Job:
            return transitions.step_recorded(
                job, attempt=attempt, step=step, progress=progress, now=self._clock(), outcome=outcome
            )

        return self._published(self._change(job_id, change))

    def beat(self, job_id: Id, *, attempt: int) -> None:
        found = self._dynamodb.get_item(
            TableName=self._table,
            Key=_key(job_id),
            ConsistentRead=True,
            ProjectionExpression="#status, attempt",
            ExpressionAttributeNames={"#status": "status"},
        )
        if "Item" not in found:
            raise NotFound("There is no such job.")
        read = table.from_wire(found["Item"])
        transitions.still_wanted(JobStatus(read["status"]), int(read["attempt"]), attempt=attempt)
        now = self._clock()
        self._dynamodb.update_item(
            TableName=self._table,
            Key=_beat_key(job_id),
            UpdateExpression=f"SET alive_at = :now, {table.TTL_ATTRIBUTE} = :until",
            ExpressionAttributeValues={
                ":now": {"S": table.instant(now)},
                ":until": {"N": str(int((now + KEEP_BEATS).timestamp()))},
            },
        )

    def publish(self, job_id: Id) -> None:
        job = self.get(job_id)
        if job is not None and job.unsent:
            self._send(job)

    def end_notified(self, job_id: Id, *, attempt: int) -> None:
        job = self.get(job_id)
        if job is not None:
            job = self._published(job)
        try:
            self._change(job_id, lambda job: transitions.end_notified(job, attempt=attempt), known=job)
        except Conflict:
            return

    def stale(self, *, before: datetime, limit: int) -> Sequence[Job]:
        found: list[Job] = []
        for shard in table.ACTIVE_SHARDS:
            pages = self._dynamodb.get_paginator("query").paginate(
                TableName=self._table,
                IndexName=table.GSI2,
                KeyConditionExpression="gsi2pk = :shard AND gsi2sk < :before",
                ExpressionAttributeValues={":shard": {"S": shard}, ":before": {"S": table.instant(before)}},
                PaginationConfig={"MaxItems": limit},
            )
            found += [_job(item) for page in pages for item in page["Items"]]
        silent = sorted(found, key=lambda job: job.updated_at)[:limit]
        running = [job.job_id for job in silent if job.status is JobStatus.RUNNING]
        beats = map(table.from_wire, self._read_many(map(_beat_key, running)))
        alive = {_job_id_in(beat["pk"]) for beat in beats if beat["alive_at"] >= table.instant(before)}
        return [job for job in silent if job.unsent or job.job_id not in alive]

    def _published(self, job: Job) -> Job:
        """Hand unsent changes to the feed. Returns the job then; unchanged when that fails: they are sent later."""
        if not job.unsent:
            return job
        try:
            return self._send(job)
        except Exception:
            log.exception("changes of a job were not sent", extra={"job_id": job.job_id, "revision": job.revision})
            return job

    def _send(self, job: Job) -> Job:
        if self._feed is None:
            raise TransientError("There is no feed here for the changes of jobs.")
        self._feed.send(job.unsent)
        return self._change(job.job_id, lambda now: transitions.sent(now, up_to=job.revision), known=job)

    def _change(self, job_id: Id, change: Callable[[Job], Job], *, known: Job | None = None) -> Job:
        """Apply a change to the record as it is when it is written. Raises what the change raises, or ``NotFound``.

        ``known``: the record as it was read or written a moment ago.
        """
        old = known or self.get(job_id)
        for _ in range(_TRIES):
            if old is None:
                raise NotFound("There is no such job.")
            new = change(old)
            if new is old:
                return old
            winner = self._replace(old, new)
            if winner is None:
                return new
            old = winner
        raise TransientError("The job's record is too busy.")

    def _replace(self, old: Job, new: Job) -> Job | None:
        """None when ``new`` is written; otherwise what is there instead of ``old``."""
        # Records from before there were versions have none.
        unchanged = "version = :version OR (attribute_exists(pk) AND attribute_not_exists(version))"
        read = {":version": {"N": str(old.version)}}
        put = self._put(self._item(new), only_if=unchanged, values=read)
        claim = self._move_claim(old, new)
        if claim is None:
            try:
                self._dynamodb.put_item(**put["Put"])
            except self._dynamodb.exceptions.ConditionalCheckFailedException as lost:
                item: Any = lost.response.get("Item")
                return _job(item) if item else self._existing(old.job_id)
            return None
        reasons = self._transact([put, claim])
        if reasons is None:
            return None
        if reasons[0].get("Code") == _CONDITION:
            return _job(reasons[0]["Item"]) if "Item" in reasons[0] else self._existing(old.job_id)
        if reasons[1].get("Code") == _CONDITION:
            holder = self._holding(new.natural_key, reasons[1])
            if holder is None:
                return self._replace(old, new)
            raise Conflict("The same job is under way already.", detail={"job_id": holder.job_id})
        return self._existing(old.job_id)

    def _holding(self, natural_key: str | None, refused: Mapping[str, Any]) -> Job | None:
        """The job under way that made a claim fail. None where there is none: then the claim is free afterwards.

        Claims come and go with their jobs in one transaction, so one that is left over is of a job that has just ended,
        or whose record was lost, as by restoring a table in part. It would be in the way for good.
        """
        job_id = table.from_wire(refused["Item"])["job_id"]
        job = self.get(job_id)
        if job is not None and not job.status.terminal:
            return job
        if job is None:
            log.warning("a claim without a job was taken away", extra={"job_id": job_id})
        with suppress(self._dynamodb.exceptions.ConditionalCheckFailedException):
            self._dynamodb.delete_item(
                TableName=self._table,
                Key=table.key(f"natural#{natural_key}", "natural"),
                ConditionExpression="job_id = :job_id",
                ExpressionAttributeValues={":job_id": {"S": job_id}},
            )
        return None

    def _move_claim(self, old: Job, new: Job) -> dict[str, Any] | None:
        """A job holds its natural key exactly while it is not at an end."""
        if new.natural_key is None or old.status.terminal == new.status.terminal:
            return None
        if not new.status.terminal:
            return self._claim(new)
        return {
            "Delete": {
                "TableName": self._table,
                "Key": table.key(f"natural#{new.natural_key}", "natural"),
                "ConditionExpression": "attribute_not_exists(pk) OR job_id = :job_id",
                "ExpressionAttributeValues": {":job_id": {"S": new.job_id}},
            }
        }

    def _claim(self, job: Job) -> dict[str, Any]:
        item = {"pk": f"natural#{job.natural_key}", "sk": "natural", "job_id": job.job_id}
        mine = {":job_id": {"S": job.job_id}}
        return self._put(item, only_if="attribute_not_exists(pk) OR job_id = :job_id", values=mine)

    def _put(
        self, item: table.Item, *, only_if: str | None = None, values: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        put: dict[str, Any] = {"TableName": self._table, "Item": table.to_wire(item)}
        if only_if is not None:
            put |= {"ConditionExpression": only_if, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
        if values is not None:
            put["ExpressionAttributeValues"] = values
        return {"Put": put}

    def _transact(self, actions: Sequence[dict[str, Any]]) -> Reasons | None:
        """None when all was written; otherwise one reason per action. Anything but a failed condition is raised."""
        try:
            self._dynamodb.transact_write_items(TransactItems=cast(Any, actions))
        except self._dynamodb.exceptions.TransactionCanceledException as canceled:
            reasons: Any = canceled.response["CancellationReasons"]
            codes = {reason.get("Code") for reason in reasons}
            if codes <= {"None", None, _CONDITION, "TransactionConflict"}:
                return cast(Reasons, reasons)
            raise TransientError(
                f"DynamoDB canceled a transaction ({', '.join(sorted(map(str, codes)))})."
            ) from canceled
        return None

    def _item(self, job: Job) -> table.Item:
        cared_for = transitions.needs_care(job)
        ended = job.status.terminal and not cared_for
        return {
            "pk": f"job#{job.job_id}",
            "sk": "job",
            "gsi1pk": table.owner_partition(job.owner_id, "job"),
            "gsi1sk": job.job_id,
            "gsi2pk": table.active_shard(job.job_id) if cared_for else None,
            "gsi2sk": table.instant(job.updated_at) if cared_for else None,
            "status": job.status.value,
            "attempt": job.attempt,
            "version": job.version,
            "body": job.model_dump_json(exclude_none=True),
            table.TTL_ATTRIBUTE: int((job.updated_at + KEEP_ENDED).timestamp()) if ended else None,
        }

    def _existing(self, job_id: Id) -> Job:
        job = self.get(job_id)
        if job is None:
            raise NotFound("There is no such job.")
        return job


_CONDITION = "ConditionalCheckFailed"


def _key(job_id: Id) -> dict[str, Any]:
    return table.key(f"job#{job_id}", "job")


def _beat_key(job_id: Id) -> dict[str, Any]:
    return table.key(f"job#{job_id}", "beat")


def _job_id_in(pk: str) -> Id:
    return pk.removeprefix("job#")


def _edge(dependency: Dependency, job: Job) -> table.Item:
    return {
        "pk": f"{dependency.kind}#{dependency.id}",
        "sk": f"dep#{job.job_id}",
        "job_id": job.job_id,
        table.TTL_ATTRIBUTE: int((job.created_at + KEEP_EDGES).timestamp()),
    }


def _job(item: dict[str, Any]) -> Job:
    return Job.model_validate_json(item["body"]["S"])
