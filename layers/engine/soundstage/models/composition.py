"""A composition: what compose_params decides and music_generate plays. Both variants' plans, as one JSON artefact.

Time is counted in quarter notes from the start of the piece (``beat``); a bar of 6/8 or 3/4 is three of them.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from soundstage.models.music import Direction, Ending, Key, SongMeter

Meter = SongMeter
Treatment = Literal["plain", "second", "octave", "thirds", "full"]
SectionName = Literal["intro", "verse", "chorus", "break", "outro"]
QUARTERS_PER_BAR: dict[Meter, float] = {"3/4": 3.0, "4/4": 4.0, "6/8": 3.0, "5/4": 5.0, "7/8": 3.5}


@dataclass(frozen=True)
class Expression:
    """What a voice does on one note besides its pitch and velocity; instruments that play lines do it too."""

    __pydantic_config__ = ConfigDict(revalidate_instances="always", extra="forbid")

    scoop_cents: Annotated[float, Field(description="Pitch at the onset relative to the note's.")] = 0.0
    vibrato_cents: Annotated[float, Field(ge=0, description="Peak deviation once the note has settled.")] = 0.0
    swell_db: Annotated[
        tuple[float, ...],
        Field(description="Loudness at equal steps from onset to offset, around its mean; empty: even."),
    ] = ()
    slurred: Annotated[bool, Field(description="Goes on from the note before without a new attack.")] = False


PLAIN = Expression()


@dataclass(frozen=True)
class GridNote:
    """A note on the metrical grid of a melody, a song or a part: the same type from quantising to arranging."""

    __pydantic_config__ = ConfigDict(revalidate_instances="always", extra="forbid")

    beat: Annotated[float, Field(description="Onset, quarters; negative: a pickup to the first bar.")]
    beats: Annotated[float, Field(gt=0, description="Duration, quarters.")]
    midi: Annotated[int, Field(ge=0, le=127)]
    velocity: Annotated[float, Field(ge=0, le=1)] = 0.7
    expression: Expression = PLAIN
    hummed: Annotated[int | None, Field(description="Index in the analysis; null: composed, not hummed.")] = None
    pickup: Annotated[bool, Field(description="Sounds before the section whose melody it opens.")] = False
    voice: Annotated[Literal["lead", "answer"], Field(description="The answer plays intro and break.")] = "lead"

    @property
    def end(self) -> float:
        """Offset, quarters."""
        return self.beat + self.beats


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
    statement: int = Field(default=0, description="Which statement of the melody this is, from 1; 0: it rests.")
    melody_bar: int = Field(default=0, description="The bar of the melody that this section begins with.")
    treatment: Treatment = Field(
        default="plain",
        description="How the melody returns: on the second instrument; doubled in octaves or in thirds; by everybody.",
    )
    lift_semitones: int = Field(default=0, description="How far above the song's key this section is played.")


class VoiceNote(BaseModel):
    """A hummed note in the recording: where it lies and its pitch at 100 Hz, fractional MIDI."""

    onset_s: float
    offset_s: float
    pitch_midi: list[float] = Field(min_length=1)


class TheoryScore(BaseModel):
    """How well a plan obeys the craft; candidates are ranked by ``value``."""

    value: float
    chord_tone_rate: float = Field(ge=0, le=1, description="Of the melody's notes that begin on beats.")
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
    featuring: list[str] = Field(default=[], description="Players who join those of the style.")
    only: list[str] = Field(default=[], description="Players who play all of it; empty: those of the style.")
    without: list[str] = Field(default=[], description="Players of the style that are left out.")
    lead_gain_db: float = Field(default=0.0, description="Level of the melody above its usual one.")
    sections: list[Section]
    chords: list[Chord]
    melody: list[GridNote]
    ending: Ending = "held"
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

    @property
    def fade_s(self) -> float | None:
        """How long the song fades before its end, seconds; None: it does not."""
        begins_s = self.sections[-1].start_bar * self.bar_beats * 60.0 / self.tempo_bpm
        return self.duration_s - begins_s if self.ending == "fade" else None


class Composition(BaseModel):
    """Schema version 2. Version 1 is read for one more version: tracks that are older keep theirs in their results."""

    schema_version: Literal[2] = 2
    seed: int
    melody_bars: int = Field(description="Length of the melody once it is completed to whole phrases.")
    candidates: int = Field(description="Plans that were written and compared.")
    voice: dict[int, VoiceNote] = Field(default={}, description="The voice layer's notes by index; empty: no layer.")
    variants: dict[Literal["A", "B"], VariantPlan]
    alternatives: dict[Literal["A", "B"], VariantPlan] = Field(
        default={}, description="What is played instead where the first rendering masks the melody."
    )
    direction: Direction | None = Field(default=None, description="How the prompt was read.")
    warnings: list[str] = []

    @model_validator(mode="before")
    @classmethod
    def _upgrade_version_1(cls, fields: Any) -> Any:
        if not isinstance(fields, dict) or fields.get("schema_version") != 1:
            return fields
        plans = {
            group: {label: _plan_of_version_1(plan) for label, plan in fields.get(group, {}).items()}
            for group in ("variants", "alternatives")
        }
        kept = {name: value for name, value in fields.items() if name not in {"schema_version", "tune_bars"}}
        return {**kept, **plans, "melody_bars": fields["tune_bars"]}


def _plan_of_version_1(plan: dict[str, Any]) -> dict[str, Any]:
    expression = ("scoop_cents", "vibrato_cents", "swell_db", "slurred")
    melody = [
        {
            **{name: value for name, value in note.items() if name not in expression},
            "expression": {name: note[name] for name in expression},
        }
        for note in plan["tune"]
    ]
    sections = [
        {
            **{name: value for name, value in section.items() if name not in {"tune_bar", "lift"}},
            "melody_bar": section["tune_bar"],
            "lift_semitones": section["lift"],
            "treatment": "second" if section["treatment"] == "handed" else section["treatment"],
        }
        for section in plan["sections"]
    ]
    return {**{name: value for name, value in plan.items() if name != "tune"}, "melody": melody, "sections": sections}
