"""Fields of a model's answer matched to ours: other names, other types, and only what can be read is kept."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from soundstage.models.story import Language

M = TypeVar("M", bound=BaseModel)

_OTHER_NAMES: dict[str, tuple[str, ...]] = {
    "narration": (
        "voiceover",
        "voice_over",
        "text",
        "script",
        "旁白",
        "解说",
        "台词",
        "narrator",
        "caption",
        "subtitle",
        "audio",
    ),
    "prompt": (
        "image_prompt",
        "visual",
        "visual_prompt",
        "description",
        "picture",
        "画面",
        "画面描述",
        "提示词",
        "image",
        "scene_description",
    ),
    "title": ("heading", "标题", "shot_title", "题目"),
    "name": ("character_name", "姓名", "名字", "角色"),
    "identity": ("look", "appearance_description", "外貌", "visual_identity"),
    "cast": ("characters", "people", "人物", "角色", "character_ids", "presences"),
    "lines": ("dialogue", "dialogues", "对白", "对话"),
    "duration_s": ("duration", "seconds", "length", "时长", "duration_seconds"),
    "size": ("shot_size", "framing", "景别", "shot_type"),
    "camera": ("camera_move", "camera_movement", "movement", "运镜"),
    "setting": ("scene", "场景", "location", "environment"),
    "time_of_day": ("time", "daytime", "时间"),
    "weather": ("天气",),
    "mood": ("atmosphere", "emotion", "情绪", "氛围"),
    "place_name": ("place_title", "location_name", "地点"),
    "character": ("id", "character_id", "name", "who", "角色"),
    "speaker": ("character", "who", "name", "说话人", "角色"),
    "text": ("line", "content", "words", "台词", "内容"),
    "characters": ("cast", "people", "人物", "角色表", "character_list"),
    "language": ("lang", "语言"),
    "logline": ("summary", "简介", "梗概"),
    "holding": ("props", "props_in_hand", "holds"),
}


@dataclass
class Repair:
    """``notes``: what was set right or left out, in sentences."""

    language: Language
    notes: list[str] = field(default_factory=list)

    def note(self, english: str, chinese: str) -> None:
        sentence = chinese if self.language == "zh" else english
        if sentence not in self.notes:
            self.notes.append(sentence)


def field_of(given: dict[str, Any], name: str) -> Any:
    """By its name, in camel case or snake case, or by what models call it."""
    plain = {_snake(key): value for key, value in given.items()}
    for key in (name, *_OTHER_NAMES.get(name, ())):
        if key in plain and plain[key] is not None:
            return plain[key]
    return None


def _snake(key: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[\s-]+", "_", str(key).strip()).lower()


def text_of(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list):
        return " ".join(filter(None, map(text_of, value)))
    if isinstance(value, dict):
        return text_of(next((v for v in value.values() if isinstance(v, str)), ""))
    return "" if value is None else str(value)


# Parts ---------------------------------------------------------------------------------------------------------------


def fitted(given: Any, kind: type[M], repair: Repair, **more: Any) -> M | None:
    """A part of this kind with every field that can be read; None where a required one cannot."""
    source = given if isinstance(given, dict) else {}
    values: dict[str, Any] = {}
    for name, info in kind.model_fields.items():
        found = more.get(name, field_of(source, name))
        if found is not None:
            values[name] = _coerced(found, info)
    for _ in range(len(values) + 1):
        try:
            return kind.model_validate(values)
        except ValidationError as error:
            wrong = {str(problem["loc"][0]) for problem in error.errors() if problem["loc"]} & set(values)
            if not wrong:
                return None
            for name in wrong:
                repair.note(f"A {name} could not be read and was left out.", f"有一处 {name} 无法识别，已忽略。")
                del values[name]
    return None


def _coerced(value: Any, info: FieldInfo) -> Any:
    """'5 s' for a number, 'Close-Up' for one of a few words, one text for a list of them."""
    wanted = info.annotation
    options = [o for o in get_args(wanted) if o is not type(None)]
    if options and all(isinstance(option, str) for option in options):
        return _choice(value, options)
    inner = next((o for o in options if get_origin(o) is not None), None)
    if inner is not None and all(isinstance(option, str) for option in get_args(inner)):
        return _choice(value, list(get_args(inner)))
    if wanted in (float, int) or float in options or int in options:
        number = re.search(r"-?\d+(?:\.\d+)?", value) if isinstance(value, str) else None
        return float(number[0]) if number else value
    if get_origin(wanted) is list and isinstance(value, str):
        return [part.strip() for part in re.split(r"[,，、;；]", value) if part.strip()]
    if wanted is str or str in options:
        text = text_of(value)
        most = next((m.max_length for m in info.metadata if hasattr(m, "max_length")), None)
        return text[:most] if most else text
    return value


def _choice(value: Any, options: Sequence[str]) -> Any:
    word = re.sub(r"[\s-]+", "_", text_of(value).lower())
    if word in options:
        return word
    inside = [option for option in options if option in word or (len(word) > 3 and word in option)]
    near = inside or difflib.get_close_matches(word, options, n=1, cutoff=0.6)
    return near[0] if near else value
