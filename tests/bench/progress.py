"""Whether progress is proportional to time: ``python -m tests.bench.progress [ROUNDS]`` beside ``make up``.

Each product makes one job a round, a look every tenth of a second. Printed are the seconds of each step, how far the
percentage was from the share of the time that had passed, and the longest time that it stood still. Nothing else should
run. The first round starts the functions as well: its times are to be left out.
"""

import secrets
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from infra.local.client import Studio
from infra.local.demo import STORY
from infra.local.settings import InstanceSettings
from tests.fixtures.hums import TUNES, render_hum
from tests.fixtures.pairs import make_pair

from soundstage.audio.io import Audio, write_wav

LOOK_S = 0.1
SONG_S = 180.0
ENDED = ("succeeded", "failed", "canceled")
Look = tuple[float, int, str]
"""Seconds since the job began, percent, step."""


def watched(studio: Studio, job_id: str) -> list[Look]:
    looks: list[Look] = []
    began = 0.0
    while True:
        job = studio.get(f"/v1/jobs/{job_id}")
        if job["status"] not in ("blocked", "queued"):
            began = began or time.monotonic()
            looks.append((time.monotonic() - began, job["progress"], job["step"] or ""))
        if job["status"] in ENDED:
            if job["status"] != "succeeded":
                raise SystemExit(f"{job['kind']} {job['status']}: {job['error']}")
            return looks
        time.sleep(LOOK_S)


def report(kind: str, looks: list[Look]) -> None:
    whole = looks[-1][0]
    off = [percent - 100 * s / whole for s, percent, _ in looks]
    moves = [0.0, *(s for (_, before, _), (s, after, _) in pairwise(looks) if after != before), whole]
    still = max(after - before for before, after in pairwise(moves))
    falls = any(after[1] < before[1] for before, after in pairwise(looks))
    starts: dict[str, tuple[float, int]] = {}
    for s, percent, step in looks:
        starts.setdefault(step, (s, percent))
    ends = [*starts.values(), (whole, 100)][1:]
    steps = ", ".join(
        f"{step} {end[0] - begin[0]:.1f} s ({100 * begin[0] / whole:.0f}–{100 * end[0] / whole:.0f} %, "
        f"shown {begin[1]}–{end[1]})"
        for (step, begin), end in zip(starts.items(), ends, strict=True)
    )
    print(  # noqa: T201
        f"{kind:<11}{whole:6.1f} s  mean off {np.mean(np.abs(off)):4.1f}, most {min(off):+.0f} {max(off):+.0f}, "
        f"still for {100 * still / whole:.0f} % of it{', FALLS' if falls else ''}\n           {steps}",
        flush=True,
    )


def hum(folder: Path, number: int) -> Path:
    audio, _ = render_hum(TUNES[number % len(TUNES)], tonic=55, tempo_bpm=100, room="small", snr_db=40, seed=number)
    write_wav(folder / f"hum-{number}.wav", audio, subtype="PCM_16")
    return folder / f"hum-{number}.wav"


def recordings(folder: Path, number: int) -> tuple[Path, Path]:
    """Reference and target as long as songs are."""
    pair = make_pair("eq_gain_width", number, seconds=30.0)
    paths = folder / f"reference-{number}.wav", folder / f"target-{number}.wav"
    for path, audio in zip(paths, (pair.reference, pair.target), strict=True):
        repeats = round(SONG_S * audio.rate_hz / audio.frames)
        write_wav(path, Audio(np.tile(audio.samples, (repeats, 1)), audio.rate_hz), subtype="PCM_24")
    return paths


def uploaded(studio: Studio, path: Path) -> str:
    upload = studio.announce_upload(path)
    studio.send_file(upload, path)
    return str(upload["asset"]["asset_id"])


def jobs(studio: Studio, folder: Path, number: int) -> dict[str, Callable[[], dict[str, Any]]]:
    """One job of each product, begun when called, in this order."""
    track = studio.create_track(title="Progress")
    reference, target = (uploaded(studio, path) for path in recordings(folder, number))
    hummed = uploaded(studio, hum(folder, number))
    project = studio.post("/v1/projects", {"title": f"Lamp {number}", "story": STORY})
    return {
        "track": lambda: studio.generate(track["track_id"], hummed),
        "video": lambda: studio.post(f"/v1/tracks/{track['track_id']}/variants/A/video", {}),
        "match": lambda: studio.match(title="Progress", target_asset_id=target, references=[{"asset_id": reference}]),
        "film": lambda: studio.post("/v1/films", {"project_id": project["project_id"], "quality": "preview"}),
    }


def main(rounds: int) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        Studio(f"http://127.0.0.1:{InstanceSettings().port}") as studio,
    ):
        studio.register(f"progress-{secrets.token_hex(6)}@example.org", secrets.token_urlsafe(16))
        for number in range(rounds):
            print(f"Round {number + 1}", flush=True)  # noqa: T201
            for kind, begin in jobs(studio, Path(folder), number).items():
                report(kind, watched(studio, begin()["job_id"]))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2)
