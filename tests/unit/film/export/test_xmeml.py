"""Final Cut Pro 7 XML: whole frames that add up to the film, media described once, any text."""

from typing import Literal
from xml.etree.ElementTree import Element, fromstring

import pytest
from tests.fixtures.edits import edit

from soundstage.film.export.xmeml import xmeml_document
from soundstage.models.film import FilmSettings


def number(element: Element, path: str) -> int:
    return int(element.findtext(path, "missing"))


@pytest.mark.parametrize("fps", [24, 25, 30])
def test_clips_and_transitions_cover_the_film(fps: Literal[24, 25, 30]) -> None:
    film = edit(FilmSettings(fps=fps))

    root = fromstring(xmeml_document(film).encode())  # noqa: S314  (our own)

    track = root.find(".//video/track")
    assert track is not None
    items = [child for child in track if child.tag in ("clipitem", "transitionitem")]
    clips = iter(film.pictures)
    for place, item in enumerate(items):
        if item.tag != "clipitem":
            continue
        clip, start, end = next(clips), number(item, "start"), number(item, "end")
        cut_in, cut_out = number(item, "in"), number(item, "out")
        # An end of −1 is that of the transition beside it.
        start = number(items[place - 1], "start") if start == -1 else start
        end = number(items[place + 1], "end") if end == -1 else end
        assert end - start == cut_out - cut_in
        assert cut_in - start == clip.skip - clip.at
        assert 0 <= cut_in < cut_out <= number(item, "duration")
    assert next(clips, None) is None
    assert number(root, "sequence/duration") == film.frames
    assert {rate.findtext("timebase") for rate in root.iter("rate")} == {str(fps)}


def test_formats_files_and_texts_are_there() -> None:
    film = edit()

    root = fromstring(xmeml_document(film).encode())  # noqa: S314  (our own)

    assert number(root, "sequence/media/video/format/samplecharacteristics/width") == film.width
    described = [file.attrib["id"] for file in root.iter("file") if len(file)]
    assert len(described) == len(set(described)), "each once"
    assert {file.attrib["id"] for file in root.iter("file")} == set(described)
    ids = [item.attrib["id"] for item in root.iter("clipitem")]
    assert len(ids) == len(set(ids))
    assert root.findtext("sequence/name") == "Mara & <Fox> 玛拉 🦊"
    marked = [(number(marker, "in"), marker.findtext("name")) for marker in root.findall("sequence/marker")]
    assert marked == [(marker.at, marker.name) for marker in film.markers]
