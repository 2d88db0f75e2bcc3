"""The built-in answerer: a short answer pointed at by the reader, in its sentence, with its source.

What is asked for decides the form: a span (or several, for a list) in its sentence; yes or no with
the sentence that settles it; or, where no few words can answer, the sentences that answer best.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from assistant import polarity
from assistant.asked import has_kind, kind_of
from assistant.clause import Verdict
from assistant.features import Candidate
from assistant.form import form_of, how_many_wanted
from assistant.keyless import Sentences
from assistant.look import look_at
from assistant.qualify import Qualified, qualified, qualified_yes
from assistant.reader import Reader, load_reader
from assistant.state import Draft, Evidence, Other, Source
from assistant.words import all_names, content, negated, numbers
from index import Embedder, sentences

BESIDE = 0.5
"""Share of the answer's score from which a different answer of another article is shown too."""

LISTED = 0.1
"""Share of the first one's score from which a further item of a list is taken."""

SETTLING = 60
"""Sentences that are tried for a yes or no, best first."""

MOST_OTHERS = 2
"""Different answers shown at most."""

_OWNED = re.compile(r"['’]s?\s+\w")
_NAME_BEFORE = re.compile(r"(?:\b[A-Z][\w.]*-)+$")
_NAME_AFTER = re.compile(r"(?:-[A-Z][\w.]*)+")


@dataclass(frozen=True)
class Pick:
    """A span of an article that may answer; `start` and `end` count from the passage's start."""

    source: Source
    start: int
    end: int
    text: str
    score: float

    @property
    def place(self) -> tuple[str, int]:
        """Article and first character: passages overlap."""
        passage = self.source.hit.passage
        return passage.article_id, passage.start + self.start

    def qualified(self, question: str) -> Qualified:
        """With the words that attribute, deny, doubt or condition it."""
        source, language = self.source, self.source.article.language
        return qualified(source.text, self.start, self.end, language, question=question)


class ReaderAnswerer:
    """Answers from what stands in the passages; the same evidence always gives the same answer.

    Args:
        embedder: the library's embedding model, for questions that ask for sentences.
        threshold: confidence below which it abstains; None for the calibrated ones. A yes or
            no does not depend on it.
        reader: the reader; None for the shipped one.
    """

    name = "keyless"

    def __init__(
        self, embedder: Embedder, threshold: float | None = None, reader: Reader | None = None
    ) -> None:
        self._reader = reader or load_reader()
        self._threshold = threshold
        self._sentences = Sentences(embedder, threshold)

    @property
    def threshold(self) -> float:
        """Confidence below which it abstains."""
        return self._reader.threshold if self._threshold is None else self._threshold

    async def draft(self, evidence: Evidence) -> AsyncGenerator[Draft, None]:
        """One piece for each sentence of the answer, or one that abstains."""
        pieces = await asyncio.to_thread(self.answer, evidence)
        for piece in pieces:
            yield piece

    def answer(self, evidence: Evidence) -> list[Draft]:
        """All pieces at once."""
        form = form_of(evidence.query.understood.question)
        if form == "sentences":
            return self._in_sentences(evidence)
        if form == "yes_no":
            return self._yes_or_no(evidence)
        return self._in_words(evidence, several=form == "list")

    def picks(self, evidence: Evidence) -> list[Pick]:
        """Spans of all passages, best first, each place of an article once."""
        question, look = evidence.query.understood.question, evidence.look
        if look is None or look.question != question:
            look, _ = look_at(self._reader, question, evidence.sources)
        found = look.within(evidence.sources)
        picks: dict[tuple[str, int], Pick] = {}
        for span in self._reader.judge(found, [source.text for source in evidence.sources]):
            source = evidence.sources[span.passage]
            start, end = _joined(source.text, span.start, span.end)
            pick = Pick(source, start, end, source.text[start:end], span.score)
            picks.setdefault(pick.place, pick)
        return _supported(list(picks.values()))

    def _in_words(self, evidence: Evidence, *, several: bool) -> list[Draft]:
        """A span in its sentence, with what other articles say."""
        question = evidence.query.understood.question
        picks = self.picks(evidence)
        sure = max((pick.score for pick in picks), default=0.0)
        if sure < self.threshold:
            return [self._nothing(sure)]
        best = picks[0]
        chosen = [best, *(_listed(question, picks) if several else [])]
        told = [pick.qualified(question) for pick in chosen]
        short = "; ".join(dict.fromkeys(one.short for one in told))
        pieces = [self._head(sure, short)]
        shown: set[tuple[str, int]] = set()
        for pick, one in zip(chosen, told, strict=True):
            pieces += _stretch(pick.source, one.sentence, shown)
        others = _others(question, best, picks)
        return [*pieces, Draft(alternatives=tuple(others))]

    def _yes_or_no(self, evidence: Evidence) -> list[Draft]:
        """Yes or no with the sentence that settles it, or nothing where none does.

        It is settled by rules, so no confidence is told. An article that says both settles nothing.
        """
        question = evidence.query.understood.question
        ranked, _ = self._sentences.ranked(evidence)
        settled: dict[str, tuple[Candidate, Verdict]] = {}
        torn: set[str] = set()
        for one in ranked[:SETTLING]:
            verdict = _verdict(question, one.candidate)
            article = one.candidate.source.article.id
            if verdict == "unclear":
                continue
            if settled.setdefault(article, (one.candidate, verdict))[1] != verdict:
                torn.add(article)
        clear = [found for article, found in settled.items() if article not in torn]
        if not clear:
            return [self._nothing(None)]
        best, verdict = clear[0]
        told = _told(best, verdict, question)
        others = [
            Other(" ".join(one.text.split()), one.source.number)
            for one, other in clear[1:]
            if other != verdict
        ]
        return [
            self._head(None, told.short),
            *_stretch(best.source, told.sentence, set()),
            Draft(alternatives=tuple(others[:MOST_OTHERS])),
        ]

    def _in_sentences(self, evidence: Evidence) -> list[Draft]:
        """The two or three sentences that answer best, in order of reading."""
        picked, confidence = self._sentences.pick(evidence)
        if not picked:
            return [self._nothing(confidence)]
        pieces = [self._head(confidence, "")]
        shown: set[tuple[str, int]] = set()
        for candidate in picked:
            pieces += _stretch(candidate.source, (candidate.start, candidate.end), shown)
        return pieces

    def _head(self, confidence: float | None, short: str) -> Draft:
        return Draft(answered_by=self.name, confidence=confidence, short=short)

    def _nothing(self, confidence: float | None) -> Draft:
        return Draft(answered_by=self.name, confidence=confidence, abstained=True)


def same(one: str, other: str) -> bool:
    """Whether two short answers say the same: one has all the content words of the other.

    >>> same("the U.S. and France", "France and the United States"), same("55", "47")
    (True, False)
    """
    first, second = set(content(one)), set(content(other))
    if first > second:
        first, second, one, other = second, first, other, one
    if not first or negated(one) != negated(other):
        return False
    return first == second or (first < second and bool(_tells(one)) and not _OWNED.search(other))


def _tells(text: str) -> set[str]:
    """Its names and numbers."""
    return all_names(text) | numbers(text)


def _supported(picks: Sequence[Pick]) -> list[Pick]:
    """One pick for each answer, those first that several origins give: their scores add up."""
    ways: list[list[Pick]] = []
    for pick in sorted(picks, key=lambda pick: -pick.score):
        way = next((way for way in ways if same(way[0].text, pick.text)), None)
        if way is None:
            ways.append([pick])
        else:
            way.append(pick)

    def worth(way: list[Pick]) -> float:
        best: dict[str, float] = {}
        for pick in way:
            origin = pick.source.origin or pick.source.article.id
            best[origin] = max(pick.score, best.get(origin, 0.0))
        return sum(best.values())

    return [way[0] for way in sorted(ways, key=worth, reverse=True)]


def _joined(text: str, start: int, end: int) -> tuple[int, int]:
    """A name with those that a hyphen joins to it: the U.S. of "U.S.-France-backed" too."""
    if text[start:end][:1].isupper():
        if before := _NAME_BEFORE.search(text, 0, start):
            start = before.start()
        if after := _NAME_AFTER.match(text, end):
            end = after.end()
    return start, end


def _stretch(source: Source, place: tuple[int, int], shown: set[tuple[str, int]]) -> list[Draft]:
    """A piece for each sentence of a stretch of a passage, cited, those shown before left out."""
    pieces: list[Draft] = []
    passage = source.hit.passage  # passages overlap
    text = source.text[place[0] : place[1]]
    for start, end in sentences(text, source.article.language or "en"):
        key = (passage.article_id, passage.start + place[0] + start)
        if key not in shown:
            lead = " " if shown else ""
            shown.add(key)
            words = " ".join(text[start:end].split())
            pieces.append(Draft(text=f"{lead}{words}", cites=(source.number,), whole=True))
    return pieces


def _listed(question: str, picks: Sequence[Pick]) -> list[Pick]:
    """Further items beside the best span: of the same article, and of the kind asked for."""
    best = picks[0]
    wanted = how_many_wanted(question) or 6
    if re.search(r"[,;](?!\d)| and ", best.text):
        return []
    kind = kind_of(question)
    further = [
        pick
        for pick in picks[1:]
        if pick.source.article.id == best.source.article.id
        and pick.score >= LISTED * best.score
        and has_kind(pick.text, question, kind)
        and not same(pick.text, best.text)
    ]
    return further[: wanted - 1]


def _others(question: str, best: Pick, picks: Sequence[Pick]) -> list[Other]:
    """Different answers that other articles give, best first."""
    found: list[Other] = []
    seen = [best]
    kind = kind_of(question)
    for pick in picks[1:]:
        known = any(same(pick.text, one.text) for one in seen)
        elsewhere = pick.source.article.id != best.source.article.id
        if known or not elsewhere or pick.score < BESIDE * best.score:
            continue
        if not has_kind(pick.text, question, kind):
            continue
        seen.append(pick)
        start, end = pick.qualified(question).sentence
        found.append(Other(" ".join(pick.source.text[start:end].split()), pick.source.number))
    return found[:MOST_OTHERS]


def _verdict(question: str, candidate: Candidate) -> Verdict:
    before = candidate.around.partition(candidate.text)[0].strip()
    return polarity.decide(question, candidate.text, before)


def _told(candidate: Candidate, verdict: Verdict, question: str) -> Qualified:
    """The yes or no with who says so."""
    source = candidate.source
    place, language = (candidate.start, candidate.end), source.article.language
    return qualified_yes(source.text, *place, verdict.capitalize(), language, question=question)
