"""ElevenLabs Music over HTTP: a composition plan in words, section by section. It is told nothing of the melody itself.

The wire is that of ``POST /v1/music`` (elevenlabs.io/docs/api-reference/music/compose, and the types of its official
Python client): the answer is the sound, the header ``song-id`` names it. There is nothing to poll, nothing to fetch a
second time, and no idempotency on their side: what comes back is kept before anything else.
"""

from pathlib import Path
from typing import Any

from pydantic import SecretStr

from soundstage.models.composition import Section, VariantPlan
from soundstage.models.providers import ElevenLabsTerms
from soundstage.providers.http import Times, Wire
from soundstage.providers.music.prompts import NOT_WANTED, section_seconds, section_styles, styles_of
from soundstage.providers.music.request import MusicRequest
from soundstage.providers.protocol import AnsweredAtOnce, Estimate, Reference, Submitted

WHO = "ElevenLabs"
SHORTEST_SECTION_MS, LONGEST_SECTION_MS = 3_000, 120_000


class ElevenLabsMusic(AnsweredAtOnce):
    name = "elevenlabs"
    who = WHO
    repeatable = False

    def __init__(self, terms: ElevenLabsTerms, key: SecretStr, *, times: Times | None = None) -> None:
        self._terms = terms
        # They answer when the song is made: the first byte may take minutes.
        self._wire = Wire(
            terms.url, who=WHO, headers={"xi-api-key": key}, times=times or Times(read=300.0, whole=420.0)
        )

    def fingerprint(self, request: MusicRequest) -> str:
        return request.fingerprint(self.name, self._terms.model_dump(include={"model", "output_format"}))

    def estimate(self, request: MusicRequest) -> Estimate:
        minutes = request.plan.duration_s / 60.0
        return Estimate(usd=minutes * self._terms.usd_per_minute, seconds=minutes * self._terms.seconds_per_minute)

    def submit(self, request: MusicRequest, idempotency_key: str, folder: Path) -> Submitted:
        old = self._terms.model.startswith("music_v1")
        body: dict[str, Any] = {
            "model_id": self._terms.model,
            "composition_plan": sections_plan(request.plan) if old else chunks_plan(request.plan),
            "seed": request.plan.seed % 2**31,
        }
        if old:
            body["respect_sections_durations"] = True
        download = self._wire.submit_for_file(
            "/v1/music",
            folder / "elevenlabs.audio",
            idempotency_key=idempotency_key,
            params={"output_format": self._terms.output_format},
            json=body,
        )
        song_id = download.headers.get("song-id") or idempotency_key
        return Submitted(Reference(provider=self.name, id=song_id), result=download.path)


def sections_plan(plan: VariantPlan) -> dict[str, Any]:
    """``music_v1``: styles of the whole, then sections with their own."""
    return {
        "positive_global_styles": styles_of(plan),
        "negative_global_styles": list(NOT_WANTED),
        "sections": [
            {
                "section_name": section.name.title(),
                "positive_local_styles": section_styles(section, plan),
                "negative_local_styles": [],
                "duration_ms": duration_ms,
                "lines": [],
            }
            for section, duration_ms in _parts(plan)
        ],
    }


def chunks_plan(plan: VariantPlan) -> dict[str, Any]:
    """``music_v2`` and later: chunks, the first of which sets the tone of all."""
    return {
        "chunks": [
            {
                "text": f"[{section.name.title()}]",
                "duration_ms": duration_ms,
                "positive_styles": [*styles_of(plan), *section_styles(section, plan)],
                "negative_styles": list(NOT_WANTED),
            }
            for section, duration_ms in _parts(plan)
        ]
    }


def _parts(plan: VariantPlan) -> list[tuple[Section, int]]:
    """Sections within their limits (3 s to 2 min) that together last as long as the song, to the millisecond."""
    parts: list[tuple[Section, int]] = []
    done_s, done_ms = 0.0, 0
    for section, seconds in section_seconds(plan):
        done_s += seconds
        length_ms = round(1000 * done_s) - done_ms
        done_ms += length_ms
        if parts and min(length_ms, parts[-1][1]) < SHORTEST_SECTION_MS:
            before, its_ms = parts.pop()
            parts.append((before if its_ms >= length_ms else section, its_ms + length_ms))
        else:
            parts.append((section, length_ms))
    return [(section, piece) for section, length_ms in parts for piece in _pieces(length_ms)]


def _pieces(length_ms: int) -> list[int]:
    """A section in as few equal pieces as their longest allows."""
    count = -(-length_ms // LONGEST_SECTION_MS)
    return [length_ms * (i + 1) // count - length_ms * i // count for i in range(count)]
