"""OpenTimelineIO: by its schemas, with the film's frames."""

import json
from typing import Any, Literal

import pytest
from tests.fixtures.edits import edit

from soundstage.film.export.otio import otio_document
from soundstage.models.film import FilmSettings

FIELDS = {
    "Timeline.1": {"global_start_time", "tracks"},
    "Stack.1": {"source_range", "effects", "markers", "enabled", "children"},
    "Track.1": {"source_range", "effects", "markers", "enabled", "children", "kind"},
    "Clip.2": {"source_range", "effects", "markers", "enabled", "media_references", "active_media_reference_key"},
    "Gap.1": {"source_range", "effects", "markers", "enabled"},
    "Transition.1": {"in_offset", "out_offset", "transition_type"},
    "Marker.2": {"marked_range", "color", "comment"},
    "ExternalReference.1": {"available_range", "available_image_bounds", "target_url"},
}
"""Of each schema, besides name and metadata: the serialized-data documentation of OpenTimelineIO 0.18."""


def objects(node: Any) -> list[dict[str, Any]]:
    if isinstance(node, list):
        return [found for child in node for found in objects(child)]
    if not isinstance(node, dict):
        return []
    own = [node] if "OTIO_SCHEMA" in node else []
    return own + [found for child in node.values() for found in objects(child)]


@pytest.mark.parametrize("fps", [24, 25, 30])
def test_tracks_last_as_long_as_the_film_and_clips_stay_in_their_media(fps: Literal[24, 25, 30]) -> None:
    film = edit(FilmSettings(fps=fps))

    timeline = json.loads(otio_document(film))

    pictures, *sounds = timeline["tracks"]["children"]
    clips = [child for child in pictures["children"] if child["OTIO_SCHEMA"] == "Clip.2"]
    lengths = [clip["source_range"]["duration"] for clip in clips]
    assert [length["value"] for length in lengths] == [clip.frames for clip in film.pictures]
    assert sum(length["value"] for length in lengths) == film.frames
    assert {length["rate"] for length in lengths} == {fps}
    for clip in clips:
        seen, whole = clip["source_range"], clip["media_references"]["DEFAULT_MEDIA"]["available_range"]
        assert seen["start_time"]["value"] >= 0
        assert seen["start_time"]["value"] + seen["duration"]["value"] <= whole["duration"]["value"]
    at = 0
    for child in sounds[0]["children"]:
        if child["OTIO_SCHEMA"] == "Clip.2":
            assert at in {clip.at for clip in film.sounds[0].clips}
        at += child["source_range"]["duration"]["value"]
    assert [track["enabled"] for track in sounds] == [True, True, False]


def test_transitions_stand_between_clips_with_media_for_them() -> None:
    timeline = json.loads(otio_document(edit()))

    children = timeline["tracks"]["children"][0]["children"]
    places = [place for place, child in enumerate(children) if child["OTIO_SCHEMA"] == "Transition.1"]
    assert len(places) == 3, "crossfade, fade and the last one; a page turn and a cut are none"
    for place in places:
        leaving, change, coming = children[place - 1 : place + 2]
        assert {leaving["OTIO_SCHEMA"], coming["OTIO_SCHEMA"]} == {"Clip.2"}
        seen, whole = leaving["source_range"], leaving["media_references"]["DEFAULT_MEDIA"]["available_range"]
        end = seen["start_time"]["value"] + seen["duration"]["value"]
        assert end + change["out_offset"]["value"] <= whole["duration"]["value"]
        assert coming["source_range"]["start_time"]["value"] >= change["in_offset"]["value"]


def test_every_object_has_the_fields_of_its_schema_and_texts_are_whole() -> None:
    film = edit()

    timeline = json.loads(otio_document(film))

    found = objects(timeline)
    assert {one["OTIO_SCHEMA"] for one in found} == {*FIELDS, "TimeRange.1", "RationalTime.1"}
    for one in found:
        if one["OTIO_SCHEMA"] in FIELDS:
            assert set(one) == {"OTIO_SCHEMA", "name", "metadata", *FIELDS[one["OTIO_SCHEMA"]]}
    assert timeline["name"] == "Mara & <Fox> 玛拉 🦊"
    assert {m["name"] for m in timeline["tracks"]["markers"]} == {marker.name for marker in film.markers}
