"""Words of age that stand with a person: 'elderly', 'white-haired', 年迈; and where they mean something else."""

ENGLISH: dict[str, str] = {
    "old": (
        "old elderly aged ancient grizzled wizened aging ageing retired stooped white-haired grey-haired gray-haired "
        "silver-haired white-bearded grey-bearded gray-bearded silver-bearded snowy-haired bald-headed wrinkled "
        "oldest eldest toothless venerable octogenarian"
    ),
    "young": "young younger youngest teenage teenaged adolescent youthful",
    "child": "little baby tiny infant seven-year-old",
}  # fmt: skip
"""Before a noun: what each says of who that is."""

OLD_SIGNS = (
    r"\b(?:white|gr[ea]y|silver|snowy|snow-white) (?:hair|beard|moustache|mustache|whiskers|braids?|bun|plait)\b"
)
"""'with a white beard'."""

NOT_OF_AGE = frozenset("friend friends enemy rival colleague comrade partner classmate schoolmate school".split())
"""'Her old friend' is one of long standing."""

NOT_LITTLE = frozenset("man woman lady gentleman fellow king queen people couple old".split())
"""'The little man' is grown up."""

CHINESE: dict[str, str] = {
    "old": (
        "年迈 年老 上了些年纪 上了点年纪 上了年纪 上年纪 一把年纪 年纪大 年纪很大 年事已高 白发苍苍 白发 银发 "
        "鬓发斑白 "
        "两鬓斑白 头发花白 头发全白 胡子花白 胡子雪白 花白胡子 白胡子 白胡须 苍老 驼背 驼着背 满脸皱纹 皱纹 老态龙钟 "
        "古稀 耄耋 花甲 年过花甲 退休 最年长 年长 六旬 七旬 八旬 九旬"
    ),
    "young": "年轻 年青 最年轻 青年 二十出头 十七八岁 十五六岁 十六七岁 初出茅庐",
    "child": "年幼 幼小 小小年纪 年纪还小 年纪很小 七八岁 六七岁 五六岁 八九岁",
}

PERSON_NOUNS_ZH: dict[str, str] = {
    # How the word ends, and the role that is drawn.
    "匠": "craftsman", "师": "craftsman", "工": "craftsman", "娘": "woman", "婆": "old woman", "翁": "old man",
    "夫": "farmer", "员": "teacher", "官": "teacher", "商": "merchant", "贩": "merchant", "医": "doctor",
}  # fmt: skip
"""Trades that are in no table: 篾匠, 制琴师, 绣娘."""

NOT_PERSON_NOUNS_ZH = frozenset(
    (
        "老师 大师 律师函 手工 人工 化工 施工 竣工 打工 上工 开工 分工 加工 完工 罢工 姑娘 新娘 爹娘 功夫 工夫 "
        "丈夫 大夫 姐夫 "
        "妹夫 姑夫 动员 全员 成员 感官 器官 五官 智商 情商 协商 磋商 就医 求医 行医 军医院 出师 班师 会师 拜师 "
        "外婆 渔翁 "
        "富翁 主人翁 老婆 巫婆 会员 复工 停工 手工 农民工"
    ).split()
)
