"""The voice layer: the person's own voice, in tune and in time."""

import numpy as np
import pytest
from tests.fixtures.hums import render_hum
from tests.fixtures.tunes import TUNES

from soundstage.audio.pitch import track_pitch
from soundstage.models.music import GenParams
from soundstage.music.arranging.performance import Clock
from soundstage.music.composing.composition import compose_params
from soundstage.music.instruments.modal_synthesis import RATE_HZ
from soundstage.music.listening.analysis import audio_analyze
from soundstage.music.listening.segment import segment_pick
from soundstage.music.sounding.voice import tuned_voice


@pytest.mark.slow
def test_the_voice_is_moved_to_the_tune() -> None:
    hum, _ = render_hum(TUNES[1], tonic=52, tempo_bpm=100.0, seed=4, detune_cents=35.0)
    analysis = audio_analyze(hum)
    params = GenParams(voice_layer=True, duration_s=30, tempo_bpm=112, seed=1)
    composition = compose_params(analysis, segment_pick(analysis, None), params)
    plan = composition.variants["A"]
    sung = tuned_voice(hum, composition, plan, Clock(plan.tempo_bpm), round(plan.duration_s * RATE_HZ))
    track = track_pitch(sung, RATE_HZ)
    heard = np.interp(np.arange(0, plan.duration_s, 0.01), track.times_s, track.midi)
    errors = []
    for note in plan.melody:
        if note.hummed in composition.voice and note.voice == "lead" and note.beats >= 0.5:
            middle = (note.beat + 0.5 * note.beats) * 60 / plan.tempo_bpm
            pitch = float(np.median(heard[int(100 * middle) - 6 : int(100 * middle) + 7]))
            errors.append(abs((pitch - note.midi + 6) % 12 - 6))
    assert len(errors) > 10
    assert np.median(errors) < 0.15
    assert np.mean(np.array(errors) < 0.5) > 0.9


@pytest.mark.slow
def test_the_voice_layer_is_off_by_default() -> None:
    hum, _ = render_hum(TUNES[1], tonic=52, tempo_bpm=100.0, seed=4)
    analysis = audio_analyze(hum)
    assert compose_params(analysis, segment_pick(analysis, None), GenParams()).voice == {}
