"""What differs between two versions of a project, in words."""

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import BaseModel, Field

from soundstage.models.projects import ProjectDocument
from soundstage.models.story import LANGUAGE_NAMES, Character, Shot, Storyboard, WorldEntry

LONGEST_QUOTE = 60
"""Characters of a text that a sentence quotes: enough to recognise it."""

_NAMES = {
    "size": "shot size",
    "duration_s": "duration",
    "screen_direction": "screen direction",
    "place_name": "name of the place",
    "time_of_day": "time of day",
    "loudness_lufs": "loudness",
    "true_peak_dbtp": "true peak",
    "burn_in": "burnt-in subtitles",
    "transition_s": "length of transitions",
    "max_usd": "spending cap",
    "title_card": "title card",
}


class Difference(BaseModel):
    of: Literal["project", "settings", "translation", "shot", "character", "world", "chain", "order"]
    id: str | None = Field(default=None, description="Of the shot, character or world entry; a translation's language.")
    change: Literal["added", "removed", "edited", "moved"]
    fields: list[str] = []
    sentence: str


class Comparison(BaseModel):
    """From ``before`` to ``after``, numbers of versions."""

    before: int
    after: int
    differences: list[Difference]


def differences(before: ProjectDocument, after: ProjectDocument) -> list[Difference]:
    """In the order in which a reader would tell them: the project, its settings, people and places, shots, order."""
    return list(_differences(before, after))


def _differences(before: ProjectDocument, after: ProjectDocument) -> Iterator[Difference]:
    yield from _edited(
        "project", "The project", before, after, apart={"settings", "storyboard", "translations", "schema_version"}
    )
    yield from _edited("settings", "Settings", before.settings, after.settings, apart={"schema_version"})
    yield from _translations(before, after)
    old, new = before.storyboard, after.storyboard
    if old is None and new is None:
        return
    if old is None or new is None:
        word: Literal["added", "removed"] = "added" if old is None else "removed"
        shots = [shot for board in (old, new) if board is not None for shot in board.shots]
        yield Difference(of="chain", change=word, sentence=f"The storyboard of {len(shots)} shots was {word}.")
        return
    yield from _storyboards(old, new)


def _translations(before: ProjectDocument, after: ProjectDocument) -> Iterator[Difference]:
    for language in sorted(before.translations.keys() | after.translations.keys()):
        old, new = before.translations.get(language), after.translations.get(language)
        name = f"The translation into {LANGUAGE_NAMES[language]}"
        if old is None or new is None:
            word: Literal["added", "removed"] = "added" if old is None else "removed"
            yield Difference(of="translation", id=language, change=word, sentence=f"{name} was {word}.")
        elif old != new:
            parts = sorted(
                id_ for id_ in old.shots.keys() | new.shots.keys() if old.shots.get(id_) != new.shots.get(id_)
            )
            what = f"changed in {', '.join(parts)}" if parts else "has another title or voice"
            sentence = f"{name} {what}."
            yield Difference(of="translation", id=language, change="edited", fields=parts, sentence=sentence)


def _storyboards(old: Storyboard, new: Storyboard) -> Iterator[Difference]:
    apart = {"schema_version", "characters", "world", "shots", "chain", "title", "seed"}
    yield from _edited("project", "The storyboard", old, new, apart=apart)
    yield from _parts("character", old.characters, new.characters, lambda one: f"Character {one.name}")
    yield from _parts("world", old.world, new.world, lambda one: f"World entry “{one.title}”")
    if old.chain != new.chain:
        yield Difference(of="chain", change="edited", sentence="The chain of cause and effect was changed.")
    places = {shot.id: number for number, shot in enumerate(new.shots, 1)}
    places = {shot.id: number for number, shot in enumerate(old.shots, 1)} | places
    yield from _parts("shot", old.shots, new.shots, lambda one: f"Shot {places[one.id]}{_titled(one)}")
    kept = [shot.id for shot in new.shots if shot.id in {other.id for other in old.shots}]
    if kept != [shot.id for shot in old.shots if shot.id in set(kept)]:
        order = ", ".join(kept)
        yield Difference(of="order", change="moved", sentence=f"The shots have another order now: {order}.")


def _parts(of: Any, old: Any, new: Any, name: Any) -> Iterator[Difference]:
    """Of two lists of shots, characters or entries, matched by their ids."""
    before: dict[str, Shot | Character | WorldEntry] = {part.id: part for part in old}
    after: dict[str, Shot | Character | WorldEntry] = {part.id: part for part in new}
    for id_, part in after.items():
        if id_ not in before:
            yield Difference(of=of, id=id_, change="added", sentence=f"{name(part)} was added.")
        else:
            yield from _edited(of, name(part), before[id_], part, apart={"id"}, id_=id_)
    for id_, part in before.items():
        if id_ not in after:
            yield Difference(of=of, id=id_, change="removed", sentence=f"{name(part)} was removed.")


def _edited(
    of: Any, name: str, old: BaseModel, new: BaseModel, *, apart: set[str], id_: str | None = None
) -> Iterator[Difference]:
    changed = list(_changes(old.model_dump(exclude=apart), new.model_dump(exclude=apart)))
    if changed:
        said = "; ".join(f"{_spoken(path)} {_from_to(was, now)}" for path, was, now in changed)
        fields = [".".join(path) for path, _, _ in changed]
        yield Difference(of=of, id=id_, change="edited", fields=fields, sentence=f"{name}: {said}.")


def _changes(old: dict[str, Any], new: dict[str, Any], *under: str) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    for field in dict.fromkeys([*new, *old]):
        was, now = old.get(field), new.get(field)
        if was == now:
            continue
        if isinstance(was, dict) and isinstance(now, dict):
            yield from _changes(was, now, *under, field)
        else:
            yield (*under, field), was, now


def _spoken(path: tuple[str, ...]) -> str:
    return _NAMES.get(path[-1], path[-1].replace("_", " "))


def _from_to(was: Any, now: Any) -> str:
    if isinstance(was, list) and isinstance(now, list):
        return f"changed ({len(was)} → {len(now)})" if len(was) != len(now) else "changed"
    if isinstance(was, str) and isinstance(now, str) and was and now:
        was, now = _around_the_change(was, now)
    return f"changed from {_quoted(was)} to {_quoted(now)}"


def _around_the_change(was: str, now: str) -> tuple[str, str]:
    """Of two long texts, what there is around the first place where they differ."""
    if max(len(was), len(now)) <= LONGEST_QUOTE:
        return was, now
    same = next((at for at, (one, other) in enumerate(zip(was, now, strict=False)) if one != other), 0)
    start = max(0, min(same, len(was), len(now)) - LONGEST_QUOTE // 3)
    mark = "…" if start else ""
    return mark + was[start:], mark + now[start:]


def _quoted(value: Any) -> str:
    match value:
        case None | "":
            return "nothing"
        case bool():
            return "on" if value else "off"
        case str():
            short = value if len(value) <= LONGEST_QUOTE else f"{value[:LONGEST_QUOTE]}…"
            return "“" + " ".join(short.split()) + "”"
        case list() | dict():
            return f"{len(value)} values"
        case _:
            return str(value)


def _titled(shot: Shot) -> str:
    return f" “{shot.title}”" if shot.title else f" ({shot.id})"
