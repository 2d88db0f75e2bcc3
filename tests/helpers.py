"""Small makers of records for the tests."""

from __future__ import annotations

from assistant.reader.confidence import Found
from assistant.state import Evidence, Query, Source
from index import Article, Hit, Passage

TRUCE = (
    "The United States and France proposed a truce of 21 days. Israel rejected the proposal on "
    "Thursday. The strike killed 28 civilians, according to the ministry."
)
RALLY = "Hezbollah may hold a rally in Tyre on Friday. Organisers expect 400 people."


def source(text: str, number: int = 1, *, title: str = "A report") -> Source:
    article = Article(text, title=title, key=f"test:{title}")
    passage = Passage(f"{article.id}/0", article.id, article.version, 0, len(text), text)
    return Source(number, Hit(passage, 1.0), article)


def evidence(*texts: str, question: str = "Who proposed the truce?") -> Evidence:
    sources = tuple(source(text, i, title=f"Report {i}") for i, text in enumerate(texts, start=1))
    return Evidence(Query(question, standalone=question), sources)


def candidate(passage: int, start: int, end: int, raw: float) -> Found:
    """A place that the reader saw, of which nothing but its score is known."""
    return Found(passage, start, end, raw, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
