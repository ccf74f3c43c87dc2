"""How glibc's malloc handles what numpy frees. Left to itself it gives every large array back at once, and the system
clears each page anew when the next one is asked for: of a process that paints, half of its time."""

import ctypes
import functools
import sys
from contextlib import suppress

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
"""glibc's malloc.h; mallopt(3)."""
LARGE_BYTES = 4 << 20
"""Layers of pictures are larger and get pages of their own; frames, of which there are many a second, are smaller."""
KEPT_BYTES = 4 << 20
"""Some frames, which come and go all the time. Whoever sets one threshold has to set the other, which is 128 KiB."""
ARENAS = 2
LARGEST_BYTES = 32 << 20
"""As large a threshold as glibc takes: a plane of a picture at 1664 × 936 × 4 of float32 is 25 MB."""
NEVER_BYTES = (1 << 31) - 1
"""mallopt takes an int."""


@functools.cache
def return_freed_memory() -> None:
    """For a process that lives on and does this and that: what is large goes back to the system when it is freed. By
    default the threshold grows with what is freed, and there are eight arenas a processor; a third of a process that
    films was memory that it no longer used. Other C libraries are left as they are.
    """
    _set({M_MMAP_THRESHOLD: LARGE_BYTES, M_TRIM_THRESHOLD: KEPT_BYTES, M_ARENA_MAX: ARENAS})


@functools.cache
def reuse_freed_memory() -> None:
    """For a process that does one thing again and again and then ends: what is freed is there for what comes next."""
    _set({M_MMAP_THRESHOLD: LARGEST_BYTES, M_TRIM_THRESHOLD: NEVER_BYTES, M_ARENA_MAX: 1})


def give_back_unused_memory() -> None:
    """Give back what lies free between what is used: before something that needs much. A millisecond."""
    if sys.platform == "linux":
        with suppress(AttributeError, OSError):
            ctypes.CDLL(None).malloc_trim(0)


def _set(options: dict[int, int]) -> None:
    if sys.platform == "linux":
        with suppress(AttributeError, OSError):
            allocator = ctypes.CDLL(None)
            for option, value in options.items():
                allocator.mallopt(option, value)
