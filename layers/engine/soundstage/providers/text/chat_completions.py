"""Language models: the Protocol, the wire that nearly all of them speak, and answers that can be relied on.

What a model says is data: JSON that is found, repaired where its meaning is clear, and validated. Nothing else of it
goes anywhere.
"""

import json
import re
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, SecretStr, ValidationError

from soundstage.models.providers import LanguageModelTerms
from soundstage.providers.errors import Failed
from soundstage.providers.http import Times, Wire

M = TypeVar("M", bound=BaseModel)

WHO = "The language model"
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")


class LanguageModel(Protocol):
    def answer(self, messages: list[dict[str, str]], *, idempotency_key: str) -> str:
        """``messages``: ``{"role": "system" | "user" | "assistant", "content"}``. Raises a ProviderError."""


class ChatCompletions:
    """``POST {url}/chat/completions``, asked for JSON."""

    def __init__(self, terms: LanguageModelTerms, key: SecretStr | None = None) -> None:
        self._terms = terms
        headers = {"Authorization": SecretStr(f"Bearer {key.get_secret_value()}")} if key else {}
        times = Times(read=terms.patience_s, whole=terms.patience_s)
        self._wire = Wire(terms.url, who=WHO, headers=headers, times=times)

    def answer(self, messages: list[dict[str, str]], *, idempotency_key: str) -> str:
        said = self._wire.submit_for_json(
            "/chat/completions",
            idempotency_key=idempotency_key,
            json={"model": self._terms.model, "messages": messages, "response_format": {"type": "json_object"}},
        )
        try:
            content = said["choices"][0]["message"]["content"]
        except (KeyError, IndexError, TypeError) as error:
            raise Failed(f"{WHO} did not answer as it should.") from error
        if not isinstance(content, str):
            raise Failed(f"{WHO} had nothing to say.")
        return content


def ask(model: LanguageModel, kind: type[M], *, task: str, given: dict[str, Any], idempotency_key: str) -> M:
    """An answer of this kind to ``task``, about what is ``given``. One that makes no sense is asked for once more.

    Raises a ProviderError.
    """
    schema = json.dumps(kind.model_json_schema(), ensure_ascii=False)
    messages = [
        {
            "role": "system",
            "content": f"{task}\nAnswer with one JSON object and nothing else. It follows this JSON Schema:\n{schema}",
        },
        {"role": "user", "content": json.dumps(given, ensure_ascii=False)},
    ]
    said = model.answer(messages, idempotency_key=f"{idempotency_key}-1")
    try:
        return repaired(said, kind)
    except ValueError as error:
        why = f"That is not it: {error}. Answer again, with the JSON object alone."
    messages += [{"role": "assistant", "content": said}, {"role": "user", "content": why}]
    try:
        return repaired(model.answer(messages, idempotency_key=f"{idempotency_key}-2"), kind)
    except ValueError as error:
        raise Failed(f"{WHO} did not answer as it should.") from error


def repaired(said: str, kind: type[M]) -> M:
    """The object in what was said, without the fields that are wrong and can be missed.

    Raises ValueError, with a reason, where there is none, or where nothing of it is right.
    """
    found = {name: value for name, value in _object_in(said).items() if name in kind.model_fields}
    try:
        return kind.model_validate(found)
    except ValidationError as error:
        wrong = {str(problem["loc"][0]) for problem in error.errors() if problem["loc"]}
        reason = "; ".join(f"{'.'.join(map(str, p['loc']))}: {p['msg']}" for p in error.errors(include_url=False)[:5])
    kept = {name: value for name, value in found.items() if name not in wrong}
    if not any(value is not None for value in kept.values()):
        raise ValueError(reason)
    try:
        return kind.model_validate(kept)
    except ValidationError as error:
        raise ValueError(reason) from error


def _object_in(said: str) -> dict[str, Any]:
    """From the first brace to the last: models wrap JSON in a sentence or a fence, and end lists with commas."""
    start, end = said.find("{"), said.rfind("}")
    text = said[start : end + 1] if 0 <= start < end else ""
    for candidate in (text, _TRAILING_COMMA.sub("", text)):
        try:
            found = json.loads(candidate)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            return found
    raise ValueError("there is no JSON object in it")
