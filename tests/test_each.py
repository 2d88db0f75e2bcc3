"""Things side by side, asked of one by one; comparisons by degree; what is stated beforehand.

Names, places and papers are invented.
"""

from __future__ import annotations

import asyncio

import pytest
from helpers import source

from assistant import Assistant, Settings
from assistant.chain import Steps
from assistant.keyless import Sentences
from assistant.several.compare import asked_of
from assistant.several.degree import degree_of
from assistant.several.each import of_each
from assistant.several.gather import contrasts
from assistant.several.parts import parts, premise_of
from assistant.state import Contrast, Evidence, Query
from index import Article, Library


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "How old are Ada Lind and Ivo Marran?",
            ("How old is Ada Lind?", "How old is Ivo Marran?"),
        ),
        (
            "how old are ada lind and ivo marran",
            ("How old is ada lind?", "How old is ivo marran?"),
        ),
        (
            "What did the Orla bridge and the Tolm tunnel cost?",
            ("What did the Orla bridge cost?", "What did the Tolm tunnel cost?"),
        ),
        (
            "How long did the strike and Judge Lind's hearings each last?",
            ("How long did the strike last?", "How long did Judge Lind's hearings last?"),
        ),
        (
            "Who are the coach of Tolm City and the chairman of Varra United?",
            ("Who is the coach of Tolm City?", "Who is the chairman of Varra United?"),
        ),
        (
            "Which ministers does Arnland have for trade, health and defence?",
            (
                "Which ministers does Arnland have for trade?",
                "Which ministers does Arnland have for health?",
                "Which ministers does Arnland have for defence?",
            ),
        ),
        (
            "What figures were given by the union, the port and the river police?",
            (
                "What figures were given by the union?",
                "What figures were given by the port?",
                "What figures were given by the river police?",
            ),
        ),
        (
            "When is the agency's ruling on the vaccine and the judge's report on the dam due?",
            (
                "When is the agency's ruling on the vaccine due?",
                "When is the judge's report on the dam due?",
            ),
        ),
        (
            "Do the Tolm Herald and the Varra Gazette agree on where the ferry sank?",
            (
                "According to the Tolm Herald, where the ferry sank?",
                "According to the Varra Gazette, where the ferry sank?",
            ),
        ),
        (
            "How do the ministry's and the Chamber of Trade's estimates of the loss compare?",
            (
                "What is the ministry's estimates of the loss?",
                "What is the Chamber of Trade's estimates of the loss?",
            ),
        ),
        (
            "How did the number of strikers change between 12 March and 24 March?",
            (
                "How did the number of strikers change on 12 March?",
                "How did the number of strikers change on 24 March?",
            ),
        ),
    ],
)
def test_each_thing_is_asked_for(question: str, expected: tuple[str, ...]) -> None:
    assert tuple(asked for _, asked in of_each(question)) == expected


@pytest.mark.parametrize(
    "question",
    [
        "Who were the founders of Quill and Marrow?",
        "How do supply and demand set the price of tin?",
        "What are the terms and conditions of the loan?",
        "What did the union ask for and get?",
        "Do Arnland and Bergia share a border?",
        "How many men, women and children were on the ferry?",
        "Which is larger, Tolm or Varra?",
        "Is the bridge old and unsafe?",
        "Who founded and led the weavers' union?",
        "When was the Bank of Tolm and Varra founded?",
        "Who leads the union? (Ada Lind and Ivo Marran)",
        "and or",
        "",
    ],
)
def test_one_thing_stays_one(question: str) -> None:
    assert of_each(question) == ()


def test_more_things_than_can_be_told_apart_stay_one() -> None:
    assert of_each("How old are Ada, Ben, Cid, Dan and Eve?") == ()


@pytest.mark.parametrize(
    ("question", "kind", "questions"),
    [
        (
            "Which was dearer, the bridge or the tunnel?",
            "most",
            ("What did the bridge cost?", "What did the tunnel cost?"),
        ),
        (
            "Is Ada Lind younger than Ivo Marran?",
            "least",
            ("How old is Ada Lind?", "How old is Ivo Marran?"),
        ),
        (
            "Was Lind's lead in the recount bigger than Marran's on election night?",
            "most",
            (
                "How big was Lind's lead in the recount?",
                "How big was Marran's lead on election night?",
            ),
        ),
        (
            "Who wanted the bigger catch, Arnland or Bergia?",
            "most",
            ("What catch did Arnland wanted?", "What catch did Bergia wanted?"),
        ),
        (
            "Whose estimate for the repair is lower, the engineer's or the company's?",
            "least",
            (
                "What is the engineer's estimate for the repair?",
                "What is the company's estimate for the repair?",
            ),
        ),
        (
            "Who puts the cost of the strike higher, the ministry or the union?",
            "most",
            (
                "What is the cost of the strike, according to the ministry?",
                "What is the cost of the strike, according to the union?",
            ),
        ),
        (
            "Was the river at Tolm higher in the Herald's account or in the Gazette's?",
            "most",
            (
                "According to the Herald, how high was the river at Tolm?",
                "According to the Gazette, how high was the river at Tolm?",
            ),
        ),
    ],
)
def test_degrees(question: str, kind: str, questions: tuple[str, ...]) -> None:
    asked = degree_of(question)
    assert asked is not None
    assert (asked.kind, asked.questions) == (kind, questions)


@pytest.mark.parametrize(
    "question",
    [
        "Who is older?",
        "Is the bridge old?",
        "How many more trams will be bought?",
        "Was it longer?",
    ],
)
def test_no_degrees(question: str) -> None:
    assert degree_of(question) is None


@pytest.mark.parametrize(
    ("question", "kind", "what"),
    [
        (
            "Which of the two articles about the ferry reports more dead?",
            "most",
            "dead in the ferry",
        ),
        (
            "What is the highest figure for the dead in Tolm, and whose is it?",
            "most",
            "the dead in Tolm",
        ),
        ("Ada Lind - how many articles mention her?", "count", "Ada Lind"),
        ("What do the articles say about Ada Lind?", "about", "Ada Lind"),
        ("Do the two papers differ on the number of dead?", "each", "the number of dead"),
        ("How high was the river? Compare the two newspapers' figures.", "each", ""),
    ],
)
def test_further_comparisons_and_counts(question: str, kind: str, what: str) -> None:
    asked = asked_of(question)
    assert asked is not None
    assert (asked.kind, asked.what) == (kind, what)


def test_what_is_stated_before_a_question_is_told_from_it() -> None:
    told, asked = premise_of("The dam broke in May. Who built it?")
    assert (told, asked) == ("The dam broke in May.", "Who built it? (dam broke)")
    assert premise_of("Who built the dam?") == ("", "")
    assert premise_of("Who built the dam? When did it break?") == ("", "")


@pytest.mark.parametrize(
    ("question", "second"),
    [
        (
            "What did Ada Lind say of the deal? And Ivo Marran?",
            "What did Ivo Marran say of the deal?",
        ),
        ("What was stolen and was it insured?", "Was it insured? (stolen)"),
        ("How many were on the ferry, and did anyone die?", "Did anyone die? (ferry)"),
        (
            "How much rain fell on Tolm, and what was the figure in the later report?",
            "What was the figure in the later report? (rain fell Tolm)",
        ),
    ],
)
def test_further_parts(question: str, second: str) -> None:
    assert parts(question)[1] == second


def test_a_sentence_about_another_thing_is_not_admitted() -> None:
    first, second = contrasts(["the port authority", "the port police"])
    assert first.own == {"author"}
    assert first.admits("The authority counted 2,150.")
    assert first.admits("Some 900 were on strike.")
    assert not first.admits("The police counted 2,700.")
    assert second.admits("The police and the authority agree.")
    measured = Contrast(frozenset({"bridg"}), (), measured=True)
    assert measured.admits("The bridge cost 3 million.")
    assert not measured.admits("The bridge is closed.")


def test_only_what_is_admitted_is_read_and_ranked() -> None:
    found = source("The authority counted 2,150 strikers. The union counted 3,400 strikers.")
    question = "How many strikers did the union count?"
    evidence = Evidence(Query(question, standalone=question), (found,))
    union = contrasts(["the authority", "the union"])[1]
    ranked, _ = Sentences().ranked(Evidence(evidence.query, (found,), contrast=union))
    assert [one.candidate.text for one in ranked] == ["The union counted 3,400 strikers."]


ARTICLES = (
    Article(
        "Ada Lind, 47, was elected mayor of Tolm on Sunday. The count took two days.",
        title="Tolm elects a mayor",
        key="mayor",
    ),
    Article(
        "Ivo Marran, 31, signed for Varra United on Friday. He scored 12 goals last year.",
        title="Striker signs",
        key="striker",
    ),
    Article(
        "The Orla bridge cost 31 million crowns. The Tolm tunnel cost 96 million crowns. Ada Lind "
        "and Ivo Marran opened both on Monday.",
        title="Two openings",
        key="openings",
    ),
)


@pytest.fixture
def filled(library: Library) -> Library:
    library.add(ARTICLES)
    return library


def test_both_are_answered_and_cited(filled: Library) -> None:
    answer = Assistant(Settings(keyless=True), filled).ask("How old are Ada Lind and Ivo Marran?")
    assert answer.understood.parts == ("How old is Ada Lind?", "How old is Ivo Marran?")
    assert {citation.article_id for citation in answer.citations} >= {
        article.id for article in ARTICLES[:2]
    }


def test_what_one_sentence_tells_of_both_is_asked_once(filled: Library) -> None:
    filled.add(Article("Ada Lind and Ivo Marran met in Varra. Rain fell.", key="meeting"))
    answer = Assistant(Settings(keyless=True), filled).ask(
        "Where did Ada Lind and Ivo Marran meet?"
    )
    assert answer.understood.parts == ()


def test_the_dearer_one_wins(filled: Library) -> None:
    asked = Assistant(Settings(keyless=True), filled).ask
    answer = asked("Which was dearer, the Orla bridge or the Tolm tunnel?")
    assert answer.short == "the Tolm tunnel (96 million crowns)"
    assert len(answer.claims) == 2
    assert asked("Was the Orla bridge dearer than the Tolm tunnel?").short == "No"


def test_what_the_person_states_is_cited_where_the_articles_say_it(filled: Library) -> None:
    question = "Ada Lind was elected mayor of Tolm. What did the Tolm tunnel cost?"
    answer = Assistant(Settings(keyless=True), filled).ask(question)
    assert answer.claims[0].text.startswith("Ada Lind, 47, was elected mayor")
    assert "96 million" in answer.short


def test_what_is_said_about_somebody_is_told_by_every_article(filled: Library) -> None:
    answer = Assistant(Settings(keyless=True), filled).ask(
        "What do the articles say about Ada Lind?"
    )
    assert {citation.article_id for citation in answer.citations} == {
        ARTICLES[0].id,
        ARTICLES[2].id,
    }
    assert answer.short == ""


def test_things_apart_keep_their_contrast(filled: Library) -> None:
    steps = Steps(filled, Settings(keyless=True))
    asked = "How old are Ada Lind and Ivo Marran?"
    query = Query(asked, standalone=asked)
    evidence = asyncio.run(steps.retrieve(query))
    own = [part.contrast.own for part in evidence.parts if part.contrast]
    assert own == [frozenset({"ada", "lind"}), frozenset({"ivo", "marran"})]
