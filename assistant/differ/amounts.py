"""Numbers as newspapers give them, as ranges: "seven", "about 4,800", "more than 100", "3 to 5 km".

Says whether two of them may be the same number. English words; knows nothing of articles.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.words import numbers, plain

Bound = Literal["", "about", "over", "under", "nearly"]

REACH = 1.5
"""How many times its number a bound reaches: nobody writes "more than 100" of 200."""

ROUNDED_FROM = 1_000
"""A round number from here on is taken as rounded, to two significant digits at the most."""

CONVERTED = 0.05
"""Share by which a number may be off that was converted to another unit."""

_VAGUE: dict[str, tuple[float, float]] = {
    "hundreds of thousands": (2e5, 999_999),
    "tens of thousands": (2e4, 99_999),
    "several hundred": (300, 999),
    "several thousand": (3e3, 9_999),
    "millions": (2e6, 9.99e8),
    "thousands": (2e3, 99_999),
    "hundreds": (200, 9_999),
    "dozens": (24, 999),
    "scores": (40, 999),
    "several": (3, 9),
    "a few": (2, 9),
    "no one": (0, 0),
    "nobody": (0, 0),
    "none": (0, 0),
}
_MEANT = {
    r"half a dozen": "6",
    r"(?:a |the )?(?:couple|pair)(?: of)?|both|twice": "2",
    r"once|a single": "1",
    r"two[ -]thirds": "about 67 %",
    r"three[ -]quarters": "75 %",
    r"(?:a|one)[ -]third|one in three": "about 33 %",
    r"(?:a|one)[ -]quarter|one in four": "25 %",
    r"(?<!and a )(?:a |one[ -])?half(?! a)": "50 %",
}
_MEASURES: dict[str, tuple[str, float]] = {
    "%": ("share", 1),
    "second": ("time", 1 / 3600),
    "minute": ("time", 1 / 60),
    "hour": ("time", 1),
    "day": ("time", 24),
    "week": ("time", 168),
    "month": ("time", 730.5),
    "year": ("time", 8766),
    "inch": ("length", 0.0254),
    "foot": ("length", 0.3048),
    "metre": ("length", 1),
    "kilometre": ("length", 1_000),
    "mile": ("length", 1_609.344),
    "kilogram": ("weight", 1),
    "tonne": ("weight", 1_000),
    "acre": ("area", 0.4047),
    "hectare": ("area", 1),
    "$": ("dollars", 1),
    "€": ("euros", 1),
    "£": ("pounds", 1),
    "¥": ("yen", 1),
}
_SPELLED = {
    "percent": "%", "per cent": "%", "percentage point": "%", "inches": "inch", "feet": "foot",
    "ft": "foot", "m": "metre", "meter": "metre", "km": "kilometre", "kilometer": "kilometre",
    "kg": "kilogram", "kilo": "kilogram", "ton": "tonne", "dollar": "$", "euro": "€", "pound": "£",
}  # fmt: skip
_UNIT = "|".join(re.escape(word) for word in sorted((*_SPELLED, *_MEASURES), key=len, reverse=True))
_SCALES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9}
_SCALES |= {"hundred": 100, "dozen": 12, "trillion": 1e12, "tn": 1e12}
_SPOKEN_WORD = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    "fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|"
    "ninety|dozen|hundred|thousand|million|billion"
)
_SPOKEN = re.compile(
    rf"\b(?<!\d )(?:a )?(?:{_SPOKEN_WORD})(?:(?: |-| and )(?:{_SPOKEN_WORD}))*\b(?!-year)"
)
_BOUNDS: dict[Bound, str] = {
    "over": r"more than|over|at least|no (?:fewer|less) than|above|upwards of|exceeding|"
    r"in excess of",
    "under": r"less than|fewer than|under|at most|up to|(?:no|not) more than|as many as|below",
    "nearly": r"nearly|almost|close to",
    "about": r"about|around|roughly|approximately|some|an estimated|circa|estimated at",
}
_BEFORE = "|".join(f"(?P<{name}>{words})" for name, words in _BOUNDS.items())
_ONE = r"\d+(?:\.\d+)?"
_SCALE = "|".join(_SCALES)
_FOUND = re.compile(
    rf"(?:\b(?:{_BEFORE})\s+)?(?P<between>between )?(?P<sign>[$€£¥])?\s?(?<![\d.])(?P<first>{_ONE})"
    rf"(?:\s?(?P<scale>{_SCALE})\b)?"
    rf"(?:\s?(?:-|–|to|or|and)\s?[$€£¥]?(?P<second>{_ONE})(?:\s?(?P<scale2>{_SCALE})\b)?)?"
    rf"(?P<more>\+| or more|-plus| plus)?\s?-?(?P<unit>(?:{_UNIT})(?:s\b|(?!\w)))?"
)

_RATE = re.compile(r"\b(?:an?|per|each|every) (minute|hour|day|week|month|year)\b", re.I)


@dataclass(frozen=True)
class Amount:
    """A number from `low` to `high`, in the basic unit of what it measures (`family`)."""

    low: float
    high: float
    stated: float
    bound: Bound = ""
    family: str = ""
    unit: str = ""


def amounts(text: str) -> list[Amount]:
    """The numbers of a text, in order.

    >>> [(one.low, one.high) for one in amounts("seven to nine men and about 5,000 sheep")]
    [(7.0, 9.0), (4500.0, 5500.0)]
    """
    text = " ".join(plain(text).lower().split())
    for words, meant in _MEANT.items():
        text = re.sub(rf"\b(?:{words})\b", meant, text)
    found: list[Amount] = []
    for words, (low, high) in _VAGUE.items():
        if re.search(rf"\b{words}\b", text):
            found.append(Amount(low, high, low))
            text = re.sub(rf"\b{words}\b", " ", text)
    text = _SPOKEN.sub(_in_digits, text)
    for match in _FOUND.finditer(text):
        found += _read(match)
    return found


def agree(one: str, other: str) -> bool | None:
    """Whether two answers may give the same number; None if they cannot be compared.

    Every number of the one that has fewer must be found in the other, or be the sum of its numbers.

    >>> agree("about 5,000", "4,800"), agree("seven", "12 people"), agree("$3", "£3")
    (True, False, None)
    """
    few, many = sorted((amounts(one), amounts(other)), key=len)
    if not few or _RATE.findall(one) != _RATE.findall(other):
        return None
    fits = [[_fit(a, b) for b in many] for a in few]
    if any(None in row for row in fits):
        return None
    if len(few) == 1 and len(many) > 1 and _fit(few[0], _sum(many)):
        return True
    return all(any(row) for row in fits)


def _fit(one: Amount, other: Amount) -> bool | None:
    if one.family and other.family and one.family != other.family:
        return None
    if one.bound == other.bound and one.bound in ("over", "under"):
        one, other = _plain(one), _plain(other)  # two limits are compared as they are stated
    slack = CONVERTED * max(one.high, other.high) if one.unit != other.unit else 0.0
    slack = slack if one.family and other.family else 0.0
    low, high = max(one.low, other.low) - slack, min(one.high, other.high) + slack
    return low < high or (low == high and (one.low == one.high or other.low == other.high))


def _plain(amount: Amount) -> Amount:
    return Amount(*_span(amount.stated, ""), amount.stated, "", amount.family, amount.unit)


def _sum(several: list[Amount]) -> Amount:
    low, high = sum(one.low for one in several), sum(one.high for one in several)
    return Amount(low, high, low)


def _in_digits(match: re.Match[str]) -> str:
    run = match.group()
    found = numbers(run) or {{"one": "1", "zero": "0"}.get(run, run)}
    return min(found)


def _read(match: re.Match[str]) -> list[Amount]:
    bound: Bound = next((name for name in _BOUNDS if match[name]), "")
    bound = "over" if match["more"] else bound
    named = (match["unit"] or "").strip("- ")
    single = named if named in _MEASURES else _SPELLED.get(named) or named.removesuffix("s")
    unit = match["sign"] or _SPELLED.get(single, single)
    money = unit in ("$", "€", "£", "¥")
    family, factor = _MEASURES.get(unit, ("", 1))
    scale = match["scale"] or ""
    if scale == "m" and not money:  # "1.83 m"
        scale, (family, factor), unit = "", _MEASURES["metre"], "metre"
    first = float(match["first"]) * _SCALES.get(scale, 1) * factor
    if match["second"] is None:
        low, high = _span(first, bound)
        return [Amount(low, high, first, bound, family, unit)]
    both = match["scale2"] or scale
    second = float(match["second"]) * _SCALES.get(both, 1) * factor
    first = first if scale or not both else first * _SCALES[both]
    joined = match.group().replace(str(match["between"]), "")
    if " and " in joined and not match["between"]:
        return [Amount(*_span(n, bound), n, bound, family, unit) for n in (first, second)]
    return [Amount(min(first, second), max(first, second), first, bound, family, unit)]


def _span(value: float, bound: Bound) -> tuple[float, float]:
    """From where to where a number may lie that is given as `value`."""
    if bound == "over":
        return value, value * REACH
    if bound == "under":
        return value / REACH, value
    if bound == "nearly":
        return 0.9 * value, value
    slack = _rounding(value, about=bound == "about")
    return value - slack, value + slack


def _rounding(value: float, *, about: bool) -> float:
    """How far a number may be off by rounding: half of its last digit that is not zero."""
    digits = f"{value:.10g}" if "e" not in f"{value:.10g}" else f"{value:.0f}"
    if "." in digits:
        return 0.5 * 10.0 ** -len(digits.partition(".")[2])
    unit = 10.0 ** (len(digits) - len(digits.rstrip("0")))
    if about:
        steps = 5 if digits.rstrip("0").endswith("5") else 1
        return min(0.5 * steps * unit, 0.1 * value)
    if value < ROUNDED_FROM or unit < 100:
        return 0.0
    return 0.5 * min(unit, 10.0 ** (len(digits) - 2))
