"""Which style packs are heard in much the same rhythm: ``python -m tests.bench.music_rhythms``.

What ``SIMILAR_RHYTHMS`` and ``SIMILAR_WHEN_FAST`` in ``soundstage.music.composing.styles`` say is measured here: every
pack plays the same tunes, and each pair is compared as A and B are. Ends with status 1 where a pair is alike that B may
be chosen by.
"""

import argparse
import itertools
import sys
from collections.abc import Sequence
from typing import get_args

import numpy as np
from tests.bench.music_making import heard, melodies
from tests.fixtures.analyses import whole

from soundstage.audio.io import Audio
from soundstage.models.composition import Meter
from soundstage.models.music import GenParams
from soundstage.music.composing.composition import compose_params
from soundstage.music.composing.styles import STYLES, similar_rhythms
from soundstage.music.evaluation.ab_eval import RHYTHM_APART, onset_autocorrelation, rhythm_distance
from soundstage.music.generation import play
from soundstage.music.instruments.modal_synthesis import RATE_HZ

DURATION_S = 20.0
TEMPI = (110.0, 175.0)  # quarters per minute
# A pair is listed with some room above the bar: tunes differ.
ROOM = 0.03


def distances(meter: Meter, tunes: int, tempo_bpm: float) -> dict[tuple[str, str], float]:
    """Mean over ``tunes`` of the distance of each pair of packs."""
    in_meter = [(seed, m) for seed, m in enumerate(melodies()) if m.meter == meter][:tunes]
    found: dict[tuple[str, str], list[float]] = {}
    for seed, melody in in_meter:
        analysis = heard(melody, seed)
        rhythms = {}
        for style in STYLES:
            params = GenParams(seed=seed, style_a=style, duration_s=DURATION_S, tempo_bpm=tempo_bpm)
            composition = compose_params(analysis, whole(analysis), params)
            song = play(composition, composition.variants["A"])
            rhythms[style] = onset_autocorrelation(Audio(song.samples, RATE_HZ))
        for a, b in itertools.combinations(STYLES, 2):
            found.setdefault((a, b), []).append(rhythm_distance(rhythms[a], rhythms[b]))
    return {pair: float(np.mean(values)) for pair, values in found.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tunes", type=int, default=3, help="per meter")
    tunes = parser.parse_args(arguments).tunes
    missed = 0
    for meter, tempo_bpm in itertools.product(get_args(Meter), TEMPI):
        for (a, b), apart in sorted(distances(meter, tunes, tempo_bpm).items(), key=lambda item: item[1]):
            listed = similar_rhythms(a, b, meter, tempo_bpm)
            if apart < RHYTHM_APART + ROOM or listed:
                missed += apart < RHYTHM_APART and not listed
                verdict = "listed" if listed else "MISSING" if apart < RHYTHM_APART else "near"
                print(f"{meter} {tempo_bpm:4.0f}  {a + ' ' + b:<24}{apart:7.3f}  {verdict}", flush=True)  # noqa: T201
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
