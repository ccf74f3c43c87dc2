"""Hums with known notes are heard as they were sung; what holds no tune is named."""

import re
from functools import cache

import numpy as np
import pytest
from tests.fixtures import not_tunes
from tests.fixtures.hums import TUNES, VOICES, render_hum
from tests.fixtures.listening import Hum, make_hum, note_f1, score_hum

from soundstage.audio.io import Audio
from soundstage.audio.pitch import PitchTrack
from soundstage.models.errors import REJECTIONS
from soundstage.models.music import Analysis
from soundstage.music.listening.analysis import audio_analyze
from soundstage.music.listening.check import audio_check
from soundstage.music.listening.salience import _octaves_corrected, _spectrogram

SEEDS = range(10, 15)  # one of each voice


@cache
def heard(seed: int, condition: str) -> tuple[Hum, Analysis]:
    hum = make_hum(seed, condition)
    return hum, audio_analyze(hum.audio)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("condition", "least_f1"), [("clean", 0.95), ("25 cents, 30 ms, 15 dB", 0.93), ("40 cents, 30 ms, 10 dB", 0.8)]
)
def test_notes_key_tempo_and_meter_of_tunes(condition: str, least_f1: float) -> None:
    scores = [score_hum(*heard(seed, condition)) for seed in SEEDS]

    assert np.mean([score.note_f1 for score in scores]) >= least_f1
    assert np.mean([score.key for score in scores]) >= 0.8
    assert np.mean([score.tempo for score in scores]) >= 0.8
    assert all(score.tempo_octave for score in scores)
    assert np.mean([score.meter for score in scores if score.meter is not None]) >= 0.9


def test_an_analysis_is_complete_and_consistent() -> None:
    hum, analysis = heard(10, "clean")

    assert analysis.outcome == "ok"
    assert analysis.phrases[0][0] == 0
    assert analysis.phrases[-1][1] == len(analysis.notes)
    assert all(a[1] == b[0] for a, b in zip(analysis.phrases, analysis.phrases[1:], strict=False))
    assert all(a.offset_s <= b.onset_s + 1e-3 for a, b in zip(analysis.notes, analysis.notes[1:], strict=False))
    assert len(analysis.pitch_midi) == int(hum.audio.duration_s * 100)
    assert len(analysis.energy_db) == int(hum.audio.duration_s * 10)


def test_the_same_audio_gives_the_same_analysis() -> None:
    hum, analysis = heard(10, "clean")

    assert audio_analyze(hum.audio) == analysis


@pytest.mark.parametrize(
    ("code", "audio"),
    [
        ("SPEECH", not_tunes.speech(8, 16000, seed=1)),
        ("NOISE", not_tunes.noise("white", 6, 16000)),
        ("NOISE", not_tunes.noise("wind", 6, 16000)),
        ("NOISE", not_tunes.noise("keyboard", 6, 16000)),
        ("NOISE", not_tunes.noise("traffic", 10, 16000, seed=7)),
        ("POLYPHONIC", not_tunes.polyphonic(kind="chords", duration_s=8)),
        ("POLYPHONIC", not_tunes.polyphonic(kind="choir", duration_s=8)),
        ("POLYPHONIC", not_tunes.polyphonic(kind="band", duration_s=8)),
        ("SILENT", not_tunes.silence(3, 16000)),
        ("NO_MELODY", Audio(np.ones((1, 1), np.float32), 16000)),
        ("NO_MELODY", Audio(np.sin(0.1 * np.arange(48000, dtype=np.float32)), 16000)),  # one note
    ],
)
def test_what_holds_no_tune_is_named(code: str, audio: Audio) -> None:
    analysis = audio_analyze(audio)

    assert (analysis.outcome, analysis.code) == ("rejected", code)
    assert (analysis.message or "").startswith((REJECTIONS[code], "Only 2.9 s of the recording are sung"))


@pytest.mark.parametrize("noise", [0.0, 1e-3])
def test_a_tune_is_heard_alike_where_nobody_stopped_the_recording(noise: float) -> None:
    hum, _ = render_hum(TUNES[0], tonic=57, tempo_bpm=110, rate_hz=16000, max_duration_s=7)
    long = np.random.default_rng(1).normal(0, noise, (120 * 16000, 1)).astype(np.float32)
    long[20 * 16000 : 20 * 16000 + hum.frames] += hum.samples

    alone, among = audio_analyze(hum), audio_analyze(Audio(long, 16000))

    assert audio_check(Audio(long, 16000)).code is None
    assert among.key == alone.key
    assert [note.midi for note in among.notes] == [note.midi for note in alone.notes]
    begins_s = [note.onset_s - 20.0 for note in among.notes]
    assert begins_s == pytest.approx([note.onset_s for note in alone.notes], abs=0.03)
    assert len(among.pitch_midi) == 12_000
    middle = among.notes[3]
    heard = among.pitch_midi[round(50 * (middle.onset_s + middle.offset_s))]
    assert heard == pytest.approx(middle.midi, abs=0.6)


def test_talk_before_the_tune_is_left_out() -> None:
    hum, _ = heard(10, "clean")
    talk = not_tunes.speech(4, 16000, seed=3)
    shifted = [n.model_copy(update={"onset_s": n.onset_s + 4, "offset_s": n.offset_s + 4}) for n in hum.notes]

    analysis = audio_analyze(Audio(np.concatenate([talk.samples, hum.audio.samples]), 16000))

    assert note_f1(analysis.notes, shifted) >= 0.85
    assert "Talking was left out." in analysis.warnings


def test_a_fundamental_that_goes_on_sounding_is_the_pitch() -> None:
    """Heard for a tenth of a second two octaves too high, a held note stays one note at one level."""
    rate_hz, hop, f0_hz = 16000, 256, 262.0
    time_s = np.arange(2 * rate_hz) / rate_hz
    partials = [np.sin(2 * np.pi * k * f0_hz * time_s) / k for k in range(1, 6)]
    held = (0.2 * np.sum(partials, axis=0)).astype(np.float32)
    frames = len(held) // hop
    heard_hz = np.full(frames, f0_hz)
    heard_hz[60:66] *= 4
    track = PitchTrack(
        (np.arange(frames) + 0.5) * hop / rate_hz, heard_hz, np.full(frames, 0.95), np.full(frames, -20.0)
    )

    corrected = _octaves_corrected(track, *_spectrogram(held))

    assert corrected.f0_hz == pytest.approx(f0_hz)


def test_three_seconds_are_enough_for_a_verdict() -> None:
    hum, _ = heard(11, "clean")

    analysis = audio_analyze(Audio(hum.audio.samples[: 3 * hum.audio.rate_hz], hum.audio.rate_hz))

    assert analysis.outcome == "ok" or analysis.code in REJECTIONS


def test_every_voice_is_in_the_set() -> None:
    assert {heard(seed, "clean")[0].voice for seed in SEEDS} == set(VOICES)


@pytest.mark.parametrize("noise_db", [-20.0, -50.0])
def test_too_little_singing_in_a_quiet_room_is_no_noise(noise_db: float) -> None:
    hum, _ = render_hum(TUNES[0], tonic=57, tempo_bpm=100, max_duration_s=3.0, seed=4)
    samples = hum.mono().copy()
    samples[round(1.0 * hum.rate_hz) :] = 0
    level = np.sqrt(np.mean(samples[: hum.rate_hz] ** 2))
    room = np.random.default_rng(1).standard_normal(len(samples)) * level * 10 ** (noise_db / 20)
    analysis = audio_analyze(Audio((samples + room).astype(np.float32)[:, None], hum.rate_hz))
    assert analysis.code == "NO_MELODY"
    assert analysis.message is not None
    assert re.search(r"Only 0\.\d s of the recording are sung, in \d notes?; a tune takes 3 notes", analysis.message)
