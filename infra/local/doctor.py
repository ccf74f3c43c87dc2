"""``make doctor``: whether what is installed works here, and what this machine has and lacks, for a person to read.

It says something useful where nothing is built or half of it is broken, so it imports the standard library only; what
needs the environment's packages is asked of the environment's own Python.
"""

import configparser
import ctypes
import importlib
import json
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from infra.local import environment, proof

ROOT = Path(__file__).resolve().parents[2]
WIDTH = 110
ASK_S = 10.0
# .venv, node_modules and their caches have 3 GB; a demo's cloud and songs less than 1.
SMALL_DISK_BYTES = 4e9
# As in infra.local.settings, which needs pydantic.
PORTS = {"gateway": ("SOUNDSTAGE_PORT", 8000), "AWS endpoint": ("SOUNDSTAGE_CLOUD_PORT", 4566)}
FONT = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

Lines = Iterator[tuple[str, str]]


def main() -> int:
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    outcomes = proof.run(environment.PYTHON)
    inside = _asked_inside()
    _print_section(f"Environment: {environment.VENV}", _outcome_lines(outcomes))
    _print_section("Machine", _machine_lines(inside))
    _print_section("Ports", _port_lines(inside))
    _print_section("Optional", _optional_lines())
    broken = [outcome.part for outcome in outcomes if not outcome.works]
    if broken:
        print(f"Does not work: {', '.join(broken)}. What would mend it stands above.")
    elif not environment.is_built():
        print("What is installed works, but it is not what the locks say now: make setup.")
    else:
        print("Everything that Soundstage needs works here.")
    return 1 if broken else 0


def _print_section(title: str, lines: Lines) -> None:
    """Two columns, the second wrapped."""
    print(title)
    for name, says in lines:
        print(textwrap.fill(says, WIDTH, initial_indent=f"  {name:<17} ", subsequent_indent=" " * 20))
    print(flush=True)


def _outcome_lines(outcomes: list[proof.Outcome]) -> Lines:
    for outcome in outcomes:
        mend = f" -> {outcome.mend}" if outcome.mend else ""
        yield outcome.part, outcome.says if outcome.works else f"DOES NOT WORK: {outcome.says.rstrip('.')}.{mend}"


def _machine_lines(inside: dict[str, Any]) -> Lines:
    libc = " ".join(platform.libc_ver()).strip() or platform.mac_ver()[0]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    yield "system", f"{platform.system()} {platform.release()}, {platform.machine()}, {libc}"
    yield "Python", f"{platform.python_version()}, {sys.executable}"
    yield "processor", f"{_processor()}, {os.cpu_count()} cores, {memory / 2**30:.0f} GiB of memory"
    if inside:
        yield "NumPy uses", " ".join(inside["features"]) or "nothing beyond its baseline"
        chosen = os.environ.get("OPENBLAS_CORETYPE")
        yield "BLAS", inside["blas"] + (f"; OPENBLAS_CORETYPE={chosen} is set" if chosen else "")
    for place in {path.stat().st_dev: path for path in (Path(tempfile.gettempdir()), ROOT)}.values():
        free = shutil.disk_usage(place).free
        little = "; that is little: an environment and its caches take 3 GB" if free < SMALL_DISK_BYTES else ""
        yield "free disk", f"{free / 2**30:.0f} GiB at {place}{little}"


def _port_lines(inside: dict[str, Any]) -> Lines:
    for name, (variable, default) in PORTS.items():
        given = os.environ.get(variable) or str(default)
        if not given.isdecimal() or not 1024 <= int(given) <= 65_535:
            yield name, f"{variable}={given} is not a port from 1024 to 65535"
        elif _listened_to(int(given)):
            who = inside.get("listeners", {}).get(given) or "another process"
            other = f"choose another port for a second cloud: {variable}={int(given) + 100}"
            yield name, f"{given} is taken by {who}; that may be a cloud of yours (make status); {other}"
        else:
            yield name, f"{given} is free"


def _optional_lines() -> Lines:
    """What was found, and what it adds or would add."""
    compiler = shutil.which(os.environ.get("CC", "").split(" ")[0] or "cc")
    yield _optional("C compiler", compiler, "loops over samples are compiled at set-up and run twice as fast", "gcc")
    sampled = "recorded instruments play most of a song"
    yield _optional("FluidSynth", shutil.which("fluidsynth"), f"{sampled}, given a sound font", "fluidsynth")
    font = FONT if FONT.is_file() else None
    yield _optional("sound font", font, f"{sampled}, given FluidSynth", "fluid-soundfont-gm")
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    yield _optional("Chromium", browser, "make test tries the pages in a real browser", "chromium")
    image = "the worker's image can be built, which AWS needs (docs/infrastructure.md)"
    yield _optional("Docker engine", _docker_engine(), image)
    use = "cdk deploy can reach an account (docs/infrastructure.md); the embedded cloud never looks at them"
    yield _optional("AWS credentials", _aws_credentials(), use)


def _optional(name: str, found: object, adds: str, package: str = "") -> tuple[str, str]:
    if found:
        return name, f"{found}: {adds}"
    return name, f"not found; with it, {adds}" + (f" (Debian, Ubuntu: apt install {package})" if package else "")


def _docker_engine() -> str | None:
    """Its version: the client alone builds nothing."""
    with suppress(OSError, subprocess.SubprocessError):
        asked = ["docker", "version", "--format", "{{.Server.Version}}"]
        answer = subprocess.run(asked, check=True, capture_output=True, text=True, timeout=ASK_S)
        return answer.stdout.strip()
    return None


def _aws_credentials() -> str | None:
    """Where they are. What they say is not read."""
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE"):
        if os.environ.get(variable):
            return f"in {variable}"
    home = Path(os.environ.get("HOME") or "/nonexistent") / ".aws"
    for variable, usual in (("AWS_SHARED_CREDENTIALS_FILE", "credentials"), ("AWS_CONFIG_FILE", "config")):
        file = Path(os.environ.get(variable) or home / usual)
        profiles = configparser.RawConfigParser()
        with suppress(configparser.Error, UnicodeDecodeError, OSError):
            profiles.read(file)
            if names := profiles.sections():
                return f"{file} ({', '.join(names)})"
    return None


def _processor() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _listened_to(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1.0):
        return True
    return False


def _asked_inside() -> dict[str, Any]:
    """What only the environment's packages know; nothing where they do not work."""
    with suppress(OSError, subprocess.SubprocessError, ValueError):
        command = [str(environment.PYTHON), "-m", "infra.local.doctor", "--inside"]
        answer = subprocess.run(command, check=True, capture_output=True, text=True, timeout=ASK_S, cwd=ROOT)
        return dict(json.loads(answer.stdout))
    return {}


def inside() -> dict[str, Any]:
    """What the environment's Python knows: NumPy's processor features beyond its baseline, its BLAS, who has a port."""
    import numpy  # noqa: PLC0415
    from infra.local.processes import listener_on  # noqa: PLC0415

    core: Any = importlib.import_module("numpy._core._multiarray_umath")
    ports = [os.environ.get(variable) or str(default) for variable, default in PORTS.values()]
    blas = numpy.show_config(mode="dicts")["Build Dependencies"]["blas"]
    kernels = [_kernel(library) for library in Path(numpy.__file__).parent.with_name("numpy.libs").glob("*openblas*")]
    return {
        "features": [feature for feature in core.__cpu_dispatch__ if core.__cpu_features__[feature]],
        "blas": ", kernel ".join([f"{blas['name']} {blas['version']}", *kernels]),
        "listeners": {port: listener_on(int(port)) for port in ports if port.isdecimal()},
    }


def _kernel(openblas: Path) -> str:
    """Which of its kernels this OpenBLAS has chosen."""
    name = ctypes.CDLL(str(openblas)).scipy_openblas_get_corename64_
    name.restype = ctypes.c_char_p
    return str(name().decode())


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # its reader may have seen enough
    if "--inside" in sys.argv:
        print(json.dumps(inside()))
    else:
        sys.exit(main())
