"""What a film will take, before anything is spent: seconds of work and of film, and what providers would charge."""

from collections.abc import Mapping

from soundstage.film.settings import planning_settings
from soundstage.models.film import FilmSettings
from soundstage.models.profiles import ProfileKind, ProfileTerms
from soundstage.models.projects import BatchProblem, Estimate, ShotEstimate
from soundstage.models.providers import EMBEDDED
from soundstage.models.story import PartId, Storyboard

SPOKEN_S_PER_SHOT = 9.0
"""Of a story, where there is no storyboard yet: two sentences."""
PICTURE_S = {"final": 2.7, "preview": 1.2}
"""To paint one, on one core."""
SPEECH_S_PER_S = 0.55
"""Of work for a second of speech, on one core."""
FILM_S_PER_S = {"final": 0.6, "preview": 0.4}
"""Of work for a second of film: frames, encoding, sound (297 words, 18 shots, 112 s: docs/measured.md)."""
HELD_S_PER_S = 0.1
"""The same for an animatic, whose pictures are held."""
AROUND_WORDS_S = 1.0
"""Of a shot before its first and after its last word (``soundstage.film.timeline``: LEAD_S and TAIL_S)."""
SILENT_S = 3.0
CARDS_S = 6.5
"""Title and end card."""
CHARACTERS_PER_PRICE = 1000
"""Speech is charged by so many."""
NO_PRICES: Mapping[ProfileKind, ProfileTerms] = {}
LANGUAGE_MODEL = "language_model"
"""Of a project's providers of text: the one that whoever runs this has set up."""


def film_estimate(
    storyboard: Storyboard,
    settings: FilmSettings,
    to_make: Mapping[PartId, tuple[bool, bool]],
    spoken_s: Mapping[PartId, float],
    *,
    profiles: Mapping[ProfileKind, ProfileTerms] = NO_PRICES,
    to_buy: Mapping[PartId, tuple[bool, bool]] | None = None,
) -> Estimate:
    """``to_make``: whether a shot's picture and speech have to be made; ``spoken_s``: of its words at speed 1;
    ``profiles``: who is paid for what, those that the settings name; ``to_buy``: whether picture and speech are still
    to be bought, where that differs: what we made before there was a profile is there, and the film buys it.
    """
    settings = planning_settings(settings)
    wanted = to_make if to_buy is None else to_buy
    shots, usd = [], 0.0
    for shot in storyboard.shots:
        picture, speech = to_make.get(shot.id, (True, True))
        image, voice = wanted.get(shot.id, (True, True))
        usd += price_of(profiles, pictures=image, characters=len(shot.narration) if voice else 0, clips=image)
        seconds = spoken_s[shot.id] / settings.speed
        shown_s = seconds + AROUND_WORDS_S if seconds else (0.0 if shot.duration_s else SILENT_S)
        shots.append(
            ShotEstimate(
                shot_id=None,
                shot=shot.id,
                picture_s=PICTURE_S[settings.quality] if picture else 0.0,
                speech_s=round(SPEECH_S_PER_S * seconds, 1) if speech else 0.0,
                duration_s=round(max(shot.duration_s or 0.0, shown_s), 1),
            )
        )
    return _summed(shots, settings, usd, basis="storyboard")


def story_estimate(
    spoken_s: float,
    settings: FilmSettings,
    profiles: Mapping[ProfileKind, ProfileTerms] = NO_PRICES,
    characters: int = 0,
) -> Estimate:
    """From how long a story takes to be read aloud at speed 1, and how many characters it has."""
    settings = planning_settings(settings)
    count = max(1, round(spoken_s / SPOKEN_S_PER_SHOT))
    seconds = spoken_s / settings.speed / count
    shot = ShotEstimate(
        shot_id=None,
        shot="s1",
        picture_s=PICTURE_S[settings.quality],
        speech_s=round(SPEECH_S_PER_S * seconds, 1),
        duration_s=round(seconds + AROUND_WORDS_S, 1),
    )
    shots = [shot.model_copy(update={"shot": f"s{number}"}) for number in range(1, count + 1)]
    usd = price_of(profiles, pictures=count, characters=characters, clips=count)
    return _summed(shots, settings, usd, basis="story")


def price_of(profiles: Mapping[ProfileKind, ProfileTerms], *, pictures: int, characters: int, clips: int) -> float:
    """In USD, by what the profiles say that they ask."""
    amounts: dict[ProfileKind, float] = {
        "image": pictures,
        "speech": characters / CHARACTERS_PER_PRICE,
        "clip": clips,
    }
    total = 0.0
    for kind, terms in profiles.items():
        # Polly is asked for the sound, and again for when its words sound.
        times = 2 if terms.protocol == "polly" else 1
        total += times * amounts.get(kind, 0.0) * terms.price_usd
    return total


def budget_problem(usd: float, spent_usd: float, settings: FilmSettings) -> BatchProblem | None:
    """What is in the way where providers would cost more than the project may spend."""
    if usd + spent_usd <= settings.max_usd + 1e-9:
        return None
    already = f", and ${spent_usd:.2f} are spent" if spent_usd else ""
    what = (
        f"Providers would cost about ${usd:.2f}{already}; this project may spend ${settings.max_usd:.2f}: raise "
        "settings.max_usd, or choose others in settings.providers."
    )
    return BatchProblem(code="BUDGET_EXCEEDED", message=what)


def problems_of(
    storyboard: Storyboard | None,
    settings: FilmSettings,
    profiles: Mapping[ProfileKind, ProfileTerms] = NO_PRICES,
) -> list[BatchProblem]:
    """Everything for which a batch is refused before it is begun; without a storyboard, what is known by then.

    ``profiles``: those that the settings name and that there are.
    """
    found = [
        BatchProblem(
            code="PROVIDER_UNKNOWN",
            message=f"There is no model profile {name!r} for {kind}; leave it out, and ours makes it.",
        )
        for kind, name in settings.providers.items()
        if name != EMBEDDED and kind not in profiles and (kind, name) != ("text", LANGUAGE_MODEL)
    ]
    for shot in storyboard.shots if storyboard else []:
        if not (shot.prompt.strip() or shot.narration.strip()):
            what = "It says neither what is seen nor what is said; write a prompt or a narration, or delete it."
            found.append(BatchProblem(shot=shot.id, code="SHOT_EMPTY", message=what))
    return found


def _summed(shots: list[ShotEstimate], settings: FilmSettings, usd: float, *, basis: str) -> Estimate:
    duration_s = sum(shot.duration_s for shot in shots) + (CARDS_S if settings.title_card else 0.0)
    per_s = HELD_S_PER_S if settings.animatic else FILM_S_PER_S[settings.quality]
    making_s = sum(shot.picture_s + shot.speech_s for shot in shots)
    return Estimate.model_validate(
        {
            "usd": round(usd, 4),
            "work_s": round(making_s + per_s * duration_s, 1),
            "film_duration_s": round(duration_s, 1),
            "shots_to_make": sum(shot.picture_s + shot.speech_s > 0 for shot in shots),
            "shots": shots,
            "basis": basis,
        }
    )
