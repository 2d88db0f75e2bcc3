"""Words of a claim and of a sentence, made comparable: one key for all of one meaning.

Tables of verbs and adjectives of English with their opposites and irregular forms.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.words import content, plain, stem

_OPPOSITES = """
accept agree approve endorse back support | reject refuse decline oppose dismiss
rise increase grow climb | fall drop decrease shrink
win | lose
open reopen | close shut
begin start
end stop finish
confirm | deny
survive alive | die dead kill death perish
safe | unsafe dangerous
convict guilty | acquit innocent
legal lawful | illegal unlawful
include | exclude
allow permit | ban forbid prohibit
happen occur hold | cancel
succeed | fail
free release
jail imprison
buy purchase acquire
hurt injure wound injury | unhurt unharmed
demand urge
fire launch
truce ceasefire armistice
"""
"""Verbs and adjectives of one meaning, and those of the opposite one behind the bar."""

IRREGULAR = """
beat beaten; become became; begin began begun; bind bound; blow blew blown; break broke broken;
bring brought; build built; buy bought; catch caught; choose chose chosen; come came; cost; cut;
deal dealt; do did done; draw drew drawn; drive drove driven; eat ate eaten; fall fell fallen;
feed fed; feel felt; fight fought; find found; flee fled; fly flew flown; forget forgot
forgotten; freeze froze frozen; get got; give gave given; go went gone; grow grew grown; hang
hung; hear heard; hide hid hidden; hit; hold held; hurt; keep kept; know knew known; lay laid;
lead led; leave left; lend lent; let; lose lost; make made; mean meant; meet met; pay paid;
prove proven; put; quit; ride rode ridden; rise rose risen; run ran; see saw seen; seek sought;
sell sold; send sent; set; shoot shot; shut; sing sang sung; sink sank sunk; sleep slept; speak
spoke spoken; spend spent; spread; stand stood; steal stole stolen; strike struck; sue sued;
swear swore sworn; sweep swept; swim swam swum; take took taken; teach taught; tear tore torn;
tell told; think thought; throw threw thrown; wear wore worn; win won; withdraw withdrew
withdrawn; write wrote written
"""
IRREGULAR_FORMS = frozenset(form for row in IRREGULAR.split(";") for form in row.split())
_PHRASES = tuple(
    (re.compile(rf"\b(?:{words})\b", re.IGNORECASE), one)
    for words, one in (
        (r"(?:turn(?:ed|s)?|vot(?:ed|es?)) down|vot(?:ed|es?) against", "rejected"),
        (r"call(?:ed|s)? off", "cancelled"),
        (r"t(?:ake|akes|ook|aken) place", "happened"),
        (r"agree[ds]? to(?= (?:the|an?|its|his|her|their)\b)", "accepted"),
        (r"no longer|(?:fail(?:ed|s)?|refus(?:ed|es?)|declin(?:ed|es?)) to", "not"),
        (r"manag(?:ed|es) to", "did"),
        (r"no one", "nobody"),
        (r"won't", "will not"),
        (r"can't|cannot", "can not"),
    )
)
_TOKEN = re.compile(r"\w+(?:[.,]\d+)*(?:'s\b)?|\$|€|£")
_MATTERS = frozenset("own all every both only alone before after between".split())
_DAYS = "mon tues wednes thurs fri satur sun".split()
_MONTHS = (
    "january february march april may june july august september october november december".split()
)
_SORTS = {stem(f"{day}day"): "day" for day in _DAYS} | {stem(month): "month" for month in _MONTHS}


def _forms() -> dict[str, str]:
    """Stems of irregular forms to the stem of the first one."""
    rows = [row.split() for row in IRREGULAR.split(";")]
    return {stem(form): stem(row[0]) for row in rows for form in row}


_FIRST = _forms()
SAME_PAST = frozenset("beat cost cut hit hurt let put quit read set shut spread".split())


def _meanings() -> dict[str, tuple[str, int]]:
    """Stems to the group they belong to, and on which side of it."""
    found = {}
    for row in _OPPOSITES.strip().splitlines():
        for sign, side in zip((1, -1), row.split("|"), strict=False):
            for word in side.split():
                found[_FIRST.get(stem(word), stem(word))] = (row.split()[0], sign)
    return found


_MEANING = _meanings()
ONCE = frozenset(
    _MEANING.get(stem(word), (stem(word), 1))[0]
    for word in """build sign die born found begin end resign elect open sink declare hold appoint
    release happen""".split()
)
"""Of these another day or year than the asked one makes a no; one may visit twice."""


@dataclass(frozen=True)
class Word:
    """A word: `key` is the same for all of one meaning, `sign` tells opposites apart."""

    low: str
    key: str
    sign: int
    capital: bool
    owns: bool

    @property
    def says(self) -> bool:
        """Whether it is more than a word of grammar."""
        return bool(self.key)

    @property
    def done(self) -> bool:
        """Whether it may be a participle."""
        first = _FIRST.get(stem(self.low), stem(self.low))
        return not self.capital and (self.low.endswith("ed") or first != stem(self.low))

    def same_verb(self, other: Word) -> bool:
        """Whether the other is a form of this very word."""
        one, two = stem(self.low), stem(other.low)
        return other.done and _FIRST.get(one, one) == _FIRST.get(two, two)

    @property
    def sort(self) -> str:
        """Which of the things it is that exclude each other."""
        if self.low.isdigit():
            return "year" if re.fullmatch(r"1\d{3}|20\d\d", self.low) else "number"
        return _SORTS.get(self.key, "") if self.capital else ""


def first_form(stemmed: str) -> str:
    """The stem of an irregular verb's first form, for that of any of its forms.

    >>> first_form("beaten"), first_form("truce")
    ('beat', 'truce')
    """
    return _FIRST.get(stemmed, stemmed)


def words(text: str) -> list[Word]:
    """The words in order, contractions and phrasal verbs resolved."""
    for phrase, one in _PHRASES:
        text = phrase.sub(one, text)
    text = plain(text.replace("n't", " not").replace("%", " percent"))
    return [_word(match.group()) for match in _TOKEN.finditer(text)]


def _word(token: str) -> Word:
    bare = token.removesuffix("'s")
    low = bare.lower()
    told = content(bare)
    key = told[0] if told else low if low in _MATTERS or bare == "May" else ""
    first = _FIRST.get(key, key)
    meaning, sign = _MEANING.get(first, (first, 1))
    return Word(key if key.isdigit() else low, meaning, sign, bare[:1].isupper(), bare != token)
