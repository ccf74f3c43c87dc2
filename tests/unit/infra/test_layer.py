"""The layers fit Lambda: their size, the C library they need, and that what the steps import is in them.

Builds them when they are not cached, which takes a minute.
"""

import os
import platform
import shutil
import subprocess
from pathlib import Path

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
    ],
}


def test_what_the_functions_import_is_there(built: tuple[str, Path], tmp_path: Path) -> None:
    """Under the target's Python, with nothing else but what Lambda's own runtime has."""
    name, folder = built
    python = layer.target_python()
    if python is None:
        pytest.skip(f"no Python {layer.PYTHON} on this machine")
    import boto3  # noqa: PLC0415  (only to find where it is)

    for package in BOTO:
        source = Path(boto3.__file__).parents[1] / package
        (tmp_path / package).symlink_to(source)
    modules = [f"functions.{step.handler}" for step in STEPS if step.code == name] + BESIDES[name]
    path = os.pathsep.join([str(ROOT), str(folder / "python"), str(tmp_path)])
    script = "import importlib, sys\nfor name in sys.argv[1:]: importlib.import_module(name)"
    command = [python, "-Bc", script, *modules]
    found = subprocess.run(command, env={"PYTHONPATH": path}, capture_output=True, text=True, check=False)  # noqa: S603
    assert found.returncode == 0, found.stderr
