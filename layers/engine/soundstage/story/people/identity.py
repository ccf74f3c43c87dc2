"""The words of every picture request about somebody: the same in each, in the story's language."""

from soundstage.models.story import Character, Language
from soundstage.story.people.accents import difference
from soundstage.story.people.appearance import Look
from soundstage.story.words.dress import COAT_COLOURS, COLOURS

_GARMENTS_ZH = {
    "coat": "外套",
    "cloak": "斗篷",
    "dress": "裙子",
    "shirt": "上衣",
    "robe": "长袍",
    "uniform": "制服",
    "armour": "盔甲",
}
_ACCENTS_ZH = {"scarf": "围巾", "ribbon": "丝带", "belt": "腰带", "bag": "背包", "collar": "项圈", "trim": "镶边"}
_HEADWEAR_ZH = {"hat": "帽子", "cap": "便帽", "hood": "兜帽", "scarf": "头巾", "crown": "王冠", "helmet": "头盔"}
_HAIR_ZH = {"none": "光头", "short": "短发", "long": "长发", "braids": "扎着辫子", "bun": "挽着发髻", "curly": "卷发"}
_BUILD_ZH = {"slight": "瘦小", "sturdy": "壮实", "tall": "高个子"}
_HAIR_EN = {
    "none": "bald",
    "short": "short hair",
    "long": "long hair",
    "braids": "braids",
    "bun": "hair in a bun",
    "curly": "curly hair",
}
_AGES_ZH = {"child": "孩子", "young": "年轻人", "adult": "成年人", "old": "老人"}
_SPECIES_ZH = {
    "donkey": "毛驴",
    "fox": "狐狸", "dog": "狗", "wolf": "狼", "cat": "猫", "tiger": "老虎", "lion": "狮子", "horse": "马",
    "camel": "骆驼", "giraffe": "长颈鹿", "zebra": "斑马", "deer": "鹿",
    "rabbit": "兔子", "bear": "熊", "mouse": "老鼠", "hedgehog": "刺猬",
    "sheep": "羊", "goat": "山羊", "cow": "牛", "pig": "猪",
    "elephant": "大象", "unicorn": "独角兽", "squirrel": "松鼠", "dinosaur": "恐龙", "turtle": "乌龟", "bird": "鸟",
    "gull": "海鸥", "crow": "乌鸦", "dove": "鸽子", "duck": "鸭子", "swan": "天鹅", "crane": "鹤", "hen": "鸡",
    "owl": "猫头鹰", "penguin": "企鹅", "whale": "鲸鱼", "dolphin": "海豚", "shark": "鲨鱼", "fish": "鱼",
    "dragon": "龙",
    "robot": "机器人", "snake": "蛇", "frog": "青蛙", "butterfly": "蝴蝶", "spirit": "精灵", "monster": "怪物",
    "snowman": "雪人", "octopus": "章鱼",
}  # fmt: skip


def identity_of(character: Character, role: str, look: Look, language: Language) -> str:
    """What the painter draws of them, in words."""
    words = _chinese(character, role, look) if language == "zh" else _english(character, role, look)
    return words[:400]


def _english(character: Character, role: str, look: Look) -> str:
    looks = character.appearance
    accent = f"a {_nearest(looks.accent_colour)} {looks.accent}"
    if character.kind != "person":
        noun = character.species or role or "creature"
        age = {"child": "young ", "old": "old "}.get(character.age, "")
        coat = f"{coat} " if (coat := look.colours.get("hair")) in COAT_COLOURS else ""
        return f"{_title(character)}: {_article(age + coat + noun)} with {accent}"
    nouns = {"female": ("girl", "young woman", "woman", "old woman"), "male": ("boy", "young man", "man", "old man")}
    order = ("child", "young", "adult", "old").index(character.age)
    noun = nouns.get(character.gender, ("child", "young person", "person", "old person"))[order]
    build = {"slight": "slight ", "sturdy": "sturdy ", "tall": "tall "}.get(looks.build, "")
    parts = [_HAIR_EN[looks.hair], f"{_article(_nearest(looks.garment_colour) + ' ' + looks.garment)}", accent]
    if "beard" in look.said:
        parts.insert(0, "a beard")
    if looks.headwear != "none":
        parts.append(_article("headscarf" if looks.headwear == "scarf" else looks.headwear))
    work = f", {role}" if role and role not in noun and role not in _title(character).lower() else ""
    return f"{_title(character)}{work}: {_article(build + noun)} with {', '.join(parts)}"


def _chinese(character: Character, role: str, look: Look) -> str:
    looks = character.appearance
    accent = f"{COLOURS[_nearest(looks.accent_colour)][0]}色{_ACCENTS_ZH[looks.accent]}"
    if character.kind != "person":
        noun = _SPECIES_ZH.get(character.species or "", role or "动物")
        age = {"child": "小", "old": "老"}.get(character.age, "")
        age = "" if noun.startswith(("老", "小")) else age
        coat = f"{COLOURS[coat][0]}色的" if (coat := look.colours.get("hair")) in COAT_COLOURS else ""
        return f"{character.name}：{coat}{age}{noun}，戴着{accent}"
    nouns = {"female": ("女孩", "年轻女子", "女人", "老妇人"), "male": ("男孩", "年轻男子", "男人", "老人")}
    order = ("child", "young", "adult", "old").index(character.age)
    noun = nouns[character.gender][order] if character.gender in nouns else _AGES_ZH[character.age]
    garment = f"穿{COLOURS[_nearest(looks.garment_colour)][0]}色{_GARMENTS_ZH[looks.garment]}"
    parts = [
        _HAIR_ZH[looks.hair],
        garment,
        ("背着" if looks.accent == "bag" else "戴着" if looks.accent != "trim" else "有") + accent,
    ]
    if "beard" in look.said:
        parts.insert(0, "留着胡子")
    if looks.headwear != "none":
        parts.append("戴" + _HEADWEAR_ZH[looks.headwear])
    return f"{character.name}：{_BUILD_ZH.get(looks.build, '')}{noun}，" + "，".join(parts)


def _title(character: Character) -> str:
    return "The narrator" if character.name == "I" else character.name[:1].upper() + character.name[1:]


def _article(words: str) -> str:
    return f"an {words}" if words[:1] in "aeiou" else f"a {words}"


def _nearest(colour: str) -> str:
    return min(COLOURS, key=lambda name: difference(COLOURS[name][1], colour))
