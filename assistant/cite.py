"""The citation check: which words of which source carry a sentence. Pure functions.

A sentence is held against windows of one to three consecutive sentences of a passage. It is carried
when most of its content words are there, none of its numbers or names is missing, and both say yes
or both say no. However similar the rest, a sentence with a number that its source does not have is
not carried.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.places import place
from assistant.state import Source
from assistant.types import NO_ANSWER, Citation, Claim, Status
from assistant.words import content, names, negated, numbers, opening_name
from index import Article, sentences

ENOUGH = 0.7
"""Share of a sentence's content words that its quotes must hold for `supported`."""

SOME = 0.45
"""The same for `partly`."""

WINDOW = 3
"""Consecutive sentences of a passage that one quote may span."""

Span = tuple[int, int]

_BUT = re.compile(r"[;,—–]?\s*\b(?:but|however|although|though|while|yet)\b|;", re.IGNORECASE)
_DOUBT = re.compile(
    r"\b(?:nobody|no one|false(?:ly)?|untrue|den(?:y|ies|ied)|refut\w+|doubt\w*|if|unless|whether|"
    r"alleged\w*|claim\w*|rumou?r\w*|reject\w*|may|might|could)\b",
    re.IGNORECASE,
)
_EDGES = " *_#\"'“”‘’.\n\t-•"
_SPACE = re.compile(r"\s+")
_CURLY = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-"})


@dataclass(frozen=True)
class Quote:
    """A span of a source's passage; offsets count from the passage's first character."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        """The quoted words."""
        return self.source.text[self.start : self.end]


def check(sentence: str, cited: Sequence[Source], others: Sequence[Source]) -> Claim:
    """One sentence against the sources it cites, else against the others that were retrieved.

    Returns:
        A claim whose citations are numbered by source; `number_citations` gives the final ones.
    """
    if says_nothing(sentence):
        rest = _BUT.split(sentence, maxsplit=1)[1:]
        if not rest or not content(rest[0]):
            return Claim(sentence)
        # What follows "but" is a claim like any other.
        return replace(check(rest[0], cited, others), text=sentence)
    status, quotes = carry(sentence, cited)
    if status != "supported":
        other_status, other_quotes = carry(sentence, [*cited, *others])
        if other_status == "supported":
            return _claim(sentence, "corrected" if cited else "supported", other_quotes)
        if not cited:
            status, quotes = other_status, other_quotes
    return _claim(sentence, status, quotes)


def carry(sentence: str, sources: Sequence[Source]) -> tuple[Status, list[Quote]]:
    """How well these sources carry the sentence, and with which words.

    Quotes are taken greedily: the best one first, then others as long as they add words.
    """
    for source in sources:
        span = exact(sentence, source.text)
        if span is not None and _stands_alone(span, source):
            return "supported", [Quote(source, *span)]
    wanted = set(content(sentence))
    if not wanted:
        return "unsupported", []
    found: list[Quote] = []
    missing = set(wanted)
    pool = [quote for source in sources for quote in _windows(source)]
    while pool and missing:
        best = max(pool, key=lambda q: (len(missing & _words(q.text)), -len(q.text)))
        gained = missing & _words(best.text)
        # The first quote must carry a good part; each further one must be worth its place.
        if len(gained) < (0.3 if not found else 0.2) * len(wanted):
            break
        found.append(best)
        missing -= gained
        pool = [quote for quote in pool if quote.source is not best.source]
    return _judge(sentence, wanted, missing, found), found


def exact(sentence: str, text: str) -> tuple[int, int] | None:
    r"""Where the sentence stands in the text word for word; space, quote marks and case aside.

    >>> exact("He said “no”.", 'Then he said\n"no".  And left.')
    (5, 18)
    """
    plain = _SPACE.sub(" ", sentence.strip()).translate(_CURLY)
    if not plain:
        return None
    pattern = r"\s+".join(re.escape(word) for word in plain.split(" "))
    match = re.search(rf"(?<!\w){pattern}(?!\w)(?![.,]\d)", text.translate(_CURLY), re.IGNORECASE)
    return match.span() if match else None


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


def _claim(sentence: str, status: Status, quotes: Sequence[Quote]) -> Claim:
    kept = quotes if status != "unsupported" else []
    return Claim(sentence, tuple(citation(quote) for quote in kept), status)


def _judge(sentence: str, wanted: set[str], missing: set[str], found: list[Quote]) -> Status:
    coverage = 1 - len(missing) / len(wanted)
    if not found or coverage < SOME:
        return "unsupported"
    quoted = " ".join(quote.text for quote in found)
    about = " ".join(quote.source.article.label for quote in found)
    if numbers(sentence) - numbers(quoted) - numbers(about):
        return "unsupported"
    there = set(content(quoted)) | set(content(about))
    if names(sentence) - there:
        return "unsupported"
    if negated(sentence) != negated(quoted):
        return "unsupported" if coverage < ENOUGH else "partly"
    if coverage < ENOUGH or opening_name(sentence) - there or not _together(sentence, found):
        return "partly"
    return "supported"


def _together(sentence: str, found: Sequence[Quote]) -> bool:
    """Whether each number and name stands by the same word in a quoted sentence as here.

    A window of several sentences holds many words; a 21 of the truce must not carry 21 dead.
    """
    said = content(sentence)
    marked = numbers(sentence) | names(sentence) | opening_name(sentence)
    own = [
        set(content(quote.text[start:end]))
        for quote in found
        for start, end in sentences(quote.text)
    ]
    for i, word in enumerate(said):
        near = {*said[max(i - 1, 0) : i], *said[i + 1 : i + 2]}
        holding = [words for words in own if word in words]
        if word in marked and holding and near and not any(near & words for words in holding):
            return False
    return True


def _stands_alone(span: Span, source: Source) -> bool:
    """Whether the words are whole sentences of the source, or part of one that says no as they do.

    "Israel agreed" stands in "It is not true that Israel agreed", which does not carry it.
    """
    spans = sentences(source.text, source.article.language or "en")
    around = [s for s in spans if s[0] < span[1] and span[0] < s[1]]
    if not around:
        return False
    opens = source.text[around[0][0] : span[0]].strip("\"'“‘«(")
    whole = source.text[around[0][0] : around[-1][1]]
    return not opens or (
        negated(whole) == negated(source.text[span[0] : span[1]])
        and not _DOUBT.search(source.text[around[0][0] : span[0]])
    )


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    return frozenset(content(text))


def _windows(source: Source) -> list[Quote]:
    spans = sentences(source.text, source.article.language or "en")
    return [
        Quote(source, spans[i][0], spans[j][1])
        for i in range(len(spans))
        for j in range(i, min(i + WINDOW, len(spans)))
    ]
