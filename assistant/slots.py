"""Whether a name or number stands in a sentence where the source has it, or where it has another.

Pure functions. "Macron met Biden in Rome" and "Biden met Macron in Rome" hold the same words; so do
a sentence of 21 dead and a source of 28 dead and a truce of 21 days. What tells them apart is what
stands around each name and number: if the words around it stand, in the source, around another one
of its kind, and around itself they do not, then the sentence says something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

from assistant.verbs import first_form
from assistant.words import content, numbers, plain, stem
from index import sentences

REACH = 5
"""Words that count on either side of a name or number."""

MOSTLY = 0.5
"""How well another one must fit for it to tell anything, as a share of a perfect fit."""

AHEAD = 0.9
"""How much better it must fit than the one that the sentence has."""

NEARLY = 0.7
"""Share of a sentence's tokens that stand in the same order in one that is nearly the same."""

FEW = 4
"""Tokens of a stretch that differs, at most."""

_TOKEN = re.compile(r"\d[\d.,:]*\d|\w+(?:['’]\w+)?|[^\w\s]")
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being) (?:\w+ )?\w+(?:ed|en|n|t) by\b")
_JOINS = frozenset(("and", "or", "&", ",", "both", "the", "-", "–"))
_MONTHS = frozenset(
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday".split()
)

Kind = Literal["name", "number", "day"]


@dataclass(frozen=True)
class Mention:
    """A name or number with what stands around it, nearest first.

    `parts` are stems of its words, or the number; `left` and `right` stems, `before` and `after`
    the very words next to it.
    """

    text: str
    kind: Kind
    parts: frozenset[str]
    left: tuple[str, ...]
    right: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    passive: bool = False
    """Whether its sentence tells what is done by somebody: what stands left then stands right."""

    @property
    def words(self) -> list[Mention]:
        """A name's words, each as a name by itself."""
        return [replace(self, text=part, parts=frozenset([part])) for part in sorted(self.parts)]


def misplaced(sentence: str, texts: Sequence[str]) -> Mention | None:
    """The first name or number of the sentence in whose place the texts have another one.

    >>> there = "The Bears beat the Wolves in Leeds. The Wolves had won in Hull."
    >>> misplaced("The Wolves beat the Bears in Leeds.", [there]).text
    'Wolves'
    >>> misplaced("The Wolves were beaten by the Bears in Leeds.", [there])
    """
    there = [mention for text in texts for mention in mentions(text)]
    for whole in mentions(sentence):
        if whole.kind == "name" and not whole.left and _in_small(whole, texts):
            continue  # it has its capital as the first word only
        parts = [whole] if _own(whole, there) else whole.words
        for mention in parts:
            own = _own(mention, there)
            if not own:
                continue
            best = max(_fit(mention, m) for m in own)
            others = [m for m in there if m.kind == mention.kind and m not in own]
            rival = max((_fit(mention, m) for m in others), default=0.0)
            if rival > best + AHEAD and rival >= MOSTLY * _fit(mention, mention):
                return whole
    return None


def _own(mention: Mention, there: Sequence[Mention]) -> list[Mention]:
    return [m for m in there if _same(mention, m)]


def _in_small(mention: Mention, texts: Sequence[str]) -> bool:
    word = re.escape(mention.text[0].lower() + mention.text[1:])
    return any(re.search(rf"\b{word}", text) for text in texts)


def _same(one: Mention, two: Mention) -> bool:
    if one.kind != two.kind:
        return False
    return one.parts <= two.parts or two.parts <= one.parts


def _fit(one: Mention, two: Mention) -> float:
    """How much of what stands around the one stands around the other."""
    sides = _shared(one.left, two.left) + _shared(one.right, two.right)
    turned = _shared(one.left, two.right) + _shared(one.right, two.left)
    if one.passive != two.passive:
        return turned + 0.5 * sides
    very = _run(one.before, two.before) + _run(one.after, two.after)
    return sides + 0.5 * turned + 0.6 * very


def _shared(one: Sequence[str], two: Sequence[str]) -> float:
    return sum(1 / (1 + 0.5 * max(i, two.index(word))) for i, word in enumerate(one) if word in two)


def _run(one: Sequence[str], two: Sequence[str]) -> int:
    """Words in a row that are the same, from the nearest on."""
    count = 0
    for first, second in zip(one, two, strict=False):
        if first != second:
            break
        count += 1
    return count


def exchanged(sentence: str, texts: Sequence[str]) -> str:
    """The first name or number that differs from a sentence which is otherwise nearly the same.

    >>> exchanged("In Hull, a vote was put off.", ["In Leeds, a vote was put off until spring."])
    'Hull'
    """
    said = _tokens(sentence)
    for text in texts:
        for start, end in sentences(text):
            there = _tokens(text[start:end])
            matcher = SequenceMatcher(None, _keys(said), _keys(there), autojunk=False)
            alike = sum(block.size for block in matcher.get_matching_blocks())
            if alike < NEARLY * len(said):
                continue
            for sort, a, b, c, d in matcher.get_opcodes():
                if sort == "replace" and max(b - a, d - c) <= FEW:
                    own = [token for token in _only(said[a:b], there) if token.kind]
                    others = {token.kind for token in _only(there[c:d], said)}
                    if own and own[0].kind in others:
                        return own[0].text
    return ""


def _only(tokens: Sequence[_Token], others: Sequence[_Token]) -> list[_Token]:
    """Those that the others do not have."""
    there = set(_keys(others))
    return [token for token in tokens if token.stem and token.stem not in there]


def _keys(tokens: Sequence[_Token]) -> list[str]:
    return [token.stem or token.text.lower() for token in tokens]


@dataclass(frozen=True)
class _Token:
    text: str
    stem: str
    kind: Kind | None


@lru_cache(maxsize=4096)
def mentions(text: str) -> tuple[Mention, ...]:
    """The names and numbers of a text, in order."""
    return tuple(m for start, end in sentences(text) for m in _in_sentence(text[start:end]))


def _in_sentence(text: str) -> list[Mention]:
    tokens = _tokens(text)
    groups = _groups(tokens)
    found = []
    for number, (start, end) in enumerate(groups):
        first, last = _list_of(groups, number, tokens)
        kind = tokens[start].kind
        assert kind is not None
        own = tokens[start:end]
        value = frozenset(token.stem for token in own)
        if kind == "number":
            value = frozenset(numbers(" ".join(token.text for token in own)) or value)
        found.append(
            Mention(
                text=" ".join(token.text for token in own),
                kind=kind,
                parts=value,
                left=_around(reversed(tokens[: groups[first][0]])),
                right=_around(tokens[groups[last][1] :]),
                before=_words(reversed(tokens[: groups[first][0]])),
                after=_words(tokens[groups[last][1] :]),
                passive=bool(_PASSIVE.search(text)),
            )
        )
    return found


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    for match in _TOKEN.finditer(plain(text)):
        word = match.group()
        said = content(word)
        kind: Kind | None = None
        if numbers(word) or (said and said[0].isdigit()):
            kind = "number"
        elif said and word[0].isupper():
            kind = "day" if word.lower() in _MONTHS else "name"
        found.append(_Token(word, first_form(said[0]) if said else "", kind))
    return found


def _groups(tokens: Sequence[_Token]) -> list[tuple[int, int]]:
    """Runs of tokens of one kind: a name of several words is one."""
    found: list[tuple[int, int]] = []
    for at, token in enumerate(tokens):
        if token.kind is None:
            continue
        same = found and found[-1][1] == at and tokens[at - 1].kind == token.kind
        if same and token.kind == "name":
            found[-1] = (found[-1][0], at + 1)
        else:
            found.append((at, at + 1))
    return found


def _list_of(
    groups: Sequence[tuple[int, int]], number: int, tokens: Sequence[_Token]
) -> tuple[int, int]:
    """The first and last of the names that stand in one list with this one."""

    def joined(one: int, two: int) -> bool:
        between = tokens[groups[one][1] : groups[two][0]]
        alike = tokens[groups[one][0]].kind == tokens[groups[two][0]].kind
        return alike and 0 < len(between) <= 3 and all(t.text.lower() in _JOINS for t in between)

    first = last = number
    while first and joined(first - 1, first):
        first -= 1
    while last + 1 < len(groups) and joined(last, last + 1):
        last += 1
    return first, last


def _around(tokens: Iterable[_Token]) -> tuple[str, ...]:
    found = []
    for token in tokens:
        if token.stem:
            found.append(token.stem)
        if len(found) == REACH:
            break
    return tuple(found)


def _words(tokens: Iterable[_Token]) -> tuple[str, ...]:
    found = []
    for token in tokens:
        found.append(stem(token.text))
        if len(found) == 3:
            break
    return tuple(found)
