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
_SCALES = {
    "dozen": 12,
    "hundred": 100,
    "thousand": 1_000,
    "million": 1_000_000,
    "billion": 1_000_000_000,
    "trillion": 1_000_000_000_000,
}
_SHORT_SCALES = {"bn": "billion", "tn": "trillion"}
_SCALE_AFTER = re.compile(r"\s?(dozen|hundred|thousand|(?:m|b|tr)illion|bn|tn)\b")
_TITLES = frozenset(["mr", "mrs", "ms", "dr", "prof", "sir", "dame", "lord", "lady"])
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
    return [_digits(word) or stem(word) for word in words if _says_something(word)]


def _digits(word: str) -> str:
    value = _SPOKEN.get(word.lower(), 12 if word.lower() == "dozen" else None)
    return "" if value is None else str(value)


def _says_something(word: str) -> bool:
    if word.lower() in _TITLES:
        return False
    # "US" and "IT" are names, "us" and "it" are not.
    return word.lower() not in STOP_WORDS or (len(word) > 1 and word.isupper())


def numbers(text: str) -> set[str]:
    """Numbers in digits, thousands separators taken out, spoken numbers turned into digits.

    >>> sorted(numbers("The 21-day truce cost twenty-eight lives and $3.5 million."))
    ['21', '28', '3500000']
    """
    text = plain(text)
    found = set(_spoken(text))
    for match in _NUMBER.finditer(text):
        number = match.group().rstrip(".,:").removesuffix(":00")
        scale = _SCALE_AFTER.match(text, match.end())
        if scale and number.replace(".", "", 1).isdigit():
            number = f"{float(number) * _SCALES[_SHORT_SCALES.get(scale[1], scale[1])]:.10g}"
        found.add(number)
    return found


def _spoken(text: str) -> Iterable[str]:
    words = [*re.findall(r"[a-z]+|[^\sa-z-]", text.lower()), "."]
    total, part, run = 0, 0, 0
    for i, word in enumerate(words):
        follows = words[i + 1] if i + 1 < len(words) else ""
        if word in _SPOKEN:
            part, run = part + _SPOKEN[word], run + (2 if word not in _NOT_ALONE else 1)
        elif word == "a" and follows in _SCALES:
            part, run = 1, 2
        elif word in _SCALES and run:
            if word == "hundred":
                part *= 100
            else:
                total, part = total + part * _SCALES[word], 0
        elif word == "and" and run and words[i - 1] in _SCALES and follows in _SPOKEN:
            continue
        else:
            if run > 1 or total:
                yield f"{total + part:.10g}"
            total, part, run = 0, 0, 0


def names(text: str) -> set[str]:
    """Stems of words with a capital, the first word of the text only if it has two capitals.

    >>> sorted(names("Yesterday Emmanuel Macron met the U.N. envoy."))
    ['emmanuel', 'macron', 'un']
    """
    text = plain(text)
    found: set[str] = set()
    for match in _NAME.finditer(text):
        word = match.group()
        if not word[0].isupper():
            continue
        opens = not _WORD.search(text[: match.start()])
        if opens and sum(letter.isupper() for letter in word) < 2:
            continue
        found.update(stem(part) for part in _WORD.findall(word) if _says_something(part))
    return found


def all_names(text: str) -> set[str]:
    """As `names`, its first word too if it has a capital: for an answer, or where it may be one.

    >>> sorted(all_names("Macron met the U.N. envoy."))
    ['macron', 'un']
    """
    return names(f"So {text}")


def opening_name(text: str) -> set[str]:
    """The stem of the first word if it has a capital and says something: it may be a name.

    >>> opening_name("Macron spoke."), opening_name("The president spoke.")
    ({'macron'}, set())
    """
    match = _WORD.search(plain(text))
    if match is None or not match.group()[0].isupper() or not _says_something(match.group()):
        return set()
    return {stem(match.group())}


def negated(text: str) -> bool:
    """Whether a word of negation occurs.

    >>> negated("Israel didn't agree."), negated("Israel agreed.")
    (True, False)
    """
    words = {match.group().lower().replace("’", "'") for match in _WORD.finditer(text)}
    return bool(words & _NEGATIONS) or any(word.endswith("n't") for word in words)
