"""`ask` and its kin over a small library."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from helpers import RALLY, TRUCE
from langchain_core.documents import Document

from assistant import Assistant, Conversation, Done, Settings, ask, retrieve, stream, summarize
from assistant.errors import NotFoundError, QuestionError
from assistant.retriever import LibraryRetriever, hit_of
from index import Article, Hit, Library

SETTINGS = Settings(keyless=True, threshold=0.0)


@pytest.fixture
def filled(library: Library) -> Library:
    library.add(
        [
            Article(TRUCE, title="Truce", key="1", tags=("lebanon",), source="Wire"),
            Article(RALLY, title="Rally", key="2", tags=("tyre",)),
        ]
    )
    return library


def test_an_answer_cites_the_exact_words(filled: Library) -> None:
    answer = ask("Who rejected the proposal?", library=filled, settings=SETTINGS)
    citation = answer.citations[0]
    text = filled.get(citation.article_id, citation.version).text
    assert text[citation.start : citation.end] == citation.quote
    assert "Israel rejected the proposal" in citation.quote
    assert not answer.abstained
    assert answer.answered_by == "keyless"
    steps = {"condense", "narrow", "retrieve", "first_word", "check", "answer"}
    assert set(answer.timings) == steps


def test_an_answer_prints_with_its_sources_and_is_json_ready(filled: Library) -> None:
    answer = ask("Who rejected the proposal?", library=filled, settings=SETTINGS)
    printed = str(answer)
    assert "[1] Truce, Wire" in printed
    assert "“Israel rejected the proposal on Thursday.”" in printed
    plain = json.loads(json.dumps(answer.to_dict()))
    assert plain["citations"][0]["quote"] == answer.citations[0].quote
    assert plain["text"] == answer.text


async def test_ask_works_inside_a_running_event_loop(filled: Library) -> None:
    answer = ask("Who rejected the proposal?", library=filled, settings=SETTINGS)
    assert not answer.abstained


async def test_stream_ends_with_the_whole_answer(filled: Library) -> None:
    events = [
        event
        async for event in stream("Who rejected the proposal?", library=filled, settings=SETTINGS)
    ]
    assert isinstance(events[-1], Done)
    asked = await asyncio.to_thread(
        ask, "Who rejected the proposal?", library=filled, settings=SETTINGS
    )
    assert events[-1].answer.text == asked.text


@pytest.mark.parametrize("question", ["", "   ", "\n"])
def test_an_empty_question_is_refused(filled: Library, question: str) -> None:
    with pytest.raises(QuestionError, match="empty"):
        ask(question, library=filled)


def test_a_question_too_long_is_refused(filled: Library) -> None:
    with pytest.raises(QuestionError, match=r"20,000 characters, the limit is 4,000"):
        ask("x" * 20_000, library=filled)


def test_an_empty_library_abstains(library: Library) -> None:
    answer = ask("Who rejected the proposal?", library=library, settings=SETTINGS)
    assert answer.abstained
    assert answer.hits == ()


def test_the_scope_is_kept(filled: Library) -> None:
    tyre = filled.articles(tags=["tyre"])[0].id
    for tags, articles in ((["tyre"], None), (None, [tyre])):
        answer = ask(
            "Who rejected the proposal?",
            library=filled,
            settings=SETTINGS,
            tags=tags,
            articles=articles,
        )
        assert {hit.passage.article_id for hit in answer.hits} == {tyre}
        assert answer.understood.scope


def test_an_unknown_tag_finds_nothing(filled: Library) -> None:
    answer = ask("Who rejected it?", library=filled, tags=["none"], settings=SETTINGS)
    assert answer.abstained


def test_a_threshold_of_one_always_abstains(filled: Library) -> None:
    strict = Settings(keyless=True, threshold=1.0)
    answer = ask("Who rejected the proposal?", library=filled, settings=strict)
    assert answer.abstained
    assert answer.hits
    assert "Nearest passages" in str(answer)


def test_retrieve_gives_what_ask_reads(filled: Library) -> None:
    hits = retrieve("Who rejected the proposal?", library=filled, settings=SETTINGS)
    answer = ask("Who rejected the proposal?", library=filled, settings=SETTINGS)
    assert tuple(hits) == answer.hits
    assert len(retrieve("proposal", library=filled, k=1)) == 1


def test_a_conversation_remembers(filled: Library) -> None:
    conversation = Conversation(Assistant(SETTINGS, filled))
    conversation.ask("Who proposed the truce?")
    answer = conversation.ask("And who rejected it?")
    assert answer.understood.question == "Who rejected the truce?"
    assert len(conversation.turns) == 2
    conversation.clear()
    assert conversation.ask("And why?").understood.question == "And why?"


def test_the_retriever_works_in_anybodys_chain(filled: Library) -> None:
    documents = (LibraryRetriever(library=filled, k=1) | (lambda found: found)).invoke("proposal")
    (document,) = documents
    text = filled.get(document.metadata["article_id"], document.metadata["version"]).text
    assert text[document.metadata["start"] : document.metadata["end"]] == document.page_content
    assert document.metadata["title"] == "Truce"


def test_what_is_removed_between_finding_and_reading_is_left_out(
    filled: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = filled.search

    def removing(*args: Any, **kwargs: Any) -> list[Hit]:
        hits = search(*args, **kwargs)
        if len(filled.articles()) > 1:
            filled.remove(hits[0].passage.article_id)
        return hits

    monkeypatch.setattr(filled, "search", removing)
    before = {article.id for article in filled.articles()}
    answer = Assistant(SETTINGS, filled).ask("Who proposed the truce?")
    (removed,) = before - {article.id for article in filled.articles()}
    assert answer.hits
    assert removed not in {hit.passage.article_id for hit in answer.hits}


def test_word_for_word_copies_come_once(filled: Library) -> None:
    filled.add(Article(TRUCE, title="Truce, copied", key="3"))
    texts = [hit.passage.text for hit in retrieve("truce proposal", library=filled)]
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize("when", ["after the search", "after the retriever"])
def test_an_article_removed_meanwhile_is_not_used(
    filled: Library, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    truce = next(a for a in filled.articles() if a.title == "Truce")
    if when == "after the retriever":

        def found(document: Document) -> Hit:
            if any(a.id == truce.id for a in filled.articles()):
                filled.remove(truce.id)
            return hit_of(document)

        monkeypatch.setattr("assistant.chain.hit_of", found)
    else:
        search = filled.search

        def searched(*given: Any, **named: Any) -> list[Hit]:
            hits = search(*given, **named)
            filled.remove(truce.id)
            return hits

        monkeypatch.setattr(filled, "search", searched)
    answer = ask("Who may hold a rally?", library=filled, settings=SETTINGS)
    assert answer.hits
    assert truce.id not in {hit.passage.article_id for hit in answer.hits}


def test_a_summary_is_made_of_the_sources_own_sentences(filled: Library) -> None:
    summary = summarize(library=filled, sentences=3)
    assert len(summary.claims) == 3
    for citation in summary.citations:
        text = filled.get(citation.article_id, citation.version).text
        assert text[citation.start : citation.end] == citation.quote
    assert [c.number for c in summary.citations] == [1, 2, 3]
    json.dumps(summary.to_dict())
    assert "[1]" in str(summary)


def test_a_summary_of_nothing_says_so(library: Library, filled: Library) -> None:
    with pytest.raises(NotFoundError, match="no article"):
        summarize(tags=["none"], library=filled)


@pytest.mark.parametrize(
    "text", ["Israel rejected it.", "- Rain fell\n- Sun rose", "停火提案被拒绝了。港口仍然关闭。"]
)
def test_a_short_article_has_a_summary_too(library: Library, text: str) -> None:
    library.add(Article(text, key="short"))
    assert summarize(library=library).claims


def test_headings_alone_have_none(library: Library) -> None:
    library.add(Article("# Title\n\n## Part", key="h"))
    with pytest.raises(NotFoundError, match="headings alone"):
        summarize(library=library)


def test_an_unknown_article_is_an_error(filled: Library) -> None:
    with pytest.raises(NotFoundError, match="nope"):
        ask("Who rejected it?", library=filled, articles=["nope"])


def test_one_article_may_be_given_as_a_string(filled: Library) -> None:
    name = filled.articles()[0].id
    answer = ask("Who rejected it?", library=filled, articles=name, settings=SETTINGS)
    assert {hit.passage.article_id for hit in answer.hits} == {name}


def test_a_history_of_something_else_is_refused(filled: Library) -> None:
    with pytest.raises(QuestionError, match="pairs"):
        ask("And why?", library=filled, history=[{"role": "user"}])  # type: ignore[list-item]


def test_a_focus_draws_the_summary_to_it(filled: Library) -> None:
    summary = summarize(library=filled, focus="the rally in Tyre on Friday", sentences=1)
    assert "rally" in summary.text
