"""A language model's answer becomes a storyboard: JSON read tolerantly, fields matched, wrong values set right.

Nothing whole is lost: a shot that is cut off is left out, a field that cannot be read is left at its default, and the
storyboard's notes say so.
"""

import re
from collections.abc import Sequence
from typing import Any

from soundstage.models.story import (
    Appearance,
    CausalChain,
    Character,
    DialogueLine,
    Language,
    Presence,
    Setting,
    Shot,
    Storyboard,
    WorldEntry,
)
from soundstage.story.fitting import M, Repair, field_of, fitted, text_of
from soundstage.story.reading.text import detect_language
from soundstage.story.reading.tolerant_json import read_json

SHOTS = (
    "shots",
    "items",
    "scenes",
    "storyboard",
    "frames",
    "panels",
    "segments",
    "镜头",
    "分镜",
    "场景",
    "shot_list",
    "data",
)
_TIMES = re.compile(
    r"(\d{1,2}):(\d{2}):(\d{2})[,.](\d{1,3})\s*(?:-->|-|–|~|to|至)\s*(\d{1,2}):(\d{2}):(\d{2})[,.](\d{1,3})"
)


def storyboard_from(answer: str, *, title: str, language: Language | None = None, writer: str = "model") -> Storyboard:
    """The storyboard in a model's answer.

    Raises:
        ValueError: there is no shot in it that can be used; with the reason, in a clause for the model.
    """
    reading = read_json(answer)
    repair = Repair(language or detect_language(answer))
    board, shots = _board_and_shots(reading.value)
    whole = [
        shot
        for shot in shots
        if isinstance(shot, dict) and id(shot) not in reading.cut and not _cut_inside(shot, reading.cut)
    ]
    if len(whole) < len(shots):
        repair.note(
            f"The answer was cut off: {len(whole)} whole shots of {len(shots)} were kept.",
            f"回答被截断：{len(shots)} 个镜头中保留了完整的 {len(whole)} 个。",
        )
    if reading.mended:
        repair.note("The answer's JSON was not well formed and was mended.", "回答的 JSON 格式有误，已修复。")
    characters = _characters(field_of(board, "characters"), repair)
    ids = {name: c.id for c in characters for name in (c.id, c.name, *c.aliases)}
    world = _parts(field_of(board, "world"), WorldEntry, "w", repair)
    made = [_shot(shot, number, ids, repair) for number, shot in enumerate(whole, 1)]
    kept = [shot for shot in made if shot is not None][:200]
    if not kept:
        raise ValueError("there is no shot in it with a narration or a prompt")
    kept = [_renamed(shot, f"s{k}") for k, shot in enumerate(kept, 1)] if _ids_clash(kept) else kept
    chain = (
        fitted(field_of(board, "chain"), CausalChain, repair) if isinstance(field_of(board, "chain"), dict) else None
    )
    return Storyboard(
        title=text_of(field_of(board, "title"))[:120] or title[:120],
        language=repair.language,
        logline=text_of(field_of(board, "logline"))[:300],
        characters=characters,
        world=world,
        shots=kept,
        chain=chain or CausalChain(),
        writer=writer,
        notes=repair.notes,
    )


def _board_and_shots(value: Any) -> tuple[dict[str, Any], list[Any]]:
    """The object with the shots, wherever they stand: a bare list, {"items": […]}, {"storyboard": {"shots": […]}}."""
    if isinstance(value, list):
        return {}, value
    board: dict[str, Any] = value if isinstance(value, dict) else {}
    for _ in range(4):
        for name in SHOTS:
            found = board.get(name)
            if isinstance(found, list):
                return board, found
        inner = next((v for n, v in board.items() if isinstance(v, dict) and (n in SHOTS or len(board) == 1)), None)
        if inner is None:
            break
        board = {**{k: v for k, v in board.items() if v is not inner}, **inner}
    lists = [v for v in board.values() if isinstance(v, list) and v and all(isinstance(one, dict) for one in v)]
    if lists:
        return board, max(lists, key=len)
    return ({}, [board]) if any(field_of(board, name) for name in ("narration", "prompt")) else (board, [])


def _cut_inside(value: Any, cut: set[int]) -> bool:
    if isinstance(value, dict):
        return id(value) in cut or any(_cut_inside(v, cut) for v in value.values())
    if isinstance(value, list):
        return id(value) in cut or any(_cut_inside(v, cut) for v in value)
    return False


def _parts(given: Any, kind: type[M], letter: str, repair: Repair) -> list[M]:
    rows = given if isinstance(given, list) else list(given.values()) if isinstance(given, dict) else []
    found = []
    for number, row in enumerate(rows, 1):
        part = fitted(row, kind, repair, id=f"{letter}{number}")
        if part is not None:
            found.append(part)
    return found


def _characters(given: Any, repair: Repair) -> list[Character]:
    rows = given if isinstance(given, list) else []
    found = []
    for number, row in enumerate(rows, 1):
        source = {"name": row} if isinstance(row, str) else row if isinstance(row, dict) else {}
        look = field_of(source, "appearance")
        more: dict[str, Any] = {"id": f"c{number}", "appearance": Appearance()}
        if isinstance(look, dict):
            more["appearance"] = fitted(look, Appearance, repair) or Appearance()
        elif isinstance(look, str) and not field_of(source, "identity"):
            more["identity"] = look
        own = source.get("id")
        more["aliases"] = [*(field_of(source, "aliases") or []), *([str(own)] if own else [])]
        character = fitted(source, Character, repair, **more)
        if character is not None:
            found.append(character)
    return found


def _shot(given: dict[str, Any], number: int, ids: dict[str, str], repair: Repair) -> Shot | None:
    narration, prompt = text_of(field_of(given, "narration")), text_of(field_of(given, "prompt"))
    if not narration and not prompt:
        return None
    setting = field_of(given, "setting")
    place = setting if isinstance(setting, dict) else {**given, "place_name": text_of(setting)}
    rows = field_of(given, "cast")
    cast = [_presence(row, ids, repair) for row in (rows if isinstance(rows, list) else [])]
    spoken = field_of(given, "lines")
    lines = [_line(row, ids, repair) for row in (spoken if isinstance(spoken, list) else [])]
    own = str(given.get("id", ""))
    more: dict[str, Any] = {
        "id": own if re.fullmatch(r"[a-z][0-9a-z]{0,15}", own) else f"s{number}",
        "narration": narration,
        "prompt": prompt or narration,
        "setting": fitted(place, Setting, repair, place_id=None) or Setting(),
        "cast": list({who.character: who for who in cast if who is not None}.values()),
        "lines": [line for line in lines if line is not None],
        "seed": number,
    }
    times = _TIMES.search(" ".join(v for v in given.values() if isinstance(v, str)))
    if times is not None and field_of(given, "duration_s") is None:
        start, end = (
            3600 * int(h) + 60 * int(m) + int(s) + int(ms.ljust(3, "0")) / 1000
            for h, m, s, ms in (times.groups()[:4], times.groups()[4:])
        )
        more["duration_s"] = end - start
    if more["lines"] and _letters("".join(line.text for line in more["lines"])) != _letters(narration):
        more["lines"] = []
    return fitted(given, Shot, repair, **more)


def _letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def _presence(row: Any, ids: dict[str, str], repair: Repair) -> Presence | None:
    name = row if isinstance(row, str) else text_of(field_of(row, "character")) if isinstance(row, dict) else ""
    who = ids.get(name)
    if who is None:
        if name:
            repair.note(f"'{name}' in a cast is nobody of the characters.", f"出场人物“{name}”不在人物表中。")
        return None
    return fitted(row if isinstance(row, dict) else {}, Presence, repair, character=who)


def _line(row: Any, ids: dict[str, str], repair: Repair) -> DialogueLine | None:
    if isinstance(row, str):
        return DialogueLine(text=row) if row.strip() else None
    if not isinstance(row, dict):
        return None
    speaker = ids.get(text_of(field_of(row, "speaker")))
    return fitted(row, DialogueLine, repair, **({"speaker": speaker} if speaker else {}))


def _ids_clash(shots: Sequence[Shot]) -> bool:
    return len({shot.id for shot in shots}) < len(shots)


def _renamed(shot: Shot, id_: str) -> Shot:
    return shot.model_copy(update={"id": id_})
