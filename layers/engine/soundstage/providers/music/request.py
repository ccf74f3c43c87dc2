"""The request to a provider of music: one variant of a composition."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from soundstage.audio.io import Audio
from soundstage.models.composition import Composition, VariantPlan
from soundstage.models.tracks import VariantLabel
from soundstage.music.generation import Progress, unwatched
from soundstage.music.sounding.sound_font import SoundFont
from soundstage.providers.music.melody_guide import render_guide
from soundstage.providers.protocol import Provider, fingerprint_of


@dataclass(eq=False)
class MusicRequest:
    """A variant to be made. For our own engine only: ``hum``, the recording, for the voice layer; it goes to nobody
    else; ``sound_font``, whose recorded instruments play instead of ours; and ``progress``, told what share is done.
    """

    composition: Composition
    label: VariantLabel
    hum: Audio | None = None
    sound_font: SoundFont | None = None
    progress: Progress = unwatched

    @property
    def plan(self) -> VariantPlan:
        return self.composition.variants[self.label]

    @cached_property
    def guide(self) -> Audio:
        """The tune, in tune, played by our own instruments: what a model is to follow."""
        return render_guide(self.plan)

    def fingerprint(self, provider: str, terms: dict[str, Any]) -> str:
        """``terms``: the provider's settings that decide the result."""
        return fingerprint_of(provider, terms=terms, plan=self.plan.model_dump(mode="json"))


MusicProvider: TypeAlias = Provider[MusicRequest]
