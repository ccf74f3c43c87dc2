"""What may be set up: addresses that keep keys safe, and names that the API can tell people."""

import pytest
from pydantic import SecretStr, ValidationError

from soundstage.models.providers import AceStepTerms, ElevenLabsTerms, MusicProviders
from soundstage.platform.settings import MusicProviderSettings
from soundstage.providers.errors import Unsupported
from soundstage.providers.music.registry import music_provider


@pytest.mark.parametrize(
    "url", ["https://ace.example.org", "https://ace.example.org/api/", "http://127.0.0.1:8001", "http://[::1]:8001"]
)
def test_https_or_this_machine(url: str) -> None:
    assert AceStepTerms(url=url).url == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "http://ace.example.org",
        "http://10.0.0.5:8001",
        "http://127.0.0.1.example.org",
        "https://user:key@ace.example.org",
        "https://ace.example.org?key=1",
        "ftp://127.0.0.1",
        "ace.example.org",
    ],
)
def test_nothing_else(url: str) -> None:
    with pytest.raises(ValidationError):
        AceStepTerms(url=url)


def test_the_environment_says_which_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MusicProviderSettings().music_providers.names == ("embedded",)
    monkeypatch.setenv("SOUNDSTAGE_MUSIC_PROVIDERS", '{"elevenlabs": {}, "ace_step": {"url": "https://a.example.org"}}')
    assert MusicProviderSettings().music_providers.names == ("embedded", "ace_step", "elevenlabs")
    monkeypatch.setenv("SOUNDSTAGE_MUSIC_PROVIDERS", '{"suno": {}}')
    with pytest.raises(ValidationError):
        MusicProviderSettings()


def test_only_what_is_set_up_is_there() -> None:
    terms = MusicProviders(elevenlabs=ElevenLabsTerms())
    assert music_provider("embedded", terms, {}).name == "embedded"
    assert music_provider("elevenlabs", terms, {"elevenlabs": SecretStr("k")}).name == "elevenlabs"
    with pytest.raises(Unsupported, match="no key"):
        music_provider("elevenlabs", terms, {})
    for name in ("ace_step", "musicgen", "suno"):
        with pytest.raises(Unsupported):
            music_provider(name, terms, {})
