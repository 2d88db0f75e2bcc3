"""What a model writes, as plain prose and the passages it cites."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.marks import read_mark
from assistant.prose import ProseReader
from assistant.state import Draft

DOC = Path(__file__).parent.parent / "docs" / "FAULTS.md"
HIGHEST = 5


def pieces(*parts: str) -> list[Draft]:
    reader = ProseReader(HIGHEST)
    return [piece for part in parts for piece in reader.feed(part)] + reader.close()


def read(*parts: str) -> str:
    """The prose, with the numbers that it cites as `[1,3]`."""
    return "".join(
        piece.text + (f"[{','.join(map(str, piece.cites))}]" if piece.cites else "")
        for piece in pieces(*parts)
    )


SHAPES = [
    ("It failed [1].", "It failed[1]."),
    ("It failed. [1] Then", "It failed.[1] Then"),
    ("It failed [1, 3] or [2-4].", "It failed[1,3] or[2,3,4]."),
    ("It failed [1][3]. It rained [1], [2] and [3].", "It failed[1][3]. It rained[1,2,3]."),
    ("It failed【2】. It rained【1†source】.", "It failed[2]. It rained[1]."),
    ("It failed (2). It rained ([1], [2]).", "It failed[2]. It rained[1,2]."),
    ("It failed [^1]. It rained ［３］.", "It failed[1]. It rained[3]."),
    ("It failed [Passage 1]. It rained (source 2).", "It failed[1]. It rained[2]."),
    ("It failed [Source: 1; passages 2 and 3].", "It failed[1,2,3]."),
    ("It failed¹ and rained² on 5 km².", "It failed[1] and rained[2] on 5 km²."),
    ("It failed<sup>1</sup>.", "It failed[1]."),
    ("It failed [9], [0] or [99999999999999999999].", "It failed or."),
    ("In May (1999) it failed [sic] (2-1).", "In May (1999) it failed [sic] (2-1)."),
    ("Two reasons: (1) cost, and (2) time [3].", "Two reasons: (1) cost, and (2) time[3]."),
    ("(1) It failed [1].\n(2) It rained [2].", "It failed[1]. It rained[2]."),
    ("# Why\n**It** _failed_ [1]\n- `It` rained", "Why. It failed[1]. It rained"),
    ("1. It failed [1]\n2. It ~~rained~~", "It failed[1]. It rained"),
    ("| Who | What |\n|---|---|\n| Ada | failed [1] |", "Who, What. Ada, failed[1]"),
    ("[The port](http://x.example/a) failed ![x](http://x.example/b).", "The port failed."),
    ("It [failed](http://x.example)[1]. [1](http://x.example)", "It failed[1].[1]"),
    ("It <b>failed</b>.<br><script>alert(1)</script>", "It failed. < script>alert(1)< /script>"),
    ("It failed [1].\n\nSources:\n[1] Truce, The Post\n[2] Rally", "It failed[1]."),
    ("It failed [1].\n\n**References**\n- Truce\n- Rally", "It failed[1]."),
    ("It failed. Sources: [1], [2].", "It failed.[1,2]"),
    ("It failed [^1].\n\n[^1]: Truce, The Post", "It failed[1]."),
    ('{"answer": "It failed.", "citations": [1, "[2]"]}', "It failed.[1,2]"),
    ('```json\n{"answer": "It failed [1]."}\n```', "It failed[1]."),
    ('Here it is: {"text": "It failed", "source": 1}', "Here it is: It failed[1]"),
    ('{"claims": [{"text": "It failed.", "passage": "Passage 2"}]}', "It failed.[2]"),
    ('["It failed [1].", "It rained [2]."]', "It failed[1]. It rained[2]."),
    ('{"answer": "It failed [1]. It rai', "It failed[1]. It rai"),
    ("{It} failed [1].", "{It} failed[1]."),
]  # fmt: skip
"""What a model writes, and what is read in it."""


@pytest.mark.parametrize(("text", "shown"), SHAPES)
def test_what_a_model_writes_becomes_prose(text: str, shown: str) -> None:
    assert read(text) == shown


def test_the_document_shows_what_is_read() -> None:
    rows = [f"| `{_flat(text)}` | `{shown}` |" for text, shown in SHAPES]
    assert [line for line in DOC.read_text().splitlines() if line.endswith("` |")] == rows


def _flat(text: str) -> str:
    return text.replace("`", "'").replace("\n", "⏎").replace("|", "\\|")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        (" \n\n ", ""),
        ("It failed [1", "It failed [1"),
        ("in 2024 (2024) it", "in 2024 (2024) it"),
        ("a [1] and (2).", "a[1] and (2)."),
        ("a [1, p. 3] b [1,000] c [1.5]", "a[1] b c [1.5]"),
        ("[Article 5] and [Article 9] and (Article 5)", "[5]and [Article 9] and (Article 5)"),
        ("a [Source 1: Daily Post] (Source 1: Daily Post)", "a[1] (Source 1: Daily Post)"),
        ('"It failed" [1]; so did "that" (passage 2).', '"It failed"[1]; so did "that"[2].'),
        ("failed.[1]Then it[2]rained", "failed.[1] Then it[2] rained"),
        ("失败了[1]。下雨［２］。", "失败了[1]。下雨[2]。"),
        ("5*3 = 15, a * b, snake_case and ~30", "5*3 = 15, a * b, snake_case and ~30"),
        ("\\[1\\] and \\*not\\*", "[1]and *not*"),
        ("AT&amp;T &lt;b&gt; a < b", "AT&T < b> a < b"),
        ("It failed\nin May [1].\n[2]\n\nIt rained.", "It failed in May[1].[2] It rained."),
        ("26. May was cold.\n1. It rained.\n3. Mai.", "26. May was cold. It rained. 3. Mai."),
        ("Sources close to the talks said no.", "Sources close to the talks said no."),
        ("Source: the ministry.", "Source: the ministry."),
        ("Sources:\n- Truce\n\nIt failed [1].", "It failed[1]."),
        ("- Rain\n- Snow\nin May", "Rain. Snow. in May"),
        ('{"answer": "{\\"answer\\": \\"It failed [2]\\"}"}', "It failed[2]"),
        ('{"answer": null, "citations": [1]}', ""),
        ('{"answer": "It failed", "source": "Channel 4"}', "It failed"),
        ('{"answer": "It failed", "sources": [{"passage": 1, "start": 3}]}', "It failed[1]"),
        ('{"title": "Why", "answer": ["It failed", "It rained"]}', "It failed. It rained"),
        ('{"answer": "It failed.", "citations": [1, 2', "It failed.[1,2]"),
        ("[" * 5_000, "[" * 5_000),
        ("\x1b[31mIt failed\x07", "[31mIt failed"),
    ],
)
def test_other_forms(text: str, shown: str) -> None:
    assert read(text) == shown


def test_a_line_that_ends_by_itself_ends_a_sentence() -> None:
    ends = [
        piece.text for piece in pieces("# Why\nIt failed\nin May\n- It rained!\n") if piece.ends
    ]
    assert ends == [".", "."]


def test_json_is_held_back_and_nothing_else() -> None:
    reader = ProseReader(HIGHEST)
    assert reader.feed('{"answer": "It failed and') == []
    assert ProseReader(HIGHEST).feed("It failed and") == [Draft(text="It"), Draft(text=" failed")]


BITS = st.sampled_from(
    [
        *"[](){}<>*_~`#|-+ \n.,:;\\\"'1239¹²【】［］&!^",
        "[1]", "(2)", "**", "```json\n", '{"answer": "', '"}', "Sources:", "\n- ", "\n1. ",
        "| a |\n|---|\n", "](http://x)", "<b>", "<sup>1</sup>", "<!--", "-->", "&amp;", "&lt;",
        "It failed. ", "and ", "passage 1", "[^1]: ", "\n\n", "<http://a>", "失败了", "\x1b[2J",
        "\u202e", '"citations": [1]',
    ]
)  # fmt: skip


@given(st.lists(BITS, max_size=40).map("".join) | st.text(max_size=80), st.randoms())
def test_cuts_in_the_stream_change_nothing(text: str, chance: random.Random) -> None:
    whole = pieces(text)
    assert pieces(*text) == whole
    cuts = sorted(chance.sample(range(len(text) + 1), min(3, len(text) + 1)))
    parts = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert pieces(*parts) == whole
    _harmless(whole)


def _harmless(drafts: Sequence[Draft]) -> None:
    """No number that names no passage, nothing that a browser or terminal takes for a command."""
    prose = "".join(piece.text for piece in drafts)
    assert all(1 <= number <= HIGHEST for piece in drafts for number in piece.cites)
    assert not re.search(r"<[^\s\d<]|[\x00-\x1f\x7f]", prose)
    assert not re.search(r"!\[[^]]*\]\(http", prose)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["answer", "text", "citations", "source", "claims", "x"]), inner
            )
        ),
        max_leaves=12,
    ),
    st.integers(0, 400),
)
def test_json_of_any_shape_is_read_or_shown(value: object, end: int) -> None:
    _harmless(pieces(json.dumps(value)[:end]))


@given(st.text(alphabet="[](){}【】12345,-–; passourcef†^¹", max_size=60))
def test_a_bracket_of_any_kind_names_only_passages_that_exist(body: str) -> None:
    mark = read_mark(f"[{body}]", HIGHEST)
    assert mark is None or set(mark.numbers) <= set(range(1, HIGHEST + 1))


@pytest.mark.parametrize(
    "text",
    [
        "[" * 20_000, "<" * 20_000, "*" * 20_000, '{"a":[' * 3_000, "[1" * 10_000, "![a](" * 4_000,
        "<!--" * 2_000, "\n" * 20_000, "- " * 10_000, "|" * 5_000, "¹," * 10_000, '["' * 9_000,
        "&" * 20_000, "[a](http://x" * 1_600, "Sources" * 3_000, "1" * 20_000, "(1 " * 6_000,
    ],
    ids=lambda text: repr(text[:6]),
)  # fmt: skip
def test_a_hostile_reply_is_read_to_its_end(text: str) -> None:
    """It would take hours, not seconds, if the time grew with the square."""
    _harmless(pieces(*(text[i : i + 8] for i in range(0, len(text), 8))))
