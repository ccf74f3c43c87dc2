"""Whatever pip and uv are configured to, the best file that the lock knows is installed, or a sentence says why not.

The packages are tiny, the indexes folders, and pip and uv the real ones. ``tinysound`` stands for soundfile: its pure
wheel has no library, and some indexes have no other.
"""

import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

import pytest
from infra.local import packages
from infra.local.locked_files import LockedFile, best_files
from infra.local.package_sources import Sources
from pip._vendor.packaging.tags import sys_tags
from tests.fixtures.index_folders import index, sha256, source_archive, wheel

TAGS = list(sys_tags())
HERE = next(tag.platform for tag in TAGS if tag.platform != "any")


@dataclass(frozen=True)
class Release:
    """The files of a release, and what the lock says of them."""

    pure: Path
    native: Path
    source: Path
    other: Path
    wanted: list[LockedFile]

    @property
    def all(self) -> tuple[Path, ...]:
        return (self.pure, self.native, self.source, self.other)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = tmp_path_factory.mktemp("Räder und mehr")
    pure = wheel(folder, "tinysound", "1.0", "py3-none-any", {"tinysound": ""})
    native = wheel(folder, "tinysound", "1.0", f"py3-none-{HERE}", {"tinysound": "", "_tinysound_data": ""})
    source = source_archive(folder, "tinysound", "1.0")
    other = wheel(folder, "plain", "2.0", "py3-none-any", {"plain": ""})
    hashes = " \\\n".join(f"    --hash=sha256:{sha256(file)}" for file in (pure, native, source))
    lock = f"plain==2.0 \\\n    --hash=sha256:{sha256(other)}\ntinysound==1.0 \\\n{hashes}\n"
    files = "".join(f"{sha256(file)}  {file.name}\n" for file in (pure, native, source, other))
    return Release(pure, native, source, other, list(best_files(lock, files, TAGS)))


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """A new environment without anything."""
    venv.create(tmp_path / "target", with_pip=False, symlinks=True)
    return tmp_path / "target" / "bin" / "python"


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment of a machine that has nothing configured, no network and no patience."""
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    configuration = {
        "PIP_CONFIG_FILE": "/dev/null",
        "UV_NO_CONFIG": "1",
        "HOME": str(tmp_path),
        "PATH": "/usr/bin:/bin",
    }
    caches = {"UV_CACHE_DIR": str(tmp_path / "uv"), "PIP_CACHE_DIR": str(tmp_path / "pip")}
    return configuration | caches | {"PIP_RETRIES": "0", "UV_HTTP_RETRIES": "0"}


def installed(python: Path) -> set[str]:
    """What can be imported of the two packages."""
    names = ("plain", "tinysound", "_tinysound_data")
    probe = f"import importlib.util as u; print(*(n for n in {names} if u.find_spec(n)))"
    command = [str(python), "-c", probe]
    return set(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())  # noqa: S603


EVERYTHING = {"plain", "tinysound", "_tinysound_data"}


def _pure_folder_first(folder: Path, release: Release) -> dict[str, str]:
    first, behind = index(folder / "a", release.pure), index(folder / "b", *release.all)
    return {"PIP_EXTRA_INDEX_URL": first, "PIP_INDEX_URL": behind}


def _three_for_pip(folder: Path, release: Release) -> dict[str, str]:
    addresses = [index(folder / "a", release.pure), index(folder / "b", release.source, release.native)]
    conf = folder / "pip.conf"
    listed = "\n    ".join(["", *addresses])
    conf.write_text(
        f"[global]\nindex-url = {index(folder / 'c', release.other)}\n[install]\nextra-index-url = {listed}\n"
    )
    return {"PIP_CONFIG_FILE": str(conf)}


def _only_the_source_first(folder: Path, release: Release) -> dict[str, str]:
    first, behind = index(folder / "a", release.source), index(folder / "b", *release.all)
    return {"UV_INDEX": f"company={first}", "UV_DEFAULT_INDEX": behind}


def _no_hashes_in_the_index(folder: Path, release: Release) -> dict[str, str]:
    first, behind = index(folder / "a", release.pure, hashes=False), index(folder / "b", *release.all, hashes=False)
    return {"UV_INDEX": first, "PIP_INDEX_URL": behind}


def _uv_toml(folder: Path, release: Release) -> dict[str, str]:
    file = folder / "uv.toml"
    first, behind = index(folder / "a", release.pure, release.other), index(folder / "b", release.native)
    main = f'exclude-newer = "2001-01-01"\n[[index]]\nurl = "{first}"\ndefault = true\n'
    file.write_text(f'{main}[pip]\nextra-index-url = ["{behind}"]\n')
    return {"UV_CONFIG_FILE": str(file), "UV_NO_CONFIG": ""}


def _a_folder_with_everything_and_no_index(folder: Path, release: Release) -> dict[str, str]:
    return {"PIP_NO_INDEX": "1", "UV_FIND_LINKS": str(release.native.parent)}


def _pure_folder_and_an_index(folder: Path, release: Release) -> dict[str, str]:
    (folder / "wheels").mkdir()
    (folder / "wheels" / release.pure.name).write_bytes(release.pure.read_bytes())
    return {"PIP_FIND_LINKS": str(folder / "wheels"), "PIP_INDEX_URL": index(folder / "b", *release.all)}


def _one_index(folder: Path, release: Release) -> dict[str, str]:
    """And settings that would change what is installed, or where to."""
    harmful = {"PIP_USER": "1", "PIP_NO_BINARY": ":all:", "UV_NO_BINARY": "1", "UV_CONSTRAINT": "/nowhere"}
    return harmful | {"PIP_INDEX_URL": index(folder / "a", *release.all)}


@pytest.mark.parametrize(
    "configured",
    [
        _pure_folder_first,
        _three_for_pip,
        _only_the_source_first,
        _no_hashes_in_the_index,
        _uv_toml,
        _a_folder_with_everything_and_no_index,
        _pure_folder_and_an_index,
        _one_index,
    ],
)
def test_the_best_file_is_installed(configured, tmp_path, release, python, bare) -> None:  # type: ignore[no-untyped-def]
    sources = Sources.read(Path(sys.executable), bare | configured(tmp_path, release))
    packages.install(release.wanted, sources, tmp_path / "fetched", str(python))
    assert installed(python) == EVERYTHING


def test_pip_installs_where_uv_cannot(
    tmp_path: Path, release: Release, python: Path, bare: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = Sources.read(Path(sys.executable), bare | _pure_folder_first(tmp_path, release))
    monkeypatch.setattr(packages, "UV", ("/nowhere/uv", "pip"))
    packages.install(release.wanted, sources, tmp_path / "fetched", str(python))
    assert installed(python) == EVERYTHING


def test_what_uv_would_not_find_is_known(tmp_path: Path, release: Release, python: Path, bare: dict[str, str]) -> None:
    """Otherwise the tests above would pass without pip."""
    sources = Sources.read(Path(sys.executable), bare | _pure_folder_first(tmp_path, release))
    (missed,) = packages.not_offered(release.wanted, sources, str(python))
    assert missed.name == release.native.name


def test_a_file_that_no_place_has_is_named(
    tmp_path: Path, release: Release, python: Path, bare: dict[str, str]
) -> None:
    address = index(tmp_path / "a", release.pure, release.other)
    sources = Sources.read(Path(sys.executable), bare | {"PIP_INDEX_URL": address})
    with pytest.raises(packages.Missing) as refused:
        packages.install(release.wanted, sources, tmp_path / "fetched", str(python))
    assert str(refused.value) == (
        f"tinysound 1.0 cannot be installed: this machine needs {release.native.name}, and looked for it in {address}; "
        "there are only other files of this version. Name a place that has it in PIP_EXTRA_INDEX_URL or PIP_FIND_LINKS."
    )
    assert installed(python) == set()


def test_a_version_that_no_place_has_is_named(
    tmp_path: Path, release: Release, python: Path, bare: dict[str, str]
) -> None:
    sources = Sources.read(Path(sys.executable), bare | {"PIP_INDEX_URL": index(tmp_path / "a", release.native)})
    with pytest.raises(packages.Missing, match=r"^plain 2\.0 cannot be installed: .* pip says: .*plain==2\.0"):
        packages.install(release.wanted, sources, tmp_path / "fetched", str(python))


def test_an_index_that_cannot_be_reached_is_named_without_its_password(
    tmp_path: Path, release: Release, python: Path, bare: dict[str, str]
) -> None:
    sources = Sources.read(Path(sys.executable), bare | {"PIP_INDEX_URL": "http://me:secret@127.0.0.1:9/simple"})
    with pytest.raises(packages.Missing, match=r"cannot be read \(connection error") as refused:
        packages.install(release.wanted, sources, tmp_path / "fetched", str(python))
    assert "http://127.0.0.1:9/simple" in str(refused.value)
    assert "secret" not in str(refused.value)


def test_what_is_not_locked_goes(tmp_path: Path, release: Release, python: Path, bare: dict[str, str]) -> None:
    sources = Sources.read(Path(sys.executable), bare | _one_index(tmp_path, release))
    packages.install(release.wanted, sources, tmp_path / "fetched", str(python))
    alone = [file for file in release.wanted if file.package == "plain"]
    packages.install(alone, sources, tmp_path / "fetched", str(python))
    assert installed(python) == {"plain"}


def test_another_file_of_the_same_name_is_refused(
    tmp_path: Path, release: Release, python: Path, bare: dict[str, str]
) -> None:
    forged = wheel(tmp_path / "forged", "tinysound", "1.0", f"py3-none-{HERE}", {"tinysound": "import os"})
    address = index(tmp_path / "a", forged, release.other, hashes=False)
    sources = Sources.read(Path(sys.executable), bare | {"PIP_INDEX_URL": address})
    with pytest.raises(packages.Missing, match=r"^tinysound 1\.0 cannot be installed"):
        packages.install(release.wanted, sources, tmp_path / "fetched", str(python))
    assert "tinysound" not in installed(python)
