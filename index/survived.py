"""Notices that opening something crashed the process, as damaged files of Chroma's may.

Knows nothing of what is opened.
"""

from __future__ import annotations

import faulthandler
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import DamagedIndexError


@contextmanager
def survived(mark: Path) -> Iterator[None]:
    """Open what may crash the process; nobody else may be opening it.

    Args:
        mark: a file that says so afterwards. A process that is killed leaves it empty.

    Raises:
        DamagedIndexError: it crashed the last process.
    """
    if mark.exists() and mark.stat().st_size:
        raise DamagedIndexError(
            f"opening the vector index {str(mark.with_suffix(''))!r} crashed the last program that "
            "tried; `assistant rebuild` makes it anew from the catalogue, nothing is lost"
        )
    try:
        if faulthandler.is_enabled():  # somebody else wants to know of crashes
            yield
            return
        with mark.open("wb") as file:
            faulthandler.enable(file)
            try:
                yield
            finally:
                faulthandler.disable()
    finally:
        mark.unlink(missing_ok=True)
