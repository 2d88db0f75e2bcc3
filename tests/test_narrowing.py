"""What a question's own filters do to an answer, and when they are left aside."""

from __future__ import annotations

import json
from datetime import date

import pytest
from openai_server import scripted_server

from assistant import Answer, Assistant, Settings
from assistant.narrowing import fitting, narrowed
from assistant.state import Query
from assistant.types import Filter
from index import Article, Library, Scope

TODAY = date(2025, 6, 20)
ARTICLES = (
    Article(
        "The ferry Orla Star sank off Tolm. Forty people died, the coast guard said.",
        title="Ferry sinks",
        source="Tolm Herald",
        author="Ada Lind",
        published=date(2025, 3, 7),
        key="herald",
    ),
    Article(
        "The ferry Orla Star sank off Tolm. At least 36 people died, divers said.",
        title="Ferry goes down",
        source="Varra Gazette",
        author="Bo Ek",
        published=date(2025, 3, 9),
        key="gazette",
    ),
    Article(
        "The herring fleet of Tolm stayed in port in May. Storms lasted nine days.",
        title="Storms keep fleet in port",
        source="Varra Gazette",
        published=date(2025, 5, 12),
        key="fleet",
    ),
)
MARCH = Scope(since=date(2025, 3, 1), until=date(2025, 3, 31))


@pytest.fixture
def filled(library: Library) -> Library:
    library.add(ARTICLES)
    return library


def ask(library: Library, question: str, **how: object) -> Answer:
    settings = Settings(keyless=True, threshold=0.0)
    return Assistant(settings, library).ask(question, today=TODAY, **how)  # type: ignore[arg-type]


def sources(library: Library, answer: Answer) -> set[str]:
    return {library.get(hit.passage.article_id).source for hit in answer.hits}


def test_the_source_that_a_question_names_is_the_only_one_searched(filled: Library) -> None:
    question = "According to the Tolm Herald, how many people died?"
    answer = ask(filled, question)
    assert sources(filled, answer) == {"Tolm Herald"}
    assert answer.understood.scope.source == "Tolm Herald"
    (one,) = answer.understood.filters
    assert (one.kind, one.scope.source) == ("source", "Tolm Herald")
    assert "source: Tolm Herald" in str(answer)
    free = ask(filled, question, without=["source"])
    assert free.understood.filters == ()
    assert sources(filled, free) == {"Tolm Herald", "Varra Gazette"}


def test_a_period_limits_the_days_of_publication(filled: Library) -> None:
    answer = ask(filled, "What was reported in May about the fleet?")
    assert answer.understood.scope.since == date(2025, 5, 1)
    assert {filled.get(hit.passage.article_id).key for hit in answer.hits} == {"fleet"}


def test_what_happened_then_may_be_told_by_an_article_of_another_day(filled: Library) -> None:
    answer = ask(filled, "How many people died when the ferry sank in May?")
    assert sources(filled, answer) == {"Tolm Herald", "Varra Gazette"}
    assert answer.understood.filters == ()
    (notice,) = [n for n in answer.notices if n.kind == "relaxed"]
    assert "in May" in notice.text
    assert answer.short


def test_filters_that_leave_nothing_are_left_aside_and_it_is_said(filled: Library) -> None:
    answer = ask(filled, "What did the Tolm Herald report in May about the ferry?")
    assert answer.understood.scope.source == "Tolm Herald"
    assert answer.understood.scope.since is None
    assert [n.kind for n in answer.notices if n.kind == "relaxed"] == ["relaxed"]


def test_dates_are_left_aside_before_names() -> None:
    source = Filter("source", "the Post", Scope(source="Post"))
    author = Filter("author", "by Lind", Scope(author="Lind"))
    time = Filter("time", "in March", MARCH)
    given = (source, author, time)

    def fit(*empty: str) -> tuple[Filter, ...]:
        def size(scope: Scope) -> int:
            held = {"time": scope.since, "author": scope.author, "source": scope.source}
            return 0 if any(held[kind] for kind in empty) else 1

        return fitting(Scope(), given, size)[0]

    assert fit() == given
    assert fit("time") == (source, author)
    assert fit("author") == (source,)
    assert fit("source") == ()
    assert fitting(Scope(), (), lambda _: 0) == ((), ())


def test_a_filter_narrows_what_is_narrowed_already() -> None:
    before = Scope(tags=("t",), since=date(2025, 3, 10))
    found = narrowed(before, [Filter("time", "in March", MARCH)])
    assert (found.tags, found.since, found.until) == (("t",), date(2025, 3, 10), MARCH.until)
    assert narrowed(before, []) == before


def test_each_part_of_a_question_has_its_own_source(filled: Library) -> None:
    answer = ask(filled, "What did the Tolm Herald and the Varra Gazette report as the death toll?")
    assert len(answer.understood.parts) == 2
    cited = {citation.source for citation in answer.citations}
    assert cited == {"Tolm Herald", "Varra Gazette"}


def test_a_model_reads_filters_and_only_what_is_there_counts(filled: Library) -> None:
    reply = {
        "source": "tolm herald",
        "source_words": "per the Herald",
        "author": "Nobody Atall",
        "author_words": "per the Herald",
        "since": "2025-03-01",
        "until": "",
        "time_words": "words that nobody typed",
    }
    with scripted_server() as server:
        settings = Settings(base_url=server.url, api_key="k", model="m", timeout=30, retries=0)
        server.say(json.dumps(reply))
        server.say("Forty people died [1].")
        answer = Assistant(settings, filled).ask("Per the Herald, how many people died?")
    assert [(one.kind, one.scope) for one in answer.understood.filters] == [
        ("source", Scope(source="Tolm Herald"))
    ]
    assert "Varra Gazette; Tolm Herald" in str(server.requests[0]["messages"])
    assert answer.answered_by == "m"


def test_rules_read_the_filters_where_the_model_fails(filled: Library) -> None:
    with scripted_server() as server:
        settings = Settings(base_url=server.url, api_key="k", model="m", timeout=30, retries=0)
        server.say("no JSON at all")
        answer = Assistant(settings, filled).ask("According to the Tolm Herald, who died?")
    assert answer.understood.scope.source == "Tolm Herald"


def test_words_that_only_name_the_source_are_not_read() -> None:
    source = Filter("source", "According to the Herald", Scope(source="Tolm Herald"))
    time = Filter("time", "in March", MARCH)
    typed = "According to the Herald, how many people died in March?"
    query = Query(typed, standalone=typed, filters=(source, time))
    assert query.sought == "How many people died in March?"
    assert query.understood.question == typed
    assert Query(typed).sought == typed
