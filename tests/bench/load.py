"""``make bench-load``: the embedded cloud under many uploads and tracks at once, against the bars of the laptop.

Measured are the memory of all its processes (PSS: what they share counts once), what polling clients feel meanwhile,
when the last upload is ready and the last track made, what got lost, and the CPU seconds that all of it took.

``--released 1000``: so many jobs wait for as many uploads, which then come at once. The hums are silent, so that each
goes through ingest, release, its state machine and its end, and no song is made.
"""

import argparse
import json
import os
import secrets
import statistics
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import psutil
from infra.local.client import Studio, Unreachable
from infra.local.instance import Instance
from infra.local.settings import InstanceSettings
from tests.fixtures.embedded import free_port
from tests.fixtures.hums import TUNES, render_hum

from soundstage.audio.io import Audio, write_wav
from soundstage.client import Refused, connect

CLIENTS = 16  # that send uploads at the same time
POLLERS = 4
POLL_EVERY_S = 0.1
PATIENCE_S = 1800.0
MEMORY_BAR_GB, POLL_BAR_MS, READY_BAR_S = 3.0, 200.0, 60.0
ENDED = ("succeeded", "failed", "canceled")
SONG = {"duration_s": 15.0, "seed": 1}


class Meter(threading.Thread):
    """Samples all processes below this one, once a second."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak_gb = self.now_gb = 0.0
        self.at_peak: dict[str, tuple[int, float]] = {}
        self._cpu_s: dict[tuple[int, float], tuple[str, float]] = {}
        self._stopped = threading.Event()

    def run(self) -> None:
        while not self._stopped.wait(1.0):
            self._sample()

    def stop(self) -> None:
        self._stopped.set()
        self.join()
        self._sample()

    def cpu_s(self) -> dict[str, float]:
        found: dict[str, float] = defaultdict(float)
        for name, spent_s in self._cpu_s.values():
            found[name] += spent_s
        return dict(found)

    def _sample(self) -> None:
        memory: dict[str, list[float]] = defaultdict(list)
        for process in psutil.Process().children(recursive=True):
            try:
                name = _name(process)
                times = process.cpu_times()
                memory[name].append(_pss_gb(process.pid))
                self._cpu_s[process.pid, process.create_time()] = (name, times.user + times.system)
            except (psutil.Error, OSError):
                continue
        self.now_gb = total = sum(sum(sizes) for sizes in memory.values())
        if total > self.peak_gb:
            self.peak_gb = total
            self.at_peak = {name: (len(sizes), round(sum(sizes), 2)) for name, sizes in memory.items()}


def _name(process: psutil.Process) -> str:
    command = " ".join(process.cmdline())
    known = {
        "infra.local.cloud": "cloud",
        "infra.local.function_host": "functions",
        "awslambdaric": "functions",
        "infra.local.gateway": "gateway",
        "postgres": "database",
        "worker.py": "worker",
        "held_worker.py": "worker",
    }
    return next((name for part, name in known.items() if part in command), "worker" if "spawn" in command else "other")


def _pss_gb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 2**20
    return 0.0


class Load:
    """Somebody who brings ``uploads`` files and orders ``tracks`` of one more, all at once."""

    def __init__(self, url: str, hum: Path) -> None:
        self._url = url
        self._hum = hum
        self._studio = self._sign_up()
        self.polls_ms: list[float] = []
        self.refused = 0
        self._over = threading.Event()

    def _sign_up(self) -> Studio:
        studio = Studio(self._url)
        studio.register(f"{secrets.token_hex(8)}@example.org", secrets.token_urlsafe(16))
        return studio

    def run(self, *, uploads: int, tracks: int) -> dict[str, Any]:
        hum_id = self._upload(0)
        self._wait([hum_id], lambda each: self._asset(each) in ("ready", "rejected"))
        pollers = [threading.Thread(target=self._poll, daemon=True) for _ in range(POLLERS)]
        for poller in pollers:
            poller.start()
        began = time.monotonic()
        with ThreadPoolExecutor(CLIENTS) as clients:
            ordered = [clients.submit(self._order, hum_id, number) for number in range(tracks)]
            sent = [clients.submit(self._upload, number) for number in range(uploads)]
            assets = [each.result() for each in sent]
            sent_s = time.monotonic() - began
            jobs = [each.result() for each in ordered]
        statuses = self._wait(assets, lambda each: self._asset(each) in ("ready", "rejected"))
        ready_s = time.monotonic() - began
        ends = self._wait(jobs, lambda each: self._job(each) in ENDED)
        ended_s = time.monotonic() - began
        self._over.set()
        for poller in pollers:
            poller.join()
        return {
            "uploads": uploads,
            "tracks": tracks,
            "sent_s": round(sent_s, 1),
            "ready_s": round(ready_s, 1),
            "ended_s": round(ended_s, 1),
            "lost_uploads": uploads - sum(self._asset(each) == "ready" for each in assets),
            "lost_tracks": tracks - sum(self._job(each) == "succeeded" for each in jobs),
            "undecided": len(statuses) + len(ends),
            "polls": len(self.polls_ms),
            "poll_p50_ms": _quantile(self.polls_ms, 0.5),
            "poll_p95_ms": _quantile(self.polls_ms, 0.95),
            "poll_p99_ms": _quantile(self.polls_ms, 0.99),
            "refused": self.refused,
        }

    def release(self, count: int, memory_gb: Callable[[], float]) -> dict[str, Any]:
        with ThreadPoolExecutor(CLIENTS) as clients:
            waiting = list(clients.map(self._wait_for_upload, range(count)))
        before_gb, began = memory_gb(), time.monotonic()
        with ThreadPoolExecutor(CLIENTS) as clients:
            list(clients.map(lambda each: self._studio.send_file(each[1], self._hum), waiting))
        jobs = [job_id for job_id, _ in waiting]
        sent_s = time.monotonic() - began
        half = self._wait(jobs[: count // 2], lambda each: self._job(each) in ENDED)
        half_gb = memory_gb()
        rest = self._wait(jobs[count // 2 :], lambda each: self._job(each) in ENDED)
        ends = Counter(self._job(each) for each in jobs)
        return {
            "released": count,
            "sent_s": round(sent_s, 1),
            "ended_s": round(time.monotonic() - began, 1),
            "ends": dict(ends),
            "undecided": len(half) + len(rest),
            "pss_before_half_after_gb": [round(each, 2) for each in (before_gb, half_gb, memory_gb())],
        }

    def _wait_for_upload(self, number: int) -> tuple[str, dict[str, Any]]:
        announced = self._studio.announce_upload(self._hum)
        return self._order(str(announced["asset"]["asset_id"]), number), announced

    def _upload(self, _number: int) -> str:
        announced = self._studio.announce_upload(self._hum)
        self._studio.send_file(announced, self._hum)
        return str(announced["asset"]["asset_id"])

    def _order(self, hum_id: str, number: int) -> str:
        track = self._studio.create_track(title=f"Tune {number}")
        return str(self._studio.generate(track["track_id"], hum_id, **{**SONG, "seed": number})["job_id"])

    def _asset(self, asset_id: str) -> str:
        return str(self._studio.get(f"/v1/assets/{asset_id}")["status"])

    def _job(self, job_id: str) -> str:
        return str(self._studio.get(f"/v1/jobs/{job_id}")["status"])

    def _wait(self, ids: list[str], decided: Any) -> list[str]:
        """Until all are decided; those that are not after ``PATIENCE_S``."""
        left, deadline = list(ids), time.monotonic() + PATIENCE_S
        while left and time.monotonic() < deadline:
            while left and decided(left[0]):
                left.pop(0)
            time.sleep(0.2)
        return left

    def _poll(self) -> None:
        """As a client that looks after its jobs would, but more often."""
        with Studio(self._url) as studio:
            studio.client = connect(self._url, self._studio.tokens["access_token"])
            while not self._over.wait(POLL_EVERY_S):
                began = time.perf_counter()
                try:
                    studio.get("/v1/jobs?limit=1")
                except (Refused, Unreachable):
                    self.refused += 1
                self.polls_ms.append((time.perf_counter() - began) * 1000)


def _quantile(values: list[float], part: float) -> float:
    return round(statistics.quantiles(values, n=100)[round(part * 100) - 1], 1) if len(values) > 1 else 0.0


def _settings(folder: Path) -> InstanceSettings:
    """A laptop's, in a folder that goes away."""
    return InstanceSettings(instance="load", port=free_port(), cloud_port=free_port(), data_dir=folder / "cloud")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uploads", type=int, default=200)
    parser.add_argument("--tracks", type=int, default=50)
    parser.add_argument("--released", type=int, help="jobs that wait for their uploads, instead of both")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    meter = Meter()
    with TemporaryDirectory() as folder, Instance(_settings(Path(folder)), say=lambda _: None) as instance:
        hum = Path(folder) / "hum.wav"
        audio, _ = render_hum(TUNES[0], tonic=55, tempo_bpm=110, max_duration_s=10.0, seed=3)
        if arguments.released:
            audio = Audio(np.zeros_like(audio.samples), audio.rate_hz)
        write_wav(hum, audio, subtype="PCM_16")
        meter.start()
        load = Load(instance.settings.url, hum)
        if arguments.released:
            found = load.release(arguments.released, lambda: meter.now_gb)
        else:
            found = load.run(uploads=arguments.uploads, tracks=arguments.tracks)
        meter.stop()
    found |= {
        "peak_pss_gb": round(meter.peak_gb, 2),
        "at_peak": meter.at_peak,
        "cpu_s": {name: round(spent_s, 1) for name, spent_s in sorted(meter.cpu_s().items())},
        "load_average": [round(load, 1) for load in os.getloadavg()],
        "cores": os.cpu_count(),
    }
    if arguments.json:
        print(json.dumps(found))  # noqa: T201
        return
    if arguments.released:
        print("\n".join(f"{name:<24} {value}" for name, value in found.items()))  # noqa: T201
        return
    for name, value in found.items():
        print(f"{name:<14} {value}")  # noqa: T201
    bars = (
        ("memory", found["peak_pss_gb"] <= MEMORY_BAR_GB, f"{found['peak_pss_gb']} of {MEMORY_BAR_GB} GB"),
        ("polls", found["poll_p95_ms"] <= POLL_BAR_MS, f"p95 {found['poll_p95_ms']} of {POLL_BAR_MS} ms"),
        ("nothing lost", not (found["lost_uploads"] or found["lost_tracks"] or found["undecided"]), ""),
    )
    for name, met, words in bars:
        print(f"{'met ' if met else 'MISSED'} {name} {words}")  # noqa: T201


if __name__ == "__main__":
    main()
