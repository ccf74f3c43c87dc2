"""Which place a sentence is at: what it names, what is done there, and where one goes in and out."""

import re
from collections.abc import Sequence

from soundstage.models.story import PlaceKind
from soundstage.story.people.mentions import Read
from soundstage.story.staging.containment import BUILDINGS, STREETS
from soundstage.story.staging.enclosure import is_beside, is_inside
from soundstage.story.staging.locatives import PlaceSense, place_senses
from soundstage.story.staging.scene import Scene, Spot
from soundstage.story.words.moments import TIME_JUMPS
from soundstage.story.words.places import FURNITURE, GENERIC_IN, GENERIC_PLACES, INDOORS, ROOMS_OF

_JUMP = re.compile(TIME_JUMPS)
_OUT = re.compile(
    r"\b(?:went|stepped|ran|walked|came|rushed|hurried|crept|slipped|goes|steps|runs|walks|looked|go|step|run) "
    r"(?:back )?(?:outside|outdoors)\b|^outside\b(?!(?: ,)? (?:a|an|the|it|snow|rain|hail|wind)\b)|"
    r"\bout (?:into|in) the\b|"
    r"\bout of (?:the )?(?:house|door|room|cottage|hut|cabin|shop|school|gate)\b|"
    r"走出(?:家|屋|房|大)?门|出了门|出门|跑出(?:家|屋|房)?门?|来到(?:屋|门)外|走出(?:屋|房|家)|(?:来|走|跑)到(?:门|屋)外|屋外|户外"
)
_TOWER_STEPS = re.compile(
    r"\b(?:steps|stairs|staircase|ladder) (?:up )?(?:to|towards?) the (?:\w+ )?(?:lamp|light|lantern|beacon)\b|"
    r"[级层]?(?:台阶|楼梯|阶梯|石阶)[^。]{0,4}去?点(?:亮|燃)?(?:了)?(?:那盏|大)?灯"
)
"""Lamps that one climbs to are those of lighthouses."""
_LAMP_WORK = re.compile(
    r"\b(?:lit|lights?|relit|lighted|trimmed|trims|filled|fills|polished|polishes|tended|tends|cleaned|wound) "
    r"(?:it|(?:the|his|her|their) (?:\w+ )?(?:lamp|light|lantern|beacon|lens|wick))\b|"
    r"(?:点亮|点燃|点着|点上|擦|添|加)(?:了)?(?:那盏|大|塔上的)?(?:灯|它|油)"
)
_DRIVING = re.compile(
    r"\b(?:drove|drives|rode|cycled|set off|set out)\b|"
    r"\b(?:at|on|round|around|to) the (?:street )?corner\b(?! of)|"
    r"开车(?:去|送|带|回)|骑车(?:去|送|回)|上了路|走路回家|出发"
)
_TO_THE_DOOR = re.compile(
    r"\bcame (?:up )?to (?:the|her|his|their|our|my) (?:front )?door\b|来到(?:了)?(?:她|他)?(?:的)?(?:家)?门口"
)
"""Seen from outside, where a new day begins with it."""
_KITCHEN_WORK = re.compile(
    r"\b(?:knead(?:s|ed|ing)?|dough)\b|"
    r"\b(?:lit|lights|heated|opened|stoked|fed|filled|cleaned) "
    r"(?:up )?(?:the|her|his|their|my) (?:\w+ )?(?:oven|stove)\b|"
    r"\b(?:in|into|out of|from|on|onto|at|by|beside) (?:the|her|his|their|my) (?:\w+ )?(?:oven|stove|sink)\b|"
    r"\bwash(?:ed|es) (?:up\b|the dishes\b)|揉面|和面|擀面|[进出在](?:了)?(?:蒸笼|烤箱|烤炉)|灶[台前边]|洗碗|炒菜"
)
_ROOM_WORK = re.compile(
    r"\b(?:swept|scrubbed|mopped) (?:the|her|his) floor\b|"
    r"\b(?:lit|at|by|beside|in) (?:the|her|his|their) fireplace\b|扫地板|拖地|壁炉"
)
"""What is done within four walls, whatever place was named before."""
_AT_HOME = re.compile(
    r"\b(?:woke(?: up)?|got up|got out of bed|at breakfast|opened (?:the|her|his) (?:front )?door)\b|"
    r"[推打]开(?:了)?(?:房|家|大)?门|起床|醒来|睁开眼|吃早饭"
)
_IN = re.compile(
    r"\b(?:went|came|ran|hurried|stepped|walked|go|come|comes|goes) (?:back )?(?:inside|indoors)\b|^inside\b|"
    r"里面|塔内|屋内|进屋|进了屋|进门|回到屋|走进屋|进了门"
)
_INDOOR_HINT = re.compile(
    r"\b(?:at|on|round|around|under|from) (?:the|his|her|their|my|our) (?:\w+ )?"
    r"(?:table|desk|chair|fireplace|ceiling|sofa)\b|"
    r"\b(?:by|at|from|through|out of) (?:the|his|her|their|my|our|a) (?:\w+ )?window\b|\bindoors\b|"
    r"窗外|桌前|桌边|饭桌|桌上|墙上|窗帘|地板|天花板|窗前|窗边|窗台|灯下|台灯|炉火旁"
)
_BY_LAMP = re.compile(
    r"坐在(?:台)?灯下|坐在(?:书)?桌前|伏在桌上|\b(?:sat|sit|sits|sitting) (?:down )?at (?:my|his|her|the) desk\b"
)
_WINDOWED = re.compile(r"^outside\b.*\bwindows?\b")
_HOME = re.compile(
    r"\b(?:went|came|ran|walked|go|goes|hurried|got|returned|back|arrived|at|way) home\b|"
    r"\b(?:carry|carried|carries|take|takes|took|brings?|brought|leads?|led|drove|rode|helped|pulled|dragged) "
    r"(?:\w+ ){1,5}home\b|回家|回到家|到家|家里"
)
SHOPS = frozenset("shop store 店 商店 小店 铺子 店铺 超市".split())
BAKERIES = frozenset("bakery bakehouse 面包房 面包店".split())
_CAME_IN = re.compile(
    r"\b(?:came|walked|stepped|burst|hurried|ran|stumbled|strode|slipped|rushed) in"
    r"(?= (?:out of|from|with|and|wearing|carrying|shaking)\b| [,.;]|$)|"
    r"[走跑冲闯]了?进来|推门(?:而入|进来)|\b(?:behind|at|on|across|over) the counter\b|柜台"
)
"""What one sees from within a shop or a house."""
_SLEEPLESS = re.compile(
    r"\b(?:could not|couldn't|cannot|can't) (?:fall a)?sleep\b|\blay awake\b|\bwent to bed\b|"
    r"睡不着|失眠|上床睡觉|躺在床上"
)
_ON_THE_TRAIN = re.compile(
    r"\b(?:took|takes|caught|boarded|rode) (?:the|a) (?:\w+ )?(train|subway|tram)\b|"
    r"坐(?:着|上)?(地铁|火车|高铁)(?:去|回|到)"
)
_TOWER_TOP = re.compile(r"\btop of the (?:\w+ )?tower\b|塔顶|塔上")
PUBLIC = frozenset(
    {"station", "market", "street", "road", "city", "harbour", "bridge", "sea", "shore", "lake", "river"}
)
"""Where nobody wakes and opens a door of theirs."""
AT_WORK = frozenset({"library", "workshop", "classroom", "interior"})
_WITH_HOUSES = frozenset({"village", "city", "street", "road", "garden", "market", "harbour", "plain"})
NEARLY = 0.4
"""Of two places that are nearly as sure, the one named last is where the sentence ends up."""


def settlement_of(read: Read) -> Spot | None:
    """The village or city that a sentence speaks of as where it is, or as what its streets are of."""
    named = [
        s for s in place_senses(read) if s.kind in ("village", "city") and s.strength > 0 and s.name not in STREETS
    ]
    return (named[-1].kind, named[-1].name) if named else None


def entered_building(read: Read, now: Scene) -> Spot | None:
    """The building whose inside a scene is, as it is seen from outside."""
    if now.place != "interior":
        return None
    return next(
        ((s.kind, s.name) for s in place_senses(read) if s.kind in BUILDINGS and s.name == now.place_name), None
    )


def moves(now: Scene, place: tuple[PlaceKind, str]) -> bool:
    """'Home' in a kitchen is no other place."""
    kind, name = place
    if kind == now.place:
        return name[:1].isupper() and name != now.place_name
    if kind == "home" and now.place in ("market", "station") and name not in ("hall", "door", "room"):
        return True
    if name in GENERIC_PLACES and (now.place in INDOORS or now.place in GENERIC_IN):
        return False
    return not (kind == "home" and now.place in ROOMS_OF["home"])


def place_of(
    read: Read, now: Scene, outdoors: Spot | None, indoors: Spot | None, settlement: Spot | None
) -> Spot | None:
    senses = place_senses(read)
    unquoted = without_quotes(read)
    in_tower = now.place == "lighthouse" or _TOWER_TOP.search(unquoted)
    if _TOWER_STEPS.search(unquoted) or (in_tower and _LAMP_WORK.search(unquoted)):
        return "interior", now.place_name if now.place == "lighthouse" else _lighthouse(read)
    if (train := _ON_THE_TRAIN.search(unquoted)) is not None:
        return "station", train[1] or train[2]
    place = _plainly(read, senses, now, outdoors, indoors)
    if place is None:
        return None
    kind, name = place = _as_here(read, place, now)
    sense = next((s for s in senses if (s.kind, s.name) == place), None)
    if kind in BUILDINGS and sense is not None:
        if is_inside(read, sense.mark) or (_IN.search(without_quotes(read)) and not is_beside(read, sense.mark)):
            return "interior", name
        if now.place == "interior" and now.place_name == name and not is_beside(read, sense.mark):
            return None  # still inside
    if (kind in INDOORS or name in SHOPS) and sense is not None and is_beside(read, sense.mark):
        around = [s for s in senses if s.strength >= 2 and s.kind not in INDOORS and s is not sense]
        if around:
            return around[-1].kind, around[-1].name
        return (
            outdoors
            if outdoors is not None and now.place in INDOORS
            else ("street" if name in BAKERIES else outside_of(kind), "")
            if outdoors is None
            else None
        )
    if name.lower() in STREETS and (village := _village_of(senses, settlement)) is not None:
        return village
    return place


_BY_THE_RIVER = re.compile(
    r"\b(?:along|on|up|down|from|to|reached|climbed) (?:the|a|its) (?:\w+ )?banks?\b"
    r"(?!.*\b(?:money|teller|coins|account)\b)"
)
_DUNES = frozenset("dune dunes sand sands sand_dunes 沙丘 黄沙".split()) | {"sand dunes"}


def _as_here(read: Read, place: Spot, now: Scene) -> Spot:
    """Words that mean what is near: dunes of a desert, the bank of a river, 岸边 of a lake."""
    kind, name = place
    if name.lower() in _DUNES and now.place == "desert":
        return "desert", now.place_name
    if name in ("bank", "banks") and _BY_THE_RIVER.search(read.sentence.text.lower()):
        return (now.place, now.place_name) if now.place in ("river", "lake") else ("river", "")
    if kind == "station" and now.place == "space":
        return "space", now.place_name
    if name in ("岸边", "岸上", "shore") and now.place in ("river", "lake"):
        return now.place, now.place_name
    return kind, name


def _lighthouse(read: Read) -> str:
    return "lighthouse" if read.language == "en" else "灯塔"


def _village_of(senses: Sequence[PlaceSense], settlement: Spot | None) -> Spot | None:
    """The village whose street it is, if it is one's."""
    here = [s for s in senses if s.kind in ("village", "city") and s.name not in STREETS]
    if here:
        return ("village", here[-1].name) if here[-1].kind == "village" else None
    return settlement if settlement is not None and settlement[0] == "village" else None


def _plainly(
    read: Read, senses: Sequence[PlaceSense], now: Scene, outdoors: Spot | None, indoors: Spot | None
) -> Spot | None:
    sure = max((sense.strength for sense in senses), default=0.0)
    best: PlaceSense | None = None
    for sense in senses:
        if sense.strength > 0 and sense.strength >= sure - NEARLY:
            best = sense
    if (
        _HOME.search(without_quotes(read))
        and now.place not in INDOORS
        and (best is None or best.name in GENERIC_PLACES or _is_furniture(best.name))
    ):
        return "home", ""
    if best is not None and _is_furniture(best.name):
        around = [sense for sense in senses if sense.strength >= 1.5 and not _is_furniture(sense.name)]
        best = max(around, key=lambda sense: sense.strength, default=best)
    if (
        best is not None
        and _is_furniture(best.name)
        and best.kind != "bedroom"
        and (now.place in INDOORS or now.place in GENERIC_IN)
    ):
        best = None
    if best is not None and best.strength >= (1.0 if now.place == "plain" else 1.5):
        return best.kind, best.name
    unquoted = without_quotes(read)
    if now.place in _WITH_HOUSES:
        if _KITCHEN_WORK.search(unquoted):
            return "kitchen", ""
        if _ROOM_WORK.search(unquoted):
            return indoors or ("home", "")
    if _IN.search(unquoted) and now.place not in INDOORS:
        return indoors or ("home", "")
    if indoors is not None and now.place in _WITH_HOUSES - {"market"} and _CAME_IN.search(unquoted):
        return indoors
    new_day = now.jump or _JUMP.search(read.sentence.text.lower()) is not None
    if new_day and now.place in PUBLIC and _AT_HOME.search(unquoted):
        return indoors if indoors is not None and indoors[0] in ("home", "kitchen", "bedroom") else ("home", "")
    if new_day and now.place in PUBLIC | AT_WORK and _SLEEPLESS.search(unquoted):
        return "bedroom", ""
    if now.place in INDOORS and _DRIVING.search(unquoted):
        return (
            outdoors if outdoors is not None and outdoors[0] in ("street", "road", "city", "village") else ("road", "")
        )
    left = [sense for sense in senses if sense.strength < 0]
    gone = any(s.kind in INDOORS and not _is_furniture(s.name) for s in left)
    calling = new_day and _TO_THE_DOOR.search(unquoted) is not None
    if now.place in INDOORS and (calling or _OUT.search(unquoted) or gone):
        return outdoors or (outside_of(now.place), "")
    if now.place == "plain":
        if best is not None:
            return best.kind, best.name
        if left:
            return left[0].kind, left[0].name
        if _INDOOR_HINT.search(unquoted) or _WINDOWED.search(unquoted):
            return "home", ""
    if now.place not in INDOORS and _BY_LAMP.search(unquoted) and best is None:
        return "home", ""
    return None


def _is_furniture(name: str) -> bool:
    return name in FURNITURE or name.removesuffix("s") in FURNITURE


def outside_of(place: PlaceKind) -> PlaceKind:
    return {"home": "village", "kitchen": "garden", "bedroom": "village"}.get(place, "street")  # type: ignore[return-value]


def without_quotes(read: Read) -> str:
    joint = "" if read.language == "zh" else " "
    return joint.join(token.norm for token in read.tokens if not token.quoted)
