"""Pictures that stay as they are, whatever the project says by now: those of locked shots."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from soundstage.film.own_files import OwnSource
from soundstage.film.own_pictures import fitted_picture
from soundstage.film.part_store import Part, PartStore
from soundstage.film.ports import Painter
from soundstage.film.relaying import relaid
from soundstage.models.film import FilmSettings, Picture
from soundstage.models.story import PartId, Shot, Storyboard

FLAT = "Its layers are not kept any more: the picture is there, and its parts do not move."


@dataclass(frozen=True)
class Kept:
    """``fingerprint``: of the picture among the parts. ``frame``: what people saw of it, where the part is gone."""

    fingerprint: str
    frame: OwnSource | None = None


class KeptPictures:
    """``soundstage.film.ports.Painter`` for shots whose picture is kept; another paints the rest.

    One whose part is gone is its frame, flat; where that is gone, too, it is painted anew. In another shape of the
    frame its layers are laid out anew.
    """

    def __init__(self, kept: Mapping[PartId, Kept], store: PartStore, others: Painter) -> None:
        self._kept, self._store, self._others = kept, store, others

    def fingerprint(self, shot: Shot) -> str:
        part, frame = self._part(shot), self._frame(shot)
        if part is not None:
            return f"kept {part.fingerprint}"
        return f"kept frame {frame.content}" if frame else self._others.fingerprint(shot)

    def layout(self, storyboard: Storyboard, shot: Shot, settings: FilmSettings, *, previous_layout: str) -> str:
        part = self._part(shot)
        if part is not None:
            return part.value.layout
        if self._frame(shot) is not None:
            return ""
        return self._others.layout(storyboard, shot, settings, previous_layout=previous_layout)

    def paint(
        self, storyboard: Storyboard, shot: Shot, settings: FilmSettings, folder: Path, *, previous_layout: str
    ) -> Picture:
        part, frame = self._part(shot), self._frame(shot)
        if part is not None:
            return relaid(part.value, part.folder, settings, folder, stem=shot.id)
        if frame is not None:
            flat = fitted_picture(frame.fetch(), shot.id, settings, folder)
            return flat.model_copy(update={"provider": "kept", "notes": [FLAT]})
        return self._others.paint(storyboard, shot, settings, folder, previous_layout=previous_layout)

    def _part(self, shot: Shot) -> Part[Picture] | None:
        kept = self._kept.get(shot.id)
        return None if kept is None else self._store.find("picture", kept.fingerprint, Picture)

    def _frame(self, shot: Shot) -> OwnSource | None:
        kept = self._kept.get(shot.id)
        return None if kept is None else kept.frame
