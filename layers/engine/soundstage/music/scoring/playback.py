"""Playing a film's parts: notes rendered as they come, placed in stereo, with a hall, in memory that does not grow."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from soundstage.arrays import Samples
from soundstage.audio.convolution import Convolver
from soundstage.audio.decibels import db_to_amplitude
from soundstage.audio.filters import SosFilter, high_pass, high_shelf, peaking
from soundstage.audio.pitch import midi_to_hz
from soundstage.models.composition import GridNote
from soundstage.music.arranging.drums import DrumHit
from soundstage.music.arranging.performance import slurs_resolved
from soundstage.music.instruments.kit import GM_DRUMS, KITS, hit
from soundstage.music.instruments.modal_synthesis import RATE_HZ
from soundstage.music.instruments.notes import PlayedNote
from soundstage.music.instruments.orchestra import ORCHESTRA
from soundstage.music.instruments.solo import play_line
from soundstage.music.scoring.moods import PartName, Player
from soundstage.music.scoring.parts import FilmParts
from soundstage.music.scoring.timing import Clock
from soundstage.music.sounding.mix import active_rms, room_response

BLOCK_FRAMES = 2**16  # 1.5 s
LEVEL_DB: dict[PartName, float] = {
    "lead": -20.0,
    "chords": -23.0,
    "pad": -27.0,
    "bass": -22.0,
    "sparks": -27.0,
    "percussion": -13.0,
}
"""Of one note at velocity .7 in the middle of its player's range, dBFS RMS: the melody leads, pads lie below. Of
percussion the peak of its loudest stroke."""
# Under a voice: less where its consonants are (1 to 4 kHz; ANSI S3.5 gives these bands most of the weight of speech
# intelligibility), and less hiss above it.
VOICE_HZ, VOICE_Q, VOICE_DB = 2000.0, 0.6, -5.0
AIR_HZ, AIR_DB, RUMBLE_HZ = 7000.0, -3.0, 35.0
HALL_S, HALL_PREDELAY_S, HALL_HZ = 2.4, 0.02, 4200.0
SPREAD = 0.012  # of the place in stereo by pitch, per semitone from the player's centre
REFERENCE_S, REFERENCE_VELOCITY = 1.5, 0.7
# Standard deviation of onsets, seconds; pads begin early, for they swell.
DEVIATION_S: dict[PartName, float] = {
    "lead": 0.008, "chords": 0.007, "pad": 0.01, "bass": 0.005, "sparks": 0.008, "percussion": 0.004,
}  # fmt: skip
EARLY_PAD_S = 0.06
VELOCITY_STEPS, PAD_VELOCITY_STEPS, DURATION_STEP_S, CACHED_NOTES = 8, 5, 0.06, 32
NOTE_EXPONENT = 1.5  # of amplitude over velocity, as in ``instruments.struck``
TIMPANI_LOWEST = 41  # MIDI: F2


@dataclass(frozen=True)
class Sound:
    """What is rendered as one and begins at ``start`` (frames): a note or slurred notes of one player, or a stroke."""

    start: int
    player: Player
    notes: tuple[PlayedNote, ...] = ()
    stroke: DrumHit | None = None


def perform(parts: FilmParts, clock: Clock, seed: Sequence[int]) -> list[Sound]:
    """Every sound of the film in order of time, with the deviations of players in timing and velocity."""
    sounds: list[Sound] = []
    for number, (player, notes) in enumerate(parts.notes.items()):
        rng = np.random.default_rng([*seed, 2, number])
        played = [_played(note, player, clock, rng) for note in sorted(notes, key=lambda n: (n.beat, n.midi))]
        if ORCHESTRA[player.instrument].line is None:
            sounds += [Sound(_frame(n.start_s), player, (n,)) for n in played]
            continue
        played = slurs_resolved(sorted(played, key=lambda n: n.start_s))
        starts = [i for i, n in enumerate(played) if i == 0 or not n.expression.slurred]
        for first, past in itertools.pairwise([*starts, len(played)]):
            sounds.append(Sound(_frame(played[first].start_s), player, tuple(played[first:past])))
    for number, (player, hits) in enumerate(parts.hits.items()):
        rng = np.random.default_rng([*seed, 3, number])
        for stroke in hits:
            start_s = clock.seconds(stroke.beat) + rng.normal(0.0, DEVIATION_S["percussion"])
            sounds.append(Sound(_frame(start_s), player, stroke=stroke))
    return sorted(sounds, key=lambda s: s.start)


def _frame(seconds: float) -> int:
    return max(0, round(seconds * RATE_HZ))


def _played(note: GridNote, player: Player, clock: Clock, rng: np.random.Generator) -> PlayedNote:
    early_s = EARLY_PAD_S if player.part == "pad" else 0.0
    start_s = max(0.0, clock.seconds(note.beat) + rng.normal(0.0, DEVIATION_S[player.part]) - early_s)
    end_s = clock.seconds(note.end)
    velocity = float(np.clip(note.velocity * rng.normal(1.0, 0.04), 0.05, 1.0))
    return PlayedNote(start_s, max(0.08, end_s - start_s), note.midi, velocity, note.expression)


def play(sounds: Sequence[Sound], frames: int, seed: Sequence[int]) -> Iterator[Samples]:
    """The film's music in blocks, float32 [frames, 2] at 44.1 kHz; what rings on past ``frames`` is dropped."""
    renderer = _Renderer(seed)
    response = room_response(HALL_S, HALL_PREDELAY_S, HALL_HZ, np.random.default_rng([*seed, 6]))
    hall = Convolver(np.ascontiguousarray(response.T), 2)
    tone = SosFilter(
        np.concatenate(
            [
                high_pass(RATE_HZ, RUMBLE_HZ),
                peaking(RATE_HZ, VOICE_HZ, VOICE_Q, VOICE_DB),
                high_shelf(RATE_HZ, AIR_HZ, 0.7, AIR_DB),
            ]
        ),
        2,
    )
    waiting, sounding = list(reversed(sounds)), list[tuple[int, Player, float, Samples]]()
    for first in range(0, frames, BLOCK_FRAMES):
        past = min(first + BLOCK_FRAMES, frames)
        while waiting and waiting[-1].start < past:
            sound = waiting.pop()
            sounding.append((sound.start, sound.player, _pan(sound), renderer.render(sound)))
        dry, send = np.zeros((2, past - first), np.float32), np.zeros((2, past - first), np.float32)
        for start, player, pan, mono in sounding:
            begin, end = max(start, first), min(start + len(mono), past)
            here = mono[begin - start : end - start]
            angle = (pan + 1) * np.pi / 4
            for side, share in enumerate((np.cos(angle), np.sin(angle))):
                placed = here * np.float32(share)
                dry[side, begin - first : end - first] += placed
                send[side, begin - first : end - first] += np.float32(player.hall) * placed
        sounding = [one for one in sounding if one[0] + len(one[3]) > past]
        mixed = dry.T + hall.process(np.ascontiguousarray(send.T))
        yield tone.process(np.ascontiguousarray(mixed))


def _pan(sound: Sound) -> float:
    """Low notes a little to the left of their player's place and high ones to the right."""
    if not sound.notes or sound.player.part == "bass":
        return sound.player.pan
    spread = SPREAD * (sound.notes[0].midi - sound.player.centre)
    return float(np.clip(sound.player.pan + (spread if sound.player.part != "lead" else 0.0), -1.0, 1.0))


class _Renderer:
    """Renders sounds at their player's level; the last notes are kept, for many return."""

    def __init__(self, seed: Sequence[int]) -> None:
        self._seed = list(seed)
        self._notes: dict[tuple[str, int, int, int], Samples] = {}
        self._levels: dict[Player, float] = {}
        self._strokes = 0

    def render(self, sound: Sound) -> Samples:
        """float32 [frames] mono."""
        gain = self._gain(sound.player)
        if sound.stroke is not None:
            self._strokes += 1
            return np.float32(gain) * _stroke(sound.stroke, [*self._seed, 5, self._strokes % 3])
        patch = ORCHESTRA[sound.player.instrument].line
        if patch is None:
            return np.float32(gain) * self._note(sound.player.instrument, sound.notes[0], sound.player.part)
        starts_s = sound.notes[0].start_s
        notes = [replace(n, start_s=n.start_s - starts_s) for n in sound.notes]
        frames = _frame(notes[-1].end_s + patch.release_s) + 1
        rng = np.random.default_rng([*self._seed, 4, sound.start])
        return np.float32(gain) * play_line(patch, notes, frames, rng)

    def _note(self, name: str, note: PlayedNote, part: PartName) -> Samples:
        steps = PAD_VELOCITY_STEPS if part == "pad" else VELOCITY_STEPS
        step, length = max(1, round(note.velocity * steps)), max(1, round(note.duration_s / DURATION_STEP_S))
        key = (name, note.midi, step, length)
        sound = self._notes.pop(key, None)
        if sound is None:
            play_note = ORCHESTRA[name].play
            assert play_note is not None  # noqa: S101  (an instrument plays notes or lines)
            rng = np.random.default_rng([*self._seed, 4, *name.encode(), note.midi, step, length])
            sound = play_note(note.midi, length * DURATION_STEP_S, step / steps, rng)
        self._notes[key] = sound
        if len(self._notes) > CACHED_NOTES:
            del self._notes[next(iter(self._notes))]
        return np.float32((note.velocity * steps / step) ** NOTE_EXPONENT) * sound

    def _gain(self, player: Player) -> float:
        """What brings a note in the middle of the player's range to the level of its part."""
        if player not in self._levels:
            target = db_to_amplitude(LEVEL_DB[player.part] + player.level_db)
            self._levels[player] = target / _reference_level(player, np.random.default_rng([*self._seed, 7]))
        return self._levels[player]


def _reference_level(player: Player, rng: np.random.Generator) -> float:
    """RMS of a note in the middle of the player's range; of percussion, the peak of its loudest stroke."""
    if player.part == "percussion":
        return float(np.abs(hit(KITS["orchestral"], player.instrument, 1.0, rng)).max())
    instrument = ORCHESTRA[player.instrument]
    if instrument.line is not None:
        note = PlayedNote(0.0, REFERENCE_S, player.centre, REFERENCE_VELOCITY)
        return active_rms(play_line(instrument.line, [note], round(REFERENCE_S * RATE_HZ), rng))
    assert instrument.play is not None  # noqa: S101
    return active_rms(instrument.play(player.centre, REFERENCE_S, REFERENCE_VELOCITY, rng))


def _stroke(stroke: DrumHit, seed: Sequence[int]) -> Samples:
    rng = np.random.default_rng([*seed, GM_DRUMS[stroke.drum]])
    tuned = midi_to_hz(TIMPANI_LOWEST + (stroke.root - TIMPANI_LOWEST) % 12)
    return hit(
        replace(KITS["orchestral"], timpani_hz=tuned), stroke.drum, float(np.clip(stroke.velocity, 0.05, 1)), rng
    )
