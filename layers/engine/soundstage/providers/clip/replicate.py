"""Clips by a model on Replicate: a prediction is begun, looked for, and its file fetched from where they keep it.

The wire is that of Replicate's HTTP API: ``POST /predictions`` (a version) or ``/models/{owner}/{name}/predictions``
(an official model), ``GET /predictions/{id}``, ``POST /predictions/{id}/cancel``. Files are kept for an hour.
"""

import base64
import io
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from soundstage.models.profiles import Replicate
from soundstage.providers.clip.request import ClipRequest
from soundstage.providers.errors import Ambiguous, Failed, Unreachable, Unsupported
from soundstage.providers.http import Times, Wire, bearer
from soundstage.providers.placeholders import filled
from soundstage.providers.protocol import Estimate, Fetched, Reference, Status, Submitted

WHO = "Replicate"
SECONDS_PER_SECOND = 30.0
"""Of their time for a second of clip, about."""
MAX_DATA_BYTES = 180_000
"""Of a picture inside the request: their API takes data URLs up to 256 kB, and base64 adds a third."""
QUALITIES = (92, 85, 75, 60, 40)


class ReplicateProvider:
    name = "replicate"
    repeatable = False

    def __init__(
        self, terms: Replicate, key: SecretStr | None, *, public_only: bool, times: Times | None = None
    ) -> None:
        self._terms = terms
        self._wire = Wire(terms.url, who=WHO, headers=bearer(key), times=times, public_only=public_only)

    def fingerprint(self, request: ClipRequest) -> str:
        decides = self._terms.model_dump(mode="json", include={"url", "model", "input", "duration_s", "fps"})
        return request.fingerprint(self.name, decides)

    def estimate(self, request: ClipRequest) -> Estimate:  # noqa: ARG002
        return Estimate(usd=self._terms.price_usd, seconds=self._terms.duration_s * SECONDS_PER_SECOND)

    def submit(self, request: ClipRequest, idempotency_key: str, folder: Path) -> Submitted:  # noqa: ARG002
        duration_s = self._terms.duration_s
        values = {
            "image": data_url(request.frame),
            "prompt": request.prompt,
            "seed": request.seed,
            "duration": int(duration_s) if duration_s == int(duration_s) else duration_s,
            "fps": self._terms.fps,
        }
        body: dict[str, Any] = {"input": filled(self._terms.input, values)}
        path = f"/models/{self._terms.model}/predictions"
        if "/" not in self._terms.model:
            path, body = "/predictions", body | {"version": self._terms.model}
        answer = self._wire.submit_for_json(path, idempotency_key=idempotency_key, json=body)
        prediction = answer.get("id") if isinstance(answer, dict) else None
        if not isinstance(prediction, str) or not prediction.isalnum():
            raise Ambiguous(f"{WHO} took the request and did not say under which number.")
        return Submitted(Reference(provider=self.name, id=prediction))

    def poll(self, reference: Reference) -> Status:
        return "done" if self._output_of(reference) else "waiting"

    def fetch(self, reference: Reference, request: ClipRequest, folder: Path) -> Fetched:  # noqa: ARG002
        url = self._output_of(reference)
        if url is None:
            raise Unreachable(f"{WHO} is not done yet.")
        download = self._wire.download_elsewhere(url, folder / "replicate.video")
        return Fetched(download.path, download.sha256)

    def cancel(self, reference: Reference) -> None:
        self._wire.tell(f"/predictions/{reference.id}/cancel")

    def check(self) -> None:
        """Whether they take our key; costs nothing. Raises ProviderError."""
        self._wire.look("/account")

    def _output_of(self, reference: Reference) -> str | None:
        """The address of the clip, or None while it is being made."""
        answer = self._wire.look(f"/predictions/{reference.id}")
        try:
            status, output = answer["status"], answer.get("output")
        except (KeyError, TypeError, AttributeError) as error:
            raise Unreachable(f"{WHO} did not answer as it should.") from error
        if status in ("failed", "canceled", "aborted"):
            raise Failed(f"{WHO} could not make the clip ({status}).")
        if status != "succeeded":
            return None
        found = output[0] if isinstance(output, list) and output else output
        if not isinstance(found, str):
            raise Failed(f"{WHO}'s model made no file.")
        return found


def data_url(picture: Path) -> str:
    """As JPEG, as good as fits. Raises Unsupported for one that never does."""
    from PIL import Image  # noqa: PLC0415  (workers have it; the API, which tries keys, has not)

    with Image.open(picture) as image:
        rgb = image.convert("RGB")
    for quality in QUALITIES:
        body = io.BytesIO()
        rgb.save(body, format="JPEG", quality=quality)
        if body.tell() <= MAX_DATA_BYTES:
            return f"data:image/jpeg;base64,{base64.b64encode(body.getvalue()).decode('ascii')}"
    raise Unsupported(f"The picture is too large for {WHO}.")
