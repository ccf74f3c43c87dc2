"""Signal primitives. Audio is float32, shape [frames, channels], full scale ±1; levels are in dB.

The floor of the engine: numpy, libsndfile and soxr, and scipy's transforms for long convolutions. What is slow in numpy
is compiled where there is a C compiler (``compiled``), or runs as matrix products. ``scipy.signal`` costs over a second
to import, so nothing here needs it.
"""
