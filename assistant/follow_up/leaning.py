"""Whether a question needs what was said before; knows nothing of what it then becomes.

A question that stands alone must never be touched, so every rule here is in doubt for "it does".
"""

from __future__ import annotations

import re

from assistant.follow_up.ellipsis import bare
from assistant.follow_up.kinds import CLASSES, DATE
from assistant.follow_up.pronouns import pointers
from assistant.follow_up.shape import DETERMINERS, PREPOSITIONS, Shape, lone_nouns, taken_apart
from assistant.words import content, names

_OPENER = re.compile(
    r"^(?:(?:and|but|so|or|also|then|ok|okay|well|yes|yeah|hm+|please|ah|oh)\b[,:]?\s+)+"
    r"(?=\S)|^(?:(?:and|but|so|then)\b[,:]?\s+)+",
    re.IGNORECASE,
)
ABOUT = re.compile(
    r"^(?:what|how) (?:about|of|if it was|if it were)\s+|^same for\s+", re.IGNORECASE
)
CORRECTS = re.compile(
    r"^(?:(?:no|nope|sorry|pardon|oops|actually|wait|rather)\b[,.:;]?\s+)*"
    r"(?:i (?:mean|meant|asked about|(?:was|am) asking about)|i'm asking about|make that)\s+"
    r"|^(?:(?:no|nope|sorry|pardon|oops|wait)\b[,.:;]\s*)+(?=\S)",
    re.IGNORECASE,
)
NOT_BUT = re.compile(
    r"^(?:no, )?not (?P<old>[^,]+?),? (?:but |i mean |rather )?"
    r"(?P<new>(?<=, )[^,]+|(?<=but )[^,]+)$"
    r"|^(?P<first>[^,\s]+(?: [^,\s]+){0,3}), not (?P<second>[^,]+)$",
    re.IGNORECASE,
)
REQUEST = re.compile(
    r"^(?:(?:please |can you |could you )*(?:(?:tell|show|give) (?:me|us) )?(?:some |a bit |any )?"
    r"(?:more|more (?:details?|information|about (?:it|this|that|them))|details?|"
    r"(?P<explain>explain|elaborate|describe|summari[sz]e)(?: on)?"
    r"(?: (?:it|that|this|please|more))*|go on|continue|anything else|what else))(?: please)?$",
    re.IGNORECASE,
)
WHEN_WAS_THAT = re.compile(
    r"^(?P<wh>when|where|why|how) (?:was|is|did|does|has) (?:that|this|it)(?: happen(?:ed)?)?$|"
    r"^(?P<how>how) (?:come|so)$",
    re.IGNORECASE,
)
DOUBT = re.compile(
    r"^(?:really|seriously|so|so what|sure|are you (?:sure|certain|serious)|says who|"
    r"(?:is|was|are) (?:that|this|it) (?:true|right|correct|so|sure|certain|confirmed))$",
    re.IGNORECASE,
)
"""Asks whether what was answered is so."""

OFFICE = re.compile(
    r"\bthe (?:mayor|president|king|queen|government|parliament|council|capital|population|"
    r"(?:prime |foreign |interior )?minister)\b(?! of\b| [a-z]+ (?:is|was|did)\b)"
)
"""Of which every place has one."""

_CHAT = re.compile(
    r"^(?:thanks?(?: you)?|thx|great|good|nice|cool|perfect|hello|hi|hey|bye|goodbye|ok|okay|yes|"
    r"no|stop|help|test)(?: (?:a lot|very much|so much|you|then|bye|there))*$",
    re.IGNORECASE,
)
_VAGUE = frozenset(
    content(
        """people person many happen take part place long time cost first last year day number
        amount get give go come know old big high thing way lot kind sort begin end start name
        called exactly main other next else only new anyone anybody someone anything something
        everyone"""
    )
)
"""Stems that do not tell which event or thing is meant."""

_EXISTS = re.compile(r"\b(?:is|are|was|were) there (?:any|an?|in|at|on)\b", re.IGNORECASE)
_ABOUT = 9
"""Words; more of them behind "what about" are a question of their own."""

_RICH = 7
"""Content words of a question that tells enough by itself."""

_ENOUGH = 3
"""Content words of a clause that names what a pronoun behind it points at."""

_NEXT_CLAUSE = re.compile(
    r"\b(?:when|before|after|while|because|if|since|until|once|although|though)\b", re.IGNORECASE
)

_FRAGMENT = 5
"""Words; what has more of them is no fragment but a search."""


def body(question: str) -> str:
    """The question without "and" and the like, and without the marks at its end.

    >>> body("And so, who rejected it?")
    'who rejected it'
    """
    text = " ".join(question.split())
    return re.sub(r"[\s?!.]+$", "", _OPENER.sub("", text, count=1))


def needs(question: str, before: str = "") -> bool:
    """Whether the question needs what was said before.

    Args:
        question: as it was typed.
        before: the earlier stand-alone question, if it is known: "the tax" leans on a tax of it.

    >>> needs("And who rejected it?"), needs("Why?"), needs("What about Lebanon?")
    (True, True, True)
    >>> needs("What did Macron say about his plan?"), needs("So who won the Booker prize in 2019?")
    (False, False)
    """
    text = " ".join(question.split())
    plain = re.sub(r"[\s?!.]+$", "", text)
    core = body(text)
    if not re.search(r"\w", plain) or _CHAT.match(plain):
        return False
    if REQUEST.match(core) or DOUBT.match(core) or WHEN_WAS_THAT.match(core):
        return True
    corrected = CORRECTS.match(plain)
    if corrected:
        return not _whole(plain[corrected.end() :])
    if NOT_BUT.match(plain) or (ABOUT.match(core) and len(core.split()) <= _ABOUT):
        return True
    shape = taken_apart(core)
    opened = core != plain
    if shape is None:
        return _fragment(core, opened=opened, asked=text.endswith("?"))
    if shape.noun in ("one", "ones") or bare(shape):
        return True
    if pointed := pointers(core):
        anybody = [found.group().lower() for found in pointed] == ["they"] and _of_another(
            core, before
        )
        return not (_rich(core) or _told_before(core[: pointed[0].start()]) or anybody)
    return short_of_content(shape, core, before, opened=opened)


def _whole(text: str) -> bool:
    """Whether a question that stands alone follows "no, "."""
    shape = taken_apart(text)
    if shape is None or bare(shape) or pointers(text):
        return False
    return not short_of_content(shape, text, "", opened=False)


def _fragment(core: str, *, opened: bool, asked: bool) -> bool:
    """Whether a few words without a verb only change the question before."""
    words = core.split()
    if len(words) > _FRAGMENT + 2 * opened:
        return False
    first = words[0].lower()
    led = first in PREPOSITIONS | DETERMINERS or bool(DATE.fullmatch(words[0]))
    return opened or led or (asked and len(words) <= 3)


def _rich(core: str) -> bool:
    """Whether a question with a pronoun tells so much that the pronoun is hardly of another."""
    return len(content(core)) >= _RICH and any(word[0].isupper() for word in core.split()[1:])


def _of_another(core: str, before: str) -> bool:
    """Whether a question names somebody or something, and shares no word with the one before.

    >>> needs("When will they open the new airport in Varra?", "Who wants to merge the schools?")
    False
    """
    own = set(content(core))
    return (
        len(own) >= _ENOUGH
        and bool(names(core))
        and bool(before)
        and not own & set(content(before))
    )


def _told_before(head: str) -> bool:
    """Whether the clause before that of the pronoun tells enough to hold what it points at.

    >>> needs("how many cows did ada lind lose when her farm was flooded")
    False
    """
    clause = _NEXT_CLAUSE.search(head)
    return clause is not None and len(content(head[: clause.start()])) >= _ENOUGH


def short_of_content(shape: Shape, core: str, before: str, *, opened: bool) -> bool:
    """Whether a whole question names too little: "who abstained", "what is the fine"."""
    if any(w[0].isupper() or w[0].isdigit() for w in core.split()[1:]) or _EXISTS.search(core):
        return False
    told = [stem for stem in content(core) if stem not in _VAGUE]
    nouns = lone_nouns(core)
    office = OFFICE.search(core)
    if len(told) <= 2 and office and office.end() == len(core):
        return True
    if len(told) <= 2 and any(noun in CLASSES for noun in nouns):
        return True
    definite = bool(re.search(r"\b(?:the|that|those|these) \w", core))
    nobody = not shape.subject or shape.subject in ("anyone", "anybody", "someone")
    verbal = bool(shape.verb) and nobody and len(shape.rest.split()) <= 2
    if len(told) <= 1:
        return definite or verbal or not told or (shape.wh == "which" and not shape.noun)
    known = set(content(before))
    heads = {stem for noun in nouns for stem in content(noun)}
    return len(told) <= 2 + opened and bool(heads & known)
