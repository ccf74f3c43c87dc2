"""Compile the loops with the machine's C compiler, where there is one: ``python -m soundstage.compiled.build``.

Run by ``make setup``, by the layer's build and by the worker image's. Without a compiler numpy does the same, slower.
Beside the library lies where it is from: an in-toto statement with SLSA's provenance, which nobody has signed.
"""

import hashlib
import json
import os
import platform
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from soundstage.compiled import FLAGS, HERE, MACHINE_FLAGS, SOURCES, library_path

PROVENANCE = ".provenance.json"


def build(folder: Path = HERE) -> Path | None:
    """Put the library into ``folder`` unless it is there, and remove older ones; None where nothing can compile it."""
    library = library_path(folder)
    compiler = shlex.split(os.environ.get("CC", "")) or [found for found in [shutil.which("cc")] if found]
    if compiler and not (library.exists() and library.with_suffix(PROVENANCE).exists()):
        partial = folder / f".{library.name}.{os.getpid()}"
        flags = (*FLAGS, *MACHINE_FLAGS.get(platform.machine(), ()))
        command = [*compiler, *flags, *map(str, SOURCES), "-o", str(partial), "-lm"]
        try:
            subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
            library.with_suffix(PROVENANCE).write_text(json.dumps(_provenance(partial, library.name, compiler, flags)))
            partial.replace(library)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"{getattr(error, 'stderr', '') or error}", file=sys.stderr)  # noqa: T201
        finally:
            partial.unlink(missing_ok=True)
    for old in folder.glob("loops-*"):
        if old not in (library, library.with_suffix(PROVENANCE)):
            old.unlink(missing_ok=True)
    return library if library.exists() else None


def _provenance(built: Path, name: str, compiler: list[str], flags: Sequence[str]) -> dict[str, Any]:
    """in-toto Statement v1, SLSA Provenance v1."""
    told = subprocess.run([*compiler, "--version"], check=False, capture_output=True, text=True).stdout  # noqa: S603
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": name, "digest": _digest(built)}],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": "soundstage.compiled.build",
                "externalParameters": {"compiler": compiler, "flags": list(flags), "machine": platform.machine()},
                "resolvedDependencies": [{"name": source.name, "digest": _digest(source)} for source in SOURCES],
            },
            "runDetails": {"builder": {"id": platform.platform(), "version": {"cc": told.partition("\n")[0]}}},
        },
    }


def _digest(file: Path) -> dict[str, str]:
    return {"sha256": hashlib.sha256(file.read_bytes()).hexdigest()}


if __name__ == "__main__":
    if not build():
        print("There is no C compiler (cc): numpy will do the work, slower.", file=sys.stderr)  # noqa: T201
