"""Films against their bars and, where ``.cache/peers/venv`` has moviepy, beside it: ``make bench-film``.

``uv venv .cache/peers/venv``, then ``uv pip install --python .cache/peers/venv/bin/python 'moviepy==2.*'``.

Every way makes the job of ``film_job`` with the same encoder settings in processes of its own. CPU seconds are user and
system time of the whole tree, imports and start of the interpreter included; memory is that of the largest process.
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from tests.bench.film_job import FPS, FRAMES, LINES, SIZE, write_inputs
from tests.bench.film_peers import FILTER_GRAPH, FOUR_ENCODES, ONE_PASS
from tests.bench.film_story import STORY
from tests.fixtures.dots import mean_error, picture_of_dots

from soundstage.film.camera import view
from soundstage.film.compositing import compose, load_layers
from soundstage.film.encoding import Format
from soundstage.media.encode import COLOURS
from soundstage.media.ffmpeg import find_ffmpeg
from soundstage.models.film import Encoding, LayerFile, Picture
from soundstage.models.story import CameraMove

PEERS = Path(".cache/peers/venv/bin/python").absolute()
FONT = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
MEASURED = """
import json, resource, subprocess, sys, time
began = time.monotonic()
done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, text=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"status": done.returncode, "out": done.stdout, "cpu_s": used.ru_utime + used.ru_stime,
                  "wall_s": time.monotonic() - began, "peak_mb": used.ru_maxrss / 1024}))
"""
WAYS = {
    "filter-graph": ("one ffmpeg filter graph, zoompan at 4096", FILTER_GRAPH, 3),
    "one-pass": ("moviepy, one pass", ONE_PASS, 8),
    "four-encodes": ("moviepy, four encodes a picture", FOUR_ENCODES, 18),
}
"""Name, script, and how many times our CPU time it has to take."""
MOVES: tuple[CameraMove, ...] = ("push_in", "pull_out", "pan_left", "tilt_down", "drift")


@dataclass(frozen=True)
class Run:
    cpu_s: float
    wall_s: float
    peak_mb: float
    out: str


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench-film")
    parser.add_argument("--only", choices=PARTS, action="append", help="a part alone; may be repeated")
    parser.add_argument("--medium", action="store_true", help="the others with x264's medium 23, not with our settings")
    parser.add_argument("--way", choices=WAYS, action="append", help="of others; may be repeated")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=10, help="of the long film")
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_inputs(folder / "inputs")
        job = {"size": SIZE, "fps": FPS, "frames": FRAMES, "lines": LINES}
        (folder / "inputs" / "job.json").write_text(json.dumps(job))
        for part, measure in PARTS.items():
            if not args.only or part in args.only:
                measure(folder, args)
    return 0


def run(*command: object, cwd: Path | None = None) -> Run:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    measured = [sys.executable, "-c", MEASURED, *map(str, command)]
    done = subprocess.run(measured, env=environment, capture_output=True, text=True, check=True, cwd=cwd)  # noqa: S603
    found = json.loads(done.stdout)
    if found.pop("status"):
        raise SystemExit(done.stderr[-2000:])
    return Run(**found)


def row(*cells: object) -> None:
    print("  ".join(f"{cell!s:<42}" if n == 0 else f"{cell!s:>14}" for n, cell in enumerate(cells)), flush=True)  # noqa: T201


def ours(folder: Path, project: str, **options: Any) -> tuple[Run, dict[str, Any]]:
    command = [sys.executable, "-m", "tests.bench.film_job", folder / "inputs", folder / project, json.dumps(options)]
    done = run(*command)
    found: dict[str, Any] = json.loads(done.out.strip().splitlines()[-1])
    return done, found


def met(value: float, bar: float, *, at_least: bool = False) -> str:
    return "met" if (value >= bar if at_least else value <= bar) else "MISSED"


def race(folder: Path, args: argparse.Namespace) -> None:
    row("8 stills, 684 frames, 1280 × 720", "CPU s", "wall s", "MB", "ratio", "bar", "")
    first, made = ours(folder, "race")
    row("ours", f"{first.cpu_s:.1f}", f"{first.wall_s:.1f}", f"{first.peak_mb:.0f}")
    edited, changed = ours(folder, "race", edited=True)
    same, nothing = ours(folder, "race", edited=True)
    assert len(made["made"]) > len(changed["made"])
    assert nothing["made"] == []
    shutil.copy(next((folder / "race" / "out").glob("film.ass")), folder / "inputs" / "film.ass")
    form = Format(*SIZE, FPS, Encoding(), "final").arguments()
    ours_too = [form[form.index(name) + 1] for name in ("-preset", "-crf", "-x264-params")]
    encoder = ["medium", "23", COLOURS] if args.medium else ours_too
    for way, (name, script, bar) in WAYS.items():
        if args.way and way not in args.way:
            continue
        python = sys.executable if script is FILTER_GRAPH else PEERS
        if not Path(python).exists():
            row(name, "no peer")
            continue
        (folder / way).mkdir()
        target = folder / way / "film.mp4"
        # moviepy writes its temporary files where it is started.
        theirs = run(python, "-c", script, folder / "inputs", target, *encoder, FONT, find_ffmpeg(), cwd=folder / way)
        ratio = theirs.cpu_s / first.cpu_s
        shown = met(ratio, bar, at_least=True)
        row(name, *_figures(theirs), f"{ratio:.1f}×", f"≥ {bar}×", shown)
        if script is ONE_PASS:
            ratio = theirs.cpu_s / edited.cpu_s
            row(
                "ours, one shot of 8 edited", *_figures(edited), f"{ratio:.0f}×", "≥ 40×", met(ratio, 40, at_least=True)
            )
    row("ours, unchanged", *_figures(same), "", "≤ 1 s", met(same.wall_s, 1.0))


def _figures(found: Run) -> tuple[str, str, str]:
    return f"{found.cpu_s:.1f}", f"{found.wall_s:.1f}", f"{found.peak_mb:.0f}"


def quality(folder: Path, args: argparse.Namespace) -> None:
    """Ours against x264 medium 23, moviepy's default, of the same frames: both measured against frames without loss."""
    plain = {"subtitles": "none"}
    lossless = {**plain, "encoding": {"crf": 0}}
    ours(folder, "lossless", settings=lossless)
    ours(folder, "plain", settings=plain)
    source, medium = folder / "lossless" / "out" / "film.mp4", folder / "medium.mp4"
    encoder = ("-an", "-c:v", "libx264", "-preset", "medium", "-crf", "23")
    subprocess.run([find_ffmpeg(), "-v", "error", "-y", "-i", source, *encoder, medium], check=True)  # noqa: S603
    row("VMAF of the same frames", "VMAF", "KiB")
    for name, film in (("ours", folder / "plain" / "out" / "film.mp4"), ("x264 medium 23", medium)):
        row(name, f"{vmaf(film, source):.2f}", f"{film.stat().st_size / 1024:.0f}")


def vmaf(film: Path, source: Path) -> float:
    command = [
        str(find_ffmpeg()),
        "-i",
        str(film),
        "-i",
        str(source),
        "-lavfi",
        "libvmaf=n_threads=2",
        "-f",
        "null",
        "-",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    found = re.search(r"VMAF score: ([\d.]+)", done.stderr)
    if found is None:
        raise SystemExit("This ffmpeg has no libvmaf.")
    return float(found[1])


def motion(folder: Path, args: argparse.Namespace) -> None:
    row("jitter, RMS px a frame", "Ken Burns", "parallax", "bar", "")
    (folder / "dots").mkdir()
    picture_of_dots(folder / "dots" / "dots.png", (1664, 936))
    for move in MOVES:
        found = []
        for depth in (0.0, 0.6):
            layer = LayerFile(file="dots.png", sha256="dots", depth=depth)
            layers = load_layers(Picture(width=1664, height=936, layers=[layer], provider=""), folder / "dots", SIZE)
            errors = []
            for number in range(96):
                seen = view(move, number / 96, motion="parallax" if depth else "ken_burns")
                matrix = seen.matrix(depth, layers[0].size, SIZE, (0.5, 0.5))
                errors.append(mean_error(compose(layers, seen, SIZE, (0.5, 0.5), 0.0)[0], matrix, (1664, 936)))
            found.append(float(np.sqrt((np.diff(np.array(errors), axis=0) ** 2).sum(axis=1).mean())))
        row(move, *(f"{value:.4f}" for value in found), "≤ .01", met(max(found), 0.01))


def sound(folder: Path, args: argparse.Namespace) -> None:
    _, made = ours(folder, "race")
    found = made["quality"]
    row("sound", "measured", "bar", "")
    row("duck", f"{found['duck_db']:.3f} dB", "−6 ± .1", met(abs(found["duck_db"] + 6), 0.1))
    row("loudness", f"{found['integrated_lufs']:.2f} LUFS", "−16 ± .2", met(abs(found["integrated_lufs"] + 16), 0.2))
    row("true peak", f"{found['true_peak_dbtp']:.2f} dBTP", "≤ −1", met(found["true_peak_dbtp"], -1.0))
    row(
        "sound after picture", f"{found['audio_video_offset_s']:.4f} s", "0", met(abs(found["audio_video_offset_s"]), 0)
    )


def determinism(folder: Path, args: argparse.Namespace) -> None:
    found = {ours(folder, f"threads{workers}", workers=workers)[1]["sha256"] for workers in (1, 2, 4)}
    row("renders by 1, 2 and 4 threads: SHA-256", len(found), "1", met(len(found), 1))


def story(folder: Path, args: argparse.Namespace) -> None:
    """A story of 300 words, by the command, with voices, pictures and music of our own."""
    text = folder / "story.txt"
    text.write_text(STORY, encoding="utf-8")
    command = [sys.executable, "-m", "soundstage.cli.main", "film", text, "--out", folder / "story.mp4", "--json"]
    began = time.monotonic()
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", MEASURED, *map(str, command)], stdout=subprocess.PIPE, text=True
    ) as process:
        pictures = folder / "story.project" / "parts" / "picture"
        while process.poll() is None and not list(pictures.glob("*/part.json")):
            time.sleep(0.02)
        first_s = time.monotonic() - began
        assert process.stdout is not None
        found = json.loads(process.stdout.read())
    film = json.loads(found["out"])
    row(f"{len(STORY.split())} words, {film['quality']['duration_s']:.0f} s of film", "measured", "bar", "")
    row("wall time", f"{found['wall_s']:.1f} s", "≤ 120 s", met(found["wall_s"], 120))
    row("CPU time", f"{found['cpu_s']:.1f} s", f"{found['peak_mb']:.0f} MB")
    row("first picture after", f"{first_s:.1f} s", "≤ 5 s", met(first_s, 5))
    again = run(*command)
    row("unchanged", f"{again.wall_s:.2f} s", "≤ 1 s", met(again.wall_s, 1), f"{again.cpu_s:.2f} CPU s")
    path = folder / "story.project" / "storyboard.json"
    board = json.loads(path.read_text(encoding="utf-8"))
    board["shots"][3] |= {"narration": "She waited a while, and then she went on.", "lines": []}
    path.write_text(json.dumps(board), encoding="utf-8")
    edited = run(*command)
    made = [part["part"] for part in json.loads(edited.out)["parts"] if not part["reused"]]
    row("one sentence edited", *_figures(edited), ", ".join(sorted({name.split()[0] for name in made})))


def long(folder: Path, args: argparse.Namespace) -> None:
    """Many shots of painted pictures: memory of every process, the join, and how far sound and picture are apart."""
    done = run(sys.executable, "-m", "tests.bench.film_long", folder / "long", args.minutes)
    found = json.loads(done.out.strip().splitlines()[-1])
    row(f"{found['seconds'] / 60:.1f} minutes of film", *_figures(done))
    row("sound after picture", f"{found['offset_s']:.4f} s", "0", met(abs(found["offset_s"]), 0))
    row("join", f"{found['join_s']:.1f} s", "≤ 5 s", met(found["join_s"], 5))
    row("join and gate", f"{found['join_and_gate_s']:.1f} s")
    row("memory: the process that composes", f"{found['composing']:.0f} MB", "≤ 350 MB", met(found["composing"], 350))
    row("memory: painter, encoder", f"{found['apart']:.0f} MB", "≤ 400 MB", met(found["apart"], 400))


def kills(folder: Path, args: argparse.Namespace) -> None:
    """Killed at random, begun again until it is done: nothing that was stored is made again, and the same film."""
    text, rng = folder / "short.txt", np.random.default_rng(3)
    text.write_text("Mia waves at dusk. The fox runs home over the hill. The lamp is lit at last.", encoding="utf-8")

    def command(name: str) -> list[str]:
        film = [sys.executable, "-m", "soundstage.cli.main", "film", text, "--out", folder / f"{name}.mp4", "--preview"]
        return [*map(str, film), "--json"]

    whole = run(*command("whole"))
    expected = json.loads(whole.out)["sha256"]
    stored: dict[Path, int] = {}
    twice = killed = films = finished = 0
    while killed < args.kills:
        project = folder / "killed.project"
        with subprocess.Popen(command("killed"), stdout=subprocess.DEVNULL) as process:  # noqa: S603
            try:
                process.wait(rng.uniform(0.3, 0.6 * whole.wall_s))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                killed += 1
        now = {path: path.stat().st_mtime_ns for path in project.glob("parts/*/*/part.json")}
        twice += sum(now.get(path) != written for path, written in stored.items())
        stored = now
        if process.returncode == 0 or killed == args.kills:
            finished += 1
            films += json.loads(run(*command("killed")).out)["sha256"] == expected
            shutil.rmtree(project)
            stored = {}
    row(f"killed {killed} times", f"{films} of {finished}", "the same film", "all", met(films, finished, at_least=True))
    row("parts made again after they were stored", twice, "", "0", met(twice, 0))


PARTS: dict[str, Callable[[Path, argparse.Namespace], None]] = {
    "race": race,
    "quality": quality,
    "motion": motion,
    "sound": sound,
    "determinism": determinism,
    "story": story,
    "long": long,
    "kills": kills,
}

if __name__ == "__main__":
    sys.exit(main())
