"""What the music maker passes from step to step: the transcribed hum, what to make of it, and how it came out."""

import itertools
import math
import zlib
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

TRACK_STEPS = (
    "audio_check",
    "audio_analyze",
    "segment_pick",
    "compose_params",
    "music_generate",
    "ab_eval",
    "persist",
)


MIN_TEMPO_BPM, MAX_TEMPO_BPM = 40, 240
"""Quarter notes per minute that metronomes have and players can play."""

MIN_SONG_S, DEFAULT_SONG_S, MAX_SONG_S = 15.0, 60.0, 180.0
"""Chosen: one chorus at least; at most what a worker makes within its task's time."""

MAX_PROMPT_CHARACTERS = 500
"""Chosen: four long sentences, all of which a language model is asked about."""

MIN_TUNE_NOTES, MAX_TUNE_NOTES = 3, 1500
"""Of a melody at least; at most five a second through the longest recording that is listened to (300 s)."""

MAX_TUNE_S = 300.0

TIME_ROUNDING_S = 0.0005
"""Times are given to a tenth of a millisecond: neighbours may overlap by rounding."""

HeardMeter = Literal["2/4", "3/4", "4/4", "6/8", "5/4", "7/8"]


class Mode(StrEnum):
    MAJOR = "major"
    MINOR = "minor"


class Scale(StrEnum):
    """A mode or pentatonic scale: a kind of major or minor, by its third. Gong is the Chinese name of the major
    pentatonic, yu of the minor one.
    """

    DORIAN = "dorian"
    PHRYGIAN = "phrygian"
    LYDIAN = "lydian"
    MIXOLYDIAN = "mixolydian"
    MAJOR_PENTATONIC = "major_pentatonic"
    MINOR_PENTATONIC = "minor_pentatonic"

    @property
    def third(self) -> Mode:
        """Whether its third is major or minor."""
        return Mode.MAJOR if self in {Scale.LYDIAN, Scale.MIXOLYDIAN, Scale.MAJOR_PENTATONIC} else Mode.MINOR

    @property
    def in_words(self) -> str:
        """``Dorian``, ``major pentatonic (gong)``."""
        pentatonic = {
            Scale.MAJOR_PENTATONIC: "major pentatonic (gong)",
            Scale.MINOR_PENTATONIC: "minor pentatonic (yu)",
        }
        return pentatonic.get(self, self.value.title())


_F = 5  # pitch class of F, 0 on the line of fifths
_FIFTHS_BELOW_TONIC = 5  # a key's notes reach from its flat second, so far down, to its sharp fourth
C_FLAT, E_SHARP = -6, 12  # fifths above F


def _name(fifths: int) -> str:
    """Letter and accidental of a place on the line of fifths, F being 0."""
    return "FCGDAEB"[fifths % 7] + ("♭" if fifths < 0 else "♯" if fifths > 6 else "")


class Key(BaseModel):
    """``tonic`` is a pitch class name spelled with sharps: C, C#, … B. ``scale``: where it is neither plain major nor
    plain minor; ``mode`` is the kind of its third then.
    """

    model_config = ConfigDict(extra="forbid")

    tonic: Literal["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]
    mode: Mode
    scale: Scale | None = None

    @model_validator(mode="after")
    def _third_fits(self) -> "Key":
        if self.scale is not None and self.scale.third is not self.mode:
            raise ValueError(f"{self.scale.value} has a {self.scale.third.value} third: mode has to be that")
        return self

    @property
    def kind(self) -> Mode | Scale:
        """What its chords and its notes are chosen by."""
        return self.scale or self.mode

    @property
    def in_words(self) -> str:
        """``B♭ minor``, ``D Dorian``: with the fewer accidentals, as musicians write it."""
        kind = self.scale.in_words if self.scale else self.mode.value
        return f"{_name(self._fifths_above_f)} {kind}"

    def note_name(self, midi: int) -> str:
        """``B♭3``: as it is written in this key, middle C being C4."""
        least = self._fifths_above_f - _FIFTHS_BELOW_TONIC
        fifths = least + (7 * (midi - _F) - least) % 12
        if not C_FLAT <= fifths <= E_SHARP:  # no double sharps and flats
            fifths += 12 if fifths < C_FLAT else -12
        octave = (midi + (fifths == C_FLAT)) // 12 - 1
        return f"{_name(fifths)}{octave}"

    @property
    def _fifths_above_f(self) -> int:
        """Place of the tonic, as it is written, on the line of fifths."""
        flats = {"D#", "A#"} | ({"C#", "G#"} if self.mode is Mode.MAJOR else set())
        fifths = "FCGDAEB".index(self.tonic[0]) + 7 * self.tonic.endswith("#")
        return fifths - 12 if self.tonic in flats else fifths


class Note(BaseModel):
    """``midi`` is the note meant; ``cents`` is how far the voice was from it after the tuning is taken off."""

    model_config = ConfigDict(extra="forbid")

    onset_s: float = Field(ge=0, allow_inf_nan=False)
    offset_s: float = Field(ge=0, allow_inf_nan=False)
    midi: int = Field(ge=0, le=127)
    cents: float = Field(default=0.0, ge=-1200, le=1200, allow_inf_nan=False)
    velocity: float = Field(default=0.7, ge=0, le=1)


class AudioCheck(BaseModel):
    """audio_check: format, duration, silence, level, clipping. ``code`` is set when rejected."""

    outcome: Literal["ok", "rejected"]
    code: str | None = None
    message: str | None = None
    duration_s: float
    rate_hz: int
    channels: int
    integrated_lufs: float | None
    true_peak_dbtp: float | None
    silent_ratio: float
    clipped_ratio: float
    warnings: list[str] = []


class Analysis(BaseModel):
    """audio_analyze: the hum as notes, key, tempo and meter. ``outcome`` rejected when there is no melody in it."""

    outcome: Literal["ok", "rejected"] = "ok"
    code: str | None = None
    message: str | None = None
    duration_s: float
    key: Key | None = None
    key_confidence: float = Field(default=0.0, description="Probability that the key is right, calibrated on singers.")
    tuning_cents: float = 0.0
    tempo_bpm: float | None = None
    tempo_confidence: float = 0.0
    meter: HeardMeter | None = None
    beat_offset_s: float = Field(default=0.0, description="Time of a downbeat from the start of the recording.")
    tempo_map: list[tuple[float, float]] = Field(
        default=[], description="[s, quarters from that downbeat] where the tempo changes; empty: it is even."
    )
    swing: float = Field(default=0.5, description="Share of a beat's first eighth: .5 straight, .667 triplets.")
    notes: list[Note] = []
    phrases: list[tuple[int, int]] = Field(default=[], description="[first, last) note indices.")
    voiced_ratio: float = 0.0
    energy_db: list[float] = Field(default=[], description="RMS level at 10 Hz, dBFS.")
    pitch_midi: list[float | None] = Field(default=[], description="Fractional MIDI pitch at 100 Hz; null: unvoiced.")
    warnings: list[str] = []


class Segment(BaseModel):
    model_config = ConfigDict(extra="forbid")

    start_s: float = Field(ge=0, allow_inf_nan=False)
    end_s: float = Field(gt=0, allow_inf_nan=False)

    @model_validator(mode="after")
    def _ordered(self) -> "Segment":
        if self.end_s <= self.start_s:
            raise ValueError("end_s must be greater than start_s")
        return self


SongMeter = Literal["3/4", "4/4", "6/8", "5/4", "7/8"]
"""5/4 is felt as 3 + 2 quarters, 7/8 as 2 + 2 + 3 eighths."""

MAX_INTRO_BARS, MAX_CHORDS = 8, 16

Opening = Literal["verse", "chorus"]

Ending = Literal["held", "slowing", "cold", "fade"]
"""The last chord held; slowing down to it; a short stroke of everybody; the band plays on and fades."""


class TuneCorrection(BaseModel):
    """tune_correction, schema version 1: what a person says instead of what was heard. Left out: as it was heard.

    Corrected ``notes`` replace all that were heard, in order of time, one at a time; times count from the start of the
    recording, so that its voice and its expression still belong to them. ``tempo_bpm`` counts felt beats, which are
    dotted quarters in 6/8.
    """

    model_config = ConfigDict(extra="forbid")

    schema_version: Literal[1] = 1
    notes: list[Note] | None = Field(default=None, min_length=MIN_TUNE_NOTES, max_length=MAX_TUNE_NOTES)
    key: Key | None = None
    tempo_bpm: float | None = Field(default=None, ge=20, le=300, allow_inf_nan=False)
    meter: HeardMeter | None = None
    beat_offset_s: float | None = Field(
        default=None, ge=0, le=MAX_TUNE_S, allow_inf_nan=False, description="Time of a downbeat."
    )
    tempo_map: list[tuple[float, float]] | None = Field(
        default=None, max_length=MAX_TUNE_NOTES, description="[s, quarters from that downbeat] where the tempo changes."
    )
    segment: Segment | None = Field(default=None, description="The part of the tune that becomes the songs.")

    @model_validator(mode="after")
    def _one_note_at_a_time(self) -> "TuneCorrection":
        notes = self.notes or []
        for number, note in enumerate(notes, 1):
            if not note.onset_s < note.offset_s <= MAX_TUNE_S:
                raise ValueError(f"note {number} has to end after it begins, within {MAX_TUNE_S:.0f} s")
        for number, (note, after) in enumerate(itertools.pairwise(notes), 1):
            if after.onset_s < note.offset_s - TIME_ROUNDING_S:
                raise ValueError(f"note {number + 1} begins before note {number} ends: a tune has one note at a time")
        places = self.tempo_map or []
        if any(not (a[0] < b[0] and a[1] < b[1]) for a, b in itertools.pairwise(places)):
            raise ValueError("tempo_map has to go forwards in time and in beats")
        if len(places) == 1 or not all(math.isfinite(value) for place in places for value in place):
            raise ValueError("tempo_map takes two places or more, in finite numbers")
        return self


class Direction(BaseModel):
    """What a prompt was taken to ask for; None: not mentioned."""

    read_by: Literal["rules", "language_model"] = "rules"
    note: str | None = Field(default=None, description="Why the rules read it although there is a language model.")
    style_a: str | None = None
    style_b: str | None = None
    mood: Literal["calm", "happy", "dark", "epic", "dreamy"] | None = None
    tempo_bpm: float | None = Field(default=None, ge=MIN_TEMPO_BPM, le=MAX_TEMPO_BPM)
    tempo_factor: float | None = Field(default=None, ge=0.5, le=2.0, description="Of the tempo that was hummed.")
    key: Key | None = None
    key_name: str | None = Field(default=None, max_length=40, description="As it was written: B♭ is not A♯.")
    scale: Scale | None = Field(default=None, description="A mode that was named without a tonic.")
    meter: SongMeter | None = None
    chords: list[str] = Field(default=[], max_length=MAX_CHORDS, description="One a bar, from the first on.")
    intro_bars: int | None = Field(default=None, ge=0, le=MAX_INTRO_BARS)
    opening: Opening | None = Field(default=None, description="What the song begins with.")
    bridge: bool | None = Field(default=None, description="Whether the melody rests before the last chorus.")
    ending: Ending | None = None
    duration_s: float | None = Field(default=None, ge=MIN_SONG_S, le=MAX_SONG_S)
    mode: Mode | None = Field(default=None, description="Major or minor, where no tonic was named.")
    featuring: list[str] = Field(default=[], max_length=12, description="Players who are to be heard in both songs.")
    only: list[str] = Field(default=[], max_length=12, description="Players who are to play all of it.")
    without: list[str] = Field(default=[], max_length=12, description="Players to leave out.")
    avoided: dict[str, str | None] = Field(
        default={}, description="What it is not to be, as it was said → the style that is meant, if one is."
    )
    nearest: dict[str, str] = Field(
        default={},
        description="A style, meter, player, tempo or length that cannot be had → what is in its place.",
    )
    already: list[Literal["drums", "bass", "tempo", "key"]] = Field(
        default=[], description="What was asked for and is so anyway: players of every style, what stays as hummed."
    )
    not_taken: list[str] = Field(default=[], max_length=24, description="What was said and could not be set.")


class GenParams(BaseModel):
    """gen_params, schema version 2: what the person asks for. Everything has a default.

    Version 1, which called ``prompt`` ``wish``, is read for one more version.
    """

    model_config = ConfigDict(extra="forbid")

    schema_version: Literal[2] = 2
    style_a: str | None = Field(
        default=None, max_length=40, description="A style pack's name; chosen for the hum when left out."
    )
    style_b: str | None = Field(default=None, max_length=40)
    mood: Literal["auto", "calm", "happy", "dark", "epic", "dreamy"] = "auto"
    tempo_bpm: Annotated[float, Field(ge=MIN_TEMPO_BPM, le=MAX_TEMPO_BPM, allow_inf_nan=False)] | Literal["keep"] = (
        "keep"
    )
    key: Key | Literal["keep"] = "keep"
    meter: SongMeter | Literal["keep"] = "keep"
    chords: list[Annotated[str, Field(max_length=8)]] = Field(
        default=[], max_length=MAX_CHORDS, description="One a bar, again and again, wherever the tune bears them."
    )
    intro_bars: int | None = Field(default=None, ge=0, le=MAX_INTRO_BARS, description="null: as the style has it.")
    opening: Opening | Literal["auto"] = Field(
        default="auto", description="What the song begins with, after its intro; auto: by style and seed."
    )
    bridge: bool | None = Field(
        default=None,
        description="Whether the melody rests before the last chorus; null: by length and seed, there or after the "
        "first chorus.",
    )
    ending: Ending | Literal["auto"] = Field(
        default="auto",
        description="held: the last chord rings; slowing: with a ritardando; cold: a short last stroke; fade: the band "
        "plays on and fades out; auto: by style and seed, another in each song.",
    )
    duration_s: float = Field(default=DEFAULT_SONG_S, ge=MIN_SONG_S, le=MAX_SONG_S)
    seed: int = Field(
        default=0,
        ge=0,
        lt=2**31,
        description="The same seed gives the same songs of a hum. 0: one is drawn from the recording, and told here "
        "once the track is ready.",
    )
    featuring: list[Annotated[str, Field(max_length=40)]] = Field(
        default=[], max_length=12, description="Players who join the band of either style: trumpet, harp, cello, …"
    )
    only: list[Annotated[str, Field(max_length=40)]] = Field(
        default=[], max_length=12, description="Players who play all of it: piano, guitar, violin, …; empty: a band."
    )
    without: list[Annotated[str, Field(max_length=40)]] = Field(
        default=[], max_length=12, description="Players to leave out: drums, bass, piano, guitar, …"
    )
    voice_layer: bool = False
    segment: Segment | None = None
    provider: str = Field(default="embedded", max_length=40)
    prompt: str | None = Field(
        default=None,
        max_length=MAX_PROMPT_CHARACTERS,
        description="What the song should be like, in words. The other fields take precedence.",
    )

    @model_validator(mode="before")
    @classmethod
    def _upgrade_version_1(cls, fields: Any) -> Any:
        """Version 1 as version 2: clients and rows that are older than this version still say ``wish``."""
        if not isinstance(fields, dict) or fields.get("schema_version", 1) != 1:
            return fields
        fields = {name: value for name, value in fields.items() if name != "schema_version"}
        if "wish" in fields:
            if "prompt" in fields:
                raise ValueError("wish is the old name of prompt: send prompt alone")
            fields["prompt"] = fields.pop("wish")
        return fields

    def seeded_by(self, recording_sha256: str) -> "GenParams":
        """With a seed in force: its own, or one drawn from the recording, so that hums differ in more than their notes.

        It is the file's hash and not the notes': a note that is corrected leaves the songs what they were.
        """
        drawn = 1 + zlib.crc32(recording_sha256.encode()) % (2**31 - 1)
        return self if self.seed else self.model_copy(update={"seed": drawn})


class SimilarityScore(BaseModel):
    value: float = Field(
        ge=0,
        le=1,
        description="How much of the tune is kept: 0, no more than its notes in any other order would be; 1, every "
        "note is the clearest pitch where it belongs. A wrong note in ten costs about .15; one in two leaves nothing.",
    )
    z: float = Field(description="Standard deviations above note-shuffled versions of the same hum.")


class QualityScore(BaseModel):
    value: float = Field(
        ge=0,
        le=1,
        description="How close balance, density, width and dynamics are to those of released songs: .75 is their "
        "median, .5 their most unusual tenth. A failed gate costs .2.",
    )
    integrated_lufs: float
    true_peak_dbtp: float
    crest_factor_db: float
    centroid_hz: float
    balance_off_db: float | None = Field(
        default=None, description="Third octaves against the median of released songs, RMS."
    )
    middle_flatness_db: float | None = Field(
        default=None, description="Spectral flatness of the octaves from 500 Hz to 4 kHz: low where they are sparse."
    )
    side_to_mid_db: float | None = Field(default=None, description="Width: power of the sides over the middle.")
    loudness_range_lu: float | None = Field(default=None, description="EBU Tech 3342.")
    gates_failed: list[str] = []


class DiversityScore(BaseModel):
    value: float = Field(ge=0, le=1)
    band_spectrum_db: float
    rhythm_distance: float
    chord_distance: float


class VariantScores(BaseModel):
    input_similarity: SimilarityScore
    audio_quality: QualityScore


class Score(BaseModel):
    """score, schema version 1: the three fixed scores and the recommendation."""

    schema_version: Literal[1] = 1
    variants: dict[Literal["A", "B"], VariantScores]
    ab_diversity: DiversityScore
    recommended: Literal["A", "B"]
    reason: str


class TrackMetadata(BaseModel):
    """metadata, schema version 1: where a track came from, for buckets in observability."""

    model_config = ConfigDict(extra="forbid")

    schema_version: Literal[1] = 1
    platform: Literal["web", "ios", "android", "cli", "api"] = "api"
    device: Literal["mobile", "desktop", "tablet", "server"] = "server"
    browser_family: str | None = Field(default=None, max_length=40)


class RenderedVariant(BaseModel):
    """What music_generate made of one variant. Keys are S3 keys in a workflow, file paths on the command line."""

    label: Literal["A", "B"]
    style: str
    provider: str
    audio: str
    preview: str | None = Field(default=None, description="The same as AAC in M4A, an eighth of the size.")
    midi: str
    pictures: dict[str, str] = Field(default={}, description="piano_roll, spectrogram → key.")
    cover: str | None = Field(default=None, description="The track's cover, painted beside variant A.")
    cover_preview: str | None = Field(default=None, description="The same as WebP of 640 × 640.")
    duration_s: float
    tempo_bpm: float
    key: Key
    chords: list[str]
    integrated_lufs: float
    true_peak_dbtp: float
    sound_font: str | None = Field(default=None, description="Whose recorded instruments play; null: our own do.")
    provider_note: str | None = Field(default=None, description="Why another provider than the wanted one made it.")
