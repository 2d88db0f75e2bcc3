"""The lexical index: BM25 (Robertson & Zaragoza 2009) by SQLite's FTS5, over header and text."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

from index.runs import WORD, queries, terms
from index.words import STOP_WORDS

_RANK = "-bm25(lexical, 0.5, 1.0)"
"""Higher is better; a word in the header (title, source, date) counts half."""

MOST_MATCHES = 5_000
"""Passages that the words of a query are looked up in; see `docs/RETRIEVAL.md`."""

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
    return " OR ".join(_terms(query))


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


def scores(
    db: sqlite3.Connection, query: str, articles: Sequence[str] | None = None
) -> dict[int, float]:
    """BM25 of every passage that has a word of the query, by row; only of `articles` if given.

    Without `articles`, words that very many passages have are left out where rarer ones are there:
    they cost the most time and tell the least.
    """
    if articles is None:
        expression = " OR ".join(_telling(db, _terms(query)))
        where, values = "", []
    else:
        expression = match_expression(query)
        where = (
            "AND rowid IN (SELECT row FROM passages JOIN revisions USING (revision) "
            "WHERE article_id IN (SELECT value FROM json_each(?)))"
        )
        values = [json.dumps(list(articles))]
    if not expression:
        return {}
    found = db.execute(
        f"SELECT rowid, {_RANK} FROM lexical WHERE lexical MATCH ? {where}",  # noqa: S608
        (expression, *values),
    )
    return dict(found.fetchall())


def _telling(db: sqlite3.Connection, terms: Sequence[str]) -> list[str]:
    """The rarest of the terms, as many as have `MOST_MATCHES` matches together; at least one."""
    counts = {
        term: db.execute(
            "SELECT count(*) FROM (SELECT 1 FROM lexical WHERE lexical MATCH ? LIMIT ?)",
            (term, MOST_MATCHES + 1),
        ).fetchone()[0]
        for term in terms
    }
    kept: list[str] = []
    total = 0
    for term in sorted(terms, key=counts.__getitem__):
        total += counts[term]
        if total > MOST_MATCHES and any(counts[one] for one in kept):
            break
        kept.append(term)
    return kept


def _terms(query: str) -> list[str]:
    found = [term for word in _content(query) for term in [f'"{word}"', *queries(word)]]
    return list(dict.fromkeys(found[:_MOST_WORDS]))


def _content(query: str) -> list[str]:
    words = list(dict.fromkeys(word.lower() for word in WORD.findall(query)))
    return [word for word in words if word not in STOP_WORDS] or words
