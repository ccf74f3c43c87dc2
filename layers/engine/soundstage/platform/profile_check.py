"""Trying a model profile: the smallest call that tells whether the provider is there and takes the key."""

from pydantic import SecretStr

from soundstage.models.profiles import (
    AnyTerms,
    BedrockConverse,
    ComfyUi,
    OpenAiChat,
    OpenAiImages,
    OpenAiSpeech,
    PollySpeech,
    Replicate,
)
from soundstage.models.providers import LanguageModelTerms
from soundstage.platform.aws import clients
from soundstage.providers.clip.replicate import ReplicateProvider
from soundstage.providers.errors import Unsupported
from soundstage.providers.http import Times
from soundstage.providers.image.comfyui import ComfyUiProvider
from soundstage.providers.image.openai import OpenAiImageProvider
from soundstage.providers.speech.openai import OpenAiSpeechProvider
from soundstage.providers.speech.polly import PollyProvider
from soundstage.providers.text.bedrock import ConverseModel
from soundstage.providers.text.chat_completions import ChatCompletions

PATIENCE_S = 20.0
"""The API's function ends after 29 s."""


def check_profile(terms: AnyTerms, key: SecretStr | None, *, public_only: bool) -> None:
    """Raises SoundstageError, which says what is wrong."""
    times = Times(connect=5.0, read=PATIENCE_S, whole=PATIENCE_S)
    hurried = terms.model_copy(update={"patience_s": PATIENCE_S})
    match hurried:
        case OpenAiChat():
            patient = LanguageModelTerms(url=hurried.url, model=hurried.model, patience_s=PATIENCE_S)
            ChatCompletions(patient, key, public_only=public_only).check()
        case OpenAiImages():
            OpenAiImageProvider(hurried, key, public_only=public_only, times=times).check()
        case OpenAiSpeech():
            OpenAiSpeechProvider(hurried, key, public_only=public_only, times=times).check()
        case ComfyUi():
            ComfyUiProvider(hurried, key, public_only=public_only, times=times).check()
        case Replicate():
            ReplicateProvider(hurried, key, public_only=public_only, times=times).check()
        case BedrockConverse():
            ConverseModel(hurried, key, clients=clients.of_another).check()
        case PollySpeech():
            PollyProvider(hurried, key, clients=clients.of_another).check()
        case _:
            raise Unsupported("No call is small enough to try this with: it is tried when it makes something.")
