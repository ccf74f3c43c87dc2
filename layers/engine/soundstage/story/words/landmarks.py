"""Nouns of buildings that a picture shows from outside, each by the English noun that our painter draws."""

LANDMARKS: dict[str, str] = {
    "church": "church cathedral abbey minster monastery 教堂 大教堂",
    "chapel": "chapel 小教堂 礼拜堂",
    "temple": "temple shrine 寺庙 庙 庙里 寺 古寺 道观 神庙 祠堂 破庙 土地庙 山神庙 寺院",
    "pagoda": "pagoda 宝塔 古塔 佛塔",
    "mosque": "mosque 清真寺",
    "pyramid": "pyramid pyramids 金字塔",
    "windmill": "windmill windmills 风车 大风车",
    "mill": "mill watermill 磨坊 水磨坊 水车",
    "school": "school schoolhouse schoolyard college university school_gate 学校 小学 中学 大学 校园 校门 校门口 学堂",
    "hospital": "hospital clinic 医院 诊所",
    "hall": (
        "town_hall city_hall museum library theatre theater bank courthouse post_office gallery opera_house 博物馆 "
        "图书馆 剧院 戏院 银行 邮局 美术馆 市政厅 礼堂 法院"
    ),
    "station": "railway_station train_station bus_station station 车站 火车站 汽车站 地铁站 终点站",
    "barn": "barn stable 谷仓 马厩",
    "tower": "tower clock_tower bell_tower watchtower 塔楼 高塔 钟楼 鼓楼 瞭望塔",
    "archway": "city_gate archway 城门 城门口 牌坊 城楼",
    "factory": "factory foundry 工厂 砖厂",
    "shop": (
        "shop store bakery bookshop bookstore grocery cafe café restaurant inn tavern florist pub toy_shop 商店 小店 "
        "书店 面包店 花店 饭店 茶馆 咖啡馆 客栈 店铺 杂货铺 药铺 玩具店 餐馆 便利店"
    ),
    "tent": "tent circus 帐篷 马戏团",
    "lighthouse": "lighthouse 灯塔",
    "castle": "castle palace fortress citadel 城堡 宫殿 皇宫 王宫",
    "bridge": "bridge footbridge stone_bridge 桥 石桥 大桥 木桥 小桥 拱桥",
}

WORDS = {word.replace("_", " "): noun for noun, words in LANDMARKS.items() for word in words.split()}
"""The painter's noun by the story's word."""
