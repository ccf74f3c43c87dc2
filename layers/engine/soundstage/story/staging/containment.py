"""Which place lies in or beside another: a street of a village, a room of a tower, a stream in a forest."""

from soundstage.models.story import PlaceKind

_REGIONS: tuple[frozenset[PlaceKind], ...] = (
    frozenset({
        "village", "city", "street", "road", "market", "station", "harbour", "garden", "home", "kitchen", "bedroom",
        "classroom", "library", "workshop", "interior", "castle", "bridge", "plain",
    }),
    frozenset({"village", "road", "field", "forest", "river", "lake", "garden", "bridge", "castle", "plain", "home"}),
    frozenset({"sea", "shore", "harbour", "lighthouse", "bridge"}),
    frozenset({
        "shore", "harbour", "lighthouse", "village", "street", "road", "home", "kitchen", "bedroom", "interior",
    }),
    frozenset({
        "mountain", "forest", "cave", "river", "lake", "field", "castle", "road", "village", "home", "plain",
        "interior", "bridge",
    }),
    frozenset({"desert", "road", "plain", "village"}),
    frozenset({"sky", "mountain", "field", "castle", "garden", "plain", "sea"}),
)  # fmt: skip
"""Places that one reaches on foot from each other, within a walk that nobody asks about."""

STREETS = frozenset(
    (
        "street streets lane lanes alley alleyway crossroads cobblestones pavement square 街 街道 街上 大街 小街 小巷 "
        "巷子 巷 街头 巷口 街角 路口 长街 老街 街边 街巷 大街上 广场 石板路 步行街 一条街 弄堂"
    ).split()
) | {"main street", "back street", "side street", "town square"}
"""What villages have as well as cities."""

INNER_ROOMS = frozenset(
    (
        "stairs staircase stairway stairwell hall room chamber chambers corridor corridors pew pews nave altar "
        "bedchamber cellar passage cell kitchen landing attic"
    ).split()
)
INNER_ROOMS_ZH = ("旋梯", "楼梯", "大厅", "房间", "厅里", "殿里", "走廊", "石阶", "梯子", "阁楼", "卧室", "宝座")
BUILDINGS: frozenset[PlaceKind] = frozenset({"lighthouse", "castle"})
"""Painted from outside, unless the story goes in."""


def within_a_walk(one: PlaceKind, other: PlaceKind) -> bool:
    """Whether nobody asks how somebody got from one to the other."""
    return one == other or any(one in region and other in region for region in _REGIONS)
