"""What the making of one film goes by, and the account that is kept of it."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from soundstage.film.encoding import Format
from soundstage.film.part_store import Part, PartStore
from soundstage.film.ports import Crew
from soundstage.film.segments import Scene
from soundstage.media.typography import Typeface
from soundstage.models.film import FRAME_SIZES, Cue, FilmSettings, PartRecord, ShotTiming
from soundstage.models.story import PartId, Storyboard

Progress = Callable[[str, float], None]
"""Is told the step and how much of the film is done, 0 to 1, never less than before."""
SHARES = {"speech": 0.32, "pictures": 0.29, "music": 0.10, "segments": 0.24, "sound": 0.02, "join": 0.03}
"""Of the time that a film takes on two cores."""
BUNDLE_SHARE = 0.2
"""Of it, where a bundle for editing programs is made besides."""


@dataclass
class Making:
    """One film being made: what it is made of, by whom, and what was made or found. Threads share it."""

    storyboard: Storyboard
    settings: FilmSettings
    crew: Crew
    store: PartStore
    progress: Progress
    has_bundle: bool = False
    records: list[PartRecord] = field(default_factory=list)
    _done: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of a frame."""
        return FRAME_SIZES[self.settings.aspect, self.settings.quality]

    @property
    def form(self) -> Format:
        return Format(*self.size, self.settings.fps, self.settings.encoding, self.settings.quality)

    def record(
        self, name: str, part: Part[Any], provider: str, notes: Sequence[str] = (), *, usd: float | None = None
    ) -> None:
        """For the making-of. ``usd``: what the part cost, unless it says so itself."""
        record = PartRecord(
            part=name,
            provider=provider,
            fingerprint=part.fingerprint,
            reused=part.reused,
            seconds=part.seconds,
            usd=getattr(part.value, "usd", 0.0) if usd is None else usd,
            note=" ".join(notes) or None,
        )
        with self._lock:
            self.records.append(record)

    def advance(self, step: str, share: float) -> None:
        """``share`` more of a step, 0 to 1, is done."""
        shares = SHARES
        if self.has_bundle:
            shares = {name: value * (1 - BUNDLE_SHARE) for name, value in SHARES.items()} | {"bundle": BUNDLE_SHARE}
        with self._lock:
            self._done[step] = min(1.0, share + self._done.get(step, 0.0))
            self.progress(step, min(1.0, sum(shares[name] * value for name, value in self._done.items())))


@dataclass(frozen=True)
class Plan:
    """The film on paper: when each shot is seen, what it shows, and what is read meanwhile."""

    timings: Sequence[ShotTiming]
    scenes: Mapping[PartId, Scene]
    cues: Sequence[Cue]
    typeface: Typeface
    """The whole of it, for measuring and drawing."""
    cut_typeface: Typeface
    """The letters of this film alone, for libass and PDF."""

    @property
    def frames(self) -> int:
        return sum(timing.frames for timing in self.timings)
