"""What others made becomes a song of ours: 44.1 kHz stereo, cut to length, mastered, checked, with MIDI beside it."""

from pathlib import Path

import numpy as np

from soundstage.audio.io import Audio, read_audio, write_wav
from soundstage.audio.probe import ProbeLimits, probe_audio
from soundstage.audio.resample import resample
from soundstage.audio.true_peak import true_peak_dbtp
from soundstage.models.composition import VariantPlan
from soundstage.models.errors import MediaRejected
from soundstage.models.music import RenderedVariant
from soundstage.music.arrangement import Part, arrange
from soundstage.music.evaluation import audio_quality
from soundstage.music.harmony import chord_at
from soundstage.music.instruments.modes import RATE_HZ, Samples
from soundstage.music.mastering import master
from soundstage.music.midi import write_midi
from soundstage.music.performance import PlayedNote, clock_for, perform_drums, played_parts
from soundstage.providers.errors import Failed
from soundstage.providers.music import MusicRequest

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
    samples, loudness = master(_as_ours(_readable(raw), plan), plan.tilt_db)
    duration_s = len(samples) / RATE_HZ
    failed = audio_quality(Audio(samples, RATE_HZ), duration_s).gates_failed
    if failed:
        raise Failed(f"What came back does not pass our checks ({', '.join(failed)}).")
    audio_path, midi_path = folder / f"{plan.label}.wav", folder / f"{plan.label}.mid"
    write_wav(audio_path, Audio(samples, RATE_HZ), subtype="PCM_24")
    arrangement = arrange(plan)
    parts = played_parts(arrangement, plan)
    hits = perform_drums(arrangement.drums, clock_for(plan, arrangement.style), plan.seed)
    write_midi(midi_path, plan, parts, hits)
    return RenderedVariant(
        label=plan.label,
        style=plan.style,
        provider=provider,
        audio=str(audio_path),
        midi=str(midi_path),
        pictures=_pictures(plan, parts, samples, folder),
        duration_s=round(duration_s, 3),
        tempo_bpm=round(plan.tempo_bpm, 2),
        key=plan.key,
        chords=[chord_at(plan.chords, beat).symbol for beat in np.arange(0.0, plan.total_beats, plan.bar_beats / 2)],
        integrated_lufs=round(loudness.integrated_lufs, 2),
        true_peak_dbtp=round(true_peak_dbtp(samples, RATE_HZ, 8), 2),
    )


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


def _pictures(
    plan: VariantPlan, parts: list[tuple[Part, list[PlayedNote]]], samples: Samples, folder: Path
) -> dict[str, str]:
    """The roll shows what was asked for, the spectrogram what came."""
    try:
        from soundstage.music.pictures import draw_piano_roll, draw_spectrogram  # noqa: PLC0415  (Pillow: worker only)
    except ModuleNotFoundError as missing:
        if (missing.name or "").split(".")[0] != "PIL":
            raise
        return {}
    roll, spectrogram = folder / f"{plan.label}_piano_roll.png", folder / f"{plan.label}_spectrogram.png"
    draw_piano_roll(roll, plan, parts)
    draw_spectrogram(spectrogram, samples, RATE_HZ)
    return {"piano_roll": str(roll), "spectrogram": str(spectrogram)}
