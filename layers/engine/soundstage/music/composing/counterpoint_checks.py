"""What the craft counts: how a plan's tune sits on its chords, how it ends, how much its harmony moves."""

import itertools
import math
from collections.abc import Sequence

from soundstage.models.composition import Chord, GridNote, Meter, Section, TheoryScore
from soundstage.music.composing.harmony import chord_at, chord_tones, is_on
from soundstage.music.composing.melody import Melody
from soundstage.music.composing.progression import FELT_BEAT

# Quarters between the beats that are heard as strong.
STRONG_BEAT: dict[Meter, float] = {"4/4": 2.0, "3/4": 3.0, "6/8": 1.5}
USUAL_CHORD_S = 1.8


def _rubs(midi: int, chord: Chord) -> bool:
    """Not a chord tone, and a semitone from one."""
    tones = chord_tones(chord)
    return midi % 12 not in tones and any((midi - t) % 12 in (1, 11) for t in tones)


def rate_theory(
    lead: Sequence[GridNote], chords: Sequence[Chord], melody: Melody, sections: Sequence[Section]
) -> TheoryScore:
    """Count what the craft counts, in the key that each section has. Strong beats: the first of a bar, its middle."""
    on_beats = fitting = clashes = 0
    before: GridNote | None = None
    for note in lead:
        if is_on(note.beat, FELT_BEAT[melody.meter]) and note.beats >= 0.5:
            chord = chord_at(chords, note.beat)
            fits = note.midi % 12 in chord_tones(chord)
            on_beats += 1
            fitting += fits
            prepared = before is not None and before.midi == note.midi
            if is_on(note.beat, STRONG_BEAT[melody.meter]) and _rubs(note.midi, chord) and not prepared:
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
    # A chord for about two seconds, and six to ten different ones, carry a minute of song.
    held_s = melody.bar_beats * 60.0 / melody.tempo_bpm / max(changes, 0.1)
    variety = math.exp(-(((distinct - 8) / 5) ** 2)) + 2.0 * math.exp(-((math.log2(held_s / USUAL_CHORD_S) / 0.8) ** 2))
    # A tune needs some passing notes: beyond this rate, simpler harmony is worth more.
    value = 2.0 * min(rate, 0.92) - 0.25 * clashes + 0.5 * ending + 0.15 * variety
    return TheoryScore(
        value=round(value, 4),
        chord_tone_rate=round(rate, 4),
        semitone_clashes=clashes,
        tonic_ending=ending,
        distinct_chords=distinct,
        chord_changes_per_bar=round(changes, 3),
    )
