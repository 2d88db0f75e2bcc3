"""The draw: as many changes as asked for, each kind as often as another where there are enough."""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Literal

from assistant.errors import InputError
from evals.altered.names import Names
from evals.altered.numbers import Made, in_other_form, other_numbers
from evals.altered.paragraphs import FILES, Paragraph

What = Literal["number", "name"]

_WHO = re.compile(r"\s*who(?:m|se)?\b", re.IGNORECASE)
_LEADING = re.compile(
    r"(?P<lead>(?:In|On|At|During|By|From|Since|Throughout) [^,;:()]{2,50}), "
    r"(?P<rest>(?:the|a|an|it|he|she|they|this|these|[A-Z][\w-]+) .+)\.$"
)
_BRACKETS = re.compile(r" \([^()]*\)")


@dataclass(frozen=True)
class Altered:
    """A sentence that was made from one of a paragraph, and how."""

    paragraph: Paragraph
    original: str
    sentence: str
    kind: str


def altered(paragraphs: Sequence[Paragraph], data: Path, what: What, count: int) -> list[Altered]:
    """So many sentences with another number or name, none of which its paragraph carries; seeded.

    Args:
        paragraphs: to change sentences of.
        data: the folder that they are from; questions of all its parts show which names are given.
        what: which of the two is changed.
        count: fewer if there are not so many.

    Raises:
        InputError: a file cannot be read.
    """
    rng = random.Random(0)  # noqa: S311 - no secret
    change = other_numbers if what == "number" else Names(paragraphs, _answers(data)).others
    kinds: dict[str, list[Altered]] = defaultdict(list)
    for paragraph in paragraphs:
        for sentence in paragraph.usable:
            for kind, made in change(sentence, paragraph, rng):
                kinds[kind].append(Altered(paragraph, sentence, made, kind))
    for found in kinds.values():
        rng.shuffle(found)
    turns = zip_longest(*(kinds[kind] for kind in sorted(kinds)))
    return [one for turn in turns for one in turn if one][:count]


def unchanged(drawn: Iterable[Altered]) -> list[Altered]:
    """The same sentences as they stand in their paragraphs, and lightly reworded, once each."""
    found: dict[str, Altered] = {}
    for one in drawn:
        for kind, sentence in _kept(one.original):
            found.setdefault(sentence, Altered(one.paragraph, one.original, sentence, kind))
    return list(found.values())


def _kept(sentence: str) -> Iterator[Made]:
    yield "as it stands", sentence
    if match := _LEADING.match(sentence):
        lead, rest = match["lead"], match["rest"]
        yield "without its first words", f"{rest[0].upper()}{rest[1:]}."
        if not re.search(r"[,;:()]", rest):
            end = f"{lead[0].lower()}{lead[1:]}."
            yield "first words put last", f"{rest[0].upper()}{rest[1:]} {end}"
    if _BRACKETS.search(sentence):
        yield "without what is in brackets", _BRACKETS.sub("", sentence)
    if (other := in_other_form(sentence)) != sentence:
        yield "numbers in another form", other


def _answers(data: Path) -> Iterator[str]:
    """What answers a question that asks who."""
    for name in FILES:
        path = data / "reading" / name
        try:
            documents = json.loads(path.read_text("utf-8"))["data"]
        except (OSError, ValueError) as error:
            raise InputError(f"cannot read {str(path)!r} ({error})") from error
        for document in documents:
            for paragraph in document["paragraphs"]:
                for asked in paragraph["qas"]:
                    if _WHO.match(asked["question"]) and not asked.get("is_impossible"):
                        yield from sorted({answer["text"] for answer in asked["answers"]})
