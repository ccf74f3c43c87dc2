"""MusicGen-melody by Transformers, on the worker itself (the gpu image has torch; nothing else of ours needs it).

The weights (facebook/musicgen-melody and its kin) are under CC-BY-NC-4.0: not for commercial use, which whoever sets
this up has to accept in so many words. They are never downloaded here: ``weights`` is a folder.

The model hears a melody as one pitch class per 128 ms ("chroma": Copet et al., "Simple and Controllable Music
Generation", 2023, §2.3; the arg-max of a chromagram). We know the notes, so they are told exactly, without a recording
in between. It was trained on 30 s: longer songs are made in windows that overlap and are cross-faded.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soundstage.audio.io import Audio, write_wav
from soundstage.media.files import sha256_of
from soundstage.models.composition import GridNote, VariantPlan
from soundstage.models.providers import MUSICGEN_LICENCE, MusicGenTerms
from soundstage.providers.errors import Failed, Unsupported
from soundstage.providers.gpu_time import gpu_time
from soundstage.providers.library_logs import in_our_log
from soundstage.providers.music.prompts import prompt_of
from soundstage.providers.music.request import MusicRequest
from soundstage.providers.protocol import Estimate, Fetched, Reference, Status, Submitted
from soundstage.providers.resident import models

WHO = "MusicGen"
CHROMA_HZ = 32_000 / 4_096
"""Frames per second of the chroma that the model was trained with."""
WINDOW_S = 29.0
OVERLAP_S = 2.0
GUIDANCE = 3.0


class MusicGenMusic:
    name = "musicgen"
    repeatable = True

    def __init__(self, terms: MusicGenTerms) -> None:
        if terms.accept_licence != MUSICGEN_LICENCE:  # mypy and pydantic ensure it, too
            raise Unsupported(f"{WHO}'s weights are under {MUSICGEN_LICENCE}, which has not been accepted.")
        self._terms = terms

    def fingerprint(self, request: MusicRequest) -> str:
        return request.fingerprint(self.name, self._terms.model_dump(include={"weights"}))

    def estimate(self, request: MusicRequest) -> Estimate:
        return Estimate(usd=0.0, seconds=request.plan.duration_s / 60.0 * self._terms.seconds_per_minute)

    def submit(self, request: MusicRequest, idempotency_key: str, folder: Path) -> Submitted:  # noqa: ARG002
        if not Path(self._terms.weights, "config.json").is_file():
            raise Unsupported(f"{WHO}'s weights are not on this worker.")
        return Submitted(Reference(provider=self.name, id=idempotency_key))

    def poll(self, reference: Reference) -> Status:  # noqa: ARG002
        return "done"

    def fetch(self, reference: Reference, request: MusicRequest, folder: Path) -> Fetched:  # noqa: ARG002
        """This is where it is made: there is nobody else to wait for."""
        model = _loaded(self._terms.weights, self._terms.device)
        try:
            with gpu_time.on(model.device):
                samples = generate(model, request.plan)
        except RuntimeError as error:  # torch's name for being out of memory, too
            raise Failed(f"{WHO} could not make the song.") from error
        path = folder / "musicgen.wav"
        write_wav(path, Audio(samples, model.rate_hz), subtype="FLOAT")
        return Fetched(path, sha256_of(path))

    def cancel(self, reference: Reference) -> None:
        """Nothing has begun until it is fetched."""

    def warm(self) -> None:
        """Load the model where no other one has to go for it. Raises Unsupported."""
        if models.fits(_name(self._terms.weights, self._terms.device), self._terms.weights):
            _loaded(self._terms.weights, self._terms.device)


@dataclass(frozen=True)
class Loaded:
    """``network``: a ``MusicgenMelodyForConditionalGeneration``; ``tokenizer``: its text encoder's."""

    network: Any
    tokenizer: Any
    device: str

    @property
    def rate_hz(self) -> int:
        return int(self.network.config.audio_encoder.sampling_rate)

    @property
    def token_hz(self) -> float:
        return float(self.network.config.audio_encoder.frame_rate)


def _loaded(weights: str, device: str) -> Loaded:
    """Kept while memory lasts; the first song waits for it. Raises Unsupported where there is no Transformers."""
    kept: Loaded = models.get(_name(weights, device), weights, lambda: _load(weights, device))
    return kept


def _name(weights: str, device: str) -> str:
    return f"musicgen {device} {weights}"


def _load(weights: str, device: str) -> Loaded:
    try:
        import torch  # noqa: PLC0415  (gigabytes: only where a song is made with it)
        import transformers  # noqa: PLC0415
        from transformers import AutoTokenizer, MusicgenMelodyForConditionalGeneration  # noqa: PLC0415
    except ImportError as error:
        raise Unsupported(f"{WHO} needs torch and transformers, which this worker does not have.") from error
    in_our_log(transformers)
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        network = MusicgenMelodyForConditionalGeneration.from_pretrained(weights, local_files_only=True)
        tokenizer = AutoTokenizer.from_pretrained(weights, local_files_only=True)
        return Loaded(network.to(device).eval(), tokenizer, device)
    except Exception as error:  # files that are not what they should be raise whatever the library meets first
        raise Unsupported(f"{WHO}'s weights on this worker cannot be loaded.") from error


def generate(model: Loaded, plan: VariantPlan) -> NDArray[np.float32]:
    """The whole song, mono float32 [frames] at ``model.rate_hz``. The plan's seed decides on one kind of machine."""
    import torch  # noqa: PLC0415

    chroma = chroma_of(plan)
    prompt = model.tokenizer([prompt_of(plan)], return_tensors="pt", truncation=True, max_length=256).to(model.device)
    pieces = []
    for index, (start_s, end_s) in enumerate(windows(plan.duration_s)):
        heard = chroma[round(start_s * CHROMA_HZ) : round(end_s * CHROMA_HZ)]
        torch.manual_seed((plan.seed + index) % 2**31)
        with torch.inference_mode():
            sound = model.network.generate(
                input_ids=prompt["input_ids"],
                attention_mask=prompt["attention_mask"],
                input_features=torch.from_numpy(heard)[None].to(model.device),
                do_sample=True,
                guidance_scale=GUIDANCE,
                # Codebooks are delayed by one step each, so the last ones need as many steps more.
                max_new_tokens=int(np.ceil((end_s - start_s) * model.token_hz))
                + int(model.network.decoder.config.num_codebooks),
            )
        pieces.append((start_s, sound[0].float().mean(dim=0).cpu().numpy()))
    return crossfaded(pieces, plan.duration_s, model.rate_hz)


def chroma_of(plan: VariantPlan) -> NDArray[np.float32]:
    """One-hot pitch class (C first) of the melody per chroma frame, [frames, 12].

    The lead goes before the answer; a rest keeps the note before it, because a frame cannot say "nothing".
    """
    frames = int(np.ceil(plan.duration_s * CHROMA_HZ))
    sung = np.full(frames, -1)
    for voice in ("answer", "lead"):
        for note in plan.melody:
            if note.voice == voice:
                first, last = _frames_of(note, plan)
                sung[first:last] = note.midi % 12
    known = np.flatnonzero(sung >= 0)
    held = known[np.maximum(np.searchsorted(known, np.arange(frames), side="right") - 1, 0)]
    return np.asarray(np.eye(12, dtype=np.float32)[sung[held]])


def _frames_of(note: GridNote, plan: VariantPlan) -> tuple[int, int]:
    beat_frames = 60.0 / plan.tempo_bpm * CHROMA_HZ
    first = round(note.beat * beat_frames)
    return first, max(first + 1, round((note.beat + note.beats) * beat_frames))


def windows(duration_s: float) -> list[tuple[float, float]]:
    """Equal windows of at most ``WINDOW_S`` that overlap by ``OVERLAP_S`` and cover the song."""
    count = max(1, int(np.ceil((duration_s - OVERLAP_S) / (WINDOW_S - OVERLAP_S))))
    length = (duration_s + (count - 1) * OVERLAP_S) / count
    return [(i * (length - OVERLAP_S), i * (length - OVERLAP_S) + length) for i in range(count)]


def crossfaded(pieces: list[tuple[float, NDArray[np.float32]]], duration_s: float, rate_hz: int) -> NDArray[np.float32]:
    """Pieces (start in seconds, samples) laid over each other with equal-power fades."""
    out = np.zeros(round(duration_s * rate_hz), dtype=np.float32)
    fade = round(OVERLAP_S * rate_hz)
    rise = np.sin(np.linspace(0.0, np.pi / 2, fade)).astype(np.float32)
    for index, (start_s, piece) in enumerate(pieces):
        start = round(start_s * rate_hz)
        stop = len(out) if index == len(pieces) - 1 else round(pieces[index + 1][0] * rate_hz) + fade
        sound = np.zeros(stop - start, dtype=np.float32)
        sound[: len(piece)] = piece[: len(sound)]
        if index:
            sound[:fade] *= rise
        if index < len(pieces) - 1:
            sound[-fade:] *= rise[::-1]
        out[start:stop] += sound
    return out
