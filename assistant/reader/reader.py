"""The reader at work: an ONNX model of all-MiniLM-L6-v2 with two heads, in onnxruntime, no torch.

How it was made is told in `CARD.md` beside this file; `evals/reader` makes it. Knows nothing of
libraries, retrieval or answers.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import ReaderError
from assistant.reader.confidence import Calibration, Found, candidates
from assistant.reader.decode import Place, places
from assistant.reader.windows import PAD, Framed, Window, windows
from index.embed import shipped_tokenizer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FOLDER = Path(__file__).parent

BATCH = 16
"""Windows read at once; like lengths together."""


@dataclass(frozen=True)
class Span:
    """Words of a passage that may answer: `passages[passage][start:end] == text`.

    `score` is the calibrated chance, from 0 to 1, that they are the answer.
    """

    passage: int
    start: int
    end: int
    text: str
    score: float


class Reading(list[Span]):
    """Spans of one question, best first, none overlapping a better one in its passage.

    `no_answer` is the chance that the best of them is not the answer: that the passages do not say.
    """

    def __init__(self, spans: Sequence[Span] = ()) -> None:
        super().__init__(spans)
        self.no_answer = 1.0 - self[0].score if self else 1.0


class Reader:
    """Reads passages; one instance may serve many threads.

    Args:
        folder: with `model.onnx` and `model.json`.

    Raises:
        ReaderError: a file is missing, or the weights are not the ones that were shipped.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        try:
            self.about: dict[str, Any] = json.loads((folder / "model.json").read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise ReaderError(
                f"the built-in reader in {str(folder)!r} cannot be read ({error}); "
                "install the project again"
            ) from error
        self.calibration = Calibration.of(self.about["calibration"])
        self._lock = threading.Lock()
        self._session: Any = None
        self._tokenizer: Any = None

    @property
    def threshold(self) -> float:
        """Confidence below which it is better to say that the passages do not answer."""
        return self.calibration.threshold

    def check(self) -> None:
        """See that the weights are there and are the shipped ones.

        Raises:
            ReaderError: they are not.
        """
        self._weights()

    def read(
        self,
        question: str,
        passages: Sequence[str],
        *,
        headers: Sequence[str] | None = None,
        priors: Sequence[float] | None = None,
        best: int = 20,
    ) -> Reading:
        """The spans that may answer, best first.

        Args:
            question: one that can be understood by itself.
            passages: texts of any length; long ones are read in overlapping windows.
            headers: for each passage, its article's title and date, read before the text.
            priors: for each passage, how well it was retrieved (0 to 1).
            best: spans at most.
        """
        found = self.look(question, passages, headers=headers, priors=priors)
        return self.judge(found, passages, best=best)

    def judge(self, found: Sequence[Found], passages: Sequence[str], *, best: int = 20) -> Reading:
        """The best of the candidates that were seen in these passages."""
        if not found:
            return Reading()
        scores = self.calibration.scores(found)
        spans: list[Span] = []
        for at in sorted(range(len(found)), key=lambda i: -scores[i]):
            one = found[at]
            if any(
                s.passage == one.passage and s.start < one.end and one.start < s.end for s in spans
            ):
                continue
            text = passages[one.passage][one.start : one.end]
            spans.append(Span(one.passage, one.start, one.end, text, scores[at]))
            if len(spans) == best:
                break
        return Reading(spans)

    def look(
        self,
        question: str,
        passages: Sequence[str],
        *,
        headers: Sequence[str] | None = None,
        priors: Sequence[float] | None = None,
    ) -> list[Found]:
        """The candidates of `read` with all that their scores are made of, in no order."""
        if not passages or not question.strip():
            return []
        tokenizer = self._load_tokenizer()
        asked = tokenizer.encode(question, add_special_tokens=False).ids
        texts = tokenizer.encode_batch(list(passages), add_special_tokens=False)
        titles = tokenizer.encode_batch(
            [f"{h}:" if h else "" for h in headers or [""] * len(passages)],
            add_special_tokens=False,
        )
        frames: list[Window] = []
        owners: list[int] = []
        for number, (text, title) in enumerate(zip(texts, titles, strict=True)):
            for frame in windows(asked, title.ids, text.ids):
                if frame.count:
                    frames.append(frame)
                    owners.append(number)
        if not frames:
            return []
        start, end, answerable = self.logits(frames)
        offsets = [texts[owner].offsets for owner in owners]
        windowed = [passages[owner] for owner in owners]
        found: list[Place] = places(frames, offsets, windowed, start, end, answerable)
        return candidates(question, passages, headers, priors, found, owners, offsets)

    def logits(
        self, frames: Sequence[Window]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """Start and end logits, shape (windows, longest), and answerable ones, shape (windows,)."""
        import numpy as np

        session = self._load_session()
        longest = max(len(frame.ids) for frame in frames)
        start = np.full((len(frames), longest), -1e4, dtype=np.float32)
        end, answerable = start.copy(), np.zeros(len(frames), dtype=np.float32)
        order = sorted(range(len(frames)), key=lambda i: len(frames[i].ids))
        for at in range(0, len(order), BATCH):
            rows = order[at : at + BATCH]
            s, e, a = session.run(None, inputs([frames[row] for row in rows]))
            start[rows, : s.shape[1]], end[rows, : e.shape[1]], answerable[rows] = s, e, a
        return start, end, answerable

    def _load_session(self) -> Any:
        with self._lock:
            if self._session is None:
                import onnxruntime

                self._session = onnxruntime.InferenceSession(
                    self._weights(), providers=["CPUExecutionProvider"]
                )
        return self._session

    def _weights(self) -> bytes:
        path = self._folder / "model.onnx"
        try:
            weights = path.read_bytes()
        except OSError as error:
            raise ReaderError(
                f"the built-in reader's weights {str(path)!r} cannot be read ({error.strerror}); "
                "install the project again"
            ) from error
        if hashlib.sha256(weights).hexdigest() != self.about["sha256"]:
            raise ReaderError(
                f"the built-in reader's weights {str(path)!r} are not the ones that were shipped; "
                "install the project again"
            )
        return weights

    def _load_tokenizer(self) -> Any:
        with self._lock:
            if self._tokenizer is None:
                self._tokenizer = shipped_tokenizer()
        return self._tokenizer


def inputs(frames: Sequence[Framed]) -> dict[str, NDArray[np.int64]]:
    """A padded batch of windows: `ids`, `mask` and `types`, each of shape (windows, longest)."""
    import numpy as np

    shape = (len(frames), max(len(frame.ids) for frame in frames))
    ids = np.full(shape, PAD, dtype=np.int64)
    mask, types = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for row, frame in enumerate(frames):
        ids[row, : len(frame.ids)] = frame.ids
        mask[row, : len(frame.ids)] = 1
        types[row, : len(frame.ids)] = frame.types
    return {"ids": ids, "mask": mask, "types": types}


@lru_cache(maxsize=1)
def load_reader() -> Reader:
    """The shipped reader, one for each process; the model itself is loaded when first used."""
    return Reader()
