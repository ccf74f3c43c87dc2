"""Film projects: what a person edits and its versions, and the words for how its parts stand."""

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from soundstage.models.film import FilmResult, FilmSettings
from soundstage.models.ids import Id
from soundstage.models.profiles import ProfileKind, SealedProfile
from soundstage.models.story import (
    MAX_STORY_CHARACTERS,
    DialogueLine,
    Language,
    OwnRecording,
    PartId,
    Storyboard,
    WorldEntry,
)
from soundstage.models.text import Title

ArtefactState = Literal["current", "stale", "missing"]
"""``stale``: what it was made from has changed since. It stays usable, and nobody makes it anew unasked."""

UNTITLED = "Untitled"
"""A project of this title takes its storyboard's."""

VersionReason = Literal["created", "storyboard", "edit", "restore"]


class ProjectStatus(StrEnum):
    """draft → writing → ready | failed → deleted. Of the storyboard: shots and films have statuses of their own."""

    DRAFT = "draft"
    WRITING = "writing"
    READY = "ready"
    FAILED = "failed"
    DELETED = "deleted"


class ShotStatus(StrEnum):
    """draft → making → ready | failed | canceled. Of the newest work on a shot, not of its artefacts."""

    DRAFT = "draft"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
    CANCELED = "canceled"
    DELETED = "deleted"


class BatchStatus(StrEnum):
    """making → ready | failed | canceled."""

    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
    CANCELED = "canceled"
    DELETED = "deleted"


class FilmStatus(StrEnum):
    """filming → ready | failed | canceled → deleted."""

    FILMING = "filming"
    READY = "ready"
    FAILED = "failed"
    CANCELED = "canceled"
    DELETED = "deleted"


class ShotTranslation(BaseModel):
    """What a shot says in another language. ``lines`` splits it by speaker, as in the shot itself."""

    model_config = ConfigDict(extra="forbid")

    narration: str = Field(default="", max_length=MAX_STORY_CHARACTERS)
    title: str = Field(default="", max_length=120)
    lines: list[DialogueLine] = []
    own_recording: OwnRecording | None = None
    of: str = Field(default="", max_length=64, description="Digest of the narration that it translates; found.")


class Translation(BaseModel):
    """A project's words in another language; pictures and all else are shared."""

    model_config = ConfigDict(extra="forbid")

    title: Title
    narrator: str | None = Field(default=None, description="A voice of that language; its default when left out.")
    shots: dict[PartId, ShotTranslation] = {}


class ProjectDocument(BaseModel):
    """project_document, schema version 1: everything of a project that a person edits. A version is one of these."""

    model_config = ConfigDict(extra="forbid")

    schema_version: Literal[1] = 1
    title: Title = UNTITLED
    story: str = ""
    settings: FilmSettings = FilmSettings()
    storyboard: Storyboard | None = None
    translations: dict[Language, Translation] = {}


class Artefact(BaseModel):
    """The picture, the speech or the clip of a shot as it was last made."""

    made_from: str = Field(description="Digest of what it was made from; another digest now: it is stale.")
    fingerprint: str = Field(description="Its key among the parts.")
    key: str = Field(description="Of the object that people see or hear.")
    provider: str
    seconds: float = Field(description="What making it took; 0 when it was there.")
    reused: bool
    duration_s: float | None = Field(default=None, description="Of speech.")
    usd: float = Field(default=0.0, description="What a provider charged, as it was estimated.")
    notes: list[str] = []


class ShotArtefacts(BaseModel):
    """What making a shot leaves. ``speech`` is null where nothing is said, ``clip`` where no provider makes clips."""

    picture: Artefact
    speech: Artefact | None
    clip: Artefact | None = None


class StoredFile(BaseModel):
    """A person's own file in the bucket."""

    key: str
    version_id: str | None = None
    content: str = Field(description="Differs where the content does: an upload's SHA-256, or which song it is.")


class OwnFiles(BaseModel):
    """What of a person's own is needed: uploads by their SHA-256, and the music."""

    uploads: dict[str, StoredFile] = {}
    music: StoredFile | None = None


class ShotOrder(BaseModel):
    """What a worker makes a shot from, as a file: the storyboard as it was when the work began."""

    own_files: OwnFiles = OwnFiles()
    storyboard: Storyboard
    settings: FilmSettings
    shot: PartId
    picture_made_from: str
    speech_made_from: str | None
    project_id: Id | None = None
    profiles: dict[ProfileKind, SealedProfile] = {}


class KeptPicture(BaseModel):
    """``fingerprint``: among the parts; ``key``: of the object that people see of it, which outlives its part."""

    fingerprint: str
    key: str


class FilmOrder(BaseModel):
    """What a worker makes a film from, as a file. ``revision``: the project's."""

    own_files: OwnFiles = OwnFiles()
    storyboard: Storyboard
    settings: FilmSettings
    revision: int
    kept_pictures: dict[PartId, KeptPicture] = Field(
        default={}, description="Shots whose picture stays although another would be made now."
    )
    project_id: Id | None = None
    profiles: dict[ProfileKind, SealedProfile] = {}


class StoryOrder(BaseModel):
    """What a worker writes a storyboard from, as a file."""

    title: Title
    story: str
    settings: FilmSettings
    profiles: dict[ProfileKind, SealedProfile] = {}
    world: list[WorldEntry] = Field(default=[], description="What the author has said of the story's world so far.")


class BatchProblem(BaseModel):
    """Why a batch cannot be begun, and what to do about it."""

    shot: PartId | None = None
    code: str
    message: str


class ShotEstimate(BaseModel):
    shot_id: Id | None
    shot: PartId
    picture_s: float
    speech_s: float
    duration_s: float = Field(description="Of the shot in the film.")


class Estimate(BaseModel):
    """Before anything is spent. Seconds of work on one core; what is there already takes none."""

    usd: float = Field(description="What providers would charge; 0: all of it is ours, embedded.")
    work_s: float
    film_duration_s: float
    shots_to_make: int
    shots: list[ShotEstimate]
    basis: Literal["storyboard", "story"] = Field(description="``story``: guessed from its length, before it is one.")
    problems: list[BatchProblem] = Field(default=[], description="What would have a batch refused.")


class FilmFiles(BaseModel):
    """A film as it is kept: keys of its objects, and what it says of itself."""

    result_key: str
    result: FilmResult
