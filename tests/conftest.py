"""For all tests."""

import os

# Before numpy loads: on shared cores BLAS threads spin and wait for each other, and small products become 30 times
# slower. Every entry point of Soundstage does the same.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
