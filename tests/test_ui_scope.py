from __future__ import annotations

from html import unescape

import pytest
from test_ui_html import HOSTILE, Seen

from assistant import ui_scope
from assistant.errors import InputError
from assistant.ui_scope import Chosen
from index import Article, Library, Scope

RAIN = Article("It rained.", title="Rain", source="Post", tags=("weather", "hollin"), key="1")
SNOW = Article("It snowed.", title="Snow", tags=("weather",), key="2")
GOAL = Article("They won.", title="Goal", tags=("sport",), key="3")


@pytest.fixture
def filled(library: Library) -> Library:
    library.add([RAIN, SNOW, GOAL])
    return library


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (None, Chosen()),
        ("tag:weather", Chosen()),
        ({"tag:weather": 1}, Chosen()),
        ([None, 3, ["tag:a"], "", "tag:", "article:", "what:x", "tag"], Chosen()),
        (["tag:a:b", "tag:a:b", "article:1"], Chosen(("a:b",), ("1",))),
        (["tag:x"] * 5_000 + ["tag:y"], Chosen(("x",))),
        (["tag:" + "x" * 1_000_000, "article:1"], Chosen((), ("1",))),
    ],
)
def test_what_a_browser_sends_is_taken_apart(sent: object, expected: Chosen) -> None:
    assert ui_scope.parse(sent) == expected


def test_either_a_tag_or_being_chosen_is_enough(filled: Library) -> None:
    assert ui_scope.narrowed(Chosen(), filled) == Scope()
    assert ui_scope.narrowed(Chosen(tags=("weather",)), filled) == Scope(tags=("weather",))
    both = ui_scope.narrowed(Chosen(("hollin",), (GOAL.id, RAIN.id)), filled)
    assert (both.tags, sorted(both.articles)) == ((), sorted((GOAL.id, RAIN.id)))


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        (Chosen(tags=("weather", "none")), "'none'.*change “Search in”"),
        (Chosen(tags=("' OR 1=1 --",)), "no article has the tag"),
        (Chosen(tags=("x" * 10_000,)), "no article has the tag '.{50,70}…'"),
        (Chosen(articles=("000000000000",)), "an article that was removed"),
        (Chosen(articles=("\ud800%\x00",)), "an article that was removed"),
    ],
)
def test_what_is_not_there_is_one_line(filled: Library, chosen: Chosen, message: str) -> None:
    with pytest.raises(InputError, match=message) as error:
        ui_scope.narrowed(chosen, filled)
    assert len(str(error.value)) < 200


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (Chosen(), ""),
        (Chosen(("weather",)), "tag weather"),
        (
            Chosen(("weather",), (RAIN.id, "gone")),
            "tag weather, “Rain”, an article that was removed",
        ),
        (Chosen(("a", "b", "c"), (RAIN.id,)), "tag a, tag b and 2 more"),
        (Chosen((), (RAIN.id, SNOW.id, GOAL.id, "gone")), "“Rain”, “Snow” and 2 more"),
    ],
)
def test_the_scope_is_told_in_words(filled: Library, chosen: Chosen, expected: str) -> None:
    assert ui_scope.words(chosen, filled) == expected
    line = Seen(ui_scope.line(chosen, filled))
    assert line.text.removesuffix("Search all") == f"Search in: {expected or 'all articles'}"
    assert line.text.endswith("Search all") == bool(expected)


def test_the_choice_offers_tags_first_and_keeps_what_is_gone(filled: Library) -> None:
    chosen = Chosen(("sport", "lost"), (SNOW.id, "gone"))
    page = ui_scope.choices(chosen, filled.articles())
    seen = Seen(page)
    values = [unescape(value) for value in seen.all("value")]
    tags = ["tag:lost", "tag:hollin", "tag:sport", "tag:weather"]
    assert values[:5] == [*tags, "article:gone"]
    assert set(values[5:]) == {f"article:{article.id}" for article in (RAIN, SNOW, GOAL)}
    boxes = page.split("<label>")[1:]
    ticked = [name for name, box in zip(values, boxes, strict=True) if " checked>" in box]
    assert ticked == ["tag:lost", "tag:sport", "article:gone", f"article:{SNOW.id}"]
    assert "weather 2" in seen.text
    assert "lost not used" in seen.text
    assert "An article that was removed" in seen.text


def test_a_long_choice_is_cut_and_can_be_searched() -> None:
    many = [Article("x", key=str(i)) for i in range(ui_scope.MAX_OFFERED + 5)]
    page = ui_scope.choices(Chosen(), many)
    assert "and 5 more" in page
    assert page.count('type="checkbox"') == ui_scope.MAX_OFFERED
    assert 'type="search"' in page
    last = Chosen(articles=(many[-1].id,))
    assert f'value="article:{many[-1].id}" checked>' in ui_scope.choices(last, many)
    assert 'type="search"' not in ui_scope.choices(Chosen(), many[:3])


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_tags_and_titles_stay_text(text: str, library: Library) -> None:
    article = Article("x", title=text, source=text, tags=(text,), key="1")
    plain = Article("x", title="T", source="S", tags=("t",), key="1")
    library.add(article)
    page = ui_scope.choices(Chosen((text,), (text,)), [article])
    expected = ui_scope.choices(Chosen(("t",), ("gone",)), [plain])
    assert Seen(page).tags == Seen(expected).tags
    line = ui_scope.line(Chosen((text,), (article.id,)), library)
    assert Seen(line).tags == Seen(ui_scope.line(Chosen(("t",), ("gone",)), library)).tags
