"""Pages and feeds from the web, safely and politely; knows nothing of files or the store.

`PoliteFetcher(Fetcher())` is what reads other people's sites: only public addresses, within limits
of size and time, as their robots.txt allows, and not more than once a second.
"""

from index.web.entries import Entry
from index.web.exchange import Limits
from index.web.feeds import Seen, find_feeds, new_entries
from index.web.fetch import Fetched, Fetcher, Getter
from index.web.polite import PoliteFetcher

__all__ = [
    "Entry",
    "Fetched",
    "Fetcher",
    "Getter",
    "Limits",
    "PoliteFetcher",
    "Seen",
    "find_feeds",
    "new_entries",
]
