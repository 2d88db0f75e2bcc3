"""Words of a question that speak of articles: "coverage", "published". Knows nothing of dates."""

from __future__ import annotations

import re

REPORT = (
    r"(?:articles?|pieces?|stor(?:y|ies)|reports?|reporting|coverage|columns?|editorials?|"
    r"headlines?|dispatch(?:es)?|interviews?|analys[ie]s|accounts?|papers?|newspapers?|news)"
)
"""What an article may be called, as part of a pattern."""

_REPORTED = (
    r"(?:published|(?:reported|report)(?! (?:missing|dead|killed|hurt|injured|wounded|stolen|sick|"
    r"to)\b))"
)
_SPEAKS = re.compile(
    rf"\b(?:{_REPORTED}|written (?:about|on)|articles|reports|coverage|reporting|headlines|"
    r"editorials|news(?! (?:agency|agencies|conference))|(?:pieces|stories|columns|interviews) "
    r"(?:about|on|by|from|ran|appeared|mention\w*|cover\w*|that|which))\b",
    re.IGNORECASE,
)
_JUST_BEFORE = re.compile(rf"\b(?:{_REPORTED}|written|{REPORT}|dated)\b(?: \S+){{0,2}} $", re.I)
_OF = re.compile(rf"\b(?:{REPORT} (?:of|from|for)|published|dated|written) $", re.IGNORECASE)
_OWNED = re.compile(rf"(?:'s?)? (?:\w+ )?{REPORT}\b", re.IGNORECASE)
_KNOWN = re.compile(r"\b(?:is|are|was|were|be|been) (?:reported|said|known|published|told)\b", re.I)
_KNOWN_BY = re.compile(r"\b(?:reported|known|published|written)(?: \S+){0,2} $", re.IGNORECASE)
_BOOKS = re.compile(
    r"\b(?:novels?|books?|memoirs?|albums?|poems?|diar(?:y|ies)|letters?|stud(?:y|ies)|laws?|"
    r"songs?|plays?)\b",
    re.IGNORECASE,
)


def speaks_of_articles(before: str, after: str) -> bool:
    """Whether an expression of days between these words tells when articles were published.

    >>> speaks_of_articles("What was reported ", " on the mine?")
    True
    >>> speaks_of_articles("How many were on strike ", "?")
    False
    """
    if of_books(before):
        return False
    return bool(_JUST_BEFORE.search(before) or _SPEAKS.search(f"{before}…{after}"))


def of_articles(before: str) -> bool:
    """Whether the words end as in "the reports of "."""
    return bool(_OF.search(before))


def articles_follow(after: str) -> bool:
    """Whether the words begin as in "'s reports" or " article"."""
    return bool(_OWNED.match(after))


def told_until(before: str, word: str) -> bool:
    """Whether what was told until a day is asked for, and not how long something went on."""
    if word == "by":
        return bool(_KNOWN_BY.search(before))
    return bool(_KNOWN.search(before) or _SPEAKS.search(before))


def of_books(words: str) -> bool:
    """Whether they speak of other things that are written or published."""
    return bool(_BOOKS.search(words))
