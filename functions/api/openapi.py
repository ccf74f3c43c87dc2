"""What the API promises, as committed files: ``python -m functions.api.openapi`` writes them, a test compares them."""

import json
import sys
from pathlib import Path
from typing import Any

from functions.api.compatibility import promised
from functions.api.error_page import error_page
from functions.api.main import create_app
from functions.api.reference import reference
from functions.api.settings import ApiSettings

from soundstage.products import PRODUCTS

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "layers/engine/soundstage/models/schemas"
RELEASED = ROOT / "docs/openapi.released.json"
"""The contract as programs of others know it. Nothing of it may break; a release writes it anew, with ``--release``."""


def contract() -> dict[Path, str]:
    """Every file with its text."""
    # Nothing is called: these settings are only there to be complete.
    settings = ApiSettings.model_validate(
        {"bucket": "bucket", "table": "table", "state_machines": {}, "signing_secret": "name"}
    )
    openapi = create_app(settings).openapi()
    files = {ROOT / "docs/openapi.json": _text(openapi), ROOT / "docs/api-reference.md": reference(openapi)}
    files[ROOT / "docs/errors.md"] = error_page()
    versioned = {name: model for product in PRODUCTS.values() for name, model in product.schemas.items()}
    for name, model in versioned.items():
        version = model.model_fields["schema_version"].default
        schema = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": f"urn:soundstage:{name}:{version}",
            **model.model_json_schema(),
        }
        files[SCHEMAS / f"{name}.v{version}.json"] = _text(schema)
    return files


def released(openapi: dict[str, Any]) -> str:
    """What is promised, a path and a schema on each line."""
    listed = (
        f"{json.dumps(name)}: {{\n"
        + ",\n".join(f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in part.items())
        + "\n}"
        for name, part in promised(openapi).items()
    )
    return "{\n" + ",\n".join(listed) + "\n}\n"


def _text(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    made = contract()
    if "--release" in sys.argv:
        made[RELEASED] = released(json.loads(made[ROOT / "docs/openapi.json"]))
    for path, text in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
