"""Who makes a film: providers that a person has set up, and after them our own voices, pictures and music."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

from soundstage.film.own_figures import OwnFigures
from soundstage.film.own_files import OwnMaterial, OwnSource
from soundstage.film.own_pictures import OwnPictures
from soundstage.film.ports import Animator, Composer, Crew, Painter, Speaker
from soundstage.models.errors import InvalidInput
from soundstage.models.film import FilmSettings
from soundstage.models.profiles import (
    AnyTerms,
    BedrockImages,
    ComfyUi,
    ModelNode,
    OpenAiImages,
    OpenAiSpeech,
    PollySpeech,
    ProfileKind,
    ProfileTerms,
    Replicate,
    SdTurbo,
    StableVideo,
)
from soundstage.models.providers import EMBEDDED
from soundstage.providers.account import Account
from soundstage.providers.aws import AwsClients, no_clients
from soundstage.providers.clip.replicate import ReplicateProvider
from soundstage.providers.clip.request import ClipProvider
from soundstage.providers.clip.stable_video import StableVideoProvider
from soundstage.providers.errors import Unsupported
from soundstage.providers.film.absent import AbsentAnimator, AbsentPainter, AbsentSpeaker
from soundstage.providers.film.animating import ProviderAnimator
from soundstage.providers.film.embedded import AlignerApart, EmbeddedComposer, PainterApart, SpeakerApart, TrackComposer
from soundstage.providers.film.pictures import ProviderPainter
from soundstage.providers.film.speaking import ProviderSpeaker, Understudy
from soundstage.providers.image.bedrock import BedrockImageProvider
from soundstage.providers.image.comfyui import ComfyUiProvider
from soundstage.providers.image.node import Heard, NodeProvider
from soundstage.providers.image.openai import OpenAiImageProvider
from soundstage.providers.image.prompts import MAX_CHARACTERS
from soundstage.providers.image.request import ImageProvider
from soundstage.providers.image.sd_turbo import SdTurboProvider
from soundstage.providers.speech.openai import OpenAiSpeechProvider
from soundstage.providers.speech.polly import PollyProvider
from soundstage.providers.speech.request import SpeechProvider


@dataclass(frozen=True)
class OpenProfile:
    """A profile with its key, in the process that uses it."""

    terms: ProfileTerms
    key: SecretStr | None = None


@dataclass(frozen=True)
class Outside:
    """A person's providers, by kind, and who pays them. ``public_only``: they have to be in the internet."""

    profiles: Mapping[ProfileKind, OpenProfile]
    account: Account
    public_only: bool
    aws: AwsClients = no_clients
    weights: Mapping[str, Path] = field(default_factory=dict)
    """Of models that run in this process: protocol → folder."""
    callback_url: str | None = None
    """Where a model node says that it is done."""
    heard: Heard = field(default=lambda _: None)


def crew(
    settings: FilmSettings,
    outside: Outside | None = None,
    own: OwnMaterial | None = None,
) -> Crew:
    """The crew for these settings, best first, our own last; what a person brings is taken before anything is made in
    its place.

    A name in the settings is never opened: it may come from somebody else's machine. Raises InvalidInput where the
    settings ask for music of one's own and there is none.
    """
    own = own or OwnMaterial()
    ours: Painter = PainterApart()
    if own.figures:
        ours = OwnFigures(own.figures, ours)
    speakers: list[Speaker] = [SpeakerApart()]
    painters: list[Painter] = [ours]
    if _wanted(settings, "speech"):
        speakers = [_speaker(outside), Understudy(speakers[0])]
    if _wanted(settings, "image"):
        painters = [_painter(outside, ours), ours]
    if own.pictures:
        painters = [OwnPictures(own.pictures, painter) for painter in painters]
    animators = [_animator(outside)] if _wanted(settings, "clip") else []
    return Crew(
        speakers,
        painters,
        _composer(settings, own.music),
        animators,
        recordings=own.recordings,
        narration=own.narration,
        aligner=AlignerApart(),
    )


def _wanted(settings: FilmSettings, kind: ProfileKind) -> bool:
    return settings.providers.get(kind, EMBEDDED) != EMBEDDED


def _speaker(outside: Outside | None) -> Speaker:
    profile = outside.profiles.get("speech") if outside else None
    if outside is None or profile is None:
        return AbsentSpeaker()
    return ProviderSpeaker(speech_provider(profile, outside), outside.account)


def _painter(outside: Outside | None, ours: Painter) -> Painter:
    profile = outside.profiles.get("image") if outside else None
    if outside is None or profile is None:
        return AbsentPainter()
    terms = profile.terms
    return ProviderPainter(
        image_provider(profile, outside),
        outside.account,
        called=_called(terms),
        patience_s=terms.patience_s,
        longest_prompt=_longest_prompt(terms),
        sketcher=ours if isinstance(terms, OpenAiImages) and terms.takes_reference else None,
    )


def _animator(outside: Outside | None) -> Animator:
    profile = outside.profiles.get("clip") if outside else None
    if outside is None or profile is None:
        return AbsentAnimator()
    terms = profile.terms
    return ProviderAnimator(
        clip_provider(profile, outside),
        outside.account,
        called=_called(terms),
        terms=terms.model_dump(mode="json", exclude={"patience_s", "price_usd"}),
        patience_s=terms.patience_s,
    )


def clip_provider(profile: OpenProfile, outside: Outside) -> ClipProvider:
    """Raises Unsupported for a profile of another kind."""
    match profile.terms:
        case Replicate() as terms:
            return ReplicateProvider(terms, profile.key, public_only=outside.public_only)
        case StableVideo() as terms:
            return StableVideoProvider(terms, outside.weights.get(terms.protocol))
    raise Unsupported("This profile makes no clips.")


def speech_provider(profile: OpenProfile, outside: Outside) -> SpeechProvider:
    """Raises Unsupported for a profile of another kind."""
    match profile.terms:
        case OpenAiSpeech() as terms:
            return OpenAiSpeechProvider(terms, profile.key, public_only=outside.public_only)
        case PollySpeech() as terms:
            return PollyProvider(terms, profile.key, clients=outside.aws)
    raise Unsupported("This profile does not speak.")


def image_provider(profile: OpenProfile, outside: Outside) -> ImageProvider:
    """Raises Unsupported for a profile of another kind."""
    match profile.terms:
        case OpenAiImages() as terms:
            return OpenAiImageProvider(terms, profile.key, public_only=outside.public_only)
        case BedrockImages() as terms:
            return BedrockImageProvider(terms, profile.key, clients=outside.aws)
        case ComfyUi() as terms:
            return ComfyUiProvider(terms, profile.key, public_only=outside.public_only)
        case ModelNode() as terms:
            return NodeProvider(
                terms,
                profile.key,
                public_only=outside.public_only,
                callback_url=outside.callback_url,
                heard=outside.heard,
            )
        case SdTurbo() as terms:
            return SdTurboProvider(terms, outside.weights.get(terms.protocol))
    raise Unsupported("This profile does not paint.")


def _called(terms: AnyTerms) -> str:
    """What the making-of says of who made a part."""
    return f"{terms.protocol} {getattr(terms, 'model', '')}".strip()


def _longest_prompt(terms: AnyTerms) -> int:
    """In characters: what services state, and where they count tokens, about as many."""
    if isinstance(terms, SdTurbo):
        return 300  # 77 tokens of CLIP
    if isinstance(terms, BedrockImages) and "stability." not in terms.model:
        return 500 if "titan" in terms.model else 1000  # 512 and 1,024 (Bedrock user guide)
    return MAX_CHARACTERS


def _composer(settings: FilmSettings, own: OwnSource | None) -> Composer | None:
    if settings.music.source == "none":
        return None
    if settings.music.source == "embedded":
        return EmbeddedComposer()
    if own is None:
        raise InvalidInput("music: there is no file of your own music here.")
    return TrackComposer(own)
