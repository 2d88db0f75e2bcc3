"""Question sets: JSONL files of questions with known answers; knows nothing of how they are run.

One object on each line:

    id           name of the case, unique among all sets
    kind         what is asked for, see `KINDS`
    question     as a person would type it
    answers      accepted short answers; EM and F1 take the best of them
    contains     lists of alternatives: a right answer has one from every list
    keeps        lists of alternatives: whatever is shown of the answer has one from every list,
                 for they say who claims it, that it is denied, in doubt or on what condition
    evidence     [{article, quote}]: a sample's file name without suffix, its exact words
    also         for each piece of evidence, other quotes that carry the same ([{article, quote}])
    answerable   false if the right thing to do is to abstain
    history      [{question, answer}]: the conversation so far
    standalone   a follow-up written out, as a question that needs no history; the question itself
                 where that stands alone, for the conversation turned to something else
    today        the day on which the question is asked (ISO)
    filter       what the question says of the articles that may answer; always there for the kind
                 `stated`, for others where they say something: any of `source`, `author` (as the
                 articles spell them), `since`, `until` (ISO, inclusive) and `latest` (true); {} if
                 it only looks as if it did

A case of the kind `attributed` has its answer in a sentence that ascribes it to somebody, denies,
doubts or conditions it. The question seldom says so, as its reader does not know; the answer must.
Its id begins with the sort: `said`, `denied`, `doubt` or `if`.

A `filter` is read thus. A period is all of its days, a week from Monday to Sunday. "Since X" starts
with X, "after X" the day after, "before X" ends the day before. "The last 30 days" start 30 days
before `today` and end with it. "Last March" is the newest March that is over or running, "Monday"
the newest one not after `today`. A date without a year is the newest one not after `today`; if
there is no article of then but there are some of the same period in an earlier year, it is that
year's. What is to come, names with a date in them and what happened long before any article limit
nothing, nor do two sources that are compared. The evidence lies within the filter; where no article
within it has the answer, the case is not answerable.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assistant import errors, types
from evals.metrics import Stated

SETS = Path(__file__).parent / "sets"
"""Folder of the shipped sets."""

BLIND = "_blind"
"""What the name of a set ends with that is run by its name only: nobody looks at what fails in it,
so that it tells how well rules do on questions that they were not made for."""

Kind = Literal[
    "who",
    "when",
    "where",
    "how_many",
    "why",
    "what",
    "attributed",
    "multi",
    "follow_up",
    "stated",
    "false_premise",
    "unanswerable",
]
KINDS: tuple[str, ...] = get_args(Kind)
"""What a case may ask for, in the order of reports."""

_TO_ABSTAIN = ("false_premise", "unanswerable")
_EITHER = ("follow_up", "stated")


@dataclass(frozen=True)
class Evidence:
    """The words of an article that carry an answer, and other places that carry the same."""

    article: str
    quote: str
    also: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Case:
    """One question with all that is known about its answer; `set` is the name of its file."""

    id: str
    kind: str
    question: str
    answers: tuple[str, ...] = ()
    contains: tuple[tuple[str, ...], ...] = ()
    evidence: tuple[Evidence, ...] = ()
    answerable: bool = True
    history: tuple[types.Turn, ...] = ()
    standalone: str = ""
    keeps: tuple[tuple[str, ...], ...] = ()
    today: date | None = None
    filter: Stated | None = None
    set: str = ""


def sets() -> dict[str, Path]:
    """The shipped sets: name and file, by name."""
    return {path.stem: path for path in sorted(SETS.glob("*.jsonl"))}


def load_sets(names: Iterable[str] = ()) -> list[Case]:
    """Cases of these sets, named as in `sets` or by the path of a file; each id once.

    If none is named, those of all shipped sets but the blind ones.

    Raises:
        InputError: there is no such set, a line is wrong, or two cases have one id.
    """
    shipped = sets()
    cases: dict[str, Case] = {}
    for name in dict.fromkeys(names) or [name for name in shipped if not name.endswith(BLIND)]:
        path = shipped.get(name, Path(name))
        if name not in shipped and not path.is_file():
            raise errors.InputError(
                f"there is no set {name!r}; choose from {', '.join(shipped)}, or name a JSONL file"
            )
        for case in load_set(path):
            if case.id in cases:
                raise errors.InputError(
                    f"{path.name}: the id {case.id!r} is in the set {cases[case.id].set!r} too; "
                    "rename one of them"
                )
            cases[case.id] = case
    return list(cases.values())


def load_set(path: Path) -> list[Case]:
    """Cases of one JSONL file, in order; empty lines are passed over.

    Raises:
        InputError: the file cannot be read or a line is wrong; names file, line and field.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise errors.InputError(
            f"cannot read the set {str(path)!r} ({error}); name a JSONL file in UTF-8"
        ) from error
    cases: dict[str, Case] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        case = replace(_case(line, f"{path.name}, line {number}"), set=path.stem)
        if case.id in cases:
            raise errors.InputError(
                f"{path.name}, line {number}: the id {case.id!r} is used twice; rename one of them"
            )
        cases[case.id] = case
    return list(cases.values())


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Quote(_Record):
    article: str = Field(min_length=1)
    quote: str = Field(min_length=1)


class _Turn(_Record):
    question: str = Field(min_length=1)
    answer: str


class _Filter(_Record):
    source: str = ""
    author: str = ""
    since: date | None = None
    until: date | None = None
    latest: bool = False


class _Line(_Record):
    id: str = Field(min_length=1)
    kind: Kind
    question: str = Field(min_length=1)
    answers: list[str] = []
    contains: list[list[str]] = []
    keeps: list[list[str]] = []
    evidence: list[_Quote] = []
    also: list[list[_Quote]] = []
    answerable: bool = True
    history: list[_Turn] = []
    standalone: str = ""
    today: date | None = None
    filter: _Filter | None = None

    @model_validator(mode="after")
    def _agree(self) -> _Line:
        if self.also and len(self.also) != len(self.evidence):
            raise ValueError(
                f"also has {len(self.also)} lists for {len(self.evidence)} pieces of evidence; "
                "give one for each, empty where there is none"
            )
        if not all(self.contains):
            raise ValueError("a list in contains is empty; give alternatives or leave it out")
        if not all(self.keeps):
            raise ValueError("a list in keeps is empty; give alternatives or leave it out")
        if self.keeps and not self.answerable:
            raise ValueError("a case with keeps must be answerable")
        if self.kind == "attributed" and not self.keeps:
            raise ValueError("a case of the kind 'attributed' needs keeps")
        if self.answerable and not self.evidence:
            raise ValueError("an answerable case needs evidence")
        if self.answerable and not (self.answers or self.contains):
            raise ValueError("an answerable case needs answers or contains")
        if not self.answerable and (self.answers or self.contains):
            raise ValueError("a case with answers or contains must be answerable")
        if self.kind not in _EITHER and self.answerable == (self.kind in _TO_ABSTAIN):
            raise ValueError(f"answerable cannot be {self.answerable} for the kind {self.kind!r}")
        if bool(self.history) != bool(self.standalone):
            raise ValueError("a case with history needs standalone, and the other way round")
        if self.kind == "stated" and self.filter is None:
            raise ValueError("a case of the kind 'stated' has filter, perhaps empty")
        limits = self.filter
        if limits and limits.since and limits.until and limits.since > limits.until:
            raise ValueError(f"filter: since {limits.since} is after until {limits.until}")
        return self


def _case(line: str, where: str) -> Case:
    try:
        json.loads(line)  # tells the column of what is no JSON
        record = _Line.model_validate_json(line)  # and this, strictly, a date from its text
    except json.JSONDecodeError as error:
        raise errors.InputError(f"{where}: no JSON at column {error.colno} ({error.msg})") from None
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        told = first["msg"].removeprefix("Value error, ")
        raise errors.InputError(f"{where}: {field + ': ' if field else ''}{told}") from None
    also = record.also or [[] for _ in record.evidence]
    return Case(
        id=record.id,
        kind=record.kind,
        question=record.question,
        answers=tuple(record.answers),
        contains=tuple(map(tuple, record.contains)),
        evidence=tuple(
            Evidence(e.article, e.quote, tuple(Evidence(a.article, a.quote) for a in others))
            for e, others in zip(record.evidence, also, strict=True)
        ),
        answerable=record.answerable,
        history=tuple(types.Turn(turn.question, turn.answer) for turn in record.history),
        standalone=record.standalone,
        keeps=tuple(map(tuple, record.keeps)),
        today=record.today,
        filter=None if record.filter is None else Stated(**dict(record.filter)),
    )
