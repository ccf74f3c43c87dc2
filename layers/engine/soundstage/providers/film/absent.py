"""In the place of a provider that the settings name and that is not there: it says so, and the next one takes over."""

from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from soundstage.models.film import FilmSettings
from soundstage.models.story import Language, PartId, Shot, Storyboard
from soundstage.providers.errors import Unsupported


class AbsentPainter:
    """``soundstage.film.ports.Painter``."""

    def fingerprint(self, shot: Shot) -> str:  # noqa: ARG002
        return "absent"

    def layout(self, storyboard: Storyboard, shot: Shot, settings: FilmSettings, *, previous_layout: str) -> str:  # noqa: ARG002
        return ""

    def paint(
        self,
        storyboard: Storyboard,  # noqa: ARG002
        shot: Shot,  # noqa: ARG002
        settings: FilmSettings,  # noqa: ARG002
        folder: Path,  # noqa: ARG002
        *,
        previous_layout: str,  # noqa: ARG002
    ) -> NoReturn:
        _refuse()


class AbsentAnimator:
    """``soundstage.film.ports.Animator``."""

    def fingerprint(self, shot: Shot) -> str:  # noqa: ARG002
        return "absent"

    def animate(self, shot: Shot, settings: FilmSettings, frame: Path, folder: Path) -> NoReturn:  # noqa: ARG002
        _refuse()


class AbsentSpeaker:
    """``soundstage.film.ports.Speaker``."""

    fingerprint = "absent"

    def voices(self, storyboard: Storyboard, narrator: str | None) -> Mapping[PartId | None, str]:  # noqa: ARG002
        _refuse()

    def speak(self, text: str, *, voice: str, language: Language, speed: float, out: Path) -> NoReturn:  # noqa: ARG002
        _refuse()


def _refuse() -> NoReturn:
    raise Unsupported("The model profile that was chosen is not there any more, or its key cannot be read.")
