"""The embedded writer: a short story becomes a storyboard, by rules and word tables, the same every time."""

from collections.abc import Iterable, Sequence

from soundstage.models.story import Language, Storyboard, WorldEntry
from soundstage.story.chain import chain_of
from soundstage.story.people.ages import guess_ages
from soundstage.story.people.cast import find_people
from soundstage.story.people.characters import characters_of
from soundstage.story.people.chinese_names import find_chinese_names
from soundstage.story.people.depicted import find_pictured
from soundstage.story.people.english_names import capitalised, find_names, spelled
from soundstage.story.people.growing import grown_up
from soundstage.story.people.mentions import Read
from soundstage.story.people.name_words import is_used_as_word
from soundstage.story.people.speaking import speaking_nouns
from soundstage.story.reading.lexicon import Mark
from soundstage.story.reading.quotes import quoted_spans
from soundstage.story.reading.sentences import split_sentences
from soundstage.story.reading.text import clean
from soundstage.story.reading.words import marks_of, tokens_of
from soundstage.story.staging.scene import Scene
from soundstage.story.staging.settings import scenes_of
from soundstage.story.staging.shots import shots_of
from soundstage.story.titles import heading_of, title_of

LONGEST_LOGLINE = 300
"""Characters: what the model takes."""


def write_storyboard(text: str, *, title: str | None = None, language: Language | None = None) -> Storyboard:
    """The storyboard of a story in English or Chinese. Its narrations, joined, are the story; a heading is its title.

    Raises:
        StoryEmpty: there is nothing to tell.
        StoryTooLong: more than 5,000 characters.
    """
    cleaned = clean(text, language)
    language = cleaned.language
    heading, story = heading_of(cleaned.text, language)
    if title and heading and title.strip() != heading:
        heading, story = "", cleaned.text
    reads = read_story(story, language)
    cast = find_people(reads, language)
    guess_ages(cast, reads)
    characters = characters_of(cast, reads, language)
    grown, leap = grown_up(characters, cast, reads, language)
    scenes = scenes_of(reads)
    world = _world(scenes)
    shots = shots_of(
        story,
        reads=reads,
        scenes=scenes,
        cast=cast,
        characters=lambda sentence: {**characters, **grown} if leap and sentence >= leap else characters,
        world=world,
        language=language,
    )
    everybody = [*characters.values(), *grown.values()]
    chain = chain_of(shots, everybody, language)
    leading = sorted(characters, key=lambda number: -cast.people[number].subjects)
    named = (title or heading).strip() if title or heading else ""
    return Storyboard(
        title=(named or title_of([characters[n] for n in leading], world, story, language))[:120],
        language=language,
        logline=_logline(shots[0].narration, chain.conflict, language),
        characters=everybody,
        world=world,
        shots=shots,
        chain=chain,
        notes=list(cleaned.notes),
    )


def read_story(story: str, language: Language) -> list[Read]:
    """Sentences with their words marked and their names found."""
    sentences = split_sentences(story, language)
    chinese = find_chinese_names(story) if language == "zh" else set()
    reads = []
    for sentence in sentences:
        tokens = tokens_of(sentence.text, language, quoted_spans(sentence.text), chinese)
        reads.append(Read(sentence, language, tokens, marks_of(tokens, language)))
    if language == "zh":
        for read in reads:
            read.names = [(k, k + 1, t.text) for k, t in enumerate(read.tokens) if t.text in chinese and t.tag == "nr"]
    else:
        people, _ = find_names(reads)
        for read in reads:
            read.names = list(_english_names(read, people))
    for read in reads:
        read.marks = _without_names(read)
    find_pictured(reads)
    speakers = speaking_nouns(reads)
    for read in reads:
        read.speakers = speakers
    return reads


def _english_names(read: Read, people: set[str]) -> Iterable[tuple[int, int, str]]:
    for first, past in capitalised(read.tokens):
        name = spelled(read.tokens[first:past])
        if name in people and not (past - first == 1 and is_used_as_word(read, first)):
            yield first, past, name


def _without_names(read: Read) -> list[Mark]:
    """A girl named Rain is no rain, and Mrs. Lake is no lake."""
    named = {token for first, past, _ in read.names for token in range(first, past)}
    return [mark for mark in read.marks if mark.kind == "role" or not named.issuperset(range(mark.first, mark.past))]


def _world(scenes: Sequence[Scene]) -> list[WorldEntry]:
    """A place of the story each, in the order in which they are reached."""
    known: dict[tuple[str, str], WorldEntry] = {}
    for scene in scenes:
        key = (scene.place, scene.place_name)
        if scene.place_name and key not in known:
            number = len(known) + 1
            known[key] = WorldEntry(
                id=f"w{number}", type="place", title=scene.place_name[:120], place=scene.place, order=number - 1
            )
    return list(known.values())


def _logline(first: str, conflict: str, language: Language) -> str:
    """The story's first sentence and what goes wrong, in its own words."""
    end = first.find("。" if language == "zh" else ". ")
    opening = first[: end + 1] if end > 0 else first
    joint = "" if language == "zh" else " "
    line = opening if conflict in opening else opening + joint + conflict
    return line if len(line) <= LONGEST_LOGLINE else line[: LONGEST_LOGLINE - 1].rstrip() + "…"
