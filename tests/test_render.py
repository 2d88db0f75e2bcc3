"""Answers as text: what stands where, confidence in words, and where sources differ."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.render import STEPS, answer_text, below, confidence_words, percent, prose
from assistant.types import (
    NO_ANSWER,
    Answer,
    Citation,
    Claim,
    Disagreement,
    DisagreementKind,
    Notice,
    Value,
)
from evals.cases import Case, Evidence
from evals.locate import locate
from evals.run import Row, run
from index import Article, Hit, Passage

FERRY = Article("The ferry sank at noon. Nobody drowned.", title="Ferry", key="sample:ferry")
WRECK = Article("The ferry sank at dusk.", title="Wreck", key="sample:wreck")
AT_NOON = Citation(1, FERRY.id, FERRY.version, 0, 23, "The ferry sank at noon.", title="Ferry")
AT_DUSK = Citation(2, WRECK.id, WRECK.version, 0, 23, "The ferry\nsank at dusk.", title="Wreck")
NOON = Claim("The ferry sank at noon.", (AT_NOON,))
DUSK = Claim("The ferry sank at dusk.", (AT_DUSK,))
AT_SEA = (
    Value("at\nnoon", NOON, "Ferry", date(2024, 10, 15)),
    Value("at dusk", DUSK, "Wreck", speaker="the crew said"),
)
READ = Answer(
    "When?",
    (NOON,),
    "at\nnoon",
    confidence=0.83,
    disagreement=Disagreement("contradiction", AT_SEA),
)
WRITTEN = Answer("When?", (NOON,), answered_by="tiny")
"""As a language model answers: nothing short, no confidence."""


def test_the_short_answer_stands_first_and_the_confidence_below_the_sources() -> None:
    notice = Notice("samples", "Only samples.")
    assert answer_text(replace(READ, notices=(notice,))).split("\n") == [
        "at noon",
        "",
        "The ferry sank at noon. [1]",
        "",
        "Sources differ:",
        "  - 2024-10-15, Ferry: at noon [1]",
        "  - Wreck, the crew said: at dusk [2]",
        "",
        "[1] Ferry",
        "    “The ferry sank at noon.”",
        "[2] Wreck",
        "    “The ferry sank at dusk.”",
        "",
        "Confidence: likely (83 %)",
        "",
        "Note: Only samples.",
    ]


def test_a_language_models_answer_has_no_confidence_and_nothing_short() -> None:
    said = "The ferry sank at noon. [1]\n\n[1] Ferry\n    “The ferry sank at noon.”"
    assert answer_text(WRITTEN) == str(WRITTEN) == said


@pytest.mark.parametrize("answer", [READ, WRITTEN, Answer("When?", abstained=True)])
def test_what_stands_below_follows_the_sentences(answer: Answer) -> None:
    said = NO_ANSWER if answer.abstained else prose(answer.claims)
    assert answer_text(answer).endswith(said + below(answer))
    assert below(answer) == "" or below(answer).startswith("\n\n")


def test_a_source_names_the_page() -> None:
    (claim,) = WRITTEN.claims
    located = replace(claim, citations=(replace(claim.citations[0], locator="p. 12–13"),))
    answer = replace(WRITTEN, claims=(located,))
    assert "[1] Ferry, p. 12–13\n" in answer_text(answer)
    assert answer.to_dict()["citations"][0]["locator"] == "p. 12–13"


def test_a_sentence_that_is_only_near_says_so() -> None:
    assert prose([Claim("It flew."), Claim("Rain fell.", nearest="Who?")]) == (
        "It flew. Rain fell. (not sure)"
    )


def test_a_doubtful_value_says_so() -> None:
    flew = Value("never", Claim("It flew.", (), "unsupported"), "Wreck")
    text = answer_text(replace(READ, disagreement=Disagreement("contradiction", (flew,))))
    assert "  - Wreck: never (not in the sources)\n" in text


@pytest.mark.parametrize(
    ("kind", "heading"),
    [("contradiction", "Sources differ:"), ("development", "This changed over time:")],
)
def test_a_heading_tells_a_development_from_a_contradiction(
    kind: DisagreementKind, heading: str
) -> None:
    assert f"\n\n{heading}\n  - " in below(replace(READ, disagreement=Disagreement(kind, AT_SEA)))


def test_what_is_missing_stands_right_behind_the_abstention() -> None:
    hit = Hit(Passage("p", FERRY.id, FERRY.version, 0, 39, FERRY.text), 0.4)
    notices = (Notice("samples", "Only samples."), Notice("missing", "No article mentions “Ada”."))
    answer = Answer("Did Ada sail?", hits=(hit,), abstained=True, notices=notices)
    assert answer_text(answer).split("\n") == [
        NO_ANSWER,
        "",
        "No article mentions “Ada”.",
        "",
        "Nearest passages:",
        f"  - {FERRY.text}",
        "",
        "Note: Only samples.",
    ]


def test_an_abstention_says_how_likely_the_guess_was_and_what_to_set() -> None:
    hit = Hit(Passage("p", FERRY.id, FERRY.version, 0, 39, FERRY.text), 0.4)
    answer = Answer("Who sailed it?", hits=(hit,), abstained=True, confidence=0.22)
    assert answer_text(answer).split("\n") == [
        NO_ANSWER,
        "",
        "Nearest passages:",
        f"  - {FERRY.text}",
        "",
        "The best guess was 22 % likely to be right; "
        "ASSISTANT_THRESHOLD sets how sure an answer must be.",
    ]


@pytest.mark.parametrize(
    "answer",
    [
        Answer("Who?", abstained=True),
        Answer("Who?", abstained=True, confidence=0.0),
        Answer("Who?", abstained=True, confidence=0.9, notices=(Notice("left_out", "One."),)),
    ],
    ids=["not calibrated", "no guess", "left out by the check"],
)
def test_no_threshold_is_named_where_it_would_change_nothing(answer: Answer) -> None:
    assert "THRESHOLD" not in answer_text(answer)
    assert "Confidence" not in answer_text(answer)


@pytest.mark.parametrize(
    ("confidence", "words"),
    [
        (1.0, "very likely (over 99 %)"),
        (0.896, "very likely (90 %)"),
        (0.894, "likely (89 %)"),
        (0.66, "likely (66 %)"),
        (0.654, "uncertain (65 %)"),
        (0.33, "uncertain (33 %)"),
        (0.32, "doubtful (32 %)"),
        (0.0, "doubtful (under 1 %)"),
    ],
)
def test_confidence_in_words(confidence: float, words: str) -> None:
    assert confidence_words(confidence) == words


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_same_percentage_has_the_same_word_and_more_never_a_weaker_one(
    one: float, other: float
) -> None:
    ranks = [word for _, word in STEPS]
    low, high = sorted((one, other))
    words = [confidence_words(chance).partition(" (")[0] for chance in (low, high)]
    assert ranks.index(words[0]) >= ranks.index(words[1])
    if percent(low) == percent(high):
        assert words[0] == words[1]


def test_the_citations_of_an_answer_hold_those_of_a_disagreement() -> None:
    assert READ.citations == (AT_NOON, AT_DUSK)
    plain = json.loads(json.dumps(READ.to_dict()))
    assert [c["number"] for c in plain["citations"]] == [1, 2]
    assert plain["disagreement"]["kind"] == "contradiction"
    assert [v["published"] for v in plain["disagreement"]["values"]] == ["2024-10-15", None]
    assert READ.text == "The ferry sank at noon. [1]"


def test_an_evaluation_counts_only_what_the_answer_itself_cites() -> None:
    evidence = (Evidence("ferry", "The ferry sank at noon."),)
    case = Case("when", "when", "When did the ferry sink?", ("noon",), (("noon",),), evidence)

    def rows(answer: Answer) -> Row:
        slugs = {FERRY.id: "ferry", WRECK.id: "wreck"}
        [row] = run(locate([case], [FERRY, WRECK]), lambda question, history, today: answer, slugs)
        return row

    row = rows(READ)
    assert [c["article"] for c in row["citations"]] == ["ferry"]
    assert row["metrics"]["citation_precision"] == 1.0
    # What only another value cites is not credited to the answer either.
    swapped = replace(READ, claims=(DUSK,))
    assert rows(swapped)["metrics"]["all_cited"] == 0.0


def test_a_citation_shared_by_two_sentences_is_listed_once() -> None:
    again = Claim("Nobody saw it.", (AT_NOON,))
    assert replace(READ, claims=(NOON, again)).citations == (AT_NOON, AT_DUSK)
