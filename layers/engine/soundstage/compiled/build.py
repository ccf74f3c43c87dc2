"""Compile the loops with the machine's C compiler, where there is one: ``python -m soundstage.compiled.build``.

Run by ``make setup``, by the layer's build and by the worker image's. Without a compiler numpy does the same, slower.
"""

import os
import platform
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from soundstage.compiled import FLAGS, HERE, MACHINE_FLAGS, SOURCES, library_path


def build(folder: Path = HERE) -> Path | None:
    """Put the library into ``folder`` unless it is there, and remove older ones; None where nothing can compile it."""
    library = library_path(folder)
    compiler = shlex.split(os.environ.get("CC", "")) or [found for found in [shutil.which("cc")] if found]
    if not library.exists() and compiler:
        partial = folder / f".{library.name}.{os.getpid()}"
        flags = (*FLAGS, *MACHINE_FLAGS.get(platform.machine(), ()))
        command = [*compiler, *flags, *map(str, SOURCES), "-o", str(partial), "-lm"]
        try:
            subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
            partial.replace(library)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"{getattr(error, 'stderr', '') or error}", file=sys.stderr)  # noqa: T201
        finally:
            partial.unlink(missing_ok=True)
    for old in folder.glob("loops-*.so"):
        if old != library:
            old.unlink(missing_ok=True)
    return library if library.exists() else None


if __name__ == "__main__":
    if not build():
        print("There is no C compiler (cc): numpy will do the work, slower.", file=sys.stderr)  # noqa: T201
