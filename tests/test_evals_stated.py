"""What questions say of source, author and time, and follow-ups: their cases and their measures."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant import Answer, Turn, Understood
from assistant.errors import InputError
from assistant.samples import sample_articles
from assistant.types import Filter
from evals import __main__ as command
from evals.cases import Case, Evidence, load_set, load_sets, sets
from evals.locate import locate
from evals.metrics import Stated, filter_none, filter_right, merged, share_at, untouched
from evals.report import OVERALL, Report
from evals.run import Row, run
from index import Article, Hit, Passage, Scope

POST = Stated(source="Ilvane Post", since=date(2025, 3, 1), until=date(2025, 3, 31))
GOOD: dict[str, Any] = {
    "id": "tarn",
    "kind": "stated",
    "question": "Where did rain fall in March?",
    "answers": ["Tarn"],
    "evidence": [{"article": "weather", "quote": "Tarn"}],
    "today": "2025-05-02",
    "filter": {"source": "Ilvane Post", "since": "2025-03-01", "until": "2025-03-31"},
}
TEXT = "Rain fell in Tarn on Monday. The river rose by 6.3 metres. Nobody was hurt."
WEATHER = Article(TEXT, title="Weather", key="sample:weather")
RAIN, RIVER = Evidence("weather", "Rain fell"), Evidence("weather", "by 6.3 metres")


def written(folder: Path, line: dict[str, Any]) -> Path:
    path = folder / "own.jsonl"
    path.write_text(json.dumps(line) + "\n", "utf-8")
    return path


def hit(quote: str) -> Hit:
    start = TEXT.index(quote)
    place = (start, start + len(quote), quote)
    return Hit(Passage(quote, WEATHER.id, WEATHER.version, *place), 1.0)


def row_of(case: Case, answer: Answer, found: Sequence[Hit] | None = None) -> Row:
    search = None if found is None else lambda _: found
    [row] = run(
        locate([case], [WEATHER]), lambda *_: answer, {WEATHER.id: "weather"}, search=search
    )
    return row


def test_a_line_states_a_filter(tmp_path: Path) -> None:
    [stated] = load_set(written(tmp_path, GOOD))
    assert (stated.today, stated.filter) == (date(2025, 5, 2), POST)
    [other] = load_set(written(tmp_path, {**GOOD, "kind": "where"}))
    assert other.filter == POST
    [bare] = load_set(written(tmp_path, {**GOOD, "filter": {}}))
    assert bare.filter == Stated()
    silent = {**GOOD, "answers": [], "evidence": [], "answerable": False}
    [silent_case] = load_set(written(tmp_path, silent))
    assert not silent_case.answerable


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"filter": None}, "a case of the kind 'stated' has filter, perhaps empty"),
        ({"filter": {"when": "2025"}}, "filter.when: Extra inputs are not permitted"),
        ({"filter": {"since": "March"}}, "filter.since: Input should be a valid date"),
        ({"filter": {"latest": "yes"}}, "filter.latest: Input should be a valid boolean"),
        (
            {"filter": {"since": "2025-03-02", "until": "2025-03-01"}},
            "filter: since 2025-03-02 is after until 2025-03-01",
        ),
        ({"today": 20250301}, "today: Input should be a valid date"),
    ],
)
def test_a_wrong_filter_is_named(tmp_path: Path, change: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError) as caught:
        load_set(written(tmp_path, {**GOOD, **change}))
    assert str(caught.value).startswith("own.jsonl, line 1: ")
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("found", "right", "none"),
    [
        (POST, 1.0, 0.0),
        (Stated("ilvane post", "", POST.since, POST.until), 1.0, 0.0),
        (Stated("Ilvane Post"), 0.0, 0.0),
        (Stated("Ilvane Post", "Priya Hollander", POST.since, POST.until), 0.0, 0.0),
        (Stated("Ilvane Post", "", POST.since, date(2025, 3, 30)), 0.0, 0.0),
        (Stated("Ilvane Post", "", POST.since, POST.until, latest=True), 0.0, 0.0),
        (Stated(latest=True), 0.0, 0.0),
        (Stated(), 0.0, 1.0),
    ],
)
def test_filters_are_right_if_nothing_differs(found: Stated, right: float, none: float) -> None:
    assert filter_right(found, POST) == right
    assert filter_none(found, POST) is None
    assert filter_none(found, Stated()) == none
    assert filter_right(found, Stated()) is None


def test_filters_are_merged_to_what_all_of_them_leave() -> None:
    parts = [Stated("Ilvane Post"), Stated(until=POST.until), Stated(since=POST.since)]
    assert merged(parts) == POST
    wider = Stated(since=date(2025, 1, 1), until=date(2025, 12, 31))
    assert merged([wider, *parts]) == POST
    assert merged([]) == Stated()


def test_what_was_understood_is_held_against_what_was_stated() -> None:
    """It is read from the filters, for the scope may have been the person's own."""
    case = Case("s", "stated", "Rain?", evidence=(RAIN,), answers=("Tarn",), filter=POST)
    filters = (
        Filter("source", "the Post", Scope(source="Ilvane Post")),
        Filter("time", "in March", Scope(since=POST.since, until=POST.until)),
    )
    row = row_of(case, Answer("", understood=Understood("Rain?", Scope(), filters)))
    assert row["metrics"]["filter_right"] == 1
    assert row["metrics"]["filter_none"] is None
    assert row["filter"] == row["filters"] == GOOD["filter"]
    latest = (*filters, Filter("latest", "the latest"))
    row = row_of(case, Answer("", understood=Understood("Rain?", Scope(), latest)))
    assert row["metrics"]["filter_right"] == 0
    assert row["filters"] == {**GOOD["filter"], "latest": True}
    json.dumps(row)


def test_a_filter_that_nobody_stated_is_counted_in_every_kind() -> None:
    latest = Understood("Rain?", filters=(Filter("latest", "now"),))
    for case in (
        Case("s", "stated", "Rain?", answers=("Tarn",), evidence=(RAIN,), filter=Stated()),
        Case("w", "where", "Rain?", answers=("Tarn",), evidence=(RAIN,)),
    ):
        assert row_of(case, Answer("", understood=latest))["metrics"]["filter_none"] == 0
        chosen = Understood("Rain?", Scope(source="Ilvane Post"))
        assert row_of(case, Answer("", understood=chosen))["metrics"]["filter_none"] == 1


FOLLOW = Case(
    "f", "follow_up", "By how much?", ("6.3 metres",), (), (RIVER, RAIN),
    history=(Turn("Did the river rise?", "Yes."),), standalone="By how much did the river rise?",
)  # fmt: skip


def test_a_follow_up_is_held_against_its_standalone() -> None:
    hurt = hit("Nobody was hurt.")
    answer = Answer("", hits=(hurt, hit("Rain fell")))
    marked = row_of(FOLLOW, answer, found=[hit("The river rose by 6.3 metres."), hit("Rain fell")])
    assert marked["metrics"]["rewritten_recall@5"] == 0.5
    assert marked["metrics"]["standalone_recall@5"] == 1
    assert row_of(FOLLOW, answer)["metrics"]["standalone_recall@5"] is None
    late = Answer("", hits=(*[hurt] * 5, hit("Rain fell")))
    assert row_of(FOLLOW, late)["metrics"]["rewritten_recall@5"] == 0
    figures = Report({}, [marked]).figures[OVERALL]
    assert [str(figures[f"{name}_recall@5"])[:5] for name in ("rewritten", "standalone")] == [
        "0.500",
        "1.000",
    ]


def test_the_share_of_evidence_counts_ranks_to_k() -> None:
    assert share_at([5, 6, None, 1], 5) == 0.5
    assert share_at([], 5) is None


def test_what_stands_alone_should_be_left_alone() -> None:
    alone = Case(
        "a", "follow_up", "Who was hurt?", answerable=False, history=FOLLOW.history,
        standalone="Who was hurt?",
    )  # fmt: skip
    kept, changed = Understood("Who was hurt?"), Understood("Who was hurt by the river?")
    assert row_of(alone, Answer("", understood=kept))["metrics"]["untouched"] == 1
    assert row_of(alone, Answer("", understood=changed))["metrics"]["untouched"] == 0
    assert row_of(FOLLOW, Answer("", understood=kept))["metrics"]["untouched"] is None
    assert untouched("Who?", "", "Who?") is None


def test_the_day_goes_along_only_where_a_case_has_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given: list[dict[str, Any]] = []

    class Stand:
        def retrieve(self, question: str, k: int = 0) -> list[Hit]:
            given.append({"question": question, "k": k})
            return []

        def ask(self, question: str, **more: Any) -> Answer:
            given.append({"question": question, **more})
            return Answer(question)

    day = Case("s", "stated", "Rain?", answerable=False, filter=POST, today=date(2025, 5, 2))
    located = locate([day, FOLLOW], [WEATHER])
    monkeypatch.setattr(command, "_prepare", lambda *_: (Stand(), located, {}))
    assert command.main(["stated", "--json", "--out", str(tmp_path / "out")]) == 0
    assert given[1:] == [
        {"question": "Rain?", "history": (), "today": date(2025, 5, 2)},
        {"question": "By how much?", "history": FOLLOW.history},
        {"question": "By how much did the river rise?", "k": 5},
    ]


def test_the_shipped_filters_are_of_the_samples_and_leave_their_evidence() -> None:
    articles = {article.id: article for article in sample_articles()}
    sources = {article.source for article in articles.values()}
    authors = {article.author for article in articles.values()}
    cases = load_sets(["stated", "stated_blind"])
    assert len([case for case in cases if case.filter]) >= 75
    assert len([case for case in cases if not case.filter]) >= 65
    for located in locate(cases, articles.values()):
        case, limits = located.case, located.case.filter
        assert limits is not None
        assert case.today is not None, case.id
        assert limits.source in {"", *sources}, case.id
        assert limits.author in {"", *authors}, case.id
        for place in (place for places in located.evidence for place in places):
            article = articles[place.article]
            assert limits.source in ("", article.source), case.id
            assert limits.author in ("", article.author), case.id
            day = article.published
            assert day is None or day <= case.today, case.id
            if limits.since or limits.until:
                assert day is not None, case.id
                assert (limits.since or day) <= day <= (limits.until or day), case.id


def test_the_shipped_conversations_turn_to_other_things_too() -> None:
    cases = load_set(sets()["follow_up"])
    turned = [case for case in cases if case.standalone == case.question]
    assert len(cases) >= 66
    assert len(turned) >= 12
    assert any(case.question.startswith("And ") for case in turned)
    assert all(2 <= len(case.history) + 1 <= 5 for case in cases)


def test_the_shipped_questions_of_several_parts_are_of_every_sort() -> None:
    cases = load_set(sets()["multi"])
    sorts = Counter(case.id.split("-")[0] for case in cases)
    assert len(cases) >= 66
    assert set(sorts) == {"m", "two", "seq", "one", "hop", "comp", "count", "list"}
    assert min(sorts.values()) >= 7
