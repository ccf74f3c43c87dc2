"""The layers fit Lambda: their size, the C library they need, and that what the steps import is in them.

Builds them when they are not cached, which takes a minute.
"""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from infra import ROOT, ingest, layer

from soundstage import compiled
from soundstage.products import PRODUCTS

BOTO = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six.py", "urllib3")
"""Lambda's runtime has these; the layers leave boto3 out."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=layer.layers(), ids=lambda wanted: wanted.name)
def built(request: pytest.FixtureRequest) -> tuple[str, Path]:
    return request.param.name, layer.build(request.param)


def test_a_layer_fits(built: tuple[str, Path]) -> None:
    assert layer.size_bytes(built[1]) <= layer.SIZE_LIMIT_BYTES


def test_its_libraries_run_on_amazon_linux_2023(built: tuple[str, Path]) -> None:
    needed = {file.name: layer.glibc_needed(file) for file in layer.elf_files(built[1])}
    assert len(needed) > 10
    assert {name: version for name, version in needed.items() if version > layer.GLIBC_LIMIT} == {}


def test_the_engine_brings_its_compiled_loops(built: tuple[str, Path]) -> None:
    name, folder = built
    expected = 1 if name == "engine" and shutil.which("cc") and platform.machine() == "x86_64" else 0
    found = list(folder.glob("python/soundstage/compiled/loops-*.so"))
    assert len(found) == expected
    assert all(library == compiled.library_path(library.parent) for library in found)


def test_the_newest_glibc_symbol_is_found(tmp_path: Path) -> None:
    library = tmp_path / "some.so"
    library.write_bytes(b"\x7fELF\0GLIBC_2.2.5\0GLIBC_2.38\0GLIBC_2.4\0")
    assert layer.glibc_needed(library) == (2, 38)


def test_it_holds_nothing_that_lambda_brings_or_only_workers_need(built: tuple[str, Path]) -> None:
    packages = {path.name for path in (built[1] / "python").iterdir()}
    assert "soundstage" in packages
    assert not packages & {"boto3", "botocore", "matplotlib", "imageio_ffmpeg", "pytest"}


STEPS = [*ingest.STEPS, *(step for product in PRODUCTS.values() for step in product.functions)]
BESIDES = {
    "engine": [],
    "web": [
        "functions.api.main",
        "functions.admin.act",
        "functions.catalog.migrate",
        *(f"functions.jobs.{step}" for step in ("settle", "rescue", "dead_letter", "measure")),
        *(f"functions.webhooks.{step}" for step in ("announce", "deliver")),
        "functions.workers.wake",
        # By name, or when a route is called.
        *(product.rows.partition(":")[0] for product in PRODUCTS.values()),
        *(f"soundstage.match.presets.{part}" for part in ("operations", "reading", "writing")),
        "soundstage.music.composing.styles",
        "soundstage.music.listening.note_file",
        "soundstage.platform.oidc",
        "soundstage.platform.profile_check",
        "soundstage.platform.telemetry.langfuse",
        "soundstage.platform.telemetry.outbox",
        "httpx",
        "sentry_sdk",
        "zxcvbn",
    ],
}


IMPORT_ALL = """
import importlib, importlib.abc, sys
refused, names = set(sys.argv[1].split()), sys.argv[2:]
class Refuse(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in refused:
            raise ModuleNotFoundError(f"No module named {name!r} in the layer", name=name)
sys.meta_path.insert(0, Refuse())
for name in names:
    importlib.import_module(name)
"""


@pytest.mark.parametrize("under", ["the target's Python", "ours"])
def test_what_the_functions_import_is_there(under: str, built: tuple[str, Path], tmp_path: Path) -> None:
    """With nothing but the layer and what Lambda's runtime has; a machine without the target's Python asks ours.

    Ours can't load the layer's compiled packages: it takes its own, and refuses those that the layer doesn't hold.
    """
    name, folder = built
    modules = [f"functions.{step.handler}" for step in STEPS if step.code == name] + BESIDES[name]
    ours = Path(np.__file__).parents[1]
    if under == "ours":
        held = {path.name for path in (folder / "python").iterdir()} | {*BOTO, "__pycache__"}
        refused = {path.name for path in ours.iterdir() if "-" not in path.name} - held
        (tmp_path / "soundstage").symlink_to(folder / "python" / "soundstage")
        path, python = [ROOT, tmp_path, ours], sys.executable
    else:
        target = layer.target_python()
        if target is None:
            pytest.skip(f"no Python {layer.PYTHON} on this machine")
        for package in BOTO:
            (tmp_path / package).symlink_to(ours / package)
        path, python, refused = [ROOT, folder / "python", tmp_path], target, set()
    command = [python, "-Bc", IMPORT_ALL, " ".join(name.partition(".")[0] for name in sorted(refused)), *modules]
    environment = {"PYTHONPATH": os.pathsep.join(map(str, path))}
    found = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    assert found.returncode == 0, found.stderr
