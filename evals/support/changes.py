"""True statements made false by a small change, with the words that are false now.

What is changed: a name, a number, a date, a word for its opposite, a yes into a no, who did it to
whom, a doubt or a speaker left out, and any other word.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from evals.reader.swaps import OPPOSITES, keys, other
from index.words import STOP_WORDS

_SPELLED = (
    "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty"
).split()
_WORD = re.compile(r"[a-z]{4,}")
_AUXILIARY = re.compile(
    r"\b(?:is|was|are|were|has|had|have|will|would|can|could|did|does|may|might|should)\b"
)
_NOT = re.compile(r" (?:not|never)\b|(?<=[a-z])n['’]t\b")
_ORDER = re.compile(r"\b(?:and|or|&)\b|,")
_HEDGES = (
    re.compile(
        r",? ?\b(?:allegedly|reportedly|apparently|supposedly|possibly|probably|perhaps|likely|"
        r"purportedly|presumably)\b,?",
        re.IGNORECASE,
    ),
    re.compile(r",? (?:according to|as reported by) [^,.;]{3,60}(?=[,.;])", re.IGNORECASE),
    re.compile(
        r"^(?:According to [^,]{3,60}, |[^,;.]{3,50} (?:said|says|claimed|claims|argued|alleged|"
        r"believed|suggested|stated|reported|announced|warned)(?: that)? )"
    ),
)
_SOFT = (
    (re.compile(r"\b(is|are|was|were) (?:believed|thought|said|reported|alleged) to be\b"), r"\1"),
    (re.compile(r"\b(?:may|might|could) have been\b"), "was"),
    (re.compile(r"\b(?:may|might|could) have\b"), "had"),
    (re.compile(r"\b(?:may|might|could) be\b"), "is"),
    (re.compile(r"\b(?:may|might|could)\b"), "will"),
    (re.compile(r"\b(?:plans|planned|intends|intended|hopes|hoped|wants|wanted) to\b"), "will"),
)


@dataclass(frozen=True)
class Change:
    """A statement that is false now: `text[start:end]` is what was put in, if anything was."""

    sort: str
    text: str
    start: int
    end: int


def changes(
    text: str, context: str, far: Sequence[str], rng: random.Random, answer: str = ""
) -> list[Change]:
    """One change of each sort that the statement allows.

    Args:
        text: what the context says.
        context: where other names and numbers are taken from.
        far: names of other texts.
        rng: draws.
        answer: words that must not be put in, as they would be true.
    """
    found = [
        *_exchanged(text, context, far, rng),
        *_spelled(text, context, rng),
        *_opposite(text, rng),
        *_denied(text, rng),
        *_turned(text, rng),
        *_firm(text),
        *_other_word(text, context, rng),
    ]
    return [one for one in found if one.text != text and not (answer and answer in one.text)]


def is_hedged(text: str) -> bool:
    """Whether the text has a doubt or a speaker that could be left out."""
    return any(form.search(text) for form in _HEDGES) or any(f.search(text) for f, _ in _SOFT)


def _put(sort: str, text: str, start: int, end: int, new: str) -> Change:
    return Change(sort, text[:start] + new + text[end:], start, start + len(new))


def _exchanged(text: str, context: str, far: Sequence[str], rng: random.Random) -> Iterator[Change]:
    lowered = text.lower()
    near = [key for key in keys(context) if key.text.lower() not in lowered]
    found = keys(text)
    for sort in ("name", "number", "year", "month", "day"):
        own = [key for key in found if key.sort == sort]
        if own:
            key = rng.choice(own)
            same = [k.text for k in near if k.sort == sort and _differs(k.text, key.text)]
            new = other(key, same, far, rng)
            if same and rng.random() < 0.5:
                new = rng.choice(same)
            # What differs by its ending only may be another name of the same.
            if new and _differs(new, key.text):
                yield _put(sort, text, key.start, key.end, new)


def _differs(one: str, two: str) -> bool:
    words = [{word.lower()[:5] for word in re.findall(r"\w+", name)} for name in (one, two)]
    return not words[0] & words[1]


def _spelled(text: str, context: str, rng: random.Random) -> Iterator[Change]:
    matches = [m for m in re.finditer(r"\b[a-z]+\b", text.lower()) if m.group() in _SPELLED]
    if matches:
        match = rng.choice(matches)
        new = rng.choice([word for word in _SPELLED if word != match.group()])
        yield _put("number", text, match.start(), match.end(), new)


def _opposite(text: str, rng: random.Random) -> Iterator[Change]:
    matches = [m for m in re.finditer(r"\b[a-z]+\b", text) if m.group() in OPPOSITES]
    if matches:
        match = rng.choice(matches)
        new = rng.choice(OPPOSITES[match.group()])
        yield _put("opposite", text, match.start(), match.end(), new)


def _denied(text: str, rng: random.Random) -> Iterator[Change]:
    if match := _NOT.search(text):
        yield _put("denied", text, match.start(), match.end(), "")
    elif match := _AUXILIARY.search(text):
        new = rng.choice([" not", " never"])
        yield _put("denied", text, match.end(), match.end(), new)


def _turned(text: str, rng: random.Random) -> Iterator[Change]:
    """Two names in each other's place, unless both are in one list."""
    names = [key for key in keys(text) if key.sort == "name"]
    for one, two in pairwise(names):
        between = text[one.end : two.start]
        if len(between.split()) > 1 and not _ORDER.search(between):
            turned = text[: one.start] + two.text + between + one.text + text[two.end :]
            yield Change("turned", turned, one.start, one.start + len(two.text))
            return


def _firm(text: str) -> Iterator[Change]:
    """The statement without its doubt, or without who says so."""
    for form in _HEDGES:
        bare = form.sub("", text, count=1).strip()
        if bare != text and len(bare.split()) > 4:
            yield Change("firm", bare[0].upper() + bare[1:], 0, 0)
            return
    for form, new in _SOFT:
        if form.search(text):
            yield Change("firm", form.sub(new, text, count=1), 0, 0)
            return


def _other_word(text: str, context: str, rng: random.Random) -> Iterator[Change]:
    """A word exchanged for one of the same ending from elsewhere in the context."""
    said = [m for m in _WORD.finditer(text) if m.group() not in STOP_WORDS]
    rng.shuffle(said)
    there = {m.group() for m in _WORD.finditer(context)} - STOP_WORDS
    here = {m.group()[:5] for m in _WORD.finditer(text)}
    for match in said:
        ending = match.group()[-2:]
        alike = sorted(w for w in there if w[-2:] == ending and w[:5] not in here)
        if alike:
            yield _put("word", text, match.start(), match.end(), rng.choice(alike))
            return
