"""Thoughts are told from the answer, however a provider sends them and wherever a stream is cut."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessageChunk

from assistant.thoughts import ThoughtReader, answer_of


def read(*pieces: Any) -> tuple[str, str, int]:
    """Answer and thoughts as they stand in the end, and how often text was taken back."""
    reader = ThoughtReader()
    answer = thoughts = ""
    voids = 0
    for said in [*map(reader.feed, pieces), reader.close()]:
        if said.void:
            answer, thoughts, voids = "", "", voids + 1
        answer, thoughts = answer + said.text, thoughts + said.thoughts
    return answer, thoughts, voids


@pytest.mark.parametrize(
    ("text", "answer", "thoughts"),
    [
        ("Plain text [1].", "Plain text [1].", ""),
        ("<think>Well.</think>Yes [1].", "Yes [1].", "Well."),
        ("<thinking>Well.</thinking>Yes.", "Yes.", "Well."),
        ("<THINK>Well.</Think>Yes.", "Yes.", "Well."),
        ("[THINK]Well.[/THINK]Yes [1].", "Yes [1].", "Well."),
        ("<reasoning>Well.</reasoning>Yes.", "Yes.", "Well."),
        ("<think>A</think>Yes.<think>B</think> No.", "Yes. No.", "AB"),
        ("Yes. <think>A</think>No.", "Yes. No.", "A"),
        ("<think>Never closed. Yes [1].", "", "Never closed. Yes [1]."),
        ("<think>A <think> B</think>Yes.", "Yes.", "A  B"),
        ("<think>A</think>Yes.</think> No.", "Yes. No.", "A"),
        ("<think></think>Yes.", "Yes.", ""),
        ("1 < 2, a <b> and <thin> stay [THIN]", "1 < 2, a <b> and <thin> stay [THIN]", ""),
        ("It ends in <thi", "It ends in <thi", ""),
        ("", "", ""),
    ],
)
def test_tags_in_one_piece_and_letter_by_letter(text: str, answer: str, thoughts: str) -> None:
    assert read(text) == (answer, thoughts, 0)
    assert read(*text) == (answer, thoughts, 0)


def test_a_lone_closing_tag_takes_back_what_came_before() -> None:
    assert read("Let me see. ", "He lied.</thi", "nk>", "Yes [1].") == (
        "Yes [1].",
        "Let me see. He lied.",
        1,
    )
    # Nothing was given yet, so that nothing is taken back.
    assert read("Let me see.</think>Yes [1].") == ("Yes [1].", "Let me see.", 0)
    assert answer_of("Let me see.</think>Yes.") == "Yes."


PARTS = st.sampled_from(
    ["<think>", "</think>", "[/THINK]", "<", "</", "think>", "[1]", "Yes.", " "]
)


@given(st.lists(PARTS, max_size=9).map("".join), st.lists(st.integers(0, 60), max_size=6))
def test_where_a_stream_is_cut_changes_nothing(text: str, cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(text)]
    whole, thoughts, _ = read(text)
    answer, thought, _ = read(*(text[start:end] for start, end in pairwise(places)))
    assert (answer.split(), thought.split()) == (whole.split(), thoughts.split())


@pytest.mark.parametrize(
    ("content", "extra", "answer", "thoughts"),
    [
        ("Yes.", {"reasoning_content": "Well."}, "Yes.", "Well."),
        ([{"type": "text", "text": "Yes."}], {}, "Yes.", ""),
        (["Ye", {"type": "text", "text": "s."}], {}, "Yes.", ""),
        ([{"type": "thinking", "thinking": "Well.", "signature": "abc"}], {}, "", "Well."),
        ([{"type": "redacted_thinking", "data": "abc"}], {}, "", ""),
        ([{"type": "reasoning", "reasoning": "Well."}], {}, "", "Well."),
        (
            [{"type": "reasoning", "summary": [{"type": "summary_text", "text": "Well."}]}],
            {},
            "",
            "Well.",
        ),
        ([{"type": "thinking", "thinking": [{"type": "text", "text": "Well."}]}], {}, "", "Well."),
        (
            [{"type": "reasoning_content", "reasoning_content": {"text": "Well."}}],
            {},
            "",
            "Well.",
        ),
        ([{"type": "output_text", "text": "Yes."}, {"type": "refusal"}], {}, "Yes.", ""),
        ([{"type": "tool_use", "text": "x"}, {"type": "image"}, {"index": 0}], {}, "", ""),
        ([{"type": "text", "text": None}, {"type": 5, "text": "x"}], {}, "", ""),
        ([{"type": "text", "text": "<think>Well.</think>Yes."}], {}, "Yes.", "Well."),
    ],
)
def test_chunks_of_every_provider(
    content: Any, extra: dict[str, Any], answer: str, thoughts: str
) -> None:
    chunk = AIMessageChunk(content=content, additional_kwargs=extra)
    assert read(chunk) == (answer, thoughts, 0)
