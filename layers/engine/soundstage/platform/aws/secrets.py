"""Secrets Manager. Callers keep what they read for as long as it may be good."""

import json
import logging
from typing import Any

from pydantic import SecretStr

from soundstage.platform.aws import clients
from soundstage.platform.settings import check_secret

log = logging.getLogger(__name__)

# No retry helps: somebody has to set it up.
_NOT_SET_UP = ("ResourceNotFoundException", "AccessDeniedException", "InvalidRequestException")


def secret(name: str) -> str:
    """The current text of a secret, by name or ARN."""
    return clients.secretsmanager().get_secret_value(SecretId=name)["SecretString"]


def read_secret(name: str) -> dict[str, Any]:
    """A secret that is a JSON object. Raises ValueError for one that is not."""
    value = json.loads(secret(name))
    if not isinstance(value, dict):
        raise ValueError("this secret is not a JSON object")
    return value


def keys_in(name: str | None) -> dict[str, SecretStr]:
    """The secret's field → API key. What is not set up as it should be is left out, and the log says so."""
    if name is None:
        return {}
    try:
        found = read_secret(name)
        return {field: SecretStr(check_secret(f"the key {field}", str(key))) for field, key in found.items()}
    except ValueError:
        log.exception("the secret with others' keys makes no sense")
    except clients.secretsmanager().exceptions.ClientError as error:
        if clients.error_code(error) not in _NOT_SET_UP:
            raise
        log.exception("the secret with others' keys cannot be read")
    return {}
