"""What a person corrected, in the place of what was heard."""

import bisect

import numpy as np

from soundstage.models.music import Analysis, Note, TuneCorrection
from soundstage.music.listening.key_and_tuning import decode_tonality, tonal_stability
from soundstage.music.listening.phrases import split_phrases
from soundstage.music.listening.rhythm import estimate_rhythm
from soundstage.music.listening.transcription import SungNote

USUAL_BEAT_S = 0.6  # 100 beats a minute, where no tempo is found
ROUNDED_S = 0.001  # a tick of a MIDI file, and rounding
ROUNDED_BY = {"tempo_bpm": 0.002, "beat_offset_s": ROUNDED_S}


def corrected(heard: Analysis, correction: TuneCorrection | None) -> Analysis:
    """``heard`` with ``correction``. Corrected notes make a tune of a recording in which none was heard, too; what they
    leave open (key, tempo, meter) stays as it was heard, or is found from them where nothing was.

    Whatever is corrected is certain: its warnings go.
    """
    if correction is None:
        return heard
    given = correction.model_dump(exclude={"schema_version", "segment", "notes"}, exclude_none=True)
    update = {name: getattr(correction, name) for name in given if not _is_as_heard(name, correction, heard)}
    if "tempo_map" not in given and {"tempo_bpm", "beat_offset_s"} & given.keys():
        update["tempo_map"] = []
    if correction.notes is None and heard.outcome == "rejected":
        return heard
    tune = heard
    if correction.notes is not None:
        ends_s = max(note.offset_s for note in correction.notes)
        tune = heard.model_copy(
            update={
                "outcome": "ok",
                "code": None,
                "message": None,
                "notes": _with_heard(correction.notes, heard.notes),
                "duration_s": max(heard.duration_s, ends_s),
            }
        )
        tune = _with_what_is_missing(tune)
    tune = tune.model_copy(update=update)
    return tune.model_copy(
        update={
            "key_confidence": 1.0 if correction.key else tune.key_confidence,
            "tempo_confidence": 1.0 if correction.tempo_bpm else tune.tempo_confidence,
            "phrases": split_phrases(
                tune.notes, 60.0 / tune.tempo_bpm if tune.tempo_bpm else USUAL_BEAT_S, tune.meter or "4/4"
            ),
            "warnings": _still_true(tune.warnings, correction),
        }
    )


def _is_as_heard(name: str, correction: TuneCorrection, heard: Analysis) -> bool:
    """Whether a number was only rounded on its way through a file."""
    said, was = getattr(correction, name), getattr(heard, name)
    return isinstance(said, float) and isinstance(was, float) and abs(said - was) <= ROUNDED_BY[name]


def _with_heard(notes: list[Note], heard: list[Note]) -> list[Note]:
    """``notes``; those that are as they were heard, but for rounding, are the heard ones with all that is known."""
    by_time = {note.onset_s: note for note in heard}
    times = sorted(by_time)
    kept = []
    for note in notes:
        at = bisect.bisect_left(times, note.onset_s - ROUNDED_S)
        same = by_time[times[at]] if at < len(times) and times[at] - note.onset_s <= ROUNDED_S else None
        unchanged = same and same.midi == note.midi and abs(same.offset_s - note.offset_s) <= ROUNDED_S
        kept.append(same if same and unchanged else note)
    return kept


def _with_what_is_missing(tune: Analysis) -> Analysis:
    """Key and rhythm of notes in which none was heard."""
    sung = [_as_sung(note) for note in tune.notes]
    tonality = decode_tonality(sung)
    update: dict[str, object] = {}
    if tune.key is None:
        update |= {"key": tonality.key, "key_confidence": tonality.confidence}
    if tune.tempo_bpm is None:
        onsets_s = np.array([note.onset_s for note in tune.notes])
        rhythm = estimate_rhythm(onsets_s, np.array(tonality.midi, np.float64), tonal_stability(tonality))
        if rhythm:
            update |= {
                "tempo_bpm": rhythm.tempo_bpm,
                "tempo_confidence": rhythm.confidence,
                "meter": rhythm.meter,
                "beat_offset_s": rhythm.beat_offset_s,
                "swing": rhythm.swing,
            }
    return tune.model_copy(update=update)


def _as_sung(note: Note) -> SungNote:
    return SungNote(note.onset_s, note.offset_s, float(note.midi), 0.0, 0.0, 0.0, 1.0)


def _still_true(warnings: list[str], correction: TuneCorrection) -> list[str]:
    """Warnings about what nobody has corrected."""
    settled = []
    if correction.notes:
        settled += ["Talking", "Parts of", "Something else"]
    if correction.key:
        settled.append("The key")
    if correction.tempo_bpm or correction.tempo_map:
        settled.append("The tempo")
    if correction.meter:
        settled.append("The meter")
    return [warning for warning in warnings if not warning.startswith(tuple(settled))] if settled else warnings
