"""The orchestra: every instrument by name, with its patch, range and General MIDI program."""

from dataclasses import dataclass

from soundstage.music.instruments.held import EnsemblePatch, ensemble
from soundstage.music.instruments.solo import SoloPatch
from soundstage.music.instruments.struck import BarPatch, FilterPatch, Player, StringPatch, bar, filtered, string


@dataclass(frozen=True)
class Instrument:
    """An instrument that plays single notes (``play``) or whole lines with bends (``line``): one of the two.

    ``low``, ``high``: comfortable range, MIDI. ``program``: General MIDI, from 0. ``gain``: relative to the others.
    """

    low: int
    high: int
    program: int
    gain: float = 1.0
    play: Player | None = None
    line: SoloPatch | None = None


# Strings; stiffness of steel strings and of a piano's middle register.
_NYLON = StringPatch(
    position=0.28, slope=1.35, t60_s=2.6, damping=0.2, touch=0.05, body_hz=(110.0, 230.0, 420.0), release_s=0.18
)
_STEEL = StringPatch(
    position=0.17,
    slope=0.95,
    t60_s=4.5,
    damping=0.09,
    stiffness=6e-5,
    unison=(0.0, 2.2),
    touch=0.06,
    touch_hz=(1500, 7000),
    body_hz=(115.0, 220.0, 700.0),
    release_s=0.2,
)
_PIANO = StringPatch(
    position=0.12,
    slope=1.25,
    t60_s=7.0,
    damping=0.1,
    stiffness=3.5e-4,
    unison=(-0.7, 0.0, 0.9),
    touch=0.05,
    touch_hz=(300, 2500),
    body_hz=(180.0, 900.0),
    release_s=0.16,
    attack_s=0.002,
)
_HARP = StringPatch(position=0.4, slope=1.3, t60_s=4.0, damping=0.12, touch=0.02, body_hz=(200.0,), release_s=0.6)
_PIZZICATO = StringPatch(
    position=0.22, slope=1.25, t60_s=0.75, damping=0.25, touch=0.04, touch_hz=(200, 2000), body_hz=(280.0, 480.0)
)
_UPRIGHT = StringPatch(
    position=0.3, slope=1.3, t60_s=1.5, damping=0.2, touch=0.05, touch_hz=(150, 1800), body_hz=(95.0, 210.0)
)
_FINGER = StringPatch(
    position=0.18, slope=1.0, t60_s=2.2, damping=0.12, touch=0.04, touch_hz=(300, 2500), body_hz=(160.0,)
)
_CLAV = StringPatch(position=0.08, slope=0.75, t60_s=1.8, damping=0.08, touch=0.08, body_hz=(900.0, 2000.0))
# Bars: tuned to 1 : 4 : 10 (vibraphone) and 1 : 3.9 : 9.2 (marimba; Fletcher & Rossing 1998, ch. 19); the comb of a
# music box has the modes of a uniform bar, 1 : 2.76 : 5.40 : 8.93, and so have the plates of a celesta, whose
# resonators strengthen the lowest.
_TINE = BarPatch(
    modes=(
        (1.0, 1.0, 1.0),
        (2.0, 0.32, 0.7),
        (3.0, 0.12, 0.5),
        (4.0, 0.05, 0.4),
        (7.1, 0.10, 0.12),
        (13.9, 0.03, 0.06),
    ),
    t60_s=4.0,
    bell=0.9,
    release_s=0.15,
)
_VIBES = BarPatch(
    modes=((1.0, 1.0, 1.0), (4.0, 0.22, 0.4), (10.2, 0.05, 0.1)),
    t60_s=5.0,
    tremolo_hz=4.6,
    tremolo=0.35,
    release_s=0.5,
)
_MARIMBA = BarPatch(modes=((1.0, 1.0, 1.0), (3.93, 0.3, 0.35), (9.3, 0.1, 0.12)), t60_s=1.1, touch=0.05)
_MUSIC_BOX = BarPatch(modes=((1.0, 1.0, 1.0), (2.76, 0.25, 0.5), (5.4, 0.12, 0.25), (8.9, 0.05, 0.12)), t60_s=3.0)
_CELESTA = BarPatch(
    modes=((1.0, 1.0, 1.0), (2.76, 0.08, 0.35), (5.4, 0.02, 0.15)), t60_s=2.4, release_s=0.4, touch=0.015
)

# Ensembles. The choir sings a: formants of about 650, 1080 and 2650 Hz.
_STRINGS = EnsemblePatch(
    slope=1.0, bright_hz=2600, voices=4, detune_cents=7, attack_s=0.14, release_s=0.45, formants=((450, 0.7, 0.6),)
)
_SPICCATO = EnsemblePatch(
    slope=0.95, bright_hz=3200, voices=3, detune_cents=7, attack_s=0.02, release_s=0.18, bloom_s=0.0
)
_BRASS = EnsemblePatch(
    slope=0.7,
    bright_hz=1700,
    voices=3,
    detune_cents=5,
    attack_s=0.05,
    release_s=0.14,
    bloom_s=0.07,
    formants=((1200, 0.8, 0.8),),
)
_CHOIR = EnsemblePatch(
    slope=1.25,
    bright_hz=2200,
    voices=5,
    detune_cents=12,
    attack_s=0.25,
    release_s=0.7,
    formants=((650, 2.5, 0.4), (1080, 2.0, 0.35), (2650, 1.0, 0.3)),
    breath=0.015,
)
_WARM_PAD = EnsemblePatch(
    slope=1.1, bright_hz=1100, voices=4, detune_cents=8, attack_s=0.35, release_s=0.9, bloom_s=0.8
)
_GLASS_PAD = EnsemblePatch(
    levels=(1.0, 0.15, 0.4, 0.08, 0.2, 0.0, 0.1, 0.12),
    bright_hz=4000,
    voices=4,
    detune_cents=10,
    attack_s=0.5,
    release_s=1.2,
)
_ORGAN = EnsemblePatch(
    levels=(1.0, 0.8, 0.5, 0.35, 0.1, 0.2, 0.0, 0.25),
    bright_hz=6000,
    voices=2,
    detune_cents=3,
    attack_s=0.015,
    release_s=0.06,
    bloom_s=0.0,
)
_ACCORDION = EnsemblePatch(
    slope=0.75, bright_hz=2600, voices=3, detune_cents=11, attack_s=0.05, release_s=0.1, bloom_s=0.05
)

# Solo instruments. A clarinet's even partials are weak (closed pipe).
_FLUTE = SoloPatch(slope=2.1, bright_hz=3000, attack_s=0.06, breath=0.010, vibrato_cents=12, vibrato_hz=5.0, even=0.8)
_CLARINET = SoloPatch(
    slope=1.15, bright_hz=2200, even=0.18, attack_s=0.05, vibrato_cents=6, formants=((1500, 0.6, 0.5),), breath=0.012
)
_VIOLIN = SoloPatch(
    slope=0.95,
    bright_hz=3200,
    attack_s=0.07,
    release_s=0.18,
    vibrato_cents=20,
    vibrato_hz=5.6,
    formants=((300, 0.6, 0.3), (500, 0.8, 0.3), (1100, 0.5, 0.4), (2700, 0.9, 0.4)),
    breath=0.01,
    glide_s=0.05,
)
_CELLO = SoloPatch(
    slope=1.0,
    bright_hz=1900,
    attack_s=0.09,
    release_s=0.2,
    vibrato_cents=16,
    vibrato_hz=5.0,
    formants=((220, 0.7, 0.4), (600, 0.6, 0.5)),
    glide_s=0.06,
)
_TRUMPET = SoloPatch(
    slope=0.75, bright_hz=2300, attack_s=0.035, vibrato_cents=10, formants=((1200, 0.8, 0.6), (2300, 0.5, 0.4))
)
_HORN = SoloPatch(
    slope=1.1,
    bright_hz=1300,
    attack_s=0.08,
    release_s=0.2,
    vibrato_cents=6,
    formants=((450, 0.8, 0.5),),
)
_SAX = SoloPatch(
    slope=0.85,
    bright_hz=2100,
    attack_s=0.04,
    vibrato_cents=15,
    breath=0.018,
    glide_s=0.045,
    formants=((550, 0.5, 0.4), (1300, 0.9, 0.5), (2600, 0.5, 0.4)),
)
_SAW_LEAD = SoloPatch(
    slope=1.0, bright_hz=3600, attack_s=0.008, release_s=0.1, vibrato_cents=9, glide_s=0.04, voices=(-9, 0, 9)
)
_SOFT_LEAD = SoloPatch(
    slope=1.3, bright_hz=2400, even=0.4, attack_s=0.015, release_s=0.16, vibrato_cents=12, glide_s=0.05, voices=(0, 7)
)
_SOLO_ACCORDION = SoloPatch(
    slope=0.75, bright_hz=2600, attack_s=0.04, release_s=0.08, vibrato_cents=0, glide_s=0.005, voices=(-10, 0, 11)
)
_WHISTLE = SoloPatch(slope=2.8, bright_hz=4000, attack_s=0.03, vibrato_cents=16, breath=0.010)

ORCHESTRA: dict[str, Instrument] = {
    "nylon_guitar": Instrument(40, 79, 24, 1.0, string(_NYLON)),
    "steel_guitar": Instrument(40, 81, 25, 0.95, string(_STEEL)),
    "piano": Instrument(28, 96, 0, 1.0, string(_PIANO)),
    "harp": Instrument(36, 91, 46, 1.0, string(_HARP)),
    "pizzicato": Instrument(36, 84, 45, 1.0, string(_PIZZICATO)),
    "upright_bass": Instrument(28, 52, 32, 1.2, string(_UPRIGHT)),
    "electric_bass": Instrument(28, 55, 33, 1.1, string(_FINGER)),
    "clavinet": Instrument(40, 84, 7, 0.8, string(_CLAV)),
    "electric_piano": Instrument(36, 88, 4, 1.0, bar(_TINE)),
    "vibraphone": Instrument(53, 89, 11, 1.0, bar(_VIBES)),
    "marimba": Instrument(45, 89, 12, 1.1, bar(_MARIMBA)),
    "music_box": Instrument(60, 100, 10, 0.9, bar(_MUSIC_BOX)),
    "celesta": Instrument(60, 100, 8, 0.95, bar(_CELESTA)),
    "synth_pluck": Instrument(
        45, 96, 81, 0.9, filtered(FilterPatch(cutoff_hz=500, sweep_hz=5200, sweep_s=0.1, t60_s=0.9, voices=3))
    ),
    "synth_bass": Instrument(
        28, 55, 38, 1.0, filtered(FilterPatch(cutoff_hz=320, sweep_hz=1500, sweep_s=0.12, sub=0.7, detune_cents=5))
    ),
    "sub_bass": Instrument(
        28,
        50,
        39,
        1.15,
        filtered(FilterPatch(square=True, cutoff_hz=260, sweep_hz=700, sweep_s=0.06, sub=0.9, voices=1)),
    ),
    "synth_brass": Instrument(
        48, 84, 62, 0.85, filtered(FilterPatch(cutoff_hz=1100, sweep_hz=3000, sweep_s=0.35, voices=3, release_s=0.15))
    ),
    "strings": Instrument(40, 93, 48, 1.0, ensemble(_STRINGS)),
    "string_bass": Instrument(28, 55, 43, 1.0, ensemble(_STRINGS)),
    "spiccato": Instrument(40, 88, 45, 1.0, ensemble(_SPICCATO)),
    "brass": Instrument(43, 82, 61, 0.95, ensemble(_BRASS)),
    "choir": Instrument(48, 84, 52, 1.0, ensemble(_CHOIR)),
    "warm_pad": Instrument(40, 88, 89, 1.0, ensemble(_WARM_PAD)),
    "glass_pad": Instrument(48, 91, 92, 0.9, ensemble(_GLASS_PAD)),
    "organ": Instrument(40, 88, 16, 0.8, ensemble(_ORGAN)),
    "accordion": Instrument(45, 86, 21, 0.85, ensemble(_ACCORDION)),
    "solo_accordion": Instrument(53, 89, 21, 0.9, line=_SOLO_ACCORDION),
    "flute": Instrument(60, 93, 73, 1.05, line=_FLUTE),
    "clarinet": Instrument(50, 86, 71, 1.0, line=_CLARINET),
    "violin": Instrument(55, 91, 40, 0.95, line=_VIOLIN),
    "cello": Instrument(38, 72, 42, 1.0, line=_CELLO),
    "trumpet": Instrument(55, 84, 56, 0.9, line=_TRUMPET),
    "horn": Instrument(43, 77, 60, 1.0, line=_HORN),
    "saxophone": Instrument(52, 81, 66, 0.95, line=_SAX),
    "saw_lead": Instrument(48, 91, 81, 0.85, line=_SAW_LEAD),
    "soft_lead": Instrument(48, 91, 80, 0.95, line=_SOFT_LEAD),
    "whistle": Instrument(67, 96, 78, 1.0, line=_WHISTLE),
}
