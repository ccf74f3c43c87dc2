"""Where this machine's packages come from: what pip and uv are configured to, together, in the terms of each.

A machine may have configured one of the two only, or each differently, and setup uses both. So all is read once
(pip.conf, PIP_*, uv.toml, UV_*), and both are run with what was read, in their environment, and with nothing else of
their configuration: `user`, `constraint`, `no-binary` or `exclude-newer` would change what the lock decides.
"""

import ast
import os
import re
import subprocess
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

ROOT = Path(__file__).resolve().parents[2]
# How pip reaches what it is pointed at, not what it takes from there.
PIP_ACCESS = {"cache-dir", "cert", "client-cert", "default-timeout", "keyring-provider", "no-cache-dir", "proxy"}
PIP_ACCESS |= {"retries", "timeout", "trusted-host"}
# The same of uv, with each named index's credentials.
UV_ACCESS = re.compile(
    r"UV_(CACHE_DIR|CONCURRENT_\w+|HTTP_\w+|INDEX_\w+_(USERNAME|PASSWORD)|INSECURE_HOST|KEYRING_PROVIDER|LINK_MODE"
    r"|NATIVE_TLS|NO_CACHE|OFFLINE|REQUEST_TIMEOUT|SYSTEM_CERTS)"
)
# What the two tools say of the same thing.
UV_NAMES = {
    "cert": "SSL_CERT_FILE",
    "client-cert": "SSL_CLIENT_CERT",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "keyring-provider": "UV_KEYRING_PROVIDER",
    "proxy": "ALL_PROXY",
    "timeout": "UV_HTTP_TIMEOUT",
    "trusted-host": "UV_INSECURE_HOST",
}
UV_TOML_NAMES = {
    "allow-insecure-host": "UV_INSECURE_HOST",
    "keyring-provider": "UV_KEYRING_PROVIDER",
    "native-tls": "UV_NATIVE_TLS",
    "system-certs": "UV_SYSTEM_CERTS",
}


class Unreadable(Exception):
    """A configuration file of pip or uv that they could not read either."""


@dataclass(frozen=True)
class Sources:
    """``index`` stands in for the tools' own default index. ``access`` is how to get there, by environment variable."""

    index: str | None
    extra_indexes: tuple[str, ...]
    find_links: tuple[str, ...]
    no_index: bool
    access: Mapping[str, str]

    @classmethod
    def read(cls, python: Path, environment: Mapping[str, str]) -> "Sources":
        """What ``python -m pip`` and uv would use with this environment. Raises Unreadable."""
        pip, uv = _pip_settings(python, environment), _uv_settings(environment)
        main = [index for index in (uv.get("index-url"), pip.get("index-url")) if index]
        extra = [*uv["extra-index-url"], *pip.get("extra-index-url", "").split(), *main[1:]]
        access = {f"PIP_{name.upper().replace('-', '_')}": value for name, value in pip.items() if name in PIP_ACCESS}
        for name in UV_NAMES.keys() & pip.keys():
            if UV_NAMES[name] not in environment:
                access[UV_NAMES[name]] = " ".join(pip[name].split())
        if "SSL_CERT_FILE" in environment:
            access.setdefault("PIP_CERT", environment["SSL_CERT_FILE"])
        return cls(
            index=main[0] if main else None,
            extra_indexes=tuple(dict.fromkeys(extra)),
            find_links=tuple(dict.fromkeys([*uv["find-links"], *pip.get("find-links", "").split()])),
            no_index=uv["no-index"] or pip.get("no-index", "").lower() in ("1", "true", "yes", "on"),
            access=access | uv["access"],
        )

    @property
    def arguments(self) -> list[str]:
        """For both tools. Folders go here, because their names may have spaces, and indexes do not: they may hold
        passwords, and everybody on a machine can read each other's command lines."""
        return [*(["--no-index"] if self.no_index else []), *(f"--find-links={place}" for place in self.find_links)]

    def pip_environment(self) -> dict[str, str]:
        named = {"PIP_EXTRA_INDEX_URL": " ".join(map(self._with_credentials, self.extra_indexes))}
        if self.index:
            named["PIP_INDEX_URL"] = self._with_credentials(self.index)
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
        return {
            **plain,
            **{name: value for name, value in self.access.items() if not name.startswith("UV_")},
            **{name: value for name, value in named.items() if value},
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }

    def uv_environment(self) -> dict[str, str]:
        named = {"UV_INDEX": " ".join(self.extra_indexes), "UV_DEFAULT_INDEX": self.index or ""}
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
        return {
            **plain,
            **{name: value for name, value in self.access.items() if not name.startswith("PIP_")},
            **{name: value for name, value in named.items() if value},
            "UV_NO_CONFIG": "1",
            # uv takes the first index that has a version, whatever its files; the hashes decide what is installed.
            "UV_INDEX_STRATEGY": "unsafe-best-match",
        }

    def __str__(self) -> str:
        """For a person, without passwords."""
        indexes = [] if self.no_index else [self.index or "the public index", *self.extra_indexes]
        places = [re.sub(r"(//)[^/@]*@", r"\1", _url(place)) for place in indexes] + list(self.find_links)
        return ", ".join(places) or "nowhere at all (no index, no folder)"

    def _with_credentials(self, index: str) -> str:
        """pip has no names for indexes, so what uv is told by name goes into the address."""
        name, url = index.split("=", 1) if _is_named(index) else ("", index)
        variable = re.sub(r"\W", "_", name).upper()
        user, password = (self.access.get(f"UV_INDEX_{variable}_{what}", "") for what in ("USERNAME", "PASSWORD"))
        if name and (user or password) and "@" not in urlsplit(url).netloc:
            return url.replace("://", f"://{quote(user, safe='')}:{quote(password, safe='')}@", 1)
        return url


def _pip_settings(python: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """By option, the strongest value. Options of `install` alone count, too; the environment is strongest."""
    command = [str(python), "-m", "pip", "config", "list"]
    listed = subprocess.run(command, check=False, capture_output=True, text=True, env=dict(environment), cwd=ROOT)
    if listed.returncode:
        raise Unreadable(f"pip cannot list its configuration: {' '.join(listed.stderr.split())}")
    ranks = {"global": 0, "install": 1, ":env:": 2}
    found: dict[str, tuple[int, str]] = {}
    for line in listed.stdout.splitlines():
        section, _, rest = line.partition(".")
        name, _, value = rest.partition("=")
        if section in ranks and value and ranks[section] >= found.get(name, (0, ""))[0]:
            found[name] = (ranks[section], str(ast.literal_eval(value)))
    return {name: value for name, (_, value) in found.items()}


def _uv_settings(environment: Mapping[str, str]) -> dict[str, Any]:
    """``index-url``, ``extra-index-url`` (best first), ``find-links``, ``no-index``, and ``access`` by variable."""
    extra = _words(environment, "UV_INDEX") + _words(environment, "UV_EXTRA_INDEX_URL")
    found: dict[str, Any] = {
        "index-url": environment.get("UV_DEFAULT_INDEX") or environment.get("UV_INDEX_URL"),
        "extra-index-url": extra,
        "find-links": [place for place in environment.get("UV_FIND_LINKS", "").split(",") if place],
        "no-index": False,
        "access": {name: value for name, value in environment.items() if UV_ACCESS.fullmatch(name)},
    }
    for file in _uv_files(environment):
        try:
            settings = tomllib.loads(file.read_text(encoding="utf-8"))
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise Unreadable(f"{file} cannot be read: {error}") from error
        _add_uv_file(found, settings | settings.get("pip", {}))
    return found


def _add_uv_file(found: dict[str, Any], settings: Mapping[str, Any]) -> None:
    for index in settings.get("index", []):
        url = f"{index['name']}={index['url']}" if "name" in index else index["url"]
        if index.get("format") == "flat":
            found["find-links"].append(index["url"])
        elif index.get("default"):
            found["index-url"] = found["index-url"] or url
        elif not index.get("explicit"):
            found["extra-index-url"].append(url)
    found["index-url"] = found["index-url"] or settings.get("index-url")
    found["extra-index-url"] += settings.get("extra-index-url", [])
    found["find-links"] += settings.get("find-links", [])
    found["no-index"] = found["no-index"] or settings.get("no-index", False)
    for name, variable in UV_TOML_NAMES.items():
        if name in settings and variable not in found["access"]:
            found["access"][variable] = _as_variable(settings[name])


def _uv_files(environment: Mapping[str, str]) -> Iterable[Path]:
    """Strongest first; the first that exists of the system's."""
    if environment.get("UV_NO_CONFIG"):
        return []
    if named := environment.get("UV_CONFIG_FILE"):
        return [Path(named)]
    home = Path(environment.get("XDG_CONFIG_HOME") or Path(environment.get("HOME") or Path.home(), ".config"))
    system = [*(environment.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":"), "/etc"]
    system_files = [file for folder in system if (file := Path(folder, "uv", "uv.toml")).is_file()]
    return [file for file in (ROOT / "uv.toml", home / "uv" / "uv.toml") if file.is_file()] + system_files[:1]


def _as_variable(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def _words(environment: Mapping[str, str], name: str) -> list[str]:
    return environment.get(name, "").split()


def _is_named(index: str) -> bool:
    """uv's ``name=address``; an address may have ``=`` itself, after its ``:`` or ``/``."""
    return re.match(r"[\w.-]+=", index) is not None


def _url(index: str) -> str:
    return index.split("=", 1)[1] if _is_named(index) else index
