"""The library: articles in, passages out. The face of this package over catalogue and vectors."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from index import local
from index.adding import Addition
from index.catalogue import Catalogue
from index.embed import DEFAULT_MODEL, Embedder, embedder
from index.errors import InputError, NotFoundError, SettingsError, StoreBusyError, StoreError
from index.fuse import DENSE_WEIGHT
from index.gate import PATIENCE, Gate
from index.load import Source, clean_tags, expand
from index.loaders import Columns
from index.search import Searcher
from index.store import OnProgress, Store
from index.types import AddReport, Article, Change, Facets, Hit, Passage, Scope, as_names
from index.vectors import VectorStore

if TYPE_CHECKING:
    from index.pages import Pages
    from index.purging import Purge
    from index.watching import Watch
    from index.web import Getter


class Library:
    """A person's articles in one store; made by `Library.open`, usable from several threads."""

    def __init__(
        self, store: Store, *, private_addresses: bool = False, fetcher: Getter | None = None
    ) -> None:
        self._store = store
        self._private_addresses = private_addresses
        self._fetcher = fetcher
        self._catalogue = store.catalogue
        self._searcher = Searcher(store)

    @property
    def folder(self) -> Path:
        """Where the catalogue is."""
        return self._store.folder

    @property
    def embedder(self) -> Embedder:
        """The embedding model."""
        return self._store.embedder

    @classmethod
    def open(
        cls,
        place: str | Path,
        *,
        embedding: str | Embedder = DEFAULT_MODEL,
        catalogue: str | Path | None = None,
        patience: float = PATIENCE,
        rebuilding: bool = False,
        private_addresses: bool = False,
        fetcher: Getter | None = None,
    ) -> Library:
        """Open a store, or make an empty one.

        Args:
            place: a folder, or the `http(s)://host:port` of a Chroma server.
            embedding: name or folder of any sentence-transformers model.
            catalogue: the folder of the catalogue, needed with a Chroma server only.
            patience: seconds to wait while another process holds the store.
            rebuilding: open it although it was made with another model, to `rebuild` it.
            private_addresses: web addresses on one's own network may be added too.
            fetcher: fetches web pages; without one, a polite one is made for each addition.

        Raises:
            OtherModelError: it was made with another embedding model.
            StoreTooNewError: it was made by a newer program.
            StoreError: it cannot be opened.
        """
        remote = str(place).startswith(("http://", "https://"))
        if remote and catalogue is None:
            raise SettingsError(
                f"a Chroma server ({str(place)!r}) needs a folder for the catalogue beside it: "
                "set ASSISTANT_CATALOGUE"
            )
        given = str(catalogue if remote and catalogue else place)
        try:
            folder = Path(given).expanduser().resolve()
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not os.access(folder, os.W_OK | os.X_OK):
                raise PermissionError(13, "permission denied")
        except (OSError, ValueError, RuntimeError) as error:  # a NUL in it, an unknown ~user
            reason = getattr(error, "strerror", None) or error
            raise StoreError(
                f"cannot make or write the store {given!r} ({reason}); "
                "set ASSISTANT_STORE to a folder you may write to"
            ) from error
        model = embedder(embedding) if isinstance(embedding, str) else embedding
        books = Catalogue(folder / "catalogue.sqlite3")
        gate = Gate(folder, patience)
        vectors = VectorStore(str(place) if remote else folder / "vectors", gate, books)
        store = Store(folder, books, vectors, model)
        try:
            store.finish_swap()
            if not rebuilding:
                store.check_model()
        except StoreError:
            books.close()
            raise
        return cls(store, private_addresses=private_addresses, fetcher=fetcher)

    def close(self) -> None:
        """Close the catalogue; the library cannot be used afterwards."""
        self._catalogue.close()

    def add(
        self,
        sources: Source | Iterable[Source],
        *,
        tags: Iterable[str] = (),
        columns: Columns | None = None,
        keep: bool = False,
        dry_run: bool = False,
        on_progress: OnProgress | None = None,
    ) -> AddReport:
        """Add files, folders, globs, web addresses or articles; what is known stays as it is.

        A file may hold several articles, such as the rows of a table; the address of a feed brings
        the pages of its new entries. An article is identified by its origin: the same origin with
        another text becomes a new version. A source that cannot be read, or a part of one, is
        reported and stops nothing. Interrupted, the next `add` goes on: whatever was reported
        before is safe.

        Args:
            sources: what to add.
            tags: given to each article.
            columns: for tables, which column is which field.
            keep: keep the files and pages themselves too, see `original`.
            dry_run: only report what would happen; addresses are fetched, nothing is stored.
            on_progress: told how far the addition has come; may raise `StopAdding`.

        Raises:
            StoreBusyError: another process held the store for too long.
            StoreFullError: no space is left; what was added before is safe.
        """
        addition = Addition(
            self._store,
            self._pages,
            tags=clean_tags(tags),
            columns=columns,
            keep=keep,
            on_progress=on_progress,
        )
        items = expand(sources)
        if dry_run:
            self._store.check_model()
            return addition.preview(items)
        self._store.ready()
        self._store.finish_pending()
        return addition.run(items)

    def watch(
        self,
        sources: str | Path | Iterable[str | Path],
        *,
        tags: Iterable[str] = (),
        columns: Columns | None = None,
        keep: bool = False,
        every: float = 900.0,
        remove_missing: bool = False,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> Watch:
        """Sources to keep the library in step with, each time that `look` is called.

        Args:
            sources: files, folders, patterns and web addresses, added as `add` does.
            tags: given to each article.
            columns: for tables, which column is which field.
            keep: keep the files and pages themselves too.
            every: seconds between two visits of a feed or page.
            remove_missing: articles of files that go from now on are removed, else only told.
            clock: seconds, from any start.
            sleep: waits for some seconds.

        Example:
            watch = library.watch(["news/", "https://news.example/feed"])
            while True:
                if changes := watch.look():
                    print(changes.report)
        """
        from index.watching import Watch

        return Watch(
            self._store,
            self._pages,
            self.remove,
            sources,
            every=every,
            remove_missing=remove_missing,
            clock=clock,
            sleep=sleep,
            tags=clean_tags(tags),
            columns=columns,
            keep=keep,
        )

    def search(
        self,
        query: str,
        k: int = 10,
        *,
        articles: Sequence[str] = (),
        tags: Sequence[str] = (),
        source: str = "",
        since: date | None = None,
        until: date | None = None,
        author: str = "",
        weight: float = DENSE_WEIGHT,
    ) -> list[Hit]:
        """The k passages that fit the query best: dense and BM25 candidates, fused.

        Args:
            query: a question or some words.
            k: how many hits at most.
            articles: only these articles, by id.
            tags: only articles with one of these tags.
            source: only articles of this source, letter case aside.
            since: only articles published on this day or later.
            until: only articles published on this day or earlier.
            author: only articles of this author, or of one whose name holds this.
            weight: of the dense score, between 0 (BM25 alone) and 1.
        """
        self._store.ready()
        scope = Scope(as_names(articles), as_names(tags), source, since, until, author=author)
        return self._searcher.search(query, k, scope, weight)

    def nearness(self, query: str, hits: Sequence[Hit]) -> float:
        """Cosine of the query and the nearest of these hits, 0 without any."""
        return self._searcher.nearness(query, hits)

    def articles(
        self,
        *,
        articles: Sequence[str] = (),
        tags: Sequence[str] = (),
        source: str = "",
        since: date | None = None,
        until: date | None = None,
        words: str = "",
        author: str = "",
    ) -> list[Article]:
        """Articles, the newest publication first; narrowed as in `search`.

        With `words`, only articles that hold each of these words somewhere (see `Scope`).
        """
        return self._catalogue.articles(
            Scope(as_names(articles), as_names(tags), source, since, until, words, author)
        )

    def ids(self, scope: Scope | None = None, *, shared: bool = False) -> list[str]:
        """Ids of the articles in the scope, in the order of `articles`.

        With `shared`, articles that are local only are left out (see `local_tags`).
        """
        return self._catalogue.ids(scope or Scope(), self._not_shared(shared))

    def mentions(self, words: str, scope: Scope | None = None) -> bool:
        """Whether an article of the scope holds each of these words somewhere (see `Scope`)."""
        return bool(self._catalogue.ids(replace(scope or Scope(), words=words)))

    def facets(self, scope: Scope | None = None, *, shared: bool = False) -> Facets:
        """Sources, authors and days of publication in the scope, each with its articles' number.

        With `shared`, articles that are local only are left out (see `local_tags`).
        """
        return self._catalogue.facets(scope or Scope(), self._not_shared(shared))

    def get(self, article_id: str, version: str = "") -> Article:
        """An article in its current version, or in the one named, with the places in its original.

        Raises:
            NotFoundError: there is none.
        """
        return self._catalogue.get(article_id, version)

    def find(self, prefix: str) -> Article:
        """The one article whose id begins with `prefix`.

        Raises:
            NotFoundError: there is none, or more than one.
        """
        found = [
            name for name in self._catalogue.ids(Scope()) if prefix and name.startswith(prefix)
        ]
        if len(found) != 1:
            raise NotFoundError(
                f"{len(found) or 'no'} article ids begin with {prefix!r}; "
                "`assistant list` shows them"
            )
        return self.get(found[0])

    def original(self, article_id: str, version: str = "") -> bytes:
        """The file or page that an article came from, if it was kept.

        Raises:
            NotFoundError: there is no such article, or its original was not kept.
        """
        article = self.get(article_id, version)
        data = self._store.originals.get(article.original.get("sha256", ""))
        if data is None:
            raise NotFoundError(
                f"the original of {article.label!r} was not kept; add it again with keep=True, on "
                "the command line with --keep"
            )
        return data

    def versions(self, article_id: str) -> list[Article]:
        """All stored versions of an article, the current one first."""
        return self._catalogue.versions(article_id)

    def copies(self, article_id: str) -> list[Article]:
        """Other articles whose text is nearly the same, the earliest first.

        Raises:
            NotFoundError: there is no such article.
        """
        self.get(article_id)
        groups = self._catalogue.copies([article_id])
        return [self.get(name) for group in groups for name in group if name != article_id]

    def copy_groups(self, article_ids: Iterable[str] | None = None) -> list[list[str]]:
        """Ids of articles that are copies of one another, in groups, the earliest first.

        Args:
            article_ids: only the groups that these are in; None for all.
        """
        return self._catalogue.copies(article_ids)

    def set_tags(self, article_id: str, tags: Iterable[str]) -> None:
        """Replace an article's tags."""
        self.get(article_id)
        self._catalogue.set_tags(article_id, clean_tags(tags))

    def change_tags(
        self,
        article_ids: str | Iterable[str],
        *,
        add: Iterable[str] = (),
        remove: Iterable[str] = (),
    ) -> list[Article]:
        """Add and take away tags; returns the articles whose tags changed, as they are now.

        Processes that do so at the same time lose nothing of one another. A tag that an article has
        from its source comes back when that source is added again.

        Raises:
            NotFoundError: one of the ids is not there; nothing is changed then.
            InputError: nothing is to be done, a tag is empty, or added and taken away.
        """
        more, less = _tags(add), _tags(remove)
        if not more and not less:
            raise InputError("nothing says which tags to change; name one to add or to remove")
        if both := set(more) & set(less):
            raise InputError(f"the tag {min(both)!r} cannot be both added and removed; choose one")
        names = [article_ids] if isinstance(article_ids, str) else list(article_ids)
        with self._catalogue.transaction():
            return [
                self.get(name)
                for name in dict.fromkeys(names)
                if self._catalogue.change_tags(name, more, less)
            ]

    @property
    def local_tags(self) -> tuple[str, ...]:
        """Tags whose articles are local only: their text goes to no model on another machine.

        `local_only` is always one of them; `mark_local` marks others. However a tag is spelt, as
        "Local only" or "local-only", it counts.
        """
        return local.marked(self._catalogue)

    def mark_local(self, tags: str | Iterable[str]) -> None:
        """Let all articles with these tags be local only, now and in future.

        Kept in the store, so that every program that opens it knows.

        Raises:
            InputError: a tag is empty.
        """
        local.mark(self._catalogue, _tags(tags))

    def unmark_local(self, tags: str | Iterable[str]) -> None:
        """Let these tags be like any other.

        Raises:
            InputError: one of them is not marked, or is `local_only`; nothing is changed then.
        """
        local.unmark(self._catalogue, _tags(tags))

    def local_ids(self, article_ids: Iterable[str] | None = None) -> frozenset[str]:
        """Ids of the articles that are local only.

        Args:
            article_ids: only of these; None for all.
        """
        tags = local.in_use(self._catalogue)
        if not tags:
            return frozenset()
        return self._catalogue.tagged(tags, None if article_ids is None else tuple(article_ids))

    def is_local_only(self, article_id: str) -> bool:
        """Whether the article's text stays on this machine.

        Raises:
            NotFoundError: there is no such article.
        """
        return self.get(article_id).id in self.local_ids([article_id])

    def remove(
        self,
        article_ids: str | Iterable[str] | None = None,
        *,
        tags: Sequence[str] = (),
        source: str = "",
        since: date | None = None,
        until: date | None = None,
        words: str = "",
        purge: bool = False,
    ) -> list[Article]:
        """Delete articles with all their versions; returns what was deleted.

        Given ids and a scope, only those of the ids that lie in the scope; without ids, all that
        lies in the scope, which is told as in `articles`. With `purge`, nothing of them stays in
        the store's files (see there).

        Raises:
            NotFoundError: one of the ids is not there; nothing is deleted then.
            InputError: neither ids nor a scope: that would be the whole library.
            StoreBusyError: others hold the store; its words say what is removed all the same.
        """
        scope = Scope((), as_names(tags), source, since, until, words)
        if article_ids is None and not scope:
            raise InputError(
                "nothing says which articles to remove; name their ids, a tag, a source or dates"
            )
        if article_ids is None:
            doomed = self._catalogue.articles(scope)
        else:
            names = [article_ids] if isinstance(article_ids, str) else list(article_ids)
            doomed = [self.get(name) for name in dict.fromkeys(names)]
            allowed = set(self._catalogue.ids(scope)) if scope else {a.id for a in doomed}
            doomed = [article for article in doomed if article.id in allowed]
        self._store.ready()
        self._store.finish_pending()
        gone = [name for article in doomed for name in self._catalogue.remove(article.id)]
        try:
            self._store.vectors.delete(gone)
        except StoreBusyError as error:
            raise StoreBusyError(
                "what was named is removed and found no more, but its vectors are still on the "
                f"disk, until the library is opened again: {error}"
            ) from error
        self._store.sweep_originals()
        if purge:
            self.purge()
        return doomed

    def purge(self, on_progress: OnProgress | None = None) -> Purge:
        """Let nothing of what was ever removed stay in the store's files.

        Takes time and, for a while, as much room on the disk as the store has; interrupted, it is
        done again from the start. Backups that were made before a migration are deleted.

        Raises:
            StoreBusyError: another process held the store for too long; do it again.
            StoreFullError: no space is left; nothing is lost.
            DamagedIndexError: the vector index cannot be read; rebuild it first.
        """
        from index.purging import purge

        return purge(self._store, on_progress)

    def export(
        self,
        target: str | Path | BinaryIO,
        *,
        articles: Sequence[str] = (),
        tags: Sequence[str] = (),
        source: str = "",
        since: date | None = None,
        until: date | None = None,
        words: str = "",
        markdown: bool = False,
    ) -> int:
        """Write articles to a file, the newest publication first; returns their number.

        A line of JSON for each, with its earlier versions and all that is known of it, so that
        `import_file` makes the same library of it. With `markdown`, the target is a new folder, and
        gets a file with front matter for each article's current version. Narrowed as `articles`.
        Which tags are marked as local only is a setting of this library: in the file, the articles
        that have one have the tag `local_only` too, and so stay local wherever they are imported.

        Raises:
            InputError: it cannot be written there; what was there stays.
        """
        from index.exchange import stored
        from index.exporting import write_lines, write_markdown

        scope = Scope(as_names(articles), as_names(tags), source, since, until, words)
        found = stored(self._catalogue, scope, self.local_ids())
        if not markdown:
            return write_lines(found, target)
        if not isinstance(target, str | Path):
            raise InputError("Markdown needs a folder to be written to; name one")
        return write_markdown(found, target)

    def import_file(
        self, source: str | Path | BinaryIO, on_progress: OnProgress | None = None
    ) -> AddReport:
        """Add the articles of an exported file, with their dates, tags and earlier versions.

        In an empty library this makes the library that was exported. What is known already stays
        as it is; an article that differs is updated to what the file says. A line that cannot be
        used is reported and stops nothing; interrupted, the next import goes on.

        Raises:
            LoadError: the file cannot be opened.
        """
        from index.exchange import Import, open_file

        with ExitStack() as stack:
            is_path = isinstance(source, str | Path)
            file = open_file(source, stack) if isinstance(source, str | Path) else source
            self._store.ready()
            self._store.finish_pending()
            adding = Import(self._store, self._pages, on_progress=on_progress)
            return adding.run_file(file, str(source) if is_path else "standard input")

    def changes(self, after: int = 0) -> list[Change]:
        """The durable log of removed and changed articles, oldest first."""
        return self._catalogue.changes(after)

    def count_passages(self) -> int:
        """Number of passages that are searched."""
        return self._catalogue.count_passages()

    def passages(self, article_id: str) -> list[Passage]:
        """Passages of an article's current version, in order."""
        return self._catalogue.passages_of(self._catalogue.ready_revision(article_id))

    def language_notice(self) -> str:
        """What a person should know of languages that the embedding model does not cover, or ""."""
        return self._store.language_notice()

    def check(self) -> list[str]:
        """What is wrong between catalogue and vector index, in words; empty if they agree.

        Raises:
            DamagedIndexError: the vector index cannot be read.
        """
        return self._store.check()

    def rebuild(self, on_progress: OnProgress | None = None) -> int:
        """Make the vector index anew from the catalogue; returns the number of passages.

        The old index serves until the new one is complete, and an interrupted rebuild goes on where
        it stopped; on a Chroma server the index is emptied first. Also the way to another embedding
        model (see `open`).
        """
        return self._store.rebuild(on_progress)

    def _not_shared(self, shared: bool) -> tuple[str, ...]:
        """The tags whose articles are left out."""
        return local.in_use(self._catalogue) if shared else ()

    def _pages(self) -> Pages:
        # Imported here because parsers of feeds and robots.txt are not needed otherwise.
        from index.pages import Pages, polite_fetcher

        fetcher = self._fetcher or polite_fetcher(self._private_addresses)
        return Pages(self._catalogue, fetcher)


def _tags(given: Iterable[str]) -> tuple[str, ...]:
    """Tags as they are stored.

    Raises:
        InputError: one of them is empty.
    """
    tags = [given] if isinstance(given, str) else list(given)
    for tag in tags:
        if not clean_tags([tag]):
            raise InputError(f"the tag {tag!r} is empty; give it at least one character")
    return clean_tags(tags)
