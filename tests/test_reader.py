"""The shipped reader: what it points at, where, how sure, and what it refuses."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import ReaderError
from assistant.reader import Reader, Reading, Span, load_reader
from assistant.reader.confidence import FEATURES, RANKING
from assistant.reader.reader import FOLDER
from assistant.reader.windows import Window

pytestmark = pytest.mark.real

PASSAGES = [
    "The ferry Arna sank off Port Ambel on 3 March 1911. Captain Ivo Marran and 41 passengers were "
    "saved by fishermen from Sollby.",
    "The bridge at Kings Reach cost 2.4 million crowns. It was designed by Clara Voss and opened "
    "by the queen in June 1988.",
    "Honey from the valley is dark, because the bees feed on chestnut and heather.",
]


@pytest.mark.parametrize(
    ("question", "passage", "answer"),
    [
        ("Who designed the bridge at Kings Reach?", 1, "Clara Voss"),
        ("When did the ferry Arna sink?", 0, "1911"),
        ("How many passengers were saved?", 0, "41"),
        ("What did the bridge cost?", 1, "2.4 million"),
        ("Who opened the bridge?", 1, "queen"),
        ("Where were the fishermen from?", 0, "Sollby"),
    ],
)
def test_it_points_at_the_answer(question: str, passage: int, answer: str) -> None:
    best = load_reader().read(question, PASSAGES)[0]
    assert best.passage == passage
    assert answer in best.text
    assert len(best.text) <= len(answer) + 25


def test_spans_are_the_passages_own_characters_best_first() -> None:
    found = load_reader().read("Who designed the bridge?", PASSAGES)
    assert isinstance(found, list)
    assert len(found) > 1
    for span in found:
        assert PASSAGES[span.passage][span.start : span.end] == span.text
        assert 0 <= span.score <= 1
    scores = [span.score for span in found]
    assert scores == sorted(scores, reverse=True)
    assert found.no_answer == pytest.approx(1 - scores[0])


def test_it_is_less_sure_where_nothing_answers() -> None:
    reader = load_reader()
    right = reader.read("Who designed the bridge at Kings Reach?", PASSAGES)
    wrong = reader.read("Who painted the ceiling of the opera in Vienna?", PASSAGES)
    assert right[0].score > reader.threshold > wrong[0].score


def test_nothing_to_read_is_no_answer() -> None:
    assert load_reader().read("Who?", []) == []
    assert load_reader().read("Who?", ["", " \n"]) == []
    assert load_reader().read("  ", PASSAGES) == []
    assert load_reader().read("Who?", []).no_answer == 1.0
    assert Reading().no_answer == 1.0


def test_a_long_passage_is_read_to_its_end() -> None:
    filler = "The committee met again and talked about the budget for roads and schools. " * 60
    best = load_reader().read("Who designed the bridge at Kings Reach?", [filler + PASSAGES[1]])[0]
    assert best.text == "Clara Voss"
    assert best.start > len(filler)


def test_the_order_of_passages_does_not_matter() -> None:
    question = "How many passengers were saved?"
    one = load_reader().read(question, PASSAGES)[0]
    other = load_reader().read(question, PASSAGES[::-1])[0]
    assert one.text == other.text
    assert one.score == pytest.approx(other.score, abs=0.02)


def test_a_better_retrieved_passage_of_equal_words_wins() -> None:
    twice = [PASSAGES[0], PASSAGES[0]]
    best = load_reader().read("When did the ferry sink?", twice, priors=[0.1, 0.9])[0]
    assert best.passage == 1


def test_reading_needs_no_torch() -> None:
    code = (
        "import sys; from assistant.reader import load_reader; "
        "load_reader().read('Who?', ['Ada did it.'])[0]; "
        "print([m for m in ('torch', 'transformers', 'sentence_transformers') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_changed_weights_are_refused(tmp_path: Path) -> None:
    shutil.copy(FOLDER / "model.json", tmp_path)
    weights = bytearray((FOLDER / "model.onnx").read_bytes())
    weights[-1000] ^= 1
    (tmp_path / "model.onnx").write_bytes(weights)
    with pytest.raises(ReaderError, match="not the ones that were shipped"):
        Reader(tmp_path).read("Who?", ["Ada."])
    with pytest.raises(ReaderError, match="not the ones that were shipped"):
        Reader(tmp_path).check()


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(ReaderError, match="cannot be read"):
        Reader(tmp_path)
    shutil.copy(FOLDER / "model.json", tmp_path)
    with pytest.raises(ReaderError, match="install the project again"):
        Reader(tmp_path).check()


def test_the_shipped_description_is_whole() -> None:
    about = json.loads((FOLDER / "model.json").read_text("utf-8"))
    assert set(about["calibration"]["ranking"]) == set(RANKING)
    assert set(about["calibration"]["confidence"]) == set(FEATURES)
    assert 0 < about["calibration"]["threshold"] < 1
    assert (FOLDER / "model.onnx").stat().st_size < 27_000_000
    load_reader().check()


@settings(max_examples=25, deadline=None)
@given(
    st.text(max_size=80),
    st.lists(st.text(max_size=200), max_size=3),
)
def test_any_text_can_be_read(question: str, passages: list[str]) -> None:
    for span in load_reader().read(question, passages):
        assert isinstance(span, Span)
        assert passages[span.passage][span.start : span.end] == span.text != ""


def test_a_span_is_made_of_whole_words() -> None:
    import numpy as np

    from assistant.reader.decode import places
    from index.embed import shipped_tokenizer

    text = "Then Olskas fled"
    pieces = shipped_tokenizer().encode(text, add_special_tokens=False)
    count = len(pieces.ids)
    assert any(e - s == 1 for s, e in pieces.offsets)  # a word piece of one letter
    frame = Window((101, 5, 102, *pieces.ids, 102), 3, 0, count)
    rng = np.random.default_rng(0)
    for _ in range(20):
        start, end = rng.normal(size=(2, 1, count + 4)).astype(np.float32)
        for place in places([frame], [pieces.offsets], [text], start, end, np.zeros(1, np.float32)):
            first, last = pieces.offsets[place.start][0], pieces.offsets[place.end][1]
            assert all(word in text.split() for word in text[first:last].split())


@pytest.mark.parametrize(
    ("words", "kept"),
    [("Ada Quill. She left.", "Ada Quill"), ("Ada Quill", "Ada Quill"), ("She left.", "She left.")],
)
def test_a_span_ends_with_the_sentence_it_begins_in(words: str, kept: str) -> None:
    from assistant.reader.confidence import candidates
    from assistant.reader.decode import Place

    text = "The mill was built by Ada Quill. She left."
    start = text.index(words)
    place = Place(window=0, start=0, end=1, raw=1.0, null=0.0, answerable=0.0)
    offsets = [(start, start + 3), (start + 3, start + len(words))]
    (found,) = candidates("Who built it?", [text], None, None, [place], [0], [offsets])
    assert text[found.start : found.end] == kept
