"""Synthesise a stage unless nothing it is made from has changed: ``python -m infra.synth local``.

Prints the folder of the cloud assembly, for ``cdk deploy --all --app FOLDER``. Functions of stage ``local`` run from the
checkout, so editing one changes nothing here.
"""

import argparse
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NODE = ROOT / ".venv" / "bin"


def synthesise(stage: str, folder: Path | None = None) -> Path:
    """The cloud assembly of a stage. Raises ``CalledProcessError`` when the app or one of its linters objects."""
    folder = folder or ROOT / "cdk.out" / stage
    stamp = folder / "made-from"
    wanted = fingerprint(stage)
    if not (stamp.exists() and stamp.read_text() == wanted):
        cdk("synth", "--quiet", "--output", folder, "--context", f"stage={stage}")
        stamp.write_text(wanted)
    return folder


def cdk(*arguments: object) -> None:
    """The pinned CDK command line, under the node of the virtual environment."""
    environment = {**os.environ, "PATH": f"{NODE}{os.pathsep}{os.environ.get('PATH', '')}"}
    command = [ROOT / "infra" / "node_modules" / ".bin" / "cdk", *arguments]
    subprocess.run([str(part) for part in command], check=True, cwd=ROOT, env=environment, stdout=sys.stderr)  # noqa: S603


def fingerprint(stage: str) -> str:
    """Over everything that a stage's templates are made from, and where this checkout is."""
    digest = hashlib.sha256(f"{stage} {ROOT} {sys.executable}".encode())
    for file in _inputs(stage):
        digest.update(os.fsencode(file.relative_to(ROOT)) + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _inputs(stage: str) -> Iterator[Path]:
    yield ROOT / "cdk.json"
    yield ROOT / "infra" / "package-lock.json"
    yield ROOT / "constraints.txt"
    yield ROOT / "layers/engine/soundstage/platform/table.py"
    folders = [ROOT / "statemachines", ROOT / "infra" / "bootstrap"]
    yield from sorted((ROOT / "infra").glob("*.py"))
    if stage != "local":
        folders += [ROOT / "functions", ROOT / "layers" / "engine" / "soundstage", ROOT / "containers"]
    for folder in folders:
        yield from sorted(file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stage", choices=("local", "dev", "prod"))
    try:
        folder = synthesise(parser.parse_args().stage)
    except subprocess.CalledProcessError as error:
        return error.returncode
    print(folder)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
