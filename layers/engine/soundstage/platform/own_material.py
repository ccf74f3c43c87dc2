"""Uploads and songs of a person's own in projects: whose they are, whether they are fit, and where they lie."""

from collections.abc import Callable
from typing import TypeVar

from soundstage.film.own_files import Use, uses_of, with_uploads
from soundstage.jobs.ports import AssetStore
from soundstage.jobs.uploads import owned_asset
from soundstage.models.assets import Asset, AssetKind, AssetStatus, AudioProbe
from soundstage.models.errors import AssetNotReady, Conflict, InvalidInput, NotFound
from soundstage.models.film import FilmSettings, Music, OwnSong
from soundstage.models.ids import Id
from soundstage.models.projects import (
    BatchProblem,
    FilmOrder,
    OwnFiles,
    ProjectDocument,
    ShotOrder,
    StoredFile,
    Translation,
)
from soundstage.models.story import OwnFile, OwnRecording, Storyboard
from soundstage.platform.catalog.database import Catalog
from soundstage.platform.catalog.tracks import Tracks, variant_of

LONGEST_RECORDING_S = 600.0
"""Of one shot: what a story of 5,000 characters takes."""
Known = dict[tuple[Id, AssetKind, float, float | None], OwnFile]
"""By upload, what it is used as, and the part of it: as something else it has to be looked at."""


class OwnMaterials:
    """Of one person's projects."""

    def __init__(self, catalog: Catalog, assets: AssetStore, owner_id: Id) -> None:
        self._catalog, self._assets, self._owner_id = catalog, assets, owner_id

    def settled(
        self, document: ProjectDocument, before: ProjectDocument | None = None, *, without_gone: bool = False
    ) -> ProjectDocument:
        """The document with what is true of each of its uploads. Those that it had ``before`` are not looked at again.

        ``without_gone``: an upload that is not there any more is taken out, where it would be refused.

        Raises:
            NotFound: no such upload or track of this person.
            AssetNotReady: an upload that has not been accepted.
            InvalidInput: one of another kind than its place takes, or a part of a recording that is not in it.
            Conflict: the track has no such song.
        """
        known = _known(before)

        def settled(file: OwnFile, kind: AssetKind) -> OwnFile | None:
            try:
                return self._settled(file, kind, known)
            except NotFound:
                if without_gone:
                    return None
                raise

        values: dict[str, object] = {}
        if document.storyboard is not None:
            values["storyboard"] = with_uploads(document.storyboard, settled)
        values["translations"] = {
            language: _with_recordings(translation, settled) for language, translation in document.translations.items()
        }
        if before is None or _own_of(document.settings) != _own_of(before.settings):
            values["settings"] = self.settled_settings(document.settings, settled)
        return document.model_copy(update=values)

    def settled_settings(
        self, settings: FilmSettings, settled: Callable[[OwnFile, AssetKind], OwnFile | None] | None = None
    ) -> FilmSettings:
        """Of one film or a project. Raises as ``settled``; files of the machine that makes the film are refused."""
        find = settled or (lambda file, kind: self._settled(file, kind, {}))
        narration = settings.own_narration and find(settings.own_narration, AssetKind.AUDIO)
        return settings.model_copy(
            update={"own_narration": narration, "music": self._settled_music(settings.music, find)}
        )

    def _settled_music(self, music: Music, find: Callable[[OwnFile, AssetKind], OwnFile | None]) -> Music:
        if music.file is not None:
            raise InvalidInput("music.file is for the command line; upload the file and name it in music.upload.")
        if music.source == "file":
            if music.upload is None:
                raise InvalidInput("Music of your own needs music.upload, with the asset_id of an audio upload.")
            upload = find(music.upload, AssetKind.AUDIO)
            changed = {"upload": upload} if upload else {"source": "embedded", "upload": None}
            return music.model_copy(update=changed)
        if music.source == "track":
            if music.track is None:
                raise InvalidInput("Music of a track needs music.track, with its track_id.")
            self._song(music.track)
        return music

    def stored(self, storyboard: Storyboard, settings: FilmSettings) -> OwnFiles:
        """Where all of it lies; what is gone is left out."""
        uses = list(uses_of(storyboard, settings))
        assets = self._assets.get_many({use.file.asset_id for use in uses})
        uploads = {
            use.file.sha256: _stored(asset)
            for use in uses
            if (asset := assets.get(use.file.asset_id)) is not None and self._is_there(asset)
        }
        music = None
        if settings.music.source == "file" and settings.music.upload is not None:
            music = uploads.get(settings.music.upload.sha256)
        elif settings.music.source == "track" and settings.music.track is not None:
            try:
                music = self._song(settings.music.track)
            except (NotFound, Conflict):
                music = None
        return OwnFiles(uploads=uploads, music=music)

    def problems(self, storyboard: Storyboard | None, settings: FilmSettings) -> list[BatchProblem]:
        """What is gone, each with what to do about it."""
        uses = list(uses_of(storyboard, settings))
        assets = self._assets.get_many({use.file.asset_id for use in uses})
        found = [_gone(use) for use in uses if not self._is_there(assets.get(use.file.asset_id))]
        if settings.music.source == "track" and settings.music.track is not None:
            try:
                self._song(settings.music.track)
            except (NotFound, Conflict):
                what = "The track of the music is not there any more; choose another, or music.source embedded."
                found.append(BatchProblem(code="MATERIAL_GONE", message=what))
        return found

    def _is_there(self, asset: Asset | None) -> bool:
        return asset is not None and asset.owner_id == self._owner_id and asset.status is AssetStatus.READY

    def _settled(self, file: OwnFile, kind: AssetKind, known: Known) -> OwnFile:
        before = known.get(_used_as(file, kind))
        if before is not None:
            return file.model_copy(update={"sha256": before.sha256, "file_name": before.file_name})
        asset = owned_asset(self._assets, self._owner_id, file.asset_id)
        if asset.kind is not kind:
            raise InvalidInput(f"This upload has to be {kind}, and is {asset.kind}.", detail={"kind": asset.kind})
        if asset.status is not AssetStatus.READY:
            detail = {"asset_id": asset.asset_id, "status": asset.status}
            raise AssetNotReady("This upload cannot be used: it was not accepted, or not yet.", detail=detail)
        if isinstance(file, OwnRecording):
            _check_part(file, asset)
        return file.model_copy(update={"sha256": asset.sha256, "file_name": asset.file_name})

    def _song(self, song: OwnSong) -> StoredFile:
        """Raises NotFound, and Conflict."""
        with self._catalog.transaction() as session:
            track = Tracks(self._catalog).get(session, owner_id=self._owner_id, subject_id=song.track_id)
            label = song.variant or ("B" if track.primary_label == "B" else "A")
            variant = variant_of(track, label)
            # Another attempt of the same job writes another song under the same key.
            content = f"{variant.audio_key} {variant.created_at.isoformat()}"
            return StoredFile(key=variant.audio_key, content=content)


def _with_recordings(translation: Translation, settled: Callable[[OwnFile, AssetKind], OwnFile | None]) -> Translation:
    shots = {
        id_: shot
        if shot.own_recording is None
        else shot.model_copy(update={"own_recording": settled(shot.own_recording, AssetKind.AUDIO)})
        for id_, shot in translation.shots.items()
    }
    return translation.model_copy(update={"shots": shots})


Order = TypeVar("Order", ShotOrder, FilmOrder)


def with_own_files(order: Order, catalog: Catalog, assets: AssetStore, owner_id: Id) -> Order:
    """An order that says where the person's own files lie."""
    stored = OwnMaterials(catalog, assets, owner_id).stored(order.storyboard, order.settings)
    return order.model_copy(update={"own_files": stored})


def _own_of(settings: FilmSettings) -> tuple[Music, OwnFile | None]:
    """What of a person's own the settings name."""
    return settings.music, settings.own_narration


def _known(document: ProjectDocument | None) -> Known:
    if document is None:
        return {}
    recordings: Known = {
        _used_as(shot.own_recording, AssetKind.AUDIO): shot.own_recording
        for translation in document.translations.values()
        for shot in translation.shots.values()
        if shot.own_recording
    }
    uses = uses_of(document.storyboard, document.settings)
    return recordings | {_used_as(use.file, use.kind): use.file for use in uses}


def _used_as(file: OwnFile, kind: AssetKind) -> tuple[Id, AssetKind, float, float | None]:
    part = (file.start_s, file.end_s) if isinstance(file, OwnRecording) else (0.0, None)
    return file.asset_id, kind, *part


def _stored(asset: Asset) -> StoredFile:
    return StoredFile(key=asset.bucket_key, version_id=asset.version_id, content=asset.sha256 or asset.asset_id)


def _check_part(recording: OwnRecording, asset: Asset) -> None:
    duration_s = asset.probe.duration_s if isinstance(asset.probe, AudioProbe) else 0.0
    end_s = min(recording.end_s or duration_s, duration_s)
    if recording.start_s >= end_s:
        raise InvalidInput("The recording is shorter than that.", detail={"duration_s": duration_s})
    if end_s - recording.start_s > LONGEST_RECORDING_S:
        raise InvalidInput(f"A shot is told in {LONGEST_RECORDING_S:.0f} s at most.", detail={"duration_s": duration_s})


def _gone(use: Use) -> BatchProblem:
    name = use.file.file_name or "Your file"
    what = f"{name}, the {use.what}, is not there any more; choose another, or take it out."
    shot = use.of if use.what.endswith("shot") else None
    return BatchProblem(shot=shot, code="MATERIAL_GONE", message=what)
