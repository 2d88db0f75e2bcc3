"""Sets are read strictly, and the shipped ones agree with the sample articles."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from assistant import Turn
from assistant.errors import InputError
from assistant.samples import sample_articles
from evals.cases import KINDS, Case, Evidence, load_set, load_sets, sets
from evals.locate import locate, names
from evals.metrics import Span, attribution_kept, containment
from index import Article, sentences

GOOD: dict[str, Any] = {
    "id": "tarn",
    "kind": "where",
    "question": "Where did rain fall?",
    "answers": ["Tarn"],
    "contains": [["Tarn"]],
    "evidence": [{"article": "weather", "quote": "Rain fell in Tarn."}],
    "also": [[{"article": "weather", "quote": "wet in Tarn"}]],
    "answerable": True,
    "history": [],
    "standalone": "",
}
WEATHER = Article("Rain fell in Tarn. It was wet in Tarn, very wet.", key="sample:weather")


def written(folder: Path, *lines: dict[str, Any] | str, name: str = "own.jsonl") -> Path:
    path = folder / name
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts) + "\n", "utf-8")
    return path


def carried(text: str, place: Span) -> str:
    """The sentences of a text that a place touches."""
    return " ".join(
        text[start:end] for start, end in sentences(text) if start < place.end and place.start < end
    )


def test_a_line_becomes_a_case(tmp_path: Path) -> None:
    follow = {
        **GOOD,
        "id": "when",
        "kind": "follow_up",
        "history": [{"question": "Did it rain?", "answer": "Yes."}],
        "standalone": "When did rain fall?",
    }
    first, second = load_set(written(tmp_path, GOOD, "", follow))
    assert first == Case(
        id="tarn",
        kind="where",
        question="Where did rain fall?",
        answers=("Tarn",),
        contains=(("Tarn",),),
        evidence=(
            Evidence("weather", "Rain fell in Tarn.", (Evidence("weather", "wet in Tarn"),)),
        ),
        set="own",
    )
    assert second.history == (Turn("Did it rain?", "Yes."),)


def test_a_line_may_say_what_its_answer_must_keep(tmp_path: Path) -> None:
    keeps = [["the mayor", "she said"], ["if"]]
    line = {**GOOD, "kind": "attributed", "keeps": keeps}
    [plain, kept] = load_set(written(tmp_path, GOOD, {**line, "id": "kept"}))
    assert plain.keeps == ()
    assert kept.keeps == (("the mayor", "she said"), ("if",))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"kind": "whence"}, "kind: Input should be 'who'"),
        ({"id": ""}, "id: String should have at least 1 character"),
        ({"question": 3}, "question: Input should be a valid string"),
        ({"colour": "red"}, "colour: Extra inputs are not permitted"),
        ({"evidence": [{"article": "weather"}], "also": []}, "evidence.0.quote: Field required"),
        ({"also": [[], []]}, "also has 2 lists for 1 pieces of evidence"),
        ({"contains": [[]]}, "a list in contains is empty"),
        ({"keeps": [["the mayor"], []]}, "a list in keeps is empty"),
        ({"keeps": "the mayor"}, "keeps: Input should be a valid array"),
        ({"kind": "attributed"}, "a case of the kind 'attributed' needs keeps"),
        (
            {
                "kind": "unanswerable",
                "answerable": False,
                "answers": [],
                "contains": [],
                "keeps": [["the mayor"]],
            },
            "a case with keeps must be answerable",
        ),
        ({"evidence": [], "also": []}, "an answerable case needs evidence"),
        ({"answers": [], "contains": []}, "an answerable case needs answers or contains"),
        ({"answerable": False}, "a case with answers or contains must be answerable"),
        (
            {"answerable": False, "answers": [], "contains": []},
            "answerable cannot be False for the kind 'where'",
        ),
        ({"standalone": "Where?"}, "a case with history needs standalone"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, change: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError) as caught:
        load_set(written(tmp_path, GOOD, {**GOOD, "id": "x", **change}))
    assert str(caught.value).startswith("own.jsonl, line 2: ")
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_broken_json_and_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^own\.jsonl, line 1: no JSON at column 2"):
        load_set(written(tmp_path, "{id: 3}"))
    with pytest.raises(InputError, match="name a JSONL file in UTF-8"):
        load_set(tmp_path)
    with pytest.raises(InputError, match="there is no set 'nowhere'; choose from attributed,"):
        load_sets(["nowhere"])


def test_an_id_is_used_once(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"line 2: the id 'tarn' is used twice"):
        load_set(written(tmp_path, GOOD, GOOD))
    one, two = (written(tmp_path, GOOD, name=f"{name}.jsonl") for name in ("one", "two"))
    with pytest.raises(InputError, match=r"two\.jsonl: the id 'tarn' is in the set 'one' too"):
        load_sets([str(one), str(two)])


def test_evidence_is_found_where_it_stands(tmp_path: Path) -> None:
    [located] = locate(load_set(written(tmp_path, GOOD)), [WEATHER])
    [[quote, also]] = located.evidence
    for span in (quote, also):
        assert WEATHER.text[span.start : span.end] == span.text
        assert span.article == WEATHER.id


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ({"article": "sport", "quote": "Rain"}, "the library has no article 'sport'"),
        ({"article": "weather", "quote": "Snow"}, "'Snow' is not in 'weather'"),
        ({"article": "weather", "quote": "in Tarn"}, "'in Tarn' is more than once in 'weather'"),
    ],
)
def test_evidence_that_is_not_there_is_named(
    tmp_path: Path, place: dict[str, str], told: str
) -> None:
    cases = load_set(written(tmp_path, {**GOOD, "evidence": [place], "also": []}))
    with pytest.raises(InputError, match="case 'tarn': ") as caught:
        locate(cases, [WEATHER])
    assert told in str(caught.value)


def test_names_of_articles() -> None:
    assert names(Article("Rain.", key="/news/weather.md")) >= {"weather"}
    assert names(Article("Rain.", url="https://news.example/a")) == {"https://news.example/a"}


def test_the_shipped_sets_are_what_was_asked_for() -> None:
    cases = load_sets()
    kinds = Counter(case.kind for case in cases)
    assert set(sets()) == {
        "attributed",
        "facts",
        "false_premise",
        "follow_up",
        "multi",
        "stated",
        "stated_blind",
        "unanswerable",
    }
    assert set(kinds) == set(KINDS)
    assert len(cases) >= 120
    assert sum(not case.answerable and not case.evidence for case in cases) >= 30
    assert all(len(case.evidence) >= 2 for case in cases if case.kind == "multi")
    assert len(locate(cases, sample_articles())) == len(cases)


CONCLUDED = ("count-", "comp-")
"""How the ids begin whose answer follows from the evidence but does not stand in it."""


def test_the_shipped_answers_are_in_their_evidence() -> None:
    articles = {article.id: article for article in sample_articles()}
    for located in locate(load_sets(sets()), articles.values()):
        case = located.case
        carrying = " ".join(
            carried(articles[quote.article].text, quote) for quote, *_ in located.evidence
        )
        if not case.id.startswith(CONCLUDED):
            assert containment(carrying, case.contains) != 0, case.id
        assert not case.answers or any(
            containment(answer, case.contains) != 0 for answer in case.answers
        ), case.id


def test_what_must_be_kept_stands_in_every_place_that_carries_it() -> None:
    articles = {article.id: article for article in sample_articles()}
    kept = [
        located for located in locate(load_sets(sets()), articles.values()) if located.case.keeps
    ]
    assert len(kept) >= 72
    for located in kept:
        case = located.case
        for place in (place for places in located.evidence for place in places):
            carrying = carried(articles[place.article].text, place)
            assert attribution_kept(carrying, "", case.answers, case.keeps), (case.id, carrying)
            assert containment(carrying, case.contains) == 1, (case.id, carrying)
        assert any(
            attribution_kept(answer, "", case.answers, case.keeps)
            and containment(answer, case.contains) == 1
            for answer in case.answers
        ), case.id


def test_every_sample_and_sort_has_attributed_cases() -> None:
    cases = load_set(sets()["attributed"])
    places = [place for case in cases for piece in case.evidence for place in (piece, *piece.also)]
    assert {f"sample:{place.article}" for place in places} == {a.key for a in sample_articles()}
    sorts = Counter(case.id.split("-")[0] for case in cases)
    assert set(sorts) == {"said", "denied", "doubt", "if"}
    assert min(sorts.values()) >= 10


def test_no_question_is_asked_twice() -> None:
    asked = Counter(case.standalone or case.question for case in load_sets(sets()))
    assert [question for question, often in asked.items() if often > 1] == []
