"""Which network addresses may be connected to: only those that the whole internet can reach.

An admin who names a receiver must not make the server speak to itself, to its neighbours or to the metadata of a cloud.
So the address is judged and not the name, after it was looked up and in the moment before the connection.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

#: What `ipaddress` holds for global, and is not: protocol assignments, and the relays of 6to4.
_V4: Final = tuple(map(ip_network, ("192.0.0.0/24", "192.88.99.0/24")))
#: All that is given out as global unicast, without what leads into IPv4 (6to4, Teredo) or is for documents and tests.
_UNICAST: Final = ip_network("2000::/3")
_V6: Final = tuple(map(ip_network, ("2001::/23", "2002::/16", "2001:db8::/32", "3fff::/20")))
#: One part of a name.
_LABEL: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
#: Names that lead nowhere on the internet (RFC 6761, 6762, 7686, 8375, and ICANN for `internal`).
_INSIDE: Final = (".localhost", ".local", ".internal", ".home.arpa", ".onion", ".invalid")


class AddressRefused(Exception):
    """A name leads to an address that nobody outside can reach, or to none."""


def pick_address(offered: Iterable[str], *, local: bool) -> str:
    """The address to connect to, of those that a name leads to. If one of them is not allowed, none is.

    ``local``: only this machine itself, for people who try out a receiver.
    """
    addresses = list(dict.fromkeys(offered))
    if not addresses or not all(is_local(one) if local else is_public(one) for one in addresses):
        raise AddressRefused("its name leads to an address that may not be connected to")
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether everybody on the internet reaches the same machine there."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        return _is_ordinary(parsed) and not any(parsed in one for one in _V4)
    if parsed.ipv4_mapped is not None or parsed.scope_id is not None:
        return False
    return parsed in _UNICAST and _is_ordinary(parsed) and not any(parsed in one for one in _V6)


def is_plain_host(host: str) -> bool:
    """Whether a host is a name as the internet has them, or a number in its ordinary form. Where it leads is judged
    when it was looked up."""
    try:
        ip_address(host)
    except ValueError:
        pass
    else:
        return True
    try:
        labels = host.encode("idna").decode("ascii").lower().split(".")
    except UnicodeError:
        return False
    # A last label that begins with a digit is a number in one of its other forms.
    return len(labels) > 1 and labels[-1][:1].isalpha() and all(map(_LABEL.fullmatch, labels))


def is_inside(host: str) -> bool:
    """Whether its form alone says that the internet does not reach a plain host. To look up where another name leads
    would let its owner hold up the one who asks."""
    try:
        return not is_public(str(ip_address(host)))
    except ValueError:
        return host.encode("idna").decode("ascii").lower().endswith(_INSIDE)


def is_local(address: str) -> bool:
    """Whether it is this machine itself."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def split_private(address: str) -> tuple[str, int]:
    """An address to listen on, and its port. `ValueError` for a name, and for an address that the world can reach."""
    host, _, port = address.rpartition(":")
    try:
        if not ip_address(host.strip("[]")).is_global and 1 <= int(port) <= 65_535:
            return host.strip("[]"), int(port)
    except ValueError:
        pass
    raise ValueError(
        "must be ADDRESS:PORT, as 127.0.0.1:9464: an address of this machine or of a private network"
    )


def is_this_machine(host: str) -> bool:
    """The same of the host of an address, which may have a name."""
    return host == "localhost" or is_local(host)


def is_foreign_number(host: str) -> bool:
    """Whether a host has no name, and is not this machine."""
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return False


def _is_ordinary(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)
