"""Documents of odd fields, drawn by hypothesis: tables, front matter, mail and export lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any, Literal

from fuzz_edits import MAIL, ODD, YAML, soup
from hypothesis import strategies as st

from index.loaders.columns import COMMON

CELLS = st.sampled_from(
    (
        "Rain fell.",
        "",
        "2024-09-26",
        "https://a.example/x",
        "a;b|c",
        '"',
        "\n",
        "é\u2028",
        "en",
        "1",
    )
) | st.text(max_size=8)
NAMES = st.sampled_from(
    [name for names in COMMON.values() for name in names] + ["Text", " text ", "x", ""]
)


@st.composite
def csv_table(draw: st.DrawFn) -> bytes:
    """Rows under known and unknown names, some too long, some with quotation marks that are odd."""
    header = draw(st.lists(NAMES, max_size=5))
    if draw(st.integers(0, 5)):
        header.insert(draw(st.integers(0, len(header))), "text")
    cells = CELLS | st.just("Rain fell.")
    right = st.lists(cells, min_size=len(header), max_size=len(header))
    wrong = st.lists(cells, max_size=len(header) + 1)
    rows = draw(st.lists(st.one_of(right, right, right, wrong), min_size=1, max_size=6))
    buffer = io.StringIO()
    quoting: Literal[0, 1] = 1 if draw(st.booleans()) else 0
    writer = csv.writer(buffer, delimiter=draw(st.sampled_from(",;\t|")), quoting=quoting)
    writer.writerows([header, *rows])
    text = buffer.getvalue() + draw(st.sampled_from(("", '"', ",,,\n", '"a"b\n')))
    return text.encode(draw(st.sampled_from(("utf-8", "utf-8", "utf-8-sig", "utf-16"))), "replace")


ODD_VALUES = ("\ud800", "\x00", 10**400, 1e308, "9999-12-31", "http://[", "x" * 5000)
PLAIN = (
    st.none() | st.booleans() | st.integers() | st.floats() | CELLS | st.sampled_from(ODD_VALUES)
)
JSON: st.SearchStrategy[Any] = (
    PLAIN
    | st.lists(PLAIN | st.lists(PLAIN, max_size=1), max_size=3)
    | st.dictionaries(CELLS, PLAIN, max_size=2)
)


@st.composite
def json_lines(draw: st.DrawFn) -> bytes:
    """Objects with known and unknown names and values of every kind."""
    rows = draw(st.lists(st.dictionaries(NAMES, JSON, max_size=6), min_size=1, max_size=5))
    for row in rows:
        if draw(st.integers(0, 3)):
            row["text"] = draw(st.just("Rain fell.") | CELLS)
    lines = [json.dumps(row, ensure_ascii=draw(st.booleans())) for row in rows]
    return (
        draw(st.sampled_from(("\n", "\r\n", "\n\n", "\r"))).join(lines).encode("utf-8", "replace")
    )


@st.composite
def front_matter(draw: st.DrawFn) -> bytes:
    """A block of YAML, as odd as its values, and a text below it."""
    names = st.sampled_from((*COMMON, "x", "fictional", "'a b'", "2024-09-26", "? a", "<<"))
    values = (
        st.sampled_from(YAML) | JSON.map(lambda v: json.dumps(v).encode()) | st.sampled_from(ODD)
    )
    pairs = draw(st.lists(st.tuples(names, values), min_size=1, max_size=6))
    block = b"\n".join(name.encode() + b": " + value for name, value in pairs)
    return b"---\n" + block + b"\n---\n" + draw(soup(YAML, 12)) + b"Rain fell."


@st.composite
def mail_message(draw: st.DrawFn) -> bytes:
    """Odd headers, and a body in parts that match their boundary or do not."""
    headers = draw(st.lists(st.sampled_from(MAIL) | st.sampled_from(ODD), max_size=10))
    return b"\n".join(
        (b"From: A <a@b.example>", *headers, b"Received: x", b"", draw(soup(MAIL)), b"Rain.")
    )


DAYS = st.none() | st.sampled_from(("", "2024-09-26", "0001-01-01", "2024-09-26T10:00:00+02:00"))
PLACES = st.fixed_dictionaries(
    {"start": st.integers(-1, 9), "end": st.integers(-1, 19), "label": CELLS}
)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(("text", "title", "source", "author", "url", "language", "key"), CELLS),
    **dict.fromkeys(("published", "added"), DAYS),
    "tags": st.lists(CELLS, max_size=3),
    "meta": st.dictionaries(CELLS, JSON, max_size=3),
    "original": st.dictionaries(CELLS, CELLS, max_size=3),
    "locators": st.lists(PLACES, max_size=3),
}


@st.composite
def export_line(draw: st.DrawFn, lines: Sequence[bytes]) -> bytes:
    """One of the lines of an export with some values of other kinds."""
    record = json.loads(draw(st.sampled_from(lines)))
    states = [record, *record.get("versions", [])]
    for _ in range(draw(st.integers(0, 3))):
        state = draw(st.sampled_from(states))
        name = draw(st.sampled_from((*FIELDS, "x")))
        state[name] = draw(FIELDS.get(name, JSON) if draw(st.integers(0, 5)) else JSON)
    if draw(st.integers(0, 5)):
        for state in states:
            state.pop("version", None)
        record.pop("id", None)
    return json.dumps(record, ensure_ascii=draw(st.booleans())).encode("utf-8", "replace")
