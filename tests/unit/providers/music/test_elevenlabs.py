"""ElevenLabs Music: the request has the shape of its API reference, within its limits, for both kinds of plan."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from tests.fixtures.provider_servers import KEY, Server

from soundstage.models.composition import Composition, Section, VariantPlan
from soundstage.models.providers import ElevenLabsTerms
from soundstage.providers.errors import Expired
from soundstage.providers.music.elevenlabs import ElevenLabsMusic, chunks_plan, sections_plan
from soundstage.providers.music.request import MusicRequest


def test_music_v2_gets_chunks(
    elevenlabs: ElevenLabsMusic, request_a: MusicRequest, folder: Path, server: Server
) -> None:
    submitted = elevenlabs.submit(request_a, "job-A", folder)
    (seen,) = server.seen
    assert (seen.method, seen.path, seen.query) == ("POST", "/v1/music", {"output_format": ["auto"]})
    assert seen.headers["xi-api-key"] == KEY
    assert seen.headers["content-type"] == "application/json"
    assert set(seen.json) == {"model_id", "composition_plan", "seed"}
    assert seen.json["model_id"] == "music_v2"
    for chunk in seen.json["composition_plan"]["chunks"]:
        assert set(chunk) == {"text", "duration_ms", "positive_styles", "negative_styles"}
        assert chunk["text"].startswith("[")
        assert "vocals" in chunk["negative_styles"]
    assert submitted.reference.id == "song-1"


def test_music_v1_gets_sections(server: Server, request_a: MusicRequest, folder: Path) -> None:
    old = ElevenLabsMusic(ElevenLabsTerms(url=server.url, model="music_v1"), SecretStr(KEY))
    old.submit(request_a, "job-A", folder)
    body = server.seen[0].json
    assert body["respect_sections_durations"] is True
    assert set(body["composition_plan"]) == {"positive_global_styles", "negative_global_styles", "sections"}
    assert set(body["composition_plan"]["sections"][0]) == {
        "section_name",
        "positive_local_styles",
        "negative_local_styles",
        "duration_ms",
        "lines",
    }


def test_a_song_is_handed_out_once(elevenlabs: ElevenLabsMusic, request_a: MusicRequest, folder: Path) -> None:
    reference = elevenlabs.submit(request_a, "job-A", folder).reference
    with pytest.raises(Expired):
        elevenlabs.fetch(reference, request_a, folder)


@given(bars=st.lists(st.integers(1, 80), min_size=1, max_size=8), tempo_bpm=st.floats(40, 240))
def test_any_form_fits_their_limits(composition: Composition, bars: list[int], tempo_bpm: float) -> None:
    starts = [sum(bars[:i]) for i in range(len(bars))]
    sections = [Section(name="verse", start_bar=s, bars=b, energy=0.5) for s, b in zip(starts, bars, strict=True)]
    seconds = sum(bars) * composition.variants["A"].bar_beats * 60 / tempo_bpm + 1.5
    plan: VariantPlan = composition.variants["A"].model_copy(
        update={"sections": sections, "tempo_bpm": tempo_bpm, "duration_s": max(seconds, 3.0)}
    )
    for lengths in (
        [chunk["duration_ms"] for chunk in chunks_plan(plan)["chunks"]],
        [section["duration_ms"] for section in sections_plan(plan)["sections"]],
    ):
        assert sum(lengths) == round(1000 * plan.duration_s)
        assert all(3_000 <= length <= 120_000 for length in lengths)
