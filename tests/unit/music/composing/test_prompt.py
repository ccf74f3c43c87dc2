"""Prompts: what the rules read in them, and what becomes of it in a composition."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fixtures.analyses import analysis_of, whole
from tests.fixtures.tunes import TUNES

from soundstage.models.errors import InvalidInput
from soundstage.models.music import Direction, GenParams, Key, Mode, Scale
from soundstage.music.arranging.arrangement import arrange
from soundstage.music.composing.composition import compose_params
from soundstage.music.composing.prompt import (
    MOOD_WORDS,
    NEAREST_PLAYER,
    PLAYER_WORDS,
    RHYTHM_SECTION,
    STYLE_WORDS,
    SYNTHESIZERS,
    apply_direction,
    describe_direction,
    read_prompt,
)
from soundstage.music.composing.styles import INSTRUMENTS, STYLES

ZH_NAMES = Path(__file__).parents[4] / "web/src/messages/zh-names.ts"


def in_key(tonic: str, mode: str, name: str) -> dict[str, Any]:
    return {"key": {"tonic": tonic, "mode": mode}, "key_name": name}


@pytest.mark.parametrize(
    ("prompt", "meant"),
    [
        (
            "a slow, dreamy lullaby with harp",
            {"style_a": "dreambox", "mood": "dreamy", "tempo_factor": 0.85, "featuring": ["harp"]},
        ),
        ("欢快一点的手风琴圆舞曲", {"style_a": "musette", "mood": "happy", "meter": "3/4", "featuring": ["accordion"]}),
        (
            "安静的吉他，不要钢琴，慢一点",
            {"style_a": "campfire", "mood": "calm", "tempo_factor": 0.85}
            | {"featuring": ["guitar"], "without": ["piano"]},
        ),
        (
            "降E大调的悲伤钢琴曲",
            {"style_a": "ballad", "mood": "dark", "featuring": ["piano"], **in_key("D#", "major", "E♭ major")},
        ),
        ("house with cello", {"style_a": "house", "featuring": ["cello"]}),
        ("lofi with an oboe", {"style_a": "lofi", "featuring": ["clarinet"], "nearest": {"oboe": "clarinet"}}),
        (
            "electric guitar and sax",
            {"style_a": "funk", "featuring": ["saxophone"], "nearest": {"electric guitar": "funk"}},
        ),
        ("适合抖音的，做成手机铃声", {"not_taken": ["抖音", "手机铃声"]}),
        ("用圆号演奏", {"style_a": "cinematic", "featuring": ["horn"], "not_taken": []}),
        ("只要二胡", {"style_a": "campfire", "only": ["violin"], "nearest": {"二胡": "violin"}}),
        ("only viola", {"style_a": "campfire", "only": ["violin"], "nearest": {"viola": "violin"}}),
        ("Film music, 90 bpm, D minor", {"style_a": "cinematic", "tempo_bpm": 90.0, **in_key("D", "minor", "D minor")}),
        ("like a party in Paris", {"style_a": "house", "style_b": "musette"}),
        ("90-second jazz", {"style_a": "bossa", "duration_s": 90.0}),
        ("一首两小时的歌，3分钟就好", {"duration_s": 180.0, "not_taken": ["两小时"]}),
        ("80s", {"style_a": "synthwave"}),
        ("Strings!", {"style_a": "cinematic"}),
        ("techno at 128", {"style_a": "house", "tempo_bpm": 128.0, "not_taken": []}),
        ("lofi, 80", {"style_a": "lofi", "tempo_bpm": 80.0, "not_taken": []}),
        ("about 90 seconds at 120", {"duration_s": 90.0, "tempo_bpm": 120.0, "not_taken": []}),
        ("about 300 people, at 20", {"tempo_bpm": None, "not_taken": ["300", "people", "20"]}),
        ("别太吵", {"mood": "calm"}),
        ("don't make it too loud", {"mood": "calm", "not_taken": []}),
        ("loud jazz", {"mood": None, "style_a": "bossa", "not_taken": ["loud"]}),
        ("500 bpm? 999 bpm!", {"tempo_bpm": 240.0, "nearest": {"500 bpm": "240 beats a minute"}, "not_taken": ["999"]}),
        ("very slow", {"tempo_factor": 0.7}),
        ("no piano, funky", {"style_a": "funk", "without": ["piano"]}),
        ("don't make it sad", {"avoided": {"sad": None}}),
        ("A minor problem, a major hit", {"not_taken": ["minor", "problem", "major"]}),
        ("我说不出来", {}),
        ("", {}),
    ],
)  # fmt: skip
def test_rules_hear_what_words_ask_for(prompt: str, meant: dict[str, Any]) -> None:
    if prompt == "Strings!":
        assert read_prompt(prompt).style_a in ("ballad", "cinematic")
    else:
        assert read_prompt(prompt) == Direction.model_validate(meant)


@pytest.mark.parametrize(
    ("prompt", "answer"),
    [
        # Never the opposite of what was said.
        ("don't make it too slow", "not slow"),
        ("别太快", "not 快"),
        ("not too slow but happy", "happy, not slow"),
        ("I hate jazz", "not jazz"),
        ("anything but jazz", "not jazz"),
        ("jazz is not what I want", "not jazz"),
        ("我不喜欢爵士", "not 爵士"),
        ("不快乐", "not 快乐"),
        ("without any drums or bass", "no drums, no bass"),
        ("don't want drums", "no drums"),
        ("不要鼓，要吉他", "campfire, with guitar, no drums"),
        ("no piano, use guitar instead", "campfire, with guitar, no piano"),
        ("no piano just guitar", "campfire, with guitar, no piano"),
        ("jazz without saxophone", "bossa, no saxophone"),
        ("no vocals", "not vocals"),
        ("I can't stand jazz", "not jazz"),
        ("not a fan of jazz", "not jazz"),
        ("no more jazz", "not jazz"),
        ("jazz? no way", "not jazz"),
        ("sad? no, happy", "happy, not sad"),
        ("I wouldn't want it slow", "not slow"),
        ("jazz-free", "not jazz"),
        ("drumless", "no drums"),
        ("drums: none", "no drums"),
        ("take the drums out", "no drums"),
        ("get rid of the drums", "no drums"),
        ("drums are not needed", "no drums"),
        ("no beat", "no drums"),
        ("instrumental", "not vocals"),
        ("别来爵士", "not 爵士"),
        ("不想听爵士", "not 爵士"),
        ("爵士？不要", "not 爵士"),
        ("除了爵士都行", "not 爵士"),
        ("除了爵士，什么都可以", "not 爵士"),
        ("爵士以外的", "not 爵士"),
        ("不能太慢", "not 慢"),
        ("不加鼓", "no drums"),
        ("把鼓去掉", "no drums"),
        ("用吉他代替钢琴", "campfire, with guitar, no piano"),
        ("别做成摇滚", "not 摇滚"),
        # And what only looks like a negation.
        ("no drums in C", "C major, no drums"),
        ("don't leave out the piano", "ballad, with piano"),
        ("can't get enough of jazz", "bossa"),
        ("nothing but jazz", "bossa"),
        ("why not jazz", "bossa"),
        ("royalty-free jazz", "bossa"),
        ("少不了钢琴", "ballad, with piano"),
        ("特别快乐", "happy"),
        ("特别慢", "slower than hummed"),
        ("无比欢快", "happy"),
        ("非常快乐", "happy"),
        ("非常快", "faster than hummed"),
        # What there is no style for.
        ("drum and bass", "house (the nearest to drum and bass)"),
        ("摇滚", "funk (the nearest to 摇滚)"),
        ("reggae", "bossa (the nearest to reggae)"),
        (
            "古筝和笛子的中国风",
            "campfire (the nearest to 中国风), with steel guitar (the nearest to 古筝), "
            "with whistle (the nearest to 笛子)",
        ),
        # Tempo, key, length.
        ("tempo: 72", "72 beats a minute"),
        ("速度120", "120 beats a minute"),
        ("half tempo", "slower than hummed"),
        ("a minor", "A minor"),
        ("in E", "E major"),
        ("F#m", "F♯ minor"),
        ("Bb major", "B♭ major"),
        ("C#m, 120bpm", "120 beats a minute, C♯ minor"),
        ("happy, 1:30", "happy, 90 seconds"),
        ("one and a half minutes", "90 seconds"),
        ("1分半钟", "90 seconds"),
        ("半分钟", "30 seconds"),
        ("1 min 30", "90 seconds"),
        ("1m30s", "90 seconds"),
        ("1'30\"", "90 seconds"),
        ("one minute thirty", "90 seconds"),
        ("half minute", "30 seconds"),
        ("forty-five seconds", "45 seconds"),
        ("一分三十秒", "90 seconds"),
        ("四十五秒", "45 seconds"),
        ("两分半", "150 seconds"),
        ("A major, 1 minute 4/4", "A major, 4/4, 60 seconds"),
        ("10 minutes", "180 seconds (the nearest to 10 minutes)"),
        ("120/min", "120 beats a minute"),
        ("♩ = 96", "96 beats a minute"),
        ("120的速度", "120 beats a minute"),
        ("速度一百二", "120 beats a minute"),
        ("90bpm左右", "90 beats a minute"),
        ("BPM为90", "90 beats a minute"),
        ("１２０ＢＰＭ，４／４拍，Ａ小調", "120 beats a minute, A minor, 4/4"),
        ("悲傷的鋼琴曲，慢一點", "ballad, dark, slower than hummed, with piano"),
        ("Bb大调", "B♭ major"),
        ("bB大调", "B♭ major"),
        ("b小调", "B minor"),
        ("F♯小调", "F♯ minor"),
        ("D调", "D major"),
        ("1=bB 3/4", "B♭ major, 3/4"),
        ("用Am调", "A minor"),
        ("key = A minor", "A minor"),
        ("transpose it to D minor", "D minor"),
        ("change the key to G", "G major"),
        ("降E，慢一点", "slower than hummed, E♭ major"),
        ("speed up to 140", "140 beats a minute"),
        ("Eb, 120 bpm", "120 beats a minute, E♭ major"),
        # Meter, chords, intro, modes.
        ("six eight", "6/8"),
        ("in A minor, 6/8", "A minor, 6/8"),
        ("in 3/4", "3/4"),
        ("a waltz", "musette, 3/4"),
        ("a waltz in 4/4", "musette, 4/4"),
        ("三拍子", "3/4"),
        ("四分之三拍", "3/4"),
        ("八分之六拍，快乐", "happy, 6/8"),
        ("5/4 time", "5/4"),
        ("七拍子", "7/8"),
        ("in seven", "7/8"),
        ("2/4", "4/4 (the nearest to 2/4)"),
        ("Am F C G", "the chords Am F C G"),
        ("C - G - Am - F, happy", "happy, the chords C G Am F"),
        ("no intro", "no intro"),
        ("4 bars intro", "an intro of 4 bars"),
        ("a four-bar intro", "an intro of 4 bars"),
        ("不要前奏", "no intro"),
        ("八小节前奏", "an intro of 8 bars"),
        ("in D dorian", "D Dorian"),
        ("B♭ mixolydian mode", "B♭ Mixolydian"),
        ("dorian", "Dorian"),
        ("no intro, C dorian", "C Dorian, no intro"),
        ("D宫调", "D major pentatonic (gong)"),
        ("羽调式", "minor pentatonic (yu)"),
        ("in a minor key", "minor"),
        ("in a minor at 90 bpm", "90 beats a minute, A minor"),
        ("1:30 to 120 bpm", "120 beats a minute, 90 seconds"),
        ("快乐，大调", "happy, major"),
        ("I–V–vi–IV", "the chords I V vi IV"),
        ("1645和弦", "the chords 1 6 4 5"),
        ("techno 128", "house, 128 beats a minute"),
        ("between 90 and 100 bpm", "95 beats a minute"),
        ("90s long", "90 seconds"),
        # As people say it.
        ("slow songs bore me", "not slow"),
        ("it is too slow", "faster than hummed"),
        ("太快了", "slower than hummed"),
        ("too sad", "not sad"),
        ("说唱不要", "not 说唱"),
        ("replace the piano with a harp", "cinematic, with harp, no piano"),
        ("把钢琴换成竖琴", "cinematic, with harp, no piano"),
        ("swap drums for strings", "ballad, with strings, no drums"),
        ("no synths", "no synth, no pad, no lead"),
        ("not in a minor key", "major"),
        ("change the tempo to 110", "110 beats a minute"),
        ("andante", "90 beats a minute"),
        ("一百二十拍", "120 beats a minute"),
        ("八十八拍", "88 beats a minute"),
        ("H-moll", "B minor"),
        ("Es-Dur", "E♭ major"),
        # Who plays alone.
        ("solo piano", "ballad, only piano"),
        ("just a guitar", "campfire, only guitar"),
        ("violin and piano duet", "ballad, only violin and piano"),
        ("no drums, just piano", "ballad, only piano, no drums"),
        ("只要钢琴", "ballad, only piano"),
        ("钢琴独奏", "ballad, only piano"),
        # Form.
        ("fade out at the end", "fading out at the end"),
        ("淡出结尾", "fading out at the end"),
        ("start with the chorus, happy folk", "campfire, happy, beginning with the chorus"),
        ("直接进副歌", "beginning with the chorus"),
        ("don't start with the chorus", "beginning with the verse"),
        ("piano, no bridge", "ballad, no bridge, with piano"),
        ("加一段间奏", "a bridge"),
        ("不要桥段，从副歌开始，最后慢慢淡出", "beginning with the chorus, no bridge, fading out at the end"),
        ("don't fade out", "a held last chord"),
        ("end abruptly, lofi", "lofi, a short, cold end"),
        ("slow down at the end", "slowing down at the end"),
        ("slow it down", "slower than hummed"),
        ("string quartet", "cinematic (the nearest to string quartet), only strings"),
        ("not only piano", "ballad, with piano"),
        # Which of the two songs.
        ("B: rock, A: jazz", "bossa, funk (the nearest to rock)"),
        ("song b should be funk, song a a ballad", "ballad, funk"),
        ("A: jazz, B: folk, country and acoustic", "bossa, campfire"),
        ("the second one house, the first one a lullaby", "dreambox, house"),
        ("第二首爵士，第一首摇滚", "funk (the nearest to 摇滚), bossa"),
        ("A歌用爵士，B歌用民谣", "bossa, campfire"),
        ("A minor: slow", "slower than hummed, A minor"),
        # Meters by their names, decades, endings, and lengths that are bounds.
        ("common time", "4/4"),
        ("alla breve", "4/4 (the nearest to 2/2)"),
        ("a slow ending", "slowing down at the end"),
        ("end with a fade out", "fading out at the end"),
        ("under a minute", "54 seconds"),
        ("不到一分钟", "54 seconds"),
        ("longer than a minute", "66 seconds"),
        ("at most two minutes", "120 seconds"),
        ("as long as possible", "180 seconds"),
        ("trap beat 140", "lofi (the nearest to trap), 140 beats a minute"),
        ("soft rock", "funk (the nearest to rock), calm"),
        ("日系动漫风", "synthwave (the nearest to 日系, 动漫)"),
        ("not jazz but bossa nova", "bossa, not jazz"),
    ],
)
def test_the_answer_says_what_was_taken(prompt: str, answer: str) -> None:
    assert describe_direction(read_prompt(prompt)) == f"Taken from your words: {answer}."


@pytest.mark.parametrize(
    ("prompt", "already", "taken"),
    [
        ("drums please", ["drums"], ""),
        ("加鼓，要有贝斯", ["drums", "bass"], ""),
        ("piano, no bridge, with drums", ["drums"], "ballad, no bridge, with piano"),
        ("keep the key, change the tempo to 110", ["key"], "110 beats a minute"),
        ("don't change the tempo", ["tempo"], ""),
        ("原速，原调", ["tempo", "key"], ""),
        ("keep the tempo at 120", [], "120 beats a minute"),
        ("drums, no drums", [], "no drums"),
        ("drums, only piano", [], "ballad, only piano"),
    ],
)
def test_the_answer_says_what_is_so_already(prompt: str, already: list[str], taken: str) -> None:
    direction = read_prompt(prompt)
    said = describe_direction(direction)
    assert direction.already == already
    assert ("So it is already" in said) == bool(already)
    assert said.startswith(f"Taken from your words: {taken}." if taken else "So it is already")


def test_a_style_for_song_b_alone_leaves_song_a_open() -> None:
    direction = read_prompt("B: rock")
    assert (direction.style_a, direction.style_b) == (None, "funk")
    params = apply_direction(GenParams(), direction, 100.0)
    assert (params.style_a, params.style_b) == (None, "funk")


@pytest.mark.parametrize(
    ("prompt", "not_taken"),
    [
        ("in A minor, 11/8", ["11/8"]),
        ("Am F C G, then F G C C, happy", ["F G C C"]),
        ("a waltz with an outro", ["outro"]),
        ("not in 3/4", ["in 3/4"]),
        ("lyrics about the sea", ["lyrics", "sea"]),
        ("a bridge over water", ["bridge", "over", "water"]),
        ("less drums more piano", ["less drums"]),
        ("not jazz but blues", ["blues"]),
        ("1920s jazz", ["1920s"]),
        ("移调，快一点", ["移调"]),
        ("hardly any drums", ["hardly any drums"]),
        ("louder drums", ["louder drums"]),
        ("鼓多一点", ["鼓多一点"]),
        ("from slow to fast", ["from slow to fast"]),
        ("越来越快", ["越来越快"]),
        ("升一个调", ["升一个调"]),
        ("not in C", ["not in C"]),
        ("anything but C major", ["anything but C major"]),
        ("don't use A minor", ["don't use A minor"]),
        ("A小调转C大调", ["C 大调"]),
        ("swing 16ths", ["16ths"]),
        ("make it shorter", ["make it shorter"]),
        ("jazz from 1959 with more bass", ["more bass", "1959"]),
    ],
)
def test_the_answer_says_what_was_not_taken(prompt: str, not_taken: list[str]) -> None:
    direction = read_prompt(prompt)
    assert direction.not_taken == not_taken
    assert describe_direction(direction).endswith(f"Not taken: {', '.join(not_taken)}.")


@pytest.mark.parametrize(
    ("players", "instruments"),
    [
        (["piano"], {"piano"}),
        (["guitar"], {"nylon_guitar", "steel_guitar"}),
        (["violin", "piano"], {"violin", "piano"}),
        (["flute"], {"flute"}),
        (
            ["piano", "bass", "drums"],
            {"piano", "upright_bass", "electric_bass", "string_bass", "sub_bass", "synth_bass"},
        ),
    ],
)
@pytest.mark.parametrize("style", sorted(STYLES))
def test_those_who_are_asked_for_play_alone(style: str, players: list[str], instruments: set[str]) -> None:
    analysis = analysis_of(TUNES[0], quarters_per_minute=100.0)
    asked = GenParams(style_a=style, only=players, duration_s=40.0)
    for plan in compose_params(analysis, whole(analysis), asked).variants.values():
        arrangement = arrange(plan)
        assert {part.layer.instrument for part in arrangement.parts} <= instruments
        assert bool(arrangement.drums) == ("drums" in players)
        played = [n.beat for part in arrangement.parts for n in part.notes]
        for section in plan.sections:  # nobody else is missed: something sounds in each
            begin = section.start_bar * plan.bar_beats
            assert any(begin <= beat < begin + section.bars * plan.bar_beats for beat in played), section


def test_a_minor_key_without_a_tonic_is_that_of_the_same_notes() -> None:
    for mode, key in (("minor", Key(tonic="A", mode=Mode.MINOR)), ("major", "keep")):
        params = apply_direction(GenParams(), read_prompt(f"in a {mode} key"), 100.0, Key(tonic="C", mode=Mode.MAJOR))
        assert params.key == key


@pytest.mark.parametrize(
    ("prompt", "key", "chords"),
    [
        ("I V vi IV", Key(tonic="D", mode=Mode.MAJOR), "D A Bm G"),
        ("6415和弦", Key(tonic="A", mode=Mode.MINOR), "Am F C G"),
        ("i VI III VII", Key(tonic="E", mode=Mode.MINOR), "Em C G D"),
        ("卡农和弦", Key(tonic="C", mode=Mode.MAJOR), "C G Am Em F C F G"),
    ],
)
def test_degrees_are_chords_of_the_key(prompt: str, key: Key, chords: str) -> None:
    assert apply_direction(GenParams(), read_prompt(prompt), 100.0, key).chords == chords.split()


def test_who_is_left_out_plays_nothing() -> None:
    analysis = analysis_of(TUNES[0], quarters_per_minute=100.0)

    def parts(prompt: str) -> tuple[set[str], int]:
        plan = compose_params(analysis, whole(analysis), GenParams(style_a="funk", prompt=prompt)).variants["A"]
        arrangement = arrange(plan)
        return {part.layer.instrument for part in arrangement.parts}, len(arrangement.drums)

    everybody, hits = parts("")
    assert hits > 0
    assert {"saxophone", "trumpet", "electric_bass"} <= everybody
    players, hits = parts("no drums, no bass, no saxophone")
    assert hits == 0
    assert players & {"saxophone", "electric_bass"} == set()
    assert parts("no trumpet and no saxophone")[0] & {"saxophone", "trumpet"} == set()


def test_what_is_not_wanted_is_not_chosen() -> None:
    analysis = analysis_of(TUNES[0], quarters_per_minute=100.0)
    plain = compose_params(analysis, whole(analysis), GenParams()).variants
    first = plain["A"].style
    word = STYLE_WORDS[first].split(", ")[0]
    other = compose_params(analysis, whole(analysis), GenParams(prompt=f"anything but {word}")).variants
    assert first not in {plan.style for plan in other.values()}


def test_nobody_who_is_in_no_style_can_be_left_out() -> None:
    analysis = analysis_of(TUNES[0], quarters_per_minute=100.0)
    with pytest.raises(InvalidInput, match="theremin"):
        compose_params(analysis, whole(analysis), GenParams(without=["theremin"]))


def test_every_word_of_the_vocabulary_means_something_that_exists() -> None:
    assert set(STYLE_WORDS) == set(STYLES)
    for style, words in STYLE_WORDS.items():
        assert {read_prompt(word).style_a for word in words.split(", ")} == {style}
    for mood, words in MOOD_WORDS.items():
        assert {read_prompt(word).mood for word in words.split(", ")} == {mood}
    for player, words in [*PLAYER_WORDS.items(), *NEAREST_PLAYER.items()]:
        assert {tuple(read_prompt(word).featuring) for word in words.split(", ")} == {(player,)}
        assert read_prompt(words.split(", ")[0]).style_a is not None


def test_the_console_has_a_chinese_name_for_all_that_can_be_taken() -> None:
    names = set(re.findall(r"^  (\w+): \"", ZH_NAMES.read_text(), re.MULTILINE))
    players = {name.replace(" ", "_") for name in {*PLAYER_WORDS, *NEAREST_PLAYER, *RHYTHM_SECTION, *SYNTHESIZERS}}
    lasts = {name.split("_")[-1] for name in INSTRUMENTS}
    assert {*STYLES, *MOOD_WORDS, *(scale.value for scale in Scale), *players, *INSTRUMENTS, *lasts} <= names


@given(st.text(max_size=500))
def test_no_words_break_the_rules(prompt: str) -> None:
    assert describe_direction(read_prompt(prompt))


def test_what_is_said_elsewhere_goes_before_the_prompt() -> None:
    direction = Direction(style_a="funk", style_b="house", mood="epic", tempo_factor=2.0, duration_s=30.0)

    open_ = apply_direction(GenParams(), direction, hummed_bpm=150.0)
    assert (open_.style_a, open_.style_b, open_.mood) == ("funk", "house", "epic")
    assert (open_.tempo_bpm, open_.duration_s) == (240.0, 30.0)

    key = Key(tonic="C", mode=Mode.MAJOR)
    said = GenParams(style_a="house", mood="calm", tempo_bpm=70.0, duration_s=45.0, key=key)
    kept = apply_direction(
        said, direction.model_copy(update={"key": Key(tonic="D", mode=Mode.MINOR)}), hummed_bpm=100.0
    )
    assert kept == said.model_copy(update={"style_b": "funk"})


def test_a_composition_follows_the_prompt_and_says_how_it_was_read() -> None:
    analysis = analysis_of(TUNES[0], quarters_per_minute=100.0)
    prompt = "a bossa nova in F minor, 120 bpm, 30 seconds"
    plain = compose_params(analysis, whole(analysis), GenParams())
    composed = compose_params(analysis, whole(analysis), GenParams(prompt=prompt))

    plan = composed.variants["A"]
    assert (plan.style, plan.tempo_bpm, plan.key) == ("bossa", 120.0, Key(tonic="F", mode=Mode.MINOR))
    assert composed.variants["B"].style != "bossa"
    assert plan.duration_s == pytest.approx(30.0, rel=0.25)
    assert composed.direction == read_prompt(prompt)
    assert plain.direction is None
    assert plain == compose_params(analysis, whole(analysis), GenParams(prompt=""))
    assert (
        describe_direction(read_prompt(prompt))
        == "Taken from your words: bossa, 120 beats a minute, F minor, 30 seconds."
    )
