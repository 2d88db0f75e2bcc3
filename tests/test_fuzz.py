"""Every loader against hostile inputs: what comes out is an article that holds, or our own error.

A sample of each kind always runs, the same one every time. `make soak` gives each kind ten minutes
and records what came of it.
"""

from __future__ import annotations

import hashlib
import itertools
import time
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from fuzz_edits import SECRET
from fuzz_inputs import COLUMNS, INPUTS
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from proofs import is_full, progress, record, sized
from watch import Watch

from index import Article
from index.errors import AssistantError
from index.exchange import from_line, to_line
from index.language import detect
from index.load import Item, load_parts
from index.loaders import LOADERS, Columns
from index.split import passages
from index.web.entries import read as read_feed
from index.web.urls import parse

SECONDS = 600
"""Of wall time for each kind, in full."""

EXAMPLES = sized(sample=60, full=200)
"""For each seed; the sample has one seed."""

FOUND = Path(__file__).parent.parent / "test-output" / "fuzz"
"""Inputs with which something was found, and the last one of each kind, if the process dies."""


@pytest.mark.soak
@pytest.mark.parametrize("kind", INPUTS)
def test_fuzz(kind: str, watch: Watch) -> None:
    FOUND.mkdir(parents=True, exist_ok=True)
    outcomes: Counter[str] = Counter()
    findings: list[str] = []

    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=(Phase.generate,) if is_full() else (Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(data=INPUTS[kind][1], columns=COLUMNS if kind in ("csv", "jsonl") else st.none())
    def one(data: bytes, columns: Columns | None) -> None:
        if is_full():
            (FOUND / f"last-{kind}").write_bytes(data)
        try:
            with watch():
                outcomes[examined(kind, data, columns)] += 1
        except Exception as error:
            if not is_full():
                raise
            outcomes["found"] += 1
            findings.append(kept(data, columns, error))

    began, worked = time.monotonic(), time.process_time()
    told = began
    for number in itertools.count():
        seed(number)(one)()
        spent = time.monotonic() - began
        if not is_full() or spent > SECONDS:
            break
        if time.monotonic() - told > 30:
            told = time.monotonic()
            progress(f"{kind}: {spent:.0f} of {SECONDS} s, {dict(outcomes)}")
    record(
        f"fuzz {kind}",
        {
            "seconds": round(time.monotonic() - began),
            "processor_seconds": round(time.process_time() - worked),
            "seeds": number + 1,
            "examples": outcomes.total(),
            "loaded": outcomes["loaded"],
            "refused": outcomes["refused"],
            "slowest_input_seconds": round(watch.slowest, 2),
            "memory_grown_mb": round(watch.grown / 1e6),
            "findings": findings[:20],
        },
    )
    assert outcomes["loaded"]
    assert outcomes["refused"]
    assert not findings, "\n".join(findings)


def examined(kind: str, data: bytes, columns: Columns | None) -> str:
    """Whether it was loaded or refused; anything else that happens is an error.

    Raises:
        AssertionError: what came out does not hold.
    """
    try:
        if kind == "feed":
            check_entries(data)
            return "loaded"
        if kind == "export":
            versions = from_line(data)
            assert from_line(to_line(versions)) == versions
            for article in versions:
                check(article)
            return "loaded"
        loaded = load_parts(Item(INPUTS[kind][0], data=data), columns)
    except AssistantError as error:
        check_line(str(error))
        return "refused"
    for failure in loaded.failures:
        check_line(failure.reason)
    keys = [article.key for article in loaded.articles]
    assert len(set(keys)) == len(keys), "two of its articles have one key"
    for article in loaded.articles:
        check(article)
        assert all(place.start < place.end for place in article.locators)
        assert from_line(to_line([article])) == [article]
    return "loaded" if loaded.articles else "refused"


def check_line(reason: str) -> None:
    """A reason is a line for a person."""
    assert reason.strip()
    assert "\n" not in reason
    assert SECRET not in reason


def check(article: Article) -> None:
    """Everything that holds for an article that may be stored, and for its passages."""
    text = article.text
    assert text.strip()
    known = (text, article.title, article.source, article.author, article.url, article.key)
    for words in (*known, article.language, *article.tags):
        assert words.encode() is not None
        assert "\x00" not in words
        assert SECRET not in words
    assert type(article.published) in (date, type(None))
    assert article.id
    assert article.version
    assert article.meta_hash
    for place in article.locators:
        assert 0 <= place.start <= place.end <= len(text)
    found = passages(text, count_words, article.language or detect(text) or "en")
    assert found
    reached = 0
    for (start, end), (after, _) in itertools.pairwise([*found, (len(text), len(text))]):
        assert 0 <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        assert start < after or end == len(text)
        assert not text[reached:start].strip(), "words between passages are lost"
        reached = end
    assert not text[reached:].strip()


def check_entries(data: bytes) -> None:
    """Everything that holds for the entries of a feed."""
    entries = read_feed(data, "https://a.example/feed")
    assert len({entry.id for entry in entries}) == len(entries)
    for entry in entries:
        assert str(parse(entry.url))
        assert entry.id
        assert type(entry.published) in (date, type(None))
        for words in (entry.url, entry.title, entry.author, entry.id):
            assert words.encode() is not None
            assert "\x00" not in words
            assert len(words.splitlines()) <= 1 or words == entry.id
            assert len(words) <= 300 or words == entry.url
            assert SECRET not in words


def count_words(texts: Sequence[str]) -> list[int]:
    """Tokens, as simply as it can be done: a word has one for each eight characters."""
    return [sum(1 + len(word) // 8 for word in text.split()) for text in texts]


def kept(data: bytes, columns: Columns | None, error: Exception) -> str:
    """What was found, in a line; the input stays in a file by its hash."""
    name = hashlib.sha256(data).hexdigest()[:12]
    (FOUND / name).write_bytes(data)
    what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    line = f"{name}: {what}{f' with {columns}' if columns else ''}"
    progress(line)
    return line


def test_every_loader_is_fuzzed() -> None:
    assert set(INPUTS) == {*LOADERS, "feed", "export"}
