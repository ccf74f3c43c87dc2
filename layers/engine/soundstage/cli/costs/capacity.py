"""How many jobs at once a stage bears: a simulation of its queues, limits and of how workers come and go.

Discrete events; service times are those that were measured, so many seconds each, and arrivals are Poisson or even. A
station has so many servers; a pool of workers has as many as were started, by the very rule that ``workers/wake``
follows once a minute, and loses those that were idle for long.
"""

import heapq
import random
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from soundstage.platform.aws.pools import workers_missing


@dataclass(frozen=True)
class Step:
    """``times`` such at once (segments of a match); the next step begins when all are done."""

    station: str
    seconds: float
    times: int = 1


@dataclass(frozen=True)
class Workers:
    """As a stage has them. ``start_s``: from the submission of a job to Batch to its first task. ``warm``: of them,
    how many never leave.
    """

    most: int
    slots: int
    start_s: float = 60.0
    look_every_s: float = 60.0
    idle_exit_s: float = 120.0
    warm: int = 0


@dataclass
class Seen:
    """Of one station: time integrals over its queue and its servers at work, and what waiting took."""

    waits_s: list[float] = field(default_factory=list)
    queued_s: float = 0.0
    busy_s: float = 0.0
    most_queued: int = 0
    most_busy: int = 0
    done: int = 0


@dataclass(frozen=True)
class Outcome:
    arrived: int
    ended: int
    last_s: float
    """When the last job ended, from the first arrival's clock."""
    sojourns_s: tuple[float, ...]
    in_system_s: float
    """Time integral of the number of jobs that are under way."""
    stations: Mapping[str, Seen]
    worker_s: float
    """Seconds that workers ran, start and idling included."""
    most_workers: int


class _Station:
    def __init__(self, servers: int) -> None:
        self.servers = servers
        self.busy = 0
        self.queue: deque[tuple[float, float, Callable[[], None]]] = deque()
        self.seen = Seen()


class Simulation:
    """``limits``: station → servers; the station ``workers`` is the pool's."""

    def __init__(self, limits: Mapping[str, int], workers: Workers) -> None:
        self._now = 0.0
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0
        self._stations = {name: _Station(servers) for name, servers in limits.items()}
        self._stations["workers"] = _Station(workers.warm * workers.slots)
        self._workers = workers
        self._alive = self._most = workers.warm
        self._starting = 0
        self._idle_since: list[float] = []
        self._worker_s = self._in_system_s = 0.0
        self._under_way = self._arrived = 0
        self._sojourns: list[float] = []
        self._last = 0.0

    def run(self, arrivals: Sequence[tuple[float, Sequence[Step]]]) -> Outcome:
        """``arrivals``: when each job comes, and its steps. Until all of them have ended and workers have left."""
        for at, steps in arrivals:
            self._at(at, self._arrive(tuple(steps)))
        self._at(0.0, self._look)
        while self._events:
            at, _, event = heapq.heappop(self._events)
            self._pass(at)
            event()
        return Outcome(
            arrived=self._arrived,
            ended=len(self._sojourns),
            last_s=self._last,
            sojourns_s=tuple(self._sojourns),
            in_system_s=self._in_system_s,
            stations={name: station.seen for name, station in self._stations.items()},
            worker_s=self._worker_s,
            most_workers=self._most,
        )

    def _at(self, when: float, event: Callable[[], None]) -> None:
        self._count += 1  # two at the same time go in the order that they were thought of
        heapq.heappush(self._events, (when, self._count, event))

    def _pass(self, now: float) -> None:
        spent = now - self._now
        self._now = now
        self._in_system_s += spent * self._under_way
        self._worker_s += spent * (self._alive + self._starting)
        for station in self._stations.values():
            station.seen.queued_s += spent * len(station.queue)
            station.seen.busy_s += spent * station.busy

    def _arrive(self, steps: tuple[Step, ...]) -> Callable[[], None]:
        def arrive() -> None:
            self._arrived += 1
            self._under_way += 1
            self._next(steps, self._now)

        return arrive

    def _next(self, steps: tuple[Step, ...], began: float) -> None:
        if not steps:
            self._under_way -= 1
            self._sojourns.append(self._now - began)
            self._last = self._now
            return
        step, rest = steps[0], steps[1:]
        left = step.times

        def done() -> None:
            nonlocal left
            left -= 1
            if not left:
                self._next(rest, began)

        station = self._stations[step.station]
        for _ in range(step.times):
            station.queue.append((self._now, step.seconds, done))
        self._serve(station)

    def _serve(self, station: _Station) -> None:
        seen = station.seen
        while station.queue and station.busy < station.servers:
            since, seconds, done = station.queue.popleft()
            seen.waits_s.append(self._now - since)
            station.busy += 1
            seen.most_busy = max(seen.most_busy, station.busy)
            self._at(self._now + seconds, self._finish(station, done))
        seen.most_queued = max(seen.most_queued, len(station.queue))

    def _finish(self, station: _Station, done: Callable[[], None]) -> Callable[[], None]:
        def finish() -> None:
            station.busy -= 1
            station.seen.done += 1
            done()
            self._serve(station)

        return finish

    def _look(self) -> None:
        """What ``workers/wake`` does, and what idle workers do."""
        pool, workers = self._stations["workers"], self._workers
        missing = workers_missing(
            waiting=len(pool.queue),
            in_work=pool.busy,
            alive=self._alive + self._starting,
            concurrency=workers.slots,
            most=workers.most,
        )
        self._starting += missing
        for _ in range(missing):
            self._at(self._now + workers.start_s, self._started)
        self._leave()
        self._most = max(self._most, self._alive + self._starting)
        if self._under_way or self._alive > workers.warm or self._starting or self._events:
            self._at(self._now + workers.look_every_s, self._look)

    def _started(self) -> None:
        self._starting -= 1
        self._alive += 1
        pool = self._stations["workers"]
        pool.servers += self._workers.slots
        self._serve(pool)

    def _leave(self) -> None:
        """Tasks are taken by whoever asks first, so that all have some; here they are with as few as can be."""
        pool, slots = self._stations["workers"], self._workers.slots
        idle = self._alive - max(-(-pool.busy // slots), self._workers.warm)
        self._idle_since = self._idle_since[:idle] + [self._now] * (idle - len(self._idle_since))
        gone = sum(self._now - since >= self._workers.idle_exit_s for since in self._idle_since)
        self._idle_since = self._idle_since[gone:]
        self._alive -= gone
        pool.servers -= gone * slots


def even(count: int, within_s: float) -> list[float]:
    return [within_s * number / count for number in range(count)]


def poisson(count: int, within_s: float, *, seed: int) -> list[float]:
    """``count`` arrivals at random in ``within_s``."""
    source = random.Random(seed)  # noqa: S311
    return sorted(source.uniform(0, within_s) for _ in range(count))


def summary(outcome: Outcome) -> dict[str, Any]:
    """For people and JSON; quantiles of the time that a job took, in seconds."""
    ordered = sorted(outcome.sojourns_s)

    def quantile(part: float) -> float:
        return round(ordered[min(int(part * len(ordered)), len(ordered) - 1)], 1) if ordered else 0.0

    return {
        "jobs": outcome.arrived,
        "ended": outcome.ended,
        "last_ended_s": round(outcome.last_s, 1),
        "p50_s": quantile(0.5),
        "p95_s": quantile(0.95),
        "worst_s": quantile(1.0),
        "most_workers": outcome.most_workers,
        "worker_hours": round(outcome.worker_s / 3600, 2),
        "stations": {
            name: {
                "most_at_once": seen.most_busy,
                "most_waiting": seen.most_queued,
                "longest_wait_s": round(max(seen.waits_s, default=0.0), 1),
                "busy_s": round(seen.busy_s, 1),
            }
            for name, seen in outcome.stations.items()
            if seen.done
        },
    }
