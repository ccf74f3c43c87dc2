"""Pictures by Amazon Bedrock's InvokeModel: Amazon's own models and Stability's, each with a body of its own.

The bodies are those of the Bedrock user guide, "Amazon Nova Canvas" and "Stable Image Core request and response".
"""

import base64
import binascii
import json
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from soundstage.models.profiles import BedrockImages
from soundstage.providers.aws import AwsClients, client_for, submitted
from soundstage.providers.errors import Failed, Refused
from soundstage.providers.image.request import ImageRequest, pixels
from soundstage.providers.protocol import AnsweredAtOnce, Estimate, Reference, Submitted

WHO = "Bedrock"
SECONDS = 20.0
SEEDS = {"amazon": 858_993_460, "stability": 4_294_967_296}
"""Seeds are below these."""


class BedrockImageProvider(AnsweredAtOnce):
    name = "bedrock_images"
    who = WHO
    repeatable = False

    def __init__(self, terms: BedrockImages, key: SecretStr | None, *, clients: AwsClients) -> None:
        self._terms, self._key, self._clients = terms, key, clients

    def fingerprint(self, request: ImageRequest) -> str:
        decides = self._terms.model_dump(mode="json", include={"region", "model", "cfg_scale", "sizes"})
        return request.fingerprint(self.name, decides)

    def estimate(self, request: ImageRequest) -> Estimate:  # noqa: ARG002
        return Estimate(usd=self._terms.price_usd, seconds=SECONDS)

    def submit(self, request: ImageRequest, idempotency_key: str, folder: Path) -> Submitted:
        client = client_for(self._clients, "bedrock-runtime", self._terms, self._key)
        body = json.dumps(self._body(request))
        answer = submitted(
            lambda: json.loads(
                client.invoke_model(
                    modelId=self._terms.model, body=body, contentType="application/json", accept="application/json"
                )["body"].read()
            ),
            WHO,
        )
        path = folder / "bedrock_images.picture"
        path.write_bytes(_picture_in(answer))
        return Submitted(Reference(provider=self.name, id=idempotency_key), result=path)

    def _body(self, request: ImageRequest) -> dict[str, Any]:
        if "stability." in self._terms.model:
            return {
                "prompt": request.prompt,
                "negative_prompt": request.negative,
                "mode": "text-to-image",
                "aspect_ratio": request.aspect,
                "seed": request.seed % SEEDS["stability"],
                "output_format": "png",
            }
        wide, high = pixels(self._terms.sizes.get(request.aspect, "1024x1024"))
        return {
            "taskType": "TEXT_IMAGE",
            "textToImageParams": {"text": request.prompt, "negativeText": request.negative},
            "imageGenerationConfig": {
                "numberOfImages": 1,
                "width": wide,
                "height": high,
                "cfgScale": self._terms.cfg_scale,
                "seed": request.seed % SEEDS["amazon"],
            },
        }


def _picture_in(answer: Any) -> bytes:
    """Raises Refused for one that a filter took, Failed for none."""
    if not isinstance(answer, dict):
        raise Failed(f"{WHO} answered without a picture.")
    reasons = [reason for reason in answer.get("finish_reasons") or [] if reason]
    if answer.get("error") or any(str(reason).startswith("Filter reason") for reason in reasons):
        raise Refused(f"{WHO} does not want to paint this.")
    try:
        return base64.b64decode(answer["images"][0], validate=True)
    except (KeyError, IndexError, TypeError, binascii.Error, ValueError) as error:
        raise Failed(f"{WHO} answered without a picture.") from error
