"""One page by GET, within limits of size, time and place; knows nothing of robots.txt or articles.

Every reply is hostile until proved otherwise. Redirects are followed by hand, each target checked
like the first. There are no cookies, no passwords, no proxies and no settings from the environment:
the layer used, httpcore, has none of them, so none can leak. Each request has its own connection.
"""

from __future__ import annotations

import random
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Protocol

import httpcore

from index.errors import FetchError
from index.web import failures, retry
from index.web.addresses import Lookup
from index.web.connect import CheckedBackend, Deadline
from index.web.exchange import Limits, Reply, exchange
from index.web.urls import Address, follow, parse

REDIRECTS = frozenset([301, 302, 303, 307, 308])

Gate = Callable[[Address], None]
"""Called before each request, redirects and retries too; it may wait, or raise to refuse it."""


@dataclass(frozen=True)
class Fetched:
    """A page as it was sent, unpacked; `url` is where it was found in the end.

    `not_modified` says that the site has nothing newer than what `etag` and `last_modified` named;
    the body is empty then. Header names are lower-case, cookies are left out.
    """

    url: str
    status: int
    content_type: str
    body: bytes
    headers: Mapping[str, str]
    etag: str
    last_modified: str
    not_modified: bool


class Getter(Protocol):
    """Fetches a page: a `Fetcher`, or one with manners."""

    def get(self, url: str, *, etag: str = "", last_modified: str = "") -> Fetched:
        """The page at `url`, or word that it has not changed."""


def user_agent() -> str:
    """What requests call themselves."""
    try:
        number = version("cited-assistant")
    except PackageNotFoundError:  # run from a copy of the source
        number = "0"
    return f"assistant/{number} (+reads articles for a person's own library)"


class Fetcher:
    """Fetches pages; may be used from several threads.

    Args:
        private: Whether machines of one's own network may be fetched from.
        limits: What one fetch may take.
        agent: The User-Agent header.
        lookup: Finds the addresses of a name, like `socket.getaddrinfo`.
        backend: Opens the sockets.
        ssl_context: Verifies certificates.
        clock: Seconds, from any start.
        sleep: Waits for some seconds.
        jitter: A number from 0 to 1 that spreads retries.
    """

    def __init__(
        self,
        *,
        private: bool = False,
        limits: Limits | None = None,
        agent: str = "",
        lookup: Lookup = socket.getaddrinfo,
        backend: httpcore.NetworkBackend | None = None,
        ssl_context: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._private = private
        self._limits = limits or Limits()
        self._agent = agent or user_agent()
        self._lookup = lookup
        self._backend = backend or httpcore.SyncBackend()
        self._ssl = ssl_context or httpcore.default_ssl_context()
        self._clock = clock
        self._sleep = sleep
        self._jitter = jitter

    def get(
        self, url: str, *, etag: str = "", last_modified: str = "", gate: Gate | None = None
    ) -> Fetched:
        """The page at `url`, or word that it has not changed.

        Args:
            url: An http or https address.
            etag: What an earlier fetch had as `etag`; nothing comes if the page is still the same.
            last_modified: Likewise.
            gate: Called before each request.

        Raises:
            FetchError: the address is refused, or the page cannot be had; says why and what to do.
        """
        address = parse(url)
        asked = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        condition = {name: value for name, value in asked.items() if value}
        deadline = Deadline(self._limits.seconds, self._clock)
        for _ in range(self._limits.redirects + 1):
            reply = self._try_hard(address, condition, deadline, gate)
            if reply.status not in REDIRECTS or "location" not in reply.headers:
                return _result(address, reply, condition)
            address = follow(address, _text(reply.headers["location"]))
        raise FetchError(
            f"{parse(url)} leads on by more than {self._limits.redirects} redirects; open it in a "
            "browser and add the address that it ends at"
        )

    def _try_hard(
        self, address: Address, condition: dict[str, str], deadline: Deadline, gate: Gate | None
    ) -> Reply:
        """The reply to one request, asked for again if the failure may pass."""
        for attempt in range(1, self._limits.tries + 1):
            with deadline.paused():
                if gate:
                    gate(address)
            wait: float | None = None
            try:
                reply = self._exchange(address, condition, deadline)
                if reply.status not in retry.STATUSES:
                    return reply
                failure = failures.by_status(address, reply.status)
                wait = retry.seconds(attempt, self._jitter(), reply.headers)
            except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as e:
                late = self._limits.seconds if deadline.over() else None
                failure = failures.on_the_way(address, e, late)
                if not (late or failures.is_certificate(e)):
                    wait = retry.seconds(attempt, self._jitter())
            if wait is None or attempt == self._limits.tries:
                raise failure
            with deadline.paused():
                self._sleep(wait)
        raise AssertionError("there is at least one try")

    def _exchange(self, address: Address, condition: dict[str, str], deadline: Deadline) -> Reply:
        checked = CheckedBackend(
            self._backend, deadline, private=self._private, lookup=self._lookup
        )
        headers = {"User-Agent": self._agent, **condition}
        return exchange(address, headers, checked, self._ssl, self._limits)


def _result(address: Address, reply: Reply, condition: dict[str, str]) -> Fetched:
    unchanged = reply.status == 304 and bool(condition)
    if not (200 <= reply.status < 300 or unchanged):
        raise failures.by_status(address, reply.status)
    return Fetched(
        url=address.url,
        status=reply.status,
        content_type=reply.headers.get("content-type", ""),
        body=reply.body,
        headers=reply.headers,
        etag=reply.headers.get("etag", ""),
        last_modified=reply.headers.get("last-modified", ""),
        not_modified=unchanged,
    )


def _text(header: str) -> str:
    """A header that some sites send as UTF-8."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return header
