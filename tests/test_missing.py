"""What an abstention says is missing, and that it is silent where that is not sure."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant import Assistant, Settings
from assistant.missing import NOTHING_NEAR, missing
from assistant.types import Answer
from index import Article, Library, Scope

STRIKE = Article(
    "Dockers of Velm began a strike over pay. Mayor Hannah Volker asked all sides to talk. The "
    "Lebanese envoy, Amal Qāsim, waited for her ship.",
    title="Strike at the port of Velm",
    source="Velm Courier",
)
COUNTED = Article(
    "Hannah Volker opened the school. On Monday 3,400 pupils came. The roof cost nothing.",
    title="School",
)


def nowhere(word: str) -> bool:
    return False


def elsewhere(word: str) -> bool:
    return True


def lacks(question: str, *articles: Article, mentions: Callable[[str], bool] = nowhere) -> str:
    found = articles or (STRIKE,)
    return missing(question, [(article.text, article) for article in found], mentions)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What did Putin say about the strike?", "No article mentions “Putin”."),
        ("What did Vladimir Putin say?", "No article mentions “Vladimir Putin”."),
        ("Did Putin or Merkel visit Velm?", "No article mentions “Putin” or “Merkel”."),
        ("Who is Ada Volker-Lind?", "No article mentions “Ada Volker-Lind”."),
        ("What did Hannah Pell say?", "No article mentions “Pell”."),
        ("Did 1,250 dockers strike?", "The passages found do not have the number 1,250."),
        ("How many dockers of Velm strike?", ""),
    ],
)
def test_what_no_passage_holds_is_named(question: str, said: str) -> None:
    expected = said or "Where the passages found mention “Velm”, they give no number."
    assert lacks(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "What did Hannah Volker demand?",
        "What did Volker demand?",
        "What did Ada Volker demand?",  # a first name may be left out
        "What did volker's deputy demand?",
        "What does Lebanon want?",  # "Lebanese"
        "What did Qasim want?",  # without the accent
        "What did the Velm Courier demand?",  # the source's name
        "What does the IAEA demand?",  # an abbreviation may be written out
        "What does the U.S. demand?",
        "Why did the strike of March begin?",
        "What Did The Strikers Of Putin Demand?",  # capitals that mean nothing
        "Who in 2019 called the strike?",
        "Describe the strike",
        "Putin?",  # a first word always has a capital
        "",
    ],
)
def test_nothing_is_said_that_is_not_sure(question: str) -> None:
    assert lacks(question) == ""


def test_a_name_that_other_articles_hold_is_missing_from_the_passages_only() -> None:
    question = "What did Putin say about the strike?"
    assert lacks(question, mentions=elsewhere) == "The passages found do not mention “Putin”."
    both = "Did Putin meet Merkel?"
    said = lacks(both, mentions=["Putin"].__contains__)
    assert said == "No article mentions “Merkel”."


def test_a_title_counts_as_mentioned() -> None:
    titled = Article("The talks failed.", title="Putin in Velm")
    assert lacks("What did Putin say?", titled) == ""


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (
            "When did Hannah Volker speak?",
            "Where the passages found mention “Hannah Volker”, they give no date.",
        ),
        ("When did the strike begin?", "The passages found give no date."),
        ("How many dockers strike?", "The passages found give no number."),
        ("Who called the strike?", ""),
    ],
)
def test_a_kind_is_missing_only_where_nothing_of_it_is_told(question: str, said: str) -> None:
    text = "Dockers began a strike. Hannah Volker spoke. It rained."
    assert lacks(question, Article(text, title="Velm")) == said


@pytest.mark.parametrize(
    "text",
    [
        "Hannah Volker spoke. It was on 3 May.",
        "It was noon. Hannah Volker spoke.",
        "Two days later Hannah Volker spoke.",
        "Hannah Volker spoke after the vote.",
        "Hannah Volker spoke in 1999.",
    ],
)
def test_a_neighbouring_sentence_may_give_the_date(text: str) -> None:
    assert lacks("When did Hannah Volker speak?", Article(text, title="Velm")) == ""


def test_of_other_languages_only_names_are_missed() -> None:
    german = Article("Die Arbeiter streiken.", title="Streik", language="de")
    assert lacks("How many workers strike?", german) == ""
    assert lacks("How many workers met Putin?", german) == "No article mentions “Putin”."


def test_without_passages_nothing_is_said() -> None:
    assert missing("What did Putin say?", [], nowhere) == ""


def told(answer: Answer) -> list[tuple[str, str]]:
    return [(notice.kind, notice.text) for notice in answer.notices]


def test_an_abstention_says_what_the_library_lacks(library: Library) -> None:
    library.add([STRIKE, COUNTED])
    assistant = Assistant(library=library, settings=Settings(keyless=True, threshold=1.0))
    answer = assistant.ask("What did Putin say about the strike of dockers over pay in Velm?")
    assert answer.abstained
    assert told(answer) == [("missing", "No article mentions “Putin”.")]
    assert "The articles do not say.\n\nNo article mentions “Putin”.\n" in str(answer)
    one = library.articles(words="strike")[0].id
    scoped = assistant.ask("How many dockers met pupils of the School strike?", articles=[one])
    assert told(scoped) == [("missing", "The passages found do not mention “School”.")]


def test_an_answer_is_not_told_what_is_missing(library: Library) -> None:
    library.add([COUNTED])
    assistant = Assistant(library=library, settings=Settings(keyless=True, threshold=0.0))
    answer = assistant.ask("How many pupils came on Monday, asks Putin?")
    assert not answer.abstained
    assert told(answer) == []


def test_what_is_off_topic_says_only_so(library: Library) -> None:
    library.add([COUNTED])
    assistant = Assistant(library=library, settings=Settings(keyless=True, threshold=0.0))
    answer = assistant.ask("xylophone quasar Putin")
    assert answer.abstained
    assert told(answer) == [("off_topic", NOTHING_NEAR)]


def test_a_library_tells_which_words_it_holds(library: Library) -> None:
    library.add([STRIKE, COUNTED])
    assert library.mentions("dockers")
    assert not library.mentions("Putin")
    assert not library.mentions("dockers pupils")  # no article has both
    school = library.articles(words="pupils")[0].id
    assert not library.mentions("dockers", Scope(articles=(school,)))
