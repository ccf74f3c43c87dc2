"""Postprocessing of a provider's song: 44.1 kHz stereo, cut to length, mastered, checked, with MIDI beside it."""

from pathlib import Path

import numpy as np

from soundstage.arrays import Samples
from soundstage.audio.io import Audio, read_audio
from soundstage.audio.probe import ProbeLimits, probe_audio
from soundstage.audio.resample import resample
from soundstage.models.composition import VariantPlan
from soundstage.models.errors import MediaRejected
from soundstage.models.music import RenderedVariant
from soundstage.music.arranging.arrangement import arrange
from soundstage.music.arranging.performance import clock_for, perform_drums, played_parts
from soundstage.music.evaluation.quality import audio_quality
from soundstage.music.generation import Performance, write_variant
from soundstage.music.instruments.modal_synthesis import RATE_HZ
from soundstage.music.sounding.mastering import master
from soundstage.providers.errors import Failed
from soundstage.providers.music.request import MusicRequest

LIMITS = ProbeLimits(max_size_bytes=128 << 20, max_duration_s=900.0, min_duration_s=1.0)
MUCH_TOO_SHORT = 0.9
"""Of the planned length. A song that ends a little early is a song; half of one is not."""
SILENCE_PEAK = 1e-4


def finished(request: MusicRequest, raw: Path, folder: Path, *, provider: str) -> RenderedVariant:
    """Write ``{label}.wav`` (24 bit), ``.mid`` and pictures to ``folder``.

    Raises:
        Failed: it cannot be read, is silent or too short, or does not pass the gates of ``audio_quality``.
    """
    plan = request.plan
    samples, loudness = master(_as_ours(_readable(raw), plan), plan.tilt_db, plan.fade_s)
    duration_s = len(samples) / RATE_HZ
    failed = audio_quality(Audio(samples, RATE_HZ), duration_s).gates_failed
    if failed:
        raise Failed(f"What came back does not pass our checks ({', '.join(failed)}).")
    arrangement = arrange(plan)
    hits = perform_drums(arrangement.drums, clock_for(plan, arrangement.style), plan.seed)
    # The roll and the MIDI show what was asked for, the spectrogram what came.
    came = Performance(arrangement, played_parts(arrangement, plan), hits, samples, loudness)
    return write_variant(plan, came, folder, provider=provider)


def _readable(raw: Path) -> Audio:
    try:
        probe_audio(raw, limits=LIMITS)
        return read_audio(raw)
    except MediaRejected as rejection:
        raise Failed(f"What came back is not a sound file that we can read ({rejection.code}).") from rejection


def _as_ours(audio: Audio, plan: VariantPlan) -> Samples:
    """[frames, 2] at 44.1 kHz, no longer than planned; the master fades the end out."""
    if float(np.abs(audio.samples).max(initial=0.0)) < SILENCE_PEAK:
        raise Failed("What came back is silent.")
    if audio.duration_s < MUCH_TOO_SHORT * plan.duration_s:
        raise Failed(f"What came back lasts {audio.duration_s:.0f} s instead of {plan.duration_s:.0f} s.")
    stereo = audio.samples[:, :2] if audio.channels >= 2 else np.repeat(audio.samples, 2, axis=1)
    ours = resample(stereo, audio.rate_hz, RATE_HZ)[: round(plan.duration_s * RATE_HZ)]
    return np.asarray(ours - ours.mean(axis=0, keepdims=True), dtype=np.float32)
