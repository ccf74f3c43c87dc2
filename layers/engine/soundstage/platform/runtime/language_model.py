"""The language model that is set up for this process."""

from soundstage.platform.aws.secrets import keys_in
from soundstage.platform.settings import LanguageModelSettings
from soundstage.providers.text.chat_completions import ChatCompletions, LanguageModel


def language_model() -> LanguageModel | None:
    """None: there is none (docs/providers.md)."""
    settings = LanguageModelSettings()
    if settings.language_model is None:
        return None
    return ChatCompletions(settings.language_model, keys_in(settings.language_model_key_secret).get("api_key"))
