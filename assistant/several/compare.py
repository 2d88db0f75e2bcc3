"""Comparisons and counts over articles, recognised in a question: rules for English.

Which of the articles gives more, which of two things is more, what came first, how many articles
mention something, what they say of it. Knows nothing of how the answer is found.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "most", "least", "first", "last", "before", "after", "count", "which", "about", "each"
]

_ONE = r"(?:articles?|reports?|pieces?|stor(?:y|ies)|(?:news)?papers?|outlets?|sources?|accounts?)"
_GIVES = (
    r"(?:gives?|gave|reports?|reported|mentions?|mentioned|counts?|counted|cites?|cited|claims?|"
    r"claimed|puts?|has|have|had|states?|stated|says?|said|names?|names|quotes?|quoted|tells? of)"
)
_MORE = r"(?:more|most|(?:high|larg|great|bigg)(?:er|est))"
_LESS = r"(?:fewer|fewest|less|least|(?:low|small)(?:er|est))"
_OF = r"(?:numbers?|figures?|counts?|totals?|estimates?|amounts?) (?:of|for) "
_HOW_MUCH = (
    rf"(?:the |an? )?(?:(?P<more>{_MORE})|(?P<less>{_LESS})) (?:{_OF})?(?:the )?(?P<what>[^,?]+?)"
)
_NAMED = r"(?:the |an? )?(?:[\w'.-]+ ){0,4}?[\w'.-]+"
_SIDES = rf"(?P<one>{_NAMED}) or (?P<two>{_NAMED})"
_MENTIONS = (
    r"(?:mentions?|discuss(?:es)?|covers?|cites?|quotes?|describes?|names?|concerns?|"
    r"reports? (?:on|about)|talks? (?:of|about)|writes? (?:of|about)|tells? (?:of|about)|"
    r"refers? to|deals? with|speaks? (?:of|about)|is about|are about|are on)"
)
_SCOPE = r"(?:of )?(?:(?:all|my|the|these|our|those) )*"
_TOLD = r"(?:(?:there )?(?:that |which )?(?:there )?)"
_ABOUT = (
    rf"(?:(?:are there |do i have |are )?{_TOLD}{_MENTIONS}|(?:are there |do i have )?(?:on|about))"
)

_MOST = re.compile(
    rf"(?:which|what)(?: one)?(?: of)?(?: the)?(?: two| three)? {_ONE}"
    rf"(?: (?:about|on|of|covering) (?P<topic>[^,?]+?))? {_GIVES} {_HOW_MUCH}(?:, {_SIDES})?$",
    re.I,
)
_WHO = re.compile(rf"(?:who|which(?: side)?) {_GIVES} {_HOW_MUCH}, {_SIDES}$", re.I)
_EITHER = re.compile(rf"(?:do|does|did) {_SIDES} {_GIVES} {_HOW_MUCH}$", re.I)
_HIGHEST = re.compile(
    r"(?:what|which) (?:is|was) the (?:(?P<more>highest|largest|biggest|greatest)|(?P<less>lowest|"
    r"smallest)) (?:of the )?(?:figures?|estimates?|counts?|numbers?|tolls?) (?:given |reported )?"
    r"(?:for|of) (?P<what>.+?)(?:,? and (?:whose(?: is it)?|who (?:gives?|gave|said) (?:it|so)))?$",
    re.I,
)
_ORDER = re.compile(
    r"(?:which|what)(?: event)? (?:(?:came|happened|was|took place|occurred|began|started) )"
    r"(?:(?P<first>first|earlier)|(?P<last>last|later|second)), (?P<one>.+?) or (?P<two>.+)$",
    re.I,
)
_BEFORE = re.compile(
    r"(?:was|were|did) (?P<one>(?:the |an? |[A-Z])[^,]*?)(?: (?:happen|come|take place|occur))? "
    r"(?P<order>before|after) (?P<two>(?:the |an? |(?-i:[A-Z]))[^,]*)$",
    re.I,
)
_COUNT = re.compile(rf"how many {_SCOPE}{_ONE} {_ABOUT} (?P<what>.+)$", re.I)
_ABOUT_IT = re.compile(
    rf"what (?:do|did) {_SCOPE}(?P<noun>{_ONE}) (?:say|write|report|tell(?: me| us)?) "
    r"(?:about|of|on) (?P<what>[^,?]+)$",
    re.I,
)
_FRONTED = re.compile(
    rf"(?P<what>[^,:?]+?)(?: [-–—]|,|:) how many {_SCOPE}{_ONE} (?:have|has|mention|name|quote|"
    r"contain|feature|cover) (?:her|him|it|them|this|that)(?: in (?:them|it))?$",
    re.I,
)
_BOTH = rf"(?:the|these|those|both|my|our)(?: the)?(?: two| three| four)? {_ONE}"
_COMPARE = re.compile(
    rf"(?P<asks>[^?]+)\? (?:(?:please )?compare|how do) {_BOTH}(?:['’]s?)?(?: [\w' ]+)?$", re.I
)
_DIFFER = re.compile(
    rf"(?:do|did|does|how do|how did|where do|in what do) {_BOTH}(?: (?:about|on|of) [^,?]+?)? "
    r"(?:(?:dis)?agree|differ|compare|contradict (?:each other|one another)) "
    r"(?:on|about|over|in|as to|regarding) (?P<what>.+)$",
    re.I,
)
_COUNT_IN = re.compile(
    rf"in how many {_SCOPE}{_ONE} (?:is|are|was|were) (?P<what>.+?) "
    r"(?:mentioned|discussed|named|quoted|covered|described|cited)$",
    re.I,
)
_WHICH = re.compile(
    rf"(?:(?:which|what) |(?:list|name|show|give)(?: me)? )"
    rf"{_SCOPE}(?P<noun>{_ONE}) {_ABOUT} (?P<what>.+)$",
    re.I,
)
_PLURAL = re.compile(r"(?:s|stories)$", re.I)
_EVENT_PASSIVE = re.compile(r"\b(?:told|warned|asked|informed|seen|closed|lit)$", re.I)


@dataclass(frozen=True)
class Asked:
    """What is compared or counted.

    `what` is counted in each article, or mentioned by them; `sides` are the two that are compared,
    none where all articles are, and `questions` what is asked of either, where that is not told by
    the kind. `most` and `least` ask who gives more of it, or whether the first does if `yes_no`;
    `first` to `after` for the order of the sides; `count` and `which` for the articles that mention
    it, `about` for what they say of it, `each` for what every article answers.
    """

    kind: Kind
    what: str = ""
    sides: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    yes_no: bool = False


def asked_of(question: str) -> Asked | None:
    """What a question compares or counts over articles; None if it does neither.

    >>> found = asked_of("Which of the two papers reports more dead?")
    >>> found.kind, found.what
    ('most', 'dead')
    >>> found = asked_of("How many articles mention Ada Lind?")
    >>> found.kind, found.what
    ('count', 'Ada Lind')
    >>> asked_of("How many people died?")
    """
    text = " ".join(question.split()).rstrip(" ?.!")
    text = re.sub(r"^(?:please|can you|could you|tell me|and|so),? ", "", text, flags=re.I)
    for form, made in _FORMS:
        found = form.match(text)
        if found and (asked := made(found)):
            return asked
    return None


def _more(found: re.Match[str]) -> Asked | None:
    sides = (found["one"], found["two"]) if found["one"] else ()
    what = re.sub(r"^(?:number|figure|count|total) (?:of|for) ", "", found["what"])
    if topic := found.groupdict().get("topic"):
        what = f"{what} in {topic}"
    return Asked("most" if found["more"] else "least", what, sides)


def _ordered(found: re.Match[str]) -> Asked | None:
    return Asked("first" if found["first"] else "last", "", (found["one"], found["two"]))


def _before(found: re.Match[str]) -> Asked | None:
    if _EVENT_PASSIVE.search(found["one"]):
        return None
    kind: Kind = "before" if found["order"].lower() == "before" else "after"
    return Asked(kind, "", (found["one"], found["two"]))


def _count(found: re.Match[str]) -> Asked | None:
    return Asked("count", found["what"])


def _which(found: re.Match[str]) -> Asked | None:
    return Asked("which", found["what"]) if _PLURAL.search(found["noun"]) else None


def _highest(found: re.Match[str]) -> Asked | None:
    return Asked("most" if found["more"] else "least", found["what"])


def _about(found: re.Match[str]) -> Asked | None:
    return Asked("about", found["what"]) if _PLURAL.search(found["noun"]) else None


def _each(found: re.Match[str]) -> Asked | None:
    asked = found.groupdict()
    if asked.get("asks"):
        return Asked("each", questions=(f"{asked['asks']}?",))
    what = asked["what"]
    opens = re.match(r"(?:who|what|which|when|where|why|how)\b", what, re.I)
    return Asked("each", what, questions=(f"{what}?" if opens else f"What is {what}?",))


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Asked | None]], ...] = (
    (_MOST, _more),
    (_WHO, _more),
    (_EITHER, _more),
    (_HIGHEST, _highest),
    (_ORDER, _ordered),
    (_BEFORE, _before),
    (_COUNT, _count),
    (_COUNT_IN, _count),
    (_FRONTED, _count),
    (_WHICH, _which),
    (_ABOUT_IT, _about),
    (_COMPARE, _each),
    (_DIFFER, _each),
)
