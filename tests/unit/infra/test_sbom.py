"""What ships has licences that we may ship, and comes from where the lock says. ``make sbom`` asks the index, too."""

import json
import re
from importlib.metadata import PackageMetadata, distribution

import pytest
from infra import ROOT, layer
from infra.sbom import IMAGE, Forbidden, Shipped, assets, check, console, document, kernel, licence_of, programs
from packageurl import PackageURL


def declared(metadata: PackageMetadata) -> dict[str, object]:
    return {
        "license_expression": metadata.json.get("license_expression"),
        "license": metadata.json.get("license"),
        "classifier": metadata.get_all("Classifier") or [],
    }


def shipped_names() -> set[str]:
    """Of layers and the cpu image; what only the gpu image has is installed nowhere here."""
    listed = [layer.locked_requirements(each) for each in layer.layers()] + [(IMAGE / "requirements.txt").read_text()]
    return {name for text in listed for name in re.findall(r"^([\w.-]+)==", text, re.MULTILINE)}


def test_everything_that_ships_may() -> None:
    here = {name: distribution(name).metadata for name in shipped_names()}
    assert len(here) > 60
    for name, metadata in here.items():
        check(name, licence_of(name, declared(metadata)))
    for part in assets():
        check(part.name, part.licence)


def test_the_console_brings_the_licences_of_what_is_in_it() -> None:
    parts = {part.name: part.version for part in console()}
    assert len(parts) > 30
    brought = (ROOT / "web" / "dist" / "licenses.md").read_text()
    bundled = dict(re.findall(r"^## (\S+) - (\S+) ", brought, re.MULTILINE))
    assert {"react", "react-dom", "react-aria-components", "i18next"} <= set(bundled)
    assert bundled.items() <= parts.items()
    assert "Copyright (c) Meta Platforms" in brought


def test_nothing_under_the_gpl_is_linked() -> None:
    copyleft = [part.name for part in programs() if re.match(r"A?GPL", part.licence)]
    assert copyleft == ["ffmpeg"]  # a program of its own


@pytest.mark.parametrize(
    "expression", ["GPL-3.0-only", "AGPL-3.0-or-later", "MIT AND GPL-2.0-only", "SSPL-1.0", "LicenseRef-Mine"]
)
def test_what_may_not_ship_is_found(expression: str) -> None:
    with pytest.raises(Forbidden, match="some"):
        check("some", expression)


@pytest.mark.parametrize("expression", ["MIT OR GPL-2.0-only", "Apache-2.0 WITH LLVM-exception AND MIT", "(MIT)"])
def test_one_allowed_alternative_is_enough(expression: str) -> None:
    check("some", expression)


def test_a_package_that_says_nothing_is_asked_about() -> None:
    with pytest.raises(Forbidden, match="declares no licence"):
        licence_of("some", {"license": "Copyright me, all rights reserved", "classifier": []})


def test_a_document_names_each_part_with_version_licence_and_where_it_is_from() -> None:
    part = Shipped("numpy", "2.4.6", "BSD-3-Clause", PackageURL("pypi", None, "numpy", "2.4.6"))
    found = json.loads(document("some", [part, kernel()]))
    assert (found["bomFormat"], found["specVersion"]) == ("CycloneDX", "1.6")
    named = {component["name"]: component for component in found["components"]}
    assert named["numpy"]["purl"] == "pkg:pypi/numpy@2.4.6"
    assert named["numpy"]["licenses"] == [{"expression": "BSD-3-Clause"}]
    assert "soundstage-loops" in named


def test_images_are_pinned_by_digest() -> None:
    dockerfile = (ROOT / "containers" / "gpu-render" / "Dockerfile").read_text()
    stages = set(re.findall(r"^FROM \S+ AS (\S+)", dockerfile, re.MULTILINE))
    from_elsewhere = set(re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)) - stages
    assert len(from_elsewhere) == 3
    assert [image for image in from_elsewhere if not re.search(r"@sha256:[0-9a-f]{64}$", image)] == []
