"""What the articles lack for an answer: a name, a number, a date. Says nothing it is not sure of.

A name is missing only if no word of the passages or their titles begins like it, and "no article"
is said only after the whole lexical index was asked. English only where it is about kinds.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from assistant.asked import has_kind, kind_of
from assistant.differ import amounts, times
from assistant.words import numbers, plain
from index import Article, sentences
from index.words import STOP_WORDS

NOTHING_NEAR = "Nothing in the articles is near this question."
"""What is said of a question about something else."""

SAME_BEGINNING = 3
"""Letters at the end in which forms of one name may differ: "Lebanon", "Lebanese"."""

_WORD = re.compile(r"[^\W_]+")
_PART = r"[A-Z][^\W\d_]+(?:-[^\W\d_]+)*"
_NAME = re.compile(rf"(?<![\w’'-]){_PART}(?:\s+{_PART})*")
_NUMBER = re.compile(r"(?<![\w.,:/-])\d[\d,]*(?:\.\d+)?(?![\w:/-]|\.\d)")
_THING = re.compile(
    r"\b(?:the|an?) (?P<noun>[a-z]{4,}) (?=$|(?:in|on|at|of|by|to|for|from|with|about|under|over|"
    r"against|during|after|before|near|and|or|is|was|are|were|has|had|did|do|does|will)\b)"
)
_NO_NAMES = frozenset(
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday".split()
)
_SOME_TIME = re.compile(
    r"\b(?:ago|later|earlier|since|until|before|after|during|when|while|once|then|soon|now|"
    r"recent\w*|second|minute|hour|day|daily|dawn|dusk|sunrise|sunset|midday|overnight|spring|"
    r"summer|autumn|fall|winter|o['’]clock|\d\d?[:.]\d\d)s?\b",
    re.I,
)


def missing(
    question: str,
    passages: Sequence[tuple[str, Article]],
    mentions: Callable[[str], bool],
) -> str:
    """What no passage holds that the question is about, as a sentence; empty if nothing is sure.

    Args:
        question: the stand-alone question.
        passages: what was retrieved for it, with the articles.
        mentions: whether any article of the library holds a word somewhere.
    """
    if not passages:
        return ""
    whole = " ".join(f"{article.label} {text}" for text, article in passages)
    names = _names(question)
    lost = [name for name in (_lost(name, _words(whole)) for name in names) if name]
    if lost:
        nowhere = [name for name in lost if not any(map(mentions, name.split()))]
        if nowhere:
            return f"No article mentions {_either(nowhere)}."
        return f"The passages found do not mention {_either(lost)}."
    there = _words(whole)
    things = [one for one in _things(question) if not (_is_there(one, there) or mentions(one))]
    if things:
        return f"No article mentions {_either(things)}."
    strange = [n for n in _figures(question) if not numbers(n) & numbers(whole)]
    if strange:
        return f"The passages found do not have the number {_either(strange)}."
    return _without_kind(question, names, passages)


def _names(question: str) -> list[str]:
    """Names in a question, its first word left out; none if its capitals mean nothing."""
    text = " ".join(plain(question).split())
    rest = text.partition(" ")[2]
    words = _WORD.findall(rest)
    in_capitals = [word for word in words if word.istitle() and word.lower() in STOP_WORDS]
    if len(in_capitals) > 1 or not any(word.islower() for word in words):
        return []
    found = (match.group() for match in _NAME.finditer(rest))
    return list(dict.fromkeys(name for name in found if not _is_plain(name)))


def _things(question: str) -> list[str]:
    """Single nouns with an article before and nothing but a small word, or the end, behind."""
    found = (match["noun"] for match in _THING.finditer(f"{question.rstrip(' ?.!')} "))
    return [noun for noun in dict.fromkeys(found) if noun not in STOP_WORDS]


def _is_plain(name: str) -> bool:
    """Whether it is a month, a stop word, or an abbreviation that may be written out elsewhere."""
    words = name.lower().split()
    return all(word in _NO_NAMES or word in STOP_WORDS for word in words) or (
        name.isupper() and len(name) <= 5
    )


def _lost(name: str, there: Iterable[str]) -> str:
    """The name if none of its words is there, else its last word if that is not; or nothing."""
    words = name.split()
    absent = [word for word in words if not _is_there(word, there)]
    if len(absent) == len(words):
        return name
    return words[-1] if words[-1] in absent and not _is_plain(words[-1]) else ""


def _is_there(name: str, there: Iterable[str]) -> bool:
    return all(any(word.startswith(_beginning(part)) for word in there) for part in _words(name))


def _beginning(word: str) -> str:
    return word[: max(4, len(word) - SAME_BEGINNING)]


def _words(text: str) -> set[str]:
    """Words in small letters without accents."""
    bare = unicodedata.normalize("NFKD", plain(text)).casefold()
    return set(_WORD.findall("".join(c for c in bare if not unicodedata.combining(c))))


def _figures(question: str) -> list[str]:
    """Numbers of two and more digits that are no years or days."""
    found = (match.group().rstrip(",") for match in _NUMBER.finditer(question))
    if times.moment(question) != times.Moment():
        return []
    return [number for number in found if len(number) > 1]


def _either(things: Sequence[str]) -> str:
    return " or ".join(f"“{thing}”" if not thing[0].isdigit() else thing for thing in things)


def _without_kind(
    question: str, names: Sequence[str], passages: Sequence[tuple[str, Article]]
) -> str:
    """That where the passages tell of what is asked, they give no number or date."""
    kind = kind_of(question)
    english = all((article.language or "en").startswith("en") for _, article in passages)
    if kind not in ("number", "date") or not english:
        return ""
    about = [name for name in names if any(_is_there(name, _words(text)) for text, _ in passages)]
    stretches = [s for text, _ in passages for s in _stretches(text, about)]
    if not stretches or any(_gives(stretch, question, kind) for stretch in stretches):
        return ""
    if about:
        return f"Where the passages found mention {_either(about)}, they give no {kind}."
    return f"The passages found give no {kind}."


def _stretches(text: str, about: Sequence[str]) -> list[str]:
    """Sentences that name any of these, each with the one before and after it; or all of it."""
    if not about:
        return [text]
    spans = sentences(text)
    ends = [(a, min(b + 1, len(spans) - 1)) for a, b in pairwise([0, *range(len(spans))])]
    return [
        text[spans[first][0] : spans[last][1]]
        for (first, last), (start, end) in zip(ends, spans, strict=True)
        if any(_is_there(name, _words(text[start:end])) for name in about)
    ]


def _gives(text: str, question: str, kind: str) -> bool:
    if kind == "number":
        return has_kind(text, question, "number") or bool(amounts.amounts(text))
    dated = times.moment(text) != times.Moment() or bool(_SOME_TIME.search(text))
    return dated or has_kind(text, question, "date")
