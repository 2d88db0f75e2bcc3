"""Which of two things is more of something, recognised in a question: rules for English.

"Which was dearer, A or B?", "is A older than B?", "whose estimate is lower, A's or B's?": what is
asked of either, and whether the greater or the smaller value wins. Knows nothing of articles.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from assistant.several.compare import Asked
from assistant.several.phrases import PREPOSITION


@dataclass(frozen=True)
class _Scale:
    """Comparatives for more and for less, and how the value of a thing is asked for."""

    more: str
    less: str
    asks: str


_SCALES = (
    _Scale(
        "dearer|costlier|more expensive|more costly", "cheaper|less expensive", "What did {} cost?"
    ),
    _Scale("older", "younger|newer", "How old is {}?"),
    _Scale("higher|taller", "lower", "How high was {}?"),
    _Scale("longer", "shorter|briefer", "How long was {}?"),
    _Scale("heavier", "lighter", "How heavy is {}?"),
    _Scale("bigger|larger|greater", "smaller", "How big was {}?"),
    _Scale("deeper", "shallower", "How deep was {}?"),
    _Scale("wider|broader", "narrower", "How wide was {}?"),
    _Scale("faster|quicker", "slower", "How fast was {}?"),
    _Scale("hotter|warmer", "colder|cooler", "How hot was {}?"),
    _Scale("deadlier|bloodier", "less deadly", "How many people died in {}?"),
    _Scale("stronger", "weaker", "How strong was {}?"),
    _Scale("farther|further", "nearer|closer", "How far was {}?"),
    _Scale("better|more generous", "worse|less generous", "What was {}?"),
    _Scale("more", "fewer|less", "How many {}?"),
)

_MORE = "|".join(f"{scale.more}|{scale.less}" for scale in _SCALES)
_OR = r"(?P<one>[^,?]+?) or (?P<two>[^,?]+)"
_BE = r"(?:is|was|are|were)"
_WHICH = r"(?:which|what|who|which side|which of (?:them|the two|these))"

_IS_MORE = re.compile(rf"{_WHICH} {_BE} (?:the )?(?P<more>{_MORE})(?: one)?[,:] {_OR}$", re.I)
_IS_EITHER = re.compile(rf"{_BE} {_OR} (?:the )?(?P<more>{_MORE})(?: one)?$", re.I)
_THAN = re.compile(rf"{_BE} (?P<one>.+?) (?P<more>{_MORE}) than (?P<two>.+)$", re.I)
_GOT = re.compile(
    rf"{_WHICH} (?P<verb>[\w'-]+) (?:the |an? )?(?P<more>{_MORE}) (?P<noun>[\w' -]+?)[,:] {_OR}$",
    re.I,
)
_PUTS = re.compile(
    rf"{_WHICH} (?:puts?|estimates?|estimated|rates?|sets?) (?P<noun>.+?) (?:as )?(?P<more>{_MORE})"
    rf"[,:] {_OR}$",
    re.I,
)
_WHOSE = re.compile(
    rf"whose (?P<noun>[\w-]+(?: (?!{PREPOSITION} )[\w-]+){{0,2}})(?P<rest> {PREPOSITION} .+?)? "
    rf"{_BE} (?:the )?(?P<more>{_MORE})[,:] {_OR}$",
    re.I,
)
_TOLD_BY = re.compile(
    rf"{_BE} (?P<noun>.+?) (?P<more>{_MORE}) (?:in|according to|by) (?P<one>.+?) or "
    r"(?:(?:in|according to|by) )?(?P<two>.+)$",
    re.I,
)
_OWN = re.compile(r"(?P<owner>.+?['’]s?)(?P<noun> [\w-]+)?(?P<rest> .+)?$")
_ACCOUNT = re.compile(r"['’]s?(?: (?:account|report|article|version|story|piece|figures?))?$")


def degree_of(question: str) -> Asked | None:
    """What is compared of which two things; None if the question does not.

    >>> degree_of("Which was dearer, the bridge or the tunnel?").questions
    ('What did the bridge cost?', 'What did the tunnel cost?')
    """
    text = " ".join(question.split()).rstrip(" ?.!")
    for form, asks in _FORMS:
        if found := form.match(text):
            scale = next(
                s for s in _SCALES if re.fullmatch(f"{s.more}|{s.less}", found["more"], re.I)
            )
            more = re.fullmatch(scale.more, found["more"], re.I) is not None
            sides = _sides(found["one"], found["two"])
            questions = tuple(asks(found, scale, side) for side in sides)
            return Asked("most" if more else "least", "", sides, questions, form is _THAN)
    return None


def _sides(one: str, two: str) -> tuple[str, str]:
    """Both things, the second with the noun that it leaves out: "Ada's lead", "Ivo's in May"."""
    first, second = _OWN.match(one), _OWN.match(two)
    if first and first["noun"] and second:
        noun = second["noun"] or ""
        if not noun or re.match(rf" {PREPOSITION}$", noun, re.I):
            two = f"{second['owner']}{first['noun']}{noun}{second['rest'] or ''}"
    return one.strip(), two.strip()


def _value(found: re.Match[str], scale: _Scale, side: str) -> str:
    return scale.asks.format(side)


def _got(found: re.Match[str], scale: _Scale, side: str) -> str:
    amount = "How many" if scale.asks.startswith("How many {") else "What"
    return f"{amount} {found['noun']} did {side} {found['verb']}?"


def _told(found: re.Match[str], scale: _Scale, side: str) -> str:
    return f"What is {found['noun']}, according to {side}?"


def _owned(found: re.Match[str], scale: _Scale, side: str) -> str:
    owner = side if re.search(r"['’]s?$", side) else f"{side}'s"
    return f"What is {owner} {found['noun']}{found['rest'] or ''}?"


def _by(found: re.Match[str], scale: _Scale, side: str) -> str:
    asked = scale.asks.format(found["noun"])
    return f"According to {_ACCOUNT.sub('', side)}, {asked[:1].lower()}{asked[1:]}"


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], _Scale, str], str]], ...] = (
    (_IS_MORE, _value),
    (_IS_EITHER, _value),
    (_TOLD_BY, _by),
    (_THAN, _value),
    (_PUTS, _told),
    (_WHOSE, _owned),
    (_GOT, _got),
)
