"""Near copies: texts mostly the same under several origins, such as a wire story in many papers.

Candidates come from MinHash (Broder 1997), cut into bands that are looked up in the catalogue
(Leskovec, Rajaraman & Ullman, Mining of Massive Datasets, ch. 3); whether two texts are copies is
then decided on the texts themselves. Knows nothing of outlets and dates.
"""

from __future__ import annotations

import json
import sqlite3
import struct
from collections.abc import Iterable, Sequence
from itertools import islice

import regex

SHINGLE = 3
"""Consecutive words that are compared as one."""

ENOUGH = 0.5
"""Share of the longer text's shingles that must be in the other one."""

FEWEST = 20
"""Shingles of a text below which only the very same words make a copy."""

NUMBERS = 3
"""Different numbers that both texts need before these are compared too."""

REPEATED = 0.7
"""Share of a passage's shingles that a copy's passage has, for it to tell nothing new."""

CANDIDATES = 50
"""Texts that one text is compared with at most, those with the most bands in common first."""

LONGEST = 50_000
"""Words of a text that are compared: a book's first hundred pages tell enough."""

_ROWS = 3
_BANDS = 42
_SEED = 1  # part of what is stored, as the numbers of rows and bands are

# Scripts without spaces between words: each character is a word.
_WORD = regex.compile(
    r"(?V1)[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]\p{M}*"
    r"|[\w--[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]]+"
)


def words(text: str) -> list[str]:
    """The words of a text without case and punctuation.

    >>> words("The port: 港口。")
    ['the', 'port', '港', '口']
    """
    return [match[0] for match in islice(_WORD.finditer(text.casefold()), LONGEST)]


def shingles(text: str) -> set[str]:
    """Every three consecutive words; of a shorter text all of it.

    >>> sorted(shingles("Rain fell all day."))
    ['fell all day', 'rain fell all']
    """
    found = words(text)
    count = max(len(found) - SHINGLE + 1, 1)
    return {" ".join(found[i : i + SHINGLE]) for i in range(count)}


def are_copies(one: str, other: str) -> bool:
    """Whether the texts are mostly the same.

    More than half of the longer one's shingles are in the other one, and of their numbers too: a
    daily report that repeats yesterday's words with new figures is no copy.
    """
    first, second = shingles(one), shingles(other)
    if min(len(first), len(second)) < FEWEST:
        return words(one) == words(other)
    if len(first & second) < ENOUGH * max(len(first), len(second)):
        return False
    these, those = _numbers(one), _numbers(other)
    fewest = min(len(these), len(those))
    return fewest < NUMBERS or len(these & those) >= ENOUGH * fewest


def is_told(passage: str, before: set[str]) -> bool:
    """Whether hardly anything in a passage is new to one who has read these shingles.

    >>> is_told("Rain fell all day on Tyre.", shingles("Rain fell all day on Tyre. It was cold."))
    True
    """
    own = shingles(passage)
    return len(own & before) >= REPEATED * len(own)


def bands(text: str) -> list[int]:
    """Signed 64-bit numbers, some of which copies have in common with near certainty."""
    # Imported here because datasketch brings scipy.
    from datasketch import MinHash, sha1_hash64

    sketch = MinHash(_ROWS * _BANDS, seed=_SEED, scheme="affine32")
    sketch.update_batch([shingle.encode() for shingle in shingles(text)])
    rows = sketch.hashvalues.reshape(_BANDS, _ROWS)
    keys = (struct.pack("<B", number) + row.tobytes() for number, row in enumerate(rows))
    return [sha1_hash64(key) - (1 << 63) for key in keys]


def record(db: sqlite3.Connection, article_id: str, text: str, keys: Sequence[int]) -> None:
    """Keep the bands of an article's new text, and which other articles are copies of it."""
    forget(db, article_id)
    near = db.execute(
        "SELECT article_id, text FROM revisions JOIN ("
        "SELECT article_id, count(*) AS shared FROM bands "
        "WHERE band IN (SELECT value FROM json_each(?)) "
        "GROUP BY article_id ORDER BY shared DESC, article_id LIMIT ?"
        ") USING (article_id) WHERE state = 'ready'",
        (json.dumps(list(keys)), CANDIDATES),
    ).fetchall()
    found = [name for name, other in near if name != article_id and are_copies(text, other)]
    db.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?)", [(key, article_id) for key in keys])
    db.executemany(
        "INSERT INTO copies VALUES (?, ?)",
        [pair for name in found for pair in ((article_id, name), (name, article_id))],
    )


def forget(db: sqlite3.Connection, article_id: str) -> None:
    """Take an article out."""
    db.execute("DELETE FROM bands WHERE article_id = ?", (article_id,))
    db.execute("DELETE FROM copies WHERE article_id = ?1 OR other_id = ?1", (article_id,))


def groups(db: sqlite3.Connection, articles: Iterable[str]) -> list[set[str]]:
    """Articles with all their copies, and the copies of these; those without any are left out."""
    left, found = set(articles), []
    while left:
        group: set[str] = set()
        edge = {left.pop()}
        while edge:
            group |= edge
            rows = db.execute(
                "SELECT other_id FROM copies WHERE article_id IN (SELECT value FROM json_each(?))",
                (json.dumps(sorted(edge)),),
            )
            edge = {name for (name,) in rows} - group
        left -= group
        if len(group) > 1:
            found.append(group)
    return found


def _numbers(text: str) -> set[str]:
    return {word for word in words(text) if any(map(str.isdecimal, word))}
