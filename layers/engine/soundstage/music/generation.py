"""music_generate: a plan arranged, performed, rendered, mixed and mastered; its WAV, MIDI and pictures written."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from soundstage.arrays import Samples
from soundstage.audio.io import Audio, write_wav
from soundstage.audio.loudness import Loudness
from soundstage.models.composition import Composition, VariantPlan
from soundstage.models.music import RenderedVariant
from soundstage.music.arranging.arrangement import Arrangement, Part, arrange
from soundstage.music.arranging.performance import PlayedHit, clock_for, perform_drums, played_parts
from soundstage.music.composing.harmony import chord_at
from soundstage.music.composing.styles import Layer
from soundstage.music.evaluation.melody_similarity import contour_of, input_similarity
from soundstage.music.instruments.modal_synthesis import RATE_HZ
from soundstage.music.instruments.notes import PlayedNote
from soundstage.music.sounding.mastering import master
from soundstage.music.sounding.midi import write_midi
from soundstage.music.sounding.mix import Mixer
from soundstage.music.sounding.rendering import render_drums, render_part
from soundstage.music.sounding.sound_font import INSTRUMENTS, SAMPLED_KITS, SoundFont, SoundFontFailed
from soundstage.music.sounding.voice import tuned_voice

SIMILARITY_FLOOR_Z = 4.0  # standard deviations above chance: below, the melody is masked
# The voice layer's place in the mix: a little to the right, with more hall than the band.
VOICE_LAYER = Layer("double", "choir", gain_db=1.5, pan=0.05, room=0.2, hall=0.25)


DRUMS_AND_MASTER_PARTS = 4
"""Drums, mix and master take as long as four players do."""
Progress = Callable[[float], None]


def unwatched(done: float) -> None:
    """Nobody looks."""


@dataclass
class Performance:
    """A plan as played: the arrangement, its timing, and the master, float32 [frames, 2] at 44.1 kHz."""

    arrangement: Arrangement
    parts: list[tuple[Part, list[PlayedNote]]]
    hits: list[PlayedHit]
    samples: Samples
    loudness: Loudness
    sound_font: str | None = None


def music_generate(
    composition: Composition,
    label: Literal["A", "B"],
    out_dir: Path,
    hum: Audio | None = None,
    sound_font: SoundFont | None = None,
    *,
    progress: Progress = unwatched,
) -> RenderedVariant:
    """Write ``{label}.wav`` (24 bit, 44.1 kHz, stereo), ``.mid`` and pictures to ``out_dir``.

    Where the rendering masks the melody, the composition's alternative is played instead. Where Pillow is missing there
    are no pictures.

    Args:
        hum: the recording, for the voice layer; without it the layer is left out.
        sound_font: recorded instruments; without them, and where they fail, our own are used.
        progress: is told the share that is done after each player, 0 to 1.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    plan, performance = _unmasked(composition, label, hum, sound_font, progress)
    return write_variant(plan, performance, out_dir, provider="embedded")


def write_variant(plan: VariantPlan, performance: Performance, out_dir: Path, *, provider: str) -> RenderedVariant:
    """Write WAV, MIDI and pictures of a performance; ``provider``: who made its sound."""
    audio_path, midi_path = out_dir / f"{plan.label}.wav", out_dir / f"{plan.label}.mid"
    write_wav(audio_path, Audio(performance.samples, RATE_HZ), subtype="PCM_24")
    write_midi(midi_path, plan, performance.parts, performance.hits)
    return RenderedVariant(
        label=plan.label,
        style=plan.style,
        provider=provider,
        audio=str(audio_path),
        midi=str(midi_path),
        pictures=_pictures(plan, performance, out_dir),
        duration_s=round(len(performance.samples) / RATE_HZ, 3),
        tempo_bpm=round(plan.tempo_bpm, 2),
        key=plan.key,
        chords=half_bar_symbols(plan),
        integrated_lufs=round(performance.loudness.integrated_lufs, 2),
        true_peak_dbtp=round(performance.loudness.true_peak_dbtp, 2),
        sound_font=performance.sound_font,
    )


def half_bar_symbols(plan: VariantPlan) -> list[str]:
    """The chord symbol on each half bar, as lead sheets write it."""
    return [chord_at(plan.chords, beat).symbol for beat in np.arange(0.0, plan.total_beats, plan.bar_beats / 2)]


def _unmasked(
    composition: Composition,
    label: Literal["A", "B"],
    hum: Audio | None,
    sound_font: SoundFont | None,
    progress: Progress,
) -> tuple[VariantPlan, Performance]:
    """The plan and its rendering, or the alternative's where the first masks the melody."""
    plan = composition.variants[label]
    performance = play(composition, plan, hum, sound_font, progress)
    if label in composition.alternatives and _melody_z(plan, performance) < SIMILARITY_FLOOR_Z:
        plan = composition.alternatives[label]
        performance = play(composition, plan, hum, sound_font)
    return plan, performance


def _melody_z(plan: VariantPlan, performance: Performance) -> float:
    """z of the first statement of the melody in the master."""
    second = 60.0 / plan.tempo_bpm
    first = [s for s in plan.sections if s.statement == 1]
    start, end = (beat * plan.bar_beats for beat in (first[0].start_bar, first[-1].start_bar + first[-1].bars))
    stated = [n for n in plan.melody if n.voice == "lead" and start <= n.beat < end]
    contour = contour_of([(n.midi, n.beats * second) for n in stated])
    return input_similarity(contour, Audio(performance.samples, RATE_HZ)).z


def play(
    composition: Composition,
    plan: VariantPlan,
    hum: Audio | None = None,
    sound_font: SoundFont | None = None,
    progress: Progress = unwatched,
) -> Performance:
    """Arrange, perform, render, mix and master a plan. Its seed decides every random choice."""
    try:
        return _play(composition, plan, hum, sound_font, progress)
    except SoundFontFailed:
        return _play(composition, plan, hum, None, progress)


def _play(
    composition: Composition,
    plan: VariantPlan,
    hum: Audio | None,
    sound_font: SoundFont | None,
    progress: Progress,
) -> Performance:
    arrangement = arrange(plan)
    style = arrangement.style
    clock = clock_for(plan, style)
    frames = round(plan.duration_s * RATE_HZ)
    mixer = Mixer(style, frames, plan.tempo_bpm, plan.seed)
    parts = []
    for number, (part, played) in enumerate(played_parts(arrangement, plan)):
        progress(number / (len(arrangement.parts) + DRUMS_AND_MASTER_PARTS))
        parts.append((part, played))
        lead_db = plan.lead_gain_db if part.layer.role == "lead" else 0.0
        layer = replace(part.layer, gain_db=part.layer.gain_db + lead_db)
        if sound_font is not None and layer.instrument in INSTRUMENTS:
            mixer.add_part(layer, sound_font.part(part, played, plan, frames))
        else:
            mixer.add_part(layer, render_part(part, played, frames, plan.seed))
    if hum is not None and composition.voice:
        mixer.add_part(VOICE_LAYER, tuned_voice(hum, composition, plan, clock, frames))
    progress(len(arrangement.parts) / (len(arrangement.parts) + DRUMS_AND_MASTER_PARTS))
    hits = perform_drums(arrangement.drums, clock, plan.seed)
    if sound_font is not None and style.kit in SAMPLED_KITS:
        mixer.add_drums(sound_font.drums(style.kit, hits, plan, frames))
    else:
        mixer.add_drums(render_drums(style.kit, hits, frames, plan.seed))
    sections = [(clock.seconds(s.start_bar * plan.bar_beats), s.energy) for s in plan.sections]
    samples, loudness = master(mixer.finish(sections), plan.tilt_db, plan.fade_s)
    played_by = sound_font.name if sound_font else None
    return Performance(arrangement, parts, hits, samples, loudness, played_by)


def _pictures(plan: VariantPlan, performance: Performance, out_dir: Path) -> dict[str, str]:
    try:
        from soundstage.music.artwork.plots import (  # noqa: PLC0415  (Pillow: worker only)
            draw_piano_roll,
            draw_spectrogram,
        )
    except ModuleNotFoundError as missing:
        if (missing.name or "").split(".")[0] != "PIL":
            raise
        return {}
    roll, spectrogram = out_dir / f"{plan.label}_piano_roll.png", out_dir / f"{plan.label}_spectrogram.png"
    draw_piano_roll(roll, plan, performance.parts)
    draw_spectrogram(spectrogram, performance.samples, RATE_HZ)
    return {"piano_roll": str(roll), "spectrogram": str(spectrogram)}
