"""The built-in answerer: from spans to a short answer in its sentence, with its source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from conftest import FakeEmbedder
from helpers import candidate, evidence

from assistant.look import header, look_at
from assistant.reader import Reader, Reading, Span
from assistant.reader.confidence import Found
from assistant.reading import ReaderAnswerer, same
from assistant.state import Draft, Evidence


class FakeReader(Reader):
    """Points at the words it was given, wherever they stand, and records what it was asked."""

    def __init__(self, *scored: tuple[str, float]) -> None:
        self._scored = scored
        self.asked: list[tuple[str, list[str]]] = []

    @property
    def threshold(self) -> float:
        return 0.5

    def look(
        self,
        question: str,
        passages: Sequence[str],
        *,
        headers: Sequence[str] | None = None,
        priors: Sequence[float] | None = None,
    ) -> list[Found]:
        self.asked.append((question, list(passages)))
        assert headers is not None
        assert priors is not None
        assert len(headers) == len(priors) == len(passages)
        return [
            candidate(number, start, start + len(words), score)
            for words, score in self._scored
            for number, text in enumerate(passages)
            if (start := text.find(words)) >= 0
        ]

    def judge(self, found: Sequence[Found], passages: Sequence[str], *, best: int = 20) -> Reading:
        spans = [
            Span(one.passage, one.start, one.end, passages[one.passage][one.start : one.end], s)
            for one in found
            for s in [one.raw]
        ]
        return Reading(sorted(spans, key=lambda span: -span.score)[:best])


def answer(found: Evidence, *scored: tuple[str, float], threshold: float | None = None) -> Draft:
    """All pieces of an answer as one."""
    answerer = ReaderAnswerer(FakeEmbedder(), threshold, FakeReader(*scored))
    total = Draft()
    for piece in answerer.answer(found):
        total = total + piece
    return total


TRUCE = "The talks went on all night. The U.S. and France proposed a truce of 21 days. Rain fell."
CLAIM = "Shells hit the port at dawn. According to Hezbollah, 55 people were hurt. Shops closed."


def test_a_short_answer_comes_with_its_sentence() -> None:
    found = answer(
        evidence(TRUCE, question="Who proposed the truce?"), ("The U.S. and France", 0.9)
    )
    assert found.short == "The U.S. and France"
    assert found.text == "The U.S. and France proposed a truce of 21 days."
    assert found.cites == (1,)
    assert found.confidence == 0.9
    assert not found.abstained


def test_an_attributed_answer_keeps_its_attribution() -> None:
    found = answer(evidence(CLAIM, question="How many people were hurt?"), ("55", 0.8))
    assert "55" in found.short
    assert "Hezbollah" in found.short
    assert found.text == "According to Hezbollah, 55 people were hurt."


def test_below_the_threshold_it_abstains_and_says_how_sure_it_was() -> None:
    asked = evidence(TRUCE, question="Who proposed the truce?")
    found = answer(asked, ("France", 0.4))
    assert found.abstained
    assert (found.text, found.short, found.confidence) == ("", "", 0.4)
    assert not answer(asked, ("France", 0.4), threshold=0.3).abstained
    assert answer(asked).abstained


def test_equal_answers_of_two_articles_beat_a_lone_better_one() -> None:
    one = "Ada Lind wrote the hymn in 1902."
    other = "The hymn by Lind was first sung at Kings Reach."
    third = "Ivo Marran wrote songs too."
    found = answer(
        evidence(third, one, other, question="Who wrote the hymn?"),
        ("Ivo Marran", 0.7),
        ("Ada Lind", 0.6),
        ("Lind was", 0.0),
        ("Lind", 0.55),
    )
    assert found.short == "Ada Lind"
    assert found.cites == (2,)


def test_a_different_answer_of_another_article_is_shown_beside() -> None:
    found = answer(
        evidence(
            "On Monday 55 rockets were fired.",
            "The army counted 70 rockets.",
            question="How many rockets were fired?",
        ),
        ("55", 0.8),
        ("70", 0.6),
    )
    assert found.short == "55"
    assert [(other.text, other.source) for other in found.alternatives] == [
        ("The army counted 70 rockets.", 2)
    ]


def test_an_unlikely_different_answer_is_not() -> None:
    found = answer(
        evidence("55 rockets were fired.", "70 rockets lay there.", question="How many rockets?"),
        ("55", 0.8),
        ("70", 0.3),
    )
    assert found.alternatives == ()


def test_a_list_has_several_items() -> None:
    text = "The pact was signed by Arnland on Monday. Bergia signed a day later. Rain fell."
    found = answer(
        evidence(text, question="Which two countries signed the pact?"),
        ("Arnland", 0.8),
        ("Bergia", 0.3),
        ("Rain", 0.2),
    )
    assert found.short == "Arnland; Bergia"
    assert found.text == "The pact was signed by Arnland on Monday. Bergia signed a day later."
    assert found.cites == (1, 1)


def test_one_span_that_is_a_list_stays_alone() -> None:
    found = answer(
        evidence(TRUCE, question="Which two countries proposed the truce?"),
        ("The U.S. and France", 0.8),
        ("Rain", 0.5),
    )
    assert found.short == "The U.S. and France"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The council approved the budget on Monday.", "Yes"),
        ("The council rejected the budget on Monday.", "No"),
        ("The council did not approve the budget.", "No"),
    ],
)
def test_yes_or_no_with_the_sentence(text: str, said: str) -> None:
    found = answer(evidence(text, question="Did the council approve the budget?"))
    assert found.short.startswith(said)
    assert found.text == text
    assert found.cites == (1,)


def test_yes_or_no_that_nothing_settles_is_no_answer() -> None:
    text = "The council will meet about the budget on Monday."
    found = answer(evidence(text, question="Did the council approve the budget?"))
    assert found.abstained
    assert not found.confidence


def test_why_is_answered_in_sentences() -> None:
    text = "The bridge was closed because of cracks in its pillars. The mayor spoke. Rain fell."
    asked = evidence(text, question="Why was the bridge closed?")
    found = answer(asked, ("cracks", 0.9), threshold=0.0)
    assert found.short == ""
    assert "because of cracks" in found.text


def test_what_was_seen_in_re_scoring_is_not_read_again() -> None:
    asked = evidence(TRUCE, CLAIM, question="Who proposed the truce?")
    reader = FakeReader(("The U.S. and France", 0.9), ("55", 0.6))
    look, _ = look_at(reader, "Who proposed the truce?", asked.sources)
    reader.asked.clear()
    answerer = ReaderAnswerer(FakeEmbedder(), None, reader)
    first = replace(asked, look=look)
    assert [pick.text for pick in answerer.picks(first)] == ["The U.S. and France", "55"]
    fewer = replace(first, sources=asked.sources[1:])
    assert [pick.text for pick in answerer.picks(fewer)] == ["55"]
    assert reader.asked == []
    answerer.picks(replace(asked, look=replace(look, question="another")))
    assert len(reader.asked) == 1


def test_a_header_is_title_and_date() -> None:
    (source,) = evidence(TRUCE).sources
    assert header(source).startswith(source.article.title)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("the U.S. and France", "France and the United States", True),
        ("Lind", "Ada Lind", True),
        ("55", "55 people", True),
        ("55", "70", False),
        ("", "55", False),
        ("the", "a", False),
    ],
)
def test_same(one: str, other: str, expected: bool) -> None:
    assert same(one, other) is expected


def test_an_article_that_says_both_settles_nothing() -> None:
    both = "The council approved the budget on Monday. The council did not approve the budget."
    asked = "Did the council approve the budget?"
    assert answer(evidence(both, question=asked)).abstained


def test_articles_that_differ_on_a_yes_are_both_shown() -> None:
    yes, no = "The council approved the budget.", "The council rejected the budget."
    found = answer(evidence(yes, no, question="Did the council approve the budget?"))
    assert (found.short, found.confidence) == ("Yes", None)
    assert [(other.text, other.source) for other in found.alternatives] == [(no, 2)]


def test_a_yes_names_who_says_so() -> None:
    said = "The mayor said the council approved the budget. The union denied it."
    found = answer(evidence(said, question="Did the council approve the budget?"))
    assert found.short == "Yes, the mayor said; the union denied it"
    assert found.text == said


def test_a_thousands_comma_is_no_list() -> None:
    text = "The fire cost 1,200 homes and 300 barns."
    asked = evidence(text, question="Which two losses did the fire cause?")
    assert "300 barns" in answer(asked, ("1,200 homes", 0.9), ("300 barns", 0.6)).short


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("Macron", "President Emmanuel Macron", True),
        ("Rask", "Rask's brother", False),
        ("day", "21 days", False),
        ("40", "not 40", False),
        ("U.S.-France", "the U.S. and France", True),
    ],
)
def test_equal_answers(one: str, other: str, equal: bool) -> None:
    assert same(one, other) is same(other, one) is equal


def test_a_name_is_shown_with_those_that_a_hyphen_joins() -> None:
    text = "The U.S.-France-backed truce began."
    found = answer(evidence(text, question="Who backs the truce?"), ("France", 0.9))
    assert found.short.startswith("U.S.-France")
