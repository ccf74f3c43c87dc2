"""Readings of Chinese words where pypinyin's are not what is said: neutral tones, and words with several readings.

pinyin with tone numbers, 5 for the neutral tone (after "现代汉语词典", 7th ed.).
"""

NEUTRAL_LAST = frozenset(
    """
    姑娘 头发 朋友 东西 先生 太阳 月亮 星星 云彩 石头 木头 骨头 舌头 枕头 馒头 罐头 指头 拳头 妈妈 爸爸 爷爷
    奶奶 哥哥 姐姐 弟弟 妹妹 叔叔 婶婶 舅舅 姥姥 公公 婆婆 娃娃 宝宝 儿子 孩子 房子 屋子 院子 桌子 椅子 窗子
    帘子 被子 鞋子 帽子 裙子 裤子 袜子 兔子 狮子 猴子 鸽子 虫子 蚊子 叶子 种子 果子 桃子 李子 橘子 柿子 影子
    样子 日子 肚子 脖子 鼻子 胡子 辫子 嗓子 身子 脑子 胆子 妻子 嫂子 骗子 疯子 傻子 瞎子 胖子 个子 箱子 盒子
    瓶子 杯子 盘子 筷子 勺子 刀子 锤子 绳子 竹子 棍子 镜子 梳子 扇子 轮子 车子 本子 句子 例子 曲子 笛子 鼓子
    面子 里子 底子 路子 法子 点子 珠子 银子 金子 谷子 豆子 包子 饺子 粽子 饼子 亭子 村子 巷子 林子 园子 池子
    沙子 我们 你们 他们 她们 它们 咱们 人们 孩子们 朋友们 什么 怎么 这么 那么 多么 时候 地方 事情 衣服 行李
    眼睛 耳朵 嘴巴 下巴 尾巴 胳膊 脑袋 肩膀 屁股 指甲 力气 脾气 味道 名字 故事 消息 意思 主意 关系 学生 大夫
    护士 师傅 裁缝 木匠 铁匠 老婆 丈夫 媳妇 闺女 亲戚 街坊 邻居 客气 热闹 明白 清楚 漂亮 干净 便宜 舒服 暖和
    凉快 新鲜 结实 老实 聪明 糊涂 厉害 马虎 喜欢 知道 认识 告诉 商量 打听 打算 打扮 收拾 休息 招呼 答应 吩咐
    嘱咐 咳嗽 哆嗦 琢磨 折腾 葡萄 萝卜 豆腐 粮食 庄稼 点心 窗户 玻璃 扫帚 钥匙 灯笼 帐篷 蘑菇 石榴 玫瑰 苍蝇
    蚂蚱 刺猬 骆驼 狐狸 猩猩 蛤蟆 早上 晚上 夜里 家里 心里 手里 眼里 屋里 水里 海里 山里 林子里 村里 城里 天上
    地上 路上 身上 脸上 头上 船上 桌上 树上 墙上 海上 起来 过来 回来 出来 进来 下来 上来 过去 回去 出去 进去
    下去 上去 觉得 记得 懂得 晓得 值得 显得 舍得 免得 省得 谢谢 看看 听听 说说 想想 试试 等等 走走 瞧瞧 尝尝
    问问 笑笑 坐坐 歇歇
    """.split()  # noqa: SIM905  (as words, not as a column)
)
"""Words whose last syllable has no tone."""
READINGS = {
    "大夫": "dai4 fu5", "银行行长": "yin2 hang2 hang2 zhang3", "行长": "hang2 zhang3",
    "长长的": "chang2 chang2 de5", "长长": "chang2 chang2", "长得": "zhang3 de5", "朝阳": "zhao1 yang2",
    "落下": "luo4 xia4", "曲子": "qu3 zi5", "薄片": "bao2 pian4", "空着": "kong4 zhe5",
    "一会儿": "yi2 hui4 er5", "干什么": "gan4 shen2 me5", "角色": "jue2 se4", "似的": "shi4 de5",
    "为了": "wei4 le5", "地": "di4", "还": "hai2", "着急": "zhao2 ji2", "看着": "kan4 zhe5",
    "听着": "ting1 zhe5", "睡着": "shui4 zhao2", "数着": "shu3 zhe5", "数一数": "shu3 yi5 shu3",
    "数数": "shu3 shu4", "重逢": "chong2 feng2", "背着": "bei1 zhe5", "挑着": "tiao1 zhe5",
    "散步": "san4 bu4", "转身": "zhuan3 shen1", "倒下": "dao3 xia4", "摔倒": "shuai1 dao3",
    "晕倒": "yun1 dao3", "倒在": "dao3 zai4", "长大": "zhang3 da4", "生长": "sheng1 zhang3",
    "船长": "chuan2 zhang3", "校长": "xiao4 zhang3", "露出": "lu4 chu1", "露水": "lu4 shui3",
    "降落": "jiang4 luo4", "投降": "tou2 xiang2", "的确": "di2 que4", "目的": "mu4 di4", "都": "dou1",
    "得": "de5", "了": "le5", "着": "zhe5", "的": "de5", "吗": "ma5", "呢": "ne5", "吧": "ba5", "啊": "a5",
    "呀": "ya5", "嘛": "ma5", "们": "men5", "个": "ge4", "重": "zhong4", "长": "chang2", "只": "zhi1",
    "行": "xing2", "数": "shu4", "教": "jiao1", "种": "zhong3", "好": "hao3", "少": "shao3", "系": "xi4",
    "曾": "ceng2", "晃": "huang4", "亮堂堂": "liang4 tang1 tang1", "一模一样": "yi4 mu2 yi2 yang4",
}  # fmt: skip
RETROFLEX = frozenset(
    """
    女儿 婴儿 幼儿 孤儿 少儿 男儿 健儿 胎儿 新生儿 混血儿 宠儿 孩儿 弃儿 侄儿 育儿 儿 胡儿 小儿
    """.split()  # noqa: SIM905  (as words, not as a column)
)
"""Words in which 儿 is a syllable with its own tone; elsewhere at a word's end it colours the one before."""
