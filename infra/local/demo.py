"""``make demo``: a hum becomes two songs and a story a film, through the embedded cloud, before a person's eyes."""

import json
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from infra.local.client import Studio, Unreachable
from infra.local.instance import Instance, check, running
from infra.local.service import ServiceDown
from infra.local.settings import ROOT, InstanceSettings
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from soundstage.client import Refused

OUTPUT = ROOT / "demo-output"
STORY = (
    "Mia climbs the lighthouse at dusk. The lamp is dark, and snow falls on the sea. "
    "She lights it. Far out, a ship turns home."
)
FILM_FILES = {
    "film_url": "film.mp4",
    "poster_url": "film-poster.jpg",
    "contact_sheet_url": "film-shots.jpg",
    "storyboard_url": "film-storyboard.pdf",
}
REJECTED = 3  # exit status, as the command line `soundstage` has it


class NothingMade(Exception):
    """The job ended without a result; the message is for a person."""


def run_demo(settings: InstanceSettings, file: Path | None) -> int:
    console = Console(highlight=False, soft_wrap=True)
    if file is not None and not file.is_file():
        console.print(f"There is no file {file}.")
        return 2
    started = time.monotonic()
    try:
        with _cloud(settings, console) as instance:
            console.print(f"The cloud is ready after {time.monotonic() - started:.1f} s.")
            with Studio(f"http://127.0.0.1:{settings.port}", check=lambda: check(settings)) as studio:
                link = make_songs(studio, file or synthesised_hum(OUTPUT), console)
                make_film(studio, STORY, console)
            console.print(f"\nShare page  [bold]{link}[/bold]")
            if instance is not None:
                console.print("            The cloud shuts down now; `make up` opens the page again.")
    except (NothingMade, Refused) as error:
        console.print(f"[yellow]Nothing came of it this time:[/yellow] {error}")
        return REJECTED
    except Unreachable as error:
        raise ServiceDown.of("gateway", "does not answer", settings.logs / "gateway.log") from error
    console.print(
        f"Everything took {time.monotonic() - started:.1f} s. Songs and film are in {OUTPUT.relative_to(ROOT)}/"
    )
    return 0


def make_songs(studio: Studio, hum: Path, console: Console) -> str:
    """The whole way of one person with one hum. Returns the link of the share page."""
    studio.register(f"demo-{secrets.token_hex(6)}@example.org", secrets.token_urlsafe(16))
    upload = studio.announce_upload(hum)
    track = studio.create_track(title=hum.stem.replace("-", " ").replace("_", " ").strip() or "My hum")
    order_first = secrets.randbelow(2) == 0
    if not order_first:
        studio.send_file(upload, hum)
    job = studio.generate(track["track_id"], upload["asset"]["asset_id"])
    if order_first:
        studio.send_file(upload, hum)
    when = "before it was there: its arrival started the work" if order_first else "after it was sent"
    console.print(f"Uploaded {hum.name} ({hum.stat().st_size / 1e6:.1f} MB). The songs were ordered {when}.")
    _follow(studio.watch_job(job["job_id"]), console)
    track = studio.get(f"/v1/tracks/{track['track_id']}")
    _fetch(studio, track, console)
    return str(studio.share(track["track_id"])["url"])


def make_film(studio: Studio, story: str, console: Console) -> None:
    """The whole way of one person with one story: the film, its poster, shots and storyboard into demo-output/."""
    console.print(f"\nA story: {story}")
    project = studio.post("/v1/projects", {"title": "The Lamp", "story": story})
    job = studio.post("/v1/films", {"project_id": project["project_id"], "quality": "preview"})
    _follow(studio.watch_job(job["job_id"]), console)
    film = studio.get(f"/v1/films/{job['subject_id']}")
    for kind, name in FILM_FILES.items():
        studio.download(film["files"][kind], OUTPUT / name)
    length_s, lufs = film["duration_s"], film["quality"]["integrated_lufs"]
    console.print(f"A film of {length_s:.0f} s at {lufs:.1f} LUFS, told, painted and scored here.")


def synthesised_hum(folder: Path) -> Path:
    """A tune of ours, hummed by a synthesiser: for a first run without a microphone."""
    from tests.fixtures.hums import TUNES, render_hum  # noqa: PLC0415  (only this run needs it)

    from soundstage.audio.io import write_wav  # noqa: PLC0415

    folder.mkdir(exist_ok=True)
    path = folder / "a-hummed-tune.wav"
    audio, _ = render_hum(TUNES[0], tonic=55, tempo_bpm=100, room="small", snr_db=40, seed=7)
    write_wav(path, audio, subtype="PCM_16")
    return path


@contextmanager
def _cloud(settings: InstanceSettings, console: Console) -> Iterator[Instance | None]:
    """An instance that ends with this block, or None when another process has it running already."""
    if running(settings) is not None:
        console.print(f"Using the instance '{settings.instance}' that runs already.")
        yield None
        return
    console.print(f"Starting the embedded cloud in {settings.home}")
    with Instance(settings, say=console.print) as instance:
        yield instance


def _follow(changes: Iterable[dict[str, Any]], console: Console) -> None:
    columns = (TextColumn("{task.description:<16}"), BarColumn(40), TextColumn("{task.percentage:3.0f} %"))
    told: set[str] = set()
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        bar = progress.add_task("waiting", total=100)
        for job in changes:
            for step in job["history"]:
                if _over(step, job) and step["step"] not in told:
                    told.add(step["step"])
                    progress.console.print(f"  {step['step']:<16} {_seconds(step):6.1f} s  {step['outcome']}")
            progress.update(bar, completed=job["progress"], description=job["step"] or job["status"])
    if job["status"] != "succeeded":
        error = job["error"] or {"message": f"The job was {job['status']}.", "code": job["status"].upper()}
        cause = (error.get("detail") or {}).get("cause") or error  # of a rejected upload, what was wrong with it
        raise NothingMade(f"{cause['message']} ({cause['code']})")


def _fetch(studio: Studio, track: dict[str, Any], console: Console) -> None:
    """Variants, scores, cover and pictures, into demo-output/; what an earlier run left there is replaced."""
    for old in OUTPUT.glob("[AB]*"):
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    OUTPUT.mkdir(exist_ok=True)
    if track["cover_url"]:
        studio.download(track["cover_url"], OUTPUT / "cover.png")
    table = Table("", "style", "key", "bpm", "LUFS", "dBTP", "like the hum", "quality", box=None)
    for variant in track["variants"]:
        label = variant["label"]
        studio.download(variant["audio_url"], OUTPUT / f"{label}.wav")
        studio.download(variant["midi_url"], OUTPUT / f"{label}.mid")
        for name, url in variant["picture_urls"].items():
            studio.download(url, OUTPUT / f"{label}-{name}.png")
        scores = variant["scores"]
        table.add_row(
            f"[bold]{label}[/bold]{' *' if variant['recommended'] else ''}",
            variant["style"],
            f"{variant['key']['tonic']} {variant['key']['mode']}",
            f"{variant['tempo_bpm']:.0f}",
            f"{variant['integrated_lufs']:.1f}",
            f"{variant['true_peak_dbtp']:.1f}",
            f"{scores['input_similarity']['value']:.2f}",
            f"{scores['audio_quality']['value']:.2f}",
        )
    (OUTPUT / "scores.json").write_text(json.dumps(track["score"], indent=2) + "\n")
    console.print(table)
    score = track["score"]
    console.print(f"* recommended: {score['reason']}  A and B differ by {score['ab_diversity']['value']:.2f}.")


def _over(step: dict[str, Any], job: dict[str, Any]) -> bool:
    """Two workers share one step, so it has ended for good when the next one has begun."""
    return step["ended_at"] is not None and (step["step"] != job["step"] or job["status"] != "running")


def _seconds(step: dict[str, Any]) -> float:
    began, ended = (datetime.fromisoformat(step[name]) for name in ("started_at", "ended_at"))
    return (ended - began).total_seconds()
