"""First names and family names; words that begin sentences and are no names."""

FEMALE_NAMES = frozenset(
    (
        "ada adele agnes alice alicia alma amanda amara amelia amy ana anna anne annie anya aria astrid "
        "audrey ava beatrice bella bess beth betsy betty bianca bonnie bridget camille cara carla carmen "
        "caroline catherine cecilia celia charlotte chiara chloe christina cinderella claire clara clementine "
        "cora daisy dana daphne diana dolly dora dorothy edith edna eileen elaine eleanor elena eliza "
        "elizabeth ella ellen ellie eloise elsa elsie emily emma erin esther eva eve evelyn faith fatima "
        "fiona flora florence frances freya georgia gerda gina ginger gloria goldilocks grace greta gretel "
        "gwen hannah harriet hazel heidi helen helena hilda holly hope ida imani ines ingrid irene iris "
        "isabel isabella isla ivy jane janet jasmine jenny jessica jill joan josie joy juanita judith judy "
        "julia julie juliet june kate katherine kathleen katie kira laila lara laura layla leah leila lena "
        "lila lily lina linda lisa liv lola lotte louisa louise lucia lucy luna lydia mabel maddie maggie "
        "maia maja mara margaret margot maria marian marie marina marta martha mary matilda maud maya mei "
        "melanie mia mila millie mina mira miranda miriam moira molly mona myra nadia nancy naomi natalie "
        "nell nellie nina nora noor nova odette olga olive olivia opal ophelia paula pearl penelope penny "
        "petra phoebe pia polly priya rachel rania rapunzel rebecca rita robin rosa rosalind rosalie rose "
        "rosie rosita roxanne ruby ruth sabrina sadie sally samira sana sara sarah selma serena sheila sienna "
        "sofia sonia sophia sophie stella susan susie suzy sylvia tamara tania tess tessa thea tilly tina uma "
        "una ursula valentina vera veronica victoria viola violet wanda wendy willa winnie xiaoman yara "
        "yasmin yuki zara zelda zoe zola ming-mei aisha akiko amina anika annika hanna johanna lea mathilda "
        "frieda frida birgit sigrid signe solveig inge inga karin kristina kirsten katja katya anja tanya "
        "natasha olena oksana svetlana ludmila zofia agnieszka magda ewa giulia francesca giovanna rosalia "
        "carmela beatriz luisa ximena camila daniela gabriela valeria noemi chloé amélie juliette manon "
        "colette odile fatou mariam zainab khadija leyla aylin elif zeynep noura salma yasmine divya kavya "
        "neha pooja radha sita anjali mai linh thuy sakura yui haruka naoko sumi eun-ji min-ji ayo chidi "
        "ngozi adaeze wanjiru skye heather asha hana hanako keiko devi meera lakshmi nia zuri tala leilani "
        "marisol pilar paloma"
    ).split()
)
MALE_NAMES = frozenset(
    (
        "aaron abel adam adrian ahmed alan albert alec alex alexander alfred ali anders andre andrew angus "
        "anton anthony archie arlo arthur arun ash barnaby bart basil ben benjamin bernard bert bill billy "
        "bob bobby boris brendan brian bruno caleb calvin carl carlos casper cedric charles charlie chris "
        "christopher clem colin connor cyril dan daniel danny darius david dean dennis derek diego dmitri "
        "dominic donald douglas duncan dylan ed eddie edgar edmund edward eli elias elliot emil eric ernest "
        "ethan eugene evan ezra felix fergus finn florian francis frank franklin fred freddie frederick "
        "gabriel gary george gerald gideon gilbert giles glen gordon graham grant greg gregor gus gustav guy "
        "hamid hank hans harold harry harvey hassan hector henrik henry herbert herman hiro homer horace "
        "howard hugh hugo ian igor ilya isaac ivan ivor jack jacob jake james jamal jan jasper jason javier "
        "jay jeff jeremy jerome jim jimmy joe joel john johnny jon jonah jonas jonathan joseph josh joshua "
        "juan jules julian julius kai karl keith ken kenji kevin kit klaus kofi lars laurence leo leon "
        "leonard leroy lewis liam linus lionel louis lucas luca luis luke magnus malcolm marco marcus mario "
        "mark marlon martin marvin mateo matteo matt matthew maurice max maxwell michael miguel mikhail mike "
        "milo mohamed mort moses nathan ned neil nick nicholas nico nigel noah noel norman oleg oliver omar "
        "orlando oscar osman otis otto owen pablo paddy patrick paul pavel pedro percy perry pete peter "
        "philip pierre pip quentin rafael rafi rajesh ralph ramon rashid ravi ray raymond rex richard rick "
        "robert roderick roger roland roman ron rory ross rowan roy rudolf rufus rupert russell ryan sam "
        "samuel santiago sebastian serge seth shane sid silas simon sol stanley stefan stephen steve steven "
        "stuart sven takeshi ted teddy terence theo theodore thomas tim timmy timothy toby todd tom tomas "
        "tommy tony tristan umberto victor vikram vincent vladimir walter warren wilfred will william willie "
        "winston wolfgang xavier yuri yusuf zachary zack aladdin hansel pinocchio kwame arjun raj tariq idris "
        "amir jin hiroshi kenta taro lukas oskar viktor erik frederik mattias mathias matthias jens lasse "
        "nils olaf torben bjorn gunnar rolf jurgen dieter heinz wilhelm moritz jakob josef tobias elmar petr "
        "jiri tomasz marek piotr andrzej wojtek sergei alexei andrei nikolai vasily giorgio giovanni luigi "
        "paolo pietro enzo alessandro fernando ricardo eduardo joaquin andres jean jacques pascal etienne "
        "thierry antoine emile bastien mehmet emre kerem hasan ibrahim khalid karim samir bilal rahul rohan "
        "vijay sanjay anil deepak kwesi chinedu emeka tunde jomo thabo haruto ren sota yuto"
    ).split()
)
FEMALE_CHARACTERS = frozenset(
    ""
    "娜婷芳丽敏静秀娟英华慧巧美兰凤洁梅琳素云莲环雪荣爱妹霞香月莺媛艳瑞凡佳嘉琼勤珍贞莉桂娣叶璧璐娅琦晶妍茜秋珊莎锦黛青倩婉娴瑾颖露瑶怡"
    ""
    "婵雁蓓仪荷丹蓉眉君琴蕊薇菁梦岚苑婕馨瑗琰韵融园艺咏卿聪澜纯毓悦昭冰爽琬茗羽希宁欣飘育滢馥筠柔竹霭凝晓欢霄枫芸菲寒伊亚宜可姬舒影荔枝思丽花玉囡妮萱彤朵满杏苗"
    "豆甜娃"
)
MALE_CHARACTERS = frozenset(
    ""
    "川伟刚勇毅俊峰强军平保东文辉力明永健世广志义兴良海山仁波宁贵福生龙元全国胜学祥才发武新利清飞彬富顺信子杰涛昌成康星光天达安岩中茂进林有坚和彪博诚先敬震振壮"
    ""
    "会思群豪心邦承乐绍功松善厚庆磊民友裕河哲江超浩亮政谦亨奇固之轮翰朗伯宏言若鸣朋斌梁栋维启克伦翔旭鹏泽晨辰士以建家致树炎德行时泰盛雄琛钧冠策腾楠榕风航弘牛柱虎石铁根旺宝"
)
SURNAMES = frozenset(
    ""
    "王李张刘陈杨黄赵周吴徐孙马胡朱郭何罗高林郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢"
    ""
    "安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞"
    "姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝元花云"
)
DOUBLE_SURNAMES = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "东方",
    "慕容",
    "皇甫",
    "令狐",
    "司徒",
    "公孙",
    "夏侯",
    "尉迟",
    "长孙",
    "宇文",
    "南宫",
    "独孤",
)

CHINESE_NOT_NAMES = frozenset(
    (
        "小心 小时 小路 小说 小屋 小声 小学 小镇 小村 小河 小溪 小山 小船 小岛 小鸟 小鱼 小店 小气 小巷 小雨 "
        "小雪 小桥 小院 小手 小脸 小口 小偷 小孩 小时候 小狗 小猫 小伙 小子 小车 小路 小朋友 小花 小树 小草 "
        "小步 小姐 小妹 小弟 小家 小吃 小丑 小便 小溪 小小 小组 小腿 小队 小型 小事 小于 小看 小康 小票 小麦 "
        "小米粥 小区 小块 小跑 小道 老师 老人 老虎 老板 老家 老婆 老公 老头 老天 老是 老实 老鼠 老鹰 老大 "
        "老少 老友 老爷 老乡 老牛 老屋 老街 老树 老百姓 老早 老远 老太太 老爸 老妈 老马 老狗 老狼 阿姨 阿婆 "
        "阿公 阿爸 阿妈 大家 大人 大树 大海 大山 大风 大雨 大雪 大声 大门 大街 大地 大火 大哥 大姐 大王 大夫 "
        "大概 大约 大多 大学 大笑 大喊 大叫 大爷 大叔 大伯 大妈 大娘 大婶 大臣 大象 大河 大桥 大口 大步 大片 "
        "大半 大批 天天 人人 慢慢 常常 渐渐 悄悄 静静 星星 爷爷 奶奶 爸爸 妈妈 哥哥 弟弟 姐姐 妹妹 叔叔 伯伯 "
        "舅舅 姑姑 婶婶 太太 宝宝 娃娃 猩猩 蝈蝈 蛐蛐 轻轻 紧紧 深深 高高 远远 久久 偷偷 默默 刚刚 仅仅 匆匆 "
        "纷纷 往往 家家 时时 处处 白白 明明 连连 看看 想想 听听 说说 试试 走走 笑笑 个个 片片 条条 缓缓 稳稳 "
        "牢牢 狠狠 呆呆 恰恰 偏偏 统统 高兴 高大 高声 高山 高处 高中 高考 高楼 高空 白天 白云 白雪 白色 白发 "
        "黄色 黄昏 黄金 黄牛 金色 金币 金子 金黄 马上 马路 马车 马儿 马蹄 石头 石块 石桥 石阶 石板 石子 石碑 "
        "江边 江水 江南 江湖 江上 林子 林中 林间 林边 林里 田野 田里 田间 夏天 夏夜 夏日 夏季 秋天 冬天 时候 "
        "时间 时光 时常 时而 和平 和气 和睦 和善 方向 方法 方便 方才 平时 平静 平常 安静 安全 安慰 安心 安详 "
        "成功 成为 成了 成千上万 明天 明白 明亮 明月 文字 文章 任何 任务 温暖 温柔 温和 温度 连忙 连夜 关上 "
        "关心 关于 关门 关系 常年 常常 万一 万里 万物 万分 古老 古代 古时候 古城 古树 古怪 于是 于今 何时 "
        "何处 何况 许多 许久 云朵 云彩 云雾 云端 花朵 花园 花瓣 花香 花儿 花丛 全身 全部 全家 全村 全国 应该 "
        "应当 应声 路上 路边 路过 路灯 路人 路口 车站 车厢 车子 车票 冷风 冷冷 冷清 师父 师傅 师徒 宫殿 宫里 "
        "边上 边境 包括 包袱 包子 包裹 毛衣 毛笔 钱包 钱财 章鱼 童年 童话 童话书 单独 单纯 阳光 阳台 阳春 "
        "农夫 农民 农田 农家 司机 胡子 胡同 胡乱 胡说 雷声 雷雨 雷电 龙王 龙宫 谢谢 严肃 严厉 严重 康复 游泳 "
        "游戏 游客 向前 向着 向来 牛奶 牛羊 熊猫 叶子 叶片 丁香 沙漠 沙滩 沙子 米饭 卫兵 卫生 左右 左手 左边 "
        "欧洲 白马 黎明 程度 程序 孔雀 兰花 兰草 梅花 梅雨 桂花 桂树 柳树 柳条 松树 房子 房间 房屋 房顶 尚未 "
        "尚且 全力 元宵 元旦 池塘 池水 景色 景象 席子 商店 商人 商量 查看 明显 解释 解开 简单 管理 管家 符合 "
        "解放 曲子 盛开 盛夏 阮 游来 焦急 焦虑 温顺 温泉 申请 符号 宁静 宁愿 尤其 边走边 单位 丛林 晏 和尚 "
        "卓越 郎中 苗条 苗圃 武士 武功 武器 武将 戴着 戴上 戴红 戴一 安排 安顿 安家 康健 文静 文人 钟声 钟表 "
        "钟楼 钟头 陶罐 陶器 陶醉 金鱼 金光 贺卡 祝福 祝贺 包围 乔装 庄稼 庄园 时分 时代 时刻 白兔 白鸽 白纸 "
        "白裙 黄豆 黄土 黄沙 黄河 长江 长城 毕业 毕竟 高原 高峰 高手 高烧 高高兴兴 高个 小花猫 大灰狼 小白兔 "
        "小狐狸 小兔子 小伙子 小姑娘 小男孩 小女孩 小家伙 小伙伴 小木屋 小精灵 老奶奶 老爷爷 老先生 老婆婆 "
        "夏令营 夏威夷 秦岭 泰山 燕子 凌晨 凌乱 甘甜 甘心 甘草 房东 康乐 纪念 纪律 项目 项链 左边 单车 舒服 "
        "舒适 舒展 温室 温馨 管道 管子 解决 柴火 柴房 施工 施展 于心 成长 成绩 成年 成群 成熟 成立 成员 "
        "成群结队 解脱 凌空 曾经 曾孙 尽管 喜欢 池边 金箍棒 雷鸣 雷达 云海 云层 夏末 秋末 阿弥陀佛 小虫 "
        "小溪边 小动物 小种子 小溪水 老人家 老家伙 大自然 大伙 大伙儿 大地 小天地 大眼睛 大部分 小部分 "
        "高兴地 大清早 老伴 老伴儿 大雁 小腿 小贩 老农 老汉 老翁 老伯 小二 小厮"
    ).split()
)

NOT_NAMES = frozenset(
    (
        "a about above across after again against ah alas all almost alone along already also although "
        "always am among an and another any anyone anything are around as aside at away back be because been "
        "before behind below beneath beside besides best better between beyond big both but by can cold come "
        "could dark day days dear deep did do does down during each early either else even evening ever "
        "every everybody everyone everything everywhere exactly except far fear few finally first five for "
        "forever forward four from full gently go god good goodbye great had half happy hardly has have "
        "having he hello help her here hers herself hey hi high him himself his home how however hundreds "
        "hurry i if in indeed inside instead into is it its itself just keep kind last late later least left "
        "less let like listen little long look lots love luckily many may maybe me meanwhile might mine "
        "miles more morning most much must my myself near nearby nearly neither never new next night no "
        "nobody none nor not nothing now nowhere of off oh okay old on once one ones only onto or other "
        "others our out outside over own past people perhaps please poor quick quickly quiet quietly rather "
        "really right round sadly same second see several shall she should silence silently simply since six "
        "slowly so softly some somebody somehow someone something sometimes somewhere soon sorry still stop "
        "straight strange such suddenly sure ten than thank thanks that the their theirs them themselves "
        "then there therefore these they thing things third this those though three through throughout thus "
        "time to today together tomorrow tonight too toward towards two under underneath unfortunately "
        "unless until up upon us very wait warm was we welcome well were what whatever when whenever where "
        "wherever whether which while who whoever whole whom whose why wide will with within without "
        "wonderful word words would yes yesterday yet you young your yours yourself monday tuesday wednesday "
        "thursday friday saturday sunday january february march april may june july august september october "
        "november december english french chinese german spanish italian american british indian christmas "
        "easter halloween spring summer autumn winter north south east west northern southern eastern "
        "western europe asia africa america china england france germany italy spain japan india russia "
        "earth moon sun mars london paris mr mrs ms miss dr sir madam lady lord captain king queen prince "
        "princess professor uncle aunt father mother grandma grandpa grandmother grandfather mom mum dad "
        "mama papa doctor general colonel major sergeant saint brother sister chapter part end title story "
        "once nobody's everyone's let's it's that's there's he's she's i'm i'd i'll i've we're we'd we'll "
        "you're they're what's who's don't didn't ocean tv ok usa uk gpa suv am pm bc ad ce iphone "
        "everybody's whatever's half-way behind heaven hell peace"
    ).split()
)
TITLES_OF_MEN = frozenset(
    (
        "mr sir lord king prince uncle father grandpa grandfather brother mister dad master duke count emperor monk"
    ).split()
)
TITLES_OF_WOMEN = frozenset(
    (
        "mrs ms miss lady queen princess aunt mother grandma grandmother sister madam madame mum mom granny "
        "duchess countess auntie nurse dame"
    ).split()
)
OTHER_TITLES = frozenset(
    (
        "dr doctor professor old little young saint officer detective agent chef coach judge teacher big poor "
        "pilot commander"
    ).split()
)

NAME_WORDS = frozenset(
    (
        "april may june july august spring summer autumn winter sun moon wind sea sky night day river mountain earth "
        "star rain snow ocean north storm misty dawn forest frost mist fog brook lake meadow field hill stone clay "
        "sunny sandy rocky stormy windy rainy snowy cloud breeze thunder sunshine hope joy faith grace"
    ).split()
)
"""English words of nature, time and weather that are people's names as well: how they are used decides."""

MASS_NOUNS = frozenset(
    (
        "smoke darkness silence laughter music dust steam ash ashes sand ice sleep fear anger hunger tears sweat blood "
        "water light shadows shadow courage sorrow sadness happiness kindness loneliness trouble danger news help luck "
        "magic food dinner lunch breakfast school church weeks months years hours minutes footsteps voices "
        "leaves waves people children men women boys girls birds trees houses love life work money gold silver "
        "summertime wintertime moonlight sunlight daylight heat warmth cold mud dirt grass moss steam rumour honey "
        "curiosity patience pride shame grief guilt panic excitement thirst pain"
    ).split()
)
"""What begins a sentence without an article and is nobody."""

ONLY_NATURE_DOES = frozenset(
    (
        "filled fills fell falls fall came comes began begins started starts stopped stops ended ends passed passes "
        "covered covers drummed drums beat beats broke breaks rolled rolls swept sweeps lay lies hung hangs blew blows "
        "howled turned turns grew grows rose rises set sets shone shines went goes returned returns followed "
        "follows approached gathered gathers poured pours pounded lashed pattered arrived arrives melted melts buried "
        "soaked drifted settled swirled streamed dripped washed tapped rattled brought brings had has was is were are "
        "clouds showers festival morning evening night day drops fields flowers light shook filled fills hid hides "
        "held holds left leaves kept keeps stayed ran runs flooded swallowed wrapped thundered filled struck hit "
        "seemed and or in on over at from after before until to will would could might can"
    ).split()
)
"""After such a word, these say nothing of a person: 'Rain fell', 'Summer was over', 'Storm clouds'."""

NATURE_CHARACTERS = "雨雪风云雷月星阳晨春夏秋冬晴霜露冰虹海山河江川溪林森草花叶朵树竹梅兰菊桃杏荷莲松柏石沙米麦豆果雾"
"""Of Chinese names that are words of weather, time, season and nature as well: 小雨, 晨晨, 春生, 雪儿."""

NAMES_AND_WORDS = frozenset("明月 夏天 春天 秋天 冬天 黎明 大山 大海 大江 大川 星星 天天 明明 白雪 白云 文静".split())
"""Further words that are names where they are used as such."""
