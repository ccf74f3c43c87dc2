"""OpenTimelineIO (.otio): JSON by the Academy Software Foundation's published schemas, read by Resolve, Premiere, Avid.

Written here, for the documents are small and the library is a compiled one. Times are exact in it: a count of frames
and their rate.
"""

import json
from collections.abc import Sequence
from typing import Any

from soundstage.film.export.edit import NAMES, Change, Clip, Edit, SoundTrack

Json = dict[str, Any]
COLOURS = {True: "GREEN", False: "ORANGE"}
"""Of markers: chapters, and transitions that were made into something else."""


def otio_document(edit: Edit) -> str:
    """The timeline as text."""
    markers = [
        _object(
            "Marker.2",
            marker.name,
            marked_range=_range(marker.at, 1, edit.fps),
            color=COLOURS[marker.is_chapter],
            comment="Chapter" if marker.is_chapter else "Transition in the film",
        )
        for marker in edit.markers
    ]
    tracks = [_pictures(edit), *(_sound(track, edit.fps) for track in edit.sounds)]
    stack = _item("Stack.1", "tracks", None, children=tracks) | {"markers": markers}
    timeline = _object("Timeline.1", edit.title, global_start_time=None, tracks=stack)
    return json.dumps(timeline, ensure_ascii=False, indent=1) + "\n"


def _pictures(edit: Edit) -> Json:
    children: list[Json] = []
    for clip in edit.pictures:
        change = edit.change_at(clip.at)
        if change is not None:
            children.append(_transition(change, edit.fps))
        children.append(_clip(clip, edit.fps))
    return _item("Track.1", "Pictures", None, children=children, kind="Video")


def _sound(track: SoundTrack, fps: int) -> Json:
    children: list[Json] = []
    end = 0
    for clip in track.clips:
        if clip.at > end:
            children.append(_item("Gap.1", "", _range(0, clip.at - end, fps)))
        children.append(_clip(clip, fps))
        end = clip.end
    return _item("Track.1", track.name, None, children=children, kind="Audio", enabled=track.enabled)


def _clip(clip: Clip, fps: int) -> Json:
    reference = _object(
        "ExternalReference.1",
        clip.medium.path,
        available_range=_range(0, clip.medium.frames, fps),
        available_image_bounds=None,
        target_url=clip.medium.path,
    )
    return _item(
        "Clip.2",
        clip.name,
        _range(clip.skip, clip.frames, fps),
        media_references={"DEFAULT_MEDIA": reference},
        active_media_reference_key="DEFAULT_MEDIA",
    )


def _transition(change: Change, fps: int) -> Json:
    return _object(
        "Transition.1",
        NAMES[change.kind],
        in_offset=_time(change.before, fps),
        out_offset=_time(change.after, fps),
        transition_type="SMPTE_Dissolve",
    )


def _item(schema: str, name: str, source_range: Json | None, *, enabled: bool = True, **fields: object) -> Json:
    no: Sequence[Json] = []
    return _object(schema, name, source_range=source_range, effects=no, markers=no, enabled=enabled, **fields)


def _object(schema: str, name: str, **fields: object) -> Json:
    return {"OTIO_SCHEMA": schema, "metadata": {}, "name": name, **fields}


def _range(start: int, frames: int, fps: int) -> Json:
    return {"OTIO_SCHEMA": "TimeRange.1", "start_time": _time(start, fps), "duration": _time(frames, fps)}


def _time(frames: int, fps: int) -> Json:
    return {"OTIO_SCHEMA": "RationalTime.1", "value": float(frames), "rate": float(fps)}
