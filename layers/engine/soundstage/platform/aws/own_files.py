"""A person's own files, fetched from the bucket when a film needs them."""

import tempfile
import threading
from hashlib import sha256
from pathlib import Path

from soundstage.film.kept_pictures import Kept
from soundstage.film.own_files import OwnMaterial, OwnSource, material_of
from soundstage.jobs.tasks import Objects
from soundstage.models.errors import MaterialGone, NotFound
from soundstage.models.projects import FilmOrder, ShotOrder, StoredFile
from soundstage.models.story import PartId


def own_material(order: ShotOrder | FilmOrder, objects: Objects, folder: Path) -> OwnMaterial:
    """What the order names; files come into ``folder``."""
    files = order.own_files
    uploads = {content: _source(stored, objects, folder) for content, stored in files.uploads.items()}
    music = _source(files.music, objects, folder) if files.music else None
    return material_of(order.storyboard, order.settings, uploads, music)


def kept_pictures(order: FilmOrder, objects: Objects, folder: Path) -> dict[PartId, Kept]:
    """Those that the film takes as they are; what people saw of them comes into ``folder`` where it is needed."""
    return {
        id_: Kept(kept.fingerprint, _source(StoredFile(key=kept.key, content=kept.key), objects, folder))
        for id_, kept in order.kept_pictures.items()
    }


def _source(stored: StoredFile, objects: Objects, folder: Path) -> OwnSource:
    name = Path(stored.key).name
    path = folder / f"{sha256(stored.content.encode()).hexdigest()[:32]}{Path(name).suffix}"
    lock = threading.Lock()

    def fetch() -> Path:
        with lock:
            if not path.exists():
                folder.mkdir(parents=True, exist_ok=True)
                coming = Path(tempfile.mkdtemp(prefix=".coming-", dir=folder)) / name
                try:
                    objects.download(stored.key, coming, version_id=stored.version_id)
                except NotFound as error:
                    raise MaterialGone(f"{name} is not there any more.", detail={"file": name}) from error
                coming.rename(path)
        return path

    return OwnSource(name, stored.content, fetch)
