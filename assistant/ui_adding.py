"""One running upload: how far it has come, what it waits for, and whether it shall stop.

Written by the thread that adds and read by the page; knows nothing of Gradio.
"""

from __future__ import annotations

from assistant.pace import Pace
from index import Progress, StopAdding


class Upload:
    """The state of one upload of so many files."""

    def __init__(self, files: int) -> None:
        self.progress = Progress(0, files, 0, "")
        self.waiting = ""
        self.stopping = False
        self._pace = Pace()

    @property
    def pace(self) -> str:
        """Passages per second and the time that is left, as far as they are known."""
        return self._pace.words

    def step(self, progress: Progress) -> None:
        """Take note of a step.

        Raises:
            StopAdding: it shall stop.
        """
        if self.stopping:
            raise StopAdding
        self.progress, self.waiting = progress, ""
        self._pace.step(progress)

    def wait(self, words: str) -> None:
        """Take note of what is waited for."""
        self.waiting = words

    def stop(self) -> None:
        """Stop at the next step; what was added until then stays."""
        self.stopping = True
