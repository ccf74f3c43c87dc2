"""The style matcher against its bars and, where ``.cache/peers/venv`` has them, its peers: ``make bench-match``.

Peers live in an environment of their own (GPL; never a dependency): ``uv venv .cache/peers/venv``, then
``uv pip install --python .cache/peers/venv/bin/python matchering==2.0.6 pedalboard pyebur128``.

Everything runs on one thread, in processes of its own; times are CPU seconds (user + system) without imports, except
ffmpeg's, whose whole process counts. Ours and the peer's take turns, and what is compared is the median of their
ratios: what else the machine does then touches both.
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from tests.bench import match_real
from tests.fixtures.pairs import KINDS, Kind, Pair, frame_mel_distance_db, make_pair, room, song, through_ffmpeg

from soundstage import compiled
from soundstage.audio.convolution import Convolver
from soundstage.audio.dynamics import limit_true_peak
from soundstage.audio.io import Audio, read_audio, write_wav
from soundstage.audio.loudness import measure_loudness
from soundstage.audio.true_peak import true_peak_dbtp
from soundstage.media.ffmpeg import find_ffmpeg
from soundstage.models.style import Limiter

PEERS = Path(".cache/peers/venv/bin/python")
MOST_MB = 130
LIMITER = Limiter()
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMBA")}

# A process begins with the high-water mark of the one it was forked from; the kernel's own count begins afresh.
PEAK = """
def peak_mb():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1e3 for line in status if line.startswith("VmHWM"))
"""
OURS_MATCH = """
import sys, json, time
from pathlib import Path
from soundstage.match.pipeline import match_recordings
from soundstage.audio.streams import FileReader, FileWriter
from soundstage.models.style import Amounts
import soundstage.match.report
start = time.process_time()
reference, target, out, mode, *asked = sys.argv[1:]
amounts = Amounts(**dict.fromkeys(asked, 1.0)) if asked else None
references = [(FileReader(Path(reference)), 1.0)]
match = match_recordings(references, FileReader(Path(target)), FileWriter(Path(out)), mode=mode, amounts=amounts)
used = time.process_time() - start
print(json.dumps({"cpu_s": used, "peak_mb": peak_mb(),
                  "limited": match.metrics_after.limiter_active_rate}))
"""
MATCHERING = """
import sys, json, time
import matchering
start = time.process_time()
reference, target, out, _ = sys.argv[1:]
matchering.process(target=target, reference=reference, results=[matchering.pcm24(out)])
used = time.process_time() - start
print(json.dumps({"cpu_s": used, "peak_mb": peak_mb()}))
"""
OURS_CHAIN = """
import sys, json, time
import numpy as np, scipy.fft, soundfile
from soundstage.match.rendering.chain import Chain
from soundstage.match.rendering.processors import PeakLimiter
from soundstage.match.rendering.reverb import encode_response
from soundstage.models.style import *
x, rate = soundfile.read(sys.argv[1], dtype="float32")
ir, _ = soundfile.read(sys.argv[2], dtype="float32", always_2d=True)
bands = [EqBand(type="peaking", f_hz=f, q=1.0, gain_db=3.0) for f in (60, 120, 300, 700, 1500, 3000, 6000, 12000)]
room = Reverb(mix=0.3, **encode_response(ir, rate))
params = StyleParams(eq=bands, compressor=Compressor(threshold_db=-20, ratio=4), reverb=room)
start = time.process_time()
chain, limiter = Chain(params, rate, 2), PeakLimiter()
limiter.reset(rate, 2, Limiter(tp_db=-1))
state = held = None
for first in range(0, len(x) + 1, 65536):
    last = first + 65536 >= len(x)
    y, state = chain.process(x[first:first + 65536], state, last=last)
    y, held = limiter.process(y, held, last=last)
print(json.dumps({"cpu_s": time.process_time() - start}))
"""
OURS_LOUDNESS = """
import sys, json, time
from pathlib import Path
from soundstage.audio.loudness import LoudnessMeter
from soundstage.audio.streams import FileReader
start = time.process_time()
reader = FileReader(Path(sys.argv[1]))
meter = LoudnessMeter(reader.rate_hz, reader.channels)
for block in reader.blocks():
    meter.process(block)
found = meter.result()
print(json.dumps({"cpu_s": time.process_time() - start, "lufs": found.integrated_lufs}))
"""
LIBEBUR128 = """
import sys, json, time
import pyebur128, soundfile
from pyebur128 import MeasurementMode as Mode
start = time.process_time()
with soundfile.SoundFile(sys.argv[1]) as file:
    state = pyebur128.R128State(file.channels, file.samplerate, Mode.MODE_I | Mode.MODE_LRA | Mode.MODE_TRUE_PEAK)
    while len(block := file.read(32768, dtype="float32", always_2d=True)):
        state.add_frames(block.ravel(), len(block))
found = pyebur128.get_loudness_global(state), pyebur128.get_loudness_range(state), pyebur128.get_true_peak(state, 0)
print(json.dumps({"cpu_s": time.process_time() - start, "lufs": found[0]}))
"""
FFMPEG_LOUDNESS = """
import sys, json, resource, subprocess
filters = ["-filter_complex", "ebur128=peak=true", "-f", "null", "-"]
subprocess.run([sys.argv[2], "-nostats", "-threads", "1", "-i", sys.argv[1], *filters], check=True, capture_output=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"cpu_s": used.ru_utime + used.ru_stime}))
"""
PEDALBOARD = """
import sys, json, time
import soundfile
from pedalboard import *
x, rate = soundfile.read(sys.argv[1], dtype="float32")
limiter = BrickwallLimiter(ceiling_db=-1.0, true_peak=True)
board = Pedalboard([PeakFilter(f, 3.0, 1.0) for f in (60, 120, 300, 700, 1500, 3000, 6000, 12000)]
                   + [Compressor(-20, 4), Convolution(sys.argv[2], 0.3), limiter])
start = time.process_time()
board(x.T.copy(), rate)
print(json.dumps({"cpu_s": time.process_time() - start, "limiter": type(limiter).__name__}))
"""


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench-match")
    parser.add_argument("--seeds", type=int, default=4, help="pairs of each kind")
    parser.add_argument("--rounds", type=int, default=3, help="how often ours and a peer take turns")
    parser.add_argument("--long", action="store_true", help="also two hours, for the memory")
    parser.add_argument("--real", metavar="FOLDER[:FOLDER…]", help="real songs; else what REAL_MUSIC names")
    parser.add_argument("--songs", type=int, default=24, help="real songs of each album")
    parser.add_argument("--only", choices=PARTS)
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part, measure in PARTS.items():
            if args.only in (None, part):
                measure(folder, args)
    return 0


def run(python: Path | str, script: str, *arguments: object) -> dict[str, Any]:
    """Run a script in a process of its own; its last line is JSON."""
    command = [str(python), "-c", PEAK + script, *map(str, arguments)]
    done = subprocess.run(command, env={**os.environ, **ONE_THREAD}, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        return {"error": done.stderr.strip().splitlines()[-1] if done.stderr else "failed"}
    result: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return result


def row(*cells: object) -> None:
    print("  ".join(f"{cell!s:<34}" if n == 0 else f"{cell!s:>16}" for n, cell in enumerate(cells)), flush=True)  # noqa: T201


def long_file(path: Path, seed: int, rate_hz: int, seconds: float, *, loud: bool) -> None:
    """Half a minute of music again and again, each time at another level; loud masters go through a limiter."""
    music = song(seed, seconds=30, rate_hz=rate_hz)
    if loud:
        music = through_ffmpeg(music, rate_hz, "volume=9dB,alimiter=limit=0.9:level=0:latency=1")
    rng = np.random.default_rng(seed)
    with soundfile.SoundFile(path, "w", rate_hz, 2, "PCM_16", format="WAV") as file:
        for _ in range(round(seconds / 30)):
            file.write(music * rng.uniform(0.7, 1.0))


def ring(dry: Path, wet: Path) -> None:
    """The recording in a room."""
    with soundfile.SoundFile(dry) as file, soundfile.SoundFile(wet, "w", file.samplerate, 2, "PCM_16") as out:
        convolver = Convolver(room(np.random.default_rng(4), file.samplerate, 1.2, -6.0).astype(np.float32), 2)
        while len(block := file.read(convolver.step_frames, dtype="float32")):
            out.write(0.7 * (block + convolver.process(block)))


Run = tuple[Path | str, str, tuple[object, ...]]


@dataclass(frozen=True)
class Race:
    """Medians over rounds in which ours and the peer ran one after the other; NaN where there is no peer."""

    ours_s: float
    theirs_s: float
    ratio: float
    peak_mb: float
    their_peak_mb: float


def race(ours: Run, theirs: Run | None, rounds: int) -> Race:
    nothing = {"cpu_s": math.nan, "peak_mb": math.nan}
    mine, peer = [], []
    for _ in range(rounds):
        mine.append(run(ours[0], ours[1], *ours[2]))
        peer.append(run(theirs[0], theirs[1], *theirs[2]) if theirs else nothing)
    if failed := [result["error"] for result in mine + peer if "error" in result]:
        raise SystemExit(failed[0])
    return Race(
        ours_s=statistics.median(result["cpu_s"] for result in mine),
        theirs_s=statistics.median(result["cpu_s"] for result in peer),
        ratio=statistics.median(b["cpu_s"] / a["cpu_s"] for a, b in zip(mine, peer, strict=True)),
        peak_mb=max(result.get("peak_mb", math.nan) for result in mine),
        their_peak_mb=max(result.get("peak_mb", math.nan) for result in peer),
    )


def speed_row(name: str, result: Race, bar: float) -> None:
    met = "no peer" if math.isnan(result.ratio) else "met" if result.ratio >= bar else "MISSED"
    row(name, f"{result.ours_s:.2f} s", f"{result.theirs_s:.2f} s", f"{result.ratio:.1f}×", f"≥ {bar:g}×", met)


def peak_row(name: str, result: Race) -> None:
    met = "met" if result.peak_mb <= MOST_MB else "MISSED"
    row(name, f"{result.peak_mb:.0f} MB", f"{result.their_peak_mb:.0f} MB", "", f"≤ {MOST_MB} MB", met)


def peer(script: str, *arguments: object) -> Run | None:
    return (PEERS, script, arguments) if PEERS.exists() else None


def loops_in_use() -> str:
    return "compiled loops" if compiled.loops() else "numpy"


def speed(folder: Path, args: argparse.Namespace) -> None:
    row(f"match, 2 × 5 min, limited ({loops_in_use()})", "ours", "Matchering", "ratio", "bar", "")
    for rate_hz, bar in ((44_100, 6), (48_000, 20)):
        reference, target = folder / f"r{rate_hz}.wav", folder / f"t{rate_hz}.wav"
        long_file(reference, 1, rate_hz, 300, loud=True)
        long_file(target, 2, rate_hz, 300, loud=False)
        ours: Run = (sys.executable, OURS_MATCH, (reference, target, folder / "o.wav", "B", "lufs"))
        result = race(ours, peer(MATCHERING, reference, target, folder / "p.wav", "-"), args.rounds)
        speed_row(f"{rate_hz} Hz", result, bar)
        peak_row("  peak memory", result)
    reference, target = folder / "r.wav", folder / "t.wav"
    long_file(reference, 2, 44_100, 45, loud=True)
    long_file(target, 2, 44_100, 45, loud=False)
    ours = (sys.executable, OURS_MATCH, (reference, target, folder / "o.wav", "A"))
    result = race(ours, peer(MATCHERING, reference, target, folder / "p.wav", "-"), args.rounds)
    speed_row("loud master, mode A, 2 × 45 s", result, 1)
    one_performance(folder, 300)
    if args.long:
        reference, target = folder / "r.wav", folder / "t.wav"
        long_file(reference, 1, 44_100, 7200, loud=True)
        long_file(target, 2, 44_100, 7200, loud=False)
        result = race((sys.executable, OURS_MATCH, (reference, target, folder / "o.wav", "B")), None, 1)
        peak_row(f"  of 2 × 2 h, in {result.ours_s:.1f} s", result)
        one_performance(folder, 7200)


def one_performance(folder: Path, seconds: float) -> None:
    """Mode A, which holds an excerpt of both: a loud master; and a room, whose response is long."""
    target, wet = folder / "t.wav", folder / "wet.wav"
    long_file(target, 2, 44_100, seconds, loud=False)
    long_file(folder / "r.wav", 2, 44_100, seconds, loud=True)
    ring(target, wet)
    for name, reference in (("loud master", folder / "r.wav"), ("room", wet)):
        result = race((sys.executable, OURS_MATCH, (reference, target, folder / "o.wav", "A")), None, 1)
        peak_row(f"  {name}, mode A, 2 × {seconds:.0f} s, in {result.ours_s:.1f} s", result)


def chain(folder: Path, args: argparse.Namespace) -> None:
    long_file(folder / "x.wav", 3, 44_100, 300, loud=False)
    rng = np.random.default_rng(0)
    response = rng.normal(0, 0.01, (88_200, 2)) * np.exp(-np.arange(88_200) / 20_000)[:, None]
    soundfile.write(folder / "ir.wav", response, 44_100)
    files = folder / "x.wav", folder / "ir.wav"
    row("EQ8 + comp + 2 s IR + true-peak limiter", "ours", "pedalboard", "ratio", "bar", "")
    result = race((sys.executable, OURS_CHAIN, files), peer(PEDALBOARD, *files), args.rounds)
    speed_row("5 min stereo", result, 3)


def loudness(folder: Path, args: argparse.Namespace) -> None:
    path = folder / "x.wav"
    long_file(path, 3, 48_000, 300, loud=False)
    row("I + LRA + true peak, 5 min stereo", "ours", "peer", "ratio", "bar", "")
    ours: Run = (sys.executable, OURS_LOUDNESS, (path,))
    speed_row("libebur128", race(ours, peer(LIBEBUR128, path), args.rounds), 3)
    speed_row(
        "ffmpeg ebur128=peak=true", race(ours, (sys.executable, FFMPEG_LOUDNESS, (path, find_ffmpeg())), args.rounds), 2
    )


def limiter(folder: Path, args: argparse.Namespace) -> None:
    row("limiter at −1 dBTP, +14 dB hot", "over (8×)", "alimiter", "LUFS", "alimiter", "")
    for seed in range(5, 5 + args.seeds):
        hot = (song(seed, seconds=20) * 10 ** (14 / 20)).astype(np.float32)
        ours = limit_true_peak(hot, 44_100, -1.0, lookahead_ms=LIMITER.lookahead_ms, release_ms=LIMITER.release_ms)
        theirs = through_ffmpeg(
            hot.astype(np.float64), 44_100, f"alimiter=limit={10 ** (-1 / 20)}:level=0:latency=1"
        ).astype(np.float32)
        over = [true_peak_dbtp(out, 44_100, 8) + 1.0 for out in (ours, theirs)]
        lufs = [measure_loudness(out, 44_100).integrated_lufs for out in (ours, theirs)]
        met = "met" if over[0] <= 0.02 and lufs[0] >= lufs[1] else "MISSED"
        row(f"song {seed}", *(f"{o:+.3f} dB" for o in over), *(f"{level:.2f}" for level in lufs), met)


BARS: dict[Kind, str] = {
    "eq_gain_width": "≤ .05",
    "other_part": "≤ .3",
    "loud_master": "≤ 1.0",
    "reverb": "≤ 1.0",
    "different_song": "no truth",
}


def distance(folder: Path, args: argparse.Namespace) -> None:
    row("frame-mel distance to the truth, dB", "before", "ours B", "ours auto", "Matchering", "bar", "LU off, B")
    errors: list[float] = []
    for kind in KINDS:
        results = [_distances(make_pair(kind, seed), folder) for seed in range(101, 101 + args.seeds)]
        middle = {name: statistics.median(result[name] for result in results) for name in results[0]}
        worse = sum(result["B"] > result["before"] for result in results)
        note = f"{BARS[kind]}" + (f", {worse} worse" if kind == "different_song" else "")
        cells = (f"{middle[name]:.3f}" for name in ("before", "B", "auto", "matchering"))
        row(kind, *cells, note, f"{max(result['lu'] for result in results):.3f}")
        errors += [result["lu"] for result in results]
    row(
        "loudness error, LU",
        f"median {statistics.median(errors):.3f}",
        f"worst {max(errors):.3f}",
        "≤ .05, ≤ .1",
    )


def _distances(pair: Pair, folder: Path) -> dict[str, float]:
    reference, target = folder / "reference.wav", folder / "target.wav"
    write_wav(reference, pair.reference, "FLOAT")
    write_wav(target, pair.target, "FLOAT")
    found = {"before": frame_mel_distance_db(pair.target, pair.truth)}
    for mode in ("B", "auto"):
        run(sys.executable, OURS_MATCH, reference, target, folder / "o.wav", mode)
        found[mode] = frame_mel_distance_db(read_audio(folder / "o.wav"), pair.truth)
        if mode == "B":
            landed = [
                measure_loudness(a.samples, a.rate_hz).integrated_lufs
                for a in (pair.reference, read_audio(folder / "o.wav"))
            ]
            found["lu"] = abs(landed[0] - landed[1])
    found["matchering"] = float("nan")
    if PEERS.exists() and "error" not in run(PEERS, MATCHERING, reference, target, folder / "p.wav", "-"):
        theirs = read_audio(folder / "p.wav")
        frames = min(theirs.frames, pair.truth.frames)
        found["matchering"] = frame_mel_distance_db(
            Audio(theirs.samples[:frames], theirs.rate_hz), Audio(pair.truth.samples[:frames], pair.truth.rate_hz)
        )
    return found


def real(folder: Path, args: argparse.Namespace) -> None:
    """Real songs; without any, a sentence."""
    songs = match_real.songs(match_real.folders(args.real), args.songs)
    if not songs:
        row("real songs: none, as neither --real nor REAL_MUSIC names a folder of them")
        return
    matchers: dict[str, match_real.Matcher] = {
        "ours": lambda reference, target: match_real.ours()(reference, target)[0]
    }
    if PEERS.exists():
        matchers["Matchering"] = lambda reference, target: _matchering(reference, target, folder)
    for measure in (match_real.demos, match_real.pairs, match_real.parts):
        row(f"real songs: {measure.__name__}", *matchers)
        found = [measure(songs, matcher) for matcher in matchers.values()]
        for name in found[0]:
            row(f"  {name}", *(f"{values[name]:.2f}" for values in found))


def _matchering(reference: Audio, target: Audio, folder: Path) -> Audio:
    for name, audio in (("reference.wav", reference), ("target.wav", target)):
        write_wav(folder / name, audio, "FLOAT")
    done = run(PEERS, MATCHERING, folder / "reference.wav", folder / "target.wav", folder / "p.wav", "-")
    if "error" in done:
        raise SystemExit(done["error"])
    return read_audio(folder / "p.wav")


PARTS = {"speed": speed, "chain": chain, "loudness": loudness, "limiter": limiter, "distance": distance, "real": real}

if __name__ == "__main__":
    sys.exit(main())
