"""The records of questions and answers; knows nothing of how an answer is found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal

from index import Article, Hit, Scope

NO_ANSWER = "The articles do not say."
"""The one sentence for "cannot answer", shared by prompt, parser, tests and evaluation."""

Status = Literal["supported", "corrected", "partly", "unsupported"]

FilterKind = Literal["source", "author", "time", "latest"]
DisagreementKind = Literal["development", "contradiction"]


@dataclass(frozen=True)
class Citation:
    """Words of a source that carry a sentence.

    `quote` is the source's own characters: `library.get(article_id, version).text[start:end]`.
    `number` is the place in the answer's list of quotes, counted from 1 in order of appearance; the
    same words cited again keep their number. `locator` names the place of the quote in the
    original, such as a page, where that is known. `also` names the outlets of near copies of the
    article that have the very same words: they are one source, not several.
    """

    number: int
    article_id: str
    version: str
    start: int
    end: int
    quote: str
    title: str = ""
    source: str = ""
    published: date | None = None
    url: str = ""
    locator: str = ""
    fictional: bool = False
    also: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Title, source and date in one line."""
        day = self.published.isoformat() if self.published else ""
        parts = [self.title or "Untitled", self.source, day, self.locator]
        return ", ".join(part for part in parts if part) + (" (fictional)" * self.fictional)


@dataclass(frozen=True)
class Claim:
    """One sentence of an answer, without citation marks, and what carries it.

    Status: `supported` by the citations; `corrected` if the support was found elsewhere than the
    model said; `partly` if some of it is carried; `unsupported` if nothing found carries it.
    `reason` says in a few words why it is not simply supported. `suspected` marks words that stand
    in what may be an instruction to the model, hidden in an article. `nearest` is the part of the
    question that it is nearest to where that has no sure answer. `cites` is what the answerer
    itself cited, before the check: places in `Answer.hits`, from 1, or 0 for what is not there.
    """

    text: str
    citations: tuple[Citation, ...] = ()
    status: Status = "supported"
    nearest: str = ""
    reason: str = ""
    suspected: bool = False
    cites: tuple[int, ...] = ()

    @property
    def marked(self) -> str:
        """The sentence with its citation numbers, as in `It rained. [1][2]`."""
        marks = "".join(f"[{citation.number}]" for citation in self.citations)
        return f"{self.text} {marks}".rstrip()


@dataclass(frozen=True)
class Value:
    """What one source gives as the answer.

    `text` is the bare answer and `claim` its sentence, cited; `source` names the outlet, or the
    title where there is none; `speaker` who says it ("according to the port"), if the article does
    not say it itself.
    """

    text: str
    claim: Claim
    source: str = ""
    published: date | None = None
    speaker: str = ""

    @property
    def label(self) -> str:
        """Date, source and speaker in one line."""
        day = self.published.isoformat() if self.published else ""
        return ", ".join(part for part in (day, self.source, self.speaker) if part)


@dataclass(frozen=True)
class Disagreement:
    """Different answers that the articles give, the answer's own among them.

    A `development` changed over time, and its values stand in order of time; a `contradiction` did
    not, and the answer's own value stands first.
    """

    kind: DisagreementKind
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Notice:
    """Something the person should know about an answer.

    Kinds: `fallback` (the model failed, the built-in reader answered), `samples` (answered from the
    sample articles), `left_out` (sentences that no source carries), `window` (passages that did not
    fit into what the model reads), `thoughts` (what a model wrote first was its thinking and is
    void), `cut_off` (the model's reply was cut off), `private` (what was kept from a model on
    another machine), `cached` (the model's words are those of an earlier time), `instructions` (an
    article seems to hold instructions to the model), `off_topic` (nothing is near the question),
    `relaxed` (a filter of the question's own was left aside), `missing`
    (what the articles lack for an answer), `unanswered_part` (of several parts, the one that the
    articles do not answer), `unsure_part` (the one of which only the nearest sentences are shown),
    `unsettled` (of two things that are compared, what is said of each is shown, but not which is
    more).
    """

    kind: Literal[
        "fallback",
        "samples",
        "left_out",
        "window",
        "thoughts",
        "cut_off",
        "private",
        "cached",
        "instructions",
        "off_topic",
        "relaxed",
        "missing",
        "unanswered_part",
        "unsure_part",
        "unsettled",
    ]
    text: str


@dataclass(frozen=True)
class Filter:
    """What a question itself says of source, author or time, and so which articles may answer.

    `words` are the question's own; `scope` has the fields that they set. `strict` words speak of
    the articles themselves ("published in March", "according to the Post"); others of when a thing
    happened, so that an article of another time may tell it too. The kind `latest` sets nothing:
    of several answers the newest is preferred.
    """

    kind: FilterKind
    words: str
    scope: Scope = field(default_factory=Scope)
    strict: bool = True


@dataclass(frozen=True)
class Understood:
    """What was searched for: the stand-alone question, the scope, and what narrowed it.

    `filters` were read from the question; the scope has them in it. `parts` are the questions that
    one of several parts was taken apart into.
    """

    question: str
    scope: Scope = field(default_factory=Scope)
    filters: tuple[Filter, ...] = ()
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """An answer and all that is needed to check it.

    `short` is the bare answer where there is one; `claims` are its sentences; `citations` the
    numbered sources; `hits` what was retrieved, best first. `confidence` is the calibrated chance
    that the answer is right, None where it was not calibrated. `disagreement` has the values of
    articles that answer differently, this answer's own among them. Of a language model's answer,
    `prompt_hash` stands for the version of the prompt, `thoughts` is what a reasoning model thought
    aloud, `usage` its tokens, `cost` US dollars where the price is known. `timings` are seconds by
    step.
    """

    question: str
    claims: tuple[Claim, ...] = ()
    short: str = ""
    hits: tuple[Hit, ...] = ()
    abstained: bool = False
    confidence: float | None = None
    answered_by: str = "keyless"
    understood: Understood = field(default_factory=lambda: Understood(""))
    disagreement: Disagreement | None = None
    notices: tuple[Notice, ...] = ()
    usage: Mapping[str, int] = field(default_factory=dict)
    cost: float | None = None
    timings: Mapping[str, float] = field(default_factory=dict)
    prompt_hash: str = ""
    seed: int | None = None
    thoughts: str = ""

    @property
    def text(self) -> str:
        """The answer as prose, with citation numbers."""
        return " ".join(claim.marked for claim in self.claims) if self.claims else NO_ANSWER

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All citations, by number; those that only a disagreement has come last."""
        values = self.disagreement.values if self.disagreement else ()
        return _citations((*self.claims, *(value.claim for value in values)))

    def to_dict(self) -> dict[str, Any]:
        """All of it as JSON-ready values."""
        plain: dict[str, Any] = _plain(asdict(self))
        return {
            **plain,
            "text": self.text,
            "citations": [_plain(asdict(c)) for c in self.citations],
        }

    def __str__(self) -> str:
        """The answer, then its sources with the exact words; for `print`."""
        from assistant.render import answer_text

        return answer_text(self)


@dataclass(frozen=True)
class Summary:
    """A summary, cited like an answer."""

    claims: tuple[Claim, ...]
    articles: tuple[Article, ...] = ()
    focus: str = ""
    answered_by: str = "keyless"
    notices: tuple[Notice, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The summary as prose, with citation numbers."""
        return " ".join(claim.marked for claim in self.claims)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All citations, by number."""
        return _citations(self.claims)

    def to_dict(self) -> dict[str, Any]:
        """All of it as JSON-ready values; articles by id and title."""
        return {
            "text": self.text,
            "focus": self.focus,
            "answered_by": self.answered_by,
            "claims": [_plain(asdict(claim)) for claim in self.claims],
            "citations": [_plain(asdict(c)) for c in self.citations],
            "articles": [{"id": a.id, "title": a.title} for a in self.articles],
            "notices": [_plain(asdict(notice)) for notice in self.notices],
            "timings": dict(self.timings),
        }

    def __str__(self) -> str:
        """The summary, then its sources; for `print`."""
        from assistant.render import summary_text

        return summary_text(self)


@dataclass(frozen=True)
class Turn:
    """A question with the answer's text; the whole answer too where it is at hand."""

    question: str
    text: str
    answer: Answer | None = None


@dataclass(frozen=True)
class Retrieved:
    """Event: the passages were found; comes first."""

    hits: tuple[Hit, ...]
    understood: Understood


@dataclass(frozen=True)
class Token:
    """Event: more text of the answer as it is written, citation marks left out."""

    text: str


@dataclass(frozen=True)
class Cited:
    """Event: the sentence that just ended has this citation (once for each of them)."""

    citation: Citation


@dataclass(frozen=True)
class Checked:
    """Event: the sentence that just ended was checked."""

    claim: Claim


@dataclass(frozen=True)
class Restarted:
    """Event: what was streamed so far is void, another answerer begins anew."""

    notice: Notice


@dataclass(frozen=True)
class Done:
    """Event: the whole answer; comes last."""

    answer: Answer


Event = Retrieved | Token | Cited | Checked | Restarted | Done


def _citations(claims: tuple[Claim, ...]) -> tuple[Citation, ...]:
    found = {c.number: c for claim in claims for c in claim.citations}
    return tuple(found[number] for number in sorted(found))


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
