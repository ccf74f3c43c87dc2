"""``make bench-usage``: what one track, one match of five minutes and one film use of AWS, for the cost model.

Each (``ONLY="match"``: that one) is made twice on a throwaway embedded cloud and the second one is counted: seconds of
each function and task (nothing else should run), requests by service, state transitions, bytes stored, sent and
fetched. Prints the table that ``soundstage.cli.costs.measured`` keeps. Nothing is asked more often than a patient
client would.
"""

import json
import re
import secrets
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from infra.local import emulator, services
from infra.local.aws import client
from infra.local.client import Studio
from infra.local.demo import STORY
from infra.local.instance import Instance
from infra.local.service import Service
from infra.local.settings import InstanceSettings
from tests.bench.load import _settings
from tests.fixtures.hums import TUNES, render_hum
from tests.fixtures.pairs import make_pair

from soundstage.audio.io import Audio, write_wav

MATCH_S = 300.0
LOOK_S = 2.0
QUIET_S = 6.0
"""After a job its changes are still told to listeners."""
STORY_WORDS = 300
REPORT = re.compile(r"REPORT RequestId.*?Duration: ([\d.]+) ms.*?Memory Size: (\d+) MB")
ENDED = ("succeeded", "failed", "canceled")


def counted_cloud(settings: InstanceSettings) -> Service:
    known = services.cloud(settings)
    return replace(known, command=[sys.executable, "-m", "tests.bench.counted_cloud"])


class Books:
    """What was used so far, of all services of an instance."""

    def __init__(self, settings: InstanceSettings, bucket: str) -> None:
        self._settings = settings
        self._bucket = bucket

    def look(self) -> dict[str, float]:
        found: dict[str, float] = defaultdict(float)
        with urllib.request.urlopen(f"{self._settings.endpoint_url}/_counted") as answer:  # noqa: S310
            found |= json.load(answer)
        logs = client("logs", self._settings)
        for page in logs.get_paginator("describe_log_groups").paginate():
            for group in page["logGroups"]:
                for event in logs.filter_log_events(logGroupName=group["logGroupName"])["events"]:
                    found["log bytes"] += len(event["message"])
                    if match := REPORT.search(event["message"]):
                        name = group["logGroupName"].removeprefix("/aws/lambda/soundstage-local-")
                        found[f"function {name} s"] += float(match[1]) / 1000
                        found[f"function {name} calls"] += 1
        for line in (self._settings.logs / "worker.log").read_text().splitlines():
            if '"TaskDuration"' in line:
                metric = json.loads(line)
                found[f"task {metric['task']} s"] += sum(metric["TaskDuration"]) / 1000
                found[f"task {metric['task']} calls"] += 1
        states = client("stepfunctions", self._settings)
        for machine in states.list_state_machines()["stateMachines"]:
            for page in states.get_paginator("list_executions").paginate(stateMachineArn=machine["stateMachineArn"]):
                for execution in page["executions"]:
                    pages = states.get_paginator("get_execution_history")
                    for events in pages.paginate(executionArn=execution["executionArn"]):
                        found["transitions"] += sum("StateEntered" in event["type"] for event in events["events"])
        for page in client("s3", self._settings).get_paginator("list_objects_v2").paginate(Bucket=self._bucket):
            for item in page.get("Contents", []):
                found[f"stored {item['Key'].partition('/')[0]}"] += item["Size"]
        return dict(found)


def hum(folder: Path) -> Path:
    audio, _ = render_hum(TUNES[1], tonic=55, tempo_bpm=100, room="small", snr_db=40, seed=1)
    write_wav(folder / "hum.wav", audio, subtype="PCM_16")
    return folder / "hum.wav"


def recordings(folder: Path) -> list[Path]:
    pair = make_pair("eq_gain_width", 1, seconds=30.0)
    paths = [folder / "reference.wav", folder / "target.wav"]
    for path, audio in zip(paths, (pair.reference, pair.target), strict=True):
        repeats = round(MATCH_S * audio.rate_hz / audio.frames)
        write_wav(path, Audio(np.tile(audio.samples, (repeats, 1)), audio.rate_hz), subtype="PCM_24")
    return paths


def story() -> str:
    words = (STORY + " ").split() * 20
    return " ".join(words[:STORY_WORDS])


def uploaded(studio: Studio, path: Path) -> str:
    upload = studio.announce_upload(path)
    studio.send_file(upload, path)
    asset_id = str(upload["asset"]["asset_id"])
    while studio.get(f"/v1/assets/{asset_id}")["status"] not in ("ready", "rejected"):
        time.sleep(LOOK_S)
    return asset_id


def ended(studio: Studio, job: dict[str, Any]) -> dict[str, Any]:
    while job["status"] not in ENDED:
        time.sleep(LOOK_S)
        job = studio.get(f"/v1/jobs/{job['job_id']}")
    if job["status"] != "succeeded":
        raise SystemExit(f"{job['kind']} {job['status']}: {job['error']}")
    return job


def fetched(urls: list[str]) -> None:
    for url in urls:
        with urllib.request.urlopen(url) as answer:  # noqa: S310
            answer.read()


def upload_alone(studio: Studio, folder: Path) -> None:
    uploaded(studio, hum(folder))


def track(studio: Studio, folder: Path) -> None:
    made = studio.create_track(title="Usage")
    ended(studio, studio.generate(made["track_id"], uploaded(studio, hum(folder))))
    found = studio.get(f"/v1/tracks/{made['track_id']}")
    best = next(variant for variant in found["variants"] if variant["recommended"])
    fetched([variant["preview_url"] for variant in found["variants"]] + [best["audio_url"], found["cover_preview_url"]])


def match(studio: Studio, folder: Path) -> None:
    reference, target = (uploaded(studio, path) for path in recordings(folder))
    job = ended(studio, studio.match(title="Usage", target_asset_id=target, references=[{"asset_id": reference}]))
    found = studio.get(f"/v1/matches/{job['subject_id']}")
    sounds = found["files"]["sounds"]  # what its page plays, before somebody saves the file
    heard = [sounds["before_url"], sounds["after_url"], *sounds["reference_urls"]]
    fetched([*heard, found["files"]["viz_url"], found["files"]["audio_url"]])


def film(studio: Studio, _: Path) -> None:
    project = studio.post("/v1/projects", {"title": f"Lamp {secrets.token_hex(2)}", "story": story()})
    job = ended(studio, studio.post("/v1/films", {"project_id": project["project_id"], "quality": "preview"}))
    found = studio.get(f"/v1/films/{job['subject_id']}")
    fetched([found["files"]["film_url"], found["files"]["poster_url"]])
    print(f"  the film lasts {found['duration_s']:.0f} s")  # noqa: T201


KINDS: dict[str, Callable[[Studio, Path], None]] = {
    "upload": upload_alone,
    "track": track,
    "match": match,
    "film": film,
}


def main() -> None:
    emulator.CLOUDS["ministack"] = counted_cloud
    with tempfile.TemporaryDirectory() as home:
        settings = _settings(Path(home)).model_copy(update={"worker_concurrency": 1})
        with Instance(settings, say=lambda _: None) as instance, Studio(settings.url) as studio:
            studio.register(f"usage-{secrets.token_hex(6)}@example.org", secrets.token_urlsafe(16))
            books = Books(settings, instance.outputs["Bucket"])
            for kind in sys.argv[1:] or KINDS:
                make = KINDS[kind]
                make(studio, Path(home))  # starts functions and workers
                time.sleep(QUIET_S)
                before = books.look()
                began = time.monotonic()
                make(studio, Path(home))
                took_s = time.monotonic() - began
                time.sleep(QUIET_S)
                after = books.look()
                print(f"{kind}: {took_s:.1f} s")  # noqa: T201
                for name in sorted(after):
                    if used := round(after[name] - before.get(name, 0), 3):
                        print(f"  {name:40} {used}")  # noqa: T201


if __name__ == "__main__":
    main()
