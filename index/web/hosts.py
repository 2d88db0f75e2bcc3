"""How the host of a web address may be spelled; knows nothing of the rest of the address.

Numbers have many spellings that look like names: `2130706433`, `0x7f.1`, `１２７.1`. Every one that
browsers and `inet_aton` take is turned into the usual one, so that it is judged for what it means.
"""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address

import idna

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


def canonical(host: str) -> str:
    """A name in lower-case ASCII, or an IP address in its usual spelling.

    >>> canonical("BÜCHER.example."), canonical("0x7f.1"), canonical("[::FFFF:7f00:1]")
    ('xn--bcher-kva.example', '127.0.0.1', '::ffff:7f00:1')

    Raises:
        ValueError: it is neither; says why, to go on after "it is not fetched:".
    """
    if host.startswith("["):
        return _ipv6(host[1:-1])
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except UnicodeError:
            raise ValueError("its host is no valid international name; check it") from None
    name = host.lower().removesuffix(".")
    if not name:
        raise ValueError("it has no host; write the name of the site after the slashes")
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return _ipv4(labels)
    if len(name) > 253 or not all(map(_LABEL.fullmatch, labels)):
        raise ValueError("its host is no valid name; check it")
    return name


def _ipv4(labels: list[str]) -> str:
    """Every spelling that `inet_aton` takes: 127.1, 0x7f.1, 0177.0.0.1 and 2130706433."""
    try:
        numbers = [_number(label) for label in labels]
        *first, last = numbers
        if len(numbers) > 4 or any(number > 255 for number in first):
            raise ValueError
        value = last + sum(number << (24 - 8 * place) for place, number in enumerate(first))
        if last >= 256 ** (5 - len(numbers)):
            raise ValueError
        return str(IPv4Address(value))
    except (ValueError, AddressValueError):
        raise ValueError("its host ends in a number but is no IPv4 address; check it") from None


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text) or len(text) > 20:
        raise ValueError
    if text.startswith("0x"):
        return int(text[2:] or "0", 16)
    return int(text, 8 if text.startswith("0") else 10)


def _ipv6(text: str) -> str:
    if "%" in text:
        raise ValueError("its host has a zone, which only means something on one machine")
    try:
        return str(IPv6Address(text))
    except AddressValueError:
        raise ValueError("its host is no IPv6 address; check it") from None
