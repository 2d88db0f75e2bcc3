from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.embed import SentenceTransformerEmbedder
from index.split import (
    MAX_CHARACTERS,
    MAX_TOKENS,
    OVERLAP_TOKENS,
    Span,
    blocks,
    passages,
    sentences,
)

COUNT = SentenceTransformerEmbedder().count_tokens

WORDS = (
    "The truce Dr. U.S. a.m. p.m. Monday rejected “Yes,” he said. No. 1.5 e.g. 100,000 قال لن "
    "נתניהו 停火。 युद्ध। 한국어 각낙닥. 🚀 👩‍👩‍👧 e\u0301 \u0301 ... ?! - * # 1. \u200f \ufeff \x00 "
    "\x85 \xa0 \u2028 \u3000 « » M. A supercalifragilisticexpialidocious"
).split(" ")
GAPS = [" ", "  ", "\n", "\n\n", "\n \t\n", "", "\xa0", "\u2028", "\r", "\n- ", "\n## ", "\n1. "]
ARTICLES = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(GAPS)), max_size=400).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)
LANGUAGES = st.sampled_from(["en", "ar", "he", "fr", "zh", "hi", "ko", "ja", "xx", "", "Français"])


def check_passages(text: str, language: str = "en") -> list[Span]:
    """Everything that holds for the passages of any text."""
    found = passages(text, COUNT, language)
    starts, ends = [start for start, _ in found], [end for _, end in found]
    assert all(a < b for a, b in itertools.pairwise(starts))
    assert all(a < b for a, b in itertools.pairwise(ends))
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(text[start:end] == text[start:end].strip() for start, end in found)
    covered = {i for start, end in found for i in range(start, end)}
    assert all(i in covered for i, character in enumerate(text) if not character.isspace())
    assert all(size <= MAX_TOKENS for size in COUNT([text[start:end] for start, end in found]))
    assert all(end - start <= MAX_CHARACTERS for start, end in found)
    check_borders(text, found, language)
    return found


def check_borders(text: str, found: list[Span], language: str) -> None:
    """Passages begin and end with a sentence unless it is overlong; overlap stays in its block."""
    known = sentences(text, language)
    overlong = [
        span
        for span, size in zip(known, COUNT([text[a:b] for a, b in known]), strict=True)
        if size > MAX_TOKENS or span[1] - span[0] > MAX_CHARACTERS
    ]
    starts, ends = {start for start, _ in known}, {end for _, end in known}
    for start, end in found:
        assert start in starts or any(a < start < b for a, b in overlong)
        assert end in ends or any(a < end < b for a, b in overlong)
    units = blocks(text)
    for (_, before), (after, _) in itertools.pairwise(found):
        if after < before:
            assert any(a <= after and before <= b for a, b in units)
            assert COUNT([text[after:before]])[0] <= OVERLAP_TOKENS


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=600), LANGUAGES)
def test_passages_of_any_text(text: str, language: str) -> None:
    check_passages(text, language)


@settings(max_examples=120, deadline=None)
@given(ARTICLES, LANGUAGES)
def test_passages_of_text_like_an_article(text: str, language: str) -> None:
    check_passages(text, language)


@settings(max_examples=60, deadline=None)
@given(
    st.text(alphabet="가나각.😀ıİﷺ１½ǆ\u0958\u0cca\u1161中-x1_@", min_size=1, max_size=40),
    st.integers(1, 60),
)
def test_passages_of_words_without_spaces(unit: str, times: int) -> None:
    check_passages(unit * times)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300) | ARTICLES, LANGUAGES)
def test_sentences_cover_the_text_in_order(text: str, language: str) -> None:
    found = sentences(text, language)
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(found))
    kept = "".join("".join(text[a:b].split()) for a, b in found)
    assert kept == "".join(text.split())


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(
        [
            "The U.S. rejected it.",
            "“No,” he said. “Never.”",
            "停火被拒绝。",
            "x",
            "word " * 60 + ".",
            "a" * 150 + ".",
            "Yes! ",
        ]
    ),
    st.integers(1, 500),
    st.sampled_from([" ", "\n", "\n\n", ""]),
)
def test_repeated_sentences_keep_their_own_offsets(unit: str, times: int, gap: str) -> None:
    check_passages(gap.join([unit] * times))


@pytest.mark.parametrize("text", ["", " ", "\n\n \t\n", "\xa0\u2028\u3000", "\r\n" * 50])
def test_white_space_has_no_passages(text: str) -> None:
    assert passages(text, COUNT) == []
    assert sentences(text) == []


def test_a_short_text_is_one_passage() -> None:
    text = "\n  Rain fell. It stopped at noon.\n"
    assert passages(text, COUNT) == [(3, len(text) - 1)]


def test_passages_of_a_paragraph_overlap_by_a_sentence() -> None:
    text = " ".join(f"Sentence number {i} says that the harbour stayed closed." for i in range(60))
    found = check_passages(text)
    assert len(found) > 2
    for (_, before), (after, _) in itertools.pairwise(found):
        assert text[after:before].startswith("Sentence number")
        assert text[after:before].count("Sentence") == 1


def test_paragraphs_do_not_overlap() -> None:
    paragraph = " ".join(["The harbour stayed closed for another day."] * 15)
    text = "\n\n".join([paragraph] * 8)
    found = check_passages(text)
    inside = [(b, a) for (_, b), (a, _) in itertools.pairwise(found) if a < b]
    assert not any("\n\n" in text[after:before] for before, after in inside)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "The U.S. agreed. Israel did not.", ["The U.S. agreed.", "Israel did not."]),
        ("en", "Dr. Cohen left. He was late.", ["Dr. Cohen left.", "He was late."]),
        (
            "en",
            "It hit at 5 p.m. Monday. No one died.",
            ["It hit at 5 p.m. Monday.", "No one died."],
        ),
        (
            "en",
            "It opens at 9 a.m. The queue is long.",
            ["It opens at 9 a.m.", "The queue is long."],
        ),
        ("en", "Prices rose 1.5 percent. Wages fell.", ["Prices rose 1.5 percent.", "Wages fell."]),
        ("en", "Is it so? Yes! It is.", ["Is it so?", "Yes!", "It is."]),
        ("en", "A line\nbroken by hand. Next.", ["A line\nbroken by hand.", "Next."]),
        ("en", "# Title\nBody text.", ["# Title", "Body text."]),
        ("en", "Title\n\nBody text.", ["Title", "Body text."]),
        ("en", "Items:\n- one\n- two\n1. three", ["Items:", "- one", "- two", "1. three"]),
        ("en", "One.\r\n\r\nTwo.", ["One.", "Two."]),
        ("fr", "M. Dupont est parti. Il pleut.", ["M. Dupont est parti.", "Il pleut."]),
        ("fr", "Hier M. Dupont est parti.", ["Hier M. Dupont est parti."]),
        ("fr", "Vraiment\xa0? Oui\xa0! C’est M.\xa0A\xa0.", None),
        ("ar", "رفض الحزب الاقتراح. هل وافق؟ لا.", ["رفض الحزب الاقتراح.", "هل وافق؟", "لا."]),
        ("he", "הוא סירב. היא הסכימה.", ["הוא סירב.", "היא הסכימה."]),
        ("zh", "他拒绝了。她同意了！", ["他拒绝了。", "她同意了！"]),
        ("hi", "उसने मना किया। वह चली गई।", ["उसने मना किया।", "वह चली गई।"]),
    ],
)
def test_sentence_borders(language: str, text: str, expected: list[str] | None) -> None:
    found = [text[start:end] for start, end in sentences(text, language)]
    if expected is None:
        assert "".join("".join(found).split()) == "".join(text.split())
    else:
        assert found == expected


def test_a_quotation_of_several_sentences_loses_nothing() -> None:
    text = "“We will go on. We will not stop,” he said. Others were silent."
    found = [text[start:end] for start, end in sentences(text)]
    assert found[-1] == "Others were silent."
    assert " ".join(found) == text


@pytest.mark.parametrize("language", ["xx", "English", "zh-Hans", "../..", "", "no\0", "pt-BR"])
def test_an_unknown_language_does_no_harm(language: str) -> None:
    assert len(sentences("It rained. It stopped.", language)) == 2


@pytest.mark.parametrize(
    "text", ["中文。", "中文！他说“好。”", '"', "a. ", "x", "a\n", "He said “yes. "]
)
def test_time_grows_with_the_length_only(text: str) -> None:
    """The splitter's own time grows with the square of a block's length: 20 s for 200,000."""
    began = time.process_time()
    passages(text * (60_000 // len(text)), COUNT)
    assert time.process_time() - began < 3


def test_a_model_of_many_tokens_for_a_character_gets_passages_that_fit() -> None:
    def count_bytes(texts: object) -> list[int]:
        assert isinstance(texts, list)
        return [len(text.encode()) for text in texts]

    text = "🚀한" * 500 + " done. " + "é" * 300
    found = passages(text, count_bytes)
    assert max(len(text[start:end].encode()) for start, end in found) <= MAX_TOKENS
    assert "".join(text[a:b] for a, b in found).replace(" ", "") == text.replace(" ", "")
