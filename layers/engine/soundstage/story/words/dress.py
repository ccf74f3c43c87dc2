"""Words of colour, clothes, hair and build, and the colours in sRGB (neither pure nor dark)."""

COLOURS: dict[str, tuple[str, str]] = {
    # name in Chinese, sRGB; further words below
    "red": ("红", "#c8413b"), "orange": ("橙", "#e0812f"), "yellow": ("黄", "#e3b23c"), "green": ("绿", "#5b8c4a"),
    "blue": ("蓝", "#3f6fa8"), "purple": ("紫", "#7d5a9c"), "pink": ("粉", "#e38da2"), "brown": ("棕", "#7a5236"),
    "black": ("黑", "#2b2a2e"), "white": ("白", "#efe9dc"), "grey": ("灰", "#8a8d93"), "golden": ("金", "#d9a441"),
    "silver": ("银", "#b9c0c8"), "turquoise": ("青", "#3d9a94"), "beige": ("米", "#d8c6a0"),
}  # fmt: skip
COLOUR_WORDS: dict[str, str] = {
    "red": "red scarlet crimson ruby ginger cherry-red 红 红色 大红 鲜红 红红 火红 通红 朱红 枣红 暗红 红彤彤",
    "orange": "orange amber copper 橙 橙色 橘色 橘红 橘",
    "yellow": "yellow lemon-yellow blonde blond straw-coloured mustard 黄 黄色 金黄 鹅黄 嫩黄 明黄 杏黄 土黄",
    "green": "green emerald mossy olive 绿 绿色 翠绿 碧绿 青绿 墨绿 嫩绿 草绿",
    "blue": "blue navy azure sky-blue indigo 蓝 蓝色 深蓝 天蓝 浅蓝 湛蓝 淡蓝 宝蓝 藏青",
    "purple": "purple violet lilac mauve 紫 紫色 淡紫",
    "pink": "pink rosy rose-coloured 粉 粉色 粉红 粉红色",
    "brown": "brown chestnut tan hazel auburn 棕 棕色 褐 褐色 咖啡色",
    "black": "black dark raven-black coal-black jet-black 黑 黑色 乌黑 漆黑 黑黑 青黑",
    "white": "white snow-white pale silvery-white snowy-white 白 白色 雪白 洁白 花白 银白 苍白",
    "grey": "grey gray ashen 灰 灰色 灰白 斑白",
    "golden": "golden gold 金 金色 金黄色",
    "silver": "silver silvery 银 银色 银灰",
    "turquoise": "turquoise teal cyan 青 青色 碧",
    "beige": "beige cream khaki 米色 卡其色 米白",
}

HEADWEAR: dict[str, str] = {
    "hat": "hat hats straw_hat top_hat bonnet sombrero bowler felt_hat 帽子 草帽 礼帽 斗笠 帽 圆顶帽 毛线帽 尖顶帽",
    "cap": "cap flat_cap beret beanie baseball_cap woolly_cap 鸭舌帽 棒球帽 小帽 瓜皮帽 军帽 贝雷帽",
    "hood": "hood hooded 兜帽 风帽",
    "scarf": "headscarf kerchief head_scarf turban 头巾",
    "crown": "crown tiara diadem 皇冠 王冠 冠冕 花冠 花环",
    "helmet": "helmet helmets 头盔 钢盔 安全帽",
}
GARMENTS: dict[str, str] = {
    "coat": (
        "coat jacket raincoat overcoat parka jumper_coat anorak duffel 大衣 外套 棉袄 雨衣 夹克 风衣 棉衣 "
        "羽绒服 军大衣 袄子 皮袄 红棉袄 花棉袄 衣裳 衣服 褂子"
    ),
    "cloak": "cloak cape mantle shawl poncho 斗篷 披风 披肩 蓑衣",
    "dress": "dress gown skirt frock ballgown pinafore sundress tutu 裙子 连衣裙 长裙 裙 旗袍 红裙 白裙子 纱裙 红裙子",
    "shirt": (
        "shirt sweater jumper overalls apron vest t-shirt waistcoat tunic blouse jersey cardigan hoodie "
        "pullover dungarees 衬衫 毛衣 围裙 背心 上衣 短袖 汗衫 球衣 衬衣 卫衣 小褂"
    ),
    "robe": (
        "robe robes kimono nightgown pyjamas pajamas hanfu dressing_gown 长袍 袍子 道袍 袈裟 睡衣 长衫 汉服 "
        "龙袍 白袍 青衫 袍 布衣"
    ),
    "uniform": (
        "uniform spacesuit space_suit school_uniform lab_coat livery 制服 校服 军装 宇航服 白大褂 警服 "
        "工作服 铠甲服 迷彩服 航天服"
    ),
    "armour": "armour armor chainmail breastplate 盔甲 铠甲 战甲 铁甲",
}
ACCENTS: dict[str, str] = {
    "scarf": "scarf neckerchief bandana muffler woollen_scarf necktie tie 围巾 红领巾 领巾 红围巾 丝巾 领带 围脖",
    "ribbon": "ribbon bow hair_ribbon hairband hairpin headband 蝴蝶结 丝带 发带 红头绳 发卡 头绳 缎带",
    "belt": "belt sash girdle 腰带 皮带",
    "bag": (
        "bag satchel backpack rucksack knapsack handbag schoolbag pouch 书包 背包 包袱 挎包 布袋 布包 行囊 小包 帆布包"
    ),
    "collar": "collar necklace pendant locket 项圈 项链 领子 吊坠 玉佩 长命锁",
    "trim": (
        "patch badge lace gloves mittens boots shoes slippers socks sandals 靴子 手套 胸针 鞋 布鞋 红鞋子 "
        "徽章 雨靴 草鞋 球鞋 长靴 皮鞋"
    ),
}
HAIRS: dict[str, str] = {
    "none": "bald hairless 光头 秃头 秃顶",
    "long": "long_hair long-haired flowing_hair 长发 披肩发 长头发",
    "short": "short_hair short-haired cropped 短发 短头发 板寸 寸头",
    "braids": (
        "braid braids pigtails plait plaits pigtail ponytail 辫子 短辫 麻花辫 小辫 小辫子 长辫子 马尾 马尾辫 "
        "羊角辫 短辫子 双马尾"
    ),
    "bun": "bun_of_hair topknot hair_bun chignon 发髻 丸子头 发簪 髻",
    "curly": "curly curls curly_hair curly-haired frizzy 卷发 卷毛 鬈发",
}
BUILDS: dict[str, str] = {
    "slight": "thin slim skinny small tiny little slender frail 瘦 瘦小 瘦弱 瘦瘦 矮小 纤细 小小的 弱小 单薄",
    "sturdy": (
        "fat stout plump round burly broad strong sturdy chubby big stocky portly muscular 胖 壮 强壮 胖乎乎 "
        "粗壮 肥 魁梧 结实 圆滚滚 胖胖 健壮 五大三粗"
    ),
    "tall": "tall lanky towering giant 高大 高个子 高高 瘦高 高个",
}
HAIR_NOUNS = (
    "hair beard whiskers moustache mustache locks eyebrows 头发 胡子 胡须 白发 眉毛 白胡子 发丝 长胡子 花白胡子 白头发"
)

HAIR_COLOURS: dict[str, str] = {
    "red": "#a8512f", "orange": "#b8642f", "yellow": "#d6b26a", "brown": "#5a3b28", "black": "#211d20",
    "white": "#e9e6df",
    "grey": "#a9a9ad", "golden": "#d2a75a", "silver": "#cfd3d8",
}  # fmt: skip
COAT_COLOURS: dict[str, str] = {
    "red": "#a8502f", "orange": "#d9823a", "yellow": "#d9a860", "brown": "#7f5538", "black": "#34313a",
    "white": "#efebe4", "grey": "#8f9298", "golden": "#d8a654", "silver": "#b4b9c0",
}  # fmt: skip
"""Of animals."""
