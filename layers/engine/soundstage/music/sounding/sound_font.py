"""Sound font: recorded instruments, rendered by FluidSynth as a program of its own, where the machine has both.

FluidSynth (LGPL) is started, never linked. It renders one player at a time, dry and in the middle; panning,
reverberation and mastering are ours. The font is FluidR3 (MIT), where Debian's ``fluid-soundfont-gm`` puts it.
Synthesisers and drum machines are always ours.
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
from soundstage.music.instruments.kit import GM_DRUMS, KITS, hit
from soundstage.music.instruments.modal_synthesis import RATE_HZ
from soundstage.music.instruments.notes import PlayedNote
from soundstage.music.instruments.orchestra import ORCHESTRA
from soundstage.music.sounding.midi import write_midi
from soundstage.music.sounding.rendering import place_hits

DEBIAN_FONT = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")
TIMEOUT_S = 120.0  # of a rendering, which takes about a second
HIT_S = 2.5  # between strokes of a reel: a cymbal has decayed by then
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
        "string_bass",
        "strings",
        "trumpet",
        "upright_bass",
        "vibraphone",
        "violin",
    }
)
# Our kits → General MIDI's programs on the drum channel.
SAMPLED_KITS = {"acoustic": 0, "tight": 16, "brushes": 40}


# A slurred note begins so long before its time, muted (but .6 of the note before at most); the cross-fade of the joint.
MUTED_S, MAX_MUTED_SHARE, JOINT_S = 0.2, 0.6, 0.05
TONGUED_S = 0.03  # overlap of notes that touch without a slur
# From note-on to half of the level, beyond what other instruments take; chosen on FluidR3.
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
        """The program and its arguments: no reverberation or chorus, raw 32-bit stereo, the same bytes for the same
        notes.
        """
        return [
            *(str(self.fluidsynth), "-ni", "-q", "-R", "0", "-C", "0", "-g", "0.5", "-r", str(RATE_HZ)),
            *("-o", "synth.dynamic-sample-loading=1", "-o", "synth.lock-memory=0", "-o", "synth.cpu-cores=1"),
            *("-T", "raw", "-O", "float", "-E", "little", "-F", str(out), str(self.font), str(midi)),
        ]

    def part(self, part: Part, played: Sequence[PlayedNote], plan: VariantPlan, frames: int) -> Samples:
        """One player, float32 [frames] mono.

        A recorded note always begins with its attack. Where a line is slurred, two stems take turns: the next note
        begins muted, early enough to have passed its attack, and they are cross-faded at the joint.

        Raises:
            SoundFontFailed: FluidSynth did not render.
        """
        alone = Part(part.name, replace(part.layer, pan=0.0))
        if ORCHESTRA[part.layer.instrument].line is None:
            return self._rendered(plan, [(alone, list(played))], [], frames)
        stems = slur(played, SPEAKS_LATE_S.get(part.layer.instrument, 0.0))
        # One after the other in one rendering: starting the program costs more.
        reel = [
            replace(p, start_s=p.start_s + i * frames / RATE_HZ) for i, stem in enumerate(stems) for p in stem.notes
        ]
        sound = self._rendered(plan, [(alone, reel)], [], frames * len(stems)).reshape(len(stems), frames)
        sound *= np.stack([stem.gain(frames) for stem in stems])
        return np.asarray(sound.sum(axis=0))

    def drums(self, kit: str, played: Sequence[PlayedHit], plan: VariantPlan, frames: int) -> dict[str, Samples]:
        """Each drum by itself, float32 [frames], in the balance of our own kit, for which grooves are written.

        Raises:
            SoundFontFailed: FluidSynth did not render.
        """
        strokes_played = sorted({(hit.drum, hit.step) for hit in played if hit.drum in GM_DRUMS})
        reel = [PlayedHit(i * HIT_S, drum, step / HIT_STEPS) for i, (drum, step) in enumerate(strokes_played)]
        length = round(HIT_S * RATE_HZ)
        sound = self._rendered(plan, [], reel, length * len(reel), drum_program=SAMPLED_KITS[kit])
        strokes = {key: sound[i * length : (i + 1) * length] for i, key in enumerate(strokes_played)}
        for drum in {drum for drum, _ in strokes_played}:
            steps = [step for name, step in strokes_played if name == drum]
            own = hit(KITS[kit], drum, steps[-1] / HIT_STEPS, np.random.default_rng(0))
            gain = np.float32(np.sqrt(float(own @ own) / max(float(np.square(strokes[drum, steps[-1]]).sum()), 1e-9)))
            for step in steps:
                strokes[drum, step] *= gain
        for drum, step in {(p.drum, p.step) for p in played} - set(strokes_played):  # what fonts do not have
            strokes[drum, step] = hit(KITS[kit], drum, step / HIT_STEPS, np.random.default_rng(0))
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
class Stem:
    """Notes that overlap in no attack, and ``fades``: (time, power) of the stem's gain, in order."""

    notes: list[PlayedNote] = field(default_factory=list)
    fades: list[tuple[float, float]] = field(default_factory=list)

    def fade(self, start_s: float, seconds: float, to: float) -> None:
        last_s, level = self.fades[-1] if self.fades else (-1.0, 1.0 - to)
        self.fades += [(max(start_s, last_s), level), (max(start_s, last_s) + seconds, to)]

    def gain(self, frames: int) -> Samples:
        """Gain, float32 [frames], of equal power where one stem takes over from the other."""
        if not self.fades:
            return np.ones(frames, dtype=np.float32)
        times, levels = (np.array(column) for column in zip(*self.fades, strict=True))
        power = np.interp(np.arange(frames), times * RATE_HZ, levels)
        return np.asarray(np.sqrt(power), dtype=np.float32)


def slur(played: Sequence[PlayedNote], speaks_late_s: float) -> list[Stem]:
    """The notes of a line on two stems, or on one where nothing is slurred."""
    stems = [Stem(), Stem()]
    turn = 0
    for before, now, after in zip([None, *played], played, [*played[1:], None], strict=False):
        slurred, goes_on = now.expression.slurred, after is not None and after.expression.slurred
        early = min(speaks_late_s, now.start_s)
        if slurred and before is not None:
            early = min(MUTED_S, MAX_MUTED_SHARE * before.duration_s)
            stems[turn].fade(now.start_s - JOINT_S / 2, JOINT_S, 0.0)
            turn = 1 - turn
            stems[turn].fade(now.start_s - JOINT_S / 2, JOINT_S, 1.0)
        elif stems[turn].fades:
            stems[turn].fade(now.start_s - early - TONGUED_S, TONGUED_S, 1.0)
        touches = after is not None and after.midi != now.midi and after.start_s - now.end_s < TOUCHING_S
        longer = early + (JOINT_S if goes_on else TONGUED_S if touches else 0.0)
        # A slurred note has a glide instead of a scoop.
        expression = replace(now.expression, scoop_cents=0.0) if slurred else now.expression
        stems[turn].notes.append(
            replace(now, start_s=now.start_s - early, duration_s=now.duration_s + longer, expression=expression)
        )
    return [stem for stem in stems if stem.notes]


@functools.cache
def find_sound_font(font: Path = DEBIAN_FONT) -> SoundFont | None:
    """The font with the FluidSynth on PATH, or None where one of them is missing.

    Recorded instruments are used wherever they are installed; they take a second a song more.
    """
    program = shutil.which("fluidsynth")
    return SoundFont(Path(program), font) if program and font.is_file() else None
