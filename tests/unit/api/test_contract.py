"""What is committed is what the code does."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from functions.api.openapi import SCHEMAS, contract
from pydantic import ValidationError
from tests.fixtures.music import match_result, score

from soundstage.models.match import MatchRequest
from soundstage.models.music import GenParams, Mode, TrackMetadata
from soundstage.models.style import StyleParams

FILES = contract()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_committed_contract_is_current(path: Path) -> None:
    assert path.read_text() == FILES[path], "run `make openapi`, and look at what changed"


def test_every_error_in_the_contract_has_the_one_body() -> None:
    openapi = json.loads(next(text for path, text in FILES.items() if path.name == "openapi.json"))

    bodies = {
        content["schema"].get("$ref", "").rsplit("/", 1)[-1]
        for operations in openapi["paths"].values()
        for operation in operations.values()
        for status, response in operation["responses"].items()
        if status >= "400"
        for kind, content in response.get("content", {}).items()
        if kind == "application/json"
    }
    assert bodies == {"ErrorBody", "Readiness"}
    assert "HTTPValidationError" not in openapi["components"]["schemas"]


def schema(name: str, version: int = 1) -> jsonschema.Draft202012Validator:
    document = json.loads((SCHEMAS / f"{name}.v{version}.json").read_text())
    jsonschema.Draft202012Validator.check_schema(document)
    return jsonschema.Draft202012Validator(document)


def test_a_misspelt_field_is_refused_everywhere() -> None:
    openapi = json.loads((Path(__file__).parents[3] / "docs/openapi.json").read_text())
    schemas = openapi["components"]["schemas"]

    def loose(schema: dict[str, Any], seen: frozenset[str] = frozenset()) -> Iterator[str]:
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            if name not in seen:
                yield from loose(schemas[name] | {"title": name}, seen | {name})
            return
        if "properties" in schema and schema.get("additionalProperties") is not False:
            yield schema.get("title", "")
        inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", []), *schema.get("oneOf", [])]
        inner += [schema["items"]] if "items" in schema else []
        for one in inner:
            yield from loose(one, seen)

    bodies = [
        operation["requestBody"]["content"]["application/json"]["schema"]
        for path, operations in openapi["paths"].items()
        for operation in operations.values()
        if not path.startswith("/v1/callbacks/")  # from programs of others, which may say more than we read
        and "application/json" in operation.get("requestBody", {}).get("content", {})
    ]
    assert len(bodies) > 25
    assert sorted({name for body in bodies for name in loose(body)}) == []


def test_the_schemas_agree_with_the_models() -> None:
    params = GenParams.model_validate({"key": {"tonic": "F#", "mode": Mode.MINOR}, "tempo_bpm": 90})
    schema("gen_params", 2).validate(params.model_dump(mode="json"))
    schema("metadata").validate(TrackMetadata().model_dump(mode="json"))
    schema("score").validate(score().model_dump(mode="json"))
    request = MatchRequest.model_validate({"target_asset_id": "0" * 32, "references": [{"asset_id": "1" * 32}]})
    schema("match_params").validate(request.params(StyleParams()).model_dump(mode="json"))
    schema("match_result").validate(match_result("0" * 32).model_dump(mode="json"))
    assert not schema("match_params").is_valid({"target_asset_id": "0" * 32, "segment_s": 1})
    assert not schema("gen_params", 2).is_valid({"duration_s": 5})
    assert not schema("gen_params", 2).is_valid({"surprise": True})
    assert not schema("metadata").is_valid({"platform": "toaster"})


@pytest.mark.parametrize("stated", [{}, {"schema_version": 1}])
def test_gen_params_version_1_is_read(stated: dict[str, int]) -> None:
    old = {**stated, "wish": "a slow lullaby", "seed": 3, "key": {"tonic": "F#", "mode": "minor"}, "style_a": None}
    schema("gen_params", 1).validate(old)

    params = GenParams.model_validate(old)

    assert (params.schema_version, params.prompt, params.seed) == (2, "a slow lullaby", 3)
    assert GenParams.model_validate_json(json.dumps(old)) == params
    schema("gen_params", 2).validate(params.model_dump(mode="json"))


@pytest.mark.parametrize(
    "mixed",
    [{"wish": "slow", "prompt": "fast"}, {"schema_version": 2, "wish": "slow"}, {"wish": "x" * 501}],
)
def test_gen_params_of_no_version_are_refused(mixed: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        GenParams.model_validate(mixed)


def test_the_api_does_not_load_what_only_music_needs() -> None:
    heavy = (
        "httpx",
        "psycopg",
        "numpy",
        "scipy",
        "onnxruntime",
        "soundfile",
        "matplotlib",
        "langfuse",
        "sentry_sdk",
        "alembic",
    )
    code = f"import sys, functions.api.main; print([name for name in {heavy!r} if name in sys.modules])"

    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=SCHEMAS.parents[4]
    )

    assert done.stdout.strip() == "[]"
