"""One addition to a store: from sources to articles, published in batches, and the report of it.

Knows nothing of formats, nor of the web: `index.load` reads what is on this machine, `index.pages`
what is not.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from index.catalogue import Known
from index.errors import LoadError, NotFoundError
from index.language import detect
from index.load import Item, load_parts
from index.loaders import Columns, Loaded
from index.outlets import outlet, site
from index.split import passages
from index.store import BATCH_PASSAGES, OnProgress, Progress, StopAdding, Store
from index.types import AddReport, Article, Failure

if TYPE_CHECKING:
    from index.pages import Pages


BATCH_BYTES = 50_000_000
"""Bytes of originals that wait to be kept, at most."""


@dataclass(frozen=True)
class _New:
    """A state of an article that waits to be written."""

    outcome: str
    article: Article
    spans: Sequence[tuple[int, int]]
    earlier: Sequence[Article]
    data: bytes


class Addition:
    """One run of `Library.add`; used once.

    Args:
        store: where the articles go.
        make_pages: called when the first web address is met.
        tags: given to every article.
        columns: for tables, which column is which field.
        keep: keep the files and pages themselves too.
        on_progress: called before each article, and whenever passages were embedded.
    """

    def __init__(
        self,
        store: Store,
        make_pages: Callable[[], Pages],
        *,
        tags: Iterable[str] = (),
        columns: Columns | None = None,
        keep: bool = False,
        on_progress: OnProgress | None = None,
    ) -> None:
        self._store = store
        self._make_pages = make_pages
        self._pages: Pages | None = None
        self._tags = set(tags)
        self._columns = columns
        self._keep = keep
        self._data = b""
        self._outlets: dict[str, list[str]] = {}
        self._on_progress = on_progress
        self._report: dict[str, list[Article]] = {"added": [], "updated": [], "unchanged": []}
        self._failed: list[Failure] = []
        self._total = self._embedded = 0
        self._current = ""
        self._batch: dict[str, _New] = {}
        self._owner = ""
        self._stopped = False

    def run(self, items: Iterable[Item]) -> AddReport:
        """Add everything; interrupted, what was reported before is safe.

        Stopped (see `StopAdding`), it reports what was published until then.
        """
        try:
            with ExitStack() as stack:
                for article in self._articles(items):
                    if article.id in self._batch:
                        self._publish(stack)  # the same origin twice in one batch: settle the first
                    outcome = self._store.compare(article)
                    if outcome == "unchanged":
                        self._store.refresh(article)
                        self._store.keep_original(article, self._data)
                        self._report[outcome].append(article)
                        continue
                    article, earlier = self._stamped(article)
                    count = self._store.embedder.count_tokens
                    spans = passages(article.text, count, article.language or "en")
                    self._batch[article.id] = _New(outcome, article, spans, earlier, self._data)
                    if self._is_full:
                        self._publish(stack)
                self._publish(stack)
        except StopAdding:
            self._stopped = True
        return self._finished(self._store.language_notice(once=True))

    def preview(self, items: Iterable[Item]) -> AddReport:
        """What `run` would report; nothing is written."""
        met: dict[str, tuple[str, str]] = {}
        try:
            for article in self._articles(items):
                now = (article.version, article.meta_hash)
                if article.id not in met:
                    outcome = self._store.compare(article)
                else:
                    outcome = "unchanged" if met[article.id] == now else "updated"
                met[article.id] = now
                self._report[outcome].append(article)
        except StopAdding:
            self._stopped = True
        return self._finished()

    def _stamped(self, article: Article) -> tuple[Article, Sequence[Article]]:
        """The article with the time of its addition, and its earlier versions, oldest first."""
        return replace(article, added=datetime.now(UTC)), ()

    @property
    def _is_full(self) -> bool:
        new = self._batch.values()
        kept = {id(one.data): len(one.data) for one in new}  # rows of a table share their file
        spans = sum(len(one.spans) for one in new)
        return spans >= BATCH_PASSAGES or sum(kept.values()) >= BATCH_BYTES

    def _articles(self, items: Iterable[Item]) -> Iterator[Article]:
        """Every article of the items; what cannot be read becomes a failure of the report."""
        waiting = deque(items)
        self._total = len(waiting)
        while waiting:
            item = waiting.popleft()
            self._current = item.name
            self._tell()
            try:
                found = self._open(item)
            except LoadError as error:
                self._failed.append(Failure(item.name, str(error)))
                continue
            if not isinstance(found, Loaded):  # a feed leads to further addresses
                self._total += len(found) - 1
                waiting.extendleft(reversed(found))
                continue
            self._total += len(found.articles) + len(found.failures) - 1
            self._failed += found.failures
            self._data = found.data if self._keep else b""
            for number, article in enumerate(found.articles):
                if number:
                    self._tell()
                known = self._store.catalogue.known(article.id)
                source = article.source if item.article else self._source(article, known)
                yield replace(
                    article,
                    tags=tuple(sorted({*article.tags, *self._tags})),
                    language=self._language(article, known),
                    source=source,
                )
            if self._pages:
                self._pages.settle(item)

    def _source(self, article: Article, known: Known | None) -> str:
        """The name that articles of its site go by; what is stored stays if nothing is stated."""
        host = site(article.url or article.original.get("url", ""))
        if not host:
            return article.source
        if host not in self._outlets:
            self._outlets[host] = self._store.catalogue.outlets(host)
        names = self._outlets[host]
        stated = article.source or (known.source if known else "")
        name = outlet(stated, host, names)
        if name not in (*names, host):
            names.append(name)
        return name

    def _language(self, article: Article, known: Known | None) -> str:
        """As it is stated; else as it is stored with the same text; else as it is detected.

        What is stored comes before the detector, so that a newer detector changes no article.
        """
        if article.language:
            return article.language
        if known and known.version == article.version and known.language:
            return known.language
        return detect(article.text)

    def _open(self, item: Item) -> Loaded | list[Item]:
        if not item.address:
            return load_parts(item, self._columns)
        self._pages = self._pages or self._make_pages()
        return self._pages.open(item, self._columns)

    def _publish(self, stack: ExitStack) -> None:
        """Write the batch down, embed it and make it searchable."""
        if self._batch:
            # Not before: a process that dies with nothing pending leaves its lock file behind.
            self._owner = self._owner or self._store.enter(stack)
            with self._store.catalogue.transaction():
                revisions = [self._write(new) for new in self._batch.values()]
            self._store.publish(revisions, self._tell)
        for new in self._batch.values():
            self._report[new.outcome].append(new.article)
        self._batch.clear()
        if self._pages:
            self._pages.save()

    def _write(self, new: _New) -> int:
        """Write a new state of an article down; returns the number of its revision."""
        revision = self._store.catalogue.add_pending(
            new.article, new.spans, self._owner, new.earlier
        )
        self._store.keep_original(new.article, new.data)
        return revision

    def _tell(self, passages_done: int = 0) -> None:
        self._embedded += passages_done
        if self._on_progress:
            settled = sum(map(len, self._report.values())) + len(self._failed)
            self._on_progress(Progress(settled, self._total, self._embedded, self._current))

    def _finished(self, notice: str = "") -> AddReport:
        self._current = ""
        if not self._stopped:
            with suppress(StopAdding):  # too late
                self._tell()
        done = {outcome: tuple(articles) for outcome, articles in self._report.items()}
        failed, copies = tuple(self._failed), self._copies()
        return AddReport(**done, failed=failed, copies=copies, notice=notice, stopped=self._stopped)

    def _copies(self) -> dict[str, Article]:
        """The earliest other copy of each article that was stored."""
        new = {article.id for word in ("added", "updated") for article in self._report[word]}
        books = self._store.catalogue
        firsts: dict[str, Article] = {}
        for group in books.copies(new):
            for name in new.intersection(group):
                with suppress(NotFoundError):  # removed meanwhile
                    firsts[name] = books.get(next(other for other in group if other != name))
        return firsts
