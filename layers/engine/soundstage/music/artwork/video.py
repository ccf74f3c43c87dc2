"""The video of a variant: its cover, and below it all its notes as they go by and light up when they sound.

What moves is what is heard: notes and drum strokes are those of the MIDI file, whose times are as performed; the light
follows the level of the recording. numpy draws, ffmpeg encodes; Pillow is in the worker and beside the command line
only, so import this module where it is needed. The same song gives the same bytes.
"""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from soundstage.arrays import Floats32
from soundstage.audio.io import AudioReader
from soundstage.media.encode import mp4_writer
from soundstage.media.typography import fitted, typeface_for, writable
from soundstage.media.yuv import Planes, between, lay, planes_of, rgb_of, sheet_of
from soundstage.models.composition import Composition
from soundstage.models.music import RenderedVariant
from soundstage.music.artwork.cover import cleared, in_gamut, oklch, paint_cover, srgb_bytes
from soundstage.music.artwork.cover_scenes import Palette
from soundstage.music.artwork.video_roll import FRAMES_PER_S, NOW_X, Roll, role_colours
from soundstage.music.artwork.video_roll import HEIGHT as ROLL_HEIGHT
from soundstage.music.sounding.midi import read_midi

WIDTH, HEIGHT = 864, 1080
"""Four to five, the tallest that feeds on phones show whole."""
ROLL_TOP = 576
MARGIN = 48
TITLE_BASE, TITLE_SIZES = 976, (46, 40, 34)
CAPTION_BASE, CAPTION_SIZE = 1012, 22
WAVE_TOP, WAVE_HEIGHT, BAR, GAP = 1030, 28, 4, 2
SHADE_FROM, SHADE_TO = 440, 780
QUIET_DB = 30.0
FALLS = 0.82
"""How much of its light is left a frame later."""
POSTER_AT = 0.4
LIGHTS = 16
GROUND_LIGHTNESS, GROUND_CHROMA = 0.17, 0.07


def draw_visualiser(
    path: Path,
    song: RenderedVariant,
    composition: Composition,
    *,
    title: str | None = None,
    poster: Path | None = None,
    progress: Callable[[float], None] = lambda _: None,
) -> None:
    """MP4, 864 × 1080, 30 frames per second, as long as the song. ``poster``: one of its frames, as JPEG.

    ``song.audio`` and ``song.midi`` are files here. ``progress`` is told how much is done, 0 to 1; what it raises
    ends the work and leaves no file.

    Raises:
        EncodingFailed: ffmpeg gave up.
        DependencyUnavailable: there is no ffmpeg.
    """
    audio = Path(song.audio)
    picture, palette = paint_cover(composition, title)
    level_db = levels_db(audio)
    frames = len(level_db)
    stages = _stages(picture, palette, title, caption(song))
    wave = _Progress(level_db, palette)
    roll = Roll(read_midi(Path(song.midi)), palette)
    light = brightness(level_db)
    said = writable(title or "") or None
    with mp4_writer(path, audio, width=WIDTH, height=HEIGHT, frames_per_s=FRAMES_PER_S, title=said) as write:
        for number in range(frames):
            y, c = stages[round(float(light[number]) * (LIGHTS - 1))]
            frame = (y.copy(), c.copy())
            roll.draw(frame, number, top=ROLL_TOP)
            wave.draw(frame, (number + 1) / frames)
            write(frame)
            if poster is not None and number == int(POSTER_AT * frames):
                Image.fromarray(rgb_of(frame)).save(poster, format="JPEG", quality=88)
            if number % FRAMES_PER_S == 0:
                progress(number / frames)


def caption(song: RenderedVariant) -> str:
    """``Lofi · A minor · 92 bpm``."""
    return "  ·  ".join((song.style.replace("_", " ").capitalize(), song.key.in_words, f"{song.tempo_bpm:.0f} bpm"))


def levels_db(audio: Path) -> Floats32:
    """RMS of every frame of the video, dB of full scale: [frames]."""
    return np.asarray(10 * np.log10(np.array(list(_powers(audio))) + 1e-10), dtype=np.float32)


def _powers(audio: Path) -> Iterator[float]:
    """The mean square of what is heard with each frame, read in flat memory. The last frame may have less of it."""
    with AudioReader(audio) as reader:
        waiting = np.zeros((0, reader.channels), dtype=np.float32)
        begin = frame = 0
        for block in reader.blocks():
            waiting = np.concatenate([waiting, block])
            while begin + len(waiting) >= (end := (frame + 1) * reader.rate_hz // FRAMES_PER_S):
                yield float(np.mean(waiting[: end - begin] ** 2))
                waiting, begin, frame = waiting[end - begin :], end, frame + 1
        if len(waiting):
            yield float(np.mean(waiting**2))


def brightness(level_db: Floats32) -> Floats32:
    """0–1: rises with the sound at once, falls slowly. The song's own loud places are 1."""
    light = np.clip((level_db - np.percentile(level_db, 98)) / QUIET_DB + 1, 0, 1) ** 2
    for number in range(1, len(light)):
        light[number] = max(light[number], FALLS * light[number - 1])
    return np.asarray(light, dtype=np.float32)


def _stages(picture: Image.Image, palette: Palette, title: str | None, words: str) -> list[Planes]:
    """All that stands still, by how much light there is: the cover, darker towards the notes, and what is to read."""
    art = _linear(picture.resize((WIDTH, WIDTH), Image.Resampling.LANCZOS))
    ground = _ground(art)
    rows = np.arange(HEIGHT, dtype=np.float32)
    shade = np.clip((rows - SHADE_FROM) / (SHADE_TO - SHADE_FROM), 0, 1)
    shade = (shade * shade * (3 - 2 * shade))[:, None, None]
    tall = np.concatenate([art, np.repeat(art[-1:], HEIGHT - WIDTH, axis=0)])
    # By ratios, as light fades: mixing would lead through grey.
    dark = np.maximum(tall, 1e-4) ** (1 - shade) * ground**shade

    def in_light(light: float) -> Planes:
        image = Image.fromarray(srgb_bytes(_lit(dark, palette, light)))
        draw = ImageDraw.Draw(image)
        ink = _ink(palette)
        _write(draw, writable(title or ""), TITLE_BASE, TITLE_SIZES, ink)
        _write(draw, words, CAPTION_BASE, (CAPTION_SIZE,), tuple(round(0.72 * part) for part in ink))
        return planes_of(np.asarray(image, dtype=np.float32) / np.float32(255))

    dim, bright = in_light(0.0), in_light(1.0)
    return [between(dim, bright, step / (LIGHTS - 1)) for step in range(LIGHTS)]


def _lit(dark: Floats32, palette: Palette, light: float) -> Floats32:
    """The picture with this much light where the notes sound. The cover keeps still: what changes has to be encoded."""
    x, y = np.arange(WIDTH, dtype=np.float32)[None, :], np.arange(HEIGHT, dtype=np.float32)[:, None]
    middle = ROLL_TOP + ROLL_HEIGHT / 2
    pool = np.exp(-((x - NOW_X) ** 2 / (2 * 130.0**2) + (y - middle) ** 2 / (2 * 80.0**2)))
    beam = np.exp(-(((x - NOW_X) / 1.2) ** 2)) * np.clip(1 - np.abs(y - middle) / (ROLL_HEIGHT / 2), 0, 1) ** 0.4
    glow = np.asarray(role_colours(palette)["bass"], dtype=np.float32) ** 2.2
    lamp = (0.16 * light * pool)[..., None] * glow + ((0.08 + 0.3 * light) * beam)[..., None] * palette.light
    return np.asarray(1 - (1 - dark) * (1 - np.clip(lamp, 0, 1)), dtype=np.float32)


def _ground(art: Floats32) -> Floats32:
    """The colour of the cover's lower part in the dark, so dim that notes stand out."""
    _, _, hue = oklch(art[WIDTH // 2 :].mean(axis=(0, 1)))
    ((lightness, chroma, degrees),) = cleared([(GROUND_LIGHTNESS, GROUND_CHROMA, float(np.degrees(hue)))])
    return in_gamut(lightness, chroma, np.radians(degrees))


def _linear(picture: Image.Image) -> Floats32:
    """Linear light, 0–1 (IEC 61966-2-1)."""
    srgb = np.asarray(picture, dtype=np.float32) / 255
    return np.asarray(np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4), dtype=np.float32)


def _write(draw: ImageDraw.ImageDraw, text: str, base: int, sizes: tuple[int, ...], colour: tuple[int, ...]) -> None:
    typeface = typeface_for(text)
    if typeface is not None:
        font, (line,) = fitted(typeface, text, width=WIDTH - 2 * MARGIN, sizes=sizes, lines=1)
        draw.text((MARGIN, base), line, font=font, fill=colour, anchor="ls")


def _ink(palette: Palette) -> tuple[int, ...]:
    return tuple(srgb_bytes(palette.light * 0.6 + 0.4).tolist())


class _Progress:
    """The level of the whole song as a row of bars; what has been heard is bright."""

    def __init__(self, level_db: Floats32, palette: Palette) -> None:
        count = (WIDTH - 2 * MARGIN + GAP) // (BAR + GAP)
        edges = np.linspace(0, len(level_db), count + 1).astype(int)
        power = 10 ** (level_db / 10)
        heard = np.array([power[a : max(b, a + 1)].mean() for a, b in itertools.pairwise(edges)])
        share = np.clip((10 * np.log10(heard) - level_db.max()) / QUIET_DB + 1, 0.06, 1)
        half = share * WAVE_HEIGHT / 2
        rows = np.abs(np.arange(WAVE_HEIGHT) + 0.5 - WAVE_HEIGHT / 2)[:, None]
        column = np.repeat(half, BAR + GAP)[None, :]
        bars = np.clip(column - rows + 0.5, 0, 1) * (np.arange(column.shape[1]) % (BAR + GAP) < BAR)
        alpha = bars.astype(np.float32)
        ink = np.asarray(_ink(palette), dtype=np.float32) / 255
        self._dark, self._bright = (
            sheet_of(alpha[..., None] * ink * strength, alpha * strength) for strength in (0.25, 0.95)
        )
        self._columns = np.arange(alpha.shape[1])

    def draw(self, frame: Planes, done: float) -> None:
        heard = np.clip(done * len(self._columns) - self._columns, 0, 1)
        lay(frame, self._dark, top=WAVE_TOP, left=MARGIN, share=(256 * (1 - heard)).astype(np.uint16))
        lay(frame, self._bright, top=WAVE_TOP, left=MARGIN, share=(256 * heard).astype(np.uint16))
