"""``make chaos MINUTES=20``: parts of the embedded cloud are killed in turn while people upload and order songs.

A throwaway instance is run as ``make up`` runs it. Every so often a part gets SIGKILL: a function's process, the
worker, the gateway, the database, the emulator; the instance starts it again.
What was promised (answered with 2xx) is written down. At the end nothing is killed any more, and everything has
``PATIENCE_S``.

Then: each job that there is has ended; each track has songs, or says why not; each upload is decided; no execution
runs; no message is left in a queue or among dead letters; and, once the instance has stopped, no process and no folder
of it. Exit status 1 where anything is lost or does not end.
"""

import argparse
import itertools
import json
import os
import random
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import psutil
from infra.local.aws import client
from infra.local.client import Studio, Unreachable
from infra.local.run_file import RunFile
from infra.local.settings import ROOT, InstanceSettings
from tests.fixtures.embedded import free_port
from tests.fixtures.hums import TUNES, render_hum

from soundstage.audio.io import write_wav
from soundstage.client import Refused

PARTS = ("function", "worker", "gateway", "database", "emulator")
SERVICES = {"worker": "worker", "gateway": "gateway", "database": "database", "emulator": "cloud"}
AT_ONCE = 6
"""Tracks under way; two more uploads come with each."""
READY_S = 180.0
PATIENCE_S = 480.0
"""Longer than the rescuer, who comes every minute, needs to find what nobody works on."""
JOB_ENDS, TRACK_ENDS, ASSET_ENDS = ("succeeded", "failed", "canceled"), ("ready", "failed"), ("ready", "rejected")
SONG = {"duration_s": 15.0}
TROUBLES = (Unreachable, Refused, httpx.HTTPError, OSError)


@dataclass
class Promised:
    """What was answered with 2xx, by id: when, in seconds of ``time.monotonic``."""

    uploads: dict[str, float] = field(default_factory=dict)
    jobs: dict[str, float] = field(default_factory=dict)
    tracks: dict[str, float] = field(default_factory=dict)


class Cloud:
    """An instance as ``make up`` runs it, started again when it has ended."""

    def __init__(self, folder: Path) -> None:
        self.settings = InstanceSettings(
            instance="chaos", port=free_port(), cloud_port=free_port(), data_dir=folder / "cloud", lock_s=10
        )
        self._log = (folder / "up.log").open("ab")
        self._process: subprocess.Popen[bytes] | None = None
        self.starts = 0

    def ready(self) -> None:
        """Start it unless it runs, and wait until it answers. Raises ``SystemExit`` where it does not."""
        deadline = time.monotonic() + READY_S
        while not self._answers():
            if self._process is None or self._process.poll() is not None:
                self._start()
            if time.monotonic() > deadline:
                raise SystemExit(f"the instance does not come back: {self._log.name}")
            time.sleep(0.5)

    def kill(self, part: str) -> bool:
        """SIGKILL to the part itself, as the out-of-memory killer would. False where it was not there."""
        found = RunFile.read(self.settings.run_file)
        groups = {group.name: group.pid for group in found.services} if found else {}
        with suppress(KeyError, ProcessLookupError, psutil.Error, IndexError):
            if part == "function":
                children = psutil.Process(groups["cloud"]).children(recursive=True)
                os.kill(random.choice(children).pid, signal.SIGKILL)  # noqa: S311
            else:
                os.kill(groups[SERVICES[part]], signal.SIGKILL)
            return True
        return False

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(timeout=READY_S)

    def _start(self) -> None:
        settings = self.settings
        environment = {
            **os.environ,
            "SOUNDSTAGE_INSTANCE": settings.instance,
            "SOUNDSTAGE_PORT": str(settings.port),
            "SOUNDSTAGE_CLOUD_PORT": str(settings.cloud_port),
            "SOUNDSTAGE_DATA_DIR": str(settings.home),
            "SOUNDSTAGE_LOCK_S": str(settings.lock_s),
        }
        command = [sys.executable, "-m", "infra.local", "up"]
        self._process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=self._log, stderr=self._log)  # noqa: S603
        self.starts += 1

    def _answers(self) -> bool:
        with suppress(httpx.HTTPError):
            return httpx.get(f"{self.settings.url}/health", timeout=5).is_success
        return False


class People(threading.Thread):
    """Keep ``AT_ONCE`` tracks under way, and bring uploads beside them."""

    def __init__(self, cloud: Cloud, hum: Path) -> None:
        super().__init__(daemon=True)
        self._cloud = cloud
        self._hum = hum
        self._credentials = (f"{secrets.token_hex(8)}@example.org", secrets.token_urlsafe(16))
        self._stopped = threading.Event()
        self.promised = Promised()
        self.troubles = 0
        self._studio: Studio | None = None

    def run(self) -> None:
        under_way: set[str] = set()
        for number in itertools.count():
            if self._stopped.wait(0.5):
                return
            try:
                with self.studio() as studio:
                    under_way = {each for each in under_way if not _ended(studio, "jobs", each, JOB_ENDS)}
                    if len(under_way) < AT_ONCE:
                        self._upload(studio)
                        under_way.add(self._order(studio, self._upload(studio), number))
            except TROUBLES:
                self.troubles += 1

    def stop(self) -> None:
        self._stopped.set()
        self.join()

    @contextmanager
    def studio(self) -> Iterator[Studio]:
        """As a page that stays open: logged in once, and anew where that does not hold any more."""
        if self._studio is None:
            self._studio = self._logged_in()
        try:
            yield self._studio
        except Refused as refused:
            if refused.status == 401:  # the emulator has forgotten who it is
                self._studio.close()
                self._studio = None
            raise

    def _logged_in(self) -> Studio:
        url = self._cloud.settings.url
        credentials = dict(zip(("email", "password"), self._credentials, strict=True))
        answer = httpx.post(f"{url}/v1/auth/login", json=credentials, timeout=30)
        if answer.status_code not in (200, 401):
            raise Unreachable(f"log-in: {answer.status_code}")
        studio = Studio(url)
        if answer.is_success:
            studio.log_in_with(answer.json())
        else:  # nobody has come yet
            studio.register(*self._credentials)
        return studio

    def _upload(self, studio: Studio) -> str:
        announced = studio.announce_upload(self._hum)
        studio.send_file(announced, self._hum)
        asset_id = str(announced["asset"]["asset_id"])
        self.promised.uploads[asset_id] = time.monotonic()
        return asset_id

    def _order(self, studio: Studio, asset_id: str, number: int) -> str:
        track = studio.create_track(title=f"Tune {number}")
        job = studio.generate(track["track_id"], asset_id, **SONG, seed=number)
        self.promised.tracks[track["track_id"]] = self.promised.jobs[job["job_id"]] = time.monotonic()
        return str(job["job_id"])


def _ended(studio: Studio, collection: str, id_: str, ends: tuple[str, ...]) -> bool:
    return _status(studio, collection, id_) in (*ends, "forgotten")


def _status(studio: Studio, collection: str, id_: str) -> str:
    try:
        return str(studio.get(f"/v1/{collection}/{id_}")["status"])
    except Refused as refused:
        if refused.status == 404:
            return "forgotten"
        raise


def _settled(people: People) -> dict[str, Counter[str]]:
    """How everything promised stands once it has ended, or after ``PATIENCE_S``."""
    deadline = time.monotonic() + PATIENCE_S
    promised = people.promised
    wanted = {
        "jobs": (promised.jobs, JOB_ENDS),
        "tracks": (promised.tracks, TRACK_ENDS),
        "assets": (promised.uploads, ASSET_ENDS),
    }
    while True:
        found: dict[str, Counter[str]] = {}
        open_ = 0
        try:
            with people.studio() as studio:
                for collection, (ids, ends) in wanted.items():
                    statuses = Counter(_status(studio, collection, each) for each in ids)
                    found[collection] = statuses
                    open_ += sum(count for status, count in statuses.items() if status not in (*ends, "forgotten"))
        except TROUBLES:  # of the last kill
            if time.monotonic() > deadline:
                raise
        else:
            if not open_ or time.monotonic() > deadline:
                return found
        time.sleep(5)


def _failures(people: People) -> dict[str, int]:
    """Of jobs that failed, by code, step and kind of exception."""
    codes: Counter[str] = Counter()
    with people.studio() as studio:
        for job_id in people.promised.jobs:
            with suppress(Refused):
                job = studio.get(f"/v1/jobs/{job_id}")
                if job["status"] == "failed":
                    error = job["error"]
                    kind = (error.get("detail") or {}).get("error", "")
                    codes[" ".join(filter(None, (error["code"], error.get("step"), kind)))] += 1
    return dict(codes)


def _left_in_the_end(settings: InstanceSettings) -> dict[str, int]:
    """What is left once nothing is under way any more, or after ``PATIENCE_S``: changes are told a while longer."""
    deadline = time.monotonic() + PATIENCE_S
    while (left := _left_in_the_cloud(settings)) and time.monotonic() < deadline:
        if all(name.endswith("-dead") for name in left):
            break
        time.sleep(5)
    return left


def _left_in_the_cloud(settings: InstanceSettings) -> dict[str, int]:
    """Executions that run, and messages in queues, dead letters included."""
    states, queues = client("stepfunctions", settings), client("sqs", settings)
    left: Counter[str] = Counter()
    for machine in states.list_state_machines()["stateMachines"]:
        running = states.list_executions(stateMachineArn=machine["stateMachineArn"], statusFilter="RUNNING")
        left["executions"] += len(running["executions"])
    for url in queues.list_queues().get("QueueUrls", []):
        name = url.rpartition("/")[2]
        found = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        left[name] += int(found["ApproximateNumberOfMessages"])
        # Somebody has it, or had it when the emulator wrote down the state with which it came back.
        left[f"{name}, taken"] += int(found["ApproximateNumberOfMessagesNotVisible"])
    return {name: count for name, count in left.items() if count}


def _left_on_the_machine(home: Path) -> list[str]:
    """Processes that name the instance's folder, and its temporary folders."""
    found = [str(path) for path in (home / "tmp", home / "run.json") if path.exists()]
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.pid != os.getpid() and (
                str(home) in " ".join(process.cmdline()) or process.environ().get("SOUNDSTAGE_DATA_DIR") == str(home)
            ):
                found.append(f"{process.pid} {' '.join(process.cmdline())[:80]}")
    return found


def run(folder: Path, *, minutes: float, parts: tuple[str, ...], every_s: float) -> dict[str, Any]:
    hum = folder / "hum.wav"
    audio, _ = render_hum(TUNES[0], tonic=55, tempo_bpm=110, max_duration_s=10.0, seed=3)
    write_wav(hum, audio, subtype="PCM_16")
    cloud = Cloud(folder)
    killed: Counter[str] = Counter()
    try:
        cloud.ready()
        people = People(cloud, hum)
        people.start()
        deadline = time.monotonic() + 60 * minutes
        for part in itertools.cycle(parts):
            time.sleep(every_s)
            if time.monotonic() > deadline:
                break
            if cloud.kill(part):
                killed[part] += 1
                print(f"{time.strftime('%H:%M:%S')} killed: {part}", flush=True)  # noqa: T201
            cloud.ready()
        people.stop()
        settled = _settled(people)
        codes = _failures(people)
        in_the_cloud = _left_in_the_end(cloud.settings)
    finally:
        cloud.stop()
    return {
        "minutes": minutes,
        "killed": dict(killed),
        "starts": cloud.starts,
        "troubles_of_people": people.troubles,
        **{name: dict(statuses) for name, statuses in settled.items()},
        "failures": codes,
        "left_in_the_cloud": in_the_cloud,
        "left_on_the_machine": _left_on_the_machine(cloud.settings.home),
        "load_average": [round(load, 1) for load in os.getloadavg()],
    }


def faults(found: dict[str, Any]) -> list[str]:
    said = []
    for name, ends in (("jobs", JOB_ENDS), ("tracks", TRACK_ENDS), ("assets", ASSET_ENDS)):
        not_ended = {status: n for status, n in found[name].items() if status not in (*ends, "forgotten")}
        said += [f"{name} that did not end: {not_ended}"] if not_ended else []
        if found[name].get("forgotten"):
            said.append(f"{found[name]['forgotten']} {name} are lost")
        if not found[name]:
            said.append(f"there were no {name}")
    said += [f"left in the cloud: {found['left_in_the_cloud']}"] if found["left_in_the_cloud"] else []
    said += [f"left on the machine: {found['left_on_the_machine']}"] if found["left_on_the_machine"] else []
    return said


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--every-s", type=float, default=20, help="between two kills")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the instance is stopped
    with TemporaryDirectory() as folder:
        found = run(Path(folder), minutes=arguments.minutes, parts=tuple(arguments.parts), every_s=arguments.every_s)
        print(json.dumps(found, indent=1))  # noqa: T201
        said = faults(found)
        if said or found["failures"]:
            kept = ROOT / "build" / "chaos-logs"
            subprocess.run(["cp", "-rT", Path(folder) / "cloud" / "logs", kept], check=False)  # noqa: S603, S607
            print(f"logs: {kept}")  # noqa: T201
        if said:
            sys.exit("\n".join(said))
    print("nothing lost, everything ended, nothing left")  # noqa: T201


if __name__ == "__main__":
    main()
