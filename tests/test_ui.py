from __future__ import annotations

import asyncio
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator, Sequence
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from documents import zipped

from assistant import ui
from assistant.errors import InputError, ModelError, QuestionError, StoreBusyError
from assistant.types import Answer, Checked, Claim, Done, Event, Token, Turn
from index import Article, Library
from index.loaders import SUFFIXES

pytest.importorskip("gradio")
from assistant.ui_events import Handlers, Session


class FakeAssistant:
    """Plays scripted events and keeps what it was asked."""

    def __init__(self, library: Library) -> None:
        self.own = self.library = library
        self.uses_samples = False
        self.settings = SimpleNamespace(has_model=False, model_is_local=False, model_host="")
        self.script: list[Event | Exception] = []
        self.asked: list[tuple[str, list[Turn]]] = []
        self.closed = 0
        self.hold: asyncio.Event | None = None

    async def stream(self, question: str, *, history: Sequence[Turn] = ()) -> AsyncIterator[Event]:
        self.asked.append((question, list(history)))
        try:
            for event in self.script:
                if isinstance(event, Exception):
                    raise event
                yield event
                if self.hold:
                    await self.hold.wait()
        finally:
            self.closed += 1


@pytest.fixture
def fake(library: Library) -> FakeAssistant:
    return FakeAssistant(library)


@pytest.fixture
def do(fake: FakeAssistant) -> Handlers:
    return Handlers(fake)  # type: ignore[arg-type]


def answered(text: str) -> list[Event | Exception]:
    claim = Claim(text)
    return [Token(text), Checked(claim), Done(Answer("?", (claim,)))]


async def ask(do: Handlers, question: str, mine: Session) -> str:
    """Ask, and return the newest message."""
    async for _ in do.ask(question, mine):
        pass
    return mine.messages[-1]["content"]


async def test_a_question_is_answered_and_the_next_one_knows_of_it(
    do: Handlers, fake: FakeAssistant
) -> None:
    mine = Session()
    fake.script = answered("It rained")
    assert "It rained" in await ask(do, "What happened?", mine)
    await ask(do, "And then?", mine)
    assert [m["role"] for m in mine.messages] == ["user", "assistant"] * 2
    assert [turn.question for turn in fake.asked[1][1]] == ["What happened?"]


async def test_sessions_do_not_see_one_another(do: Handlers, fake: FakeAssistant) -> None:
    fake.script = answered("It rained")
    mine, other = Session(), Session()
    await ask(do, "What happened?", mine)
    await ask(do, "And then?", other)
    assert fake.asked[1][1] == []
    assert len(other.messages) == 2


async def test_an_empty_question_is_not_asked(do: Handlers, fake: FakeAssistant) -> None:
    mine = Session()
    async for _ in do.ask("  \n ", mine):
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
    do: Handlers, fake: FakeAssistant, error: Exception, shown: str
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


async def test_a_stopped_answer_stays_as_it_is(do: Handlers, fake: FakeAssistant) -> None:
    mine = Session()
    fake.hold = asyncio.Event()
    fake.script = answered("It rained")
    running = do.ask("What happened?", mine)
    await anext(running)  # the question is shown
    await anext(running)  # the first words
    do.stop(mine)
    fake.hold.set()
    assert [update async for update in running] == []
    assert "It rained" in mine.messages[-1]["content"]
    assert "Stopped" in mine.messages[-1]["content"]
    assert (mine.turns, fake.closed) == ([], 1)


async def test_a_new_chat_ends_a_running_answer(do: Handlers, fake: FakeAssistant) -> None:
    mine = Session()
    fake.hold = asyncio.Event()
    fake.script = [Token("It ra"), ModelError("the server died")]
    running = do.ask("What happened?", mine)
    await anext(running)
    await anext(running)
    do.clear(mine)
    fake.hold.set()
    assert [update async for update in running] == []
    assert mine == Session()


async def test_a_new_chat_forgets(do: Handlers, fake: FakeAssistant) -> None:
    mine = Session()
    fake.script = answered("It rained")
    await ask(do, "What happened?", mine)
    do.clear(mine)
    assert mine == Session()


def add(do: Handlers, files: list[tuple[str, str]]) -> tuple[Any, ...]:
    """The page after an upload, and that it told of its progress before."""

    async def updates() -> list[tuple[Any, ...]]:
        return [update async for update in do.add(files)]

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
    do: Handlers, library: Library, tmp_path: Path
) -> None:
    folder = tmp_path / "up"
    folder.mkdir()
    first = upload(folder, "note (1).txt", b"It rained in Hollin.", "note 1.txt")
    _, report, shelf, _ = add(do, [first])
    assert "1 added" in report
    assert "note &#40;1&#41;" in shelf
    assert not Path(first[0]).exists()
    again = upload(folder, "note (1).txt", b"It rained in Hollin.", "note 1.txt")
    changed = upload(folder, "note (1).txt", b"It snowed in Hollin.", "note 1.txt")
    other = upload(folder, "note 1.txt", b"Another file.")
    assert "1 unchanged" in add(do, [again])[1]
    report = add(do, [changed, other])[1]
    assert "1 added" in report
    assert "1 updated" in report
    assert sorted(article.title for article in library.articles()) == ["note (1)", "note 1"]


def test_an_uploaded_archive_brings_all_its_articles(
    do: Handlers, library: Library, tmp_path: Path
) -> None:
    folder = tmp_path / "up"
    folder.mkdir()
    data = zipped({"a.txt": "It rained.", "t.csv": "id,text\n7,It snowed.\n8,\n"})
    packed = upload(folder, "my (1).zip", data, "my 1.zip")
    report = add(do, [packed])[1]
    assert "2 added, 1 failed" in unescape(report)
    assert "my (1).zip!t.csv!row 3" in unescape(report)
    keys = {article.key for article in library.articles()}
    assert keys == {"upload:my (1).zip!a.txt", "upload:my (1).zip!t.csv!7"}
    assert {a.original["name"] for a in library.articles()} == {"my (1).zip"}
    assert not Path(packed[0]).exists()


def test_what_cannot_be_added_is_named_with_its_reason(
    do: Handlers, library: Library, tmp_path: Path
) -> None:
    folder = tmp_path / "up"
    folder.mkdir()
    files = [
        upload(folder, "empty.txt", b""),
        upload(folder, "binary.txt", b"\x89PNG\r\n\x1a\n\x00\x00"),
        upload(folder, "good.md", b"# Rain\n\nIt rained."),
    ]
    report = add(do, files)[1]
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
    do: Handlers, fake: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: Any, **__: Any) -> None:
        raise StoreBusyError("another process holds the store")

    monkeypatch.setattr(fake.own, "add", busy)
    _, report, *_ = add(do, [])
    assert "another process holds the store" in report


def test_an_article_opens_and_closes(do: Handlers, library: Library) -> None:
    article = Article("It rained.\n\nThen it stopped.", title="Rain", key="rain")
    library.add([article])
    opened = do.read(SimpleNamespace(id=article.id))  # type: ignore[arg-type]
    assert "Then it stopped" in opened
    assert article.id in do.read(SimpleNamespace(id=""))  # type: ignore[arg-type]
    assert "Sorry" in do.read(SimpleNamespace(id="000000000000"))  # type: ignore[arg-type]


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
