"""From a case's quotes to the places in a library's articles where they stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath

from assistant.errors import InputError
from evals.cases import Case, Evidence
from evals.metrics import Span
from index import Article


@dataclass(frozen=True)
class Located:
    """A case with, for each piece of its evidence, the places that carry it."""

    case: Case
    evidence: tuple[tuple[Span, ...], ...]


def locate(cases: Iterable[Case], articles: Iterable[Article]) -> list[Located]:
    """Find the evidence of every case.

    Raises:
        InputError: an article or a quote is not there, or the quote is there twice.
    """
    known = {name: article for article in articles for name in names(article)}
    return [
        Located(
            case,
            tuple(
                tuple(_span(case, place, known) for place in (piece, *piece.also))
                for piece in case.evidence
            ),
        )
        for case in cases
    ]


def names(article: Article) -> set[str]:
    """What a set may call an article: its key, the key's last part without suffix, its address.

    >>> sorted(names(Article("Rain.", key="sample:weather")))
    ['sample:weather', 'weather']
    """
    own = {article.key, PurePath(article.key.removeprefix("sample:")).stem, article.url}
    return {name for name in own if name}


def _span(case: Case, place: Evidence, known: dict[str, Article]) -> Span:
    article = known.get(place.article)
    if article is None:
        raise InputError(
            f"case {case.id!r}: the library has no article {place.article!r}; correct its name"
        )
    start = article.text.find(place.quote)
    if start < 0 or article.text.find(place.quote, start + 1) >= 0:
        often = "not" if start < 0 else "more than once"
        raise InputError(
            f"case {case.id!r}: {place.quote!r} is {often} in {place.article!r}; "
            "quote words that are there exactly once"
        )
    return Span(article.id, start, start + len(place.quote), place.quote)
