"""The citation check, run again on what a receipt quotes. Pure functions; knows no library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from assistant.cite import check
from assistant.receipt_format import ClaimRecord, QuoteRecord
from assistant.state import Source
from assistant.types import Citation, Claim, Status
from index import Article, Hit, Passage

LONGEST = 20_000
"""Characters of a text that the citation check is run on; real ones are far shorter."""

_RANK: Mapping[Status, int] = {"supported": 2, "corrected": 2, "partly": 1, "unsupported": 0}


def carries(claim: ClaimRecord, quotes: Sequence[QuoteRecord], read: Sequence[Source]) -> bool:
    """Whether the citation check, run again, comes out no worse than the receipt says.

    It is run on the passages that the quotes are from, where the library has them all, because what
    stands beside a quote may deny it. Where it finds other words there than the receipt quotes, the
    receipt's must carry the sentence by themselves: a true quote may have nothing to do with it.

    Args:
        claim: the sentence with its status.
        quotes: those that it cites; none of them may be forged.
        read: the passages that were read, as far as they are there.
    """
    held = [source for source in read if any(_is_from(quote, source) for quote in quotes)]
    texts = [claim.text, *(quote.quote for quote in quotes), *(source.text for source in held)]
    if any(len(text) > LONGEST for text in texts):
        return False
    alone = _no_worse(check(claim.text, [_alone(quote) for quote in quotes], []), claim)
    if not all(any(_is_from(quote, source) for source in held) for quote in quotes):
        return alone
    again = check(claim.text, held, [])
    same = all(any(_is_within(one, quote) for quote in quotes) for one in again.citations)
    return _no_worse(again, claim) and (same or alone)


def _no_worse(again: Claim, claim: ClaimRecord) -> bool:
    return _RANK[again.status] >= _RANK[claim.status] and again.suspected <= claim.suspected


def as_source(article: Article, start: int, end: int, number: int) -> Source:
    """These characters of an article as a passage that was read."""
    text = article.text[start:end]
    return Source(
        number, Hit(Passage("", article.id, article.version, start, end, text), 0), article
    )


def _alone(quote: QuoteRecord) -> Source:
    """A quote as if it were all that was read."""
    day = date.fromisoformat(quote.published) if quote.published else None
    article = Article(
        quote.quote,
        title=quote.title,
        source=quote.source,
        published=day,
        language=quote.language,
    )
    return as_source(article, 0, len(quote.quote), quote.number)


def _is_from(quote: QuoteRecord, source: Source) -> bool:
    passage = source.hit.passage
    is_there = (passage.article_id, passage.version) == (quote.article, quote.version)
    return is_there and passage.start <= quote.start and quote.end <= passage.end


def _is_within(citation: Citation, quote: QuoteRecord) -> bool:
    is_there = (citation.article_id, citation.version) == (quote.article, quote.version)
    return is_there and quote.start <= citation.start and citation.end <= quote.end
