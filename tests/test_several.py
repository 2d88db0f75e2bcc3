"""Questions of several parts, comparisons and counts, asked of a small library."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date

import pytest
from helpers import source

from assistant import Answer, Assistant, Settings
from assistant.chain import Steps
from assistant.several.gather import Told, joined
from assistant.state import Difference, Draft, Evidence, Query, Stance
from assistant.types import NO_ANSWER
from index import Article, Library

ARTICLES = (
    Article(
        "The ferry Orla Star sank off Tolm on Tuesday. Forty people died and 12 were injured, the "
        "coast guard said. The ship was built in 1971 in Varra.",
        title="Ferry sinks off Tolm",
        source="Tolm Herald",
        published=date(2024, 3, 7),
        key="herald",
    ),
    Article(
        "At least 36 people died when the ferry Orla Star went down off Tolm on Tuesday. Divers "
        "searched the wreck all night for the missing.",
        title="Dozens drown as ferry goes down",
        source="Varra Gazette",
        published=date(2024, 3, 7),
        key="gazette",
    ),
    Article(
        "The weavers' union is led by Ada Lind. Ada Lind said that the new looms would cost 300 "
        "jobs. The union says 900 people are on strike. The mill owners say 450 people are on "
        "strike.",
        title="Weavers walk out",
        source="Tolm Herald",
        published=date(2024, 5, 2),
        key="weavers",
    ),
    Article(
        "Quill Works runs the Orla Dam. The director of Quill Works is Ivo Marran. The dam was "
        "opened in 1950.",
        title="A dam and its owners",
        source="Varra Gazette",
        published=date(2024, 6, 1),
        key="dam",
    ),
)


@pytest.fixture
def filled(library: Library) -> Library:
    library.add(ARTICLES)
    return library


def ask(library: Library, question: str) -> Answer:
    return Assistant(Settings(keyless=True), library).ask(question)


def supported(answer: Answer) -> bool:
    return bool(answer.claims) and all(
        claim.status == "supported" and claim.citations for claim in answer.claims
    )


def test_each_part_is_answered_in_order(filled: Library) -> None:
    answer = ask(filled, "Who leads the weavers' union and when was the Orla Dam opened?")
    assert answer.short == "Ada Lind; 1950"
    assert answer.understood.parts == (
        "Who leads the weavers' union?",
        "When was the Orla Dam opened?",
    )
    assert [claim.text for claim in answer.claims] == [
        "The weavers' union is led by Ada Lind.",
        "The dam was opened in 1950.",
    ]
    assert supported(answer)
    assert [citation.number for citation in answer.citations] == [1, 2]
    assert answer.confidence is not None
    alone = [ask(filled, part).confidence for part in answer.understood.parts]
    assert answer.confidence == pytest.approx(min(filter(None, alone)))


def test_a_later_part_gets_the_answer_of_the_first(filled: Library) -> None:
    answer = ask(filled, "Which company runs the Orla Dam and who is its director?")
    assert answer.understood.parts[1] == "Who is Quill Works' director?"
    assert answer.short == "Quill Works; Ivo Marran"
    assert supported(answer)


def test_what_is_not_answered_is_named(filled: Library) -> None:
    answer = ask(filled, "Who leads the weavers' union and who painted the ceiling of the chapel?")
    assert answer.short == "Ada Lind"
    (notice,) = answer.notices
    assert notice.kind == "unanswered_part"
    assert notice.text == "The articles do not say: Who painted the ceiling of the chapel?"
    assert notice.text in str(answer)


def test_it_abstains_only_if_no_part_is_answered(filled: Library) -> None:
    answer = ask(filled, "Who painted the ceiling of the chapel and who composed the anthem?")
    assert answer.abstained
    assert answer.text == NO_ANSWER
    assert [notice.text for notice in answer.notices] == [
        "No article mentions “ceiling” or “chapel” or “anthem”."
    ]


def test_a_sentence_that_answers_two_parts_comes_once(filled: Library) -> None:
    answer = ask(filled, "How many people died on the ferry Orla Star and how many were injured?")
    texts = [claim.text for claim in answer.claims]
    assert len(texts) == len(set(texts))
    assert "12" in answer.short


def test_each_passage_comes_once_under_one_numbering(filled: Library) -> None:
    steps = Steps(filled, Settings(keyless=True))
    question = "Who leads the weavers' union and who runs the Orla Dam?"
    found = asyncio.run(steps.retrieve(Query(question, standalone=question)))
    assert [one.number for one in found.sources] == list(range(1, len(found.sources) + 1))
    ids = [one.hit.passage.id for one in found.sources]
    assert len(ids) == len(set(ids)) == len(ARTICLES)
    assert len(found.parts) == 2
    first = {part.sources[0].hit.passage.id for part in found.parts}
    assert first <= set(ids[:2])


def test_a_single_question_has_no_parts(filled: Library) -> None:
    answer = ask(filled, "Who leads the weavers' union?")
    assert answer.understood.parts == ()
    assert answer.short == "Ada Lind"


@pytest.mark.parametrize(
    ("question", "short"),
    [
        (
            "Which of the two papers reports more dead on the ferry Orla Star?",
            "Ferry sinks off Tolm, Tolm Herald, 2024-03-07 (Forty)",
        ),
        ("Does the Herald or the Gazette report fewer dead on the ferry?", "the Gazette (36)"),
        (
            "Did the union or the mill owners give the higher figure for strikers?",
            "the union (900)",
        ),
    ],
)
def test_who_gives_more(filled: Library, question: str, short: str) -> None:
    answer = ask(filled, question)
    assert answer.short.replace("At least ", "").replace("at least ", "") == short
    assert len(answer.claims) == 2
    assert supported(answer)
    assert answer.confidence is None


def test_equal_numbers_and_a_lone_one_are_told(library: Library) -> None:
    storm = "The storm over Varra sank 14 boats on Monday."
    library.add(Article(storm, title="Storm", source="Tolm Herald", key="1"))
    asked = "Which of the articles reports more sunk boats in the storm over Varra?"
    assert ask(library, asked).short == "Only Storm, Tolm Herald (14) gives a number"
    again = "Fishermen lost a lot. In all 14 boats sank in the storm over Varra, owners said."
    library.add(Article(again, title="Loss", source="Varra Gazette", key="2"))
    answer = ask(library, asked)
    assert answer.short.startswith("Both give ")
    assert len(answer.claims) == 2


def test_a_side_without_a_number_is_no_comparison(filled: Library) -> None:
    answer = ask(filled, "Did the union or the coast guard give the higher figure for strikers?")
    assert answer.abstained


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("Which came first, the fire in Varra or the vote on the levy?", "the vote on the levy"),
        ("Was the fire in Varra before the vote on the levy?", "No"),
        ("Did the fire in Varra happen after the vote on the levy?", "Yes"),
    ],
)
def test_what_came_first(library: Library, question: str, short: str) -> None:
    fire = "The fire in Varra broke out on 3 May 1902. It burned for a week."
    vote = "The vote on the levy was held on 9 June 1901. Rain fell."
    library.add([Article(fire, title="Fire", key="1"), Article(vote, title="Levy", key="2")])
    answer = ask(library, question)
    assert answer.short in (short, f"{short} (1901-06-09)")
    assert len(answer.claims) == 2
    assert supported(answer)


def test_without_days_the_order_is_read_as_any_question(library: Library) -> None:
    library.add(Article("The council met before the vote on the levy. Rain fell.", key="1"))
    answer = ask(library, "Did the council meet before the vote on the levy?")
    assert answer.short == "Yes"


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("How many articles mention the Orla Star?", "2 articles"),
        ("How many articles mention Ada Lind?", "1 article"),
        ("How many articles are about Orla?", "3 articles"),
        ("Which articles mention the Orla Dam?", "A dam and its owners"),
        (
            "Which articles mention the Orla Star?",
            "Ferry sinks off Tolm; Dozens drown as ferry goes down",
        ),
    ],
)
def test_articles_that_mention_something(filled: Library, question: str, short: str) -> None:
    answer = ask(filled, question)
    assert sorted(answer.short.split("; ")) == sorted(short.split("; "))
    assert supported(answer)


def test_what_no_article_mentions_is_no_answer(filled: Library) -> None:
    assert ask(filled, "How many articles mention the Bank of Varra?").abstained
    assert ask(filled, "Which articles mention the Herald?").abstained  # only an outlet's name


def test_a_mention_in_a_title_alone_has_no_sentence_to_show(library: Library) -> None:
    library.add(Article("Rain fell in Varra.", title="Quarry closes", key="1"))
    assert ask(library, "How many articles mention the quarry?").abstained


def test_copies_are_counted_once_and_the_scope_is_kept(filled: Library) -> None:
    filled.add(replace(ARTICLES[0], key="copy", source="Elsewhere", tags=("elsewhere",)))
    asked = "How many articles mention the Orla Star?"
    assert ask(filled, asked).short == "2 articles"
    narrowed = Assistant(Settings(keyless=True), filled).ask(asked, tags=["elsewhere"])
    assert narrowed.short == "1 article"


def test_more_articles_than_are_shown_are_counted_all_the_same(library: Library) -> None:
    library.add(
        Article(f"On day {n} the Orla Star left port {n * 7}. It carried salt {n}.", key=str(n))
        for n in range(20)
    )
    answer = ask(library, "How many articles mention the Orla Star?")
    assert answer.short == "20 articles"
    assert len(answer.claims) == 12
    assert [notice.kind for notice in answer.notices] == ["left_out"]


def test_different_answers_of_parts_keep_their_sources() -> None:
    stances = (Stance("c", "Three.", 3), Stance("d", "Four.", 4))
    difference = Difference("contradiction", stances)
    one = [Draft(short="a", confidence=0.9), Draft(text="One.", cites=(1,), whole=True)]
    three = [
        Draft(short="c", confidence=0.6),
        Draft(text="Three.", cites=(3,), whole=True),
        Draft(difference=difference),
    ]
    total = in_all(Told("A?", one, 0.9, sure=True), Told("B?", []), Told("C?", three, 0.6, True))
    assert (total.short, total.text, total.confidence) == ("a; c", "One. Three.", 0.6)
    assert total.difference == difference
    assert [notice.text for notice in total.notices] == ["The articles do not say: B?"]
    assert not total.abstained


def in_all(*told: Told, likely: float = 0.3) -> Draft:
    """All pieces of a joined answer as one."""
    total = Draft()
    for piece in joined(told, likely):
        total = total + piece
    return total


def nearest(question: str, text: str, chance: float) -> Told:
    return Told(question, [Draft(text=text, cites=(1,), whole=True)], chance)


def test_an_unsure_part_is_shown_by_its_nearest_sentence_and_said_to_be_unsure() -> None:
    sure = Told("A?", [Draft(short="a"), Draft(text="One.", whole=True)], 0.9, sure=True)
    total = in_all(nearest("B?", "Two.", 0.1), sure, nearest("C?", "Three.", 0.01))
    assert (total.short, total.text, total.confidence) == ("a", "One. Two.", 0.9)
    assert [(notice.kind, notice.text) for notice in total.notices] == [
        ("unsure_part", "Not sure, so the nearest sentences are shown: B?"),
        ("unanswered_part", "The articles do not say: C?"),
    ]


def test_without_a_sure_part_it_abstains_unless_one_is_likely_enough() -> None:
    unsure = nearest("A?", "One.", 0.2), nearest("B?", "Two.", 0.2)
    assert in_all(*unsure, likely=0.4).abstained
    assert in_all(*unsure, likely=0.35).text == "One. Two."


def test_what_the_person_states_is_shown_first_and_answers_nothing() -> None:
    given = Told("Rain fell.", [Draft(text="It rained.", whole=True)], given=True)
    sure = Told("A?", [Draft(text="One.", whole=True)], 0.9, sure=True)
    assert in_all(given, sure).text == "It rained. One."
    assert in_all(given, nearest("A?", "One.", 0.1)).abstained
    assert in_all(Told("Rain fell.", [], given=True), sure).notices == ()


def test_evidence_off_topic_in_every_part_needs_no_answerer(filled: Library) -> None:
    steps = Steps(filled, Settings(keyless=True))
    part = Evidence(Query("B?", standalone="B?"), (source("Rain fell."),), off_topic=True)
    whole = Evidence(Query("A and B?"), part.sources, parts=(part, part))
    (piece,) = steps.several.answer(whole)
    assert piece.abstained
