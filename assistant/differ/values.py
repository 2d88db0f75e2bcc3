"""Whether two short answers to one question say the same: rules for what was asked for.

A third outcome is as good as these two: where rules cannot tell, nothing is said to differ. English
only; knows nothing of passages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.asked import Kind
from assistant.differ import amounts, times
from assistant.words import all_names, content, plain

Asked = Kind | Literal["yes_no"]

_OWNER = re.compile(r"(?:\b[A-Z][\w.-]*\s)*\b[A-Z][\w.-]*['’]s?\s(?=\w)")
_ROLE = re.compile(
    r"(?:\b[A-Z]\w+(?:n|sh|se|ch|i)\s)?\b(?:Vice[- ]|Deputy |Prime |Foreign |Defen[cs]e |Major |"
    r"First |Chief |Former )*(?:President|Minister|King|Queen|Prince|Princess|Pope|Chancellor|"
    r"Mayor|Secretary|Governor|Senator|Judge|Justice|General|Colonel|Captain|Admiral|Sergeant|"
    r"Inspector|Director|Chairman|Chairwoman|Professor|Speaker|Bishop|Father|Sister|Saint|St)\b\.?"
)
_CAPITALS = re.compile(r"\b[A-Z]{2,6}\b")
_CAPITALISED = re.compile(r"\b[A-Z]\w*")
_PLAIN = {"britain": "uk", "british": "uk", "america": "us", "american": "us", "usa": "us"}


@dataclass(frozen=True)
class Said:
    """A short answer, the sentence that it stands in, and when that was published."""

    text: str
    sentence: str = ""
    published: date | None = None


def agree(one: Said, other: Said, asked: Asked) -> bool | None:
    """Whether two answers say the same; None where that cannot be told.

    Numbers agree if their ranges overlap (see `amounts`), times if their parts fit (`times`), names
    if one holds the other. A place agrees with any that its sentence names too: "the port" may be
    in the town. What was named in other ways ("a teacher", "the mayor") cannot be told apart.

    >>> agree(Said("Mohammad Surur"), Said("Surur"), "person")
    True
    >>> agree(Said("the mayor"), Said("Ada Lind"), "person") is None
    True
    """
    if asked == "yes_no":
        return one.text == other.text
    if asked == "number":
        return amounts.agree(one.text, other.text)
    if asked == "date":
        return times.agree(one.text, other.text, one.published, other.published)
    if asked == "reason":
        return None
    if content(one.text) == content(other.text) != []:
        return True
    named = _same_name(one.text, other.text)
    if named is False and asked == "place":
        beside = (_names(a.text) <= _names(b.sentence) for a, b in ((one, other), (other, one)))
        return None if any(beside) else False
    if named is None and asked == "other":
        return amounts.agree(one.text, other.text)
    return named


def _same_name(one: str, other: str) -> bool | None:
    first, second = _names(one), _names(other)
    if not first or not second:
        return None
    if first <= second or second <= first:
        return True
    if _initialled(first, second) or _initialled(second, first):
        return True
    return _abbreviates(one, other) or _abbreviates(other, one)


def _names(text: str) -> set[str]:
    """Stems of the words with capitals, without titles and without whose they are."""
    bare = _OWNER.sub("", plain(text))
    without = _ROLE.sub("", bare)
    found = all_names(without) or all_names(bare)
    return {_PLAIN.get(name, name) for name in found}


def _initialled(few: set[str], many: set[str]) -> bool:
    """Whether "M. Surur" may be "Mohammad Surur"."""
    whole = {name for name in few if len(name) > 1}
    letters = {name for name in few if len(name) == 1}
    rest = many - whole
    return bool(whole) and whole <= many and all(any(n[0] == x for n in rest) for x in letters)


def _abbreviates(short: str, long: str) -> bool:
    """Whether one has the first letters of the other's words: "IAEA"."""
    words = _CAPITALISED.findall(plain(long))
    initials = "".join(word[0] for word in words)
    return len(words) > 1 and initials in _CAPITALS.findall(plain(short))
