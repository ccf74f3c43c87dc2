"""Final Cut Pro 7 XML (xmeml 5), for Premiere Pro. Times are whole frames.

Where a transition covers an end of a clip, that end is −1 and the clip's ``in`` and ``out`` take in the transition: its
own ``start`` and ``end`` say where it lies. Stereo sound is two tracks, one a channel.
"""

from xml.etree.ElementTree import Element

from soundstage.film.export.edit import Change, Clip, Edit
from soundstage.film.export.xml import added, document
from soundstage.models.film import MIX_RATE_HZ

SAMPLE_BITS = 24


def xmeml_document(edit: Edit) -> str:
    """The sequence as text."""
    root = Element("xmeml", version="5")
    sequence = added(root, "sequence", id="sequence-1")
    added(sequence, "name", edit.title)
    added(sequence, "duration", edit.frames)
    _rate(sequence, edit.fps)
    timecode = added(sequence, "timecode")
    _rate(timecode, edit.fps)
    for name, value in (("string", "00:00:00:00"), ("frame", 0), ("displayformat", "NDF")):
        added(timecode, name, value)
    media = added(sequence, "media")
    video = added(media, "video")
    _picture_format(added(video, "format"), edit)
    _pictures(added(video, "track"), edit)
    audio = added(media, "audio")
    added(audio, "numOutputChannels", 2)
    _sound_format(added(audio, "format"))
    for track in edit.sounds:
        for channel in (1, 2):
            element = added(audio, "track")
            for clip in track.clips:
                _sound(element, clip, channel, edit.fps, enabled=track.enabled)
            added(element, "outputchannelindex", channel)
    for marker in edit.markers:
        element = added(sequence, "marker")
        for name, value in (("comment", ""), ("name", marker.name), ("in", marker.at), ("out", -1)):
            added(element, name, value)
    return document(root, "xmeml")


def _pictures(track: Element, edit: Edit) -> None:
    for clip in edit.pictures:
        before, after = (_crossing(edit, at) for at in (clip.at, clip.end))
        if before is not None:
            _transition(track, before, edit.fps)
        head, tail = before.half if before else 0, after.half if after else 0
        item = _item(track, clip, clip.medium.id, edit.fps, enabled=True)
        added(item, "start", -1 if head else clip.at)
        added(item, "end", -1 if tail else clip.end)
        added(item, "in", clip.skip - head)
        added(item, "out", clip.skip + clip.frames + tail)
        _picture_format(added(added(_file(item, clip, edit.fps), "media"), "video"), edit)
    added(track, "enabled", "TRUE")


def _crossing(edit: Edit, at: int) -> Change | None:
    change = edit.change_at(at)
    return change if change is not None and change.half else None


def _transition(track: Element, change: Change, fps: int) -> None:
    item = added(track, "transitionitem")
    added(item, "start", change.cut - change.half)
    added(item, "end", change.cut + change.half)
    added(item, "alignment", "center")
    _rate(item, fps)
    effect = added(item, "effect")
    for name, value in (
        *(("name", "Cross Dissolve"), ("effectid", "Cross Dissolve"), ("effectcategory", "Dissolve")),
        *(("effecttype", "transition"), ("mediatype", "video"), ("startratio", 0), ("endratio", 1)),
        ("reverse", "FALSE"),
    ):
        added(effect, name, value)


def _sound(track: Element, clip: Clip, channel: int, fps: int, *, enabled: bool) -> None:
    item = _item(track, clip, f"{clip.medium.id}-{channel}", fps, enabled=enabled)
    for name, value in (("start", clip.at), ("end", clip.end), ("in", clip.skip), ("out", clip.skip + clip.frames)):
        added(item, name, value)
    if channel == 1:
        audio = added(added(_file(item, clip, fps), "media"), "audio")
        _sound_format(audio)
        added(audio, "channelcount", 2)
    else:
        added(item, "file", id=f"file-{clip.medium.id}")
    source = added(item, "sourcetrack")
    added(source, "mediatype", "audio")
    added(source, "trackindex", channel)


def _item(track: Element, clip: Clip, id_: str, fps: int, *, enabled: bool) -> Element:
    item = added(track, "clipitem", id=f"clipitem-{id_}")
    added(item, "name", clip.name)
    added(item, "enabled", "TRUE" if enabled else "FALSE")
    added(item, "duration", clip.medium.frames)
    _rate(item, fps)
    return item


def _file(item: Element, clip: Clip, fps: int) -> Element:
    """Described where it is first used; elsewhere its id alone stands for it."""
    file = added(item, "file", id=f"file-{clip.medium.id}")
    added(file, "name", clip.medium.path.rpartition("/")[2])
    added(file, "pathurl", clip.medium.path)
    _rate(file, fps)
    added(file, "duration", clip.medium.frames)
    return file


def _picture_format(parent: Element, edit: Edit) -> None:
    about = added(parent, "samplecharacteristics")
    _rate(about, edit.fps)
    for name, value in (
        *(("width", edit.width), ("height", edit.height), ("anamorphic", "FALSE")),
        *(("pixelaspectratio", "square"), ("fielddominance", "none"), ("colordepth", 24)),
    ):
        added(about, name, value)


def _sound_format(parent: Element) -> None:
    about = added(parent, "samplecharacteristics")
    added(about, "depth", SAMPLE_BITS)
    added(about, "samplerate", MIX_RATE_HZ)


def _rate(parent: Element, fps: int) -> None:
    rate = added(parent, "rate")
    added(rate, "timebase", fps)
    added(rate, "ntsc", "FALSE")
