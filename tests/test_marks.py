"""Citation marks in a model's stream."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.marks import MarkReader


def read(*parts: str, highest: int = 5) -> tuple[str, list[int]]:
    reader = MarkReader(highest)
    pieces = [piece for part in parts for piece in reader.feed(part)] + reader.close()
    return "".join(p.text for p in pieces), [n for p in pieces for n in p.cites]


@pytest.mark.parametrize(
    ("text", "prose", "numbers"),
    [
        ("It failed [1].", "It failed.", [1]),
        ("It failed. [1] Then", "It failed. Then", [1]),
        ("a [1, 3] b", "a b", [1, 3]),
        ("a [1][3].", "a.", [1, 3]),
        ("a [2-4].", "a.", [2, 3, 4]),
        ("a【2】.", "a.", [2]),
        ("a (2).", "a.", [2]),
        ("in 2024 (2024) it", "in 2024 (2024) it", []),
        ("a [9].", "a.", []),
        ("a [0].", "a.", []),
        ("a [1] and (2).", "a and (2).", [1]),
        ("a [x].", "a [x].", []),
        ("a [Passage 1].", "a.", [1]),
        ("a [passages 1 and 3].", "a.", [1, 3]),
        ("a【1†source】.", "a.", [1]),
        ("a [1", "a [1", []),
        ("", "", []),
        ("[2-999]", "", [2, 3, 4, 5]),
    ],
)
def test_marks(text: str, prose: str, numbers: list[int]) -> None:
    assert read(text) == (prose, numbers)


def test_what_follows_a_bracket_decides_also_in_the_next_piece() -> None:
    assert read("1(1)", "1") == read("1(1)1") == ("1(1)1", [])
    assert read("So it was (1)", ". ") == ("So it was. ", [1])


@given(st.text(alphabet="ab [](),123【】-. \n", max_size=60), st.data())
def test_cuts_in_the_stream_change_nothing(text: str, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(text)))
    other = data.draw(st.integers(cut, len(text)))
    whole, numbers = read(text)
    prose, found = read(text[:cut], text[cut:other], text[other:])
    assert (prose.split(), sorted(set(found))) == (whole.split(), sorted(set(numbers)))
