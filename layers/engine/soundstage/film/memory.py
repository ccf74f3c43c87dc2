"""What is freed goes back to the system: of a process that films, a third was memory that it no longer used."""

import ctypes
import functools
import sys
from contextlib import suppress

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8
"""glibc's malloc.h; mallopt(3)."""
LARGE_BYTES = 4 << 20
"""Layers of pictures are larger and get pages of their own; frames, of which there are many a second, are smaller."""
ARENAS = 2


@functools.cache
def return_freed_memory() -> None:
    """Tell glibc's malloc, whose threshold grows with what is freed and whose arenas are eight a processor by default.
    Other C libraries are left as they are.
    """
    if sys.platform == "linux":
        with suppress(AttributeError, OSError):
            allocator = ctypes.CDLL(None)
            allocator.mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)
            allocator.mallopt(M_ARENA_MAX, ARENAS)
