"""A voice with something along, and whistles beyond the pitch model's range."""

import numpy as np
import pytest
from tests.fixtures.hums import TUNES, render_hum
from tests.fixtures.listening import note_f1

from soundstage.audio.io import Audio
from soundstage.audio.pitch import midi_to_hz
from soundstage.models.music import Note
from soundstage.music.listening import salience
from soundstage.music.listening.analysis import audio_analyze

RATE_HZ = 16_000


def along(below_db: float) -> tuple[Audio, list[Note]]:
    """A voice with three held tones under it, so far below."""
    audio, notes = render_hum(TUNES[0], tonic=57, tempo_bpm=100, voice="la", rate_hz=RATE_HZ, max_duration_s=15)
    voice = audio.mono()
    time_s = np.arange(len(voice)) / RATE_HZ
    tones = [np.sin(2 * np.pi * k * midi_to_hz(m) * time_s) / k for m in (45.0, 52.0, 61.0) for k in range(1, 6)]
    chord = np.sum(tones, axis=0) * (1 + 0.5 * np.sin(2 * np.pi * 1.7 * time_s))
    scale = np.sqrt(np.mean(voice**2) / np.mean(chord**2)) * 10 ** (-below_db / 20)
    return Audio(np.asarray(voice + scale * chord, np.float32)[:, None], RATE_HZ), notes


def test_the_voice_is_followed_through_what_sounds_along(monkeypatch: pytest.MonkeyPatch) -> None:
    mixed, notes = along(9.0)
    followed = audio_analyze(mixed)
    assert "Something else sounds along with the tune." in followed.warnings
    with monkeypatch.context() as patch:
        patch.setattr(salience, "FOREIGN_DB", 100.0)
        plain = audio_analyze(mixed)
    heard = note_f1(followed.notes, notes)
    assert heard >= 0.7
    assert heard >= note_f1(plain.notes, notes)


@pytest.mark.parametrize(("lower_db", "followed"), [(0.0, "higher"), (2.0, "lower")])
def test_of_two_voices_one_is_followed_throughout(lower_db: float, followed: str) -> None:
    (high, above), (low, below) = (
        render_hum(TUNES[i], tonic=tonic, tempo_bpm=bpm, voice="la", rate_hz=RATE_HZ, max_duration_s=15)
        for i, tonic, bpm in ((0, 67, 100), (3, 52, 87))
    )
    voices = [audio.mono()[: 15 * RATE_HZ] for audio in (high, low)]
    loudness = [np.sqrt(np.mean(voice**2)) for voice in voices]
    length = min(map(len, voices))
    mixed = voices[0][:length] / loudness[0] + 10 ** (lower_db / 20) * voices[1][:length] / loudness[1]
    heard = audio_analyze(Audio(np.asarray(0.1 * mixed, np.float32)[:, None], RATE_HZ))
    assert heard.warnings[0] == f"Two voices sound together; the {followed} one is taken for the tune."
    ours, other = (above, below) if followed == "higher" else (below, above)
    assert note_f1(heard.notes, ours) >= 0.7
    assert note_f1(heard.notes, other) <= 0.2


def test_a_whistle_is_heard_beyond_the_models_range() -> None:
    pitches = [88, 91, 93, 96, 98, 100, 98, 96, 93, 91]
    time_s = np.arange(round(0.45 * RATE_HZ)) / RATE_HZ
    envelope = np.minimum(1, np.minimum(time_s, time_s[::-1]) / 0.02)
    tones = [np.sin(2 * np.pi * midi_to_hz(float(m)) * time_s) * envelope for m in pitches]
    rest = np.zeros(round(0.05 * RATE_HZ))
    sound = np.concatenate([rest, *(part for tone in tones for part in (tone, rest))])
    noise = 0.002 * np.random.default_rng(1).standard_normal(len(sound))
    analysis = audio_analyze(Audio(np.asarray(0.3 * sound + noise, np.float32)[:, None], RATE_HZ))
    assert [note.midi for note in analysis.notes] == pitches
