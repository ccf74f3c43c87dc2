"""Models run on one thread, and nothing is written or kept about whom they run for."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from soundstage.audio import onnx


def pitch_model() -> Path:
    found = find_spec("swift_f0")
    assert found
    assert found.origin
    return Path(found.origin).with_name("model.onnx")


def answer(model: Path | bytes, threads: int) -> list[NDArray[np.float32]]:
    tone = np.sin(np.arange(16_000) * 0.1).astype(np.float32)
    bounds = {"fmin": np.float32(50.0), "fmax": np.float32(2_000.0)}
    found: list[NDArray[np.float32]] = onnx.session(model, threads=threads).run(
        None, {"audio": tone[None, :], **{name: np.asarray(bound) for name, bound in bounds.items()}}
    )
    return found


def test_a_file_and_its_bytes_are_the_same_model() -> None:
    from_file, from_bytes = answer(pitch_model(), 1), answer(pitch_model().read_bytes(), 1)

    assert from_file[0].size
    assert all(np.array_equal(one, other) for one, other in zip(from_file, from_bytes, strict=True))


def test_what_is_no_model_is_refused() -> None:
    with pytest.raises(Exception, match="INVALID_PROTOBUF"):
        onnx.session(b"no model")


@pytest.mark.parametrize(
    "use",
    [
        f"from pathlib import Path; from soundstage.audio import onnx; onnx.session(Path({str(pitch_model())!r}))",
        "import numpy as np; from soundstage.audio.pitch import track_pitch; track_pitch(np.zeros(8_000), 16_000)",
    ],
    ids=["a session", "the pitch tracker"],
)
def test_it_leaves_nothing_behind(use: str, tmp_path: Path) -> None:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("ORT_", "XDG_", "CI"))}

    subprocess.run(  # noqa: S603
        [sys.executable, "-c", use], check=True, env={**own, "HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    )

    assert list(tmp_path.iterdir()) == []
