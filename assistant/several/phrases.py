"""Noun phrases of a question, found without a tagger: what it is about, what its verb acts on.

Rules for English that lean on how questions are built; knows nothing of parts or answers.
"""

from __future__ import annotations

import re

from assistant.verbs import IRREGULAR_FORMS

WH = r"(?:who|whom|whose|what|which|when|where|why|how)"
AUX = (
    r"(?:(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|"
    r"must)(?:n't)?)"
)
PREPOSITION = (
    r"(?:up to|out of|in|on|at|by|to|for|from|with|of|about|under|over|against|during|after|before|"
    r"near|into|through|since|until|between|among|across|towards?)"
)
SUBJECT = (
    r"(?:the|an?|this|that|these|those|its?|they|their|he|his|she|her|there|any|all|some|"
    r"(?-i:[A-Z])[\w.'-]*)\b"
)

_INVERTED = re.compile(
    rf"(?P<asks>(?:{PREPOSITION} )?{WH}\b(?: (?!{AUX} )[\w'-]+){{0,4}}?) (?P<rest>(?P<aux>{AUX}) "
    rf"(?:(?<=do )|(?<=did )|(?<=does )|(?={SUBJECT}))(?P<told>.+))$",
    re.I,
)
YES_NO = re.compile(rf"(?P<aux>{AUX}) (?P<told>.+)$", re.I)
IDENTITY = re.compile(r"(?:who|what) (?:is|was|are|were) (?P<what>(?:the|an?|[A-Z]).+)$", re.I)
_NAME_OF = re.compile(r"the (?:name|names|title) of ", re.I)
_CAPITALS = re.compile(r"(?:the )?[A-Z][\w'-]*(?: (?:of )?(?:the )?[A-Z][\w'-]*)*")
_DETERMINERS = frozenset("the a an this that these those his her their its all some".split())
DO = frozenset(["do", "does", "did"])
_HAVE = frozenset(["has", "have", "had"])
_MODALS = frozenset("can could will would shall should may might must".split())
_PARTICLES = frozenset("back up down out off away over in on".split())
_ENDS_PHRASE = re.compile(
    rf"(?:{PREPOSITION}|{AUX}|{WH}|be|been|being|and|or|not|that|than|as|ever)$", re.I
)


def inverted_of(first: str) -> re.Match[str] | None:
    """A question's `asks`, `aux` and what it `told` behind that; None where who does it is asked.

    >>> inverted_of("when was the dam built")["told"], inverted_of("who built the dam")
    ('the dam built', None)
    """
    found = _INVERTED.match(first)
    if found and found["aux"].lower() in _HAVE and not is_participle(found["told"].split()[-1]):
        return None  # "which town has the oldest mill"
    return found


def subject_of(first: str) -> str:
    """Whom or what an inverted question is about: "the dam" of "when was the dam built"."""
    inverted = inverted_of(first) or YES_NO.match(first)
    if inverted is None:
        return ""
    words = inverted["told"]
    identity = IDENTITY.match(first)
    if identity:
        return _NAME_OF.sub("", _head(identity["what"]))
    if words[:1].isupper() and (named := _CAPITALS.match(words)):
        return named.group()
    run = _run(words)
    while len(run) > 2 and run[-1] in _PARTICLES:
        run.pop()
    acts = inverted["aux"].lower() in DO | _MODALS and words.split()[len(run) :][:1] != ["be"]
    if len(run) > 2 and (acts or is_participle(run[-1])):
        run.pop()
    return _definite(" ".join(run)) if len(run) > 1 and run[0].lower() in _DETERMINERS else ""


def object_of(first: str) -> str:
    """The thing that a question names behind its verb: "the truce" of "who proposed the truce"."""
    inverted = inverted_of(first) or YES_NO.match(first)
    if inverted is None:
        return _first_phrase(first.partition(" ")[2])
    if IDENTITY.match(first):
        return ""
    subject = subject_of(first)
    return _first_phrase(inverted["told"][len(subject) :]) if subject else ""


def _run(words: str) -> list[str]:
    """The words from the beginning up to one that ends a noun phrase."""
    found: list[str] = []
    for word in words.split():
        if found and (_ENDS_PHRASE.match(word) or word.lower() in _DETERMINERS):
            break
        if len(found) > 1 and (word.lower().endswith("ed") and is_participle(word)):
            break
        found.append(word)
    return found


def _first_phrase(words: str) -> str:
    """The first noun phrase with a determiner or a capital."""
    for at, word in enumerate(tokens := words.split()):
        if at and tokens[at - 1].lower() in ("in", "on", "at", "from", "during", "since", "after"):
            continue
        if word.lower() in _DETERMINERS or word[:1].isupper():
            return _definite(_head(" ".join(tokens[at:])))
    return ""


def _head(words: str) -> str:
    """A noun phrase up to the first preposition; "of" goes on only in a name."""
    if named := _CAPITALS.match(words):
        return named.group()
    run = _run(words)
    rest = words.split()[len(run) :]
    if _NAME_OF.match(words):
        return f"{' '.join(run)} of {_head(' '.join(rest[1:]))}"
    return " ".join(run)


def _definite(phrase: str) -> str:
    return re.sub(r"^an? ", "the ", phrase)


def is_participle(word: str) -> bool:
    """Whether the word may be a past form: "closed", "sunk"."""
    return word.lower().endswith("ed") or word.lower() in IRREGULAR_FORMS
