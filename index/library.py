"""The library: articles in, passages out. The face of this package over catalogue and vectors."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from index.catalogue import Catalogue, Row
from index.embed import DEFAULT_MODEL, Embedder, embedder
from index.errors import (
    DamagedIndexError,
    LoadError,
    NotFoundError,
    OtherModelError,
    SettingsError,
    StoreError,
)
from index.fuse import DENSE_WEIGHT, fuse
from index.gate import PATIENCE, Gate, is_alive, presence
from index.load import Source, clean_tags, expand, load
from index.split import passages
from index.types import AddReport, Article, Change, Failure, Hit, Passage, Scope, storable
from index.vectors import VectorStore

if TYPE_CHECKING:
    from index.embed import Vectors

BATCH_PASSAGES = 128
"""Passages that are embedded, written and published together; an interruption repeats as many."""

DEPTH = 50
"""Candidates that the dense and the lexical search each bring, at least."""

HEADER_TOKENS = 46
"""Tokens of title, source and date that are embedded with a passage: what an encoder of 256 has
left beside the longest passage and its two special tokens."""


@dataclass(frozen=True)
class Progress:
    """How far an addition or a rebuild has come."""

    done: int
    total: int
    passages: int
    current: str


OnProgress = Callable[[Progress], None]


class Library:
    """A person's articles in one store; made by `Library.open`, usable from several threads."""

    def __init__(
        self, folder: Path, catalogue: Catalogue, vectors: VectorStore, model: Embedder
    ) -> None:
        self.folder = folder
        self.embedder = model
        self._catalogue = catalogue
        self._vectors = vectors
        self._checked = False
        self._last_query: tuple[str, Vectors | None] = ("", None)

    @classmethod
    def open(
        cls,
        place: str | Path,
        *,
        embedding: str | Embedder = DEFAULT_MODEL,
        catalogue: str | Path | None = None,
        patience: float = PATIENCE,
        rebuilding: bool = False,
    ) -> Library:
        """Open a store, or make an empty one.

        Args:
            place: a folder, or the `http(s)://host:port` of a Chroma server.
            embedding: name or folder of any sentence-transformers model.
            catalogue: the folder of the catalogue, needed with a Chroma server only.
            patience: seconds to wait while another process holds the store.
            rebuilding: open it although it was made with another model, to `rebuild` it.

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
        library = cls(folder, books, vectors, model)
        try:
            library._finish_swap()
            if not rebuilding:
                library._check_model()
        except StoreError:
            books.close()
            raise
        return library

    def close(self) -> None:
        """Close the catalogue; the library cannot be used afterwards."""
        self._catalogue.close()

    def add(
        self,
        sources: Source | Iterable[Source],
        *,
        tags: Iterable[str] = (),
        on_progress: OnProgress | None = None,
    ) -> AddReport:
        """Add files, folders, globs or articles; what is known already is left as it is.

        An article is identified by its origin: the same origin with another text becomes a new
        version. A source that cannot be read is reported and stops nothing. Interrupted, the
        next `add` goes on: whatever was reported before is safe.

        Raises:
            StoreBusyError: another process held the store for too long.
            StoreFullError: no space is left; what was added before is safe.
        """
        self._check()
        self._finish_pending()
        tags = clean_tags(tags)
        items = expand(sources)
        report: dict[str, list[Article]] = {"added": [], "updated": [], "unchanged": []}
        failed: list[Failure] = []
        batch: list[tuple[str, int, Article]] = []
        seen: set[str] = set()
        waiting = embedded = 0

        def flush() -> None:
            nonlocal waiting, embedded
            self._publish([revision for _, revision, _ in batch])
            for outcome, _, article in batch:
                report[outcome].append(article)
            embedded += waiting
            batch.clear()
            seen.clear()
            waiting = 0

        with ExitStack() as stack:
            owner = self._enter(stack)
            for number, item in enumerate(items):
                if on_progress:
                    on_progress(Progress(number, len(items), embedded, item.name))
                try:
                    article = load(item)
                except LoadError as error:
                    failed.append(Failure(item.name, str(error)))
                    continue
                article = replace(article, tags=tuple(sorted({*article.tags, *tags})))
                if article.id in seen:  # the same origin twice in one batch: settle the first
                    flush()
                outcome = self._compare(article)
                if outcome == "unchanged":
                    report[outcome].append(article)
                    continue
                article = replace(article, added=datetime.now(UTC))
                spans = passages(article.text, self.embedder.count_tokens, article.language or "en")
                revision = self._catalogue.add_pending(article, spans, owner)
                batch.append((outcome, revision, article))
                seen.add(article.id)
                waiting += len(spans)
                if waiting >= BATCH_PASSAGES:
                    flush()
            flush()
        if on_progress:
            on_progress(Progress(len(items), len(items), embedded, ""))
        return AddReport(**{k: tuple(v) for k, v in report.items()}, failed=tuple(failed))

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
            weight: of the dense score, between 0 (BM25 alone) and 1.
        """
        self._check()
        query = storable(query)
        if not query.strip() or k < 1:
            return []
        scope = Scope(_names(articles), _names(tags), source, since, until)
        allowed = self._catalogue.ids(scope) if scope else None
        if allowed == [] or not self._catalogue.count_passages():
            return []
        vector = self._query_vector(query)
        lexical = self._catalogue.bm25(query, max(DEPTH, 2 * k), allowed)
        rows = {row.passage.id: row for row, _ in lexical}
        bm25 = {row.passage.id: score for row, score in lexical}
        cosine, found = self._dense(vector, max(DEPTH, 2 * k), allowed)
        rows |= found
        # Each candidate gets both of its scores, whichever search brought it.
        missing = [name for name in rows if name not in cosine]
        cosine |= {name: float(vector @ v) for name, v in self._vectors.get(missing).items()}
        numbers = {row.number: name for name, row in rows.items() if name not in bm25}
        more = self._catalogue.bm25_scores(query, list(numbers))
        bm25 |= {numbers[number]: score for number, score in more.items()}
        fused = fuse({name: s for name, s in cosine.items() if name in rows}, bm25, weight)
        return [Hit(rows[name].passage, score) for name, score in list(fused.items())[:k]]

    def nearness(self, query: str, hits: Sequence[Hit]) -> float:
        """Cosine of the query and the nearest of these hits, 0 without any."""
        vectors = self._vectors.get([hit.passage.id for hit in hits]).values()
        query_vector = self._query_vector(query)
        return max((float(query_vector @ vector) for vector in vectors), default=0.0)

    def articles(
        self,
        *,
        articles: Sequence[str] = (),
        tags: Sequence[str] = (),
        source: str = "",
        since: date | None = None,
        until: date | None = None,
    ) -> list[Article]:
        """Articles, the newest publication first; narrowed as in `search`."""
        return self._catalogue.articles(Scope(_names(articles), _names(tags), source, since, until))

    def get(self, article_id: str, version: str = "") -> Article:
        """An article in its current version, or in the one named.

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

    def versions(self, article_id: str) -> list[Article]:
        """All stored versions of an article, the current one first."""
        return self._catalogue.versions(article_id)

    def set_tags(self, article_id: str, tags: Iterable[str]) -> None:
        """Replace an article's tags."""
        self.get(article_id)
        self._catalogue.set_tags(article_id, clean_tags(tags))

    def remove(self, article_ids: str | Iterable[str]) -> list[Article]:
        """Delete articles with all their versions; returns what was deleted.

        Raises:
            NotFoundError: one of them is not there; nothing is deleted then.
        """
        names = [article_ids] if isinstance(article_ids, str) else list(article_ids)
        doomed = [self.get(name) for name in dict.fromkeys(names)]
        self._check()
        self._finish_pending()
        gone = [name for article in doomed for name in self._catalogue.remove(article.id)]
        self._vectors.delete(gone)
        return doomed

    def changes(self, after: int = 0) -> list[Change]:
        """The durable log of removed and changed articles, oldest first."""
        return self._catalogue.changes(after)

    def count_passages(self) -> int:
        """Number of passages that are searched."""
        return self._catalogue.count_passages()

    def passages(self, article_id: str) -> list[Passage]:
        """Passages of an article's current version, in order."""
        return self._catalogue.passages_of(self._catalogue.ready_revision(article_id))

    def check(self) -> list[str]:
        """What is wrong between catalogue and vector index, in words; empty if they agree.

        Raises:
            DamagedIndexError: the vector index cannot be read.
        """
        wanted, there = self._catalogue.searched_ids(), self._vectors.ids()
        lost, extra = len(wanted - there), len(there - wanted)
        problems = []
        if lost:
            problems.append(f"passages without a vector: {lost}")
        if extra:
            problems.append(f"vectors without a passage: {extra}")
        return problems

    def rebuild(self, on_progress: OnProgress | None = None) -> int:
        """Make the vector index anew from the catalogue; returns the number of passages.

        The old index serves until the new one is complete. Interrupted, it goes on where it
        stopped. Also the way to another embedding model (see `open`).
        """
        revisions = self._catalogue.ready_revisions()
        made_for = self._catalogue.get_setting("rebuilding")
        target = self._vectors
        fresh = self.folder / "vectors.new"
        if isinstance(self._vectors.place, Path):
            target = VectorStore(fresh, self._vectors.gate, self._catalogue)
            if made_for != self.embedder.fingerprint:
                self._catalogue.set_setting("rebuilding", "")
                target.discard()
        else:
            target.clear()
        try:
            there = target.ids()
        except DamagedIndexError:
            target.discard()
            there = target.ids()
        self._catalogue.set_setting("rebuilding", self.embedder.fingerprint)
        count = 0
        waiting: list[tuple[Article, Passage]] = []
        for number, revision in enumerate(revisions):
            try:
                article = self._catalogue.article_of(revision)
            except NotFoundError:
                continue  # removed meanwhile
            if on_progress:
                on_progress(Progress(number, len(revisions), count, article.title))
            found = self._catalogue.passages_of(revision)
            waiting += [(article, p) for p in found if p.id not in there]
            count += len(found)
            if len(waiting) >= BATCH_PASSAGES:
                self._embed(waiting, target)
                waiting = []
        self._embed(waiting, target)
        if target is not self._vectors:
            self._vectors.replace_with(fresh, self.folder / "vectors.old")
        self._settle_model(self.embedder.fingerprint)
        self._finish_pending()
        self._reconcile()  # what others added or removed meanwhile
        if on_progress:
            on_progress(Progress(len(revisions), len(revisions), count, ""))
        return count

    # Inside

    def _compare(self, article: Article) -> str:
        """What adding this article would do; new tags of an unchanged one are added at once."""
        known = self._catalogue.known(article.id)
        if known is None:
            return "added"
        if (known.version, known.meta_hash) != (article.version, article.meta_hash):
            return "updated"
        if not set(article.tags) <= set(known.tags):
            self._catalogue.add_tags(article.id, article.tags)
        return "unchanged"

    def _publish(self, revisions: Sequence[int]) -> None:
        """Embed pending revisions, then make them searchable."""
        if not revisions:
            return
        with self._catalogue.transaction():
            if self._catalogue.get_setting("embedding") is None:
                self._catalogue.set_setting("embedding", self.embedder.fingerprint)
        self._check_model()
        pairs = [
            (self._catalogue.article_of(revision), passage)
            for revision in revisions
            for passage in self._catalogue.passages_of(revision)
        ]
        self._embed(pairs)
        gone = [name for revision in revisions for name in self._catalogue.publish(revision)]
        self._vectors.delete(gone)

    def _embed(
        self, pairs: Sequence[tuple[Article, Passage]], target: VectorStore | None = None
    ) -> None:
        """Write the vectors of these passages."""
        for i in range(0, len(pairs), 1024):
            part = pairs[i : i + 1024]
            headers = {label: self._header(label) for label in {a.label for a, _ in part}}
            texts = [f"{headers[article.label]}\n{p.text}" for article, p in part]
            (target or self._vectors).upsert(
                [p.id for _, p in part],
                self.embedder.encode(texts),
                [p.text for _, p in part],
                [p.article_id for _, p in part],
            )

    def _header(self, label: str) -> str:
        """As much of the label as leaves room for the longest passage."""
        while self.embedder.count_tokens([label])[0] > HEADER_TOKENS:
            label = label[: len(label) * 7 // 8]
        return label

    def _enter(self, stack: ExitStack) -> str:
        """Be an owner of pending revisions until the stack closes; returns the owner's name."""
        owner = uuid.uuid4().hex
        stack.enter_context(presence(self.folder / "writers" / owner))
        return owner

    def _lives(self, owner: str) -> bool:
        return is_alive(self.folder / "writers" / owner)

    def _check_model(self) -> None:
        """Another process may have rebuilt the store with another model since it was opened."""
        made_with = self._catalogue.get_setting("embedding")
        if made_with not in (None, self.embedder.fingerprint):
            raise OtherModelError(
                f"the store {str(self.folder)!r} was made with the embedding model {made_with!r}, "
                f"not with {self.embedder.fingerprint!r}: set ASSISTANT_EMBEDDING back, or run "
                "`assistant rebuild` to embed everything anew"
            )

    def _finish_swap(self) -> None:
        """A rebuild that died with the new vectors in place, before the catalogue knew."""
        made_for, old = self._catalogue.get_setting("rebuilding"), self.folder / "vectors.old"
        if made_for and old.exists() and not (self.folder / "vectors.new").exists():
            self._settle_model(made_for)

    def _settle_model(self, fingerprint: str) -> None:
        """The vectors in use are of this model; the ones they replaced are deleted."""
        with self._catalogue.transaction():
            self._catalogue.set_setting("embedding", fingerprint)
            self._catalogue.set_setting("rebuilding", "")
        shutil.rmtree(self.folder / "vectors.old", ignore_errors=True)

    def _check(self) -> None:
        """Once after opening: finish what others began, then let catalogue and vectors agree."""
        self._check_model()
        if self._checked:
            return
        self._finish_pending()
        if self._vectors.count() != self._catalogue.count_passages():
            self._reconcile()
        self._checked = True

    def _finish_pending(self) -> None:
        """Publish what owners that are gone had begun."""
        owners = {name for name in self._catalogue.pending_owners() if not self._lives(name)}
        if owners:
            with ExitStack() as stack:
                self._publish(self._catalogue.adopt(self._enter(stack), owners))
            for name in owners:
                (self.folder / "writers" / name).unlink(missing_ok=True)

    def _reconcile(self) -> None:
        """Mend what a crash left: vectors without a passage, passages without a vector."""

        def extra(there: set[str]) -> set[str]:
            if any(self._lives(name) for name in self._catalogue.pending_owners()):
                return set()  # a living process is writing them
            return there - self._catalogue.searched_ids()

        self._vectors.prune(extra)
        wanted, there = self._catalogue.searched_ids(), self._vectors.ids()
        rows = self._catalogue.rows(sorted(wanted - there))
        self._embed([(self.get(r.passage.article_id), r.passage) for r in rows.values()])

    def _query_vector(self, query: str) -> Vectors:
        """Unit vector of a query, shape (dimensions,); the last one is kept."""
        known, vector = self._last_query
        if vector is None or known != query:
            vector = self.embedder.encode([query])[0]
            self._last_query = (query, vector)
        return vector

    def _dense(
        self, vector: Vectors, k: int, allowed: Sequence[str] | None
    ) -> tuple[dict[str, float], dict[str, Row]]:
        """Nearest searched passages; looks deeper while unpublished vectors fill the list."""
        while True:
            cosine = self._vectors.query(vector, k, allowed)
            rows = self._catalogue.rows(list(cosine))
            if len(rows) >= min(k, DEPTH) or len(cosine) < k:
                return {name: cosine[name] for name in cosine if name in rows}, rows
            k *= 4


def _names(given: Sequence[str]) -> tuple[str, ...]:
    """A string is one name, not a sequence of letters."""
    return (given,) if isinstance(given, str) else tuple(given)
