"""A library kept in step with folders, files, feeds and pages, look by look; tells nobody.

Files are looked at again and again instead of waiting for word from the system: that works on
network drives too and needs no dependency, and everything must be looked at in the beginning
anyway.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import NotFoundError, StoreBusyError, StoreFullError
from index.load import Item
from index.looking import Mark, Seen, is_gone, look_around, lost_folder
from index.settled import Settled
from index.store import OnProgress, Store
from index.types import AddReport, Article, Failure, storable

if TYPE_CHECKING:
    from index.pages import Pages

PAUSE = 2.0
"""Seconds between two looks."""

SOON = 60.0
"""Seconds until feeds and pages are visited again when the store could not be used."""


@dataclass(frozen=True)
class Gone:
    """A file that is not there any more, and the articles it brought, which stay.

    With `whole`, `path` is a folder that is gone or empty, as when a drive is not connected, and
    `files` are no longer seen; nothing of them is removed, whatever was asked for.
    """

    path: str
    articles: tuple[str, ...] = ()
    files: int = 1
    whole: bool = False


@dataclass(frozen=True)
class Changes:
    """What one look brought; false if there is nothing to tell.

    `trouble` is why the store could not be used; the next look tries again.
    """

    report: AddReport = field(default_factory=AddReport)
    gone: tuple[Gone, ...] = ()
    removed: tuple[Article, ...] = ()
    trouble: str = ""

    def __bool__(self) -> bool:
        report = self.report
        told = report.added or report.updated or report.failed or report.notice
        return bool(told or self.gone or self.removed or self.trouble)


@dataclass(frozen=True)
class _File:
    """A file whose articles are in the library, the folder watched, and how they call the file."""

    path: Path
    root: Path
    original: str


class Watch:
    """Sources that are looked at again with each `look`; made by `Library.watch`.

    Args:
        store: where the articles go.
        make_pages: called when a web address is met.
        remove: removes articles by id.
        sources: files, folders, patterns and web addresses.
        every: seconds between two visits of a feed or page.
        remove_missing: articles of files that go are removed, else only told.
        clock: seconds, from any start.
        sleep: waits for some seconds.
        how: `tags`, `columns` and `keep`, as in `Library.add`.
    """

    def __init__(
        self,
        store: Store,
        make_pages: Callable[[], Pages],
        remove: Callable[[Sequence[str]], list[Article]],
        sources: str | Path | Iterable[str | Path],
        *,
        every: float,
        remove_missing: bool,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        **how: Any,
    ) -> None:
        self._store = store
        self._make_pages = make_pages
        self._remove = remove
        self._sources = [sources] if isinstance(sources, str | Path) else list(sources)
        self._every = every
        self._remove_missing = remove_missing
        self._clock = clock
        self._sleep = sleep
        self._how = how
        self._due = clock()
        self._known: dict[str, Mark] = {}
        self._files: dict[str, _File] = {}
        self._told: set[Failure] = set()
        self._begun: dict[str, str] = {}
        self._trouble = ""
        self._seen, self._addresses = look_around(self._sources)

    @property
    def watched(self) -> tuple[int, int]:
        """Number of files that the last look found, and of feeds and pages."""
        return sum(1 for seen in self._seen.values() if seen.item.path), len(self._addresses)

    def look(self, on_progress: OnProgress | None = None) -> Changes:
        """Wait two seconds, then bring the library in step with the sources.

        A file is taken when two looks one after the other find it the same, so that one which is
        being written does not become a version half-way. The first look takes all there is.

        Raises:
            StoreError: the store cannot be used, and waiting does not help.
        """
        self._sleep(PAUSE)
        before = self._seen
        self._seen, self._addresses = look_around(self._sources)
        changes = self._take(before, on_progress)
        if not changes.trouble and self._addresses and self._clock() >= self._due:
            changes = _sum(changes, self._visit(on_progress))
        if not changes.trouble:
            changes = _sum(changes, self._follow(before))
        before_that, self._trouble = self._trouble, changes.trouble
        return replace(changes, trouble="") if changes.trouble == before_that else changes

    def _take(self, before: Mapping[str, Seen], on_progress: OnProgress | None) -> Changes:
        """Add the files that are new or changed, and have settled."""
        quiet = {folder for file in self._files.values() for folder in (file.path, file.root)}
        settled = {
            name: seen
            for name, seen in self._seen.items()
            if name in before
            and before[name].mark == seen.mark != self._known.get(name)
            # `_follow` tells of what went.
            and not (seen.root in quiet and is_gone(seen.root))
        }
        if not settled:
            return Changes()
        marks = {name: seen.mark for name, seen in settled.items()}
        adding = self._adding(marks, on_progress)
        changes = self._add(adding, [seen.item for seen in settled.values()])
        if not changes.trouble:
            for name in marks.keys() - adding.unsettled:
                self._known[name] = marks[name]
                path = settled[name].item.path
                if path and not isinstance(marks[name], str):
                    self._files[name] = _File(path, settled[name].root, str(path.resolve()))
        return changes

    def _visit(self, on_progress: OnProgress | None) -> Changes:
        """Add what is new at the web addresses; a failure is told when it is another one."""
        changes = self._add(self._adding({}, on_progress), self._addresses)
        self._due = self._clock() + (min(self._every, SOON) if changes.trouble else self._every)
        if changes.trouble:
            return changes
        told, self._told = self._told, set(changes.report.failed)
        failed = tuple(failure for failure in changes.report.failed if failure not in told)
        return replace(changes, report=replace(changes.report, failed=failed))

    def _follow(self, before: Mapping[str, Seen]) -> Changes:
        """Tell of the files that went, or remove their articles."""
        missing = {
            name: file
            for name, file in self._files.items()
            if not any(name in seen and seen[name].item.path for seen in (before, self._seen))
            and is_gone(file.path)
        }
        if not missing:
            return Changes()
        folders = {name: lost_folder(file.path, file.root) for name, file in missing.items()}
        lost = Counter(folder for folder in folders.values() if folder)
        gone = [Gone(str(folder), files=count, whole=True) for folder, count in lost.items()]
        brought = self._brought({n: file for n, file in missing.items() if not folders[n]})
        changes = Changes()
        if self._remove_missing:
            changes = self._remove_all(article for ids in brought.values() for article in ids)
        else:
            gone += [Gone(name, tuple(ids)) for name, ids in brought.items() if ids]
        if not changes.trouble:
            self._forget(missing, lost)
        return replace(changes, gone=tuple(gone) if not changes.trouble else ())

    def _brought(self, missing: Mapping[str, _File]) -> dict[str, list[str]]:
        """Ids of the articles that came from these files, and from no other that is still there."""
        stored = self._store.catalogue.by_path() if missing else {}
        for name, file in self._files.items():
            if name not in missing:
                stored.pop(file.original, None)
        # A name that was not storable as it is may stand for another file's articles.
        return {
            name: stored.get(file.original, []) if storable(file.original) == file.original else []
            for name, file in missing.items()
        }

    def _remove_all(self, ids: Iterable[str]) -> Changes:
        doomed: list[Article] = []
        try:
            doomed = [self._store.catalogue.get(name) for name in dict.fromkeys(ids)]
            removed = self._remove([article.id for article in doomed]) if doomed else []
        except (StoreBusyError, StoreFullError, NotFoundError) as error:
            # The catalogue comes first: what is not in it any more is found no more.
            removed = [a for a in doomed if not self._store.catalogue.known(a.id)]
            return Changes(removed=tuple(removed), trouble=str(error))
        return Changes(removed=tuple(removed))

    def _forget(self, missing: Mapping[str, _File], lost: Iterable[Path]) -> None:
        """These files are told of; so is that they, or the folders they were in, are not there."""
        quiet = {*lost, *(file.path for file in missing.values())}
        for name in missing:
            del self._files[name]
            del self._known[name]
        for name, seen in self._seen.items():
            if not seen.item.path and seen.root in quiet:
                self._known[name] = seen.mark

    def _adding(self, marks: Mapping[str, Mark], on_progress: OnProgress | None) -> Settled:
        return Settled(
            self._store, self._make_pages, marks=marks, on_progress=on_progress, **self._how
        )

    def _add(self, adding: Settled, items: Iterable[Item]) -> Changes:
        try:
            self._store.ready()
            self._store.finish_pending()
            report = adding.run(items)
        except (StoreBusyError, StoreFullError) as error:
            self._begun |= adding.begun
            return Changes(adding.stored, trouble=str(error))
        if report.stopped:  # the next look goes on
            return Changes(report, trouble="stopped")
        report = _with_begun(report, self._begun)
        reported = (*report.added, *report.updated, *report.unchanged)
        self._begun = {
            name: outcome
            for name, outcome in self._begun.items()
            if name not in {article.id for article in reported}
        }
        return Changes(report)


def _with_begun(report: AddReport, begun: Mapping[str, str]) -> AddReport:
    """What an addition before had begun is unchanged now, but has not been told."""
    outcomes = {article.id: begun.get(article.id, "") for article in report.unchanged}
    late = {
        outcome: tuple(a for a in report.unchanged if outcomes[a.id] == outcome)
        for outcome in ("added", "updated", "")
    }
    return replace(
        report,
        added=report.added + late["added"],
        updated=report.updated + late["updated"],
        unchanged=late[""],
    )


def _sum(one: Changes, other: Changes) -> Changes:
    """Both, one after the other."""
    first, second = one.report, other.report
    report = AddReport(
        first.added + second.added,
        first.updated + second.updated,
        first.unchanged + second.unchanged,
        first.failed + second.failed,
        {**first.copies, **second.copies},
        "\n".join(filter(None, (first.notice, second.notice))),
    )
    return Changes(report, one.gone + other.gone, one.removed + other.removed, other.trouble)
