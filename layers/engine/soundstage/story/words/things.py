"""Nouns of things to be seen and held, and of animals, each by the English noun that our painter draws."""

THINGS: dict[str, str] = {
    "lantern": "lantern lanterns 提灯 马灯 风灯",
    "paper lantern": (
        "paper_lantern paper_lanterns red_lantern red_lanterns 灯笼 红灯笼 花灯 纸灯笼 孔明灯 莲花灯 鱼灯 小鱼灯 "
        "兔子灯 走马灯 宫灯"
    ),
    "lamp": (
        "lamp lamps oil_lamp desk_lamp lightbulb street_lamp streetlamp lamplight 灯 台灯 油灯 灯光 "
        "电灯 路灯 煤油灯 灯火 灯盏 小夜灯 夜灯 神灯"
    ),
    "candle": "candle candles candlelight candlestick 蜡烛 烛光 烛台 红烛",
    "torch": "torch torches flashlight 火把 手电筒 手电 火炬",
    "letter": (
        "letter letters envelope ~note postcard telegram message_in_paper sheet_of_paper invitation contract "
        "ticket report_card homework newspaper exam_paper banknote certificate will_paper paper 信 信封 书信 "
        "纸条 明信片 电报 来信 请柬 圣旨 车票 船票 票 作业 试卷 卷子 成绩单 通知书 奖状 家书 遗书 情书 字条 "
        "信件 信纸 录取通知书 药方 诗稿 报纸"
    ),
    "book": (
        "~book books diary notebook journal scroll scrolls novel textbook storybook sketchbook spellbook "
        "album logbook 书 书本 日记 日记本 笔记本 卷轴 竹简 课本 书籍 经书 古书 画册 相册 本子 图画书 秘籍 "
        "词典 旧书 账本 书卷"
    ),
    "door": "door doors gate gates doorway trapdoor 门 大门 房门 木门 铁门 门口 院门 石门 屋门",
    "window": "window windows windowsill window_pane porthole 窗 窗户 窗子 窗外 窗前 窗口 窗台 窗边 玻璃窗",
    "cup": (
        "cup cups mug teacup teapot tea ~coffee glass_of cup_of_tea goblet wine cocoa milk hot_chocolate "
        "杯子 茶杯 茶 咖啡 酒杯 热茶 茶壶 水杯 杯 酒 牛奶 热可可 玻璃杯 保温杯 清茶 一杯水"
    ),
    "key": "~key keys ~lock padlock keyhole 钥匙 锁 铜锁 门锁 铜钥匙",
    "boat": "boat boats sailboat fishing_boat yacht fishing_boats sails 帆船 船 渔船 船只 大船 木船 白帆",
    "rowboat": (
        "rowboat rowing_boat canoe raft dinghy kayak lifeboat 小船 竹筏 木筏 独木舟 筏子 小舟 扁舟 皮划艇 "
        "乌篷船"
    ),
    "ship": "~ship ships galleon ferry steamer vessel ocean_liner 轮船 军舰 海盗船 大帆船 货轮 渡轮 楼船",
    "umbrella": "umbrella parasol umbrellas 伞 雨伞 油纸伞 红伞 花伞 纸伞",
    "staff": (
        "staff ~stick cane wand walking_stick ~pole spear broom broomstick ~oar oars ~rod fishing_rod shovel "
        "~rake spade axe pitchfork crutch ~bat ~club hoe paddle magic_wand mop flute ~pipe ~whip "
        "拐杖 棍子 手杖 木棍 魔杖 扫帚 长矛 船桨 桨 鱼竿 钓竿 锄头 铁锹 竹竿 金箍棒 斧头 扁担 笛子 "
        "木棒 权杖 扫把 钓鱼竿 竹笛 鞭子 旗杆 箭 弓箭 弓 枪"
    ),
    "pipe": (
        "metal_pipe iron_pipe steel_pipe lead_pipe water_pipe metal_rod iron_rod steel_rod iron_bar metal_bar "
        "铁管 钢管 水管 铁棍 铁棒 金属管 金属棒"
    ),
    "hammer": "~hammer hammers mallet 锤子 铁锤 木槌 榔头",
    "sword": (
        "sword swords ~knife dagger blade ~saber ~axe_blade knives scissors 剑 刀 宝剑 匕首 菜刀 小刀 长剑 "
        "刀子 大刀 剪刀 佩剑 宝刀 木剑"
    ),
    "flower": (
        "flower flowers ~rose roses bouquet blossom blossoms tulip lily sunflower daisy violets lavender "
        "petals cornflower daffodils dandelion poppies poppy orchid 花 花朵 玫瑰 鲜花 野花 小花 桃花 梅花 "
        "菊花 荷花 百合 樱花 花瓣 花束 茉莉 向日葵 牡丹 蒲公英 梨花 桂花 油菜花 蓝花 花苞 雏菊 莲花"
    ),
    "basket": (
        "basket baskets fruit berries ~pail bucket hamper bag_of_apples 篮子 竹篮 水果 "
        "菜篮 筐 浆果 竹筐 背篓 提篮 鱼篓 水桶 木桶 桶 草莓 葡萄 花篮 箩筐"
    ),
    "balloon": "balloon balloons 气球",
    "kite": "kite kites 风筝 纸鸢",
    "box": (
        "~box boxes gift gifts ~parcel ~present presents package crate lunchbox toolbox music_box "
        "birthday_present 盒子 礼物 礼盒 包裹 箱 木盒 纸箱 饭盒 音乐盒 八音盒 铁盒 快递 首饰盒 匣子 纸盒 "
        "锦盒 铁盒子 木匣"
    ),
    "chest": (

            "coins gold_coins 金币 银元 铜钱 金子 银子 treasure suitcase treasure_chest ~trunk luggage "
            "wooden_chest strongbox 宝箱 箱子 行李箱 皮箱 宝藏 行李 木箱 财宝 百宝箱"

    ),
    "rope": (
        "rope ropes ~string thread ~net nets fishing_net ball_of_wool yarn cord chain 绳子 绳索 渔网 线 毛线 "
        "绳 红绳 麻绳 丝线 铁链 网 红线 风筝线 针线 缆绳"
    ),
    "map": "~map maps chart treasure_map 地图 海图 藏宝图 星图 图纸",
    "telescope": "telescope spyglass binoculars 望远镜",
    "apple": (
        "apple apples peach peaches pear pears orange oranges plum tomato mango lemon 苹果 桃子 梨 橘子 桃 "
        "柿子 橙子 李子 仙桃 蟠桃 西瓜 果子 野果 红苹果"
    ),
    "bread": (
        "bread loaf loaves ~pie biscuit cookie cookies pancake sandwich bun cheese buns crumbs "
        "crust 面包 饼 包子 馒头 月饼 饼干 奶酪 烧饼 粽子 饺子 汤圆 年糕 糕点 "
        "糖葫芦 糖果 面包屑 烤红薯 红薯 干粮 三明治"
    ),
    "bowl": (
        "~bowl soup ~pot rice porridge stew cauldron ~dish kettle saucepan plate broth 碗 汤 饭 粥 "
        "锅 盘子 米饭 汤碗 热汤 饭碗 铁锅 瓷碗 鸡汤 陶罐 稀饭 盆 青瓷碗"
    ),
    "cake": "~cake cakes birthday_cake wedding_cake 蛋糕 生日蛋糕",
    "noodles": "noodles ramen bowl_of_noodles 面条 牛肉面 一碗面 拉面 阳春面 长寿面 热汤面",
    "clock": (
        "clock clocks ~watch compass ~coin pocket_watch wristwatch "
        "alarm_clock stopwatch 钟 时钟 手表 怀表 罗盘 指南针 闹钟 钟表 "
        "挂钟 座钟 老钟"
    ),
    "star": "medal medallion 奖牌 金牌 勋章 star stars 星星 星 流星 群星 北极星 五角星",
    "feather": (
        "feather feathers quill ~pen ~brush pencil paintbrush crayon 羽毛 毛笔 笔 画笔 铅笔 "
        "钢笔 粉笔 彩笔 神笔"
    ),
    "violin": "violin ~fiddle guitar lute cello harp erhu pipa 小提琴 吉他 琵琶 二胡 琴 古琴 大提琴 竖琴 古筝",
    "egg": (
        "egg eggs ~seed seeds pearl pearls acorn bean beans ~nut marble ~ball nuts acorns diamond "
        "ruby gem jewel 蛋 鸡蛋 种子 珍珠 豆子 球 皮球 橡果 松果 夜明珠 宝石 珠子 足球 篮球 乒乓球 弹珠 核桃 "
        "松子 鸟蛋 恐龙蛋 钻石 坚果 豆 花生"
    ),
    "stone": (
        "~stone stones ~rock rocks boulder pebble pebbles 石头 石块 岩石 石子 巨石 大石头 鹅卵石 青石 小石子 "
        "石碑 顽石"
    ),
    "shell": "~shell shells seashell conch 贝壳 海螺 蚌 田螺",
    "bottle": (
        "~bottle bottles potion jar vial flask medicine ink magic_potion 瓶子 药水 罐子 药瓶 花瓶 药 葫芦 "
        "漂流瓶 玻璃瓶 酒壶 水壶 酒坛 坛子 墨水 草药 瓶 玉瓶 玻璃罐 药丸"
    ),
    "hat": "hat_on_a_peg straw_hat top_hat 帽子 草帽",
    "bell": "~bell bells doorbell church_bell handbell 铃 铃铛 钟声 铃声 铜铃 风铃 大钟 铜钟 上课铃 驼铃",
    "phone": (
        "~phone telephone mobile tablet smartphone cellphone radio 手机 电话 平板 "
        "收音机 对讲机 笔记本电脑 无线电"
    ),
    "camera": "camera cameras 相机 照相机 摄像机",
    "photo": (
        "~photo photograph photographs ~picture pictures portrait ~painting ~mirror ~drawing poster ~frame "
        "photos paintings 照片 画 镜子 相片 画像 老照片 油画 铜镜 合影 相框 年画 图画 水墨画 全家福 画卷"
    ),
    "piano": "piano grand_piano organ 钢琴 风琴 琴键",
    "bench": "~bench benches park_bench 长椅 长凳 板凳 石凳",
    "chair": (
        "~chair chairs stool throne armchair rocking_chair wheelchair 椅子 凳子 宝座 轮椅 摇椅 王座 藤椅 "
        "小板凳 龙椅 座椅 竹椅"
    ),
    "table": "~table tables desk 桌子 书桌 餐桌 课桌 石桌 案台 桌 桌上 圆桌",
    "train": "trains steam_train locomotive steam_engine 火车 列车 蒸汽火车 小火车",
    "car": (
        "car cars taxi bus truck tractor van motorcycle fire_engine school_bus ambulance lorry "
        "汽车 出租车 公交车 卡车 拖拉机 摩托车 小汽车 车子 救护车"
    ),
    "bicycle": "bicycle bicycles bike bikes tricycle 自行车 单车 脚踏车 三轮车",
    "cart": (
        "~cart carts wagon carriage_and_horses sleigh wheelbarrow chariot coach 马车 牛车 推车 "
        "板车 驴车 手推车 轿子 花轿"
    ),
    "sled": "sled sleds sledge sledges toboggan 雪橇 小雪橇",
    "rocket": (
        "~rocket rockets spaceship spacecraft starship ufo flying_saucer shuttle satellite probe 火箭 飞船 "
        "飞碟 宇宙飞船 卫星 穿梭机"
    ),
    "fire": (
        "~fire campfire bonfire flame flames ~hearth burning_logs embers matches ~match sparks 火 "
        "火焰 篝火 火堆 炉火 火苗 火柴 火光 柴火 大火 火星子"
    ),
    "fireworks": "fireworks firework 烟花 焰火 烟火 礼花 鞭炮 爆竹",
    "rainbow": "rainbow rainbows 彩虹",
    "palm": "palm_tree palm_trees date_palm date_palms coconut_tree 棕榈 棕榈树 椰子树 椰树 椰枣树",
    "tree": (
        "tree oak pine willow old_tree christmas_tree oak_tree apple_tree cherry_tree palm maple sapling "
        "acacia fir ginkgo pear_tree 树 大树 松树 柳树 老树 槐树 桃树 圣诞树 苹果树 梧桐 银杏 枫树 "
        "榕树 老槐树 桂花树 樱花树 小树 梨树 树苗 枣树 树枝 杨树 樟树 橡树 梅树 竹子 桑树 柿子树 石榴树"
    ),
}  # fmt: skip

DRIFTING = frozenset(
    (
        "kite balloon ball hat cap scarf leaf leaves boat raft plane aeroplane airplane feather petal petals bubble "
        "bubbles snowflakes seeds umbrella lantern arrow rocket ship cork bottle paper handkerchief cloud clouds smoke "
        "stone coin apple wheel barrel log sled ribbon"
    ).split()
)
"""What flies, floats, rolls or sinks without anybody's doing."""
DRIFTING_ZH = tuple(
    (
        "风筝 纸鸢 气球 球 帽子 帽 草帽 叶 叶子 船 小舟 木筏 飞机 羽毛 花瓣 雪花 泡泡 种子 蒲公英 围巾 伞 孔明灯 灯笼 "
        "箭 火箭 云 云朵 烟 纸鹤 纸片 手帕 丝巾 石头 石子 硬币 苹果 轮子 木桶 瓶子 漂流瓶"
    ).split()
)
"""How Chinese words of such things end: 纸飞机, 小纸船."""

ACTORS: dict[str, str] = {
    "moon": "moon full_moon 月亮 小月亮 月儿",
    "sun": "sun 太阳 小太阳",
    "cloud": "cloud wind north_wind south_wind breeze 云 云朵 白云 小云 云儿 风 北风 小风",
    "drop": (
        "raindrop drop waterdrop dewdrop droplet wave sea river stream brook 水珠 水滴 小水珠 小水滴 雨滴 小雨滴 雨点 "
        "小雨点 露珠 海浪 浪花 小溪 大海 小河 河水"
    ),
    "leaf": "leaf 叶子 树叶 落叶 小叶子",
    "snowflake": "snowflake snow 雪花 小雪花",
    "seed": "seed acorn bean 种子 小种子 豆子 橡子",
}
"""What is somebody where it speaks or has a name, and otherwise no thing that stands about."""

VEHICLES = frozenset({"boat", "rowboat", "ship", "train", "car", "cart"})
"""What is in no room, unless it is a toy."""

CHINESE_THING_HEADS: dict[str, str] = {
    "灯": "lamp", "信": "letter", "书": "book", "门": "door", "窗": "window", "船": "boat", "刀": "sword",
    "剑": "sword",
    "伞": "umbrella", "花": "flower", "树": "tree", "琴": "violin", "瓶": "bottle", "杯": "cup", "碗": "bowl",
    "盒": "box",
    "箱": "chest", "绳": "rope", "蛋": "egg", "石": "stone", "珠": "egg", "笔": "feather", "饼": "bread", "果": "apple",
    "椅": "chair", "镜": "photo", "铃": "bell", "篮": "basket", "杖": "staff", "棍": "staff", "烛": "candle",
    "球": "egg",
}  # fmt: skip

NOT_THINGS = frozenset(
    (
        "部门 专门 热门 出门 开门 关门 敲门 进门 上门 相信 自信 短信 微信 秘书 读书 看书 写书 教书 念书 浪花 "
        "雪花 火花 豆腐花 眼花 开花 棉花 天花 眼镜 地球 星球 月球 气球 打球 结果 如果 效果 后果 成果 苦果 "
        "化石 微信 坏蛋 笨蛋 傻蛋 罚球 踢球 葬花 心花 泪花 水花 迷信 诚信 通信 守门 家门 校门 城门 嗓门 "
        "剧本书 相信 亲信 南天门 火花 糊涂蛋 捣蛋 滚蛋 完蛋 爆竹声"
    ).split()
)

SMALL_THINGS = frozenset(["paper lantern"]) | frozenset(
    (
        "lantern lamp candle torch letter book cup key umbrella staff sword flower basket balloon kite box "
        "rope map telescope apple bread bowl clock feather violin egg stone shell bottle hat bell phone "
        "camera photo star hammer pipe cake noodles"
    ).split()
)
"""What a hand holds."""

ANIMALS: dict[str, str] = {
    "fox": "fox foxes vixen 狐狸 小狐狸 白狐 狐",
    "dog": (
        "dog dogs puppy hound puppies pup terrier sheepdog mutt 狗 小狗 老狗 猎犬 黄狗 狗狗 黑狗 大黄狗 "
        "牧羊犬 小黄狗 犬 导盲犬"
    ),
    "wolf": "wolf wolves 狼 大灰狼 灰狼 野狼 老狼",
    "cat": "cat cats kitten kittens tomcat 猫 小猫 花猫 黑猫 猫咪 野猫 橘猫 流浪猫 白猫",
    "tiger": "tiger tigers leopard panther cheetah jaguar 老虎 豹子 虎 猛虎 小老虎 豹 猎豹",
    "lion": "lion lions lioness 狮子 狮 雄狮 小狮子",
    "donkey": "donkey donkeys mule mules 驴 毛驴 驴子 小毛驴",
    "horse": (
        "horse horses pony mare foal stallion 马 马儿 白马 "
        "骏马 小马 战马 老马 黑马 马匹"
    ),
    "camel": "camel camels dromedary 骆驼 小骆驼 老骆驼",
    "giraffe": "giraffe giraffes 长颈鹿 小长颈鹿",
    "zebra": "zebra zebras 斑马 小斑马",
    "deer": "deer stag fawn doe reindeer moose antelope 鹿 小鹿 梅花鹿 驯鹿 白鹿",
    "rabbit": "rabbit rabbits hare bunny 兔子 小兔子 白兔 小白兔 兔 玉兔 小兔 野兔",
    "bear": (
        "~bear bears panda badger bear_cub polar_bear raccoon otter beaver koala 熊 小熊 大熊 熊猫 北极熊 "
        "狗熊 棕熊 浣熊 水獭"
    ),
    "mouse": "mouse mice ~rat rats hamster mole dormouse 老鼠 小老鼠 仓鼠 鼹鼠 田鼠 鼠",
    "hedgehog": "hedgehog hedgehogs porcupine 刺猬 小刺猬",
    "sheep": "sheep lamb lambs ewe ram 羊 绵羊 小羊 羊羔 羊群 小绵羊",
    "goat": "goat goats kid_goat billy_goat 山羊 小山羊 老山羊",
    "cow": "cow cows ox oxen bull calf buffalo yak 牛 奶牛 黄牛 水牛 小牛 老牛 牦牛 老黄牛",
    "pig": "pig pigs piglet boar ~sow hog 猪 小猪 野猪",
    "elephant": "elephant elephants mammoth hippo rhino rhinoceros hippopotamus 大象 象 小象 河马 犀牛 猛犸",
    "unicorn": "unicorn unicorns pegasus 独角兽 麒麟 神兽",
    "squirrel": (
        "squirrel squirrels monkey monkeys ape chipmunk gorilla chimpanzee 松鼠 小松鼠 猴子 猴 小猴子 猩猩 "
        "小猴 猿"
    ),
    "dinosaur": "dinosaur dinosaurs crocodile lizard alligator 恐龙 小恐龙 鳄鱼 蜥蜴",
    "turtle": "turtle turtles tortoise crab snail 乌龟 海龟 龟 螃蟹 蜗牛 老乌龟 小乌龟",
    "bird": (
        "bird birds eagle hawk sparrow parrot phoenix falcon robin nightingale lark songbird wren woodpecker "
        "swallow_bird peacock swallows finch canary kingfisher 鸟 小鸟 麻雀 老鹰 鹰 燕子 鹦鹉 凤凰 鸟儿 夜莺 "
        "雀 画眉 喜鹊 百灵鸟 啄木鸟 孔雀 云雀 黄鹂 雄鹰 金丝雀 翠鸟"
    ),
    "gull": "gull gulls seagull seagulls albatross 海鸥",
    "crow": "crow crows raven ravens magpie 乌鸦",
    "dove": "dove doves pigeon pigeons 鸽子 白鸽 信鸽",
    "duck": "ducks duckling ~duck ducklings 鸭子 小鸭子 鸭 野鸭 丑小鸭",
    "swan": "swan swans goose geese 天鹅 鹅 大雁 大鹅 白鹅 雁",
    "crane": "~crane cranes heron stork flamingo 仙鹤 鹤 白鹤 白鹭 鹭鸶 鹬",
    "hen": "hen hens rooster chicken chick chickens turkey cock chicks 母鸡 公鸡 鸡 小鸡 大公鸡 老母鸡",
    "owl": "owl owls 猫头鹰",
    "penguin": "penguin penguins 企鹅 小企鹅",
    "whale": "whale whales orca 鲸鱼 鲸 蓝鲸 座头鲸 巨鲸 鲲",
    "dolphin": "dolphin dolphins ~seal porpoise 海豚 海豹",
    "shark": "shark sharks 鲨鱼",
    "fish": "~fish carp koi salmon goldfish trout minnow 鱼 金鱼 鲤鱼 小鱼 大鱼 鱼儿 锦鲤",
    "dragon": "dragon dragons wyvern 龙 巨龙 恶龙 火龙 小龙 白龙 青龙",
    "robot": "robot robots android droid 机器人 机器狗 机械人",
    "snake": "snake snakes serpent python viper cobra worm caterpillar 蛇 毒蛇 白蛇 青蛇 大蛇 毛毛虫 蚯蚓 蟒蛇",
    "frog": "frog frogs toad tadpole 青蛙 蛤蟆 癞蛤蟆 小青蛙 蝌蚪 小蝌蚪",
    "butterfly": (
        "butterfly butterflies ~bee moth dragonfly bees firefly fireflies ladybird ladybug grasshopper ant "
        "ants cricket ~fly beetle mosquito cicada_insect 蝴蝶 蜜蜂 蜻蜓 飞蛾 萤火虫 蚂蚁 蚱蜢 蟋蟀 瓢虫 "
        "小蚂蚁 小蜜蜂 螳螂 蛐蛐 苍蝇 蝈蝈 黄雀虫"
    ),
    "spirit": (
        "ghost ghosts fairy fairies ~spirit elf elves genie angel imp sprite phantom mermaid gnome dwarf "
        "pixie 鬼 幽灵 精灵 仙女 妖精 小精灵 鬼魂 天使 美人鱼 花仙子 小仙女 灯神"
    ),
    "monster": (
        "monster monsters giant ogre troll yeti alien aliens demon beast spider kraken creature 怪物 妖怪 "
        "巨人 怪兽 外星人 魔鬼 蜘蛛 妖魔 食人魔 雪怪 野兽 年兽 恶魔 僵尸"
    ),
    "snowman": "snowman snowmen 雪人",
    "octopus": "octopus squid jellyfish 章鱼 乌贼 水母",
}  # fmt: skip

FANTASTIC = frozenset({"spirit", "monster", "dragon", "unicorn", "robot", "snowman"})
"""Creatures, not animals."""

CHINESE_ANIMAL_HEADS: dict[str, str] = {
    "狗": "dog", "犬": "dog", "猫": "cat", "鸟": "bird", "鱼": "fish", "马": "horse", "驴": "donkey", "牛": "cow",
    "羊": "sheep",
    "虎": "tiger", "狼": "wolf", "熊": "bear", "兔": "rabbit", "兔子": "rabbit", "鼠": "mouse", "猪": "pig",
    "鸡": "hen", "鸭": "duck",
    "鹅": "swan", "龙": "dragon", "蛇": "snake", "猴": "squirrel", "狐": "fox", "鹿": "deer", "象": "elephant",
    "鲸": "whale",
    "龟": "turtle", "鹰": "bird", "蛙": "frog", "狐狸": "fox", "机器人": "robot", "蝶": "butterfly", "鹤": "crane",
}  # fmt: skip

NOT_ANIMALS = frozenset(
    (
        "大象棋 现象 对象 印象 气象 形象 抽象 景象 想象 迹象 罗马 立马 人马 木马 上马 下马 骑马 巴马 号码 "
        "海马体 吹牛 蜗牛 属猪 热狗 天狗 走狗 铜牛 木牛 恐龙 水龙 变色龙 沙龙 尼龙 马虎 母老虎 壁虎 海象 "
        "成龙 一龙 赛马 兵马 牛马 金龟 乌龙 龙虎 熊猫"
    ).split()
)
