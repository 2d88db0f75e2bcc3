"""What flows through the chain from step to step: a query, its evidence, and pieces of a draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.narrowing import narrowed
from assistant.stated import without_filters
from assistant.types import DisagreementKind, Filter, Notice, Turn, Understood
from assistant.words import content, numbers
from index import Article, Hit, Scope

if TYPE_CHECKING:
    from assistant.look import Look


@dataclass(frozen=True)
class Spent:
    """What calls to a model took: `usage` in tokens by kind, `cost` in US dollars where known."""

    usage: Mapping[str, int] = field(default_factory=dict)
    cost: float | None = None

    def __add__(self, other: Spent) -> Spent:
        usage = {
            kind: self.usage.get(kind, 0) + other.usage.get(kind, 0)
            for kind in (*self.usage, *(kind for kind in other.usage if kind not in self.usage))
        }
        return Spent(usage, _sum(self.cost, other.cost))


@dataclass(frozen=True)
class Query:
    """What was asked, in which conversation, of which articles."""

    question: str
    history: tuple[Turn, ...] = ()
    scope: Scope = field(default_factory=Scope)
    standalone: str = ""
    """The question as it can be understood by itself; empty before `condense`."""
    filters: tuple[Filter, ...] = ()
    """What the question itself says of source, author and time; empty before `narrow`."""
    without: tuple[str, ...] = ()
    """Kinds of filters that are not to be read from it."""
    today: date | None = None
    """What "last week" is counted from; None for the day it is."""
    parts: tuple[str, ...] = ()
    """The questions that it consists of, where there are several."""
    stays: Notice | None = None
    """Why nothing of it goes to a model on another machine; None where it may."""
    spent: Spent = field(default_factory=Spent)
    """What a model took to understand it."""
    timings: Mapping[str, float] = field(default_factory=dict)
    """Seconds by step, so far."""

    @property
    def understood(self) -> Understood:
        """What is searched for."""
        scope = narrowed(self.scope, self.filters)
        return Understood(self.standalone or self.question, scope, self.filters, self.parts)

    @property
    def sought(self) -> str:
        """What is searched for and read: without words that only say whose articles are meant."""
        whose = [one for one in self.filters if one.kind in ("source", "author")]
        return without_filters(self.standalone or self.question, whose)


@dataclass(frozen=True)
class Source:
    """A retrieved passage under the number by which a draft cites it.

    `copies` are other articles with nearly the same text as this one's; `origin` is the id that
    stands for all of them, as together they are one voice. `prior` is the score that it was
    retrieved with, the hit's own the one after re-scoring.
    """

    number: int
    hit: Hit
    article: Article
    copies: tuple[Article, ...] = ()
    origin: str = ""
    prior: float = 0.0

    @property
    def text(self) -> str:
        """The passage's text."""
        return self.hit.passage.text


@dataclass(frozen=True)
class Contrast:
    """The stems of one of several things that a question names, and those of the others.

    Of things that are `measured`, only sentences with a number tell anything.
    """

    own: frozenset[str]
    others: tuple[frozenset[str], ...]
    measured: bool = False

    def admits(self, sentence: str) -> bool:
        """Whether a sentence may be about the one: it does not name another one better."""
        if self.measured and not numbers(sentence):
            return False
        here = set(content(sentence))
        named = max((_share(other, here) for other in self.others), default=0.0)
        return _share(self.own, here) >= named


def _share(wanted: frozenset[str], there: set[str]) -> float:
    return len(wanted & there) / len(wanted) if wanted else 0.0


@dataclass(frozen=True)
class Evidence:
    """A query with the passages that may answer it, best first.

    `look` is what the reader has seen in them already, and in others. `parts` has the same for each
    part of a question of several, each with numbers of its own; of one that asks of one of several
    things, `contrast` tells it from the others. `told` is an answer that was found while looking,
    such as a count over all articles. What is looked for is `given` where the person stated it.
    """

    query: Query
    sources: tuple[Source, ...] = ()
    look: Look | None = None
    off_topic: bool = False
    notices: tuple[Notice, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)
    parts: tuple[Evidence, ...] = ()
    contrast: Contrast | None = None
    given: bool = False
    told: tuple[Draft, ...] = ()


@dataclass(frozen=True)
class Stance:
    """What a source gives as the answer: few words, their sentence, its number, who says so."""

    text: str
    sentence: str
    source: int
    speaker: str = ""


@dataclass(frozen=True)
class Difference:
    """Answers of several sources that differ, in the order in which they are told."""

    kind: DisagreementKind
    stances: tuple[Stance, ...]


@dataclass(frozen=True)
class Draft:
    """A piece of an answer as an answerer writes it; pieces add up, as LangChain's chunks do.

    `text` is prose without citation marks; `cites` are numbers of sources for the sentence that
    `text` ends or that ended last; `whole` says that this piece is exactly one sentence, which for
    `nearest`, a part of the question, is no sure answer. `ends` says that the last sentence ends
    with `text`, however it looks; `cut` that no more follows, so that a sentence which did not end
    is void. `restart` voids everything before it. `thoughts`, `usage`, `cost`, `prompt_hash` and
    `seed` are as in `Answer`.
    """

    text: str = ""
    cites: tuple[int, ...] = ()
    whole: bool = False
    ends: bool = False
    cut: bool = False
    nearest: str = ""
    evidence: Evidence | None = None
    short: str = ""
    confidence: float | None = None
    abstained: bool = False
    answered_by: str = ""
    difference: Difference | None = None
    notices: tuple[Notice, ...] = ()
    restart: Notice | None = None
    thoughts: str = ""
    usage: Mapping[str, int] = field(default_factory=dict)
    cost: float | None = None
    prompt_hash: str = ""
    seed: int | None = None

    def __add__(self, other: Any) -> Draft:
        if not isinstance(other, Draft):
            return NotImplemented
        if other.restart is not None:
            return replace(
                other,
                evidence=self.evidence or other.evidence,
                notices=(*self.notices, *other.notices),
                usage=self._spent(other).usage,
                cost=self._spent(other).cost,
            )
        return Draft(
            text=self.text + other.text,
            cites=self.cites + other.cites,
            evidence=self.evidence or other.evidence,
            short=other.short or self.short,
            confidence=self.confidence if other.confidence is None else other.confidence,
            abstained=self.abstained or other.abstained,
            answered_by=other.answered_by or self.answered_by,
            difference=other.difference or self.difference,
            notices=self.notices + other.notices,
            restart=self.restart,
            thoughts=self.thoughts + other.thoughts,
            cost=self._spent(other).cost,
            prompt_hash=other.prompt_hash or self.prompt_hash,
            seed=self.seed if other.seed is None else other.seed,
            usage=self._spent(other).usage,
        )

    def _spent(self, other: Draft) -> Spent:
        return Spent(self.usage, self.cost) + Spent(other.usage, other.cost)


def _sum(first: float | None, second: float | None) -> float | None:
    return second if first is None else first if second is None else first + second
