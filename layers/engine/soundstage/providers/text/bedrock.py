"""Answers by Amazon Bedrock's Converse, which has one wire for all of its language models."""

from typing import Any

from pydantic import SecretStr

from soundstage.models.profiles import BedrockConverse
from soundstage.providers.aws import AwsClients, client_for, submitted
from soundstage.providers.errors import Failed, Refused

WHO = "Bedrock"
MAX_TOKENS = 8192
"""Of an answer: a storyboard of 5,000 characters of story has about 6,000."""


class ConverseModel:
    """``soundstage.providers.text.chat_completions.LanguageModel``."""

    def __init__(self, terms: BedrockConverse, key: SecretStr | None, *, clients: AwsClients) -> None:
        self._terms, self._key, self._clients = terms, key, clients

    def answer(self, messages: list[dict[str, str]], *, idempotency_key: str) -> str:  # noqa: ARG002
        """Converse takes no idempotency key; nothing is sent twice all the same, since the client does not retry."""
        return self._answer(messages, MAX_TOKENS)

    def check(self) -> None:
        """The shortest answer that there is. Raises a ProviderError."""
        self._answer([{"role": "user", "content": "Hi"}], 1)

    def _answer(self, messages: list[dict[str, str]], max_tokens: int) -> str:
        client = client_for(self._clients, "bedrock-runtime", self._terms, self._key)
        asked: dict[str, Any] = {
            "modelId": self._terms.model,
            "messages": [
                {"role": message["role"], "content": [{"text": message["content"]}]}
                for message in messages
                if message["role"] != "system"
            ],
            "inferenceConfig": {"maxTokens": max_tokens},
        }
        system = [{"text": message["content"]} for message in messages if message["role"] == "system"]
        if system:
            asked["system"] = system
        answer = submitted(lambda: client.converse(**asked), WHO)
        if answer.get("stopReason") in ("guardrail_intervened", "content_filtered"):
            raise Refused(f"{WHO} does not want to write this.")
        try:
            return "".join(block["text"] for block in answer["output"]["message"]["content"] if "text" in block)
        except (KeyError, TypeError) as error:
            raise Failed(f"{WHO} did not answer as it should.") from error
