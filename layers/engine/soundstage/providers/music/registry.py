"""The providers of music that this studio has set up, by name."""

from collections.abc import Mapping

from pydantic import SecretStr

from soundstage.models.providers import EMBEDDED, MusicProviders
from soundstage.providers.errors import Unsupported
from soundstage.providers.music.ace_step import AceStepMusic
from soundstage.providers.music.elevenlabs import ElevenLabsMusic
from soundstage.providers.music.embedded import EmbeddedMusic
from soundstage.providers.music.musicgen import MusicGenMusic
from soundstage.providers.music.request import MusicProvider


def music_provider(name: str, terms: MusicProviders, keys: Mapping[str, SecretStr]) -> MusicProvider:
    """``keys``: provider's name → key. Raises Unsupported for what is not set up here."""
    if name == EMBEDDED:
        return EmbeddedMusic()
    if name == "ace_step" and terms.ace_step is not None:
        return AceStepMusic(terms.ace_step, keys.get(name))
    if name == "elevenlabs" and terms.elevenlabs is not None:
        if name not in keys:
            raise Unsupported("ElevenLabs has no key in the secret store.")
        return ElevenLabsMusic(terms.elevenlabs, keys[name])
    if name == "musicgen" and terms.musicgen is not None:
        return MusicGenMusic(terms.musicgen)
    raise Unsupported(f"{name!r} is not set up on this worker.")
