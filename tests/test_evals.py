"""The runner, the report, the gate and the command line, with scripted answers."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
from rich.console import Console

from assistant import Answer, Citation, Claim, Turn, Understood
from assistant.errors import InputError
from evals import __main__ as command
from evals import adding, gate, scale, speed
from evals.cases import Case, Evidence
from evals.locate import Located, locate
from evals.machine import machine
from evals.report import MEASURES, OVERALL, Report
from evals.run import Row, run
from index import Article, Hit, Library, Passage
from index.copies import are_copies

TEXT = "Rain fell in Tarn on Monday. The river rose by 6.3 metres. Nobody was hurt."
WEATHER = Article(TEXT, title="Weather", key="sample:weather")
RIVER = "The river rose by 6.3 metres."
SLUGS = {WEATHER.id: "weather"}

WHERE = Case(
    "where", "where", "Where did it rain?", ("Tarn",), (("Tarn",),), (Evidence("weather", "Rain"),)
)
FALSE = Case(
    "false", "false_premise", "Who was hurt?", (), (), (Evidence("weather", "Nobody was hurt."),),
    answerable=False,
)  # fmt: skip
UNKNOWN = Case("unknown", "unanswerable", "Who is mayor?", answerable=False)
FOLLOW = Case(
    "follow", "follow_up", "By how much?", ("6.3 metres",), (("6.3",),),
    (Evidence("weather", RIVER),), history=(Turn("Did the river rise?", "Yes."),),
    standalone="By how much did the river rise?",
)  # fmt: skip


def cite(start: int, end: int, number: int = 1) -> Citation:
    return Citation(number, WEATHER.id, WEATHER.version, start, end, TEXT[start:end])


def hit(start: int, end: int) -> Hit:
    name = f"{WEATHER.id}/{start}"
    return Hit(
        Passage(name, WEATHER.id, WEATHER.version, start, end, TEXT[start:end]), 1 / (1 + start)
    )


@dataclass
class ScriptedAssistant:
    """Gives the answers it was made with, in order, and records what it was asked."""

    answers: list[Answer]
    asked: list[tuple[str, tuple[Turn, ...]]] = field(default_factory=list)

    def __call__(self, question: str, history: Sequence[Turn], today: date | None = None) -> Answer:
        del today  # of which tests/test_evals_stated.py tells
        self.asked.append((question, tuple(history)))
        return self.answers.pop(0)


def answered(*claims: Claim, short: str = "", hits: tuple[Hit, ...] = ()) -> Answer:
    return Answer("", claims, short=short, hits=hits, understood=Understood("written out"))


def rows_of(cases: list[Case], *answers: Answer) -> list[Row]:
    located = locate(cases, [WEATHER])
    return list(run(located, ScriptedAssistant(list(answers)), SLUGS))


def test_a_right_answer_gets_full_marks() -> None:
    claim = Claim("Rain fell in Tarn on Monday.", (cite(0, 28),))
    [row] = rows_of([WHERE], answered(claim, short="Tarn", hits=(hit(29, 58), hit(0, 28))))
    expected = {
        "hit@1": 0.0,
        "hit@5": 1.0,
        "all@5": 1.0,
        "mrr": 0.5,
        "em": 1.0,
        "f1": 1.0,
        "contained": 1.0,
        "all_cited": 1.0,
        "cited_share": 1.0,
        "citation_precision": 1.0,
        "alce_recall": None,
        "alce_precision": None,
        "abstention_precision": None,
        "abstention_recall": None,
        "answer_rate": 1.0,
        "attribution_kept": None,
        "rewritten_recall@5": None,
        "standalone_recall@5": None,
        "untouched": None,
        "filter_right": None,
        "filter_none": 1.0,
    }
    assert row["metrics"] == expected
    assert row["evidence"] == [{"article": "weather", "quote": "Rain", "rank": 2, "cited": True}]
    assert row["citations"] == [{"article": "weather", "start": 0, "end": 28, "quote": TEXT[:28]}]
    assert row["answer"] == "Rain fell in Tarn on Monday."
    json.dumps(row)


def test_without_a_short_answer_the_sentences_are_marked() -> None:
    claim = Claim("Rain fell in Tarn.", (cite(0, 28),))
    [row] = rows_of([WHERE], answered(claim))
    assert row["metrics"]["em"] == 0
    assert row["metrics"]["f1"] == pytest.approx(2 / 5)


def test_abstaining_on_an_answerable_question_costs_every_mark() -> None:
    [row] = rows_of([WHERE], Answer("", abstained=True, hits=(hit(0, 28),)))
    marked = row["metrics"]
    assert row["answer"] == ""
    assert marked["hit@1"] == 1
    assert marked["em"] == marked["f1"] == marked["contained"] == marked["all_cited"] == 0
    assert marked["abstention_precision"] == marked["answer_rate"] == 0
    assert marked["citation_precision"] is None


def test_a_question_without_answer_is_marked_on_abstaining_alone() -> None:
    claim = Claim("Rain fell.", (cite(0, 9),))
    abstained, wrong = rows_of(
        [UNKNOWN, FALSE], Answer("", abstained=True), answered(claim, hits=(hit(0, 28),))
    )
    applied = {name for name, value in abstained["metrics"].items() if value is not None}
    assert applied == {"abstention_precision", "abstention_recall", "filter_none"}
    assert wrong["metrics"]["abstention_recall"] == 0
    assert wrong["metrics"]["citation_precision"] == 0
    assert wrong["metrics"]["hit@5"] is None


def test_a_false_premise_may_be_contradicted_with_its_evidence() -> None:
    start = TEXT.index("Nobody")
    [row] = rows_of([FALSE], answered(Claim("Nobody was hurt.", (cite(start, len(TEXT)),))))
    assert row["metrics"]["abstention_recall"] == 1
    assert row["metrics"]["abstention_precision"] is None


def test_a_follow_up_brings_its_conversation() -> None:
    assistant = ScriptedAssistant([answered(Claim("By 6.3 metres.", (cite(29, 58),)))])
    [row] = run(locate([FOLLOW], [WEATHER]), assistant, SLUGS)
    assert assistant.asked == [("By how much?", (Turn("Did the river rise?", "Yes."),))]
    assert row["understood"] == "written out"
    assert row["history"] == [{"question": "Did the river rise?", "answer": "Yes."}]
    assert row["metrics"]["contained"] == row["metrics"]["all_cited"] == 1


@pytest.fixture
def report() -> Report:
    right = answered(
        Claim("Rain fell in Tarn on Monday.", (cite(0, 28),)), short="Tarn", hits=(hit(0, 28),)
    )
    wrong = answered(Claim("Nobody was hurt.", (cite(59, 75),)))
    silent = Answer("", abstained=True)
    rows = rows_of([WHERE, FOLLOW, UNKNOWN, FALSE], right, wrong, silent, silent)
    return Report({"version": "0", "settings": {"keyless": True}}, rows)


def test_figures_over_all_and_by_kind(report: Report) -> None:
    figures = report.figures
    assert list(figures) == [OVERALL, "where", "follow_up", "false_premise", "unanswerable"]
    assert all(list(values) == list(MEASURES) for values in figures.values())
    contained, balanced = figures[OVERALL]["contained"], figures[OVERALL]["balanced_accuracy"]
    assert contained is not None
    assert balanced is not None
    assert (contained.value, contained.n) == (0.5, 2)
    assert (balanced.value, balanced.n) == (1.0, 4)
    assert figures["unanswerable"]["em"] is None
    assert figures["where"]["balanced_accuracy"] is None


def test_the_report_is_shown_and_written(report: Report, tmp_path: Path) -> None:
    console = Console(file=io.StringIO(), width=150)
    report.show(console)
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "All 4 cases" in shown
    assert all(name in shown for name in MEASURES)
    report.write(tmp_path / "out")
    whole = json.loads((tmp_path / "out" / "results.json").read_text("utf-8"))
    assert len(whole["rows"]) == whole["cases"] == 4
    assert whole["figures"][OVERALL]["contained"]["value"] == 0.5
    assert str(tmp_path) not in json.dumps(whole)
    summary = (tmp_path / "out" / "summary.md").read_text("utf-8")
    assert "| contained | 2 | 0.500 | 0.000 to 1.000 |" in summary
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="choose another --out"):
        report.write(tmp_path / "file" / "out")


def test_a_report_without_rows_is_still_one() -> None:
    empty = Report({}, [])
    empty.show(Console(file=io.StringIO()))
    assert "No case was run." in empty.markdown()


def test_shortfalls_name_the_measure_and_the_distance(report: Report) -> None:
    thresholds = {
        OVERALL: {"contained": 0.7, "hit@1": 0.1},
        "unanswerable": {"em": 0.5},
        "multi": {"em": 0.5},
    }
    assert gate.shortfalls(report.figures, thresholds) == [
        "contained (all) is 0.500, 0.200 under its threshold of 0.700 (n 2, 0.500 [0.000, 1.000])",
        "em (unanswerable) was not measured; at least 0.500 is needed",
        "em (multi) was not measured; at least 0.500 is needed",
    ]
    assert gate.shortfalls(report.figures, {OVERALL: {"contained": 0.5}}) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[all]\nem = 2", "no number from 0 to 1"),
        ("[all]\nem = true", "no number from 0 to 1"),
        ("[all]\nbleu = 0.5", "'bleu' is no measure"),
        ("[whence]\nem = 0.5", r"\[whence\] is no kind"),
        ("em = 0.5", r"\[em\] is no kind"),
        ("[all", "cannot read the thresholds"),
    ],
)
def test_wrong_thresholds_are_named(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "thresholds.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=told):
        gate.load_thresholds(path)


def test_the_shipped_thresholds_are_well_formed() -> None:
    assert OVERALL in gate.load_thresholds()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere"], "there is no set 'nowhere'"),
        (["--model"], "no language model is configured"),
        (["--check", "--limit", "3"], "leave out SET, --model, --kind and --limit, or --check"),
        (["--check", "facts"], "leave out SET, --model, --kind and --limit, or --check"),
        (["multi", "--kind", "who"], "no case is left to run"),
        (["retrieval", "nowhere.json"], "cannot read 'nowhere.json'"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(arguments) == 2
    shown = capsys.readouterr().err
    assert shown.startswith("evals: ")
    assert told in shown
    assert shown.count("\n") == 1


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ScriptedAssistant:
    """A command line over two cases, whose first answer is right and whose second is not."""
    right = answered(Claim("Rain fell in Tarn.", (cite(0, 28),)), hits=(hit(0, 28),))
    assistant = ScriptedAssistant([right, answered(Claim("Me.", (cite(0, 9),)))])

    class Stand:
        def retrieve(self, question: str) -> None:
            del question

        def ask(self, question: str, *, history: Sequence[Turn]) -> Answer:
            return assistant(question, history)

    def prepare(*_: object) -> tuple[Stand, list[Located], dict[str, str]]:
        return Stand(), locate([WHERE, UNKNOWN], [WEATHER]), SLUGS

    monkeypatch.setattr(command, "_prepare", prepare)
    monkeypatch.setattr(command, "load_sets", lambda _: [WHERE, UNKNOWN])
    monkeypatch.chdir(tmp_path)
    return assistant


def test_the_check_fails_under_a_threshold(
    scripted: ScriptedAssistant,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    least = {OVERALL: {"abstention_recall": 0.5, "contained": 0.9}}
    monkeypatch.setattr(command, "load_thresholds", lambda: least)
    assert command.main(["--check", "--json"]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["figures"][OVERALL]["contained"]["value"] == 1
    assert "abstention_recall (all) is 0.000, 0.500 under its threshold" in err
    assert "contained" not in err
    assert (tmp_path / "eval-output" / "summary.md").is_file()
    assert not scripted.answers


def test_an_interrupted_run_reports_what_there_is(
    scripted: ScriptedAssistant,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    def interrupted(question: str, history: Sequence[Turn], today: date | None) -> Answer:
        if scripted.asked:
            raise KeyboardInterrupt
        return ScriptedAssistant.__call__(scripted, question, history, today)

    def run_until(located: Sequence[Located], *_: object) -> object:
        return run(located, interrupted, SLUGS)

    monkeypatch.setattr(command, "run", run_until)
    assert command.main([]) == 1
    assert "stopped after 1 of 2 cases" in capsys.readouterr().err
    whole = json.loads((tmp_path / "eval-output" / "results.json").read_text("utf-8"))
    assert (whole["complete"], whole["cases"]) == (False, 1)


def test_copies_are_measured_by_kind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def paragraph(document: int, number: int) -> str:
        rng = random.Random(100 * document + number)
        words = [f"{rng.choice('abcdefgh')}{rng.randrange(500)}x" for _ in range(60)]
        return f"In {1900 + rng.randrange(99)} {' '.join(words[:30])}. Then {' '.join(words[30:])}."

    documents = [
        {
            "title": f"Document {d}",
            "paragraphs": [{"context": paragraph(d, n), "qas": []} for n in range(9)],
        }
        for d in range(2)
    ]
    path = tmp_path / "texts.json"
    path.write_text(json.dumps({"data": documents}), "utf-8")
    assert command.main(["copies", str(path)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["texts"] == 4
    shares = {kind: float(value.split()[0]) for kind, value in found["shares"].items()}
    assert shares["reordered"] == shares["framed"] == 1.0
    assert shares["taken for a copy: same document"] == 0.0


def test_speed_compares_medians_and_names_no_machine() -> None:
    ratio = speed.compared("ours / theirs", [2.0, 9.0, 4.0], [2.0, 2.0, 1.0])
    assert ratio == {"what": "ours / theirs", "ratio": 2.0, "seconds": 4.0, "n": 3}
    known = {"processor", "cores", "memory_gib", "system", "python"}
    assert set(machine()) == known


def test_the_articles_that_are_added_for_speed_are_no_copies() -> None:
    texts = [article.text for article in adding.mixed(40)]
    assert all(len(text.split()) >= adding.WORDS for text in texts)
    assert not any(are_copies(one, other) for one, other in combinations(texts, 2))


@pytest.mark.real
def test_a_few_articles_are_added_and_measured() -> None:
    found = adding.measure(articles=3)
    assert found["passages"] > 9
    assert found["peak_mb"] >= found["model_mb"] > 100


@pytest.mark.real
def test_a_few_cases_over_the_sample_articles(
    sample_library: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del sample_library  # its store is where the command looks
    out = tmp_path / "out"
    assert command.main(["facts", "--limit", "4", "--json", "--out", str(out)]) == 0
    figures = json.loads(capsys.readouterr().out)["figures"]
    assert figures["all"]["hit@5"]["n"] == 4
    assert figures["all"]["hit@5"]["value"] >= 0.5


@pytest.mark.real
def test_a_small_library_is_searched_and_timed(tmp_path: Path) -> None:
    found = scale.measure(60)
    assert found["passages"] >= 60
    assert found["search_ms"] > found["encode_ms"] > 0
    assert found["ratio"] == pytest.approx(found["search_ms"] / found["dense_ms"], abs=0.01)


def test_a_recombined_passage_is_near_its_sentences() -> None:
    from index.embed import embedder

    model = scale.Recombined(embedder())
    one, two, other = model.sentences[:3]
    near, again, far = model.encode([f"{one}\n{two}", f"{one}\n{two}", other])
    alone = model.encode([one])[0]
    assert near @ alone > far @ alone
    assert (near == again).all()
