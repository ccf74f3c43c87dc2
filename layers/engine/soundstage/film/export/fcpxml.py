"""FCPXML 1.10 (Apple), for Final Cut Pro and DaVinci Resolve. Times are fractions of a second, exact.

Pictures are the spine; sound hangs on the clip above which it begins, in lanes below. A connected element's ``offset``
and a marker's ``start`` count in the clip's own time, in which its first seen frame is at ``start``.
"""

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element

from soundstage.film.export.edit import Clip, Edit, Marker
from soundstage.film.export.xml import added, document
from soundstage.models.film import MIX_RATE_HZ

VERSION = "1.10"
FORMAT = "r1"
POSTER_OFFSET = "0s"
"""Of a chapter's picture in players, from its mark."""


def fcpxml_document(edit: Edit) -> str:
    """The project as text, with one event and one project."""
    root = Element("fcpxml", version=VERSION)
    resources = added(root, "resources")
    added(
        resources,
        "format",
        id=FORMAT,
        frameDuration=f"1/{edit.fps}s",
        width=edit.width,
        height=edit.height,
        colorSpace="1-1-1 (Rec. 709)",
    )
    for clip in edit.pictures:
        _asset(resources, clip, edit.fps, {"hasVideo": 1, "format": FORMAT, "videoSources": 1})
    heard = {"hasAudio": 1, "audioSources": 1, "audioChannels": 2, "audioRate": MIX_RATE_HZ}
    for track in edit.sounds:
        for clip in track.clips:
            _asset(resources, clip, edit.fps, heard)
    event = added(added(root, "library"), "event", name=edit.title)
    project = added(event, "project", name=edit.title)
    sequence = added(
        project,
        "sequence",
        format=FORMAT,
        duration=seconds(edit.frames, edit.fps),
        tcStart="0s",
        tcFormat="NDF",
        audioLayout="stereo",
        audioRate="48k",
    )
    _spine(added(sequence, "spine"), edit)
    return document(root, "fcpxml")


def seconds(frames: int, fps: int) -> str:
    """A time as FCPXML writes it."""
    return f"{frames // fps}s" if frames % fps == 0 else f"{frames}/{fps}s"


def _asset(resources: Element, clip: Clip, fps: int, kind: Mapping[str, object]) -> None:
    medium = clip.medium
    duration = seconds(medium.frames, fps)
    asset = added(resources, "asset", id=medium.id, name=clip.name, start="0s", duration=duration, **kind)
    added(asset, "media-rep", kind="original-media", src=f"./{medium.path}")


def _spine(spine: Element, edit: Edit) -> None:
    for clip in edit.pictures:
        change = edit.change_at(clip.at)
        if change is not None and change.half:
            at, length = clip.at - change.half, 2 * change.half
            added(
                spine,
                "transition",
                name="Cross Dissolve",
                offset=seconds(at, edit.fps),
                duration=seconds(length, edit.fps),
            )
        element = _clip(spine, clip, edit.fps, at=clip.at, role={"videoRole": "video"})
        own_time = clip.skip - clip.at
        for lane, track in enumerate(edit.sounds, 1):
            for sound in track.clips:
                if clip.at <= sound.at < clip.end:
                    role: dict[str, object] = {"lane": -lane, "audioRole": _role(track.name)}
                    if not track.enabled:
                        role["enabled"] = 0
                    _clip(element, sound, edit.fps, at=sound.at + own_time, role=role)
        _markers(element, [m for m in edit.markers if clip.at <= m.at < clip.end], own_time, edit.fps)


def _clip(parent: Element, clip: Clip, fps: int, *, at: int, role: dict[str, object]) -> Element:
    return added(
        parent,
        "asset-clip",
        ref=clip.medium.id,
        name=clip.name,
        offset=seconds(at, fps),
        start=seconds(clip.skip, fps),
        duration=seconds(clip.frames, fps),
        **role,
    )


def _markers(element: Element, markers: Sequence[Marker], own_time: int, fps: int) -> None:
    for marker in markers:
        where = {"start": seconds(marker.at + own_time, fps), "duration": seconds(1, fps), "value": marker.name}
        if marker.is_chapter:
            added(element, "chapter-marker", **where, posterOffset=POSTER_OFFSET)
        else:
            added(element, "marker", **where)


def _role(track: str) -> str:
    return "dialogue" if track == "Narration" else "music"
