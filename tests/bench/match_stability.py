"""How far a match's style moves when its recordings change inaudibly: ``python -m tests.bench.match_stability``.

Noise at −110 dBFS, or a millisecond less, must move no equaliser by more than .25 dB where there is something to hear,
and no gain by more than .05 dB. Pairs are synthesised; and, where ``SOUNDSTAGE_REAL_AUDIO`` names a folder of
recordings, made of those: through known chains, in halves, and one as the reference of another.
"""

import argparse
import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import scipy.signal
from tests.fixtures.nudges import MOST_EQ_DB, MOST_GAIN_DB, NUDGES, found, moved
from tests.fixtures.pairs import KINDS, equaliser, make_pair, room, through_ffmpeg, widen

from soundstage.arrays import Floats
from soundstage.audio.io import Audio, read_audio
from soundstage.media.ffmpeg import find_ffmpeg
from soundstage.models.errors import MediaRejected
from soundstage.models.style import Amounts, Mode

EXCERPT_S = 20.0
LEAST_S = 10.0

Case = tuple[str, Audio, Audio, "Mode | Literal['auto']", Amounts | None]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench-match-stability")
    parser.add_argument("--seeds", type=int, default=3, help="synthesised pairs of each kind")
    parser.add_argument("--only", default="", help="cases whose name has this in it")
    args = parser.parse_args(argv)
    print(f"{'case':<44}{'eq, dB':>8}{'gain, dB':>10}   moved most by")  # noqa: T201
    missed = total = 0
    for name, reference, target, mode, amounts in itertools.chain(synthesised(args.seeds), real()):
        if args.only in name:
            total += 1
            missed += not examine(name, reference, target, mode, amounts)
    print(f"{missed} of {total} move by more than {MOST_EQ_DB} and {MOST_GAIN_DB} dB")  # noqa: T201
    return 0


def examine(name: str, reference: Audio, target: Audio, mode: Mode | Literal["auto"], amounts: Amounts | None) -> bool:
    try:
        plain = found(reference, target, mode, amounts)
    except MediaRejected as error:
        print(f"{name:<44}{error.code}", flush=True)  # noqa: T201
        return True
    changes = {}
    for nudge, (of_reference, of_target) in NUDGES.items():
        changes[nudge] = moved(plain, found(of_reference(reference), of_target(target), mode, amounts), target)
    most = max(changes, key=lambda nudge: (len(changes[nudge].other), changes[nudge].eq_db / MOST_EQ_DB))
    eq_db, gain_db = (max(getattr(change, name) for change in changes.values()) for name in ("eq_db", "gain_db"))
    hardly = all(change.hardly for change in changes.values())
    verdict = "" if hardly else "  MISSED"
    others = "; ".join(changes[most].other)
    print(f"{name + ' ' + plain.style.mode:<44}{eq_db:>8.3f}{gain_db:>10.3f}   {most} {others}{verdict}", flush=True)  # noqa: T201
    return hardly


def synthesised(seeds: int) -> Iterator[Case]:
    for kind in KINDS:
        for seed in range(301, 301 + seeds):
            pair = make_pair(kind, seed, seconds=12)
            for mode in ("B", "auto"):
                if mode == "B" or kind in ("loud_master", "reverb"):
                    yield f"{kind} {seed}", pair.reference, pair.target, mode, None
    for seed in range(301, 301 + seeds):
        pair = make_pair("different_song", seed, seconds=12)
        yield f"different_song {seed}, all of the tone", pair.reference, pair.target, "B", Amounts(eq=1.0)


def real() -> Iterator[Case]:
    folder = os.environ.get("SOUNDSTAGE_REAL_AUDIO")
    if not folder:
        return
    pieces = {
        path.stem: read_audio(path) for path in sorted(Path(folder).glob("*.*")) if path.suffix in (".ogg", ".flac")
    }
    music = {name: audio for name, audio in pieces.items() if audio.frames > LEAST_S * audio.rate_hz}
    for name, audio in music.items():
        for chain, process in chains(audio.rate_hz).items():
            target = excerpt(audio, 0.0)
            if target.samples.shape[1] == 2 or chain != "width":
                yield (
                    f"{name}, {chain}",
                    of(process(target.samples.astype(np.float64)), audio.rate_hz),
                    target,
                    "auto",
                    None,
                )
        if audio.frames > 2 * EXCERPT_S * audio.rate_hz:
            sos = equaliser(np.random.default_rng(len(name)), audio.rate_hz)
            later = excerpt(audio, EXCERPT_S)
            toned = of(scipy.signal.sosfilt(sos, later.samples, axis=0), audio.rate_hz)
            yield f"{name}, another part", toned, excerpt(audio, 0.0), "auto", None
    for one, other in itertools.permutations(music, 2):
        for words, amounts in (("", None), (", all", Amounts(eq=1.0, lufs=1.0, stereo=1.0))):
            yield (
                f"{one} for {other}{words}"[:42],
                excerpt(music[one], 0.0),
                excerpt(music[other], 0.0),
                "auto",
                amounts,
            )


def chains(rate_hz: int) -> dict[str, Callable[[Floats], Floats]]:
    rng = np.random.default_rng(5)
    sos, response = equaliser(rng, rate_hz), room(rng, rate_hz, rt60_s=1.2, wet_db=-6.0)

    def toned(x: Floats) -> Floats:
        return np.asarray(scipy.signal.sosfilt(sos, x, axis=0))

    def ringing(x: Floats) -> Floats:
        sides = range(x.shape[1])
        return x + np.stack(
            [scipy.signal.oaconvolve(x[:, side], response[:, side])[: len(x)] for side in sides], axis=1
        )

    squeeze = "acompressor=threshold=0.1:ratio=3:attack=10:release=150,volume=8dB,alimiter=limit=0.9:level=0:latency=1"
    return {
        "equaliser": toned,
        "width": lambda x: 0.5 * widen(toned(x), 1.3),
        "loud master": lambda x: through_ffmpeg(toned(x), rate_hz, squeeze),
        "coded": lambda x: coded(toned(x), rate_hz),
        "room": lambda x: ringing(toned(x)),
    }


def coded(x: Floats, rate_hz: int) -> Floats:
    """Through MP3 at 96 kbit/s, which cuts off the top."""
    raw = ["-f", "f32le", "-ar", str(rate_hz), "-ac", str(x.shape[1])]
    ffmpeg = [str(find_ffmpeg()), "-v", "error"]
    encode = [*ffmpeg, *raw, "-i", "pipe:0", "-b:a", "96k", "-f", "mp3", "pipe:1"]
    packed = subprocess.run(encode, input=x.astype("<f4").tobytes(), capture_output=True, check=True).stdout  # noqa: S603
    decode = [*ffmpeg, "-i", "pipe:0", *raw, "pipe:1"]
    samples = subprocess.run(decode, input=packed, capture_output=True, check=True).stdout  # noqa: S603
    return np.frombuffer(samples, "<f4").reshape(-1, x.shape[1]).astype(np.float64)


def excerpt(audio: Audio, start_s: float) -> Audio:
    start = round(start_s * audio.rate_hz)
    return Audio(audio.samples[start : start + round(EXCERPT_S * audio.rate_hz)], audio.rate_hz)


def of(samples: Floats, rate_hz: int) -> Audio:
    return Audio(np.ascontiguousarray(samples, np.float32), rate_hz)


if __name__ == "__main__":
    sys.exit(main())
