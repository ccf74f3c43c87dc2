"""Identifiers: UUIDv7 as 32 lowercase hex characters, ordered by time; each is a valid W3C trace id as it stands."""

import os
import re
import time
from collections.abc import Callable
from typing import Annotated

from pydantic import StringConstraints

_PATTERN = r"^[0-9a-f]{32}$"
Id = Annotated[str, StringConstraints(pattern=_PATTERN)]


def is_id(text: str) -> bool:
    return re.fullmatch(_PATTERN, text) is not None


def new_id(clock: Callable[[], float] = time.time, entropy: Callable[[int], bytes] = os.urandom) -> str:
    """A UUIDv7 (RFC 9562 §5.7): 48 bits of milliseconds, then randomness.

    ``clock`` gives seconds since 1970, ``entropy`` as many random bytes as it is asked for.
    """
    milliseconds = int(clock() * 1000) & ((1 << 48) - 1)
    random_bits = int.from_bytes(entropy(10), "big")
    value = milliseconds << 80
    value |= 0x7 << 76
    value |= (random_bits >> 68) << 64 & (0xFFF << 64)
    value |= 0b10 << 62
    value |= random_bits & ((1 << 62) - 1)
    return f"{value:032x}"


def id_after(earlier: Id, id_: Id) -> Id:
    """``id_``, or where clocks differ the next one after ``earlier``: what is made later sorts later."""
    return id_ if id_ > earlier else f"{int(earlier, 16) + 1:032x}"
