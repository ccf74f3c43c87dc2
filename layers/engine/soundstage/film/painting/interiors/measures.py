"""Where things of a room are: window, floor, bed, and where there is space for furniture."""

from soundstage.film.painting.colours import rgb
from soundstage.film.painting.raster import Points, box, ellipse
from soundstage.film.painting.scene import Scene

WOOD = rgb("#7a5236")
WITHOUT_WINDOWS = frozenset({"cinema", "theatre"})
_WITH_BEDS = frozenset({"bedroom", "ward"})


def window_box(scene: Scene) -> tuple[float, float, float, float]:
    """Of the room's window, pixels: x0, y0, x1, y1."""
    x, s = scene.staging.landmark_x * scene.w, scene.u
    floor = floor_height(scene) * scene.h
    y1 = floor - 0.27 * s
    return x - 0.17 * s, max(0.10 * scene.h, y1 - 0.42 * s), x + 0.17 * s, y1


def openings(scene: Scene) -> list[Points]:
    """What one looks out through, pixels."""
    u, floor = scene.u, floor_height(scene) * scene.h
    if scene.room in WITHOUT_WINDOWS:
        return []
    if scene.room in ("carriage", "bus"):
        count = max(2, round(scene.w / (0.48 * u)))
        wide = scene.w / count
        return [box((k + 0.1) * wide, floor - 0.45 * u, (k + 0.9) * wide, floor - 0.18 * u) for k in range(count)]
    if scene.room == "cabin":
        x, r = scene.staging.landmark_x * scene.w, 0.15 * u
        return [ellipse(x, floor - 0.37 * u, r, r)]
    return [box(*window_box(scene))]


def floor_height(scene: Scene) -> float:
    return min(scene.staging.ground, 0.86) - 0.075


def bed(scene: Scene) -> tuple[float, float, int]:
    """Of a bedroom: its middle and the top of its mattress, pixels; on which side the pillow is not."""
    x = free_side(scene) * scene.w
    return x, floor_height(scene) * scene.h - 0.19 * scene.u, 1 if x < scene.w / 2 else -1


def free_side(scene: Scene) -> float:
    """Where large furniture goes: away from the hero and from the window."""
    taken = (scene.staging.hero_x, scene.staging.landmark_x)
    if scene.room in _WITH_BEDS:
        side = 0.2 if scene.w > scene.h else 0.08
        return 0.5 - side if scene.staging.landmark_x > 0.5 else 0.5 + side
    return max((0.12, 0.5, 0.88), key=lambda x: min(abs(x - t) for t in taken))
