"""What kind of thing a phrase names, and whether several: lists and rules for English.

Knows nothing of questions.
"""

from __future__ import annotations

import re
from typing import Literal

from assistant.follow_up.shape import DETERMINERS, PREPOSITIONS

Kind = Literal["person", "place", "group", "date", "number", "thing"]

_PERSONS = frozenset(
    """president minister chancellor mayor governor senator judge king queen pope prince princess
    general colonel captain envoy ambassador secretary speaker leader chief director chairman
    chairwoman professor doctor dr mr mrs ms sir lady lord actor actress singer poet writer author
    painter pianist musician composer player striker goalkeeper coach trainer engineer chemist
    physicist biologist archaeologist scientist researcher economist historian journalist reporter
    lawyer officer driver pilot farmer teacher student founder owner bishop priest man woman boy
    girl brother sister father mother son daughter wife husband candidate architect inventor
    amateur champion nurse guard astronaut commander spokesman spokeswoman boss manager""".split()
)
PERSON_NOUNS = "|".join(sorted(_PERSONS))
_GROUPS = frozenset(
    """company firm maker bank airline party union league council government parliament ministry
    agency court police army team club university school museum gallery newspaper gazette post
    times family committee commission board group organisation labs motors air aerospace inc ltd
    corp start-up brand hospital church theatre orchestra band""".split()
)
PLACES = frozenset(
    """city town village country island lake river valley port bay cape mount mountain capital
    region state province county district street square strait desert forest harbour planet
    continent sea coast""".split()
)
TOWNS = frozenset("city town village capital place".split())
CLASSES: dict[str, tuple[Kind, ...]] = {
    **dict.fromkeys(
        "company firm maker airline bank club team party group agency".split(), ("group",)
    ),
    **dict.fromkeys("city town village country island capital place planet".split(), ("place",)),
    **dict.fromkeys("man woman author writer artist politician".split(), ("person",)),
    **dict.fromkeys(
        "plan proposal idea deal project measure law bill tax agreement offer".split(), ("thing",)
    ),
}
"""Nouns that stand for a name of their kind."""

DATE = re.compile(
    r"\b(?:(?:1[0-9]|20)\d\d|January|February|March|April|May|June|July|August|September|October|"
    r"November|December|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|yesterday|today|tomorrow|"
    r"(?:(?:this|last|next|that|same) )?(?:week|month|year|spring|summer|autumn|winter|night))\b"
)
_NUMBER = re.compile(
    r"\$?(?:some |about |around )?(?:\d|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|"
    r"twelve|\w+teen|\w+ty(?:-\w+)?|a? ?(?:hundred|thousand|million))\b)",
    re.IGNORECASE,
)
COUNTED = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|several|\d+) (?:[a-z]+ )?[a-z]{3,}s\b"
)


def kind_of_phrase(text: str, preposition: str = "") -> Kind:
    """The kind of thing that a phrase names.

    >>> [kind_of_phrase(x) for x in ("Lake Orrin", "June 2020", "Minister Holm", "the tax")]
    ['place', 'date', 'person', 'thing']
    """
    tokens = text.split()
    words = {word.lower().strip(".,").removesuffix("'s") for word in tokens}
    capital = [word for word in tokens if word[:1].isupper()]
    if DATE.search(text) and len([w for w in capital if not DATE.fullmatch(w)]) == 0:
        return "date"
    if words & _PERSONS:
        return "person"
    if words & _GROUPS:
        return "group"
    if words & PLACES:
        return "place"
    if _NUMBER.match(text):
        return "number"
    if len(capital) >= 2 and capital == tokens and preposition not in ("in", "at", "near", "from"):
        return "person"
    if capital and preposition in ("in", "at", "near", "from", "to") and tokens[0] == capital[0]:
        return "place"
    return "thing"


def several(text: str) -> bool:
    """Whether a phrase names several things.

    >>> several("two former guards"), several("a tax on plastic bags")
    (True, False)
    """
    return _plural([word.lower().strip(".,") for word in text.split()])


def _plural(words: list[str]) -> bool:
    if "and" in words:
        return True
    if words[:1] and words[0] in ("a", "an"):
        return False
    cut = next((i for i, word in enumerate(words) if i and word in PREPOSITIONS), len(words))
    words = words[:cut]
    words = [word for word in words if word not in DETERMINERS]
    last = words[-1] if words else ""
    if last in ("people", "police", "children") or last.endswith("men"):
        return True
    return last.endswith("s") and not last.endswith(("ss", "us", "is", "'s", "ws"))


def definite(text: str) -> str:
    """The phrase with "the" for "a", as it is spoken of again.

    >>> definite("a new tax"), definite("Two former guards"), definite("Kest")
    ('the new tax', 'the two former guards', 'Kest')
    """
    first, _, rest = text.partition(" ")
    if first.lower() in ("a", "an", "some"):
        return f"the {rest}"
    counted = _NUMBER.match(first)
    if first.lower() == "the" or (rest and counted and several(text)):
        low = first[0].lower() + first[1:]
        return f"{low} {rest}" if first.lower() == "the" else f"the {low} {rest}"
    return text
