"""What comes from others leaves as a song of ours; and the guide that goes to them is in tune."""

from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile
from tests.fixtures.provider_servers import sound_bytes

from soundstage.audio.io import read_audio
from soundstage.audio.loudness import measure_loudness
from soundstage.audio.pitch import track_pitch
from soundstage.audio.true_peak import true_peak_dbtp
from soundstage.music.evaluation.quality import audio_quality
from soundstage.providers.music.postprocessing import finished
from soundstage.providers.music.request import MusicRequest


@pytest.mark.parametrize(("rate_hz", "format_"), [(48_000, "WAV"), (32_000, "FLAC"), (44_100, "MP3")])
def test_any_format_becomes_ours(request_a: MusicRequest, folder: Path, rate_hz: int, format_: str) -> None:
    raw = folder / "raw.audio"
    raw.write_bytes(sound_bytes(request_a.plan.duration_s + 0.7, rate_hz=rate_hz, format_=format_))
    variant = finished(request_a, raw, folder, provider="elevenlabs")
    meta = soundfile.info(variant.audio)
    assert (meta.subtype, meta.samplerate, meta.channels) == ("PCM_24", 44_100, 2)
    audio = read_audio(Path(variant.audio))
    assert audio.duration_s == pytest.approx(request_a.plan.duration_s, abs=0.01)
    assert measure_loudness(audio.samples, audio.rate_hz).integrated_lufs == pytest.approx(-14.0, abs=0.2)
    assert true_peak_dbtp(audio.samples, audio.rate_hz, 8) <= -1.0
    assert audio_quality(audio, variant.duration_s).gates_failed == []
    assert mido.MidiFile(variant.midi).length == pytest.approx(request_a.plan.duration_s, abs=4.0)
    assert set(variant.pictures) == {"piano_roll", "spectrogram"}


def test_a_song_that_ends_a_little_early_is_one(request_a: MusicRequest, folder: Path) -> None:
    raw = folder / "raw.audio"
    raw.write_bytes(sound_bytes(0.95 * request_a.plan.duration_s))
    variant = finished(request_a, raw, folder, provider="ace_step")
    assert variant.duration_s == pytest.approx(0.95 * request_a.plan.duration_s, abs=0.01)


def test_the_guide_is_the_tune_in_tune(request_a: MusicRequest) -> None:
    plan, guide = request_a.plan, request_a.guide
    assert guide.duration_s == pytest.approx(plan.duration_s, abs=0.001)
    assert float(np.abs(guide.samples).max()) == pytest.approx(0.5, abs=1e-3)
    heard = track_pitch(guide.mono(), guide.rate_hz)
    beat_s = 60.0 / plan.tempo_bpm
    off = []
    for note in plan.melody:
        inside = (heard.times_s > (note.beat + 0.4 * note.beats) * beat_s) & (
            heard.times_s < (note.beat + 0.8 * note.beats) * beat_s
        )
        sure = inside & (heard.confidence > 0.8)
        if note.beats >= 1.0 and sure.any():
            midi = 69 + 12 * np.log2(np.median(heard.f0_hz[sure]) / 440.0)
            off.append(100 * ((midi - note.midi + 6) % 12 - 6))
    assert len(off) >= 8
    assert np.median(np.abs(off)) < 8.0
    assert np.mean(np.abs(off) < 25.0) >= 0.9
