"""What operators do to a stage. Whatever changes something is in the audit log, with who asked for it."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import singledispatchmethod
from typing import Any

from soundstage.jobs.ports import AssetStore
from soundstage.jobs.service import Ingest, Jobs
from soundstage.models.administration import (
    Action,
    BlockUser,
    CancelJob,
    DeadLetterQueues,
    ListDeadLetters,
    ListStuckJobs,
    ReplayDeadLetters,
    RescueJob,
    ShowUser,
    UnblockUser,
)
from soundstage.models.errors import InvalidInput, NotFound
from soundstage.models.jobs import Job, JobStatus
from soundstage.platform.aws import event_targets
from soundstage.platform.aws.job_store import DynamoJobs
from soundstage.platform.aws.queues import Queue, Received
from soundstage.platform.catalog import accounts, audit
from soundstage.platform.catalog.database import Catalog
from soundstage.platform.catalog.tables import User
from soundstage.platform.log_ins import LogIns
from soundstage.platform.quotas import Month, Quotas
from soundstage.platform.redaction import redacted

MOST_LETTERS = 200
"""Of a queue that are looked through at once."""
HELD_S = 30
"""So long others do not get a letter that is being looked at."""
MOST_STUCK = 500


class Administration:
    def __init__(
        self,
        *,
        catalog: Catalog,
        jobs: Jobs,
        job_store: DynamoJobs,
        assets: AssetStore,
        log_ins: LogIns,
        quotas: Quotas,
        queues: Mapping[str, DeadLetterQueues],
        ingest: Ingest,
        clock: Callable[[], datetime],
    ) -> None:
        self._catalog = catalog
        self._jobs = jobs
        self._job_store = job_store
        self._assets = assets
        self._log_ins = log_ins
        self._quotas = quotas
        self._queues = queues
        self._ingest = ingest
        self._clock = clock

    @singledispatchmethod
    def act(self, action: Action) -> dict[str, Any]:
        """Returns JSON. Raises NotFound, InvalidInput and Conflict."""
        raise TypeError(action)

    @act.register
    def _(self, action: ListDeadLetters) -> dict[str, Any]:
        names = [action.queue] if action.queue else sorted(self._queues)
        return {"letters": [letter for name in names for letter in self._letters(name)]}

    def _letters(self, name: str) -> list[dict[str, Any]]:
        with _held(Queue(self._queue(name).dead)) as letters:
            return [_shown(name, letter) for letter in letters]

    @act.register
    def _(self, action: ReplayDeadLetters) -> dict[str, Any]:
        known = self._queue(action.queue)
        dead = Queue(known.dead)
        replayed: list[str] = []
        try:
            with _held(dead) as letters:
                for letter in [each for each in letters if action.ids is None or each.message_id in action.ids]:
                    self._send_on(known, letter)  # first: twice is better than never
                    dead.delete(letter)
                    replayed.append(letter.message_id)
        finally:  # also of those before one whose target is not mended yet
            if replayed:
                self._note(action, target=action.queue, payload={"letters": replayed})
        return {"replayed": replayed, "missing": sorted(set(action.ids or ()) - set(replayed))}

    def _send_on(self, known: DeadLetterQueues, letter: Received) -> None:
        if known.source is not None:
            Queue(known.source).send(letter.body)
        else:
            queues = [each.source for each in self._queues.values() if each.source is not None]
            target = letter.attributes.get("TARGET_ARN", "")
            event_targets.give(letter.body, to=target, name=letter.message_id, queue_urls=queues)

    @act.register
    def _(self, action: ListStuckJobs) -> dict[str, Any]:
        before = self._clock() - timedelta(seconds=action.for_s)
        # Those that are blocked wait for somebody's upload, mostly.
        jobs = self._job_store.stale(before=before, limit=MOST_STUCK)
        ordered = sorted(jobs, key=lambda job: (job.status is JobStatus.BLOCKED, job.updated_at))
        assets = self._assets.stale(before=before, limit=MOST_STUCK)
        return {
            "jobs": [_job(job) for job in ordered],
            "uploads": [
                {
                    "asset_id": asset.asset_id,
                    "owner_id": asset.owner_id,
                    "claims": claims,
                    "since": _at(asset.updated_at),
                }
                for asset, claims in assets
            ],
        }

    @act.register
    def _(self, action: RescueJob) -> dict[str, Any]:
        job = self._jobs.look_after(action.job_id, now=self._clock(), ingest=self._ingest)
        self._note(action, target=action.job_id)
        return {"job": _job(job)}

    @act.register
    def _(self, action: CancelJob) -> dict[str, Any]:
        job = self._jobs.cancel(action.job_id)
        self._note(action, target=action.job_id)
        return {"job": _job(job)}

    @act.register
    def _(self, action: ShowUser) -> dict[str, Any]:
        user = self._user(action.who)
        used = self._quotas.usage(user.id, Month.named(action.month) if action.month else None)
        return {
            "user": _user(user),
            "month": used.month.name,
            "minutes": round(used.minutes, 2),
            "media_s": used.media_s,
            "provider_usd": round(used.provider_usd, 4),
            "worker_s": used.worked.worker_s,
            "gpu_s": used.worked.gpu_s,
            "storage_bytes": used.storage_bytes,
            "jobs_at_once": used.jobs_at_once,
            "plan": {"name": used.plan_name, **used.plan.model_dump()},
            "log_ins": len(self._log_ins.active(user.id)),
        }

    @act.register
    def _(self, action: BlockUser) -> dict[str, Any]:
        """No log-in, token, key or share of it is good from now on; jobs under way come to their end."""
        user = self._set_blocked(action, self._clock(), {"reason": action.reason})
        self._log_ins.end_all(user.id)
        return {"user": _user(user)}

    @act.register
    def _(self, action: UnblockUser) -> dict[str, Any]:
        return {"user": _user(self._set_blocked(action, None, {}))}

    def _set_blocked(self, action: BlockUser | UnblockUser, at: datetime | None, said: dict[str, Any]) -> User:
        user_id = self._user(action.who).id
        with self._catalog.transaction() as session:
            user = accounts.find(session, user_id, lock=True)
            if user is None:
                raise NotFound("This account was deleted.")
            if (user.blocked_at is None) != (at is None):
                user.blocked_at = at
                name = "account.blocked" if at else "account.unblocked"
                audit.record(
                    session, user_id=user_id, action=name, now=self._clock(), payload={"by": action.by, **said}
                )
            return user

    def _user(self, who: str) -> User:
        with self._catalog.transaction() as session:
            user = accounts.find_by_either(session, who)
        if user is None:
            raise NotFound("There is no account of this address or id.")
        return user

    def _queue(self, name: str) -> DeadLetterQueues:
        if name not in self._queues:
            raise InvalidInput(f"There is no such queue; these have dead letters: {', '.join(sorted(self._queues))}.")
        return self._queues[name]

    def _note(self, action: Action, *, target: str, payload: Mapping[str, Any] = {}) -> None:
        name = f"admin.{action.action.replace(' ', '.').replace('-', '_')}"
        with self._catalog.transaction() as session:
            said = {"by": action.by, **payload}
            audit.record(session, user_id=None, action=name, target=target, now=self._clock(), payload=said)


@contextmanager
def _held(queue: Queue) -> Iterator[list[Received]]:
    """What lies in a queue, kept from others meanwhile; what is not deleted is there again afterwards."""
    letters: dict[str, Received] = {}
    try:
        while len(letters) < MOST_LETTERS and (more := queue.receive(limit=10, lock_s=HELD_S, wait_s=0)):
            letters |= {letter.message_id: letter for letter in more}
        yield list(letters.values())
    finally:
        for letter in letters.values():
            queue.keep(letter, lock_s=0)


def _shown(queue: str, letter: Received) -> dict[str, Any]:
    try:
        body = redacted(json.loads(letter.body))
    except ValueError:
        body = redacted(letter.body)
    shown = {"queue": queue, "id": letter.message_id, "deliveries": letter.deliveries, "body": body}
    told = {"target": "TARGET_ARN", "error": "ERROR_MESSAGE", "error_code": "ERROR_CODE"}  # as EventBridge names them
    return shown | {name: letter.attributes[theirs] for name, theirs in told.items() if theirs in letter.attributes}


def _job(job: Job) -> dict[str, Any]:
    return {
        "job_id": job.job_id,
        "kind": job.kind,
        "owner_id": job.owner_id,
        "status": job.status,
        "step": job.step,
        "attempt": job.attempt,
        "progress": job.progress,
        "since": _at(job.updated_at),
        "error": job.error.model_dump(exclude_none=True) if job.error else None,
    }


def _user(user: User) -> dict[str, Any]:
    moments = {"created_at": user.created_at, "blocked_at": user.blocked_at, "deleted_at": user.deleted_at}
    return {"id": user.id, "email": user.email, **{name: at and _at(at) for name, at in moments.items()}}


def _at(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
