"""Model profiles: providers that a person has set up for their own films. Keys are not in here, except sealed.

``price_usd`` is what they ask: for one picture, one clip, one answer, or 1,000 characters of speech. Estimates and caps
go by it, so whoever is charged has to say how much.
"""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, StringConstraints

from soundstage.models.film import Aspect
from soundstage.models.ids import Id
from soundstage.models.providers import Url
from soundstage.models.story import Language
from soundstage.models.text import OneLine

ProfileKind = Literal["text", "image", "clip", "speech"]

Model = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,199}$")]
Region = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+){1,2}-[0-9]$")]
AccessKeyId = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{16,32}$")]
VoiceId = Annotated[str, StringConstraints(min_length=1, max_length=120), OneLine]
Pixels = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{2,3}x[1-9][0-9]{2,3}$")]
Price = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]


class _Terms(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    patience_s: float = Field(default=240.0, gt=0, le=1500, description="How long one result may take.")


class ProfileVoice(BaseModel):
    """A voice of a service. ``language``: the only one that it speaks; null: all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: VoiceId
    gender: Literal["female", "male"]
    age: Literal["child", "young", "adult", "old"] = "adult"
    language: Language | None = None


class OpenAiChat(_Terms):
    """A server of OpenAI's chat completions: ``url`` ends before ``/chat/completions``."""

    protocol: Literal["openai_chat"]
    url: Url
    model: Model
    price_usd: Price = 0.0


class BedrockConverse(_Terms):
    """Amazon Bedrock's Converse, paid by whose ``access_key_id`` it is: the profile's key is its secret."""

    protocol: Literal["bedrock_converse"]
    region: Region
    model: Model
    access_key_id: AccessKeyId
    price_usd: Price = 0.0


class OpenAiImages(_Terms):
    """A server of OpenAI's images: ``url`` ends before ``/images/generations``."""

    protocol: Literal["openai_images"]
    url: Url
    model: Model
    price_usd: Price
    quality: Literal["low", "medium", "high", "standard", "hd", "auto"] | None = None
    sizes: dict[Aspect, Pixels] = Field(
        default={"16:9": "1536x1024", "9:16": "1024x1536", "1:1": "1024x1024"},
        description="What to ask for, by the film's aspect; it is cut to that, never stretched.",
    )
    takes_seed: bool = Field(default=False, description="Servers of one's own do, OpenAI refuses one.")
    takes_reference: bool = Field(
        default=False,
        description="Our own picture of the shot goes along (/images/edits): figures and staging stay the same.",
    )


class BedrockImages(_Terms):
    """Image models on Amazon Bedrock: Amazon Titan and Nova Canvas, Stability's Stable Image."""

    protocol: Literal["bedrock_images"]
    region: Region
    model: Model
    price_usd: Price
    access_key_id: AccessKeyId
    cfg_scale: float = Field(default=6.5, ge=1.1, le=10, description="Of Amazon's models.")
    sizes: dict[Aspect, Pixels] = Field(
        default={"16:9": "1280x720", "9:16": "720x1280", "1:1": "1024x1024"}, description="Of Amazon's models."
    )


class ComfyUi(_Terms):
    """A ComfyUI server. ``workflow`` is in its API format; texts ``{{prompt}}``, ``{{negative}}``, ``{{seed}}``,
    ``{{width}}``, ``{{height}}``, ``{{steps}}`` and ``{{cfg_scale}}`` in it are filled in.
    """

    protocol: Literal["comfyui"]
    url: Url
    workflow: dict[str, Any] = Field(min_length=1, max_length=300)
    price_usd: Price = 0.0
    steps: int = Field(default=20, ge=1, le=150)
    cfg_scale: float = Field(default=7.0, ge=0, le=30)
    sizes: dict[Aspect, Pixels] = {"16:9": "1344x768", "9:16": "768x1344", "1:1": "1024x1024"}


class SdTurbo(_Terms):
    """SD-Turbo by diffusers, on a worker that has the weights."""

    protocol: Literal["sd_turbo"]
    steps: int = Field(default=2, ge=1, le=50)
    cfg_scale: float = Field(default=0.0, ge=0, le=30, description="The model was distilled for 0.")
    sizes: dict[Aspect, Pixels] = {"16:9": "768x432", "9:16": "432x768", "1:1": "512x512"}
    price_usd: float = Field(default=0.0, ge=0, le=0)


class ModelNode(_Terms):
    """A model node of one's own, such as a GPU at home behind a tunnel: it is given a task at ``url`` and tells us when
    it is done. The profile's key is the secret that both sign with, of at least 32 characters.
    """

    protocol: Literal["node"]
    url: Url
    model: Model = "sd_turbo"
    steps: int = Field(default=6, ge=1, le=150)
    cfg_scale: float = Field(default=5.5, ge=0, le=30)
    price_usd: Price = 0.0
    sizes: dict[Aspect, Pixels] = {"16:9": "1024x576", "9:16": "576x1024", "1:1": "768x768"}


class OpenAiSpeech(_Terms):
    """OpenAI's speech, which CosyVoice serves, too: ``url`` ends before ``/audio/speech``. The first voice tells."""

    protocol: Literal["openai_speech"]
    url: Url
    model: Model
    price_usd: Price
    voices: list[ProfileVoice] = Field(min_length=1, max_length=60)


class PollySpeech(_Terms):
    """Amazon Polly, with speech marks: they are charged as speech is, so a text is paid for twice."""

    protocol: Literal["polly"]
    region: Region
    engine: Literal["standard", "neural"] = "neural"
    access_key_id: AccessKeyId
    price_usd: Price = Field(default=0.016, description="The list price of neural voices in mid-2026.")
    voices: list[ProfileVoice] = Field(
        default=[
            ProfileVoice(id="Joanna", gender="female", language="en"),
            ProfileVoice(id="Matthew", gender="male", language="en"),
            ProfileVoice(id="Ruth", gender="female", age="young", language="en"),
            ProfileVoice(id="Ivy", gender="female", age="child", language="en"),
            ProfileVoice(id="Kevin", gender="male", age="child", language="en"),
            ProfileVoice(id="Zhiyu", gender="female", language="zh"),
        ],
        min_length=1,
        max_length=60,
    )


class StableVideo(_Terms):
    """Stable Video Diffusion by diffusers, on a worker that has the weights."""

    protocol: Literal["stable_video"]
    fps: int = Field(default=7, ge=3, le=30)
    frames: int = Field(default=25, ge=8, le=60)
    steps: int = Field(default=25, ge=1, le=100)
    motion_bucket_id: int = Field(default=127, ge=1, le=255, description="More is more motion.")
    price_usd: float = Field(default=0.0, ge=0, le=0)


class Replicate(_Terms):
    """An image-to-video model on Replicate. ``input`` is the model's; texts ``{{image}}``, ``{{prompt}}``,
    ``{{seed}}``, ``{{duration}}`` and ``{{fps}}`` in it are filled in.
    """

    protocol: Literal["replicate"]
    url: Url = "https://api.replicate.com/v1"
    model: Annotated[str, StringConstraints(pattern=r"^([a-z0-9][a-z0-9._-]*/[a-z0-9][a-z0-9._-]*|[0-9a-f]{64})$")] = (
        Field(description="owner/name of an official model, or the id of a version.")
    )
    input: dict[str, Any] = Field(
        default={"image": "{{image}}", "prompt": "{{prompt}}", "seed": "{{seed}}"}, min_length=1, max_length=60
    )
    price_usd: Price
    duration_s: float = Field(default=5.0, gt=0, le=20)
    fps: int = Field(default=24, ge=3, le=60)


TextTerms: TypeAlias = OpenAiChat | BedrockConverse
ImageTerms: TypeAlias = OpenAiImages | BedrockImages | ComfyUi | SdTurbo | ModelNode
SpeechTerms: TypeAlias = OpenAiSpeech | PollySpeech
ClipTerms: TypeAlias = StableVideo | Replicate
AnyTerms: TypeAlias = TextTerms | ImageTerms | SpeechTerms | ClipTerms
ProfileTerms = Annotated[AnyTerms, Field(discriminator="protocol")]

KINDS: dict[str, ProfileKind] = {
    "openai_chat": "text",
    "bedrock_converse": "text",
    "openai_images": "image",
    "bedrock_images": "image",
    "comfyui": "image",
    "sd_turbo": "image",
    "node": "image",
    "openai_speech": "speech",
    "polly": "speech",
    "stable_video": "clip",
    "replicate": "clip",
}


class Sealed(BaseModel):
    """A secret under envelope encryption (``platform.envelope``): bytes in base64."""

    wrapped_key: str = Field(description="The data key, encrypted by the master key.")
    nonce: str
    ciphertext: str


class SealedProfile(BaseModel):
    """A profile as it travels from the catalog to a worker, which alone opens it."""

    profile_id: Id
    owner_id: Id
    name: str
    terms: ProfileTerms
    sealed: Sealed | None = None

    @property
    def kind(self) -> ProfileKind:
        return KINDS[self.terms.protocol]

    @property
    def bound_to(self) -> dict[str, str]:
        """What the sealed key belongs to: taken elsewhere, it cannot be opened."""
        return {"profile_id": self.profile_id, "owner_id": self.owner_id, "recipient": recipient_of(self.terms)}


def recipient_of(terms: AnyTerms) -> str:
    """Who would see the key: scheme, host and port of a server, or whose key of AWS it is."""
    url = getattr(terms, "url", None)
    if isinstance(url, str):
        parts = HttpUrl(url)
        return f"{parts.scheme}://{parts.host}:{parts.port}"
    return f"{terms.protocol} {getattr(terms, 'access_key_id', None) or ''}".strip()
