"""One request and its reply on a connection of its own; knows nothing of redirects or retries."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import httpcore

from index.errors import FetchError
from index.web import body
from index.web.urls import Address

ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@dataclass(frozen=True)
class Limits:
    """What one fetch may take."""

    body_bytes: int = 20_000_000
    """Of the body, packed as well as unpacked."""

    header_bytes: int = 64_000

    seconds: float = 30.0
    """On the network, redirects and retries included; waits made on purpose do not count."""

    redirects: int = 5

    tries: int = 3
    """Of each request, when the site is busy or the connection fails."""


@dataclass(frozen=True)
class Reply:
    """A status, headers by lower-case name, and the unpacked body if the status is 2xx."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def exchange(
    address: Address,
    headers: Mapping[str, str],
    backend: httpcore.NetworkBackend,
    ssl_context: ssl.SSLContext,
    limits: Limits,
) -> Reply:
    """Ask for one page; nothing but these headers and the Host is sent.

    Raises:
        FetchError: the reply goes beyond the limits.
        httpcore.NetworkError: the connection failed, also TimeoutException and ProtocolError.
    """
    url = httpcore.URL(  # from the checked pieces: no second program reads the address
        scheme=address.scheme, host=address.host, port=address.port, target=address.target
    )
    sent = {
        "Host": address.authority,
        "Accept": ACCEPT,
        "Accept-Encoding": body.ACCEPTED,
        "Connection": "close",
        **headers,
    }
    raw = [(name.encode(), value.encode("latin-1", "replace")) for name, value in sent.items()]
    with (
        httpcore.HTTPConnection(
            url.origin, ssl_context=ssl_context, network_backend=backend
        ) as connection,
        connection.stream("GET", url, headers=raw) as response,
    ):
        received = _headers(address, response.headers, limits.header_bytes)
        if not 200 <= response.status < 300:
            return Reply(response.status, received, b"")
        if int(received.get("content-length", 0)) > limits.body_bytes:  # h11 lets only digits by
            raise body.too_large(str(address), limits.body_bytes)
        encoding = received.get("content-encoding", "")
        data = body.read(response.iter_stream(), encoding, limits.body_bytes, str(address))
        return Reply(response.status, received, data)


def _headers(address: Address, pairs: list[tuple[bytes, bytes]], longest: int) -> Mapping[str, str]:
    """Headers by lower-case name, repeated ones joined, without the site's cookies."""
    if sum(len(name) + len(value) for name, value in pairs) > longest:
        raise FetchError(
            f"{address} was sent with headers of over {longest:,} bytes; open it in a browser, "
            "save the page and add the file"
        )
    joined: dict[str, str] = {}
    for raw_name, raw_value in pairs:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        if name != "set-cookie":
            joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return MappingProxyType(joined)
