"""LocalStack's environment, lock and plugin, as far as they need no LocalStack."""

import configparser
import importlib.util
import sys
from pathlib import Path

import pytest
from infra.local import emulator
from infra.local.localstack import LOCK_FILES, PLUGIN, environment
from infra.local.localstack import service as localstack
from infra.local.locked_files import locked
from infra.local.settings import InstanceSettings


def settings(tmp_path: Path, **said: object) -> InstanceSettings:
    return InstanceSettings.model_validate({"data_dir": tmp_path, **said})


def test_a_python_that_does_not_suit_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    other = tmp_path / "python"
    other.write_text("#!/bin/sh\necho 3 9\n")
    other.chmod(0o755)
    monkeypatch.setenv(environment.NAMED, str(other))

    with pytest.raises(environment.Unavailable, match=r"needs CPython 3\.13"):
        environment.interpreter()


def test_the_python_that_is_named_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    named = tmp_path / "python"
    named.write_text("#!/bin/sh\necho 3 13\n")
    named.chmod(0o755)
    monkeypatch.setenv(environment.NAMED, str(named))

    assert environment.interpreter() == named


def test_the_image_needs_docker_and_a_token(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(localstack.TOKEN, raising=False)

    with pytest.raises(environment.Unavailable, match=localstack.TOKEN):
        emulator.cloud(settings(tmp_path, cloud="localstack-image"))


def test_a_token_stands_on_no_command_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    docker = tmp_path / "docker"
    docker.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv(localstack.TOKEN, "ls-very-private")

    service = emulator.cloud(settings(tmp_path, cloud="localstack-image"))

    assert not any("ls-very-private" in str(part) for part in service.command)
    assert service.environment[localstack.TOKEN] == "ls-very-private"


def test_what_one_program_keeps_lies_apart_from_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOUNDSTAGE_DATA_DIR", raising=False)
    homes = {InstanceSettings.model_validate({"cloud": name}).home for name in emulator.CLOUDS}

    assert len(homes) == len(emulator.CLOUDS)


def test_every_package_of_the_lock_has_a_named_file() -> None:
    lock, names = (file.read_text() for file in LOCK_FILES)
    known = {line.split()[0] for line in names.splitlines()}

    assert "localstack-core==4.14.0" in lock
    assert all(hashes & known for _, hashes in locked(lock))


def test_the_entry_points_name_what_the_plugin_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(PLUGIN), *sys.path])
    declared = configparser.ConfigParser(delimiters=("=",))
    declared.read(PLUGIN / "soundstage_localstack-1.dist-info" / "entry_points.txt")

    for section in declared.sections():
        for _, target in declared.items(section):
            module, name = target.split(":")
            found = importlib.util.find_spec(module)
            assert found is not None
            assert found.origin is not None
            assert any(line.split("(")[0].split()[1:] == [name] for line in _definitions(Path(found.origin)))


def _definitions(file: Path) -> list[str]:
    return [line for line in file.read_text().splitlines() if line.startswith(("def ", "class "))]
