"""Several recordings of one album brought to a reference together, so that they stay as loud and as bright beside each
other as they were.

What songs of an album differ in among themselves is meant, and the mean over them says more about how the album sounds
than any of them: so equaliser, width, compressor and limiter are found once, for the album as a whole, and every song
gets the same. Its loudness is that of all songs in a row (EBU Tech 3343), and every song is moved by as many LU.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from soundstage.audio.decibels import db_to_power, power_to_db
from soundstage.audio.streams import Reader, Writer
from soundstage.match.analysis.feature_arrays import FeatureArrays, as_arrays
from soundstage.match.analysis.features import analyze_features
from soundstage.match.estimation.inversion import invert_params
from soundstage.match.estimation.loudness_estimation import LEAST_PLR_DB, USUAL_CEILING_DBTP
from soundstage.match.pipeline import Analyzed, Clock, Match, Report, conclude, with_clipping
from soundstage.match.presets.operations import apply_preset, weigh_references
from soundstage.match.rendering.loudness_targeting import SHORT_LU
from soundstage.match.rendering.render import render_measured
from soundstage.match.stage_notes import as_asked
from soundstage.models.errors import InvalidInput
from soundstage.models.style import Amounts, Features, StageNote, Strength, StyleParams


def match_album(
    references: Sequence[tuple[Reader, float]],
    targets: Sequence[tuple[Reader, Writer]],
    *,
    amounts: Amounts | None = None,
    strength: Strength = "natural",
    preset: StyleParams | None = None,
    report: Report | None = None,
) -> list[Match]:
    """Bring every target to the sound of the weighted references, or to a preset, into the writer beside it.

    Where the limiter would take too much of one song, all of them stay as far below the reference as that song needs.
    The arguments are those of ``pipeline.match_recordings``; the references count as other music (mode B).

    Raises:
        InvalidInput: no target; neither reference nor preset, or both; a recording is silent.
        MediaRejected: a recording cannot be read.
    """
    if bool(references) == (preset is not None) or not targets:
        raise InvalidInput("An album needs its recordings, and references or a preset, and not both.")
    progress = report or (lambda _step, _share: None)
    clock = Clock()
    progress("analyzing", 0.0)
    heard = [Analyzed(analyze_features(reader), reader, weight) for reader, weight in references]
    given = []
    for index, (reader, _) in enumerate(targets):
        given.append(analyze_features(reader))
        progress("analyzing", 0.4 * (index + 1) / len(targets))
    clock.lap("analyzing")
    weighted = [(one.features, one.weight) for one in heard]
    styles = album_styles(weighted, given, amounts=amounts, strength=strength, preset=preset)
    clock.lap("inverting")

    def render(styles: Sequence[StyleParams]) -> list[Match]:
        matches = []
        for index, ((reader, writer), style, features) in enumerate(zip(targets, styles, given, strict=True)):
            rendered = render_measured(reader, writer, style, with_tone=True)
            clock.lap("rendering")
            matches.append(conclude(style, weighted, features, rendered, timings_s=dict(clock.timings_s)))
            progress("rendering", 0.45 + 0.55 * (index + 1) / len(styles))
        return matches

    matches = render(styles)
    short_lu = max(map(_short_lu, matches))
    if short_lu > SHORT_LU:
        matches = render([_quieter(style, short_lu) for style in styles])
    landed = [(match.rendered.loudness.integrated_lufs, match.target.duration_s) for match in matches]
    album_lufs = album_loudness(landed)
    return [_in_album(match, album_lufs) for match in matches]


def album_styles(
    references: Sequence[tuple[Features, float]],
    targets: Sequence[Features],
    *,
    amounts: Amounts | None = None,
    strength: Strength = "natural",
    preset: StyleParams | None = None,
) -> list[StyleParams]:
    """The style of every target of an album, which differ in nothing but where their loudness lands.

    Raises:
        InvalidInput: one of the targets or references is silent.
    """
    songs = [as_arrays(features) for features in targets]
    album = album_features(songs)
    if preset is not None:
        style = apply_preset(preset, album, amounts)
    else:
        wanted = weigh_references([(as_arrays(features), weight) for features, weight in references])
        style = invert_params(wanted, album, "B", amounts, strength=strength)
    if style.lufs is None:
        return [style.model_copy(update={"input_lufs": song.integrated_lufs}) for song in songs]
    move_lu, most_lu = style.lufs.target_db - (style.input_lufs or 0.0), _most_lu(songs)
    limiter = style.limiter
    if preset is None and not style.amounts.ask_for("lufs"):
        move_lu = min(move_lu, most_lu)
    loudest = max(song.integrated_lufs or -np.inf for song in songs) + move_lu
    if limiter and limiter.tp_db < USUAL_CEILING_DBTP and not style.amounts.ask_for("limiter"):
        tp_db = min(max(limiter.tp_db, loudest + LEAST_PLR_DB), USUAL_CEILING_DBTP)
        limiter = limiter.model_copy(update={"tp_db": round(tp_db, 2)})
    style = style.model_copy(update={"limiter": limiter})
    return [
        with_clipping(_of_song(style, song, move_lu), features) for song, features in zip(songs, targets, strict=True)
    ]


def album_features(songs: Sequence[FeatureArrays]) -> FeatureArrays:
    """The album as one recording: means over its songs by their duration, and the highest peak of all.

    Raises:
        InvalidInput: one of them is silent.
    """
    if any(song.integrated_lufs is None for song in songs):
        raise InvalidInput("One of the album's recordings is silent or shorter than 0.4 seconds.")
    mean = weigh_references([(song, song.duration_s) for song in songs])
    return replace(
        mean,
        integrated_lufs=album_loudness([(song.integrated_lufs or 0.0, song.duration_s) for song in songs]),
        true_peak_dbtp=max(song.true_peak_dbtp or 0.0 for song in songs),
        duration_s=sum(song.duration_s for song in songs),
    )


def album_loudness(songs: Sequence[tuple[float, float]]) -> float:
    """Mean power of recordings of (integrated loudness, LUFS; duration, s), LUFS."""
    lufs, seconds = np.array(songs).T
    return float(power_to_db(np.average(db_to_power(lufs), weights=seconds)))


def _most_lu(songs: Sequence[FeatureArrays]) -> float:
    """By how much all songs can become louder, each as ``estimate_loudness`` allows it to."""
    room_lu = []
    for song in songs:
        assert song.integrated_lufs is not None  # noqa: S101 - album_features has looked
        peak_free_lu = USUAL_CEILING_DBTP - (song.true_peak_dbtp or 0.0)
        room_lu.append(max(USUAL_CEILING_DBTP - LEAST_PLR_DB - song.integrated_lufs, peak_free_lu))
    return min(room_lu)


def _of_song(style: StyleParams, song: FeatureArrays, move_lu: float) -> StyleParams:
    given = song.integrated_lufs
    assert style.lufs is not None  # noqa: S101 - the caller has looked
    assert given is not None  # noqa: S101
    wanted_lu = style.lufs.target_db - (style.input_lufs or 0.0)
    sentence = f"Loudness {given:.1f} → {given + move_lu:.1f} LUFS: {move_lu:+.1f} LU, like all of its album"
    if move_lu < wanted_lu - SHORT_LU:
        sentence += f", not {wanted_lu:+.1f}: one of its songs has no more room below the limiter"
    note = StageNote(stage="lufs", sentence=f"{sentence}.")
    lufs = style.lufs.model_copy(update={"target_db": round(given + move_lu, 3), "gain_db": round(move_lu, 3)})
    notes = [*(each for each in style.notes if each.stage != "lufs"), *as_asked([note], style.amounts)]
    return style.model_copy(update={"lufs": lufs, "input_lufs": given, "notes": notes})


def _short_lu(match: Match) -> float:
    """By how much the limiter kept a song below what was aimed at."""
    lufs, amount = match.params.lufs, match.params.amounts.lufs
    landed = match.rendered.loudness.integrated_lufs
    if lufs is None or not np.isfinite(landed):
        return 0.0
    given = match.params.input_lufs or 0.0
    return given + amount * (lufs.target_db - given) - landed


def _in_album(match: Match, album_lufs: float) -> Match:
    """The match, whose loudness is judged by what it was to be in its album: other songs of the reference's loudness
    are no aim of its own."""
    lufs = match.params.lufs
    if lufs is None:
        return replace(match, album_lufs=album_lufs)
    before, after = (
        metrics.model_copy(update={"lufs_err": abs((metrics.integrated_lufs or 0.0) - lufs.target_db)})
        for metrics in (match.metrics_before, match.metrics_after)
    )
    return replace(match, metrics_before=before, metrics_after=after, album_lufs=album_lufs)


def _quieter(style: StyleParams, by_lu: float) -> StyleParams:
    """Aimed ``by_lu`` lower, and said to be."""
    if style.lufs is None:
        return style
    target_db = style.lufs.target_db - by_lu / style.amounts.lufs
    sentence = (
        f"Loudness → {target_db:.1f} LUFS, {by_lu:.1f} LU less than the reference asks for, like all of its album: "
    )
    sentence += "any louder, the limiter would take too much of one of its songs."
    notes = [note for note in style.notes if note.stage != "lufs"] + [StageNote(stage="lufs", sentence=sentence)]
    return style.model_copy(
        update={"lufs": style.lufs.model_copy(update={"target_db": round(target_db, 3)}), "notes": notes}
    )
