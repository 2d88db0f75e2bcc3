"""The citation check: which words of which source carry a sentence. Pure functions.

A sentence is held against windows of one to three consecutive sentences of a passage: word for
word, then by its words, then by meaning (`quotes.py`). What speaks against it is looked at one by
one (`agree.py`), and a small model says how likely the words carry it (`support/`). However similar
the rest, a sentence with a number that its source does not have is not carried.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.agree import missing, objections
from assistant.places import place
from assistant.quotes import Quote, by_meaning, by_words, chance, exact, verbatim
from assistant.state import Source
from assistant.support import Judge, load_judge
from assistant.types import NO_ANSWER, Citation, Claim, Status
from assistant.words import content
from index import Article

MOSTLY = 0.6
"""Share of a sentence's words that its quotes must hold to carry it by its words."""

SOME = 0.45
"""The same for carrying a part of it."""

DOUBTFUL, LIKELY = 0.03, 0.7
"""Chance below which words that mostly agree do not carry it, and above which others do."""

_BUT = re.compile(r"[;,—–]?\s*\b(?:but|however|although|though|while|yet)\b|;", re.IGNORECASE)
_EDGES = " *_#\"'“”‘’.\n\t-•"


@dataclass(frozen=True)
class Carried:
    """How well some sources carry a sentence, with which words, and what speaks against it."""

    status: Status
    quotes: tuple[Quote, ...] = ()
    reason: str = ""


def check(
    sentence: str, cited: Sequence[Source], others: Sequence[Source], judge: Judge | None = None
) -> Claim:
    """One sentence against the sources it cites, else against the others that were retrieved.

    Args:
        sentence: of an answer, without citation marks.
        cited: the sources that it names.
        others: the rest of what was retrieved.
        judge: says how likely words carry a statement; None for the shipped one.

    Returns:
        A claim whose citations are numbered by source; `number_citations` gives the final ones.
    """
    if says_nothing(sentence):
        rest = _BUT.split(sentence, maxsplit=1)[1:]
        if not rest or not content(rest[0]):
            return Claim(sentence)
        # What follows "but" is a claim like any other.
        return replace(check(rest[0], cited, others, judge), text=sentence)
    judge = judge or load_judge()
    found = carry(sentence, cited, judge)
    if found.status != "supported":
        elsewhere = carry(sentence, [*cited, *others] if cited else others, judge)
        if elsewhere.status == "supported":
            return _claim(sentence, "corrected" if cited else "supported", elsewhere)
        if not cited:
            found = elsewhere
    return _claim(sentence, found.status, found)


def carry(sentence: str, sources: Sequence[Source], judge: Judge) -> Carried:
    """How well these sources carry the sentence."""
    if not content(sentence) or not sources:
        return Carried("unsupported", reason="no source has it")
    if quote := verbatim(sentence, sources):
        return Carried("supported", (quote,))
    if lacking := missing(sentence, [source.text for source in sources], _all_about(sources)):
        return Carried("unsupported", reason=lacking[0].reason)
    quotes, share = by_words(sentence, sources)
    found = _judged(sentence, quotes, share, chance(sentence, quotes, judge))
    if found.status == "supported":
        return found
    meant, likely = by_meaning(sentence, sources, judge)
    if likely >= LIKELY:
        other = _judged(sentence, meant, 0.0, likely)
        if other.status == "supported":
            return other
    return found


def _judged(sentence: str, quotes: Sequence[Quote], share: float, likely: float) -> Carried:
    """What words, chance and objections come to."""
    if not quotes or (share < SOME and likely < LIKELY):
        return Carried("unsupported", reason="no source has it")
    about = " ".join(_about(quote.source.article) for quote in quotes)
    around = list(dict.fromkeys(quote.source.text for quote in quotes))
    against = objections(sentence, [quote.text for quote in quotes], around, about)
    if against and against[0].grave:
        return Carried("unsupported", reason=against[0].reason)
    if against:
        return Carried("partly", tuple(quotes), against[0].reason)
    if likely < (DOUBTFUL if share >= MOSTLY else LIKELY):
        return Carried("partly", tuple(quotes), "the source has a part of it only")
    return Carried("supported", tuple(quotes))


def _all_about(sources: Sequence[Source]) -> str:
    return " ".join(dict.fromkeys(_about(source.article) for source in sources))


def _about(article: Article) -> str:
    """Title, outlet and date, the date in words too."""
    day = article.published
    return f"{article.label} {day:%A}, {day.day} {day:%B %Y}" if day else article.label


def says_nothing(sentence: str) -> bool:
    """Whether the sentence begins with the words for "cannot answer".

    >>> says_nothing("**The articles do not say** when.")
    True
    """
    return sentence.strip(_EDGES).lower().startswith(NO_ANSWER.strip(_EDGES).lower())


def number_citations(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """The claims with citations numbered in order of appearance, one number for each quote."""
    numbering = Numbering()
    return tuple(numbering.number(claim) for claim in claims)


class Numbering:
    """Gives quotes their numbers as they appear; the same quote keeps its number."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str, int, int], int] = {}

    def number(self, claim: Claim) -> Claim:
        """The claim with final numbers."""
        citations = {}
        for citation in claim.citations:
            key = (citation.article_id, citation.version, citation.start, citation.end)
            number = self._numbers.setdefault(key, len(self._numbers) + 1)
            citations[number] = replace(citation, number=number)
        return replace(claim, citations=tuple(citations.values()))


def citation(quote: Quote) -> Citation:
    """The quote as a citation of its article, numbered by its source."""
    source, offset = quote.source, quote.source.hit.passage.start
    span = offset + quote.start, offset + quote.end
    return cite(source.article, *span, number=source.number, copies=source.copies)


def cite(
    article: Article, start: int, end: int, *, number: int = 0, copies: Sequence[Article] = ()
) -> Citation:
    """These characters of the article as a citation, with those of its copies that have them."""
    quote = article.text[start:end]
    also = [copy.source or copy.title for copy in copies if exact(quote, copy.text)]
    return Citation(
        number=number,
        article_id=article.id,
        version=article.version,
        start=start,
        end=end,
        quote=quote,
        title=article.title,
        source=article.source,
        published=article.published,
        url=article.url,
        locator=place(article.locators, start, end),
        fictional=article.meta.get("fictional") is True,
        also=tuple(name for name in dict.fromkeys(also) if name not in ("", article.source)),
    )


def _claim(sentence: str, status: Status, found: Carried) -> Claim:
    kept = found.quotes if status != "unsupported" else ()
    reason = "" if status == "supported" else found.reason
    return Claim(sentence, tuple(citation(quote) for quote in kept), status, reason=reason)
