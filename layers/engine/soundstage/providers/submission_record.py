"""A commission's record and sound among the job's intermediates: ``work/{job}/provider-{label}.json``."""

from pathlib import Path
from typing import Any, Protocol

from soundstage.models.errors import NotFound
from soundstage.models.ids import Id
from soundstage.models.tracks import VariantLabel
from soundstage.providers.paid_submission import Record


class Objects(Protocol):
    """The part of an object store that is used here. ``read_json`` raises ``NotFound``."""

    def read_json(self, key: str) -> Any: ...

    def write_json(self, key: str, value: Any) -> str: ...

    def create_json(self, key: str, value: Any) -> bool: ...

    def download(self, key: str, path: Path) -> Path: ...

    def upload(self, path: Path, key: str, *, content_type: str) -> str: ...


class ObjectLedger:
    """The port ``Ledger`` of ``paid_submission`` in an object store: it outlives workers, attempts and machines."""

    def __init__(self, objects: Objects, job_id: Id, label: VariantLabel) -> None:
        self._objects = objects
        self._stem = f"work/{job_id}/provider-{label}"

    def read(self) -> Record | None:
        try:
            return Record.model_validate(self._objects.read_json(f"{self._stem}.json"))
        except NotFound:
            return None

    def claim(self, record: Record) -> bool:
        return self._objects.create_json(f"{self._stem}.json", record.model_dump(mode="json"))

    def write(self, record: Record) -> None:
        self._objects.write_json(f"{self._stem}.json", record.model_dump(mode="json"))

    def keep(self, path: Path) -> str:
        return self._objects.upload(path, f"{self._stem}.audio", content_type="application/octet-stream")

    def bring(self, key: str, path: Path) -> Path:
        return self._objects.download(key, path)
