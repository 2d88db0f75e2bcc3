"""Sentences told in other words that say the same, and in nearly the same words that say less.

News tells who says a thing, and the texts that are learned from seldom do: so speakers and doubts
are put into the source's own sentence, and told again in another form, or left out, or given to
somebody else.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

SPEAKERS = (
    "the ministry|the police|the union|the company|officials|the mayor|the army|a spokeswoman|"
    "the court|the bank|witnesses|the president|the authority|residents|the report|doctors|"
    "the agency|the defence minister|the opposition|the prosecutor|the charity|the council|"
    "two people familiar with the matter|the airline|the Marine Institute|the Daily Post|"
    "the chief executive|the committee|the researchers|the embassy|the governor|the lawyers"
).split("|")
_SAID = "said|claimed|argued|warned|announced|stated|reported|insisted|believed|estimated".split(
    "|"
)
_DOUBTS = "reportedly allegedly apparently possibly probably perhaps supposedly".split()
_DOUBTED = ("It is possible that", "Reportedly,", "Allegedly,", "It was reported that", "Perhaps")
_BE = re.compile(r"(?<=\w )(?:was|were|is|are|had|has|have)(?= \w)")
_CLAUSES = re.compile(
    r"^(?P<first>[^,;:\"“()]{20,}?),? (?P<how>if|unless|although|because|after|before|when|while|"
    r"since|until|as soon as|even though) (?P<second>[^,;:\"“()]{12,})\.$"
)
_OTHER_HOW = {
    "if": "because", "unless": "if", "although": "because", "because": "although",
    "after": "before", "before": "after", "when": "because", "while": "because",
    "since": "before", "until": "after", "as soon as": "before", "even though": "because",
}  # fmt: skip
_JOINS = (", and", ", while", "; ", ", whereas", ", and")
_WRONG_JOINS = (" because", " after", ", which is why", " although", " so that")
_DIGITS = re.compile(r"(?<![\w.,%-])([2-9]|1\d|20|[3-9]0)(?![\w.,%:-])")
_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
).split()
_TENS = {"30": "thirty", "40": "forty", "50": "fifty", "60": "sixty", "70": "seventy",
         "80": "eighty", "90": "ninety"}  # fmt: skip
_ALIKE = (
    "began=started|more than=over|nearly=almost|built=constructed|"
    "bought=purchased|children=kids|because of=due to|no one=nobody|for example=for instance|"
    "large=big|quickly=rapidly|gave=provided|received=got|ended=finished|ended=concluded|"
    "died=lost their lives|killed=slain|rejected=turned down|refused=declined|wanted=asked for|"
    "per cent=%|percent=%|kilometres=km|kilometers=km|help=assist|showed=demonstrated|"
    "is called=is known as|during=in the course of|allowed=permitted|"
    "most of=the majority of|used to be=was formerly|many=a large number of|"
    "before=prior to|after=following|several=a number of|became=turned into|made=produced|"
    "choose=pick|chosen=selected|found=discovered|founded=established|happened=took place|"
    "instead of=rather than|among=amongst|left=departed|moved to=relocated to|named=called|"
    "opened=inaugurated|often=frequently|part of=a portion of|said=stated|sent=dispatched|"
    "such as=like|tried=attempted|used=employed|whole=entire|won=gained|wrote=authored|"
    "each year=annually|every year=annually"
)
ALIKE = [tuple(pair.split("=")) for pair in _ALIKE.split("|")]
_PRONOUN = re.compile(
    r"^(?:He|She|It|They) (?=(?:was|were|is|are|had|has|have|also|then|[a-z]+ed)\b)"
)
_VERB = r"(?= (?:was|were|is|are|had|has|have|also|then|will|may|[a-z]+ed)\b)"
_NAME = re.compile(r"^(?:The )?[A-Z][\w'’-]+(?: (?:of |de |van |von )?[A-Z][\w'’-]+){0,3}" + _VERB)
_SUBJECT = re.compile(
    r"^(?:(?:The|A|An|His|Her|Its|Their|Many|Some) )?(?:[\w'’-]+ ){0,5}?[\w'’-]+" + _VERB
)


@dataclass(frozen=True)
class Retold:
    """A statement beside words that may carry it."""

    claim: str
    words: str
    carried: bool
    sort: str


def retold(sentence: str, rng: random.Random) -> Iterator[Retold]:
    """One sentence with a speaker, a doubt, its clauses turned, or words of the same meaning."""
    plain = " ".join(sentence.split())
    if not plain.endswith(".") or not 6 <= len(plain.split()) <= 40 or '"' in plain:
        return
    drawn = rng.random()
    if drawn < 0.45:
        yield from _spoken(plain, rng)
    elif drawn < 0.6:
        yield from _doubted(plain, rng)
    elif drawn < 0.85:
        other = in_other_words(plain, rng)
        if other != plain:
            yield Retold(other, plain, True, "other words")
    if match := _CLAUSES.match(plain):
        first, second = match["first"], match["second"]
        turned = f"{match['how'].capitalize()} {second}, {lowered(first)}."
        yield Retold(turned, plain, True, "clauses")
        wrong = _OTHER_HOW[match["how"]]
        yield Retold(f"{first} {wrong} {second}.", plain, False, "wrong link")


def _spoken(plain: str, rng: random.Random) -> Iterator[Retold]:
    who, other = rng.sample(SPEAKERS, 2)
    said, again = rng.sample(_FORMS, 2)
    words = said(plain, who, rng)
    yield Retold(in_other_words(again(plain, who, rng), rng), words, True, "speaker")
    wrong = rng.random()
    if wrong < 0.5:
        yield Retold(plain, words, False, "speaker left out")
    elif wrong < 0.85:
        yield Retold(again(plain, other, rng), words, False, "wrong speaker")
    else:
        denied = f"{capital(who)} denied that {lowered(plain)}"
        yield Retold(again(plain, who, rng), denied, False, "denied")
        yield Retold(f"{who} rejected the claim that {lowered(plain)}", denied, True, "denial")


def _doubted(plain: str, rng: random.Random) -> Iterator[Retold]:
    match = _BE.search(plain)
    if match is None:
        return
    doubt = rng.choice(_DOUBTS)
    words = f"{plain[: match.end()]} {doubt}{plain[match.end() :]}"
    yield Retold(f"{rng.choice(_DOUBTED)} {lowered(plain)}", words, True, "doubt")
    yield Retold(plain, words, False, "doubt left out")


def joined(texts: Sequence[str], rng: random.Random) -> Iterator[Retold]:
    """Two sentences of one text told as one: rightly, with a link that is not there, mixed up."""
    short = [" ".join(text.split()) for text in texts if 5 <= len(text.split()) <= 24]
    short = [text for text in short if text.endswith(".") and '"' not in text]
    if len(short) < 2:
        return
    whole = " ".join(texts)
    one, two = rng.sample(short, 2)
    told = [in_other_words(text, rng)[:-1] for text in (one, two)]
    yield Retold(f"{told[0]}{rng.choice(_JOINS)} {lowered(told[1])}.", whole, True, "joined")
    if not re.search(r"\b(?:because|after|although)\b", whole):
        wrong = f"{told[0]}{rng.choice(_WRONG_JOINS)} {lowered(told[1])}."
        yield Retold(wrong, whole, False, "wrong link")
    names = [(match, text) for text in short if (match := _SUBJECT.match(text))]
    names = [(match, text) for match, text in names if match.group() not in ("It", "He", "She")]
    if len({match.group() for match, _ in names}) > 1:
        (first, _), (second, other) = rng.sample(names, 2)
        if not set(first.group().split()) & set(second.group().split()) - {"The", "A"}:
            mixed = first.group() + other[second.end() :]
            yield Retold(mixed, whole, False, "stitched")
    for before, after in pairwise(short):
        name, pronoun = _NAME.match(before), _PRONOUN.match(after)
        if name and pronoun and f"{before} {after}" in " ".join(whole.split()):
            yield Retold(f"{name.group()} {after[pronoun.end() :]}", whole, True, "pronoun")
            return


def in_other_words(text: str, rng: random.Random) -> str:
    """The text with some of its words exchanged for others of the same meaning."""
    for one, other in rng.sample(ALIKE, len(ALIKE)):
        old, new = (one, other) if rng.random() < 0.5 else (other, one)
        if old != "%":
            text = re.sub(rf"\b{re.escape(old)}\b", new, text, count=1)
    if rng.random() < 0.5:
        text = _DIGITS.sub(lambda m: _TENS.get(m[1]) or _WORDS[int(m[1])], text)
    return text.replace(" %", "%")


def lowered(text: str) -> str:
    """The text as it stands behind other words: names keep their capitals."""
    first = text.split()[0] if text else ""
    small = first in _STARTERS or first.endswith("ing")
    return text[0].lower() + text[1:] if small else text


def capital(text: str) -> str:
    """The text at the beginning of a sentence."""
    return text[:1].upper() + text[1:]


_STARTERS = frozenset(
    """The A An This That These Those It He She They There Its His Her Their In On At By For From
    With After Before During Since Under Some Many Most All Each Several Both No Two Three Four
    Five Six Seven Eight Nine Ten As When While If One About More Such Other Another""".split()
)

_Form = Callable[[str, str, random.Random], str]
_FORMS: tuple[_Form, ...] = (
    lambda s, who, rng: f"According to {who}, {lowered(s)}",
    lambda s, who, rng: f"{s[:-1]}, according to {who}.",
    lambda s, who, rng: f"{s[:-1]}, {who} {rng.choice(_SAID[:2])}.",
    lambda s, who, rng: f"{capital(who)} {rng.choice(_SAID)} that {lowered(s)}",
    lambda s, who, rng: f"{capital(who)} said {lowered(s)}",
    lambda s, who, rng: f"{s[:-1]}, said {who}.",
    lambda s, who, rng: f"In the view of {who}, {lowered(s)}",
)
