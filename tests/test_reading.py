"""The built-in answerer: from spans to a short answer in its sentence, with its source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from helpers import candidate, evidence

from assistant.look import header, look_at
from assistant.reader import Reader, Reading, Span
from assistant.reader.confidence import Calibration, Found
from assistant.reading import ReaderAnswerer, same
from assistant.state import Difference, Draft, Evidence, Query, Stance
from assistant.types import Filter, Understood


class FakeReader(Reader):
    """Points at the words it was given, wherever they stand, and records what it was asked."""

    def __init__(self, *scored: tuple[str, float]) -> None:
        self._scored = scored
        self.calibration = Calibration({"raw": 1.0}, {}, 0.0, 0.5)
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
    answerer = ReaderAnswerer(threshold, FakeReader(*scored))
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
    assert found.difference == Difference(
        "contradiction",
        (
            Stance("55", "On Monday 55 rockets were fired.", 1),
            Stance("70", "The army counted 70 rockets.", 2),
        ),
    )


def test_an_unlikely_different_answer_is_not() -> None:
    found = answer(
        evidence("55 rockets were fired.", "70 rockets lay there.", question="How many rockets?"),
        ("55", 0.8),
        ("70", 0.2),
    )
    assert found.difference is None


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


def test_words_outside_of_the_best_sentence_must_be_surer() -> None:
    text = "The bridge was closed on Monday. The tunnel was opened by the mayor on Tuesday."
    asked = evidence(text, question="When was the tunnel opened by the mayor?")
    assert answer(asked, ("Monday", 0.55), ("Tuesday", 0.54)).short != "Monday"
    assert answer(asked, ("Monday", 0.65), ("Tuesday", 0.54)).short == "Monday"


def test_what_was_seen_in_re_scoring_is_not_read_again() -> None:
    asked = evidence(TRUCE, CLAIM, question="Who proposed the truce?")
    reader = FakeReader(("The U.S. and France", 0.9), ("55", 0.6))
    look, _ = look_at(reader, "Who proposed the truce?", asked.sources)
    reader.asked.clear()
    answerer = ReaderAnswerer(None, reader)
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
    assert found.difference is not None
    assert found.difference.stances == (Stance("Yes", yes, 1), Stance("No", no, 2))


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


def test_what_names_did_is_no_part_of_them() -> None:
    text = "The U.S.-France-backed truce failed. The well-armed guards left."
    asked = evidence(text, question="Who backed the truce?")
    assert answer(asked, ("U.S.-France-backed", 0.9)).short == "U.S.-France"
    guards = evidence(text, question="Who left?")
    assert answer(guards, ("well-armed guards", 0.9)).short == "well-armed guards"


def test_a_name_is_shown_with_those_that_a_hyphen_joins() -> None:
    text = "The U.S.-France-backed truce began."
    found = answer(evidence(text, question="Who backs the truce?"), ("France", 0.9))
    assert found.short.startswith("U.S.-France")


def dated(found: Evidence, *days: int, asked: type[Query] = Query) -> Evidence:
    """The evidence with its articles published on these days of a month."""
    sources = tuple(
        replace(one, article=replace(one.article, published=date(2025, 3, day)))
        for one, day in zip(found.sources, days, strict=True)
    )
    query = asked(found.query.question, standalone=found.query.standalone)
    return replace(found, sources=sources, query=query)


class Latest(Query):
    """A question for what is newest."""

    @property
    def understood(self) -> Understood:
        return Understood(self.question, filters=(Filter("latest", "latest"),))


SEVEN, TWELVE = "Seven miners died in the mine.", "The number of dead miners rose to 12."
DEAD = "How many miners died?"


def test_a_count_that_grew_is_told_with_its_newest_value_and_that_ones_confidence() -> None:
    both = dated(evidence(SEVEN, TWELVE, question=DEAD), 3, 4)
    found = answer(both, ("Seven", 0.6), ("12", 0.55))
    assert (found.short, found.text, found.confidence) == ("12", TWELVE, 0.55)
    assert found.difference == Difference(
        "development", (Stance("Seven", SEVEN, 1), Stance("12", TWELVE, 2))
    )


def test_a_much_less_likely_newer_value_is_only_listed() -> None:
    both = dated(evidence(SEVEN, TWELVE, question=DEAD), 3, 4)
    found = answer(both, ("Seven", 0.6), ("12", 0.4))
    assert (found.short, found.confidence) == ("Seven", 0.6)
    assert found.difference is not None
    assert found.difference.kind == "development"


def test_where_the_latest_is_asked_for_the_newest_article_answers() -> None:
    both = evidence(SEVEN, TWELVE, question=DEAD)
    newer = dated(both, 3, 4, asked=Latest)
    assert answer(newer, ("Seven", 0.6), ("12", 0.31)).short == "12"
    assert answer(newer, ("Seven", 0.6), ("12", 0.29)).short == "Seven"
    older = dated(both, 4, 3, asked=Latest)
    assert answer(older, ("Seven", 0.6), ("12", 0.55)).short == "Seven"


def test_a_yes_that_came_later_is_told() -> None:
    no, yes = "The pass is not open.", "The pass is open."
    found = answer(dated(evidence(no, yes, question="Is the pass open?"), 3, 6))
    assert found.short == "Yes"
    assert found.difference is not None
    assert found.difference.kind == "development"
    past = "Did the council approve the budget?"
    no, yes = "The council did not approve the budget.", "The council approved the budget."
    by_rank = answer(evidence(no, yes, question=past))
    dated_too = answer(dated(evidence(no, yes, question=past), 3, 6))
    assert dated_too.short == by_rank.short
    latest = answer(dated(evidence(no, yes, question=past), 6, 3, asked=Latest))
    assert latest.short == "No"


def test_two_speakers_of_one_article_differ() -> None:
    text = "The union said 3,400 men were on strike. The port authority said it was 2,150."
    found = answer(
        evidence(text, question="How many men were on strike?"), ("3,400", 0.6), ("2,150", 0.5)
    )
    assert found.difference is not None
    assert found.difference.kind == "contradiction"
    assert [(one.text, one.speaker) for one in found.difference.stances] == [
        ("3,400", "the union said"),
        ("2,150", "the port authority said"),
    ]


def test_about_and_more_than_count_when_answers_are_compared() -> None:
    one, other = "More than 100 men came.", "The march had 120 men."
    found = answer(evidence(one, other, question="How many men came?"), ("100", 0.6), ("120", 0.55))
    assert found.difference is None


def test_a_condition_is_told_in_its_own_words() -> None:
    one, other = "The port offered 5 per cent.", "It would pay 9 per cent, in two steps."
    asked = evidence(one, other, question="How much pay rise was offered?")
    found = answer(asked, ("5 per cent", 0.6), ("9 per cent", 0.5))
    assert found.difference is not None
    assert found.difference.stances[1].text == other


def test_a_value_that_is_denied_is_no_other_answer() -> None:
    one, other = "Seven men died.", "The mayor denied that 12 men died."
    found = answer(evidence(one, other, question="How many men died?"), ("Seven", 0.6), ("12", 0.5))
    assert found.difference is None


def test_articles_that_list_different_things_do_not_differ() -> None:
    one, other = "Arnland signed the pact.", "Bergia signed the pact."
    asked = evidence(one, other, question="Which countries signed the pact?")
    assert answer(asked, ("Arnland", 0.6), ("Bergia", 0.5)).difference is None
    single = evidence(one, other, question="Which country signed the pact?")
    assert answer(single, ("Arnland", 0.6), ("Bergia", 0.5)).difference is not None
