"""Editing a storyboard: each function returns a new one and renumbers nothing. Parts are named by their ids.

Ids of new shots are the caller's: one that was used before, for a shot that is gone, must not come back as another's.

Shots that are locked are left as they are: whoever wants to change one has to unlock it first. Moving it is no change.
"""

from collections.abc import Callable, Sequence
from typing import Any

from pydantic import ValidationError

from soundstage.models.errors import Conflict, InvalidInput, NotFound, ShotLocked
from soundstage.models.story import Beat, CausalChain, DialogueLine, OwnRecording, PartId, Shot, Storyboard

MAX_SHOTS = 200
"""Of a storyboard (``Storyboard.shots``)."""
CONTIGUOUS_S = 0.5
"""Of silence at most between two parts of a recording that are one where their shots are."""


def shot_of(storyboard: Storyboard, id_: PartId) -> Shot:
    """Raises NotFound."""
    found = next((shot for shot in storyboard.shots if shot.id == id_), None)
    if found is None:
        raise NotFound("There is no such shot.")
    return found


def changed_shot(storyboard: Storyboard, id_: PartId, changes: dict[str, Any]) -> Storyboard:
    """The shot with other values of these fields; a setting's fields are merged, lists and texts are replaced.

    Raises:
        NotFound: no such shot.
        ShotLocked: it is locked, and more than the lock is changed.
        InvalidInput: what comes out is no shot.
    """
    shot = shot_of(storyboard, id_)
    if set(changes) != {"locked"}:
        check_unlocked([shot])
    values = shot.model_dump() | changes
    if "setting" in changes:
        values["setting"] = shot.setting.model_dump() | (changes["setting"] or {})
    new = _shot(values | {"id": shot.id})
    return _checked(_with_shots(storyboard, [new if other.id == id_ else other for other in storyboard.shots]))


def added_shot(storyboard: Storyboard, values: dict[str, Any], *, after: PartId | None, new: PartId) -> Storyboard:
    """With a shot ``new`` behind ``after``, or at the beginning.

    Raises as ``changed_shot``, and Conflict when there are as many as there may be.
    """
    _room_for_one_more(storyboard)
    at = 0 if after is None else _index(storyboard, after) + 1
    shots = [*storyboard.shots[:at], _shot(values | {"id": new}), *storyboard.shots[at:]]
    return _checked(_with_shots(storyboard, shots))


def duplicated_shot(storyboard: Storyboard, id_: PartId, *, new: PartId) -> Storyboard:
    """The same shot again, behind it, with a picture of its own (another seed) and unlocked."""
    shot = shot_of(storyboard, id_)
    return added_shot(storyboard, shot.model_dump() | _own_picture(shot), after=id_, new=new)


def without_shot(storyboard: Storyboard, id_: PartId) -> Storyboard:
    """Raises NotFound, ShotLocked, and Conflict for the only shot."""
    check_unlocked([shot_of(storyboard, id_)])
    if len(storyboard.shots) == 1:
        raise Conflict("A project has at least one shot.")
    left = [shot for shot in storyboard.shots if shot.id != id_]
    return _with_shots(storyboard, left, chain=_renamed(storyboard.chain, {id_: None}))


def reordered(storyboard: Storyboard, order: Sequence[PartId]) -> Storyboard:
    """The same shots in this order. Raises InvalidInput unless it names each of them once."""
    shots = {shot.id: shot for shot in storyboard.shots}
    if sorted(order) != sorted(shots):
        raise InvalidInput(
            "The order has to name every shot once.",
            detail={
                "missing": sorted(shots.keys() - set(order)),
                "unknown": sorted(set(order) - shots.keys()),
                "twice": sorted({id_ for id_ in order if order.count(id_) > 1}),
            },
        )
    return _with_shots(storyboard, [shots[id_] for id_ in order])


def split_shot(storyboard: Storyboard, id_: PartId, at: int, *, new: PartId) -> Storyboard:
    """Two shots of one: the narration is cut before character ``at``. The second, ``new``, gets a picture of its own.

    A recording of the whole is of neither: where the cut is in it is not known here.

    Raises:
        NotFound, ShotLocked: as ``changed_shot``.
        InvalidInput: one of the two would have nothing to say.
    """
    shot = shot_of(storyboard, id_)
    check_unlocked([shot])
    _room_for_one_more(storyboard)
    head, tail = shot.narration[:at].rstrip(), shot.narration[at:].lstrip()
    if not (_says_something(head) and _says_something(tail)):
        raise InvalidInput("Both shots of a split have to have words.", detail={"at": at, "of": len(shot.narration)})
    before, after = _divided(shot.lines, shot.narration, at)
    halved = None if shot.duration_s is None else max(0.5, shot.duration_s / 2)
    told = {"duration_s": halved, "own_recording": None}
    first = _shot(shot.model_dump() | told | {"narration": head, "lines": before, "transition": "cut"})
    rest = told | {"id": new, "narration": tail, "lines": after}
    second = _shot(shot.model_dump() | _own_picture(shot) | rest)
    place = _index(storyboard, id_)
    shots = [*storyboard.shots[:place], first, second, *storyboard.shots[place + 1 :]]
    beats = [_beat_with(beat, new, behind=id_) for beat in storyboard.chain.beats]
    chain = storyboard.chain.model_copy(update={"beats": beats})
    return _checked(_with_shots(storyboard, shots, chain=chain))


def merged_shots(storyboard: Storyboard, id_: PartId) -> Storyboard:
    """A shot and the one behind it become one, with the first one's picture and the words of both.

    Raises NotFound, ShotLocked, and Conflict for the last shot.
    """
    place = _index(storyboard, id_)
    if place + 1 == len(storyboard.shots):
        raise Conflict("There is no shot behind the last one.")
    first, second = storyboard.shots[place : place + 2]
    check_unlocked([first, second])
    space = "" if storyboard.language == "zh" or not (first.narration and second.narration) else " "
    durations = [shot.duration_s for shot in (first, second)]
    merged = first.model_dump() | {
        "narration": first.narration + space + second.narration,
        "lines": [line.model_dump() for line in (*first.lines, *second.lines)],
        "transition": second.transition,
        "own_recording": _joined(first.own_recording, second.own_recording),
        "duration_s": None if None in durations else min(120.0, sum(seconds or 0.0 for seconds in durations)),
    }
    shots = [*storyboard.shots[:place], _shot(merged), *storyboard.shots[place + 2 :]]
    return _checked(_with_shots(storyboard, shots, chain=_renamed(storyboard.chain, {second.id: first.id})))


def _joined(first: OwnRecording | None, second: OwnRecording | None) -> OwnRecording | None:
    """Of the words of both: where one recording goes on in the other."""
    if first is None or second is None or first.asset_id != second.asset_id or first.end_s is None:
        return None
    goes_on = abs(second.start_s - first.end_s) < CONTIGUOUS_S
    return first.model_copy(update={"end_s": second.end_s}) if goes_on else None


def check_storyboard(storyboard: Storyboard) -> None:
    """Raises InvalidInput with everything that refers to nothing, or is there twice."""
    characters = [character.id for character in storyboard.characters]
    places = {entry.id for entry in storyboard.world}
    shots = [shot.id for shot in storyboard.shots]
    problems = [
        f"{id_} is there twice" for ids in (characters, shots) for id_ in sorted(set(ids)) if ids.count(id_) > 1
    ]
    for character in storyboard.characters:
        problems += [
            f"{character.id} is related to {other.to}, who is not there"
            for other in character.relationships
            if other.to not in characters
        ]
    for shot in storyboard.shots:
        problems += [
            f"{shot.id} shows {presence.character}, who is not there"
            for presence in shot.cast
            if presence.character not in characters
        ]
        problems += [
            f"{shot.id} is spoken by {line.speaker}, who is not there"
            for line in shot.lines
            if line.speaker is not None and line.speaker not in characters
        ]
        if shot.setting.place_id is not None and shot.setting.place_id not in places:
            problems.append(f"{shot.id} is at {shot.setting.place_id}, which is not there")
    if problems:
        raise InvalidInput("The storyboard refers to what is not in it.", detail={"problems": problems})


def check_unlocked(shots: Sequence[Shot]) -> None:
    """Raises ShotLocked naming those that are locked."""
    locked = [shot.id for shot in shots if shot.locked]
    if locked:
        raise ShotLocked("Unlock it first: this shot is to stay as it is.", detail={"shots": locked})


def _checked(storyboard: Storyboard) -> Storyboard:
    check_storyboard(storyboard)
    return storyboard


def _shot(values: dict[str, Any]) -> Shot:
    try:
        return Shot.model_validate(values)
    except ValidationError as error:
        found = [{"loc": list(e["loc"]), "msg": e["msg"], "type": e["type"]} for e in error.errors()]
        raise InvalidInput("This is no shot.", detail={"errors": found}) from error


def _with_shots(storyboard: Storyboard, shots: Sequence[Shot], *, chain: CausalChain | None = None) -> Storyboard:
    return storyboard.model_copy(update={"shots": list(shots), "chain": chain or storyboard.chain})


def _index(storyboard: Storyboard, id_: PartId) -> int:
    return storyboard.shots.index(shot_of(storyboard, id_))


def _room_for_one_more(storyboard: Storyboard) -> None:
    if len(storyboard.shots) >= MAX_SHOTS:
        raise Conflict(f"A project has at most {MAX_SHOTS} shots.", detail={"shots": len(storyboard.shots)})


def _own_picture(shot: Shot) -> dict[str, Any]:
    return {"seed": (shot.seed + 1) % 2**31, "locked": False}


def _says_something(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _divided(
    lines: Sequence[DialogueLine], narration: str, at: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Lines before and behind the cut; one that it goes through is cut, too."""
    before: list[dict[str, Any]] = []
    after: list[dict[str, Any]] = []
    searched = 0
    for line in lines:
        start = narration.find(line.text, searched)
        if start < 0:
            continue  # the narration was edited since: it claims nothing
        searched = start + len(line.text)
        for part, text in ((before, line.text[: max(0, at - start)]), (after, line.text[max(0, at - start) :])):
            if text.strip():
                part.append(line.model_dump() | {"text": text.strip()})
    return before, after


def _beat_with(beat: Beat, new: PartId, *, behind: PartId) -> Beat:
    if behind not in beat.shots:
        return beat
    place = beat.shots.index(behind) + 1
    return beat.model_copy(update={"shots": [*beat.shots[:place], new, *beat.shots[place:]]})


def _renamed(chain: CausalChain, names: dict[PartId, PartId | None]) -> CausalChain:
    """The chain where shots go by other names, or are gone (None)."""
    name: Callable[[PartId], PartId | None] = lambda id_: names.get(id_, id_)  # noqa: E731
    links = []
    for link in chain.links:
        cause, effect = name(link.cause), name(link.effect)
        if cause is not None and effect is not None and cause != effect:
            links.append(link.model_copy(update={"cause": cause, "effect": effect}))
    beats = [
        beat.model_copy(update={"shots": list(dict.fromkeys(filter(None, map(name, beat.shots))))})
        for beat in chain.beats
    ]
    knowledge = [
        known.model_copy(update={"since": since})
        for known in chain.knowledge
        if (since := name(known.since)) is not None
    ]
    return chain.model_copy(update={"links": links, "beats": beats, "knowledge": knowledge})
