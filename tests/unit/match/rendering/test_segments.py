"""Segments that are rendered apart join into what a render of the whole gives."""

from pathlib import Path

import numpy as np
import pytest
from tests.fixtures.pairs import song

from soundstage.audio.io import Audio, write_wav
from soundstage.audio.streams import FileReader, MemoryReader, MemoryWriter
from soundstage.match.rendering.render import render
from soundstage.match.rendering.segments import join_segments, plan_segments, render_segment
from soundstage.models.style import (
    Compressor,
    Decay,
    EqBand,
    Exciter,
    Limiter,
    LoudnessTarget,
    Reverb,
    Stereo,
    StyleParams,
)

pytestmark = pytest.mark.usefixtures("loops")

RATE_HZ = 44_100
FULL = StyleParams(
    eq=[EqBand(type="low_shelf", f_hz=60, q=0.7, gain_db=5), EqBand(type="peaking", f_hz=2000, q=3, gain_db=-6)],
    compressor=Compressor(threshold_db=-26, ratio=4, attack_ms=20, release_ms=250),
    exciter=Exciter(mix=0.3),
    reverb=Reverb(decays=[Decay(f_hz=250, rt60_s=0.9), Decay(f_hz=4000, rt60_s=0.5)], mix=0.25),
    stereo=Stereo(width=1.3),
    lufs=LoudnessTarget(target_db=-11),
    limiter=Limiter(tp_db=-1),
)


@pytest.mark.parametrize("segment_s", [4.0, 7.3])
def test_joined_segments_null_against_the_whole(tmp_path: Path, segment_s: float) -> None:
    audio = Audio(song(9, seconds=14).astype(np.float32), RATE_HZ)
    whole = MemoryWriter()
    render(MemoryReader(audio), whole, FULL)
    segments = plan_segments(audio.frames, RATE_HZ, 2, FULL, segment_s)
    assert [s.start_frame for s in segments[1:]] == [s.end_frame for s in segments[:-1]]
    write_wav(tmp_path / "target.wav", audio, "FLOAT")
    paths = [tmp_path / f"{segment.index}.wav" for segment in segments]
    for segment, path in reversed(list(zip(segments, paths, strict=True))):
        render_segment(FileReader(tmp_path / "target.wav"), FULL, segment, path)
    joined = MemoryWriter()
    join_segments(paths, joined, FULL)
    assert whole.audio is not None
    assert joined.audio is not None
    assert joined.audio.samples.shape == whole.audio.samples.shape
    assert joined.audio.frames > audio.frames  # the room rings out
    null = np.abs(joined.audio.samples - whole.audio.samples).max()
    assert 20 * np.log10(null + 1e-12) <= -90
