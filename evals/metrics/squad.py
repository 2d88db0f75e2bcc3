"""Exact match and F1 of a short answer (Rajpurkar et al. 2016, "SQuAD: 100,000+ Questions").

Normalised as in the official script: lower case, no ASCII punctuation, no articles, single spaces.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalise(text: str) -> str:
    """The text as the two measures compare it.

    >>> normalise("The  U.S. and France!")
    'us and france'
    """
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match(answer: str, gold: Sequence[str]) -> float | None:
    """1 if the answer equals one of the accepted ones, else 0; None if none is known.

    >>> exact_match("the mayor.", ["Mayor", "Ms. Lind"])
    1.0
    """
    if not gold:
        return None
    return float(any(normalise(answer) == normalise(text) for text in gold))


def f1(answer: str, gold: Sequence[str]) -> float | None:
    """Best F1 = 2PR / (P + R) over the accepted answers, of words with multiplicity.

    P is the share of the answer's words that the accepted one has, R the share of the accepted
    one's words that the answer has. As in the script for SQuAD 2.0, two answers of which one is
    empty after normalising score 1 if both are, else 0. None if no answer is known.

    >>> f1("mayor Lind of Tarn", ["Lind", "the mayor"])
    0.4
    """
    if not gold:
        return None
    return max(_f1(normalise(answer).split(), normalise(text).split()) for text in gold)


def _f1(answer: list[str], gold: list[str]) -> float:
    if not answer or not gold:
        return float(answer == gold)
    common = (Counter(answer) & Counter(gold)).total()
    return 2 * common / (len(answer) + len(gold))
