"""What a source or an author may be called: in full, by initials, by a part that no other has."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from index.words import STOP_WORDS

_WORD = re.compile(r"[^\W_]+(?:['.&][^\W_]+)*")
_NO_HEAD = frozenset(
    """agency association company daily group international magazine media network news online press
    radio service today tv weekly""".split()
)
"""Last words of a name that do not stand for it."""

_ALSO_WORDS = frozenset(
    """argus bulletin chronicle courier dispatch echo economist examiner express gazette globe
    guardian herald independent inquirer journal ledger mail mercury messenger mirror monitor
    nation observer post record register reporter review sentinel spectator standard star sun
    telegraph times tribune voice week world april august july june march may summer summers
    winter winters day days""".split()
)
"""Names that are words too, so that only a capital or the words around them tell."""

_STROKES = dict(zip("øØłŁđĐ", "oOlLdD", strict=True))
"""Letters that Unicode does not take apart."""

_LONGEST = 8
"""Words of a name that is still taken apart."""


@dataclass(frozen=True)
class Alias:
    """Words in lower case that stand for a name, without accents.

    `partly` if they are not all of it; `weak` if the words that tell it from a place are not among
    them: "Sarn Valley" of the "Sarn Valley Echo".
    """

    words: str
    name: str
    partly: bool
    weak: bool = False

    @property
    def is_a_word(self) -> bool:
        """Whether it may well be something else at the beginning of a question."""
        return self.words in _ALSO_WORDS

    def meant_by(self, written: str, question: str) -> bool:
        """Whether these letters of the question are the name: "post" is a word, "Post" a paper.

        Where the question has no capitals at all, the letters do not tell.
        """
        if not self.partly and self.words not in _ALSO_WORDS:
            return True
        bare = re.sub(r"^the ", "", written, flags=re.IGNORECASE)
        if any(letter.isupper() for letter in bare):
            return True
        plain = any(letter.isupper() for letter in question)
        return not plain and self.words not in STOP_WORDS


def folded(text: str) -> str:
    """The text without accents, each letter in its place.

    >>> folded("Zoë Łukasz")
    'Zoe Lukasz'
    """
    return "".join(_bare(letter) for letter in text)


def source_aliases(names: Iterable[str]) -> list[Alias]:
    """The aliases of sources, "the" at their beginning left out."""
    known = {name: re.sub(r"^the ", "", _key(_plain(name)), flags=re.I) for name in names}
    known = {name: bare for name, bare in sorted(known.items()) if _WORD.search(bare)}
    parts: dict[str, set[str]] = defaultdict(set)
    strong: set[str] = set()
    for name, bare in known.items():
        for part, tells in _parts(_WORD.findall(bare)):
            parts[part.lower()].add(name)
            strong.update([part.lower()] if tells else [])
    return _aliases({bare.lower(): name for name, bare in known.items()}, parts, strong)


def author_aliases(names: Iterable[str]) -> list[Alias]:
    """The aliases of authors; "A, B" and "A and B" are two, each may go by the surname."""
    people = {
        person.strip(): person.strip()
        for name in names
        for person in re.split(r",|;|&|\band\b", _plain(name))
        if _WORD.search(person)
    }
    surnames: dict[str, set[str]] = defaultdict(set)
    for person in people:
        if " " in person:
            surnames[_key(person.split()[-1]).lower()].add(person)
    whole = {_key(person).lower(): person for person in sorted(people)}
    return _aliases(whole, surnames, set(surnames))


def _aliases(whole: dict[str, str], parts: dict[str, set[str]], strong: set[str]) -> list[Alias]:
    found = [Alias(words, name, False) for words, name in whole.items()]
    found += [
        Alias(words, min(of), True, words not in strong)
        for words, of in parts.items()
        if len(of) == 1 and words not in whole
    ]
    return found


def _parts(words: list[str]) -> Iterator[tuple[str, bool]]:
    """Initials, acronyms, the last word, and runs of several words; whether they tell the name."""
    if not 1 < len(words) <= _LONGEST:
        return
    single = [part for word in words for part in word.split("-")]
    for counted in (single, [word for word in single if word.lower() not in STOP_WORDS]):
        if len(counted) > 1:
            yield "".join(word[0] for word in counted), True
    for start, end in combinations(range(len(words) + 1), 2):
        run = words[start:end]
        if len(run) == 1:
            acronym = len(run[0]) > 1 and run[0].isupper()
            head = end == len(words) and run[0].lower() not in _NO_HEAD
            named = len(words) == 2 and end == 1 and words[1].lower() in _NO_HEAD
            if acronym or head or named:
                yield run[0], True
        elif len(run) < len(words):
            yield " ".join(run), end == len(words) or run[-1].lower() in _NO_HEAD


def _key(name: str) -> str:
    return folded(unicodedata.normalize("NFC", name))


def _bare(letter: str) -> str:
    first, *marks = list(unicodedata.normalize("NFD", letter))
    return _STROKES.get(letter, first if all(map(unicodedata.combining, marks)) else letter)


def _plain(name: str) -> str:
    return re.sub(r"\s+", " ", name.replace("’", "'")).strip()
