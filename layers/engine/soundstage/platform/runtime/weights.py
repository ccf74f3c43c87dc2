"""Models' weights on a worker: a folder that somebody mounted, or one in the bucket, fetched once and checked.

In the bucket a model lies below ``models/{name}/`` with the list ``SHA256SUMS`` (sha256sum's format) of its files. It
is named with the checksum of that list, ``sd-turbo@{sha256}``, so that whoever can write the bucket cannot change what
a worker runs.
"""

import fcntl
import hashlib
import logging
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from soundstage.jobs.tasks import Objects
from soundstage.models.errors import NotFound
from soundstage.platform.aws.clients import as_transient

MODELS = "models/"
LIST = "SHA256SUMS"
NAMED = re.compile(r"(?P<name>[a-z0-9][a-z0-9._-]*)@(?P<sha256>[0-9a-f]{64})")
_LINE = re.compile(r"(?P<sha256>[0-9a-f]{64}) [ *](?:\./)?(?P<path>.+)")

log = logging.getLogger(__name__)


class WrongWeights(Exception):
    """They are not in the bucket, or not those that were named."""


def weights_of(named: Mapping[str, str], objects: Objects, kept_in: Path) -> dict[str, Path]:
    """Key → folder. What cannot be had is left out, and the log says why; of what trying again may help, it raises."""
    found = {}
    for key, each in named.items():
        try:
            found[key] = weights_folder(each, objects, kept_in)
        except Exception as error:
            if as_transient(error):
                raise
            log.exception("a model's weights cannot be had", extra={"model": each})
    return found


def weights_folder(named: str, objects: Objects, kept_in: Path) -> Path:
    """``named``: a folder's absolute path, or a model of the bucket, which then lies below ``kept_in`` for good.

    Raises WrongWeights.
    """
    if named.startswith("/"):
        return Path(named)
    found = NAMED.fullmatch(named)
    if found is None:
        raise WrongWeights(f"{named!r} is neither an absolute path nor name@sha256.")
    folder = kept_in / f"{found['name']}-{found['sha256'][:16]}"
    if folder.exists():
        return folder
    kept_in.mkdir(parents=True, exist_ok=True)
    with (kept_in / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a worker's processes need the same gigabytes at the same time
        if not folder.exists():
            arriving = Path(tempfile.mkdtemp(prefix=f"{folder.name}-", dir=kept_in))
            try:
                _fetch(f"{MODELS}{found['name']}/", found["sha256"], objects, arriving)
                arriving.rename(folder)
            finally:
                shutil.rmtree(arriving, ignore_errors=True)
    return folder


def _fetch(prefix: str, sha256: str, objects: Objects, folder: Path) -> None:
    try:
        listed = objects.download(f"{prefix}{LIST}", folder / LIST)
        _check(listed, sha256)
        for line in listed.read_text().splitlines():
            file = _LINE.fullmatch(line)
            if file is None or ".." in PurePosixPath(file["path"]).parts or file["path"].startswith("/"):
                raise WrongWeights(f"{prefix}{LIST} has a line that is none: {line[:80]!r}")
            path = folder / file["path"]
            path.parent.mkdir(parents=True, exist_ok=True)
            _check(objects.download(f"{prefix}{file['path']}", path), file["sha256"])
    except NotFound as missing:
        raise WrongWeights(f"{prefix} is not whole: {missing}") from missing


def _check(path: Path, sha256: str) -> None:
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            raise WrongWeights(f"{path.name} is not what was named: it has another checksum.")
