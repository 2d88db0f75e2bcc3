"""Drafts to events: sentences are put together, checked, cited and numbered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence

import pytest
from helpers import RALLY, TRUCE, evidence

from assistant.checking import Checker
from assistant.state import Difference, Draft, Stance
from assistant.types import NO_ANSWER, Answer, Cited, Done, Event, Notice, Restarted, Token


def run(pieces: Sequence[Draft], *, strict: bool = False) -> list[Event]:
    async def drafts() -> AsyncGenerator[Draft, None]:
        yield Draft(evidence=evidence(TRUCE, RALLY))
        for piece in pieces:
            yield piece

    async def collect() -> list[Event]:
        return [event async for event in Checker(strict=strict).events(drafts())]

    return asyncio.run(collect())


def answer_of(events: Sequence[Event]) -> Answer:
    assert isinstance(events[-1], Done)
    return events[-1].answer


def test_marks_after_the_full_stop_belong_to_the_sentence_before() -> None:
    events = run(
        [
            Draft(text="Israel rejected the proposal."),
            Draft(cites=(1,)),
            Draft(text=" Organisers expect 400 people."),
            Draft(cites=(2,)),
        ]
    )
    answer = answer_of(events)
    assert [claim.status for claim in answer.claims] == ["supported", "supported"]
    assert answer.text == "Israel rejected the proposal. [1] Organisers expect 400 people. [2]"
    assert "".join(e.text for e in events if isinstance(e, Token)) == (
        "Israel rejected the proposal. Organisers expect 400 people."
    )


def test_a_sentence_keeps_the_part_that_it_is_near() -> None:
    pieces = [
        Draft(text="Israel rejected the proposal.", cites=(1,), whole=True),
        Draft(text=" Organisers expect 400 people.", cites=(2,), whole=True, nearest="How many?"),
    ]
    answer = answer_of(run(pieces))
    assert [claim.nearest for claim in answer.claims] == ["", "How many?"]


def test_marks_before_the_full_stop() -> None:
    pieces = [Draft(text="Organisers expect 400 people"), Draft(cites=(2,)), Draft(text=". Isr")]
    answer = answer_of(run([*pieces, Draft(text="ael rejected the proposal.")]))
    assert [[c.title for c in claim.citations] for claim in answer.claims] == [
        ["Report 2"],
        ["Report 1"],
    ]
    assert [c.number for c in answer.citations] == [1, 2]


def test_a_citation_comes_when_its_sentence_ends() -> None:
    events = run(
        [
            Draft(text="Organisers expect 400 people."),
            Draft(cites=(2,)),
            Draft(text=" Israel rejected the proposal."),
        ]
    )
    kinds = [type(event).__name__ for event in events]
    assert kinds == ["Retrieved", "Token", "Cited", "Checked", "Token", "Cited", "Checked", "Done"]


def test_the_constant_abstains() -> None:
    events = run([Draft(text="The articles "), Draft(text="do not say.")])
    answer = answer_of(events)
    assert answer.abstained
    assert answer.claims == ()
    assert answer.text == NO_ANSWER


@pytest.mark.parametrize(
    "text",
    ["The articles do not say", "**The articles do not say.**", "The articles do not say whether."],
)
def test_other_forms_of_the_constant_abstain_too(text: str) -> None:
    assert answer_of(run([Draft(text=text)])).abstained


def test_a_quotation_in_a_stream_is_not_torn() -> None:
    text = 'Israel rejected the proposal on Thursday. "We will not stop. We go on," said the envoy.'
    answer = answer_of(run([Draft(text=letter) for letter in text]))
    assert [claim.text for claim in answer.claims] == [
        "Israel rejected the proposal on Thursday.",
        '"We will not stop. We go on," said the envoy.',
    ]


def test_a_mark_after_an_abbreviation_ends_no_sentence() -> None:
    pieces = [Draft(text="It was proposed by the U.S."), Draft(cites=(1,))]
    answer = answer_of(run([*pieces, Draft(text=" and rejected by Israel."), Draft(cites=(1,))]))
    assert len(answer.claims) == 1


def test_a_part_that_is_not_said_does_not_abstain() -> None:
    answer = answer_of(
        run([Draft(text="Israel rejected the proposal. The articles do not say why.")])
    )
    assert not answer.abstained
    assert answer.text.endswith("The articles do not say why.")


def test_a_line_that_ends_ends_its_sentences_too() -> None:
    pieces = [
        Draft(text="Israel rejected it. Organisers expect 400"),
        Draft(cites=(2,)),
        Draft(ends=True),
        Draft(text=" in Tyre"),
    ]
    answer = answer_of(run(pieces))
    assert [claim.text for claim in answer.claims] == [
        "Israel rejected it.",
        "Organisers expect 400",
        "in Tyre",
    ]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Israel rejected the proposal. Organisers exp", "Israel rejected the proposal. [1]"),
        ("Israel rejected the proposal.", "Israel rejected the proposal. [1]"),
    ],
)
def test_a_sentence_that_was_cut_off_is_left_out(text: str, kept: str) -> None:
    assert answer_of(run([Draft(text=text), Draft(cut=True)])).text == kept


def test_what_is_void_was_paid_for_all_the_same() -> None:
    pieces = [
        Draft(usage={"total_tokens": 5}, cost=0.5),
        Draft(restart=Notice("fallback", "broke off")),
        Draft(text="Israel rejected the proposal.", usage={"total_tokens": 2}, cost=0.25),
    ]
    answer = answer_of(run(pieces))
    assert (answer.usage, answer.cost) == ({"total_tokens": 7}, 0.75)


def test_a_restart_voids_what_came_before() -> None:
    notice = Notice("fallback", "broke off")
    events = run(
        [
            Draft(text="Bananas are"),
            Draft(restart=notice),
            Draft(text="Israel rejected the proposal.", cites=(1,), whole=True),
        ]
    )
    answer = answer_of(events)
    assert Restarted(notice) in events
    assert answer.text == "Israel rejected the proposal. [1]"
    assert answer.notices == (notice,)


def test_an_unsupported_sentence_is_kept_and_marked() -> None:
    answer = answer_of(run([Draft(text="The moon is made of cheese.", cites=(1,), whole=True)]))
    assert answer.claims[0].status == "unsupported"
    assert answer.citations == ()
    assert "not in the sources" in str(answer)


def test_strict_leaves_it_out_and_says_so() -> None:
    events = run(
        [Draft(text="The moon is made of cheese. Israel rejected the proposal.")], strict=True
    )
    answer = answer_of(events)
    assert answer.text == "Israel rejected the proposal. [1]"
    assert "".join(e.text for e in events if isinstance(e, Token)) == (
        "Israel rejected the proposal."
    )
    assert answer.notices[0].kind == "left_out"


def test_cited_events_name_final_numbers() -> None:
    events = run([Draft(text="Organisers expect 400 people.", cites=(2,), whole=True)])
    (cited,) = [event for event in events if isinstance(event, Cited)]
    assert (cited.citation.number, cited.citation.title) == (1, "Report 2")


def test_a_draft_of_nothing_abstains() -> None:
    assert answer_of(run([])).abstained


def test_pieces_add_up_as_langchain_expects() -> None:
    total = Draft(text="a", usage={"tokens": 1}) + Draft(text="b", usage={"tokens": 2})
    assert (total.text, total.usage) == ("ab", {"tokens": 3})
    notice = Notice("fallback", "x")
    assert (total + Draft(restart=notice) + Draft(text="c")).text == "c"


def test_values_that_differ_are_checked_and_numbered_after_the_answers_own_quotes() -> None:
    sentence, other = "Israel rejected the proposal on Thursday.", "Organisers expect 400 people."
    stances = (Stance("Israel", sentence, 1), Stance("400", other, 2, "the organisers said"))
    pieces = [
        Draft(text=sentence, cites=(1,), whole=True),
        Draft(difference=Difference("contradiction", stances)),
    ]
    found = answer_of(run(pieces)).disagreement
    assert found is not None
    assert [(v.text, v.label) for v in found.values] == [
        ("Israel", "Report 1"),
        ("400", "Report 2, the organisers said"),
    ]
    assert [v.claim.citations[0].number for v in found.values] == [1, 2]
    # One value alone is no disagreement.
    made_up = (stances[0], Stance("cheese", "The moon is made of cheese.", 2))
    pieces[1] = Draft(difference=Difference("contradiction", made_up))
    assert answer_of(run(pieces, strict=True)).disagreement is None
    assert answer_of(run(pieces)).disagreement is not None
