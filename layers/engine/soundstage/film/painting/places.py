"""Every kind of place out of doors, by name."""

from collections.abc import Callable

from soundstage.film.painting import towns, waterside, wilds
from soundstage.film.painting.scene import Scene
from soundstage.film.painting.terrain import Place

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
    "field": wilds.farmland,
    "desert": wilds.desert,
    "garden": wilds.garden,
    "cave": wilds.cave,
    "sky": wilds.sky_place,
    "space": wilds.space,
    "road": wilds.road,
    "plain": wilds.plain,
    "village": towns.village,
    "city": towns.city,
    "street": towns.street,
    "castle": towns.castle,
    "market": towns.market,
    "station": towns.station,
}
