"""Whether a receipt still holds: its quotes against the library, its sentences against its quotes.

Works without a language model and without a network. Nothing of a receipt is believed: it may have
been changed, or made up.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal

from assistant.errors import NotFoundError
from assistant.outdated import removed_ids
from assistant.receipt_format import ClaimRecord, PassageRecord, QuoteRecord, Receipt, read_receipt
from assistant.recheck import LONGEST, as_source, carries
from assistant.state import Source
from assistant.types import NO_ANSWER, Citation, Claim, Status
from index import Article, Library, sentences
from index.types import digest

Verdict = Literal["confirmed", "unquoted", "changed", "not found", "too good", "forged"]

WORST: tuple[Verdict, ...] = (
    "confirmed",
    "unquoted",
    "changed",
    "not found",
    "too good",
    "forged",
)
"""Verdicts, the worst last."""


@dataclass(frozen=True)
class QuoteCheck:
    """What became of a quote.

    `confirmed`: the words stand at their place in the text that the library has. `changed`: so they
    do, but the article was changed since; `holds` says whether they stand in it still. `not found`:
    that text is not in the library. `forged`: other words stand at their place.
    """

    number: int
    label: str
    verdict: Verdict
    reason: str = ""
    holds: bool = True


@dataclass(frozen=True)
class ClaimCheck:
    """What became of a sentence; the verdict is the worst of its quotes and of its own check.

    `too good`: the quotes do not carry it as well as `status` says. `unquoted`: the receipt itself
    says that no source carries it, so that there is nothing to check. `nearest` is the part of the
    question that it was only shown as near to.
    """

    text: str
    status: Status
    nearest: str
    quotes: tuple[int, ...]
    verdict: Verdict
    reason: str = ""
    holds: bool = True


@dataclass(frozen=True)
class Verification:
    """What a receipt says, and whether it holds.

    `problems` are those of the document as a whole, in words.
    """

    question: str
    written: str
    program: str
    answered_by: str
    problems: tuple[str, ...]
    claims: tuple[ClaimCheck, ...]
    quotes: tuple[QuoteCheck, ...]

    @property
    def holds(self) -> bool:
        """Whether all of it holds."""
        quotes = all(quote.holds for quote in self.quotes)
        return not self.problems and quotes and all(claim.holds for claim in self.claims)


def verify(receipt: bytes | Mapping[str, Any], library: Library) -> Verification:
    """Check a receipt again: its own hash, each quote, each sentence.

    Args:
        receipt: the file's bytes, or what `receipt_of` made.
        library: with the articles that it quotes.

    Raises:
        LoadError: it is no receipt, or a damaged one.
        StoreError: the library cannot be used.
    """
    data = receipt if isinstance(receipt, bytes) else json.dumps(dict(receipt)).encode()
    found, is_whole = read_receipt(data)
    shelf = _Shelf(library)
    problems = [] if is_whole else ["it is not as it was written, its SHA-256 is another one"]
    problems += _inconsistent(found)
    quotes = {quote.number: _quote(quote, found.passages, shelf) for quote in found.quotes}
    known = {quote.number: quote for quote in found.quotes}
    passages = enumerate(found.passages, start=1)
    read = [source for number, one in passages if (source := shelf.source(one, number))]
    return Verification(
        question=found.question,
        written=found.written,
        program=found.program,
        answered_by=found.made_by.answered_by,
        problems=tuple(problems),
        claims=tuple(_claim(claim, known, quotes, read) for claim in found.stated),
        quotes=tuple(quotes.values()),
    )


class _Text:
    """A stored text; what is worked out of it is worked out once."""

    def __init__(self, article: Article) -> None:
        self.article = article

    @cached_property
    def sha256(self) -> str:
        return digest(self.article.text)

    @cached_property
    def flat(self) -> str:
        return _flat(self.article.text)

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        return sentences(self.article.text, self.article.language or "en")

    def whole(self, start: int, end: int) -> tuple[int, int]:
        """The whole sentences that hold these characters; without them where they are too long."""
        touched = [span for span in self.sentences if span[0] < end and start < span[1]]
        first = min([start, *(span[0] for span in touched)])
        last = max([end, *(span[1] for span in touched)])
        return (first, last) if last - first <= LONGEST else (start, end)


class _Shelf:
    """The texts of a library, each fetched once."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._known: dict[tuple[str, str], _Text | None] = {}

    def get(self, article_id: str, version: str = "") -> _Text | None:
        """An article in this version, or in its current one; None if it is not there."""
        key = article_id, version
        if key not in self._known:
            try:
                self._known[key] = _Text(self._library.get(*key))
            except NotFoundError:
                self._known[key] = None
        return self._known[key]

    @cached_property
    def removed(self) -> frozenset[str]:
        """Ids of the articles that were removed."""
        return removed_ids(self._library.changes())

    def source(self, passage: PassageRecord, number: int) -> Source | None:
        """A passage that was read, as the citation check needs it; None if it is not there.

        It is widened to whole sentences, as real ones are: words cut out of one may say otherwise.
        """
        text = self.get(passage.article, passage.version)
        if text is None:
            return None
        return as_source(text.article, *text.whole(passage.start, passage.end), number)


def _inconsistent(found: Receipt) -> list[str]:
    """What does not agree within the document."""
    problems = []
    claims = [Claim(c.text, tuple(_cited(n) for n in c.quotes)).marked for c in found.claims]
    if found.answer.text != (" ".join(claims) or NO_ANSWER):
        problems.append("the text of the answer is not that of its sentences")
    numbers = [quote.number for quote in found.quotes]
    if len(set(numbers)) != len(numbers):
        problems.append("two quotes have the same number")
    return problems


def _quote(quote: QuoteRecord, passages: Sequence[PassageRecord], shelf: _Shelf) -> QuoteCheck:
    day = date.fromisoformat(quote.published) if quote.published else None
    label = Article("", title=quote.title, source=quote.source, published=day).label

    def told(verdict: Verdict, reason: str = "", holds: bool = False) -> QuoteCheck:
        return QuoteCheck(quote.number, label, verdict, reason, holds or verdict == "confirmed")

    if digest(quote.quote) != quote.quote_sha256 or quote.version != quote.text_sha256[:16]:
        return told("forged", "its hashes do not belong together")
    if not any(_holds(passage, quote) for passage in passages):
        return told("forged", "it stands in none of the passages that were read")
    text, current = shelf.get(quote.article, quote.version), shelf.get(quote.article)
    if text is None:
        return told(
            "not found", _lacking(quote, current, is_removed=quote.article in shelf.removed)
        )
    if text.sha256 != quote.text_sha256:
        return told("forged", "the text of its article is another one")
    article = text.article
    if article.text[quote.start : quote.end] != quote.quote:
        return told("forged", "other words stand at its place in the article")
    described = {
        "title": (quote.title, article.title),
        "source": (quote.source, article.source),
        "date": (day, article.published),
        "address": (quote.url, article.url),
    }
    if other := [name for name, (said, here) in described.items() if said != here]:
        return told("changed", f"the {' and '.join(other)} of its article is another one here")
    if current is not None and current.article.version != quote.version:
        stands = _flat(quote.quote) in current.flat
        words = "still stand" if stands else "no longer stand"
        return told("changed", f"changed since, the quoted words {words} in it", stands)
    return told("confirmed")


def _lacking(quote: QuoteRecord, current: _Text | None, *, is_removed: bool) -> str:
    """Why a quote cannot be checked here, and where it could be."""
    if current is not None:
        stands = "stand" if _flat(quote.quote) in current.flat else "do not stand"
        return f"that version is not in this library, the quoted words {stands} in the current one"
    if is_removed:
        return "its article was removed from this library"
    origin = quote.url or quote.original.url or quote.original.name
    return "its article is not in this library" + (f", it came from {origin}" if origin else "")


def _claim(
    claim: ClaimRecord,
    known: Mapping[int, QuoteRecord],
    checks: Mapping[int, QuoteCheck],
    read: Sequence[Source],
) -> ClaimCheck:
    numbers = tuple(dict.fromkeys(claim.quotes))

    def told(verdict: Verdict, reason: str = "", holds: bool = False) -> ClaimCheck:
        return ClaimCheck(claim.text, claim.status, claim.nearest, numbers, verdict, reason, holds)

    if any(number not in known for number in numbers):
        return told("forged", "it names a quote that the receipt does not have")
    found = [checks[number] for number in numbers]
    if forged := [one for one in found if one.verdict == "forged"]:
        return told("forged", _listed(forged))
    if claim.status != "unsupported" and not carries(claim, [known[n] for n in numbers], read):
        return told("too good", f"its quotes do not carry it so well that it is {claim.status!r}")
    if not numbers:
        return told("unquoted", holds=True)
    worst: Verdict = max((one.verdict for one in found), key=WORST.index, default="confirmed")
    reasons = _listed([one for one in found if one.verdict == worst])
    return told(worst, reasons, all(one.holds for one in found))


def _holds(passage: PassageRecord, quote: PassageRecord) -> bool:
    is_there = (passage.article, passage.version) == (quote.article, quote.version)
    return is_there and passage.start <= quote.start < quote.end <= passage.end


def _cited(number: int) -> Citation:
    return Citation(number, "", "", 0, 0, "")


def _listed(checks: Sequence[QuoteCheck]) -> str:
    return "; ".join(f"[{one.number}] {one.reason}" for one in checks if one.reason)


def _flat(text: str) -> str:
    return " ".join(text.split())
