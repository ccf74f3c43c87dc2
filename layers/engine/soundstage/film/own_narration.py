"""A person's own voice in place of ours: one recording of a shot's narration, with the time of every word."""

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
from pydantic import BaseModel

from soundstage.arrays import Samples
from soundstage.audio.io import Audio, AudioReader, write_wav
from soundstage.audio.resample import resample
from soundstage.audio.speech_level import levelled
from soundstage.film.narration import SPOKEN
from soundstage.film.own_files import OwnSource, Recording
from soundstage.film.part_store import fingerprint_of
from soundstage.film.ports import Aligner
from soundstage.media.files import sha256_of
from soundstage.models.errors import InvalidInput, MediaRejected
from soundstage.models.film import SPEECH_RATE_HZ, Speech
from soundstage.models.story import Language, PartId

VERSION = 1
VOICE, PROVIDER = "own", "own"
ROOM_S = 0.15
"""Of the recording kept before the first and after the last word: breath, and no cut that is heard."""
FADE_S = 0.02


class Division(BaseModel):
    """Start and end of each shot in a recording of all, in seconds."""

    spans_s: dict[PartId, tuple[float, float]]


def recorded_fingerprint(recording: Recording, text: str, aligner: Aligner, *, language: Language) -> str:
    """Of everything that the speech of a shot depends on."""
    part = [recording.source.content, recording.start_s, recording.end_s]
    return fingerprint_of(["own recording", VERSION, aligner.fingerprint, language, text, *part])


def division_fingerprint(
    narration: OwnSource, texts: Mapping[PartId, str], aligner: Aligner, *, language: Language
) -> str:
    """Of everything that the borders of shots in a recording of all of them depend on."""
    return fingerprint_of(["division", VERSION, aligner.fingerprint, language, narration.content, [*texts.items()]])


def divide_narration(
    narration: OwnSource, texts: Mapping[PartId, str], aligner: Aligner, *, language: Language
) -> Division:
    """Which part of a recording of the whole story tells which shot. Raises as ``record_shot``."""
    ends_s = aligner.divide(_read(Recording(narration)), [*texts.values()], language=language)
    return Division(spans_s=dict(zip(texts, pairwise([0.0, *ends_s]), strict=True)))


def record_shot(recording: Recording, text: str, aligner: Aligner, folder: Path, *, language: Language) -> Speech:
    """The recording in ``folder`` as mono, levelled as all voices, without the silence around it.

    Raises:
        MediaRejected: it is no sound.
        InvalidInput: nobody speaks in it, or it is too long.
    """
    samples = _read(recording)
    found = aligner.align(samples, text, language=language)
    first, last = found.words[0].start_s - ROOM_S, found.words[-1].end_s + ROOM_S
    begin, end = max(0, round(first * SPEECH_RATE_HZ)), min(len(samples), round(last * SPEECH_RATE_HZ))
    kept = levelled(_faded(samples[begin:end]), SPEECH_RATE_HZ)
    write_wav(folder / SPOKEN, Audio(kept[:, None], SPEECH_RATE_HZ))
    shift_s, duration_s = begin / SPEECH_RATE_HZ, len(kept) / SPEECH_RATE_HZ
    words = [
        word.model_copy(update={"start_s": word.start_s - shift_s, "end_s": min(word.end_s - shift_s, duration_s)})
        for word in found.words
    ]
    return Speech(
        audio=SPOKEN,
        audio_sha256=sha256_of(folder / SPOKEN),
        rate_hz=SPEECH_RATE_HZ,
        duration_s=duration_s,
        words=words,
        voice=VOICE,
        provider=PROVIDER,
        notes=list(found.notes),
    )


def _read(recording: Recording) -> Samples:
    """Mono [frames] at 24 kHz."""
    with AudioReader(recording.source.fetch()) as reader:
        reader.skip(round(recording.start_s * reader.rate_hz))
        left = None if recording.end_s is None else round((recording.end_s - recording.start_s) * reader.rate_hz)
        blocks, frames = [], 0
        for block in reader.blocks():
            blocks.append(block.mean(axis=1, dtype=np.float32))
            frames += len(block)
            if left is not None and frames >= left:
                break
        samples = np.concatenate(blocks)[:left] if blocks else np.zeros(0, np.float32)
        if not len(samples):
            raise InvalidInput("There is nothing in this part of the recording.")
        if not np.isfinite(samples).all():
            raise MediaRejected("NOT_FINITE")
        return resample(samples[:, None], reader.rate_hz, SPEECH_RATE_HZ).reshape(-1)


def _faded(samples: Samples) -> Samples:
    length = min(round(FADE_S * SPEECH_RATE_HZ), len(samples) // 2)
    ramp = ((np.arange(length) + 0.5) / max(length, 1)).astype(np.float32)
    faded = samples.copy()
    faded[:length] *= ramp
    faded[len(faded) - length :] *= ramp[::-1]
    return faded
