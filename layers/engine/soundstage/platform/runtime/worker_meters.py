"""What a worker counts of itself, as a page for Prometheus (text format 0.0.4) and as a share for CloudWatch."""

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

log = logging.getLogger(__name__)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class WorkerMeters:
    """Of one worker. All times are of ``clock``, in seconds, and may be asked for from any thread.

    ``gpu``: whether a task has a GPU to itself, so that its seconds are the GPU's, too.
    """

    def __init__(self, slots: int, *, gpu: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._slots = slots
        self._gpu = gpu
        self._clock = clock
        self._lock = threading.Lock()
        self._at_work: dict[int, tuple[str, float]] = {}
        self._tasks: dict[tuple[str, str], int] = defaultdict(int)
        self._task_s: dict[str, float] = defaultdict(float)
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

    def busy_share(self) -> float:
        """Of the slots' time since it was asked for last: 0 idle, 1 at work throughout."""
        with self._lock:
            now, busy_s = self._clock(), sum(self._spent_s().values())
            whole_s = self._slots * (now - self._shared_at)
            share = (busy_s - self._busy_then_s) / whole_s if whole_s > 0 else 0.0
            self._shared_at, self._busy_then_s = now, busy_s
        return share

    def page(self, *, waiting: int | None, in_work: int | None) -> str:
        """``waiting`` and ``in_work``: messages of the queue; None where it did not say."""
        with self._lock:
            spent_s, ended, busy = self._spent_s(), dict(self._tasks), len(self._at_work)
        lines = _metric("soundstage_worker_slots", "gauge", "Tasks that run at once at most.", {"": self._slots})
        lines += _metric("soundstage_worker_busy_slots", "gauge", "Tasks that run now.", {"": busy})
        known = {"waiting": waiting, "in_work": in_work}
        depth = {_labels(state=state): count for state, count in known.items() if count is not None}
        lines += _metric("soundstage_queue_tasks", "gauge", "About how many tasks the pool's queue has.", depth)
        counts = {_labels(task=task, outcome=outcome): count for (task, outcome), count in ended.items()}
        lines += _metric("soundstage_tasks_total", "counter", "Deliveries of tasks that are over.", counts)
        seconds = {_labels(task=task): spent for task, spent in spent_s.items()}
        lines += _metric("soundstage_task_seconds_total", "counter", "Time spent on tasks, running ones too.", seconds)
        gpu = {"": sum(spent_s.values()) if self._gpu else 0.0}
        lines += _metric("soundstage_gpu_seconds_total", "counter", "Time that tasks had the GPU.", gpu)
        return "\n".join(lines) + "\n"

    def _spent_s(self) -> dict[str, float]:
        now, spent_s = self._clock(), dict(self._task_s)
        for name, began in self._at_work.values():
            spent_s[name] = spent_s.get(name, 0.0) + now - began
        return spent_s


def _labels(**labels: str) -> str:
    return "{" + ",".join(f'{name}="{value}"' for name, value in labels.items()) + "}"


def _metric(name: str, kind: str, words: str, values: dict[str, int] | dict[str, float]) -> list[str]:
    head = [f"# HELP {name} {words}", f"# TYPE {name} {kind}"]
    return [*head, *(f"{name}{labels} {value:g}" for labels, value in sorted(values.items()))]


@contextmanager
def served(page: Callable[[], str], host: str, port: int) -> Iterator[int]:
    """Answers ``GET /metrics`` with ``page()`` meanwhile. Port 0 takes a free one; yields which."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.partition("?")[0] != "/metrics":
                self.send_error(404)
                return
            body = page().encode()
            self.send_response(200)
            self.send_header("Content-Type", CONTENT_TYPE)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """A scrape every few seconds is no news."""

    with ThreadingHTTPServer((host, port), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()
