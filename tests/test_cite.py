"""The citation check: which words of which source carry a sentence."""

import pytest
from helpers import RALLY, TRUCE, source
from hypothesis import given
from hypothesis import strategies as st

from assistant.cite import check, cite, number_citations
from assistant.places import place
from assistant.quotes import exact
from assistant.types import NO_ANSWER, Claim
from index import Article, Locator

ONE, TWO = source(TRUCE, 1, title="Truce"), source(RALLY, 2, title="Rally")


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("The United States and France proposed a truce of 21 days.", "supported"),
        ("The U.S. and France proposed a 21-day truce.", "supported"),
        ("France and the U.S. proposed a truce of twenty-one days.", "supported"),
        ("The ministry said that the strike killed 28 civilians.", "supported"),
        ("Israel rejected the proposal.", "supported"),
        ("The United States and France proposed a truce of 12 days.", "unsupported"),
        ("The United States and Germany proposed a truce of 21 days.", "unsupported"),
        ("The strike killed 280 civilians, according to the ministry.", "unsupported"),
        ("Israel did not reject the proposal on Thursday.", "partly"),
        ("Bananas are yellow and grow in warm countries.", "unsupported"),
        ("The strike killed 21 civilians, according to the ministry.", "unsupported"),
        ("The articles do not say who won.", "supported"),
        ("The articles do not say that, but 400 Martians landed in Berlin.", "unsupported"),
        ("", "unsupported"),
        ("?!", "unsupported"),
    ],
)
def test_status(sentence: str, status: str) -> None:
    assert check(sentence, [ONE], []).status == status


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        (
            "Hezbollah rejected the proposal on Thursday.",
            "Hezbollah welcomed the truce. Israel rejected the proposal on Thursday.",
        ),
        (
            "Macron rejected the ceasefire plan on Thursday.",
            "Biden rejected the ceasefire plan on Thursday.",
        ),
        ("The budget was 2 million.", "The budget was 2 billion."),
        ("Inflation rose to 3.", "Inflation rose to 3.5 percent."),
        ("The strike killed 28", "The strike killed 280."),
        ("Israel agreed to the truce.", "It is not true that Israel agreed to the truce."),
        ("Israel agreed to the truce.", "Nobody believes Israel agreed to the truce."),
    ],
)
def test_what_only_looks_alike_is_not_carried(sentence: str, text: str) -> None:
    assert check(sentence, [source(text)], []).status != "supported"


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("It cost five million.", "It cost 5 million."),
        ("A dozen ships left.", "12 ships left."),
        ("It began at 8 p.m. in Tyre.", "It began at 8:00 p.m. in Tyre."),
        ("Mr Macron met Mrs Weil.", "Then Macron met Weil."),
        ("“We will not stop,” he said.", 'Rain fell. "We will not stop," he said.'),
    ],
)
def test_what_says_the_same_is_carried(sentence: str, text: str) -> None:
    assert check(sentence, [source(text)], []).status == "supported"


def test_the_quote_is_the_sources_own_words_at_their_place() -> None:
    claim = check("France and the U.S. proposed a 21-day truce.", [ONE], [])
    (citation,) = claim.citations
    assert TRUCE[citation.start : citation.end] == citation.quote
    assert citation.quote == "The United States and France proposed a truce of 21 days."
    assert (citation.title, citation.number) == ("Truce", 1)


def test_support_in_another_passage_corrects_the_citation() -> None:
    claim = check("Israel rejected the proposal on Thursday.", [TWO], [ONE])
    assert claim.status == "corrected"
    assert [c.title for c in claim.citations] == ["Truce"]


def test_a_sentence_without_citation_is_given_one() -> None:
    claim = check("Organisers expect 400 people.", [], [ONE, TWO])
    assert (claim.status, claim.citations[0].title) == ("supported", "Rally")


def test_an_unsupported_sentence_has_no_citation() -> None:
    assert check("The moon landing was in 1969.", [ONE], [TWO]).citations == ()


def test_two_passages_carry_a_sentence_together() -> None:
    claim = check("Israel rejected the proposal and Hezbollah may hold a rally.", [ONE, TWO], [])
    assert claim.status == "supported"
    assert {c.title for c in claim.citations} == {"Truce", "Rally"}


def test_saying_that_the_articles_do_not_say_needs_no_source() -> None:
    assert check(NO_ANSWER, [], [ONE]) == Claim(NO_ANSWER)


@pytest.mark.parametrize(
    ("sentence", "text", "span"),
    [
        ("It rained.", "Then it rained. It rained.", (5, 15)),
        ("rain", "brain rain", (6, 10)),
        ("a  b", "x a\n b", (2, 6)),
        ("“No,” he said", '"No," he said', (0, 13)),
        ("(a+b)*", "see (a+b)* now", (4, 10)),
        ("missing", "text", None),
        ("   ", "text", None),
    ],
)
def test_exact(sentence: str, text: str, span: tuple[int, int] | None) -> None:
    assert exact(sentence, text) == span


def test_numbers_run_in_order_of_appearance_and_stay() -> None:
    first = check("Organisers expect 400 people.", [TWO], [])
    second = check("Israel rejected the proposal on Thursday.", [ONE], [])
    claims = number_citations([first, second, first])
    assert [[c.number for c in claim.citations] for claim in claims] == [[1], [2], [1]]
    assert claims[1].marked == "Israel rejected the proposal on Thursday. [2]"


PLACES = (
    Locator(0, 30, "Chapter 1"),
    Locator(0, 10, "p. 12"),
    Locator(12, 30, "p. 13"),
    Locator(40, 50, "row 3"),
)


@pytest.mark.parametrize(
    ("start", "end", "name"),
    [
        (0, 10, "p. 12"),
        (5, 20, "p. 12–13"),
        (8, 12, "p. 12"),
        (10, 12, "Chapter 1"),
        (29, 45, "p. 13"),
        (29, 60, "p. 13"),
        (35, 45, ""),
        (49, 60, "row 3"),
        (50, 50, ""),
    ],
)
def test_the_place_is_the_innermost_that_holds_the_quotes_start(
    start: int, end: int, name: str
) -> None:
    assert place(PLACES, start, end) == place(PLACES[::-1], start, end) == name


def test_a_citation_names_the_place_in_the_original() -> None:
    article = Article("Rain fell. It stopped.", title="Rain", locators=(Locator(0, 10, "p. xii"),))
    assert cite(article, 0, 10).label == "Rain, p. xii"
    assert cite(article, 11, 22).locator == ""


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_gives_a_claim_whose_quotes_are_in_the_source(sentence: str, text: str) -> None:
    made = source(text)
    for citation in check(sentence, [made], []).citations:
        assert text[citation.start : citation.end] == citation.quote
