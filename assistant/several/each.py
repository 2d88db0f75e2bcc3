"""What a question asks of each of several things: "how old are A and B" as two questions.

Rules for English without a tagger: where the first thing begins is told by the word before it and
by what the last one looks like, where that ends by its capitals or by the verb that must be left.
Whether the articles tell of the things together is for others to see; knows nothing of articles.
"""

from __future__ import annotations

import re

from assistant.form import opening
from assistant.several.phrases import AUX, DO, PREPOSITION, WH, YES_NO, is_participle
from assistant.words import content

MOST = 4
"""Things at most; of more it is asked as a whole."""

LONGEST = 9
"""Words of a thing at most: what is longer is no name."""

_JOINT = re.compile(r"(?:,? and|,? or) (?:(?:according to|by|in|on|for) )?", re.I)
_DETERMINER = re.compile(r"(?:the|an?|his|her|its|their|this|that|these|those)$", re.I)
_STARTS = re.compile(rf"(?:{AUX}|{WH}|{PREPOSITION}|than|as|both|either|list|name)$", re.I)
_NO_THING = re.compile(rf"(?:{WH}|{PREPOSITION}|that|then|not|many|much|more|less)$", re.I)
_ENDS = re.compile(
    rf"(?:{AUX}|{PREPOSITION}|be|been|each|both|together|respectively|now|today|due)$", re.I
)
_VERB = re.compile(
    r"(?:say|report|give|differ|agree|disagree|compare|contradict|belong|cost|last|hold|work|live|"
    r"own|lead|run|want|propose|offer|write|think|come|die|go|get|do|make|put|count|plan|earn)$",
    re.I,
)
_CAPITAL = re.compile(r"[^\W\d_a-z]|\d")
_POSSESSIVE = re.compile(r"(?:['’]s|s['’])$")
_COMPARED = re.compile(
    r"^(?P<of>.*?) ?\b(?:(?:dis)?agree|differ|compare|contradict (?:each other|one another)|vary)\b"
    r"(?: (?:on|about|over|in|as to|regarding))? ?(?P<what>.*)$",
    re.I,
)
_ASKS = re.compile(rf"(?:{PREPOSITION} )?(?:{WH}|{AUX}|list|name|give|compare)\b", re.I)
_SINGULAR = {"are": "is", "were": "was", "have": "has", "do": "does"}
_EACH = re.compile(r" (?:each|both|respectively|in turn)\b", re.I)
_DAY = re.compile(r"\bday\b|^\d+ [A-Z]|^[A-Z][a-z]+ \d+$|^\d{4}$")

Words = list[str]


def of_each(question: str) -> tuple[tuple[str, str], ...]:
    """Each of the things named side by side with the question for it; none where it names one.

    >>> of_each("How old are Ada Lind and Ivo Marran?")
    (('Ada Lind', 'How old is Ada Lind?'), ('Ivo Marran', 'How old is Ivo Marran?'))
    >>> of_each("How old is Ada Lind?")
    ()
    """
    lead, core = opening(question)
    text = " ".join(core.split()).rstrip(" ?.!")
    if not _ASKS.match(text) or "(" in text:
        return ()
    for joint in reversed(list(_JOINT.finditer(text))):
        if found := _things(text[: joint.start()].split(), text[joint.end() :].split()):
            before, things, after = found
            if YES_NO.match(text) and not _COMPARED.match(" ".join(after)):
                return ()
            if 1 < len(things) <= MOST:
                return tuple((one, _asked(lead, before, one, after)) for one in things)
    return ()


def _things(left: Words, right: Words) -> tuple[Words, list[str], Words] | None:
    """The words before the things, the things, and the words after them."""
    if not left or not right or _NO_THING.match(right[0]):
        return None
    owned = _POSSESSIVE.search(left[-1]) is not None
    begin = _begin(left, right)
    if not begin or not _alike(left[begin - 1], left[begin:], right):
        return None
    before = left[begin - 1].lower()
    if before == "between":
        end = len(right)
    else:
        end = _end(left[begin:], right, owned=owned, inverted=before in DO)
    things = [one.strip(" ,") for one in re.split(r", ", " ".join(left[begin:]))]
    things.append(" ".join(right[:end]).strip(" ,"))
    if any(not content(one) or len(one.split()) > LONGEST for one in things):
        return None
    return left[:begin], things, right[end:]


def _alike(before: str, first: Words, last: Words) -> bool:
    """Whether two noun phrases look alike enough to stand side by side.

    "The founders of Quill and Marrow" has one name, "supply and demand" none.
    """
    is_subject = re.match(rf"{AUX}$", before, re.I) is not None
    named = [any(map(_CAPITAL.match, words[:2])) for words in (first, last)]
    if _DETERMINER.match(last[0]):
        return bool(_DETERMINER.match(first[0])) or all(named)
    if "of" in first[-2:-1] and named[1]:
        return False
    if all(named) and not first[0].endswith(",") and not first[0][0].islower():
        return before.lower() != "of"
    if named[1]:
        return is_subject and _DETERMINER.match(first[0]) is not None
    if _DETERMINER.match(first[0]) or _NO_THING.match(first[0]):
        return False
    return len(first) > 1 and (is_subject or "," in " ".join(first))


def _begin(left: Words, right: Words) -> int | None:
    """Where the first thing begins among the words before the joint."""
    at = len(left)
    while True:
        at = _item(left[:at], right)
        if at < 0:
            return None
        if at == 0 or not left[at - 1].endswith(","):
            return at


def _item(left: Words, right: Words) -> int:
    """Where the thing begins that these words end with; -1 if that cannot be told."""
    at = len(left) - 1
    if _CAPITAL.match(left[at]) and not _has_determiner(left):
        while at and _CAPITAL.match(left[at - 1]) and not left[at - 1].endswith(","):
            at -= 1
        return at if at or not _STARTS.match(left[0]) else 1
    if not _DETERMINER.match(right[0]) and not _has_determiner(left):
        while at and not _STARTS.match(left[at - 1]) and not left[at - 1].endswith(","):
            at -= 1
        return at if at else -1
    for at in range(len(left) - 1, 0, -1):
        if at < len(left) - 1 and left[at].endswith(","):
            return at + 1
        if not _DETERMINER.match(left[at]):
            continue
        before = left[at - 1].lower()
        joins = before == "of" or re.match(rf"{PREPOSITION}$", before) is not None
        if not joins or not (before in right or (before == "of" and "between" in left)):
            return at
    return -1


def _has_determiner(left: Words) -> bool:
    """Whether the noun phrase at the end of these words has a determiner."""
    for at in range(len(left) - 1, -1, -1):
        if _DETERMINER.match(left[at]):
            return True
        if at < len(left) - 1 and (left[at].endswith(",") or _STARTS.match(left[at])):
            return left[at].lower() == "of" and _has_determiner(left[:at])
    return False


def _end(first: Words, right: Words, *, owned: bool, inverted: bool) -> int:
    """How many words the last thing has."""
    shared = {word.lower() for word in first}
    named = _CAPITAL.match(right[0]) is not None
    for at, word in enumerate(right):
        if at == 0:
            continue
        if owned and _POSSESSIVE.search(right[at - 1]):
            return at
        if word.lower() == "of" or word.lower() in shared or _POSSESSIVE.search(right[at - 1]):
            continue
        capital = _CAPITAL.match(word) is not None
        if _ENDS.match(word) or (inverted and _VERB.match(word)):
            return at
        if named and not capital and _CAPITAL.match(right[at - 1]):
            return at
    last = right[-1]
    leaves_verb = inverted or (is_participle(last) and not _CAPITAL.match(last))
    return len(right) - 1 if leaves_verb and len(right) > 1 else len(right)


def _asked(lead: str, before: Words, thing: str, after: Words) -> str:
    """The question for one of the things."""
    rest = _EACH.sub("", f" {' '.join(after)}").strip()
    compared = _COMPARED.match(rest)
    if compared and (compared["what"] or compared["of"]):
        return _of_one(thing, compared["of"].strip(), compared["what"].strip())
    begin = list(before)
    if begin[-1].lower() == "between":
        begin[-1] = "on" if _DAY.search(thing) else "with"
    verb = begin[-1].lower()
    if verb in _SINGULAR and not re.search(r"[^s'’]s$", thing):
        begin[-1] = _SINGULAR[verb]
    text = " ".join(filter(None, [lead, *begin, thing, rest]))
    return f"{text[:1].upper()}{text[1:]}?"


def _of_one(thing: str, of: str, what: str) -> str:
    """What one of those says whose accounts are compared."""
    if _POSSESSIVE.search(thing) or of:
        about = f" of {what}" if what else ""
        return f"What is {thing} {of}{about}?"
    if re.match(rf"(?:{PREPOSITION} )?{WH}\b", what, re.I):
        return f"According to {thing}, {what}?"
    return f"What was {what}, according to {thing}?"
