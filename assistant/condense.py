"""A follow-up question made to stand alone, without a language model.

A question that leans on what was said before ("and who rejected it?", "why?", "what about
Lebanon?") is given the content words of the question before it, and after "he" or "they" the names
of its answer; any other is left untouched.
"""

from __future__ import annotations

import re

from assistant.state import Query
from index.words import STOP_WORDS

_LEANS = re.compile(
    r"^(?:and|but|so|then|also|or|why|how so|what about|how about|what else|who else|where else|"
    r"which one|when was that|really|what of)\b",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\b(?:it|its|they|them|their|he|him|his|she|her|hers|this|that|these|those|there|then|one|"
    r"ones|both|the (?:same|former|latter|other|others))\b",
    re.IGNORECASE,
)
# "this" in "this year" and "there" in "were there any" point at nothing that was said.
_POINTS_NOWHERE = re.compile(
    r"\b(?:(?:is|are|was|were) there|(?:this|that) (?:year|week|month)|it (?:is|was) said)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(r"\b(?:he|him|his|she|her|hers|they|them|their)\b", re.IGNORECASE)
_NAME = re.compile(r"\b[^\W\d_a-z][\w'’-]+")
_WORD = re.compile(r"[\w'’.-]*\w")
_SHORT = 4
"""Content words; a question with more of them that opens with a conjunction may stand alone."""

_MOST_CONTEXT = 10
"""Words taken over from what was said before."""

_SHORT_ANSWER = 200
"""Characters; a longer answer names too much to say who "he" is."""


def condense(query: Query) -> str:
    """The question as it can be understood by itself.

    >>> from assistant.types import Turn
    >>> before = (Turn("Who proposed the truce?", "The U.S. and France."),)
    >>> condense(Query("And who rejected it?", before))
    'And who rejected it? (proposed truce)'
    >>> condense(Query("How many rockets did Hezbollah fire?", before))
    'How many rockets did Hezbollah fire?'
    """
    standalone, said = "", ""
    for turn in query.history:
        known = turn.answer.understood.question if turn.answer is not None else ""
        standalone = known or _joined(turn.question, standalone, said)
        said = turn.text
    return _joined(query.question, standalone, said)


def _joined(question: str, before: str, said: str) -> str:
    """The question with what it leans on: words of the question before, names of its answer."""
    question = question.strip()
    if not before or not leans(question):
        return question
    own = {word.lower() for word in _WORD.findall(question)}
    words = [word for word in _WORD.findall(before) if word.lower() not in STOP_WORDS]
    if _PERSON.search(question) and len(said) <= _SHORT_ANSWER:
        words += [
            word
            for word in _NAME.findall(said)
            if word[0].isupper() and word.lower() not in STOP_WORDS
        ]
    context = [word for word in dict.fromkeys(words) if word.lower() not in own]
    return f"{question} ({' '.join(context[-_MOST_CONTEXT:])})" if context else question


def leans(question: str) -> bool:
    """Whether the question needs what was said before."""
    content = [w for w in _WORD.findall(question) if w.lower() not in STOP_WORDS]
    if _LEANS.match(question) and len(content) <= _SHORT:
        return True
    own = [w for w in content if w[0].isupper()]
    pointing = _POINTS.search(_POINTS_NOWHERE.sub("", question))
    # A pronoun after a name of its own ("What did Macron say about his plan?") is settled inside.
    settled = pointing is not None and any(
        question.find(word) < pointing.start() for word in own if question.find(word) > 0
    )
    return not content or (pointing is not None and not settled)
