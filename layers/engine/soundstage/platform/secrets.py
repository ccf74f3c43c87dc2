"""Secrets Manager. Callers keep what they read for as long as it may be good."""

import json
from typing import Any

from soundstage.platform import aws


def secret(name: str) -> str:
    """The current text of a secret, by name or ARN."""
    return aws.secretsmanager().get_secret_value(SecretId=name)["SecretString"]


def read_secret(name: str) -> dict[str, Any]:
    """A secret that is a JSON object. Raises ValueError for one that is not."""
    value = json.loads(secret(name))
    if not isinstance(value, dict):
        raise ValueError("this secret is not a JSON object")
    return value
