"""An English question taken apart: what it asks with, its subject, its verb, and the rest.

Rules on words; knows nothing of conversations.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.follow_up.inflect import is_base, is_past, is_third
from assistant.form import opening

WH = frozenset("who whom whose what which when where why how".split())
DO = frozenset("do does did".split())
BE = frozenset("is are was were".split())
_HAVE = frozenset("has have had".split())
_MODAL = frozenset("can could will would shall should may might must".split())
AUX = DO | BE | _HAVE | _MODAL
PREPOSITIONS = frozenset(
    """about according across after against along among around as at because before behind below
    between beyond by despite during for from in inside into like near of off on onto outside over
    since through to toward towards under until up upon via with within without""".split()
)
DETERMINERS = frozenset(
    "the a an this that these those its his her their our your my some any no each every".split()
)
PRONOUNS = frozenset("he she it they we you i him her them this that there".split())
_PLACING = frozenset("in on at for from with under against".split())
_BREAKS = frozenset("that which who whom whose when where while if whether because".split())
_ADVERBS = frozenset("not also ever still already now then really actually last first".split())
STATES = frozenset(
    """safe old true dead alive open closed legal illegal guilty innocent effective dangerous
    married ready available expensive cheap larger smaller bigger older younger higher lower longer
    shorter better worse more less responsible able likely willing aware part in on at""".split()
)


@dataclass(frozen=True)
class Shape:
    """The parts of a question as they follow each other; each may be empty.

    `asks` is "How many", `noun` "rockets", then `aux`, `subject`, `verb` and `rest`. `lead` stands
    before all ("According to the Post,"). Without a subject it is asked who or what did it.
    """

    lead: str = ""
    asks: str = ""
    noun: str = ""
    aux: str = ""
    subject: str = ""
    verb: str = ""
    rest: str = ""

    @property
    def wh(self) -> str:
        """The word that asks: "who", "how"; empty for a yes/no question."""
        return next((word for word in self.asks.lower().split() if word in WH), "")

    @property
    def yes_no(self) -> bool:
        """Whether it asks for yes or no."""
        return not self.asks and bool(self.aux)

    def text(self) -> str:
        """The parts as a question.

        >>> taken_apart("why did Kest sign the pact").text()
        'Why did Kest sign the pact?'
        """
        aux = self.aux.lower() if self.asks else self.aux
        parts = (self.lead, self.asks, self.noun, aux, self.subject, self.verb, self.rest)
        joined = " ".join(part for part in parts if part)
        return joined[:1].upper() + joined[1:] + "?"


@dataclass(frozen=True)
class Phrase:
    """A noun phrase of a question, the preposition before it, and the part it stands in."""

    text: str
    preposition: str
    part: str

    @property
    def whole(self) -> str:
        """With its preposition."""
        return f"{self.preposition} {self.text}".strip()


def taken_apart(question: str) -> Shape | None:
    """The question's parts; None if it does not read as a question.

    >>> shape = taken_apart("How many medals did Norvia win at the games?")
    >>> shape.asks, shape.noun, shape.subject, shape.verb, shape.rest
    ('How many', 'medals', 'Norvia', 'win', 'at the games')
    """
    lead, core = opening(question)
    tokens = re.sub(r"[\s?!.]+$", "", core).split()
    if not tokens:
        return None
    low = [token.lower() for token in tokens]
    start = 1 if low[0] in PREPOSITIONS and len(low) > 1 and low[1] in WH else 0
    if low[start] in AUX:
        return _with_aux(tokens, 0, Shape(lead=lead))
    if low[start] not in WH:
        return None
    begin, end = _noun(low, start)
    asks, noun = " ".join(tokens[:begin]), " ".join(tokens[begin:end])
    if end < len(tokens) and low[end] in AUX:
        return _with_aux(tokens, end, Shape(lead=lead, asks=asks, noun=noun))
    verb, rest = " ".join(tokens[end : end + 1]), " ".join(tokens[end + 1 :])
    return Shape(lead=lead, asks=asks, noun=noun, verb=verb, rest=rest)


def phrases(shape: Shape) -> list[Phrase]:
    """The noun phrases in order.

    >>> [p.whole for p in phrases(taken_apart("Who proposed the truce in Sarn?"))]
    ['the truce', 'in Sarn']
    """
    parts = {"lead": shape.lead.rstrip(","), "noun": shape.noun}
    parts |= {"subject": shape.subject, "rest": shape.rest}
    return [phrase for part, text in parts.items() for phrase in chunks(text, part)]


def chunks(text: str, part: str = "") -> list[Phrase]:
    """A text cut at its prepositions; what follows "that" or "when" is left out."""
    found: list[Phrase] = []
    preposition, words = "", list[str]()
    tokens = [*text.split(), ""]
    for i, token in enumerate(tokens):
        low = token.lower()
        if low == "to" and i + 1 < len(tokens) and is_base(tokens[i + 1]):
            low = "that"  # "to host the games" is a clause
        if low in AUX and len(words) > 1:
            low = "that"  # so is "the work would cost"
        if token and low not in PREPOSITIONS and low not in _BREAKS:
            words.append(token)
            continue
        if words:
            found.append(Phrase(" ".join(words).rstrip(","), preposition, part))
        elif preposition and low in PREPOSITIONS:
            low = f"{preposition} {low}"
        if low in _BREAKS:
            break
        preposition, words = low, []
    return found


def lone_nouns(question: str) -> list[str]:
    """The nouns behind "the" that nothing describes further.

    >>> lone_nouns("Why did the mayor of Vell close the new port after the storm?")
    ['storm']
    """
    low = re.sub(r"[\s?!.,]+$", "", question.lower()).split()
    return [
        noun
        for i, noun in enumerate(low[1:], 1)
        if low[i - 1] == "the" and noun.isalpha() and _ends_phrase(low[i + 1 : i + 2])
    ]


def _ends_phrase(after: Sequence[str]) -> bool:
    ends = (PREPOSITIONS - {"of"}) | AUX | DETERMINERS | _ADVERBS | _BREAKS | {"and", "or", "so"}
    return not after or after[0] in ends or is_base(after[0]) or is_past(after[0])


def _noun(low: Sequence[str], start: int) -> tuple[int, int]:
    """Where the noun behind "which" or "how many" begins and ends."""
    wh, i = low[start], start + 1
    if i < len(low) and low[i] in ("else", "exactly"):
        i += 1
    if wh in ("who", "whom", "when", "where", "why") or i >= len(low):
        return i, i
    if wh == "how":
        if low[i] not in ("many", "much"):  # "how old", "how"
            begin = next((k for k in range(i, min(i + 3, len(low))) if low[k] in AUX), i)
            return begin, begin
        i += 1
    j = i
    while j < len(low) and low[j] not in AUX:
        if (is_past(low[j]) or (is_third(low[j]) and wh == "what")) and (
            j > i or _opens_phrase(low, j)
        ):
            break
        # In "which countries border the lake" only what follows shows the verb.
        if j > i and is_base(low[j]) and _opens_phrase(low, j):
            break
        j += 1
    if j == len(low) and len(low) > i + 1 and wh != "how":
        j = i + 1
    return i, j


def _opens_phrase(low: Sequence[str], verb: int) -> bool:
    """Whether behind this word a phrase begins, as behind a verb."""
    after = low[verb + 1] if verb + 1 < len(low) else ""
    rest = low[verb + 1 :]
    if any(word in AUX for word in rest[:3]):
        return False
    return not after or after in DETERMINERS | PREPOSITIONS or not is_past(after)


def _with_aux(tokens: Sequence[str], at: int, shape: Shape) -> Shape:
    """The shape with the auxiliary that stands at `at` and what follows."""
    aux, tail = tokens[at], list(tokens[at + 1 :])
    verb = _verb(tail, aux.lower(), may_open=bool(shape.asks))
    begin = verb
    while begin > 1 and verb < len(tail) and tail[begin - 1].lower() in _ADVERBS:
        begin -= 1
    subject, said = " ".join(tail[:begin]), " ".join(tail[begin : verb + 1])
    rest = " ".join(tail[verb + 1 :])
    return Shape(shape.lead, shape.asks, shape.noun, aux, subject, said, rest)


def _verb(tail: Sequence[str], aux: str, *, may_open: bool) -> int:
    """Where the verb stands behind an auxiliary; the end if there is none."""
    low = [token.lower() for token in tail]
    fits = is_base if aux in DO | _MODAL else is_past
    first = next((i for i, word in enumerate(low) if word not in _ADVERBS), 0)
    if may_open and low[first : first + 1] and fits(low[first]):
        return first
    if low[:1] and low[0] in PRONOUNS and (len(low) < 2 or low[1] not in _ADVERBS):
        return 1
    found = [
        i for i in range(1, len(low)) if fits(low[i]) and tail[i].islower() and not _inside(low, i)
    ]
    if aux in BE and not found:
        found = [i for i in range(1, len(low)) if low[i] in STATES and not _inside(low, i)][:1]
        found = [i for i in found if low[i] not in PREPOSITIONS]
    if found:
        at = found[0]
        return at + 1 if at + 1 in found else at  # "the peace deal held", "the vote take place"
    if aux in BE and not may_open and tail[:1] and tail[0][0].isupper():  # "was Kest in the pact"
        return next((i for i, word in enumerate(low) if i and word in _PLACING), len(low))
    if aux in BE | _HAVE:
        return len(low)
    return _behind_names(tail) if low[:1] and low[0] not in DETERMINERS else min(2, len(low))


def _inside(low: Sequence[str], at: int) -> bool:
    """Whether a word belongs to the noun behind it: "the fire service"."""
    before = low[at - 1]
    return before in DETERMINERS | PREPOSITIONS or before.endswith(("'s", "’s"))


def _behind_names(tail: Sequence[str]) -> int:
    """The first word in small letters behind a name."""
    for i in range(1, len(tail)):
        small = tail[i].islower() and tail[i].lower() not in PREPOSITIONS | {"and"}
        if small and not _inside([token.lower() for token in tail], i):
            return i
    return len(tail)
