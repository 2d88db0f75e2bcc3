"""Values of several articles or sides compared: who gives more, what came first.

Each is asked alone with the reader; every value that is compared stands in a cited sentence. Rules
settle which one wins, so no confidence is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.reading import Pick, ReaderAnswerer
from assistant.several.compare import Asked
from assistant.several.dates import Day, before, day_of
from assistant.state import Draft, Evidence
from assistant.words import content, numbers

NAMED = 0.5
"""Share of the reader's threshold that is enough for a value whose sentence names the side."""

_PEOPLE = tuple(
    (re.compile(rf"(?:{form})\b", re.I), does, re.compile(rf"\b(?:{told})", re.I))
    for form, does, told in (
        (
            "dead|deaths|fatalities|killed|people killed|deaths? toll",
            "died",
            "dead|death|die[sd]|fatal|kill|drown|lives|victim|toll",
        ),
        ("(?:injured|wounded|hurt|injuries)(?: people)?", "were injured", "injur|wound|hurt"),
        ("missing(?: people)?", "are missing", "missing|unaccounted"),
        ("evacuees", "were evacuated", "evacuat|homes|shelter"),
        ("strikers", "are on strike", "strik|stopp|walk"),
    )
)
"""What is counted, how that is asked, and words of which an article on it has one."""

_ALIKE = 5
"""First letters by which words are taken for one: "marchers" and "marched"."""

_SINGLE = re.compile(
    r"(?:[\w'-]+ )*(?:toll|price|cost|fee|pay|wage|offer|damage|size|length|height|age|turnout|"
    r"share|rate|sum|loss|profit|magnitude|speed|depth|level)(?: |$)",
    re.I,
)
_PLURAL_EVENT = re.compile(r"(?:the )?(?:talks|elections|floods|strikes|fires|riots)$", re.I)
_WITH_VERB = re.compile(
    r"(?:begin|start|end|open|close|sink|die|win|lose|resign|arrive|leave|happen|fail)$", re.I
)


@dataclass(frozen=True)
class Value:
    """What one article or side says: the words, and what they come to."""

    name: str
    pick: Pick
    amount: float = 0.0
    day: Day | None = None

    @property
    def sentence(self) -> str:
        """The sentence that the words stand in."""
        start, end = self.pick.qualified("").sentence
        return " ".join(self.pick.source.text[start:end].split())


def question_for(asked: Asked, side: str = "", *, is_source: bool = False) -> str:
    """What is asked of one article, or of one side.

    >>> question_for(Asked("most", "lost ships"))
    'How many lost ships?'
    >>> question_for(Asked("most", "dead in Tolm"), "the union")
    'What figure did the union give for dead in Tolm?'
    >>> question_for(Asked("first"), "the flood")
    'When was the flood?'
    """
    if asked.kind not in ("most", "least"):
        if _WITH_VERB.search(side):
            return f"When did {side}?"
        return f"When {'were' if _PLURAL_EVENT.match(side) else 'was'} {side}?"
    if side and not is_source:
        return f"What figure did {side} give for {asked.what}?"
    return f"{_how_many(asked.what)}?"


def _how_many(what: str) -> str:
    for form, does, _ in _PEOPLE:
        if found := form.match(what):
            return f"How many people {does}{what[found.end() :]}"
    return f"What is the {what}" if _SINGLE.match(what) else f"How many {what}"


def weighed(reader: ReaderAnswerer, evidence: Evidence, asked: Asked) -> list[Draft] | None:
    """The comparison as pieces of a draft; None where the values do not tell.

    Args:
        reader: points at the values.
        evidence: its `parts` are those of the articles, or of the sides in their order.
        asked: what is compared.
    """
    values = _values(reader, evidence.parts, asked)
    by = _by_amount if asked.kind in ("most", "least") else _by_day
    told = by(values, asked)
    if told is None:
        return None
    pieces = [Draft(answered_by=reader.name, short=told)]
    places = {source.hit.passage.id: source.number for source in evidence.sources}
    shown: set[str] = set()
    for value in values:
        lead = " " if shown else ""
        if value.sentence not in shown:
            shown.add(value.sentence)
            number = places[value.pick.source.hit.passage.id]
            pieces.append(Draft(text=f"{lead}{value.sentence}", cites=(number,), whole=True))
    return pieces


def _values(reader: ReaderAnswerer, each: Sequence[Evidence], asked: Asked) -> list[Value]:
    """The best value of each article or side that gives one.

    Of two sides those that one article tells, where it does: they speak of the same day.
    """
    given: list[list[Value]] = []
    for at, part in enumerate(each):
        if part.off_topic or not part.sources:
            continue
        side = asked.sides[at] if asked.sides else ""
        is_source = set(content(side)) <= set(content(part.query.scope.source))
        about = "" if is_source or asked.questions else side
        enough = reader.threshold * (NAMED if asked.sides else 1.0)
        made = [
            _value(side or pick.source.article.label, about, pick, asked, part.query.standalone)
            for pick in _picks(reader, part, asked, about)
            if pick.score >= enough
        ]
        if values := [one for one in made if one]:
            given.append(values)
    if asked.sides and len(given) == 2:
        pairs = [
            [one, other]
            for one in given[0]
            for other in given[1]
            if one.pick.source.article.id == other.pick.source.article.id
        ]
        if pairs:
            return pairs[0]
    return [values[0] for values in given]


def _picks(reader: ReaderAnswerer, part: Evidence, asked: Asked, about: str) -> list[Pick]:
    """What the reader points at, best first; a figure of a side is asked for in two ways."""
    picks = reader.picks(part)
    if about and asked.what:
        query = replace(part.query, standalone=f"{_how_many(asked.what)}, according to {about}?")
        picks = [*picks, *reader.picks(replace(part, query=query))]
    return sorted(picks, key=lambda pick: -pick.score)


def _value(name: str, about: str, pick: Pick, asked: Asked, question: str) -> Value | None:
    """A pick as a value; None where it is no number or day, or its sentence names another."""
    if asked.kind in ("most", "least"):
        told = [each for each in numbers(pick.text) - numbers(question) if _is_amount(each)]
        if len(told) != 1 or not (asked.questions or _is_on(asked.what, pick)):
            return None
        value = Value(name, pick, amount=float(told[0]))
        around = value.sentence
    else:
        day = day_of(pick.text, pick.source.article.published)
        if day is None:
            return None
        value = Value(name, pick, day=day)
        around = f"{value.sentence} {pick.source.article.title}"
    wanted = set(content(about))
    named = wanted <= set(content(around)) and wanted & set(content(value.sentence))
    return value if named or not about else None


def _is_on(what: str, pick: Pick) -> bool:
    """Whether a passage or its title speaks of what is counted at all."""
    text = f"{pick.source.article.title} {pick.source.text}"
    for form, _, told in _PEOPLE:
        if form.match(what):
            return told.search(text) is not None
    here = {stem[:_ALIKE] for stem in content(text)}
    return not content(what) or any(stem[:_ALIKE] in here for stem in content(what))


def _is_amount(text: str) -> bool:
    return re.fullmatch(r"\d+(?:\.\d+)?", text) is not None


def _by_amount(values: Sequence[Value], asked: Asked) -> str | None:
    """Who gives more, or less; None if nobody can be told."""
    if not values or (asked.sides and len(values) < 2):
        return None
    if len(values) == 1:
        return f"Only {_with(values[0])} gives a number"
    best: Callable[..., Value] = max if asked.kind == "most" else min
    winner = best(values, key=lambda value: value.amount)
    if asked.yes_no:
        return "Yes" if values[0].amount != values[1].amount and winner is values[0] else "No"
    equal = [value for value in values if value.amount == winner.amount]
    if len(equal) == len(values):
        return f"{'Both' if len(values) == 2 else 'All'} give {' '.join(winner.pick.text.split())}"
    return "; ".join(_with(value) for value in equal)


def _by_day(values: Sequence[Value], asked: Asked) -> str | None:
    """Which came first, or whether; None unless both days are known and differ."""
    if len(values) < 2 or values[0].day is None or values[1].day is None:
        return None
    order = before(values[0].day, values[1].day)
    if order is None:
        return None
    if asked.kind in ("before", "after"):
        return "Yes" if order == (asked.kind == "before") else "No"
    return _with(values[0] if order == (asked.kind == "first") else values[1])


def _with(value: Value) -> str:
    told = value.pick.text if value.day is None else "-".join(f"{part:02}" for part in value.day)
    return f"{value.name} ({' '.join(told.split())})"
