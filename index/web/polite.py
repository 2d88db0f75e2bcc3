"""Manners towards sites: their robots.txt is obeyed and they are not hurried; fetches nothing else.

Protego reads robots.txt, because the standard library's parser knows neither wildcards nor that the
longest rule wins (RFC 9309).
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from protego import Protego

from index.errors import FetchError
from index.web.fetch import Fetched, Fetcher
from index.web.urls import Address

NAME = "assistant"
"""What a robots.txt calls this program."""

INTERVAL = 1.0
"""Seconds between two requests to one host at least."""

LONGEST_DELAY = 30.0
"""Seconds of Crawl-delay that are kept at most."""

MAX_BYTES = 512_000
"""Of a robots.txt that are read, as RFC 9309 has it."""

MAX_WORK = 2_000_000
"""Agents times rules of a robots.txt at most: the parser takes that many steps."""

_AGENT = re.compile(r"user[- ]?agent", re.IGNORECASE)


class PoliteFetcher:
    """A `Fetcher` with manners, for one run in one thread.

    Args:
        fetcher: Does the fetching.
        clock: Seconds, from any start.
        sleep: Waits for some seconds.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._sleep = sleep
        self._rules: dict[str, Protego | FetchError] = {}
        self._last: dict[str, float] = {}

    def get(self, url: str, *, etag: str = "", last_modified: str = "") -> Fetched:
        """The page at `url`, or word that it has not changed, as `Fetcher.get`.

        Raises:
            FetchError: also if the site's robots.txt forbids it or cannot be had.
        """
        return self._fetcher.get(url, etag=etag, last_modified=last_modified, gate=self._admit)

    def _admit(self, address: Address) -> None:
        rules = self._rules.get(address.origin)
        if rules is None:
            rules = self._rules[address.origin] = self._read(address)
        if isinstance(rules, FetchError):
            raise FetchError(str(rules), rules.status)
        if not rules.can_fetch(address.url, NAME):
            raise FetchError(
                f"{address} is closed to programs by the site's robots.txt; open it in a browser, "
                "save the page and add the file"
            )
        self._take_turn(address, min(rules.crawl_delay(NAME) or 0.0, LONGEST_DELAY))

    def _read(self, address: Address) -> Protego | FetchError:
        """The rules of a site, or why there are none; either is kept for the whole run."""
        try:
            got = self._fetcher.get(f"{address.origin}/robots.txt", gate=self._take_turn)
        except FetchError as error:
            if error.status and 400 <= error.status < 500 and error.status != 429:
                return Protego.parse("")  # no rules
            if error.status is None:
                return error
            return FetchError(
                f"{address} is left alone for now: the site's robots.txt failed with status "
                f"{error.status}, so its rules are unknown; try again later",
                error.status,
            )
        text = got.body[:MAX_BYTES].decode("utf-8-sig", "replace")
        if len(_AGENT.findall(text)) * len(text.splitlines()) > MAX_WORK:
            return FetchError(
                f"{address} is left alone: the site's robots.txt is too long to read; open it in a "
                "browser, save the page and add the file"
            )
        return Protego.parse(text)

    def _take_turn(self, address: Address, delay: float = 0.0) -> None:
        """Wait until the host was left in peace for long enough."""
        last = self._last.get(address.host)
        if last is not None:
            wait = last + max(INTERVAL, delay) - self._clock()
            if wait > 0:
                self._sleep(wait)
        self._last[address.host] = self._clock()
