"""What stands in the way of a set-up is said in a sentence; what need not stand in the way does not."""

import os
import subprocess
import sys
from collections import namedtuple
from pathlib import Path
from types import SimpleNamespace

import pytest
from infra.local import environment

ROOT = Path(__file__).parents[3]
Version = namedtuple("Version", "major minor micro")


@pytest.mark.parametrize("version", [(3, 10, 14), (3, 15, 0)])
def test_a_python_that_the_lock_does_not_suit_is_refused(
    version: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "version_info", Version(*version))
    with pytest.raises(environment.CannotSetUp, match=r"needs CPython 3\.11 to 3\.14, and this is .* `make PYTHON=…`"):
        environment.check_interpreter()


def test_a_python_that_makes_no_environments_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(environment.CannotSetUp, match=r"apt install python3\.\d+-venv"):
        environment.check_interpreter()


@pytest.mark.skipif(not hasattr(os, "ST_NOEXEC"), reason="only Linux tells")
def test_a_folder_where_nothing_can_run_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    environment.check_folder(ROOT)
    monkeypatch.setattr(os, "statvfs", lambda folder: SimpleNamespace(f_flag=os.ST_NOEXEC | os.ST_NOSUID))
    with pytest.raises(environment.CannotSetUp, match=r"The file system of .* is mounted noexec"):
        environment.check_folder(ROOT)


def test_this_python_suits() -> None:
    environment.check_interpreter()


def test_nothing_is_made_from_what_set_up_itself_leaves() -> None:
    """Or it would be made again at the next set-up, for nothing."""
    git = ["git", "ls-files", "-z", "--others", "--ignored", "--exclude-standard"]
    ignored = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")  # noqa: S603
    sources = {*environment.PYTHON_FROM, *environment.CLIENT_FROM, *environment.CONSOLE_FROM, *environment.NODE_FROM}
    assert len(sources) > 100
    assert sources & {ROOT / name for name in ignored} == set()


def make(*arguments: str, **variables: str) -> str:
    """What make says in the environment of a plain shell."""
    plain = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MAKE", "MFLAGS", "XDG_", "npm_", "NODE_"))
    }
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=plain | variables).stdout  # noqa: S603


def caches(**variables: str) -> set[str]:
    said = make("-C", str(ROOT), "--eval", "caches: ; @env", "caches", **variables)
    return {line.partition("=")[0] for line in said.splitlines() if line.endswith("=" + str(ROOT / ".cache/home"))}


def test_caches_go_below_the_checkout_where_there_is_no_home(tmp_path: Path) -> None:
    assert caches(HOME=str(tmp_path)) == set()
    for home in ("", "/proc/nowhere"):
        assert caches(HOME=home) == {"XDG_CACHE_HOME"}
    assert caches(HOME="", XDG_CACHE_HOME="/elsewhere") == set()


def test_node_keeps_its_byte_code_below_the_checkout() -> None:
    said = make("-C", str(ROOT), "--eval", "kept: ; @echo $$NODE_COMPILE_CACHE", "kept")

    assert said.strip() == str(ROOT / ".cache" / "node")


def test_make_notices_what_changed_under_it(tmp_path: Path) -> None:
    """A moved checkout, and a Python that went away; else a set-up that is done is not even looked at."""
    bin_, stamps = (
        tmp_path / ".venv" / "bin",
        [tmp_path / it for it in (".venv/.python-ready", "infra/node_modules/.node-ready", "web/dist/.console-ready")],
    )
    bin_.mkdir(parents=True)
    (tmp_path / "infra" / "local").mkdir(parents=True)
    for folder in ("infra/node_modules", "web/dist", "docs"):
        (tmp_path / folder).mkdir(parents=True)
    copied = ("infra/package-lock.json", "docs/openapi.json", "pyproject.toml", "constraints.txt", "constraints.sha256")
    for name in ("Makefile", *copied):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    for file in (ROOT / "infra" / "local").glob("*.py"):
        (tmp_path / "infra" / "local" / file.name).touch()
    (bin_ / "python").symlink_to(sys.executable)

    def looks(folder: str) -> bool:
        for stamp in stamps:
            stamp.write_text(f"fingerprint\n{folder}\n")
        return "infra.local.environment" in make("-C", str(tmp_path), "-n", "setup", "PYTHON=python3")

    assert not looks(str(tmp_path))
    assert looks("/moved")
    (bin_ / "python").unlink()
    assert looks(str(tmp_path))
