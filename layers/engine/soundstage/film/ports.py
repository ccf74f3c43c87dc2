"""What makes the parts of a film: embedded or a provider behind an adapter. The film knows them by these alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from soundstage.arrays import Samples
from soundstage.film.own_files import OwnSource, Recording
from soundstage.models.film import Alignment, Clip, FilmSettings, Picture, ScoreRequest, Speech
from soundstage.models.story import Language, PartId, Shot, Storyboard

NARRATOR = None
"""The narrator's key among voices."""


class Speaker(Protocol):
    """Text to speech."""

    @property
    def fingerprint(self) -> str:
        """Provider, model and version: what makes the same request sound different."""

    def voices(self, storyboard: Storyboard, narrator: str | None) -> Mapping[PartId | None, str]:
        """A voice for the narrator (``NARRATOR``) and for each character. Raises InvalidInput for a voice that does
        not speak the storyboard's language."""

    def speak(self, text: str, *, voice: str, language: Language, speed: float, out: Path) -> Speech:
        """Speak into a mono WAV file at ``out``. Words index ``text``. Raises SoundstageError."""


class Aligner(Protocol):
    """A text and a recording of it to the time of every word."""

    @property
    def fingerprint(self) -> str:
        """Method and version."""

    def align(self, samples: Samples, text: str, *, language: Language) -> Alignment:
        """``samples``: mono [frames] at 24 kHz; of a text with a word there is one. Raises SoundstageError."""

    def divide(self, samples: Samples, texts: Sequence[str], *, language: Language) -> Sequence[float]:
        """Where in a recording of all ``texts``, read one after the other, each of them ends, in seconds; of the last
        it is the recording's end. Raises SoundstageError."""


class Painter(Protocol):
    """A shot to a picture."""

    def fingerprint(self, shot: Shot) -> str:
        """Provider, model and version, and what it brings to this shot of its own."""

    def layout(self, storyboard: Storyboard, shot: Shot, settings: FilmSettings, *, previous_layout: str) -> str:
        """The kind of staging that ``paint`` will choose, without painting; '' where it cannot be known before."""

    def paint(
        self, storyboard: Storyboard, shot: Shot, settings: FilmSettings, folder: Path, *, previous_layout: str
    ) -> Picture:
        """Write the picture's layers into ``folder``. Raises SoundstageError."""


class Animator(Protocol):
    """A shot's picture to a clip."""

    def fingerprint(self, shot: Shot) -> str:
        """Provider, model and version, and what it brings to this shot of its own."""

    def animate(self, shot: Shot, settings: FilmSettings, frame: Path, folder: Path) -> Clip:
        """Write a video into ``folder`` that begins with ``frame``, a PNG of the film's aspect.

        Raises SoundstageError.
        """


class Composer(Protocol):
    """Music for a film."""

    @property
    def fingerprint(self) -> str:
        """Provider, model and version."""

    def compose(self, request: ScoreRequest, out: Path) -> None:
        """Write a 48 kHz stereo WAV file exactly as long as the film. Raises SoundstageError."""


@dataclass(frozen=True)
class Crew:
    """Who makes a film's parts, best first: where one fails, the next takes over and the film says so.

    Of speakers one speaks the whole film: a voice that changes half-way is worse than a plainer one.
    """

    speakers: Sequence[Speaker]
    painters: Sequence[Painter]
    composer: Composer | None = None
    animators: Sequence[Animator] = ()
    """Where none of them can, or there is none, the camera moves over the shot's picture."""
    recordings: Mapping[PartId, Recording] = field(default_factory=dict)
    """A person's own voice for these shots, whoever speaks the others."""
    narration: OwnSource | None = None
    """A person's own voice for all of them, but those that have a recording of their own."""
    aligner: Aligner | None = None
