"""Whatever is matched with whatever: nothing breaks, and so much of it is followed as the strength says."""

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import numpy as np
import pytest
import scipy.signal
from numpy.typing import NDArray
from tests.fixtures.features import arrays_of
from tests.fixtures.pairs import equaliser, frame_mel_distance_db, make_pair, song, through_ffmpeg

from soundstage.audio.decibels import amplitude_to_db
from soundstage.audio.io import Audio
from soundstage.audio.streams import MemoryReader, MemoryWriter
from soundstage.audio.true_peak import true_peak_dbtp
from soundstage.match.analysis.level_distance import lufs_as_heard
from soundstage.match.estimation.chain_identification import identify_chain
from soundstage.match.estimation.frame_matching import Moments
from soundstage.match.estimation.inversion import invert_params
from soundstage.match.estimation.song_response import song_response_db
from soundstage.match.estimation.tonal_balance import compare_tone
from soundstage.match.estimation.trial_adjustment import adjust_by_trial
from soundstage.match.estimation.trial_render import Trial, trial_by_frames
from soundstage.match.pipeline import Match, distances, match_recordings
from soundstage.match.rendering.eq_response import response_db
from soundstage.models.match import MatchParams, MatchRequest
from soundstage.models.style import (
    STAGES,
    STRENGTHS,
    Amounts,
    Compressor,
    EqBand,
    Limiter,
    Metrics,
    Reverb,
    Stage,
    Strength,
    StyleParams,
)

RATE_HZ = 44_100
SECONDS = 5


def audio(samples: NDArray[np.floating], rate_hz: int = RATE_HZ) -> Audio:
    return Audio(np.ascontiguousarray(samples, np.float32), rate_hz)


def speech(rate_hz: int) -> NDArray[np.float64]:
    """Syllables with pauses, in the telephone's band: [frames, 1]."""
    rng = np.random.default_rng(1)
    out = np.zeros(rate_hz * SECONDS)
    at = 0
    while at < len(out):
        time_s = np.arange(min(int(rate_hz * rng.uniform(0.08, 0.3)), len(out) - at)) / rate_hz
        voice = 0.1 * np.sign(np.sin(2 * np.pi * rng.uniform(90, 220) * time_s))
        out[at : at + len(time_s)] = voice * np.hanning(len(time_s) + 2)[1:-1]
        at += len(time_s) + int(rate_hz * rng.choice([0.02, 0.05, 0.4]))
    band = scipy.signal.butter(2, [200, 3400], "bandpass", fs=rate_hz, output="sos")
    return np.asarray(scipy.signal.sosfilt(band, out))[:, None]


def mostly_silent() -> NDArray[np.float64]:
    out = np.zeros((RATE_HZ * SECONDS, 2))
    out[2 * RATE_HZ : 3 * RATE_HZ] = song(5, seconds=1)
    return out


def clicks() -> NDArray[np.float64]:
    out = np.zeros((RATE_HZ * SECONDS, 2))
    out[:: RATE_HZ // 2] = 0.9
    return out


def square() -> NDArray[np.float64]:
    wave = np.sign(np.sin(2 * np.pi * 200 * np.arange(RATE_HZ * SECONDS) / RATE_HZ))
    return np.repeat(wave[:, None], 2, axis=1)


SOUNDS: dict[str, Callable[[], Audio]] = {
    "song": lambda: audio(song(1, seconds=SECONDS)),
    "another song": lambda: audio(song(2, seconds=SECONDS)),
    "mono at 48 kHz": lambda: audio(song(3, seconds=SECONDS, rate_hz=48_000, channels=1), 48_000),
    "8 kHz": lambda: audio(song(4, seconds=SECONDS, rate_hz=48_000)[::6], 8000),
    "96 kHz": lambda: audio(song(4, seconds=SECONDS, rate_hz=96_000), 96_000),
    "speech": lambda: audio(speech(16_000), 16_000),
    "mostly silent": lambda: audio(mostly_silent()),
    "noise": lambda: audio(np.random.default_rng(0).normal(0, 0.1, (RATE_HZ * SECONDS, 2))),
    "clicks": lambda: audio(clicks()),
    "square": lambda: audio(square()),
    "left only": lambda: audio(song(7, seconds=SECONDS) * [1, 0]),
    "no middle": lambda: audio(song(8, seconds=SECONDS)[:, :1] * [1, -1]),
    "offset": lambda: audio(song(9, seconds=SECONDS) * 0.5 + 0.3),
}
NAMES = list(SOUNDS)


def matched(
    reference: Audio,
    target: Audio,
    amounts: Amounts | None = None,
    mode: Literal["auto", "B"] = "auto",
    strength: Strength = "natural",
) -> tuple[Match, Audio]:
    writer = MemoryWriter()
    references = [(MemoryReader(reference), 1.0)]
    match = match_recordings(references, MemoryReader(target), writer, amounts=amounts, mode=mode, strength=strength)
    assert writer.audio is not None
    return match, writer.audio


@pytest.mark.slow
@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("step", [1, 5])
@pytest.mark.parametrize("name", NAMES)
def test_anything_lands_on_the_loudness_or_says_why_not(name: str, step: int) -> None:
    """Every sound with two others."""
    reference, target = SOUNDS[NAMES[(NAMES.index(name) + step) % len(NAMES)]](), SOUNDS[name]()
    match, result = matched(reference, target)
    assert result.samples.shape == target.samples.shape
    assert result.rate_hz == target.rate_hz
    assert np.isfinite(result.samples).all()
    assert true_peak_dbtp(result.samples, target.rate_hz, 8) <= -0.1 + 0.05
    notes = {note.stage: note.sentence for note in match.params.notes}
    wanted = lufs_as_heard(arrays_of(reference), target.channels)
    landed = match.metrics_after.integrated_lufs
    assert wanted is not None
    assert landed is not None
    assert abs(landed - wanted) <= 0.1 or (
        (" not " in notes["lufs"] or "instead of" in notes["lufs"]) and landed < wanted
    )
    assert notes.keys() >= {"lufs", "limiter"}


@pytest.fixture(scope="module")
def by_strength() -> dict[Strength, tuple[Match, Audio]]:
    pair = make_pair("different_song", 74, seconds=8)
    return {strength: matched(pair.reference, pair.target, strength=strength) for strength in STRENGTHS}


def test_the_stronger_the_nearer(by_strength: dict[Strength, tuple[Match, Audio]]) -> None:
    reference = arrays_of(make_pair("different_song", 74, seconds=8).reference)
    found = [distances(reference, arrays_of(result), Metrics()) for _, result in by_strength.values()]
    tones = [metrics.tone_err_db for metrics in found]
    assert tones == sorted(tones, key=lambda tone: -(tone or 0.0))
    assert len(set(tones)) == len(STRENGTHS)
    assert all(metrics.lufs_err is not None and metrics.lufs_err < 0.1 for metrics in found)


def test_natural_is_a_few_broad_bands(by_strength: dict[Strength, tuple[Match, Audio]]) -> None:
    limits = {"natural": (4, 6.0), "close": (8, 9.0), "imitate": (8, 18.0)}
    for strength, (match, _) in by_strength.items():
        bands, most_db = limits[strength]
        assert len(match.params.eq) <= bands
        assert all(abs(band.gain_db) <= most_db for band in match.params.eq)
        assert match.params.strength == strength


@pytest.mark.parametrize("strength", STRENGTHS)
def test_rooms_compressors_and_pitch_follow_another_song_only_by_name(
    strength: Strength, by_strength: dict[Strength, tuple[Match, Audio]]
) -> None:
    params = by_strength[strength][0].params
    assert (params.pitch, params.compressor, params.reverb) == (None, None, None)


def test_more_of_everything_brings_it_nearer() -> None:
    pair = make_pair("eq_gain_width", 71, seconds=8)
    found = []
    for share in (0.0, 0.5, 1.0):
        _, result = matched(pair.reference, pair.target, Amounts(**dict.fromkeys(STAGES, share)))
        metrics = distances(arrays_of(pair.reference), arrays_of(result), Metrics())
        assert metrics.lufs_err is not None
        assert metrics.mel_dist is not None
        found.append((metrics.mel_dist, metrics.lufs_err))
    assert found[0] > found[1] > found[2]
    assert found[0][1] > found[1][1] > found[2][1]


@pytest.fixture(scope="module")
def trial() -> tuple[StyleParams, Trial]:
    pair = make_pair("eq_gain_width", 72, seconds=8)
    tried = trial_by_frames(identify_chain(MemoryReader(pair.reference), MemoryReader(pair.target)).aligned)
    assert tried is not None
    return invert_params(arrays_of(pair.reference), arrays_of(pair.target)), tried


def test_a_style_that_brings_nearer_stays(trial: tuple[StyleParams, Trial]) -> None:
    style, tried = trial
    assert adjust_by_trial(style, tried) == style


@pytest.mark.parametrize(
    ("stage", "harm"),
    [
        ("eq", [EqBand(type="peaking", f_hz=1000, q=0.5, gain_db=18)]),
        ("compressor", Compressor(threshold_db=-50, ratio=20)),
        ("reverb", Reverb(decays=[{"f_hz": 500, "rt60_s": 3}, {"f_hz": 4000, "rt60_s": 2}], mix=1.0)),
    ],
)
def test_a_stage_that_leads_away_goes_and_says_so(stage: Stage, harm: object, trial: tuple[StyleParams, Trial]) -> None:
    style, tried = trial
    harmed = style.model_copy(update={stage: harm})
    adjusted = adjust_by_trial(harmed, tried)
    assert getattr(adjusted, stage) != harm
    (note,) = [note for note in adjusted.notes if note.stage == stage]
    assert "tried on a part" in note.sentence
    assert note.applied == bool(getattr(adjusted, stage))


def test_a_stage_that_was_not_asked_for_is_not_judged(trial: tuple[StyleParams, Trial]) -> None:
    style, tried = trial
    off = style.model_copy(update={"compressor": Compressor(threshold_db=-50, ratio=20)}, deep=True)
    off.amounts = Amounts(compressor=0)
    assert adjust_by_trial(off, tried) == off


@pytest.mark.slow
def test_what_the_limiter_does_to_the_tone_is_not_done_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reference's mean spectrum is also its limiter's work; moments that sound alike tell the equaliser alone."""
    music = song(5, seconds=12)
    toned = scipy.signal.sosfilt(equaliser(np.random.default_rng(55), RATE_HZ, depth_db=4.0), music, axis=0)
    loud = through_ffmpeg(toned, RATE_HZ, "volume=11dB,alimiter=limit=0.9:release=70:level=0:latency=1")
    match, result = matched(audio(loud), audio(music), mode="B")
    monkeypatch.setattr(Moments, "tell", lambda _: False)
    by_means, _ = matched(audio(loud), audio(music), mode="B")
    assert match.metrics_after.mel_dist is not None
    assert by_means.metrics_after.mel_dist is not None
    assert match.metrics_after.mel_dist < 0.9 * by_means.metrics_after.mel_dist
    assert match.metrics_after.limiter_active_rate > 0.1
    assert true_peak_dbtp(result.samples, RATE_HZ, 8) <= (match.params.limiter or Limiter()).tp_db + 0.02


def test_another_part_that_sounds_the_same_changes_nothing() -> None:
    """What parts of a song differ by is no equaliser's and no width's."""
    f_hz = np.geomspace(40, 15_000, 60)
    for seed in (5, 6):
        one, other = (arrays_of(audio(song(seed, part=part, seconds=12))) for part in (0, 1))
        params = invert_params(other, one)
        gain_db = response_db(params.eq, f_hz, RATE_HZ)
        assert np.abs(gain_db - np.median(gain_db)).mean() < 0.05
        assert abs(params.side_gain - 1) < 0.01


def test_a_width_that_would_read_as_nothing_is_left() -> None:
    """Nobody is told "+0.0 dB: wider"."""
    target = arrays_of(audio(song(3, seconds=8)))
    for wider_db, applied in ((0.04, False), (0.5, True)):
        reference = replace(target, side_db=target.side_db + wider_db)
        (note,) = (note for note in invert_params(reference, target).notes if note.stage == "stereo")
        assert note.applied is applied
        assert "0.0 dB" not in note.sentence


def test_another_song_that_is_far_wider_leads_only_so_far() -> None:
    """A larger difference is another arrangement; who wants it says so."""
    target, other = (arrays_of(audio(song(seed, seconds=8))) for seed in (3, 8))
    for wider_db in (12.0, -12.0):
        reference = replace(
            other, side_db=other.side_db + wider_db, side_to_mid_db=(other.side_to_mid_db or 0.0) + wider_db
        )
        natural, asked = (
            amplitude_to_db(invert_params(reference, target, amounts=amounts).side_gain)
            for amounts in (None, Amounts.model_validate({"stereo": 1.0}))
        )
        assert 1.0 < np.sign(wider_db) * natural < 1.55
        assert np.sign(wider_db) * asked > 3.0


def test_imitate_narrows_further_than_it_widens() -> None:
    """What is taken away from sides harms nothing; what is raised by more brings up what coding left."""
    target, other = (arrays_of(audio(song(seed, seconds=8))) for seed in (3, 8))
    at_hz = np.array([300.0, 1000.0, 3000.0])
    for wider_db, least_db, most_db in ((20.0, 8.0, 14.0), (-20.0, -24.0, -16.0)):
        apart_db = wider_db - (other.side_db - other.mid_db) + (target.side_db - target.mid_db)
        params = invert_params(replace(other, side_db=other.side_db + apart_db), target, strength="imitate")
        assert params.stereo
        gain_db = amplitude_to_db(params.stereo.width) + response_db(params.stereo.side_eq, at_hz, RATE_HZ)
        assert np.all((gain_db > least_db) & (gain_db < most_db)), gain_db


def test_a_few_moments_that_come_again_tell_the_equaliser() -> None:
    """Of a song whose other part repeats three seconds of this one more is known than of one that repeats nothing."""
    f_hz = np.geomspace(60, 14_000, 60)
    sos = equaliser(np.random.default_rng(5), RATE_HZ)
    truth_db = 20 * np.log10(np.abs(scipy.signal.sosfreqz(sos, f_hz, fs=RATE_HZ)[1]))
    one, other = song(5, seconds=12), song(1005, seconds=12)
    repeating = np.concatenate([other[: 9 * RATE_HZ], one[3 * RATE_HZ : 6 * RATE_HZ]])
    target = arrays_of(audio(one))

    def left(part: NDArray[np.floating]) -> float:
        reference = arrays_of(audio(scipy.signal.sosfilt(sos, part, axis=0)))
        found_db = song_response_db(compare_tone(reference, target), reference, target, np.log2(f_hz))
        return deviation(truth_db - found_db) / deviation(truth_db)

    def deviation(gain_db: NDArray[np.floating]) -> float:
        return float(np.abs(gain_db - np.median(gain_db)).mean())

    assert left(repeating) < 0.65
    assert left(other) > 0.9


@pytest.mark.slow
def test_a_reference_above_full_scale_is_met_below_it() -> None:
    """What a slow limiter takes around every peak, the gain gives to all the rest."""
    music = song(1, seconds=30)
    excited = audio(through_ffmpeg(music, RATE_HZ, "aexciter=amount=3:drive=6:freq=5000"))
    assert np.abs(excited.samples).max() > 1.4
    match, result = matched(excited, audio(music), mode="auto")
    frames = min(result.frames, excited.frames)
    both = (audio(sound.samples[:frames]) for sound in (result, excited))
    assert frame_mel_distance_db(*both) < 0.5
    assert match.metrics_after.lufs_err is not None
    assert match.metrics_after.lufs_err < 0.05


def test_what_is_asked_for_is_done_though_the_music_differs() -> None:
    """By default a part of another song's tone is taken; an amount takes all of what was measured."""
    pair = make_pair("different_song", 74, seconds=8)
    default, asked, half = (
        matched(pair.reference, pair.target, amounts)[0].params
        for amounts in (None, Amounts(eq=1.0, lufs=1.0), Amounts(lufs=0.5))
    )
    assert sum(abs(band.gain_db) for band in asked.eq) > 1.5 * sum(abs(band.gain_db) for band in default.eq)
    assert half.eq == default.eq
    for params in (asked, half):
        assert params.lufs is not None
        assert params.lufs.most_limited_db is None
    assert default.lufs is not None
    assert default.lufs.most_limited_db == 6.0


def test_what_nobody_asked_for_stays_so_on_the_way_to_the_match() -> None:
    request = MatchRequest.model_validate(
        {"target_asset_id": "0" * 32, "references": [{"asset_id": "1" * 32}], "amounts": {"eq": 1.0}}
    )
    sent = request.params(None).model_dump(mode="json")
    amounts = MatchParams.model_validate(sent).amounts
    assert amounts is not None
    assert [stage for stage in STAGES if amounts.ask_for(stage)] == ["eq"]


def test_a_limiter_never_holds_down_all_of_the_sound() -> None:
    music = song(5, seconds=SECONDS)
    match, _ = matched(audio(np.clip(300 * music, -0.99, 0.99)), audio(music), mode="B")
    assert match.rendered.gain_db < 30
    assert match.rendered.reduction_db.mean() < 6
    (note,) = [note for note in match.params.notes if note.stage == "lufs"]
    assert " not " in note.sentence


def test_a_tone_is_driven_no_further_than_it_bears() -> None:
    """Four tones can never be as loud as a square: the note says how far they went."""
    time_s = np.arange(RATE_HZ * SECONDS) / RATE_HZ
    chord = np.sin(2 * np.pi * np.outer(time_s, (220, 550, 1300, 3100))).sum(axis=1, keepdims=True)
    match, _ = matched(audio(np.clip(20 * chord, -0.99, 0.99)), audio(0.002 * chord))
    assert match.metrics_after.max_gain_reduction_db < 17
    (note,) = [note for note in match.params.notes if note.stage == "lufs"]
    assert " not " in note.sentence or "instead of" in note.sentence


def test_digital_silence_counts_nowhere() -> None:
    pair = make_pair("different_song", 75, seconds=8)
    quiet = np.zeros((6 * RATE_HZ, 2), np.float32)
    params, padded = (
        invert_params(arrays_of(pair.reference), arrays_of(audio(np.concatenate([samples, quiet[:frames]]))))
        for samples, frames in ((pair.target.samples, 0), (pair.target.samples, len(quiet)))
    )
    assert padded.lufs is not None
    assert params.lufs is not None
    assert padded.lufs.target_db == pytest.approx(params.lufs.target_db, abs=0.1)
    f_hz = np.geomspace(40, 15_000, 60)
    apart_db = response_db(padded.eq, f_hz, RATE_HZ) - response_db(params.eq, f_hz, RATE_HZ)
    assert np.abs(apart_db).max() < 0.3


def test_a_clipped_target_is_said_to_be() -> None:
    music = song(5, seconds=4)
    match, _ = matched(audio(song(6, seconds=4)), audio(np.clip(8 * music, -1, 1)))
    assert any("clipped" in note.sentence and not note.applied for note in match.params.notes)


@pytest.mark.parametrize("strength", STRENGTHS)
def test_what_sounds_between_hits_is_not_pulled_down_by_them(strength: Strength) -> None:
    """A limiter that lets go slowly pumps: a steady sound dips behind every hit."""
    rng = np.random.default_rng(7)
    time_s = np.arange(8 * RATE_HZ) / RATE_HZ
    steady = 0.05 * sum(np.sin(2 * np.pi * f_hz * time_s) for f_hz in (220.0, 330.0, 550.0))
    since_s = time_s % 0.5
    hits = 0.6 * rng.normal(size=len(time_s)) * np.exp(-since_s / 0.004)
    target = audio(np.stack([steady + hits] * 2, axis=1))
    match, result = matched(audio(song(9, seconds=8) * 4), target, strength=strength, amounts=Amounts(eq=0, stereo=0))
    gain_db = 20 * np.log10(np.abs(result.samples[:, 0]) / np.maximum(np.abs(target.samples[:, 0]), 1e-9) + 1e-9)
    loud = np.abs(target.samples[:, 0]) > 0.02
    behind = [np.median(gain_db[loud & (since_s > start) & (since_s < start + 0.02)]) for start in (0.05, 0.4)]
    assert match.metrics_after.max_gain_reduction_db > 3
    assert behind[1] - behind[0] < 0.1
