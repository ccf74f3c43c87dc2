"""Which room a setting is, if it is one: its kind of place, and more exactly by the place's name."""

import re

from soundstage.models.story import PlaceKind, Setting

_KINDS: frozenset[PlaceKind] = frozenset({"home", "kitchen", "bedroom", "classroom", "library", "workshop", "interior"})
"""Places that are rooms whatever they are called."""
_BY_NAME: dict[str, str] = {
    "bookshop": "bookshop bookstore bookseller 书店 书屋 书铺",
    "bakery": "bakery bakery_shop bakehouse patisserie 面包店 面包房 蛋糕店 糕点铺",
    "florist": "florist flower_shop 花店 花铺",
    "shop": (
        "shop store grocery supermarket toy_shop pet_shop pharmacy chemist boutique mall pawnshop 商店 小店 铺子 店铺 "
        "杂货铺 杂货店 便利店 小卖部 超市 商场 玩具店 药铺 药店 当铺 店里 店"
    ),
    "noodle shop": (
        "noodle_shop noodle_bar noodle_house teahouse tea_house chinese_restaurant dumpling_shop 面馆 饭馆 酒楼 茶馆 "
        "茶楼 餐馆 客栈 酒馆 饭店 小吃店 饺子馆 火锅店 酒家"
    ),
    "restaurant": (
        "restaurant cafe café tavern inn pub diner bar coffee_shop coffee_house cafeteria canteen pizzeria tearoom "
        "咖啡馆 咖啡店 咖啡厅 餐厅 食堂 酒吧 奶茶店"
    ),
    "cinema": "cinema movie_theater movie_theatre movies picture_house 电影院 影院",
    "theatre": "theatre theater stage concert_hall opera opera_house opera_hall 剧院 戏院 音乐厅 剧场 歌剧院 戏台",
    "ward": (
        "hospital ward hospital_ward hospital_room hospital_bed clinic infirmary sickbed operating_room 医院 病房 诊所 "
        "急诊室 手术室 病床 医馆"
    ),
    "office": (
        "office bank post_office police_station newsroom meeting_room headquarters 办公室 派出所 会议室 邮局 银行 "
        "公司 警察局"
    ),
    "carriage": (
        "train carriage compartment subway subway_car metro tram train_carriage railway_carriage underground_train "
        "火车 火车上 车厢 列车 列车上 高铁 高铁上 地铁 地铁上 电车"
    ),
    "bus": "bus school_bus coach 公交车 公交车上 巴士 巴士上 校车 大巴",
    "cabin": (
        "spaceship spacecraft starship capsule space_station cockpit airlock engine_room cargo_bay "
        "shuttle spaceship_cabin control_room starship_corridor 飞船 宇宙飞船 太空舱 空间舱 返回舱 空间站 太空站 "
        "驾驶舱 舱内 控制室"
    ),
}  # fmt: skip
_ROOMS = {word.replace("_", " "): room for room, words in _BY_NAME.items() for word in words.split()}
_TOLD_APART: dict[PlaceKind, frozenset[str]] = {
    "library": frozenset({"bookshop"}),
    "kitchen": frozenset({"bakery", "restaurant", "noodle shop"}),
    "bedroom": frozenset({"ward"}),
    "home": frozenset({"restaurant", "noodle shop"}),
    "workshop": frozenset({"bakery", "shop", "cabin"}),
    "market": frozenset({"bookshop", "bakery", "florist", "shop", "noodle shop", "restaurant"}),
    "street": frozenset({"bus", "shop", "bookshop", "restaurant", "noodle shop"}),
    "station": frozenset({"carriage", "bus"}),
    "space": frozenset({"cabin"}),
    "interior": frozenset(_BY_NAME),
}
"""What the name of such a place may say; a theatre in a city is a building."""
_BESIDES = re.compile(r"^(?:the|a|an|old|little|small|big|new|famous|empty|warm|busy|cosy|tiny) |[里内中]$")


def room_of(setting: Setting) -> str | None:
    """A kind of room (``kitchen``, ``cinema``, ``carriage``), or None out of doors."""
    allowed = _TOLD_APART.get(setting.place, frozenset())
    if allowed and (named := _named(setting.place_name)) in allowed:
        return named
    return setting.place if setting.place in _KINDS else None


def _named(name: str) -> str | None:
    text = name.lower().strip()
    while (shorter := _BESIDES.sub("", text)) != text:
        text = shorter
    if text in _ROOMS:
        return _ROOMS[text]
    if text.isascii():
        words = text.split()
        ends = (" ".join(words[at:]) for at in range(len(words)))
        return next((_ROOMS[end] for end in ends if end in _ROOMS), None)
    return next((room for word, room in sorted(_ROOMS.items(), key=lambda one: -len(one[0]))
                 if not word.isascii() and text.endswith(word)), None)  # fmt: skip
