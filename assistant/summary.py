"""Summaries whose every sentence is the source's own: sentences chosen for coverage.

Sentences are picked one by one for closeness to the middle of all sentences (or to the focus) and
for saying something new: maximal marginal relevance (Carbonell & Goldstein 1998).
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from assistant.cite import cite, number_citations
from assistant.errors import InputError, NotFoundError
from assistant.types import Claim, Summary
from index import Article, Embedder, sentences

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
    articles: list[Article], embedder: Embedder, focus: str = "", count: int = 5
) -> Summary:
    """The `count` sentences that cover the articles best, in order of date and place.

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
    every = [
        (article, start, end, 1 - start / len(article.text))
        for article in distinct
        for start, end in sentences(article.text, article.language or "en")
        if not article.text.startswith("#", start)
    ]
    places = [place for place in every if _tells(place[0].text[place[1] : place[2]])] or every
    if not places:
        raise NotFoundError("the articles have no sentence to choose; they hold headings alone")
    vectors = embedder.encode([a.text[s:e] for a, s, e, _ in places] + ([focus] if focus else []))
    kept = vectors[: len(places)]
    goal = vectors[-1] if focus else kept.mean(axis=0)
    chosen = choose(kept, goal, [lead for *_, lead in places], count, use_lead=not focus)
    claims = [_claim(*places[i][:3]) for i in sorted(chosen)]
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


def _claim(article: Article, start: int, end: int) -> Claim:
    return Claim(" ".join(article.text[start:end].split()), (cite(article, start, end),))
