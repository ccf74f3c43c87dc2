"""Verbs: how a body is held, what hands do, who speaks, who comes, goes and dies."""

STANCES: dict[str, str] = {
    "running": (
        "run ran runs running race raced racing dash dashed rush rushed sprint sprinted chase chased chasing "
        "fled flee fleeing hurried hurry hurrying bolted galloped gallop bounded darted dart scampered "
        "charged scurried leapt leap leaped jumped jump jumping sped hopped hop trotted pedalled skipped "
        "scrambled 跑 奔跑 奔 跑步 冲 追 追赶 逃 逃跑 飞奔 狂奔 赶 跳 蹦 跑来 跑去 跑进 跑出 跑到 冲进 冲出 "
        "冲向 追上 逃走 逃出 跳起 跳起来 奔向 蹦蹦跳跳 跳过 冲到 跑过 跑回 一路小跑 拔腿 跳下 跃"
    ),
    "walking": (
        "walk walked walks walking stroll strolled wander wandered climb climbed climbing step stepped "
        "stepping march marched trudged tiptoed crept creep hiked travelled traveled journeyed set_off "
        "crossed followed went paced limped strode plodded waded ploughed marching entered left_the "
        "came_home went_home made_her_way made_his_way shuffled stumbled roamed 走 走进 走出 走到 走来 走去 "
        "走过 走向 走上 走着 爬 爬上 散步 来到 穿过 踏上 出发 走路 上路 赶路 离开 回家 跟着 爬到 前进 行走 "
        "踱步 翻过 走回 走下 走在 路过 登上 迈 进去 出来 跨过 溜达 迈着 步行 巡逻 巡山 来到了 走遍 赶往 去 "
        "挪 蹒跚 走进去 越过"
    ),
    "sitting": (
        "sit sat sits sitting seated perched squatted rode riding ride rowed row rowing crouched crouch "
        "rested settled drove driving steered sailed fished 坐 坐下 坐在 坐着 蹲 蹲下 骑 骑着 靠 划船 蹲在 "
        "盘腿 歇 坐到 坐起 坐上 骑上 划 靠在 歇脚 蜷缩 钓鱼 打坐 骑车 趴在桌上 坐起来 蹲着 驾着 开车"
    ),
    "kneeling": (
        "kneel knelt kneels kneeling bent bowed stooped dug digging planted planting weeding bent_down 跪 "
        "跪下 弯腰 俯身 跪在 种 挖 弯下腰 半跪 鞠躬 埋 种下 蹲下身 刨 插秧 低头捡"
    ),
    "lying": (
        "lie lay lies lying asleep slept sleep sleeps sleeping fell_asleep napped nap dozed collapsed "
        "curled_up curled lay_down fainted snored drowsed in_bed dreaming 躺 躺下 躺在 睡 睡着 睡觉 睡着了 "
        "趴 趴在 倒下 倒在 躺着 睡在 沉睡 午睡 打盹 晕倒 昏倒 卧 入睡 睡去 病倒 昏迷 躺到 打呼噜 睡熟 卧病 "
        "醉倒"
    ),
    "flying": (
        "fly flew flies flying flown soar soared soaring glide glided gliding hover hovered hovering "
        "floated_up floating_in_the_air took_wing circled swooped fluttered flapped 飞 飞翔 飞起 "
        "飞到 飞向 飞过 飞走 盘旋 翱翔 飞来 飞上 飞在 展翅 飞进 飞出 飞回 飞去 飞舞 飞行 滑翔 飘浮 起飞 飞下 "
        "飞落"
    ),
    "swimming": (
        "swim swam swims swimming dive dived dove diving paddled drown drowning drowned bathed snorkelled 游 "
        "游泳 游到 游过 潜水 潜入 游来 游向 溺水 游去 跳进水里 游着 落水 跳入水中 游回 游走 游上"
    ),
    "standing": (
        "stand stood stands standing stop stopped stopping halted waited wait waiting leaned stare stared "
        "paused stood_up got_up rose_to arrived froze stayed 站 站着 站在 停下 停下来 等 等待 站住 愣住 站起 "
        "站起来 停住 等着 站到 伫立 到达 呆住 醒来 起床 爬起来 起身 停 立在 怔住 守在 守着"
    ),
}  # fmt: skip

TAKE = (
    "take took takes taken taking pick picked picks picking hold held holds holding carry carried "
    "carries carrying grab grabbed grabbing grasped lift lifted lifting catch caught receive received "
    "found find finds pull pulled snatched clutched clutching gathered gathering raised raise hugged "
    "fetched fetch bought buy gripped pulled_out took_out brought bring wrote write writing drew read "
    "reading opened open lit light lighting collected seized stole steal plucked wearing_in_hand wielded "
    "dug_up drank ate tied unfolded swung clasped cradled folded playing_the painted tuned 拿 拿起 拿着 拄着 拄 打着 "
    "拿出 提 提着 举 举起 举着 抱 抱着 抱起 捡 捡起 捡到 抓 抓住 抓起 握 握着 握住 接 接过 捧 捧着 捧起 "
    "背着 拎 拎着 端 端着 端起 带 带着 带来 找到 取 取出 取下 打开 点 点亮 点燃 掏出 收到 牵着 撑 撑着 "
    "撑起 抽出 揣 拾 拾起 采 摘 摘下 买 买来 写 读 翻开 得到 挑着 扛着 扛 攥着 攥 拔出 拔 挥舞 提起 拿走 "
    "叼着 叼 摘 递过 拉着 拉 修 偷 偷走 挂着 采下 采来 抱来 吃 喝 掏 捏着 抓着 执 拾到 拿来 拆开 展开 叠 "
    "叠好 吹"
)

PUT_DOWN = (
    "put_down put_away drop dropped drops dropping gave give gives handed hand_over threw throw lost "
    "lose set_down put placed laid let_go gave_away left_behind sold sell returned hid hide buried "
    "released tossed planted hung passed blew_out poured handed_over lent offered placed_the gave_up "
    "broke broken ate_up swallowed sent slipped_from fell_from 放 放下 放在 丢 丢下 扔 扔掉 扔下 递 递给 "
    "交给 给了 送给 还给 失去 丢失 掉 落下 弄丢 卖 卖掉 藏 埋 松开 抛 放回 放进 挂在 丢掉 插在 塞给 留下 "
    "放走 放开 吃掉 吃完 喝完 打碎 摔碎 投进 寄 寄出 交出 归还 塞进 扔进 撒 插进 挂上 吹灭 熄灭 砸 摔 "
    "抛下 放到 捐 拴 摔坏"
)

SPEECH = (
    "say said says ask asked asks cry cried cries call called reply replied replies answer answered "
    "whisper whispered shout shouted mutter muttered exclaim exclaimed tell told tells beg begged scream "
    "screamed yell yelled add added agreed insist insisted explain explained murmur murmured growled "
    "roared roar squeaked croaked sang sing sings laughed sighed sobbed declared announced warned "
    "promised repeated demanded pleaded ordered suggested boasted chuckled giggled hissed grumbled "
    "moaned bellowed began continued admitted protested purred chirped snapped gasped breathed smiled "
    "nodded remarked groaned hooted barked rumbled urged reminded wondered prayed joked teased beamed "
    "argued 说 说道 问 问道 喊 喊道 叫道 回答 答道 答 告诉 嚷 嚷道 大喊 大叫 低声说 小声说 笑道 叹道 "
    "说着 吼 吼道 哭道 嘟囔 嘀咕 道 唱 唱道 劝 劝道 吩咐 命令 夸 骂 骂道 骂骂咧咧 解释 催 催促 安慰 叫 "
    "念道 喃喃 喃喃自语 回道 惊呼 夸奖 提醒 求 央求 哀求 请求 嘱咐 追问 自言自语 宣布 感叹 介绍 笑着说 "
    "哭着说 大声说 轻声说 反问 喃喃道 应道 称赞 允许 说话 开口 叹息 解释道 请 祝 叹了口气 责备 吆喝 保证 "
    "嘲笑 汇报 报告 禀报"
)

THOUGHT = (
    "think thought thinks wonder wondered wish wished believe believed realised realized knew 想 想道 心想 "
    "暗想 觉得 以为 希望 明白 暗暗想 想着 知道 琢磨 寻思"
)

UNREAL = (
    "dream dreamed dreamt dreams dreamed_of remember remembered imagine imagined think_of thought_of "
    "thought_about talk_about talked_about told_of spoke_of story_of stories_of tales_of tales_about "
    "legends_of tale_of picture_of pictures_of painting_of map_of photograph_of wanted_to_go dreaming_of "
    "wished missed longed_for heard_about heard_of book_about song_about wanted_to_see never_seen used_to "
    "describe described stories_about waiting_for letter_from letters_from postcard_from postcard_of "
    "news_from news_of word_from ticket_to tickets_to smell_of scent_of song_of drawing_of drawings_of "
    "paintings_of photo_of photos_of poster_of model_of miles_from miles_away_from on_the_way_to "
    "one_day_they_would book_of books_about film_about will_go far_from as_far_as wrote_about if would "
    "reminded 讲起 谈起 聊起 说到 谈到 讲到 讲述 盼着 憧憬 梦想 惦记 念着 总有一天 有一天能 一幅 开往 寄给 寄往 "
    "梦见 梦到 想起 想象 想念 回忆 记得 怀念 向往 传说 想去 "
    "要去 想看 思念 听说 关于 没见过 从没见过 描述 仿佛看见 好像看见 盼望 打算 准备去 说起 提起 从来没有去过 "
    "没去过 如果 要是 将来 假如"
)
"""What follows is in somebody's head, not in the picture."""

FIGURATIVE = (
    "like as as_if as_though resembled reminded_of seemed_like looked_like 像 好像 仿佛 如同 似的 好似 "
    "宛如 犹如 一样 一般 似 如 般 胜似"
)
NEGATIONS = (
    "no not never without nor neither none nothing didn't doesn't don't wasn't isn't weren't aren't "
    "couldn't can't wouldn't won't hadn't hasn't haven't cannot hardly nowhere 没 没有 不 不是 无 从不 "
    "从没 未 别 不再 并不 毫无 没见 从未 不会 不敢 不能 不用 不要 并没有"
)
ENDINGS = (
    "stop stopped stops ended end ceased died_down passed had_passed cleared lifted melted was_over "
    "was_gone faded over vanished gone disappeared blew_over went_away dropped_away let_up 停 停了 散 "
    "散了 散去 过去 过去了 消散 融化 止 消失 小了 退去 平息 褪去 化了 歇 止住"
)
"""After a word of weather: it is no more."""

ENTER = (
    "enter entered enters reach reached reaches climb climbed crossed cross arrived into inside in at on "
    "onto through across along beside by near under beneath upon above to toward towards within around "
    "over aboard off behind amid among past beyond between up down visited visit explored searched "
    "approached toured returned_to atop underneath against left_for outside wandered roamed crossing"
)
LEAVE = (
    "left leave leaves leaving from out_of quit away_from escaped fled outside_of 离开 走出 离 跑出 逃出 "
    "冲出 出了 告别 从 飞出 爬出 逃离 搬出 远离"
)

DYING = (
    "die died dies passed_away was_killed dead killed murdered perished 死 死了 死去 去世 逝世 病逝 牺牲 "
    "被杀 杀死 过世 咽气 离世 断气 死掉"
)
ARRIVAL = (
    "came comes come arrived appeared entered returned joined met meet meets found 来 来了 来到 回来 出现 "
    "进来 走来 过来 遇见 遇到 碰到 跑来 飞来 游来 赶来"
)
DEPARTURE = (
    "left went_away gone walked_away ran_away flew_away vanished disappeared sailed_away drove_off "
    "ran_off rode_away flew_off swam_away said_goodbye 走了 离开 离去 飞走 跑了 消失 不见了 远去 告别 "
    "游走 逃走 跑开 走远 飞走了 跑掉 离开了"
)
NAMING = (
    "named called name_was name_is nicknamed known_as 叫 名叫 名字叫 取名 叫做 名为 叫作 起名 名字是 人称 "
    "外号 取名叫 起名叫 小名 小名叫"
)
