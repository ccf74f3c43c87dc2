"""Language models: the Protocol, the chat completions API that nearly all of them have, and validated answers.

An answer is data: JSON that is found in it, repaired where its meaning is clear, and validated. Nothing else of it is
used.
"""

import json
import re
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, SecretStr, ValidationError

from soundstage.models.providers import LanguageModelTerms
from soundstage.providers.errors import Failed
from soundstage.providers.http import Times, Wire, bearer

M = TypeVar("M", bound=BaseModel)

WHO = "The language model"
"""In messages about it."""

_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")


class LanguageModel(Protocol):
    def answer(self, messages: list[dict[str, str]], *, idempotency_key: str) -> str:
        """The text of the model's answer to ``messages``: ``{"role": "system" | "user" | "assistant", "content"}``.

        The same ``idempotency_key`` is for the same question. Raises a ProviderError.
        """


class ChatCompletions:
    """``POST {url}/chat/completions`` (OpenAI's API reference, "Chat Completions"), asked for a JSON object."""

    def __init__(self, terms: LanguageModelTerms, key: SecretStr | None = None, *, public_only: bool = False) -> None:
        self._terms = terms
        times = Times(read=terms.patience_s, whole=terms.patience_s)
        self._wire = Wire(terms.url, who=WHO, headers=bearer(key), times=times, public_only=public_only)

    def answer(self, messages: list[dict[str, str]], *, idempotency_key: str) -> str:
        completion = self._wire.submit_for_json(
            "/chat/completions",
            idempotency_key=idempotency_key,
            json={"model": self._terms.model, "messages": messages, "response_format": {"type": "json_object"}},
        )
        try:
            content = completion["choices"][0]["message"]["content"]
        except (KeyError, IndexError, TypeError) as error:
            raise Failed(f"{WHO} did not answer as it should.") from error
        if not isinstance(content, str):
            raise Failed(f"{WHO} had nothing to say.")
        return content

    def check(self) -> None:
        """The shortest answer that there is, to see whether they are there and take our key. Raises a ProviderError."""
        asked = {"model": self._terms.model, "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 1}
        self._wire.ask("/chat/completions", json=asked)


def ask(model: LanguageModel, kind: type[M], *, task: str, given: dict[str, Any], idempotency_key: str) -> M:
    """A model's answer to ``task``, about what is ``given``, as an object of this ``kind``.

    An answer that cannot be validated is asked for once more, with the reason. Raises a ProviderError.
    """
    schema = json.dumps(kind.model_json_schema(), ensure_ascii=False)
    messages = [
        {
            "role": "system",
            "content": f"{task}\nAnswer with one JSON object and nothing else. It follows this JSON Schema:\n{schema}",
        },
        {"role": "user", "content": json.dumps(given, ensure_ascii=False)},
    ]
    answer = model.answer(messages, idempotency_key=f"{idempotency_key}-1")
    try:
        return repaired(answer, kind)
    except ValueError as error:
        why = f"That is not it: {error}. Answer again, with the JSON object alone."
    messages += [{"role": "assistant", "content": answer}, {"role": "user", "content": why}]
    try:
        return repaired(model.answer(messages, idempotency_key=f"{idempotency_key}-2"), kind)
    except ValueError as error:
        raise Failed(f"{WHO} did not answer as it should.") from error


def repaired(answer: str, kind: type[M]) -> M:
    """The object in an answer, validated, without optional fields whose values are wrong.

    Raises:
        ValueError: there is no object, a required field is wrong or missing, or none is right; with the reason.
    """
    fields = {name: value for name, value in _object_in(answer).items() if name in kind.model_fields}
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        wrong = {str(problem["loc"][0]) for problem in error.errors() if problem["loc"]}
        reason = "; ".join(f"{'.'.join(map(str, p['loc']))}: {p['msg']}" for p in error.errors(include_url=False)[:5])
    kept = {name: value for name, value in fields.items() if name not in wrong}
    if not any(value is not None for value in kept.values()):
        raise ValueError(reason)
    try:
        return kind.model_validate(kept)
    except ValidationError as error:
        raise ValueError(reason) from error


def _object_in(answer: str) -> dict[str, Any]:
    """From the first brace to the last: models wrap JSON in a sentence or a fence, and end lists with commas.

    Not json-repair, which mends more: 16 KB of braces and quotes hold it up for 17 s (0.64, measured), and a prompt can
    make a model answer with those.
    """
    start, end = answer.find("{"), answer.rfind("}")
    text = answer[start : end + 1] if 0 <= start < end else ""
    for candidate in (text, _TRAILING_COMMA.sub("", text)):
        try:
            value = json.loads(candidate)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            return value
    raise ValueError("there is no JSON object in it")
