"""Words of a sentence as the checks see them: stems, numbers, names, negation, hedges."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from index.words import STOP_WORDS

_WORD = re.compile(r"\w+(?:['’]\w+)?", re.UNICODE)
_NUMBER = re.compile(r"(?<![\w.])\d+(?:[.,:]\d+)*")
_NAME = re.compile(r"\b[^\W\d_a-z]\w*(?:[-.’'][^\W\d_]\w*)*")
_NEGATIONS = frozenset(
    ["not", "no", "never", "none", "neither", "nor", "nobody", "nothing", "without", "cannot"]
)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_DOTTED = re.compile(r"\b(?:[A-Za-z]\.){2,}")
_LONG_NAMES = {
    "United States": "US",
    "United Nations": "UN",
    "United Kingdom": "UK",
    "European Union": "EU",
}
_LONG_NAME = re.compile("|".join(_LONG_NAMES))
_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = dict(
    zip(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
        range(20, 100, 10),
        strict=True,
    )
)
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_SPOKEN = {word: value for value, word in enumerate(_UNITS)} | _TENS
# "one" is a pronoun more often than a number, and "a second" is not 2.
_NOT_ALONE = frozenset(["one", "zero"])


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Snowball's English stem (Porter 2001) of a word in lower case, possessive taken off."""
    word = word.lower().replace("’", "'").removesuffix("'s")
    return str(_stemmer().stemWord(word))


@lru_cache(maxsize=1)
def _stemmer():  # type: ignore[no-untyped-def]  # the library has no types
    import snowballstemmer

    return snowballstemmer.stemmer("english")


def plain(text: str) -> str:
    """The text with abbreviations and numbers written one way.

    >>> plain("The United States and the U.N. sent 1,200 men.")
    'The US and the UN sent 1200 men.'
    """
    text = _DOTTED.sub(lambda match: match.group().replace(".", ""), text)
    text = _LONG_NAME.sub(lambda match: _LONG_NAMES[match.group()], text)
    return _THOUSANDS.sub("", text)


def content(text: str) -> list[str]:
    """Stems of the words that carry meaning, in order; numbers in digits.

    >>> content("The U.S. proposed a truce of 1,200 hours.")
    ['us', 'propos', 'truce', '1200', 'hour']
    """
    words = (match.group() for match in _WORD.finditer(plain(text)))
    return [stem(word) for word in words if _says_something(word)]


def _says_something(word: str) -> bool:
    # "US" and "IT" are names, "us" and "it" are not.
    return word.lower() not in STOP_WORDS or (len(word) > 1 and word.isupper())


def numbers(text: str) -> set[str]:
    """Numbers in digits, thousands separators taken out, spoken numbers turned into digits.

    >>> sorted(numbers("The 21-day truce cost twenty-eight lives and $3.5 million."))
    ['21', '28', '3.5']
    """
    found = {match.group().rstrip(".,:") for match in _NUMBER.finditer(plain(text))}
    return found | set(_spoken(text))


def _spoken(text: str) -> Iterable[str]:
    total, run = 0, []
    for word in [*re.findall(r"[a-z]+|[^\sa-z-]", text.lower()), "."]:
        if word in _SPOKEN:
            total += _SPOKEN[word]
            run.append(word)
        elif word in _SCALES and run:
            total *= _SCALES[word]
            run.append(word)
        else:
            if run and not (len(run) == 1 and run[0] in _NOT_ALONE):
                yield str(total)
            total, run = 0, []


def names(text: str) -> set[str]:
    """Stems of words with a capital, the first word of the text only if it has two capitals.

    >>> sorted(names("Yesterday Emmanuel Macron met the U.N. envoy."))
    ['emmanuel', 'macron', 'un']
    """
    text = plain(text)
    found: set[str] = set()
    for match in _NAME.finditer(text):
        word = match.group()
        opens = not _WORD.search(text[: match.start()])
        if opens and sum(letter.isupper() for letter in word) < 2:
            continue
        found.update(stem(part) for part in _WORD.findall(word) if _says_something(part))
    return found


def negated(text: str) -> bool:
    """Whether a word of negation occurs.

    >>> negated("Israel didn't agree."), negated("Israel agreed.")
    (True, False)
    """
    words = {match.group().lower().replace("’", "'") for match in _WORD.finditer(text)}
    return bool(words & _NEGATIONS) or any(word.endswith("n't") for word in words)
