"""The files and pages that articles came from, kept by the hash of their bytes when asked for.

Knows nothing of articles: the caller says which hashes are in use.
"""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Collection
from pathlib import Path

from index.errors import StoreError, StoreFullError


class Originals:
    """The folder of originals; callers hold the catalogue's transaction around every change."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, sha256: str, data: bytes) -> None:
        """Keep these bytes, once for all articles that came from them.

        Raises:
            StoreFullError: no space is left.
            StoreError: the folder cannot be written.
        """
        path = self._folder / sha256
        if path.exists():
            return
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._folder, prefix=".", delete=False) as file:
                beside = Path(file.name)
                try:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                    beside.replace(path)
                except BaseException:
                    beside.unlink(missing_ok=True)
                    raise
        except OSError as error:
            kind = StoreFullError if error.errno in (errno.ENOSPC, errno.EDQUOT) else StoreError
            raise kind(
                f"cannot keep the original in {str(self._folder)!r} ({error.strerror}); make room "
                "or add without keeping originals: what was added before is safe"
            ) from error

    def get(self, sha256: str) -> bytes | None:
        """The bytes with this hash, None if they were not kept."""
        try:
            return (self._folder / sha256).read_bytes() if sha256 else None
        except FileNotFoundError:
            return None

    def sweep(self, used: Collection[str]) -> None:
        """Delete what no article came from."""
        if self._folder.is_dir():
            for path in self._folder.iterdir():
                if path.name not in used:
                    path.unlink(missing_ok=True)
