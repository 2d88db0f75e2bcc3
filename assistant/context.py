"""What stands around a hit: its neighbouring sentences, neighbouring hits, and other articles.

Knows nothing of how hits are found or put in order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from assistant.state import Source
from index import Article, Scope, sentences

NEAR = 300
"""Characters before and after a passage in which its neighbouring sentences are looked for."""

MOST_OF_ONE = 4
"""Passages of one origin that come before those of others; see `docs/RETRIEVAL.md`."""

LIKELY, POSSIBLE, BETTER = 0.5, 0.1, 3.0
"""Chances that a passage answers: from the first on nothing outside of a period is looked for, from
the second on it is worth it, if it is so many times as likely."""

LONGEST = 2_400
"""Characters of neighbouring passages put together; longer ones stay apart."""


def widened(source: Source) -> Source:
    """The source with the whole sentence before its passage and the one after it."""
    passage, text = source.hit.passage, source.article.text
    language = source.article.language or "en"
    begin = max(0, passage.start - NEAR)
    before = sentences(text[begin : passage.start], language)
    # The first one found may begin before the stretch that was looked at.
    before = before if begin == 0 else before[1:]
    start = begin + before[-1][0] if before else passage.start
    stop = min(len(text), passage.end + NEAR)
    after = sentences(text[passage.end : stop], language)
    after = after if stop == len(text) else after[:-1]
    end = passage.end + after[0][1] if after else passage.end
    return _over(source, start, end)


def spread(sources: Sequence[Source], k: int) -> list[Source]:
    """The first k, best first; one origin has more than `MOST_OF_ONE` only for want of others."""
    taken: Counter[str] = Counter()
    first, rest = list[Source](), list[Source]()
    for source in sources:
        taken[source.origin] += 1
        (first if taken[source.origin] <= MOST_OF_ONE else rest).append(source)
    chosen = {id(source) for source in [*first, *rest][:k]}
    return [source for source in sources if id(source) in chosen]


def joined(sources: Sequence[Source]) -> list[Source]:
    """Passages of one article that touch or overlap as one, at the place of the better one."""
    found: list[Source] = []
    for source in sources:
        found.append(source)
        # What has grown may touch others now.
        while pair := next(filter(lambda two: _touch(*two), combinations(found, 2)), None):
            better, other = pair
            one, two = better.hit.passage, other.hit.passage
            whole = _over(better, min(one.start, two.start), max(one.end, two.end))
            found = [whole if s is better else s for s in found if s is not other]
    return [replace(source, number=number) for number, source in enumerate(found, 1)]


def told_elsewhere(sources: Sequence[Source], scope: Scope) -> bool:
    """Whether an article of another day than the scope's is much likelier to answer than those.

    All of the sources were found by one search, so that their scores can be compared.
    """

    def best(inside: bool) -> float:
        scores = (s.hit.score for s in sources if _then(s.article, scope) is inside)
        return max(scores, default=0.0)

    here, elsewhere = best(True), best(False)
    return here < LIKELY and elsewhere >= max(POSSIBLE, BETTER * here)


def _then(article: Article, scope: Scope) -> bool:
    day = article.published
    if day is None:
        return False
    return (not scope.since or scope.since <= day) and (not scope.until or day <= scope.until)


def _touch(one: Source, other: Source) -> bool:
    a, b = sorted((one.hit.passage, other.hit.passage), key=lambda passage: passage.start)
    return (
        (a.article_id, a.version) == (b.article_id, b.version)
        and not one.article.text[a.end : b.start].strip()
        and max(a.end, b.end) - a.start <= LONGEST
    )


def _over(source: Source, start: int, end: int) -> Source:
    """The source over these characters of its article."""
    passage = replace(source.hit.passage, start=start, end=end, text=source.article.text[start:end])
    return replace(source, hit=replace(source.hit, passage=passage))
