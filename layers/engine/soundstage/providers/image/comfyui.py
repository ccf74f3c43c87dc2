"""Pictures by a ComfyUI server: a person's own workflow, filled in, queued, looked for, and fetched.

The wire is that of ComfyUI's server.py: ``POST /prompt``, ``GET /history/{id}``, ``GET /queue``, ``GET /view``; what
waits is taken out by ``POST /queue``, what runs is stopped by ``POST /interrupt``.
"""

from pathlib import Path
from urllib.parse import urlencode

from pydantic import SecretStr

from soundstage.models.profiles import ComfyUi
from soundstage.providers.errors import Ambiguous, Expired, Failed, Unreachable
from soundstage.providers.http import Times, Wire, bearer
from soundstage.providers.image.request import ImageRequest, pixels
from soundstage.providers.placeholders import filled
from soundstage.providers.protocol import Estimate, Fetched, Reference, Status, Submitted

WHO = "ComfyUI"
SECONDS = 30.0
MAX_HISTORY_BYTES = 8 << 20
"""It repeats the whole workflow."""


class ComfyUiProvider:
    name = "comfyui"
    repeatable = False

    def __init__(self, terms: ComfyUi, key: SecretStr | None, *, public_only: bool, times: Times | None = None) -> None:
        self._terms = terms
        self._wire = Wire(
            terms.url,
            who=WHO,
            headers=bearer(key),
            times=times,
            max_json_bytes=MAX_HISTORY_BYTES,
            public_only=public_only,
        )

    def fingerprint(self, request: ImageRequest) -> str:
        decides = self._terms.model_dump(mode="json", include={"url", "workflow", "steps", "cfg_scale", "sizes"})
        return request.fingerprint(self.name, decides)

    def estimate(self, request: ImageRequest) -> Estimate:  # noqa: ARG002
        return Estimate(usd=self._terms.price_usd, seconds=SECONDS)

    def submit(self, request: ImageRequest, idempotency_key: str, folder: Path) -> Submitted:  # noqa: ARG002
        wide, high = pixels(self._terms.sizes.get(request.aspect, "1024x1024"))
        values = {
            "prompt": request.prompt,
            "negative": request.negative,
            "seed": request.seed,
            "width": wide,
            "height": high,
            "steps": self._terms.steps,
            "cfg_scale": self._terms.cfg_scale,
        }
        answer = self._wire.submit_for_json(
            "/prompt",
            idempotency_key=idempotency_key,
            json={"prompt": filled(self._terms.workflow, values), "client_id": "soundstage"},
        )
        prompt_id = answer.get("prompt_id") if isinstance(answer, dict) else None
        if not isinstance(prompt_id, str) or not prompt_id:
            raise Ambiguous(f"{WHO} took the request and did not say under which number.")
        return Submitted(Reference(provider=self.name, id=prompt_id))

    def poll(self, reference: Reference) -> Status:
        if self._image_of(reference) is not None:
            return "done"
        queue = self._wire.look("/queue")
        try:
            known = [entry[1] for entry in [*queue["queue_running"], *queue["queue_pending"]]]
        except (KeyError, IndexError, TypeError) as error:
            raise Unreachable(f"{WHO} did not answer as it should.") from error
        # It may have ended between the two questions.
        if reference.id not in known and self._image_of(reference) is None:
            raise Expired(f"{WHO} does not know of the picture any more.")
        return "waiting"

    def fetch(self, reference: Reference, request: ImageRequest, folder: Path) -> Fetched:  # noqa: ARG002
        image = self._image_of(reference)
        if image is None:
            raise Unreachable(f"{WHO} is not done yet.")
        download = self._wire.download(f"view?{urlencode(image)}", folder / "comfyui.picture")
        return Fetched(download.path, download.sha256)

    def cancel(self, reference: Reference) -> None:
        self._wire.tell("/queue", json={"delete": [reference.id]})
        self._wire.tell("/interrupt", json={"prompt_id": reference.id})

    def check(self) -> None:
        """Whether it is there; costs nothing. Raises ProviderError."""
        self._wire.look("/system_stats")

    def _image_of(self, reference: Reference) -> dict[str, str] | None:
        """What names the picture, or None while it is being made."""
        history = self._wire.look(f"/history/{reference.id}")
        try:
            entry = history.get(reference.id)
            if entry is None:
                return None
            if entry.get("status", {}).get("status_str") == "error":
                raise Failed(f"{WHO} could not carry the workflow out.")
            outputs = [image for output in entry["outputs"].values() for image in output.get("images", [])]
            found = [image for image in outputs if image.get("type") == "output"] or outputs
            if not found:
                raise Failed(f"{WHO}'s workflow saves no picture.")
            return {name: str(found[0].get(name, "")) for name in ("filename", "subfolder", "type")}
        except (KeyError, AttributeError, TypeError) as error:
            raise Unreachable(f"{WHO} did not answer as it should.") from error
