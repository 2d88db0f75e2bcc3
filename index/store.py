"""The store of a library: catalogue, vectors and embedding model, kept in agreement.

Every article goes through here on its way in: pending in the catalogue, embedded, published. What a
crash left is finished or mended. Knows nothing of files and of searching.
"""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from index.catalogue import Catalogue
from index.coverage import notice, uncovered
from index.embed import Embedder
from index.errors import DamagedIndexError, NotFoundError, OtherModelError, StoreFullError
from index.gate import is_alive, on_wait, presence
from index.originals import Originals
from index.rows import places
from index.types import Article, Passage
from index.vectors import VectorStore, is_sound

BATCH_PASSAGES = 256
"""Passages that are written and published together; an interruption repeats as many."""

STEP_PASSAGES = 64
"""Passages that are embedded between two reports of progress."""

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


class StopAdding(Exception):
    """Raised by `on_progress` to end an addition: what was published stays."""


OnProgress = Callable[[Progress], None]
Tick = Callable[[int], None]


class Store:
    """Catalogue and vectors under one roof; public names are used by `Library` alone."""

    def __init__(
        self, folder: Path, catalogue: Catalogue, vectors: VectorStore, model: Embedder
    ) -> None:
        self.folder = folder
        self.catalogue = catalogue
        self.vectors = vectors
        self.embedder = model
        self.originals = Originals(folder / "originals")
        self._checked = False

    def compare(self, article: Article) -> str:
        """What adding this article would do: "added", "updated" or "unchanged"."""
        known = self.catalogue.known(article.id)
        if known is None:
            return "added"
        same = {article.meta_hash}
        if article.language == "en":  # no language means English to the splitter
            same.add(replace(article, language="").meta_hash)
        is_known = known.version == article.version and known.meta_hash in same
        return "unchanged" if is_known else "updated"

    def refresh(self, article: Article) -> None:
        """Keep an unchanged article's new tags, its language, and its places if they moved."""
        known = self.catalogue.known(article.id)
        if known is None:  # removed meanwhile
            return
        if not set(article.tags) <= set(known.tags):
            self.catalogue.add_tags(article.id, article.tags)
        if article.meta_hash != known.meta_hash:
            self.catalogue.set_language(article)
        if (article.locators or article.original) and places(article) != known.places:
            self.catalogue.set_places(article)

    def keep_original(self, article: Article, data: bytes) -> None:
        """Keep the file or page that a stored article came from."""
        if data and (name := article.original.get("sha256")):
            with self.catalogue.transaction():  # no sweep comes between
                if self.catalogue.came_from(article.id, name):
                    self.originals.keep(name, data)

    def sweep_originals(self) -> None:
        """Delete the originals that no stored state of an article came from any more."""
        with self.catalogue.transaction():
            self.originals.sweep(self.catalogue.originals())

    def publish(self, revisions: Sequence[int], tick: Tick | None = None) -> None:
        """Embed pending revisions, then make them searchable; `tick` hears of the passages done.

        If it stops them (`StopAdding`), they are forgotten.
        """
        if not revisions:
            return
        with self.catalogue.transaction():
            if self.catalogue.get_setting("embedding") is None:
                self.catalogue.set_setting("embedding", self.embedder.fingerprint)
        self.check_model()
        pairs = [
            (self.catalogue.article_of(revision), passage)
            for revision in revisions
            for passage in self.catalogue.passages_of(revision)
        ]
        try:
            self._embed(pairs, tick=tick)
        except StopAdding:
            self.vectors.delete(self.catalogue.drop(revisions))
            self.sweep_originals()
            raise
        self.vectors.delete(self.catalogue.publish(revisions))

    def enter(self, stack: ExitStack) -> str:
        """Be an owner of pending revisions until the stack closes; returns the owner's name."""
        owner = uuid.uuid4().hex
        stack.enter_context(presence(self.folder / "writers" / owner))
        return owner

    def finish_pending(self) -> None:
        """Publish what owners that are gone had begun."""
        owners = {name for name in self.catalogue.pending_owners() if not self._lives(name)}
        if owners:
            with ExitStack() as stack:
                self.publish(self.catalogue.adopt(self.enter(stack), owners))
            for name in owners:
                (self.folder / "writers" / name).unlink(missing_ok=True)

    def ready(self) -> None:
        """Make a spoilt index anew; once after opening, finish what others began and compare."""
        self.check_model()
        if not self.vectors.is_as_written():
            self._mend()
        if self._checked:
            return
        with suppress(StoreFullError):  # what is there can be searched all the same
            self.finish_pending()
            self.catalogue.compare_copies()
            if self.vectors.count() != self.catalogue.count_passages():
                self._reconcile()
            self._checked = True

    def check_model(self) -> None:
        """Another process may have rebuilt the store with another model since it was opened."""
        made_with = self.catalogue.get_setting("embedding")
        if made_with not in (None, self.embedder.fingerprint):
            raise OtherModelError(
                f"the store {str(self.folder)!r} was made with the embedding model {made_with!r}, "
                f"not with {self.embedder.fingerprint!r}: set ASSISTANT_EMBEDDING back, or run "
                "`assistant rebuild` to embed everything anew"
            )

    def language_notice(self, *, once: bool = False) -> str:
        """What to tell of articles in languages that the model does not cover; "" if nothing.

        Args:
            once: leave out languages that were told before, and keep that these are told now.
        """
        gaps = uncovered(self.catalogue.languages(), self.embedder.name)
        if once:
            with self.catalogue.transaction():
                told = json.loads(self.catalogue.get_setting("languages told") or "{}")
                before = set(told.get(self.embedder.name, ()))
                gaps = {code: count for code, count in gaps.items() if code not in before}
                if gaps:
                    kept = {self.embedder.name: sorted(before | set(gaps))}
                    self.catalogue.set_setting("languages told", json.dumps(kept))
        return notice(gaps, self.embedder.name)

    def check(self) -> list[str]:
        """What is wrong between catalogue and vector index, in words; empty if they agree.

        Raises:
            DamagedIndexError: the vector index cannot be read.
        """
        wanted, there = self.catalogue.searched_ids(), self.vectors.ids()
        lost, extra = len(wanted - there), len(there - wanted)
        problems = []
        if lost:
            problems.append(f"passages without a vector: {lost}")
        if extra:
            problems.append(f"vectors without a passage: {extra}")
        if spoilt := self.vectors.count_spoilt():
            problems.append(f"vectors that no model made: {spoilt}")
        return problems

    def rebuild(self, on_progress: OnProgress | None = None) -> int:
        """Make the vector index anew from the catalogue; returns the number of passages.

        The old index serves until the new one is complete. Interrupted, it goes on where it
        stopped. Also the way to another embedding model (see `open`).

        Raises:
            StoreBusyError: another process rebuilds or purges the store, for too long.
        """
        with self.vectors.gate.rebuilding():
            return self.remake(on_progress)

    def remake(self, on_progress: OnProgress | None = None, *, reuse: bool = False) -> int:
        """What `rebuild` does, for who is rebuilding already.

        With `reuse`, vectors that the old index has are copied instead of made, and nothing of an
        interrupted rebuild is used.
        """
        write = self._copy if reuse else self._embed
        revisions = self.catalogue.ready_revisions()
        made_for = self.catalogue.get_setting("rebuilding")
        target = self.vectors
        fresh = self.folder / "vectors.new"
        if isinstance(self.vectors.place, Path):
            target = VectorStore(fresh, self.vectors.gate, self.catalogue)
            if reuse or made_for != self.embedder.fingerprint:
                self.catalogue.set_setting("rebuilding", "")
                target.discard()
        else:
            target.clear()
        try:
            there = target.ids()
        except DamagedIndexError:
            target.discard()
            there = target.ids()
        self.catalogue.set_setting("rebuilding", self.embedder.fingerprint)
        count = 0
        waiting: list[tuple[Article, Passage]] = []
        for number, revision in enumerate(revisions):
            try:
                article = self.catalogue.article_of(revision)
            except NotFoundError:
                continue  # removed meanwhile
            if on_progress:
                on_progress(Progress(number, len(revisions), count, article.title))
            found = self.catalogue.passages_of(revision)
            waiting += [(article, p) for p in found if p.id not in there]
            count += len(found)
            if len(waiting) >= BATCH_PASSAGES:
                write(waiting, target)
                waiting = []
        write(waiting, target)
        if target is not self.vectors:
            self.vectors.replace_with(target, self.folder / "vectors.old")
        self._settle_model(self.embedder.fingerprint)
        self.finish_pending()
        self._reconcile()  # what others added or removed meanwhile
        if on_progress:
            on_progress(Progress(len(revisions), len(revisions), count, ""))
        return count

    def finish_swap(self) -> None:
        """A rebuild that died with the new vectors in place, before the catalogue knew."""
        if self.vectors.gate.is_rebuilding:
            return
        made_for, old = self.catalogue.get_setting("rebuilding"), self.folder / "vectors.old"
        if made_for and old.exists() and not (self.folder / "vectors.new").exists():
            self._settle_model(made_for)

    def _mend(self) -> None:
        """Make an index anew whose last write died half way, or that something else wrote to."""
        with self.vectors.gate.rebuilding():
            if not self.vectors.is_as_written():  # or else another process was first
                on_wait.get()("waiting for the vector index, which is damaged, to be made anew")
                self.remake()

    def _reconcile(self) -> None:
        """Mend what a crash left: vectors without a passage, passages without a vector."""

        def extra(there: set[str]) -> set[str]:
            if any(self._lives(name) for name in self.catalogue.pending_owners()):
                return set()  # a living process is writing them
            return there - self.catalogue.searched_ids()

        self.vectors.prune(extra)
        wanted, there = self.catalogue.searched_ids(), self.vectors.ids()
        rows = self.catalogue.rows(sorted(wanted - there))
        self._embed([(self.catalogue.get(r.passage.article_id), r.passage) for r in rows.values()])

    def _settle_model(self, fingerprint: str) -> None:
        """The vectors in use are of this model; the ones they replaced are deleted."""
        with self.catalogue.transaction():
            self.catalogue.set_setting("embedding", fingerprint)
            self.catalogue.set_setting("rebuilding", "")
        shutil.rmtree(self.folder / "vectors.old", ignore_errors=True)

    def _copy(self, pairs: Sequence[tuple[Article, Passage]], target: VectorStore) -> None:
        """Write the vectors of these passages from the index in use, embedding what it lacks."""
        import numpy as np

        there = self.vectors.get([p.id for _, p in pairs])
        there = {name: vector for name, vector in there.items() if is_sound(vector)}
        known = [p for _, p in pairs if p.id in there]
        target.upsert(
            [p.id for p in known],
            np.array([there[p.id] for p in known], dtype=np.float32),
            [p.text for p in known],
            [p.article_id for p in known],
        )
        self._embed([pair for pair in pairs if pair[1].id not in there], target)

    def _embed(
        self,
        pairs: Sequence[tuple[Article, Passage]],
        target: VectorStore | None = None,
        tick: Tick | None = None,
    ) -> None:
        """Write the vectors of these passages."""
        import numpy as np

        for i in range(0, len(pairs), BATCH_PASSAGES):
            # Texts of one length together are padded least.
            part = sorted(pairs[i : i + BATCH_PASSAGES], key=lambda pair: len(pair[1].text))
            headers = {label: self._header(label) for label in {a.label for a, _ in part}}
            texts = [f"{headers[article.label]}\n{p.text}" for article, p in part]
            vectors = []
            for j in range(0, len(texts), STEP_PASSAGES):
                vectors.append(self.embedder.encode(texts[j : j + STEP_PASSAGES]))
                if tick:
                    tick(len(vectors[-1]))
            (target or self.vectors).upsert(
                [p.id for _, p in part],
                np.concatenate(vectors),
                [p.text for _, p in part],
                [p.article_id for _, p in part],
            )

    def _header(self, label: str) -> str:
        """As much of the label as leaves room for the longest passage."""
        while self.embedder.count_tokens([label])[0] > HEADER_TOKENS:
            label = label[: len(label) * 7 // 8]
        return label

    def _lives(self, owner: str) -> bool:
        return is_alive(self.folder / "writers" / owner)
