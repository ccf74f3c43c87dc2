"""Uploads as files in which a reader can seek, kept as long as the process lives: the next call need not fetch them."""

import shutil
import tempfile
from pathlib import Path

from soundstage.audio.streams import FileReader, as_wav
from soundstage.platform.aws.storage import ObjectStore

MOST_BYTES = 4 << 30
"""Kept at once; what was used longest ago goes first. The newest stays, however large it is."""


class DecodedUploads:
    def __init__(self, objects: ObjectStore) -> None:
        self._objects = objects
        self._folder = tempfile.TemporaryDirectory()
        self._kept: dict[tuple[str, str | None], Path] = {}

    def reader(self, key: str, version_id: str | None) -> FileReader:
        """Raises NotFound, and as ``FileReader`` does."""
        identity = (key, version_id)
        path = self._kept.pop(identity, None) or self._fetched(key, version_id)
        self._kept[identity] = path  # the last is the newest
        self._make_room()
        return FileReader(path)

    def _fetched(self, key: str, version_id: str | None) -> Path:
        folder = Path(tempfile.mkdtemp(dir=self._folder.name))
        try:
            given = self._objects.download(key, folder / f"given{Path(key).suffix}", version_id=version_id)
            decoded = as_wav(given, folder / "decoded.wav")
        except BaseException:
            shutil.rmtree(folder)
            raise
        if decoded != given:
            given.unlink()
        return decoded

    def _make_room(self) -> None:
        sizes = {identity: path.stat().st_size for identity, path in self._kept.items()}
        while sum(sizes.values()) > MOST_BYTES and len(sizes) > 1:
            oldest = next(iter(sizes))
            del sizes[oldest]
            shutil.rmtree(self._kept.pop(oldest).parent)
