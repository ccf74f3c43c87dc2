"""Words of pictures, toys, carvings, dreams and tales: what they are of is not there."""

PICTURES = frozenset(
    (
        "portrait portraits picture pictures painting paintings photograph photographs photo photos drawing drawings "
        "statue statues sculpture sketch sketches mural poster posters carving carvings image images figure figurine "
        "figurines cartoon mask masks costume toy toys puppet puppets doll model models tattoo silhouette bust "
        "postcard postcards tapestry print prints outline shape shapes shadow-puppet reflection"
    ).split()
)
TOLD = frozenset(
    (
        "story stories tale tales song songs poem poems book books film films legend legends play rhyme joke jokes "
        "cartoon movie movies fable fables riddle lesson documentary programme"
    ).split()
)
DREAMT = frozenset("dream dreams dreamt dreamed dreaming nightmare nightmares".split())
MADE = frozenset(
    (
        "painted paints painting drew draws drawing sketched sketches carved carves carving whittled whittles sewed "
        "sewn sews knitted knits crocheted embroidered embroiders stitched folded folds folding moulded molded "
        "sculpted cut cuts modelled modeled traced printed scratched chalked doodled etched engraved coloured drawn"
    ).split()
)
"""Verbs whose object is a picture or a piece of handiwork."""
MATERIALS = frozenset(
    (
        "paper cardboard wooden wood toy stuffed plush knitted clay stone bronze marble porcelain china plastic felt "
        "tin carved painted embroidered wind-up clockwork origami rubber chocolate gingerbread inflatable ceramic wax "
        "woolen woollen cloth rag straw cotton copper brass pine birch oak boxes cardboard-box metal iron jade soap "
        "plasticine play-dough marzipan sugar ice wire sand woven sewn printed drawn imaginary rocking teddy lego"
    ).split()
)
ARTEFACTS = frozenset(
    (
        "kite kites statue statues mask masks costume costumes puppet puppets lantern lanterns toy toys doll dolls "
        "figurine figurines sticker stickers balloon balloons cookie cookies biscuit biscuits mug pyjamas pajamas "
        "sculpture drawing drawings picture pictures painting carving dance mural tattoo emblem flag banner badge "
        "suit puzzle slippers story stories song book boat boats lamp pendant brooch stamp sign skin fur"
    ).split()
)
"""After an animal's noun, these are what it really is: a dragon kite."""
SURFACES = frozenset(
    (
        "flag banner kite kites sail page pages cover shirt t-shirt sweater jumper stamp coin coins poster sign mural "
        "lunchbox mug sleeve sleeves shield label painting picture photograph photo drawing portrait screen tattoo "
        "card cards ticket envelope postcard wallpaper book-cover fan scroll jersey backpack lantern television tv "
        "calendar badge tapestry billboard label emblem apron"
    ).split()
)
"""What a picture of somebody is on; nobody sits on these."""
MADE_OF = frozenset(
    "blanket carpet rug curtain plate cup bowl quilt pillow box lid door wall carousel carousels".split()
)
"""What has pictures on it and may be sat on as well: only 'had a whale on it' says that it is a picture."""

MATERIALS_ZH = tuple(
    (
        "木头 木 泥 纸 布 石头 石 铜 玩具 玩偶 毛绒 糖 面 瓷 塑料 剪纸 皮影 铁 陶 玉 绒布 "
        "毛线 折纸 橡皮泥 积木 巧克力 充气 稻草"
    ).split()
)
ARTEFACTS_ZH = tuple(
    (
        "风筝 面具 玩具 玩偶 雕像 塑像 画像 照片 图案 灯笼 剪纸 木雕 石雕 头像 贴纸 邮票 积木 "
        "布偶 木偶 花灯 睡衣 饼干 气球 模型 拼图 枕头 抱枕 故事 传说 像 灯 帽子 图 舞"
    ).split()
)
