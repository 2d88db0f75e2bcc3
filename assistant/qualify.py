"""A short answer with the words that attribute, deny, doubt or condition it in its source.

A reader finds "55" where the source says "55 were hurt, according to Hezbollah". Alone it would be
a fact. A speaker is told behind the span, in the source's words; what is denied, doubted or
conditional is shown as its whole clause, or its sentence: where rules of form cannot tell, more is
shown rather than less. What the question itself says ("Who proposed the truce?") is not repeated.
English only; knows nothing of models.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from assistant import cues
from assistant.cues import Sort
from assistant.words import content, stem
from index.split import Span, sentences

FAR = 1_500
"""Characters on either side of a span that are looked at."""

DOT = "\u2024"
"""Stands for a dot within a sentence ("Mr.", "U.N.", "2.5") while speakers are looked for."""

ENGLISH = "en"

LONGEST_DENIAL = 160
"""Characters of a following sentence that denies; a longer one speaks of other things too."""


@dataclass(frozen=True)
class Qualified:
    """A span as it may be shown.

    `short` has the span's own words and those that qualify them; `sorts` says of which sorts these
    are, none if the span stands bare. `sentence` is the stretch of the text, in offsets, in which
    all of it stands. Apart from each other: `bare` is the span with "about" or "at least" before
    it, `speaker` says who says it, also where the question names them already, and `denied` whether
    its own clause denies it.
    """

    short: str
    sorts: tuple[Sort, ...]
    sentence: Span
    bare: str = field(default="", repr=False, compare=False)
    speaker: str = field(default="", repr=False, compare=False)
    denied: bool = field(default=False, repr=False, compare=False)


def qualified(
    text: str, start: int, end: int, language: str | None = "en", *, question: str = ""
) -> Qualified:
    """The span `text[start:end]` with what its sentence says about it.

    Args:
        text: a passage.
        start: offset of the span's first character.
        end: offset behind its last one.
        language: ISO 639-1 code of the text, None if unknown; only English is looked at.
        question: what was asked; a speaker or a cue that it names is not named again.

    >>> text = "The ferry sank at noon. 55 people were hurt, according to the coast guard."
    >>> qualified(text, 24, 26)
    Qualified(short='55, according to the coast guard', sorts=('attributed',), sentence=(24, 74))
    >>> qualified(text, 18, 22).short
    'noon'
    """
    start, end = _trimmed(text, start, end)
    if text[end : end + 1] == "." and cues.DOTTED.search(text, start, end):
        end += 1
    spans = _near(text, start, end, language or ENGLISH)
    inside = [i for i, (a, b) in enumerate(spans) if a < max(end, start + 1) and b > start]
    if not inside or start == end:
        return _unqualified(text, (start, end), (start, end))
    first, last = inside[0], inside[-1]
    place = (min(spans[first][0], start), max(spans[last][1], end))
    if not _is_english(language):
        return _unqualified(text, (start, end), place)
    sentence = _Sentence(text[place[0] : place[1]], start - place[0], end - place[0], question)
    speaker = sentence.speaker()
    if not speaker and sentence.quoted():
        for i in (first - 1, last + 1):
            if 0 <= i < len(spans) and (speaker := _speaker_in(text[spans[i][0] : spans[i][1]])):
                place = (min(place[0], spans[i][0]), max(place[1], spans[i][1]))
                break
    sorts = sentence.sorts()
    denied = "denied" in sorts
    short = sentence.shown(sorts)
    if speaker:
        sorts.insert(0, "attributed")
        if speaker.lower() not in short.lower() and not _names(question, speaker):
            short = f"{short.rstrip('.')}, {speaker}"
    elif not sorts and sentence.says_that():
        sorts, short = ["attributed"], _flat(text[place[0] : place[1]])
    if denial := _denial_after(text, spans, last):
        short = f"{short.rstrip('.')}; {_sentence_within(text, denial)}"
        sorts = [*sorts, "denied"] if "denied" not in sorts else sorts
        place = (place[0], max(place[1], denial[1]))
    return Qualified(short, tuple(sorts), place, sentence.shown([]), speaker, denied)


def qualified_yes(
    text: str, start: int, end: int, said: str, language: str | None = "en", *, question: str = ""
) -> Qualified:
    """A yes or no with who says the sentence `text[start:end]` that settles it, and who denies it.

    >>> text = "The mayor said the dam held. The union denied it."
    >>> qualified_yes(text, 0, 28, "Yes").short
    'Yes, the mayor said; the union denied it'
    """
    place = _trimmed(text, start, end)
    spans = _near(text, *place, language or ENGLISH)
    inside = [i for i, (a, b) in enumerate(spans) if a < place[1] and b > place[0]]
    if not inside or not _is_english(language):
        return Qualified(said, (), place)
    sorts: list[Sort] = []
    speaker = _speaker_in(_flat(text[place[0] : place[1]]))
    if speaker and not _names(question, speaker):
        said, sorts = f"{said}, {speaker}", ["attributed"]
    if denial := _denial_after(text, spans, inside[-1]):
        said, sorts = f"{said}; {_sentence_within(text, denial)}", [*sorts, "denied"]
        place = (place[0], max(place[1], denial[1]))
    return Qualified(said, tuple(sorts), place, speaker=speaker)


def _unqualified(text: str, span: Span, place: Span) -> Qualified:
    words = _flat(text[span[0] : span[1]])
    return Qualified(words, (), place, words)


def _denial_after(text: str, spans: list[Span], last: int) -> Span | None:
    """The sentence after the one numbered `last`, if it denies that one."""
    if last + 1 >= len(spans) or "\n\n" in text[spans[last][1] : spans[last + 1][0]]:
        return None
    start, end = spans[last + 1]
    denies = end - start <= LONGEST_DENIAL and cues.NEXT_DENIES.search(text, start, end)
    return (start, end) if denies else None


def _sentence_within(text: str, span: Span) -> str:
    """A sentence as part of another."""
    return _lowered(_flat(text[span[0] : span[1]])).rstrip(".")


class _Sentence:
    """A sentence with a span `a` to `b` in it."""

    def __init__(self, text: str, a: int, b: int, question: str) -> None:
        self.text, self.b = _masked(text), b
        self.a = self._widened(a, b)
        self.asked = {*content(question), *(stem(word) for word in question.lower().split())}
        self.heard = self._without_insertions()

    def _widened(self, a: int, b: int) -> int:
        """The start with "about" or "at least" before a number, "before" by a date."""
        span = self.text[a:b]
        match = cues.APPROXIMATE.search(self.text[:a])
        return match.start() if match and (cues.NUMBER.match(span) or cues.DATE.search(span)) else a

    def _without_insertions(self) -> str:
        """The text with spaces for what is inserted; only the insertion if the span is in one."""
        text = self.text
        for match in cues.INSERTED.finditer(self.text):
            i, j = match.span()
            if i <= self.a and self.b <= j:
                return " " * i + self.text[i:j] + " " * (len(self.text) - j)
            words, beside = match.group(), j <= self.a or self.b <= i
            relative = cues.RELATIVE.match(words) and not cues.DENIES.search(words)
            matters = cues.MATTERS.search(words) and not relative
            if beside and not matters and len(words.split()) > 1:
                text = text[:i] + " " * (j - i) + text[j:]
        return text

    @cached_property
    def clause(self) -> Span:
        """The main clause that holds the span; the whole sentence if a condition begins it."""
        if cues.CONDITION_FIRST.match(self.text):
            return 0, len(self.text)
        left, right = 0, len(self.text)
        if opening := cues.SUBORDINATE.match(self.text, 0, self.a):
            left = opening.end()
        for match in cues.CLAUSE.finditer(self.text, left):
            if match.end() <= self.a:
                left = match.end()
            elif match.start() >= self.b:
                right = match.start()
                break
        # What follows as a condition or a denial of the whole belongs to it.
        rest = re.match(r"\W*(?:but |although |though )?[^,;]{0,80}", self.text[right:])
        if rest and re.search(rf"\b(?:{cues.DENIAL}|if|unless)\b", rest.group()):
            right = len(self.text)
        return left, right

    def sorts(self) -> list[Sort]:
        """What its clause does to the span, the question's own words apart."""
        left, right = self.clause
        found = [sort for sort, cue in cues.CUES if self._has(cue, left, right)]
        if "conditioned" not in found and cues.CONDITION_FIRST.match(self.heard, 0, self.a):
            found.append("conditioned")
        if self.text.rstrip(" ”\"'").endswith("?") and "doubted" not in found:
            found.append("doubted")
        return found

    def _reaches(self, i: int, j: int, *, weak: bool) -> bool:
        """Whether no comma or conjunction keeps the span from a cue at `i` to `j`."""
        if j <= self.a:
            return not (weak and "," in self.heard[j : self.a])
        between = self.heard[self.b : i]
        if cues.NEXT_RELATIVE.match(between) or cues.DENIES.match(self.heard, i):
            return True
        return not (cues.JOINS.search(between) or (weak and "," in between))

    def _has(self, cue: re.Pattern[str], left: int, right: int) -> bool:
        """Whether a cue stands in the clause, outside the span and not in the question."""
        for match in cue.finditer(self.heard, left, right):
            i, j = match.span()
            over = i < self.b and j > self.a
            told = content(match.group()) or [stem(match.group().split()[0])]
            asked = self.asked.issuperset(told)
            does = cues.ACTIVE.match(match.group()) and cues.HELPER.fullmatch(self.text[self.b : i])
            plain = any(
                no.start() <= i < no.end() and not (no[0][0] == "," and no.end() > self.a)
                for no in cues.NO_CUE.finditer(self.text)
            )
            weak = cue is cues.INTENDED or cues.WEAK.match(self.heard, i) is not None
            if not (over or asked or does or plain) and self._reaches(i, j, weak=weak):
                return True
        return False

    def shown(self, sorts: Sequence[Sort]) -> str:
        """The span; where it is of some sort its clause, from "reportedly" on if that is all."""
        left, right = self.clause if sorts else (self.a, self.b)
        softened = cues.SOFTENED.search(self.text, left, self.a)
        if softened and list(sorts) == ["doubted"]:
            left, right = softened.start(), self.b
        return _flat(self.text[left:right]).strip(" ,;:—–")

    def speaker(self) -> str:
        """Who says it, as a phrase to stand behind the span; empty if nobody does."""
        for text in (self.heard, self.heard[: self.a]):
            for match in cues.ACCORDING.finditer(text):
                over = match.start() < self.b and match.end() > self.a
                if not over and not self._apart(match.span()):
                    return _according(match)
        apart = bool(self.heard[: self.a].strip() or self.heard[self.b :].strip())
        for text in (self.heard, self.text) if apart else (self.heard,):
            found = [
                (
                    not cues.SPEAKS.search(match["verb"]),
                    abs(match.start() - self.a),
                    self._teller(form, match),
                )
                for form in cues.SPOKEN
                for match in form.finditer(text)
                if self._governs(form, match)
            ]
            if found:
                return min(found)[2]
        return ""

    def _governs(self, form: re.Pattern[str], match: re.Match[str]) -> bool:
        if match.start("who") < self.b and match.end() > self.a:
            return False
        if not _may_speak(match):
            return False
        between = self.heard[match.end() : self.a]
        if form is not cues.LEADING:
            inserted = _flat(self.heard[match.end() :]).startswith(",")
            named = form is cues.INVERTED and cues.APPOSITION.fullmatch(
                self.text, match.end(), self.a
            )
            return match.start() >= self.b - 1 or (inserted and not named)
        if match.end() > self.a or self._apart(match.span()):
            return False
        if "," in between and cues.TIME_CLAUSE.match(self.heard[: match.start("verb")]):
            return False
        if cues.THAT_AFTER.match(self.heard, self.b) and cues.WHEN_SAID.match(between):
            return False
        return not (cues.TAKES_OBJECT.search(match["verb"]) and cues.OBJECT.match(between))

    def _teller(self, form: re.Pattern[str], match: re.Match[str]) -> str:
        """Who says it; of two who share a verb, the one by the span."""
        shares = form is cues.LEADING and cues.PUTS.search(match["verb"])
        if shares and (second := cues.SHARED.search(self.heard, match.end(), self.a)):
            return _flat(f"{second['who']} {match['verb']}")
        return _phrase(form, match)

    def _apart(self, cue: Span) -> bool:
        """Whether a contrast or a semicolon stands between a cue and the span."""
        between = self.text[cue[1] : self.a] if cue[1] <= self.a else self.text[self.b : cue[0]]
        return bool(cues.CONTRAST.search(between))

    def says_that(self) -> bool:
        """Whether somebody says it, though no phrase tells who."""
        for form in (cues.SAYS_THAT, cues.AND_SAID):
            match = form.search(self.heard, 0, self.a)
            if match and not self._apart(match.span()):
                return True
        return False

    def quoted(self) -> bool:
        """Whether the span stands in a quotation, perhaps one of several sentences."""
        if any(m.start() < self.a and m.end() >= self.b for m in cues.QUOTES.finditer(self.text)):
            return True
        before, after = self.text[: self.a], self.text[self.b :]
        closes = "”" in after and "“" not in after[: after.index("”")]
        return closes or before.rfind("“") > before.rfind("”")


def _speaker_in(sentence: str) -> str:
    """Who speaks in a sentence, of whatever part of it."""
    sentence = _masked(sentence)
    if match := cues.ACCORDING.search(sentence):
        return _according(match)
    for form in cues.SPOKEN:
        # What is said in the middle of a sentence need not be what the sentence says.
        match = form.match(sentence) if form is cues.LEADING else form.search(sentence)
        if match and _may_speak(match):
            return _phrase(form, match)
    return ""


def _according(match: re.Match[str]) -> str:
    phrase = _flat(match["phrase"] or match["view"] or match["source"])
    return phrase[:1].lower() + phrase[1:]


def _may_speak(match: re.Match[str]) -> bool:
    """Whether the words may name somebody who says something: not "adding to", "a fashion show"."""
    who, verb = match["who"], match["verb"]
    if cues.BARE.search(verb) and not cues.SEVERAL.search(who):
        return False
    if cues.NO_SPEECH.match(match.string, match.end("verb") - len(verb.split()[-1])):
        return False
    words = who.lower().split()
    if not words or words[0] in ("that", "which") or words[0].endswith("ing"):
        return False
    if cues.PREPOSITION.match(who):
        return False
    return words[-1] not in cues.NO_END and not words[-1].endswith(("'s", "’s"))


def _phrase(form: re.Pattern[str], match: re.Match[str]) -> str:
    who, verb = match["who"], match["verb"]
    if form is cues.INVERTED:
        return _flat(f"{verb} {who}")
    return _flat(f"{_lowered(cues.BEFORE_WHO.sub('', who))} {verb}")


def _names(question: str, speaker: str) -> bool:
    """Whether the question asks what this speaker says."""
    if not cues.ASKS_WHO_SAYS.search(question):
        return False
    said = {word for word in content(speaker) if not cues.SAYING.fullmatch(word)}
    return bool(said) and said <= set(content(question))


def _lowered(words: str) -> str:
    """Without the capital of a sentence's first word, unless it is a name."""
    words = words.strip()
    common = words.split()[0].lower() in cues.COMMON | {"that", "this"} if words else False
    return words[:1].lower() + words[1:] if common else words


def _is_english(language: str | None) -> bool:
    return (language or ENGLISH).lower().startswith(ENGLISH)


def _near(text: str, start: int, end: int, language: str) -> list[Span]:
    left, right = max(0, start - FAR), min(len(text), end + FAR)
    return [(left + a, left + b) for a, b in _sentences(text[left:right], language)]


@lru_cache(maxsize=128)
def _sentences(text: str, language: str) -> tuple[Span, ...]:
    """Several spans of one passage are asked about in turn."""
    return tuple(sentences(text, language))


def _trimmed(text: str, start: int, end: int) -> Span:
    start = min(max(start, 0), len(text))
    end = min(max(end, start), len(text))
    inner = text[start:end]
    begin = start + len(inner) - len(inner.lstrip())
    return begin, max(start + len(inner.rstrip()), begin)


def _masked(text: str) -> str:
    """The text, as long as before, with spaces for line breaks and only its last dot a dot."""
    return re.sub(r"(?<!\bNo)\.(?=.*\w)", DOT, re.sub(r"\s", " ", text))


def _flat(text: str) -> str:
    return " ".join(text.replace(DOT, ".").split())
