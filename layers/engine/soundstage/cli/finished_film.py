"""A film that is there already, found without loading what films are made with: the same command again takes a moment.

What is found is known by everything that it was made of: storyboard, settings, a person's own files, and the files of
the engine itself. Whatever is not the same goes the long way, where each part is looked for by its own fingerprint.
"""

import hashlib
import importlib.util
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import soundstage

RECORD = ".finished.json"
ENGINE_FILES = (".py", ".c", ".so", ".json")


def digest_of(storyboard: str, settings: str, own_files: list[Path]) -> str:
    """Of what a film is made of; both texts are JSON. Raises FileNotFoundError for a file of one's own."""
    own = [(path.name, _sha256(path)) for path in own_files]
    made_of = [storyboard, settings, own, sys.version, list(_engine()), list(_programs())]
    return hashlib.sha256(json.dumps(made_of).encode()).hexdigest()


def find_finished(project: Path, results: Path, digest: str) -> dict[str, Any] | None:
    """The film's document, as it was written, if it was made of this and is whole. Nothing of it was made now."""
    try:
        record = json.loads((project / RECORD).read_bytes())
        if record["digest"] != digest or any(_sha256(results / name) != sha for name, sha in record["files"].items()):
            return None
        document: dict[str, Any] = json.loads((results / "film.json").read_bytes())
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
    document["parts"] = [part | {"reused": True, "seconds": 0.0} for part in document["parts"]]
    return document


def keep_finished(project: Path, results: Path, digest: str) -> None:
    """Remember that what lies in ``results`` was made of this."""
    from soundstage.media.files import write_text

    files = {path.name: _sha256(path) for path in sorted(results.iterdir()) if path.is_file()}
    write_text(project / RECORD, json.dumps({"digest": digest, "files": files}))


def _engine() -> Iterator[tuple[str, int, int]]:
    root = Path(soundstage.__file__).parent
    for path in sorted(path for path in root.rglob("*") if path.suffix in ENGINE_FILES):
        about = path.stat()
        yield str(path.relative_to(root)), about.st_size, about.st_mtime_ns


def _programs() -> Iterator[tuple[str, int]]:
    """Where ffmpeg would come from."""
    wheel = importlib.util.find_spec("imageio_ffmpeg")
    for found in (shutil.which("ffmpeg"), wheel and wheel.origin):
        if found:
            yield found, Path(found).stat().st_mtime_ns


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
