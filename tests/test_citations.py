"""The measure of the citation check: its sentences, what is changed by rule, ALCE, the command."""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from helpers import RALLY, TRUCE, evidence

from assistant.checking import Checker
from assistant.errors import InputError
from assistant.state import Draft, Source
from assistant.types import Answer, Citation, Claim, Done, Status
from evals import citations
from evals.altered import Altered, Paragraph, altered, read_paragraphs, unchanged
from evals.altered.names import Names
from evals.altered.numbers import other_numbers
from evals.checked import Mark, carried, figures, judge_with, mark, shares, verdicts
from evals.claims import KINDS, LEVELS, Part, load_passages, load_sentences
from evals.gate import citation_thresholds, shortfalls
from evals.metrics import Statement, alce_precision, alce_recall, f1_score, kappa, proportion
from evals.run import alce
from index import Article, Hit, Passage

PARTS: tuple[Part, ...] = ("dev", "test")
TRUE_KINDS = {"true", "wrong_citation", "other_passage"}


@pytest.mark.parametrize("part", PARTS)
def test_every_kind_has_enough_sentences(part: Part) -> None:
    cases = load_sentences(part)
    kinds = Counter(case.kind for case in cases)
    assert sum(kinds.values()) >= 200
    assert all(kinds[kind] >= 10 for kind in KINDS)
    assert kinds["true"] >= 100
    assert kinds["number_changed"] >= 30
    levels = Counter(case.level for case in cases if case.kind == "true")
    assert all(levels[level] >= 20 for level in LEVELS)


@pytest.mark.parametrize("part", PARTS)
def test_labels_go_together(part: Part) -> None:
    for case in load_sentences(part):
        assert case.supported == (case.kind in TRUE_KINDS), case.id
        assert (case.level is not None) == (case.kind == "true"), case.id
        right = {"supported", "corrected"}
        assert set(case.expected) <= (right if case.supported else {"partly", "unsupported"})
        named = {source.hit.passage.id for source in case.others}
        assert bool(case.support) == bool(named & set(case.support)), case.id
        assert bool(case.support) == (case.kind in TRUE_KINDS - {"true"}), case.id
        if case.kind == "wrong_citation":
            assert not {source.hit.passage.id for source in case.cited} & set(case.support)
        if "corrected" not in case.expected or case.kind == "wrong_citation":
            assert case.cited, case.id


def test_no_article_is_in_both_parts_and_no_sentence_twice() -> None:
    seen = {}
    for part in PARTS:
        cases = load_sentences(part)
        sources = [source for case in cases for source in (*case.cited, *case.others)]
        names = {source.article.key for source in sources}
        assert {f"sample:{case.article}" for case in cases} <= names
        seen[part] = names
    assert not seen["dev"] & seen["test"]
    texts = [case.sentence for part in PARTS for case in load_sentences(part)]
    assert len(set(texts)) == len(texts)
    ids = [case.id for part in PARTS for case in load_sentences(part)]
    assert len(set(ids)) == len(ids)


def test_passages_stand_in_their_articles_and_are_as_long_as_retrieved_ones() -> None:
    for name, (passage, article) in load_passages().items():
        assert article.text[passage.start : passage.end] == passage.text, name
        assert 30 <= len(passage.text.split()) <= 195, name


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"name": "a", "article": "nowhere", "from": "x", "to": "y"}', "line 1: no sample"),
        ('{"name": "a", "article": "voss-transfer", "from": "x"}', "line 1: to: Field required"),
        (
            '{"name": "a", "article": "voss-transfer", "from": "Voss, 23,", "to": "in orbit"}',
            "has not these words",
        ),
        ('{"name": "a", "article": "voss-transfer", "from": "Voss", "to": "19"}', "has them twice"),
    ],
)
def test_a_wrong_passage_is_named(tmp_path: Path, line: str, told: str) -> None:
    (tmp_path / "passages.jsonl").write_text(line, "utf-8")
    with pytest.raises(InputError, match=told):
        load_passages(tmp_path)


def test_a_case_with_an_unknown_passage_is_named(tmp_path: Path) -> None:
    (tmp_path / "passages.jsonl").write_text("", "utf-8")
    case: dict[str, object] = {
        "id": "1",
        "article": "a",
        "kind": "true",
        "level": "near",
        "sentence": "Rain fell.",
    }
    case |= {"cited": ["p"], "others": [], "supported": True, "expected": ["supported"]}
    (tmp_path / "dev.jsonl").write_text(json.dumps(case), "utf-8")
    with pytest.raises(InputError, match=r"dev\.jsonl, line 1: there is no passage 'p'"):
        load_sentences("dev", tmp_path)
    with pytest.raises(InputError, match="cannot read the set"):
        load_sentences("test", tmp_path)


def scripted(*statuses: Status) -> list[Mark]:
    """Cases of the development part, one true and the rest not, with these statuses."""
    cases = load_sentences("dev")
    true = next(case for case in cases if case.kind == "true")
    false = next(case for case in cases if case.kind == "number_changed")
    chosen = [true if place < 2 else false for place in range(len(statuses))]
    return [
        Mark(case, Claim(case.sentence, (), status))
        for case, status in zip(chosen, statuses, strict=True)
    ]


def test_figures_on_five_sentences() -> None:
    # Said to be carried: one of two that are, one of three that are not.
    marks = scripted("supported", "partly", "supported", "unsupported", "partly")
    found = figures(marks)
    assert found["precision"] is not None
    assert found["precision"].value == found["precision"].n / 4 == 0.5
    assert found["recall"] == proportion([True, False])
    assert found["f1"] is not None
    assert found["f1"].value == 0.5
    assert found["agreement"] == proportion([True, False, False, True, True])
    assert found["number_changed"] == proportion([False, True, True])
    assert found["corrections_found"] is found["negated"] is None
    # p_o = 3/5, p_e = 2/5 * 2/5 + 3/5 * 3/5 = 13/25
    assert kappa(verdicts(marks)) == pytest.approx((3 / 5 - 13 / 25) / (12 / 25))


def test_a_correction_is_right_only_with_quotes_of_the_right_passage() -> None:
    case = next(case for case in load_sentences("dev") if case.kind == "wrong_citation")
    place = load_passages()[case.support[0]][0]
    right = Citation(1, place.article_id, place.version, place.start, place.start + 9, "")
    wrong = case.cited[0].hit.passage
    other = Citation(2, wrong.article_id, wrong.version, wrong.start, wrong.start + 9, "")
    corrected = Mark(case, Claim(case.sentence, (right,), "corrected"))
    assert corrected.corrected
    for claim in (
        replace(corrected.claim, status="supported"),
        replace(corrected.claim, citations=(right, other)),
        replace(corrected.claim, citations=()),
    ):
        assert not Mark(case, claim).corrected
    assert figures([corrected])["corrections_found"] == proportion([True])


def test_agreement_at_its_edges() -> None:
    assert kappa([]) is None
    assert kappa([(True, True)]) is None
    assert f1_score([(False, False)]) is None
    assert kappa([(True, False), (False, True)]) == -1
    assert proportion([]) is None
    # Wilson's interval for 1 of 10, as in Newcombe (1998): 0.0179 to 0.4042.
    found = proportion([True] + 9 * [False])
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (0.0179, 0.4042)


PARAGRAPH = Paragraph(
    "Tarn",
    "In 1912, the town of Tarn built 14 mills on the river (with help of the crown). "
    "About 300 people worked in them. The school of Paris sent three teachers on 6 May 1934. "
    "Ada Lind led it for 37 years. Her rival, Bruno Falk, left for Lisbon with 52 percent of the "
    "pupils. To both of them the Tarn Grain Company gave $4 million, more than was needed there.",
)


def made(sentence: str, seed: int = 1) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for kind, text in other_numbers(sentence, PARAGRAPH, random.Random(seed)):
        found.setdefault(kind, []).append(text)
    return found


def test_numbers_change_in_every_way() -> None:
    first, loose, school, _, share, million = PARAGRAPH.sentences
    of_first = made(first)
    assert of_first.keys() >= {"year", "one digit", "one more or less", "ten times"}
    assert of_first["ten times"] == [first.replace("14", "140")]
    assert not made(loose)  # "about 300" may be 301
    assert made(school).keys() >= {"spelled out", "month", "year"}
    assert made(share)["per cent"]
    [scaled] = made(million)["thousand, million, billion"]
    assert re.search(r"\$4 (thousand|billion|trillion), ", scaled)
    other = made(first)["another of the paragraph's numbers"]
    assert other in ([first.replace("1912", "1934"), first.replace("14", n)] for n in ("37", "6"))


@pytest.mark.parametrize("seed", range(20))
def test_no_new_value_stands_in_the_paragraph_in_any_form(seed: int) -> None:
    for sentence in PARAGRAPH.usable:
        for kind, texts in made(sentence, seed).items():
            for text in texts:
                new = set(re.findall(r"\w+", text)) - set(re.findall(r"\w+", sentence))
                assert text != sentence
                assert kind.startswith("another") or not new & set(
                    re.findall(r"\w+", PARAGRAPH.text)
                )
                assert not new & {"3", "four", "1.9", "fourteen"}


def test_names_are_swapped_for_their_kind_only() -> None:
    other = Paragraph("Mora", "Carl Berg of the Mora Bank moved to Madrid and Oslo that year.")
    names = Names([PARAGRAPH, other], ["Ada Lind", "Bruno Falk", "Carl Berg", "The Crown"])
    assert names.pool["person"] == ["Ada Lind", "Bruno Falk", "Carl Berg"]
    rng = random.Random(1)
    led, rival = PARAGRAPH.sentences[3:5]
    swapped = list(names.others(led, PARAGRAPH, rng))
    assert swapped == [
        ("person from elsewhere", "Carl Berg led it for 37 years."),
        ("person of the paragraph", "Bruno Falk led it for 37 years."),
    ]
    kinds = dict(names.others(rival, PARAGRAPH, rng))
    assert kinds["city of the paragraph"] == rival.replace("Lisbon", "Paris")
    assert kinds["city from elsewhere"] in [
        rival.replace("Lisbon", city) for city in ("Madrid", "Oslo")
    ]
    company = dict(names.others(PARAGRAPH.sentences[5], PARAGRAPH, rng))
    assert "the Mora Bank gave $4 million" in company["organisation from elsewhere"]


def test_the_same_sentence_is_kept_and_lightly_reworded() -> None:
    sentence = PARAGRAPH.sentences[0]
    found = {one.kind: one.sentence for one in unchanged([Altered(PARAGRAPH, sentence, "x", "y")])}
    assert found == {
        "as it stands": sentence,
        "without its first words": "The town of Tarn built 14 mills on the river (with help of "
        "the crown).",
        "without what is in brackets": "In 1912, the town of Tarn built 14 mills on the river.",
    }


def squad(folder: Path, *texts: str) -> Path:
    """A data folder in which every file has these paragraphs of the title "Normans" (test part)."""
    asked = {"question": "Who led it?", "id": "1", "answers": [{"text": "Ada Lind"}]}
    paragraphs = [{"context": text, "qas": [asked]} for text in texts]
    whole = json.dumps({"data": [{"title": "Normans", "paragraphs": paragraphs}]})
    (folder / "reading").mkdir()
    for name in ("squad1_train_part", "squad2_dev_part", "squadshifts_new_wiki"):
        (folder / "reading" / f"{name}.json").write_text(whole, "utf-8")
    return folder


def test_what_is_drawn_is_seeded_and_of_its_part(tmp_path: Path) -> None:
    data = squad(tmp_path, PARAGRAPH.text)
    assert read_paragraphs(data, "dev") == []
    paragraphs = read_paragraphs(data, "test")
    assert [paragraph.text for paragraph in paragraphs] == [PARAGRAPH.text]
    drawn = altered(paragraphs, data, "number", 5)
    assert len(drawn) == len({one.kind for one in drawn}) == 5
    assert drawn == altered(paragraphs, data, "number", 5)
    with pytest.raises(InputError, match="cannot read"):
        read_paragraphs(tmp_path / "nowhere", "test")


def test_shares_of_a_check_that_believes_all() -> None:
    def gullible(sentence: str, cited: Sequence[Source], others: Sequence[Source]) -> Claim:
        assert [source.text for source in cited] == [PARAGRAPH.text]
        assert not others
        return Claim(sentence, (), "unsupported" if "140" in sentence else "supported")

    drawn = [
        Altered(PARAGRAPH, "", text, kind)
        for text, kind in (("It has 140.", "ten times"), ("It has 15.", "one digit"))
    ]
    told = carried(drawn, gullible)
    caught = shares(told, False)
    assert caught == {
        "all": proportion([True, False]),
        "one digit": proportion([False]),
        "ten times": proportion([True]),
    }
    assert shares(told, True)["ten times"] == proportion([False])


def test_alce_on_a_worked_example() -> None:
    asked = []

    def judge(premises: Sequence[str], sentence: str) -> bool:
        asked.append((tuple(premises), sentence))
        return set(sentence.split()) <= set(" ".join(premises).split())

    answer = [
        Statement("a b", ("a", "b", "z")),  # carried; z neither carries it nor is needed
        Statement("c", ("c", "c d")),  # carried by each alone: both count
        Statement("e f", ("e",)),  # not carried
        Statement("g"),  # cites nothing
    ]
    assert alce_recall(answer, judge) == 2 / 4
    assert alce_precision(answer, judge) == (2 + 2 + 0) / 6
    assert (("b", "z"), "a b") in asked
    assert alce_recall([], judge) is alce_precision([Statement("g")], judge) is None
    assert alce_precision([Statement("a", ("x",))], judge) == 0


def test_alce_of_an_answer_is_of_what_its_writer_cited() -> None:
    article = Article(f"{TRUCE} {RALLY}", key="test:talks")
    spans = [(0, len(TRUCE)), (len(TRUCE) + 1, len(article.text))]
    hits = tuple(
        Hit(Passage(str(i), article.id, article.version, start, end, article.text[start:end]), 1.0)
        for i, (start, end) in enumerate(spans)
    )
    claims = (
        Claim("Israel rejected the proposal on Thursday.", cites=(1, 2)),  # 2 is not needed
        Claim("Organisers expect 400 people.", status="corrected", cites=(1,)),
        Claim("The strike killed 28 civilians, according to the ministry.", cites=(1, 0)),
    )
    judge = judge_with(lambda name, version: article)
    answer = Answer("What?", claims, hits=hits)
    assert alce(answer, judge) == {"alce_recall": 1 / 3, "alce_precision": 1 / 3}
    assert set(alce(answer, None).values()) == {None}
    assert set(alce(replace(answer, abstained=True), judge).values()) == {None}


def test_a_claim_keeps_what_was_cited_before_the_check() -> None:
    async def drafts() -> AsyncGenerator[Draft, None]:
        yield Draft(evidence=evidence(TRUCE, RALLY))
        yield Draft(text="Organisers expect 400 people.", cites=(1, 7, 1), whole=True)

    async def last() -> Answer:
        events = [event async for event in Checker().events(drafts())]
        assert isinstance(events[-1], Done)
        return events[-1].answer

    [claim] = asyncio.run(last()).claims
    assert (claim.status, claim.cites) == ("corrected", (1, 0))


@pytest.mark.parametrize("part", PARTS)
def test_the_check_reaches_its_thresholds(part: Part) -> None:
    least = citation_thresholds()[part]
    assert least.keys() >= {"precision", "recall"}
    found = figures(mark(load_sentences(part)))
    assert shortfalls({part: found}, {part: least}) == []


def test_the_command_prints_shares_and_tells_no_words_of_the_test_part(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = squad(tmp_path, PARAGRAPH.text)
    rows, kept = tmp_path / "rows.jsonl", tmp_path / "kept.json"
    given = ["--part", "test", "--data", str(data), "--rows", str(rows), "--out", str(kept)]
    assert citations.main(given) == 0
    shown = capsys.readouterr().out
    assert "By hand, test part" in shown
    assert "Cohen's kappa" in shown
    assert "Another number: share caught" in shown
    wrong = [json.loads(line) for line in rows.read_text("utf-8").splitlines()]
    texts = {case.sentence for case in load_sentences("test")}
    assert all("sentence" not in row and "text" not in row for row in wrong)
    assert not texts & {str(value) for row in wrong for value in row.values()}
    assert not kept.exists()


def test_the_result_that_is_kept_is_of_this_set() -> None:
    record = citations.judge_record()
    assert record is not None
    assert record["n"] == sum(len(load_sentences(part)) for part in PARTS)
    assert 0 < record["kappa"] < record["agreement"] < 1
    assert citations.judge_record(Path("nowhere")) is None


def test_only_a_whole_run_is_kept(tmp_path: Path) -> None:
    marks = {part: scripted("supported", "partly", "unsupported") for part in PARTS}
    found = citations.by_hand(marks)
    assert found["n"] == 6
    assert found["agreement"] == 0.667
    assert set(found["parts"]) == {"dev", "test"}
    json.dumps(found)
