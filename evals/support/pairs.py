"""Statements with words of a source, and whether these carry them: what the model learns from.

Statements are questions with their answers, sentences of the texts, cut and joined; the false ones
are the same with a small change, with a wrong answer, of an unanswerable question (Rajpurkar et al.
2018), or beside words of the same text that tell something else.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from evals.reader.examples import Example
from evals.reader.swaps import names_by_article
from evals.splits import Part
from evals.support.changes import changes, is_hedged
from evals.support.retold import joined, retold
from evals.support.statements import statement
from index import sentences

SETS = ("squad1", "squad2", "new_wiki", "qamr", "amazon", "reddit")

SHARE = {"amazon": 0.12, "reddit": 0.12, "qamr": 0.6}
"""Of the questions of a set that are used; all of the others."""

_LEAD = re.compile(r"^((?:In|On|At|By|After|During|Since|Under|With|From) [^,]{3,50}), (.+)\.$")
_INSERTED = re.compile(r"(?:, (?:which|who|whose|where)\b[^,.;]{5,80},| \([^()]{2,60}\))")
_TAIL = re.compile(
    r"(?:,| –| —) (?:which|who|where|with|including|such as|while|although)\b[^;]+\.$"
)


@dataclass(frozen=True)
class Pair:
    """A statement, words of a source, whether they carry it, and how it was made.

    `false` are the characters of the statement that are wrong, -1 where that is not known.
    """

    claim: str
    premise: str
    carried: bool
    sort: str
    false: tuple[int, int] = (-1, -1)
    title: str = ""


def pairs(examples: Sequence[Example], part: Part, seed: int) -> list[Pair]:
    """All pairs of a part, shuffled."""
    rng = random.Random(seed)  # noqa: S311 - a seeded draw
    own = [e for e in examples if e.data in SETS and e.part == part]
    far = names_by_article(own)
    by_context: defaultdict[str, list[Example]] = defaultdict(list)
    for example in own:
        if rng.random() < SHARE.get(example.data, 1.0):
            by_context[example.context].append(example)
    found: list[Pair] = []
    for context, asked in by_context.items():
        strange = far[asked[0].title or asked[0].data]
        for pair in _of(context, asked, strange, rng):
            found.append(replace(pair, title=asked[0].title * (rng.random() < 0.4)))
    rng.shuffle(found)
    return found


def _of(
    context: str, asked: Sequence[Example], far: Sequence[str], rng: random.Random
) -> Iterator[Pair]:
    spans = sentences(context)
    texts = [context[start:end] for start, end in spans]
    answered = [e for e in asked if e.start >= 0]
    for example in asked:
        if example.start < 0:
            yield from _unanswerable(example, answered, texts, rng)
            continue
        at = next((i for i, (s, e) in enumerate(spans) if s <= example.start < e), 0)
        answer = context[example.start : example.end]
        made = statement(example.question, answer)
        if made is None:
            continue
        premise = _around(texts, at, rng)
        yield Pair(made, premise, True, "answer")
        yield from _changed(made, premise, context, far, rng, 1)
        wrong = [e.answers[0] for e in answered if _is_other(e, example)]
        if wrong and rng.random() < 0.6:
            put = rng.choice(wrong)
            if told := statement(example.question, put):
                begin = told.lower().find(put.lower())
                yield Pair(told, premise, False, "wrong answer", (begin, begin + len(put)))
        rest = [text for i, text in enumerate(texts) if i != at]
        if rng.random() < 0.12 and rest and answer.lower() not in " ".join(rest).lower():
            yield Pair(made, _around(rest, rng.randrange(len(rest)), rng), False, "elsewhere")
    for at in range(len(texts)):
        hedged = is_hedged(texts[at])
        if not 6 <= len(texts[at].split()) <= 45 or rng.random() > (0.9 if hedged else 0.25):
            continue
        made = _told(texts, at, rng)
        premise = _around(texts, at, rng, least=1 if made[:-1] in texts[at] else 2)
        yield Pair(made, premise, True, "sentence")
        yield from _changed(made, premise, context, far, rng, 2 if hedged else 1)
    yield from _joined(context, texts, answered, far, rng)
    if asked[0].data not in ("amazon", "reddit"):
        yield from _retold(texts, far, rng)


def _unanswerable(
    example: Example, answered: Sequence[Example], texts: Sequence[str], rng: random.Random
) -> Iterator[Pair]:
    """A statement that a question to which the text has no answer would have one."""
    plausible = list(example.plausible) or [e.answers[0] for e in answered]
    made = statement(example.question, rng.choice(plausible)) if plausible else None
    if made:
        yield Pair(made, " ".join(texts), False, "unanswerable")


def _joined(
    context: str,
    texts: Sequence[str],
    answered: Sequence[Example],
    far: Sequence[str],
    rng: random.Random,
) -> Iterator[Pair]:
    """Two statements in one sentence, both true or one of them false."""
    made = [m for e in answered if (m := statement(e.question, e.answers[0]))]
    for _ in range(min(2, len(made) // 2)):
        one, two = rng.sample(made, 2)
        join = rng.choice([", and", ", while", ";"])
        premise = " ".join(texts)
        yield Pair(_and(one, join, two), premise, True, "joined")
        if wrong := changes(two, context, far, rng):
            yield Pair(_and(one, join, rng.choice(wrong).text), premise, False, "half")


def _retold(texts: Sequence[str], far: Sequence[str], rng: random.Random) -> Iterator[Pair]:
    """Sentences in other words, beside the text in which they stand."""
    for at in range(len(texts)):
        if rng.random() > 0.5:
            continue
        for one in retold(texts[at], rng):
            stand = [one.words if i == at else text for i, text in enumerate(texts)]
            premise = _around(stand, at, rng)
            yield Pair(one.claim, premise, one.carried, one.sort)
            if one.carried and rng.random() < 0.5:
                yield from _changed(one.claim, premise, premise, far, rng, 1)
    for one in joined(texts, rng):
        yield Pair(one.claim, one.words, one.carried, one.sort)


def _and(one: str, join: str, two: str) -> str:
    first = two.split()[0]
    keeps = not first.istitle() or first not in ("The", "A", "An", "In", "It", "He", "She", "They")
    return f"{one[:-1]}{join} {two if keeps else two[0].lower() + two[1:]}"


def _is_other(one: Example, example: Example) -> bool:
    """Whether the answer of another question is surely another answer."""
    words = {w.lower()[:5] for a in example.answers for w in re.findall(r"\w+", a)}
    return not words & {w.lower()[:5] for w in re.findall(r"\w+", one.answers[0])}


def _changed(
    made: str, premise: str, context: str, far: Sequence[str], rng: random.Random, most: int
) -> Iterator[Pair]:
    possible = changes(made, context, far, rng)
    rng.shuffle(possible)
    possible.sort(key=lambda one: one.sort != "firm")  # rare in these texts
    for one in possible[:most]:
        if one.text.lower().strip(".") in premise.lower():
            continue
        yield Pair(one.text, premise, False, one.sort, (one.start, one.end))


def _told(texts: Sequence[str], at: int, rng: random.Random) -> str:
    """A sentence as it might be told: cut, turned round, or joined with the next one."""
    text = " ".join(texts[at].split())
    drawn = rng.random()
    if drawn < 0.25 and (match := _LEAD.match(text)):
        lead = match[1][0].lower() + match[1][1:]
        return f"{match[2][0].upper()}{match[2][1:]} {lead}."
    if drawn < 0.5:
        return _INSERTED.sub("", text, count=1)
    if drawn < 0.7:
        return _TAIL.sub(".", text)
    if drawn < 0.8 and at + 1 < len(texts) and len(texts[at + 1].split()) < 25:
        following = " ".join(texts[at + 1].split())
        return f"{text[:-1]}, and {following[0].lower()}{following[1:]}"
    return text


def _around(texts: Sequence[str], at: int, rng: random.Random, least: int = 1) -> str:
    """The sentence with some of its neighbours."""
    before, after = rng.choice([0, 0, 1, 1, 2, 3]), rng.choice([0, 0, 1, 1, 2])
    return " ".join(texts[max(0, at - before) : at + max(after, least - 1) + 1])
