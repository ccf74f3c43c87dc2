"""A composition: what compose_params decides and music_generate plays. Both variants' plans, as one JSON artefact.

Time is counted in quarter notes from the start of the piece (``beat``); a bar of 6/8 or 3/4 is three of them.
"""

from typing import Literal

from pydantic import BaseModel, Field

from soundstage.models.music import Direction, Key

Meter = Literal["3/4", "4/4", "6/8"]
Treatment = Literal["plain", "handed", "octave", "thirds", "full"]
SectionName = Literal["intro", "verse", "chorus", "break", "outro"]
QUARTERS_PER_BAR: dict[Meter, float] = {"3/4": 3.0, "4/4": 4.0, "6/8": 3.0}


class LeadNote(BaseModel):
    """A note of the tune, with what the voice did on it."""

    beat: float
    beats: float = Field(gt=0)
    midi: int = Field(ge=0, le=127)
    velocity: float = Field(default=0.7, ge=0, le=1)
    scoop_cents: float = Field(default=0.0, description="Where the voice came from, relative to the note.")
    vibrato_cents: float = Field(default=0.0, ge=0, description="Depth of vibrato once the note has settled.")
    swell_db: tuple[float, ...] = Field(
        default=(), description="The voice's loudness at equal steps through the note, around its mean; empty: even."
    )
    slurred: bool = Field(default=False, description="The voice went on sounding from the note before.")
    hummed: int | None = Field(default=None, description="Index in the analysis; null for a note that was composed.")
    pickup: bool = Field(default=False, description="Sounds before the section whose tune it opens.")
    voice: Literal["lead", "answer"] = Field(default="lead", description="The answer plays intro, break and outro.")


class Chord(BaseModel):
    """``root`` and ``bass`` are pitch classes; ``quality`` is a suffix of lead sheets: "", m, 7, maj7, m7b5, …"""

    beat: float
    beats: float = Field(gt=0)
    root: int = Field(ge=0, le=11)
    quality: str
    bass: int = Field(ge=0, le=11)
    symbol: str


class Section(BaseModel):
    """``energy`` 0–1 decides how many players join, and how hard they play."""

    name: SectionName
    start_bar: int = Field(ge=0)
    bars: int = Field(gt=0)
    energy: float = Field(ge=0, le=1)
    statement: int = Field(default=0, description="How often the tune has been heard, this time included; 0: not here.")
    tune_bar: int = Field(default=0, description="The bar of the tune that this section begins with.")
    treatment: Treatment = Field(
        default="plain",
        description="How the tune comes back: another player has it; doubled in octaves or in thirds; everybody plays.",
    )
    lift: int = Field(default=0, description="Semitones above the song's key.")


class VoiceNote(BaseModel):
    """A hummed note in the recording: where it lies and its pitch at 100 Hz, fractional MIDI."""

    onset_s: float
    offset_s: float
    pitch_midi: list[float] = Field(min_length=1)


class TheoryScore(BaseModel):
    """How well a plan obeys the craft; candidates are ranked by ``value``."""

    value: float
    chord_tone_rate: float = Field(ge=0, le=1, description="Of the tune's notes that begin on beats.")
    semitone_clashes: int = Field(ge=0, description="Unprepared, on strong beats.")
    tonic_ending: bool
    distinct_chords: int
    chord_changes_per_bar: float


class VariantPlan(BaseModel):
    label: Literal["A", "B"]
    style: str
    seed: int
    key: Key
    tempo_bpm: float = Field(gt=0, description="Quarter notes per minute.")
    meter: Meter
    swing: float = Field(default=0.5, description="Share of a beat that its first eighth takes, as it was hummed.")
    tilt_db: tuple[float, float, float] = Field(
        description="Tone below 150 Hz, at 1 kHz, above 5 kHz, against neutral."
    )
    lead_gain_db: float = Field(default=0.0, description="How far the tune stands in front of its usual level.")
    sections: list[Section]
    chords: list[Chord]
    tune: list[LeadNote]
    theory: TheoryScore
    duration_s: float = Field(gt=0, description="Length of the finished song, its ring-out included.")

    @property
    def bar_beats(self) -> float:
        return QUARTERS_PER_BAR[self.meter]

    def section_at(self, beat: float) -> Section:
        """The section in which ``beat`` lies; what comes before the song belongs to the first."""
        bar = beat / self.bar_beats
        return next((s for s in reversed(self.sections) if s.start_bar <= bar + 1e-6), self.sections[0])

    @property
    def total_beats(self) -> float:
        last = self.sections[-1]
        return (last.start_bar + last.bars) * self.bar_beats


class Composition(BaseModel):
    schema_version: Literal[1] = 1
    seed: int
    tune_bars: int = Field(description="Length of the tune once it is completed to whole phrases.")
    candidates: int = Field(description="Plans that were written and compared.")
    voice: dict[int, VoiceNote] = Field(default={}, description="The voice layer's notes by index; empty: no layer.")
    variants: dict[Literal["A", "B"], VariantPlan]
    alternatives: dict[Literal["A", "B"], VariantPlan] = Field(
        default={}, description="What is played instead where the tune is not clearly heard in the first rendering."
    )
    direction: Direction | None = Field(default=None, description="How the prompt was read.")
    warnings: list[str] = []
