"""What changed between two versions of an article, sentence by sentence. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from index.split import sentences
from index.types import Article

_FACTS = ("title", "source", "author", "published", "url", "language")


@dataclass(frozen=True)
class Difference:
    """A sentence or a fact that one version has and the one after it has not, or the reverse.

    `fact` names what the article says about itself, such as "published"; it is empty for a
    sentence of the text.
    """

    kind: Literal["removed", "added"]
    text: str
    fact: str = ""


def differences(older: Article, newer: Article) -> list[Difference]:
    """What became of one version in another: facts first, then sentences in order of reading.

    A sentence that was rewritten comes as removed, then as added.

    >>> for one in differences(Article("It rained. All slept."), Article("It poured. All slept.")):
    ...     print(one.kind, one.text)
    removed It rained.
    added It poured.
    """
    return [*_facts(older, newer), *_sentences(older, newer)]


def _facts(older: Article, newer: Article) -> Iterator[Difference]:
    for fact in _FACTS:
        before, after = getattr(older, fact), getattr(newer, fact)
        if before != after:
            if before:
                yield Difference("removed", str(before), fact)
            if after:
                yield Difference("added", str(after), fact)


def _sentences(older: Article, newer: Article) -> Iterator[Difference]:
    before, after = _split(older), _split(newer)
    # `autojunk` would take a sentence that comes often in a long article for noise.
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind != "equal":
            yield from (Difference("removed", text) for text in before[i:j])
            yield from (Difference("added", text) for text in after[k:m])


def _split(article: Article) -> Sequence[str]:
    spans = sentences(article.text, article.language or "en")
    return [" ".join(article.text[start:end].split()) for start, end in spans]
