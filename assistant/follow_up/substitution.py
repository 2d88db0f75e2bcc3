"""Words of a question replaced by others of their kind: a name, a date, "the mayor"."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.follow_up.kinds import DATE, Kind, kind_of_phrase, several
from assistant.follow_up.references import Said
from assistant.follow_up.shape import DETERMINERS, PREPOSITIONS, PRONOUNS, Phrase, Shape, phrases

_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_BEFORE = re.compile(r"the (year|month|day) (?:before|earlier)|(?:the )?previous (year|month|day)")
_AFTER = re.compile(
    r"(?:the|a) (year|month|day) (?:after|later)|the (?:next|following) (year|month|day)"
)
_LAST = re.compile(r"(?:in the end|at last|finally|eventually)$", re.IGNORECASE)
_FIRST = re.compile(
    r",? (?:at first(?: count)?|at the beginning|initially|to begin with|so far|"
    r"according to (?:the )?[\w'’ -]+?)(?=,|$| (?:at|in|on|to|according) )",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"(?:the )?(.+?)['’]s? (?:figure|number|estimate|version|account|count|view)s?$", re.IGNORECASE
)
_ORDINAL = re.compile(r"\b(?:first|second|third|fourth|fifth|sixth|last|next|latest|new|old)\b")


def replaced_in(question: str, new: str, before: Said, instead_of: str = "") -> str:
    """The earlier question with new words in the place of those of their kind; empty: no place.

    Args:
        question: the earlier question, without an aside.
        new: the words, perhaps with a preposition ("in June", "the mayor").
        before: the earlier turn.
        instead_of: the words they replace, where the person named them.
    """
    new = new.strip()
    if not new:
        return ""
    if instead_of:
        found = re.search(rf"(?<!\w){re.escape(instead_of)}(?!\w)", question, re.IGNORECASE)
        if found:
            return exchanged(question, found.group(), new)
        if new.lower() in question.lower():
            return question
    if _LAST.match(new):
        return f"{_FIRST.sub('', _bare(question))} {new}?"
    figure = _FIGURE.match(new)
    if figure:
        return f"{_bare(question)} according to the {figure[1]}?"
    moved = _moved(question, new)
    if moved:
        return moved
    first, _, tail = new.partition(" ")
    if first.lower() == "according" and tail.lower().startswith("to "):
        first, tail = "according to", tail[3:]
    if first.lower() == "according to" and before.shape.lead.lower().startswith("according to"):
        return f"According to {tail}, {question[len(before.shape.lead) :].strip()}"
    if first.lower() in PREPOSITIONS and tail:
        return _with_preposition(question, first.lower(), tail, before)
    slot = _slot(before.shape, new)
    return exchanged(question, slot, _cased(new, slot)) if slot else ""


def _moved(question: str, new: str) -> str:
    """The question of the year, month or day before or after, where it names one."""
    for form, step in ((_BEFORE, -1), (_AFTER, 1)):
        match = form.search(new.lower())
        unit = next(filter(None, match.groups()), "") if match else ""
        if unit == "year" and (year := re.search(r"\b(?:1\d|20)\d\d\b", question)):
            return question.replace(year.group(), str(int(year.group()) + step), 1)
        names = {"day": _DAYS, "month": _MONTHS}.get(unit, [])
        for i, name in enumerate(names):
            if re.search(rf"\b{name}\b", question):
                return question.replace(name, names[(i + step) % len(names)], 1)
    return ""


def _with_preposition(question: str, preposition: str, new: str, before: Said) -> str:
    kind = kind_of_phrase(new, preposition)
    for phrase in reversed(phrases(before.shape)):
        same = kind_of_phrase(phrase.text, phrase.preposition)
        dated = (same == "date") == (kind == "date")
        if phrase.preposition and dated and (phrase.preposition == preposition or kind == "date"):
            return exchanged(question, phrase.whole, f"{preposition} {new}")
    return f"{_bare(question)} {preposition} {new}?"


def _slot(shape: Shape, new: str) -> str:
    """The words that the new ones stand for."""
    found = [p for p in phrases(shape) if p.text.lower() not in PRONOUNS]
    kind = kind_of_phrase(new)
    for test in _TESTS:
        fits = [p for p in found if test(p, new, kind)]
        alike = [p for p in fits if several(p.text) == several(new)] or fits
        if alike:
            return _kept(alike[0] if alike[0].part == "subject" else alike[-1], new)
    return ""


def _kept(phrase: Phrase, new: str) -> str:
    """The part of the phrase that the new words replace: "second" of "the second line"."""
    ordinal = _ORDINAL.search(phrase.text)
    if ordinal and _ORDINAL.fullmatch(new.lower().removeprefix("the ")):
        return ordinal.group()
    return phrase.text


def _head(text: str) -> str:
    return text.split()[-1].lower().removesuffix("s")


def _same_head(phrase: Phrase, new: str, kind: Kind) -> bool:
    return len(new.split()) > 1 and _head(phrase.text) == _head(new)


def _ordinal(phrase: Phrase, new: str, kind: Kind) -> bool:
    bare_new = new.lower().removeprefix("the ")
    return bool(_ORDINAL.fullmatch(bare_new) and _ORDINAL.search(phrase.text.lower()))


def _same_kind(phrase: Phrase, new: str, kind: Kind) -> bool:
    return kind == kind_of_phrase(phrase.text, phrase.preposition) and kind != "thing"


def _name_for_name(phrase: Phrase, new: str, kind: Kind) -> bool:
    return new[0].isupper() and phrase.text[0].isupper() and not DATE.fullmatch(phrase.text)


def _named(phrase: Phrase, new: str, kind: Kind) -> bool:
    return new[0].isupper() and any(w[0].isupper() for w in phrase.text.split())


def _same_article(phrase: Phrase, new: str, kind: Kind) -> bool:
    articles = [text.split()[0].lower() in DETERMINERS for text in (phrase.text, new)]
    small = new[0].islower() and phrase.text[0].islower()
    return small and articles[0] == articles[1] and kind != "date"


_TESTS: tuple[Callable[[Phrase, str, Kind], bool], ...] = (
    _same_head,
    _ordinal,
    _same_kind,
    _name_for_name,
    _named,
    _same_article,
)


def exchanged(text: str, old: str, new: str) -> str:
    """The text with the words `old`, where it has them, replaced.

    >>> exchanged("How many rockets hit Kelmar?", "Kelmar", "Dorvik")
    'How many rockets hit Dorvik?'
    """
    found = re.search(rf"(?<!\w){re.escape(old)}(?!\w)", text)
    if found is None:
        return text
    return " ".join(f"{text[: found.start()]}{new}{text[found.end() :]}".split()).replace(" ?", "?")


def _cased(new: str, old: str) -> str:
    """The article of the old words where the new ones came without theirs."""
    ordinal = _ORDINAL.fullmatch(new.lower().removeprefix("the "))
    return new.lower().removeprefix("the ") if ordinal and _ORDINAL.fullmatch(old) else new


def _bare(question: str) -> str:
    return question.rstrip("?!. ")
