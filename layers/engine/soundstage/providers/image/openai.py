"""Pictures from any server of OpenAI's images API (its API reference, "Images").

``POST /images/generations``, or ``/images/edits`` where our own picture of the shot goes along. They answer when the
picture is there, with its bytes or with where it lies.
"""

import base64
import binascii
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from soundstage.models.profiles import OpenAiImages
from soundstage.providers.errors import Failed
from soundstage.providers.http import Times, Wire, bearer
from soundstage.providers.image.request import ImageRequest
from soundstage.providers.protocol import AnsweredAtOnce, Estimate, Fetched, Reference, Submitted

WHO = "The image service"
SECONDS = 40.0
"""That a picture takes them, about."""
MAX_ANSWER_BYTES = 48 << 20
ANSWERS_IN_BASE64 = ("gpt-image", "chatgpt-image")
"""Models that never answer otherwise, and refuse to be asked for it."""


class OpenAiImageProvider(AnsweredAtOnce):
    name = "openai_images"
    who = WHO
    repeatable = False

    def __init__(
        self, terms: OpenAiImages, key: SecretStr | None, *, public_only: bool, times: Times | None = None
    ) -> None:
        self._terms = terms
        self._wire = Wire(
            terms.url,
            who=WHO,
            headers=bearer(key),
            times=times or Times(read=terms.patience_s, whole=terms.patience_s),
            max_json_bytes=MAX_ANSWER_BYTES,
            public_only=public_only,
        )

    def fingerprint(self, request: ImageRequest) -> str:
        decides = self._terms.model_dump(mode="json", include={"url", "model", "quality", "sizes", "takes_reference"})
        return request.fingerprint(self.name, decides)

    def estimate(self, request: ImageRequest) -> Estimate:  # noqa: ARG002
        return Estimate(usd=self._terms.price_usd, seconds=SECONDS)

    def submit(self, request: ImageRequest, idempotency_key: str, folder: Path) -> Submitted:
        fields: dict[str, Any] = {
            "model": self._terms.model,
            "prompt": request.prompt,
            "n": 1,
            "size": self._terms.sizes.get(request.aspect, "1024x1024"),
            **({"quality": self._terms.quality} if self._terms.quality else {}),
            **({"seed": request.seed} if self._terms.takes_seed else {}),
            **({} if self._terms.model.startswith(ANSWERS_IN_BASE64) else {"response_format": "b64_json"}),
        }
        if self._terms.takes_reference and request.reference is not None:
            sketch = ("sketch.jpg", request.reference.read_bytes(), "image/jpeg")
            text = {name: str(value) for name, value in fields.items()}
            answer = self._wire.submit_for_json(
                "/images/edits", idempotency_key=idempotency_key, data=text, files={"image": sketch}
            )
        else:
            answer = self._wire.submit_for_json("/images/generations", idempotency_key=idempotency_key, json=fields)
        return self._taken(answer, folder, idempotency_key)

    def fetch(self, reference: Reference, request: ImageRequest, folder: Path) -> Fetched:
        """Only where they answered with an address."""
        if not reference.id.startswith(("https://", "http://")):
            return super().fetch(reference, request, folder)
        download = self._wire.download_elsewhere(reference.id, folder / "openai_images.picture")
        return Fetched(download.path, download.sha256)

    def check(self) -> None:
        """Whether they are there and take our key; costs nothing. Raises ProviderError."""
        self._wire.look("/models")

    def _taken(self, answer: Any, folder: Path, idempotency_key: str) -> Submitted:
        try:
            entry = answer["data"][0]
            encoded, url = entry.get("b64_json"), entry.get("url")
        except (KeyError, IndexError, TypeError, AttributeError) as error:
            raise Failed(f"{WHO} answered without a picture.") from error
        if isinstance(encoded, str):
            path = folder / "openai_images.picture"
            try:
                path.write_bytes(base64.b64decode(encoded, validate=True))
            except (binascii.Error, ValueError) as error:
                raise Failed(f"{WHO} answered with a damaged picture.") from error
            return Submitted(Reference(provider=self.name, id=idempotency_key), result=path)
        if isinstance(url, str):
            return Submitted(Reference(provider=self.name, id=url))
        raise Failed(f"{WHO} answered without a picture.")
