"""Segments: the same content is the same file, they join to the frame, and the camera moves smoothly."""

import hashlib
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image

from soundstage.audio.io import Audio, write_wav
from soundstage.film.camera import view
from soundstage.film.compositing import compose, load_layers
from soundstage.film.encoding import Format, encode_segment, join, parameters, presentation_times
from soundstage.film.segments import Scene, SegmentJob
from soundstage.film.timeline import Segment, Stretch
from soundstage.film.transitions import blended
from soundstage.media.encode import EncodingFailed
from soundstage.media.typography import Typeface
from soundstage.models.film import Cue, Encoding, LayerFile, Picture
from soundstage.models.story import CameraMove, Transition

SIZE = (320, 180)
FORM = Format(*SIZE, 24, Encoding(), "preview")
TYPEFACE = Typeface(Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf")
DOTS = ((150.3, 90.6), (280.7, 150.2), (208.0, 117.0))


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A dark picture with three soft dots, and a half-transparent layer in front of it."""
    folder = tmp_path_factory.mktemp("picture")
    y, x = np.mgrid[0:234, 0:416].astype(np.float32)
    dots = sum(180 * np.exp(-((x - a) ** 2 + (y - b) ** 2) / (2 * 6.0**2)) for a, b in DOTS)
    Image.fromarray((40 + dots).clip(0, 255).astype(np.uint8)).convert("RGBA").save(folder / "far.png")
    near = np.zeros((234, 416, 4), np.uint8)
    near[200:] = (120, 60, 20, 128)
    Image.fromarray(near).save(folder / "near.png")
    layers = [LayerFile(file=f"{n}.png", sha256=n, depth=d) for n, d in (("far", 0.0), ("near", 1.0))]
    picture = Picture(width=416, height=234, layers=layers, provider="test")
    return Scene(picture, folder, "push_in", "parallax")


def job(scene: Scene, first: int = 0, frames: int = 12, *, at: int = 0, cues: list[Cue] | None = None) -> SegmentJob:
    segment = Segment(at, frames, (Stretch("s1", first, 96),))
    return SegmentJob(segment, {"s1": scene}, cues or [], FORM, "highlight", TYPEFACE)


@pytest.mark.parametrize("move", ["push_in", "pull_out", "pan_left", "tilt_down", "drift"])
def test_the_camera_moves_by_fractions_of_a_pixel(scene: Scene, move: CameraMove) -> None:
    far = Picture(width=416, height=234, layers=scene.picture.layers[:1], provider="test")
    layers = load_layers(far, scene.folder, SIZE)

    errors = []
    for number in range(96):
        seen = view(move, number / 96)
        y, _ = compose(layers, seen, SIZE, (0.5, 0.5), number / 24)
        matrix = seen.matrix(0.0, layers[0].size, SIZE, (0.5, 0.5))
        errors.append(_mean_error(y, matrix))

    steps = np.diff(np.array(errors), axis=0)
    assert np.sqrt((steps**2).sum(axis=1).mean()) <= 0.01


def test_the_same_content_is_the_same_file_wherever_it_lies(scene: Scene, tmp_path: Path) -> None:
    cue = Cue(start_s=1.0, end_s=2.0, lines=["Here"], shot="s1")
    later = Cue(start_s=11.0, end_s=12.0, lines=["Here"], shot="s1")
    one, other = job(scene, at=24, cues=[cue]), job(scene, at=264, cues=[later])

    one.render(tmp_path / "one.mp4")
    other.render(tmp_path / "other.mp4")

    assert one.fingerprint == other.fingerprint
    assert _sha256(tmp_path / "one.mp4") == _sha256(tmp_path / "other.mp4")


def test_whatever_is_seen_changes_the_fingerprint(scene: Scene) -> None:
    known = job(scene).fingerprint
    cue = Cue(start_s=0.1, end_s=0.4, lines=["Here"], shot="s1")
    unseen = Cue(start_s=5.0, end_s=6.0, lines=["Later"], shot="s1")

    others = [
        job(scene, first=1),
        job(scene, frames=13),
        job(scene, cues=[cue]),
        job(replace(scene, camera="pan_left")),
        job(replace(scene, picture=scene.picture.model_copy(update={"focus": (0.4, 0.5)}))),
        replace(job(scene), form=replace(FORM, fps=25)),
        replace(job(scene), form=replace(FORM, encoding=Encoding(crf=30), quality="final")),
    ]

    assert known not in {other.fingerprint for other in others}
    assert len({other.fingerprint for other in others}) == len(others)
    assert job(scene, cues=[unseen]).fingerprint == known


def test_segments_join_to_the_frame(scene: Scene, tmp_path: Path) -> None:
    counts = [25, 6, 19]
    files = [tmp_path / f"{number}.mp4" for number in range(3)]
    for file, first, count in zip(files, (0, 25, 31), counts, strict=True):
        job(scene, first=first, frames=count).render(file)
    sound = tmp_path / "sound.wav"
    write_wav(sound, Audio(np.zeros((2000 * sum(counts), 2), np.float32), 48_000))

    join(files, sound, tmp_path / "film.mp4", FORM, counts=counts, title="100%; it's = #1", chapters=[(0.0, "One;")])

    assert presentation_times(tmp_path / "film.mp4") == [number * 3750 for number in range(50)]
    shown = parameters(tmp_path / "film.mp4")
    assert shown.startswith("h264")
    assert "yuv420p(tv, bt709, progressive), 320x180 [SAR 1:1" in shown


def test_what_does_not_fit_together_is_not_joined(scene: Scene, tmp_path: Path) -> None:
    job(scene).render(tmp_path / "a.mp4")
    replace(job(scene), form=replace(FORM, fps=25)).render(tmp_path / "b.mp4")
    write_wav(tmp_path / "sound.wav", Audio(np.zeros((48_000, 2), np.float32), 48_000))

    files = [tmp_path / "a.mp4", tmp_path / "b.mp4"]
    with pytest.raises(EncodingFailed, match="do not fit together"):
        join(files, tmp_path / "sound.wav", tmp_path / "film.mp4", FORM, counts=[12, 12], title="x")
    assert not (tmp_path / "film.mp4").exists()


def test_an_encoder_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hanging = tmp_path / "ffmpeg"
    hanging.write_text("#!/bin/sh\nexec sleep 60\n")
    hanging.chmod(0o755)
    monkeypatch.setattr("soundstage.media.encode.find_ffmpeg", lambda: hanging)
    frame = (np.zeros((180, 320), np.uint8), np.zeros((2, 90, 160), np.uint8))

    with pytest.raises(EncodingFailed, match="within 1 s"):
        encode_segment(tmp_path / "a.mp4", lambda: iter([frame] * 500), FORM, count=500, timeout_s=1.0)


@pytest.mark.parametrize("kind", ["fade", "crossfade", "dip", "page_turn", "ink_bleed"])
def test_a_transition_begins_with_one_picture_and_ends_with_the_other(kind: Transition) -> None:
    dark = (np.full((90, 160), 40, np.uint8), np.full((2, 45, 80), 120, np.uint8))
    light = (np.full((90, 160), 200, np.uint8), np.full((2, 45, 80), 140, np.uint8))

    first, last = blended(dark, light, 0.01, kind), blended(dark, light, 0.99, kind)

    assert np.abs(first[0].astype(int) - 40).mean() < 12
    assert np.abs(last[0].astype(int) - 200).mean() < 12


def _mean_error(y: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """How far the dots' centroids are from where the camera puts them, px."""
    errors = []
    for dot_x, dot_y in DOTS:
        x0, y0 = (dot_x - matrix[0, 2]) / matrix[0, 0], (dot_y - matrix[1, 2]) / matrix[1, 1]
        left, top, reach = round(x0), round(y0), 22
        if reach <= left < SIZE[0] - reach and reach <= top < SIZE[1] - reach:
            part = y[top - reach : top + reach + 1, left - reach : left + reach + 1].astype(float)
            part -= np.median(part)
            part[part < 6] = 0
            rows, columns = np.mgrid[top - reach : top + reach + 1, left - reach : left + reach + 1]
            errors.append(((part * columns).sum() / part.sum() - x0, (part * rows).sum() / part.sum() - y0))
    return np.asarray(np.mean(errors, axis=0))


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
