"""The pronouns of a question: which point outside of it, and what to write in their place."""

from __future__ import annotations

import re

from assistant.follow_up.inflect import is_base, is_past
from assistant.follow_up.kinds import PERSON_NOUNS, definite
from assistant.follow_up.references import Memory, Thing
from assistant.follow_up.shape import AUX, BE, DETERMINERS, PREPOSITIONS, STATES, WH

_PRONOUN = re.compile(
    r"\b(?P<same>(?:(?:the|that|this) same|that) (?:day|week|month|year|night|time))\b"
    r"|\b(?P<noun>(?:this|that|these|those|the same)(?: (?!of\b|and\b)[a-z]+))"
    r"|\b(?P<one>he|she|him|his|hers?|they|them|theirs?|its?|there|then|this|that|these|those)\b"
    r"(?!-)",
    re.IGNORECASE,
)
_NOWHERE = re.compile(
    r"\b(?:is|are|was|were|be|been|will|has|have) there\b"
    r"|\bthere (?:is|are|was|were|will|has|have)\b"
    r"|\bthis (?:year|week|month|morning|summer|spring|autumn|winter|decade|century)\b"
    r"|\b(?:is|was) it (?:said|true|possible|likely|clear|known)\b|\b(?:does|did|will) it take\b"
    r"|\b(?:does|did|will|would) it (?:cost to|rain|snow|matter)\b|\b(?:these|those) days\b"
    r"|\b(?:is|was) it (?:an?|the) [^?]*(?-i:[A-Z])|^(?:and |but |so )?then\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"\b(?:that|when|where|if|whether|because|before|after|while|who|which|why|how|and|but|or|"
    r"than|as|by)\b|,",
    re.IGNORECASE,
)
_PERSONAL = frozenset("he she him his her hers".split())
_SEVERAL = frozenset("they them their theirs these those".split())
_SEVERAL_NAMED = re.compile(
    r"\b(?:(?!does|was|has|this|across)\w{3,}s|people|men|women|children|police)\b", re.IGNORECASE
)
_SUBJECTS = frozenset("he she they".split())
_OWNERS = frozenset("his her its their".split())
_FOLLOWS_OBJECT = PREPOSITIONS | AUX | WH | DETERMINERS | frozenset("and or too then again".split())


def pointers(question: str) -> list[re.Match[str]]:
    """The words that need what was said before, in order.

    >>> [m.group() for m in pointers("Who rejected it?")]
    ['it']
    >>> pointers("What did Macron say about his plan?"), pointers("Were there any wolves?")
    ([], [])
    """
    hidden = _NOWHERE.sub(lambda match: " " * len(match.group()), question)
    return [match for match in _PRONOUN.finditer(hidden) if _points(match, question)]


def resolved(question: str, memory: Memory) -> str:
    """The question with what its pronouns point at, as far as that is known."""
    done: set[str] = set()
    begin, parts = 0, []
    for match in pointers(question):
        group = "he" if match.group().lower() in _PERSONAL else match.group().lower()
        start, end = match.span()
        if start < begin or group in done:
            continue
        instead, end = _instead(match, question, memory)
        if instead:
            done.add(group)
            before = question[begin:start]
            if instead.split()[0] in PREPOSITIONS:  # "from there", "on the same day"
                before = re.sub(rf"\b(?:{'|'.join(PREPOSITIONS)})\s+$", "", before)
            parts.append(before + instead)
            begin = end
    return "".join(parts) + question[begin:]


def _points(match: re.Match[str], question: str) -> bool:
    """Whether the pronoun finds nothing in its own question."""
    word = match.group().lower()
    before, after = question[: match.start()], question[match.end() :].strip(" ?.!")
    if match["same"]:
        return not re.search(r"\d{4}", before)
    if match["noun"]:
        return _demonstrates(match, before)
    if word in ("this", "that"):
        last = before.split()[-1].lower() if before.split() else ""
        follows = after.split()[0].lower() if after else ""
        return (not follows and bool(last)) or last in AUX or (last in PREPOSITIONS and not follows)
    if word == "then":
        return not after and not re.search(r"\d{4}", before)
    names = _names(before)
    if word == "there":
        return not names or not re.search(r"\b(?:in|at|near|to|from|on) (?:the )?[A-Z]", before)
    last = before.split()[-1].lower() if before.split() else ""
    embedded = bool(_CLAUSE.search(before.partition(" ")[2])) or (
        word in _SUBJECTS and last not in AUX
    )
    possessive = word in _OWNERS and not _is_object(word, after)
    if not (possessive or embedded or (word in _SUBJECTS and names)):
        return True
    if word in _PERSONAL:
        return not names and not re.search(rf"\b(?:{PERSON_NOUNS})\b", before, re.IGNORECASE)
    if word in _SEVERAL:
        return not names and not _SEVERAL_NAMED.search(before)
    return not names and not re.search(r"\b(?:the|an?|this) \w+", before)


def _demonstrates(match: re.Match[str], before: str) -> bool:
    """Whether "that figure" is a figure, not the beginning of a clause or a pronoun and a verb."""
    first, noun = match.group().lower().rsplit(" ", 1)
    if noun in AUX | DETERMINERS | PREPOSITIONS | _SUBJECTS | {"it", "there"}:
        last = before.split()[-1].lower() if before.split() else ""
        return first == "that" and noun in PREPOSITIONS and last in AUX
    last = before.split()[-1].lower() if before.split() else ""
    if last in AUX and (is_past(noun) or noun in STATES or is_base(noun)):
        return False
    return last in AUX | PREPOSITIONS or first in ("this", "these", "those", "the same") or not last


def _names(before: str) -> bool:
    """Whether a name stands before the pronoun."""
    return any(word[0].isupper() for word in before.split()[1:])


def _is_object(word: str, after: str) -> bool:
    """Whether "her" is no possessive."""
    follows = after.split()[0].lower() if after else ""
    return word == "her" and (not follows or follows in _FOLLOWS_OBJECT)


def _instead(match: re.Match[str], question: str, memory: Memory) -> tuple[str, int]:
    """What to write, and where the question goes on behind it; empty if it is not known."""
    word, end = match.group().lower(), match.end()
    before, after = question[: match.start()].split(), question[end:].strip(" ?.!")
    subject = bool(before) and before[-1].lower() in AUX
    if match["same"]:
        return memory.date(year=word.endswith("year")), end
    if match["noun"]:
        noun = word.rsplit(" ", 1)[1]
        if noun in ("figure", "number", "sum", "amount"):
            numbers = [t.answer for t in memory.turns if t.answer and t.answer.kind == "number"]
            return (f"the {noun} of {numbers[0].text}" if numbers else ""), end
        found = memory.noun(noun)
        return (definite(found.text) if found else f"the {noun}"), end
    if word == "then":
        return memory.date(), end
    if word == "there":
        place = memory.place()
        if place is None:
            return "", end
        preposition = "in" if place.preposition in ("", "to", "from", "of") else place.preposition
        return f"{preposition} {_the(place)}", end
    is_ = subject and before[-1].lower() in BE
    thing = _meant(word, memory, subject=subject, is_=is_)
    if thing is None:
        return "", end
    if word in _OWNERS and not _is_object(word, after):
        return _owned(_the(thing), question, end)
    return _the(thing), end


def _meant(word: str, memory: Memory, *, subject: bool, is_: bool) -> Thing | None:
    if word in _PERSONAL:
        return memory.person()
    if word in _SEVERAL:
        return memory.people(agents=word in ("they", "their"))
    return memory.thing(subject=subject, is_=is_)


def _the(thing: Thing) -> str:
    """The thing as it is spoken of again."""
    counted = thing.part == "noun" and thing.plural and not thing.named
    bare = counted and thing.text.split()[0].lower() not in DETERMINERS
    return f"the {thing.text}" if bare else definite(thing.text)


def _owned(owner: str, question: str, end: int) -> tuple[str, int]:
    """What belongs to the owner: "Kest's king", "the king of the isles of Kest"."""
    if len(owner.split()) <= 3 and not any(w in PREPOSITIONS for w in owner.split()):
        return owner + ("'" if owner.endswith("s") and " and " in owner else "'s"), end
    noun = re.match(
        r"\s+(?:own )?((?:[a-z-]+ )?[a-z-]+)(?=\s*(?:[?.!]|$))|\s+([a-z-]+)", question[end:]
    )
    if noun is None:
        return owner + "'s", end
    return f"the {noun[1] or noun[2]} of {owner}", end + noun.end()
