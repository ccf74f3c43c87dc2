"""Every kind of place out of doors, by name."""

from collections.abc import Callable

from soundstage.film.painting import countryside, space, towns, waterside, wilds
from soundstage.film.painting.buildings import BUILDINGS
from soundstage.film.painting.finish import Touch
from soundstage.film.painting.layers import Plane
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.scene import Scene
from soundstage.film.painting.terrain import Place

_ON_WATER = frozenset({"lake", "river", "shore", "harbour", "lighthouse"})
"""What stands there is on the bank, further from the viewer."""


def landmark(scene: Scene, place: Place) -> None:
    """Adds the building that the setting names, where the way leads to; a castle's own place has it on its rock."""
    noun = next((thing for thing in scene.setting.things if thing in BUILDINGS), None)
    if noun is None or scene.setting.place in ("castle", "sea", "sky", "space", "cave"):
        return
    s = scene.u * (0.5 if noun in _SMALL else 0.66) * (0.8 if scene.setting.place in _ON_WATER else 1.0)
    x = scene.staging.landmark_x * scene.w
    feet = (scene.staging.ground - 0.03) * scene.h
    if scene.setting.place in _ON_WATER:
        x, feet = (scene.w * (0.79 if x > scene.w / 2 else 0.21)), (scene.staging.horizon + 0.045) * scene.h
        s *= 0.7
    sheet = scene.sheet()
    BUILDINGS[noun](Pen(scene, sheet), x, feet, s)
    mist = (scene.staging.horizon, scene.staging.ground, 0.2)
    plane = Plane("landmark", sheet, Touch(depth=0.42, mist=mist, rim=0.5))
    nearest = next((k for k, layer in enumerate(place.layers) if layer.name.startswith("ground")), len(place.layers))
    place.add(plane, at=nearest)


_SMALL = frozenset({"lighthouse", "tower", "tent", "pagoda"})
OUTDOORS: dict[str, Callable[[Scene], Place]] = {
    "sea": waterside.open_sea,
    "shore": waterside.shore,
    "lake": waterside.lake,
    "river": waterside.river,
    "lighthouse": waterside.lighthouse,
    "harbour": waterside.harbour,
    "bridge": waterside.bridge,
    "forest": wilds.forest,
    "mountain": wilds.mountain,
    "field": countryside.farmland,
    "desert": wilds.desert,
    "garden": countryside.garden,
    "cave": wilds.cave,
    "sky": wilds.sky_place,
    "space": space.space,
    "road": countryside.road,
    "plain": countryside.plain,
    "village": towns.village,
    "city": towns.city,
    "street": towns.street,
    "castle": towns.castle,
    "market": towns.market,
    "station": towns.station,
}
