"""Which machines may be fetched from; knows nothing of HTTP.

A page of somebody else can name any machine, also the router, the printer and the cloud's metadata
service of the person who fetches it. Only public addresses are let through, each judged by the
machine that it really means: an IPv6 address may wrap an IPv4 one in half a dozen ways.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from index.errors import FetchError

Lookup = Callable[..., Sequence[tuple[Any, ...]]]
"""Called and answering like `socket.getaddrinfo`."""

METADATA = frozenset(
    map(
        ip_address,
        ["169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254"],
    )
)
"""Where clouds keep a machine's passwords; refused even when private addresses are allowed."""

NOT_PUBLIC = tuple(
    map(
        ip_network,
        # Listed because Python's `is_global` learnt some of these only in later versions.
        "100.64.0.0/10 192.0.0.0/24 192.88.99.0/24 198.18.0.0/15 64:ff9b:1::/48 100::/64 "
        "2001:db8::/32 3fff::/20 5f00::/16 fec0::/10".split(),
    )
)
"""Shared, tunnel, test and documentation networks."""

_NAT64 = ip_network("64:ff9b::/96")
_TRANSLATED = ip_network("::ffff:0:0:0/96")
_COMPATIBLE = ip_network("::/96")


def resolve(
    host: str, port: int, *, private: bool, lookup: Lookup = socket.getaddrinfo
) -> list[str]:
    """The IP addresses of a host, all of them checked.

    Args:
        host: A name, or an IP address in its usual spelling.
        port: Handed to `lookup`.
        private: Whether machines of one's own network may be fetched from.
        lookup: Answers like `socket.getaddrinfo`.

    Raises:
        FetchError: the name is unknown, or any one of its addresses may not be fetched from.
    """
    try:
        answers = lookup(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "not a name"
        raise FetchError(
            f"the host {host!r} cannot be found ({reason}); check the address and the connection"
        ) from error
    found = list(dict.fromkeys(str(answer[4][0]) for answer in answers))
    if not found:
        raise FetchError(f"the host {host!r} has no address; check how it is written")
    for ip in found:
        if reason := refusal(ip, private=private):
            meant = "" if ip == host else f" leads to {ip}, which"
            raise FetchError(f"the host {host!r}{meant} {reason}")
    return found


def refusal(ip: str, *, private: bool) -> str:
    """Why an IP address may not be fetched from, empty if it may.

    >>> refusal("::ffff:10.0.0.1", private=False)[:23]
    'is not a public address'
    """
    for address in _meant(ip):
        if address in METADATA:
            return "is a cloud's metadata service; no article is there"
        if address.is_unspecified or address.is_multicast or address.is_link_local:
            return "is no address of a web server; check it"
        if address.is_loopback:  # before `is_reserved`, which is true of ::1
            public = False
        elif address.is_reserved:
            return "is a reserved address; check it"
        else:
            public = address.is_global and not any(address in net for net in NOT_PUBLIC)
        if not public and not private:
            return (
                "is not a public address; set ASSISTANT_PRIVATE_ADDRESSES=true only to fetch from "
                "a server of your own"
            )
    return ""


def _meant(ip: str) -> Sequence[IPv4Address | IPv6Address]:
    """The addresses that packets to this one end up at."""
    address = ip_address(ip)
    if isinstance(address, IPv4Address):
        return [address]
    if address.ipv4_mapped:
        return [address.ipv4_mapped]
    if address.sixtofour:
        return [address.sixtofour]
    if address.teredo:
        return address.teredo
    wraps = address in _NAT64 or address in _TRANSLATED
    if wraps or (address in _COMPATIBLE and int(address) > 1):  # :: and ::1 mean themselves
        return [IPv4Address(int(address) & 0xFFFFFFFF)]
    return [address]
