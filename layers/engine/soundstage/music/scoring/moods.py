"""What each mood sounds like: scale, tempo, meter, keys, progressions, players."""

from dataclasses import dataclass
from typing import Literal

from soundstage.models.story import Mood
from soundstage.music.scoring.timing import Tempo

PartName = Literal["lead", "bass", "chords", "pad", "sparks", "percussion"]
Scale = tuple[int, ...]
MAJOR: Scale = (0, 2, 4, 5, 7, 9, 11)
MIXOLYDIAN: Scale = (0, 2, 4, 5, 7, 9, 10)
LYDIAN: Scale = (0, 2, 4, 6, 7, 9, 11)
MINOR: Scale = (0, 2, 3, 5, 7, 8, 10)
DORIAN: Scale = (0, 2, 3, 5, 7, 9, 10)
PHRYGIAN: Scale = (0, 1, 3, 5, 7, 8, 10)


@dataclass(frozen=True)
class Player:
    """One player of a mood.

    Attributes:
        pattern: an entry of the tables in ``patterns`` and ``percussion``.
        level_db: against the usual level of its part.
        hall: reverberation send, 0 to 1.
        from_tension, to_tension: it plays in bars from the one to below the other.
        centre: MIDI pitch around which it plays.
    """

    part: PartName
    instrument: str
    pattern: str = ""
    level_db: float = 0.0
    pan: float = 0.0
    hall: float = 0.25
    from_tension: float = 0.0
    to_tension: float = 11.0
    centre: int = 60


@dataclass(frozen=True)
class MoodStyle:
    """A mood's music.

    Attributes:
        open, close: phrases of four bars in Roman numerals, a bar after each ``|``, two chords in a bar after a comma;
            the first kind leads on, the second ends on the tonic.
        keys: semitones above the film's tonic on which a scene may stand.
        motif: how the leitmotif appears.
        sung: share of a phrase's bars in which there is melody, at tension 1 and at 10.
        leads: players of the melody, who take turns.
        pedal: the bass holds the tonic under everything.
    """

    scale: Scale
    tempo: Tempo
    open: tuple[str, ...]
    close: tuple[str, ...]
    keys: tuple[int, ...]
    motif: Literal["plain", "slow", "head", "inverted"]
    sung: tuple[float, float]
    leads: tuple[Player, ...]
    players: tuple[Player, ...]
    pedal: bool = False

    @property
    def minor(self) -> bool:
        return self.scale[2] == 3


STRINGS = "strings"
STYLES: dict[Mood, MoodStyle] = {
    "calm": MoodStyle(
        scale=MAJOR,
        tempo=Tempo(58, 66, 76, 4),
        open=(
            "Iadd9|IVmaj7|Iadd9/3|V7sus4",
            "Iadd9|vi7|IVmaj7|V7sus4,V",
            "Iadd9|iii7|IVmaj7|ii7",
            "Imaj7|II/3|IVmaj7|Iadd9/5,V7sus4",
        ),
        close=("IVmaj7|Iadd9/3|ii7,V7sus4|Iadd9", "vi7|IVmaj7|ii7,V7sus4|Iadd9", "IVmaj7|iii7,vi7|V7sus4|Iadd9"),
        keys=(0, 5),
        motif="plain",
        sung=(0.3, 0.6),
        leads=(
            Player("lead", "flute", centre=72, pan=-0.12, hall=0.35),
            Player("lead", "clarinet", centre=67, pan=0.1, hall=0.35),
            Player("lead", "piano", centre=72, hall=0.3),
        ),
        players=(
            Player("chords", "harp", "broken", pan=0.3, hall=0.3, centre=62),
            Player("pad", STRINGS, "held", pan=-0.2, hall=0.35, from_tension=2, centre=60),
            Player("pad", "warm_pad", "held", -3.0, hall=0.3, to_tension=4, centre=55),
            Player("bass", "upright_bass", "long", hall=0.1, from_tension=3, centre=40),
            Player("sparks", "music_box", "sparks", -3.0, 0.4, 0.5, from_tension=5, centre=81),
        ),
    ),
    "joyful": MoodStyle(
        scale=MAJOR,
        tempo=Tempo(96, 112, 132, 4),
        open=("I|IV|I/3|V", "I|vi|IV|V", "I|V/3|vi|IV,V", "I,V/3|vi,I/5|IV|V"),
        close=("I|IV|ii7,V7|I", "IV|I/3|ii7,V7|I", "vi|IV|V7sus4,V7|I"),
        keys=(0, 7, 5),
        motif="plain",
        sung=(0.4, 0.85),
        leads=(
            Player("lead", "flute", centre=74, pan=-0.12, hall=0.25),
            Player("lead", "clarinet", centre=70, pan=0.12, hall=0.25),
            Player("lead", "violin", centre=72, pan=-0.1, hall=0.3),
        ),
        players=(
            Player("chords", "pizzicato", "offbeat", pan=0.25, hall=0.2, centre=62),
            Player("chords", "harp", "broken_fast", -3.0, -0.35, 0.3, from_tension=5, centre=67),
            Player("pad", STRINGS, "held", -2.0, -0.15, 0.3, from_tension=4, centre=62),
            Player("bass", "upright_bass", "root_fifth", hall=0.1, centre=41),
            Player("sparks", "celesta", "sparks", -2.0, 0.4, 0.4, from_tension=3, centre=84),
            Player("percussion", "shaker", "shaker", -3.0, -0.3, 0.1, from_tension=5),
            Player("percussion", "triangle", "bar_ones", -4.0, 0.5, 0.3, from_tension=4),
        ),
    ),
    "tender": MoodStyle(
        scale=MAJOR,
        tempo=Tempo(72, 84, 96, 3),
        open=("Iadd9|V/3|vi7|IVmaj7", "Iadd9|iii7|IVmaj7|V7sus4", "Iadd9|vi7|ii7|V7sus4,V7", "I|I/3|IVadd9|iv6"),
        close=("vi7|ii7|V7sus4,V7|Iadd9", "IVmaj7|iv6|I/5,V7|Iadd9", "IVmaj7|I/3|ii7,V7|Iadd9"),
        keys=(5, 0, 7),
        motif="plain",
        sung=(0.35, 0.65),
        leads=(
            Player("lead", "violin", centre=69, pan=-0.12, hall=0.35),
            Player("lead", "piano", centre=72, hall=0.3),
            Player("lead", "cello", centre=60, pan=0.12, hall=0.3),
        ),
        players=(
            Player("chords", "piano", "broken", pan=0.1, hall=0.25, centre=60),
            Player("pad", STRINGS, "held", -1.0, -0.15, 0.35, from_tension=3, centre=60),
            Player("bass", "upright_bass", "long", -1.0, hall=0.1, from_tension=4, centre=41),
            Player("sparks", "celesta", "sparks", -4.0, 0.4, 0.5, from_tension=5, centre=81),
        ),
    ),
    "sad": MoodStyle(
        scale=MINOR,
        tempo=Tempo(54, 62, 70, 4),
        open=("i|v/3|iv/3|V7sus4,V", "imadd9|bVI|iv7|V", "i|iv7|bVImaj7|V7sus4,V", "i|bVI/3|bIII|bVII"),
        close=("bVI|iv7|i/5,V7|i", "iv7|i/3|ii7b5,V7|i", "bVI|bIII/5|iv6,V7|i"),
        keys=(0, 9),
        motif="slow",
        sung=(0.4, 0.65),
        leads=(
            Player("lead", "cello", centre=61, pan=0.1, hall=0.35),
            Player("lead", "clarinet", centre=65, pan=-0.1, hall=0.35),
            Player("lead", "violin", centre=69, pan=-0.1, hall=0.35),
        ),
        players=(
            Player("pad", STRINGS, "held", -0.5, -0.15, 0.35, centre=56),
            Player("chords", "piano", "rolled", -1.0, 0.1, 0.3, centre=58),
            Player("chords", "harp", "broken", -3.0, 0.3, 0.35, from_tension=6, centre=60),
            Player("bass", "upright_bass", "long", -1.0, hall=0.15, from_tension=3, centre=40),
        ),
    ),
    "tense": MoodStyle(
        scale=MINOR,
        tempo=Tempo(92, 104, 126, 4),
        open=("i|i|bII/3|i", "i|bVI|i|V", "i|iv|bII|V", "i|bVI|bII/3|V7"),
        close=("bVI|bII/3|V7|i", "iv|bVI|V7sus4,V7|i", "bII|bII/3|V7|i"),
        keys=(0, 2, 9),
        motif="head",
        sung=(0.25, 0.5),
        leads=(
            Player("lead", "horn", centre=60, pan=0.15, hall=0.35),
            Player("lead", "cello", centre=58, pan=-0.1, hall=0.3),
            Player("lead", "clarinet", centre=62, pan=-0.15, hall=0.3),
        ),
        players=(
            Player("chords", "spiccato", "ostinato", pan=-0.2, hall=0.25, centre=52),
            Player("pad", STRINGS, "held", -2.0, 0.15, 0.35, from_tension=3, centre=57),
            Player("pad", "brass", "held", -5.0, 0.25, 0.35, from_tension=8, centre=52),
            Player("bass", "upright_bass", "pulse", hall=0.1, centre=38),
            Player("percussion", "taiko", "heartbeat", -2.0, 0.05, 0.3, from_tension=4),
            Player("percussion", "timpani", "bar_ones", -2.0, -0.2, 0.3, from_tension=7),
        ),
        pedal=True,
    ),
    "eerie": MoodStyle(
        scale=MINOR,
        tempo=Tempo(52, 58, 68, 4),
        open=("i|bvi|i|bvi/3", "i|#ivdim|bvi|i", "im6|bvi|bIImaj7|i", "i|biii|bvi|i"),
        close=("bvi|bII|i|i", "bIImaj7|bvi|i|i", "#ivdim|bvi|i|i"),
        keys=(3, 0, 8),
        motif="inverted",
        sung=(0.3, 0.5),
        leads=(
            Player("lead", "celesta", centre=76, pan=0.2, hall=0.6),
            Player("lead", "clarinet", centre=57, pan=-0.15, hall=0.5),
            Player("lead", "glass_pad", centre=69, hall=0.5),
        ),
        players=(
            Player("pad", "choir", "held", -3.0, -0.15, 0.5, from_tension=3, centre=57),
            Player("pad", "glass_pad", "held", -1.0, 0.15, 0.5, centre=64),
            Player("bass", "cello", "long", 1.0, hall=0.35, centre=40),
            Player("sparks", "celesta", "sparks", 0.0, 0.4, 0.7, from_tension=2, centre=79),
            Player("chords", "harp", "rolled", -2.0, 0.3, 0.5, from_tension=5, centre=58),
            Player("percussion", "taiko", "bar_ones", -5.0, 0.05, 0.5, from_tension=7),
        ),
    ),
    "triumphant": MoodStyle(
        scale=MAJOR,
        tempo=Tempo(84, 94, 108, 4),
        open=("I|IV/5|bVII|V", "I|V/3|vi|IV,V", "I|bVI|bVII|V", "I|iii|IV|V"),
        close=("bVI|bVII|I|I", "vi|IV|ii7,V7|I", "IV|I/3|IV,V7|I"),
        keys=(0, 2),
        motif="plain",
        sung=(0.5, 0.9),
        leads=(
            Player("lead", "horn", centre=66, pan=0.1, hall=0.35),
            Player("lead", "trumpet", centre=70, pan=-0.1, hall=0.35),
        ),
        players=(
            Player("pad", STRINGS, "held", 1.0, -0.15, 0.35, centre=59),
            Player("chords", "spiccato", "march", -1.0, 0.2, 0.3, from_tension=4, centre=57),
            Player("pad", "brass", "held", -2.0, 0.25, 0.35, from_tension=5, centre=57),
            Player("chords", "harp", "broken_fast", -4.0, 0.35, 0.3, to_tension=6, centre=64),
            Player("bass", "upright_bass", "root_fifth", hall=0.15, centre=40),
            Player("percussion", "timpani", "march", 0.0, -0.2, 0.35, from_tension=4),
            Player("percussion", "taiko", "bar_ones", -3.0, 0.05, 0.3, from_tension=7),
        ),
    ),
    "lonely": MoodStyle(
        scale=DORIAN,
        tempo=Tempo(54, 60, 70, 4),
        open=("isus2|bVII|IV/3|i", "imadd9|v7|bVIImaj7|IV", "i|bIIImaj7|bVII|IV", "isus2|v7|IV|i"),
        close=("bIIImaj7|IV|v7|isus2", "bVII|IV|v7|i", "IV|bVII/3|v7|i"),
        keys=(9, 0, 2),
        motif="slow",
        sung=(0.4, 0.6),
        leads=(
            Player("lead", "clarinet", centre=67, pan=-0.08, hall=0.45),
            Player("lead", "flute", centre=69, pan=0.08, hall=0.45),
            Player("lead", "piano", centre=69, hall=0.4),
        ),
        players=(
            Player("pad", "warm_pad", "fifths", -1.0, hall=0.4, centre=55),
            Player("chords", "piano", "rolled", -2.0, 0.1, 0.4, from_tension=3, centre=57),
            Player("pad", STRINGS, "held", -3.0, -0.15, 0.4, from_tension=5, centre=58),
            Player("bass", "cello", "long", -2.0, hall=0.35, from_tension=4, centre=41),
        ),
    ),
}
