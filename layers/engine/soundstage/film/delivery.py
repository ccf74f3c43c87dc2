"""What a person gets: the film, its poster, a contact sheet, subtitles, and the making-of, each written whole."""

from collections.abc import Mapping
from pathlib import Path

from soundstage.film.cutting import FilmFile, chapters_of
from soundstage.film.making import Making, Plan
from soundstage.film.part_store import Part, WrittenFile, fingerprint_of
from soundstage.film.stills import Still, draw_contact_sheet, shrunk_jpeg
from soundstage.film.subtitles import ass_document, srt_document, vtt_document
from soundstage.film.timeline import TITLE
from soundstage.media.files import copy_file, sha256_of, write_text
from soundstage.models.film import FilmResult
from soundstage.models.story import PartId

PANEL_PIXELS = 480
"""Of a picture's longer side on paper: 140 a centimetre."""
VERSION = 3
"""Of how posters and contact sheets look."""


def delivered(making: Making, plan: Plan, film: Part[FilmFile], sheets: Part[WrittenFile], out: Path) -> FilmResult:
    """Copy and write everything into ``out``, the making-of (``film.json``) last."""
    drawn = [sheets.folder / name for name in ("poster.jpg", "contact_sheet.jpg", "storyboard.pdf")]
    for source in (film.folder / film.value.file, *drawn):
        copy_file(source, out / source.name)
    ass = ass_document(plan.cues, size=making.size, style=making.settings.subtitles, family=plan.typeface.family)
    for name, text in (("film.srt", srt_document(plan.cues)), ("film.vtt", vtt_document(plan.cues)), ("film.ass", ass)):
        write_text(out / name, text)
    result = FilmResult(
        film="film.mp4",
        poster="poster.jpg",
        contact_sheet="contact_sheet.jpg",
        storyboard_pdf="storyboard.pdf",
        subtitles={"srt": "film.srt", "vtt": "film.vtt", "ass": "film.ass"},
        timings=list(plan.timings),
        cues=list(plan.cues),
        chapters=chapters_of(making.storyboard, plan.timings, making.settings),
        parts=sorted(making.records, key=lambda record: (len(record.part), record.part)),
        quality=film.value.quality,
        sha256=film.value.sha256,
    )
    write_text(out / "film.json", result.model_dump_json(indent=1))
    return result


def drawn_sheets(making: Making, plan: Plan, stills: Mapping[PartId, Path]) -> Part[WrittenFile]:
    """Poster, contact sheet and storyboard on paper, from a still of each shot and card."""
    shots = making.storyboard.shots
    seconds = {timing.shot: timing.frames / making.settings.fps for timing in plan.timings}
    wide, high = making.size
    scale = PANEL_PIXELS / max(wide, high)
    size = (2 * round(scale * wide / 2), 2 * round(scale * high / 2))
    poster = stills.get(TITLE) or stills[shots[0].id]
    cells = [
        Still(stills[shot.id], f"{number}  {shot.title or shot.narration}") for number, shot in enumerate(shots, 1)
    ]

    def make(folder: Path) -> WrittenFile:
        from soundstage.film.storyboard_pdf import Panel, draw_storyboard_pdf  # noqa: PLC0415  (reportlab: .2 s)

        copy_file(poster, folder / "poster.jpg")
        draw_contact_sheet(cells, making.size, plan.cut_typeface, folder / "contact_sheet.jpg")
        panels = [Panel(shot, shrunk_jpeg(stills[shot.id], size), size, seconds[shot.id]) for shot in shots]
        draw_storyboard_pdf(making.storyboard, panels, plan.cut_typeface, folder / "storyboard.pdf")
        return WrittenFile.of(folder / "contact_sheet.jpg")

    shown = [sha256_of(still) for still in (poster, *(cell.image for cell in cells))]
    captions = [cell.caption for cell in cells]
    seen = [shot.model_dump(mode="json", include={"narration", "setting", "size", "camera"}) for shot in shots]
    facts = [VERSION, shown, captions, seen, list(seconds.values()), making.size, plan.typeface.sha256]
    return making.store.obtain("stills", fingerprint_of(facts), WrittenFile, make)
