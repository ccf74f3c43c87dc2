"""What a prompt calls sizes, stances, places, times and things, in both languages."""

SIZES: dict[str, dict[str, str]] = {
    "en": {
        "extreme_wide": "A vast view",
        "wide": "A wide view",
        "full": "Full figures",
        "medium": "Half figures",
        "close": "Close up",
        "detail": "A single thing, near",
    },
    "zh": {
        "extreme_wide": "远景",
        "wide": "全景",
        "full": "全身",
        "medium": "半身",
        "close": "特写",
        "detail": "一件东西的近景",
    },
}
STANCES_ZH: dict[str, str] = {
    "standing": "站着",
    "walking": "走着",
    "running": "奔跑",
    "sitting": "坐着",
    "kneeling": "跪着",
    "lying": "躺着",
    "flying": "飞着",
    "swimming": "游着",
}
PLACES_ZH: dict[str, str] = {
    "sea": "海上", "shore": "海边", "lake": "湖边", "river": "河边", "forest": "森林里", "mountain": "山上",
    "field": "田野上", "desert": "沙漠里",
    "village": "村子里", "city": "城里", "street": "街上", "garden": "园子里", "castle": "宫殿",
    "lighthouse": "灯塔", "harbour": "港口", "bridge": "桥上",
    "cave": "洞里", "sky": "天空中", "space": "太空中", "road": "路上", "home": "屋里", "kitchen": "厨房里",
    "bedroom": "卧室里", "classroom": "教室里",
    "library": "图书馆里", "workshop": "作坊里", "market": "集市上", "station": "车站", "interior": "室内",
    "plain": "空旷处",
}  # fmt: skip
PLACES_EN: dict[str, str] = {
    "sea": "at sea", "shore": "on the shore", "lake": "by a lake", "river": "by a river", "forest": "in a forest",
    "mountain": "in the mountains",
    "field": "in the fields", "desert": "in a desert", "village": "in a village", "city": "in a city",
    "street": "in a street", "garden": "in a garden",
    "castle": "at a castle", "lighthouse": "at a lighthouse", "harbour": "in a harbour", "bridge": "on a bridge",
    "cave": "in a cave", "sky": "high in the sky",
    "space": "in space", "road": "on a road", "home": "in a house", "kitchen": "in a kitchen",
    "bedroom": "in a bedroom", "classroom": "in a classroom",
    "library": "in a library", "workshop": "in a workshop", "market": "in a market", "station": "at a station",
    "interior": "indoors", "plain": "in the open",
}  # fmt: skip
TIMES_ZH: dict[str, str] = {
    "dawn": "黎明",
    "morning": "早晨",
    "noon": "正午",
    "afternoon": "下午",
    "dusk": "黄昏",
    "night": "夜里",
}
WEATHERS_ZH: dict[str, str] = {
    "clear": "晴",
    "cloudy": "多云",
    "rain": "下着雨",
    "storm": "暴风雨",
    "snow": "下着雪",
    "fog": "有雾",
    "wind": "刮着风",
}
SEASONS_ZH: dict[str, str] = {"spring": "春天", "summer": "夏天", "autumn": "秋天", "winter": "冬天"}
WEATHERS_EN: dict[str, str] = {
    "clear": "clear",
    "cloudy": "cloudy",
    "rain": "rain",
    "storm": "a storm",
    "snow": "snow falling",
    "fog": "fog",
    "wind": "wind",
}
MOODS_ZH: dict[str, str] = {
    "calm": "平静",
    "joyful": "欢快",
    "tender": "温柔",
    "sad": "忧伤",
    "tense": "紧张",
    "eerie": "神秘",
    "triumphant": "昂扬",
    "lonely": "孤独",
}
LIGHT: dict[str, dict[str, str]] = {
    "en": {
        "dawn": "first light from low on the horizon",
        "morning": "fresh morning light",
        "noon": "high sun",
        "afternoon": "warm light",
        "dusk": "the last golden light",
        "night": "moonlight and warm lamps",
    },
    "zh": {
        "dawn": "天边的第一缕光",
        "morning": "清新的晨光",
        "noon": "高照的阳光",
        "afternoon": "温暖的光",
        "dusk": "最后的金色余晖",
        "night": "月光与暖灯",
    },
}
EMOTIONS_ZH: dict[str, str] = {
    "happy": "高兴", "sad": "伤心", "crying": "哭着", "afraid": "害怕", "angry": "生气", "surprised": "吃惊",
    "worried": "担心", "lonely": "孤单",
    "calm": "平静", "tender": "温柔", "proud": "勇敢", "sleepy": "困倦",
}  # fmt: skip
THINGS_ZH: dict[str, str] = {
    "lantern": "提灯", "paper lantern": "灯笼",
    "lamp": "灯", "candle": "蜡烛", "torch": "火把", "letter": "信", "book": "书", "door": "门",
    "window": "窗", "cup": "杯子", "key": "钥匙",
    "boat": "船", "rowboat": "小船", "ship": "大船", "umbrella": "伞", "staff": "棍子", "sword": "剑",
    "flower": "花", "basket": "篮子", "balloon": "气球",
    "kite": "风筝", "box": "盒子", "chest": "箱子", "rope": "绳子", "map": "地图", "telescope": "望远镜",
    "apple": "果子", "bread": "面包", "bowl": "碗",
    "clock": "钟", "star": "星星", "feather": "笔", "violin": "琴", "egg": "蛋", "stone": "石头", "shell": "贝壳",
    "bottle": "瓶子", "hat": "帽子",
    "bell": "铃", "phone": "电话", "camera": "相机", "photo": "画", "piano": "钢琴", "bench": "长椅",
    "chair": "椅子", "table": "桌子", "train": "火车",
    "car": "汽车", "bicycle": "自行车", "hammer": "锤子", "house": "房子",
    "church": "教堂", "chapel": "小教堂", "temple": "寺庙", "pagoda": "宝塔", "mosque": "清真寺", "pyramid": "金字塔",
    "windmill": "风车", "mill": "磨坊", "school": "学校", "hospital": "医院", "hall": "礼堂", "station": "车站",
    "barn": "谷仓", "tower": "高塔", "archway": "城门", "factory": "工厂", "shop": "店铺", "tent": "帐篷",
    "lighthouse": "灯塔", "castle": "城堡", "bridge": "桥",
    "crowd": "人群", "cart": "车", "sled": "雪橇", "rocket": "火箭", "fire": "火", "tree": "树",
    "cake": "蛋糕", "noodles": "面条", "pipe": "铁管", "fireworks": "烟花", "rainbow": "彩虹", "palm": "棕榈树",
}  # fmt: skip
