"""Nouns of people: what they are, and what the noun says of gender and age."""

ROLES: dict[str, tuple[str, str, str]] = {
    # English noun: gender (f, m, u), age (child, young, adult, old), words
    "grandmother": ("f", "old", (
        "grandmother grandma granny gran nana grandmama 奶奶 外婆 姥姥 祖母 老奶奶 阿婆 外祖母"
    )),
    "grandfather": ("m", "old", "grandfather grandpa grandad granddad gramps 爷爷 外公 姥爷 祖父 老爷爷 阿公 外祖父"),
    "old woman": ("f", "old", "old_woman old_lady crone 老太太 老婆婆 老妇人 老奶奶 婆婆 老太婆 老妇 老妪 老阿姨 阿嬷"),
    "old man": ("m", "old", (
        "old_man old_fellow greybeard graybeard 老头 老头儿 老爷子 老翁 老汉 老头子 老先生 老大爷 老伯 老人 "
        "老人家 老者 老叟"
    )),
    "mother": ("f", "adult", (
        "mother mom mum mama mommy mummy stepmother 妈妈 母亲 娘 妈 后妈 后娘 老妈 娘亲 阿妈 继母 丈母娘"
    )),
    "father": ("m", "adult", "father dad daddy papa stepfather pa 爸爸 父亲 爹 爸 老爸 阿爸 爹爹"),
    "girl": ("f", "child", (
        "girl little_girl schoolgirl young_girl girls 女孩 小女孩 女孩子 小姑娘 女童 女生 丫头 小丫头 女娃"
    )),
    "boy": ("m", "child", (
        "boy little_boy schoolboy young_boy boys lad 男孩 小男孩 男孩子 男生 男童 小子 小伙伴 小男生 小家伙 "
        "放牛娃 少年郎"
    )),
    "child": ("u", "child", (
        "child kid baby toddler infant little_one ~youngster 孩子 小孩 小朋友 婴儿 宝宝 小孩子 孩童 娃娃 娃 "
        "牧童 小孩儿"
    )),
    "son": ("m", "child", "son grandson 儿子 孙子 小儿子 大儿子 外孙"),
    "daughter": ("f", "child", "daughter granddaughter 女儿 孙女 小女儿 外孙女 闺女"),
    "brother": ("m", "child", (
        "brother little_brother big_brother older_brother younger_brother 哥哥 弟弟 兄弟 哥 大哥 二哥 小弟 "
        "兄长 表哥 表弟 堂弟"
    )),
    "sister": ("f", "child", (
        "sister little_sister big_sister older_sister younger_sister 姐姐 妹妹 姐 妹 大姐 小妹 表妹 表姐 "
        "堂妹"
    )),
    "young woman": ("f", "young", (
        "young_woman maiden young_lady maid lass 姑娘 少女 女子 小姐 年轻女子 女郎 丫鬟 仙子 侍女"
    )),
    "young man": ("m", "young", (
        "young_man youth lad_of_twenty young_fellow teenager 小伙子 少年 年轻人 青年 小伙 后生 公子 小哥 "
        "少爷"
    )),
    "woman": ("f", "adult", (
        "woman lady madam 女人 妇人 大妈 女士 大婶 大娘 大姐姐 妇女 夫人 老板娘 女主人 少妇 贵妇 "
        "绣娘 厨娘 船娘 蚕娘 渔娘")),
    "man": ("m", "adult", (
        "man gentleman fellow stranger traveller traveler passer-by pilgrim wanderer miser nobleman 男人 "
        "男子 先生 汉子 大叔 陌生人 旅人 行人 路人 过路人 旅客 主人 大汉 那人 男士 财主 地主 富翁 老爷 客人 "
        "邻居 楚人 宋人 郑人 齐人 来人"
    )),
    "wife": ("f", "adult", "wife bride widow 妻子 媳妇 老婆 新娘 寡妇 太太 妻"),
    "husband": ("m", "adult", "husband groom bridegroom widower 丈夫 老公 新郎 相公"),
    "aunt": ("f", "adult", "aunt auntie aunty 阿姨 姑姑 婶婶 舅妈 姑妈 姨妈 大姨 伯母"),
    "uncle": ("m", "adult", "uncle 叔叔 伯伯 舅舅 大伯 叔 伯父 大爷 叔父 老伯伯"),
    "king": ("m", "adult", (
        "king emperor sultan tsar pharaoh 国王 皇帝 大王 皇上 君王 陛下 天子 君主 玉帝 齐王 秦王 王爷 楚王 "
        "赵王"
    )),
    "queen": ("f", "adult", "queen empress 王后 女王 皇后 王母娘娘 太后"),
    "prince": ("m", "young", "prince 王子 小王子 太子"),
    "princess": ("f", "young", "princess 公主 小公主"),
    "knight": ("m", "adult", (
        "knight warrior soldier guard sentry soldier_boy samurai general swordsman archer 骑士 武士 士兵 "
        "将军 战士 卫兵 侍卫 侠客 守卫 武将 大将军 剑客 兵 战神 将士 大侠"
    )),
    "wizard": ("m", "old", (
        "wizard magician sorcerer enchanter hermit sage druid 巫师 魔法师 法师 老巫师 术士 隐士 神仙 老神仙 "
        "仙人 土地公公 智者"
    )),
    "witch": ("f", "old", "witch sorceress enchantress 女巫 巫婆 老巫婆"),
    "monk": ("m", "adult", (
        "monk priest abbot vicar friar 和尚 道士 牧师 僧人 老和尚 小和尚 方丈 神父 师父 师傅 高僧 禅师"
    )),
    "fisherman": ("m", "adult", "fisherman fisher angler 渔夫 渔民 打鱼人 渔翁 老渔夫"),
    "farmer": ("m", "adult", (
        "farmer peasant shepherd herdsman shepherd_boy ploughman gardener cowherd 农夫 农民 牧羊人 庄稼人 "
        "农人 园丁 花匠 老农 牛郎 种田人 瓜农"
    )),
    "hunter": ("m", "adult", (
        "hunter huntsman woodcutter ranger trapper lumberjack 猎人 猎户 樵夫 护林员 伐木工 老猎人"
    )),
    "keeper": ("m", "old", (
        "keeper lighthouse_keeper watchman gatekeeper caretaker janitor night_watchman 守塔人 守灯人 看门人 "
        "守林人 守夜人 更夫 灯塔看守人 门卫 保安 船夫 摆渡人"
    )),
    "sailor": ("m", "adult", (
        "sailor captain boatman ferryman pirate helmsman mariner first_mate admiral skipper 水手 船长 海盗 "
        "艄公 老船长 海员 大副"
    )),
    "merchant": ("m", "adult", (
        "merchant shopkeeper trader innkeeper baker pedlar peddler seller vendor butcher cook chef tailor "
        "barber waiter postman mailman boss landlord 商人 老板 店主 面包师 厨师 掌柜 裁缝 货郎 小贩 邮递员 "
        "摊主 卖货郎 屠夫 服务员 店小二 邮差 快递员 理发师 经理"
    )),
    "craftsman": ("m", "adult", (
        "blacksmith carpenter clockmaker watchmaker cobbler potter mechanic engineer inventor shoemaker "
        "miller toymaker weaver builder mason tinker luthier instrument_maker 铁匠 木匠 钟表匠 鞋匠 工匠 "
        "工程师 发明家 石匠 陶匠 修表匠 染匠 灯匠 瓦匠 修鞋匠 手艺人"
    )),
    "teacher": ("u", "adult", (

            "teacher mayor president minister judge lawyer official chief commander_in_chief lord duke baron "
            "governor duchess schoolteacher headmaster professor librarian coach tutor principal "
            "headmistress 老师 教师 校长 教授 图书管理员 教练 班主任 图书管理员 先生老师 夫子"

    )),
    "doctor": ("u", "adult", "doctor physician surgeon vet dentist 医生 大夫 郎中 兽医 老中医 神医 名医"),
    "nurse": ("f", "adult", "nurse nanny governess midwife 护士 保姆 奶妈"),
    "artist": ("u", "adult", (
        "painter artist musician singer poet writer actor dancer violinist pianist clown fiddler conductor "
        "photographer juggler storyteller author composer minstrel 画家 诗人 音乐家 作家 歌手 演员 小丑 舞者 "
        "琴师 画师 摄影师 说书人 戏子 导演 指挥 艺人"
    )),
    "student": ("u", "young", (
        "student pupil schoolmate classmate apprentice scholar deskmate graduate 学生 同学 徒弟 学徒 书生 "
        "秀才 同桌 小徒弟 弟子 班长 新生 学子 考生"
    )),
    "astronaut": ("u", "adult", (
        "astronaut pilot cosmonaut explorer driver detective policeman officer scientist firefighter aviator "
        "commander technician lieutenant navigator policewoman fireman conductor_of_the_train 宇航员 飞行员 "
        "探险家 司机 侦探 警察 科学家 消防员 航天员 舰长 机长 交警 研究员 队长 民警 船员 指挥官 列车员 车夫"
    )),
    "servant": ("u", "adult", (
        "servant butler beggar orphan thief burglar robber slave messenger prisoner ~guide bandit 仆人 管家 "
        "乞丐 孤儿 小偷 强盗 信使 囚犯 盗贼 丫环 奴隶 向导 使者 臣子 大臣 宰相 太监 土匪 贼 侍从"
    )),
    "friend": ("u", "adult", (
        "friend companion neighbour neighbor colleague partner roommate visitor guest playmate 朋友 伙伴 "
        "好朋友 同事 战友 老友 玩伴 室友 好友 客人们 友人 同伴"
    )),
    "hero": ("u", "adult", "hero heroine 英雄 女侠 勇士"),
}  # fmt: skip

FEMALE_NOUNS = frozenset(
    (
        "actress waitress heroine policewoman sorceress goddess mermaid lioness hen mare cow doe ewe 女 仙女 "
        "女侠 母鸡 老母鸡 女老师 女医生 headmistress governess princess vixen 美人鱼 织女 嫦娥 花仙子 小仙女 "
        "女警"
    ).split()
)
MALE_NOUNS = frozenset(
    ("rooster bull stallion ram tomcat stag headmaster policeman fireman 公鸡 大公鸡 男老师 雄狮 灯神").split()
)
OLD_NOUNS = frozenset(
    (
        "hermit elder sage veteran tortoise 老乌龟 老猎人 老渔夫 老船长 老和尚 老农 老狗 老中医 老马 老黄牛 老牛 老山羊"
    ).split()
)
YOUNG_NOUNS = frozenset(
    (
        "puppy kitten cub fawn lamb foal calf chick duckling piglet apprentice orphan shepherd_boy bunny "
        "gosling pup 牧童 小和尚 学徒 孤儿 小狗 小猫 小鸭子 丑小鸭 小鹿 小马 小熊 小羊 羊羔 小鸡 小象 小企鹅 "
        "小猴子 小兔子 徒弟 放牛娃"
    ).split()
)

USUALLY_MEN = frozenset(
    {"keeper", "sailor", "hunter", "farmer", "merchant", "craftsman", "knight", "wizard", "fisherman", "monk"}
)
"""So they are drawn where nothing says otherwise; 'she' says otherwise."""

GROUPS = (
    "children people villagers soldiers men women brothers sisters friends boys girls students sailors "
    "townspeople crowd crew family parents guests neighbours neighbors animals others kids classmates "
    "pirates dwarfs miners fishermen birds everyone everybody grandparents twins guards workers "
    "townsfolk passengers hunters elders 人们 大家 村民 孩子们 士兵们 同学们 小伙伴们 众人 乡亲们 父母 "
    "爸妈 爸爸妈妈 一家人 村民们 动物们 朋友们 水手们 船员们 家人 村里人 兄弟俩 姐妹俩 两人 他们 她们 "
    "它们 小朋友们 大人们 鸟儿们 百姓 老百姓 人群 乡亲 同伴们 邻居们 将士们 大臣们 旅客们 双胞胎"
)
"""Several at once: they may be spoken of, but are nobody in particular."""

FEMALE_GROUPS = frozenset("girls sisters women 姐妹俩 她们".split())
