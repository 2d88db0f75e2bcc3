"""What kind of thing a question asks for: rules for English. Knows nothing of articles."""

from __future__ import annotations

import re
from typing import Literal

from assistant.words import content, names, numbers

Kind = Literal["person", "place", "date", "number", "reason", "other"]

_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "number",
        re.compile(
            r"\bhow (?:many|much|long|old|far|large|big|high|often|deep|tall)\b|\bwhat (?:number|"
            r"percentage|share|age|size|sum|amount|price|figure)\b|\bpercentage of\b",
            re.I,
        ),
    ),
    (
        "date",
        re.compile(
            r"\bwhen\b|\b(?:what|which) (?:year|day|date|month|time|hour|decade|century)\b", re.I
        ),
    ),
    (
        "place",
        re.compile(
            r"\bwhere\b|\b(?:what|which) (?:city|country|place|town|village|region|state|area|port|"
            r"street|district|county|valley)\b",
            re.I,
        ),
    ),
    (
        "person",
        re.compile(r"\bwhom?\b|\bwhose\b|\b(?:what|which) (?:person|man|woman|minister)\b", re.I),
    ),
    ("reason", re.compile(r"\bwhy\b|\bwhat (?:caused|reason|led)\b|\bhow come\b", re.I)),
)
_COUNTED = re.compile(
    r"\bhow many (?:[\w'-]+ ){0,2}?(?P<noun>[\w'-]+s|people|men|women|children)\b", re.I
)
_WORDS = re.compile(r"[\w.,'-]*\w")
_BESIDE = 4
"""Words before a counted noun among which its number stands."""
_DATE = re.compile(
    r"\b(?:(?:1[0-9]|20)\d\d|January|February|March|April|May|June|July|August|September|October|"
    r"November|December|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|yesterday|today|tomorrow|"
    r"morning|evening|afternoon|midnight|noon|night|week|month|year|decade|century|[ap]\.m\.)\b",
    re.I,
)
_AMOUNT = re.compile(
    r"\b(?:tens|dozens?|hundreds|thousands|millions|billions|half|third|quarter|once|twice|single|"
    r"double|triple|couple|pair|both|none|no one|nobody|one|first|second|fourth|fifth)\b",
    re.I,
)
_PLACE = re.compile(
    r"\b(?:in|at|near|from|to|on|outside|inside|across|along|towards?|of|around)\s+"
    r"(?:the\s+)?(?:\w+ern\s+)?[A-Z]\w+"
)
_REASON = re.compile(
    r"\b(?:because|due to|since|so that|in order to|after|as a result|owing to|caused|led to|"
    r"reason|therefore|aimed|for (?:\w+ing|fear)|to \w+|citing|in response|in retaliation)\b",
    re.I,
)


def kind_of(question: str) -> Kind:
    """The kind of thing that is asked for.

    >>> kind_of("How many rockets were fired?"), kind_of("Who proposed the truce?")
    ('number', 'person')
    """
    found = [(match.start(), kind) for kind, form in _KINDS if (match := form.search(question))]
    return min(found)[1] if found else "other"


def has_kind(sentence: str, question: str, kind: Kind) -> bool:
    """Whether the sentence has such a thing that the question does not name already.

    >>> has_kind("Hezbollah fired 55 rockets.", "How many rockets were fired?", "number")
    True
    """
    if kind == "number":
        fresh = numbers(sentence) - numbers(question)
        return bool(fresh) or bool(_AMOUNT.search(sentence))
    if kind == "date":
        told = {match.group().lower() for match in _DATE.finditer(sentence)}
        return bool(told - {match.group().lower() for match in _DATE.finditer(question)})
    if kind == "reason":
        return bool(_REASON.search(sentence))
    if kind in ("person", "place"):
        fresh = names(sentence) - set(content(question))
        return bool(fresh) and (kind == "person" or bool(_PLACE.search(sentence)))
    return True


def counts_another(text: str, question: str) -> bool:
    """Whether a text names what is to be counted, but has its number beside something else.

    >>> asked = "How many Israeli soldiers died?"
    >>> counts_another("Hundreds of fighters died, as well as soldiers.", asked)
    True
    >>> counts_another("Hundreds of soldiers died.", asked)
    False
    """
    found = _COUNTED.search(question)
    if found is None:
        return False
    words = _WORDS.findall(text)
    places = [at for at, word in enumerate(words) if content(word) == content(found["noun"])]
    return bool(places) and not any(
        numbers(word) or _AMOUNT.fullmatch(word)
        for at in places
        for word in words[max(0, at - _BESIDE) : at + 2]
    )
