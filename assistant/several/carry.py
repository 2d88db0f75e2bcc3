"""What a later part of a question takes over from the first: a name for "it", what it leaves out.

Rules for English; knows how parts are put together, not how they are found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.several.phrases import (
    AUX,
    DO,
    IDENTITY,
    PREPOSITION,
    WH,
    YES_NO,
    inverted_of,
    is_participle,
    object_of,
    subject_of,
)
from assistant.words import content, names
from index.words import STOP_WORDS

MOST_TAKEN = 6
"""Words taken over at most into an aside."""

ENOUGH = 3
"""Content words with which a part stands by itself."""

LONGEST_ANSWER = 8
"""Words of an answer that may stand in place of a pronoun."""

_WORD = re.compile(r"[\w'.-]*\w")
_PRONOUN = re.compile(r"\b(he|him|his|she|her|it|its|they|them|their)\b", re.I)
_HUMAN = frozenset(["he", "him", "his", "she", "her"])
_OWNING = frozenset(["his", "its", "their"])
_SEVERAL = frozenset(["they", "them", "their"])
_EMPTY_IT = re.compile(
    rf"\bhow (?:long|(?:many|much) [\w-]+) {AUX} it take|\bit (?:rain|snow)\w*|\b{AUX} it (?:true|"
    r"known|clear|likely|possible|said|that|raining|snowing|safe|legal)\b",
    re.I,
)
_THERE = re.compile(r"\b(?:there|then)$", re.I)
_RESPONDS = re.compile(r"\b(?:respond|react)(?:ed|s)?$", re.I)
_BARE = re.compile(
    rf"{WH}(?: (?:long|often|soon|far|much|many|exactly))?$|{PREPOSITION} {WH}(?: [\w'-]+){{0,2}}$",
    re.I,
)
_SUPERLATIVE = re.compile(r"\b\w{3,}est\b|\b(?:most|least|first|last|only|main)\b", re.I)
_ASKED_THING = re.compile(
    r"(?:which|what) (?:(?:two|three|four|five|other|\d+) )?"
    r"(?P<noun>(?:[\w'-]+ )*?[\w'-]+?)(?P<many>s)? ",
    re.I,
)
_GENERAL = re.compile(
    r"what (?:is|was|were|are) the (?:later |final |new |other |official )?(?:figure|number|total|"
    r"amount|count|estimate|sum|reason|result|outcome|answer|reply|response)s?\b(?! (?:of|for)\b)",
    re.I,
)
_SAME = re.compile(r"\b(?:that|this|the same) (?P<noun>[\w-]+)", re.I)
_HOW_MANY = re.compile(r"how (?:many|much) ", re.I)
_SAYS = re.compile(
    r"\b(?:said|says?|claim(?:s|ed)?|believe[sd]?|argue[sd]?|denie[sd]|deny)\b", re.I
)


@dataclass(frozen=True)
class Part:
    """A question of its own; one that `needs` an earlier part's answer has it for `pronoun`.

    Without a pronoun the answer is added to the words in brackets at its end.
    """

    question: str
    needs: int | None = None
    pronoun: str = ""

    def filled(self, answer: str) -> Part:
        """With the answer of the part that it needs.

        >>> Part("Who is its director?", 0, "its").filled("Sarn Water").question
        "Who is Sarn Water's director?"
        """
        answer = " ".join(answer.split()).strip(" .;,")
        if not answer or len(answer.split()) > LONGEST_ANSWER:
            return self
        if not self.pronoun:
            return Part(f"{self.question.rstrip(')')} {answer})")
        owns = _is_owning(self.pronoun, self.question)
        return Part(_put(self.question, self.pronoun, answer, owns=owns))

    def unfilled(self, before: str) -> Part:
        """Where no answer was found: with words of the question that was to bring it."""
        return Part(self.question if self.question.endswith(")") else beside(self.question, before))


def carried(pieces: Sequence[str]) -> tuple[Part, ...]:
    """The pieces of a question as parts, each with what it lacks.

    >>> [part.question for part in carried(["when was the dam built", "why"])]
    ['When was the dam built?', 'Why was the dam built?']
    """
    first = pieces[0]
    return (Part(_asked(first)), *(_later(first, piece) for piece in pieces[1:]))


def _later(first: str, piece: str) -> Part:
    """One piece after the first."""
    inverted = inverted_of(first)
    if _BARE.match(piece):
        if inverted:
            asked = _ASKED_THING.match(f"{inverted['asks']} ")
            thing = f" the {asked['noun']}{asked['many'] or ''}" if asked else ""
            does = inverted["aux"].lower() in DO
            return Part(_asked(f"{piece} {inverted['rest']}{thing if does else ''}"))
        if YES_NO.match(first):
            return Part(_asked(f"{piece} {first[:1].lower()}{first[1:]}"))
        return Part(beside(_asked(piece), first), needs=0)
    phrase = subject_of(first) or object_of(first)
    if _RESPONDS.search(piece) and (to := object_of(first) or phrase):
        return Part(_asked(f"{piece} to {to}"))
    made, needs, pronoun, settled, open_ = piece, None, "", False, False
    asked, same = _ASKED_THING.match(first), _SAME.search(piece)
    if asked and same and asked["noun"].lower().endswith(same["noun"].lower()):
        return Part(_asked(piece), 0, same.group())
    for found in list(_PRONOUN.finditer(piece)):
        word = found[1].lower()
        if _EMPTY_IT.search(piece) and word == "it":
            continue
        owns = _is_owning(word, piece)
        if owns and (settled or _own_phrase(piece[: found.start()])):
            continue
        if _is_asked_for(first, word, _is_object(piece, found)):
            if needs is None:
                needs, pronoun, settled = 0, word, True
            continue
        if settled and word in _HUMAN:
            continue
        if named := _antecedent(first, word):
            made, settled = _put(made, found[1], named, owns=owns), True
        else:
            open_ = True
    if needs is not None:
        return Part(_asked(made), needs, pronoun)
    if _GENERAL.match(piece):
        return Part(beside(_asked(piece), first))
    own_name = bool(names(f"so {piece}"))
    thin = len(content(piece)) < ENOUGH and not own_name
    if open_ or (not settled and (thin or _THERE.search(piece))):
        return Part(beside(_asked(piece), inverted["told"] if inverted else first))
    return Part(_asked(made))


def _is_asked_for(first: str, pronoun: str, is_object: bool) -> bool:
    """Whether a pronoun stands for what the first part asks for."""
    if identity := IDENTITY.match(first):
        if pronoun in _HUMAN:
            return first.lower().startswith("who") and identity["what"][0].islower()
        if pronoun in _SEVERAL:
            return False
        return _SUPERLATIVE.search(identity["what"]) is not None
    if inverted_of(first):
        return False
    if re.match(r"who ", first, re.I):
        return pronoun in _HUMAN or (pronoun in _SEVERAL and not is_object)
    asked = _ASKED_THING.match(first)
    if asked is None or (is_object and object_of(first)) or is_participle(asked["noun"]):
        return False
    if pronoun in _HUMAN:
        return True
    return bool(asked["many"]) == (pronoun in _SEVERAL)


def _antecedent(first: str, pronoun: str) -> str:
    """The phrase of the first part that a pronoun stands for."""
    subject, thing = subject_of(first), object_of(first)
    if pronoun in _HUMAN:
        return re.sub(r"'s?$", "", subject or thing)
    if pronoun in _SEVERAL:
        return "" if _HOW_MANY.match(first) else subject or thing
    found = thing or subject
    return "" if _SAYS.search(first) or found.endswith(("'s", "'")) else found


def _is_object(piece: str, found: re.Match[str]) -> bool:
    """Whether the pronoun stands behind a verb: "who rejected it", not "what did it cost"."""
    if found[1].lower() in _OWNING:
        return False
    return re.search(rf"\b{AUX} $", piece[: found.start()], re.I) is None


def _own_phrase(before: str) -> bool:
    """Whether what stands before a pronoun names somebody itself."""
    return bool(re.search(r"\b(?:the|an?) [\w'-]+", before)) or bool(names(f"so {before}"))


def _is_owning(pronoun: str, text: str) -> bool:
    """Whether a pronoun stands before what somebody has: "her reason", but "met her in May"."""
    if pronoun != "her":
        return pronoun in _OWNING
    return re.search(rf"\bher (?!{PREPOSITION}\b)[a-z]", text) is not None


def _put(text: str, pronoun: str, named: str, *, owns: bool) -> str:
    if owns:
        named = f"{named}'" if named.endswith("s") else f"{named}'s"
    return re.sub(rf"\b{re.escape(pronoun)}\b", lambda _: named, text, count=1)


def beside(question: str, before: str) -> str:
    """The question with words of what stands before it in brackets.

    >>> beside("Who built it?", "The dam broke in May.")
    'Who built it? (dam broke)'
    """
    own = {word.lower() for word in _WORD.findall(question)}
    words = [
        word
        for word in dict.fromkeys(_WORD.findall(before))
        if word.lower() not in STOP_WORDS and word.lower() not in own
    ]
    return f"{question} ({' '.join(words[-MOST_TAKEN:])})" if words else question


def _asked(piece: str) -> str:
    """A piece as a sentence."""
    piece = piece.strip(" ,;?.!")
    return f"{piece[:1].upper()}{piece[1:]}?"
