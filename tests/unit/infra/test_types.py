"""What infra takes from the CDK is seen by mypy: it follows only the modules that pyproject.toml lists."""

import re
import tomllib

from infra import ROOT


def test_every_module_of_the_cdk_that_is_imported_is_followed() -> None:
    overrides = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]["overrides"]
    followed = next(entry["module"] for entry in overrides if entry.get("follow_imports") == "silent")
    sources = [path.read_text() for room in ("infra", "tests") for path in (ROOT / room).rglob("*.py")]
    imported = {name for text in sources for name in re.findall(r"from aws_cdk import (aws_\w+)", text)}
    imported |= {name for text in sources for name in re.findall(r"(?:from|import) aws_cdk\.(aws_\w+)", text)}
    assert {f"aws_cdk.{name}" for name in imported} | {"aws_cdk"} == set(followed)
