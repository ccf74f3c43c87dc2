"""Models of diffusers in this very process: weights that are on the worker, nothing downloaded, nothing paid."""

from pathlib import Path
from typing import Any

from soundstage.providers.errors import Unsupported
from soundstage.providers.library_logs import in_our_log
from soundstage.providers.protocol import Reference, Status, Submitted
from soundstage.providers.resident import half_precision, models

PIPELINES = {"sd_turbo": "StableDiffusionPipeline", "stable_video": "StableVideoDiffusionPipeline"}
"""By protocol, the class of diffusers."""
_FROM_FILES = {"local_files_only": True, "use_safetensors": True}
"""Else it falls back on pickles, which run what they say."""


class InThisProcess:
    """What ``Provider`` is of them but making: that happens in ``fetch``, as there is nobody else to wait for."""

    name: str
    who: str
    repeatable = True
    _weights: Path | None

    def submit(self, request: Any, idempotency_key: str, folder: Path) -> Submitted:  # noqa: ARG002
        if self._weights is None or not (self._weights / "model_index.json").is_file():
            raise Unsupported(f"{self.who}'s weights are not on this worker.")
        return Submitted(Reference(provider=self.name, id=idempotency_key))

    def poll(self, reference: Reference) -> Status:  # noqa: ARG002
        return "done"

    def cancel(self, reference: Reference) -> None:
        """Nothing has begun until it is fetched."""


def seeded(seed: int) -> Any:
    """Random numbers of the CPU, so that a seed means the same on every machine."""
    import torch  # noqa: PLC0415

    return torch.Generator("cpu").manual_seed(seed)


def loaded(pipeline_class: str, weights: str, who: str) -> Any:
    """A pipeline, kept while memory lasts; the first result waits for it. Raises Unsupported where there is no
    diffusers.
    """
    return models.get(_name(pipeline_class, weights), weights, lambda: _load(pipeline_class, weights, who))


def has_room(pipeline_class: str, weights: str) -> bool:
    """Whether ``loaded`` would let no other model go."""
    return models.fits(_name(pipeline_class, weights), weights)


def _name(pipeline_class: str, weights: str) -> str:
    return f"{pipeline_class} {weights}"


def _load(pipeline_class: str, weights: str, who: str) -> Any:
    try:
        import diffusers  # noqa: PLC0415  (gigabytes: only where something is made with it)
        import torch  # noqa: PLC0415
        import transformers  # noqa: PLC0415  (what reads prompts is loaded by it)
    except ImportError as error:
        raise Unsupported(f"{who} needs torch, diffusers and transformers, which this worker does not have.") from error
    for library in (diffusers, transformers):
        in_our_log(library)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    kind = torch.float16 if device == "cuda" else torch.float32
    kept: Any = getattr(diffusers, pipeline_class)
    variant = "fp16" if half_precision(Path(weights)) else None
    try:
        pipeline = kept.from_pretrained(weights, torch_dtype=kind, variant=variant, **_FROM_FILES)
        pipeline.set_progress_bar_config(disable=True)
        return pipeline.to(device)
    # Files that are not what they should be raise whatever the library meets first: KeyError, NotImplementedError, …
    except Exception as error:
        raise Unsupported(f"{who}'s weights on this worker cannot be loaded.") from error
