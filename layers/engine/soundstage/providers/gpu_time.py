"""How long models had the GPU. Of this process, whose tasks run one after the other."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class GpuTime:
    """``spent_s``: since the process began."""

    spent_s = 0.0

    @contextmanager
    def on(self, device: object) -> Iterator[None]:
        """Around what a model computes, its result copied to memory included: before, the GPU may not have begun.

        ``device``: torch's, or its name. What runs on another one than a GPU counts nothing.
        """
        began_s = time.monotonic()
        try:
            yield
        finally:
            if str(device).startswith("cuda"):
                self.spent_s += time.monotonic() - began_s


gpu_time = GpuTime()
