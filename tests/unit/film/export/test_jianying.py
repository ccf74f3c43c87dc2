"""A draft for 剪映 and CapCut: by the fields that pyJianYingDraft 0.3.1 writes and reads, with the film's frames."""

import json
from typing import Any, Literal

import pytest
from tests.fixtures.edits import edit

from soundstage.film.export.jianying import HERE, jianying_documents, microseconds
from soundstage.models.film import Cue, FilmSettings

CUES = [
    Cue(start_s=1.0, end_s=2.5, lines=['Don\'t stop: "100 %"', "{\\an8} 你好🎈"], shot="s1"),
    Cue(start_s=2.6, end_s=3.0, lines=["Yes."], shot="s1"),
]
SEGMENT = {
    "id",
    "material_id",
    "target_timerange",
    "source_timerange",
    "extra_material_refs",
    "speed",
    "volume",
    "visible",
    "reverse",
    "clip",
    "common_keyframes",
    "keyframe_refs",
    "track_attribute",
    "track_render_index",
    "last_nonzero_volume",
    "enable_adjust",
    "enable_color_correct_adjust",
    "enable_color_curves",
    "enable_color_match_adjust",
    "enable_color_wheels",
    "enable_lut",
    "enable_smart_color_adjust",
    "hdr_settings",
    "is_tone_modify",
    "render_index",
}
MATERIAL = {
    "videos": {
        "id",
        "type",
        "path",
        "material_name",
        "width",
        "height",
        "duration",
        "audio_fade",
        "category_id",
        "category_name",
        "check_flag",
        "crop",
        "crop_ratio",
        "crop_scale",
        "local_material_id",
        "material_id",
        "media_path",
    },
    "audios": {
        "id",
        "type",
        "path",
        "name",
        "duration",
        "app_id",
        "category_id",
        "category_name",
        "check_flag",
        "copyright_limit_type",
        "effect_id",
        "formula_id",
        "source_platform",
        "local_material_id",
        "music_id",
        "wave_points",
    },
    "texts": {
        "id",
        "type",
        "content",
        "alignment",
        "typesetting",
        "letter_spacing",
        "line_spacing",
        "line_feed",
        "line_max_width",
        "force_apply_line_max_width",
        "check_flag",
        "global_alpha",
    },
    "transitions": {
        "id",
        "type",
        "name",
        "effect_id",
        "resource_id",
        "is_overlap",
        "duration",
        "category_id",
        "category_name",
        "platform",
    },
    "speeds": {"id", "type", "mode", "speed", "curve_speed"},
}


def draft(fps: Literal[24, 25, 30] = 24) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(jianying_documents(edit(FilmSettings(fps=fps)), CUES)["draft_content.json"])
    return found


def test_every_part_has_its_fields_and_what_it_refers_to_is_there() -> None:
    content = draft()

    for kind, fields in MATERIAL.items():
        assert content["materials"][kind], kind
        assert all(set(material) == fields for material in content["materials"][kind])
    assert all(not content["materials"][kind] for kind in set(content["materials"]) - set(MATERIAL))
    known = [material["id"] for kind in content["materials"].values() for material in kind]
    assert len(known) == len(set(known))
    ids = []
    for track in content["tracks"]:
        for segment in track["segments"]:
            extra = {"uniform_scale"} if track["type"] != "audio" else set()
            assert set(segment) == SEGMENT | extra
            assert {segment["material_id"], *segment["extra_material_refs"]} <= set(known)
            ids.append(segment["id"])
    assert len(ids) == len(set(ids))
    media = [m["path"] for kind in ("videos", "audios") for m in content["materials"][kind]]
    assert all(path.startswith(f"{HERE}/") for path in media)


@pytest.mark.parametrize("fps", [24, 25, 30])
def test_times_are_the_films_in_microseconds_and_neighbours_meet(fps: Literal[24, 25, 30]) -> None:
    film, content = edit(FilmSettings(fps=fps)), draft(fps)

    pictures, *others = content["tracks"]
    ranges = [segment["target_timerange"] for segment in pictures["segments"]]
    assert [r["start"] for r in ranges] == [microseconds(clip.at, fps) for clip in film.pictures]
    ends = [r["start"] + r["duration"] for r in ranges]
    assert ends[:-1] == [r["start"] for r in ranges[1:]]
    assert ends[-1] == content["duration"] == microseconds(film.frames, fps)
    lengths = {m["id"]: m["duration"] for m in content["materials"]["videos"]}
    for segment, clip in zip(pictures["segments"], film.pictures, strict=True):
        source = segment["source_timerange"]
        assert source["start"] == microseconds(clip.skip, fps)
        assert source["start"] + source["duration"] <= lengths[segment["material_id"]] + 1
    assert [(track["type"], track["attribute"]) for track in others] == [
        ("audio", 0), ("audio", 0), ("audio", 1), ("text", 0),
    ]  # fmt: skip


def test_dissolves_hang_on_the_clip_before_them() -> None:
    film, content = edit(), draft()

    transitions = {m["id"]: m for m in content["materials"]["transitions"]}
    found = [[r for r in s["extra_material_refs"] if r in transitions] for s in content["tracks"][0]["segments"]]
    changes = [film.change_at(clip.end) for clip in film.pictures]
    assert [bool(refs) for refs in found] == [change is not None and change.half > 0 for change in changes]
    for refs, change in zip(found, changes, strict=True):
        if refs and change is not None:
            assert transitions[refs[0]]["duration"] == microseconds(2 * change.half, 24)


def test_subtitles_are_the_cues_word_for_word() -> None:
    content = draft()

    texts = {m["id"]: json.loads(m["content"]) for m in content["materials"]["texts"]}
    segments = content["tracks"][-1]["segments"]
    assert [texts[s["material_id"]]["text"] for s in segments] == ["\n".join(cue.lines) for cue in CUES]
    assert [s["target_timerange"] for s in segments] == [
        {"start": 1_000_000, "duration": 1_500_000}, {"start": 2_600_000, "duration": 400_000},
    ]  # fmt: skip
    for content_ in texts.values():
        assert content_["styles"][0]["range"] == [0, len(content_["text"])]


def test_the_same_film_is_the_same_draft_and_its_card_has_its_name() -> None:
    once, again = (jianying_documents(edit(), CUES) for _ in range(2))

    assert once == again
    assert once["draft_info.json"] == once["draft_content.json"]
    card = json.loads(once["draft_meta_info.json"])
    assert card["draft_name"] == edit().title
    assert card["tm_duration"] == json.loads(once["draft_content.json"])["duration"]
