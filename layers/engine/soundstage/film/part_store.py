"""Parts of films by fingerprint: what was made once is found again, whichever run made it.

A part is a folder with ``part.json`` and its files. It is made beside its place and moved there whole, so that a run
that is killed leaves no half of one; two that make the same part at once leave one of them.
"""

import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from soundstage.media.files import sha256_of

Model = TypeVar("Model", bound=BaseModel)
RECORD = "part.json"


def fingerprint_of(facts: Any) -> str:
    """SHA-256 of a JSON document, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class Part(Generic[Model]):
    """``value`` is what was made; its files lie in ``folder``."""

    value: Model
    folder: Path
    fingerprint: str
    reused: bool
    seconds: float


class WrittenFile(BaseModel):
    """A file of a part, in its folder."""

    file: str
    sha256: str

    @classmethod
    def of(cls, path: Path) -> "WrittenFile":
        return cls(file=path.name, sha256=sha256_of(path))


class PartStore:
    """Parts below one folder, by kind and fingerprint."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._root.mkdir(parents=True, exist_ok=True)

    def find(self, kind: str, fingerprint: str, model: type[Model]) -> Part[Model] | None:
        """The part if it is there and whole."""
        folder = self._folder(kind, fingerprint)
        try:
            value = model.model_validate_json((folder / RECORD).read_bytes())
        except (FileNotFoundError, ValueError):
            return None
        return Part(value, folder, fingerprint, reused=True, seconds=0.0)

    def obtain(self, kind: str, fingerprint: str, model: type[Model], make: Callable[[Path], Model]) -> Part[Model]:
        """The part, made into the folder that ``make`` is given unless it is there. Raises what ``make`` raises."""
        found = self.find(kind, fingerprint, model)
        if found is not None:
            return found
        began = time.monotonic()
        folder = self._folder(kind, fingerprint)
        folder.parent.mkdir(parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
        try:
            value = make(making)
            (making / RECORD).write_text(value.model_dump_json(), encoding="utf-8")
            self._settle(making, folder, model)
        finally:
            shutil.rmtree(making, ignore_errors=True)
        return Part(value, folder, fingerprint, reused=False, seconds=round(time.monotonic() - began, 3))

    def _settle(self, making: Path, folder: Path, model: type[Model]) -> None:
        making.chmod(0o755)
        for _ in range(2):
            try:
                making.rename(folder)
            except OSError:
                # Somebody else's is there: as good as ours when it is whole, in the way when it is not.
                if self.find(folder.parent.name, folder.name, model) is not None:
                    return
                shutil.rmtree(folder, ignore_errors=True)
            else:
                return
        raise FileExistsError(folder)

    def _folder(self, kind: str, fingerprint: str) -> Path:
        return self._root / kind / fingerprint[:32]
