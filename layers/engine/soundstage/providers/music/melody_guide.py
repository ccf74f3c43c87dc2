"""The melody guide: a plan's melody alone, exactly in tune and in time, for models that follow a melody.

A raw hum would carry its detuning, its room and its breaths into the result; and models follow the loudest thing they
hear, so nothing but the melody is in here.
"""

from dataclasses import replace

import numpy as np

from soundstage.audio.io import Audio
from soundstage.models.composition import Expression, VariantPlan
from soundstage.music.arranging.arrangement import arrange
from soundstage.music.arranging.performance import played_parts
from soundstage.music.instruments.modal_synthesis import RATE_HZ
from soundstage.music.instruments.notes import PlayedNote
from soundstage.music.sounding.rendering import render_part

GUIDE_PEAK = 0.5
VOICES = ("lead", "answer")


def render_guide(plan: VariantPlan) -> Audio:
    """Lead and answering voice, mono float32 [frames, 1] at 44.1 kHz, as long as the song, peak −6 dBFS."""
    frames = round(plan.duration_s * RATE_HZ)
    guide = np.zeros(frames, dtype=np.float32)
    # However the song passes the melody around, here one player has it all.
    plan = plan.model_copy(update={"sections": [s.model_copy(update={"treatment": "plain"}) for s in plan.sections]})
    for part, played in played_parts(arrange(plan), plan):
        if part.layer.role in VOICES:
            guide += render_part(part, [_straight(note) for note in played], frames, plan.seed)
    peak = float(np.abs(guide).max(initial=0.0))
    return Audio(guide * np.float32(GUIDE_PEAK / peak) if peak else guide, RATE_HZ)


def _straight(played: PlayedNote) -> PlayedNote:
    """Without bend, vibrato and swell: models take them for notes."""
    return replace(played, expression=Expression(slurred=played.expression.slurred))
