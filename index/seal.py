"""The seal on Chroma's graph files: what they were when they were last written.

Chroma writes them in place and keeps no checksum. A process that is killed meanwhile leaves them
half written, and damaged ones are not always noticed: they end the process that reads them, or
answer wrongly. The seal is kept in the catalogue. Knows nothing of what is in the files.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from index.catalogue import Catalogue


class Seal:
    """The seal of one embedded store; whoever uses it holds the gate.

    Args:
        folder: Chroma's.
        catalogue: keeps the seal, and the generation number.
    """

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._name = f"seal of {folder.name}"
        self._marks: dict[str, _Mark] = {}

    def holds(self) -> bool:
        """Whether the files are what the last write left; True where that is not known."""
        kept = self._catalogue.get_setting(self._name)
        return not kept or json.loads(kept) == self._look()

    def put(self) -> None:
        """The files are as they should be, and no write is under way."""
        kept = {
            self._name: json.dumps(self._look()),
            "written": self._catalogue.get_setting("generation") or "0",
        }
        with self._catalogue.transaction():
            for name, value in kept.items():
                if self._catalogue.get_setting(name) != value:
                    self._catalogue.set_setting(name, value)

    def lift(self) -> None:
        """From here on it is not known how the files should be."""
        self._catalogue.set_setting(self._name, "")

    def move_to(self, other: Seal) -> None:
        """The files will be in the other's folder."""
        with self._catalogue.transaction():
            other._catalogue.set_setting(other._name, self._catalogue.get_setting(self._name) or "")
            self.lift()

    @property
    def was_interrupted(self) -> bool:
        """Whether the last write never came to its end."""
        written, generation = map(self._catalogue.get_setting, ("written", "generation"))
        return (written or "0") != (generation or "0")

    def _look(self) -> dict[str, str]:
        """Digests of the graph files in use, by name.

        While there is no table of their ids, Chroma makes them anew at each opening.
        """
        found = {}
        for table in self._folder.glob("*/index_metadata.pickle"):
            for path in (table, *table.parent.glob("*.bin")):
                name, stat = f"{path.parent.name}/{path.name}", path.lstat()
                mark = self._marks.get(name)
                if not mark or (mark.size, mark.time) != (stat.st_size, stat.st_mtime_ns):
                    mark = _Mark(stat.st_size, stat.st_mtime_ns, _digest(path))
                found[name] = mark
        self._marks = found
        return {name: mark.digest for name, mark in found.items()}


@dataclass(frozen=True)
class _Mark:
    """What was seen of a file: with the same size and time it is not read a second time."""

    size: int
    time: int
    digest: str


def _digest(path: Path) -> str:
    if not path.is_file():  # a folder, or a link that leads nowhere
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
