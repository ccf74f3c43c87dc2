"""Style packs: instruments, patterns, grooves, harmony, form and mix of each style; and the choice of two for a hum."""

import math
import zlib
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from soundstage.models.composition import Meter, VariantPlan
from soundstage.models.errors import InvalidInput
from soundstage.models.music import Ending, GenParams, Mode
from soundstage.music.composing.grooves import groove_distance
from soundstage.music.composing.harmony import HarmonyStyle
from soundstage.music.composing.melody import Melody

Role = Literal["lead", "second", "double", "answer", "counter", "bass", "chords", "pad"]
Family = Literal["acoustic", "band", "electronic", "orchestral"]


@dataclass(frozen=True)
class Layer:
    """One player: its role, instrument and pattern; it plays in sections from ``from_energy`` to ``to_energy``.

    ``pattern`` names an entry of the arrangement's tables. ``gain_db`` is relative to the role's level in the mix;
    ``pan`` from −1 (left) to 1; ``room`` and ``hall`` are reverberation sends, 0 to 1.
    """

    role: Role
    instrument: str
    pattern: str = ""
    gain_db: float = 0.0
    pan: float = 0.0
    room: float = 0.2
    hall: float = 0.1
    from_energy: float = 0.0
    to_energy: float = 1.1


@dataclass(frozen=True)
class StylePack:
    """A style. Its numbers are production choices; only their differences are measured (``tests.bench.music_rhythms``).

    Attributes:
        tempo: lowest and highest comfortable tempo, quarters per minute.
        minor: preference for the minor mode, added to its suitability.
        lead_centre: MIDI pitch around which the melody is placed.
        loop_major, loop_minor: Roman numerals of the chords where the melody rests, one a bar.
        drums_db, drums_room: level of the drums, dB relative to the mix's own; their reverberation send, 0 to 1.
        swing16: share of an eighth that its first sixteenth takes; .5 is straight.
        laid_back_s: delay of the rhythm section and the lead.
        tilt_db: below 150 Hz, around 1 kHz and above 5 kHz, against the reference spectrum.
        pump: depth of ducking by the bass drum, 0 to 1.
        echo: gain of the lead's echo.
        hall_s: reverberation time (T60) of the hall.
        compression: ratio of the mix's compressor.
        triple_time: preference for 3/4 and 6/8, added to its suitability.
        ritardando: share by which a beat is longer at the end of songs that slow down.
        endings: those that its songs have.
        chorus_first: how often its songs begin with the chorus.
        solo_after_first: how often the break of its songs is a solo after the first chorus, not a rest before the last.
        drop: a snare roll instead of a fill before the chorus, and at the end of a break a beat of silence.
        second: the instrument that takes the melody over when it returns.
        lifts: semitones by which the last chorus may modulate.
        energies: energy of each kind of section, 0 to 1.
    """

    name: str
    family: Family
    tempo: tuple[float, float]
    moods: tuple[str, ...]
    minor: float
    lead_centre: int
    harmony: HarmonyStyle
    loop_major: tuple[str, ...]
    loop_minor: tuple[str, ...]
    layers: tuple[Layer, ...]
    groove: str = ""
    kit: str = "acoustic"
    drums_db: float = 0.0
    drums_room: float = 0.15
    swing16: float = 0.5
    laid_back_s: float = 0.0
    tilt_db: tuple[float, float, float] = (0.0, 0.0, 0.0)
    pump: float = 0.0
    echo: float = 0.0
    hall_s: float = 2.0
    compression: float = 2.0
    triple_time: float = 0.0
    ritardando: float = 0.12
    endings: tuple[Ending, ...] = ("held", "slowing")
    chorus_first: float = 0.0
    solo_after_first: float = 0.0
    drop: bool = False
    second: str = "clarinet"
    lifts: tuple[int, ...] = ()
    energies: dict[str, float] = field(
        default_factory=lambda: {"intro": 0.3, "verse": 0.5, "chorus": 0.8, "break": 0.35, "outro": 0.45}
    )

    @property
    def instruments(self) -> list[str]:
        """Of all who play, the one that takes the melody over first."""
        return [self.second, *(layer.instrument for layer in self.layers)]


def _l(role: Role, instrument: str, pattern: str = "", gain_db: float = 0.0, pan: float = 0.0, **more: float) -> Layer:
    return Layer(role, instrument, pattern, gain_db, pan, **more)


STYLES: dict[str, StylePack] = {
    pack.name: pack
    for pack in (
        StylePack(
            name="campfire",
            endings=("slowing", "held", "cold"),
            chorus_first=0.1,
            solo_after_first=0.4,
            second="clarinet",
            lifts=(2,),
            ritardando=0.12,
            family="acoustic",
            tempo=(80, 130),
            moods=("happy", "calm"),
            minor=0.0,
            lead_centre=76,
            harmony=HarmonyStyle("adds", change_inside_bar=-0.7),
            loop_major=("I", "V", "vi", "IV"),
            loop_minor=("i", "VII", "VI", "VII"),
            groove="campfire",
            kit="brushes",
            drums_db=-2.0,
            tilt_db=(-1.0, 1.0, 2.0),
            hall_s=1.5,
            triple_time=0.35,
            layers=(
                _l("lead", "violin", gain_db=1.0, pan=-0.08, hall=0.18),
                _l("double", "whistle", "octave", -5.0, 0.2, from_energy=0.75, hall=0.2),
                _l("answer", "nylon_guitar", gain_db=1.0, pan=-0.3),
                _l("counter", "clarinet", "guide", -6.0, 0.4, from_energy=0.7),
                _l("chords", "steel_guitar", "strum", -3.0, -0.45, from_energy=0.4),
                _l("chords", "nylon_guitar", "picking", -2.0, 0.4),
                _l("pad", "accordion", "sustain", -10.0, 0.25, from_energy=0.7),
                _l("bass", "upright_bass", "roots", 0.0),
            ),
        ),
        StylePack(
            name="lofi",
            endings=("fade", "held"),
            solo_after_first=0.4,
            second="saxophone",
            family="electronic",
            tempo=(65, 104),
            moods=("calm", "dreamy", "dark"),
            minor=0.3,
            lead_centre=72,
            harmony=HarmonyStyle("ninths", change_inside_bar=-0.3, chromaticism=0.7),
            loop_major=("ii", "V", "I", "vi"),
            loop_minor=("i", "VI", "iv", "V"),
            groove="lofi",
            kit="dusty",
            swing16=0.58,
            laid_back_s=0.012,
            tilt_db=(2.0, 1.5, -4.5),
            hall_s=1.6,
            echo=0.2,
            compression=2.6,
            triple_time=0.3,
            layers=(
                _l("lead", "vibraphone", gain_db=1.0, pan=0.1, hall=0.22),
                # It sustains what dies away on the vibraphone: long notes were lost under the chords.
                _l("double", "soft_lead", "unison", -5.0, -0.2, from_energy=0.4),
                _l("answer", "nylon_guitar", gain_db=-1.0, pan=-0.35),
                _l("counter", "soft_lead", "guide", -6.0, -0.4, from_energy=0.65),
                _l("chords", "electric_piano", "lazy", -1.0, -0.15),
                _l("chords", "nylon_guitar", "offbeat", -7.0, 0.5, from_energy=0.7),
                _l("pad", "warm_pad", "sustain", -9.0, from_energy=0.3, hall=0.3),
                _l("bass", "sub_bass", "syncopated", 0.0, room=0.0, hall=0.0),
            ),
        ),
        StylePack(
            name="synthwave",
            endings=("fade", "cold", "held"),
            chorus_first=0.35,
            second="soft_lead",
            lifts=(2,),
            family="electronic",
            tempo=(84, 128),
            moods=("epic", "dark", "happy"),
            minor=0.5,
            lead_centre=74,
            harmony=HarmonyStyle("triads", change_inside_bar=-1.6, stay_across_bar=0.4, surprise=0.35),
            loop_major=("vi", "IV", "I", "V"),
            loop_minor=("i", "VI", "III", "VII"),
            groove="synthwave",
            kit="gated",
            drums_db=1.0,
            drums_room=0.3,
            tilt_db=(2.0, -1.0, 2.5),
            pump=0.25,
            echo=0.3,
            hall_s=2.2,
            triple_time=0.2,
            layers=(
                _l("lead", "saw_lead", gain_db=0.0, hall=0.2),
                _l("double", "saw_lead", "octave", -9.0, 0.3, from_energy=0.75, hall=0.3),
                _l("answer", "synth_pluck", gain_db=0.0, pan=0.35, hall=0.25),
                _l("counter", "soft_lead", "guide", -7.0, -0.4, from_energy=0.65),
                _l("chords", "synth_pluck", "arpeggio", -6.0, 0.45, from_energy=0.25, hall=0.2),
                _l("chords", "synth_brass", "stabs", -7.0, -0.3, from_energy=0.7),
                _l("pad", "warm_pad", "sustain", -8.0, hall=0.3),
                _l("bass", "synth_bass", "eighths", 0.0, room=0.0, hall=0.0, from_energy=0.4),
            ),
        ),
        StylePack(
            name="ballad",
            second="violin",
            lifts=(1, 2),
            ritardando=0.22,
            family="acoustic",
            tempo=(55, 100),
            moods=("calm", "dreamy", "dark"),
            minor=0.3,
            lead_centre=78,
            harmony=HarmonyStyle("adds", change_inside_bar=-0.25, chromaticism=0.5),
            loop_major=("I", "V", "vi", "IV"),
            loop_minor=("i", "VI", "III", "V"),
            groove="ballad",
            kit="acoustic",
            drums_db=-3.0,
            drums_room=0.3,
            tilt_db=(-1.5, 0.5, 0.5),
            hall_s=2.6,
            triple_time=0.4,
            layers=(
                _l("lead", "clarinet", gain_db=1.0, hall=0.25),
                _l("double", "violin", "thirds", -6.0, -0.3, from_energy=0.7, hall=0.3),
                _l("answer", "piano", gain_db=0.0, pan=0.1, hall=0.2),
                _l("counter", "cello", "guide", -3.0, 0.3, from_energy=0.45, hall=0.25),
                _l("chords", "piano", "rolling", -1.0, 0.08, hall=0.15),
                _l("pad", "strings", "sustain", -8.0, from_energy=0.6, hall=0.35),
                _l("bass", "electric_bass", "long", -1.0, from_energy=0.42),
            ),
        ),
        StylePack(
            name="cinematic",
            endings=("slowing", "held", "cold"),
            second="horn",
            lifts=(1, 2),
            ritardando=0.18,
            family="orchestral",
            tempo=(60, 108),
            moods=("epic", "dark"),
            minor=0.4,
            lead_centre=72,
            harmony=HarmonyStyle(
                "triads", change_inside_bar=-1.4, stay_across_bar=0.0, chromaticism=0.8, surprise=0.35
            ),
            loop_major=("I", "iii", "IV", "V"),
            loop_minor=("i", "VI", "iv", "V"),
            groove="cinematic",
            kit="orchestral",
            drums_db=0.0,
            drums_room=0.3,
            tilt_db=(1.5, 0.0, -1.5),
            hall_s=3.0,
            triple_time=0.3,
            compression=1.6,
            energies={"intro": 0.3, "verse": 0.45, "chorus": 0.85, "break": 0.4, "outro": 0.6},
            layers=(
                _l("lead", "trumpet", gain_db=1.5, pan=-0.1, hall=0.3),
                _l("double", "violin", "octave", -3.0, -0.3, from_energy=0.7, hall=0.3),
                _l("answer", "flute", gain_db=0.0, pan=0.25, hall=0.35),
                _l("counter", "cello", "guide", -2.0, 0.35, from_energy=0.4, hall=0.25),
                _l("chords", "spiccato", "ostinato", -5.0, -0.35, from_energy=0.4, hall=0.2),
                _l("chords", "brass", "sustain_low", -7.0, 0.35, from_energy=0.75, hall=0.3),
                _l("chords", "harp", "rolling", -5.0, 0.5, to_energy=0.5, hall=0.3),
                _l("pad", "strings", "sustain", -5.0, hall=0.3),
                _l("pad", "choir", "sustain", -11.0, 0.1, from_energy=0.8, hall=0.45),
                _l("bass", "string_bass", "long", -2.0, 0.15, from_energy=0.2, hall=0.2),
            ),
        ),
        StylePack(
            name="bossa",
            endings=("slowing", "held", "fade"),
            chorus_first=0.15,
            solo_after_first=0.6,
            second="saxophone",
            ritardando=0.08,
            family="acoustic",
            tempo=(100, 150),
            moods=("happy", "calm", "dreamy"),
            minor=0.1,
            lead_centre=77,
            harmony=HarmonyStyle("ninths", change_inside_bar=-0.35, chromaticism=0.9),
            loop_major=("I", "vi", "ii", "V"),
            loop_minor=("i", "iv", "ii", "V"),
            groove="bossa",
            kit="brushes",
            drums_db=-1.0,
            tilt_db=(-0.5, 2.0, 0.5),
            hall_s=1.3,
            triple_time=0.35,
            layers=(
                _l("lead", "flute", gain_db=1.0, pan=0.1, hall=0.18),
                _l("double", "vibraphone", "unison", -7.0, -0.25, from_energy=0.7),
                _l("answer", "electric_piano", gain_db=0.0, pan=-0.3),
                _l("counter", "clarinet", "guide", -6.0, -0.4, from_energy=0.7),
                _l("chords", "nylon_guitar", "bossa", -1.0, -0.3),
                _l("chords", "electric_piano", "lazy", -8.0, 0.4, from_energy=0.65),
                _l("bass", "upright_bass", "bossa", 0.5),
            ),
        ),
        StylePack(
            name="funk",
            endings=("cold", "fade"),
            chorus_first=0.35,
            solo_after_first=0.4,
            second="trumpet",
            family="band",
            tempo=(88, 120),
            moods=("happy", "epic"),
            minor=0.2,
            lead_centre=69,
            harmony=HarmonyStyle("ninths", change_inside_bar=-1.2, stay_across_bar=0.8, chromaticism=0.4),
            loop_major=("I", "IV", "I", "V"),
            loop_minor=("i", "IV", "i", "VII"),
            groove="funk",
            kit="tight",
            drums_db=1.0,
            drums_room=0.12,
            swing16=0.54,
            tilt_db=(1.0, 0.5, 1.5),
            hall_s=1.1,
            compression=3.0,
            triple_time=0.2,
            layers=(
                _l("lead", "saxophone", gain_db=1.5, hall=0.14),
                _l("double", "trumpet", "thirds", -5.0, 0.25, from_energy=0.75),
                _l("answer", "organ", gain_db=-3.0, pan=0.35),
                _l("counter", "trumpet", "hits", -5.0, 0.3, from_energy=0.6),
                _l("chords", "clavinet", "funk16", -6.0, -0.5, from_energy=0.25, hall=0.05),
                _l("chords", "electric_piano", "stabs", -4.0, 0.3, hall=0.05),
                _l("pad", "organ", "sustain", -10.0, 0.1, from_energy=0.65),
                _l("bass", "electric_bass", "funk", 1.0, room=0.05, hall=0.0),
            ),
        ),
        StylePack(
            name="house",
            endings=("fade", "cold", "held"),
            chorus_first=0.35,
            second="vibraphone",
            family="electronic",
            tempo=(112, 132),
            moods=("happy", "epic", "dreamy"),
            minor=0.3,
            lead_centre=76,
            harmony=HarmonyStyle("sevenths", change_inside_bar=-1.6, stay_across_bar=0.4, surprise=0.35),
            loop_major=("IV", "V", "vi", "I"),
            loop_minor=("VI", "VII", "i", "i"),
            groove="house",
            kit="electronic",
            drums_db=2.0,
            drums_room=0.08,
            tilt_db=(3.5, -1.5, 3.0),
            pump=0.55,
            echo=0.25,
            hall_s=2.0,
            compression=2.6,
            drop=True,
            energies={"intro": 0.42, "verse": 0.5, "chorus": 0.9, "break": 0.2, "outro": 0.5},
            triple_time=0.15,
            layers=(
                _l("lead", "soft_lead", gain_db=2.5, hall=0.25),
                _l("double", "saw_lead", "octave", -7.0, 0.25, from_energy=0.75, hall=0.25),
                _l("answer", "piano", gain_db=-1.0, pan=-0.25, hall=0.2),
                _l("counter", "glass_pad", "guide", -6.0, 0.4, from_energy=0.6, hall=0.3),
                _l("chords", "piano", "house", -4.0, -0.1, from_energy=0.45),
                _l("chords", "synth_pluck", "arpeggio", -9.0, 0.5, hall=0.3),
                _l("pad", "warm_pad", "sustain", -8.0, hall=0.3),
                _l("bass", "synth_bass", "offbeat", 0.5, room=0.0, hall=0.0, from_energy=0.45),
            ),
        ),
        StylePack(
            name="dreambox",
            endings=("slowing", "fade"),
            solo_after_first=0.3,
            second="flute",
            ritardando=0.2,
            family="electronic",
            tempo=(60, 104),
            moods=("dreamy", "calm"),
            minor=0.1,
            lead_centre=84,
            harmony=HarmonyStyle(
                "ninths", change_inside_bar=-1.6, stay_across_bar=0.4, chromaticism=0.6, surprise=0.35
            ),
            loop_major=("I", "iii", "IV", "iv"),
            loop_minor=("i", "III", "VI", "iv"),
            groove="dream",
            kit="dusty",
            drums_db=-5.0,
            drums_room=0.4,
            tilt_db=(1.5, -1.0, 3.0),
            echo=0.4,
            hall_s=3.4,
            triple_time=0.4,
            compression=1.6,
            layers=(
                _l("lead", "music_box", gain_db=2.0, pan=0.05, hall=0.35),
                _l("double", "soft_lead", "octave_below", -4.0, -0.15, from_energy=0.4, hall=0.3),
                _l("answer", "harp", gain_db=0.0, pan=0.35, hall=0.35),
                _l("counter", "cello", "guide", -5.0, -0.3, from_energy=0.45, hall=0.3),
                _l("chords", "harp", "drops", -3.0, -0.35, hall=0.3),
                _l("pad", "glass_pad", "sustain", -8.0, hall=0.4),
                _l("pad", "choir", "sustain", -12.0, from_energy=0.65, hall=0.45),
                _l("bass", "electric_bass", "long", -2.0, room=0.1, hall=0.1, from_energy=0.4),
            ),
        ),
        StylePack(
            name="musette",
            endings=("slowing", "cold"),
            chorus_first=0.25,
            solo_after_first=0.5,
            second="violin",
            lifts=(1, 2),
            ritardando=0.15,
            family="acoustic",
            tempo=(90, 190),
            moods=("happy", "dreamy"),
            minor=0.3,
            lead_centre=74,
            harmony=HarmonyStyle("sevenths", change_inside_bar=-0.5, chromaticism=1.0),
            loop_major=("I", "vi", "ii", "V"),
            loop_minor=("i", "iv", "V", "i"),
            groove="musette",
            kit="brushes",
            drums_db=-3.0,
            tilt_db=(-4.0, 2.5, -3.0),
            hall_s=1.4,
            triple_time=0.5,
            layers=(
                _l("lead", "solo_accordion", gain_db=1.0, pan=0.08, hall=0.15),
                _l("double", "clarinet", "thirds", -5.0, -0.3, from_energy=0.7),
                _l("answer", "violin", gain_db=-1.0, pan=-0.3, hall=0.2),
                _l("counter", "cello", "guide", -5.0, 0.35, from_energy=0.55),
                _l("chords", "steel_guitar", "oompah", -1.0, -0.4),
                _l("chords", "piano", "oompah", -7.0, 0.35, from_energy=0.6),
                _l("pad", "accordion", "sustain", -9.0, 0.25, to_energy=0.6),
                _l("bass", "upright_bass", "roots", 0.5),
            ),
        ),
    )
}


# Contrast of two packs: weights of another family, another drum kit, dB of tilt, and groove distance (0 to 1).
FAMILY_WEIGHT, KIT_WEIGHT, TILT_WEIGHT_PER_DB, GROOVE_WEIGHT = 1.0, 0.4, 0.15, 2.0
# Packs whose rhythms are less than about .23 apart as ``ab_diversity`` measures them, measured by
# ``tests.bench.music_rhythms``; grooves as written tell less.
SIMILAR_RHYTHMS: dict[Meter, tuple[str, ...]] = {
    "4/4": (
        "campfire ballad bossa funk dreambox",
        "campfire musette",
        "ballad musette",
        "synthwave house",
        "synthwave bossa",
        "synthwave funk",
        "funk house",
        "bossa house",
    ),
    "3/4": (
        "campfire ballad bossa funk",
        "campfire musette",
        "bossa musette",
        "ballad bossa dreambox",
        "synthwave house",
        "synthwave funk",
        "funk house",
        "funk lofi",
    ),
    "6/8": ("campfire ballad bossa funk dreambox musette", "synthwave house", "funk lofi", "funk house"),
    # Made of those of 3/4 and 4/4, and of 4/4 and 6/8: what is alike in both.
    "5/4": ("campfire ballad bossa funk", "campfire musette", "synthwave house", "synthwave funk", "funk house"),
    "7/8": ("campfire ballad bossa funk dreambox musette", "synthwave house"),
}
# And those whose rhythms become so alike at fast tempi, where eighths crowd together: quarters per minute.
FAST_TEMPO = 145.0
SIMILAR_WHEN_FAST: dict[Meter, tuple[str, ...]] = {
    "4/4": ("lofi synthwave", "lofi house"),
    "3/4": ("lofi synthwave", "bossa house", "ballad musette"),
    "6/8": ("lofi house", "lofi bossa"),
    "5/4": ("lofi synthwave",),
    "7/8": ("lofi house",),
}
# B is chosen by suitability among this many packs that contrast most with A.
CONTRASTING_PACKS = 4
SEED_WEIGHT = 0.7  # scale of the Gumbel noise on suitability: other seeds bring other styles
TEMPO_RANGES_PER_OCTAVE = 6  # hums in one range, 12 % wide, share that noise: tempi are heard to .1 % and better
# Suitability: per octave of tempo outside a pack's range; of half and double time; of a mood that is the pack's, or
# not.
TEMPO_COST_PER_OCTAVE, HALF_TIME_OCTAVES, MOOD_FITS, MOOD_DIFFERS = 3.0, 0.3, 1.2, -0.8
MAJOR_SHARE, TRIPLE_TIME_WEIGHT, MUSETTE_IN_FOUR = -0.3, 1.5, -0.8


DRUMS, BASS = "drums", "bass"
PARTS: tuple[Role, ...] = ("chords", "pad", "bass")
MELODIC_PARTS: tuple[Role, ...] = ("lead", "counter", "answer")
"""Of who joins a band, by what they play elsewhere: chords and the like, or tunes."""
FEATURED_PAD_DB = 4.0
"""Over its usual level, of a pad that was asked for by name: there it is felt more than heard."""
TUNE_PLAYERS = frozenset(
    {pack.second for pack in STYLES.values()}
    | {
        layer.instrument
        for pack in STYLES.values()
        for layer in pack.layers
        if layer.role in {"lead", "double", "answer"}
    }
)
ANYBODY = "whistle"
"""Has the tune where all others of the style are left out."""
ANY_BASS = "upright_bass"
"""Plays where a bass is asked for by name and the style's own bass is another player's left hand."""
INSTRUMENTS = frozenset(name for pack in STYLES.values() for name in pack.instruments)
PLAYERS = frozenset(
    {DRUMS, BASS}
    | {word for name in INSTRUMENTS for word in name.split("_")}
    | {name.replace("_", " ") for name in INSTRUMENTS}
)
CHORD_PLAYERS = frozenset(
    layer.instrument for pack in STYLES.values() for layer in pack.layers if layer.role in {"chords", "pad"}
)


def pack_of(plan: VariantPlan) -> StylePack:
    """The plan's style with the players that join it, with those that were asked for alone, or without those that are
    left out: somebody else has their tune, and without drums there is no groove."""
    pack = STYLES[plan.style]
    if plan.only:
        pack = _played_by(pack, plan.only)
    elif plan.featuring:
        pack = _joined_by(pack, plan.featuring)
    if not plan.without:
        return pack
    left_out = set(plan.without)
    stays = [layer for layer in pack.layers if not (_names(layer.instrument) | _roles(layer)) & left_out]
    at_hand = [name for name in (pack.second, *(v.instrument for v in stays)) if not _names(name) & left_out]
    substitute = next((name for name in at_hand if name in TUNE_PLAYERS), ANYBODY)
    lead = next(layer for layer in pack.layers if layer.role == "lead")
    if lead not in stays:
        stays.insert(0, replace(lead, instrument=substitute))
    second = substitute if _names(pack.second) & left_out else pack.second
    return replace(pack, layers=tuple(stays), second=second, groove="" if DRUMS in left_out else pack.groove)


def _joined_by(pack: StylePack, players: Collection[str]) -> StylePack:
    """The pack with ``players`` heard throughout. Who plays chords, the bass or a pad anywhere plays it as it does
    there, in the place of the first of that part here who was not asked for; of others, the first has the tune, the
    next takes it over and has the countermelody.
    """
    parts = [_part_of(player, pack) for player in players]
    asked = {part.instrument for part in parts}
    layers = list(pack.layers)
    for part in (part for part in parts if part.role != "lead"):
        here = [i for i, layer in enumerate(layers) if layer.role == part.role]
        free = [i for i in here if layers[i].instrument == part.instrument or layers[i].instrument not in asked]
        if free:
            layers[min(free, key=lambda i: layers[i].instrument != part.instrument)] = part
        else:
            layers.append(part)
    melodic = [*dict.fromkeys(part.instrument for part in parts if part.role == "lead")]
    for role, instrument in zip(MELODIC_PARTS, melodic, strict=False):
        i = next(i for i, layer in enumerate(layers) if layer.role == role)
        layers[i] = replace(layers[i], instrument=instrument, from_energy=0.0)
    lead = next(layer.instrument for layer in pack.layers if layer.role == "lead")
    others = [name for name in (*melodic[1:], lead) if melodic and name != melodic[0]]
    return replace(pack, layers=tuple(layers), second=(*others, pack.second)[0])


def _part_of(player: str, pack: StylePack) -> Layer:
    """What ``player`` plays who joins ``pack``: as here, else as in the first style that has such a player."""
    everybody = [v for other in (pack, *STYLES.values()) for v in (*other.layers, Layer("second", other.second))]
    exact = [layer for layer in everybody if layer.instrument == player.replace(" ", "_")]
    theirs = exact or [layer for layer in everybody if player in _names(layer.instrument)]
    roles = {layer.role: layer for layer in reversed(theirs)}
    melodic = next((name for name in sorted(TUNE_PLAYERS) if player in _names(name)), None)
    if "chords" in roles or set(roles) == {BASS} or ("pad" in roles and melodic is None):
        part = next(roles[role] for role in PARTS if role in roles)
        louder_db = FEATURED_PAD_DB if part.role == "pad" else 0.0
        return replace(part, gain_db=part.gain_db + louder_db, from_energy=0.0, to_energy=1.1)
    return Layer("lead", melodic or theirs[0].instrument)


def _played_by(pack: StylePack, players: Collection[str]) -> StylePack:
    """The style's own patterns in the hands of ``players`` alone: one has the tune, one who can plays the chords, and
    the bass too where no bass was asked for.
    """
    named = [instrument for player in players if player not in {DRUMS, BASS} for instrument in _called(player, pack)]
    tune = next((name for name in named if name in TUNE_PLAYERS), named[0] if named else ANYBODY)
    others = [name for name in named if name != tune]
    harmony = next((name for name in (*others, tune) if name in CHORD_PLAYERS), None)
    layers: list[Layer] = []
    for layer in pack.layers:
        first = not any(done.role == layer.role for done in layers)
        if layer.role == "lead":
            layers.append(replace(layer, instrument=tune))
        elif layer.role == BASS and BASS in players:
            has_a_bass = BASS in _names(layer.instrument)
            layers.append(layer if has_a_bass else replace(layer, instrument=ANY_BASS))
        elif harmony and layer.role in {"chords", BASS} and first:
            layers.append(replace(layer, instrument=harmony, from_energy=0.0, to_energy=1.1))
        elif layer.role == "answer":
            layers.append(replace(layer, instrument=harmony or tune))
        elif layer.instrument in named and (layer.role, layer.instrument) not in {
            (v.role, v.instrument) for v in layers
        }:
            layers.append(layer)
    groove = pack.groove if DRUMS in players else ""
    return replace(
        pack, layers=tuple(layers), second=next((n for n in others if n in TUNE_PLAYERS), tune), groove=groove
    )


def play_alone(players: Collection[str]) -> bool:
    """Whether these were asked for and none of them plays chords: a melody, and nothing under it."""
    everybody = {layer.instrument for pack in STYLES.values() for layer in pack.layers}
    return bool(players) and not any(_names(name) & set(players) for name in everybody & CHORD_PLAYERS)


def _called(player: str, pack: StylePack) -> list[str]:
    """The instruments that ``player`` ("guitar") may mean: the style's own, else the first that any style has."""
    exact = player.replace(" ", "_")
    if exact in CHORD_PLAYERS | TUNE_PLAYERS:
        return [exact]
    own = [layer.instrument for layer in pack.layers if player in _names(layer.instrument)]
    everybody = (layer.instrument for other in STYLES.values() for layer in other.layers)
    return [*dict.fromkeys(own)] or [next(name for name in everybody if player in _names(name))]


def _names(instrument: str) -> set[str]:
    return {instrument.replace("_", " "), *instrument.split("_")}


def _roles(layer: Layer) -> set[str]:
    return {BASS} if layer.role == BASS else set()


def check_styles(params: GenParams) -> None:
    """Check that the styles asked for and the players named exist; raises InvalidInput where one does not."""
    for player in (*params.featuring, *params.only, *params.without):
        if player not in PLAYERS:
            raise InvalidInput(f"No style has “{player}”.", detail={"players": sorted(PLAYERS)})
    for name in (params.style_a, params.style_b):
        if name is not None and name not in STYLES:
            raise InvalidInput(f"There is no style “{name}”.", detail={"styles": sorted(STYLES)})


def choose_styles(
    params: GenParams, hummed: Melody, played: Melody, *, avoided: Collection[str] = ()
) -> tuple[StylePack, StylePack]:
    """Two packs that suit the melody as it is ``played`` and differ from each other; none of those ``avoided``.

    Raises:
        InvalidInput: a style that does not exist.
    """
    check_styles(params)
    # Other hums under the same seed bring other bands, too. The draw goes by what is surest of a hum, and coarsely: the
    # same one with a little noise in it, or begun a moment later, brings the same band.
    tempo_range = math.floor(TEMPO_RANGES_PER_OCTAVE * math.log2(hummed.tempo_bpm))
    kind = f"{hummed.key.tonic} {hummed.key.mode} {hummed.meter} {tempo_range}"
    rng = np.random.default_rng([params.seed, zlib.crc32(b"styles"), zlib.crc32(kind.encode())])
    fit = {name: _suitability(pack, params.mood, played) + rng.gumbel(0, SEED_WEIGHT) for name, pack in STYLES.items()}
    if len(set(fit) - set(avoided)) > CONTRASTING_PACKS:
        fit = {name: value for name, value in fit.items() if name not in avoided}
    first = STYLES[params.style_a] if params.style_a else STYLES[max(fit, key=lambda n: fit[n] - (n == params.style_b))]
    if params.style_b:
        return first, STYLES[params.style_b]
    others = (
        pack
        for pack in STYLES.values()
        if pack is not first
        and pack.name in fit
        and not similar_rhythms(first.name, pack.name, played.meter, played.tempo_bpm)
    )
    unlike = sorted((p.name for p in others), key=lambda n: -_contrast(first, STYLES[n], played.meter))
    return first, STYLES[max(unlike[:CONTRASTING_PACKS], key=lambda n: fit[n])]


def _suitability(pack: StylePack, mood: str, melody: Melody) -> float:
    low, high = pack.tempo
    tempo_bpm = melody.tempo_bpm
    # Half and double time are near misses: players can count so.
    octaves = min(
        abs(np.log2(tempo_bpm * factor / np.clip(tempo_bpm * factor, low, high))) + cost
        for factor, cost in ((1, 0), (2, HALF_TIME_OCTAVES), (0.5, HALF_TIME_OCTAVES))
    )
    score = -TEMPO_COST_PER_OCTAVE * float(octaves)
    if mood != "auto":
        score += MOOD_FITS if mood in pack.moods else MOOD_DIFFERS
    score += pack.minor if melody.key.mode is Mode.MINOR else MAJOR_SHARE * pack.minor
    if melody.meter != "4/4":
        score += TRIPLE_TIME_WEIGHT * pack.triple_time
    else:
        score += MUSETTE_IN_FOUR * (pack.name == "musette")
    return score


def similar_rhythms(a: str, b: str, meter: Meter, tempo_bpm: float) -> bool:
    """Whether two packs are heard in much the same rhythm; ``tempo_bpm``: quarters per minute."""
    groups = SIMILAR_RHYTHMS[meter] + (SIMILAR_WHEN_FAST[meter] if tempo_bpm >= FAST_TEMPO else ())
    return any({a, b} <= set(group.split()) for group in groups)


def _contrast(a: StylePack, b: StylePack, meter: Meter) -> float:
    tilt_db = float(np.abs(np.subtract(a.tilt_db, b.tilt_db)).sum())
    groove = GROOVE_WEIGHT * groove_distance(a.groove, b.groove, meter)
    family, kit = a.family != b.family, a.kit != b.kit
    return FAMILY_WEIGHT * family + TILT_WEIGHT_PER_DB * tilt_db + KIT_WEIGHT * kit + groove
