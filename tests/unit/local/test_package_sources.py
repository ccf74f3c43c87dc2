"""What pip and uv are configured to is read from wherever they read it, and told to both."""

import sys
from pathlib import Path

import pytest
from infra.local.package_sources import Sources, Unreadable


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def bare(home: Path) -> dict[str, str]:
    return {"HOME": str(home), "XDG_CONFIG_DIRS": str(home / "xdg"), "PATH": "/usr/bin:/bin"}


def read(environment: dict[str, str]) -> Sources:
    return Sources.read(Path(sys.executable), environment)


def test_the_environment_of_both_tools(bare: dict[str, str]) -> None:
    sources = read(
        bare
        | {
            "PIP_CONFIG_FILE": "/dev/null",
            "PIP_INDEX_URL": "https://mirror.example/simple",
            "PIP_EXTRA_INDEX_URL": "https://a.example/simple https://b.example/simple",
            "PIP_FIND_LINKS": "/wheels /more",
            "PIP_CERT": "/company.pem",
            "UV_INDEX": "inner=https://c.example/simple",
            "UV_FIND_LINKS": "/with space,/wheels",
        }
    )
    assert sources.index == "https://mirror.example/simple"
    assert sources.extra_indexes == (
        "inner=https://c.example/simple",
        "https://a.example/simple",
        "https://b.example/simple",
    )
    assert sources.arguments == ["--find-links=/with space", "--find-links=/wheels", "--find-links=/more"]
    assert sources.uv_environment()["SSL_CERT_FILE"] == "/company.pem"
    assert sources.pip_environment()["PIP_EXTRA_INDEX_URL"].split()[0] == "https://c.example/simple"


def test_the_files_of_both_tools(bare: dict[str, str], home: Path) -> None:
    (home / "pip.conf").write_text("[global]\nindex-url = https://pip.example/simple\nuser = true\nno-index = false\n")
    for folder, main in (
        (home / ".config" / "uv", "https://uv.example/simple"),
        (home / "xdg" / "uv", "https://system.example"),
    ):
        folder.mkdir(parents=True)
        (folder / "uv.toml").write_text(
            f'native-tls = true\n[[index]]\nname = "main"\nurl = "{main}"\ndefault = true\n'
            f'[[index]]\nurl = "{main}/torch"\nexplicit = true\n[[index]]\nurl = "{main}/flat"\nformat = "flat"\n'
        )
    sources = read(bare | {"PIP_CONFIG_FILE": str(home / "pip.conf")})
    assert sources.index == "main=https://uv.example/simple"
    assert sources.extra_indexes == ("https://pip.example/simple",)
    assert sources.find_links == ("https://uv.example/simple/flat", "https://system.example/flat")
    assert sources.uv_environment()["UV_NATIVE_TLS"] == "true"
    assert "PIP_USER" not in sources.pip_environment()
    assert not sources.no_index


def test_nothing_configured_is_left_to_the_tools(bare: dict[str, str]) -> None:
    sources = read(bare | {"PIP_CONFIG_FILE": "/dev/null"})
    assert (sources.index, sources.extra_indexes, sources.find_links, sources.no_index) == (None, (), (), False)
    assert not {"PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"} & sources.pip_environment().keys()
    assert not {"UV_DEFAULT_INDEX", "UV_INDEX"} & sources.uv_environment().keys()


def test_pip_gets_what_uv_knows_by_an_index_name(bare: dict[str, str]) -> None:
    secret = {"UV_INDEX_MY_OWN_USERNAME": "me", "UV_INDEX_MY_OWN_PASSWORD": "p@ss"}
    named = {"UV_INDEX": "my-own=https://a.example/simple?x=1", "PIP_CONFIG_FILE": "/dev/null"}
    sources = read(bare | named | secret)
    assert sources.pip_environment()["PIP_EXTRA_INDEX_URL"] == "https://me:p%40ss@a.example/simple?x=1"
    assert secret.items() <= sources.uv_environment().items()


def test_no_index_of_either_holds_for_both(bare: dict[str, str], home: Path) -> None:
    (home / "uv.toml").write_text("no-index = true\n")
    for said in ({"PIP_NO_INDEX": "true"}, {"UV_CONFIG_FILE": str(home / "uv.toml")}):
        assert read(bare | said | {"PIP_CONFIG_FILE": "/dev/null"}).arguments == ["--no-index"]


def test_what_cannot_be_read_is_named(bare: dict[str, str], home: Path) -> None:
    (home / "uv.toml").write_text("[[index]\n")
    with pytest.raises(Unreadable, match=r"uv\.toml cannot be read: "):
        read(bare | {"UV_CONFIG_FILE": str(home / "uv.toml"), "PIP_CONFIG_FILE": "/dev/null"})
    (home / "pip.conf").write_text("index-url = https://nowhere.example\n")
    with pytest.raises(Unreadable, match=r"^pip cannot list its configuration: Configuration file .* line: 1"):
        read(bare | {"PIP_CONFIG_FILE": str(home / "pip.conf")})
