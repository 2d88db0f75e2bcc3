"""Citation recall and precision as ALCE has them; knows nothing of who judges.

Gao et al. 2023, "Enabling Large Language Models to Generate Text with Citations". For a statement s
with citations C, and a judge that says whether premises, taken together, support a statement:

    recall of s      1 if C is not empty and judge(C, s), else 0
    precision of c   1 if s has recall 1 and c is not irrelevant, else 0
    c is irrelevant  if not judge({c}, s), but judge(C without c, s)

Recall is the mean over an answer's statements, precision over all of its citations; a set of
answers gets the mean of each. A citation that supports nothing by itself, but without which the
others do not either, is needed and counts. The authors' judge is an NLI model (TRUE, T5-11B);
another one gives other figures, so they are to be read with how often it agrees with people.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

P = TypeVar("P")

Judge = Callable[[Sequence[P], str], bool]
"""Whether these premises, taken together, support the sentence."""


@dataclass(frozen=True)
class Statement(Generic[P]):
    """A sentence of an answer without its marks, and what it cites, each once.

    One that cites something which is not there is given without citations, as in the authors' code:
    its recall is 0, and none of them counts for precision.
    """

    text: str
    citations: tuple[P, ...] = ()


def alce_recall(statements: Sequence[Statement[P]], judge: Judge[P]) -> float | None:
    """Share of the statements that their citations support; None without statements.

    >>> def found(premises, text):
    ...     return set(text.split()) <= set(" ".join(premises).split())
    >>> alce_recall([Statement("a b", ("a", "b")), Statement("a c", ("a",)), Statement("a")], found)
    0.3333333333333333
    """
    if not statements:
        return None
    return sum(_supported(one, judge) for one in statements) / len(statements)


def alce_precision(statements: Sequence[Statement[P]], judge: Judge[P]) -> float | None:
    """Share of the citations that are needed by a supported statement; None without citations.

    >>> def found(premises, text):
    ...     return set(text.split()) <= set(" ".join(premises).split())
    >>> alce_precision([Statement("a b", ("a", "b", "x")), Statement("c", ("a",))], found)
    0.5
    """
    total = sum(len(one.citations) for one in statements)
    if not total:
        return None
    good = 0
    for one in statements:
        if _supported(one, judge):
            good += sum(not _irrelevant(place, one, judge) for place in range(len(one.citations)))
    return good / total


def _supported(statement: Statement[P], judge: Judge[P]) -> bool:
    return bool(statement.citations) and judge(statement.citations, statement.text)


def _irrelevant(place: int, statement: Statement[P], judge: Judge[P]) -> bool:
    """Of a supported statement: whether this citation does nothing for it."""
    given = statement.citations
    rest = given[:place] + given[place + 1 :]
    if not rest or judge(given[place : place + 1], statement.text):
        return False
    return judge(rest, statement.text)
