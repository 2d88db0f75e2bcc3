"""What the reader saw in some passages for one question, by its place in the articles.

Passages may be put in another order, left out or joined afterwards: what was seen stays true.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.reader import Reader
from assistant.reader.confidence import Found, among
from assistant.state import Evidence, Source
from index import sentences


@dataclass(frozen=True)
class Seen:
    """A place in an article that may answer, with what the reader knows of it."""

    article: str
    version: str
    start: int
    end: int
    found: Found


@dataclass(frozen=True)
class Look:
    """What the reader saw for one question."""

    question: str
    seen: tuple[Seen, ...] = ()

    def within(self, sources: Sequence[Source]) -> list[Found]:
        """The places that lie in these sources, as if they alone had been read."""
        placed: dict[tuple[int, int, int], Found] = {}
        for number, source in enumerate(sources):
            passage = source.hit.passage
            for seen in self.seen:
                here = (seen.article, seen.version) == (passage.article_id, passage.version)
                if here and passage.start <= seen.start and seen.end <= passage.end:
                    start, end = seen.start - passage.start, seen.end - passage.start
                    found = replace(seen.found, passage=number, start=start, end=end)
                    known = placed.setdefault((number, start, end), found)
                    if found.raw - found.null > known.raw - known.null:
                        placed[number, start, end] = found
        return among(list(placed.values()), [source.prior for source in sources])


def look_at(reader: Reader, question: str, sources: Sequence[Source]) -> tuple[Look, list[Found]]:
    """What the reader sees in these sources, by place in the articles and by source."""
    found = reader.look(
        question,
        [source.text for source in sources],
        headers=[header(source) for source in sources],
        priors=[source.prior for source in sources],
    )
    seen = []
    for one in found:
        passage = sources[one.passage].hit.passage
        start, end = passage.start + one.start, passage.start + one.end
        seen.append(Seen(passage.article_id, passage.version, start, end, one))
    return Look(question, tuple(seen)), found


def found_in(reader: Reader, evidence: Evidence) -> list[Found]:
    """What the reader sees in the sources of the evidence; they are read unless they were."""
    question, look = evidence.query.sought, evidence.look
    if look is None or look.question != question:
        look, _ = look_at(reader, question, evidence.sources)
    found = look.within(evidence.sources)
    if evidence.contrast is None:
        return found
    barred = [
        [
            range(start, end)
            for start, end in sentences(source.text, source.article.language or "en")
            if not evidence.contrast.admits(source.text[start:end])
        ]
        for source in evidence.sources
    ]
    return [one for one in found if not any(one.start in span for span in barred[one.passage])]


def header(source: Source) -> str:
    """Title, and date, as the reader was trained to see them."""
    published = source.article.published
    parts = (source.article.title, published.isoformat() if published else "")
    return ", ".join(part for part in parts if part)
