"""Sentences by hand, with the passages they cite and what a careful reader says of them.

The folder holds one file of passages and one of cases for each part; no article is in both parts.
`passages.jsonl` has a span of a sample article on each line, as long as a retrieved one:

    name      unique
    article   a sample's file name without suffix
    from, to  its first and its last words, each exactly as they stand there

`dev.jsonl` and `test.jsonl` have a case on each line:

    id, article  unique; the sample that the sentence is about
    kind         what was done to what the article says, see `KINDS`
    level        for the kind `true`: how near to the source the sentence is
    sentence     as a language model would write it
    cited        names of the passages that it cites, none if it cites nothing
    others       names of the other passages that were retrieved
    supported    whether all of these passages together carry every part of the sentence
    expected     every status that is right for it
    support      where the citation is not right: the passages that a right one names

A sentence is not carried if it states as a fact what the source ascribes to somebody, doubts or
makes depend on something (`hedge_dropped`), nor if it ascribes it to another; the outlet of a
passage may be named. What can only be calculated from the source is in no case. Nobody looks at
what fails in the test part, so that it tells how well rules do on what they were not made for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import InputError
from assistant.samples import sample_articles
from assistant.state import Source
from assistant.types import Status
from index import Article, Hit, Passage

FOLDER = Path(__file__).parent / "sets" / "citations"
"""The shipped set."""

Kind = Literal[
    "true",
    "wrong_citation",
    "other_passage",
    "number_changed",
    "name_swapped",
    "negated",
    "hedge_dropped",
    "stitched",
    "partly",
    "invented",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""`wrong_citation`: right words, but another passage carries them. `other_passage`: nothing is
cited, or what carries only half. `stitched`: pieces of the source, joined to what it does not say.
`partly`: half is in the source, half is not. `invented`: on the topic, but not in the source."""

Level = Literal["near", "moderate", "strong"]
LEVELS: tuple[Level, ...] = get_args(Level)
Part = Literal["dev", "test"]


@dataclass(frozen=True)
class Sentence:
    """One case; see the module for what its fields mean. `support` has names of passages."""

    id: str
    part: Part
    article: str
    kind: Kind
    level: Level | None
    sentence: str
    cited: tuple[Source, ...]
    others: tuple[Source, ...]
    supported: bool
    expected: tuple[Status, ...]
    support: tuple[str, ...] = ()


def load_sentences(part: Part, folder: Path = FOLDER) -> list[Sentence]:
    """The cases of one part, in order.

    Raises:
        InputError: a file cannot be read, or a line is wrong; names file and line.
    """
    known = load_passages(folder)
    cases: dict[str, Sentence] = {}
    for where, line in _lines(folder / f"{part}.jsonl", _Case):
        named = [*line.cited, *line.others]
        if line.id in cases or len(set(named)) < len(named):
            raise InputError(f"{where}: the id or a passage is used twice; rename one of them")
        if missing := {*named, *line.support} - known.keys():
            raise InputError(f"{where}: there is no passage {missing.pop()!r}; see passages.jsonl")
        sources = tuple(
            Source(number, Hit(known[name][0], 1.0), known[name][1])
            for number, name in enumerate(named, 1)
        )
        count = len(line.cited)
        given = {**dict(line), "part": part, "cited": sources[:count], "others": sources[count:]}
        expected, support = tuple(line.expected), tuple(line.support)
        cases[line.id] = Sentence(**{**given, "expected": expected, "support": support})
    return list(cases.values())


@cache
def load_passages(folder: Path = FOLDER) -> Mapping[str, tuple[Passage, Article]]:
    """The passages by name, each with its article.

    Raises:
        InputError: as `load_sentences`; also if the words do not stand in the article.
    """
    articles = {article.key.removeprefix("sample:"): article for article in _samples()}
    found: dict[str, tuple[Passage, Article]] = {}
    for where, line in _lines(folder / "passages.jsonl", _Span):
        article = articles.get(line.article)
        if article is None or line.name in found:
            raise InputError(f"{where}: no sample {line.article!r}, or the name is used twice")
        text = article.text
        start = text.find(line.first)
        end = text.find(line.last, start) + len(line.last)
        if text.count(line.first) != 1 or line.last not in text[start:]:
            raise InputError(f"{where}: {line.article} has not these words, or has them twice")
        passage = Passage(line.name, article.id, article.version, start, end, text[start:end])
        found[line.name] = (passage, article)
    return found


@cache
def _samples() -> tuple[Article, ...]:
    return tuple(sample_articles())


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Span(_Record):
    name: str = Field(min_length=1)
    article: str
    first: str = Field(alias="from", min_length=1)
    last: str = Field(alias="to", min_length=1)


class _Case(_Record):
    id: str = Field(min_length=1)
    article: str
    kind: Kind
    level: Level | None = None
    sentence: str = Field(min_length=1)
    cited: list[str]
    others: list[str]
    supported: bool
    expected: list[Status] = Field(min_length=1)
    support: list[str] = []


_Line = TypeVar("_Line", bound=_Record)


def _lines(path: Path, form: type[_Line]) -> list[tuple[str, _Line]]:
    """Each line with where it stands."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read the set {str(path)!r} ({error})") from error
    found = []
    for number, line in enumerate(lines, 1):
        where = f"{path.name}, line {number}"
        try:
            found.append((where, form.model_validate_json(line)))
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(map(str, first["loc"]))
            raise InputError(f"{where}: {field}: {first['msg']}") from None
    return found
