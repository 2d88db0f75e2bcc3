"""Whether a sentence answers a yes/no question with yes, with no, or not at all. English rules.

Every word of the question must be found in one clause of the sentence, in the places that the
question gives them; the verb may be another of the same meaning, or its opposite. What is planned,
doubted or only similar settles nothing: a wrong answer is worse than none. What somebody says
counts as said; who says it is for the caller to show.
"""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.clause import PRONOUNS, SPEECH, UNSETTLED, Claim, Clause, Verdict
from assistant.form import form_of, opening, untagged
from assistant.verbs import words

LONGEST = 1_000
"""Characters; a longer sentence is a list or a broken text and is not judged."""

_REFUSES = re.compile(r"\b(?:fail|refuse|decline)d? to\b", re.IGNORECASE)
_SAYING = re.compile(rf"^[^,;]*?{SPEECH.pattern}[^,;]*?\bthat\b", re.IGNORECASE)
_SAID = re.compile(rf",[^,]*(?:{SPEECH.pattern}|\baccording to\b)[^,]*$|^according to[^,]*,", re.I)
_INSERTED = re.compile(r"(?<=\w), [^,;]{3,120}, (?=\w)|\([^()]*\)|[—–] [^—–]{3,120} [—–]")
_CLAUSES = re.compile(r"[;:—–!?.]\s+|,? \b(?:but|while|whereas|although|though|because)\b|, and\b")
_WHILE = re.compile(r"^(?:while|(?:even )?though|although|whereas) ([^,]+), ", re.IGNORECASE)
_TRUE = re.compile(r"^(?:is|was) it (?:true|right|correct|the case) that\s+", re.IGNORECASE)
_ASKED = re.compile(
    r"^(is|are|was|were|do|does|did|has|have|had|will|can|could|would|should|may|might|must)"
    r"(n't)?\s+(.+)$",
    re.IGNORECASE | re.DOTALL,
)
_STRAIGHT = str.maketrans("’‘“”", "''\"\"")
_NEGATED = re.compile(r"\b(?:not|never|no|none|nobody|nothing|neither)\b|n't\b", re.IGNORECASE)


def decide(question: str, sentence: str, before: str = "") -> Verdict:
    """Whether the sentence answers the question with yes, with no, or does not settle it.

    Args:
        question: a yes/no question; any other is not settled. One with a denial in it is judged as
            if it had none: "no" to "Did Israel not accept?" says that it did not.
        sentence: one sentence of an article.
        before: the sentence before it, which may name what a pronoun stands for.

    >>> decide("Did Israel accept the truce?", "Israel turned down the truce.")
    'no'
    >>> decide("Did 40 people die?", "The mayor said 40 people had died.")
    'yes'
    >>> decide("Did Israel accept the truce?", "Israel may accept the truce.")
    'unclear'
    """
    claim = _claim(question)
    if claim is None or len(sentence) > LONGEST or "?" in sentence:
        return "unclear"
    text = sentence.translate(_STRAIGHT)
    if not SPEECH.search(claim.core):
        text = _SAYING.sub(_unless_unsettled, text)
        text = _SAID.sub(_unless_unsettled, text)
    text = _WHILE.sub(r"\1; ", text)
    clauses = [*_CLAUSES.split(_INSERTED.sub(_unless_unsettled, text)), *_INSERTED.findall(text)]
    found = {Clause(claim, clause, before).verdict() for clause in clauses}
    found -= {"unclear"}
    if len(found) != 1:
        return "unclear"
    settled = found.pop()
    turned: dict[Verdict, Verdict] = {"yes": "no", "no": "yes"}
    return turned[settled] if _REFUSES.search(claim.core) else settled


@lru_cache(maxsize=16)
def _claim(question: str) -> Claim | None:
    """What the question claims, None if nothing settles it; read once for many sentences."""
    if form_of(question) != "yes_no":
        return None
    core = _TRUE.sub("", untagged(opening(question)[1]).translate(_STRAIGHT)).rstrip("?. ")
    match = _ASKED.match(core)
    aux, core = (match[1].lower(), match[3]) if match else ("", core)
    claim = Claim(aux, core, tuple(words(core)))
    leans = not claim.asked or core.split()[0].lower() in PRONOUNS
    return None if leans or _denied(question, core) else claim


def _denied(question: str, core: str) -> bool:
    """Whether the question itself denies, otherwise than by "did it not"."""
    stated = _TRUE.search(question) is not None
    words = {match.group().lower() for match in _NEGATED.finditer(core)}
    return bool(words) if stated else bool(words - {"not", "n't"})


def _unless_unsettled(match: re.Match[str]) -> str:
    """Nothing in place of words that leave what is said beside them as it is."""
    doubts = UNSETTLED.search(match.group()) or _NEGATED.search(match.group())
    return match.group() if doubts else " "
