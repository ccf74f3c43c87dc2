"""FCPXML: exact times, in the order and with the references that its DTD asks for."""

from fractions import Fraction
from typing import Literal
from xml.etree.ElementTree import Element, fromstring

import pytest
from tests.fixtures.edits import TITLES, edit

from soundstage.film.export.fcpxml import fcpxml_document, seconds
from soundstage.models.film import FilmSettings

ORDER = ["asset-clip", "marker", "chapter-marker"]
"""In an asset-clip: what is anchored comes before markers of all kinds (FCPXML 1.10 DTD)."""


def read(text: str) -> Element:
    return fromstring(text.encode())  # noqa: S314  (our own)


def at(element: Element, name: str) -> Fraction:
    return Fraction(element.attrib[name].removesuffix("s"))


@pytest.mark.parametrize("fps", [24, 25, 30])
def test_the_spine_is_the_film_frame_by_frame(fps: Literal[24, 25, 30]) -> None:
    film = edit(FilmSettings(fps=fps))

    root = read(fcpxml_document(film))

    spine = root.find("library/event/project/sequence/spine")
    assert spine is not None
    clips = spine.findall("asset-clip")
    assert [at(clip, "offset") * fps for clip in clips] == [clip.at for clip in film.pictures]
    assert sum(at(clip, "duration") for clip in clips) * fps == film.frames
    sequence = root.find(".//sequence")
    assert sequence is not None
    assert at(sequence, "duration") * fps == film.frames
    for element in root.iter():
        for name in ("offset", "start", "duration", "frameDuration"):
            if name in element.attrib:
                assert (at(element, name) * fps).denominator == 1, "on a frame"


def test_transitions_lie_around_cuts_and_clips_have_media_for_them() -> None:
    root = read(fcpxml_document(edit()))

    spine = root.find(".//spine")
    assert spine is not None
    assets = {asset.attrib["id"]: asset for asset in root.iter("asset")}
    children = list(spine)
    crossings = [place for place, child in enumerate(children) if child.tag == "transition"]
    assert len(crossings) == 3
    for place in crossings:
        leaving, crossing, coming = children[place - 1 : place + 2]
        half = at(crossing, "duration") / 2
        assert at(crossing, "offset") + half == at(coming, "offset")
        assert at(coming, "start") >= half
        end = at(leaving, "start") + at(leaving, "duration")
        assert end + half <= at(assets[leaving.attrib["ref"]], "duration")


def test_sound_and_markers_are_where_they_are_in_the_film() -> None:
    film = edit()

    root = read(fcpxml_document(film))

    assets = {asset.attrib["id"]: asset for asset in root.iter("asset")}
    formats = {element.attrib["id"] for element in root.iter("format")}
    heard, marked = {}, {}
    for clip in root.findall(".//spine/asset-clip"):
        assert clip.attrib["ref"] in assets
        places = [ORDER.index(child.tag) > 0 for child in clip]
        assert places == sorted(places)
        to_film = at(clip, "offset") - at(clip, "start")
        for child in clip:
            if child.tag == "asset-clip":
                heard[child.attrib["ref"]] = (at(child, "offset") + to_film) * film.fps
            else:
                when = (at(child, "start") + to_film) * film.fps
                marked[int(when), child.tag == "chapter-marker"] = child.attrib["value"]
    assert heard == {clip.medium.id: clip.at for track in film.sounds for clip in track.clips}
    assert marked == {(marker.at, marker.is_chapter): marker.name for marker in film.markers}
    assert all(asset.attrib.get("format", "r1") in formats for asset in assets.values())
    off = [clip.attrib["ref"] for clip in root.iter("asset-clip") if clip.attrib.get("enabled") == "0"]
    assert off == ["m2"]


def test_any_text_is_text() -> None:
    root = read(fcpxml_document(edit()))

    project = root.find(".//project")
    assert project is not None
    assert project.attrib["name"] == "Mara & <Fox> 玛拉 🦊"
    names = [clip.attrib["name"] for clip in root.findall(".//spine/asset-clip")]
    assert names[1:3] == [f"1 {TITLES[0]}", f"2 {TITLES[1]}"]
    assert names[3] == "3 🦊👩‍👧 fire!", "characters that XML cannot hold are left out"


def test_whole_seconds_are_written_whole() -> None:
    assert (seconds(48, 24), seconds(49, 24), seconds(0, 24)) == ("2s", "49/24s", "0s")
