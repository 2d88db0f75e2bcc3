"""Tables of articles, CSV and JSON lines: each row is one; knows nothing of other formats.

Rows are counted as a spreadsheet or an editor shows them: the header of a CSV file is row 1.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice

from index.errors import LoadError
from index.loaders.base import MAX_BYTES, File, Loaded
from index.loaders.columns import Columns
from index.loaders.fields import make_article
from index.loaders.text import decode
from index.types import Article, Failure, Locator

MAX_ROWS = 100_000

_DELIMITERS = ",;\t|"
_KNOWN = frozenset("title source author published url language tags".split())

Row = tuple[int, Mapping[str, object] | str]
"""The number of a row, and its cells by column or why it cannot be read."""


def load_csv(file: File) -> Loaded:
    """A table whose first row names the columns; the delimiter is found out."""
    text, _ = decode(file.data)
    rows = list(islice(_csv_rows(text), MAX_ROWS + 1))
    if not rows:
        raise LoadError("it has no rows below its header; add some")
    return _loaded(rows, file)


def load_jsonl(file: File) -> Loaded:
    """One JSON object on each line."""
    text, _ = decode(file.data)
    lines = (pair for pair in enumerate(text.split("\n"), start=1) if pair[1].strip())
    rows = [_json_row(number, line) for number, line in islice(lines, MAX_ROWS + 1)]
    if not rows:
        raise LoadError("it has no text")
    return _loaded(rows, file)


def _loaded(rows: list[Row], file: File) -> Loaded:
    if len(rows) > MAX_ROWS:
        raise LoadError(f"it has over {MAX_ROWS:,} rows; split it into several files")
    header = dict.fromkeys(name for _, row in rows if not isinstance(row, str) for name in row)
    if not header:
        raise LoadError(f"none of its rows can be read (row {rows[0][0]}: {rows[0][1]})")
    columns = (file.columns or Columns()).found_in(header)
    articles: list[Article] = []
    failures: list[Failure] = []
    taken: dict[str, int] = {}
    for number, row in rows:
        name = f"row {number}"
        try:
            if isinstance(row, str):
                raise LoadError(row)
            article = _article(row, columns, number)
            if article.key in taken:
                raise LoadError(f"its key {article.key!r} is that of row {taken[article.key]} too")
            taken[article.key] = number
            articles.append(article)
        except LoadError as error:
            failures.append(Failure(name, str(error)))
    return Loaded(tuple(articles), tuple(failures))


def _article(
    row: Mapping[str, object], columns: Mapping[str, tuple[str, ...]], number: int
) -> Article:
    given = [row.get(name) for name in columns["text"]]
    if any(value is not None and not isinstance(value, str) for value in given):
        raise LoadError(f"its text, {columns['text'][0]!r}, is no string")
    text = "\n\n".join(value for value in given if isinstance(value, str) and value.strip())
    if not text:
        raise LoadError(f"it has no text in {' or '.join(map(repr, columns['text']))}")
    known: dict[str, object] = {}
    used = {name for names in columns.values() for name in names}
    for name, value in row.items():
        if name not in used:
            known[f"{name} (column)" if name in _KNOWN else name] = value
    for field in columns.keys() - {"text", "key"}:
        known[field] = _first(row, columns[field])
    if isinstance(known.get("tags"), str):
        known["tags"] = [tag for tag in re.split(r"\s*[,;|]\s*", str(known["tags"])) if tag][:100]
    place = (Locator(0, len(text), f"row {number}"),)
    article = make_article(text, known, locators=place)
    key = _first(row, columns.get("key", ()))
    key = str(key) if isinstance(key, str | int | float) else ""
    return replace(article, key=key[:200] or f"row {number}")


def _first(row: Mapping[str, object], names: tuple[str, ...]) -> object:
    return next((row[name] for name in names if row.get(name) not in (None, "")), None)


def _csv_rows(text: str) -> Iterator[Row]:
    """Rows below the header; a row with more or fewer cells than it is told, blank ones are not."""
    csv.field_size_limit(MAX_BYTES)  # the usual limit is below the length of many articles
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    header: list[str] | None = None
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield number, f"its quotation marks do not match ({error}); mend them"
            continue
        if not any(map(str.strip, cells)):
            continue
        if header is None:
            header = [cell.strip() for cell in cells]
        elif len(cells) != len(header):
            yield number, f"it has {len(cells)} cells, the header has {len(header)}; mend it"
        else:
            yield number, dict(zip(header, cells, strict=True))


def _delimiter(text: str) -> str:
    """The one that parts the first row into most cells."""

    def cells(delimiter: str) -> int:
        try:
            return len(next(csv.reader(io.StringIO(text.lstrip()), delimiter=delimiter), []))
        except csv.Error:
            return 0

    return max(_DELIMITERS, key=cells)


def _json_row(number: int, line: str) -> Row:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return number, f"it is no JSON ({error!s:.80}); mend it"
    if not isinstance(row, dict):
        return number, "it is no JSON object; write {...} on every line"
    return number, row
