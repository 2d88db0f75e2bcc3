"""What a conversation has spoken of, and which of it a pronoun or "the plan" points at.

Rules for English; knows nothing of how a question is put together again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assistant.asked import kind_of
from assistant.follow_up.kinds import CLASSES, COUNTED, PLACES, TOWNS, Kind, kind_of_phrase, several
from assistant.follow_up.shape import DETERMINERS, PREPOSITIONS, Shape, phrases, taken_apart

_REQUEST = re.compile(r"(?:tell me (?:more )?about|explain|describe) (.+?)[.?!]*$", re.IGNORECASE)
_SAYS_NOTHING = re.compile(r"(?:yes|no|none|nobody|nothing|unknown)\b", re.IGNORECASE)
_NAME = re.compile(r"\b(?:(?:Dr|Mr|Mrs|Ms|St)\.\s)?[^\W\d_a-z][\w'’-]*(?:\s[^\W\d_a-z][\w'’-]+)*")


@dataclass(frozen=True)
class Thing:
    """What was spoken of: its words, its kind, whether it is several, and the part it stood in."""

    text: str
    kind: Kind
    plural: bool
    part: str
    preposition: str = ""

    @property
    def named(self) -> bool:
        """Whether it has a name of its own."""
        return any(word[:1].isupper() for word in self.text.split())


@dataclass(frozen=True)
class Said:
    """A turn as far as it is needed: its question, that one's parts, and what was answered."""

    question: str
    aside: str
    shape: Shape
    short: str
    text: str

    @property
    def things(self) -> list[Thing]:
        """What the question names."""
        return [_thing(p.text, p.preposition, p.part) for p in phrases(self.shape)]

    @property
    def answer(self) -> Thing | None:
        """The thing that is the bare answer."""
        if not self.short or _SAYS_NOTHING.match(self.short) or len(self.short.split()) > 9:
            return None
        first, _, rest = self.short.partition(" ")
        led = first.lower() in PREPOSITIONS and bool(rest)
        thing = _thing(rest if led else self.short, first.lower() if led else "", "answer")
        asked = kind_of(self.question)
        if self.shape.wh in ("who", "whom") and thing.kind == "thing" and not thing.plural:
            return Thing(thing.text, "person", False, "answer")
        if asked == "place" and thing.kind in ("thing", "person"):
            return Thing(thing.text, "place", thing.plural, "answer", thing.preposition)
        return thing

    @property
    def denied(self) -> bool:
        """Whether a yes/no question was answered with no."""
        return self.short.lower() == "no" or (not self.short and self.text.startswith("No."))


def said(question: str, short: str, text: str) -> Said:
    """A turn taken apart.

    >>> said("Who proposed the truce?", "Ilse Brandt", "").answer.kind
    'person'
    """
    aside = re.search(r"\s*\(([^()]*)\)\s*$", question)
    core = question[: aside.start()] if aside else question
    request = _REQUEST.match(core)
    shape = Shape(rest=request[1]) if request else taken_apart(core)
    plain = re.sub(r"\s*\[\d+\]", "", text)
    return Said(core, aside[1] if aside else "", shape or Shape(), short, plain)


def _thing(text: str, preposition: str, part: str) -> Thing:
    return Thing(text, kind_of_phrase(text, preposition), several(text), part, preposition)


def _preposition(before: str) -> str:
    """The preposition that a text ends with, if it does."""
    last = before.split()[-1].lower() if before.split() else ""
    return last if last in PREPOSITIONS else ""


class Memory:
    """What was said, the last turn first."""

    def __init__(self, turns: Iterable[Said]) -> None:
        self.turns = list(turns)

    def person(self) -> Thing | None:
        """Whom "he" or "she" means."""
        for turn in self.turns:
            answer = turn.answer
            if answer is not None and answer.kind == "person" and not answer.plural:
                return answer
            for thing in sorted(turn.things, key=lambda thing: thing.part != "subject"):
                if thing.kind == "person" and not thing.plural and thing.part != "noun":
                    return thing
            told = [
                _thing(match.group(), _preposition(turn.text[: match.start()]), "answer")
                for match in _NAME.finditer(turn.text)
            ]
            for thing in told:
                if thing.kind == "person":
                    return thing
            subject = turn.shape.subject
            if subject and subject[0].isupper() and " " not in subject:
                return Thing(subject, "person", False, "subject")
        return None

    def people(self, *, agents: bool) -> Thing | None:
        """Whom or what "they" (`agents`) or "them" means."""
        for turn in self.turns:
            answer = turn.answer
            own = [t for t in turn.things if t.plural and t.kind not in ("date", "number", "place")]
            if answer is not None and answer.kind not in ("date", "number"):
                partner = _thing(turn.shape.subject, "", "subject")
                if agents and answer.kind == partner.kind == "person" and not answer.plural:
                    return Thing(f"{partner.text} and {answer.text}", "person", True, "subject")
                if answer.plural and (agents or not own or turn.shape.wh in ("who", "which")):
                    return answer
            own.sort(key=lambda t: (t.part == "subject") != agents)
            if own:
                return own[0]
            counted = COUNTED.search(turn.text)
            if counted:
                return _thing(counted.group(), "", "answer")
            groups = [thing for thing in turn.things if thing.kind == "group"]
            if answer is not None and answer.kind not in ("date", "number"):
                groups.insert(0, answer)
            if groups:
                return groups[0]
        return None

    def thing(self, *, subject: bool, is_: bool = False) -> Thing | None:
        """What "it" means, as the subject or not, of "is" or not."""
        for turn in self.turns:
            answer = turn.answer
            wanted = turn.shape.wh in ("what", "which") or (turn.shape.wh == "where" and is_)
            if answer is not None and wanted and not answer.preposition and _fits_it(answer):
                return answer
            fits = [thing for thing in self._main(turn) if _fits_it(thing)]
            fits.sort(key=lambda thing: (thing.part == "subject") != subject)
            if fits:
                return fits[0]
        return None

    def topic(self, *, known: bool = False) -> Thing | None:
        """What the last question is about; `known`: a name, or with "the"."""
        for turn in self.turns:
            found = [thing for thing in self._main(turn) if thing.kind != "date"]
            if known:
                found = [t for t in found if t.named or t.text.lower().startswith("the ")]
            things = [thing for thing in found if thing.kind not in ("person", "number")]
            things.sort(key=lambda thing: thing.part != "rest")
            if things or found:
                return (things or found)[0]
        return None

    def place(self) -> Thing | None:
        """Where "there" is."""
        for turn in self.turns:
            answer = turn.answer
            if answer is not None and not answer.plural:
                chosen = answer.named and answer.text in turn.shape.noun
                if answer.kind == "place" or (chosen and answer.kind == "thing"):
                    return answer
            places = [t for t in turn.things if t.kind == "place" and t.named and not t.plural]
            visited = [
                t
                for t in turn.things
                if t.named and t.kind == "thing" and (t.part == "rest" or t.preposition == "of")
            ]
            if places or visited:
                return (places or visited)[-1]
        return None

    def date(self, *, year: bool = False) -> str:
        """When "then" is: a date with its preposition; `year`: "that year"."""
        for turn in self.turns:
            answer = turn.answer
            told = f"{turn.short} {turn.question} {turn.text}"
            if year and (found := re.search(r"\b(?:1[0-9]|20)\d\d\b", told)):
                return f"in {found.group()}"
            if answer is not None and answer.kind == "date":
                return f"{answer.preposition or _at(answer.text)} {answer.text}".strip()
            for thing in turn.things:
                if thing.kind == "date":
                    return f"{thing.preposition} {thing.text}".strip()
        return ""

    def noun(self, head: str) -> Thing | None:
        """What "the plan" means: a thing that was called so, or a name of such a kind."""
        for turn in self.turns:
            answer = [turn.answer] if turn.answer is not None else []
            things = [*answer, *self._main(turn)]
            for thing in things:
                words = [word.lower().removesuffix("s") for word in thing.text.split()]
                if head.removesuffix("s") in words and len(words) > 1:
                    return thing
            for thing in things:
                own = {word.lower() for word in thing.text.split()}
                if (own & (PLACES | CLASSES.keys())) - {head} - TOWNS:
                    continue  # "the town" is no lake
                if thing.kind in CLASSES.get(head, ()) and not thing.plural:
                    article = thing.text.split()[0].lower() in DETERMINERS
                    if thing.named if thing.kind != "thing" else article:
                        return thing
        return None

    def _main(self, turn: Said) -> Iterator[Thing]:
        """The question's subject and object as whole phrases, dates left out."""
        for part, text in (("rest", turn.shape.rest), ("subject", turn.shape.subject)):
            words: list[str] = []
            lead = ""
            for phrase in (p for p in phrases(turn.shape) if p.part == part):
                thing = _thing(phrase.text, phrase.preposition, part)
                if not words:
                    lead = phrase.preposition
                if thing.kind == "date" or phrase.preposition in ("as", "by", "according to"):
                    continue
                place = thing.kind == "place" and phrase.preposition != "of"
                if words and place and words[0][0].isupper():
                    continue  # "hit Kelmar in Norvia"
                words.append(phrase.text if not words else phrase.whole)
            if words and text:
                head = words[0]
                first = _thing(head, lead, part)
                yield Thing(" ".join(words), first.kind, first.plural, part, lead)


def _fits_it(thing: Thing) -> bool:
    return thing.kind in ("thing", "place", "group") and not thing.plural


def _at(text: str) -> str:
    """The preposition of a date."""
    if re.match(r"(?:yesterday|today|tomorrow|this|last|next|the )", text):
        return "" if not text.startswith("the ") else "at"
    return "on" if re.search(r"day\b|\b\d{1,2}\b", text) else "in"
