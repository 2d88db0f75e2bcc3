"""Runs and judgements as TREC keeps them, so that other tools can measure what is found here.

A run has lines `query Q0 document rank score name`; qrels have `query 0 document gain`, or, as BEIR
writes them, a heading and three columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from assistant.errors import InputError

Qrels = Mapping[str, Mapping[str, float]]
"""Gain by query and document."""

Run = Mapping[str, Sequence[str]]
"""Documents by query, best first."""


def read_qrels(path: Path) -> dict[str, dict[str, float]]:
    """Judgements by query.

    Raises:
        InputError: the file cannot be read, or a line has another form.
    """
    found: dict[str, dict[str, float]] = {}
    for number, fields in _lines(path):
        if number == 1 and fields[-1].lower() == "score":
            continue
        match fields:
            case [query, _, document, gain] | [query, document, gain]:
                found.setdefault(query, {})[document] = _number(gain, path, number)
            case _:
                raise InputError(
                    f"{path.name}, line {number}: has {len(fields)} fields; qrels have "
                    "`query 0 document gain` or `query document gain`"
                )
    return found


def read_run(path: Path) -> dict[str, list[str]]:
    """Documents by query, best first: by score, ties by rank.

    Raises:
        InputError: the file cannot be read, or a line has another form.
    """
    found: dict[str, list[tuple[float, float, str]]] = {}
    for number, fields in _lines(path):
        if len(fields) != 6:
            raise InputError(
                f"{path.name}, line {number}: has {len(fields)} fields; a run has "
                "`query Q0 document rank score name`"
            )
        query, _, document, rank, score, _ = fields
        place = (-_number(score, path, number), _number(rank, path, number), document)
        found.setdefault(query, []).append(place)
    return {query: [document for *_, document in sorted(rows)] for query, rows in found.items()}


def write_run(path: Path, run: Run, name: str) -> None:
    """Write a run under a name; the score is the reciprocal rank."""
    lines = (
        f"{query} Q0 {document} {rank} {1 / rank:.6f} {name}\n"
        for query, documents in run.items()
        for rank, document in enumerate(documents, 1)
    )
    _write(path, lines)


def write_qrels(path: Path, qrels: Qrels) -> None:
    """Write judgements."""
    _write(
        path,
        (
            f"{query} 0 {document} {gain:g}\n"
            for query, gains in qrels.items()
            for document, gain in gains.items()
        ),
    )


def _write(path: Path, lines: Iterable[str]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(lines), "utf-8")
    except OSError as error:
        raise InputError(
            f"cannot write {str(path)!r} ({error.strerror}); choose another folder"
        ) from error


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise InputError(f"cannot read {str(path)!r} ({error.strerror}); check the path") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name} is not in UTF-8 ({error.reason}); convert it") from None
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield number, line.split()


def _number(text: str, path: Path, line: int) -> float:
    try:
        return float(text)
    except ValueError:
        raise InputError(f"{path.name}, line {line}: {text!r} is no number") from None
