"""A provider of clips as the film's animator: each clip bought once, and looked at before it is filmed."""

import shutil
import tempfile
from pathlib import Path

from soundstage.film.clips import read_video
from soundstage.media.encode import EncodingFailed
from soundstage.media.files import sha256_of
from soundstage.models.film import Clip, FilmSettings
from soundstage.models.story import Shot
from soundstage.providers.account import Account
from soundstage.providers.clip.request import ClipProvider, ClipRequest
from soundstage.providers.errors import Failed
from soundstage.providers.protocol import fingerprint_of

VERSION = 1
WHO = "The clip service"
FILE = "clip.mp4"


class ProviderAnimator:
    """``soundstage.film.ports.Animator``."""

    def __init__(
        self, provider: ClipProvider, account: Account, *, called: str, terms: dict[str, object], patience_s: float
    ) -> None:
        self._provider, self._account, self._called, self._patience_s = provider, account, called, patience_s
        self._terms = terms

    def fingerprint(self, shot: Shot) -> str:  # noqa: ARG002
        return fingerprint_of(self._provider.name, version=VERSION, terms=self._terms)

    def animate(self, shot: Shot, settings: FilmSettings, frame: Path, folder: Path) -> Clip:  # noqa: ARG002
        request = ClipRequest(frame, shot.prompt or shot.narration, shot.seed)
        with tempfile.TemporaryDirectory() as scratch:
            bought = self._account.buy(self._provider, request, Path(scratch), patience_s=self._patience_s)
            try:
                facts = read_video(bought.result)
            except EncodingFailed as error:
                raise Failed(f"{WHO} sent something that is no clip.") from error
            shutil.copyfile(bought.result, folder / FILE)
        return Clip(
            file=FILE,
            sha256=sha256_of(folder / FILE),
            frames=facts.frames,
            fps=facts.fps,
            provider=self._called,
            usd=bought.usd,
        )
