"""Who writes a project's storyboard: a language model where there is one, else rules. The one place that decides it."""

from typing import Protocol

from soundstage.models.film import FilmSettings
from soundstage.models.projects import UNTITLED, StoryOrder
from soundstage.models.providers import EMBEDDED
from soundstage.models.story import Storyboard
from soundstage.providers.text.chat_completions import LanguageModel
from soundstage.providers.text.storyboard import write_with_model
from soundstage.story.writer import write_storyboard

WITHOUT_MODEL = {
    "en": "No language model is set up here; the embedded writer wrote it.",
    "zh": "这里没有配置语言模型，由内置写手完成。",
}


class StoryWriter(Protocol):
    def write(self, order: StoryOrder, *, idempotency_key: str) -> Storyboard:
        """Raises StoryEmpty and StoryTooLong; whatever else is in the way stands in the storyboard's notes."""


class EmbeddedWriter:
    """By rules. ``note``: for the author, where another one was wanted."""

    def __init__(self, note: dict[str, str] | None = None) -> None:
        self._note = note

    def write(self, order: StoryOrder, *, idempotency_key: str) -> Storyboard:
        del idempotency_key
        board = write_storyboard(order.story, title=_title(order), language=order.settings.language)
        notes = [*board.notes, self._note[board.language]] if self._note else board.notes
        return board.model_copy(update={"notes": notes})


class ModelWriter:
    """By a language model, with the project's system prompt and what holds in its world; by rules where that fails."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model

    def write(self, order: StoryOrder, *, idempotency_key: str) -> Storyboard:
        return write_with_model(
            self._model,
            order.story,
            idempotency_key=idempotency_key,
            title=_title(order),
            language=order.settings.language,
            wishes=order.settings.system_prompts.get("text", ""),
            world=order.world,
        )


def writer_for(settings: FilmSettings, model: LanguageModel | None) -> StoryWriter:
    """``settings.providers["text"]`` says whose: embedded, or language_model, which is also meant where nothing is
    said. ``model``: the one that is set up, if any."""
    wanted = settings.providers.get("text")
    if wanted == EMBEDDED:
        return EmbeddedWriter()
    if model is None:
        return EmbeddedWriter(WITHOUT_MODEL if wanted else None)
    return ModelWriter(model)


def _title(order: StoryOrder) -> str | None:
    return None if order.title == UNTITLED else order.title
