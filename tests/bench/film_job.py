"""The job that ways of making a film are compared on: 8 stills, 684 frames (28.5 s), 1280 × 720 at 24 frames a second,
slow zooms, crossfades of half a second, 8 narrations, ducked music, burnt-in subtitles, H.264 and AAC. All generated.
"""

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from soundstage.audio.io import Audio, write_wav
from soundstage.film.own_files import OwnSource
from soundstage.film.own_pictures import OwnPictures
from soundstage.film.painting import EmbeddedPainter
from soundstage.film.part_store import PartStore
from soundstage.film.ports import Crew
from soundstage.film.production import make_film
from soundstage.media.files import sha256_of
from soundstage.models.film import MIX_RATE_HZ, SPEECH_RATE_HZ, FilmResult, FilmSettings, Speech, Word
from soundstage.models.story import Language, PartId, Shot, Storyboard
from soundstage.providers.film.embedded import TrackComposer

SIZE, FPS = (1280, 720), 24
FRAMES = (85, 86, 85, 86, 85, 86, 85, 86)
"""Of each shot."""
AROUND_S = 1.0
"""Of a shot before and after its words (``film.timeline``)."""
LINES = (
    "The lamp was dark, and the sea was loud.",
    "She took the lantern and went down the stairs.",
    "A path ran through the wood, wet and black.",
    "Between two birches sat a fox and waited.",
    "Over the bridge they came, and into the village.",
    "The baker gave her oil and a loaf of bread.",
    "All the way back she ran along the beach.",
    "Then there was light, and the ship turned home.",
)
EDITED = "Then there was light, and a ship came home."


def write_inputs(folder: Path) -> None:
    """Stills, narrations with the times of their words, and music."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(5)
    for number in range(len(LINES)):
        Image.fromarray(_still(rng)).save(folder / f"{number + 1}.png", compress_level=1)
    t = np.arange(30 * MIX_RATE_HZ) / MIX_RATE_HZ
    chords = sum(np.sin(2 * np.pi * hz * t) * (1 + 0.3 * np.sin(t * hz / 90)) for hz in (110.0, 164.8, 220.0, 277.2))
    write_wav(folder / "music.wav", Audio(np.stack([chords, np.roll(chords, 700)], 1).astype(np.float32) * 0.1, 48_000))
    for number, (text, frames) in enumerate(zip(LINES, FRAMES, strict=True), 1):
        _narrate(folder, str(number), text, frames / FPS - AROUND_S)
    _narrate(folder, "edited", EDITED, FRAMES[-1] / FPS - AROUND_S)


def _still(rng: np.random.Generator) -> np.ndarray:
    """1920 × 1080: a sky, hills one behind the other, and paper grain."""
    high, wide = 1080, 1920
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    low, top = rng.uniform(90, 220, (2, 3))
    picture = top + (low - top) * (y / high)[..., None]
    for depth in np.linspace(0.35, 0.95, 6):
        ridge = high * depth + sum(
            rng.uniform(8, 60) * np.sin(x[0] / rng.uniform(40, 400) + rng.uniform(0, 6)) for _ in range(5)
        )
        picture = np.where((y > ridge)[..., None], rng.uniform(20, 230, 3) * (1.1 - depth), picture)
    grain = rng.normal(0, 5, (high // 2, wide // 2)).repeat(2, 0).repeat(2, 1)
    return np.asarray((picture + grain[..., None]).clip(0, 255), np.uint8)


def _narrate(folder: Path, name: str, text: str, seconds: float) -> None:
    """A tone for each word: what is said does not matter here, when does."""
    words = list(re.finditer(r"\S+", text))
    each_s = seconds / len(words)
    t = np.arange(round(seconds * SPEECH_RATE_HZ)) / SPEECH_RATE_HZ
    voice = np.sin(2 * np.pi * 190 * t) * np.abs(np.sin(np.pi * t / each_s)) * 0.3
    write_wav(folder / f"{name}.wav", Audio(voice[:, None].astype(np.float32), SPEECH_RATE_HZ))
    said = [
        Word(text=w[0], start=w.start(), end=w.end(), start_s=i * each_s, end_s=(i + 0.9) * each_s)
        for i, w in enumerate(words)
    ]
    (folder / f"{name}.json").write_text(json.dumps([word.model_dump() for word in said]))


class _Reader:
    """``soundstage.film.ports.Speaker`` that has every line recorded."""

    fingerprint = "recorded 1"

    def __init__(self, folder: Path) -> None:
        names = {**{text: str(number) for number, text in enumerate(LINES, 1)}, EDITED: "edited"}
        self._files = {text: folder / name for text, name in names.items()}

    def voices(self, storyboard: Storyboard, narrator: str | None) -> Mapping[PartId | None, str]:
        return {None: "recorded"}

    def speak(self, text: str, *, voice: str, language: Language, speed: float, out: Path) -> Speech:
        recorded = self._files[text]
        out.write_bytes(recorded.with_suffix(".wav").read_bytes())
        words = [Word.model_validate(word) for word in json.loads(recorded.with_suffix(".json").read_bytes())]
        seconds = words[-1].end_s / (len(words) - 0.1) * len(words)
        return Speech(
            audio=out.name,
            audio_sha256=sha256_of(out),
            rate_hz=SPEECH_RATE_HZ,
            duration_s=seconds,
            words=words,
            voice=voice,
            provider="recorded",
        )


def make_ours(inputs: Path, project: Path, options: Mapping[str, Any]) -> FilmResult:
    """``options``: ``edited`` says the last line otherwise, ``settings`` are changes to the film's, ``workers``."""
    lines = [*LINES[:-1], EDITED] if options.get("edited") else list(LINES)
    moves = ("push_in", "pull_out", "pan_left", "tilt_up")
    shots = [
        Shot.model_validate(
            {"id": f"s{n}", "title": f"Shot {n}", "narration": text, "camera": moves[n % 4], "transition": "crossfade"}
        )
        for n, text in enumerate(lines, 1)
    ]
    board = Storyboard(title="The Lamp", language="en", characters=[], shots=shots)
    settings = FilmSettings.model_validate(
        {"title_card": False, "end_card": False, "motion": "ken_burns", **options.get("settings", {})}
    )
    files = {shot.id: OwnSource.of(inputs / f"{n}.png") for n, shot in enumerate(shots, 1)}
    crew = Crew(
        [_Reader(inputs)], [OwnPictures(files, EmbeddedPainter())], TrackComposer(OwnSource.of(inputs / "music.wav"))
    )
    store = PartStore(project / "parts")
    return make_film(board, settings, crew, store, project / "out", workers=options.get("workers"))


if __name__ == "__main__":
    made = make_ours(Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3]))
    print(json.dumps({"sha256": made.sha256, "quality": made.quality.model_dump(),  # noqa: T201
                      "made": [part.part for part in made.parts if not part.reused]}))  # fmt: skip
