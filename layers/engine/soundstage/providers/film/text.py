"""The language model of a person's profile."""

from soundstage.models.profiles import BedrockConverse, OpenAiChat
from soundstage.models.providers import LanguageModelTerms
from soundstage.providers.aws import AwsClients
from soundstage.providers.errors import Unsupported
from soundstage.providers.film.crew import OpenProfile
from soundstage.providers.text.bedrock import ConverseModel
from soundstage.providers.text.chat_completions import ChatCompletions

LONGEST_PATIENCE_S = 90.0


def text_model(
    profile: OpenProfile, *, public_only: bool, aws: AwsClients, patience_s: float = LONGEST_PATIENCE_S
) -> ChatCompletions | ConverseModel:
    """Raises Unsupported for a profile of another kind."""
    match profile.terms:
        case OpenAiChat() as terms:
            waits = min(terms.patience_s, patience_s)
            patient = LanguageModelTerms(url=terms.url, model=terms.model, patience_s=waits)
            return ChatCompletions(patient, profile.key, public_only=public_only)
        case BedrockConverse() as terms:
            return ConverseModel(terms, profile.key, clients=aws)
    raise Unsupported("This profile does not write.")
