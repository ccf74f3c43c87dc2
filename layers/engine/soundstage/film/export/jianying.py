"""A draft for 剪映 and CapCut: the bundle's folder itself is one, and is opened from among the program's drafts.

``draft_content.json`` is what both read on Windows, ``draft_info.json`` the same on macOS; ``draft_meta_info.json``
names the draft. Times are microseconds. Media are named below the draft's own folder by a placeholder that the program
replaces. The fields are those that pyJianYingDraft 0.3 writes for version 5.9.
"""

import json
import uuid
from collections.abc import Sequence

from soundstage.film.export.edit import Change, Clip, Edit, SoundTrack
from soundstage.film.export.jianying_fields import CONFIG, KEYFRAMES, MATERIALS, PLATFORM, Json, meta_info
from soundstage.models.film import Cue

HERE = "##_draftpath_placeholder_0E685133-18CE-45ED-8CB8-2904A212EC80_##"
"""Stands for the draft's folder in both programs."""
DISSOLVE = {"name": "叠化", "effect_id": "322577", "resource_id": "6724845717472416269", "is_overlap": True}
"""The programs' own cross dissolve."""
SUBTITLES_AT = -0.8
"""Of half the picture's height, upwards from its middle: where the programs put imported subtitles."""
TEXT_LAYER = 14_000
"""``render_index`` of texts: in front of pictures."""
MUTED = 1
"""A track's ``attribute``."""
NAMESPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")


def jianying_documents(edit: Edit, cues: Sequence[Cue]) -> dict[str, str]:
    """File name → text. The subtitles are a text track."""
    draft = _Draft(edit)
    tracks = [draft.pictures(), *(draft.sounds(track) for track in edit.sounds)]
    if cues:
        tracks.append(draft.subtitles(cues))
    duration = microseconds(edit.frames, edit.fps)
    content = {
        "canvas_config": {"width": edit.width, "height": edit.height, "ratio": _ratio(edit)},
        "color_space": 0,
        "config": CONFIG,
        "cover": None,
        "create_time": 0,
        "duration": duration,
        "extra_info": None,
        "fps": float(edit.fps),
        "free_render_index_mode_on": False,
        "group_container": None,
        "id": draft.id("draft").upper(),
        "keyframe_graph_list": [],
        "keyframes": {kind: [] for kind in KEYFRAMES},
        "last_modified_platform": PLATFORM,
        "materials": {kind: draft.materials.get(kind, []) for kind in MATERIALS},
        "mutable_config": None,
        "name": edit.title,
        "new_version": "110.0.0",
        "platform": PLATFORM,
        "relationships": [],
        "render_index_track_mode_on": False,
        "retouch_cover": None,
        "source": "default",
        "static_cover_image_path": "",
        "time_marks": None,
        "tracks": tracks,
        "update_time": 0,
        "version": 360_000,
    }
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    meta = json.dumps(meta_info(edit.title, draft.id("meta").upper(), duration), ensure_ascii=False, indent=1) + "\n"
    return {"draft_content.json": text, "draft_info.json": text, "draft_meta_info.json": meta}


def microseconds(frames: int, fps: int) -> int:
    """Of a frame's beginning, rounded: neighbours meet exactly."""
    return round(frames * 1_000_000 / fps)


class _Draft:
    def __init__(self, edit: Edit) -> None:
        self.edit = edit
        self.materials: dict[str, list[Json]] = {}

    def id(self, what: str) -> str:
        """The same for the same part of the same film."""
        return uuid.uuid5(NAMESPACE, f"{self.edit.title}/{self.edit.frames}/{what}").hex

    def pictures(self) -> Json:
        segments = []
        for clip in self.edit.pictures:
            medium = clip.medium
            self._material(
                "videos",
                {
                    "id": self.id(medium.id),
                    "type": "video",
                    "path": f"{HERE}/{medium.path}",
                    "material_name": clip.name,
                    "width": self.edit.width,
                    "height": self.edit.height,
                    "duration": self._us(medium.frames),
                    "audio_fade": None,
                    "category_id": "",
                    "category_name": "local",
                    "check_flag": 63_487,
                    "local_material_id": "",
                    "material_id": self.id(medium.id),
                    "media_path": "",
                    "crop": _WHOLE,
                    "crop_ratio": "free",
                    "crop_scale": 1.0,
                },
            )
            refs = [self._speed(clip)]
            change = self.edit.change_at(clip.end)
            if change is not None and change.half:
                refs.append(self._dissolve(change))
            segments.append(self._segment(clip, refs, render_index=0) | _SEEN)
        return self._track("video", "", segments)

    def sounds(self, track: SoundTrack) -> Json:
        segments = []
        for clip in track.clips:
            self._material(
                "audios",
                {
                    "id": self.id(clip.medium.id),
                    "type": "extract_music",
                    "path": f"{HERE}/{clip.medium.path}",
                    "name": clip.name,
                    "duration": self._us(clip.medium.frames),
                    "app_id": 0,
                    "category_id": "",
                    "category_name": "local",
                    "check_flag": 1,
                    "copyright_limit_type": "none",
                    "effect_id": "",
                    "formula_id": "",
                    "source_platform": 0,
                    "local_material_id": self.id(clip.medium.id),
                    "music_id": self.id(clip.medium.id),
                    "wave_points": [],
                },
            )
            segments.append(self._segment(clip, [self._speed(clip)], render_index=0) | {"clip": None})
        return self._track("audio", track.name, segments, attribute=0 if track.enabled else MUTED)

    def subtitles(self, cues: Sequence[Cue]) -> Json:
        segments = []
        for number, cue in enumerate(cues):
            text = "\n".join(cue.lines)
            id_ = self.id(f"text {number}")
            style = {
                "fill": {
                    "alpha": 1.0,
                    "content": {"render_type": "solid", "solid": {"alpha": 1.0, "color": [1, 1, 1]}},
                },
                "range": [0, len(text)],
                "size": 5.0,
                "bold": False,
                "italic": False,
                "underline": False,
                "strokes": [{"content": {"solid": {"alpha": 1.0, "color": [0, 0, 0]}}, "width": 0.08}],
            }
            self._material(
                "texts",
                {
                    "id": id_,
                    "type": "subtitle",
                    "content": json.dumps({"styles": [style], "text": text}, ensure_ascii=False),
                    "alignment": 1,
                    "typesetting": 0,
                    "letter_spacing": 0.0,
                    "line_spacing": 0.02,
                    "line_feed": 1,
                    "line_max_width": 0.82,
                    "force_apply_line_max_width": False,
                    "check_flag": 15,
                    "global_alpha": 1.0,
                },
            )
            start, end = round(cue.start_s * 1_000_000), round(cue.end_s * 1_000_000)
            times = {"target_timerange": {"start": start, "duration": end - start}, "source_timerange": None}
            segment = _segment(self.id(f"text segment {number}"), id_, [], TEXT_LAYER) | times | _SEEN
            segments.append(segment | {"clip": _clip(SUBTITLES_AT)})
        return self._track("text", "Subtitles", segments)

    def _material(self, kind: str, material: Json) -> None:
        known = self.materials.setdefault(kind, [])
        if all(one["id"] != material["id"] for one in known):
            known.append(material)

    def _speed(self, clip: Clip) -> str:
        id_ = self.id(f"speed {clip.medium.id} {clip.at}")
        self._material("speeds", {"id": id_, "type": "speed", "mode": 0, "speed": 1.0, "curve_speed": None})
        return id_

    def _dissolve(self, change: Change) -> str:
        id_ = self.id(f"transition {change.cut}")
        length = {"duration": self._us(2 * change.half), "category_id": "", "category_name": "", "platform": "all"}
        self._material("transitions", {"id": id_, "type": "transition", **DISSOLVE, **length})
        return id_

    def _segment(self, clip: Clip, refs: list[str], *, render_index: int) -> Json:
        start = self._us(clip.at)
        times = {
            "target_timerange": {"start": start, "duration": self._us(clip.end) - start},
            "source_timerange": {"start": self._us(clip.skip), "duration": self._us(clip.end) - start},
        }
        id_ = self.id(f"segment {clip.medium.id} {clip.at}")
        return _segment(id_, self.id(clip.medium.id), refs, render_index) | times

    def _track(self, kind: str, name: str, segments: list[Json], *, attribute: int = 0) -> Json:
        return {
            "attribute": attribute,
            "flag": 0,
            "id": self.id(f"track {kind} {name}"),
            "is_default_name": not name,
            "name": name,
            "segments": segments,
            "type": kind,
        }

    def _us(self, frames: int) -> int:
        return microseconds(frames, self.edit.fps)


def _segment(id_: str, material: str, refs: list[str], render_index: int) -> Json:
    return {
        "id": id_,
        "material_id": material,
        "extra_material_refs": refs,
        "render_index": render_index,
        "speed": 1.0,
        "volume": 1.0,
        "visible": True,
        "reverse": False,
        "common_keyframes": [],
        "keyframe_refs": [],
        "track_attribute": 0,
        "track_render_index": 0,
        "last_nonzero_volume": 1.0,
        "enable_adjust": True,
        "enable_color_correct_adjust": False,
        "enable_color_curves": True,
        "enable_color_match_adjust": False,
        "enable_color_wheels": True,
        "enable_lut": True,
        "enable_smart_color_adjust": False,
        "hdr_settings": None,
        "is_tone_modify": False,
    }


def _clip(up: float) -> Json:
    return {
        "alpha": 1.0,
        "flip": {"horizontal": False, "vertical": False},
        "rotation": 0.0,
        "scale": {"x": 1.0, "y": 1.0},
        "transform": {"x": 0.0, "y": up},
    }


_SEEN: Json = {"clip": _clip(0.0), "uniform_scale": {"on": True, "value": 1.0}}
_WHOLE = {
    f"{end}_{side}_{axis}": float(side == "right" if axis == "x" else end == "lower")
    for end in ("upper", "lower")
    for side in ("left", "right")
    for axis in ("x", "y")
}
"""No cropping: corners as shares, from the upper left."""


def _ratio(edit: Edit) -> str:
    shares = {"16:9": 16 / 9, "9:16": 9 / 16, "1:1": 1.0}
    return next((name for name, share in shares.items() if abs(edit.width / edit.height - share) < 0.01), "original")
