"""Things by their names: what is held, stands about, or fills a picture by itself."""

import re

from soundstage.film.painting.pen import Pen
from soundstage.film.painting.things import carried, household, lights, nature, vehicles
from soundstage.film.painting.things.materials import Drawing

Point = tuple[float, float]


THINGS: dict[str, tuple[Drawing, float, tuple[str, ...]]] = {
    # drawing, its real height in metres, further words for it
    "lantern": (lights.lantern, 0.34, ("提灯",)),
    "lamp": (lights.lamp, 0.5, ("light", "灯", "台灯", "oil lamp")),
    "candle": (lights.candle, 0.26, ("蜡烛",)),
    "torch": (lights.torch, 0.55, ("flashlight", "火把")),
    "letter": (carried.letter, 0.22, ("envelope", "note", "paper", "message", "postcard", "信")),
    "book": (carried.book, 0.3, ("diary", "notebook", "journal", "scroll", "书")),
    "door": (household.door, 2.1, ("gate", "entrance", "门")),
    "window": (household.window, 1.3, ("窗",)),
    "cup": (household.cup, 0.16, ("mug", "tea", "teacup", "coffee", "glass", "杯")),
    "key": (carried.key, 0.16, ("lock", "钥匙")),
    "boat": (vehicles.boat, 3.6, ("sailboat", "sail", "yacht", "帆船", "船")),
    "rowboat": (vehicles.rowboat, 1.6, ("canoe", "raft", "小船")),
    "ship": (vehicles.ship, 12.0, ("vessel", "galleon", "ferry", "steamer")),
    "umbrella": (carried.umbrella, 0.95, ("parasol", "伞")),
    "staff": (carried.staff, 1.5, ("stick", "cane", "wand", "pole", "spear", "broom", "oar", "rod", "shovel", "rake")),
    "sword": (carried.sword, 1.0, ("knife", "dagger", "blade", "剑")),
    "flower": (carried.flower, 0.4, ("rose", "flowers", "bouquet", "blossom", "tulip", "花")),
    "basket": (household.basket, 0.45, ("fruit", "berries", "篮子")),
    "balloon": (carried.balloon, 1.0, ("气球",)),
    "kite": (carried.kite, 1.3, ("风筝",)),
    "box": (household.carton, 0.36, ("gift", "parcel", "present", "package", "礼物")),
    "chest": (household.chest, 0.7, ("treasure", "suitcase", "trunk", "宝箱")),
    "rope": (carried.rope, 0.3, ("string", "thread", "net", "绳")),
    "map": (carried.chart, 0.4, ("chart", "地图")),
    "telescope": (carried.telescope, 0.35, ("spyglass", "binoculars")),
    "apple": (household.apple, 0.12, ("peach", "pear", "orange", "苹果")),
    "bread": (household.bread, 0.2, ("loaf", "pie", "面包")),
    "bowl": (household.bowl, 0.14, ("soup", "pot", "rice", "碗")),
    "clock": (household.clock, 0.4, ("watch", "compass", "钟", "coin", "medal")),
    "star": (lights.star, 0.5, ("星",)),
    "feather": (carried.feather, 0.3, ("quill", "pen", "brush", "羽毛")),
    "violin": (carried.violin, 0.6, ("fiddle", "guitar", "lute", "cello")),
    "egg": (carried.egg, 0.14, ("pearl", "蛋")),
    "stone": (carried.stone, 0.4, ("rock", "boulder", "石头")),
    "shell": (carried.shell, 0.14, ("seashell", "贝壳")),
    "bottle": (household.bottle, 0.3, ("potion", "jar", "vial", "瓶")),
    "hat": (carried.hat, 0.25, ("cap", "帽子")),
    "bell": (household.bell, 0.4, ("铃", "钟声")),
    "phone": (carried.phone, 0.16, ("telephone", "tablet", "手机")),
    "camera": (carried.camera, 0.16, ("相机",)),
    "photo": (household.photo, 0.2, ("photograph", "picture", "portrait", "painting", "mirror", "照片")),
    "piano": (household.piano, 1.2, ("organ", "钢琴")),
    "bench": (household.bench, 0.9, ("长椅",)),
    "chair": (household.chair, 0.95, ("stool", "throne")),
    "table": (household.table, 0.78, ("desk", "桌子")),
    "train": (vehicles.train, 3.6, ("locomotive", "engine", "火车")),
    "car": (vehicles.car, 1.5, ("taxi", "bus", "truck", "汽车")),
    "bicycle": (vehicles.bicycle, 1.05, ("bike", "tricycle", "自行车")),
    "hammer": (carried.hammer, 0.42, ("mallet", "锤子")),
    "cart": (vehicles.cart, 1.3, ("wagon", "carriage")),
    "sled": (vehicles.sled, 0.42, ("sledge", "toboggan", "雪橇")),
    "rocket": (vehicles.rocket, 6.0, ("spaceship", "spacecraft", "飞船", "火箭")),
    "fire": (lights.fire, 0.9, ("campfire", "flame", "flames", "hearth", "火")),
    "moon": (nature.moon, 1.0, ("月亮",)),
    "sun": (nature.sun, 1.0, ("太阳",)),
    "cloud": (nature.cloud, 0.9, ("wind", "云")),
    "drop": (nature.drop, 0.5, ("raindrop", "dewdrop", "水珠", "雨滴")),
    "leaf": (nature.leaf, 0.4, ("叶子",)),
    "snowflake": (nature.snowflake, 0.4, ("雪花",)),
    "seed": (nature.seed, 0.3, ("acorn", "种子")),
    "tree": (carried.tree, 5.0, ("oak", "树")),
    "palm": (nature.palm, 5.0, ("棕榈", "椰子树", "椰树")),
    "earth": (nature.earth, 1.0, ("globe", "地球")),
    "pipe": (carried.pipe, 0.75, ("tube", "rebar", "水管", "铁管", "钢管", "铁棍", "铁棒")),
    "cake": (household.cake, 0.34, ("蛋糕",)),
    "noodles": (household.noodles, 0.17, ("ramen", "noodle", "面条", "拉面")),
    "fireworks": (lights.fireworks, 9.0, ("firework", "烟花", "焰火")),
    "rainbow": (nature.rainbow, 9.0, ("彩虹",)),
    "paper lantern": (lights.paper_lantern, 0.42, ("灯笼",)),
    "standing telescope": (carried.standing_telescope, 1.5, ()),
    "dark lamp": (lights.dark_lamp, 0.5, ()),
    "dark lantern": (lights.dark_lantern, 0.34, ()),
    "dark candle": (lights.dark_candle, 0.26, ()),
    "flying rocket": (vehicles.flying_rocket, 6.0, ()),
}


_PAPER_LANTERN = re.compile(r"\b(?:paper|red|silk) lanterns?\b")
_CHINESE = sorted(
    ((known, name) for name, (_, _, further) in THINGS.items() for known in further if not known.isascii()),
    key=lambda pair: -len(pair[0]),
)
"""Long ones first: 烟花 is no flower."""


def thing_named(text: str) -> str | None:
    """The thing that these words name: 'an old brass key' is a key. None: we have no drawing of it."""
    if text in THINGS:
        return text
    if _PAPER_LANTERN.search(text.lower()):
        return "paper lantern"
    words = [word.strip(".,;:!?'\"").lower() for word in text.replace("-", " ").split()]
    for word in reversed(words):
        for name, (_, _, further) in THINGS.items():
            for known in (name, *further):
                if word in (known, known + "s", known + "es"):
                    return name
    return next((name for known, name in _CHINESE if known in text), None)


def draw_thing(pen: Pen, name: str, x: float, y: float, height: float) -> None:
    """``name`` is one of ``THINGS``; ``height`` of its drawing, pixels; its base stands at (x, y)."""
    THINGS[name][0](pen, x, y, height)


_HANGS = ("lantern", "paper lantern", "dark lantern", "basket", "bell")


_LONG = ("pipe", "staff", "sword", "umbrella", "torch", "balloon", "flower", "feather", "violin")


def draw_held(
    pen: Pen, text: str, hand: Point, scale: float, front: float, *, windy: bool = False, behind: bool = False
) -> None:
    """In a hand; ``scale``: of an adult standing, pixels; ``front``: 1 to the right, −1 to the left.

    A kite is in the air when it is ``windy``: ahead, or ``behind`` who holds it where somebody stands across.
    """
    name = thing_named(text)
    if name == "kite":
        if windy:
            carried.flown_kite(pen, hand, scale, 1.0 if (front >= 0) != behind else -1.0)
        else:
            carried.resting_kite(pen, hand[0] + 0.07 * scale * front, hand[1] + 0.26 * scale, 0.8 * scale)
        return
    if name is None or THINGS[name][1] > 1.6:
        name = "box" if name is None else {"boat": "box", "door": "key", "window": "box"}.get(name, "box")
    height = min(1.0, THINGS[name][1] * 1.15 / 1.7) * scale
    x, y = hand
    if name in _HANGS:
        draw_thing(pen, name, x, y + height * 0.94, height)
    elif name == "staff":
        draw_thing(pen, name, x, y + height * 0.58, height)
    elif name in _LONG:
        draw_thing(pen, name, x, y + height * (0.1 if name != "violin" else 0.4), height)
    else:
        draw_thing(pen, name, x + 0.02 * scale * front, y + height * 0.25, max(height, 0.13 * scale))
