"""What a web address says, read once and strictly; knows nothing of networks.

Two programs that read one address differently are how a harmless name becomes a way into a private
network. So an address is taken apart here and nowhere else, anything unusual is refused rather than
mended, and later parts use the pieces, never the text again.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote, urljoin

from index.errors import FetchError
from index.web.hosts import canonical

MAX_LENGTH = 4000
"""Characters of an address at most."""

DEFAULT_PORTS = {"http": 80, "https": 443}

BLOCKED_PORTS = frozenset(
    int(port)
    for port in (
        "0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 "
        "111 113 115 117 119 123 135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 "
        "532 540 548 554 556 563 587 601 636 989 990 993 995 1719 1720 1723 2049 3659 4045 4190 "
        "5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080"
    ).split()
)
"""Ports of mail, shells and other services, which browsers refuse too (fetch.spec.whatwg.org)."""

_PARTS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(//)?([^/?#]*)([^#]*)", re.DOTALL)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_PRINTABLE = "".join(map(chr, range(33, 127)))


@dataclass(frozen=True)
class Address:
    """One web address in the pieces that a request is made of.

    `str(address)` is for messages: it leaves out the query, which may hold a secret.
    """

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Host and, unless it is the usual one, port, as the Host header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"{self.scheme}://{self.authority}"

    @property
    def url(self) -> str:
        """The whole address."""
        return self.origin + self.target

    def __str__(self) -> str:
        return repr((self.origin + self.target.partition("?")[0])[:200])


def parse(url: str) -> Address:
    """The pieces of an http or https address; its fragment is dropped.

    >>> parse("http://0x7f.1/a#b").url
    'http://127.0.0.1/a'

    Raises:
        FetchError: it is no such address, or one that hides where it leads.
    """
    if len(url) > MAX_LENGTH:
        raise FetchError(f"the address has over {MAX_LENGTH:,} characters; use a shorter one")
    if reason := _odd(url):
        raise _refused(url, reason)
    match = _PARTS.match(url)
    if match is None:
        raise _refused(url, "it has no scheme; it must begin with http:// or https://")
    scheme, slashes, authority, target = match.groups()
    scheme = scheme.lower()
    if scheme not in DEFAULT_PORTS:
        raise _refused(url, "only http and https addresses are fetched")
    if not slashes:
        raise _refused(url, f"the scheme must be followed by two slashes, as in {scheme}://")
    if "@" in authority:
        raise _refused(url, "it holds a user name or password; leave out all that is before the @")
    try:
        host, port = _split_port(authority)
        port = port if port is not None else DEFAULT_PORTS[scheme]
        host = canonical(host)
    except ValueError as error:
        raise _refused(url, str(error)) from None
    if port in BLOCKED_PORTS or port > 65535:
        raise _refused(url, f"port {port} is not one that web pages are served on")
    target = target if target.startswith("/") else f"/{target}"
    return Address(scheme, host, port, quote(target, safe=_PRINTABLE))


def join(base: Address, link: str) -> Address:
    """Where a link on the page `base` leads.

    Raises:
        FetchError: it leads to no web address.
    """
    if reason := _odd(link):  # before urljoin, which mends some of these silently
        raise _refused(link, reason)
    if _SCHEME.match(link):
        return parse(link)
    try:
        return parse(urljoin(base.url, link))
    except ValueError:
        raise _refused(link, "it is no web address; check it") from None


def follow(base: Address, location: str) -> Address:
    """Where a redirect from the page `base` leads.

    Raises:
        FetchError: it leads to no web address, or from https to http.
    """
    address = join(base, location)
    if base.scheme == "https" and address.scheme == "http":
        raise FetchError(
            f"{base} redirects from https to http, where anybody on the way can change it; "
            "ask the site for an https address"
        )
    return address


def shown(url: str) -> str:
    """An address that could not be read, for a message, without what may be a secret in it.

    >>> shown("http://ann:pass?word@host/a?token=1")
    "'…@host/a'"
    """
    hidden = "…@" if "@" in url else ""  # a password may hold ? and #, so this goes first
    return repr(hidden + re.split(r"[?#]", url.rpartition("@")[2])[0][:120])


def _refused(url: str, reason: str) -> FetchError:
    return FetchError(f"{shown(url)} is not fetched: {reason}")


def _odd(url: str) -> str:
    """What is wrong with the characters, empty if nothing."""
    if any(char.isspace() or unicodedata.category(char) in ("Cc", "Cs") for char in url):
        return "it holds white space or control characters; remove them or write them as %20"
    if "\\" in url:
        return "it holds a backslash, which programs read differently; write / or %5C"
    return ""


def _split_port(authority: str) -> tuple[str, int | None]:
    bracketed = re.fullmatch(r"(\[[^\[\]]*\])(?::([0-9]{0,5}))?", authority)
    plain = re.fullmatch(r"([^\[\]:]*)(?::([0-9]{0,5}))?", authority)
    match = bracketed or plain
    if match is None:
        raise ValueError("its host or port is not written as host:number; check it")
    return match[1], int(match[2]) if match[2] else None
