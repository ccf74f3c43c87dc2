"""Push, as functions have it: made when first asked for, kept as long as the process lives."""

from functools import cache

from soundstage.platform.aws.change_feed import JobFeed
from soundstage.platform.aws.connections import Connections
from soundstage.platform.aws.event_log import EventLog
from soundstage.platform.aws.job_store import DynamoJobs
from soundstage.platform.aws.sockets import Sockets
from soundstage.platform.aws.traffic import Traffic
from soundstage.platform.push.reading import Reading
from soundstage.platform.push.service import Push
from soundstage.platform.settings import PushSettings


@cache
def settings() -> PushSettings:
    return PushSettings()


@cache
def push() -> Push:
    known = settings()
    jobs = DynamoJobs(known.table, feed=JobFeed(known.table, known.stage))
    reading = Reading(jobs, EventLog(known.table), Traffic(known.table))
    return Push(Connections(known.table), reading, Sockets(known.push_endpoint_url))
