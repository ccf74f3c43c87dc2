"""The image cannot be built where the tests run, so what can be known without building is checked."""

import importlib
import re
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[3]
IMAGE = ROOT / "containers" / "gpu-render"
DOCKERFILE = (IMAGE / "Dockerfile").read_text()


def locked(path: Path) -> dict[tuple[str, str], set[str]]:
    """(name, version) → hashes."""
    entries = re.finditer(r"^([\w.-]+)==([\w.+-]+)[^\n]*((?:\n {4}[^\n]*)*)", path.read_text(), re.MULTILINE)
    return {(entry[1], entry[2]): set(re.findall(r"sha256:[0-9a-f]{64}", entry[3])) for entry in entries}


def test_everything_that_is_copied_exists() -> None:
    copied = re.findall(r"^COPY (?!--from)(\S+) \S+$", DOCKERFILE, re.MULTILINE)
    assert len(copied) == 13
    assert [path for path in copied if not (ROOT / path).exists()] == []


def test_what_is_copied_is_not_ignored() -> None:
    kept = [line[1:] for line in (IMAGE / "Dockerfile.dockerignore").read_text().splitlines() if line.startswith("!")]
    for path in re.findall(r"^COPY (?!--from)(\S+)", DOCKERFILE, re.MULTILINE):
        assert path.split("/")[0] in kept


@pytest.mark.parametrize("target", ["cpu", "gpu"])
def test_a_target_runs_the_worker_as_nobody_special(target: str) -> None:
    stage = re.search(rf"^FROM \S+ AS {target}\n(.*?)(?=^FROM |\Z)", DOCKERFILE, re.MULTILINE | re.DOTALL)
    assert stage is not None
    assert re.findall(r"^USER (\S+)", stage[1], re.MULTILINE) == ["10001"]
    assert 'CMD ["python", "containers/gpu-render/worker.py"]' in stage[1]
    assert f"SOUNDSTAGE_POOL={target}" in stage[1]


def test_its_packages_are_the_locked_ones() -> None:
    image, lock = locked(IMAGE / "requirements.txt"), locked(ROOT / "constraints.txt")
    assert image
    assert {entry: hashes for entry, hashes in image.items() if lock.get(entry) != hashes} == {}


def test_what_only_the_gpu_needs_agrees_with_the_rest() -> None:
    gpu, image = locked(IMAGE / "requirements-gpu.txt"), locked(IMAGE / "requirements.txt")
    names = {name for name, _ in gpu}
    assert {"torch", "transformers"} <= names
    assert {name for name, _ in locked(ROOT / "constraints.txt")} & {"torch", "transformers"} == set()
    versions = dict(image.keys())
    assert {(name, version) for name, version in gpu if versions.get(name, version) != version} == set()


def test_it_has_all_that_the_worker_needs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["cloud"], *extras["aws"], *extras["worker"], "awslambdaric"]
    names = {name for name, _ in locked(IMAGE / "requirements.txt")}
    assert {canonicalize_name(Requirement(line).name) for line in wanted} <= names


def test_every_task_is_a_module_with_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(IMAGE))
    for name in ("tasks", "tasks.music_generate"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    tasks = importlib.import_module("tasks").TASKS
    assert "music_generate" in tasks
    for module in tasks.values():
        assert callable(importlib.import_module(module).run)
