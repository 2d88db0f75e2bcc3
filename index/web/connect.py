"""Connections that go to the very address that was checked and end in time; knows no HTTP.

Looking a name up once to check it and again to connect would let its owner answer differently the
second time (DNS rebinding). Here one lookup is checked, and its answer is what is connected to. TLS
still verifies the certificate for the name, because the caller starts it with the name.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore

from index.web.addresses import Lookup, resolve

CONNECT_SECONDS = 10.0
"""Seconds for one attempt to connect to one address at most."""

MAX_ADDRESSES = 4
"""Addresses of a name that are tried at most, in the order of the lookup."""


class Deadline:
    """Counts down the seconds of a whole fetch, except for waits made on purpose."""

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._end = clock() + seconds

    def left(self) -> float:
        """Seconds left, never 0 or less.

        Raises:
            httpcore.TimeoutException: none are left.
        """
        left = self._end - self._clock()
        if left <= 0:
            raise httpcore.TimeoutException("no time is left")
        return left

    def over(self) -> bool:
        """Whether the time is used up."""
        return self._end <= self._clock()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """The time inside does not count."""
        began = self._clock()
        yield
        self._end += self._clock() - began


class CheckedBackend(httpcore.NetworkBackend):
    """Looks a name up, checks the answer, and connects to it, with `inner` for the sockets."""

    def __init__(
        self, inner: httpcore.NetworkBackend, deadline: Deadline, *, private: bool, lookup: Lookup
    ) -> None:
        self._inner = inner
        self._deadline = deadline
        self._private = private
        self._lookup = lookup

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first address of the host that answers.

        Raises:
            FetchError: an address of the host may not be fetched from.
        """
        failure: Exception = httpcore.ConnectError("no address")
        addresses = resolve(host, port, private=self._private, lookup=self._lookup)
        for address in addresses[:MAX_ADDRESSES]:
            try:
                seconds = min(CONNECT_SECONDS, self._deadline.left())
                stream = self._inner.connect_tcp(address, port, seconds)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, self._deadline)
        raise failure


class _TimedStream(httpcore.NetworkStream):
    """A stream on which nothing takes longer than is left: a drip of single bytes ends too."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        inner = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left())
        return _TimedStream(inner, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
