"""A provider of pictures as the film's painter: each picture bought once, looked at, and cut to the film's aspect."""

import tempfile
from pathlib import Path

from soundstage.film.own_pictures import fitted_picture
from soundstage.film.ports import Painter
from soundstage.film.stills import draw_picture
from soundstage.models.errors import InvalidInput
from soundstage.models.film import FRAME_SIZES, FilmSettings, Picture
from soundstage.models.story import Shot, Storyboard
from soundstage.providers.account import Account
from soundstage.providers.errors import Failed
from soundstage.providers.image.prompts import NEGATIVE, image_prompt
from soundstage.providers.image.refusal import check_picture
from soundstage.providers.image.request import ImageProvider, ImageRequest
from soundstage.providers.protocol import fingerprint_of

VERSION = 1
WHO = "The image service"


class ProviderPainter:
    """``soundstage.film.ports.Painter``.

    ``sketcher`` paints the picture that goes along as a reference, where the provider's model takes one.
    """

    def __init__(
        self,
        provider: ImageProvider,
        account: Account,
        *,
        called: str,
        patience_s: float,
        longest_prompt: int,
        sketcher: Painter | None = None,
    ) -> None:
        self._provider, self._account, self._called, self._patience_s = provider, account, called, patience_s
        self.sketcher, self._longest_prompt = sketcher, longest_prompt

    def fingerprint(self, shot: Shot) -> str:
        nothing = ImageRequest("", "", "16:9", 0)
        return fingerprint_of(
            self._provider.name,
            version=VERSION,
            terms=self._provider.fingerprint(nothing),
            sketcher=self.sketcher and self.sketcher.fingerprint(shot),
        )

    def layout(self, storyboard: Storyboard, shot: Shot, settings: FilmSettings, *, previous_layout: str) -> str:  # noqa: ARG002
        return ""

    def paint(
        self, storyboard: Storyboard, shot: Shot, settings: FilmSettings, folder: Path, *, previous_layout: str
    ) -> Picture:
        with tempfile.TemporaryDirectory() as scratch:
            reference = self._sketch(storyboard, shot, settings, Path(scratch), previous_layout)
            prompt = image_prompt(storyboard, shot, settings, self._longest_prompt)
            request = ImageRequest(prompt, NEGATIVE, settings.aspect, shot.seed, reference)
            bought = self._account.buy(self._provider, request, Path(scratch) / "bought", patience_s=self._patience_s)
            check_picture(bought.result, WHO)
            try:
                picture = fitted_picture(bought.result, shot.id, settings, folder)
            except InvalidInput as error:
                raise Failed(f"{WHO} sent something that is no picture.") from error
        return picture.model_copy(update={"provider": self._called, "layout": "", "usd": bought.usd})

    def _sketch(
        self, storyboard: Storyboard, shot: Shot, settings: FilmSettings, folder: Path, previous_layout: str
    ) -> Path | None:
        """A frame in final size whatever the film's: a preview and the film that follows ask for the same."""
        if self.sketcher is None:
            return None
        final = settings.model_copy(update={"quality": "final"})
        picture = self.sketcher.paint(storyboard, shot, final, folder, previous_layout=previous_layout)
        path = folder / "sketch.jpg"
        draw_picture(picture, folder, FRAME_SIZES[settings.aspect, "final"], path)
        return path
