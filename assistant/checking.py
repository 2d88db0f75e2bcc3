"""From pieces of a draft to events: sentences are put together, checked, cited and numbered."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

from assistant.cite import Numbering, check, says_nothing
from assistant.state import Difference, Draft, Evidence, Query, Spent
from assistant.types import (
    Answer,
    Checked,
    Cited,
    Claim,
    Disagreement,
    Done,
    Event,
    Notice,
    Restarted,
    Retrieved,
    Token,
    Value,
)
from index import sentences

_SURE = 12
"""Characters of the next sentence after which the border before it is believed."""

_LONGEST_OPEN = 800
"""Characters; a quotation that goes on longer was never closed."""

_NOTHING = Evidence(Query(""))
_CLOSERS = "\"'”’»)]"
_ENDS = ".!?…。！？।"


class Checker:
    """Turns the stream of a draft into events; one checker for each answer.

    Args:
        strict: show a sentence only after its check, and none that its sources do not carry.
    """

    def __init__(self, *, strict: bool = False) -> None:
        self._strict = strict
        self._timings: dict[str, float] = {}
        self._begin(_NOTHING)

    async def events(self, drafts: AsyncIterator[Draft]) -> AsyncIterator[Event]:
        """`Retrieved` first, then the text with its citations and checks, `Done` last."""
        total = Draft()
        started = time.perf_counter()
        async for piece in drafts:
            total = total + piece
            if piece.evidence is not None:
                started = time.perf_counter()  # the steps before ran while this was waited for
                self._evidence = piece.evidence
                query = piece.evidence.query
                hits = tuple(source.hit for source in piece.evidence.sources)
                yield Retrieved(hits, query.understood)
            if piece.restart is not None:
                self._begin(self._evidence)
                self._timings.pop("first_word", None)
                yield Restarted(piece.restart)
            if piece.text.strip():
                self._timings.setdefault("first_word", time.perf_counter() - started)
            for event in self._take(piece):
                yield event
        for event in self._close():
            yield event
        self._timings["answer"] = time.perf_counter() - started
        yield Done(self._answer(total))

    def _begin(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._numbering = Numbering()
        self._open = ""
        self._cites: list[int] = []
        self._claims: list[Claim] = []
        self._left_out = 0

    def _take(self, piece: Draft) -> Iterator[Event]:
        if piece.text:
            # Marks that came after the end of a sentence belong to it, not to what follows.
            goes_on = piece.text.lstrip()[:1]
            if self._cites and _ended(self._open) and not goes_on.islower() and goes_on != ",":
                yield from self._finish()
            text = piece.text if self._open or self._claims else piece.text.lstrip()
            self._open += text
            if not self._strict and text:
                yield Token(text)
            if not piece.whole:
                yield from self._complete()
        self._cites += piece.cites
        if piece.whole:
            yield from self._finish(piece.nearest)
        if piece.cut:
            self._cut()
        if piece.ends:
            yield from self._close()

    def _cut(self) -> None:
        """Leave the last sentence out, which did not end."""
        spans = sentences(self._open)
        if spans and not _ended(self._open):
            self._open, self._cites = self._open[: spans[-1][0]], []

    def _close(self) -> Iterator[Event]:
        """Finish what is left; it may be several sentences."""
        text = self._open
        spans = sentences(text)
        for start, end in spans[:-1]:
            cites, self._cites = self._cites, []
            self._open = text[start:end]
            yield from self._finish()
            self._cites = cites
        self._open = text[spans[-1][0] :] if spans else ""
        yield from self._finish()

    def _complete(self) -> Iterator[Event]:
        """Finish every sentence but the last, which may go on."""
        spans = sentences(self._open)
        # What comes next may show that a border was none: a quotation, a bracket, an abbreviation.
        if len(spans) < 2 or (_is_open(self._open) and len(self._open) < _LONGEST_OPEN):
            return
        if len(self._open) - spans[-1][0] < _SURE:
            return
        text, last = self._open, spans[-1][0]
        for start, end in spans[:-1]:
            self._open = text[start:end]
            yield from self._finish()
        self._open = text[last:]

    def _finish(self, nearest: str = "") -> Iterator[Event]:
        sentence, self._open = self._open.strip(), ""
        cites, self._cites = self._cites, []
        if not any(letter.isalnum() for letter in sentence):
            return
        sources = {source.number: source for source in self._evidence.sources}
        cited = [sources[number] for number in dict.fromkeys(cites) if number in sources]
        others = [source for source in sources.values() if source not in cited]
        started = time.perf_counter()
        checked = check(sentence, cited, others)
        seconds = time.perf_counter() - started
        self._timings["check"] = self._timings.get("check", 0.0) + seconds
        if self._strict and checked.status == "unsupported":
            self._left_out += 1
            return
        places = {number: place for place, number in enumerate(sources, start=1)}
        own = tuple(places.get(number, 0) for number in dict.fromkeys(cites))
        claim = replace(self._numbering.number(checked), nearest=nearest, cites=own)
        self._claims.append(claim)
        if self._strict:
            yield Token(sentence if len(self._claims) == 1 else f" {sentence}")
        for citation in claim.citations:
            yield Cited(citation)
        yield Checked(claim)

    def _answer(self, total: Draft) -> Answer:
        evidence = self._evidence
        spent = evidence.query.spent + Spent(total.usage, total.cost)
        timings = {step: round(seconds, 4) for step, seconds in self._timings.items()}
        notices = [*evidence.notices, *([total.restart] if total.restart else []), *total.notices]
        said = [claim for claim in self._claims if claim.citations or not says_nothing(claim.text)]
        abstained = total.abstained or not said
        if self._left_out:
            text = f"{self._left_out} sentence(s) that the sources do not carry were left out."
            notices.append(Notice("left_out", text))
        return Answer(
            question=evidence.query.question,
            claims=() if abstained else tuple(self._claims),
            short="" if abstained or self._left_out else total.short,
            hits=tuple(source.hit for source in evidence.sources),
            abstained=abstained,
            confidence=total.confidence,
            answered_by=total.answered_by,
            understood=evidence.query.understood,
            disagreement=None if abstained else self._disagreement(total.difference),
            notices=tuple(notices),
            usage=dict(spent.usage),
            cost=spent.cost,
            prompt_hash=total.prompt_hash,
            seed=total.seed,
            thoughts=total.thoughts.strip(),
            timings={**evidence.query.timings, **evidence.timings, **timings},
        )

    def _disagreement(self, difference: Difference | None) -> Disagreement | None:
        """Answers that differ, checked and numbered after the answer's own quotes."""
        sources = {source.number: source for source in self._evidence.sources}
        values: list[Value] = []
        for stance in difference.stances if difference else ():
            source = sources[stance.source]
            claim = check(stance.sentence, [source], [])
            if claim.citations or not self._strict:
                article = source.article
                label = article.source or article.title or "Untitled"
                told = self._numbering.number(claim)
                values.append(Value(stance.text, told, label, article.published, stance.speaker))
        if difference is None or len(values) < 2:
            return None
        return Disagreement(difference.kind, tuple(values))


def _is_open(text: str) -> bool:
    """Whether a quotation or a bracket has begun and not ended."""
    straight = text.count('"') % 2 == 1
    return straight or text.count("“") > text.count("”") or text.count("(") > text.count(")")


def _ended(text: str) -> bool:
    return text.rstrip().rstrip(_CLOSERS)[-1:] in tuple(_ENDS)
