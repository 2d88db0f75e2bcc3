"""The lexical index: BM25 (Robertson & Zaragoza 2009) by SQLite's FTS5, over header and text."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

from index.runs import WORD, queries, terms
from index.words import STOP_WORDS

_RANK = "-bm25(lexical, 0.5, 1.0)"
"""Higher is better; a word in the header (title, source, date) counts half."""

_MOST_WORDS = 60
"""Words of a query that are searched; the rest of an oversized question adds nothing."""


def insert(db: sqlite3.Connection, rows: Iterable[tuple[int, str, str]]) -> None:
    """Index passages given as (row, header, text)."""
    # The text is read back as it is, the header never: terms for other scripts stand there.
    wider = ((row, f"{head} {terms(f'{head} {text}')}".rstrip(), text) for row, head, text in rows)
    db.executemany("INSERT INTO lexical (rowid, header, text) VALUES (?, ?, ?)", wider)


def delete(db: sqlite3.Connection, rows: Iterable[int]) -> None:
    """Take passages out of the index."""
    db.executemany("DELETE FROM lexical WHERE rowid = ?", ((row,) for row in rows))


def match_expression(query: str) -> str:
    """An FTS5 expression that matches any content word of the query.

    Every word is quoted, so that nothing in a query acts as an operator.

    >>> match_expression("Who proposed the truce (NOT now)?")
    '"proposed" OR "truce" OR "now"'
    """
    found = [term for word in _content(query) for term in [f'"{word}"', *queries(word)]]
    return " OR ".join(dict.fromkeys(found[:_MOST_WORDS]))


def phrases(query: str) -> list[str]:
    """The content words of a query, each once and as an FTS5 expression of its own.

    >>> phrases("The truce, the TRUCE of Tyre")
    ['"truce"', '"tyre"']
    """
    made: list[str] = []
    for word in _content(query):
        parts = " AND ".join(queries(word))
        made.append(f'("{word}" OR ({parts}))' if parts else f'"{word}"')
    return made


def search(
    db: sqlite3.Connection, query: str, k: int, articles: Sequence[str] | None = None
) -> list[tuple[int, float]]:
    """The k best passages as (row, score), best first, only from `articles` if these are given."""
    expression = match_expression(query)
    if not expression:
        return []
    if articles is None:
        return db.execute(
            f"SELECT rowid, {_RANK} AS score FROM lexical "  # noqa: S608 - constants only
            "WHERE lexical MATCH ? ORDER BY score DESC LIMIT ?",
            (expression, k),
        ).fetchall()
    return db.execute(
        f"SELECT lexical.rowid, {_RANK} AS score FROM lexical "  # noqa: S608 - constants only
        "JOIN passages ON passages.row = lexical.rowid JOIN revisions USING (revision) "
        "WHERE lexical MATCH ? AND article_id IN (SELECT value FROM json_each(?)) "
        "ORDER BY score DESC LIMIT ?",
        (expression, json.dumps(list(articles)), k),
    ).fetchall()


def scores(db: sqlite3.Connection, query: str, rows: Sequence[int]) -> dict[int, float]:
    """Scores of these passages; one without any word of the query is left out."""
    expression = match_expression(query)
    if not expression or not rows:
        return {}
    found = db.execute(
        f"SELECT rowid, {_RANK} FROM lexical "  # noqa: S608 - constants only
        "WHERE lexical MATCH ? AND rowid IN (SELECT value FROM json_each(?))",
        (expression, json.dumps(list(rows))),
    )
    return dict(found.fetchall())


def _content(query: str) -> list[str]:
    words = list(dict.fromkeys(word.lower() for word in WORD.findall(query)))
    return [word for word in words if word not in STOP_WORDS] or words
