"""What words say about a picture where no field of a shot has it: a lamp that is out, a ride, how many goats.

The writer reads it in the story and says it in the prompt; the painter reads it in the prompt, which a film in another
language shares and which makes another picture when somebody edits it.
"""

import re

from soundstage.models.story import Language

_OUT = re.compile(
    r"\b(?:lamps?|lights?|lanterns?|candles?|power|torch)\b[^.!?,;]{0,24}\b(?:went (?:out|dark)|"
    r"goes (?:out|dark)|go out|blown out|burned out|burnt out|put out|died|dark|off|unlit)\b|"
    r"\b(?:blew|blows?|put|puts|turned|turns|switched|snuffed) (?:out|off) (?:the|his|her|their) (?:\w+ )?"
    r"(?:lamps?|lights?|candles?|lanterns?)|"
    r"\b(?:turned|switched|put|blew) the (?:lamps?|lights?|candles?) (?:off|out)\b|"
    r"(?:灯|蜡烛|烛|灯火)[^。！？，不没]{0,5}(?:灭|熄)|吹灭|熄灭|关了灯|关上灯|停电"
)
_NOT = re.compile(r"\b(?:not|never|n't)\b|n't ")
_LIT = re.compile(r"\b(?:lit|lights|relit|burn(?:s|ed|ing)? again|came? back on)\b|点亮|点燃|点着|亮了起来|又亮")
_LAUNCH = re.compile(
    r"\b(?:rocket|spaceship|spacecraft|starship|shuttle)s?\b[^.!?,;]{0,40}\b(?:flew|flies|fly|flying|launch\w*|"
    r"lift(?:s|ed)? off|took off|takes off|blast\w*|soared|rose|rises|shot|roared)\b|"
    r"(?:火箭|飞船)[^。！？]{0,10}(?:升空|起飞|发射|点火|飞|冲上)"
)
_HUNG = re.compile(r"\b(?:hung|hang|hangs|hanging)\b|挂|悬")
_ROWING = re.compile(
    r"\brow(?:ed|s|ing)?\b|\bsail|\boars?\b|\b(?:in|into|aboard) (?:the|his|her|their|a) (?:\w+ )?(?:row)?boat\b|"
    r"划|撑船|船上|船里|坐船|摇橹"
)
_RIDING = re.compile(
    r"\b(?:rode|rides|ride|riding|ridden|galloped|mounted)\b[^.!?]{0,40}?\b(horse|pony|camel|donkey|mule|elephant|"
    r"unicorn|dragon|lion|tiger|wolf|bear|deer|stag|reindeer|ox|buffalo|cow|goat|zebra|giraffe|whale|turtle)\b|"
    r"\b(?:on|onto) (?:the|his|her|a|its) (?:\w+ )?(horse|pony|camel|donkey|elephant|unicorn|dragon)(?:'s|’s)? back\b|"
    r"骑(?:着|上|在|了)?[^。！？，]{0,5}?(马|骆驼|驴|大象|独角兽|牛|老虎|狮子|鹿)"
)
_AT_TABLE = re.compile(
    r"\b(?:at|around|round|by) (?:the|a|his|her|their|its) (?:\w+ ){0,2}(?:table|desk|counter)\b|"
    r"(?:桌|餐桌|饭桌|书桌)(?:子)?(?:边|旁|前)|坐在[^。！？，]{0,4}桌"
)
_AT_COUNTER = re.compile(r"\b(?:behind|over|across) (?:the|a|her|his) (?:\w+ )?(?:counter|bar)\b|柜台|收银台")
_BIRDS = re.compile(
    r"\b(birds|gulls|seagulls|geese|swallows|pigeons|doves|crows|ravens|sparrows|cranes|swans|starlings|storks)\b"
    r"[^.!?]{0,40}\b(?:flew|fly|flies|flying|over|above|sky|circl\w+|soared|wheeled|rose|sang|winged)\b|"
    r"(?:群|只|些|白|的|几)(鸟|小鸟|鸟儿|海鸥|大雁|燕子|鸽子|白鸽|白鹭|乌鸦|麻雀)[^。！？]{0,12}飞|飞[^。！？]{0,8}(鸟|海鸥|大雁|燕子|鸽子)"
)
_WHITE = re.compile(r"\bwhite\b|\b(?:sea)?gulls\b|\bdoves\b|\bswans\b|白|海鸥|鸽")
_COUNTS = {"two": 2, "both": 2, "pair": 2, "couple": 2, "three": 3, "2": 2, "3": 3, "两": 2, "二": 2, "双": 2, "三": 3}
_MANY = 4
_HERD = re.compile(
    r"\b(?:(two|both|three|four|five|six|seven|eight|nine|ten|\d+)\s+)?(?:[a-z-]+\s+){0,2}?"
    r"(goats|lambs|cows|horses|ponies|ducks|ducklings|hens|chicks|chickens|rabbits|bunnies|mice|cats|kittens|dogs|"
    r"puppies|wolves|foxes|elephants|camels|bears|cubs|pigs|piglets|swans|penguins|frogs|whales|dolphins|owls|"
    r"squirrels|hedgehogs|tigers|lions|zebras|giraffes|turtles|donkeys|monkeys|birds|crows|doves|cranes|robots)\b|"
    r"\b(?:(two|three|four|five|six|seven|\d+|flock of|herd of|many|several)\s+)(?:[a-z-]+\s+){0,2}?"
    r"(sheep|deer|fish|geese)\b|"
    r"([两二三四五六七八九十几群])(?:只|头|匹|条|群)?[^。！？，的]{0,3}?(山羊|绵羊|羊|牛|马|鸭子|小鸭|鸭|鸡|兔子|兔|猫|狗|狼|鹿|象|"
    r"骆驼|熊|猪|鹅|企鹅|青蛙|鱼|海豚|松鼠|刺猬|猴子|猴|老鼠|鸟|鹤)"
)


def _counted(groups: tuple[str | None, ...]) -> list[tuple[str | None, str | None]]:
    """Numbers and nouns, in twos."""
    return list(zip(groups[::2], groups[1::2], strict=True))


def told(words: str) -> list[str]:
    """Facts, each once and in a stable order: ``unlit``, ``riding white horse``, ``3 goats``; none in most texts."""
    words = words.lower()
    found = [name for name, pattern in _PLAIN.items() if pattern.search(words)]
    if (out := _OUT.search(words)) and not _NOT.search(out.group()) and not _LIT.search(words, out.end()):
        found.append("unlit")
    if ride := _RIDING.search(words):
        white = "white " if _WHITE.search(ride.group()) else ""
        found.append(f"riding {white}{next(group for group in ride.groups() if group)}")
    if birds := _BIRDS.search(words):
        are_white = _WHITE.search(words, max(0, birds.start() - 16), birds.end())
        found.append("white birds" if are_white else "birds")
    for herd in _HERD.finditer(words):
        given, noun = next(pair for pair in _counted(herd.groups()) if pair[1])
        found.append(f"{_COUNTS.get(given or '', _MANY)} {noun}")
    return list(dict.fromkeys(found))


_PLAIN = {
    "launch": _LAUNCH, "hung": _HUNG, "rowing": _ROWING, "at table": _AT_TABLE,
    "at counter": _AT_COUNTER,
}  # fmt: skip


_PHRASES: dict[str, tuple[str, str]] = {
    "launch": ("The rocket takes off.", "火箭升空。"),
    "hung": ("Hanging up high.", "高高挂着。"),
    "rowing": ("Rowing.", "划着船。"),
    "at table": ("At the table.", "在桌边。"),
    "at counter": ("Behind the counter.", "柜台后面。"),
    "unlit": ("The lamp went out.", "灯灭了。"),
    "birds": ("Birds fly over.", "一群鸟飞过。"),
    "white birds": ("White birds fly over.", "一群白鸟飞过。"),
}
_NUMBERS = {2: ("Two", "两"), 3: ("Three", "三"), 4: ("Several", "几")}


def retold(facts: list[str], language: Language) -> list[str]:
    """Sentences for a prompt that say so, and that ``told`` finds the same facts in."""
    at = 1 if language == "zh" else 0
    found = []
    for fact in facts:
        first, _, rest = fact.partition(" ")
        if fact in _PHRASES:
            found.append(_PHRASES[fact][at])
        elif first == "riding":
            found.append(f"骑着{rest.replace('white ', '白')}。" if at else f"Riding a {rest}.")
        else:
            found.append(f"{_NUMBERS[int(first)][at]}{'只' if at else ' '}{rest}{'。' if at else '.'}")
    return found
