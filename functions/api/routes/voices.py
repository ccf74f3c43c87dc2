"""Voices that narrate films and speak for their characters."""

from typing import Annotated

from fastapi import Query
from functions.api.middleware.routers import signed_in_router
from pydantic import BaseModel, ConfigDict, Field

from soundstage.models.story import Language
from soundstage.speech.voices import NARRATORS, Age, Gender, list_voices

router = signed_in_router("/v1/voices", "voices")


class VoiceView(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str = Field(description="For ``settings.narrator``, and a character's ``voice``.")
    name: str
    language: Language
    accent: str
    gender: Gender
    age: Age = Field(description="The impression that it gives.")


class Voices(BaseModel):
    items: list[VoiceView]
    narrators: dict[Language, str] = Field(description="Who tells a story where nobody was chosen.")


@router.get("")
def show_voices(
    language: Annotated[Language | None, Query(description="Those that speak it; all when left out.")] = None,
) -> Voices:
    """All of them come with Soundstage."""
    items = [VoiceView.model_validate(voice) for voice in list_voices(language)]
    return Voices(items=items, narrators=dict(NARRATORS))
