"""Voice layer: each hummed note moved to the pitch and the time of the melody, by TD-PSOLA.

Pitch-synchronous overlap-add (Moulines & Charpentier 1990): grains of two periods keep the voice's own formants.
"""

import numpy as np

from soundstage.arrays import Samples
from soundstage.audio.io import Audio
from soundstage.audio.pitch import midi_to_hz
from soundstage.audio.resample import resample
from soundstage.models.composition import Composition, GridNote, VariantPlan, VoiceNote
from soundstage.music.arranging.performance import Clock
from soundstage.music.composing.voice_layer import PITCH_RATE_HZ
from soundstage.music.instruments.modal_synthesis import RATE_HZ

FADE_S = 0.02  # at both ends of a note
KEPT_BENDS = 0.5  # of the voice's deviations from the note's median pitch
# The attack keeps its speed: a tenth of a second, but two fifths of the note at most; the end less 20 ms.
ATTACK_S, MAX_ATTACK_SHARE, END_S = 0.1, 0.4, 0.02


def tuned_voice(hum: Audio, composition: Composition, plan: VariantPlan, clock: Clock, frames: int) -> Samples:
    """The hum on the statements of the melody, float32 [frames] mono, in the octave it was sung in."""
    mono = resample(hum.mono()[:, None], hum.rate_hz, RATE_HZ)[:, 0]
    out = np.zeros(frames, dtype=np.float32)
    for note in plan.melody:
        source = composition.voice.get(note.hummed) if note.hummed is not None else None
        if source is None or note.voice != "lead":
            continue
        start = clock.seconds(note.beat)
        seconds = clock.seconds(note.beat + note.beats) - start
        sound = _moved(mono, source, _target_midi(note, source), seconds)
        first = round(start * RATE_HZ)
        stop = min(frames, first + len(sound))
        if stop > first:
            out[first:stop] += sound[: stop - first]
    return out


def _target_midi(note: GridNote, source: VoiceNote) -> int:
    """The note's pitch class in the octave nearest to the voice, MIDI."""
    sung = float(np.median(source.pitch_midi))
    return note.midi + 12 * round((sung - note.midi) / 12)


def _moved(mono: Samples, source: VoiceNote, midi: int, seconds: float) -> Samples:
    """One note at its new pitch and duration, float32 [frames]."""
    frames = round(seconds * RATE_HZ)
    pitch = np.array(source.pitch_midi)
    bends = KEPT_BENDS * (pitch - np.median(pitch))
    out = np.zeros(frames + RATE_HZ // 20, dtype=np.float32)
    sung_s = source.offset_s - source.onset_s
    position = _time_map(seconds, sung_s)
    at = 0.0
    while at < frames:
        place = float(np.interp(at / RATE_HZ, *position))
        row = min(int(place * PITCH_RATE_HZ), len(pitch) - 1)
        period = RATE_HZ / midi_to_hz(float(pitch[row]))
        centre = _peak_near(mono, (source.onset_s + place) * RATE_HZ, period)
        half = round(period)
        grain = mono[max(0, centre - half) : centre + half]
        first = round(at) - half
        if len(grain) == 2 * half and first >= 0:
            stop = min(len(out), first + 2 * half)
            out[first:stop] += (grain * np.hanning(2 * half).astype(np.float32))[: stop - first]
        at += RATE_HZ / midi_to_hz(midi + float(bends[row]))
    fade = min(round(FADE_S * RATE_HZ), frames // 2)
    if fade:
        out[:fade] *= np.linspace(0, 1, fade, dtype=np.float32)
        out[frames - fade : frames] *= np.linspace(1, 0, fade, dtype=np.float32)
    return out[:frames]


def _time_map(seconds: float, sung_s: float) -> tuple[list[float], list[float]]:
    """Nodes of the map from time in the song to time in the sung note: the attack as sung, the rest stretched."""
    attack = min(ATTACK_S, MAX_ATTACK_SHARE * seconds, MAX_ATTACK_SHARE * sung_s)
    ends = max(seconds, attack + 1e-3), max(sung_s - END_S, attack + 1e-3)
    return [0.0, attack, ends[0]], [0.0, attack, ends[1]]


def _peak_near(mono: Samples, at: float, period: float) -> int:
    """The strongest sample within half a period of ``at``: grains that are cut at the same phase do not cancel."""
    first = max(0, round(at - 0.5 * period))
    window = mono[first : first + max(2, round(period))]
    return first + int(window.argmax()) if len(window) else first
