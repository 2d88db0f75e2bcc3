"""Summaries whose every sentence is the source's own: sentences chosen for coverage.

Sentences are picked one by one for closeness to the middle of all sentences (or to the focus) and
for saying something new: maximal marginal relevance (Carbonell & Goldstein 1998).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from assistant.cite import cite, number_citations
from assistant.errors import InputError, NotFoundError
from assistant.types import Claim, Summary
from index import Article, Embedder, sentences
from index.copies import is_told, shingles

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

MOST_SENTENCES = 50
"""Sentences of a summary at most."""

_NEW = 0.3
"""Weight of saying something new against being central."""

_LEAD = 0.1
"""Bonus of an article's first sentence, falling to nothing at its end: news leads with the news."""

_FEWEST_WORDS = 5
_FEWEST_CHARACTERS = 25
"""Of a sentence worth telling; characters for scripts that put no spaces between words."""


def summarize_articles(
    articles: list[Article],
    embedder: Embedder,
    focus: str = "",
    count: int = 5,
    groups: Sequence[Sequence[Article]] = (),
) -> Summary:
    """The `count` sentences that cover the articles best, in order of date and place.

    Of the near copies in each of `groups`, the earliest is read, and of the others what is new.

    Raises:
        InputError: `count` makes no sense.
        NotFoundError: there is no article.
    """
    if not 1 <= count <= MOST_SENTENCES:
        raise InputError(f"{count} sentences cannot be; ask for 1 to {MOST_SENTENCES}")
    if not articles:
        raise NotFoundError(
            "there is no article to summarise; `assistant list` shows what there is"
        )
    started = time.perf_counter()
    # Oldest first, so that what developed is told in order.
    ordered = sorted(articles, key=lambda a: (a.published is None, a.published, a.title))
    distinct = list({article.version: article for article in ordered}.values())
    copies = {
        one.id: [other for other in group if other.id != one.id]
        for group in groups
        for one in group
    }
    every = [
        (article, start, end, 1 - start / len(article.text))
        for article, start, end in _new(distinct, copies)
        if not article.text.startswith("#", start)
    ]
    places = [place for place in every if _tells(place[0].text[place[1] : place[2]])] or every
    if not places:
        raise NotFoundError("the articles have no sentence to choose; they hold headings alone")
    vectors = embedder.encode([a.text[s:e] for a, s, e, _ in places] + ([focus] if focus else []))
    kept = vectors[: len(places)]
    goal = vectors[-1] if focus else kept.mean(axis=0)
    chosen = choose(kept, goal, [lead for *_, lead in places], count, use_lead=not focus)
    claims = [_claim(*places[i][:3], copies.get(places[i][0].id, ())) for i in sorted(chosen)]
    return Summary(
        claims=number_citations(claims),
        articles=tuple(distinct),
        focus=focus,
        timings={"summarize": round(time.perf_counter() - started, 4)},
    )


def choose(
    vectors: Vectors, goal: Vectors, leads: list[float], count: int, *, use_lead: bool
) -> list[int]:
    """Rows picked by maximal marginal relevance, best first.

    Args:
        vectors: unit vectors, shape (sentences, dimensions).
        goal: what to be close to, shape (dimensions,).
        leads: how near each sentence is to its article's beginning, between 0 and 1.
        count: how many at most.
        use_lead: whether `leads` count.
    """
    import numpy as np

    worth = vectors @ (goal / (np.linalg.norm(goal) or 1.0))
    if use_lead:
        worth = worth + _LEAD * np.asarray(leads, dtype=np.float32)
    nearest = np.zeros(len(vectors), dtype=np.float32)
    chosen: list[int] = []
    while len(chosen) < min(count, len(vectors)):
        gain = (1 - _NEW) * worth - _NEW * nearest
        gain[chosen] = -np.inf
        best = int(gain.argmax())
        chosen.append(best)
        nearest = np.maximum(nearest, vectors @ vectors[best])
    return chosen


def _tells(sentence: str) -> bool:
    words = sentence.split()
    return len(words) >= _FEWEST_WORDS or (len(words) < 3 and len(sentence) >= _FEWEST_CHARACTERS)


def _new(
    articles: Iterable[Article], copies: Mapping[str, Sequence[Article]]
) -> Iterator[tuple[Article, int, int]]:
    """Each sentence, but of a copy only those that its copies before have not told."""
    told: dict[str, set[str]] = {}
    for article in articles:
        before = set().union(*(told.get(copy.id, ()) for copy in copies.get(article.id, ())))
        for start, end in sentences(article.text, article.language or "en"):
            if not (before and is_told(article.text[start:end], before)):
                yield article, start, end
        if article.id in copies:
            told[article.id] = shingles(article.text)


def _claim(article: Article, start: int, end: int, copies: Sequence[Article]) -> Claim:
    words = " ".join(article.text[start:end].split())
    return Claim(words, (cite(article, start, end, copies=copies),))
