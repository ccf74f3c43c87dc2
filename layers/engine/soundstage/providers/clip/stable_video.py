"""Stable Video Diffusion (image to video) by diffusers in this very process: nothing downloaded, nothing paid.

The weights' licence is Stability AI's own, which asks companies above a turnover for another one: whoever puts them on
a worker has agreed to it.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from soundstage.media.encode import frame_writer
from soundstage.media.files import sha256_of
from soundstage.media.yuv import planes_of
from soundstage.models.profiles import StableVideo
from soundstage.providers.clip.request import ClipRequest
from soundstage.providers.diffusion import PIPELINES, InThisProcess, loaded, seeded
from soundstage.providers.errors import Failed
from soundstage.providers.gpu_time import gpu_time
from soundstage.providers.protocol import Estimate, Fetched, Reference

WHO = "Stable Video Diffusion"
SECONDS = 120.0
SIDE = 1024
"""Of the longer side: what the model was trained with (1024 × 576)."""
STEP = 64
"""Sides are whole multiples of it."""
DECODED_AT_ONCE = 4
CRF = "12"
"""Finer than any film, which encodes it once more."""


class StableVideoProvider(InThisProcess):
    name = "stable_video"
    who = WHO

    def __init__(self, terms: StableVideo, weights: Path | None, *, longer_side: int = SIDE) -> None:
        self._terms, self._weights, self._longer_side = terms, weights, longer_side

    def fingerprint(self, request: ClipRequest) -> str:
        decides = self._terms.model_dump(mode="json", include={"fps", "frames", "steps", "motion_bucket_id"})
        return request.fingerprint(self.name, decides | {"weights": self._weights and self._weights.name})

    def estimate(self, request: ClipRequest) -> Estimate:  # noqa: ARG002
        return Estimate(usd=0.0, seconds=SECONDS)

    def fetch(self, reference: Reference, request: ClipRequest, folder: Path) -> Fetched:  # noqa: ARG002
        """This is where it is made: there is nobody else to wait for."""
        pipeline = loaded(PIPELINES[self.name], str(self._weights), WHO)
        with Image.open(request.frame) as image:
            wide, high = sides(image.size, self._longer_side)
            first = image.convert("RGB").resize((wide, high), Image.Resampling.LANCZOS)
        try:
            with gpu_time.on(pipeline.device):
                made = pipeline(
                    first,
                    height=high,
                    width=wide,
                    num_frames=self._terms.frames,
                    num_inference_steps=self._terms.steps,
                    fps=self._terms.fps,
                    motion_bucket_id=self._terms.motion_bucket_id,
                    decode_chunk_size=DECODED_AT_ONCE,
                    generator=seeded(request.seed),
                ).frames[0]
        except (RuntimeError, ValueError) as error:  # torch's name for being out of memory, too
            raise Failed(f"{WHO} could not make the clip.") from error
        path = folder / "stable_video.mp4"
        _write(path, made, self._terms.fps)
        return Fetched(path, sha256_of(path))


def sides(size: tuple[int, int], side: int = SIDE) -> tuple[int, int]:
    """Width and height nearest to the picture's aspect that the model takes."""
    wide, high = size
    scale = side / max(wide, high)
    return max(STEP, STEP * round(wide * scale / STEP)), max(STEP, STEP * round(high * scale / STEP))


def _write(path: Path, frames: Sequence[Image.Image], fps: int) -> None:
    arguments = ["-c:v", "libx264", "-crf", CRF, "-preset", "veryfast", "-threads", "1", "-pix_fmt", "yuv420p"]
    with frame_writer(path, [*arguments, "-an", "-f", "mp4"], size=frames[0].size, frames_per_s=fps) as write:
        for frame in frames:
            write(planes_of(np.asarray(frame, np.float32) / np.float32(255)))
