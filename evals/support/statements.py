"""Questions with their answers as statements: "Who built it?" becomes "Ada Weir built it".

People write a question in their own words, so that the statement is a paraphrase of the passage.
Forms that cannot be turned into a sentence by rule give nothing.
"""

from __future__ import annotations

import re

from assistant.follow_up.inflect import is_base
from assistant.verbs import IRREGULAR

_PASTS = {
    row.split()[0]: (row.split()[1] if len(row.split()) > 1 else row.split()[0])
    for row in IRREGULAR.split(";")
    if row.split()
}
_AUX = r"(?:is|was|are|were|has|had|have|will|would|can|could|may|might|must|should)"
_PAST = "|".join(sorted({*_PASTS.values()} - {"was", "were", "had", "did"}, key=len, reverse=True))
_SUBJECT = re.compile(
    rf"(?:who|what|which)(?P<noun>(?: [\w'-]+){{0,3}}?) "
    rf"(?P<rest>(?:{_AUX}|[a-z]{{3,}}ed|{_PAST}) .+)",
    re.IGNORECASE,
)
_COUNT = re.compile(
    rf"how (?:many|much) (?P<noun>[a-z][\w' -]*?) (?P<rest>(?:{_AUX}|[a-z]{{3,}}ed|{_PAST}) .+)",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"(?P<word>when|where|(?:in |on |at )?(?:what|which) (?:year|month|day|date|city|country|state|"
    r"town|place|century|decade)) (?P<aux>is|was|are|were|had|has) "
    r"(?P<subject>(?:the |a |an )?[\w'’ .-]+?) (?P<verb>[a-z]+(?:ed|en)|"
    + _PAST
    + r")\b(?P<rest>.*)",
    re.IGNORECASE,
)
_DID = re.compile(
    r"(?P<word>when|where|what|who|whom|(?:in |on |at )?(?:what|which)(?: [\w-]+){1,2}|"
    r"how (?:many|much)(?: [\w-]+){1,2}) did (?P<rest>.+)",
    re.IGNORECASE,
)
_INVERTED = re.compile(
    rf"{_AUX} (?:the|a|an|his|her|their|its|it|he|she|they|there|this|that|[A-Z])"
)
_PLACE_OR_TIME = re.compile(r"(?:when|where|in|on|at)\b|.*\b(?:year|date|day|month)\b", re.I)
_PREPOSED = re.compile(r"(?:in|on|at|by|during|from|since|after|before|near|until|to)\b", re.I)
_YEAR = re.compile(r"(?:the )?(?:early |late |mid-)?(?:1\d|20)\d\ds?\b|[A-Z][a-z]+ (?:1\d|20)\d\d$")

MOST_ANSWER = 9
"""Words of an answer that is put into a statement."""


def statement(question: str, answer: str) -> str | None:
    """The question and its answer as one sentence, or None.

    >>> statement("Who designed the bridge over the Ouse?", "Ada Weir")
    'Ada Weir designed the bridge over the Ouse.'
    >>> statement("When did the mill close for good?", "1931")
    'The mill closed for good in 1931.'
    >>> statement("How many boats were lost in the storm?", "twelve")
    'Twelve boats were lost in the storm.'
    >>> statement("Why did it close?", "the flood")
    """
    asked, answer = " ".join(question.split()).rstrip("? ."), answer.strip(" .,;:")
    if not answer or len(answer.split()) > MOST_ANSWER:
        return None
    made = _counted(asked, answer) or _placed(asked, answer) or _done(asked, answer)
    made = made or _subject(asked, answer)
    if made is None or len(made.split()) < 5:
        return None
    return f"{made[0].upper()}{made[1:]}."


def past(base: str) -> str:
    """The past form of a verb.

    >>> past("reject"), past("begin"), past("carry"), past("close")
    ('rejected', 'began', 'carried', 'closed')
    """
    if base in _PASTS:
        return _PASTS[base]
    if base.endswith("e"):
        return f"{base}d"
    if re.search(r"[^aeiou]y$", base):
        return f"{base[:-1]}ied"
    return f"{base}ed"


def _subject(asked: str, answer: str) -> str | None:
    match = _SUBJECT.fullmatch(asked)
    if match is None or _INVERTED.match(match["rest"]) or " did " in f" {match['noun']} ":
        return None
    return f"{answer} {match['rest']}"


def _counted(asked: str, answer: str) -> str | None:
    match = _COUNT.fullmatch(asked)
    if match is None or _INVERTED.match(match["rest"]):
        return None
    named = match["noun"].split()[-1].lower() in answer.lower()
    return f"{answer} {match['rest']}" if named else f"{answer} {match['noun']} {match['rest']}"


def _placed(asked: str, answer: str) -> str | None:
    match = _WHEN.fullmatch(asked)
    if match is None:
        return None
    words = f"{match['subject']} {match['aux']} {match['verb']}{match['rest']}"
    return f"{words} {_where(match['word'], answer)}"


def _done(asked: str, answer: str) -> str | None:
    match = _DID.fullmatch(asked)
    if match is None:
        return None
    words = match["rest"].split()
    verb = next((i for i, word in enumerate(words) if i and is_base(word)), 0)
    if not verb:
        return None
    begun = " ".join([*words[:verb], past(words[verb])])
    rest = " ".join(words[verb + 1 :])
    if _PLACE_OR_TIME.match(match["word"]):
        return f"{begun} {rest} {_where(match['word'], answer)}".replace("  ", " ")
    if re.match(r"how (?:many|much)", match["word"], re.IGNORECASE):
        noun = " ".join(match["word"].split()[2:])
        answer = answer if noun.lower() in answer.lower() else f"{answer} {noun}"
    ends = words[-1].lower()
    if ends in ("of", "to", "for", "with", "from", "in", "on", "by", "as", "at", "about"):
        return f"{begun} {rest} {answer}"
    return f"{begun} {answer} {rest}".strip()


def _where(word: str, answer: str) -> str:
    if _PREPOSED.match(answer):
        return answer
    lead = word.split()[0].lower()
    if lead in ("in", "on", "at"):
        return f"{lead} {answer}"
    if lead == "where" or _YEAR.match(answer) or "year" in word:
        return f"in {answer}"
    return f"on {answer}" if re.search(r"\d|day\b", answer) else f"in {answer}"
