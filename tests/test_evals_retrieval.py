"""Public sets in their forms, runs as TREC keeps them, and what is compared."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.errors import InputError
from assistant.look import Look
from assistant.state import Source
from evals import collections, retrieval, trec
from index import Library

SQUAD = {
    "data": [
        {
            "title": "River_Tarn",
            "paragraphs": [
                {
                    "context": "The Tarn rises in the hills.",
                    "qas": [
                        {"question": "Where does the Tarn rise?", "id": "rise"},
                        {"question": "Why?", "is_impossible": True},
                    ],
                },
                {
                    "context": "Herring is caught from boats at St. Orlan.",
                    "qas": [{"question": "What do boats catch?"}],
                },
            ],
        }
    ]
}

CORPUS = [
    {"_id": "d1", "title": "River", "text": "The Tarn rises in the hills."},
    {"_id": "d2", "title": "", "text": "Herring is caught from boats."},
    {"_id": "d3", "title": "Nothing", "text": " "},
]
QUERIES = [
    {"_id": "q1", "text": "Where does the Tarn rise?"},
    {"_id": "q2", "text": "What do boats catch?"},
    {"_id": "q3", "text": "Not judged"},
]
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t2\nq2\td2\t1\nq2\td1\t0\n"


class Reversed:
    """Puts the last candidate first."""

    def order(self, question: str, sources: Sequence[Source]) -> tuple[list[Source], Look | None]:
        return list(reversed(sources)), None


@pytest.fixture
def beir(tmp_path: Path) -> Path:
    folder = tmp_path / "beir"
    (folder / "qrels").mkdir(parents=True)
    for name, rows in (("corpus", CORPUS), ("queries", QUERIES)):
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(text, "utf-8")
    (folder / "qrels" / "test.tsv").write_text(QRELS, "utf-8")
    return folder


def test_a_squad_file_becomes_a_collection(tmp_path: Path) -> None:
    path = tmp_path / "squad.json"
    path.write_text(json.dumps(SQUAD), "utf-8")
    found = collections.read(path)
    assert [article.title for article in found.articles] == ["River Tarn"] * 2
    assert [(query.id, query.text) for query in found.queries] == [
        ("rise", "Where does the Tarn rise?"),
        ("q1", "What do boats catch?"),
    ]
    assert {article.title for article in collections.read(path, titled=False).articles} == {""}
    part = found.queries[0].part
    others = {"train", "dev", "test"} - {part}
    assert collections.drawn_from(found, part).queries == found.queries
    assert collections.drawn_from(found, others.pop()).queries == ()  # type: ignore[arg-type]


def test_a_beir_folder_becomes_a_collection(beir: Path) -> None:
    found = collections.read(beir)
    assert [(a.key, a.title) for a in found.articles] == [("d1", "River"), ("d2", "")]
    assert [query.id for query in found.queries] == ["q1", "q2"]
    assert collections.qrels_of(found) == {"q1": {"d1": 2.0}, "q2": {"d2": 1.0, "d1": 0.0}}


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("corpus.jsonl", '{"_id": "d1"}\n', "line 1: needs an object with the strings _id and"),
        ("corpus.jsonl", "[]\n", "line 1: needs an object"),
        ("queries.jsonl", "{\n", "not JSONL in UTF-8"),
        ("qrels/test.tsv", "q1 d1 x\n", "line 1: 'x' is no number"),
        ("qrels/test.tsv", "q1 d1\n", "line 1: has 2 fields"),
    ],
)
def test_a_wrong_line_is_named(beir: Path, file: str, text: str, told: str) -> None:
    (beir / file).write_text(text, "utf-8")
    with pytest.raises(InputError, match=told):
        collections.read(beir)


def test_what_is_not_there_is_named(tmp_path: Path, beir: Path) -> None:
    with pytest.raises(InputError, match=r"cannot read .*corpus\.jsonl.*BEIR form"):
        collections.read(tmp_path)
    with pytest.raises(InputError, match=r"dev\.tsv"):
        collections.read(beir, split="dev")
    path = tmp_path / "other.json"
    path.write_text('{"data": [{"paragraphs": [{"qas": []}]}]}', "utf-8")
    with pytest.raises(InputError, match=r"not in SQuAD form: data\.0\.paragraphs\.0\.context"):
        collections.read(path)


def test_a_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    run = {"q1": ["d2", "d1"], "q2": ["d1"]}
    trec.write_run(tmp_path / "out" / "a.run", run, "a")
    assert trec.read_run(tmp_path / "out" / "a.run") == run
    trec.write_qrels(tmp_path / "q.txt", {"q1": {"d1": 2.0}})
    assert trec.read_qrels(tmp_path / "q.txt") == {"q1": {"d1": 2.0}}


def test_a_run_is_ordered_by_score(tmp_path: Path) -> None:
    path = tmp_path / "a.run"
    path.write_text("q Q0 low 1 0.1 x\nq Q0 high 2 0.9 x\n")
    assert trec.read_run(path) == {"q": ["high", "low"]}
    path.write_text("q low 1\n")
    with pytest.raises(InputError, match="line 1: has 3 fields; a run has"):
        trec.read_run(path)


def test_every_way_to_search_is_measured_and_compared(beir: Path, library: Library) -> None:
    found = collections.read(beir)
    library.add(found.articles)
    runs = retrieval.search(library, found.queries, Reversed())
    qrels = {query.id: query.gains for query in found.queries}
    figures = retrieval.compare(runs, qrels)
    values = {
        method: row["MRR@10"].value for method, row in figures.items() if row["MRR@10"] is not None
    }
    assert values == {
        "BM25": 1.0,
        "dense": 1.0,
        "fused": 1.0,
        "re-scored": 0.5,
        "fused above the better half": 0.0,
        "re-scored above it": -0.5,
    }


def test_the_runs_are_kept_and_can_be_marked(
    beir: Path, library: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = collections.read(beir)
    library.add(found.articles)
    runs = retrieval.search(library, found.queries, Reversed())
    retrieval.keep(tmp_path / "runs", runs, found, found.queries[:1])
    kept = {path.name for path in (tmp_path / "runs").iterdir()}
    assert kept == {"bm25.run", "dense.run", "fused.run", "re-scored.run", "qrels.txt"}
    given = ["--run", f"{tmp_path}/runs/re-scored.run", "--qrels", f"{tmp_path}/runs/qrels.txt"]
    assert retrieval.main([*given, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["what"] == "1 judged queries"
    assert told["figures"]["re-scored.run"]["MRR@10"]["value"] == 0.5


@pytest.mark.parametrize(
    ("arguments", "told"),
    [([], "name a file in SQuAD form"), (["--run", "a.run"], "marked against --qrels")],
)
def test_what_is_missing_is_said(arguments: list[str], told: str) -> None:
    with pytest.raises(InputError, match=told):
        retrieval.main(arguments)
