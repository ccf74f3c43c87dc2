"""A film: what a person sets for a project, what its parts are made of, and what the finished film says of itself."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from soundstage.models.ids import Id
from soundstage.models.story import HexColour, Language, Mood, OwnFile, PartId, Transition
from soundstage.models.tracks import VariantLabel

Aspect = Literal["16:9", "9:16", "1:1"]
FilmStyle = Literal["dusk_gouache", "paper_cut", "ink_wash", "woodcut", "night_lantern"]
SubtitleStyle = Literal["none", "plain", "highlight"]
Quality = Literal["preview", "final"]
FRAME_SIZES: dict[tuple[Aspect, Quality], tuple[int, int]] = {
    ("16:9", "final"): (1280, 720),
    ("9:16", "final"): (720, 1280),
    ("1:1", "final"): (1080, 1080),
    ("16:9", "preview"): (640, 360),
    ("9:16", "preview"): (360, 640),
    ("1:1", "preview"): (480, 480),
}
SPEECH_RATE_HZ = 24_000
"""Of our embedded voices; everything is mixed at 48 kHz, the rate of video."""
MIX_RATE_HZ = 48_000


SystemPrompt = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]


class _Setting(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Word(BaseModel):
    """A spoken word. ``start`` and ``end`` index the author's text, ``…_s`` count from the start of the audio."""

    text: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    start_s: float = Field(ge=0)
    end_s: float = Field(ge=0)


class Speech(BaseModel):
    """Spoken text: a mono file and when each word sounds."""

    audio: str = Field(description="Path or key of a WAV file.")
    audio_sha256: str
    rate_hz: int
    duration_s: float
    words: list[Word]
    voice: str
    provider: str
    usd: float = Field(default=0.0, description="What it cost, as it was estimated.")
    notes: list[str] = []


@dataclass(frozen=True)
class Alignment:
    """When the words of a text sound in a recording, from its start; ``notes``: what is doubtful, in sentences."""

    words: list[Word]
    notes: tuple[str, ...] = ()


class OwnSong(_Setting):
    """A song of a person's own track."""

    track_id: Id
    variant: VariantLabel | None = Field(default=None, description="The track's primary one when left out.")


class Music(_Setting):
    """``source``: none, our own in the story's mood, a file of one's own (on the command line a path in ``file``, in
    the API an audio asset in ``upload``), or a song that Soundstage made of a hum (``track``)."""

    source: Literal["none", "embedded", "file", "track"] = "embedded"
    file: str | None = None
    upload: OwnFile | None = None
    track: OwnSong | None = None
    gain_db: float = Field(default=-8.0, ge=-40, le=0, description="LU relative to the speech, before ducking.")
    duck_db: float = Field(default=-6.0, ge=-24, le=0, description="While words sound.")


class Encoding(_Setting):
    codec: Literal["h264", "av1"] = "h264"
    rate_control: Literal["crf", "cbr", "two_pass"] = "crf"
    crf: int = Field(default=20, ge=0, le=51)
    bitrate_kbps: int = Field(default=2500, ge=100, le=50_000)


class FilmSettings(_Setting):
    """film_settings, schema version 1: everything that is the same for all shots."""

    schema_version: Literal[1] = 1
    style: FilmStyle = "dusk_gouache"
    language: Language | None = Field(default=None, description="Of the story; found out when left out.")
    aspect: Aspect = "16:9"
    fps: Literal[24, 25, 30] = 24
    narrator: str | None = Field(default=None, description="A voice; the language's default when left out.")
    speed: float = Field(default=1.0, ge=0.5, le=2.0, description="Of speech.")
    own_narration: OwnFile | None = Field(
        default=None,
        description="An audio upload of somebody who reads the whole story, shot by shot in its order and language. "
        "Shots with a recording of their own keep it.",
    )
    subtitles: SubtitleStyle = "highlight"
    burn_in: bool = True
    motion: Literal["parallax", "ken_burns", "still"] = "parallax"
    transition: Transition | None = Field(default=None, description="For all shots; each shot's own when left out.")
    transition_s: float = Field(default=0.5, ge=0.0, le=2.0)
    title_card: bool = True
    end_card: bool = True
    credits: list[str] = Field(default=[], max_length=12, description="Lines of the end card below 'The End'.")
    music: Music = Music()
    loudness_lufs: float = Field(default=-16.0, ge=-30, le=-9)
    true_peak_dbtp: float = Field(default=-1.0, ge=-9, le=0)
    encoding: Encoding = Encoding()
    quality: Quality = "final"
    animatic: bool = Field(
        default=False,
        description="A film for planning: small, its pictures held, with their numbers, framing and seconds, and the "
        "voice alone.",
    )
    providers: dict[Literal["text", "image", "clip", "speech", "music"], str] = Field(
        default={}, description="Kind → id of a model profile (/v1/profiles); those left out are ours, embedded."
    )
    system_prompts: dict[Literal["text", "image"], SystemPrompt] = Field(
        default={}, description="What is asked of whoever writes the storyboard, and of every picture, in one's words."
    )
    max_usd: float = Field(default=0.0, ge=0, description="Hard cap of what providers may cost for this project.")


class Palette(BaseModel):
    """Five colours of a mood, sRGB: lit parts, the sky above and at the horizon, shade, foreground."""

    light: HexColour
    zenith: HexColour
    horizon: HexColour
    shade: HexColour
    foreground: HexColour


class LayerFile(BaseModel):
    """One layer of a picture: RGBA with straight alpha, far layers first.

    ``depth``: 0 at infinity (sky, does not move with the camera) to 1 for what is nearest; ``motion`` says how the
    layer moves by itself.
    """

    file: str
    sha256: str
    depth: float = Field(ge=0, le=1)
    motion: Literal["none", "clouds", "water", "sway", "rain", "snow", "glow", "smoke", "stars"] = "none"
    name: str = ""


class Picture(BaseModel):
    """A shot's picture: layers that our painter made, or one flat image of a provider or a person."""

    width: int
    height: int
    layers: list[LayerFile] = Field(min_length=1)
    provider: str
    layout: str = Field(default="", description="Kind of staging, so that neighbours differ.")
    palette: Palette | None = None
    figures: dict[PartId, tuple[float, float, float, float]] = Field(
        default={}, description="Character → box x0, y0, x1, y1 as shares of the picture, for framing and checks."
    )
    focus: tuple[float, float] = Field(default=(0.5, 0.5), description="What the camera keeps in view.")
    usd: float = Field(default=0.0, description="What it cost, as it was estimated.")
    notes: list[str] = []


class Clip(BaseModel):
    """A shot's moving picture, by a model that was given its picture: a video file without sound that matters."""

    file: str
    sha256: str
    frames: int = Field(gt=0)
    fps: float = Field(gt=0)
    provider: str
    usd: float = Field(default=0.0, description="What it cost, as it was estimated.")
    notes: list[str] = []

    @property
    def duration_s(self) -> float:
        return self.frames / self.fps


class ShotTiming(BaseModel):
    """A shot in the film. Frames count from the film's start; ``frames`` of all shots are consecutive."""

    shot: PartId
    first_frame: int = Field(ge=0)
    frames: int = Field(gt=0)
    speech_start_s: float | None = Field(default=None, description="In the film; null: nothing is said.")


class Cue(BaseModel):
    """One subtitle card: at most two lines, with the words that it shows."""

    start_s: float
    end_s: float
    lines: list[str] = Field(min_length=1, max_length=2)
    words: list[Word] = []
    shot: PartId


@dataclass(frozen=True)
class FilmSection:
    """A stretch of film with one mood; ``tension`` 1 to 10; ``turn``: the story turns where it begins."""

    start_s: float
    duration_s: float
    mood: Mood
    tension: float = 5
    turn: bool = False

    @property
    def end_s(self) -> float:
        return self.start_s + self.duration_s


@dataclass(frozen=True)
class ScoreRequest:
    """What a film's music is composed from: the same request is the same music. Sections leave no gaps.

    Attributes:
        spoken_s: from when to when somebody speaks, in the film; None: always.
        title: the film's first one; decides the leitmotif, with the seed.
    """

    sections: tuple[FilmSection, ...]
    spoken_s: tuple[tuple[float, float], ...] | None
    title: str
    seed: int

    @property
    def duration_s(self) -> float:
        return self.sections[-1].end_s


class PartRecord(BaseModel):
    """Of the making-of: what made one part of the film, and whether it had to be made."""

    part: str = Field(description="'s3 picture', 's3 speech', 'music', 'segment 4', …")
    provider: str
    fingerprint: str
    reused: bool
    seconds: float = 0.0
    usd: float = 0.0
    note: str | None = None


class QualityReport(BaseModel):
    """What was measured on the finished file; ``failures`` is empty or the film is not done."""

    frames: int
    duration_s: float
    audio_video_offset_s: float
    integrated_lufs: float | None = Field(description="Null: nothing sounds.")
    true_peak_dbtp: float | None
    duck_db: float | None
    black_frames: int
    width: int
    height: int
    fps: float
    failures: list[str] = []


class FilmResult(BaseModel):
    """film_result, schema version 1."""

    schema_version: Literal[1] = 1
    film: str
    poster: str
    contact_sheet: str
    storyboard_pdf: str
    subtitles: dict[Literal["srt", "vtt", "ass"], str]
    timings: list[ShotTiming]
    cues: list[Cue]
    chapters: list[tuple[float, str]] = []
    parts: list[PartRecord]
    quality: QualityReport
    sha256: str
