"""How well the music maker listens, as a table: ``python -m tests.bench.music_listening [HUMS_PER_ROW]``.

Bars: note F1 .98 clean, .95 at 25 cents / 30 ms / 15 dB, .90 at 40 cents / 10 dB; key exact on tunes .95; tempo within
4 % exact .92, octave errors allowed .99; meter 3/4 against 4/4 .90; a 30 s hum in 1.5 s. "unheard" are tunes that
nothing was tuned on; recorded instruments (their attack's lag taken off) are played where FluidSynth and FluidR3 are.
"""

import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

import numpy as np
from tests.fixtures import sampled
from tests.fixtures.hums import VOICES
from tests.fixtures.listening import CONDITIONS, Heard, later_by, make_hum, note_f1, score_hum
from tests.fixtures.unheard_tunes import UNHEARD_TUNES

from soundstage.music.listening.analysis import audio_analyze

Job = tuple[str, str, int]
KINDS = ("tune", "unheard", "random")


def listen(job: Job) -> tuple[Heard, float, float]:
    """One hum's scores, its length and the time that listening took, seconds."""
    kind, condition, seed = job
    hum = make_hum(seed, condition, kind)
    started = time.perf_counter()
    analysis = audio_analyze(hum.audio)
    return score_hum(hum, analysis), hum.audio.duration_s, time.perf_counter() - started


def listen_to_player(job: tuple[str, int]) -> tuple[float, bool]:
    """Note F1 and whether the key is right, for one tune on one recorded instrument."""
    instrument, seed = job
    melody = UNHEARD_TUNES[seed % len(UNHEARD_TUNES)]
    hum = sampled.played(melody, instrument, tempo_bpm=66.0 if melody.meter == "6/8" else 100.0, seed=seed)
    analysis = audio_analyze(hum.audio)
    lag_s = later_by(hum.notes, analysis.notes)
    sung = [note.model_copy(update={"onset_s": note.onset_s + lag_s}) for note in hum.notes]
    return note_f1(analysis.notes, sung), score_hum(hum, analysis).key


def main(arguments: Sequence[str]) -> int:
    count = int(arguments[0]) if arguments else 100
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    jobs = [(kind, condition, seed) for kind in KINDS for condition in CONDITIONS for seed in range(count)]
    with ProcessPoolExecutor(2) as workers:
        results = dict(zip(jobs, workers.map(listen, jobs, chunksize=8), strict=True))
        instruments = sampled.INSTRUMENTS if sampled.installed() else ()
        parts = [(name, seed) for name in instruments for seed in range(max(1, count // 10))]
        players = dict(zip(parts, workers.map(listen_to_player, parts), strict=True))
    print(f"{'':32}  note F1  onset F1    key   tempo  octave  3/4-4/4")  # noqa: T201
    for kind in KINDS:
        for condition in CONDITIONS:
            scores = [results[kind, condition, seed][0] for seed in range(count)]
            meters = [score.meter for score in scores if score.meter is not None]
            columns = [
                np.mean([score.note_f1 for score in scores]),
                np.mean([score.onset_f1 for score in scores]),
                np.mean([score.key for score in scores]),
                np.mean([score.tempo for score in scores]),
                np.mean([score.tempo_octave for score in scores]),
                np.mean(meters),
            ]
            print(f"{kind:7} {condition:24}" + "".join(f"{value:9.3f}" for value in columns))  # noqa: T201
    for i, voice in enumerate(VOICES):
        f1 = [results[job][0].note_f1 for job in jobs if job[2] % len(VOICES) == i and job[1] == "clean"]
        print(f"voice {voice:10} clean note F1 {np.mean(f1):.3f}")  # noqa: T201
    for instrument in instruments:
        f1, key = np.mean([players[part] for part in parts if part[0] == instrument], axis=0)
        print(f"recorded {instrument:14} note F1 {f1:.3f}  key {key:.2f}")  # noqa: T201
    speed = [took * 30 / length for _, length, took in results.values()]
    print(f"analysis of a 30 s hum: {np.median(speed):.2f} s (95 %: {np.percentile(speed, 95):.2f} s)")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
