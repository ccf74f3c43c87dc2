"""The tune of a track: what was heard in its hum, and what its person corrected, before and after songs are made."""

import base64
from typing import Annotated

from fastapi import Response
from functions.api.middleware.errors import documented
from functions.api.middleware.idempotency import ONCE
from functions.api.middleware.routers import signed_in_router
from functions.api.routes.jobs import JobView
from functions.api.routes.products import begun
from functions.api.routes.tracks import TrackId
from functions.api.services import Caller, Services, Serving
from pydantic import BaseModel, ConfigDict, Field

from soundstage.models.errors import Conflict, IdempotencyMismatch, InvalidInput, NotesRejected, NotFound
from soundstage.models.ids import Id
from soundstage.models.music import Analysis, TuneCorrection
from soundstage.platform.aws.storage import content_disposition
from soundstage.platform.aws.tunes import Tunes
from soundstage.platform.catalog.tracks import Track, Tracks
from soundstage.products.track import TRACK

router = signed_in_router("/v1/tracks/{track_id}", "tracks")

CURVES = ("energy_db", "pitch_midi")
"""Too long for what people look at here."""


class ListenRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"hum_asset_id": "0193a1c7e5f07b6e8d1f2a3b4c5d6e7f"}]}
    )

    hum_asset_id: Id


class MidiTune(BaseModel):
    """A Standard MIDI File: GET …/tune/midi, corrected in any program."""

    model_config = ConfigDict(extra="forbid")

    midi_base64: Annotated[str, Field(min_length=1, max_length=700_000)]


class TuneView(BaseModel):
    hum_asset_id: Id | None
    heard: Analysis | None = Field(description="Without its curves; null: nobody has listened to the hum yet.")
    correction: TuneCorrection | None = Field(description="What the next songs are made from instead.")


def _own_track(track_id: Id, caller: Caller, services: Services) -> Track:
    with services.catalog.transaction() as session:
        return services.rows(Tracks).get(session, owner_id=caller.user_id, subject_id=track_id)


def _view(track: Track, services: Services) -> TuneView:
    tunes = Tunes(services.objects, track.id)
    heard = tunes.heard(track.hum_asset_id) if track.hum_asset_id else None
    return TuneView(
        hum_asset_id=track.hum_asset_id,
        heard=heard.model_copy(update={name: [] for name in CURVES}) if heard else None,
        correction=tunes.correction_at(tunes.correction_key()),
    )


@router.post(
    "/listen",
    status_code=202,
    dependencies=[ONCE],
    responses=documented(NotFound, Conflict, IdempotencyMismatch, InvalidInput),
)
def listen_to_hum(
    track_id: TrackId, request: ListenRequest, caller: Caller, services: Serving, response: Response
) -> JobView:
    """Find the tune of a hum, and make no songs yet. Once the job has succeeded, GET …/tune has what was heard."""
    options = services.rows(Tracks).options_for(owner_id=caller.user_id, track_id=track_id, listen_only=True)
    inputs = {"hum": request.hum_asset_id}
    job = services.product_jobs.start(
        TRACK, owner_id=caller.user_id, options=options, inputs=inputs, subject_id=track_id
    )
    return begun(job, response, services)


@router.get("/tune", responses=documented(NotFound))
def get_tune(track_id: TrackId, caller: Caller, services: Serving) -> TuneView:
    """What was heard in the track's hum, and what is corrected of it."""
    return _view(_own_track(track_id, caller, services), services)


@router.put("/tune/correction", responses=documented(NotFound, InvalidInput))
def correct_tune(track_id: TrackId, correction: TuneCorrection, caller: Caller, services: Serving) -> TuneView:
    """Notes, key, tempo, meter or segment as they should be; what is left out stays as it was heard. The next songs
    are made from it; those that there are stay.
    """
    track = _own_track(track_id, caller, services)
    Tunes(services.objects, track_id).correct(correction)
    return _view(track, services)


@router.put("/tune/midi", responses=documented(NotFound, InvalidInput, NotesRejected))
def correct_tune_by_midi(track_id: TrackId, tune: MidiTune, caller: Caller, services: Serving) -> TuneView:
    """The same, from a MIDI file: its notes, its tempo, and its key and meter where it has them."""
    from soundstage.music.listening.note_file import read_notes  # noqa: PLC0415  (no other route needs it)

    track = _own_track(track_id, caller, services)
    try:
        file = base64.b64decode(tune.midi_base64, validate=True)
    except ValueError as error:
        raise InvalidInput("midi_base64 is not base64.") from error
    Tunes(services.objects, track_id).correct(read_notes(file))
    return _view(track, services)


@router.delete("/tune/correction", status_code=204, responses=documented(NotFound))
def withdraw_correction(track_id: TrackId, caller: Caller, services: Serving) -> None:
    """What was heard counts again."""
    _own_track(track_id, caller, services)
    Tunes(services.objects, track_id).withdraw()


@router.get(
    "/tune/midi",
    response_class=Response,
    responses={
        200: {"content": {"audio/midi": {"schema": {"type": "string", "format": "binary"}}}},
        **documented(NotFound),
    },
)
def get_tune_midi(track_id: TrackId, caller: Caller, services: Serving) -> Response:
    """The tune as it counts now, as a MIDI file to correct in any program; its times are those of the recording.

    404 as long as there is none.
    """
    from soundstage.music.listening.note_file import written_tune  # noqa: PLC0415  (no other route needs it)

    track = _own_track(track_id, caller, services)
    view = _view(track, services)
    if not (view.heard and view.heard.notes) and not (view.correction and view.correction.notes):
        raise NotFound("Nobody has listened to a hum of this track yet.")
    return Response(
        written_tune(view.heard, view.correction),
        media_type="audio/midi",
        headers={"Content-Disposition": content_disposition(f"{track.title}.mid".replace("/", "-"))},
    )
