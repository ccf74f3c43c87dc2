"""Write the generated part of ``soundstage.client`` from docs/openapi.json. ``python -m infra.client.generate``

The modules that ``GENERATED`` names are not committed: set-up writes them anew whenever the document or what stands in
this folder has changed, as it does with the console's types. Those beside them are written by hand.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "openapi.json"
HERE = Path(__file__).parent
CLIENT = ROOT / "layers" / "engine" / "soundstage" / "client"
GENERATED = ("api", "models", "client.py", "errors.py", "types.py")


class NotGenerated(Exception):
    """The generator left something of the document out; the message is its own."""


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch) / "client"
        generate(made)
        for name in GENERATED:
            target = CLIENT / name
            shutil.rmtree(target) if target.is_dir() else target.unlink(missing_ok=True)
            shutil.move(made / name, target)


def generate(folder: Path) -> None:
    """All modules into a folder that is not there yet. Raises NotGenerated."""
    tools = Path(sys.executable).parent
    command: list[str | Path] = [tools / "openapi-python-client", "generate", "--path", DOCUMENT, "--meta", "none"]
    command += ["--config", HERE / "config.yml", "--custom-template-path", HERE / "templates"]
    done = subprocess.run([*command, "--output-path", folder], capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode or "WARNING" in done.stdout + done.stderr:
        raise NotGenerated(done.stdout + done.stderr)
    for tidied in (["check", "--fix-only", "--select=I,F401"], ["format", "--line-length=120"]):
        subprocess.run([tools / "ruff", *tidied, "--isolated", "--quiet", folder], check=True)  # noqa: S603


if __name__ == "__main__":
    main()
