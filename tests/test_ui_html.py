from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import ui_html as html
from assistant import ui_shelf
from assistant.errors import InputError
from assistant.types import (
    NO_ANSWER,
    Answer,
    Checked,
    Citation,
    Cited,
    Claim,
    Disagreement,
    Filter,
    Notice,
    Restarted,
    Retrieved,
    Token,
    Understood,
    Value,
)
from assistant.ui_adding import Upload
from index import AddReport, Article, Failure, Passage, Progress, Scope, StopAdding

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "![pixel](https://evil.example/p.png)",
    "[here](javascript:alert(1))",
    "<https://evil.example>",
    "https://evil.example/x www.evil.example me@evil.example",
    "```\n~~~\n# heading\n\n    code\n* list",
    "$$x^2$$ \\(y\\) ${1+1} {{value}}",
    "</p></div><style>*{display:none}</style>",
    "&lt;b&gt; &#60;i&#62;",
    "\u202eevil\u202c \u2066x",
]
BARE = ["![", "](", "```", "\n\n", "https:", "www.", "evil@", "$", "{{", "*", "\u202e"]
"""Markup of Markdown, or bare addresses that it makes links of."""

TEXT = "The dam held for a day. At noon the gate opened. Seven people died in Hollin."


class Seen(HTMLParser):
    """Collects what a browser would make of a piece of HTML."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.attributes if key == name]


def citation(number: int = 1, **changes: str) -> Citation:
    quote = "At noon the gate opened."
    start = TEXT.index(quote)
    plain = Citation(
        number,
        "abc",
        "v1",
        start,
        start + len(quote),
        quote,
        title="Flood",
        source="Post",
        published=date(2024, 10, 15),
        url="https://post.example/flood",
        fictional=True,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_is_left_alive(text: str) -> None:
    hit = citation(title=text, source=text, quote=text, url="javascript:alert(1)", locator=text)
    article = Article(
        text, title=text, source=text, author=text, url=f"javascript:{text}", tags=(text,)
    )
    claim = Claim(text, (hit,), "partly")
    found = Answer(
        text,
        (claim,),
        text,
        confidence=0.5,
        disagreement=Disagreement("contradiction", (Value(text, claim, text, speaker=text),)),
        notices=(Notice("fallback", text),),
    )
    passage = Passage("p", "abc", "v1", 0, len(text), text)
    partial = html.Partial("a1")
    partial.feed(Token(text))
    waiting = html.Partial("a2", waiting=text)
    upload = Upload(2)
    upload.step(Progress(0, 2, 0, text))
    upload.wait(text)
    pages = [
        html.question(text),
        html.answer(found, {1: html.Excerpt(text, text, text)}, within=text, changed=[text]),
        html.answer(
            Answer(text, abstained=True, notices=(Notice("missing", text),)),
            {},
            [(article, passage)],
        ),
        html.error(text),
        partial.html(),
        waiting.html(),
        ui_shelf.adding(upload),
        ui_shelf.saved(text),
        ui_shelf.shelf([article], samples=True),
        ui_shelf.reader(article),
        ui_shelf.header(text),
        ui_shelf.report(AddReport(failed=(Failure(text, text),))),
    ]
    for page in pages:
        seen = Seen(page)
        assert not {"script", "img", "style", "iframe", "i", "svg"} & set(seen.tags)
        assert not [name for name, _ in seen.attributes if name.startswith("on")]
        assert all(link.startswith("#") for link in seen.all("href"))
        # What Markdown would read is written as entities, and a blank line would end the block.
        for bare in BARE:
            assert bare not in page


@given(st.text())
def test_escaped_text_reads_as_before(text: str) -> None:
    escaped = html.escape(text)
    assert not re.search(r"[<>\"'*_`\[\]()!$\\]", escaped)
    shown = "".join(c for c in text if c in "\t\n" or not _is_control(c))
    assert Seen(f"<p>{escaped}</p>").text.replace("\r", "") == shown.replace("\r", "")


def _is_control(char: str) -> bool:
    return (
        char < " "
        or "\x7f" <= char <= "\x9f"
        or char in "\u202a\u202b\u202c\u202d\u202e"
        or ("\u2066" <= char <= "\u2069")
    )


@given(st.text(max_size=300), st.data())
def test_an_excerpt_is_the_article_around_the_quote(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = html.excerpt(text, start, end, width=20)
    assert found.quote == text[start:end]
    before, after = found.before.removeprefix("…").lstrip(), found.after.removesuffix("…")
    assert text[:start].endswith(before)
    assert text[end:].startswith(after)
    assert len(found.before) <= 22
    assert len(found.after) <= 22


def test_an_excerpt_of_the_whole_text_has_no_ellipsis() -> None:
    found = html.excerpt(TEXT, 24, 48)
    assert found.before + found.quote + found.after == TEXT


def test_each_number_leads_to_the_card_of_its_own_answer() -> None:
    found = Answer("?", (Claim("It opened.", (citation(1),)), Claim("So.", (citation(2),))))
    for prefix in ("a1", "a2"):
        seen = Seen(html.answer(found, {}, prefix=prefix))
        assert [f"#{name}" for name in seen.all("id")] == [f"#{prefix}-1", f"#{prefix}-2"]
        assert set(seen.all("href")) >= {f"#{prefix}-1", f"#{prefix}-2"}


def test_the_short_answer_stands_above_its_sentence() -> None:
    claim = Claim("At noon the gate opened.", (citation(),))
    page = html.answer(Answer("?", (claim,), "at noon", confidence=0.83), {}, prefix="a1")
    assert re.search(r'class="short"[^>]*>at noon<.*class="said"[^>]*>At noon the gate', page)
    assert page.index('class="said"') < page.index("Confidence") < page.index("Sources")
    assert 'class="short"' not in html.answer(Answer("?", (claim,)), {})


def test_sentences_that_are_only_near_stand_below_their_part_of_the_question() -> None:
    sure = Claim("It opened.", (citation(1),))
    near = Claim("Rain fell.", (citation(2),), nearest="Who <b>closed</b> it?")
    notice = Notice("unsure_part", "Not sure: Who closed it?")
    seen = Seen(html.answer(Answer("?", (sure, near), notices=(notice,)), {}, prefix="a1"))
    assert "Not sure: Who <b>closed</b> it? Nearest: Rain fell." in seen.text
    assert seen.text.index("It opened.") < seen.text.index("Not sure")
    assert seen.text.count("Not sure") == 1
    assert "Nearest" not in Seen(html.answer(Answer("?", (sure,)), {})).text


def test_the_confidence_is_told_in_words_and_explained_by_pointer_and_by_keyboard() -> None:
    claims = (Claim("It opened.", (citation(),)),)
    seen = Seen(html.answer(Answer("?", claims, confidence=0.83), {}, prefix="a1"))
    assert "Confidence: likely (83 %)" in seen.text
    assert html.SURE in seen.text
    assert html.SURE in seen.all("title")
    assert seen.all("tabindex") == ["0"]
    assert set(seen.all("aria-describedby")) <= set(seen.all("id"))
    # The text beside the words is hidden until they have the focus; without these it always shows.
    css = (Path(html.__file__).parent / "ui.css").read_text(encoding="utf-8")
    assert ".sure .why { display: none;" in css
    assert ".sure .chip:focus + .why { display: block; }" in css


def test_a_language_models_answer_shows_no_confidence() -> None:
    page = html.answer(Answer("?", (Claim("It opened.", (citation(),)),), answered_by="tiny"), {})
    assert "Confidence" not in page
    assert "tabindex" not in page


def test_what_was_asked_and_its_filters_are_shown_to_be_taken_off() -> None:
    hostile = 'in "March"><b>'
    scope = Scope(since=date(2025, 3, 1), until=date(2025, 3, 31))
    understood = Understood("Who left <i>in March?", scope, (Filter("time", hostile, scope),))
    found = replace(Answer("And who left?", (Claim("Bo left."),)), understood=understood)
    page = html.answer(found, {}, prefix="a1", without=("source",))
    seen = Seen(page)
    assert "Asked: Who left <i>in March?" in seen.text
    assert "The question asks for: published 1 to 31 March 2025" in seen.text
    assert seen.all("href") == ["#without-source-time-a1"]
    assert seen.all("title") == [f"Ask again without this: {hostile}"]
    plain = html.answer(replace(found, understood=Understood("And who left?")), {})
    assert "Asked:" not in plain
    assert "#without" not in plain
    parts = replace(found, understood=Understood("x", parts=("Who left?", "Who came?")))
    assert Seen(html.answer(parts, {})).text.count("Asked: Who") == 2


def test_values_that_differ_stand_in_a_table_and_are_cited_like_the_answer() -> None:
    other = citation(2, title="Drought")
    claims = (Claim("It opened.", (citation(),)),)
    shut = Claim("It stayed shut.", (other,))
    values = (
        Value("yes", claims[0], "Post", date(2024, 10, 15)),
        Value("no", shut, "Echo", speaker="the union said"),
    )
    found = Answer("?", claims, "yes", disagreement=Disagreement("contradiction", values))
    page = html.answer(found, {2: html.Excerpt("Before. ", other.quote, "")}, prefix="a1")
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    one, two = (Seen(row) for row in table.split("</tr>")[:2])
    assert one.text == "15 October 2024Postyes source 1"
    assert two.text == "undatedEchothe union saidno source 2"
    assert two.all("href") == ["#a1-2"]
    assert one.all("datetime") == ["2024-10-15"]
    assert Seen(page).all("scope") == ["col", "col", "col", "row", "row"]
    assert "<caption>Sources differ</caption>" in page
    changed = replace(found, disagreement=Disagreement("development", values))
    assert "<caption>This changed over time</caption>" in html.answer(changed, {})
    cards = page.partition('<section class="sources">')[2]
    assert Seen(cards).all("id") == ["a1-1", "a1-2"]
    assert "Drought" in Seen(cards).text
    assert "Before. " in Seen(cards).text
    assert "<table>" not in html.answer(Answer("?", claims, "yes"), {})


def test_an_abstention_says_what_is_missing_above_the_nearest_passages() -> None:
    notices = (Notice("samples", "Samples."), Notice("missing", "No article mentions “Ada”."))
    near = (Article("It rained.", title="Rain"), Passage("p", "abc", "v1", 0, 10, "It rained."))
    page = html.answer(Answer("?", abstained=True, notices=notices), {}, [near])
    seen = Seen(page).text
    places = [seen.index(part) for part in (NO_ANSWER, "“Ada”", "nearest", "Rain", "Samples.")]
    assert places == sorted(places)
    assert seen.count("“Ada”") == 1


def test_an_abstention_names_the_threshold_only_where_there_was_a_guess() -> None:
    guess = Seen(html.answer(Answer("?", abstained=True, confidence=0.22), {})).text
    assert "22 % likely" in guess
    assert "ASSISTANT_THRESHOLD" in guess
    assert "Confidence" not in guess
    assert Seen(html.answer(Answer("?", abstained=True), {})).text == NO_ANSWER


def test_a_card_shows_where_the_words_stand() -> None:
    hit = citation(3)
    page = html.card(hit, html.excerpt(TEXT, hit.start, hit.end), "a1")
    seen = Seen(page)
    assert Seen(page.partition("<mark>")[2].partition("</mark>")[0]).text == hit.quote
    for word in ("3", "Flood", "Post", "15 October 2024", "fictional", "held for a day", "Seven"):
        assert word in seen.text
    assert seen.all("href") == ["https://post.example/flood"]
    assert seen.all("rel") == ["noopener noreferrer"]


def test_a_card_names_the_place_in_the_original() -> None:
    page = html.card(replace(citation(3), locator="p. <12>"), html.Excerpt("", "x", ""), "a1")
    assert "Post · 15 October 2024 · p. <12>" in Seen(page).text
    assert "<12>" not in page


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "//evil", "ftp://x", "http://", "http://[", ""],
)
def test_only_web_addresses_become_links(url: str) -> None:
    assert html.link(url) == ""
    assert "<a " not in html.card(citation(url=url), html.Excerpt("", "q", ""), "a1")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("supported", ""),
        ("corrected", "corrected"),
        ("partly", "partly"),
        ("unsupported", "not in"),
    ],
)
def test_a_doubtful_sentence_says_so_in_words(status: str, words: str) -> None:
    page = html.answer(Answer("?", (Claim("So.", status=status),)), {})  # type: ignore[arg-type]
    assert ('class="status' in page) == bool(words)
    assert words in Seen(page).text


def test_what_the_articles_do_not_say_is_said_with_the_nearest_passages_folded_away() -> None:
    near = (Article("x", title="Flood"), Passage("p", "abc", "v1", 0, 8, "The dam."))
    page = html.answer(Answer("?", abstained=True), {}, [near])
    assert NO_ANSWER in Seen(page).text
    assert re.search(r"<details><summary>The nearest passages.*The dam.*</details>", page)
    assert "<details open" not in page


def test_a_partial_answer_numbers_a_sentence_when_it_is_checked() -> None:
    partial = html.Partial("a1")
    assert "Reading the articles" in partial.html()
    assert not partial.feed(Retrieved((), Understood("?")))
    claim = Claim("It opened.", (citation(),), "partly")
    for event in (Token("It opened. And"), Cited(citation()), Checked(claim), Token(" so on")):
        partial.feed(event)
    assert Seen(partial.html()).text == "It opened. source 1 only partly in the sources And so on"
    assert partial.feed(Restarted(Notice("fallback", "The model failed.")))
    assert "opened" not in partial.html()
    assert "The model failed" in Seen(partial.html()).text
    assert "Stopped" in partial.html(html.stopped())
    assert "Reading" not in partial.html(html.stopped())


def test_a_partial_answer_says_what_it_waits_for_until_something_comes() -> None:
    partial = html.Partial("a1", waiting="waiting for <assistant add>")
    assert Seen(partial.html()).text == "Waiting for <assistant add>…"
    assert partial.feed(Retrieved((), Understood("?")))
    assert "Reading the articles" in partial.html()


def test_an_answer_in_a_scope_says_so() -> None:
    claims = (Claim("It opened.", (citation(),)),)
    for found in (Answer("?", claims), Answer("?", abstained=True)):
        assert "Searched in: tag flood" in Seen(html.answer(found, {}, within="tag flood")).text
        assert "Searched in" not in Seen(html.answer(found, {})).text


def test_an_answer_names_what_has_changed_since_above_its_sources() -> None:
    found = Answer("?", (Claim("It opened.", (citation(),)),))
    text = Seen(html.answer(found, {}, changed=["Flood", "Rain"])).text
    notes = [f"An article quoted here has changed since: {title}" for title in ("Flood", "Rain")]
    assert "".join(notes) in text.partition("Sources")[0]


def test_the_shelf_says_what_is_shown() -> None:
    fictional = Article("x", title="Flood", source="Post", meta={"fictional": True}, key="1")
    real = Article("y", title="Truce", key="2")
    samples = Seen(ui_shelf.shelf([fictional, real], samples=True)).text
    assert "2 sample articles" in samples
    assert "Add your own" in samples
    assert "Post fictional" in samples
    own = Seen(ui_shelf.shelf([real], samples=False))
    assert own.text == "1 articleTruce"
    assert own.all("data-id") == [real.id]
    assert "No articles yet" in ui_shelf.shelf([], samples=False)


def test_long_lists_and_long_articles_are_cut_and_say_so() -> None:
    many = [Article("x", key=str(i)) for i in range(ui_shelf.MAX_LISTED + 5)]
    assert "and 5 more" in ui_shelf.shelf(many, samples=False)
    assert "Only the first" in ui_shelf.reader(Article("x" * (ui_shelf.MAX_READ + 1)))
    assert len(html.question("x" * 50_000)) < 2_000


def test_a_report_names_what_failed_and_why() -> None:
    page = ui_shelf.report(AddReport(failed=(Failure("a.txt", "it has no text"),)))
    assert Seen(page).text == "1 faileda.txt: it has no text"
    assert 'class="problem' in page
    assert 'class="notice' in ui_shelf.report(AddReport(added=(Article("x"),)))


def test_a_report_asks_for_tags_of_what_is_new() -> None:
    def label(count: int) -> str:
        new = tuple(Article("x", key=str(n)) for n in range(count))
        return Seen(ui_shelf.report(AddReport(added=new, unchanged=(Article("y"),)))).text

    assert "Tags" not in label(0)
    assert "Tags for the new article" in label(1)
    assert "Tags for the 12 new articles" in label(12)


def test_tags_are_listed_and_can_be_edited_in_the_reader() -> None:
    article = Article("x", title="Flood", tags=("dam", "a <b>"), key="1")
    assert "Tags: dam, a <b>" in Seen(ui_shelf.shelf([article], samples=False)).text
    seen = Seen(ui_shelf.reader(article))
    assert seen.all("value") == ["dam, a <b>"]
    assert seen.all("data-article") == [article.id]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (", ".join(map(str, range(ui_shelf.MAX_TAGS + 1))), "31 tags"),
        ("x" * 100_000, r"'x{30}…' has 100,000 characters"),
    ],
)
def test_tags_beyond_measure_are_one_line(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as error:
        ui_shelf.parse_tags(text)
    assert len(str(error.value)) < 150


class Pace:
    """Knows a speed after the first step."""

    words = ""

    def step(self, progress: Progress) -> None:
        """Learn the speed."""
        self.words = "20 passages/s, about 90 s left"


def test_an_upload_tells_how_far_it_is_and_what_it_waits_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("assistant.ui_adding.Pace", Pace)
    upload = Upload(3)
    upload.step(Progress(1, 3, 40, "b.txt"))
    done = "Adding b.txt…1 of 3 articles done"
    assert Seen(ui_shelf.adding(upload)).text == f"{done} · 20 passages/s, about 90 s left"
    upload.wait("waiting for assistant rebuild")
    assert Seen(ui_shelf.adding(upload)).text == f"{done} · waiting for assistant rebuild…"
    upload.step(Progress(1, 3, 60, "b.txt"))
    assert "waiting" not in ui_shelf.adding(upload)
    upload.stop()
    assert Seen(ui_shelf.adding(upload)).text == f"{done} · stopping…"
    with pytest.raises(StopAdding):
        upload.step(Progress(2, 3, 60, "c.txt"))
    report = ui_shelf.report(AddReport(stopped=True))
    assert Seen(report).text == "Stopped before anything was added. Add the files again to go on."


def test_copies_stand_below_the_earliest_with_their_outlets() -> None:
    wire, post, other = (
        Article(f"{n} rained.", title=f"Rain {n}", source=f"<{n}> Post", key=n) for n in "abc"
    )
    listed = ui_shelf.shelf([other, post, wire], False, [[wire.id, post.id]])
    assert listed.count("<li>") == 2
    assert listed.index("Rain a") < listed.index(f'class="copy" data-id="{post.id}"')
    assert "Rain b" not in listed
    assert "<b>" not in listed
    # The earliest one may not be among those that are listed.
    assert ui_shelf.shelf([post], False, [[wire.id, post.id]]).count(post.id) == 1
    assert f'class="copy" data-id="{post.id}"' in ui_shelf.reader(wire, copies=[post])


def test_the_reader_folds_what_versions_changed() -> None:
    added = datetime(2024, 5, 7, 10, 30, tzinfo=UTC)
    old = Article("It rained. <i>Nobody</i> came.", key="a", added=added)
    new = replace(old, text="It rained. All came.")
    shown = ui_shelf.reader(new, versions=[new, old])
    assert "2 versions" in shown
    assert "<ins>All came&#46;</ins>" in shown
    assert "<del>" in shown
    assert "<i>" not in shown
    assert "versions" not in ui_shelf.reader(new, versions=[new])


def test_a_card_names_where_else_the_words_stand() -> None:
    citation = Citation(1, "a", "v", 0, 9, "It rained", also=("Post", "<b>Times</b>"))
    card = html.card(citation, html.Excerpt("", "It rained", ""), "a1")
    assert "The same words also in: <bdi>Post</bdi>" in card
    assert "<b>" not in card


def test_an_upload_tells_of_copies() -> None:
    article, copy = Article("It rained.", title="Rain", key="a"), Article("x", title="Wet", key="b")
    said = ui_shelf.report(AddReport(added=(article,), copies={article.id: copy}))
    assert "<bdi>Rain</bdi> is nearly the same as <bdi>Wet</bdi>" in said
