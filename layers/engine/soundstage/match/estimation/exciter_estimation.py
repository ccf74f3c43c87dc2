"""An exciter from statistics: harmonics where the target has no treble that an equaliser could raise."""

from soundstage.match.analysis.feature_arrays import FeatureArrays
from soundstage.match.estimation.evidence import between
from soundstage.models.style import Exciter, StageNote

AIR_FROM_HZ, AIR_UP_TO, BODY_HZ = 9000.0, 0.4, (2000.0, 5000.0)
"""The treble, up to a share of the target's sample rate, and the presence that it is compared with."""

DULL_DB, AIRLESS_DB = (13.0, 15.0), (43.0, 47.0)
"""By how much more the target's treble lies below its presence than the reference's does, and how far it lies below,
from (no exciter) to (all of it). Chosen so that music gets one whose copy ends near 8 kHz, and no music that is only
dull."""

MOST_HARMONICS, LEAST_HARMONICS = 0.3, 0.005
"""The exciter's mix at most, and below which it is left out."""

FROM_HZ, DRIVE_DB = 3000.0, 18.0
"""From where on harmonics are made, so that they fall into the treble, and how strongly, chosen by their level
there."""


def estimate_exciter(reference: FeatureArrays, target: FeatureArrays) -> tuple[Exciter | None, StageNote | None]:
    """An exciter, and why, where the target's treble holds almost nothing: an equaliser would raise only noise."""
    mel_hz = target.mel_hz
    air = (mel_hz > AIR_FROM_HZ) & (mel_hz < AIR_UP_TO * target.rate_hz)
    body = (mel_hz > BODY_HZ[0]) & (mel_hz < BODY_HZ[1])
    if not air.any():
        return None, None
    loudest = (reference.mel_db[-1], target.mel_db[-1])
    wanted_db, given_db = (float(level_db[body].mean() - level_db[air].mean()) for level_db in loudest)
    mix = MOST_HARMONICS * float(between(given_db - wanted_db, *DULL_DB) * between(given_db, *AIRLESS_DB))
    if mix < LEAST_HARMONICS:
        return None, None
    sentence = f"There is {given_db - wanted_db:.0f} dB less air than in the reference: harmonics are added."
    exciter = Exciter(f_hz=FROM_HZ, drive_db=DRIVE_DB, mix=round(mix, 4))
    return exciter, StageNote(stage="exciter", sentence=sentence)
