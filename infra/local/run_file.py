"""What an instance has on this machine, written down where others find it: its processes, its temporary folders, and
which of its services keep failing. Whoever finds the file of a run that is over can clear up after it.
"""

from collections.abc import Iterator
from pathlib import Path

from infra.local.processes import ProcessGroup, kill_users_of, stop_groups
from pydantic import BaseModel

from soundstage.platform.runtime.scratch import remove_folder

STOP_GRACE_S = 20.0
NAME = "run.json"


class RunFile(BaseModel):
    """``run_id`` tells two runs in the same folder apart. ``troubles``: service → why nobody should wait for it."""

    run_id: str = ""
    supervisor: ProcessGroup
    services: list[ProcessGroup] = []
    temporary: list[Path] = []
    troubles: dict[str, str] = {}
    facts: dict[str, str] = {}

    @classmethod
    def read(cls, path: Path) -> "RunFile | None":
        try:
            return cls.model_validate_json(path.read_text())
        except (FileNotFoundError, NotADirectoryError):
            return None
        except ValueError:  # torn by a crash of the machine
            path.unlink(missing_ok=True)
            return None

    def write(self, path: Path) -> None:
        scratch = path.with_suffix(".new")
        scratch.write_text(self.model_dump_json(indent=1))
        scratch.replace(path)

    def clear_up(self, path: Path) -> None:
        """End what the run has left, last started first, remove its temporary folders and, last, this file."""
        stop_groups(reversed(self.services), grace_s=STOP_GRACE_S)
        kill_users_of(self.temporary)
        for folder in self.temporary:
            remove_folder(folder)
        path.unlink(missing_ok=True)


def clear_up_all(folder: Path, pattern: str) -> None:
    """Clear up after every run in a folder of this kind, ``{folder}/{pattern}``, whose supervisor is gone."""
    for path, left in _found(folder, pattern):
        if not left.supervisor.alive():
            left.clear_up(path)


def _found(folder: Path, pattern: str) -> Iterator[tuple[Path, RunFile]]:
    for path in sorted(folder.glob(f"{pattern}/{NAME}")):
        if (left := RunFile.read(path)) is not None:
            yield path, left
