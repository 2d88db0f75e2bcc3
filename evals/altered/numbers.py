"""Other numbers in place of a sentence's own, by rule.

What may still be true is left out: numbers after words such as "about" or "at least", a value that
the paragraph has elsewhere in any form, parts of a range, a name or a time of day.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from evals.altered.paragraphs import Paragraph

Made = tuple[str, str]
"""The kind of change, and the sentence with it."""

_BEFORE = r"(?<![\w.,:/–—-])"
_AFTER = r"(?![\w:/–—-]|[.,]\d)"
_DIGITS = re.compile(rf"{_BEFORE}(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?{_AFTER}")
_ORDINAL = re.compile(rf"{_BEFORE}(\d+)(st|nd|rd|th){_AFTER}")
_YEAR = re.compile(r"1[0-9]{3}|20[0-2][0-9]")
_PERCENT = re.compile(r"\s?(?:%|per\s?cent\b)")
_LOOSE = re.compile(
    r"\b(?:about|around|nearly|almost|approximately|roughly|some|circa|c\.|ca\.|over|under|above|"
    r"below|than|least|most|to|until|before|after|since|by|or|up)\s+[$£€]?$",
    re.IGNORECASE,
)
_SMALL = "two three four five six seven eight nine ten eleven twelve".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_PLACES = "third fourth fifth sixth seventh eighth ninth tenth".split()
_SCALES = ["thousand", "million", "billion", "trillion"]
_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_VALUES = dict(zip([*_SMALL, *_TENS], [*range(2, 13), *range(20, 100, 10)], strict=True))
_WORD = re.compile(rf"(?<![\w-])(?:{'|'.join([*_SMALL, *_TENS, *_PLACES, *_SCALES])})(?![\w-])")
_CALENDAR = re.compile(
    rf"(?<![\w-])(?:(?<=\d )(?:{'|'.join(_MONTHS)})|(?:{'|'.join(_MONTHS)})(?= \d)|"
    rf"{'|'.join(_DAYS)})(?![\w-])"
)


def other_numbers(sentence: str, paragraph: Paragraph, rng: random.Random) -> Iterator[Made]:
    """The sentence with one of its numbers changed, one after the other and in several ways."""
    taken = _values(paragraph.text)
    nearby = paragraph.apart(sentence)
    for match in _DIGITS.finditer(sentence):
        if not _LOOSE.search(sentence[: match.start()]):
            for kind, new in _of_digits(match, sentence, rng):
                if _value(new) not in taken:
                    yield kind, _put(sentence, match, new)
            yield from _from_nearby(match, sentence, nearby, rng)
    for match in _ORDINAL.finditer(sentence):
        place = int(match[1]) + rng.choice((-1, 1))
        if place > 0 and not re.search(rf"\b{place}(?:st|nd|rd|th)\b", paragraph.text):
            yield "ordinal", _put(sentence, match, _ordinal(place))
    for match in [*_WORD.finditer(sentence), *_CALENDAR.finditer(sentence)]:
        for kind, words in _LISTS.items():
            if match[0] not in words or _LOOSE.search(sentence[: match.start()]):
                continue
            free = [
                word
                for word in words
                if not re.search(rf"\b{word}\b", paragraph.text, re.IGNORECASE)
                and _VALUES.get(word) not in taken
            ]
            if free:
                yield kind, _put(sentence, match, rng.choice(free))


_LISTS = {
    "spelled out": _SMALL,
    "spelled out, tens": _TENS,
    "ordinal": _PLACES,
    "thousand, million, billion": _SCALES,
    "month": _MONTHS,
    "day of the week": _DAYS,
}


def in_other_form(sentence: str) -> str:
    """The same numbers written otherwise.

    >>> in_other_form("The three mills cost 12,000 crowns, or 40 per cent more.")
    'The 3 mills cost 12000 crowns, or 40% more.'
    """
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", sentence)
    plain = re.sub(r"(?<=\d) (?:percent|per cent)\b", "%", plain)
    return _WORD.sub(lambda word: str(_VALUES.get(word[0], word[0])), plain)


def _of_digits(match: re.Match[str], sentence: str, rng: random.Random) -> Iterator[Made]:
    text = match[0]
    if _PERCENT.match(sentence, match.end()):
        kind, ways = "per cent", (_digit, _one_off, _swapped)
        yield kind, rng.choice(ways)(text, rng)
    elif "." in text:
        yield "decimal", rng.choice((_digit, _point))(text, rng)
    elif _YEAR.fullmatch(text):
        yield "year", str(int(text) + rng.choice((-1, 1)) * rng.randint(1, 30))
        yield "year, digits swapped", text[:1] + _swapped(text[1:], rng)
    else:
        yield "one digit", _digit(text, rng)
        yield "one more or less", _one_off(text, rng)
        yield "digits swapped", _swapped(text, rng)
        yield "ten times", _like(text, 10 * _value(text))


def _digit(text: str, rng: random.Random) -> str:
    """One digit changed, the first one never to 0."""
    places = [i for i, sign in enumerate(text) if sign.isdigit()]
    place = rng.choice(places)
    others = [one for one in "0123456789" if one != text[place] and (one != "0" or place)]
    return text[:place] + rng.choice(others) + text[place + 1 :]


def _one_off(text: str, rng: random.Random) -> str:
    if "." in text:
        return _digit(text, rng)
    return _like(text, max(_value(text) + rng.choice((-1, 1)), 1))


def _swapped(text: str, rng: random.Random) -> str:
    """Two neighbouring digits that differ, exchanged; the text itself if there are none."""
    pairs = [
        i
        for i in range(len(text) - 1)
        if text[i : i + 2].isdigit() and text[i] != text[i + 1] and (i or text[1] != "0")
    ]
    if not pairs:
        return text
    i = rng.choice(pairs)
    return text[:i] + text[i + 1] + text[i] + text[i + 2 :]


def _point(text: str, rng: random.Random) -> str:
    """The decimal point moved by one place."""
    return f"{_value(text) * rng.choice((10, 0.1)):.10g}"


def _like(text: str, value: float) -> str:
    """The whole number, with commas if the text has them or is short of them."""
    return f"{value:,.0f}" if "," in text or value >= 10_000 else f"{value:.0f}"


def _from_nearby(
    match: re.Match[str], sentence: str, nearby: str, rng: random.Random
) -> Iterator[Made]:
    """Another number of the same form from sentences that tell of other things."""
    shape = _shape(match, sentence)
    own = _values(sentence)
    others = sorted(
        {
            found[0]
            for found in _DIGITS.finditer(nearby)
            if _shape(found, nearby) == shape
            and _value(found[0]) not in own
            and not _LOOSE.search(nearby[: found.start()])
        }
    )
    if others:
        yield "another of the paragraph's numbers", _put(sentence, match, rng.choice(others))


def _shape(match: re.Match[str], text: str) -> tuple[object, ...]:
    percent = bool(_PERCENT.match(text, match.end()))
    return percent, "." in match[0], "," in match[0], bool(_YEAR.fullmatch(match[0]))


def _values(text: str) -> set[float]:
    """All values in a text, whether in digits or spelled out."""
    spelled = {
        value for word, value in _VALUES.items() if re.search(rf"\b{word}\b", text, re.IGNORECASE)
    }
    return {_value(found) for found in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text)} | spelled


def _value(text: str) -> float:
    return float(text.replace(",", ""))


def _ordinal(value: int) -> str:
    last = "th" if value // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{last}"


def _put(sentence: str, match: re.Match[str], new: str) -> str:
    return sentence[: match.start()] + new + sentence[match.end() :]
