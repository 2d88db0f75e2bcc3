"""Which words of the sources are nearest to a sentence: exact, then by words, then by meaning.

Quotes are windows of one to three consecutive sentences of a passage, so that nothing is ever put
together from distant words. Pure functions of sentences and sources.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.cues import DOUBT
from assistant.state import Source
from assistant.support import Judge
from assistant.verbs import words
from assistant.words import all_names, negated, numbers
from index import sentences

WINDOW = 3
"""Consecutive sentences of a passage that one quote may span."""

FIRST, FURTHER = 0.3, 0.2
"""Share of a sentence's words that the first quote must have, and that a further one must add."""

LITTLE = 0.2
"""Share of a sentence's words below which a window is not looked at for its meaning."""

MOST_JUDGED = 12
"""Windows whose meaning is compared, those that share most words first."""

_DOUBT = re.compile(
    rf"\b(?:nobody|no one|false(?:ly)?|untrue|den(?:y|ies|ied)|refut\w+|doubt\w*|if|unless|"
    rf"whether|claim\w*|reject\w*|{DOUBT})\b",
    re.IGNORECASE,
)
_SPACE = re.compile(r"\s+")
_CURLY = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-"})

Span = tuple[int, int]


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

    @property
    def in_context(self) -> str:
        """The quoted words after the sentence before them, which may say who "he" is."""
        spans = _spans(self.source)
        before = [start for start, end in spans if end <= self.start]
        return self.source.text[before[-1] if before else self.start : self.end]


def exact(sentence: str, text: str) -> Span | None:
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


def verbatim(sentence: str, sources: Sequence[Source]) -> Quote | None:
    """The sentence where a source has it word for word, and says no less and no more with it."""
    for source in sources:
        span = exact(sentence, source.text)
        if span is not None and _stands_alone(span, source):
            return Quote(source, *span)
    return None


def by_words(sentence: str, sources: Sequence[Source]) -> tuple[list[Quote], float]:
    """Quotes that hold most of the sentence's words, and the share that they hold together.

    The best one is taken first, then others as long as they add words.
    """
    wanted = keys(sentence)
    heavy = {key for key in wanted if key in numbers(sentence) or key in all_names(sentence)}
    missing = set(wanted)
    found: list[Quote] = []
    pool = [quote for source in sources for quote in windows(source)]

    def gain(quote: Quote) -> float:
        """What a quote adds; a name or number that is still missing counts twice."""
        new = missing & keys(quote.text)
        return len(new) + len(new & heavy)

    while pool and missing:
        best = max(pool, key=lambda quote: (gain(quote), -len(quote.text)))
        if gain(best) < (FURTHER if found else FIRST) * len(wanted):
            break
        found.append(best)
        missing -= keys(best.text)
        pool = [quote for quote in pool if not _overlap(quote, best)]
    return found, 1 - len(missing) / len(wanted) if wanted else 0.0


def _overlap(one: Quote, two: Quote) -> bool:
    return one.source is two.source and one.start < two.end and two.start < one.end


def by_meaning(sentence: str, sources: Sequence[Source], judge: Judge) -> tuple[list[Quote], float]:
    """The one window that most likely carries the sentence, however it is worded."""
    wanted = keys(sentence)
    pool = [quote for source in sources for quote in windows(source)]
    pool.sort(key=lambda quote: (-len(wanted & keys(quote.text)), len(quote.text)))
    pool = [q for q in pool[:MOST_JUDGED] if len(wanted & keys(q.text)) >= LITTLE * len(wanted)]
    if not pool:
        return [], 0.0
    chances = judge.chances(sentence, [(q.source.article.label, q.in_context) for q in pool])
    best = max(range(len(pool)), key=lambda i: (round(chances[i], 1), -len(pool[i].text)))
    return [pool[best]], chances[best]


def chance(sentence: str, quotes: Sequence[Quote], judge: Judge) -> float:
    """How likely the quotes carry the sentence together, from 0 to 1."""
    if not quotes:
        return 0.0
    label = " / ".join(dict.fromkeys(quote.source.article.label for quote in quotes))
    return judge.chances(sentence, [(label, " ".join(quote.in_context for quote in quotes))])[0]


def windows(source: Source) -> list[Quote]:
    """Every one to three consecutive sentences of a passage."""
    spans = _spans(source)
    return [
        Quote(source, spans[i][0], spans[j][1])
        for i in range(len(spans))
        for j in range(i, min(i + WINDOW, len(spans)))
    ]


@lru_cache(maxsize=4096)
def keys(text: str) -> frozenset[str]:
    """What a text's words mean, one key for all words of one meaning and for its opposite."""
    return frozenset(word.key for word in words(text) if word.says)


def _spans(source: Source) -> list[Span]:
    return list(sentences(source.text, source.article.language or "en"))


def _stands_alone(span: Span, source: Source) -> bool:
    """Whether the words are whole sentences of the source, or part of one that says no as they do.

    "Israel agreed" stands in "It is not true that Israel agreed", which does not carry it.
    """
    around = [s for s in _spans(source) if s[0] < span[1] and span[0] < s[1]]
    if not around:
        return False
    opens = source.text[around[0][0] : span[0]].strip("\"'“‘«(")
    whole = source.text[around[0][0] : around[-1][1]]
    return not opens or (
        negated(whole) == negated(source.text[span[0] : span[1]])
        and not _DOUBT.search(source.text[around[0][0] : span[0]])
    )
