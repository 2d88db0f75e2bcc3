"""Questions and passages made wrong by a small change: names, numbers, years, opposites.

A swapped question asks what its passage does not say; a swapped passage tells of something else
than was asked. Both look like the right pair, and neither has the answer.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evals.reader.examples import Example

YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d\b")
NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?![\w])")
NAME = re.compile(r"\b[A-Z][\w’'-]*[a-z][\w’'-]*(?: (?:of |the |de |van |von )?[A-Z][\w’'-]+){0,3}")
MONTHS = (
    "January February March April May June July August September October November December"
).split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_OPPOSITES = (
    "first last|largest smallest|biggest smallest|highest lowest|most least|more fewer|before after"
    "|north south|east west|northern southern|eastern western|increase decrease|increased decreased"
    "|early late|earlier later|old new|oldest newest|oldest youngest|best worst|start end"
    "|began ended|begin end|won lost|win lose|buy sell|bought sold|male female|men women|father "
    "mother|brother sister|son daughter|inside outside|above below|minimum maximum|major minor"
    "|longest shortest|long short|strong weak|open close|opened closed|support oppose|supported "
    "opposed|accept reject|accepted rejected|allowed banned|enter leave|entered left|rise fall"
    "|rose fell|public private|summer winter|day night|second third|one two|two three|three four"
    "|always never|same different|good bad|like dislike|liked hated|love hate|easy hard|cheap "
    "expensive|friend enemy|ally enemy|success failure|gained lost|hired fired|born killed"
)
OPPOSITES: dict[str, list[str]] = {}
for _pair in _OPPOSITES.split("|"):
    _one, _other = _pair.split()
    OPPOSITES.setdefault(_one, []).append(_other)
    OPPOSITES.setdefault(_other, []).append(_one)
_WORD = re.compile(r"[A-Za-z]+")
_AUXILIARY = re.compile(r"\b(did|does|do|was|were|is|are|has|have|had|can|could|would|will)\b")
_QUESTION_WORDS = frozenset(
    """Who What When Where Which Why How In On At The A An Is Was Are Were Did Does Do During After
    Before By For From To Of According Whose Whom Along If As Besides Other Name About
    With""".split()
)


@dataclass(frozen=True)
class Key:
    """Words of a text that may be exchanged, by their place, and what sort they are."""

    start: int
    end: int
    text: str
    sort: str


def keys(text: str) -> list[Key]:
    """Years, numbers, months, days and names; the first word only if it is no question word."""
    found: list[Key] = []
    taken: set[int] = set()
    for sort, form in (("year", YEAR), ("number", NUMBER), ("name", NAME)):
        for match in form.finditer(text):
            start, end, words = match.start(), match.end(), match.group()
            if sort == "name":
                first, _, rest = words.partition(" ")
                if first in _QUESTION_WORDS:
                    if not rest or not rest[0].isupper():
                        continue
                    start, words = start + len(first) + 1, rest
                for possessive in ("'s", "’s"):
                    if words.endswith(possessive):
                        words, end = words[:-2], end - 2
            if taken & set(range(start, end)) or len(words) < 2:
                continue
            taken.update(range(start, end))
            kind = "month" if words in MONTHS else "day" if words in DAYS else sort
            found.append(Key(start, end, words, kind))
    return found


def other(key: Key, near: Sequence[str], far: Sequence[str], rng: random.Random) -> str | None:
    """Something of the same sort: from the text nearby, from afar, or made up."""
    if key.sort == "year":
        made = str(int(key.text) + rng.choice([-1, 1]) * rng.choice([1, 1, 2, 3, 5, 8, 10, 20]))
        return rng.choice([t for t in near if YEAR.fullmatch(t) and t != key.text] + [made])
    if key.sort == "number":
        plain = key.text.replace(",", "")
        value = float(plain) if plain.replace(".", "", 1).isdigit() else 0.0
        made = str(
            max(1, round(value * rng.choice([0.5, 0.8, 1.3, 2, 3]) + rng.choice([-1, 1, 2])))
        )
        return None if made == key.text else made
    if key.sort in ("month", "day"):
        return rng.choice([w for w in (MONTHS if key.sort == "month" else DAYS) if w != key.text])
    words = {word.lower() for word in key.text.split()}
    length = len(key.text.split())
    pool = near if near and rng.random() < 0.5 else far
    for _ in range(8):
        if not pool:
            return None
        name = rng.choice(pool)
        alike = abs(len(name.split()) - length) <= 1
        if alike and not words & {word.lower() for word in name.split()}:
            return name
    return None


def names_by_article(examples: Iterable[Example]) -> dict[str, list[str]]:
    """The names in all passages of an article, by its title, or by the set where it has none."""
    found: dict[str, list[str]] = {}
    for e in {e.context: e for e in examples}.values():
        names = [key.text for key in keys(e.context) if key.sort == "name"]
        found.setdefault(e.title or e.data, []).extend(names)
    return found


def swap_question(example: Example, far: Sequence[str], rng: random.Random) -> Example | None:
    """The question with one thing exchanged, so that the passage answers it no longer."""
    question = example.question
    answer = example.context[example.start : example.end].lower() if example.start >= 0 else ""
    there = [key.text for key in keys(example.context)]
    asked = {key.text.lower() for key in keys(question)}
    near = [t for t in there if t.lower() not in asked and t.lower() not in answer]
    changes: list[str] = []
    for key in keys(question):
        new = other(key, near, far, rng)
        if new is not None and new.lower() not in answer:
            changes += [question[: key.start] + new + question[key.end :]] * 2
    for match in _WORD.finditer(question):
        for opposite in OPPOSITES.get(match.group().lower(), ()):
            changes.append(question[: match.start()] + opposite + question[match.end() :])
    auxiliary = _AUXILIARY.search(question)
    if auxiliary and " not " not in question and rng.random() < 0.15:
        changes.append(_negated(question, auxiliary))
    if not changes:
        return None
    return _wrong(example, question=rng.choice(changes))


def _negated(question: str, auxiliary: re.Match[str]) -> str:
    """`When did the war end?` to `When did the war not end?`, roughly."""
    words = question[auxiliary.end() :].split(" ")
    at = min(3, max(1, len(words) - 1))
    return question[: auxiliary.end()] + " ".join([*words[:at], "not", *words[at:]])


def swap_passage(example: Example, far: Sequence[str], rng: random.Random) -> Example | None:
    """The passage with something that the question names exchanged everywhere."""
    context = example.context
    answer = context[example.start : example.end]
    found = [
        key
        for key in keys(example.question)
        if key.text not in answer and answer not in key.text and key.text in context
    ]
    rng.shuffle(found)
    for key in found:
        new = other(key, [], far, rng)
        if new is not None and new not in context:
            changed = _replaced(context, key.text, new)
            title = example.title.replace(key.text, new)
            if changed != context:
                return replace(_wrong(example, context=changed), title=title)
    return None


def cut_passage(example: Example, sentence: tuple[int, int]) -> Example | None:
    """The passage without the sentence that holds the answer, if it is not said elsewhere."""
    start, end = sentence
    rest = (example.context[:start].rstrip() + " " + example.context[end:].lstrip()).strip()
    if len(rest) < 80 or any(answer.lower() in rest.lower() for answer in example.answers):
        return None
    return _wrong(example, context=rest)


def _wrong(example: Example, **changes: Any) -> Example:
    return replace(example, answers=(), start=-1, end=-1, kind="swapped", **changes)


def _replaced(text: str, old: str, new: str) -> str:
    return re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", lambda _: new, text)
