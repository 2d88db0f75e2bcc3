"""A question of a word or two filled up from the one before: "why?", "how many?", "who else?"."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.follow_up.inflect import base_of, is_past, is_third
from assistant.follow_up.kinds import definite, kind_of_phrase
from assistant.follow_up.references import Said
from assistant.follow_up.shape import AUX, BE, DETERMINERS, PREPOSITIONS, Shape, chunks
from assistant.follow_up.substitution import exchanged

_ADVERBIAL = frozenset("why when where how".split())
_NOUN = 3
"""Words; more of them are a question whose verb was not found."""


def bare(shape: Shape) -> bool:
    """Whether it is no more than what it asks with: "why", "how many", "in which towns".

    >>> from assistant.follow_up.shape import taken_apart
    >>> bare(taken_apart("from whom?")), bare(taken_apart("who left?"))
    (True, False)
    """
    short = len(shape.noun.split()) <= _NOUN
    return bool(shape.asks) and not shape.aux and not shape.verb and short


def filled(shape: Shape, before: Said, *, negated: bool = False) -> str:
    """The earlier question asked with these words; empty where that makes no question.

    >>> from assistant.follow_up.references import said
    >>> from assistant.follow_up.shape import taken_apart
    >>> filled(taken_apart("why?"), said("Who rejected the truce?", "Kest", ""))
    'Why did Kest reject the truce?'
    """
    asks = shape.asks.lower()
    prior = before.shape
    if asks.endswith(" else"):
        same = prior.wh == shape.wh and not prior.noun
        return replace(prior, asks=shape.asks).text() if same else ""
    if shape.wh in ("which", "what") and shape.noun in ("one", "ones", ""):
        return _which(before)
    adverbial = shape.wh in _ADVERBIAL and not shape.noun and asks not in ("how many", "how much")
    if adverbial or asks.split()[0] in PREPOSITIONS or shape.noun == "for":
        told = statement(before)
        if told is None:
            return ""
        if shape.wh == "when":
            told = _without_dates(told)
        if shape.noun == "for":
            told, shape = replace(told, rest=f"{told.rest} for".strip()), replace(shape, noun="")
        denied = negated or (shape.wh == "why" and before.denied)
        if denied and not told.verb.startswith("not"):
            told = replace(told, subject=f"{told.subject} not")
        return replace(told, asks=shape.asks, noun=shape.noun).text()
    return _counted(shape, before) if shape.wh in ("how", "which", "what") else ""


def statement(before: Said) -> Shape | None:
    """What the earlier question and its bare answer tell, as the parts of a question."""
    shape = before.shape
    answer = before.answer
    if shape.aux and shape.subject:
        counts = shape.asks.lower() in ("how many", "how much")
        adverbial = shape.wh in _ADVERBIAL and not counts
        if shape.yes_no or adverbial or shape.asks.split()[0].lower() in PREPOSITIONS:
            return _with_object(shape, "")
        if not shape.verb:
            return None
        if counts:
            number = f"{before.short} " if answer and answer.kind == "number" else ""
            short_has_noun = shape.noun and shape.noun in before.short
            named = before.short if short_has_noun else f"{number}{shape.noun}"
            return _with_object(shape, named if shape.noun else "")
        return _with_object(shape, definite(answer.text)) if answer else None
    subject = definite(answer.text) if answer and not answer.preposition else ""
    if shape.wh == "what" and base_of(shape.verb) == "cause":
        return Shape(aux="did", subject=shape.rest, verb="happen")
    if shape.wh not in ("who", "which", "what"):
        subject = shape.noun
    if not subject or not shape.verb or base_of(shape.verb) == "happen":
        return None
    if shape.aux:
        return replace(shape, asks="", noun="", subject=subject)
    return _did(replace(shape, asks="", noun="", subject=subject))


def _did(shape: Shape) -> Shape | None:
    """The parts with an auxiliary: "Kest rejected" becomes "did Kest reject"."""
    low = shape.verb.lower()
    if is_past(low):
        return replace(shape, aux="did", verb=base_of(low))
    if is_third(low):
        return replace(shape, aux="does", verb=base_of(low))
    return replace(shape, aux="do") if low not in AUX else None


def _with_object(shape: Shape, thing: str) -> Shape:
    if thing and shape.rest in PREPOSITIONS:
        rest = f"{shape.rest} {thing}"
    else:
        rest = f"{thing} {shape.rest}".strip()
    return replace(shape, asks="", noun="", rest=rest)


def _without_dates(shape: Shape) -> Shape:
    rest = shape.rest
    for phrase in chunks(rest):
        if kind_of_phrase(phrase.text) == "date":
            rest = exchanged(rest, phrase.whole, "")
    return replace(shape, rest=rest)


def _which(before: Said) -> str:
    """The earlier question asked for names of what it spoke of."""
    if before.shape.noun and before.shape.wh == "how":
        asks = re.sub(r"(?i)how (?:many|much)", "which", before.shape.asks)
        return replace(before.shape, asks=asks).text()
    return _counted(Shape(asks="Which"), before)


def _counted(shape: Shape, before: Said) -> str:
    """How many, how much or which of the earlier question's object."""
    told = statement(before)
    if told is None:
        return ""
    if shape.noun and told.subject.lower() == f"the {shape.noun}".lower():
        return replace(told, asks=shape.asks, noun=shape.noun, subject="").text()
    if told.aux in BE:
        return ""
    objects = [p for p in chunks(told.rest) if not p.preposition]
    thing = objects[0].text if objects else ""
    noun = shape.noun or " ".join(w for w in thing.split() if w.lower() not in DETERMINERS)
    if not noun or noun[0].isupper() or noun[0].isdigit():
        return ""
    if shape.asks.lower() == "how many" and not noun.endswith(("s", "n", "people")):
        return ""
    rest = exchanged(told.rest, thing, "") if thing else told.rest
    return replace(told, asks=shape.asks, noun=noun, rest=rest).text()
