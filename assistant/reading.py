"""The built-in answerer: a short answer pointed at by the reader, in its sentence, with its source.

What is asked for decides the form: a span (or several, for a list) in its sentence; yes or no with
the sentence that settles it; or, where no few words can answer, the sentences that answer best.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from assistant import differ, polarity
from assistant.asked import has_kind, kind_of
from assistant.clause import Verdict
from assistant.differ import Given
from assistant.features import Candidate
from assistant.form import form_of, how_many_wanted
from assistant.keyless import Sentences
from assistant.look import found_in
from assistant.qualify import Qualified, qualified, qualified_yes
from assistant.reader import Reader, load_reader
from assistant.state import Draft, Evidence, Source
from assistant.types import Understood
from assistant.words import all_names, content, negated, numbers
from index import sentences

BESIDE = 0.5
"""Share of the answer's score from which a newer one is told where the latest is asked for."""

RIVAL = 0.3
"""Share of the answer's score from which a different value is listed. Of 17 invented pairs of
articles that did differ all reached it, and 3 of 12 that did not; a half 13 and 2."""

SURE = 0.6
"""Score from which words answer even where another sentence seems to answer better; below it 15 %
of such words were right on held-out questions, and 58 % of those sentences."""

LISTED = 0.1
"""Share of the first one's score from which a further item of a list is taken."""

SUPPORTING, SUPPORTED = 5, 0.5
"""Sentences that are tried for what a person states, and the share of its words that one has."""

NEAREST, NEAR = 3, 1.5
"""Sentences at most that are shown where none is sure, and how far a logit may be behind the best:
on held-out questions the best sentence holds the answer in 86 %, one of the best three in 93 %."""

SETTLING = 60
"""Sentences that are tried for a yes or no, best first."""


_OWNED = re.compile(r"['’]s?\s+\w")
_NAME_BEFORE = re.compile(r"(?:\b[A-Z][\w.]*-)+$")
_DID = re.compile(r"(?<=[\w.])-[a-z]+(?:ed|led|run|built|held|made)$")
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
        threshold: confidence below which it abstains; None for the calibrated ones. A yes or
            no does not depend on it.
        reader: the reader; None for the shipped one.
    """

    name = "keyless"

    def __init__(self, threshold: float | None = None, reader: Reader | None = None) -> None:
        self._reader = reader or load_reader()
        self._threshold = threshold
        self._sentences = Sentences(threshold, self._reader)

    @property
    def threshold(self) -> float:
        """Confidence below which it abstains."""
        return self._reader.threshold if self._threshold is None else self._threshold

    @property
    def likely(self) -> float:
        """Chance below which sentences are not shown as an answer."""
        return self._sentences.threshold

    async def draft(self, evidence: Evidence) -> AsyncGenerator[Draft, None]:
        """One piece for each sentence of the answer, or one that abstains."""
        pieces = await asyncio.to_thread(self.answer, evidence)
        for piece in pieces:
            yield piece

    def answer(self, evidence: Evidence) -> list[Draft]:
        """All pieces at once."""
        form = form_of(evidence.query.sought)
        if form == "sentences":
            return self._in_sentences(evidence)
        if form == "yes_no":
            return self._yes_or_no(evidence)
        return self._in_words(evidence, several=form == "list")

    def nearest(self, evidence: Evidence) -> tuple[list[Draft], float]:
        """The sentences likeliest to hold the answer, and the chance that the best one does.

        For a part of a question whose answer is not sure: there is no threshold.
        """
        ranked, confidence = self._sentences.ranked(evidence)
        near = [one.candidate for one in ranked if ranked[0].logit - one.logit <= NEAR]
        if form_of(evidence.query.sought) == "list":  # of different articles
            near = list({one.source.article.id: one for one in reversed(near)}.values())[::-1]
        return _stretches(near[:NEAREST]), confidence

    def support(self, evidence: Evidence) -> list[Draft]:
        """The sentence that says what the person states, if one does."""
        wanted = set(content(evidence.query.sought))
        ranked, _ = self._sentences.ranked(evidence)
        for one in ranked[:SUPPORTING]:
            here = set(content(one.candidate.text)) | set(
                content(one.candidate.source.article.title)
            )
            if len(wanted & here) >= SUPPORTED * len(wanted):
                return _stretches([one.candidate])
        return []

    def picks(self, evidence: Evidence) -> list[Pick]:
        """Spans of all passages, best first, each answer once."""
        return _supported(self._found(evidence))

    def _found(self, evidence: Evidence) -> list[Pick]:
        """Spans of all passages, each place of an article once."""
        found = found_in(self._reader, evidence)
        picks: dict[tuple[str, int], Pick] = {}
        for span in self._reader.judge(found, [source.text for source in evidence.sources]):
            source = evidence.sources[span.passage]
            start, end = _joined(source.text, span.start, span.end)
            pick = Pick(source, start, end, source.text[start:end], span.score)
            picks.setdefault(pick.place, pick)
        return list(picks.values())

    def _in_words(self, evidence: Evidence, *, several: bool) -> list[Draft]:
        """A span in its sentence, with what other articles say."""
        understood = evidence.query.understood
        question = evidence.query.sought
        found = self._found(evidence)
        picks = _supported(found)
        sure = max((pick.score for pick in picks), default=0.0)
        listed = several and evidence.contrast is None
        if sure < self.threshold or not (listed or self._agrees(evidence, picks[0])):
            return self._in_sentences(evidence, sure, self.threshold)
        rivals = _rivals(question, picks[0], found)
        given = [_given(question, pick) for pick in rivals]
        best = rivals[given.index(_told_first(understood, given, several=several))]
        if best is not picks[0]:
            picks, sure = [best, *(pick for pick in picks if pick is not best)], best.score
        chosen = [picks[0], *(_listed(question, picks) if several else [])]
        told = [pick.qualified(question) for pick in chosen]
        short = "; ".join(dict.fromkeys(one.short for one in told))
        pieces = [self._head(sure, short)]
        shown: set[tuple[str, int]] = set()
        for pick, one in zip(chosen, told, strict=True):
            pieces += _stretch(pick.source, one.sentence, shown)
        # Articles that list different things need not differ.
        difference = None if several else differ.difference(question, kind_of(question), given)
        return [*pieces, Draft(difference=difference)]

    def _agrees(self, evidence: Evidence, pick: Pick) -> bool:
        """Whether the best words stand in the best sentence, or are sure enough without that."""
        if pick.score >= SURE:
            return True
        ranked, _ = self._sentences.ranked(evidence)
        if not ranked:
            return True
        best = ranked[0].candidate
        passage = best.source.hit.passage
        article, place = pick.place
        begin = passage.start + best.start
        return article == passage.article_id and begin <= place < passage.start + best.end

    def _yes_or_no(self, evidence: Evidence) -> list[Draft]:
        """Yes or no with the sentence that settles it, or nothing where none does.

        It is settled by rules, so no confidence is told. An article that says both settles nothing.
        """
        question = evidence.query.sought
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
        given = [_settled(question, candidate, verdict) for candidate, verdict in clear]
        newest = differ.newest(question, "yes_no", given)
        if differ.wants_latest(evidence.query.understood.filters):
            newest = differ.latest(given)
        best, verdict = clear[given.index(newest)]
        told = _told(best, verdict, question)
        return [
            self._head(None, told.short),
            *_stretch(best.source, told.sentence, set()),
            Draft(difference=differ.difference(question, "yes_no", given)),
        ]

    def _in_sentences(
        self, evidence: Evidence, sure: float = 0.0, least: float = 0.0
    ) -> list[Draft]:
        """The two or three sentences that answer best, in order of reading.

        Where few words were asked for, `sure` is the chance of the best of them, which was not
        enough, and `least` that which sentences must have in their stead.
        """
        picked, confidence = self._sentences.pick(evidence)
        if not picked or confidence < least:
            return [self._nothing(max(sure, confidence))]
        return [self._head(confidence, ""), *_stretches(picked)]

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
    """A name with those that a hyphen joins to it, but not what they did: "U.S.-France-backed"."""
    if text[start:end][:1].isupper():
        if did := _DID.search(text, start, end):
            end = did.start()
        if before := _NAME_BEFORE.search(text, 0, start):
            start = before.start()
        if after := _NAME_AFTER.match(text, end):
            end = after.end()
    return start, end


def _stretches(picked: Sequence[Candidate]) -> list[Draft]:
    """A piece for each of the sentences, each once."""
    shown: set[tuple[str, int]] = set()
    return [piece for one in picked for piece in _stretch(one.source, (one.start, one.end), shown)]


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


def _rivals(question: str, best: Pick, found: Sequence[Pick]) -> list[Pick]:
    """The best pick, and all others that give such an answer, likely enough, best first."""
    kind = kind_of(question)
    others = [
        pick
        for pick in sorted(found, key=lambda pick: -pick.score)
        if pick is not best
        and pick.score >= RIVAL * best.score
        # Within a sentence: a span's own first word may be a name, and its "in" may be left out.
        and has_kind(f"So in {pick.text}", question, kind)
        and not pick.qualified(question).denied
    ]
    return [best, *others]


def _told_first(understood: Understood, given: Sequence[Given], *, several: bool) -> Given:
    """The best answer, or a newer one that is nearly as good, or wanted."""
    question = understood.question
    if differ.wants_latest(understood.filters):
        return differ.latest([one for one in given if one.score >= BESIDE * given[0].score])
    return given[0] if several else differ.newest(question, kind_of(question), given)


def _given(question: str, pick: Pick) -> Given:
    """A pick as it is compared with others, its "about" and "more than" before it."""
    one = pick.qualified(question)
    sentence = " ".join(pick.source.text[slice(*one.sentence)].split())
    shown = one.short.replace(f", {one.speaker}", "", 1) if one.speaker else one.short
    return Given(one.bare, sentence, pick.source, pick.score, one.speaker, shown)


def _settled(question: str, candidate: Candidate, verdict: Verdict) -> Given:
    """The yes or no of a sentence as it is compared with others."""
    told, source = _told(candidate, verdict, question), candidate.source
    sentence = " ".join(source.text[slice(*told.sentence)].split())
    said = verdict.capitalize()
    return Given(said, sentence, source, 1.0, told.speaker, said)


def _verdict(question: str, candidate: Candidate) -> Verdict:
    before = candidate.around.partition(candidate.text)[0].strip()
    return polarity.decide(question, candidate.text, before)


def _told(candidate: Candidate, verdict: Verdict, question: str) -> Qualified:
    """The yes or no with who says so."""
    source = candidate.source
    place, language = (candidate.start, candidate.end), source.article.language
    return qualified_yes(source.text, *place, verdict.capitalize(), language, question=question)
