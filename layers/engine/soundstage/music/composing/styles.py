"""Style packs: who plays what, how it grooves, which chords it likes, how it is built and mixed."""

import zlib
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from soundstage.models.composition import Meter
from soundstage.models.errors import InvalidInput
from soundstage.models.music import GenParams, Mode
from soundstage.music.composing.grooves import groove_distance
from soundstage.music.composing.harmony import Taste

Role = Literal["lead", "second", "double", "answer", "counter", "bass", "chords", "pad"]
Family = Literal["acoustic", "band", "electronic", "orchestral"]


@dataclass(frozen=True)
class Layer:
    """One player. ``pattern`` names a way of playing in the arrangement; it plays from ``from_energy`` to
    ``to_energy`` of a section. ``pan`` −1…1; ``room`` and ``hall`` are reverb sends, 0–1.
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
    """``tempo``: comfortable quarters per minute. ``tilt_db``: below 150 Hz, around 1 kHz, above 5 kHz against the
    reference curve. ``pump``: ducking by the bass drum. ``swing16``: share of an eighth that its first sixteenth takes.
    ``ritardando``: how much longer a beat lasts at the end. ``second``: who takes the tune over when it comes back;
    ``lifts``: semitones by which the last chorus may rise.
    """

    name: str
    family: Family
    tempo: tuple[float, float]
    moods: tuple[str, ...]
    minor: float
    lead_centre: int
    taste: Taste
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
    ritardando: float = 0.0
    drop: bool = False
    second: str = "clarinet"
    lifts: tuple[int, ...] = ()
    energies: dict[str, float] = field(
        default_factory=lambda: {"intro": 0.3, "verse": 0.5, "chorus": 0.8, "break": 0.35, "outro": 0.45}
    )


def _l(role: Role, instrument: str, pattern: str = "", gain_db: float = 0.0, pan: float = 0.0, **more: float) -> Layer:
    return Layer(role, instrument, pattern, gain_db, pan, **more)


STYLES: dict[str, StylePack] = {
    pack.name: pack
    for pack in (
        StylePack(
            name="campfire",
            second="clarinet",
            lifts=(2,),
            ritardando=0.12,
            family="acoustic",
            tempo=(80, 130),
            moods=("happy", "calm"),
            minor=0.0,
            lead_centre=76,
            taste=Taste("adds", change_inside_bar=-0.7),
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
            second="saxophone",
            family="electronic",
            tempo=(65, 104),
            moods=("calm", "dreamy", "dark"),
            minor=0.3,
            lead_centre=72,
            taste=Taste("ninths", change_inside_bar=-0.3, spice=0.7),
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
                _l("double", "soft_lead", "octave_below", -7.0, -0.2, from_energy=0.75),
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
            second="soft_lead",
            lifts=(2,),
            family="electronic",
            tempo=(84, 128),
            moods=("epic", "dark", "happy"),
            minor=0.5,
            lead_centre=74,
            taste=Taste("triads", change_inside_bar=-1.6, surprise=0.35),
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
            lead_centre=74,
            taste=Taste("adds", change_inside_bar=-0.25, spice=0.5),
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
            second="horn",
            lifts=(1, 2),
            ritardando=0.18,
            family="orchestral",
            tempo=(60, 108),
            moods=("epic", "dark"),
            minor=0.4,
            lead_centre=72,
            taste=Taste("triads", change_inside_bar=-0.9, spice=0.8, surprise=0.35),
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
            energies={"intro": 0.25, "verse": 0.45, "chorus": 0.85, "break": 0.4, "outro": 0.6},
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
                _l("bass", "strings", "long", -2.0, 0.15, from_energy=0.2, hall=0.2),
            ),
        ),
        StylePack(
            name="bossa",
            second="saxophone",
            ritardando=0.08,
            family="acoustic",
            tempo=(100, 150),
            moods=("happy", "calm", "dreamy"),
            minor=0.1,
            lead_centre=77,
            taste=Taste("ninths", change_inside_bar=-0.35, spice=0.9),
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
            second="trumpet",
            family="band",
            tempo=(88, 120),
            moods=("happy", "epic"),
            minor=0.2,
            lead_centre=69,
            taste=Taste("ninths", change_inside_bar=-0.5, spice=0.4),
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
            second="vibraphone",
            family="electronic",
            tempo=(112, 132),
            moods=("happy", "epic", "dreamy"),
            minor=0.3,
            lead_centre=76,
            taste=Taste("sevenths", change_inside_bar=-1.2, surprise=0.35),
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
            energies={"intro": 0.3, "verse": 0.5, "chorus": 0.9, "break": 0.2, "outro": 0.5},
            triple_time=0.15,
            layers=(
                _l("lead", "soft_lead", gain_db=0.5, hall=0.25),
                _l("double", "saw_lead", "octave", -7.0, 0.25, from_energy=0.75, hall=0.25),
                _l("answer", "piano", gain_db=-1.0, pan=-0.25, hall=0.2),
                _l("counter", "glass_pad", "guide", -6.0, 0.4, from_energy=0.6, hall=0.3),
                _l("chords", "piano", "house", -4.0, -0.1, from_energy=0.45),
                _l("chords", "synth_pluck", "arpeggio", -9.0, 0.5, hall=0.3),
                _l("pad", "warm_pad", "sustain", -8.0, hall=0.3),
                _l("bass", "synth_bass", "offbeat", 0.5, room=0.0, hall=0.0, from_energy=0.4),
            ),
        ),
        StylePack(
            name="dreambox",
            second="flute",
            ritardando=0.2,
            family="electronic",
            tempo=(60, 104),
            moods=("dreamy", "calm"),
            minor=0.1,
            lead_centre=84,
            taste=Taste("ninths", change_inside_bar=-1.4, spice=0.6, surprise=0.35),
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
            second="violin",
            lifts=(1, 2),
            ritardando=0.15,
            family="acoustic",
            tempo=(90, 190),
            moods=("happy", "dreamy"),
            minor=0.3,
            lead_centre=74,
            taste=Taste("sevenths", change_inside_bar=-0.5, spice=1.0),
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


# Two songs that fall alike sound alike: more than any other difference, the groove tells A from B.
GROOVE_WEIGHT = 2.0
# Packs whose rhythms are heard as much the same, whatever their grooves say: less than about .23 apart as
# ``ab_diversity`` measures it. ``tests.bench.music_rhythms`` measures it again.
HEARD_ALIKE: dict[Meter, tuple[str, ...]] = {
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
        "ballad dreambox",
        "synthwave house",
        "synthwave funk",
        "funk house",
        "funk lofi",
    ),
    "6/8": ("campfire ballad bossa funk dreambox musette", "synthwave house", "funk lofi"),
}
# B is chosen by how it suits the hum, among this many packs that differ most from A.
UNLIKE_ENOUGH = 4
# How much the seed has to say, so that other seeds bring other bands.
SEED_WEIGHT = 0.7


def check_styles(params: GenParams) -> None:
    """Raises InvalidInput for a style that does not exist."""
    for name in (params.style_a, params.style_b):
        if name is not None and name not in STYLES:
            raise InvalidInput(f"There is no style “{name}”.", detail={"styles": sorted(STYLES)})


def choose_styles(
    params: GenParams, tempo_bpm: float, mode: Mode, meter: Meter, seed: int
) -> tuple[StylePack, StylePack]:
    """Two packs that suit the hum and differ from each other. Raises InvalidInput for a style that does not exist."""
    check_styles(params)
    # Other hums under the same seed bring other bands, too.
    rng = np.random.default_rng([seed, zlib.crc32(b"styles"), round(100 * tempo_bpm)])
    fit = {
        name: _suits(pack, params.mood, tempo_bpm, mode, meter) + rng.gumbel(0, SEED_WEIGHT)
        for name, pack in STYLES.items()
    }
    first = STYLES[params.style_a] if params.style_a else STYLES[max(fit, key=lambda n: fit[n] - (n == params.style_b))]
    if params.style_b:
        return first, STYLES[params.style_b]
    others = (pack for pack in STYLES.values() if pack is not first and not _heard_alike(first, pack, meter))
    unlike = sorted((p.name for p in others), key=lambda n: -_contrast(first, STYLES[n], meter))
    return first, STYLES[max(unlike[:UNLIKE_ENOUGH], key=lambda n: fit[n])]


def _suits(pack: StylePack, mood: str, tempo_bpm: float, mode: Mode, meter: Meter) -> float:
    low, high = pack.tempo
    # Half and double time count as near misses: players can feel them.
    away = min(
        abs(np.log2(tempo_bpm * f / np.clip(tempo_bpm * f, low, high))) + c for f, c in ((1, 0), (2, 0.3), (0.5, 0.3))
    )
    score = -3.0 * float(away)
    if mood != "auto":
        score += 1.2 if mood in pack.moods else -0.8
    score += pack.minor if mode is Mode.MINOR else -0.3 * pack.minor
    if meter != "4/4":
        score += 1.5 * pack.triple_time
    else:
        score -= 0.8 * (pack.name == "musette")
    return score


def _heard_alike(a: StylePack, b: StylePack, meter: Meter) -> bool:
    return any({a.name, b.name} <= set(group.split()) for group in HEARD_ALIKE[meter])


def _contrast(a: StylePack, b: StylePack, meter: Meter) -> float:
    tilt = float(np.abs(np.subtract(a.tilt_db, b.tilt_db)).sum())
    groove = GROOVE_WEIGHT * groove_distance(a.groove, b.groove, meter)
    return 1.0 * (a.family != b.family) + 0.15 * tilt + 0.4 * (a.kit != b.kit) + groove
