"""An addition of files that may be changing: one that is not as it was seen is left for later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from index.adding import Addition
from index.errors import LoadError
from index.load import Item
from index.loaders import Loaded
from index.looking import Mark, mark_of
from index.types import AddReport


class Settled(Addition):
    """An addition that leaves out each file that changes while it is read.

    Args:
        marks: the state in which each file was seen.
        how: as `Addition`.
    """

    def __init__(self, *given: Any, marks: Mapping[str, Mark], **how: Any) -> None:
        super().__init__(*given, **how)
        self._marks = marks
        self.unsettled: set[str] = set()

    @property
    def stored(self) -> AddReport:
        """What is safe, however the addition ends."""
        return AddReport(tuple(self._report["added"]), tuple(self._report["updated"]))

    @property
    def begun(self) -> dict[str, str]:
        """What is pending if the addition ends now, by article: whoever is next finishes it."""
        return {name: new.outcome for name, new in self._batch.items()}

    def _open(self, item: Item) -> Loaded | list[Item]:
        reason: LoadError | None = None
        found: Loaded | list[Item] = Loaded()
        try:
            found = super()._open(item)
        except LoadError as error:
            reason = error
        if item.path and mark_of(item.path) != self._marks[item.name]:
            self.unsettled.add(item.name)
            return Loaded()
        if reason:
            raise reason
        return found
