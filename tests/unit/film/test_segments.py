"""Segments: the same content is the same file, they join to the frame, and the camera moves smoothly."""

import hashlib
import subprocess
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image
from tests.fixtures.dots import mean_error, picture_of_dots
from tests.fixtures.films import described

from soundstage.audio.io import Audio, write_wav
from soundstage.film.camera import view
from soundstage.film.compositing import compose, load_layers
from soundstage.film.encoding import Format, encode_segment, join, presentation_times
from soundstage.film.gate import examined
from soundstage.film.segments import Scene, SegmentJob
from soundstage.film.timeline import Segment, Stretch
from soundstage.film.transitions import blended
from soundstage.media.encode import EncodingFailed, encode_m4a
from soundstage.media.ffmpeg import find_ffmpeg
from soundstage.media.mp4 import read_video_track
from soundstage.media.typography import Typeface
from soundstage.media.yuv import planes_of
from soundstage.models.film import Cue, Encoding, FilmSettings, LayerFile, Picture
from soundstage.models.story import CameraMove, Transition

SIZE = (320, 180)
FORM = Format(*SIZE, 24, Encoding(), "preview")
TYPEFACE = Typeface(Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf")


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A dark picture with three soft dots, and a half-transparent layer in front of it."""
    folder = tmp_path_factory.mktemp("picture")
    picture_of_dots(folder / "far.png", (416, 234))
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
        errors.append(mean_error(y, matrix, (416, 234)))

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


def silence(folder: Path, frames: int) -> Path:
    """As M4A, as long as so many frames of 24 a second."""
    write_wav(folder / "sound.wav", Audio(np.zeros((2000 * frames, 2), np.float32), 48_000))
    encode_m4a(folder / "sound.wav", folder / "sound.m4a")
    return folder / "sound.m4a"


def test_segments_join_to_the_frame(scene: Scene, tmp_path: Path) -> None:
    counts = [25, 6, 19]
    files = [tmp_path / f"{number}.mp4" for number in range(3)]
    for file, first, count in zip(files, (0, 25, 31), counts, strict=True):
        job(scene, first=first, frames=count).render(file)
    sound = silence(tmp_path, sum(counts))

    join(files, sound, tmp_path / "film.mp4", FORM, counts=counts, title="100%; it's = #1", chapters=[(0.0, "One;")])

    assert presentation_times(tmp_path / "film.mp4") == [number * 3750 for number in range(50)]
    shown = described(tmp_path / "film.mp4")
    assert shown.startswith("h264")
    assert "yuv420p(tv, bt709, progressive), 320x180 [SAR 1:1" in shown


def test_any_number_of_segments_join_to_the_tick(scene: Scene, tmp_path: Path) -> None:
    """A frame of 1/24 s is no whole number of the microseconds that ffmpeg adds up."""
    count = 60
    job(scene, frames=1).render(tmp_path / "a.mp4")
    sound = silence(tmp_path, count)

    files = [tmp_path / "a.mp4"] * count
    join(files, sound, tmp_path / "film.mp4", FORM, counts=[1] * count, title="x")

    assert presentation_times(tmp_path / "film.mp4") == [number * 3750 for number in range(count)]


RATES = [
    Encoding(crf=0),
    Encoding(rate_control="cbr", bitrate_kbps=800),
    Encoding(rate_control="two_pass", bitrate_kbps=800),
    Encoding(codec="av1"),
    Encoding(codec="av1", rate_control="two_pass", bitrate_kbps=800),
]


@pytest.mark.parametrize("encoding", RATES, ids=lambda encoding: f"{encoding.codec} {encoding.rate_control}")
def test_segments_of_unlike_content_join_however_they_are_encoded(encoding: Encoding, tmp_path: Path) -> None:
    form, chroma = replace(FORM, encoding=encoding, quality="final"), np.full((2, 90, 160), 128, np.uint8)
    rng = np.random.default_rng(1)
    even = [(np.full((180, 320), 90, np.uint8), chroma)] * 6
    rough = [(rng.integers(16, 236, (180, 320), np.uint8), chroma) for _ in range(30)]
    encode_segment(tmp_path / "even.mp4", lambda: iter(even), form, count=6)
    encode_segment(tmp_path / "rough.mp4", lambda: iter(rough), form, count=30)
    files = [tmp_path / "even.mp4", tmp_path / "rough.mp4"]

    join(files, silence(tmp_path, 36), tmp_path / "film.mp4", form, counts=[6, 30], title="x")

    assert presentation_times(tmp_path / "film.mp4") == [number * 3750 for number in range(36)]


def test_what_does_not_fit_together_is_not_joined(scene: Scene, tmp_path: Path) -> None:
    job(scene).render(tmp_path / "a.mp4")
    replace(job(scene), form=replace(FORM, fps=25)).render(tmp_path / "b.mp4")
    sound = silence(tmp_path, 24)

    files = [tmp_path / "a.mp4", tmp_path / "b.mp4"]
    with pytest.raises(EncodingFailed, match="do not fit together"):
        join(files, sound, tmp_path / "film.mp4", FORM, counts=[12, 12], title="x")
    with pytest.raises(EncodingFailed, match="other than 13 frames"):
        join(files[:1], sound, tmp_path / "film.mp4", FORM, counts=[13], title="x")
    (tmp_path / "b.mp4").write_bytes((tmp_path / "a.mp4").read_bytes()[:700])
    with pytest.raises(EncodingFailed, match="not a video"):
        join(files, sound, tmp_path / "film.mp4", FORM, counts=[12, 12], title="x")
    assert not (tmp_path / "film.mp4").exists()


def test_frames_are_encoded_in_the_colours_that_they_have(tmp_path: Path) -> None:
    """Red, green and blue: frames of unknown colours were converted from BT.601 to BT.709."""
    planes = [planes_of(np.broadcast_to(np.float32(colour), (180, 320, 3))) for colour in np.eye(3) * 0.8]

    encode_segment(tmp_path / "a.mp4", lambda: iter(planes), FORM, count=3)

    raw = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-"]
    shown = subprocess.run(  # noqa: S603
        [str(find_ffmpeg()), "-v", "error", "-i", tmp_path / "a.mp4", *raw], capture_output=True, check=True
    ).stdout
    meant = np.concatenate([plane.ravel() for frame in planes for plane in frame])
    assert np.abs(np.frombuffer(shown, np.uint8).astype(int) - meant).max() <= 2


def test_a_film_that_is_black_for_a_while_fails(tmp_path: Path) -> None:
    grey = (np.full((180, 320), 90, np.uint8), np.full((2, 90, 160), 128, np.uint8))
    black = (np.full((180, 320), 16, np.uint8), grey[1])
    encode_segment(tmp_path / "lit.mp4", lambda: iter([grey] * 60), FORM, count=60)
    encode_segment(tmp_path / "dark.mp4", lambda: iter([black] * 20), FORM, count=20)
    files = [tmp_path / "lit.mp4", tmp_path / "dark.mp4"]
    join(files, silence(tmp_path, 80), tmp_path / "film.mp4", FORM, counts=[60, 20], title="x")

    found = examined(tmp_path / "film.mp4", tmp_path / "sound.wav", None, FORM, FilmSettings(), frames=80)

    assert found.black_frames == 20
    assert found.failures == ["The picture is black for 0.8 s."]


def times_by_ffmpeg(path: Path, *how: str) -> list[int]:
    """When each frame is shown that is read ``how``."""
    output = how[how.index("-c") :]
    command = [str(find_ffmpeg()), "-v", "error", *how[: how.index("-c")], "-i", str(path), *output]
    listing = subprocess.run(  # noqa: S603
        [*command, "-f", "framecrc", "-"], capture_output=True, text=True, check=True
    ).stdout
    return sorted(int(line.split(",")[2]) for line in listing.splitlines() if not line.startswith("#"))


def test_the_tables_say_what_ffmpeg_says(scene: Scene, tmp_path: Path) -> None:
    forms = {"h264": FORM, "av1": replace(FORM, encoding=Encoding(codec="av1"))}
    for name, form in forms.items():
        replace(job(scene, frames=60), form=form).render(tmp_path / f"{name}.mp4")
        track = read_video_track(tmp_path / f"{name}.mp4")
        assert list(track.times) == times_by_ffmpeg(tmp_path / f"{name}.mp4", "-c", "copy")
        assert list(track.keyframes) == times_by_ffmpeg(tmp_path / f"{name}.mp4", "-discard", "nokey", "-c", "copy")
        assert (track.width, track.height, track.time_base) == (*SIZE, 90_000)
        assert track.codec == {"h264": "avc1", "av1": "av01"}[name]


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


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
