"""What flows through the chain from step to step: a query, its evidence, and pieces of a draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from assistant.types import Notice, Turn, Understood
from index import Article, Hit, Scope

if TYPE_CHECKING:
    from assistant.look import Look


@dataclass(frozen=True)
class Query:
    """What was asked, in which conversation, of which articles."""

    question: str
    history: tuple[Turn, ...] = ()
    scope: Scope = field(default_factory=Scope)
    standalone: str = ""
    """The question as it can be understood by itself; empty before `condense`."""

    @property
    def understood(self) -> Understood:
        """What is searched for."""
        return Understood(self.standalone or self.question, self.scope)


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
class Evidence:
    """A query with the passages that may answer it, best first.

    `look` is what the reader has seen in them already, and in others.
    """

    query: Query
    sources: tuple[Source, ...] = ()
    look: Look | None = None
    off_topic: bool = False
    notices: tuple[Notice, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Other:
    """Another answer that an article gives: its sentence, and the number of its source."""

    text: str
    source: int


@dataclass(frozen=True)
class Draft:
    """A piece of an answer as an answerer writes it; pieces add up, as LangChain's chunks do.

    `text` is prose without citation marks; `cites` are numbers of sources for the sentence that
    `text` ends or that ended last; `whole` says that this piece is exactly one sentence. `restart`
    voids everything before it.
    """

    text: str = ""
    cites: tuple[int, ...] = ()
    whole: bool = False
    evidence: Evidence | None = None
    short: str = ""
    confidence: float | None = None
    abstained: bool = False
    answered_by: str = ""
    alternatives: tuple[Other, ...] = ()
    notices: tuple[Notice, ...] = ()
    restart: Notice | None = None
    usage: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: Any) -> Draft:
        if not isinstance(other, Draft):
            return NotImplemented
        if other.restart is not None:
            kept = self.evidence or other.evidence
            return replace(other, evidence=kept, notices=(*self.notices, *other.notices))
        return Draft(
            text=self.text + other.text,
            cites=self.cites + other.cites,
            evidence=self.evidence or other.evidence,
            short=other.short or self.short,
            confidence=self.confidence if other.confidence is None else other.confidence,
            abstained=self.abstained or other.abstained,
            answered_by=other.answered_by or self.answered_by,
            alternatives=self.alternatives + other.alternatives,
            notices=self.notices + other.notices,
            restart=self.restart,
            usage={
                name: self.usage.get(name, 0) + other.usage.get(name, 0)
                for name in {*self.usage, *other.usage}
            },
        )
