"""What stands around a hit: neighbouring sentences, neighbouring hits, other articles."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.context import LONGEST, MOST_OF_ONE, joined, spread, widened
from assistant.state import Source
from index import Article, Hit, Passage

TEXT = "The gate broke. Water rose. The village fled. Nobody slept. Dawn came."


def part(
    words: str, text: str = TEXT, *, number: int = 1, key: str = "a", score: float = 1
) -> Source:
    article = Article(text, title="Flood", language="en", key=key)
    start = text.index(words)
    passage = Passage(
        f"{key}/{start}", article.id, article.version, start, start + len(words), words
    )
    return Source(number, Hit(passage, 1.0), article, origin=article.id)


@pytest.mark.parametrize(
    ("words", "wide"),
    [
        ("The village fled.", "Water rose. The village fled. Nobody slept."),
        ("The gate broke.", "The gate broke. Water rose."),
        ("Dawn came.", "Nobody slept. Dawn came."),
        (TEXT, TEXT),
    ],
)
def test_a_hit_brings_its_neighbouring_sentences(words: str, wide: str) -> None:
    found = widened(part(words))
    passage = found.hit.passage
    assert found.text == wide == TEXT[passage.start : passage.end]
    assert passage.id == part(words).hit.passage.id


def test_half_a_sentence_is_no_neighbour() -> None:
    long = f"{'water ' * 80}rose. The gate broke. {'Rain ' * 80}fell."
    assert widened(part("The gate broke.", long)).text == "The gate broke."


def test_neighbouring_hits_are_one_at_the_better_place() -> None:
    found = joined(
        [
            part("Water rose.", number=1),
            part("Ships sank.", "Ships sank.", number=2, key="b"),
            part("The gate broke.", number=3),
            part("Nobody slept. Dawn came.", number=4),
        ]
    )
    assert [(source.number, source.text) for source in found] == [
        (1, "The gate broke. Water rose."),
        (2, "Ships sank."),
        (3, "Nobody slept. Dawn came."),
    ]


def test_a_hit_between_two_joins_all_three() -> None:
    parts = ["The gate broke.", "The village fled.", "Water rose."]
    found = joined([part(words) for words in parts])
    assert [source.text for source in found] == ["The gate broke. Water rose. The village fled."]


def test_what_is_joined_does_not_grow_without_end() -> None:
    half = "word " * (LONGEST // 12)
    text = f"{half}end. {half}stop. {half}full."
    cut, last = text.index("end. ") + 5, text.index("stop. ") + 6
    parts = [part(text[:cut], text), part(text[cut:last], text), part(text[last:], text)]
    found = joined(parts)
    assert len(found) == 2
    assert all(len(source.text) <= LONGEST for source in found)


def test_another_version_is_not_joined() -> None:
    one, other = part("The gate broke."), part("Water rose.")
    older = replace(other, hit=replace(other.hit, passage=replace(other.hit.passage, version="x")))
    assert len(joined([one, older])) == 2


def test_one_origin_does_not_crowd_out_the_others() -> None:
    many = [part("The gate broke.", number=n) for n in range(1, 9)]
    few = [part("Ships sank.", "Ships sank.", number=n, key="b") for n in (9, 10)]
    found = spread([*many, *few], 6)
    assert [source.number for source in found] == [*range(1, MOST_OF_ONE + 1), 9, 10]
    assert [source.number for source in spread([*many, few[0]], 7)] == [1, 2, 3, 4, 5, 6, 9]
    assert spread(many, 3) == many[:3]
