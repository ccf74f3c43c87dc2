"""SD-Turbo by diffusers in this very process: weights that are on the worker, nothing downloaded, nothing paid."""

from pathlib import Path

from soundstage.media.files import sha256_of
from soundstage.models.profiles import SdTurbo
from soundstage.providers.diffusion import PIPELINES, InThisProcess, loaded, seeded
from soundstage.providers.errors import Failed
from soundstage.providers.gpu_time import gpu_time
from soundstage.providers.image.request import ImageRequest, pixels
from soundstage.providers.protocol import Estimate, Fetched, Reference

WHO = "SD-Turbo"
SECONDS = 30.0


class SdTurboProvider(InThisProcess):
    name = "sd_turbo"
    who = WHO

    def __init__(self, terms: SdTurbo, weights: Path | None) -> None:
        self._terms, self._weights = terms, weights

    def fingerprint(self, request: ImageRequest) -> str:
        decides = self._terms.model_dump(mode="json", include={"steps", "cfg_scale", "sizes"})
        return request.fingerprint(self.name, decides | {"weights": self._weights and self._weights.name})

    def estimate(self, request: ImageRequest) -> Estimate:  # noqa: ARG002
        return Estimate(usd=0.0, seconds=SECONDS)

    def fetch(self, reference: Reference, request: ImageRequest, folder: Path) -> Fetched:  # noqa: ARG002
        """This is where it is painted: there is nobody else to wait for."""
        pipeline = loaded(PIPELINES[self.name], str(self._weights), WHO)
        wide, high = pixels(self._terms.sizes.get(request.aspect, "512x512"))
        path = folder / "sd_turbo.png"
        try:
            with gpu_time.on(pipeline.device):
                painted = pipeline(
                    prompt=request.prompt,
                    negative_prompt=request.negative if self._terms.cfg_scale > 1 else None,
                    num_inference_steps=self._terms.steps,
                    guidance_scale=self._terms.cfg_scale,
                    width=wide,
                    height=high,
                    generator=seeded(request.seed),
                ).images[0]
        except (RuntimeError, ValueError) as error:  # torch's name for being out of memory, too
            raise Failed(f"{WHO} could not paint the picture.") from error
        painted.save(path)
        return Fetched(path, sha256_of(path))
