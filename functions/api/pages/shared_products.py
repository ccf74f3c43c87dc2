"""What the page of a share shows of a match or a film, and which files it may hand out."""

from dataclasses import dataclass
from typing import Any, Literal

from soundstage.media.types import CONTENT_TYPES
from soundstage.models.durations import minutes_and_seconds
from soundstage.models.match import SUFFIXES, MatchParams
from soundstage.models.projects import FilmFiles
from soundstage.platform.catalog.matches import Match
from soundstage.platform.catalog.project_tables import Film

FileName = Literal["sound", "report", "film", "poster"]


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
        return {
            "sound": SharedFile(shared.result["audio_key"], suffix),
            "report": SharedFile(shared.result["picture_key"], ".png", preview=True),
        }
    if isinstance(shared, Film) and shared.files is not None:
        result = FilmFiles.model_validate(shared.files).result
        return {
            "film": SharedFile(result.film, ".mp4"),
            "poster": SharedFile(result.poster, ".jpg", preview=True),
        }
    return {}


def shown(shared: Match | Film) -> dict[str, Any]:
    """Values of ``shared.html``."""
    files = files_of(shared)
    if isinstance(shared, Match):
        assert shared.result is not None  # noqa: S101  (it has files)
        length = minutes_and_seconds(shared.result["duration_s"])
        said = {
            "overline": "A recording in another sound",
            "summary": f"{length} min, with the sound of a reference.",
            "media": "sound",
            "picture": "report",
            "picture_alt": "What was changed: spectra and levels before and after",
        }
    else:
        seconds = FilmFiles.model_validate(shared.files).result.quality.duration_s
        said = {
            "overline": "A film from a story",
            "summary": f"{minutes_and_seconds(seconds)} min, told and painted.",
            "media": "film",
            "picture": "poster",
            "picture_alt": f"A picture of {shared.title}",
        }
    return said | {
        "title": shared.title,
        "video": isinstance(shared, Film),
        "content_type": files[said["media"]].content_type,
    }
