"""Files appear whole or not at all."""

import hashlib
from pathlib import Path

import pytest

from soundstage.media.files import copy_file, sha256_of, whole_file, write_text


def test_what_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "film.json"
    write_text(path, "first\n")

    with pytest.raises(RuntimeError), whole_file(path) as partial:  # noqa: PT012  (what raises is the block)
        partial.write_text("half")
        raise RuntimeError

    assert path.read_bytes() == b"first\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_copy_has_the_same_bytes_and_replaces_what_was_there(tmp_path: Path) -> None:
    source, target = tmp_path / "a", tmp_path / "b"
    source.write_bytes(bytes(range(256)) * 5000)
    target.write_bytes(b"old")

    copy_file(source, target)

    assert target.read_bytes() == source.read_bytes()
    assert sha256_of(target) == hashlib.sha256(source.read_bytes()).hexdigest()
    assert sorted(tmp_path.iterdir()) == [source, target]


def test_a_copy_of_nothing_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"old")

    with pytest.raises(FileNotFoundError):
        copy_file(tmp_path / "a", tmp_path / "b")

    assert (tmp_path / "b").read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [tmp_path / "b"]
