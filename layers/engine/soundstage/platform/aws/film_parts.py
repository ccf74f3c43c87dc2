"""Parts of films in the bucket: whichever worker made one, all find it, and a task that comes again goes on from there.

A part's files lie under ``film/parts/{owner}/{kind}/{fingerprint}/``. Its manifest names them with their checksums and
is written last: a part without one is not there. Parts that nobody uses expire: they can be made again.
"""

import logging
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from soundstage.film.part_store import Part, PartStore
from soundstage.jobs.tasks import Objects
from soundstage.media.files import sha256_of
from soundstage.media.types import CONTENT_TYPES
from soundstage.models.errors import NotFound, TransientError
from soundstage.models.ids import Id

log = logging.getLogger(__name__)

PREFIX = "film/parts/"
ATTEMPTS = 3
"""A download that is not what its manifest says is tried so often (REQUIREMENTS F6)."""
AT_ONCE = 8
"""Files that come or go at the same time: they wait for the network, not for each other."""

PUT_AGAIN_AFTER = timedelta(days=10)
"""The bucket lets parts go ``EXPIRE_DAYS`` after they were put, and does not know what is read: one that is used is put
again when it is older than this, so that what is used once in 20 days stays."""
EXPIRE_DAYS = 30

ANY_TYPE = "application/octet-stream"
"""Of parts that only we read."""

Model = TypeVar("Model", bound=BaseModel)


class PartFile(BaseModel):
    name: str
    size_bytes: int
    sha256: str


class PartManifest(BaseModel):
    """part_manifest, schema version 1. ``put_at``: when its files were put; null in those of before."""

    schema_version: int = 1
    files: list[PartFile]
    put_at: datetime | None = None


class SharedPartStore(PartStore):
    """A folder of parts in front of the bucket: what is not here is fetched, what was made here is put there."""

    def __init__(
        self,
        root: Path,
        objects: Objects,
        owner_id: Id,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(root)
        self._objects = objects
        self._clock = clock
        self._prefix = f"{PREFIX}{owner_id}"

    def find(self, kind: str, fingerprint: str, model: type[Model]) -> Part[Model] | None:
        """Here, or fetched. Raises TransientError when the bucket holds it and does not answer."""
        here = super().find(kind, fingerprint, model)
        if here is not None or not self._fetch(kind, fingerprint):
            return here
        return super().find(kind, fingerprint, model)

    def obtain(self, kind: str, fingerprint: str, model: type[Model], make: Callable[[Path], Model]) -> Part[Model]:
        part = super().obtain(kind, fingerprint, model, make)
        if not part.reused:
            self._publish(kind, part.folder)
        return part

    def _fetch(self, kind: str, fingerprint: str) -> bool:
        folder = self._folder(kind, fingerprint)
        key = self._key(kind, folder.name)
        try:
            manifest = PartManifest.model_validate(self._objects.read_json(f"{key}/manifest.json"))
        except NotFound:
            return False
        folder.parent.mkdir(parents=True, exist_ok=True)
        coming = Path(tempfile.mkdtemp(prefix=".coming-", dir=folder.parent))
        try:
            with ThreadPoolExecutor(AT_ONCE) as pool:
                whole = list(pool.map(lambda file: self._download(f"{key}/{file.name}", file, coming), manifest.files))
            if not all(whole):
                return False
            shutil.rmtree(folder, ignore_errors=True)
            coming.chmod(0o755)
            coming.rename(folder)
        finally:
            shutil.rmtree(coming, ignore_errors=True)
        if manifest.put_at is None or self._clock() - manifest.put_at > PUT_AGAIN_AFTER:
            self._publish(kind, folder)
        return True

    def _download(self, key: str, file: PartFile, folder: Path) -> bool:
        """False when it is gone, or damaged where it lies: it has to be made again."""
        path = folder / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                self._objects.download(key, path)
            except NotFound:
                return False
            except Exception as error:
                # Of whatever library stands between us and the bucket.
                log.warning("a part did not arrive", extra={"key": key, "attempt": attempt}, exc_info=True)
                if attempt == ATTEMPTS:
                    raise TransientError("A part of the film did not arrive.", detail={"file": file.name}) from error
                continue
            if (path.stat().st_size, sha256_of(path)) == (file.size_bytes, file.sha256):
                return True
            log.warning("a part arrived damaged", extra={"key": key, "attempt": attempt})
        return False

    def _publish(self, kind: str, folder: Path) -> None:
        key = self._key(kind, folder.name)
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        with ThreadPoolExecutor(AT_ONCE) as pool:
            files = list(pool.map(partial(self._upload, key, folder), paths))
        manifest = PartManifest(files=files, put_at=self._clock())
        self._objects.write_json(f"{key}/manifest.json", manifest.model_dump(mode="json"))

    def _upload(self, key: str, folder: Path, path: Path) -> PartFile:
        name = path.relative_to(folder).as_posix()
        self._objects.upload(path, f"{key}/{name}", content_type=CONTENT_TYPES.get(path.suffix, ANY_TYPE))
        return PartFile(name=name, size_bytes=path.stat().st_size, sha256=sha256_of(path))

    def _key(self, kind: str, name: str) -> str:
        return f"{self._prefix}/{kind}/{name}"
