"""``make sbom``: what ships, as CycloneDX in ``build/sbom/``: layers, each target of the image, the console.

Every requirement is resolved for the platform that it ships to, from the index's metadata alone: this also finds a lock
that an image could not be built from. Licences are what the packages declare, brought to SPDX; one that is on no list
of ours fails.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL
from packaging.utils import canonicalize_name

from infra import ROOT, layer
from soundstage.compiled import library_path

FOLDER = ROOT / "build" / "sbom"
IMAGE = ROOT / "containers" / "gpu-render"

ALLOWED = frozenset(
    [
        "0BSD",
        "AFL-2.1",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "BSL-1.0",
        "CC0-1.0",
        "CNRI-Python",
        "ISC",
        "MIT",
        "MIT-0",
        "MIT-CMU",
        "MPL-2.0",
        "OFL-1.1",
        "PSF-2.0",
        "Unlicense",
        "Zlib",
        "LGPL-2.1-or-later",
        "LGPL-3.0-only",
        "LicenseRef-NVIDIA-Proprietary",
    ]
)
"""Linked or loaded: permissive, or such as a Python import keeps apart (LGPL, MPL). No GPL, no AGPL. NVIDIA's may be
passed on as parts of an application, and only the gpu image has them."""
PROGRAMS = {
    "imageio-ffmpeg": "GPL-3.0-or-later",  # the wheel brings a program ffmpeg beside its own BSD-2-Clause
    "fluidsynth": "LGPL-2.1-or-later",
}
"""Run as processes of their own, never linked; whoever passes the image on passes on where their source is."""
SPDX = {
    "apache 2.0": "Apache-2.0",
    "apache 2.0 license": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "3-clause bsd license": "BSD-3-Clause",
    "bsd": "BSD-3-Clause",
    "bsd 3-clause license": "BSD-3-Clause",
    "bsd license": "BSD-3-Clause",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "nvidia proprietary software": "LicenseRef-NVIDIA-Proprietary",
    "other/proprietary license": "LicenseRef-NVIDIA-Proprietary",
    "python software foundation license": "PSF-2.0",
    "the unlicense (unlicense)": "Unlicense",
}
STATED = {"cuda-toolkit": "LicenseRef-NVIDIA-Proprietary", "python-dateutil": "Apache-2.0 OR BSD-3-Clause"}
"""Of packages that declare nothing that a program could read."""
WITH = re.compile(r"\s+WITH\s+\S+")


class Forbidden(ValueError):
    """A licence that nothing we ship may have."""


@dataclass(frozen=True)
class Shipped:
    name: str
    version: str
    licence: str
    purl: PackageURL


def licence_of(name: str, declared: Mapping[str, Any]) -> str:
    """An SPDX expression. ``declared``: ``license_expression``, ``license``, ``classifier``, as in pip's report."""
    if name in STATED:
        return STATED[name]
    if expression := declared.get("license_expression"):
        return str(expression)
    said = [line.rpartition(" :: ")[2] for line in declared.get("classifier", []) if line.startswith("License :: OSI")]
    text = (declared.get("license") or "").strip()
    if text in ALLOWED or (text and re.fullmatch(r"[\w.+-]+(?: (?:AND|OR) [\w.+-]+)+", text)):
        return text
    for found in [text, *said, *(line.rpartition(" :: ")[2] for line in declared.get("classifier", []))]:
        if known := SPDX.get(found.lower().removeprefix("license :: ")):
            return known
    raise Forbidden(f"{name} declares no licence that we know: {text[:60]!r}, {said}")


def check(name: str, expression: str) -> None:
    """Raises ``Forbidden`` unless one alternative of the expression is allowed throughout."""
    plain = WITH.sub("", expression).replace("(", " ").replace(")", " ")
    alternatives = [re.split(r"\s+AND\s+", each.strip()) for each in re.split(r"\s+OR\s+", plain)]
    if not any(all(part.strip() in ALLOWED for part in parts) for parts in alternatives):
        raise Forbidden(f"{name} is under {expression}")


def resolved(requirements: str, *, python: str, platforms: Iterable[str]) -> list[Shipped]:
    """Raises ``CalledProcessError`` where something does not exist for the platform, or has another hash."""
    with TemporaryDirectory() as folder:
        listed, report = Path(folder) / "requirements.txt", Path(folder) / "report.json"
        listed.write_text(requirements)
        pip = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "-qq", "--no-deps"]
        pip += ["--disable-pip-version-check", "--only-binary=:all:", "--require-hashes", f"--python-version={python}"]
        pip += [f"--platform={each}" for each in platforms]
        command = [*pip, f"--target={folder}/none", f"--report={report}", f"--requirement={listed}"]
        subprocess.run(command, check=True)  # noqa: S603
        installs = json.loads(report.read_text())["install"]
    return [shipped(each["metadata"]) for each in installs]


def shipped(declared: Mapping[str, Any]) -> Shipped:
    name = canonicalize_name(declared["name"])
    licence = licence_of(name, declared)
    check(name, licence)
    return Shipped(name, declared["version"], licence, PackageURL("pypi", None, name, declared["version"]))


def assets() -> list[Shipped]:
    """Voices and typefaces, files of npm packages. Both bring their licence as a file."""
    named = {line.split()[1] for line in (ROOT / "assets.sha256").read_text().splitlines()}
    packages = sorted({match[0] for path in named if (match := re.match(r"(?:@[^/]+/)?[^/]+", path))})
    licences = {"kokoro-js": "Apache-2.0", "@fontsource/lxgw-wenkai": "OFL-1.1"}
    found = []
    for package in packages:
        name, _, version = package.rpartition("@")
        space, _, bare = name.rpartition("/")
        found.append(Shipped(name, version, licences[name], PackageURL("npm", space or None, bare, version)))
    return found


def console() -> list[Shipped]:
    """What the console's scripts may have in them: all that its lock has not for development alone."""
    lock = json.loads((ROOT / "web" / "package-lock.json").read_text())
    found = []
    for path, package in lock["packages"].items():
        if path and not package.get("dev"):
            name = path.rpartition("node_modules/")[2]
            check(name, package["license"])
            space, _, bare = name.rpartition("/")
            purl = PackageURL("npm", space or None, bare, package["version"])
            found.append(Shipped(name, package["version"], package["license"], purl))
    return found


def programs() -> list[Shipped]:
    """What Debian brings to the image besides libraries of its own; Debian's version is of the day of the build."""
    sound_font = Shipped("fluid-soundfont-gm", "3.1", "MIT", PackageURL("deb", "debian", "fluid-soundfont-gm"))
    ffmpeg = Shipped(
        "ffmpeg", "as in imageio-ffmpeg", PROGRAMS["imageio-ffmpeg"], PackageURL("generic", None, "ffmpeg")
    )
    synth = Shipped("fluidsynth", "", PROGRAMS["fluidsynth"], PackageURL("deb", "debian", "fluidsynth"))
    return [sound_font, ffmpeg, synth]


def kernel() -> Shipped:
    """The compiled loops: our own C, built where the layer or the image is built, with its provenance beside it. Their
    version is the hash of sources and flags.
    """
    version = library_path().stem.removeprefix("loops-")
    return Shipped("soundstage-loops", version, "MIT", PackageURL("generic", "soundstage", "loops", version))


def document(name: str, parts: Iterable[Shipped]) -> str:
    bom = Bom()
    bom.metadata.component = Component(name=f"soundstage-{name}", type=ComponentType.APPLICATION)
    components = [
        Component(
            name=part.name,
            version=part.version or None,
            type=ComponentType.LIBRARY,
            purl=part.purl,
            bom_ref=str(part.purl),
            licenses=[LicenseExpression(part.licence)],
        )
        for part in parts
    ]
    bom.components.update(components)
    bom.register_dependency(bom.metadata.component, components)
    return make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=1)


def manylinux(machine: str, newest: int) -> list[str]:
    return [f"manylinux_2_{minor}_{machine}" for minor in range(newest, 16, -1)] + [f"manylinux2014_{machine}"]


def documents() -> dict[str, list[Shipped]]:
    found: dict[str, list[Shipped]] = {}
    for wanted in layer.layers():
        for architecture, machine in layer.MACHINES.items():
            lines = layer.locked_requirements(wanted, architecture)
            parts = resolved(lines, python=layer.PYTHON, platforms=manylinux(machine, 28))
            own = [kernel()] if wanted.name == "engine" else []
            found[f"layer-{wanted.name}-{architecture}"] = parts + own
    cpu = (IMAGE / "requirements.txt").read_text()
    beside = [*assets(), *programs(), kernel()]
    # Debian 13 has glibc 2.41, Ubuntu 24.04 2.39.
    found["image-cpu"] = resolved(cpu, python="3.13", platforms=manylinux("x86_64", 41)) + beside
    both = resolved(cpu, python="3.12", platforms=manylinux("x86_64", 39))
    gpu = resolved((IMAGE / "requirements-gpu.txt").read_text(), python="3.12", platforms=manylinux("x86_64", 39))
    found["console"] = console()
    found["image-gpu"] = list({part.name: part for part in [*both, *gpu]}.values()) + beside
    return found


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, parts in documents().items():
        (FOLDER / f"{name}.cdx.json").write_text(document(name, parts))
        print(f"{name:24} {len(parts):4} components")  # noqa: T201


if __name__ == "__main__":
    main()
