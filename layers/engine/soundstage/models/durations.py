"""Durations as people read them."""


def minutes_and_seconds(seconds: float) -> str:
    """``9:05``, cut to whole seconds."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def duration(length_s: float) -> str:
    """For reading: ``0.41 s``, ``12.3 s``, ``3 min 07 s``, ``2 h 15 min``."""
    if length_s < 60:
        return f"{length_s:.2f} s" if length_s < 10 else f"{length_s:.1f} s"
    minutes, rest = divmod(round(length_s), 60)
    return f"{minutes} min {rest:02d} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"
