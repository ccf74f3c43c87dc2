"""ONNX Runtime for every model that the engine runs: on the CPU, the same numbers every time, and telling nobody.

Nothing else imports onnxruntime. Since 1.29 its builds for Linux and macOS keep an identifier of the machine below
~/.cache and send events to their maker, from the import on: ``disable_telemetry_events`` comes too late to stop either
(seen with 1.31.1), ``ORT_DISABLE_TELEMETRY`` in the environment stops both. It is read once, at the import.
"""

import functools
import os
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


@functools.cache
def runtime() -> ModuleType:
    """onnxruntime with its telemetry off. Imported late, because it takes a moment to load.

    To be called before the import of a package that imports onnxruntime itself.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime  # noqa: PLC0415

    onnxruntime.disable_telemetry_events()  # Windows knows no such variable
    module: ModuleType = onnxruntime
    return module


def session(model: Path | bytes, *, threads: int = 1) -> "InferenceSession":
    """A session of ``model``, a file or what is in one, on the CPU.

    Args:
        threads: within an operator. On one thread the same input gives the same output; waiting threads sleep.

    Raises:
        onnxruntime.capi.onnxruntime_pybind11_state.NoSuchFile, InvalidProtobuf, …: what it cannot read.
    """
    options = runtime().SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return runtime().InferenceSession(model, options, providers=["CPUExecutionProvider"])
