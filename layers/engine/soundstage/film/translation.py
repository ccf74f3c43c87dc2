"""A project in another language: its pictures, its order and its music with other words."""

import hashlib
from typing import Any

from soundstage.film.settings import merged_settings
from soundstage.models.errors import InvalidInput, NoStoryboard, TranslationMissing
from soundstage.models.film import FilmSettings
from soundstage.models.projects import ProjectDocument, ShotTranslation, Translation
from soundstage.models.story import LANGUAGE_NAMES, Beat, Language, PartId, Shot, Storyboard

PHASES: dict[Language, dict[str, str]] = {
    "en": {"opening": "Opening", "development": "Development", "turn": "Turn", "conclusion": "Conclusion"},
    "zh": {"opening": "开端", "development": "发展", "turn": "转折", "conclusion": "结局"},
}
"""What chapters are called where no shot has a translated title."""


def film_of(document: ProjectDocument, changes: dict[str, Any]) -> tuple[Storyboard, FilmSettings]:
    """What is filmed where ``changes`` is what a film's settings differ in: in another language, its translation.

    Raises:
        NoStoryboard: there is none.
        TranslationMissing: not into this language, or not of all that is said; ``detail.shots`` names the rest.
        InvalidInput: no settings come out.
    """
    if document.storyboard is None:
        raise NoStoryboard("The project has no storyboard yet.")
    board, settings = document.storyboard, merged_settings(document.settings, changes)
    language = settings.language if changes.get("language") else board.language
    if language is None or language == board.language:
        return board, settings
    translation = document.translations.get(language)
    if translation is None:
        raise TranslationMissing(f"The project has no translation into {LANGUAGE_NAMES[language]}.")
    # The project's narrator speaks its own language.
    spoken: dict[str, object] = {"narrator": changes.get("narrator") or translation.narrator}
    if not changes.get("own_narration"):
        spoken["own_narration"] = None
    return translated(board, language, translation), settings.model_copy(update=spoken)


def translated(board: Storyboard, language: Language, translation: Translation) -> Storyboard:
    """The storyboard with the translation's words. Raises TranslationMissing where it lacks some."""
    missing = untranslated(board, translation)
    if missing:
        raise TranslationMissing(
            f"{len(missing)} shots are not translated into {LANGUAGE_NAMES[language]}.", detail={"shots": missing}
        )
    shots = [_translated(shot, translation.shots.get(shot.id)) for shot in board.shots]
    titles = {shot.id: shot.title for shot in shots}
    beats = [beat.model_copy(update={"name": _chapter(beat, titles, language)}) for beat in board.chain.beats]
    chain = board.chain.model_copy(update={"beats": beats})
    update = {"language": language, "shots": shots, "chain": chain, "logline": ""}
    return board.renamed(translation.title[:120]).model_copy(update=update)


def untranslated(board: Storyboard, translation: Translation) -> list[PartId]:
    """Shots that say something, and nothing in the translation."""
    told = {id_ for id_, shot in translation.shots.items() if shot.narration.strip()}
    return [shot.id for shot in board.shots if shot.narration.strip() and shot.id not in told]


def outdated(board: Storyboard, translation: Translation) -> list[PartId]:
    """Shots whose narration has changed since it was translated."""
    return [
        shot.id
        for shot in board.shots
        if shot.id in translation.shots and translation.shots[shot.id].of != digest_of(shot.narration)
    ]


def with_translation(document: ProjectDocument, language: Language, translation: Translation) -> ProjectDocument:
    """The document with it, in place of the one there was. Raises NoStoryboard, and InvalidInput."""
    board = document.storyboard
    if board is None:
        raise NoStoryboard("The project has no storyboard yet.")
    if language == board.language:
        raise InvalidInput(f"The project is in {LANGUAGE_NAMES[language]} itself: edit its shots.")
    narrations = {shot.id: shot.narration for shot in board.shots}
    unknown = sorted(translation.shots.keys() - narrations.keys())
    if unknown:
        raise InvalidInput("The translation is of shots that are not there.", detail={"unknown": unknown})
    characters = {character.id for character in board.characters}
    strangers = sorted(
        {line.speaker for shot in translation.shots.values() for line in shot.lines if line.speaker} - characters
    )
    if strangers:
        raise InvalidInput("Lines are spoken by who is not there.", detail={"unknown": strangers})
    shots = {id_: shot.model_copy(update={"of": digest_of(narrations[id_])}) for id_, shot in translation.shots.items()}
    known = translation.model_copy(update={"shots": shots})
    return document.model_copy(update={"translations": document.translations | {language: known}})


def digest_of(narration: str) -> str:
    return hashlib.sha256(narration.encode()).hexdigest()


def _translated(shot: Shot, words: ShotTranslation | None) -> Shot:
    told = words or ShotTranslation()
    update = {
        "title": told.title,
        "narration": told.narration,
        "lines": told.lines,
        "own_recording": told.own_recording,
    }
    return shot.model_copy(update=update)


def _chapter(beat: Beat, titles: dict[PartId, str], language: Language) -> str:
    return next((titles[id_] for id_ in beat.shots if titles.get(id_)), PHASES[language][beat.phase])
