"""The stand-alone questions that one question consists of: rules for English.

A wrong cut does harm, so that what may be one question stays whole. Knows nothing of articles.
"""

from __future__ import annotations

import re

from assistant.follow_up import condense, leans
from assistant.form import opening
from assistant.several.carry import Part, beside, carried
from assistant.several.phrases import AUX, PREPOSITION, SUBJECT, WH
from assistant.state import Query
from assistant.types import Turn
from assistant.words import content

MOST = 4
"""Parts at most; a question of more stays whole."""

LONGEST = 500
"""Characters; what is longer is a text more than a question, and stays whole."""

_PREMISE = re.compile(r"(?P<told>[A-Z][^?!]{12,}[.])\s+(?P<asks>[A-Z][^?]*\?)$")
_ASIDE = re.compile(r"\([^()]*\)\s*\W*$")
_JOINT = re.compile(
    rf"(?P<mark>\s*;\s*(?:and\s+)?|\s*,\s*(?:and\s+|but\s+)?|\s+(?:and|but)\s+)(?:also\s+|then\s+)?"
    rf"(?=(?:{PREPOSITION}\s+)?{WH}\b|{AUX}\s)",
    re.I,
)
_ASKS = re.compile(rf"(?:{PREPOSITION} )?{WH}\b|{AUX} ", re.I)
_YES_NO = re.compile(rf"{AUX} ", re.I)
_EMBEDS = re.compile(rf"\b(?:{WH}|that|whether|if)\b", re.I)
_WH_PHRASE = rf"(?:{PREPOSITION} )?{WH}\b(?: (?!{AUX} )[\w'-]+){{0,4}}?"
_INVERTED = re.compile(
    rf"{_WH_PHRASE} (?:(?:do|does|did)(?:n't)? (?!not\b)\w|{AUX} {SUBJECT})", re.I
)
_BARE = re.compile(
    rf"(?:(?:{PREPOSITION} )?(?:when|where|why|how(?: (?:long|often|soon|far|much))?|whom)"
    rf"(?: exactly)?|{PREPOSITION} (?:who|what|which|how (?:many|much))(?: \w+)?)$",
    re.I,
)
_ADVERB = re.compile(r"(?:when|where|why|how)\b(?! (?:many|much)\b)", re.I)
_AMOUNT = re.compile(r"how (?:many|much)\b", re.I)
_ASKER = re.compile(rf"(?:(?:{PREPOSITION} )?{WH}|how (?:many|much) [\w'-]+)$", re.I)
_OWN_SUBJECT = re.compile(
    rf"{AUX} (?:he|she|it|they|there|any(?:one|body|thing)?|some(?:one|body))\b", re.I
)
_BECAME = re.compile(r"what (?:became|happened|came)\b", re.I)
_BARE_SUBJECT = re.compile(rf"{_WH_PHRASE} {AUX} [a-z]", re.I)
_COUNTED = re.compile(
    rf"(?P<how>how (?:many|much))(?P<noun>(?: (?!{AUX} )[\w'-]+){{0,3}}) (?P<aux>{AUX}) "
    r"(?P<verb>[\w'-]+)(?P<rest> .+)?$",
    re.I,
)
_INTRANSITIVE = (
    r"(?:died|fled|voted|escaped|survived|came|left|attended|stayed|took|had|got|went|fell|lost|"
    r"remained|won|joined|marched|signed)"
)
_SHORTENED = re.compile(
    rf"how (?:many|much) (?!{_INTRANSITIVE}\b)(?P<verb>\w+(?:ed|en|hurt|lost|sunk|shot|sold|built|"
    rf"held|left))(?P<tail> {PREPOSITION} .+)?$",
    re.I,
)
_TAIL = re.compile(r" (?:in|at|on|during|by|from|near) (?:the |a |an )?[\w'. -]+$", re.I)
_DANGLING = re.compile(rf"(?P<head>how (?:many|much) .+) (?P<last>{PREPOSITION})$", re.I)
_OTHER_WAY = re.compile(
    rf"how (?:many|much) (?P<way>{PREPOSITION}) (?P<what>(?:the|a|an|[A-Z]).*)$"
)
_ELSEWHERE = re.compile(r"how (?:many|much) (?P<where>(?:in|at|on|during|near) [^?]+)$", re.I)
_NAMED = r"the (?:[\w'-]+ ){0,2}?[\w'-]+"
_TELLERS = re.compile(
    rf"(?P<asks>(?:what|which|how|who)\b.*?) (?P<aux>do|did) (?P<one>{_NAMED}) and "
    rf"(?P<two>{_NAMED}) (?P<told>(?:report|say|write|give|put|claim|state|count|estimate|tell|"
    r"cite)\b.*)$",
    re.I,
)
_BY_BOTH = re.compile(rf"according to (?P<one>{_NAMED}) and (?P<two>{_NAMED}),$", re.I)


def parts(question: str) -> tuple[str, ...]:
    """The stand-alone questions that a question consists of, in order; itself if it is single.

    A part that needs the answer of an earlier one has its pronoun, see `split`.

    >>> parts("Who proposed the truce and who rejected it?")
    ('Who proposed the truce?', 'Who rejected the truce?')
    >>> parts("Who were the founders of Quill and Marrow?")
    ('Who were the founders of Quill and Marrow?',)
    """
    return tuple(part.question for part in split(question))


def premise_of(question: str) -> tuple[str, str]:
    """What is stated before a question, and the question; empty if nothing is.

    >>> premise_of("The dam broke in May. Who built it?")
    ('The dam broke in May.', 'Who built it? (dam broke)')
    """
    found = _PREMISE.match(question.strip())
    if not found or len(question) > LONGEST or _ASKS.match(f"{found['told']} "):
        return "", ""
    return found["told"], beside(found["asks"], found["told"])


def split(question: str) -> tuple[Part, ...]:
    """The parts with what the later ones need of the earlier ones' answers.

    >>> split("Who leads the union and what did she say?")[1]
    Part(question='What did she say?', needs=0, pronoun='she')
    """
    whole = (Part(question),)
    # Words in brackets are of an earlier question, and belong to all of it.
    if len(question) > LONGEST or _ASIDE.search(question):
        return whole
    lead, core = opening(question)
    if lead:
        both = _BY_BOTH.match(lead)
        if both is None or _YES_NO.match(core):
            return whole
        return tuple(Part(f"According to {both[name]}, {core}") for name in ("one", "two"))
    pieces = [piece for sentence in _asked(core) for piece in _cut(sentence)]
    if len(pieces) == 1:
        tellers = _TELLERS.match(core)
        return _each(tellers) if tellers else whole
    if not 1 < len(pieces) <= MOST:
        return whole
    return carried(_completed(pieces))


def _asked(core: str) -> list[str]:
    """The sentences of a question without their marks; none where one of them does not ask."""
    sentences = [one.strip() for one in re.split(r"(?<=\?)\s+", core)]
    opens = r"^(?:and|but|also|then),? (?=(?:\w+ ){0,2}(?:" + f"{WH}|{AUX})\\b)"
    sentences = [re.sub(opens, "", one, flags=re.I) for one in sentences]
    told = any(re.search(r"[.!]\s+[A-Z]", one) and not one.count("?") for one in sentences)
    bare = [_written_out(sentences[0], one) for one in sentences]
    return [] if told or not all(map(_ASKS.match, [f"{one} " for one in bare])) else bare


def _written_out(first: str, sentence: str) -> str:
    """A sentence without its marks; "And Ms. Lind?" with what it takes from the first one."""
    asks = _ASKS.match(f"{sentence.rstrip(' ?.!')} ")
    if not asks and sentence.endswith("?") and sentence is not first and _ASKS.match(first):
        before = (Turn(first, ""),)
        if leans(sentence, before):
            sentence = condense(Query(sentence, before))
    return sentence.rstrip(" ?.!")


def _cut(sentence: str) -> list[str]:
    """A sentence cut where a new question begins; "when and where was he born" into both."""
    found: list[str] = []
    rest = sentence
    joints = list(_JOINT.finditer(sentence))
    begin = 0
    for at, joint in enumerate(joints):
        left, right = sentence[begin : joint.start()], sentence[joint.end() :]
        follows = joints[at + 1 :]
        upto = next((one.start() - joint.end() for one in follows), len(right))
        listed = any("and" in one["mark"] for one in follows)
        if "and" in joint["mark"] and _ASKER.match(left):
            if shared := _shared(left, right):
                return [*found, *shared]
            continue
        if _begins(left, right, right[:upto], joint["mark"], listed=listed):
            found.append(left)
            begin, rest = joint.end(), right
    return [*found, rest]


def _shared(left: str, right: str) -> list[str]:
    """Two questions for "when" and "where was he born": what follows belongs to both."""
    asks = _ASKER.match(right) or re.match(
        rf"(?:(?:{PREPOSITION} )?{WH}|how (?:many|much) [\w'-]+)(?= {AUX} )", right, re.I
    )
    if asks is None or asks.end() == len(right):
        return []
    return [f"{left}{right[asks.end() :]}", right]


def _begins(left: str, right: str, first: str, mark: str, *, listed: bool) -> bool:
    """Whether a question of its own begins between `left` and `right`."""
    left = left.strip()
    if not _ASKS.match(f"{left} ") or not content(left):
        return False
    told = "and" in mark or "but" in mark or ";" in mark
    inverted = bool(_INVERTED.match(right))
    asker = _ASKER.match(left) is not None
    if asker:
        return False
    if not told and not (listed and (inverted or _AMOUNT.match(right))):
        return False
    opens = re.match(rf"(?:{PREPOSITION} )?{WH}\b", left, re.I)
    embeds = _EMBEDS.search(left, opens.end() if opens else 0) is not None
    if embeds:
        return (inverted or (bool(_BECAME.match(right)) and "," in mark)) and not _YES_NO.match(
            left
        )
    if _BARE.match(first):
        return True
    if _YES_NO.match(right):
        own = bool(_OWN_SUBJECT.match(right)) and bool(content(right))
        return own or (_YES_NO.match(left) is not None and _starts_with_subject(right))
    if _ADVERB.match(right) or re.match(rf"{PREPOSITION} ", right, re.I):
        return inverted or ("," in mark and bool(_BARE_SUBJECT.match(right)))
    if _AMOUNT.match(right):
        return len(right.split()) > 2
    return len(right.split()) > 2 or inverted or len(first.split()) > 1


def _starts_with_subject(right: str) -> bool:
    return re.match(rf"{AUX} {SUBJECT}", right, re.I) is not None and len(right.split()) > 3


def _completed(pieces: list[str]) -> list[str]:
    """The pieces with what "how many killed and how many wounded in the flood" leaves out."""
    made = [pieces[0]]
    for piece in pieces[1:]:
        before = made[-1]
        dangling, other = _DANGLING.match(before), _OTHER_WAY.match(piece)
        if dangling and other:
            made[-1] = f"{before} {other['what']}"
            made.append(f"{dangling['head']} {other['way']} {other['what']}")
            continue
        tail = _TAIL.search(before)
        if tail and _AMOUNT.match(before) and (elsewhere := _ELSEWHERE.match(piece)):
            made.append(f"{before[: tail.start()]} {elsewhere['where']}")
            continue
        counted = _COUNTED.match(before)
        if counted and _AMOUNT.match(piece):
            if shortened := _SHORTENED.match(piece):
                asked = f"{counted['how']}{counted['noun']} {counted['aux']}"
                piece = f"{asked} {shortened['verb']}{shortened['tail'] or ''}"
            if not counted["rest"] and (tail := _TAIL.search(piece)):
                made[-1] = f"{before}{tail.group()}"
        made.append(piece)
    return made


def _each(asked: re.Match[str]) -> tuple[Part, ...]:
    """A question for each of two who tell something."""
    found = []
    for name in (asked["one"], asked["two"]):
        one_tells = asked["aux"] == "do" and not name.endswith(("s", "police"))
        aux = "does" if one_tells else asked["aux"]
        told = asked["told"].rstrip(" ?.!")
        found.append(Part(f"{asked['asks']} {aux} {name} {told}?"))
    return tuple(found)
