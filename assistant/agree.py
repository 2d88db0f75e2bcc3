"""What speaks against a sentence's being carried by words of a source, each told in a few words.

Pure functions. Names, numbers, opposites, yes and no, doubt and speakers are looked at one by one:
however similar the rest, a sentence with a number that its source does not have is not carried.
English only where it is about words of grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from assistant.cues import CONDITION, DENIAL, DOUBT, INSERTED, INTENDED, QUOTES, SAYS
from assistant.qualify import qualified
from assistant.slots import exchanged, misplaced
from assistant.verbs import words
from assistant.words import content, names, negated, numbers, opening_name, plain
from index import sentences

MOST = 0.5
"""Share of the words in common that must be doubted, or somebody's, for the sentence to need it."""

_CAREFUL = re.compile(
    rf"\b(?:{DOUBT}|{CONDITION}|{SAYS}|according to|per|view|words|account|claims?|reports?|"
    r"statement|allegations?|accusations?|would|could|possible|possibility|potential\w*|"
    r"uncertain\w*|plans?|proposals?|goal|hopes?)\b",
    re.IGNORECASE,
)
_DENIES = re.compile(
    rf"\b(?:{DENIAL}|declin\w+|doubt\w*|left out|without|against|conditional|open|objected|"
    r"conceded|only|\w{3,}est|un\w{5,}|in\w{3,}able|off|missed|avoid\w*)\b",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"\b|\b(?:1\d|20)\d\d\b"
)
_SCALE = re.compile(r"\b(?:hundred|thousand|million|billion|trillion)\b", re.IGNORECASE)
_OTHERWISE = {
    str(number): re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for number, words in enumerate(
        (
            "none|no",
            "a|an|single|first|once",
            "both|pair|couple|twice|second|halves|double\\w*|either|neither|former",
            "third|triple\\w*|trio|three times",
            "fourth|quarters?|quadrupled?",
            "fifth",
            "sixth|half a dozen",
            "seventh",
            "eighth",
            "ninth",
            "tenth|decade",
        )
    )
}
"""Other words for small numbers."""

_NO_NAME = frozenset(
    """someone somebody nobody everyone everybody anyone besides despite although whereas unlike
    meanwhile instead both neither another others several few many""".split()
)
"""Words that begin a sentence and are no names."""

_NAME_RUN = re.compile(r"\b(?!The\b)[A-Z]\w+(?:(?: (?:of|and|the|for|de))? [A-Z]\w+)+")

# Endings that make the name of a people of the name of a country, and names that change more.
_PEOPLE = ("i", "n", "an", "ian", "ese", "ish", "er", "is")
_PEOPLES = """
france french | britain british uk | spain spanish spaniard | germany german | netherlands dutch
holland | greece greek | switzerland swiss | poland polish pole | turkey turkish turk türkiye |
denmark danish dane | sweden swedish swede | finland finnish finn | ireland irish | wales welsh |
scotland scottish scot | england english | norway norwegian | china chinese | portugal portuguese |
vietnam vietnamese | thailand thai | peru peruvian | ukraine ukrainian | palestine palestinian |
hungary hungarian | afghanistan afghan | europe european | lebanon lebanese | philippines filipino
philippine | argentina argentine argentinian | cyprus cypriot | congo congolese | belgium belgian |
czechia czech | canada canadian | mexico mexican | sudan sudanese | taiwan taiwanese | us american
america | eu european | italy italian | iceland icelandic | slovakia slovak | croatia croatian croat
| serbia serbian serb | kazakhstan kazakh | myanmar burmese burma | saudi arabia
"""


@dataclass(frozen=True)
class Objection:
    """What speaks against it; a `grave` one leaves nothing of the sentence carried."""

    reason: str
    grave: bool = True


def objections(
    sentence: str, quoted: Sequence[str], around: Sequence[str], about: str = ""
) -> list[Objection]:
    """Everything that speaks against the sentence, the gravest first.

    Args:
        sentence: of an answer.
        quoted: the words that are to carry it, one text for each place.
        around: the passages that they stand in.
        about: titles, outlets and dates of the articles.
    """
    found = missing(sentence, quoted, about)
    found += [one for one in _names(sentence, quoted, about) if not one.grave]
    if not any(one.grave for one in found):
        found += _places(sentence, around)
    found += [*_opposites(sentence, quoted), *_yes_or_no(sentence, quoted)]
    found += _care(sentence, quoted)
    return sorted(found, key=lambda one: not one.grave)


def missing(sentence: str, quoted: Sequence[str], about: str = "") -> list[Objection]:
    """Names and numbers of the sentence that these words, titles, outlets and dates do not have."""
    found = [*_numbers(sentence, quoted, about), *_names(sentence, quoted, about)]
    return [one for one in found if one.grave]


def _numbers(sentence: str, quoted: Sequence[str], about: str) -> Iterator[Objection]:
    text = " ".join(quoted)
    lost = numbers(sentence) - numbers(text)
    if lost and _DAY.search(sentence):
        lost -= numbers(about.replace("-0", "-").replace("-", " "))
    # "Four of the 11 million" where the source has "four million".
    if lost and _SCALE.search(sentence):
        lost -= numbers(_SCALE.sub("", text))
    lost -= {number for number in lost if number in _OTHERWISE and _OTHERWISE[number].search(text)}
    if lost:
        yield Objection(f"the source has no {' or '.join(sorted(lost))}")


def _names(sentence: str, quoted: Sequence[str], about: str) -> Iterator[Objection]:
    text = " ".join([*quoted, about])
    there = set(content(text))
    lost = [word for word in _said(names(sentence) - there, sentence) if not _known(word, text)]
    if lost:
        yield Objection(f"the source does not name {' '.join(lost)}")
        return
    opening = _said(opening_name(sentence) - there, sentence)
    if opening and opening[0].lower() not in _NO_NAME and not _known(opening[0], text):
        yield Objection(f"the source does not have {opening[0]}", grave=False)


def _said(stems: Set[str], sentence: str) -> list[str]:
    """The words of the sentence with these stems, as they stand there."""
    found = [word for word in re.findall(r"\w+", plain(sentence)) if stems & set(content(word))]
    return list(dict.fromkeys(found))


def _known(name: str, text: str) -> bool:
    """Whether the text has the name in another form: of the people, in full, or its initials."""
    return bool(_forms(name.lower()) & _all_forms(text)) or name.lower() in _initials(text)


@lru_cache(maxsize=512)
def _all_forms(text: str) -> frozenset[str]:
    capitals = re.findall(r"\b[^\W\d_a-z]\w*", plain(text))
    return frozenset(form for name in capitals for form in _forms(name.lower()))


@lru_cache(maxsize=4096)
def _forms(name: str) -> frozenset[str]:
    """What the name of a country and of its people have in common."""
    if name in _GROUPS:
        return _GROUPS[name]
    cut = {name.removesuffix(ending) for ending in _PEOPLE if len(name) - len(ending) > 3}
    return frozenset({name, *cut, *(one.rstrip("aeo") for one in cut if len(one) > 4)})


def _peoples() -> dict[str, frozenset[str]]:
    groups: dict[str, frozenset[str]] = {}
    for row in _PEOPLES.split("|"):
        group = frozenset(row.split())
        groups |= dict.fromkeys(group, group)
    return groups


_GROUPS = _peoples()


def _initials(text: str) -> set[str]:
    """Initials of the names in the text, and for its abbreviations their letters."""
    full = {
        "".join(word[0] for word in run.group().split() if word[0].isupper()).lower()
        for run in _NAME_RUN.finditer(plain(text))
    }
    return {name for name in full if len(name) > 1}


def _places(sentence: str, around: Sequence[str]) -> Iterator[Objection]:
    text = " ".join(around)
    there = set(content(text))
    if mention := misplaced(sentence, around):
        yield Objection(f"the source says this of another than {mention.text}")
        return
    word = exchanged(sentence, around)
    # Another form of a name ("WHO") is no other name.
    if word and (set(content(word)) & there or not _known(word, text)):
        yield Objection(f"the source has another in the place of {word}")


def _opposites(sentence: str, quoted: Sequence[str]) -> Iterator[Objection]:
    """A word that the source has only as its opposite, where both say yes or both say no."""
    text = " ".join(quoted)
    if negated(sentence) != negated(text):
        return
    there = {(word.key, word.sign) for word in words(text) if word.says}
    for word in words(sentence):
        if word.says and (word.key, -word.sign) in there and (word.key, word.sign) not in there:
            yield Objection(f"the source says the opposite of “{word.low}”")
            return


def _yes_or_no(sentence: str, quoted: Sequence[str]) -> Iterator[Objection]:
    text = " ".join(quoted)
    if negated(sentence) and not negated(text):
        there = {(word.key, word.sign) for word in words(text) if word.says}
        said = [word for word in words(sentence) if word.says]
        turned = any((word.key, -word.sign) in there for word in said)  # "did not accept"
        here = {match.group().lower() for match in _DENIES.finditer(sentence)}
        denial = any(m.group().lower() not in here for m in _DENIES.finditer(text))
        if not (turned or denial):
            yield Objection("the source does not deny it")
    elif not (negated(sentence) or _DENIES.search(sentence)):
        spots = _spots(sentence, quoted)
        denied = [spot for spot in spots if "denied" in spot]
        if spots and len(denied) > MOST * len(spots):
            yield Objection("the source denies it", grave=False)


def _care(sentence: str, quoted: Sequence[str]) -> Iterator[Objection]:
    """A doubt, a condition or a speaker that the sentence leaves out."""
    if _CAREFUL.search(sentence) or INTENDED.search(sentence) or QUOTES.search(sentence):
        return
    spots = _spots(sentence, quoted)
    careful = [spot for spot in spots if spot & {"attributed", "doubted", "conditioned"}]
    if spots and len(careful) > MOST * len(spots):
        sorts = set().union(*careful)
        told = "as doubtful" if "doubted" in sorts else "on a condition"
        if "attributed" in sorts:
            told = "as somebody’s words"
        yield Objection(f"the source says it {told}", grave=False)


def _spots(sentence: str, quoted: Sequence[str]) -> list[frozenset[str]]:
    """For each word that a sentence of the source shares, how that is said there.

    Only the sentence of each quote that shares most is looked at.
    """
    wanted = set(content(sentence))
    found: list[frozenset[str]] = []
    for text in quoted:
        spans = sentences(text)
        if not spans:
            continue
        start, end = max(spans, key=lambda s: len(wanted & set(content(text[s[0] : s[1]]))))
        shared = [
            match
            for match in re.finditer(r"\w+(?:['’.-]\w+)*", text[start:end])
            if wanted & set(content(match.group()))
        ]
        # What is inserted ("the mayor, who was elected in 2019, said") is the article's own words.
        inserted = [match.span() for match in INSERTED.finditer(text[start:end])]
        outer = [m for m in shared if not any(a <= m.start() < b for a, b in inserted)]
        if len(outer) > len(shared) - len(outer):
            found += [_how(text, start + m.start(), start + m.end()) for m in outer]
    return found


@lru_cache(maxsize=4096)
def _how(text: str, start: int, end: int) -> frozenset[str]:
    return frozenset(qualified(text, start, end).sorts)
