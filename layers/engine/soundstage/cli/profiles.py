"""Model profiles on the command line: the same bodies that ``POST /v1/profiles`` takes, as files."""

import argparse
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from soundstage.models.profiles import ProfileKind
    from soundstage.providers.film.crew import OpenProfile, Outside
    from soundstage.providers.text.chat_completions import LanguageModel

BOUGHT = "bought"
"""The folder in a project: what was asked of providers, and what they sent."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--profile",
        type=Path,
        action="append",
        default=[],
        metavar="JSON",
        help="a provider of your own for text, pictures, clips or speech (docs/providers.md); may be repeated",
    )


def read_profiles(files: Sequence[Path]) -> "dict[ProfileKind, OpenProfile]":
    """By kind. ``api_key`` is in the file, or in the environment variable that ``api_key_env`` names.

    Raises InvalidInput for what is no profile, two of a kind, and a protocol that needs a server of ours.
    """
    if not files:
        return {}  # and nothing is loaded for them
    from pydantic import SecretStr, TypeAdapter, ValidationError

    from soundstage.models.errors import InvalidInput
    from soundstage.models.profiles import KINDS, ModelNode, ProfileTerms
    from soundstage.providers.film.crew import OpenProfile

    found: dict[ProfileKind, OpenProfile] = {}
    for path in files:
        document = _document(path)
        try:
            terms: Any = TypeAdapter(ProfileTerms).validate_python(document.get("terms"))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            raise InvalidInput(f"{path.name}: terms {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
        if isinstance(terms, ModelNode):
            raise InvalidInput(f"{path.name}: a model node calls back, and the command line has no address for that.")
        kind = KINDS[terms.protocol]
        if kind in found:
            raise InvalidInput(f"{path.name}: there is another profile for {kind} already.")
        key = _key(path, document)
        found[kind] = OpenProfile(terms, None if key is None else SecretStr(key))
    return found


def profile_ids(profiles: "Mapping[ProfileKind, OpenProfile]") -> dict[str, str]:
    """For ``FilmSettings.providers``: other terms are another profile."""
    if not profiles:
        return {}
    from soundstage.film.part_store import fingerprint_of

    return {kind: fingerprint_of([found.terms.model_dump(mode="json")])[:32] for kind, found in profiles.items()}


def outside_of(profiles: "Mapping[ProfileKind, OpenProfile]", project: Path, max_usd: float) -> "Outside | None":
    """Who is asked, and what pays them: what was bought is kept in the project folder, and never asked for twice."""
    if not profiles:
        return None
    from soundstage.models.ids import new_id
    from soundstage.platform.aws import clients
    from soundstage.providers.film.crew import Outside
    from soundstage.providers.folder_account import folder_account

    weights = json.loads(os.environ.get("SOUNDSTAGE_DIFFUSERS_WEIGHTS") or "{}")
    return Outside(
        profiles,
        folder_account(project / BOUGHT, asked_by=new_id(), max_usd=max_usd),
        public_only=False,
        aws=clients.of_another,
        weights={name: Path(folder) for name, folder in weights.items()},
    )


def language_model(profiles: "Mapping[ProfileKind, OpenProfile]") -> "LanguageModel | None":
    """Who writes the storyboard; None: our own writer."""
    found = profiles.get("text")
    if found is None:
        return None
    from soundstage.platform.aws import clients
    from soundstage.providers.film.text import text_model

    return text_model(found, public_only=False, aws=clients.of_another)


def _document(path: Path) -> dict[str, Any]:
    from soundstage.models.errors import InvalidInput

    try:
        document = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise InvalidInput(f"{path.name}: there is no such file.") from None
    except ValueError:
        raise InvalidInput(f"{path.name}: this is not JSON.") from None
    if not isinstance(document, dict) or not set(document) <= {"name", "terms", "api_key", "api_key_env"}:
        raise InvalidInput(f"{path.name}: a profile has name, terms, and api_key or api_key_env.")
    return document


def _key(path: Path, document: Mapping[str, Any]) -> str | None:
    from soundstage.models.errors import InvalidInput

    variable = document.get("api_key_env")
    if variable is None:
        return document.get("api_key")
    if not os.environ.get(str(variable)):
        raise InvalidInput(f"{path.name}: the environment variable {variable}, where its key should be, is not set.")
    return os.environ[str(variable)]
