"""Nouns of places."""

from soundstage.models.story import PlaceKind

PLACES: dict[PlaceKind, str] = {
    "sea": (
        "sea ocean open_sea high_seas deck aboard underwater seabed ocean_floor sea_floor coral_reef reef "
        "deep_sea waves atlantic pacific submarine sailing_ship 大海 海洋 海 海面 海上 海底 海水 "
        "海浪 甲板 深海 大洋 海中 海里 珊瑚礁 波涛 潜水艇 东海 南海 龙宫"
    ),
    "shore": (


                "sea_wall seawall promenade boardwalk bay lagoon sand mudflats shore beach coast seaside "
                "seashore sand_dunes dunes sands cliff cliffs tideline cove island isle islands sandbank "
                "headland waterline coastline 海边 海岸 沙滩 海滩 岸边 海滨 悬崖边 礁石 小岛 岛 岛上 孤岛 "
                "荒岛 海湾 滩涂 海岛"


    ),
    "lake": (
        "lake pond pool lakeside loch reservoir lakeshore duck_pond lily_pond swimming_pool tarn 湖 湖边 "
        "湖水 湖面 湖畔 池塘 水塘 池子 水池 荷塘 鱼塘 潭 深潭 西湖 湖泊 泳池 游泳池 水库 湖心 池边 塘边 潭边"
    ),
    "river": (
        "river stream brook creek riverbank waterfall rapids ford canal ditch riverside ravine gorge "
        "river_bank rivulet 河 河边 小河 河水 河岸 河流 溪 小溪 溪边 溪水 江 江边 江水 大河 江面 河面 河里 "
        "河畔 瀑布 渡口 峡谷 山涧 江上 运河 水渠 长江 黄河 江岸 小溪边 河滩"
    ),
    "forest": (
        "forest wood woods woodland jungle grove clearing glade thicket rainforest trees treetops "
        "bamboo_grove pine_forest undergrowth copse bushes hedge tree_trunk hollow_tree swamp marsh bog "
        "wilderness orchard_wood 森林 树林 林子 林间 丛林 竹林 松林 树丛 林中 密林 雨林 小树林 "
        "树上 枫林 桃林 灌木丛 沼泽 山林 老林 林地 树洞 白桦林"
    ),
    "mountain": (
        "mountain mountains peak summit hilltop hill hills mountainside ridge slope slopes volcano glacier "
        "alps cliff_top the_pass mountain_pass mountain_path mountain_top foothills hillside crag crater snowfield "
        "snowy_peaks himalayas everest 山 大山 高山 山顶 山上 山坡 山脚 山腰 山峰 雪山 山路 山谷 悬崖 山里 "
        "火山 峰顶 山头 山岭 冰川 雪峰 山间 山下 山中 深山 小山 小山坡 半山腰 山脊 岭上 山崖 太行山 泰山 "
        "昆仑山 花果山 华山 黄山 崖边 山口 土坡"
    ),
    "field": (
        "field fields meadow meadows pasture prairie farmland farm cornfield wheat_field rice_field paddy "
        "grassland vineyard orchard farmyard barnyard haystack plough pastures steppe savannah savanna "
        "sports_field playing_field football_pitch pitch training_ground rice_paddy battlefield valley "
        "stadium 田野 田 田里 田间 麦田 稻田 草地 草原 牧场 农田 原野 田埂 果园 农场 庄稼地 地里 草丛 菜地 "
        "玉米地 战场 沙场 操场 球场 足球场 葡萄园 葡萄架 苹果园 田地 野地 草坪 山野 旷野 苗圃 瓜田 跑道 "
        "体育场 麦地 油菜地 油菜花田 草场"
    ),
    "desert": (
        "desert dune wasteland oasis sahara gobi outback badlands salt_flat 沙漠 戈壁 荒漠 大漠 沙丘 绿洲 "
        "荒原 塔克拉玛干 黄沙"
    ),
    "village": (
        "village hamlet countryside settlement cottage_row village_square farmhouse_yard country_town "
        "small_town town_square village_green homestead fishing_village 村庄 村子 村 山村 小村 村里 乡下 "
        "农村 村口 乡村 渔村 寨子 小镇 镇 镇上 老家 故乡 家乡 屯子 村头 村外 小山村 小渔村 镇子 古镇 水乡 "
        "城寨 部落"
    ),
    "city": (
        "city town metropolis downtown skyline skyscraper skyscrapers rooftops capital suburb "
        "city_square london paris new_york tokyo beijing shanghai hong_kong chicago berlin rome venice "
        "boston city_centre city_center town_centre big_city 城市 都市 城里 京城 城 大城市 高楼 摩天楼 "
        "天台 楼顶 北京 上海 广州 深圳 长安 香港 南京 杭州 成都 省城 县城 城中 都城 首都 市区 市中心 "
        "大厦 城区 天津 重庆 武汉 西安 苏州 广场 洛阳 纽约 伦敦 巴黎 邯郸 城内"
    ),
    "street": (
        "street streets alley alleyway avenue boulevard sidewalk pavement crosswalk corner_shop "
        "bus_stop parking_lot cobblestones shopfront back_street side_street crossroads doorstep gutter curb "
        "traffic_lights bus taxi_rank playground 街 街道 街上 大街 小巷 巷子 胡同 马路 街头 巷口 弄堂 人行道 "
        "路口 街角 公交站 车站牌 大街上 小街 长街 斑马线 公交车 街边 街巷 老街 步行街 十字路口 停车场 路灯下 "
        "屋檐下 巷 游乐场"
    ),
    "garden": (
        "garden gardens park courtyard backyard yard greenhouse flowerbed flower_bed lawn terrace patio "
        "rose_garden porch vegetable_patch vegetable_garden botanical_garden zoo garden_bench balcony "
        "playground_park graveyard cemetery churchyard 花园 院子 公园 庭院 后院 园子 院 院里 前院 菜园 温室 "
        "小院 阳台 御花园 院落 天井 动物园 植物园 花坛 院墙 墓地 坟前 花圃 四合院 门前 家门口 葡萄藤下 "
        "后花园 花丛"
    ),
    "castle": (
        "castle palace fortress tower battlements drawbridge "
        "keep_tower citadel royal_court temple monastery pagoda pyramid court shrine "
        "cathedral church abbey mosque chapel 城堡 宫殿 皇宫 王宫 宫 宫里 塔楼 城墙 高塔 要塞 宫廷 朝廷 "
        "寺庙 庙 庙里 寺 古寺 道观 神庙 教堂 金字塔 宝塔 城门 城楼 皇城 祠堂 破庙"
    ),
    "lighthouse": "lighthouse light_house lighthouse_tower 灯塔 灯塔里 塔 塔顶 塔上",
    "harbour": (
        "harbour harbor port dock docks pier quay wharf jetty marina shipyard boatyard 港口 码头 港湾 海港 "
        "渔港 船坞 栈桥 港"
    ),
    "bridge": (
        "bridge footbridge overpass viaduct stone_bridge rope_bridge 桥 大桥 小桥 石桥 木桥 桥上 独木桥 桥头 "
        "拱桥 天桥 桥下 桥边 断桥 吊桥 铁桥"
    ),
    "cave": (
        "cave cavern tunnel den burrow mine grotto lair cellar_vault tomb underground mineshaft mouse_hole "
        "rabbit_hole pit well crypt catacombs 山洞 洞 洞穴 洞里 地洞 隧道 矿井 岩洞 古墓 洞口 墓室 巢穴 "
        "水帘洞 洞窟 石窟 地道 井底 井 枯井 井里 井边 窑洞 狐狸洞 兔子洞 老鼠洞 矿坑 溶洞"
    ),
    "sky": (
        "sky skies clouds airship hot_air_balloon heavens mid-air midair cloud_tops aeroplane airplane plane "
        "cockpit 天空 天上 云端 云朵 云海 空中 云里 半空 云上 云层 飞机上 飞机 天宫 南天门 蓝天 云彩 热气球 "
        "高空 半空中"
    ),
    "space": (

            "capsule cargo_bay starship_corridor from_orbit lunar_base moon_colony 空间舱 返回舱 space "
            "outer_space spaceship spacecraft starship moon_base orbit planet mars space_station galaxy "
            "asteroid cosmos lunar_surface the_void universe spacewalk airlock jupiter saturn venus_surface "
            "moonscape bridge_of_the_ship engine_room 太空 宇宙 飞船 宇宙飞船 星球 火星 月球 空间站 星系 "
            "银河 轨道 行星 太空舱 月宫 星际 外太空 舱外 驾驶舱 太空站 船舱外 木星 土星 舱内 月球上"

    ),
    "road": (

            "放学路上 上学路上 回家路上 road path trail highway track roadside footpath way_home motorway "
            "country_road dirt_road railway_line route country_lane lane pathway milestone mountain_road "
            "forest_path 路 路上 小路 大路 公路 小道 路边 道路 山道 途中 路旁 半路 田间小路 土路 乡间小路 "
            "大道 沿途 官道 马路边 古道 岔路口 回家的路 高速公路 驿道 路途 归途"

    ),
    "home": (
        "home house cottage hut cabin living_room fireside fireplace parlour apartment flat room shed lodge "
        "farmhouse hearth sofa couch front_room sitting_room attic tent cellar igloo mansion bungalow "
        "treehouse dining_room doghouse hall basement garage study_room villa armchair front_hall manor "
        "shack household barn stable caravan nest houseboat 家 家里 屋 屋里 屋子 房子 小屋 木屋 小木屋 客厅 "
        "茅屋 房间 房里 家中 炉边 公寓 茅草屋 草屋 老屋 阁楼 地下室 屋内 帐篷 书房 堂屋 炕上 火炉边 房屋 "
        "沙发 老宅 家门 饭桌 窝 窝里 地窖 谷仓 马厩 别墅 柴房 堂前 餐桌 餐厅 蒙古包 雪屋 老房子 壁炉 瓦房 "
        "土屋 火塘 小房子 鸟巢 鸡窝 石屋 竹楼"
    ),
    "kitchen": (
        "kitchen stove pantry oven kitchen_table scullery bakery 厨房 灶台 灶边 灶前 灶房 后厨 炉灶 灶 "
        "面包房 面包店 烤箱"
    ),
    "bedroom": (
        "bedroom bed bunk nursery bedside bedchamber dormitory ward hospital_bed sickbed pillow blanket_fort "
        "hotel_room hospital hospital_ward crib cradle 卧室 床 床上 床边 床头 被窝 病房 宿舍 病床 睡房 寝宫 "
        "摇篮 被子里 医院 炕头 枕边 寝室 床铺"
    ),
    "classroom": (

            "教学楼 宿舍楼下 校门 school_gate schoolyard classroom school schoolroom lecture_hall blackboard "
            "kindergarten classrooms exam_hall schoolhouse university college campus 教室 学校 课堂 学堂 "
            "私塾 幼儿园 校园 黑板 讲台 考场 大学 中学 小学 班里 班上 书院 阶梯教室 校门口 课桌 考室"

    ),
    "library": (
        "library bookshop bookstore reading_room archive bookshelf bookshelves archives bookcase 图书馆 书店 "
        "藏书阁 书架 阅览室 书屋 档案室 藏经阁 图书室 旧书店"
    ),
    "workshop": (
        "workshop forge smithy workbench studio laboratory lab factory mill foundry blacksmith_shop "
        "garage_workshop clockmaker_shop repair_shop toolshed watermill windmill bakehouse pottery 作坊 工坊 "
        "铁匠铺 工作室 实验室 工厂 车间 磨坊 画室 染坊 木匠铺 修理铺 修表铺 钟表店 钟表铺 裁缝铺 药铺 工作台 "
        "风车 机房 窑 陶坊 豆腐坊"
    ),
    "market": (
        "market marketplace bazaar stall stalls fair square shop store supermarket bakery_shop toy_shop "
        "shop_window grocery night_market carnival circus mall flea_market florist pet_shop 市场 集市 市集 "
        "菜市场 店 商店 小店 铺子 庙会 摊位 超市 集 夜市 小摊 摊子 店铺 杂货铺 花店 商场 店里 便利店 早市 "
        "马戏团 货摊 集市上 小卖部 灯会 玩具店 水果摊 当铺"
    ),
    "station": (
        "station platform railway_station train_station bus_station airport subway metro train carriage "
        "waiting_room underground_station railway_carriage subway_car train_carriage compartment "
        "departure_hall terminal tram ticket_office 车站 火车站 月台 站台 地铁站 机场 候车室 火车上 车厢 "
        "地铁 地铁上 列车 火车 高铁 候机厅 汽车站 电车 候车厅 列车上 终点站 起点站 总站"
    ),
    "interior": (
        "throne_room great_hall ballroom dungeon lantern_room weather_station courtroom_of_the_king chamber pew "
        "hayloft belfry bell_tower_room "
        "noodle_shop noodle_bar dumpling_shop "
        "office corridor cafe café restaurant tavern inn pub theatre theater museum gallery hotel elevator "
        "bank waiting_hall stage concert_hall cinema courtroom prison jail cell clinic gym staircase stairs "
        "lobby hallway canteen diner bar teahouse coffee_shop cafeteria operating_room inside_the_clock "
        "meeting_room police_station car_interior lift landing stairwell control_room newsroom post_office "
        "backstage dressing_room 面馆 饭馆 小吃店 火锅店 "
        "办公室 走廊 茶馆 咖啡馆 饭店 酒店 客栈 餐馆 戏院 博物馆 电影院 监狱 剧院 "
        "舞台 大厅 楼梯 电梯 诊所 酒馆 医馆 酒楼 美术馆 咖啡店 食堂 法庭 银行 邮局 楼道 体育馆 会议室 派出所 "
        "旅馆 礼堂 音乐厅 衙门 茶楼 病房外 展厅 酒吧 网吧 控制室 台上 大殿 御书房 大雄宝殿 地牢 牢房 气象站 "
        "急诊室 手术室 当铺里 舞厅 府上 府中"
    ),
    "plain": "",
}  # fmt: skip

INDOORS: frozenset[PlaceKind] = frozenset(
    {"home", "kitchen", "bedroom", "classroom", "library", "workshop", "interior"}
)

ROOMS_OF: dict[PlaceKind, frozenset[PlaceKind]] = {
    "home": frozenset({"kitchen", "bedroom", "interior"}),
    "kitchen": frozenset({"home", "bedroom"}),
    "bedroom": frozenset({"home", "kitchen"}),
    "castle": frozenset({"bedroom", "kitchen", "library", "interior"}),
    "lighthouse": frozenset({"bedroom", "kitchen", "home"}),
}
"""Where one is still when one goes from there into that."""

FURNITURE = frozenset(
    (
        "bed workbench bookshelf bookshelves stairs staircase stove oven fireplace fireside hearth "
        "blackboard pillow bedside bunk sofa couch armchair stage stall corridor hallway lift elevator "
        "landing stairwell crib cradle kitchen_table 床 床上 床边 床头 被窝 炕上 炕头 枕边 书架 楼梯 楼道 "
        "灶台 灶边 灶前 沙发 壁炉 火炉边 炉边 黑板 讲台 课桌 工作台 台上 餐桌 饭桌 电梯 走廊 摇篮 被子里 "
        "病床 床铺 舞台 大厅 hall"
    ).split()
)
"""Where in a room one is: no place of its own."""

GENERIC_PLACES = frozenset(
    "home house room 家 家里 家中 屋 屋里 屋内 房间 房子 房里 店 店里 小店 铺子 shop store 窝 窝里 hall door".split()
)
"""Words for whatever place one is in already."""

GENERIC_IN: frozenset[PlaceKind] = frozenset({"castle", "lighthouse", "cave", "space", "market", "station"})

CHINESE_HEADS: dict[str, PlaceKind] = {
    "海": "sea", "岛": "shore", "滩": "shore", "湖": "lake", "塘": "lake", "潭": "lake", "池": "lake", "河": "river",
    "江": "river", "溪": "river", "林": "forest", "山": "mountain", "峰": "mountain", "岭": "mountain",
    "崖": "mountain",
    "坡": "mountain", "田": "field", "村": "village", "镇": "village", "寨": "village", "城": "city", "街": "street",
    "巷": "street", "园": "garden", "院": "garden", "宫": "castle", "殿": "castle", "寺": "castle", "庙": "castle",
    "堡": "castle", "港": "harbour", "码头": "harbour", "桥": "bridge", "洞": "cave", "星球": "space", "路": "road",
    "屋": "home", "房": "home", "馆": "interior", "店": "market", "铺": "market", "站": "station", "教室": "classroom",
    "学校": "classroom", "小学": "classroom", "中学": "classroom", "大学": "classroom", "厅": "interior", "楼": "city",
}  # fmt: skip
"""Last characters of Chinese names of places that are in no table: 桃花村, 青石巷."""

NOT_PLACES = frozenset(
    (
        "上海人 江湖 大师 火山灰 心田 医生 学生 市长 村长 镇长 院长 馆长 站长 店长 山羊 海绵 海鸥 海豚 海豹 "
        "河马 海盗 江南春 台风 田螺 林子里 道路 思路 出路 让路 带路 迷路 走路 上路 赶路 问路 引路 一路 公路 "
        "养路 心房 厂房 病房费 票房 车站牌 文房 江山 满江 车站 火星 星星 明星 桂林 园林 名店 泉水 衣橱 "
        "天文馆 院士 书院 医院 学院 法院 影院 剧院 电影院 剧院"
    ).split()
)
"""What ends like a place and is none, or is one of the tables already."""
