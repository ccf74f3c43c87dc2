"""Target spectra of two songs: apart from each other, and neither far from real songs."""

import itertools

import numpy as np

from soundstage.music.composing.styles import STYLES
from soundstage.music.composing.tilt import APART_DB, BANDS_HZ, reference_curve, separated, target_curve


def test_two_songs_aim_apart_and_neither_far_from_real_songs() -> None:
    for a, b in itertools.combinations(STYLES.values(), 2):
        goals = [target_curve(tilt) for tilt in separated(a.tilt_db, b.tilt_db)]
        assert abs(np.sqrt(np.mean((goals[0] - goals[1]) ** 2)) - APART_DB) < 0.05
        for goal in goals:
            error = goal - reference_curve(BANDS_HZ)
            assert np.abs(error - np.median(error)).max() < 4.4
