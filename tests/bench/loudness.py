"""Loudness beside ffmpeg's ebur128: the same 300 s of stereo, whole processes, CPU time and peak memory.

Run: ``.venv/bin/python tests/bench/loudness.py [seconds]``. Also times the parts inside one process.
"""

import functools
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from soundstage.audio.dynamics import limit_true_peak
from soundstage.audio.filters import SosFilter, peaking
from soundstage.audio.io import Audio, read_audio, write_wav
from soundstage.audio.loudness import k_weighting, measure_loudness
from soundstage.audio.true_peak import true_peak_dbtp
from soundstage.media.ffmpeg import find_ffmpeg

RATE_HZ = 48_000


def music_like(seconds: float) -> NDArray[np.float32]:
    """Tones, beats and hiss with loud and quiet parts, peaking near −1 dBFS: [frames, 2]."""
    random = np.random.default_rng(0)
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    left_right = np.zeros((len(t), 2))
    for f_hz in (55, 110, 220, 330, 440, 660, 1234, 3000, 7001, 11_000):
        beating = 0.5 + 0.5 * np.sin(2 * np.pi * random.uniform(0.05, 3) * t)
        for channel in (0, 1):
            left_right[:, channel] += beating * np.sin(2 * np.pi * f_hz * t + random.uniform(0, 6)) / np.sqrt(f_hz)
    left_right += 0.1 * random.standard_normal(left_right.shape) * np.exp(-(t % 0.5) / 0.03)[:, None]
    left_right *= (0.6 + 0.4 * np.sin(2 * np.pi * t / 40))[:, None]
    return np.asarray(0.89 * left_right / np.abs(left_right).max(), np.float32)


# A small process in between, because a child's peak memory starts with its parent's.
RUN_AND_REPORT = """
import resource, subprocess, sys, time
begun = time.perf_counter()
ran = subprocess.run(sys.argv[1:], capture_output=True, text=True, check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, time.perf_counter() - begun, used.ru_maxrss / 1024)
print(ran.stdout + ran.stderr)
"""


def process(label: str, command: list[str]) -> str:
    """Run a program; print its CPU seconds and peak memory; return what it said."""
    launcher = [sys.executable, "-c", RUN_AND_REPORT, *command]
    ran = subprocess.run(launcher, capture_output=True, text=True, check=True)  # noqa: S603
    figures, said = ran.stdout.split("\n", 1)
    cpu_s, wall_s, peak_mib = (float(figure) for figure in figures.split())
    print(f"{label:<44} {cpu_s:6.2f} CPU s {wall_s:6.2f} s {peak_mib:6.0f} MiB")  # noqa: T201
    return said


def part(label: str, seconds: float, work: Callable[[], object]) -> None:
    """Print the best CPU time of three."""
    times = []
    for _ in range(3):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    print(f"  {label:<42} {min(times):6.2f} CPU s  {seconds / min(times):6.0f} ×RT")  # noqa: T201


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 300.0
    samples = music_like(seconds)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "music.wav"
        write_wav(path, Audio(samples, RATE_HZ), "PCM_24")
        soundstage = Path(sys.executable).with_name("soundstage")
        ours = process("soundstage loudness --json", [str(soundstage), "loudness", str(path), "--json"])
        filters = ["-filter_complex", "ebur128=peak=true", "-f", "null", "-"]
        theirs = process("ffmpeg ebur128=peak=true", [str(find_ffmpeg()), "-nostats", "-i", str(path), *filters])
        print(ours.strip())  # noqa: T201
        print(" ".join(re.findall(r"(?:I|LRA|Peak):\s+\S+ \w+", theirs[theirs.rfind("Summary") :])))  # noqa: T201
        part("read 24-bit WAV", seconds, lambda: read_audio(path))
    part("loudness, range, maxima, true peak", seconds, lambda: measure_loudness(samples, RATE_HZ))
    part("K-weighting", seconds, lambda: SosFilter(k_weighting(RATE_HZ), 2).process(samples))
    part("true peak 4×", seconds, lambda: true_peak_dbtp(samples, RATE_HZ, 4))
    part("true peak 8×", seconds, lambda: true_peak_dbtp(samples, RATE_HZ, 8))
    eight = np.concatenate([peaking(RATE_HZ, 60 * 2.0**k, 1.0, 3.0) for k in range(8)])
    part("8 biquads", seconds, lambda: SosFilter(eight, 2).process(samples))
    for hot_db in (3, 14):
        hot = samples * np.float32(10 ** (hot_db / 20))
        part(f"true-peak limiter, {hot_db} dB hot", seconds, functools.partial(limit_true_peak, hot, RATE_HZ))


if __name__ == "__main__":
    main()
