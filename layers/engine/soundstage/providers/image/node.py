"""Pictures by a model node of one's own: it gets a task, says in a signed callback when it is done, is asked for it.

``POST {url}`` with ``task_id``, what to paint and ``callback_url``; the node answers with 2xx, and later sends
``{"task_id", "status": "SUCCESS" | "FAILED", "result": {"image_url"}, "err_msg"}`` to the callback.
"""

import json
import time
from collections.abc import Callable
from pathlib import Path

from pydantic import SecretStr

from soundstage.models.node_tasks import TaskComplete, TaskResult
from soundstage.models.profiles import ModelNode
from soundstage.providers.errors import Expired, Failed, Unreachable, Unsupported
from soundstage.providers.http import Times, Wire
from soundstage.providers.image.request import ImageRequest, pixels
from soundstage.providers.protocol import Estimate, Fetched, Reference, Status, Submitted
from soundstage.providers.signatures import SIGNATURE, TIMESTAMP, sign

WHO = "The model node"
SECONDS = 30.0


Heard = Callable[[str], TaskComplete | None]
"""What a node has said of a task, if anything."""


class NodeProvider:
    name = "node"
    repeatable = False

    def __init__(
        self,
        terms: ModelNode,
        key: SecretStr | None,
        *,
        public_only: bool,
        callback_url: str | None,
        heard: Heard,
        times: Times | None = None,
    ) -> None:
        self._terms, self._key, self._callback_url, self._heard = terms, key, callback_url, heard
        self._wire = Wire(terms.url, who=WHO, times=times, public_only=public_only)

    def fingerprint(self, request: ImageRequest) -> str:
        decides = self._terms.model_dump(mode="json", include={"url", "model", "steps", "cfg_scale", "sizes"})
        return request.fingerprint(self.name, decides)

    def estimate(self, request: ImageRequest) -> Estimate:  # noqa: ARG002
        return Estimate(usd=self._terms.price_usd, seconds=SECONDS)

    def submit(self, request: ImageRequest, idempotency_key: str, folder: Path) -> Submitted:  # noqa: ARG002
        if self._key is None or self._callback_url is None:
            raise Unsupported(f"{WHO} needs a shared secret as its key, and we an address for its callback.")
        wide, high = pixels(self._terms.sizes.get(request.aspect, "768x768"))
        task = {
            "task_id": idempotency_key,
            "kind": "image",
            "model": self._terms.model,
            "prompt": request.prompt,
            "negative_prompt": request.negative,
            "seed": request.seed,
            "cfg_scale": self._terms.cfg_scale,
            "steps": self._terms.steps,
            "width": wide,
            "height": high,
            "callback_url": self._callback_url,
        }
        body, now = json.dumps(task).encode(), int(time.time())
        headers = {TIMESTAMP: str(now), SIGNATURE: sign(self._key, now, body), "Content-Type": "application/json"}
        self._wire.submit("", idempotency_key=idempotency_key, content=body, signed=headers)
        return Submitted(Reference(provider=self.name, id=idempotency_key))

    def poll(self, reference: Reference) -> Status:
        return "done" if self._said_of(reference) else "waiting"

    def fetch(self, reference: Reference, request: ImageRequest, folder: Path) -> Fetched:  # noqa: ARG002
        said = self._said_of(reference)
        if said is None:
            raise Unreachable(f"{WHO} is not done yet.")
        download = self._wire.download(said.image_url, folder / "node.picture")
        return Fetched(download.path, download.sha256)

    def cancel(self, reference: Reference) -> None:  # noqa: ARG002
        raise Unsupported(f"{WHO} cannot cancel.")

    def _said_of(self, reference: Reference) -> TaskResult | None:
        said = self._heard(reference.id)
        if said is None:
            return None
        if said.status == "FAILED":
            raise Failed(f"{WHO} could not paint the picture.")
        if said.result is None:
            raise Expired(f"{WHO} does not say where the picture is.")
        return said.result
