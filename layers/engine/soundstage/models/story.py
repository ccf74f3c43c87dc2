"""A story as a storyboard: characters, world, shots with their continuity, and the causal chain. One JSON artefact.

What a writer fills in, embedded or a language model, is validated by these models; what people edit is, too. Ids are
short and stable within a storyboard (``c1``, ``w2``, ``s3``): editing, reordering and splitting never renumbers them.
"""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from soundstage.models.ids import Id

MAX_STORY_CHARACTERS = 5000
"""Of a story, as people count them: REQUIREMENTS F1."""

Language = Literal["en", "zh"]
LANGUAGE_NAMES: dict[Language, str] = {"en": "English", "zh": "Chinese"}
PartId = Annotated[str, StringConstraints(pattern=r"^[a-z][0-9a-z]{0,15}$")]
HexColour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]

ShotSize = Literal["extreme_wide", "wide", "full", "medium", "close", "detail"]
"""How much is seen: landscape, place, whole figure, half figure, face or hands, a single thing."""

CameraMove = Literal["still", "push_in", "pull_out", "pan_left", "pan_right", "tilt_up", "tilt_down", "drift"]
Transition = Literal["cut", "fade", "crossfade", "dip", "page_turn", "ink_bleed"]
"""Into the next shot. ``fade``: through black; ``dip``: through the colour of the paper."""

TimeOfDay = Literal["dawn", "morning", "noon", "afternoon", "dusk", "night"]
Weather = Literal["clear", "cloudy", "rain", "storm", "snow", "fog", "wind"]
Season = Literal["spring", "summer", "autumn", "winter"]
Mood = Literal["calm", "joyful", "tender", "sad", "tense", "eerie", "triumphant", "lonely"]
PlaceKind = Literal[
    "sea", "shore", "lake", "river", "forest", "mountain", "field", "desert", "village", "city", "street", "garden",
    "castle", "lighthouse", "harbour", "bridge", "cave", "sky", "space", "road", "home", "kitchen", "bedroom",
    "classroom", "library", "workshop", "market", "station", "interior", "plain",
]  # fmt: skip
Facing = Literal["left", "right", "toward", "away"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OwnFile(_Part):
    """A person's own upload in place of what would be made. All but ``asset_id`` is found, whatever a request says."""

    asset_id: Id
    sha256: str = Field(default="", max_length=64)
    file_name: str = Field(default="", max_length=255)


class OwnRecording(OwnFile):
    """A person's own voice, or the part of it between two times: one recording may tell several shots."""

    start_s: float = Field(default=0.0, ge=0)
    end_s: float | None = Field(default=None, gt=0, description="Null: to its end.")

    @model_validator(mode="after")
    def _takes_time(self) -> Self:
        if self.end_s is not None and self.end_s <= self.start_s:
            raise ValueError("end_s has to be after start_s")
        return self


class Appearance(_Part):
    """What stays the same of a figure in every picture of it. Colours are sRGB."""

    build: Literal["slight", "average", "sturdy", "tall"] = "average"
    hair: Literal["none", "short", "long", "braids", "bun", "curly"] = "short"
    hair_colour: HexColour = "#3a2a24"
    headwear: Literal["none", "hat", "cap", "hood", "scarf", "crown", "helmet"] = "none"
    garment: Literal["coat", "cloak", "dress", "shirt", "robe", "uniform", "armour"] = "coat"
    garment_colour: HexColour = "#4a5568"
    accent: Literal["scarf", "ribbon", "belt", "bag", "collar", "trim"] = "scarf"
    accent_colour: HexColour = Field(default="#d9534f", description="Belongs to this character alone.")
    skin_colour: HexColour = "#e2b48f"


class Relationship(_Part):
    to: PartId
    type: Literal[
        "family",
        "romantic",
        "friendship",
        "rivalry",
        "mentorship",
        "alliance",
        "subordinate",
        "enemy",
        "stranger",
        "custom",
    ]
    label: str = Field(default="", max_length=80)
    intensity: int = Field(default=5, ge=1, le=10)


class Character(_Part):
    """Somebody in the story: a person, an animal, or a thing that acts."""

    id: PartId
    name: str = Field(min_length=1, max_length=80)
    aliases: list[str] = Field(default=[], description="Other words the story uses: 'the girl', 女孩, 她 is resolved.")
    kind: Literal["person", "animal", "creature", "thing"] = "person"
    species: str | None = Field(default=None, max_length=40, description="In English: fox, whale, robot.")
    age: Literal["child", "young", "adult", "old"] = "adult"
    gender: Literal["female", "male", "unknown"] = "unknown"
    appearance: Appearance = Appearance()
    identity: str = Field(
        default="", max_length=400, description="The words of every picture request about them, always the same."
    )
    personality: str = Field(default="", max_length=400)
    background: str = Field(default="", max_length=400)
    voice: str | None = Field(
        default=None, description="A voice of the project's speech provider; the narrator's if null."
    )
    own_picture: OwnFile | None = Field(
        default=None, description="A photograph or drawing of them: it stands in the shots that show them."
    )
    relationships: list[Relationship] = []


class WorldEntry(_Part):
    """Something that holds in the whole story."""

    id: PartId
    type: Literal["place", "era", "geography", "society", "technology", "magic", "custom"]
    title: str = Field(min_length=1, max_length=120)
    content: str = Field(default="", max_length=1000)
    place: PlaceKind | None = None
    order: int = Field(default=0, ge=0)


class Presence(_Part):
    """One character in one shot: the continuity state."""

    character: PartId
    stance: Literal["standing", "walking", "running", "sitting", "kneeling", "lying", "flying", "swimming"] = "standing"
    facing: Facing = "right"
    holding: list[str] = Field(default=[], max_length=2, description="Left and right hand, in English nouns.")
    emotion: str = Field(default="", max_length=40)
    wearing: str = Field(default="", max_length=80, description="What differs from the identity in this shot.")


class Setting(_Part):
    """Where and when; no persons, no action, no camera."""

    place: PlaceKind = "plain"
    place_id: PartId | None = Field(default=None, description="The world entry that this place is.")
    place_name: str = Field(default="", max_length=120)
    time_of_day: TimeOfDay = "afternoon"
    weather: Weather = "clear"
    season: Season | None = None
    mood: Mood = "calm"
    things: list[str] = Field(default=[], max_length=12, description="What is to be seen besides, in English nouns.")


class DialogueLine(_Part):
    """``text`` is also part of the shot's spoken words, in the speaker's voice."""

    speaker: PartId | None = Field(default=None, description="A character; null: the narrator.")
    kind: Literal["dialogue", "monologue", "narration", "thought"] = "dialogue"
    text: str = Field(min_length=1, max_length=2000)
    emotion: str = Field(default="", max_length=40)


class Shot(_Part):
    """One picture of the film with what is said meanwhile.

    ``narration`` is the story's own words in their order; ``lines`` splits the same words by speaker and may be empty,
    then the narrator says all of it. No sentence of the story is in two shots or in none.
    """

    id: PartId
    title: str = Field(default="", max_length=120)
    prompt: str = Field(default="", max_length=2000, description="What the picture shows, in the story's language.")
    narration: str = Field(default="", max_length=MAX_STORY_CHARACTERS)
    lines: list[DialogueLine] = []
    setting: Setting = Setting()
    cast: list[Presence] = []
    size: ShotSize = "wide"
    camera: CameraMove = "push_in"
    transition: Transition = "crossfade"
    duration_s: float | None = Field(default=None, ge=0.5, le=120, description="Null: as long as the speech needs.")
    screen_direction: Literal["left", "right", "none"] = "none"
    seed: int = Field(default=0, ge=0, lt=2**31)
    locked: bool = False
    own_picture: OwnFile | None = Field(default=None, description="Fills the shot in place of a painted picture.")
    own_recording: OwnRecording | None = Field(
        default=None, description="Of the narration, in place of a voice; its words are found in it."
    )


class CausalLink(_Part):
    """What one shot brings about: why another one can happen."""

    cause: PartId
    effect: PartId
    because: str = Field(default="", max_length=300)


class Knowledge(_Part):
    """Who knows what from which shot on."""

    character: PartId
    fact: str = Field(max_length=200)
    since: PartId


class Beat(_Part):
    """One of the four phases of a story, 起承转合: opening, development, turn, conclusion."""

    phase: Literal["opening", "development", "turn", "conclusion"]
    name: str = Field(max_length=120)
    shots: list[PartId]
    escalation: int = Field(default=5, ge=1, le=10)
    emotional_tone: Mood = "calm"


class CausalChain(_Part):
    conflict: str = Field(default="", max_length=400)
    stakes: str = Field(default="", max_length=400)
    first_mover: PartId | None = None
    beats: list[Beat] = []
    links: list[CausalLink] = []
    knowledge: list[Knowledge] = []
    gaps: list[str] = Field(default=[], description="What does not follow from anything, in sentences for the author.")


class Storyboard(_Part):
    """storyboard, schema version 1."""

    schema_version: Literal[1] = 1
    title: str = Field(min_length=1, max_length=120)
    seed: str = Field(
        default="", max_length=120, description="What chance in pictures and music goes by, whatever the title becomes."
    )
    language: Language
    logline: str = Field(default="", max_length=300)
    characters: list[Character] = []
    world: list[WorldEntry] = []
    shots: list[Shot] = Field(min_length=1, max_length=200)
    chain: CausalChain = CausalChain()
    writer: str = Field(default="embedded", description="The provider that wrote it.")
    notes: list[str] = Field(
        default=[], description="What was repaired, resolved by a guess, or fell back, in sentences."
    )

    @property
    def stable_seed(self) -> str:
        """``seed``; the title of a storyboard that has none yet."""
        return self.seed or self.title

    def renamed(self, title: str) -> "Storyboard":
        """With another title, of at most 120 characters, and everything else as it looks and sounds."""
        return self.model_copy(update={"title": title, "seed": self.stable_seed})

    def character(self, id_: PartId) -> Character:
        """Raises KeyError."""
        return {character.id: character for character in self.characters}[id_]
