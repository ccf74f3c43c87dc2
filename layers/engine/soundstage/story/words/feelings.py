"""What people feel, and what a scene feels like."""

from soundstage.models.story import Mood

EMOTIONS: dict[str, str] = {
    # in English adjectives that the painter's faces know
    "happy": (
        "happy happily smile smiled smiling smiles laugh laughed laughing laughs glad joy joyful joyfully "
        "cheerful grin grinned beamed delighted giggled cheered pleased merry excited clapped celebrate "
        "celebrated delight laughter thrilled 高兴 开心 快乐 笑 微笑 大笑 欢喜 喜悦 兴奋 笑了 笑着 乐 欢呼 "
        "开心地 哈哈大笑 喜欢 乐呵呵 笑眯眯 欣喜 愉快 笑嘻嘻 眉开眼笑 高高兴兴 得意 得意洋洋 欢快 欢笑 惊喜"
    ),
    "sad": (
        "sad sadly sorrow sorrowful unhappy grief grieved mourned heartbroken gloomy disappointed miserable "
        "regret homesick sorry sighed heart_sank heavy_heart missed_her missed_him ashamed 伤心 难过 悲伤 "
        "失望 忧伤 悲痛 叹气 难受 沮丧 垂头丧气 委屈 心酸 悲哀 愁 惭愧 后悔 难为情 叹了口气 羞愧 懊悔 遗憾 "
        "愧疚 想家"
    ),
    "crying": (
        "cry_bitterly wept weep weeping tears tear sob sobbed sobbing burst_into_tears crying cried_and "
        "tearful 哭 流泪 眼泪 泪水 哭泣 哭了 大哭 哭起来 泪 泪流满面 抽泣 哭着 落泪 热泪 呜咽"
    ),
    "afraid": (
        "afraid fear feared frightened scared terrified trembled trembling shivered terror panic shook_with "
        "nervous nervously shaking horrified screamed dread dreaded 害怕 怕 恐惧 惊恐 发抖 吓 颤抖 恐慌 胆小 "
        "吓坏了 心惊 紧张 吓了一跳 惊慌 瑟瑟发抖 哆嗦 慌 慌张 胆怯"
    ),
    "angry": (
        "angry angrily anger furious rage fury shouted_at annoyed mad_at cross_with growled scowled snarled "
        "stamped glared bitter 生气 愤怒 怒 发怒 恼火 气愤 大怒 怒吼 气得 暴怒 发火 恼怒 勃然大怒 怒气冲冲"
    ),
    "surprised": (
        "surprised surprise astonished amazed startled shocked gasped wide-eyed stunned wonder astonishment "
        "speechless 惊讶 吃惊 惊奇 惊呆 大吃一惊 愣 愣住 诧异 目瞪口呆 震惊 惊呼 奇怪 惊叹"
    ),
    "worried": (
        "worried worry anxious anxiously uneasy troubled concern doubtful 担心 焦急 着急 忧虑 不安 发愁 担忧 "
        "急 心急 焦虑 犹豫 为难"
    ),
    "lonely": (
        "lonely alone loneliness lonesome by_himself by_herself by_itself all_alone forgotten no_friends "
        "孤独 寂寞 孤单 独自 一个人 孤零零 孤身 孤寂 没有朋友"
    ),
    "calm": (
        "calm calmly quietly peaceful peacefully gently gentle content contented patient patiently serene "
        "relieved 平静 安静 安详 静静 宁静 温和 安心 从容 平和 不慌不忙 静静地 安静地"
    ),
    "tender": (
        "love loved loves kissed hugged hug tenderly kind kindly kindness embrace embraced warmth warmly "
        "dear gratitude thankful grateful thanked forgave 爱 拥抱 温柔 心疼 善良 亲切 温暖 抱住 感激 感动 "
        "疼爱 慈祥 亲吻 搂 体贴 依偎 慈爱 谢谢"
    ),
    "proud": (
        "proud proudly triumph victory won brave bravely courage courageous triumphant determined victorious "
        "boldly champion hero 骄傲 勇敢 自豪 胜利 坚定 勇气 赢 成功 赢了 坚强 英勇 冠军 下定决心 终于成功"
    ),
    "sleepy": (
        "sleepy asleep yawned drowsy tired weary exhausted slept 困 疲惫 累 打哈欠 疲倦 睡意 睡着 困倦 "
        "筋疲力尽 累坏了"
    ),
}  # fmt: skip

MOOD_OF_EMOTION: dict[str, Mood] = {
    "happy": "joyful", "sad": "sad", "crying": "sad", "afraid": "tense", "angry": "tense", "surprised": "tense",
    "worried": "tense", "lonely": "lonely", "calm": "calm", "tender": "tender", "proud": "triumphant", "sleepy": "calm",
}  # fmt: skip

MOODS: dict[Mood, str] = {
    "calm": "silent quiet still peace silence softly slowly hush 宁静 平静 静 静悄悄 安宁 寂静 缓缓 慢慢 静谧",
    "joyful": (
        "feast dance danced dancing party wedding festival sing singing music merry birthday holiday play "
        "played playing fun celebration reunion bloom bloomed blossomed 节日 跳舞 唱歌 婚礼 热闹 欢乐 宴会 "
        "玩 玩耍 团圆 盛开 开满 生日 做游戏"
    ),
    "tender": (
        "lullaby heart embrace mother's gentle soft together gift home_again forgive 一起 怀里 怀抱 礼物 "
        "手牵手 陪 陪伴 心里暖 团聚"
    ),
    "sad": (
        "died death dead grave farewell goodbye lost broken ill sick funeral withered ruined rain_of_tears "
        "poor hungry 死 去世 离别 再见 葬礼 坟 病 失去 枯萎 生病 告别 永别 破碎 凋谢 饿 分离 牺牲"
    ),
    "tense": (
        "danger dangerous fight fought war battle chase chased attack attacked suddenly hurry fire enemy "
        "trap trapped sink sinking roared crash crashed storm broke exploded alarm escape escaped thief "
        "shouted hunted drown drowning poison kill 危险 战斗 突然 忽然 敌人 追 逃 攻击 战争 着火 大火 爆炸 "
        "冲 陷阱 淹 救命 猛地 警报 打仗 洪水 决堤 紧急 毒 杀"
    ),
    "eerie": (
        "ghost haunted strange mysterious shadow shadows whispering dark darkness witch curse cursed skull "
        "graveyard moaned creaked eerie spooky ghostly vanished 鬼 幽灵 神秘 诡异 黑影 诅咒 阴森 影子 黑暗 "
        "妖怪 奇怪的 古怪 女巫"
    ),
    "triumphant": (
        "victory won saved hero at_last finally succeeded crowned champion cheered rescued freed defeated "
        "reached_the_top safe triumph medal discovered invented 胜利 成功 英雄 得救 冠军 战胜 打败 救了 救出 "
        "夺冠 凯旋 实现 欢呼 脱险"
    ),
    "lonely": (
        "alone empty nobody abandoned far_away no_one lonely solitary deserted left_behind silence 孤独 "
        "空荡荡 独自 没有人 远方 离开 荒凉 只剩 冷清 空无一人"
    ),
}  # fmt: skip
