"""Counterpoint checks of a plan: chord tones on beats, clashes, the ending, and the harmonic rhythm."""

import itertools
import math
from collections.abc import Sequence

from soundstage.models.composition import Chord, GridNote, Meter, Section, TheoryScore
from soundstage.music.composing.harmony import chord_at, chord_tones, is_on, make_chord
from soundstage.music.composing.melody import Melody
from soundstage.music.composing.progression import FELT_BEAT

# Quarters between strong beats.
STRONG_BEAT: dict[Meter, float] = {"4/4": 2.0, "3/4": 3.0, "6/8": 1.5, "5/4": 5.0, "7/8": 3.5}
USUAL_CHORD_S = 1.8  # a chord for about two seconds, and six to ten different ones, carry a minute of song
USUAL_CHORDS = 8
PERFECT, JUST_BEFORE = (0, 7), 0.05  # intervals in semitones; quarters before a chord
MIN_ON_BEAT = 0.5  # quarters: a shorter note on a beat is an ornament
# Score of a plan, without a unit. A melody needs some passing notes: beyond .92, simpler harmony is worth more.
MAX_CHORD_TONE_RATE, CHORD_TONES, CLASH, TONIC_ENDING, VARIETY = 0.92, 2.0, -0.25, 0.5, 0.15
# Spread of both bells of variety: distinct chords, and log 2 of a chord's length; and the second's weight.
CHORDS_SPREAD, LENGTH_SPREAD_OCTAVES, LENGTH_WEIGHT = 5.0, 0.8, 2.0


def _clashes(midi: int, chord: Chord) -> bool:
    """Not a chord tone, and a semitone from one."""
    tones = chord_tones(chord)
    return midi % 12 not in tones and any((midi - t) % 12 in (1, 11) for t in tones)


def parallels(lead: Sequence[GridNote], chords: Sequence[Chord]) -> list[int]:
    """Indices of the chords into which the tune and the bass move in fifths, octaves or unisons."""
    found = []
    for i, (before, chord) in enumerate(itertools.pairwise(chords), 1):
        old, new = _sounding(lead, chord.beat - JUST_BEFORE), _sounding(lead, chord.beat)
        if old is None or new is None or old == new or before.bass == chord.bass:
            continue
        interval = (new - chord.bass) % 12
        if interval in PERFECT and (old - before.bass) % 12 == interval:
            found.append(i)
    return found


def without_parallels(lead: Sequence[GridNote], chords: Sequence[Chord], sections: Sequence[Section]) -> list[Chord]:
    """The chords with their third in the bass where tune and bass would move in parallel; never where a section begins,
    twice in a row, or in the last cadence.
    """
    begins = {s.start_bar for s in sections}
    bar_beats = (chords[-1].beat + chords[-1].beats) / (sections[-1].start_bar + sections[-1].bars)
    changed = list(chords)
    for i in parallels(lead, chords):
        chord = chords[i]
        third = chord_tones(chord)[1]
        kept = chord.beat / bar_beats in begins or i >= len(chords) - 2 or changed[i - 1].bass != changed[i - 1].root
        if kept or chord.bass != chord.root or (third - chord.root) % 12 not in {3, 4}:
            continue
        changed[i] = make_chord(chord.beat, chord.beats, chord.root, chord.quality, third)
    return changed


def _sounding(lead: Sequence[GridNote], beat: float) -> int | None:
    """MIDI pitch of the tune at a beat."""
    return next((n.midi for n in lead if n.voice == "lead" and n.beat - 1e-6 <= beat < n.end - 1e-6), None)


def rate_theory(
    lead: Sequence[GridNote], chords: Sequence[Chord], melody: Melody, sections: Sequence[Section]
) -> TheoryScore:
    """Score a plan, each section in its own key. Strong beats: the first of a bar, and its middle in 4/4 and 6/8."""
    on_beats = fitting = clashes = 0
    before: GridNote | None = None
    for note in lead:
        if is_on(note.beat, FELT_BEAT[melody.meter]) and note.beats >= MIN_ON_BEAT:
            chord = chord_at(chords, note.beat)
            fits = note.midi % 12 in chord_tones(chord)
            on_beats += 1
            fitting += fits
            prepared = before is not None and before.midi == note.midi
            if is_on(note.beat, STRONG_BEAT[melody.meter]) and _clashes(note.midi, chord) and not prepared:
                clashes += 1
        before = note
    rate = fitting / on_beats if on_beats else 1.0
    last = max(lead, key=lambda n: n.beat)
    home = (melody.tonic + sections[-1].lift_semitones) % 12
    ending = chords[-1].root == home and chords[-1].bass == home and last.midi % 12 == home
    bars = (chords[-1].beat + chords[-1].beats) / melody.bar_beats
    symbols = [c.symbol for c in chords]
    changes = sum(a != b for a, b in itertools.pairwise(symbols)) / bars
    lift = sections[-1].lift_semitones
    lifted_from = next((s.start_bar * melody.bar_beats for s in sections if s.lift_semitones), math.inf)
    distinct = len(
        {((c.root - (lift if c.beat >= lifted_from else 0)) % 12, c.quality, c.bass == c.root) for c in chords}
    )
    chord_s = melody.bar_beats * 60.0 / melody.tempo_bpm / max(changes, 0.1)
    length = math.log2(chord_s / USUAL_CHORD_S) / LENGTH_SPREAD_OCTAVES
    variety = math.exp(-(((distinct - USUAL_CHORDS) / CHORDS_SPREAD) ** 2)) + LENGTH_WEIGHT * math.exp(-(length**2))
    value = CHORD_TONES * min(rate, MAX_CHORD_TONE_RATE) + CLASH * clashes + TONIC_ENDING * ending + VARIETY * variety
    return TheoryScore(
        value=round(value, 4),
        chord_tone_rate=round(rate, 4),
        semitone_clashes=clashes,
        tonic_ending=ending,
        distinct_chords=distinct,
        chord_changes_per_bar=round(changes, 3),
    )
