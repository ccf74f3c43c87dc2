"""What was heard in the hums of a track, and what its person corrected, as objects of the bucket.

``tunes/heard/{track}/{revision}.{hum}.json`` is an analysis, made once for each hum and again when it has expired.
``tunes/{track}/correction.json`` names the correction that counts, one of ``corrections/{SHA-256}.json`` beside it: a
job that has begun keeps the one it began with. They are people's work and stay as long as their account.
"""

import hashlib
import re

from soundstage.models.errors import NotFound
from soundstage.models.ids import Id
from soundstage.models.music import Analysis, TuneCorrection
from soundstage.platform.aws.storage import ObjectStore

PREFIX = "tunes/"
HEARD = f"{PREFIX}heard/"
HEARD_EXPIRES_DAYS = 90
HEARING_REVISION = 1
"""Raise it when ``audio_analyze`` hears something else: what was kept is heard again then."""


def prefixes_of(track_id: Id) -> tuple[str, str]:
    """Under which all lies that is kept of a track's hums."""
    return f"{PREFIX}{track_id}/", f"{HEARD}{track_id}/"


class Tunes:
    """Of one track. Whose it is, is the caller's business."""

    def __init__(self, objects: ObjectStore, track_id: Id) -> None:
        self._objects = objects
        self._track_id = track_id
        self._folder = f"{PREFIX}{track_id}"

    def heard(self, hum_id: Id) -> Analysis | None:
        """None where nobody has listened to this hum yet."""
        try:
            return Analysis.model_validate(self._objects.read_json(self._heard_key(hum_id)))
        except NotFound:
            return None

    def keep_heard(self, hum_id: Id, analysis: Analysis) -> Analysis:
        self._objects.write_json(self._heard_key(hum_id), analysis.model_dump(mode="json"))
        return analysis

    def correct(self, correction: TuneCorrection) -> str:
        """Returns the key of the correction, which counts from now on."""
        body = correction.model_dump_json(exclude_none=True).encode()
        key = f"{self._folder}/corrections/{hashlib.sha256(body).hexdigest()}.json"
        self._objects.write(key, body, content_type="application/json")
        self._objects.write_json(self._pointer, {"key": key})
        return key

    def withdraw(self) -> None:
        """What was heard counts again."""
        self._objects.write_json(self._pointer, {"key": None})

    def correction_key(self) -> str | None:
        """Of the correction that counts."""
        try:
            key = self._objects.read_json(self._pointer)["key"]
        except NotFound:
            return None
        return str(key) if key else None

    def correction_at(self, key: str | None) -> TuneCorrection | None:
        """Raises NotFound for a key of another track."""
        if key is None:
            return None
        if not re.fullmatch(rf"{re.escape(self._folder)}/corrections/[0-9a-f]{{64}}\.json", key):
            raise NotFound("There is no such correction.")
        return TuneCorrection.model_validate_json(self._objects.read(key))

    @property
    def _pointer(self) -> str:
        return f"{self._folder}/correction.json"

    def _heard_key(self, hum_id: Id) -> str:
        return f"{HEARD}{self._track_id}/{HEARING_REVISION}.{hum_id}.json"
