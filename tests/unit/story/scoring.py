"""How much of what an author would expect of a storyboard is in it, against truth that was written before the rules."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from soundstage.models.story import Character, Shot, Storyboard
from soundstage.story.writer import write_storyboard

STORIES = Path(__file__).parents[2] / "fixtures" / "stories"


@dataclass
class Score:
    """Right and all, by what was asked; ``wrong``: what was missed, in words."""

    right: dict[str, int] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def note(self, kind: str, ok: bool, words: str) -> None:
        self.asked[kind] = self.asked.get(kind, 0) + 1
        self.right[kind] = self.right.get(kind, 0) + ok
        if not ok:
            self.wrong.append(f"{kind}: {words}")

    def share(self, *kinds: str) -> float:
        return sum(self.right.get(k, 0) for k in kinds) / max(1, sum(self.asked.get(k, 0) for k in kinds))


def fixture(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((STORIES / name).read_text(encoding="utf-8"))
    return found


def score_stories(stories: list[dict[str, Any]]) -> Score:
    score = Score()
    for story in stories:
        board = write_storyboard(story["text"], title=story["title"])
        for truth in story["characters"]:
            who = character_named(board, truth["names"])
            words = f"{story['title']}: {truth['names']}"
            score.note("character", who is not None, words)
            if who is not None:
                for part in ("gender", "age", "kind", "species"):
                    if part in truth:
                        found = getattr(who, part)
                        score.note(part, found == truth[part], f"{words} is {found}, not {truth[part]}")
        places = {shot.setting.place for shot in board.shots}
        for place in story["places"]:
            score.note("place found", bool(places & set(place)), f"{story['title']}: {place} not in {sorted(places)}")
        for part in story["parts"]:
            _score_part(score, board, story["title"], part)
    return score


def _score_part(score: Score, board: Storyboard, title: str, part: dict[str, Any]) -> None:
    shot = shot_with(board, part["phrase"])
    words = f"{title}: '{part['phrase']}'"
    setting = shot.setting
    for kind, value in (("place", setting.place), ("time", setting.time_of_day), ("weather", setting.weather)):
        if kind in part:
            score.note(kind, value in part[kind], f"{words} is {value}, not {part[kind]}")
    if "who" in part:
        who = character_named(board, part["who"])
        present = who is not None and who.id in {one.character for one in shot.cast}
        score.note("present", present, f"{words} without {part['who']}")


def score_sentences(sentences: list[dict[str, Any]]) -> Score:
    """A weather that is not told has to stay clear: a storm of applause is no storm."""
    score = Score()
    for truth in sentences:
        setting = write_storyboard(truth["text"]).shots[-1].setting
        found = {"place": setting.place, "time": setting.time_of_day, "weather": setting.weather}
        wanted = {"place": truth["place"], "time": truth["time"], "weather": truth["weather"] or ["clear"]}
        for kind, value in found.items():
            if wanted[kind] is not None:
                score.note(kind, value in wanted[kind], f"'{truth['text']}' is {value}, not {wanted[kind]}")
    return score


def character_named(board: Storyboard, names: list[str]) -> Character | None:
    wanted = {_plain(name) for name in names}
    return next((one for one in board.characters if wanted & {_plain(name) for name in (one.name, *one.aliases)}), None)


def shot_with(board: Storyboard, phrase: str) -> Shot:
    return next(shot for shot in board.shots if phrase in shot.narration)


def _plain(name: str) -> str:
    return name.lower().removeprefix("the ")
