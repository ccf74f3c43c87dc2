"""The record of a submission to a provider, and its store, which outlives the worker that submitted."""

from pathlib import Path
from typing import Any, Literal, Protocol

from pydantic import AliasChoices, BaseModel, Field

from soundstage.models.errors import NotFound
from soundstage.models.ids import Id
from soundstage.providers.protocol import Reference

BOUGHT = "film/bought/"
"""Of records of what was asked for films, and their results: by owner, then by what was asked for."""


class SubmissionRecord(BaseModel):
    """``sending``: written before the request leaves. ``sent``: they have it, under ``reference``. ``fetched``: the
    result is ours, under the key ``result``. ``gave_up``: there will be none, for the reason in ``note``.

    Small; no keys, no prompts.
    """

    schema_version: Literal[1] = 1
    provider: str
    fingerprint: str
    idempotency_key: str
    usd: float
    phase: Literal["sending", "sent", "fetched", "gave_up"] = "sending"
    reference: Reference | None = None
    # What was asked for before there were other kinds than music calls it audio.
    result: str | None = Field(default=None, validation_alias=AliasChoices("result", "audio"))
    sha256: str | None = None
    note: str | None = None
    asked_by: str = Field(default="", description="The job that sent it.")
    unbilled: bool = Field(default=False, description="Given up, and certain to cost nothing.")


class SubmissionStore(Protocol):
    """Where one record and its result outlive this process."""

    def read(self) -> SubmissionRecord | None: ...

    def claim(self, record: SubmissionRecord) -> bool:
        """Write the first record. False when there is one already: only one of two racing workers may send."""

    def write(self, record: SubmissionRecord) -> None: ...

    def keep(self, path: Path) -> str:
        """Store the result; returns its key."""

    def bring(self, key: str, path: Path) -> Path: ...


def bought_stem(owner_id: Id, name: str) -> str:
    """Of the keys of what was asked for films under this name."""
    return f"{BOUGHT}{owner_id}/{name}"


def callback_key(owner_id: Id, name: str) -> str:
    """Of what a model node said when it was done with it."""
    return f"{bought_stem(owner_id, name)}.callback.json"


class Objects(Protocol):
    """The part of an object store that is used here. ``read_json`` raises ``NotFound``."""

    def read_json(self, key: str) -> Any: ...

    def write_json(self, key: str, value: Any) -> str: ...

    def create_json(self, key: str, value: Any) -> bool: ...

    def download(self, key: str, path: Path) -> Path: ...

    def upload(self, path: Path, key: str, *, content_type: str) -> str: ...


class ObjectSubmissions:
    """A ``SubmissionStore`` in the bucket: ``{stem}.json`` and ``{stem}.result``.

    It outlives workers, attempts, machines.
    """

    def __init__(self, objects: Objects, stem: str) -> None:
        self._objects = objects
        self._stem = stem

    @classmethod
    def of_job(cls, objects: Objects, job_id: Id, name: str) -> "ObjectSubmissions":
        """Among the job's intermediates. ``name`` tells apart what one job asks for, such as a variant's label."""
        return cls(objects, f"work/{job_id}/provider-{name}")

    def read(self) -> SubmissionRecord | None:
        try:
            return SubmissionRecord.model_validate(self._objects.read_json(f"{self._stem}.json"))
        except NotFound:
            return None

    def claim(self, record: SubmissionRecord) -> bool:
        return self._objects.create_json(f"{self._stem}.json", record.model_dump(mode="json"))

    def write(self, record: SubmissionRecord) -> None:
        self._objects.write_json(f"{self._stem}.json", record.model_dump(mode="json"))

    def keep(self, path: Path) -> str:
        return self._objects.upload(path, f"{self._stem}.result", content_type="application/octet-stream")

    def bring(self, key: str, path: Path) -> Path:
        return self._objects.download(key, path)
