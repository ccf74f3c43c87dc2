"""The style matcher against its bars and, where ``.cache/peers/venv`` has them, its peers: ``make bench-match``.

Peers live in an environment of their own (GPL; never a dependency):
``uv venv .cache/peers/venv && uv pip install --python .cache/peers/venv/bin/python matchering==2.0.6 pedalboard``.
Everything runs on one thread, in processes of its own; times are CPU seconds (user + system) without imports.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from tests.fixtures.pairs import KINDS, Kind, Pair, frame_mel_distance_db, make_pair, song, through_ffmpeg

from soundstage.audio.io import Audio, read_audio, write_wav
from soundstage.audio.loudness import measure_loudness

PEERS = Path(".cache/peers/venv/bin/python")
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
from soundstage.match.streams import FileReader, FileWriter
import soundstage.match.report
start = time.process_time()
reference, target, out, mode = sys.argv[1:]
references = [(FileReader(Path(reference)), 1.0)]
match = match_recordings(references, FileReader(Path(target)), FileWriter(Path(out)), mode=mode)
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
import numpy as np, soundfile
from soundstage.match.chain import Chain
from soundstage.match.processors import PeakLimiter
from soundstage.match.reverb import encode_response
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
    parser.add_argument("--long", action="store_true", help="also two hours, for the memory")
    parser.add_argument("--only", choices=("speed", "chain", "limiter", "distance"))
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part, measure in (("speed", speed), ("chain", chain), ("limiter", limiter), ("distance", distance)):
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


def speed(folder: Path, args: argparse.Namespace) -> None:
    row("match, 2 × 5 min stereo", "ours CPU s", "Matchering", "ratio", "bar", "ours MB", "theirs MB")
    for rate_hz, bar in ((44_100, 5), (48_000, 15)):
        reference, target = folder / f"r{rate_hz}.wav", folder / f"t{rate_hz}.wav"
        long_file(reference, 1, rate_hz, 300, loud=True)
        long_file(target, 2, rate_hz, 300, loud=False)
        ours = [run(sys.executable, OURS_MATCH, reference, target, folder / "o.wav", "B") for _ in range(3)]
        mine = statistics.median(result["cpu_s"] for result in ours)
        theirs = run(PEERS, MATCHERING, reference, target, folder / "p.wav", "-") if PEERS.exists() else {}
        their_s = theirs.get("cpu_s", float("nan"))
        peak, their_peak = (f"{result.get('peak_mb', float('nan')):.0f}" for result in (ours[0], theirs))
        row(f"{rate_hz} Hz", f"{mine:.2f}", f"{their_s:.1f}", f"{their_s / mine:.1f}×", f"≥ {bar}×", peak, their_peak)
    if args.long:
        reference, target = folder / "r.wav", folder / "t.wav"
        long_file(reference, 1, 44_100, 7200, loud=True)
        long_file(target, 2, 44_100, 7200, loud=False)
        ours_long = run(sys.executable, OURS_MATCH, reference, target, folder / "o.wav", "B")
        row("2 × 2 h", f"{ours_long['cpu_s']:.1f}", "", "", "≤ 130 MB", f"{ours_long['peak_mb']:.0f}")


def chain(folder: Path, args: argparse.Namespace) -> None:
    long_file(folder / "x.wav", 3, 44_100, 300, loud=False)
    rng = np.random.default_rng(0)
    response = rng.normal(0, 0.01, (88_200, 2)) * np.exp(-np.arange(88_200) / 20_000)[:, None]
    soundfile.write(folder / "ir.wav", response, 44_100)
    ours = run(sys.executable, OURS_CHAIN, folder / "x.wav", folder / "ir.wav")["cpu_s"]
    theirs = run(PEERS, PEDALBOARD, folder / "x.wav", folder / "ir.wav") if PEERS.exists() else {}
    their_s = theirs.get("cpu_s", float("nan"))
    row("EQ8 + comp + 2 s IR + limiter", "ours CPU s", f"pedalboard {theirs.get('limiter', '')}", "ratio", "bar")
    row("5 min stereo", f"{ours:.2f}", f"{their_s:.2f}", f"{their_s / ours:.1f}×", "≥ 3×")


def limiter(folder: Path, args: argparse.Namespace) -> None:
    from soundstage.audio.dynamics import limit_true_peak  # noqa: PLC0415
    from soundstage.audio.true_peak import true_peak_dbtp  # noqa: PLC0415

    hot = song(5, seconds=20) * 10 ** (14 / 20)
    ours = limit_true_peak(hot.astype(np.float32), 44_100, -1.0, lookahead_ms=1.5, release_ms=30)
    theirs = through_ffmpeg(hot, 44_100, f"alimiter=limit={10 ** (-1 / 20)}:level=0:latency=1").astype(np.float32)
    row("limiter at −1 dBTP, +14 dB hot", "over, dB (8×)", "LUFS", "bar")
    for name, out in (("ours", ours), ("ffmpeg alimiter", theirs)):
        over = true_peak_dbtp(out, 44_100, 8) + 1.0
        row(name, f"{over:+.3f}", f"{measure_loudness(out, 44_100).integrated_lufs:.2f}", "≤ +.02")


BARS: dict[Kind, str] = {
    "eq_gain_width": "≤ .05",
    "other_part": "≤ .3",
    "loud_master": "≤ 1.0",
    "reverb": "≤ 1.0",
    "different_song": "< before",
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
    row("loudness error, LU", f"median {statistics.median(errors):.3f}", f"worst {max(errors):.3f}", "≤ .05, ≤ .1")


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


if __name__ == "__main__":
    sys.exit(main())
