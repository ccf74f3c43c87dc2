"""Which addresses people's providers and webhooks may have: only public ones, where others' machines are within reach.

A name is resolved here, once, and the connection goes to the very address that was looked at: a name that answers
differently the second time (DNS rebinding) leads nowhere.
"""

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass

from soundstage.models.providers import is_loopback
from soundstage.providers.errors import NotSent, Refused

Resolve = Callable[[str, int], list[str]]

_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
"""RFC 6052 and 8215: the last 32 bits are an IPv4 address, which a gateway goes to."""


def resolved(host: str, port: int) -> list[str]:
    """The addresses of a name. Raises NotSent where it has none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotSent("Its address has no machine behind it.") from error
    return list(dict.fromkeys(str(address[4][0]) for address in found))


@dataclass(frozen=True)
class Bound:
    """A request to an address that was looked at: ``url`` names it; ``Host`` and the certificate are the name's."""

    url: str
    host: str
    server_name: str


def bound_to_public_address(url: str, resolve: Resolve = resolved, *, loopback: bool = False) -> Bound:
    """Raises as :func:`public_address` does."""
    import httpx  # noqa: PLC0415  (the API checks addresses, and sends nothing)

    parsed = httpx.URL(url)
    port = parsed.port or (443 if parsed.scheme == "https" else 80)
    address = public_address(parsed.host, port, resolve, loopback=loopback)
    return Bound(str(parsed.copy_with(host=address)), parsed.netloc.decode("ascii"), parsed.host)


def public_address(host: str, port: int, resolve: Resolve = resolved, *, loopback: bool = False) -> str:
    """The address to connect to. Raises Refused when any address of the name is not public, NotSent when there is none.

    All of them have to be: which one a client takes is a matter of luck. ``loopback``: or all of this very machine.
    """
    found = resolve(host.strip("[]"), port)
    if not found:
        raise NotSent("Its address has no machine behind it.")
    on_this_machine = loopback and all(is_loopback(address) for address in found)
    if not on_this_machine and not all(is_public(address) for address in found):
        raise Refused("Its address is private to some network; only public ones may be used here.")
    return found[0]


def is_public(address: str) -> bool:
    """Whether the internet routes to it, whatever it is wrapped in."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and any(ip in network for network in _NAT64):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved
