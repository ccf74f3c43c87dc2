"""What a person brings to a film in place of what would be made: pictures, recordings, music. Where each is used."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from soundstage.media.files import sha256_of
from soundstage.models.assets import AssetKind
from soundstage.models.errors import MaterialGone
from soundstage.models.film import FilmSettings
from soundstage.models.story import OwnFile, OwnRecording, PartId, Storyboard


@dataclass(frozen=True)
class OwnSource:
    """A file of a person's own. ``content`` differs where its content does; ``fetch`` brings it here when it is needed,
    and the same file every time."""

    name: str
    content: str
    fetch: Callable[[], Path]

    @classmethod
    def of(cls, path: Path) -> "OwnSource":
        """A file that is here. Raises OSError."""
        return cls(path.name, sha256_of(path), lambda: path)


@dataclass(frozen=True)
class Recording:
    """Of a shot's narration: the source from ``start_s`` to ``end_s`` (None: to its end)."""

    source: OwnSource
    start_s: float = 0.0
    end_s: float | None = None


@dataclass(frozen=True)
class OwnMaterial:
    """All that a person brings to one film. ``pictures`` and ``recordings`` by shot, ``figures`` by character;
    ``narration`` is a recording of all shots."""

    pictures: Mapping[PartId, OwnSource] = field(default_factory=dict)
    figures: Mapping[PartId, OwnSource] = field(default_factory=dict)
    recordings: Mapping[PartId, Recording] = field(default_factory=dict)
    narration: OwnSource | None = None
    music: OwnSource | None = None


@dataclass(frozen=True)
class Use:
    """An upload in a project: ``of`` a shot, a character, or the whole film (None)."""

    file: OwnFile
    kind: AssetKind
    what: str
    of: PartId | None = None


def uses_of(storyboard: Storyboard | None, settings: FilmSettings) -> Iterator[Use]:
    """Every upload that a film names."""
    for shot in storyboard.shots if storyboard else []:
        if shot.own_picture is not None:
            yield Use(shot.own_picture, AssetKind.IMAGE, "picture of a shot", shot.id)
        if shot.own_recording is not None:
            yield Use(shot.own_recording, AssetKind.AUDIO, "recording of a shot", shot.id)
    for character in storyboard.characters if storyboard else []:
        if character.own_picture is not None:
            yield Use(character.own_picture, AssetKind.IMAGE, "picture of a character", character.id)
    if settings.own_narration is not None:
        yield Use(settings.own_narration, AssetKind.AUDIO, "recording of a story")
    if settings.music.source == "file" and settings.music.upload is not None:
        yield Use(settings.music.upload, AssetKind.AUDIO, "music of a film")


def with_uploads(storyboard: Storyboard, settled: Callable[[OwnFile, AssetKind], OwnFile | None]) -> Storyboard:
    """The storyboard with what ``settled`` says of each of its uploads; None takes one out."""

    def picture(file: OwnFile | None) -> OwnFile | None:
        return None if file is None else settled(file, AssetKind.IMAGE)

    def recording(file: OwnRecording | None) -> OwnRecording | None:
        found = None if file is None else settled(file, AssetKind.AUDIO)
        return found if isinstance(found, OwnRecording) else None

    shots = [
        shot.model_copy(
            update={"own_picture": picture(shot.own_picture), "own_recording": recording(shot.own_recording)}
        )
        for shot in storyboard.shots
    ]
    characters = [
        character.model_copy(update={"own_picture": picture(character.own_picture)})
        for character in storyboard.characters
    ]
    return storyboard.model_copy(update={"shots": shots, "characters": characters})


def material_of(
    storyboard: Storyboard, settings: FilmSettings, uploads: Mapping[str, OwnSource], music: OwnSource | None
) -> OwnMaterial:
    """What the storyboard and the settings name. ``uploads``: by their SHA-256; fetching one that is not there raises
    MaterialGone."""

    def source(file: OwnFile) -> OwnSource:
        name = file.file_name or "your file"

        def gone() -> Path:
            raise MaterialGone(f"{name} is not there any more.", detail={"asset_id": file.asset_id})

        return uploads.get(file.sha256) or OwnSource(name, file.sha256, gone)

    return OwnMaterial(
        pictures={shot.id: source(shot.own_picture) for shot in storyboard.shots if shot.own_picture},
        figures={one.id: source(one.own_picture) for one in storyboard.characters if one.own_picture},
        recordings={
            shot.id: Recording(source(own), own.start_s, own.end_s)
            for shot in storyboard.shots
            if (own := shot.own_recording)
        },
        narration=source(settings.own_narration) if settings.own_narration else None,
        music=music,
    )
