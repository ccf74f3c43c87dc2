"""A storyboard that is written anew: a shot keeps the id of the one that told the same, and no other shot gets it."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from soundstage.models.story import CausalChain, PartId, Shot, Storyboard


def with_ids_of(new: Storyboard, old: Storyboard, new_part: Callable[[], PartId]) -> Storyboard:
    """``new`` with the ids of the shots of ``old`` where they tell the same words, and ids from ``new_part`` elsewhere.

    An old picture is then never shown, as stale, of a shot that tells something else.
    """
    free: dict[str, list[PartId]] = {}
    for shot in old.shots:
        free.setdefault(_told(shot), []).append(shot.id)
    ids: dict[PartId, PartId] = {}
    for shot in new.shots:
        same = free.get(_told(shot), [])
        ids[shot.id] = same.pop(0) if same else new_part()
    if all(before == after for before, after in ids.items()):
        return new
    shots = [shot.model_copy(update={"id": ids[shot.id]}) for shot in new.shots]
    return new.model_copy(update={"shots": shots, "chain": _renamed(new.chain, ids)})


def _told(shot: Shot) -> str:
    return re.sub(r"\s+", " ", shot.narration).strip()


def _renamed(chain: CausalChain, ids: Mapping[PartId, PartId]) -> CausalChain:
    def known(id_: PartId) -> PartId:
        return ids.get(id_, id_)

    beats = [beat.model_copy(update={"shots": [known(id_) for id_ in beat.shots]}) for beat in chain.beats]
    links = [link.model_copy(update={"cause": known(link.cause), "effect": known(link.effect)}) for link in chain.links]
    knowledge = [fact.model_copy(update={"since": known(fact.since)}) for fact in chain.knowledge]
    gaps = [re.sub(r"\bs\d+\b", lambda match: known(match[0]), gap) for gap in chain.gaps]
    changed: dict[str, Any] = {"beats": beats, "links": links, "knowledge": knowledge, "gaps": gaps}
    return chain.model_copy(update=changed)
