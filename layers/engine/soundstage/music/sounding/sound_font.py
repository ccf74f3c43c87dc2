"""Recorded instruments: a sound font, played by FluidSynth as a program of its own, where the machine has both.

FluidSynth (LGPL) is started, never linked. It gets one player at a time, dry and in the middle, so that places, reverbs
and mastering stay ours. The font is FluidR3 (MIT), where Debian's ``fluid-soundfont-gm`` puts it. What a sound font has
not, or does worse, our own instruments go on playing: synthesisers, and drum machines.
"""

import functools
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from soundstage.arrays import Samples
from soundstage.models.composition import VariantPlan
from soundstage.music.arranging.arrangement import Part
from soundstage.music.arranging.performance import HIT_STEPS, TOUCHING_S, PlayedHit
from soundstage.music.instruments.kit import KITS, hit
from soundstage.music.instruments.modal_synthesis import RATE_HZ
from soundstage.music.instruments.notes import PlayedNote
from soundstage.music.instruments.orchestra import ORCHESTRA
from soundstage.music.sounding.midi import write_midi
from soundstage.music.sounding.rendering import place_hits

DEBIAN_FONT = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")
TIMEOUT_S = 120.0
# Far enough apart that a cymbal has died away before the next stroke.
HIT_S = 2.5
INSTRUMENTS = frozenset(
    {
        "accordion",
        "brass",
        "cello",
        "choir",
        "clarinet",
        "clavinet",
        "electric_bass",
        "electric_piano",
        "flute",
        "harp",
        "horn",
        "marimba",
        "music_box",
        "nylon_guitar",
        "organ",
        "piano",
        "saxophone",
        "solo_accordion",
        "steel_guitar",
        "strings",
        "trumpet",
        "upright_bass",
        "vibraphone",
        "violin",
    }
)
# Our kits → General MIDI's programs on the drum channel.
SAMPLED_KITS = {"acoustic": 0, "tight": 16, "brushes": 40}


# How long before its time a slurred note begins, and how long the joint is.
UNHEARD_S, JOINT_S = 0.2, 0.05
# Tongued notes touch.
TONGUED_S = 0.03
# From the key to half of the sound, beyond what other instruments take.
SPEAKS_LATE_S = {"cello": 0.08, "violin": 0.03, "flute": 0.03}


class SoundFontFailed(Exception):
    """FluidSynth did not render: our own instruments play."""


@dataclass(frozen=True)
class SoundFont:
    """A program and the font that it plays."""

    fluidsynth: Path
    font: Path

    @property
    def name(self) -> str:
        return self.font.stem

    def command(self, midi: Path, out: Path) -> list[str]:
        """Without the font's own room: raw 32-bit stereo, whose bytes depend on nothing but the notes."""
        return [
            *(str(self.fluidsynth), "-ni", "-q", "-R", "0", "-C", "0", "-g", "0.5", "-r", str(RATE_HZ)),
            *("-o", "synth.dynamic-sample-loading=1", "-o", "synth.lock-memory=0", "-o", "synth.cpu-cores=1"),
            *("-T", "raw", "-O", "float", "-E", "little", "-F", str(out), str(self.font), str(midi)),
        ]

    def part(self, part: Part, played: Sequence[PlayedNote], plan: VariantPlan, frames: int) -> Samples:
        """One player, float32 [frames] mono. Raises SoundFontFailed.

        A recorded note always begins with its attack. Where a line is slurred, two hands take turns: the next note
        begins unheard, early enough to have spoken, and they are crossfaded at the joint.
        """
        alone = Part(part.name, replace(part.layer, pan=0.0))
        if ORCHESTRA[part.layer.instrument].line is None:
            return self._rendered(plan, [(alone, list(played))], [], frames)
        hands = slur(played, SPEAKS_LATE_S.get(part.layer.instrument, 0.0))
        # One after the other in one go: starting the program costs more than playing on.
        reel = [
            replace(p, start_s=p.start_s + i * frames / RATE_HZ) for i, hand in enumerate(hands) for p in hand.notes
        ]
        sound = self._rendered(plan, [(alone, reel)], [], frames * len(hands)).reshape(len(hands), frames)
        sound *= np.stack([hand.gain(frames) for hand in hands])
        return np.asarray(sound.sum(axis=0))

    def drums(self, kit: str, played: Sequence[PlayedHit], plan: VariantPlan, frames: int) -> dict[str, Samples]:
        """Each drum by itself, in the balance of our own kit: grooves are written for that. Raises SoundFontFailed."""
        wanted = sorted({(hit.drum, hit.step) for hit in played})
        reel = [PlayedHit(i * HIT_S, drum, step / HIT_STEPS) for i, (drum, step) in enumerate(wanted)]
        length = round(HIT_S * RATE_HZ)
        sound = self._rendered(plan, [], reel, length * len(reel), drum_program=SAMPLED_KITS[kit])
        strokes = {key: sound[i * length : (i + 1) * length] for i, key in enumerate(wanted)}
        for drum in {drum for drum, _ in wanted}:
            steps = [step for name, step in wanted if name == drum]
            own = hit(KITS[kit], drum, steps[-1] / HIT_STEPS, np.random.default_rng(0))
            gain = np.float32(np.sqrt(float(own @ own) / max(float(np.square(strokes[drum, steps[-1]]).sum()), 1e-9)))
            for step in steps:
                strokes[drum, step] *= gain
        return place_hits(played, frames, lambda hit: strokes[hit.drum, hit.step])

    def _rendered(
        self,
        plan: VariantPlan,
        parts: Sequence[tuple[Part, list[PlayedNote]]],
        hits: Sequence[PlayedHit],
        frames: int,
        *,
        drum_program: int = 0,
    ) -> Samples:
        with tempfile.TemporaryDirectory(prefix="soundstage-font-") as folder:
            midi, out = Path(folder) / "part.mid", Path(folder) / "part.raw"
            write_midi(midi, plan, parts, hits, drum_program=drum_program)
            try:
                subprocess.run(  # noqa: S603  (a list of arguments; the files are our own)
                    self.command(midi, out), check=True, capture_output=True, timeout=TIMEOUT_S
                )
                stereo = np.fromfile(out, "<f4").reshape(-1, 2)
            except (OSError, subprocess.SubprocessError, ValueError) as trouble:
                raise SoundFontFailed(str(trouble)) from trouble
        if not len(stereo):
            raise SoundFontFailed("FluidSynth wrote nothing.")
        mono = np.zeros(frames, dtype=np.float32)
        length = min(frames, len(stereo))
        mono[:length] = stereo[:length].sum(axis=1)
        return mono


@dataclass
class Hand:
    """Notes that sound as recorded, and ``fades``, in order: what is heard of them from which second on."""

    notes: list[PlayedNote] = field(default_factory=list)
    fades: list[tuple[float, float]] = field(default_factory=list)

    def fade(self, start_s: float, seconds: float, to: float) -> None:
        last_s, level = self.fades[-1] if self.fades else (-1.0, 1.0 - to)
        self.fades += [(max(start_s, last_s), level), (max(start_s, last_s) + seconds, to)]

    def gain(self, frames: int) -> Samples:
        """[frames], of equal power where one hand takes over from the other."""
        if not self.fades:
            return np.ones(frames, dtype=np.float32)
        times, levels = (np.array(column) for column in zip(*self.fades, strict=True))
        power = np.interp(np.arange(frames), times * RATE_HZ, levels)
        return np.asarray(np.sqrt(power), dtype=np.float32)


def slur(played: Sequence[PlayedNote], speaks_late_s: float) -> list[Hand]:
    """A line for two hands, or for one where nothing is slurred."""
    hands = [Hand(), Hand()]
    turn = 0
    for before, now, after in zip([None, *played], played, [*played[1:], None], strict=False):
        slurred, goes_on = now.expression.slurred, after is not None and after.expression.slurred
        early = min(speaks_late_s, now.start_s)
        if slurred and before is not None:
            early = min(UNHEARD_S, 0.6 * before.duration_s)
            hands[turn].fade(now.start_s - JOINT_S / 2, JOINT_S, 0.0)
            turn = 1 - turn
            hands[turn].fade(now.start_s - JOINT_S / 2, JOINT_S, 1.0)
        elif hands[turn].fades:
            hands[turn].fade(now.start_s - early - TONGUED_S, TONGUED_S, 1.0)
        touches = after is not None and after.midi != now.midi and after.start_s - now.end_s < TOUCHING_S
        longer = early + (JOINT_S if goes_on else TONGUED_S if touches else 0.0)
        # A slurred note is reached by gliding, not from below.
        expression = replace(now.expression, scoop_cents=0.0) if slurred else now.expression
        hands[turn].notes.append(
            replace(now, start_s=now.start_s - early, duration_s=now.duration_s + longer, expression=expression)
        )
    return [hand for hand in hands if hand.notes]


@functools.cache
def find_sound_font(font: Path = DEBIAN_FONT) -> SoundFont | None:
    """The font with the FluidSynth on PATH, or None where one of them is missing.

    Recorded instruments are taken wherever they are found: they sound better than ours, and cost a second a song more.
    """
    program = shutil.which("fluidsynth")
    return SoundFont(Path(program), font) if program and font.is_file() else None
