from __future__ import annotations

import asyncio
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import replace
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from documents import zipped

from assistant import ui
from assistant import ui_html as html
from assistant.errors import InputError, ModelError, QuestionError, StoreBusyError
from assistant.types import (
    Answer,
    Checked,
    Citation,
    Claim,
    Done,
    Event,
    Filter,
    Notice,
    Retrieved,
    Token,
    Turn,
    Understood,
)
from index import AddReport, Article, Hit, Library, Passage, Scope
from index.gate import on_wait
from index.loaders import SUFFIXES

pytest.importorskip("gradio")
import gradio as gr

from assistant.ui_articles import Articles
from assistant.ui_events import Chat
from assistant.ui_session import Session


class FakeAssistant:
    """Plays scripted events and keeps what it was asked."""

    def __init__(self, library: Library) -> None:
        self.own = self.library = library
        self.uses_samples = False
        self.settings = SimpleNamespace(
            has_model=False, model_is_local=False, model_host="", keep_originals=False
        )
        self.script: list[Event | Exception | str] = []
        self.asked: list[tuple[str, list[Turn]]] = []
        self.scopes: list[tuple[Sequence[str], Sequence[str]]] = []
        self.without: list[tuple[str, ...]] = []
        self.closed = 0
        self.hold: asyncio.Event | None = None

    async def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        articles: Sequence[str] = (),
        tags: Sequence[str] = (),
        without: Sequence[str] = (),
    ) -> AsyncGenerator[Event, None]:
        self.asked.append((question, list(history)))
        self.scopes.append((articles, tags))
        self.without.append(tuple(without))
        try:
            for event in self.script:
                if isinstance(event, Exception):
                    raise event
                if isinstance(event, str):
                    await asyncio.to_thread(lambda words: on_wait.get()(words), event)
                else:
                    yield event
                if self.hold:
                    await self.hold.wait()
        finally:
            self.closed += 1


@pytest.fixture
def fake(library: Library) -> FakeAssistant:
    return FakeAssistant(library)


@pytest.fixture
def beside(fake: FakeAssistant) -> Articles:
    return Articles(fake)  # type: ignore[arg-type]


@pytest.fixture
def do(fake: FakeAssistant, beside: Articles) -> Chat:
    return Chat(fake, beside)  # type: ignore[arg-type]


def answered(text: str, *quoted: Article) -> list[Event | Exception | str]:
    claim = Claim(text, tuple(map(citation, quoted)))
    return [Token(text), Checked(claim), Done(Answer("?", (claim,)))]


def citation(article: Article) -> Citation:
    """All of an article's text as a quote."""
    text, title = article.text, article.title
    return Citation(1, article.id, article.version, 0, len(text), text, title=title)


def hits(*articles: Article) -> tuple[Hit, ...]:
    """The articles' texts as passages that were retrieved."""
    return tuple(
        Hit(Passage(f"{a.id}/{a.version}/0", a.id, a.version, 0, len(a.text), a.text), 1.0)
        for a in articles
    )


def event(**known: object) -> Any:
    """What the browser tells of an event."""
    return SimpleNamespace(**known)


async def ask(do: Chat, question: str, mine: Session, *ticked: object) -> str:
    """Ask, and return the newest message."""
    async for _ in do.ask(question, mine, list(ticked)):
        pass
    return mine.messages[-1]["content"]


async def test_a_question_is_answered_and_the_next_one_knows_of_it(
    do: Chat, fake: FakeAssistant
) -> None:
    mine = Session()
    fake.script = answered("It rained")
    assert "It rained" in await ask(do, "What happened?", mine)
    await ask(do, "And then?", mine)
    assert [m["role"] for m in mine.messages] == ["user", "assistant"] * 2
    assert [turn.question for turn in fake.asked[1][1]] == ["What happened?"]


async def test_sessions_do_not_see_one_another(do: Chat, fake: FakeAssistant) -> None:
    fake.script = answered("It rained")
    mine, other = Session(), Session()
    await ask(do, "What happened?", mine)
    await ask(do, "And then?", other)
    assert fake.asked[1][1] == []
    assert len(other.messages) == 2


async def test_a_filter_that_is_taken_off_is_not_set_again(do: Chat, fake: FakeAssistant) -> None:
    mine = Session()
    question = "What did the Post report in March?"
    scope = Scope(source="Post")
    understood = Understood(question, scope, (Filter("source", "did the Post report", scope),))
    fake.script = [Done(replace(Answer("?", (Claim("It rained."),)), understood=understood))]
    shown = await ask(do, question, mine)
    prefix = mine.exchanges[0].prefix
    assert f'href="#without-source-{prefix}"' in shown
    taken = event(answer=prefix, kinds="source-time-nonsense")
    async for _ in do.ask_again(mine, [], taken):
        pass
    assert fake.asked[-1][0] == question
    assert fake.without == [(), ("source", "time")]
    assert "#without-source-time-source-" in mine.messages[-1]["content"]
    async for _ in do.ask_again(mine, [], event(answer="another", kinds="source")):
        pass
    assert len(fake.asked) == 2


async def test_words_of_what_stays_here_are_not_asked_again_as_typed_ones(
    do: Chat, fake: FakeAssistant
) -> None:
    mine, scope = Session(), Scope(source="Post")
    filters = (Filter("source", "according to the Post", scope),)
    kept = Answer(
        "Did he?",
        (Claim("He did."),),
        understood=Understood("Did Zanthor Keld?", scope, filters),
        notices=(Notice("private", "Nothing was sent to remote.test: …"),),
    )
    fake.script = [Done(kept)]
    await ask(do, "Did he, according to the Post?", mine)
    async for _ in do.ask_again(mine, [], event(answer=mine.exchanges[0].prefix, kinds="source")):
        pass
    assert fake.asked[-1][0] == "Did he, according to the Post?"


def test_no_title_that_is_local_only_is_offered_as_a_question(
    beside: Articles, library: Library
) -> None:
    library.add([Article("Rain.", title="Rain", key="r", tags=("local_only",))])
    library.add([Article("Sun.", title="Sun", key="s")])
    shown = beside.view(Session()).chat["examples"]
    assert [example["text"] for example in shown] == ["What does “Sun” say?"]


def test_an_empty_chat_says_what_goes_where() -> None:
    assert "go to <b>remote" not in html.empty("go to <b>remote")
    assert "remote&#46;test" in html.empty("Your question goes to remote.test.")
    assert "leaves" not in html.empty()


async def test_an_empty_question_is_not_asked(do: Chat, fake: FakeAssistant) -> None:
    mine = Session()
    async for _ in do.ask("  \n ", mine, []):
        pass
    assert (mine.messages, fake.asked) == ([], [])


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (QuestionError("the question is too long"), "the question is too long"),
        (ModelError("the server said 401"), "the server said 401"),
        (KeyError("secret"), "the program made a mistake"),
    ],
)
async def test_an_error_is_one_line_and_the_chat_goes_on(
    do: Chat, fake: FakeAssistant, error: Exception, shown: str
) -> None:
    mine = Session()
    fake.script = [Token("It ra"), error]
    text = await ask(do, "What happened?", mine)
    assert shown in text
    assert "It ra" in text
    assert "secret" not in text
    assert "Traceback" not in text
    fake.script = answered("It rained")
    assert "It rained" in await ask(do, "Again?", mine)


async def test_a_stopped_answer_stays_as_it_is(do: Chat, fake: FakeAssistant) -> None:
    mine = Session()
    fake.hold = asyncio.Event()
    fake.script = answered("It rained")
    running = do.ask("What happened?", mine, [])
    await anext(running)  # the question is shown
    await anext(running)  # the first words
    do.stop(mine)
    fake.hold.set()
    assert [update async for update in running] == []
    assert "It rained" in mine.messages[-1]["content"]
    assert "Stopped" in mine.messages[-1]["content"]
    assert (mine.turns, fake.closed) == ((), 1)


async def test_a_new_chat_ends_a_running_answer(do: Chat, fake: FakeAssistant) -> None:
    mine = Session()
    fake.hold = asyncio.Event()
    fake.script = [Token("It ra"), ModelError("the server died")]
    running = do.ask("What happened?", mine, [])
    await anext(running)
    await anext(running)
    do.clear(mine)
    fake.hold.set()
    assert [update async for update in running] == []
    assert mine == Session()


async def test_a_new_chat_forgets(do: Chat, fake: FakeAssistant) -> None:
    mine = Session()
    fake.script = answered("It rained")
    await ask(do, "What happened?", mine)
    do.clear(mine)
    assert mine == Session()


def add(
    beside: Articles, files: list[tuple[str, str]], mine: Session | None = None
) -> tuple[Any, ...]:
    """The page after an upload, and that it told of its progress before."""

    async def updates() -> list[tuple[Any, ...]]:
        return [update async for update in beside.add(files, mine or Session())]

    first, *_, last = asyncio.run(updates())
    assert "Adding" in first[1]
    return last


def upload(folder: Path, name: str, data: bytes, stored: str = "") -> tuple[str, str]:
    """A file as Gradio hands it over: in a folder of its own, under a name without signs."""
    path = folder / str(len(list(folder.iterdir()))) / (stored or name)
    path.parent.mkdir()
    path.write_bytes(data)
    return str(path), name


def test_uploads_belong_to_the_name_of_their_file(
    beside: Articles, library: Library, tmp_path: Path
) -> None:
    folder = tmp_path / "up"
    folder.mkdir()
    first = upload(folder, "note (1).txt", b"It rained in Hollin.", "note 1.txt")
    _, report, _, shelf, *_ = add(beside, [first])
    assert "1 added" in report
    assert "note &#40;1&#41;" in shelf
    assert not Path(first[0]).exists()
    again = upload(folder, "note (1).txt", b"It rained in Hollin.", "note 1.txt")
    changed = upload(folder, "note (1).txt", b"It snowed in Hollin.", "note 1.txt")
    other = upload(folder, "note 1.txt", b"Another file.")
    assert "1 unchanged" in add(beside, [again])[1]
    report = add(beside, [changed, other])[1]
    assert "1 added" in report
    assert "1 updated" in report
    assert sorted(article.title for article in library.articles()) == ["note (1)", "note 1"]


def test_an_uploaded_archive_brings_all_its_articles(
    beside: Articles, library: Library, tmp_path: Path
) -> None:
    folder = tmp_path / "up"
    folder.mkdir()
    data = zipped({"a.txt": "It rained.", "t.csv": "id,text\n7,It snowed.\n8,\n"})
    packed = upload(folder, "my (1).zip", data, "my 1.zip")
    report = add(beside, [packed])[1]
    assert "2 added, 1 failed" in unescape(report)
    assert "my (1).zip!t.csv!row 3" in unescape(report)
    keys = {article.key for article in library.articles()}
    assert keys == {"upload:my (1).zip!a.txt", "upload:my (1).zip!t.csv!7"}
    assert {a.original["name"] for a in library.articles()} == {"my (1).zip"}
    assert not Path(packed[0]).exists()


def test_what_cannot_be_added_is_named_with_its_reason(
    beside: Articles, library: Library, tmp_path: Path
) -> None:
    folder = tmp_path / "up"
    folder.mkdir()
    files = [
        upload(folder, "empty.txt", b""),
        upload(folder, "binary.txt", b"\x89PNG\r\n\x1a\n\x00\x00"),
        upload(folder, "good.md", b"# Rain\n\nIt rained."),
    ]
    report = add(beside, files)[1]
    assert "1 added" in report
    assert "2 failed" in report
    assert "empty&#46;txt" in report
    assert "binary file" in report
    assert [article.title for article in library.articles()] == ["Rain"]


def test_the_page_takes_files_of_every_kind(fake: FakeAssistant) -> None:
    from assistant.ui_page import build

    blocks: Any = build(fake).blocks.values()  # type: ignore[arg-type]
    (field,) = (block for block in blocks if block.elem_id == "files")
    assert set(field.file_types) == set(SUFFIXES)
    assert field.label in Path(ui.__file__).with_name("ui.css").read_text(encoding="utf-8")


def test_a_busy_store_is_one_line(
    beside: Articles, fake: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: Any, **__: Any) -> None:
        raise StoreBusyError("another process holds the store")

    monkeypatch.setattr(fake.own, "add", busy)
    _, report, *_ = add(beside, [])
    assert "another process holds the store" in report


def test_an_article_opens_and_closes(beside: Articles, library: Library) -> None:
    article = Article("It rained.\n\nThen it stopped.", title="Rain", key="rain")
    library.add([article])
    mine = Session()
    assert "Then it stopped" in beside.read(mine, event(id=article.id))
    assert mine.open == article.id
    assert article.id in beside.read(mine, event(id=""))
    assert mine.open == ""
    assert "Sorry" in beside.read(mine, event(id="000000000000"))


RAIN = Article("It rained in Hollin.", title="Rain", tags=("weather",), key="rain")
SNOW = Article("It snowed in Sarn.", title="Snow", key="snow")


@pytest.fixture
def two(library: Library) -> Library:
    library.add([RAIN, SNOW])
    return library


async def test_a_question_is_asked_in_the_scope_and_the_answer_says_so(
    do: Chat, beside: Articles, fake: FakeAssistant, two: Library
) -> None:
    mine, both = Session(), ["tag:weather", f"article:{SNOW.id}"]
    fake.script = answered("It rained", RAIN)
    assert "Searched in" not in await ask(do, "What happened?", mine)
    assert "tag weather" in beside.choose(mine, event(chosen=["tag:weather"]))
    text = await ask(do, "What happened?", mine, "tag:weather")
    assert "Searched in: tag weather" in unescape(text)
    do.clear(mine)
    beside.choose(mine, event(chosen=both))
    await ask(do, "What happened?", mine, *both)
    assert "tag weather, “Snow”" in unescape(beside.load(mine)[1])
    assert "all articles" in beside.choose(mine, event(chosen=[]))
    assert "Searched in" not in await ask(do, "What happened?", mine)
    everything: tuple[Sequence[str], Sequence[str]] = ((), ())
    either = ((SNOW.id, RAIN.id), ())
    assert fake.scopes == [everything, ((), ("weather",)), either, everything]


@pytest.mark.parametrize("sent", ["tag:' OR 1=1", "article:<b>", "article:" + SNOW.id])
async def test_a_scope_that_is_gone_is_one_line_and_nothing_is_asked(
    do: Chat, beside: Articles, fake: FakeAssistant, two: Library, sent: str
) -> None:
    mine = Session()
    two.remove(SNOW.id)
    text = unescape(await ask(do, "What happened?", mine, sent))
    assert "Sorry:" in text
    assert "change" in text
    assert fake.asked == []
    assert "all articles" not in beside.load(mine)[1]


@pytest.mark.parametrize("sent", [None, "tag:weather", 7, {"a": 1}, [["tag:weather"]]])
async def test_a_scope_that_is_none_is_everything(
    beside: Articles, two: Library, sent: object
) -> None:
    assert "all articles" in beside.choose(Session(), event(chosen=sent))


async def test_a_waiting_answer_says_what_for(do: Chat, fake: FakeAssistant) -> None:
    fake.script = ["waiting for assistant add (process 7)", *answered("It rained")]
    mine = Session()
    shown = []
    async for _ in do.ask("What happened?", mine, []):
        shown.append(unescape(mine.messages[-1]["content"]))
    assert "Waiting for assistant add (process 7)…" in shown[1]
    assert "Waiting" not in shown[-1]
    assert "It rained" in shown[-1]


async def test_each_of_two_waiting_answers_says_its_own(fake: FakeAssistant, do: Chat) -> None:
    fake.hold = asyncio.Event()
    fake.script = ["waiting for the first", *answered("It rained")]
    one, other = Session(), Session()
    first = do.ask("What happened?", one, [])
    await anext(first)
    await anext(first)
    fake.script = ["waiting for the second", *answered("It rained")]
    second = do.ask("What happened?", other, [])
    await anext(second)
    await anext(second)
    assert "the first" in one.messages[-1]["content"]
    assert "the second" in other.messages[-1]["content"]
    await first.aclose()
    await second.aclose()
    assert fake.closed == 2


async def test_what_quoted_a_removed_article_is_forgotten(
    do: Chat, fake: FakeAssistant, two: Library
) -> None:
    mine = Session()
    fake.script = answered("Rain fell on Hollin", RAIN)
    await ask(do, "What happened?", mine)
    fake.script = answered("Snow fell on Sarn", SNOW)
    ticked = [f"article:{RAIN.id}", f"article:{SNOW.id}"]
    kept = await ask(do, "And then?", mine, *ticked)
    two.remove(RAIN.id)
    assert await do.look(mine) == mine.seen
    kept = kept.replace("“Rain”", "an article that was removed")
    assert mine.messages[0]["content"] == html.question("What happened?")
    assert mine.messages[1]["content"] == html.removed()
    assert mine.messages[3]["content"] == kept
    assert "Hollin" not in repr(mine)
    await ask(do, "And now?", mine)
    assert [turn.question for turn in fake.asked[-1][1]] == ["And then?"]


async def test_it_is_forgotten_before_the_next_question_too(
    do: Chat, fake: FakeAssistant, two: Library
) -> None:
    mine = Session()
    fake.script = answered("Rain fell on Hollin", RAIN)
    await ask(do, "What happened?", mine)
    two.remove(RAIN.id)
    fake.script = answered("Snow fell on Sarn", SNOW)
    await ask(do, "And then?", mine)
    assert fake.asked[-1][1] == []
    assert mine.messages[1]["content"] == html.removed()
    assert mine.stale  # the list of articles is still to be shown anew


async def test_an_answer_whose_article_is_removed_while_it_is_written_is_forgotten(
    do: Chat, fake: FakeAssistant, two: Library
) -> None:
    mine = Session()
    fake.script = [Retrieved(hits(RAIN), Understood("?")), *answered("Rain fell", RAIN)]
    running = do.ask("What happened?", mine, [])
    await anext(running)
    await anext(running)
    two.remove(RAIN.id)
    assert await do.look(mine) == gr.skip()
    assert "Rain fell" in mine.messages[-1]["content"]
    last = [update async for update in running][-1]
    assert last[0][-1]["content"] == html.removed()
    assert mine.turns == ()


@pytest.mark.parametrize("ending", ["stopped", "failed"])
async def test_an_answer_that_was_cut_off_is_forgotten_too(
    do: Chat, fake: FakeAssistant, two: Library, ending: str
) -> None:
    mine = Session()
    found = Retrieved(hits(RAIN), Understood("?"))
    fake.script = [found, Token("Rain fell on Hollin"), ModelError("the server died")]
    running = do.ask("What happened?", mine, [])
    await anext(running)
    await anext(running)
    if ending == "stopped":
        do.stop(mine)
        await running.aclose()
    else:
        assert [update async for update in running]
    assert "Rain fell" in mine.messages[-1]["content"]
    two.remove(RAIN.id)
    await do.look(mine)
    assert mine.messages[-1]["content"] == html.removed()
    assert "Hollin" not in repr(mine)


async def test_an_error_without_words_of_an_article_stays(
    do: Chat, fake: FakeAssistant, two: Library
) -> None:
    mine = Session()
    fake.script = [Retrieved(hits(RAIN), Understood("?")), ModelError("the server died")]
    text = await ask(do, "What happened?", mine)
    two.remove(RAIN.id)
    await do.look(mine)
    assert mine.messages[-1]["content"] == text


async def test_the_nearest_passages_lose_what_was_removed(
    do: Chat, fake: FakeAssistant, two: Library
) -> None:
    mine = Session()
    fake.script = [Done(Answer("?", abstained=True, hits=hits(RAIN, SNOW)))]
    text = await ask(do, "What happened?", mine)
    assert "Hollin" in text
    assert "Sarn" in text
    two.remove(RAIN.id)
    await do.look(mine)
    text = mine.messages[-1]["content"]
    assert "Hollin" not in text
    assert "Sarn" in text
    assert "Hollin" not in repr(mine)


async def test_an_answer_from_an_older_version_says_so(
    do: Chat, fake: FakeAssistant, two: Library
) -> None:
    mine = Session()
    fake.script = answered("Rain fell", RAIN)
    before = await ask(do, "What happened?", mine)
    assert "changed since" not in before
    two.add(replace(RAIN, text="It rained all day in Hollin."))
    await do.look(mine)
    text = mine.messages[-1]["content"]
    assert "An article quoted here has changed since: Rain" in text
    assert RAIN.text in unescape(text)
    assert 'id="' + before.partition('class="card" id="')[2][:10] in text
    assert len(mine.turns) == 1
    two.add(replace(RAIN, text="It rained for a week in Hollin."))
    await do.look(mine)
    assert mine.messages[-1]["content"] == text
    two.remove(RAIN.id)
    await do.look(mine)
    assert "Rain" not in repr(mine)


async def test_nothing_is_touched_while_nothing_changes(
    do: Chat, beside: Articles, fake: FakeAssistant, two: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    two.remove(SNOW.id)
    mine = Session()
    beside.load(mine)
    fake.script = answered("Rain fell", RAIN)
    await ask(do, "What happened?", mine)

    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("read although nothing changed")

    monkeypatch.setattr(two, "articles", forbidden)
    monkeypatch.setattr(two, "get", forbidden)
    assert await do.look(mine) == gr.skip()


async def test_the_open_article_stays_open_unless_it_was_removed(
    do: Chat, beside: Articles, two: Library
) -> None:
    mine = Session()
    beside.load(mine)
    beside.read(mine, event(id=RAIN.id))
    two.remove(SNOW.id)
    await do.look(mine)
    _, shelf, _, choices = do.show_news(mine)
    assert shelf == gr.skip()
    assert mine.open == RAIN.id
    assert "Snow" not in choices
    two.remove(RAIN.id)
    assert await do.look(mine) == mine.seen
    _, shelf, *_ = do.show_news(mine)
    assert "No articles" in shelf
    assert mine.open == ""
    assert await do.look(mine) == gr.skip()


def test_tags_are_saved_where_they_are_shown(beside: Articles, two: Library) -> None:
    mine = Session()
    reader, line, choices = beside.tag(mine, event(id=RAIN.id, tags=" dam, weather,, Sarn  valley"))
    assert two.get(RAIN.id).tags == ("Sarn valley", "dam", "weather")
    assert "Tags saved" in reader
    assert "dam&#44; weather" in reader
    assert "all articles" in line
    assert "Sarn valley" in choices
    assert mine.open == RAIN.id
    beside.tag(mine, event(id=RAIN.id, tags="  ,"))
    assert two.get(RAIN.id).tags == ()


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"id": RAIN.id, "tags": "x" * 5_000}, "the limit is 60"),
        ({"id": "../etc", "tags": "x"}, "no article '../etc'"),
        ({"id": ["x"], "tags": {}}, "no article"),
        ({}, "no article"),
    ],
)
def test_tags_that_cannot_be_saved_are_one_line(
    beside: Articles, two: Library, sent: dict[str, Any], message: str
) -> None:
    shown, *_ = beside.tag(Session(), event(**sent))
    assert message in unescape(shown)
    assert two.get(RAIN.id).tags == ("weather",)


def test_what_was_just_added_can_be_tagged_at_once(
    beside: Articles, two: Library, tmp_path: Path
) -> None:
    mine = Session()
    files = [upload(tmp_path, "a.txt", b"It hailed."), upload(tmp_path, "b.txt", b"It blew.")]
    assert "Tags for the 2 new articles" in add(beside, files, mine)[1]
    first, second = mine.added
    two.set_tags(first, ["kept"])
    two.remove(second)
    report, shelf, *_ = beside.tag_added(mine, event(tags="storm, sea"))
    assert "1 article tagged storm, sea" in unescape(report)
    assert two.get(first).tags == ("kept", "sea", "storm")
    assert "storm" in shelf
    assert two.get(RAIN.id).tags == ("weather",)
    assert "the limit is" in beside.tag_added(mine, event(tags="x" * 99))[0]
    assert beside.tag_added(mine, event(tags=" , "))[0] == gr.skip()


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Six files, each published by itself."""
    monkeypatch.setattr("index.adding.BATCH_PASSAGES", 1)
    folder = tmp_path / "up"
    folder.mkdir()
    return [upload(folder, f"{n}.txt", f"Storm {n} came.".encode()) for n in range(6)]


async def test_an_upload_stops_cleanly_and_goes_on_when_it_is_made_again(
    beside: Articles,
    library: Library,
    many: list[tuple[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mine, encode, calls = Session(), library.embedder.encode, 0

    def stopping(texts: Sequence[str]) -> Any:
        nonlocal calls
        calls += 1
        if calls == 3:
            beside.stop_adding(mine)
        return encode(texts)

    again = [(path + "2", name) for path, name in many]
    for (path, _), (copy, _) in zip(many, again, strict=True):
        Path(copy).write_bytes(Path(path).read_bytes())
    with monkeypatch.context() as patch:
        patch.setattr(library.embedder, "encode", stopping)
        last = [update async for update in beside.add(many, mine)][-1]
    assert "2 added, then stopped. Add the files again to go on." in unescape(last[1])
    assert library.check() == []
    assert sorted(article.title for article in library.articles()) == ["0", "1"]
    assert {hit.passage.text for hit in library.search("storm")} == {
        "Storm 0 came.",
        "Storm 1 came.",
    }
    assert not any(Path(path).exists() for path, _ in many)
    assert mine.upload is None
    report = [update async for update in beside.add(again, mine)][-1][1]
    assert "4 added, 2 unchanged" in unescape(report)
    assert len(library.articles()) == 6
    assert library.check() == []


async def test_an_upload_goes_on_when_the_browser_is_gone(
    beside: Articles, library: Library, many: list[tuple[str, str]]
) -> None:
    running = beside.add(many, Session())
    await anext(running)
    await running.aclose()
    async with asyncio.timeout(20):
        while any(Path(path).exists() for path, _ in many):
            await asyncio.sleep(0.01)
    assert len(library.articles()) == 6
    assert library.check() == []


async def test_an_upload_says_what_it_waits_for(
    beside: Articles, fake: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = threading.Event()

    def waiting(*_: object, **__: object) -> AddReport:
        on_wait.get()("waiting for assistant rebuild")
        told.wait(10)
        return AddReport()

    monkeypatch.setattr(fake.own, "add", waiting)
    reports = []
    async for update in beside.add([("a", "a.txt"), ("b", "b.txt")], Session()):
        reports.append(unescape(update[1]))
        if "waiting for" in reports[-1]:
            told.set()
    assert any("waiting for assistant rebuild…" in report for report in reports)
    assert "waiting" not in reports[-1]


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


def test_a_port_in_use_is_one_line_that_names_another(taken: int) -> None:
    with pytest.raises(InputError, match=rf"{taken}.*--port {taken + 1}"):
        ui.check_address("127.0.0.1", taken)


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 0), ("127.0.0.1", 70000), ("no host", 1)])
def test_an_address_that_cannot_be_is_one_line(host: str, port: int) -> None:
    with pytest.raises(InputError):
        ui.check_address(host, port)


@pytest.mark.real
def test_the_page_is_served_to_this_machine_only(fake: FakeAssistant) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    before = threading.active_count()
    page = ui.launch(fake, port=port)  # type: ignore[arg-type]
    try:
        url = f"http://127.0.0.1:{port}/"
        with urllib.request.urlopen(url) as response:
            assert response.status == 200
            assert "default-src 'self'" in response.headers["content-security-policy"]
        # A page elsewhere whose name was pointed at this machine gets nothing.
        request = urllib.request.Request(url, headers={"Host": "evil.example"})
        with pytest.raises(urllib.error.HTTPError, match="400"):
            urllib.request.urlopen(request)
        with pytest.raises(InputError):
            ui.launch(fake, port=port)  # type: ignore[arg-type]
    finally:
        page.close(verbose=False)
    assert threading.active_count() <= before + 4
