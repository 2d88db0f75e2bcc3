"""A follow-up question made to stand alone, without a language model.

A question that leans on what was said before ("and who rejected it?", "why?", "what about
Lebanon?") is written out by rules; where none fits, words of the question before are added in
brackets. Any other question is left untouched. See `docs/CONVERSATION.md`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.follow_up.ellipsis import bare, filled, statement
from assistant.follow_up.kinds import CLASSES, definite
from assistant.follow_up.leaning import (
    ABOUT,
    CORRECTS,
    DOUBT,
    NOT_BUT,
    OFFICE,
    REQUEST,
    WHEN_WAS_THAT,
    body,
    needs,
)
from assistant.follow_up.pronouns import pointers, resolved
from assistant.follow_up.references import Memory, Said, said
from assistant.follow_up.shape import AUX, PREPOSITIONS, WH, Shape, lone_nouns, taken_apart
from assistant.follow_up.substitution import replaced_in
from assistant.state import Query
from assistant.types import Turn
from index.words import STOP_WORDS

__all__ = ["condense", "leans"]

_WORD = re.compile(r"[\w'’.-]*\w")
_MOST_CONTEXT = 10
"""Words taken over from what was said before."""

_SAYS_LITTLE = STOP_WORDS | PREPOSITIONS | WH | AUX | {"really", "else", "sure"}
_MOST_TURNS = 8
"""Turns that are looked at."""

_PART = re.compile(
    r"\bthe (?:terms?|causes?|results?|outcome|price|costs?|aims?|goals?|purpose|name|title|author|"
    r"owner|size|length|age|reasons?|consequences|effects|details|date|fine|penalty|verdict|"
    r"conditions|contents?|budget|rules|risks|benefits|advantages|members|leader|head|founder)\?$"
)
"""Nouns that are of something."""

_EVENT = re.compile(
    r"\b(?:vote|fire|strike|storm|flood|floods|trial|war|final|race|crash|accident|election|attack|"
    r"study|case|match|game|games|match|battle|explosion|earthquake|eruption|raid|protest)\b"
)


def condense(query: Query) -> str:
    """The question as it can be understood by itself.

    >>> from assistant.types import Turn
    >>> before = (Turn("Who proposed the truce?", "The U.S. and France."),)
    >>> condense(Query("And who rejected it?", before))
    'Who rejected the truce?'
    >>> condense(Query("How many rockets did Hezbollah fire?", before))
    'How many rockets did Hezbollah fire?'
    """
    known: list[Said] = []
    for turn in query.history[-_MOST_TURNS:]:
        understood = turn.answer.understood.question if turn.answer is not None else ""
        question = understood or _standing(turn.question, known)
        short = turn.answer.short if turn.answer is not None else ""
        known.insert(0, said(question, short, turn.text))
    return _standing(query.question, known)


def leans(question: str, history: Sequence[Turn] = ()) -> bool:
    """Whether the question needs what was said before.

    Args:
        question: as it was typed.
        history: the turns before; a word that they share with it may show that it does.
    """
    return needs(question, _understood(history[-1]) if history else "")


def _understood(turn: Turn) -> str:
    """A turn's question as it was searched for, where that is known."""
    return (turn.answer.understood.question if turn.answer is not None else "") or turn.question


def _standing(question: str, known: Sequence[Said]) -> str:
    """The question by itself, after these turns, the last one first."""
    question = question.strip()
    if not known or not needs(question, known[0].question):
        return question
    return _written_out(question, known) or _with_aside(question, known[0])


def _written_out(question: str, known: Sequence[Said]) -> str:
    """The question as rules for its kind write it; empty if none fits."""
    core, before = body(question), known[0]
    memory = Memory(known)
    request = REQUEST.match(core)
    if request:
        return _request(memory, explain=bool(request["explain"]))
    when = WHEN_WAS_THAT.match(core)
    if when:
        core = "why" if when["how"] else when["wh"]
    plain = question.rstrip("?!. ")
    changed = NOT_BUT.match(plain)
    if changed:
        old, new = changed["old"] or changed["second"], changed["new"] or changed["first"]
        return _again(replaced_in(before.question, new.strip(), before, old.strip()), before)
    corrected = CORRECTS.match(plain)
    if corrected:
        core = plain[corrected.end() :]
    if DOUBT.match(core):
        return ""
    negated = bool(re.search(r"\bwhy not$", core, re.IGNORECASE))
    one = re.match(r"(?i)which(?: ones?)? (?!of\b)(?=\w)", core)
    several = before.shape.noun if before.shape.noun.startswith("of ") else _listed(before)
    if one and several and not ABOUT.match(core):
        core = f"Which {several} {core[one.end() :]}"
    shape = taken_apart(re.sub(r"(?i)\b(why) not$", r"\1", core))
    about = ABOUT.match(core)
    if shape is not None and bare(shape) and not about:
        tried = (filled(shape, turn, negated=negated) for turn in _asked(shape, known))
        return _again(next(filter(None, tried), ""), before)
    if shape is None or about:
        return _fragment(core[about.end() :] if about else core, before, memory)
    return _clause(core, memory)


def _asked(shape: Shape, known: Sequence[Said]) -> Sequence[Said]:
    """The turns whose question may be meant: "who else" goes back to the last that asked who."""
    return known[:4] if shape.asks.lower().endswith(" else") else known[:1]


def _clause(core: str, memory: Memory) -> str:
    """A whole question with what its pronouns and its "the plan" point at."""
    before = memory.turns[0]
    written = resolved(core, memory)
    changed = written != core
    for noun in () if changed else lone_nouns(core):
        found = memory.noun(noun)
        if found is not None and found.text.lower() not in core.lower():
            begin, _, end = core.lower().partition(f"the {noun}")
            whole = definite(found.text)
            written = core[: len(begin)] + whole + core[len(core) - len(end) :]
            changed = True
            break
    written = f"{written[:1].upper()}{written[1:]}?"
    left = [match for match in pointers(written) if match.group().lower() != "then"]
    if changed and not left:
        return written
    return _with_aside(written, before) if left else _with_topic(written, memory)


def _with_topic(question: str, memory: Memory) -> str:
    """A question such as "who was hurt" with the event before, or words of it in brackets."""
    topic, place = memory.topic(), memory.place()
    office = OFFICE.search(question)
    if place is not None and office:
        return f"{question[: office.end()]} of {definite(place.text)}{question[office.end() :]}"
    known = memory.topic(known=True)
    if known is not None and _PART.search(question):
        return f"{question.rstrip('?')} of {definite(known.text)}?"
    happened = memory.turns[0].shape
    if happened.verb == "happened" and happened.rest.startswith(("in ", "at ", "on ", "near ")):
        return f"{question.rstrip('?')} {happened.rest}?"
    other = any(noun in CLASSES for noun in lone_nouns(question))
    if topic is not None and not other and _EVENT.search(topic.text.lower()):
        return f"{question.rstrip('?')} in {definite(topic.text)}?"
    return _with_aside(question, memory.turns[0])


def _fragment(new: str, before: Said, memory: Memory) -> str:
    """The question before with new words in it: "and Kest?", "in June?"."""
    new = re.sub(r"(?i),? (?:too|as well|then|instead|again)$", "", new)
    new = re.sub(r"(?i)^the one(?:s)? (?=of|in|on|at|from)", "", new)
    if re.fullmatch(r"(?i)(?:(?:before|after|since)(?: (?:that|this|then|it))?|then|now)", new):
        return ""
    new = resolved(new, memory)
    if new.lower().startswith(("because ", "due to ")):
        told = statement(before)
        return told.text().rstrip("?") + f" {new}?" if told is not None else ""
    if not before.question:
        return ""
    made = replaced_in(before.question, new, before)
    return _again(made, before) if made else f"{before.question} ({new})"


def _request(memory: Memory, *, explain: bool) -> str:
    topic = memory.topic()
    if topic is None:
        return ""
    named = definite(topic.text)
    return f"Explain {named}." if explain else f"Tell me more about {named}."


def _listed(before: Said) -> str:
    """The things that the answer lists, behind "of"."""
    answer = before.answer
    return f"of {answer.text}" if answer is not None and " and " in answer.text else ""


def _again(made: str, before: Said) -> str:
    """What was made of the question before, with the words that it had in brackets."""
    return f"{made} ({before.aside})" if made and before.aside else made


def _with_aside(question: str, before: Said) -> str:
    """The question with words of the one before in brackets."""
    own = {word.lower() for word in _WORD.findall(question)}
    words = [*_WORD.findall(before.question), *_WORD.findall(before.aside)]
    context = [word for word in words if word.lower() not in _SAYS_LITTLE | own]
    kept = " ".join(list(dict.fromkeys(context))[-_MOST_CONTEXT:])
    return f"{question} ({kept})" if kept else question
