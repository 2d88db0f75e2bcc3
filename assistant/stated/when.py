"""Which time a question is about, and whether its words speak of the articles themselves.

An expression of days counts only where the words around it say how it is meant: "in March", "since
the vote of 3 May", "last week's reports". Knows nothing of sources and authors.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, pairwise, zip_longest

from assistant.stated.days import Expression, expressions
from assistant.stated.periods import Period
from assistant.stated.ranges import range_at
from assistant.stated.reports import articles_follow, of_articles, speaks_of_articles, told_until

_PLACE = r"(?:court|judges?|jury|committee|parliament|council|inquiry|tribunal|crowd|cameras)"
_EVENT = (
    r"(?P<event>(?:the|an?|their|its|his|her|this|that|our) "
    rf"(?:(?!(?:in|on|and|or|but|is|was|did|how|what|{_PLACE})\b)[\w'-]+ ){{0,5}}"
    r"(?:(?<=\w )(?:of|on|in|from) )?)?"
)
_PLAIN = re.compile(
    r"(?<!\w)(?P<word>in|during|on|at|throughout|within|over)(?: the course of)? $", re.IGNORECASE
)
_OPEN = re.compile(
    rf"\b(?P<word>since|starting(?: in| on| from)?|on or after|after|later than|before|prior to|"
    rf"earlier than) {_EVENT}$",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"\b(?P<word>up until|until|till|up to|through|by|as of|on or before) $", re.IGNORECASE
)
_APART = re.compile(
    r"\b(?:by|about|for|with|at|during|throughout|to|within|over|until|till|through|between) $",
    re.IGNORECASE,
)
_JOINS = re.compile(r"\b(?:of|on|from) $", re.IGNORECASE)
_FUTURE = re.compile(r"\b(?:will|shall|going to|due to|planned|set to)\b|'ll\b", re.IGNORECASE)
_IS_AN_ACT = re.compile(
    r" (?:\w+ )?(?:agreement|treaty|accord|pact|deal|truce|ceasefire|law|act|deadline|target|"
    r"plan)\b",
    re.IGNORECASE,
)
_FROM = re.compile(r"\bfrom $", re.IGNORECASE)
_ONWARDS = re.compile(r" (?:on|onwards?)\b(?! (?:the|an?)\b)", re.IGNORECASE)
_DATES = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)[a-z]*"
_OR_BEFORE = re.compile(
    rf"\b(?:[0-9]+(?:st|nd|rd|th)?|{_DATES}),? or (?:\w+ )?(?:the )?$", re.IGNORECASE
)
_OR_AFTER = re.compile(r",? or (?:(?:in|on|the|at|early|late|mid) ){0,2}[0-9]", re.IGNORECASE)
_OR = re.compile(r",? or (?:(?:in|on|the|at|since) ){0,2}", re.IGNORECASE)
_AND = re.compile(r",? (?:and|&) (?:(?:in|on|the) ){0,2}", re.IGNORECASE)
_EITHER = re.compile(r"\b(?:before|after|since|until) or \w+ (?:the )?$", re.IGNORECASE)
_WAS_IT = re.compile(r"^(?:so )?(?:is|was|wasn't|isn't) (?:it|that|this)(?: really)? $", re.I)
_IS = re.compile(r"(?:is|are|was|were)\b", re.IGNORECASE)  # "is the deadline 30 April?"
_ENDS = re.compile(r"\s*(?:$|[?.!,;:)])")
_GRAMMAR = re.compile(
    r"\s*(?:$|[?.!,;:)]|(?:who|what|when|where|which|why|how|is|are|was|were|do|does|did|has|have|"
    r"had|can|could|will|would|the|an?|and|at|in|on|of|by|for|with|about|from|to|until|[0-9]+)\b)",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r" (?:people|men|women|children|"
    r"(?!(?:was|is|has|does|as|this|its|his|news|us|plus)\b)[a-z]+s\b)"
)
_PRESENT = re.compile(r"\b(?:do|does|is|are|has|have|can)\b", re.IGNORECASE)
_REFUSES = re.compile(
    r"(?:\b(?:than|to|with|as|of|by|for|from|like|or|is|was|unlike|between|the|an?|and|each|every|"
    r"next|its|his|her|their|not|only|about|around)|'s?) $",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Time:
    """`text[start:end]` says since or until when; `strict` if it speaks of the articles."""

    start: int
    end: int
    since: date | None
    until: date | None
    strict: bool

    def within(self, other: Time) -> bool:
        """Whether all of its days are days of the other."""
        first, last = date.min, date.max
        later = (self.since or first) >= (other.since or first)
        return later and (self.until or last) <= (other.until or last)


def times(
    question: str, today: date, days: Collection[date], speaking: bool, opening: int = 0
) -> list[Time]:
    """What the question says of time: nothing, one, or a since with an until.

    Args:
        question: with straight apostrophes and single spaces.
        today: the day that "yesterday" is relative to.
        days: when the library's articles were published.
        speaking: a source or author is said to report something, so that the time is theirs.
        opening: where the question goes on after the source or author that it opens with.
    """
    named = expressions(question, today)
    if _are_asked(question, named):
        return []
    found: list[Time] = []
    end = 0
    for one, two in zip_longest(named, named[1:]):
        if one.start < end:
            continue
        span = range_at(question, one, two, today, days)
        if two and not span and _AND.fullmatch(question, one.end, two.start):
            return []  # "in January and March"
        start = span.start if span else one.start
        strict = speaking or speaks_of_articles(question[:start], question[one.end :])
        if span and (span.led or not _REFUSES.search(question[:start])):
            since, until = span.period.since, span.period.until
            time: Time | None = Time(start, span.end, since, until, strict)
        else:
            time = _read(question, one, strict, today, days, opening)
        end = max(span.end if span else 0, one.end)
        if time and _useful(time, one, today, days):
            found.append(time)
    return _agreeing(found)


def _are_asked(text: str, named: list[Expression]) -> bool:
    """Whether a date is what is asked about: "on 14 or 15 October", "was it in May"."""
    for one in named:
        before = text[: one.start]
        lead = _PLAIN.search(before)
        if _EITHER.search(before) or _OR_BEFORE.search(before) or _OR_AFTER.match(text, one.end):
            return True
        if lead and _WAS_IT.search(before[: lead.start()]):
            return True
    return any(_OR.fullmatch(text, one.end, two.start) for one, two in pairwise(named))


def _read(
    text: str,
    one: Expression,
    strict: bool,
    today: date,
    days: Collection[date],
    opening: int,
) -> Time | None:
    """A single expression with what stands before and behind it; None if it narrows nothing."""
    before, after = text[: one.start], text[one.end :]
    period = one.period(today, days)
    if period is None or (one.sort == "year" and _COUNTED.match(after)):
        return None
    opens = not before[opening:].strip(" ,:–—-")
    if (lead := _OPEN.search(before)) and not _is_apart(lead, one):
        return _open_ended(lead, one, after, period, strict)
    if lead := _UNTIL.search(before):
        told = told_until(before[: lead.start()], lead["word"].lower())
        if told:
            return Time(lead.start(), one.end, None, period.until, True)
        led = not before[opening : lead.start()].strip(" ,:–—-") and lead["word"].lower() != "by"
        return Time(lead.start(), one.end, None, period.until, strict) if led else None
    if (lead := _FROM.search(before)) and (onwards := _ONWARDS.match(after)):
        return Time(lead.start(), one.end + onwards.end(), period.since, None, strict)
    if of_articles(before) or (articles_follow(after) and one.sort not in ("today", "weekday")):
        start = lead.start() if lead else one.start
        return Time(start, one.end, period.since, period.until, True)
    if after.startswith("'"):
        return None
    if lead := _PLAIN.search(before):
        if one.sort == "year" and lead["word"].lower() in ("on", "at"):
            return None
        if one.sort == "weekday" and not strict and _FUTURE.search(text):
            return None
        names = opening > 0 and not before[opening : lead.start()].strip(" ,")
        return Time(lead.start(), one.end, period.since, period.until, strict or names)
    if opens and _is_dated(one, after, opening > 0):
        return Time(one.start, one.end, period.since, period.until, strict or opening > 0)
    if _stands_alone(before, one, after, strict):
        return Time(one.start, one.end, period.since, period.until, strict)
    return None


def _is_apart(lead: re.Match[str], one: Expression) -> bool:
    """Whether the date is not the event's own: "after a recount in May", "after the vote today"."""
    event = lead["event"] or ""
    if not event or _JOINS.search(event):
        return False
    if _APART.search(event):
        return True
    later = lead["word"].lower() in ("after", "later than", "before", "prior to", "earlier than")
    own = one.sort not in ("relative", "today", "weekday")
    return later and (not own or event.lower().endswith(" in "))


def _is_dated(one: Expression, after: str, named: bool) -> bool:
    """Whether a date that opens the question is when: "20 Jan 2025 bank branches shut"."""
    dated = one.sort in ("day", "part", "month") and (one.year is not None or named)
    return dated and not (_IS.match(after.strip()) or _IS_AN_ACT.match(after))


def _open_ended(
    lead: re.Match[str], one: Expression, after: str, period: Period, strict: bool
) -> Time | None:
    """As in "since 3 May", "after the vote of 3 May", "before the May 2024 agreement"."""
    event, word, end = lead["event"] or "", lead["word"].lower(), one.end
    if one.sort == "month" and one.year is None and not event and not _GRAMMAR.match(after):
        return None  # "after May lost the vote"
    attributive = event and not re.search(r"\b(?:of|on|in|from) $", event)
    if attributive and not _GRAMMAR.match(after) and (noun := re.match(r" [a-z][\w-]*", after)):
        end += noun.end()
    # An event is on some day of its month: what was before or after it may be of that month too.
    vague = bool(event) and one.sort != "day"
    if word in ("before", "prior to", "earlier than"):
        until = period.until if vague else period.since - timedelta(days=1)
        return Time(lead.start(), end, None, until, strict)
    later = word in ("after", "later than") and not vague
    since = period.until + timedelta(days=1) if later else period.since
    return Time(lead.start(), end, since, None, strict)


def _stands_alone(before: str, one: Expression, after: str, strict: bool) -> bool:
    """Whether it needs no preposition: "yesterday", "last May", "strike in Lind, 3 May 2024"."""
    if _REFUSES.search(before):
        return False
    if one.sort == "today":  # "how many members does it have today": nowadays
        return strict or not _PRESENT.search(before)
    if one.sort == "weekday":
        return one.said_last
    if one.sort == "relative":
        return True
    dated = one.sort in ("day", "part") or (one.sort == "month" and one.year is not None)
    return dated and bool(_ENDS.match(after)) and not _IS.match(before)


def _useful(time: Time, one: Expression, today: date, days: Collection[date]) -> bool:
    """Whether articles of that time can exist, and tell of it."""
    if time.since is None:
        told = time.strict or not days or (time.until and time.until >= min(days))
        return time.until is not None and time.until < today and bool(told)
    if time.since > today or (time.until and time.since > time.until):
        return False
    if time.strict or not days or not time.until:
        return True
    if one.sort == "weekday" and time.since > max(days):
        return False  # "on Monday" as an article of last year says it
    return time.until >= min(days)  # else it was told later, if at all


def _agreeing(found: list[Time]) -> list[Time]:
    """The narrowest of those that hold one another, a since with an until, else nothing."""
    kept = [time for time in found if time.strict] or found
    for one, two in combinations(kept[:4], 2):
        if one in kept and two in kept and (one.within(two) or two.within(one)):
            kept = [time for time in kept if time is not (two if one.within(two) else one)]
    if len(kept) == 2:
        since, until = sorted(kept, key=lambda time: time.since is None)
        if since.until is None and since.since and until.since is None and until.until:
            return kept if since.since <= until.until else []
    return kept if len(kept) == 1 else []
