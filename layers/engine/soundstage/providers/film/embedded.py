"""Voices, pictures and music of our own, in processes of their own, and music of a person's own: no model service."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np

from soundstage.arrays import Samples
from soundstage.audio.io import Audio, read_audio, write_wav
from soundstage.audio.resample import resample
from soundstage.audio.track_fitting import fit_track
from soundstage.film.own_files import OwnSource
from soundstage.film.painting import EmbeddedPainter, paint
from soundstage.film.processes import run_apart
from soundstage.models.film import MIX_RATE_HZ, Alignment, FilmSettings, Picture, ScoreRequest, Speech
from soundstage.models.story import Language, PartId, Shot, Storyboard
from soundstage.speech.alignment import EmbeddedAligner
from soundstage.speech.speaker import EmbeddedSpeaker

SCORE_VERSION = 1
"""Of everything that decides how scores sound: raise it when that changes."""


class EmbeddedComposer:
    """``soundstage.film.ports.Composer``: a score in the story's moods."""

    fingerprint = f"embedded score {SCORE_VERSION}"

    def compose(self, request: ScoreRequest, out: Path) -> None:
        """Raises InvalidInput for a film that is too short or too long for music."""
        run_apart(_compose, request, out)


class PainterApart(EmbeddedPainter):
    """Our own painter, in a process of its own."""

    def paint(
        self, storyboard: Storyboard, shot: Shot, settings: FilmSettings, folder: Path, *, previous_layout: str
    ) -> Picture:
        return run_apart(paint, storyboard, shot, settings, folder, previous_layout=previous_layout)


class SpeakerApart:
    """``soundstage.film.ports.Speaker``: our own voices, in a process of their own."""

    fingerprint = EmbeddedSpeaker().fingerprint

    def voices(self, storyboard: Storyboard, narrator: str | None) -> Mapping[PartId | None, str]:
        """Raises InvalidInput for a voice of another language."""
        return EmbeddedSpeaker().voices(storyboard, narrator)

    def speak(self, text: str, *, voice: str, language: Language, speed: float, out: Path) -> Speech:
        return run_apart(_speak, text, voice=voice, language=language, speed=speed, out=out)


class AlignerApart:
    """``soundstage.film.ports.Aligner``: words found in recordings, in a process of its own."""

    fingerprint = EmbeddedAligner().fingerprint

    def align(self, samples: Samples, text: str, *, language: Language) -> Alignment:
        found: Alignment = run_apart(_align, "align", samples, text, language=language)
        return found

    def divide(self, samples: Samples, texts: Sequence[str], *, language: Language) -> Sequence[float]:
        found: Sequence[float] = run_apart(_align, "divide", samples, texts, language=language)
        return found


def _align(method: Literal["align", "divide"], *args: Any, **kwargs: Any) -> Any:
    """One function for both: it stays in one process, where the readings that ``divide`` made serve ``align``."""
    return getattr(EmbeddedAligner(), method)(*args, **kwargs)


def _compose(request: ScoreRequest, out: Path) -> None:
    from soundstage.music.scoring.score import compose_score, write_score  # noqa: PLC0415  (.2 s, in its own process)

    write_score(out, compose_score(request))


def _speak(text: str, *, voice: str, language: Language, speed: float, out: Path) -> Speech:
    return EmbeddedSpeaker().speak(text, voice=voice, language=language, speed=speed, out=out)


class TrackComposer:
    """A person's own music, as long as the film: repeated on a bar where it is shorter, faded with the last shot."""

    def __init__(self, track: OwnSource) -> None:
        self._track = track
        self.fingerprint = f"own music {track.content}"

    def compose(self, request: ScoreRequest, out: Path) -> None:
        """Raises MediaRejected for a file that is no sound, InvalidInput for one that is silent."""
        audio = read_audio(self._track.fetch())
        stereo = audio.samples[:, :2] if audio.channels > 1 else np.repeat(audio.samples, 2, axis=1)
        samples = resample(stereo, audio.rate_hz, MIX_RATE_HZ)
        write_wav(out, Audio(fit_track(samples, MIX_RATE_HZ, request.duration_s), MIX_RATE_HZ))
