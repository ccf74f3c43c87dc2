"""An animatic: a film for planning, quickly made. Its pictures are held, each with its number, framing and seconds."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from soundstage.film.camera import ARROWS
from soundstage.film.making import Making
from soundstage.film.painting.layers import encoded, written
from soundstage.film.part_store import Part, fingerprint_of
from soundstage.film.segments import Scene
from soundstage.film.stills import still_of
from soundstage.media.typography import Typeface, fitted
from soundstage.media.yuv import rgb_of
from soundstage.models.film import Picture, ShotTiming
from soundstage.models.story import Shot

VERSION = 1
NOTE_SIZE = 0.042
"""Of the notes' letters, share of the frame's shorter side."""
INSET = 0.045
"""Of the notes from the frame's edge: the camera, held, shows 94 % of a picture."""
BAND, INK = (20, 18, 24, 190), (255, 250, 235, 255)


def noted(making: Making, shot: Shot, scene: Scene, timing: ShotTiming, typeface: Typeface) -> Scene:
    """The shot's picture in one layer, with what a plan says of it written over its head."""
    board, fps = making.storyboard, making.settings.fps
    number = next(k for k, other in enumerate(board.shots, 1) if other.id == shot.id)
    setting = shot.setting
    where = f"{setting.place_name or setting.place}, {setting.time_of_day}, {setting.weather}"
    framing = f"{shot.size.replace('_', ' ')} {ARROWS[shot.camera]}"
    into = shot.transition.replace("_", " ")
    lines = [f"{number} / {len(board.shots)} · {framing} · {timing.frames / fps:.1f} s · {into}", where]

    def make(folder: Path) -> Picture:
        still = still_of(scene.picture, scene.folder, making.size)
        image = Image.fromarray(rgb_of(still)).convert("RGBA")
        _write(image, lines, typeface)
        layer = written(encoded("plan", np.asarray(image), 0.0, "none"), shot.id, folder)
        return scene.picture.model_copy(
            update={"width": image.width, "height": image.height, "layers": [layer], "focus": (0.5, 0.5)}
        )

    layers = [layer.sha256 for layer in scene.picture.layers]
    facts = [VERSION, layers, scene.picture.focus, making.size, lines, typeface.sha256]
    part: Part[Picture] = making.store.obtain("plan", fingerprint_of(facts), Picture, make)
    return Scene(part.value, part.folder, "still", "still")


def _write(image: Image.Image, lines: list[str], typeface: Typeface) -> None:
    wide, high = image.size
    side = min(image.size)
    left, top = round(INSET * wide), round(INSET * high)
    rows = []
    for line in lines:
        text = typeface.drawable(line)
        font, wrapped = fitted(
            typeface.file, text, width=round((1 - 3 * INSET) * wide), sizes=[round(NOTE_SIZE * side)], lines=1
        )
        rows.append((font, wrapped[0]))
    pad, step = round(0.012 * side), round(1.35 * NOTE_SIZE * side)
    widest = max(font.getlength(text) for font, text in rows)
    band = Image.new("RGBA", (round(widest) + 2 * pad, step * len(rows) + 2 * pad), BAND)
    pen = ImageDraw.Draw(band)
    for number, (font, text) in enumerate(rows):
        pen.text((pad, pad + number * step), text, fill=INK, font=font)
    image.alpha_composite(band, (left, top))
