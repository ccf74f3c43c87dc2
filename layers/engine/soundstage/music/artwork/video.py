"""Video of a variant: its cover, and below it a scrolling piano roll whose notes light up when they sound.

Notes and drum strokes are those of the MIDI file, whose times are as performed; the light follows the level of the
recording. numpy draws, ffmpeg encodes; Pillow is in the worker and beside the command line
only, so import this module where it is needed. The same song gives the same bytes.
"""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from soundstage.arrays import Floats32
from soundstage.audio.decibels import db_to_power, power_to_db
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

WIDTH, HEIGHT = 864, 1080  # pixels: 4 to 5, the tallest ratio that feeds on phones show whole
# Rows and sizes, pixels: piano roll, margin, base lines and sizes of title and caption, the level's bars, and where the
# cover fades into the ground.
ROLL_TOP = 576
MARGIN = 48
TITLE_BASE, TITLE_SIZES = 976, (46, 40, 34)
CAPTION_BASE, CAPTION_SIZE = 1012, 22
WAVE_TOP, WAVE_HEIGHT, BAR, GAP = 1030, 28, 4, 2
SHADE_FROM, SHADE_TO = 440, 780
QUIET_DB = 30.0  # below the 98th percentile of level: dark
FLOOR_DB = -100.0  # dBFS, of levels
LIGHT_DECAY = 0.82  # per frame
POSTER_AT, POSTER_QUALITY = 0.4, 88  # share of the song; JPEG
LIGHTS = 16  # steps of light
GROUND_LIGHTNESS, GROUND_CHROMA = 0.17, 0.07  # OKLCH
CAPTION_STRENGTH = 0.72  # of the title's colour
# Light where notes sound: a pool of these radii, pixels, with .16 of the bass's colour at full light; a beam with .08
# to .38 of the palette's light.
POOL_RADII, POOL_STRENGTH, BEAM_STRENGTH, BEAM_PER_LIGHT = (130.0, 80.0), 0.16, 0.08, 0.3
BAR_STRENGTHS, MIN_BAR = (0.25, 0.95), 0.06  # of the level's bars to come and past; height of the lowest


def draw_visualiser(
    path: Path,
    song: RenderedVariant,
    composition: Composition,
    *,
    title: str | None = None,
    poster: Path | None = None,
    progress: Callable[[float], None] = lambda _: None,
) -> None:
    """Write an MP4 of 864 × 1080 and 30 frames per second, as long as the song.

    Args:
        song: its ``audio`` and ``midi`` are files.
        poster: where one frame is written as JPEG.
        progress: called with the share done, 0 to 1; what it raises ends the work and leaves no file.

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
    written_title = writable(title or "") or None
    with mp4_writer(path, audio, width=WIDTH, height=HEIGHT, frames_per_s=FRAMES_PER_S, title=written_title) as write:
        for number in range(frames):
            y, c = stages[round(float(light[number]) * (LIGHTS - 1))]
            frame = (y.copy(), c.copy())
            roll.draw(frame, number, top=ROLL_TOP)
            wave.draw(frame, (number + 1) / frames)
            write(frame)
            if poster is not None and number == int(POSTER_AT * frames):
                Image.fromarray(rgb_of(frame)).save(poster, format="JPEG", quality=POSTER_QUALITY)
            if number % FRAMES_PER_S == 0:
                progress(number / frames)


def caption(song: RenderedVariant) -> str:
    """``Lofi · A minor · 92 bpm``."""
    return "  ·  ".join((song.style.replace("_", " ").capitalize(), song.key.in_words, f"{song.tempo_bpm:.0f} bpm"))


def levels_db(audio: Path) -> Floats32:
    """RMS level of the audio in every frame of the video, dBFS, [frames]."""
    return np.asarray(power_to_db(np.array(list(_powers(audio))), FLOOR_DB), dtype=np.float32)


def _powers(audio: Path) -> Iterator[float]:
    """Mean square of the audio in each frame of the video, read in flat memory; the last frame may be shorter."""
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
    """Light of each frame, 0 to 1: fast attack, slow decay; 1 at the song's 98th percentile of level. [frames]"""
    light = np.clip((level_db - np.percentile(level_db, 98)) / QUIET_DB + 1, 0, 1) ** 2
    for number in range(1, len(light)):
        light[number] = max(light[number], LIGHT_DECAY * light[number - 1])
    return np.asarray(light, dtype=np.float32)


def _stages(picture: Image.Image, palette: Palette, title: str | None, words: str) -> list[Planes]:
    """The still picture at ``LIGHTS`` steps of light: the cover, darker towards the notes, title and caption."""
    art = _linear(picture.resize((WIDTH, WIDTH), Image.Resampling.LANCZOS))
    ground = _ground(art)
    rows = np.arange(HEIGHT, dtype=np.float32)
    shade = np.clip((rows - SHADE_FROM) / (SHADE_TO - SHADE_FROM), 0, 1)
    shade = (shade * shade * (3 - 2 * shade))[:, None, None]
    tall = np.concatenate([art, np.repeat(art[-1:], HEIGHT - WIDTH, axis=0)])
    # A geometric mean, as light fades: a linear one would lead through grey.
    dark = np.maximum(tall, 1e-4) ** (1 - shade) * ground**shade

    def in_light(light: float) -> Planes:
        image = Image.fromarray(srgb_bytes(_lit(dark, palette, light)))
        draw = ImageDraw.Draw(image)
        ink = _ink(palette)
        _write(draw, writable(title or ""), TITLE_BASE, TITLE_SIZES, ink)
        _write(draw, words, CAPTION_BASE, (CAPTION_SIZE,), tuple(round(CAPTION_STRENGTH * part) for part in ink))
        return planes_of(np.asarray(image, dtype=np.float32) / np.float32(255))

    dim, bright = in_light(0.0), in_light(1.0)
    return [between(dim, bright, step / (LIGHTS - 1)) for step in range(LIGHTS)]


def _lit(dark: Floats32, palette: Palette, light: float) -> Floats32:
    """The picture with so much ``light`` (0 to 1) on the notes; the cover does not change, which saves bits."""
    x, y = np.arange(WIDTH, dtype=np.float32)[None, :], np.arange(HEIGHT, dtype=np.float32)[:, None]
    middle = ROLL_TOP + ROLL_HEIGHT / 2
    pool = np.exp(-((x - NOW_X) ** 2 / (2 * POOL_RADII[0] ** 2) + (y - middle) ** 2 / (2 * POOL_RADII[1] ** 2)))
    beam = np.exp(-(((x - NOW_X) / 1.2) ** 2)) * np.clip(1 - np.abs(y - middle) / (ROLL_HEIGHT / 2), 0, 1) ** 0.4
    glow = np.asarray(role_colours(palette)["bass"], dtype=np.float32) ** 2.2
    lamp = (POOL_STRENGTH * light * pool)[..., None] * glow
    lamp = lamp + ((BEAM_STRENGTH + BEAM_PER_LIGHT * light) * beam)[..., None] * palette.light
    return np.asarray(1 - (1 - dark) * (1 - np.clip(lamp, 0, 1)), dtype=np.float32)


def _ground(art: Floats32) -> Floats32:
    """The hue of the cover's lower half, dark enough that notes stand out: linear sRGB, [3]."""
    _, _, hue = oklch(art[WIDTH // 2 :].mean(axis=(0, 1)))
    ((lightness, chroma, degrees),) = cleared([(GROUND_LIGHTNESS, GROUND_CHROMA, float(np.degrees(hue)))])
    return in_gamut(lightness, chroma, np.radians(degrees))


def _linear(picture: Image.Image) -> Floats32:
    """Linear sRGB, 0 to 1 (IEC 61966-2-1), [height, width, 3]."""
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
    """The level of the whole song as a row of bars; those of the past are bright."""

    def __init__(self, level_db: Floats32, palette: Palette) -> None:
        count = (WIDTH - 2 * MARGIN + GAP) // (BAR + GAP)
        edges = np.linspace(0, len(level_db), count + 1).astype(int)
        power = db_to_power(np.asarray(level_db, np.float64))
        mean_power = np.array([power[a : max(b, a + 1)].mean() for a, b in itertools.pairwise(edges)])
        share = np.clip((power_to_db(mean_power) - level_db.max()) / QUIET_DB + 1, MIN_BAR, 1)
        half = share * WAVE_HEIGHT / 2
        rows = np.abs(np.arange(WAVE_HEIGHT) + 0.5 - WAVE_HEIGHT / 2)[:, None]
        column = np.repeat(half, BAR + GAP)[None, :]
        bars = np.clip(column - rows + 0.5, 0, 1) * (np.arange(column.shape[1]) % (BAR + GAP) < BAR)
        alpha = bars.astype(np.float32)
        ink = np.asarray(_ink(palette), dtype=np.float32) / 255
        self._dark, self._bright = (
            sheet_of(alpha[..., None] * ink * strength, alpha * strength) for strength in BAR_STRENGTHS
        )
        self._columns = np.arange(alpha.shape[1])

    def draw(self, frame: Planes, done: float) -> None:
        past = np.clip(done * len(self._columns) - self._columns, 0, 1)
        lay(frame, self._dark, top=WAVE_TOP, left=MARGIN, share=(256 * (1 - past)).astype(np.uint16))
        lay(frame, self._bright, top=WAVE_TOP, left=MARGIN, share=(256 * past).astype(np.uint16))
