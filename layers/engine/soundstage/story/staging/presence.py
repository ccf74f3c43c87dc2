"""Who is in a shot: how they hold themselves, what they hold, what they feel, and which way they face."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from soundstage.models.story import Facing
from soundstage.story.people.mentions import Mention, Read
from soundstage.story.people.naming import YOU
from soundstage.story.people.persons import Cast, Reference
from soundstage.story.reading.lexicon import Mark
from soundstage.story.staging.absence import is_compared, stays_away
from soundstage.story.staging.drifting import is_a_things
from soundstage.story.staging.holding import carried_with, lost_things, things_after, things_near
from soundstage.story.words.things import SMALL_THINGS

MOST_PRESENT = 4
"""What a picture shows without crowding."""
LASTING = frozenset({"sitting", "lying", "flying", "swimming"})
"""How one stays until something else is told."""
BRIEFLY = frozenset(
    (
        "read reading wrote write writing drew ate drank opened open lit light lighting 写 读 打开 吃 喝 点 "
        "点亮 点燃 翻开 修 painted folded unfolded played playing 吹 拆开 展开 叠"
    ).split()
)
"""Done and over: what was read is not carried from then on."""
PERCEIVING = frozenset("saw see sees watched watch watches heard found noticed spotted".split())
HANGING = frozenset("挂放摆贴停铺堆插")
"""With 着: how a thing is there, not what somebody does."""
CONSUMED = frozenset({"bread", "apple", "cup", "bowl", "egg", "map", "letter"})
"""Nobody carries these on into the next place."""
BODY = frozenset(
    (
        "hand hands shoulder shoulders arm arms face eyes lap head back side feet cheek hair neck 手 肩 肩膀 头 "
        "脸 背 身边 手里 怀里 手中 面前 头上"
    ).split()
)
_BACK = frozenset("back returned turned home homeward 回 回家 转身 返回 回到 回来 回去 往回 掉头".split())
_WISHING = frozenset(
    "to wanted want could would might must should can't couldn't 想 要 能 想要 打算 会 可以 准备".split()
)


@dataclass
class Present:
    """One person in one shot."""

    who: int
    stance: str = "standing"
    holding: list[str] = field(default_factory=list)
    emotion: str = ""
    facing: Facing = "right"
    moving: bool = False
    subject: bool = False


@dataclass
class _State:
    stance: str = "standing"
    holding: list[str] = field(default_factory=list)
    facing: Facing | None = None


class Staging:
    """Carries the state of everybody from shot to shot; ``dead``: not to be seen any more."""

    def __init__(self, cast: Cast, reads: Sequence[Read], characters: frozenset[int]) -> None:
        self.cast, self.reads, self.characters = cast, reads, characters
        self.states: dict[int, _State] = {}
        self.last_subject: int | None = None
        self.sentence = 0
        self.dead: dict[int, int] = {}
        self.met: set[frozenset[int]] = set()
        """Who has been seen across from whom in this place: they stay on their sides."""

    def shot(self, sentences: range, speakers: Sequence[int], *, new_place: bool, new_day: bool) -> list[Present]:
        """Who is in the shot of these sentences, the one it is about first. Nobody carries a thing into a new day."""
        if new_day:
            for state in self.states.values():
                state.stance, state.holding = "standing", []
        if new_place:
            for state in self.states.values():
                state.stance, state.facing = "standing", None
                state.holding = [thing for thing in state.holding if thing not in CONSUMED]
            self.met.clear()
        present: dict[int, Present] = {}
        order: dict[int, float] = {}
        for k in sentences:
            self._sentence(k, present, order)
        for who in speakers:
            if who in self.characters:
                self._enter(who, present)
                order[who] = order.get(who, 0.0) + 1.5
        chosen = sorted(present, key=lambda who: (-order.get(who, 0.0), who))[:MOST_PRESENT]
        found = [present[who] for who in chosen]
        self._face(found)
        for one in found:
            self.states[one.who] = _State(
                one.stance if one.stance in LASTING else "standing", self.states[one.who].holding, one.facing
            )
        return found

    # Sentences -------------------------------------------------------------------------------------------------------

    def _enter(self, who: int, present: dict[int, Present]) -> Present:
        if who not in present:
            state = self.states.setdefault(who, _State())
            present[who] = Present(who, state.stance, list(state.holding))
        return present[who]

    def _sentence(self, k: int, present: dict[int, Present], order: dict[int, float]) -> None:
        self.sentence = k
        read, references = self.reads[k], self.cast.references[k]
        acting = [r for r in references if not r.mention.quoted and self._is_there(read, r)]
        subjects = [r for r in acting if r.mention.subject]
        for reference in acting:
            for who in reference.people:
                if who in self.characters and not self._is_dead(who, k):
                    self._enter(who, present)
                    order[who] = order.get(who, 0.0) + (2.0 if reference.mention.subject else 0.7)
        for reference in acting:
            for who in reference.people[:1]:
                if who in present and (thing := carried_with(read, reference.mention)) is not None:
                    state = self.states[who]
                    state.holding = [*(t for t in state.holding if t != thing), thing][-2:]
                    present[who].holding = list(state.holding)
        verbs = [m for m in read.of_kind("stance", "take", "put", "emotion") if not m.quoted]
        crowd = any(not m.quoted for m in read.of_kind("group"))
        unsaid = self.last_subject if not (subjects or crowd) and verbs and read.language == "zh" else None
        if unsaid is not None and unsaid in self.characters and not self._is_dead(unsaid, k):
            self._enter(unsaid, present)
            order[unsaid] = order.get(unsaid, 0.0) + 1.5
        for mark in (m for m in verbs if not is_compared(read, m) and not is_a_things(read, m, subjects)):
            people = self._doers(mark, subjects)
            for who in people[: 1 if mark.kind in ("take", "put") else None]:
                if who in present:
                    self._apply(read, mark, present[who], references)
        self._let_go(read, present)
        for mark in read.of_kind("dying"):
            if not mark.quoted and not _is_denied(read, mark) and _is_of_somebody(read, mark):
                clause = read.clause(mark.first)
                dying = [r for r in subjects if r.mention.first in clause and r.mention.first < mark.first]
                for who in dying[-1].people if dying else ():
                    self.dead.setdefault(who, k)
        if subjects:
            self.last_subject = subjects[-1].people[0]

    def _let_go(self, read: Read, present: dict[int, Present]) -> None:
        """What breaks, flies off or is taken is in nobody's hands from here on."""
        lost = lost_things(read, {thing for state in self.states.values() for thing in state.holding})
        for state in self.states.values() if lost else ():
            state.holding = [thing for thing in state.holding if thing not in lost]
        for one in present.values() if lost else ():
            one.holding = [thing for thing in one.holding if thing not in lost]

    def _is_dead(self, who: int, k: int) -> bool:
        return who in self.dead and k > self.dead[who]

    def _is_there(self, read: Read, reference: Reference) -> bool:
        """Not only owner of something, nor only thought of, nor compared with."""
        mention = reference.mention
        if mention.key in YOU and (mention.possessive or not mention.subject or not _does(read, mention)):
            return False  # to whom a letter is written is there only in what it remembers
        if mention.possessive and mention.kind not in {"pronoun", "first"}:
            return bool(set(read.norms(mention.past, mention.past + 3)) & BODY)
        if mention.subject and stays_away(read, mention):
            return False
        clause = read.clause(mention.first)
        away = [m for m in read.of_kind("unreal") if m.first in clause and m.past <= mention.first]
        compared = [m for m in read.of_kind("figure") if m.first in clause and 0 <= mention.first - m.past <= 2]
        return not away and not compared

    def _doers(self, mark: Mark, subjects: Sequence[Reference]) -> tuple[int, ...]:
        seen = self._seen_doing(mark)
        if seen:
            return seen
        before = [r for r in subjects if r.mention.first < mark.first]
        if before:
            return before[-1].people
        if subjects:
            return subjects[0].people
        if mark.text[:1] in HANGING and mark.text.endswith("着"):
            return ()  # 门口挂着灯笼
        crowd = any(not m.quoted and m.first < mark.first for m in self.reads[self.sentence].of_kind("group"))
        if self.reads[self.sentence].language == "en" and mark.kind == "stance":
            return ()  # 'On the sill lay a letter': an English sentence names who it is about
        return () if self.last_subject is None or crowd else (self.last_subject,)

    def _seen_doing(self, mark: Mark) -> tuple[int, ...]:
        """'I saw him, white with flour, lifting loaves': he lifts them."""
        read = self.reads[self.sentence]
        if read.language != "en" or not mark.text.lower().endswith("ing"):
            return ()
        saw = [k for k in range(mark.first) if read.tokens[k].norm in PERCEIVING]
        after = [
            r for r in self.cast.references[self.sentence]
            if saw and saw[-1] < r.mention.first < mark.first and not r.mention.possessive and not r.mention.quoted
        ]  # fmt: skip
        return after[0].people if after else ()

    def _apply(self, read: Read, mark: Mark, one: Present, references: Sequence[Reference]) -> None:
        if _is_denied(read, mark):
            return
        state = self.states[one.who]
        if mark.kind == "stance":
            if (
                mark.value == "standing"
                and one.stance in ("walking", "running")
                and mark.text.lower() in ("waited", "wait", "等")
            ):
                return
            one.stance, one.moving = mark.value, mark.value in ("walking", "running", "flying", "swimming")
            if one.moving and _BACK & set(read.norms(mark.first, mark.past + 3)) | (_BACK & {mark.text.lower()}):
                state.facing = "left" if (state.facing or "right") == "right" else "right"
        elif mark.kind == "emotion":
            one.emotion = mark.value
        elif mark.kind == "take":
            for thing in things_after(read, mark):
                if thing not in one.holding:
                    one.holding = [*one.holding, thing][-2:]
                if mark.text.lower() not in BRIEFLY and thing not in state.holding:
                    state.holding = [*state.holding, thing][-2:]
        else:
            self._put(read, mark, state, references)

    def _put(self, read: Read, mark: Mark, state: _State, references: Sequence[Reference]) -> None:
        things = things_near(read, mark)
        given = [thing for thing in things if thing in SMALL_THINGS]
        if not given and (set(read.norms(mark.first, mark.past + 3)) & {"it", "them", "它"}) and state.holding:
            given = state.holding[-1:]
        state.holding = [thing for thing in state.holding if thing not in given]
        gave = mark.text.lower() in (
            "gave",
            "give",
            "handed",
            "handed_over",
            "passed",
            "offered",
            "lent",
            "递",
            "递给",
            "交给",
            "送给",
            "还给",
            "给了",
            "塞给",
        )
        if gave:
            for reference in references:
                if (
                    reference.mention.first > mark.first
                    and not reference.mention.possessive
                    and len(reference.people) == 1
                ):
                    other = self.states.setdefault(reference.people[0], _State())
                    other.holding = [*other.holding, *(t for t in given if t not in other.holding)][-2:]
                    break

    # Facing ----------------------------------------------------------------------------------------------------------

    def _face(self, found: list[Present]) -> None:
        """The line between two people is not crossed: whoever looks to the right does so until the place changes."""
        for k, one in enumerate(found):
            kept = self.states[one.who].facing
            if k and kept == found[0].facing and self._may_turn(one.who, found):
                kept = "left" if kept == "right" else "right"  # they meet: until now each was seen alone
                self.states[one.who].facing = kept
            if kept in ("left", "right"):
                one.facing = kept
            else:
                taken = found[0].facing if k else next((self.states[o.who].facing for o in found[1:]), None)
                one.facing = "left" if taken == "right" else "right"
                self.states[one.who].facing = one.facing
        for k, one in enumerate(found):
            self.met |= {frozenset((one.who, other.who)) for other in found[:k] if other.facing != one.facing}

    def _may_turn(self, who: int, found: list[Present]) -> bool:
        """Who has not been seen across from anybody here, or is alone with somebody for the first time."""
        seen = any(who in pair for pair in self.met)
        return not seen or (len(found) == 2 and frozenset((who, found[0].who)) not in self.met)


def _does(read: Read, mention: Mention) -> bool:
    clause = read.clause(mention.first)
    return any(m.first in clause and m.first > mention.first for m in read.of_kind("stance", "take", "put", "emotion"))


def _is_of_somebody(read: Read, mark: Mark) -> bool:
    """'She was dead', not 'a dead frequency'."""
    if read.language == "zh" or mark.text.lower() != "dead":
        return True
    return bool(set(read.norms(mark.first - 2, mark.first)) & {"was", "is", "were", "are", "be", "lay", "fell", "lies"})


def _is_denied(read: Read, mark: Mark) -> bool:
    near = (
        set(read.norms(mark.first - 3, mark.first))
        if read.language == "en"
        else set(read.norms(mark.first - 2, mark.first))
    )
    negated = any(0 <= mark.first - m.past <= 2 for m in read.of_kind("negation") if m.past <= mark.first)
    wished = near & _WISHING if read.language == "zh" else near & (_WISHING - {"to"}) and "to" in near
    return negated or bool(wished)
