"""Prepositions, verbs and position words that say how a sentence stands to a place that it names."""

INSIDE = frozenset(
    (
        "in into inside on onto at through across along aboard within throughout around up down off atop "
        "amid among over"
    ).split()
)
BESIDE = frozenset(
    (
        "by near beside to toward towards under beneath past behind beyond above outside against between "
        "below underneath"
    ).split()
)
REACHING = frozenset(
    (
        "entered enter enters entering reached reach reaches reaching climbed climb climbing climbs crossed "
        "cross crossing visited visit explored roamed searched wandered approached found left_for toured "
        "travelled sailed ploughed explore"
    ).split()
)
LOOKING = frozenset(
    (
        "looked look looking looks gazed gaze gazing stared stare staring pointed pointing glanced peered "
        "watched watching smiled laughed shouted listened faced facing waved toward_the"
    ).split()
)
KEEPING = frozenset(
    (
        "kept keep keeps rented rents bought owned owns ran runs run had has have built opened inhabited haunted "
        "guarded guards"
    ).split()
)
"""'He kept a small shop': he is there."""
BEHIND = frozenset("behind past beyond above against between below".split())
AWAY = frozenset("from".split())
SEEING = frozenset("see sees saw watched look looked spotted seen".split())
LEAVING = frozenset("left leave leaves leaving escaped fled quit".split())
ARRIVED = frozenset(
    (
        "came come comes arrived arrive got returned return went go goes going walked ran back sailed flew "
        "home moved ran raced rushed hurried led took brought"
    ).split()
)
CHINESE_INTO = frozenset(
    (
        "在 到 进 入 来到 走进 走到 回到 跑到 跑进 去 穿过 爬上 爬到 登上 住在 坐在 站在 飞到 飞进 游到 到了 "
        "来到了 走在 躺在 冲进 到达 进入 走上 踏上 走过 跑过 飞过 趴在 躲在 躲进 经过 沿着 沿 往 向 走向 "
        "奔向 跑向 冲向 飞向 靠近 钻进 落在 停在 掉进 跳进 溜进 搬到 翻过 越过 跨过 逛 上 下 于 蹲在 回 赶到 "
        "爬进 流过 漂在 出海 下到 守着 守 去了 搬进 种在 睡在 送到 送进 推开 落到 掉到 跪在 赶往 潜入 挤进 "
        "挤上 跳上 坐上 登 游过 游在 飘在 航行在 行驶在 驶过 驶入 驶进 飞入 开进 带到 带进"
    ).split()
)
CHINESE_AWAY = frozenset("从 离开 走出 离 跑出 逃出 冲出 出了 告别 飞出 爬出 远离 逃离 搬出 自".split())
POSITIONS = frozenset(
    (
        "里 上 中 边 下 旁 内 外 里面 上面 旁边 附近 中间 深处 中央 尽头 前 后 前面 下面 身边 四周 之中 之上 "
        "边上 顶上 一角 角落 里头 外面"
    ).split()
)
