"""Submitting to a provider at most once, whatever dies when.

The record is written before the request leaves (``sending``), when the reference is known (``sent``), when the result
is safely ours (``fetched``), or when we have given up. Whoever finds ``sending`` cannot know whether the request left:
it may have been billed, and is not sent again. One job thus pays at most once for each thing that it asks for.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from soundstage.media.files import sha256_of
from soundstage.providers.errors import (
    Ambiguous,
    BudgetExceeded,
    Expired,
    Failed,
    NotSent,
    ProviderError,
    Refused,
    Unreachable,
    Unsupported,
)
from soundstage.providers.protocol import Fetched, Provider, Reference
from soundstage.providers.submission_record import SubmissionRecord, SubmissionStore

log = logging.getLogger(__name__)

Request = TypeVar("Request")
Answer = TypeVar("Answer")
Trouble = TypeVar("Trouble", bound=ProviderError)

SUBMIT_TRIES = 3
FETCH_TRIES = 4
FIRST_POLL_S, LONGEST_POLL_S = 2.0, 10.0


@dataclass(frozen=True)
class Limits:
    """``max_usd``: what is estimated to cost more is not sent. ``patience_s``: how long it may take to be made."""

    max_usd: float
    patience_s: float


@dataclass(frozen=True)
class Clock:
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class Budget(Protocol):
    """What may be spent together with others, over jobs and machines."""

    def reserve(self, name: str, usd: float) -> None:
        """Count it as spent, once under this name. Raises BudgetExceeded where there is not so much left."""

    def release(self, name: str) -> None:
        """It was certainly not billed."""


class NoBudget:
    """Each request has its own limit, and nothing else."""

    def reserve(self, name: str, usd: float) -> None:
        pass

    def release(self, name: str) -> None:
        pass


@dataclass(frozen=True)
class PaidSubmission(Generic[Request]):
    """One request to one provider, from the estimate to the result.

    Attributes:
        idempotency_key: for providers that know what to do with one; nothing here relies on it. Also the name under
            which the cost is counted in ``budget``.
        asked_by: the job, for the record.
    """

    provider: Provider[Request]
    request: Request
    store: SubmissionStore
    folder: Path
    idempotency_key: str
    limits: Limits
    clock: Clock = Clock()
    budget: Budget = field(default_factory=NoBudget)
    asked_by: str = ""

    def result(self) -> Path:
        """The file as it came, in ``folder``. Raises ``ProviderError`` when there will be none."""
        self.folder.mkdir(parents=True, exist_ok=True)
        record, ours = self.store.read(), False
        if record is None:
            record, ours = self._claimed()
        if (record.provider, record.fingerprint) != (self.provider.name, self.provider.fingerprint(self.request)):
            raise Refused("This job has asked for another version of this before, and asks only once.")
        if record.phase == "gave_up":
            raise Failed(record.note or "It did not work the first time.")
        if record.phase == "sending" and not (ours or self.provider.repeatable):
            # Whoever wrote this may still be at work, so the record stays as it is.
            raise Ambiguous("We cannot tell whether the request was sent, and do not pay twice.")
        try:
            if record.phase == "sending":
                record = self._sent(record)
            if record.phase == "sent":
                fetched = self._fetched(record)
                self._kept(record, fetched)
                return fetched.result
            return self._brought(record)
        except ProviderError as trouble:
            # The next one who comes this way shall not wait and fail all over again.
            nothing_sent = record.phase == "sending" and isinstance(trouble, NotSent | Refused | Unsupported)
            unbilled = self.provider.repeatable or nothing_sent
            gave_up = {"phase": "gave_up", "note": trouble.message, "unbilled": unbilled}
            self.store.write(record.model_copy(update=gave_up))
            if unbilled:
                self.budget.release(self.idempotency_key)
            raise

    def _claimed(self) -> tuple[SubmissionRecord, bool]:
        """The record, and whether it is ours to send: after a look at the price, and before anything leaves."""
        estimate = self.provider.estimate(self.request)
        if estimate.usd > self.limits.max_usd:
            raise BudgetExceeded(f"It would have cost about ${estimate.usd:.2f}, which is more than is allowed here.")
        if estimate.seconds > self.limits.patience_s:
            raise Refused(f"It would have taken about {estimate.seconds:.0f} s, which is longer than we wait.")
        record = SubmissionRecord(
            provider=self.provider.name,
            fingerprint=self.provider.fingerprint(self.request),
            idempotency_key=self.idempotency_key,
            usd=round(estimate.usd, 6),
            asked_by=self.asked_by,
        )
        # Counted first: who dies before the claim has counted it, and whoever comes next counts it only once.
        self.budget.reserve(self.idempotency_key, estimate.usd)
        if self.store.claim(record):
            return record, True
        there = self.store.read()
        assert there is not None  # noqa: S101  (it was in our way a moment ago, and nobody deletes it)
        return there, False

    def _sent(self, record: SubmissionRecord) -> SubmissionRecord:
        """Sent, and what they answered written down; a result that came along is kept before that."""
        submitted = self._retried(
            lambda: self.provider.submit(self.request, record.idempotency_key, self.folder),
            NotSent,
            tries=SUBMIT_TRIES,
            wait_s=lambda trouble: trouble.retry_after_s,
        )
        log.info("a provider has taken a request", extra={"provider": record.provider, "usd": record.usd})
        record = record.model_copy(update={"phase": "sent", "reference": submitted.reference})
        if submitted.result is not None:
            return self._kept(record, Fetched(submitted.result, sha256_of(submitted.result)))
        self.store.write(record)
        return record

    def _fetched(self, record: SubmissionRecord) -> Fetched:
        reference = record.reference
        assert reference is not None  # noqa: S101  (what was sent has one)
        self._wait_for(reference)
        return self._retried(
            lambda: self.provider.fetch(reference, self.request, self.folder), Unreachable, tries=FETCH_TRIES
        )

    def _wait_for(self, reference: Reference) -> None:
        """Until it is done, or until our patience is at its end: then it is canceled, where that can be."""
        deadline = self.clock.now() + self.limits.patience_s
        pause, trouble = FIRST_POLL_S, None
        while True:
            try:
                if self.provider.poll(reference) == "done":
                    return
                trouble = None
            except Unreachable as error:
                trouble = error
            if self.clock.now() + pause > deadline:
                break
            self.clock.sleep(pause)
            pause = min(1.5 * pause, LONGEST_POLL_S)
        try:
            self.provider.cancel(reference)
        except ProviderError as error:
            log.info("it could not be canceled", extra={"code": error.code})
        raise trouble or Expired("It was not made in time.")

    def _retried(
        self,
        call: Callable[[], Answer],
        trouble: type[Trouble],
        *,
        tries: int,
        wait_s: Callable[[Trouble], float | None] = lambda _: None,
    ) -> Answer:
        """Again after ``trouble``, when they say (``wait_s``), or else after 2, 4, 8 … s."""
        for failures in range(1, tries):
            try:
                return call()
            except trouble as error:
                self.clock.sleep(wait_s(error) or 2.0**failures)
        return call()

    def _kept(self, record: SubmissionRecord, fetched: Fetched) -> SubmissionRecord:
        key = self.store.keep(fetched.result)
        record = record.model_copy(update={"phase": "fetched", "result": key, "sha256": fetched.sha256})
        self.store.write(record)
        return record

    def _brought(self, record: SubmissionRecord) -> Path:
        assert record.result is not None  # noqa: S101  (what was fetched was kept)
        path = self.store.bring(record.result, self.folder / f"{record.provider}.result")
        if sha256_of(path) != record.sha256:
            raise Failed("What came back is damaged.")
        return path
