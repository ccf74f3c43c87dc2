"""A long film of painted pictures, and the memory of every process that made it: FOLDER MINUTES."""

import json
import resource
import shutil
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from unittest import mock

from tests.fixtures.film import SHOTS, ChordComposer, ToneSpeaker, storyboard

from soundstage.film import cutting
from soundstage.film.encoding import join
from soundstage.film.painting import EmbeddedPainter, paint
from soundstage.film.part_store import PartStore
from soundstage.film.ports import Crew
from soundstage.film.processes import run_apart
from soundstage.film.production import make_film
from soundstage.models.film import FilmSettings, Picture
from soundstage.models.story import Shot, Storyboard

SHOT_S = 4.0
OURS = Path("/proc/self/exe").readlink()


class _Repeating(EmbeddedPainter):
    """Paints each of the story's shots once, and copies it where it comes again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._painted: dict[str, Picture] = {}
        self._lock = threading.Lock()

    def paint(
        self, storyboard: Storyboard, shot: Shot, settings: FilmSettings, folder: Path, *, previous_layout: str
    ) -> Picture:
        original = next(each for each in SHOTS if each.title == shot.title)
        with self._lock:
            if original.id not in self._painted:
                painted = run_apart(paint, storyboard, original, settings, self._folder / original.id)
                self._painted[original.id] = painted
        shutil.copytree(self._folder / original.id, folder, dirs_exist_ok=True)
        return self._painted[original.id]


def main(folder: Path, minutes: float) -> None:
    shots = [
        SHOTS[n % len(SHOTS)].model_copy(update={"id": f"s{n + 1}", "duration_s": SHOT_S, "transition": "crossfade"})
        for n in range(round(minutes * 60 / SHOT_S))
    ]
    settings = FilmSettings(title_card=False, end_card=False)
    crew = Crew([ToneSpeaker()], [_Repeating(folder / "painted")], ChordComposer())
    apart_mb: dict[str, float] = {}
    joining_s: list[float] = []

    def timed_join(*args: Any, **kwargs: Any) -> None:
        began = time.monotonic()
        join(*args, **kwargs)
        joining_s.append(time.monotonic() - began)

    threading.Thread(target=_watch, args=(apart_mb,), daemon=True).start()
    with mock.patch.object(cutting, "join", timed_join):
        made = make_film(storyboard(shots), settings, crew, PartStore(folder / "parts"), folder / "out")
    found = {
        "seconds": made.quality.duration_s,
        "offset_s": made.quality.audio_video_offset_s,
        "join_s": joining_s[0],
        "join_and_gate_s": next(part.seconds for part in made.parts if part.part == "film"),
        "composing": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "apart": max(apart_mb.values()),
    }
    print(json.dumps(found))  # noqa: T201


def _watch(peaks_mb: dict[str, float]) -> None:
    """Of each process that ours starts, its own peak: what the kernel adds up of children counts ours as theirs, for
    the moment between fork and exec.
    """
    while True:
        for task in Path("/proc/self/task").iterdir():
            with suppress(OSError, IndexError):
                for child in (task / "children").read_text().split():
                    if Path(f"/proc/{child}/exe").readlink() != OURS or b"soundstage.film.processes" in _command(child):
                        status = Path(f"/proc/{child}/status").read_text()
                        peak_kb = status.partition("VmHWM:")[2].split()[0]
                        peaks_mb[child] = max(peaks_mb.get(child, 0.0), int(peak_kb) / 1024)
        time.sleep(0.02)


def _command(process: str) -> bytes:
    return Path(f"/proc/{process}/cmdline").read_bytes()


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
