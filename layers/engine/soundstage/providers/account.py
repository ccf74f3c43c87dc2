"""Buying for a film: each thing once, however many jobs want it, and all of it within one budget."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from soundstage.providers.errors import Failed
from soundstage.providers.paid_submission import Budget, Clock, Limits, PaidSubmission
from soundstage.providers.protocol import Provider
from soundstage.providers.submission_record import SubmissionStore

Request = TypeVar("Request")

MOST_TRIES = 20
"""Of one thing by different jobs, each of which was refused it for nothing."""


@dataclass(frozen=True)
class Bought:
    """``usd``: as it was estimated."""

    result: Path
    usd: float


@dataclass(frozen=True)
class Account:
    """Who pays, and what was paid for already.

    Attributes:
        submissions: name → record; the names are those of requests, the same for every job.
        asked_by: the job that buys now. What another job was refused for nothing may be asked for again, once by each.
        max_usd: for one request.
    """

    submissions: Callable[[str], SubmissionStore]
    budget: Budget
    asked_by: str
    max_usd: float
    clock: Clock = field(default_factory=Clock)

    def buy(self, provider: Provider[Request], request: Request, folder: Path, *, patience_s: float) -> Bought:
        """The result as it came, in ``folder``. Raises ProviderError where there will be none."""
        fingerprint = provider.fingerprint(request)
        for number in range(1, MOST_TRIES + 1):
            name = f"{fingerprint[:40]}-{number}"
            store = self.submissions(name)
            record = store.read()
            over = record is not None and record.phase == "gave_up" and record.unbilled
            if record is None or not over or record.asked_by == self.asked_by:
                limits = Limits(self.max_usd, patience_s)
                submission = PaidSubmission(
                    provider, request, store, folder, name, limits, self.clock, self.budget, self.asked_by
                )
                result = submission.result()
                paid = store.read()
                return Bought(result, paid.usd if paid else 0.0)
        raise Failed("It was refused too often.")
