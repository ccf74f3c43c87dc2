"""One folder for editing programs, and the same as a ZIP file: media, timelines, stems, subtitles, and what to open."""

import shutil
import zipfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from soundstage.film.cutting import FilmSound, chapters_of, transitions_of
from soundstage.film.export.edit import Edit, changes_of, edit_of
from soundstage.film.export.fcpxml import fcpxml_document
from soundstage.film.export.jianying import jianying_documents
from soundstage.film.export.media import shot_clips, stems
from soundstage.film.export.otio import otio_document
from soundstage.film.export.readme import readme
from soundstage.film.export.xmeml import xmeml_document
from soundstage.film.making import Making, Plan
from soundstage.film.part_store import Part, WrittenFile
from soundstage.film.subtitles import ass_document, srt_document, vtt_document
from soundstage.film.timeline import transition_lengths
from soundstage.media.files import copy_file, whole_file, write_text
from soundstage.models.errors import InvalidInput
from soundstage.models.film import Speech
from soundstage.models.story import PartId

MARK = "film.otio"
"""A folder with this is a bundle, and may be written again."""
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest date of ZIP: the same bundle gives the same bytes."""
MEDIA_FOLDERS = ("media", "stems")


def write_bundle(
    making: Making,
    plan: Plan,
    *,
    speeches: Mapping[PartId, Part[Speech]],
    music: Part[WrittenFile] | None,
    sound: Part[FilmSound],
    pool: ThreadPoolExecutor,
    folder: Path,
) -> Edit:
    """Write ``folder`` and ``folder``.zip beside it.

    Raises:
        InvalidInput: the folder holds something else.
        EncodingFailed, DependencyUnavailable: a clip could not be made.
    """
    settings, board = making.settings, making.storyboard
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise InvalidInput(f"{folder.name}: this folder holds something else; name a new one for the bundle.")
    kinds = transitions_of(board, plan.timings, settings)
    changes = changes_of(plan.timings, kinds, transition_lengths(plan.timings, kinds, settings))
    clips, heard = shot_clips(making, plan, changes, pool), stems(making, plan, speeches, music, sound)
    edit = edit_of(
        board,
        plan.timings,
        changes,
        settings,
        size=making.size,
        spoken=list(heard.value.by_shot),
        has_music=music is not None,
        chapters=chapters_of(board, plan.timings, settings),
    )
    files = {clip.medium.path: part.folder / part.value.file for clip, part in zip(edit.pictures, clips, strict=True)}
    files |= {f"stems/{name}": heard.folder / name for name in heard.value.whole}
    spoken = [heard.folder / heard.value.by_shot[t.shot] for t in plan.timings if t.shot in heard.value.by_shot]
    narration = next((track.clips for track in edit.sounds if track.name == "Narration"), ())
    files |= {clip.medium.path: path for clip, path in zip(narration, spoken, strict=True)}
    ass = ass_document(plan.cues, size=making.size, style=settings.subtitles, family=plan.typeface.family)
    texts = {
        "film.srt": srt_document(plan.cues),
        "film.vtt": vtt_document(plan.cues),
        "film.ass": ass,
        "film.fcpxml": fcpxml_document(edit),
        "film.xml": xmeml_document(edit),
        **jianying_documents(edit, plan.cues),
        "README.txt": readme(edit),
        MARK: otio_document(edit),
    }
    _put(folder, files, texts)
    _zip(folder, sorted([*files, *texts]))
    making.advance("bundle", 1.0)
    return edit


def _put(folder: Path, files: Mapping[str, Path], texts: Mapping[str, str]) -> None:
    """Media of an earlier bundle in this folder go; what the editing programs put there stays."""
    for name in MEDIA_FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
        for path in (folder / name).iterdir():
            if f"{name}/{path.name}" not in files and path.suffix in (".mp4", ".wav"):
                path.unlink()
    for name, source in files.items():
        copy_file(source, folder / name)
    for name, text in texts.items():
        write_text(folder / name, text)


def _zip(folder: Path, names: list[str]) -> None:
    """Media are compressed already and only stored."""
    target = folder.with_name(f"{folder.name}.zip")
    with whole_file(target) as partial, zipfile.ZipFile(partial, "w") as archive:
        for name in names:
            about = zipfile.ZipInfo(f"{folder.name}/{name}", EPOCH)
            about.external_attr = 0o644 << 16
            about.compress_type = zipfile.ZIP_STORED if name.endswith((".mp4", ".wav")) else zipfile.ZIP_DEFLATED
            with (folder / name).open("rb") as source, archive.open(about, "w") as to:
                shutil.copyfileobj(source, to, 1 << 20)
