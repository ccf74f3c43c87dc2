"""Parts of a film: who plays when, by the tension of the bars; turning points, and the last chord."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from soundstage.models.composition import Chord, GridNote
from soundstage.models.story import Mood
from soundstage.music.arranging.accompaniment import Voicing, voicings
from soundstage.music.arranging.drums import DrumHit
from soundstage.music.arranging.notes import folded
from soundstage.music.composing.harmony import chord_tones, make_chord
from soundstage.music.composing.melody import nearest_pitch_class
from soundstage.music.instruments.orchestra import ORCHESTRA
from soundstage.music.scoring.harmony import Phrase, ScenePlan
from soundstage.music.scoring.leitmotif import Leitmotif
from soundstage.music.scoring.melody import Told, sing
from soundstage.music.scoring.moods import Player
from soundstage.music.scoring.patterns import BASS_PATTERNS, CHORD_PATTERNS, PERCUSSION_PATTERNS, ROLL_BEATS, Harmony
from soundstage.music.scoring.timing import Bar

REACH = 8  # semitones around a player's centre in which voicings are looked for
REST_FLOOR = 79  # MIDI: voicings stay below G5 where the melody rests
VELOCITY, VELOCITY_PER_TENSION = 0.38, 0.032  # of accompaniment, at tension 0 and more per step
PAIR_TENSION = (0.0, 1.0, -1.0, 2.0)  # added by pairs of phrases: in long scenes players come and go
TIED_BEATS = 8  # a note that the next chord has too is held over, for at most so many beats
# Chords without their added tones, where a note of the melody of so many beats clashes with these.
PLAIN = {"maj7": "", "add9": "", "6": "", "m7": "m", "madd9": "m", "m6": "m", "m7b5": "dim"}
LONG_BEATS = 0.5
# A turn's first chord is played by so much louder; before it there is a breath of a beat, or a roll that swells.
TURN_ACCENT, BREATH_BEATS = 1.15, 0.75
TURN_PLAYER, TURN_BEATS, TURN_VELOCITY = Player("chords", "harp", "turn", 0.0, 0.1, 0.4, centre=55), 4.0, 0.5
SWELLING: tuple[Mood, ...] = ("tense", "triumphant")
BASS_REACH = 7  # semitones below a bass's centre: lower notes are not heard on small loudspeakers
ROLL_STEP, ROLL_VELOCITY, ROLL_STROKE = 0.25, (0.15, 0.65), 0.7
LAST_VELOCITY = 0.85  # factor of the last chord's


@dataclass
class FilmParts:
    """What every player plays, in quarters from the film's start; strokes of drums by the player who has them."""

    notes: dict[Player, list[GridNote]]
    hits: dict[Player, list[DrumHit]]


def write_parts(plans: Sequence[ScenePlan], motif: Leitmotif, told: Told, rng: np.random.Generator) -> FilmParts:
    """All parts of a film from the plans of its scenes."""
    parts = FilmParts({}, {})
    for plan in plans:
        lead = sing(plan, motif, told, rng)
        following = plans[plan.number + 1] if not plan.last else None
        end = _silent_from(plan, following)
        melody = sorted((n for notes in lead.values() for n in notes), key=lambda n: n.beat)
        written = [*lead.items(), *_accompaniment(plan, melody, rng)]
        for player, notes in written:
            instrument = ORCHESTRA[player.instrument]
            kept = [replace(n, beats=min(n.beats, end - n.beat)) for n in notes if n.beat < end - 1e-6]
            accented = _accented(kept, plan) if player.part != "lead" else kept
            parts.notes.setdefault(player, []).extend(folded(n, instrument.low, instrument.high) for n in accented)
        if plan.scene.turn:
            parts.notes.setdefault(TURN_PLAYER, []).extend(_turn_chord(plan))
        for player, hits in _percussion(plan, following, end):
            parts.hits.setdefault(player, []).extend(hits)
    return parts


def _turn_chord(plan: ScenePlan) -> list[GridNote]:
    """The first chord of a turn, rolled by a harp from its bass over two octaves."""
    chord = plan.chords[0]
    low = nearest_pitch_class(TURN_PLAYER.centre - 12, chord.bass)
    above = [m for m in range(low + 7, low + 29) if m % 12 in chord_tones(chord)[:3]]
    return [
        GridNote(chord.beat + i * ROLL_BEATS, max(TURN_BEATS, chord.beats) - i * ROLL_BEATS, midi, TURN_VELOCITY)
        for i, midi in enumerate((low, *above))
    ]


def _silent_from(plan: ScenePlan, following: ScenePlan | None) -> float:
    """The beat from which a scene is silent: its end, or a breath before it where the next one is a quiet turn."""
    end = plan.phrases[-1].end
    breath = following is not None and following.scene.turn and following.scene.mood not in SWELLING
    return end - (min(BREATH_BEATS, plan.bars[-1].beats / 2) if breath else 0.0)


def _accented(notes: Sequence[GridNote], plan: ScenePlan) -> list[GridNote]:
    """The first notes of a turn played louder."""
    if not plan.scene.turn:
        return list(notes)
    start = plan.phrases[0].beat
    return [replace(n, velocity=min(1.0, TURN_ACCENT * n.velocity)) if n.beat < start + 0.5 else n for n in notes]


def _accompaniment(
    plan: ScenePlan, melody: Sequence[GridNote], rng: np.random.Generator
) -> list[tuple[Player, list[GridNote]]]:
    """Chords, pads, sparks and bass of a scene. Whoever plays chords knows what the others hold."""
    chords = [_beside(chord, _over(chord, melody)) for chord in plan.chords]
    held: dict[float, Voicing] = {}
    floors = [min((n.midi for n in _over(chord, melody)), default=REST_FLOOR) for chord in chords]
    written = []
    for player in plan.style.players:
        if player.part == "percussion":
            continue
        playing = _bars_of(player, plan)
        if not playing:
            continue
        if player.part == "bass":
            written.append((player, _bass(player, plan, playing)))
            continue
        instrument = replace(ORCHESTRA[player.instrument], low=player.centre - REACH, high=player.centre + REACH)
        above = [REST_FLOOR + 12] * len(chords) if player.part == "sparks" else floors
        voiced = voicings(chords, instrument, above, held, bass_plays=True)
        notes = []
        for chord, voicing in zip(chords, voiced, strict=True):
            bar, phrase = _place(chord, plan)
            if bar.beat not in playing:
                continue
            held[chord.beat] = (*held.get(chord.beat, ()), *voicing)
            last = phrase.held > 0 and chord.beat == phrase.chords[-1].beat
            harmony = Harmony(
                chord,
                voicing,
                bar.tension,
                (VELOCITY + VELOCITY_PER_TENSION * bar.tension) * (LAST_VELOCITY if last else 1.0),
                free=not any(n.beat >= chord.beat for n in _over(chord, melody)),
                ringing=chord.beats,
            )
            pattern = player.pattern
            if last:
                pattern = "held" if player.part == "pad" else "rolled" if player.part == "chords" else "sparks"
            notes += CHORD_PATTERNS[pattern](harmony, rng)
        written.append((player, _tied(notes) if player.part == "pad" else notes))
    return written


def _beside(chord: Chord, melody: Sequence[GridNote]) -> Chord:
    """The chord, without added tones that a note of the melody lies a semitone from."""
    plain = PLAIN.get(chord.quality)
    added = set(chord_tones(chord)[3:])
    long = {n.midi % 12 for n in melody if min(n.end, chord.beat + chord.beats) - max(n.beat, chord.beat) >= LONG_BEATS}
    if plain is None or not any((tone - midi) % 12 in {1, 11} for tone in added for midi in long):
        return chord
    return make_chord(chord.beat, chord.beats, chord.root, plain, chord.bass)


def _over(chord: Chord, melody: Sequence[GridNote]) -> list[GridNote]:
    return [n for n in melody if n.beat < chord.beat + chord.beats and n.end > chord.beat]


def _place(chord: Chord, plan: ScenePlan) -> tuple[Bar, Phrase]:
    """The bar and the phrase in which a chord begins."""
    phrase = next(p for p in reversed(plan.phrases) if p.beat <= chord.beat + 1e-6)
    return next(b for b in reversed(phrase.bars) if b.beat <= chord.beat + 1e-6), phrase


def _bars_of(player: Player, plan: ScenePlan) -> set[int]:
    """Beats of the bars in which a player plays: it enters and leaves where a phrase or a section begins."""
    blocks: list[tuple[float, list[Bar]]] = []
    for number, phrase in enumerate(plan.phrases):
        for bar in phrase.bars:
            if bar is phrase.bars[0] or bar.opens_section:
                blocks.append((PAIR_TENSION[number // 2 % len(PAIR_TENSION)], []))
            blocks[-1][1].append(bar)
    playing: set[int] = set()
    for more, block in blocks:
        tension = min(10.0, max(1.0, float(np.mean([b.tension for b in block])) + more))
        if player.from_tension <= tension < player.to_tension:
            playing |= {b.beat for b in block}
    return playing


def _tied(notes: Sequence[GridNote]) -> list[GridNote]:
    """Held notes that go on at the same pitch, as one note for ``TIED_BEATS`` at most."""
    tied: list[GridNote] = []
    last: dict[int, int] = {}
    for note in sorted(notes, key=lambda n: (n.beat, n.midi)):
        index = last.get(note.midi)
        if index is not None and abs(tied[index].end - note.beat) < 1e-6 and note.end - tied[index].beat <= TIED_BEATS:
            tied[index] = replace(tied[index], beats=note.end - tied[index].beat)
        else:
            last[note.midi] = len(tied)
            tied.append(note)
    return tied


def _bass(player: Player, plan: ScenePlan, playing: set[int]) -> list[GridNote]:
    """The bass: near where it was, the chord's bass or its fifth, or the tonic held under everything."""
    notes: list[GridNote] = []
    before = player.centre
    for chord in plan.chords:
        bar, phrase = _place(chord, plan)
        if bar.beat not in playing:
            continue
        last = phrase.held > 0 and chord is phrase.chords[-1]
        pedal = plan.style.pedal and not last and plan.tonic in {*chord_tones(chord), chord.bass}
        root = nearest_pitch_class((before + player.centre) // 2, plan.tonic if pedal else chord.bass)
        root += 12 if root < player.centre - BASS_REACH else 0
        fifth = nearest_pitch_class(player.centre, chord_tones(chord)[2])
        velocity = VELOCITY + VELOCITY_PER_TENSION * bar.tension
        steps = BASS_PATTERNS["long" if last else player.pattern](chord.beats)
        for at, beats, is_fifth, loud in steps:
            midi = fifth if is_fifth else root
            notes.append(GridNote(chord.beat + at, min(beats, chord.beats - at), midi, min(1.0, loud * velocity)))
        before = root
    return notes


def _percussion(plan: ScenePlan, following: ScenePlan | None, end: float) -> list[tuple[Player, list[DrumHit]]]:
    """Strokes of a scene; into a turn that is tense or triumphant a roll of kettledrums."""
    written = []
    root = plan.tonic
    for player in plan.style.players:
        if player.part != "percussion":
            continue
        playing, strokes = _bars_of(player, plan), PERCUSSION_PATTERNS[player.pattern]
        held = {bar.beat for phrase in plan.phrases if phrase.held for bar in phrase.bars[-phrase.held + 1 :]}
        hits = [
            DrumHit(bar.beat + at, player.instrument, loud * (VELOCITY + VELOCITY_PER_TENSION * bar.tension), root)
            for number, bar in enumerate(plan.bars)
            if bar.beat in playing and (bar.beat not in held or player.pattern == "bar_ones")
            for at, loud in strokes(bar.beats, number)
            if bar.beat + at < end
        ]
        written.append((player, hits))
    if following is not None and following.scene.turn and following.scene.mood in SWELLING:
        bar = plan.bars[-1]
        places = np.arange(bar.beat, bar.beat + bar.beats, ROLL_STEP)
        loud = np.linspace(*ROLL_VELOCITY, len(places)) ** 1.5
        player = Player("percussion", "timpani", "roll", -3.0, -0.2, 0.35)
        rolled = [DrumHit(float(at), "timpani", float(v), following.tonic) for at, v in zip(places, loud, strict=True)]
        rolled.append(DrumHit(following.phrases[0].beat, "timpani", ROLL_STROKE, following.tonic))
        written.append((player, rolled))
    return written
