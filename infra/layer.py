"""The engine layer: the package ``soundstage`` and what it needs at run time, built without Docker and slimmed.

A function and its layers may weigh 262,144,000 bytes unzipped (Lambda quota "deployment package size"); we keep to
``SIZE_LIMIT_BYTES`` so that code and an observability extension still fit beside it. The result is cached by a hash of
everything that goes in.
"""

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from infra import ROOT
from infra.on_aws import Architecture
from soundstage.compiled.build import build as build_loops

ENGINE = ROOT / "layers" / "engine" / "soundstage"
SIZE_LIMIT_BYTES = 210 * 2**20
PYTHON = "3.13"
GLIBC_LIMIT = (2, 34)  # Amazon Linux 2023
MACHINES: dict[Architecture, str] = {"x86_64": "x86_64", "arm64": "aarch64"}
"""Lambda's architectures, as Python and wheels call them."""

# What wheels carry that no function ever runs.
NEEDLESS_DIRECTORIES = (
    "**/tests",
    "**/__pycache__",
    "onnxruntime/transformers",
    "onnxruntime/quantization",
    "onnxruntime/tools",
    "aws_lambda_powertools/event_handler",
    "langfuse/langchain",
    "scipy/cluster",
    "scipy/datasets",
    "scipy/differentiate",
    "scipy/io",
    "scipy/misc",
    "scipy/odr",
    "bin",
)
NEEDLESS_FILES = (
    "**/*.pyi",
    "**/*.pyx",
    "**/*.pxd",
    "**/*.h",
    "**/*.c",
    "**/*.cpp",
    "**/*.a",
    "**/*.dist-info/RECORD",
    "onnxruntime/capi/libonnxruntime.so*",  # the C API's copy: the Python binding links its own
)
ENGINE_IMPORTS = (
    "numpy",
    "scipy.fft",
    "scipy.ndimage",
    "scipy.signal",
    "soundfile",
    "soxr",
    "onnxruntime",
    "mido",
    "pydantic_settings",
    "aws_lambda_powertools",
    "httpx",
    "langfuse",
    "sentry_sdk",
)
TARGET_ENVIRONMENT = {
    "python_version": PYTHON,
    "python_full_version": f"{PYTHON}.0",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
    "sys_platform": "linux",
    "os_name": "posix",
    "platform_system": "Linux",
}


@dataclass(frozen=True)
class Layer:
    """A layer by what it starts from; everything these need comes with them."""

    name: str
    roots: tuple[str, ...]
    imports: tuple[str, ...] = ()
    """What its functions import from others; only that is shipped as byte code too. Empty: everything is."""
    without: tuple[str, ...] = ("cli", "client")
    """Rooms of ours that none of its functions enters."""


def layers() -> tuple[Layer, Layer]:
    """``engine`` for steps that work on sound, ``web`` for functions that speak HTTP or to the catalog.

    Both hold the package ``soundstage``. Of the numerics ``web`` has numpy alone, which presets are blended and
    exported with. Together they would not fit a function.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    contracts = [line for line in project["dependencies"] if Requirement(line).name == "pydantic"]
    return (
        Layer(
            "engine",
            (*project["dependencies"], *extras["cloud"]),
            ENGINE_IMPORTS,
            without=(
                "cli",
                "client",
                "film/export",
                "film/painting",
                "platform/catalog",
                "platform/push",
                "platform/webhooks",
            ),
        ),
        Layer("web", (*contracts, *extras["cloud"], *extras["web"])),
    )


def build(layer: Layer, architecture: Architecture = "x86_64", cache: Path = ROOT / ".cache") -> Path:
    """The layer's folder (with ``python/`` inside), built unless it is there already.

    On a machine of another architecture it goes without our compiled loops; numpy does the same, slower.
    """
    wheels = _wheels(layer, architecture, cache)
    compiler = shutil.which("cc") if _native(architecture) else None
    fingerprint = _fingerprint(f"{wheels.name} {bool(compiler)}", _engine_sources())
    built = cache / f"layer-{layer.name}-{architecture}-{fingerprint}"
    if not built.exists():
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            site = Path(scratch) / "layer" / "python"
            shutil.copytree(wheels, site, copy_function=os.link)
            shutil.copytree(ENGINE, site / "soundstage", ignore=_left_out(layer))
            if compiler and layer.name == "engine":
                build_loops(site / "soundstage" / "compiled")
            _precompile(site, site / "soundstage")
            _keep(site.parent, built)
    return built


def _left_out(layer: Layer) -> Callable[[str, list[str]], set[str]]:
    """What ``copytree`` does not copy."""
    never = shutil.ignore_patterns("__pycache__", "*.so", "*.provenance.json")

    def ignore(folder: str, names: list[str]) -> set[str]:
        inside = Path(folder).relative_to(ENGINE)
        return set(never(folder, names)) | {name for name in names if (inside / name).as_posix() in layer.without}

    return ignore


def _native(architecture: Architecture) -> bool:
    return platform.machine() == MACHINES[architecture]


def _strip(architecture: Architecture) -> str | None:
    """What strips this architecture's libraries here."""
    return shutil.which("strip" if _native(architecture) else "llvm-strip")


def _wheels(layer: Layer, architecture: Architecture, cache: Path) -> Path:
    """What comes from others, installed and slimmed: it changes with the lock, not with every edit of the engine."""
    requirements = locked_requirements(layer, architecture)
    strip = _strip(architecture)
    tools = repr((bool(strip), bool(target_python())))
    fingerprint = _fingerprint(requirements + tools, [Path(__file__)])
    installed = cache / f"wheels-{layer.name}-{architecture}-{fingerprint}"
    if not installed.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            site = Path(scratch) / "site"
            _install(requirements, site, architecture)
            slim(site, strip)
            if layer.imports and not _native(architecture):
                _precompile_like(_wheels(layer, "x86_64", cache), site)
            else:
                _precompile(site, site, *layer.imports)
            _keep(site, installed)
    return installed


def _keep(made: Path, cached: Path) -> None:
    """Into the cache, unless another process was faster; what nobody has made anew for a day leaves it."""
    for old in cached.parent.glob(f"{cached.name.rpartition('-')[0]}-*"):
        if old.stat().st_mtime < time.time() - 86_400:
            shutil.rmtree(old, ignore_errors=True)
    try:
        made.replace(cached)
    except OSError:
        if not cached.exists():
            raise


def locked_requirements(layer: Layer, architecture: Architecture = "x86_64") -> str:
    """The lines of constraints.txt, hashes included, that a layer needs on Lambda."""
    machine = MACHINES[architecture]
    locked = {name: line for name, marker, line in _lock_entries() if _applies(marker, machine)}
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [Requirement(root) for root in layer.roots]
    while waiting:
        requirement = waiting.pop()
        identity = (canonicalize_name(requirement.name), frozenset(requirement.extras))
        if identity not in seen:
            seen.add(identity)
            waiting.extend(_dependencies(requirement, machine))
    return "".join(locked[name] for name in sorted({name for name, _ in seen}))


def _dependencies(requirement: Requirement, machine: str) -> Iterator[Requirement]:
    try:
        declared = distribution(requirement.name).requires or []
    except PackageNotFoundError:  # needed on the target's Python only; the lock still has it
        return
    for line in declared:
        dependency = Requirement(line)
        if any(_applies(dependency.marker, machine, extra) for extra in requirement.extras | {""}):
            yield dependency


def _lock_entries() -> Iterator[tuple[str, Marker | None, str]]:
    """Name, marker, and a requirement line without marker (pip would judge it by the Python that runs pip)."""
    for block in re.split(r"\n(?=\S)", (ROOT / "constraints.txt").read_text()):
        head, *hashes = block.replace("\\\n", " ").split("--hash=")
        pinned = Requirement(head.strip())
        line = " ".join([f"{pinned.name}{pinned.specifier}", *(f"--hash={h.strip()}" for h in hashes)])
        yield canonicalize_name(pinned.name), pinned.marker, line + "\n"


def _applies(marker: Marker | None, machine: str, extra: str = "") -> bool:
    return marker is None or marker.evaluate({**TARGET_ENVIRONMENT, "platform_machine": machine, "extra": extra})


def _install(requirements: str, site: Path, architecture: Architecture) -> None:
    """Wheels for Lambda's platform, whatever this machine is; every file checked against its hash."""
    site.mkdir(parents=True)
    listed = site.parent / "requirements.txt"
    listed.write_text(requirements)
    known = [f"manylinux_2_{minor}" for minor in range(28, 16, -1)] + ["manylinux2014"]
    platforms = [f"--platform={each}_{MACHINES[architecture]}" for each in known]
    pip = [sys.executable, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-compile"]
    pip += ["--no-deps", "--require-hashes", "--only-binary=:all:", f"--python-version={PYTHON}", *platforms]
    subprocess.run([*pip, f"--target={site}", f"--requirement={listed}"], check=True)  # noqa: S603
    listed.unlink()


def slim(site: Path, strip: str | None) -> None:
    """Delete what no function runs, and strip symbols by the program ``strip``."""
    for pattern in NEEDLESS_DIRECTORIES:
        for directory in sorted(site.glob(pattern)):
            shutil.rmtree(directory, ignore_errors=True)
    for pattern in NEEDLESS_FILES:
        for file in site.glob(pattern):
            file.unlink()
    if strip:
        for library in elf_files(site):
            # auditwheel's copies in *.libs have patched sections; stripping breaks OpenBLAS.
            if not any(part.endswith(".libs") for part in library.relative_to(site).parts):
                subprocess.run([strip, "--strip-unneeded", library], check=True)  # noqa: S603


# Compiles the modules that these imports load, or without any all there are, under the path that Lambda unpacks to.
# The byte code is never checked against its source: archives do not keep modification times.
_COMPILE = """
import importlib, pathlib, py_compile, sys
site, folder, *names = sys.argv[1:]
sys.path.insert(0, site)
for name in names:
    importlib.import_module(name)
files = [getattr(module, "__file__", None) or "" for module in list(sys.modules.values())] if names \
    else map(str, pathlib.Path(folder).rglob("*.py"))
for file in files:
    if file.startswith(site) and file.endswith(".py"):
        shown = "/opt/python" + file[len(site):]
        py_compile.compile(file, dfile=shown, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
"""


_COMPILE_FILES = """
import py_compile, sys
site = sys.argv[1]
for file in sys.stdin.read().splitlines():
    shown = "/opt/python" + file[len(site):]
    py_compile.compile(file, dfile=shown, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
"""


def _precompile(site: Path, folder: Path, *names: str) -> None:
    """Ship byte code: importing the engine takes 2 s with it and 4-7 s without.

    Of everything in ``folder``, or of what importing ``names`` loads: byte code of modules that no step imports would
    be an eighth of the layer. Libraries with their symbols leave it no room within the limit.
    """
    if (python := target_python()) and shutil.which("strip"):
        subprocess.run([python, "-BIc", _COMPILE, site, folder, *names], check=True)  # noqa: S603
    else:
        print(f"No Python {PYTHON} or no strip: the layer goes without byte code and starts slower.", file=sys.stderr)  # noqa: T201


def _precompile_like(model: Path, site: Path) -> None:
    """Byte code of what ``model`` has it of: the other architecture's libraries cannot be imported here."""
    if python := target_python():
        compiled = [file for file in model.rglob("*.pyc") if file.parent.name == "__pycache__"]
        sources = [file.parent.parent / f"{file.name.partition('.')[0]}.py" for file in compiled]
        wanted = sorted(site / source.relative_to(model) for source in sources)
        script = _COMPILE_FILES
        found = "\n".join(str(file) for file in wanted if file.exists())
        subprocess.run([python, "-BIc", script, site], input=found, text=True, check=True)  # noqa: S603


def target_python() -> str | None:
    """A Python of the target's version on this machine, if there is one."""
    candidates = [
        shutil.which(f"python{PYTHON}"),
        *map(str, Path.home().glob(f".pyenv/versions/{PYTHON}.*/bin/python")),
    ]
    return next((found for found in candidates if found and _is_target(found)), None)


def _is_target(python: str) -> bool:
    """Whether it really starts: version managers put shims on the path for versions that are not active."""
    asked = [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603
    return answer.stdout.strip() == PYTHON


def elf_files(site: Path) -> Iterator[Path]:
    for file in site.rglob("*"):
        if file.is_file() and ".so" in file.name:
            with file.open("rb") as stream:
                if stream.read(4) == b"\x7fELF":
                    yield file


def glibc_needed(library: Path) -> tuple[int, int]:
    """The newest glibc symbol version that a library names."""
    versions = re.findall(rb"GLIBC_(\d+)\.(\d+)", library.read_bytes())
    return max(((int(major), int(minor)) for major, minor in versions), default=(2, 0))


def size_bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _engine_sources() -> list[Path]:
    built = (".so", ".provenance.json")
    files = (file for file in ENGINE.rglob("*") if file.is_file() and not file.name.endswith(built))
    return sorted(file for file in files if "__pycache__" not in file.parts)


def _fingerprint(what: str, files: list[Path]) -> str:
    digest = hashlib.sha256(what.encode())
    for file in files:
        digest.update(os.fsencode(file.relative_to(ROOT)) + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]
