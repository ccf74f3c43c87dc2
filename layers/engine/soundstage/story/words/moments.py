"""Words of time of day, weather and season."""

from soundstage.models.story import Season, TimeOfDay, Weather

TIMES: dict[TimeOfDay, str] = {
    "dawn": (

            "sun_come_up sun_coming_up sun_rise sunup dawn sunrise daybreak first_light break_of_day "
            "cockcrow sun_rose sun_came_up sun_was_rising rising_sun early_morning crack_of_dawn "
            "before_sunrise at_first_light sun_rises sun_comes_up rooster_crowed 黎明 清晨 拂晓 天亮 日出 "
            "破晓 天刚亮 凌晨 大清早 一大早 天蒙蒙亮 天还没亮 晨曦 朝阳 曙光 天色微明 鸡叫 太阳升起 太阳出来 "
            "旭日 蒙蒙亮 天一亮 天快亮 五更 清早 晨光"

    ),
    "morning": (
        "morning mornings forenoon breakfast breakfast_time this_morning after_breakfast morning_sun 早上 "
        "早晨 上午 早饭 早餐 晨间 晨跑 早读 早自习 吃早饭 今早"
    ),
    "noon": (
        "noon midday noonday lunchtime lunch_time high_noon twelve_o'clock lunch sun_was_high sun_stood_high "
        "中午 正午 午饭 午时 晌午 午餐 午间 当午 日头正毒 烈日当空 骄阳 烈日"
    ),
    "afternoon": "afternoon afternoons teatime tea_time after_school after_lunch 下午 午后 放学 放学后 午睡 放学路上",
    "dusk": (

            "sun_go_down sun_going_down dusk evening evenings sunset sundown twilight nightfall gloaming "
            "sun_went_down sun_set setting_sun sun_was_setting supper suppertime supper_time dinner_time "
            "dinnertime sun_sank sun_was_going_down sunset_hour eventide sun_sets lamplighting evening_sun "
            "傍晚 黄昏 夕阳 日落 晚霞 落日 天快黑 天黑了下来 天也黑了下来 天色暗了下来 天渐渐黑了 暮色 日暮 "
            "天色渐暗 太阳下山 太阳落山 晚饭 余晖 薄暮 夕照 "
            "天色暗 斜阳 残阳 掌灯时分 太阳西下 日头偏西 晚饭时分 太阳落下"

    ),
    "night": (

            "in_the_dark darkness_fell through_the_dark night_fell night-shift night nights midnight "
            "moonlight moonlit tonight starlight starry bedtime nighttime night-time all_night moonrise "
            "stars_came_out moon_rose full_moon stars_were_shining night_sky dead_of_night late_at_night "
            "last_night moon_shone moon_hung under_the_stars under_the_moon pitch_dark crescent_moon "
            "it_was_dark grew_dark dark_outside small_hours by_moonlight stars_shone stars_twinkled moonbeam "
            "after_dark the_moon_was moon_came_out milky_way northern_lights aurora 夜 夜里 夜晚 晚上 深夜 "
            "半夜 午夜 月光 月夜 星空 今晚 当晚 黑夜 夜色 一夜 夜深 月亮升起 三更半夜 三更 天黑 入夜 子夜 "
            "月亮 满天星 星光 繁星 夜幕 夜空 明月 月色 当夜 连夜 彻夜 除夕夜 圆月 弯月 夜半 那晚 每晚 漆黑 "
            "整夜 天黑了 今夜 昨夜 一轮明月 月牙 昨晚 夜市 夜班 晚自习 星夜 银河 极光 前夜 二更 夜间"

    ),
}  # fmt: skip

WEATHERS: dict[Weather, str] = {
    "clear": (

            "sky_was_clear sky_is_clear clouds_parted sky_was_blue sun_burst_through sunny sunshine sunlight "
            "sunlit cloudless blue_sky clear_sky bright_sun sun_shone sun_was_shining sun_came_out clear_day "
            "clear_night fine_day warm_sun fine_weather sun_beat_down blazing_sun hot_sun sun_burned sunbeam "
            "sun_blazed clear_blue skies_cleared sky_cleared weather_cleared cloudless_sky beautiful_day "
            "sunbeams sweltering scorching 晴 晴天 晴朗 阳光 蓝天 万里无云 阳光明媚 日光 艳阳 大太阳 天晴 "
            "放晴 雨过天晴 晴空 烈日 骄阳 风和日丽 阳光灿烂 太阳照 太阳火辣辣 碧空 晴空万里 天气很好 云开 "
            "炎热 酷热 烈日炎炎 秋高气爽 暖阳 太阳很大"

    ),
    "cloudy": (
        "cloudy overcast grey_sky gray_sky grey_skies gray_skies dark_clouds grey_clouds gloomy_sky "
        "leaden_sky low_clouds clouded_over clouds_gathered grey_morning gray_morning grey_day gray_day "
        "grey_afternoon gray_afternoon dull_day heavy_clouds black_clouds clouds_covered 阴天 多云 乌云 阴沉 "
        "阴云 天阴 灰蒙蒙 阴暗的天 乌云密布 阴沉沉 灰色的天空 云层很厚 天色阴"
    ),
    "rain": (
        "rain rains rainy raining rained drizzle drizzling drizzled shower showers downpour raindrops "
        "raindrop pouring rainwater rainstorm poured_with_rain pouring_rain "
        "monsoon wet_streets umbrellas 雨 下雨 大雨 细雨 小雨 雨水 雨点 雨夜 雨中 雨里 春雨 毛毛雨 倾盆大雨 "
        "雨滴 淋雨 雨天 雨季 冒雨 秋雨 夜雨 雨声 避雨 躲雨 雨丝 暴雨天 梅雨 瓢泼大雨 下着雨 下起雨 下起了雨 "
        "阵雨 淅淅沥沥 烟雨 雨幕 雨珠 连阴雨 雨越下越大 蒙蒙细雨 湿漉漉"
    ),
    "storm": (
        "storm storms stormy hail hailstones hailstorm 冰雹 thunder thunderstorm lightning tempest hurricane "
        "typhoon gale_and_rain "
        "thundered squall thunderclap thunderclouds cyclone storm_clouds 暴风雨 风暴 雷 雷声 闪电 暴雨 打雷 "
        "雷雨 狂风 台风 电闪雷鸣 雷电 狂风暴雨 雷鸣 惊雷 雷阵雨 狂风大作 巨浪 飓风 滚雷 霹雳"
    ),
    "snow": (
        "snow snows snowy snowing snowed snowfall blizzard snowflakes snowflake snowstorm sleet snowdrift "
        "snowdrifts snow-covered snowball snowballs snowbound snowbank 雪 下雪 大雪 雪花 雪地 暴风雪 积雪 "
        "风雪 白雪 雪夜 飘雪 小雪 雪天 雪堆 雪里 雪中 初雪 鹅毛大雪 冰天雪地 雪片 雪球 下起了雪 "
        "雪越下越大 雪野 雪原 飞雪"
    ),
    "fog": (
        "fog foggy mist misty haze hazy mists 雾 大雾 薄雾 浓雾 雾气 雾蒙蒙 晨雾 雾霾 迷雾 雾里 云雾 白雾 "
        "海雾 雾中 起雾"
    ),
    "wind": (
        "wind windy winds breeze gale gust gusts breezy blustery howling_wind windswept sandstorm whirlwind "
        "tornado 风 大风 微风 风声 刮风 北风 寒风 秋风 春风 海风 晚风 山风 凉风 狂风 风沙 沙尘暴 冷风 夜风 "
        "西北风 风吹 刮起 寒风刺骨 西风 东风 南风 旋风 轻风 清风"
    ),
}  # fmt: skip

WEAK_WEATHER = frozenset("微风 晚风 春风 凉风 清风 轻风 breeze 海风 山风 夜风 东风 南风".split())
"""Too light to make the trees bend; they count as wind only where nothing else is said."""

SEASONS: dict[Season, str] = {
    "spring": (
        "springtime spring_morning spring_day early_spring late_spring in_spring that_spring spring_came "
        "spring_arrived spring_returned spring_comes "
        "easter cherry_blossom cherry_blossoms spring_festival_of_flowers last_spring april march_winds "
        "every_spring spring_rain one_spring the_spring next_spring of_spring 春天 春季 春日 初春 早春 春 "
        "春雨 春风 暮春 樱花 桃花 清明 阳春 开春 三月 四月 春光 油菜花"
    ),
    "summer": (
        "summer summers midsummer summertime july august cicadas heatwave heat_wave 夏天 夏季 夏日 盛夏 夏 "
        "暑假 仲夏 蝉鸣 初夏 夏夜 炎夏 三伏天 蝉 酷暑 端午 七月 八月天 荷花"
    ),
    "autumn": (
        "autumn october november autumn_leaves fallen_leaves falling_leaves halloween harvest in_the_fall "
        "last_fall that_fall this_fall harvest_time red_leaves 秋天 秋季 秋日 深秋 秋 落叶 秋风 中秋 晚秋 "
        "初秋 秋收 枫叶 重阳 金秋 秋雨 红叶 九月九"
    ),
    "winter": (

            "雪山 雪峰 snow-capped winter winters wintry christmas christmas_eve january december frost "
            "frosty icy icicle icicles midwinter wintertime frozen new_year's_eve snowman 冬天 冬季 冬日 "
            "寒冬 隆冬 冬 除夕 腊月 冬夜 严冬 圣诞 圣诞节 寒假 初冬 数九寒天 结冰 冰天雪地 过年 大年三十 "
            "春节 冰雪 小年夜 冬至 霜"

    ),
}  # fmt: skip

TIME_JUMPS = (
    "the next day|next morning|the following|days later|weeks later|months later|years later|years "
    "passed|one day|the day after|that night|that evening|the next|years ago|year later|month later|week "
    "later|a year|one morning|one evening|one night|at last the day|when spring came|by morning|hours "
    "later|many "
    ""
    "years|(?<![最后每前整])一天|第二天|次日|隔天|后来|多年以后|多年后|几天后|几年后|一年后|三天后|过了几天|过了很久|第三天|第二年|有一天|这天|那天|那年|从那以后|许多年|很多年|转眼|一个月后|半年后|又过了|十年后|二十年后|没过多久|不久|翌日|当晚|那天晚上|第二天早上|一周后|过了一"
)
"""Regular expression, lower case: a new moment begins here."""
