"""What the page of a share shows of a match or a film, and which files it may hand out."""

from dataclasses import dataclass
from typing import Any, Literal

from functions.api.pages.languages import Language, said

from soundstage.media.types import CONTENT_TYPES
from soundstage.models.durations import minutes_and_seconds
from soundstage.models.match import RESULT, SUFFIXES, MatchParams
from soundstage.models.projects import FilmFiles
from soundstage.platform.catalog.matches import Match
from soundstage.platform.catalog.project_tables import Film

FileName = Literal["sound", "preview", "report", "film", "poster"]


@dataclass(frozen=True, slots=True)
class SharedFile:
    """``preview``: shown where the link is pasted, too. ``saved_as``: its suffix."""

    key: str
    suffix: str
    preview: bool = False

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[self.suffix]


def files_of(shared: object) -> dict[str, SharedFile]:
    """By name; empty before there is anything, and for a track, which has addresses of its own."""
    if isinstance(shared, Match) and shared.result is not None:
        suffix = SUFFIXES[MatchParams.model_validate(shared.params).output_format]
        sound = SharedFile(shared.result["audio_key"], suffix)
        coded = shared.result.get("preview_keys", {}).get(RESULT)
        return {
            "sound": sound,
            "preview": SharedFile(coded, ".m4a") if coded else sound,
            "report": SharedFile(shared.result["picture_key"], ".png", preview=True),
        }
    if isinstance(shared, Film) and shared.files is not None:
        result = FilmFiles.model_validate(shared.files).result
        return {
            "film": SharedFile(result.film, ".mp4"),
            "poster": SharedFile(result.poster, ".jpg", preview=True),
        }
    return {}


def shown(shared: Match | Film, language: Language) -> dict[str, Any]:
    """Values of ``shared.html``."""
    files = files_of(shared)
    if isinstance(shared, Match):
        assert shared.result is not None  # noqa: S101  (it has files)
        length = minutes_and_seconds(shared.result["duration_s"])
        values = {
            "overline": said(language, "A recording in another sound"),
            "summary": said(language, "%(length)s min, with the sound of a reference.", length=length),
            "media": "preview",
            "saved": "sound",
            "picture": "report",
            "picture_alt": said(language, "What was changed: spectra and levels before and after"),
        }
    else:
        seconds = FilmFiles.model_validate(shared.files).result.quality.duration_s
        length = minutes_and_seconds(seconds)
        values = {
            "overline": said(language, "A film from a story"),
            "summary": said(language, "%(length)s min, told and painted.", length=length),
            "media": "film",
            "saved": "film",
            "picture": "poster",
            "picture_alt": said(language, "A picture of %(title)s", title=shared.title),
        }
    return values | {
        "title": shared.title,
        "video": isinstance(shared, Film),
        "content_type": files[values["media"]].content_type,
    }
