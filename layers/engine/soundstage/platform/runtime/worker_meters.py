"""What a worker counts of itself, for Prometheus and as a share for CloudWatch."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Metric, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

Depth = Callable[[], tuple[int, int] | None]
"""How many tasks of the queue wait and how many are in work; None where it does not say."""


class WorkerMeters(Collector):
    """Of one worker. All times are of ``clock``, in seconds, and may be asked for from any thread."""

    def __init__(self, slots: int, *, depth: Depth, clock: Callable[[], float] = time.monotonic) -> None:
        self._slots = slots
        self._depth = depth
        self._clock = clock
        self._lock = threading.Lock()
        self._at_work: dict[int, tuple[str, float]] = {}
        self._tasks: dict[tuple[str, str], int] = defaultdict(int)
        self._task_s: dict[str, float] = defaultdict(float)
        self._gpu_s = 0.0
        self._shared_at = clock()
        self._busy_then_s = 0.0

    @contextmanager
    def task(self, name: str) -> Iterator[Callable[[str], None]]:
        """Around a task; call what it gives with the outcome. Without a call it is ``lost``."""
        outcome = "lost"

        def ended(word: str) -> None:
            nonlocal outcome
            outcome = word

        me = threading.get_ident()
        with self._lock:
            self._at_work[me] = (name, self._clock())
        try:
            yield ended
        finally:
            with self._lock:
                _, began = self._at_work.pop(me)
                self._tasks[name, outcome] += 1
                self._task_s[name] += self._clock() - began

    def used_gpu(self, seconds: float) -> None:
        with self._lock:
            self._gpu_s += seconds

    def busy_share(self) -> float:
        """Of the slots' time since it was asked for last: 0 idle, 1 at work throughout."""
        with self._lock:
            now, busy_s = self._clock(), sum(self._spent_s().values())
            whole_s = self._slots * (now - self._shared_at)
            share = (busy_s - self._busy_then_s) / whole_s if whole_s > 0 else 0.0
            self._shared_at, self._busy_then_s = now, busy_s
        return share

    def collect(self) -> Iterator[Metric]:
        with self._lock:
            spent_s, ended, busy, gpu_s = self._spent_s(), dict(self._tasks), len(self._at_work), self._gpu_s
        yield GaugeMetricFamily("soundstage_worker_slots", "Tasks that run at once at most.", value=self._slots)
        yield GaugeMetricFamily("soundstage_worker_busy_slots", "Tasks that run now.", value=busy)
        yield CounterMetricFamily("soundstage_gpu_seconds", "Time that models had the GPU.", value=gpu_s)
        queue = GaugeMetricFamily("soundstage_queue_tasks", "About how many the queue has.", labels=["state"])
        for state, count in zip(("waiting", "in_work"), self._depth() or (), strict=False):
            queue.add_metric([state], count)
        yield queue
        tasks = CounterMetricFamily("soundstage_tasks", "Deliveries that are over.", labels=["task", "outcome"])
        for labels, count in ended.items():
            tasks.add_metric(labels, count)
        yield tasks
        seconds = CounterMetricFamily("soundstage_task_seconds", "Time spent, running ones too.", labels=["task"])
        for task, spent in spent_s.items():
            seconds.add_metric([task], spent)
        yield seconds

    @contextmanager
    def served(self, host: str, port: int) -> Iterator[int]:
        """Prometheus finds them at ``/metrics`` meanwhile. Port 0 takes a free one; yields which."""
        registry = CollectorRegistry(auto_describe=False)
        registry.register(self)
        server, thread = start_http_server(port, host, registry)
        try:
            yield server.server_port
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    def _spent_s(self) -> dict[str, float]:
        now, spent_s = self._clock(), dict(self._task_s)
        for name, began in self._at_work.values():
            spent_s[name] = spent_s.get(name, 0.0) + now - began
        return spent_s
