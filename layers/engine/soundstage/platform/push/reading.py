"""What a subscription is told next. Server-sent events and both kinds of WebSockets read the log of events this way."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from soundstage.models.ids import Id
from soundstage.models.push import Ended, Message, Subscription, Told, Unheard
from soundstage.platform.aws.event_log import EventLog, Numbered
from soundstage.platform.aws.job_store import DynamoJobs
from soundstage.platform.aws.traffic import Traffic
from soundstage.platform.security import ACCESS_TOKEN_LIFE, Principal

LOOK_WELL_S = 3.0
"""Whoever looks again and again looks well so often."""
SUBSCRIPTION_LIFE_S = ACCESS_TOKEN_LIFE.total_seconds()
"""Then it needs a token that is good then. Marks of log-ins and keys that were ended are kept as long."""


def subscription(principal: Principal, job_id: Id | None, sent: int, now: float) -> Subscription:
    pass_id = principal.session_id or principal.key_id
    assert pass_id is not None  # noqa: S101  (whoever is known came by one of them)
    return Subscription(principal.user_id, pass_id, job_id, sent, now + SUBSCRIPTION_LIFE_S)


@dataclass(frozen=True, slots=True)
class Next:
    """``sent``: the number of the last event among ``messages``. ``over``: the last message ends the subscription."""

    messages: Sequence[Message]
    sent: int
    over: bool = False


class Reading:
    def __init__(
        self, jobs: DynamoJobs, log: EventLog, traffic: Traffic, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._jobs = jobs
        self._log = log
        self._traffic = traffic
        self._clock = clock

    def of_job(self, job_id: Id, after: int, *, well: bool = True) -> tuple[Sequence[Numbered], bool]:
        """Its events after a number, and whether there will be no more.

        ``well`` False, for those who look again soon: only the log is read. It misses what whoever made a change could
        not tell any more, and of an end that was told before that it is one.
        """
        if not well:
            found = self._log.of_job(job_id, after=after)
            if not (found and found[-1].event.job.status.terminal):
                return found, False
        job = self._jobs.get(job_id)  # first, so that its log has all that this record says
        if job is not None and job.unsent:  # whoever changed it is about to send it, or has died
            with suppress(Exception):
                self._jobs.publish(job_id)
        ended = job is None or (job.status.terminal and not job.unsent)
        return self._log.of_job(job_id, after=after), ended

    def of_owner(self, owner_id: Id, after: int, *, well: bool = True) -> tuple[Sequence[Numbered], bool]:
        """As :meth:`of_job`; there is always more to come."""
        del well
        return self._log.of_owner(owner_id, after=after), False

    def newest(self, owner_id: Id) -> int:
        """The number of the last event of this person."""
        return self._log.newest(owner_id)

    def next(self, subscription: Subscription, *, well: bool = True) -> Next:
        """``well``: also whether the subscription is good still, and as for :meth:`of_job`."""
        if well and not self._is_good(subscription):
            refusal = Unheard(code="UNAUTHENTICATED", message="Subscribe again, with a token that is good now.")
            return Next([refusal], subscription.sent, over=True)
        if subscription.job_id is None:
            found, ended = self.of_owner(subscription.owner_id, subscription.sent)
        else:
            found, ended = self.of_job(subscription.job_id, subscription.sent, well=well)
        messages: list[Message] = [Told(id=str(one.number), event=one.event) for one in found]
        return Next(messages + [Ended()] * ended, found[-1].number if found else subscription.sent, over=ended)

    def _is_good(self, subscription: Subscription) -> bool:
        if self._clock() > subscription.good_until:
            return False
        return subscription.pass_id not in self._traffic.ended(subscription.owner_id)
