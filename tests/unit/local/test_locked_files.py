"""The lock knows a wheel for every machine that is promised one, and the best one is chosen."""

import re
import tomllib
from pathlib import Path

import pytest
from infra.local import environment
from infra.local.locked_files import FILES, LOCK, NothingFits, best_files, locked
from pip._vendor.packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms

ROOT = Path(__file__).parents[3]
VERSIONS = [(3, minor) for minor in range(environment.OLDEST[1], environment.NEWEST[1] + 1)]
# glibc 2.28 is that of Debian 10, RHEL 8 and Amazon Linux 2023's predecessors: NumPy's wheels ask for it.
PLATFORMS = {
    "linux x86_64": [f"manylinux_2_{minor}_x86_64" for minor in range(28, 4, -1)] + ["manylinux2014_x86_64"],
    "linux aarch64": [f"manylinux_2_{minor}_aarch64" for minor in range(28, 16, -1)] + ["manylinux2014_aarch64"],
    "macOS arm64": list(mac_platforms((14, 0), "arm64")),
}
# Built from their source: localstack-client is a few lines of Python, and AWS runs no functions on macOS.
NO_WHEEL = {"macOS arm64": {"awslambdaric", "localstack-client"}}


def tags(version: tuple[int, int], platform: str) -> list[Tag]:
    platforms = PLATFORMS[platform]
    interpreter = f"cp{version[0]}{version[1]}"
    return [*cpython_tags(version, [interpreter], platforms), *compatible_tags(version, interpreter, platforms)]


def markers(version: tuple[int, int], platform: str) -> dict[str, str]:
    system = {"sys_platform": "darwin"} if platform.startswith("macOS") else {"sys_platform": "linux"}
    return system | {"python_version": "{}.{}".format(*version), "python_full_version": "{}.{}.1".format(*version)}


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("version", VERSIONS, ids="{0[0]}.{0[1]}".format)
def test_there_is_a_wheel_for_every_python(version: tuple[int, int], platform: str) -> None:
    chosen = list(best_files(LOCK.read_text(), FILES.read_text(), tags(version, platform), markers(version, platform)))
    assert {file.package for file in chosen if not file.name.endswith(".whl")} == NO_WHEEL.get(
        platform, {"localstack-client"}
    )
    assert len(chosen) > 150
    (soundfile,) = (file for file in chosen if file.package == "soundfile")
    assert "none-any" not in soundfile.name


def test_a_python_without_wheels_is_refused() -> None:
    future = ((3, 15), "linux x86_64")
    with pytest.raises(NothingFits, match=r"onnxruntime \S+ that constraints\.txt allows fits this machine \(cp315 on"):
        list(best_files(LOCK.read_text(), FILES.read_text(), tags(*future), markers(*future)))


def test_the_files_are_those_of_the_lock() -> None:
    requirements = list(locked(LOCK.read_text()))
    known = dict(line.split("  ") for line in FILES.read_text().splitlines())
    assert known.keys() - {sha256 for _, hashes in requirements for sha256 in hashes} == set()
    assert {requirement.name for requirement, hashes in requirements if not hashes & known.keys()} == {"pywin32"}


def test_the_bounds_agree() -> None:
    oldest, newest = environment.OLDEST, environment.NEWEST
    bounds = f">={oldest[0]}.{oldest[1]},<{newest[0]}.{newest[1] + 1}"
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"] == bounds
    offered = re.search(r"^PYTHONS := (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert offered is not None
    assert sorted(offered[1].split()) == sorted(["python3", *("python{}.{}".format(*version) for version in VERSIONS)])


LINUX = tags((3, 12), "linux x86_64")
A, B, C, D = (letter * 64 for letter in "abcd")


@pytest.mark.parametrize(
    ("allowed", "chosen"),
    [
        ([A, B, C, D], "it-1-cp312-cp312-manylinux_2_28_x86_64.whl"),
        ([A, B, D], "it-1-py3-none-any.whl"),
        ([B], "it-1.tar.gz"),
    ],
)
def test_the_best_that_the_lock_allows(allowed: list[str], chosen: str) -> None:
    names = {
        A: "it-1-py3-none-any.whl",
        B: "it-1.tar.gz",
        C: "it-1-cp312-cp312-manylinux_2_28_x86_64.whl",
        D: "it-1-cp312-cp312-musllinux_1_2_x86_64.whl",
    }
    lock = "it==1 \\\n" + " \\\n".join(f"    --hash=sha256:{sha256}" for sha256 in allowed)
    (file,) = best_files(lock, "".join(f"{sha256}  {name}\n" for sha256, name in names.items()), LINUX)
    assert file.name == chosen
    assert names[file.sha256] == chosen


def test_what_another_machine_needs_is_left_out() -> None:
    lock = f"it==1 ; sys_platform == 'win32' \\\n    --hash=sha256:{A}\n"
    assert list(best_files(lock, f"{A}  it-1-py3-none-any.whl\n", LINUX)) == []
