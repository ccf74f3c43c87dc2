"""Signal primitives. Audio is float32, shape [frames, channels], full scale ±1; levels are in dB.

The floor of the engine: numpy, libsndfile and soxr only. ``scipy.signal`` costs over a second to import, so nothing
here needs it: recursive filters run as block matrix products (``filters``), which is faster as well.
"""
