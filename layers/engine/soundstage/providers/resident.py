"""Models that stay in this process's memory: as many as fit, and the one that was not used for longest goes first."""

import gc
import os
import sys
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SHARE = 0.8
"""Of the memory, for weights; the rest is for what a model computes with."""


@dataclass
class Resident:
    """``room_bytes``: what weights may take together, asked for anew before each load. For one thread at a time."""

    room_bytes: Callable[[], int]
    _kept: OrderedDict[str, tuple[Any, int]] = field(default_factory=OrderedDict)

    def get(self, name: str, weights: str, load: Callable[[], Any]) -> Any:
        """What ``load`` made, once, as long as it stays. ``weights``: their folder, whose size is taken as what they
        will need; of a name whose size nobody knows, as all that there is.
        """
        if name in self._kept:
            self._kept.move_to_end(name)
            return self._kept[name][0]
        room = self.room_bytes()
        need = min(size_bytes(weights), room)
        while self._kept and sum(size for _, size in self._kept.values()) + need > room:
            self._kept.popitem(last=False)
            _give_back()
        self._kept[name] = (load(), need)
        return self._kept[name][0]

    def fits(self, name: str, weights: str) -> bool:
        """Whether it is here, or could be without another one's going."""
        taken = sum(size for _, size in self._kept.values())
        return name in self._kept or taken + size_bytes(weights) <= self.room_bytes()

    @property
    def names(self) -> list[str]:
        """The one that goes first is first."""
        return list(self._kept)


def size_bytes(weights: str) -> int:
    """Of the files that a loader takes: the same weights lie in one folder in several formats and precisions."""
    folder = Path(weights)
    if not folder.is_dir():
        return sys.maxsize
    if files := half_precision(folder):
        return sum(file.stat().st_size for file in files) * (1 if _gpu() else 2)  # a CPU computes with single precision
    for suffix in ("safetensors", "bin", "pt"):
        if files := list(folder.rglob(f"*.{suffix}")):
            break
    return sum(file.stat().st_size for file in files)


def half_precision(folder: Path) -> list[Path]:
    """The files of the variant that diffusers calls fp16, which is taken where there is one."""
    return list(folder.rglob("*.fp16.safetensors"))


def memory_bytes() -> int:
    """``SHARE`` of the GPU's memory where torch has one, else of the machine's."""
    if gpu := _gpu():
        return int(SHARE * gpu.get_device_properties(0).total_memory)
    return int(SHARE * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))


def _gpu() -> Any:
    """torch.cuda where it has a GPU, else None."""
    try:
        import torch  # noqa: PLC0415  (gigabytes: only where a model is loaded)
    except ImportError:
        return None
    return torch.cuda if torch.cuda.is_available() else None


def _give_back() -> None:
    gc.collect()
    if gpu := _gpu():
        gpu.empty_cache()


models = Resident(memory_bytes)
"""Of this process: a worker's tasks run in one, so that the GPU has one owner."""
