"""The embedded cloud on LocalStack, not MiniStack: ``SOUNDSTAGE_CLOUD=localstack make up`` (docs/localstack.md)."""

from pathlib import Path

HERE = Path(__file__).parent
LOCK_FILES = (HERE / "constraints.txt", HERE / "constraints.sha256")
PLUGIN = HERE / "plugin"
