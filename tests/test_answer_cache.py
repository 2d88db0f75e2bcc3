"""The cache of a model's replies: when it is used, what it never keeps, how it is emptied."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import FakeEmbedder
from helpers import RALLY, TRUCE
from langchain_core.messages import AIMessageChunk
from openai_server import Reply, ScriptedServer, scripted_server
from test_cli import Cli

from assistant import Answer, Assistant, Checked, Conversation, Settings, Token
from assistant.answer_cache import FILE, AnswerCache
from assistant.remembered import Memory
from assistant.state import Evidence, Query, Source
from index import Article, Hit, Library, StoreBusyError

KEY = "sk-secret-key-of-the-test"
QUESTION = "Who rejected the proposal?"
REPLY = ("Israel rejected ", "the proposal", " on Thursday [1][2].")
ARTICLES = (Article(TRUCE, title="Truce", key="1"), Article(RALLY, title="Rally", key="2"))


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with scripted_server() as script:
        yield script


@pytest.fixture
def assistant(server: ScriptedServer, library: Library) -> Assistant:
    library.add(ARTICLES)
    return with_settings(server, library)


def with_settings(server: ScriptedServer, library: Library, **values: Any) -> Assistant:
    known = {"base_url": server.url, "api_key": KEY, "model": "m", "retries": 0, "cache": True}
    return Assistant(Settings(**{**known, "threshold": 0.0, **values}), library)


def rows(library: Library) -> int:
    with closing(sqlite3.connect(library.folder / FILE)) as db:
        return int(db.execute("SELECT count(*) FROM replies").fetchone()[0])


def traces(folder: Path, text: str) -> list[str]:
    """Files of the store that hold this text."""
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and text.encode() in path.read_bytes()
    ]


# When it is used


def test_the_same_question_is_asked_once_and_checked_twice(
    server: ScriptedServer, assistant: Assistant
) -> None:
    server.say(*REPLY)
    first, second = assistant.ask(QUESTION), assistant.ask(QUESTION)
    assert len(server.requests) == 1
    assert (first.notices, first.usage["total_tokens"]) == ((), 18)
    assert (second.text, second.claims, second.citations) == (
        first.text,
        first.claims,
        first.citations,
    )
    assert (second.answered_by, second.prompt_hash) == (first.answered_by, first.prompt_hash)
    assert second.usage == {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0}
    assert second.cost == 0.0
    (notice,) = second.notices
    today = datetime.now(UTC).astimezone()
    assert notice.kind == "cached"
    assert notice.text.startswith("The model's words are those of ")
    assert str(today.year) in notice.text


def test_the_words_are_checked_anew(server: ScriptedServer, assistant: Assistant) -> None:
    server.say("Israel rejected the proposal [1]. Iran sold 900 drones [1].")
    assert [claim.status for claim in assistant.ask(QUESTION).claims][1] == "unsupported"
    strict = with_settings(server, assistant.own, strict=True).ask(QUESTION)
    assert len(server.requests) == 1
    assert [notice.kind for notice in strict.notices] == ["cached", "left_out"]


async def test_it_is_streamed_in_the_pieces_in_which_it_came(
    server: ScriptedServer, assistant: Assistant
) -> None:
    server.say(*REPLY)
    streams = []
    for _ in range(2):
        events = [event async for event in assistant.stream(QUESTION)]
        streams.append([e for e in events if isinstance(e, Token | Checked)])
    assert streams[0] == streams[1]
    assert sum(isinstance(event, Token) for event in streams[1]) > 1
    assert len(server.requests) == 1


def test_it_is_off_unless_it_is_switched_on(server: ScriptedServer, assistant: Assistant) -> None:
    server.say(*REPLY)
    off = with_settings(server, assistant.own, cache=False)
    assert off.ask(QUESTION).notices == off.ask(QUESTION).notices == ()
    assert len(server.requests) == 2
    assert not (assistant.own.folder / FILE).exists()


def test_what_another_request_is(
    server: ScriptedServer, assistant: Assistant, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "answer.md").write_text("{passages} {question} Else say: {no_answer}")
    other: list[dict[str, Any]] = [
        {"model": "n"},
        {"temperature": 0.5},
        {"passages": 1},
        {"base_url": server.url.replace("127.0.0.1", "localhost")},
        {"prompts": str(own)},
    ]
    same: list[dict[str, Any]] = [
        {"api_key": "sk-another"},
        {"timeout": 30.0},
        {"retries": 1},
        {"strict": True},
    ]
    server.say(*REPLY)
    assistant.ask(QUESTION)
    asked = []
    for values in (*other, *same):
        before = len(server.requests)
        with_settings(server, assistant.own, **values).ask(QUESTION)
        asked.append(len(server.requests) - before)
    assert asked == [1] * len(other) + [0] * len(same)


def test_another_question_or_another_text_is_asked(
    server: ScriptedServer, assistant: Assistant
) -> None:
    server.say(*REPLY)
    assistant.ask(QUESTION)
    assistant.ask("Who rejected the French proposal?")
    assistant.own.add(Article(f"{TRUCE} Rain fell.", title="Truce", key="1"))
    assistant.ask(QUESTION)
    assert len(server.requests) == 3


def test_fresh_asks_anew_and_keeps_the_new_reply(
    server: ScriptedServer, assistant: Assistant
) -> None:
    server.say(*REPLY)
    server.say("Israel rejected the proposal [1].")
    assistant.ask(QUESTION)
    fresh = with_settings(server, assistant.own, cache="fresh").ask(QUESTION)
    assert fresh.notices == ()
    again = assistant.ask(QUESTION)
    assert (len(server.requests), again.text) == (2, fresh.text)


# What is never kept


@pytest.mark.parametrize(
    "reply",
    [
        Reply(("Israel re",), cut=True),
        Reply(("Israel rejected the",), finish="length"),
        Reply(("Israel rejected the",), finish="content_filter"),
        Reply(("",)),
        Reply(status=500),
    ],
    ids=["cut", "length", "filtered", "empty", "500"],
)
def test_what_is_not_whole_is_not_kept(
    server: ScriptedServer, assistant: Assistant, reply: Reply
) -> None:
    server.replies += [reply, Reply(REPLY)]
    assistant.ask(QUESTION)
    answer = assistant.ask(QUESTION)
    assert answer.text.startswith("Israel rejected the proposal on Thursday.")
    assert "cached" not in {notice.kind for notice in answer.notices}
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("end", "kept"),
    [
        ({"finish_reason": "stop"}, True),
        ({"stop_reason": "end_turn"}, True),
        ({"finish_reason": "STOP"}, True),
        ({"status": "completed"}, True),
        ({"done_reason": "stop"}, True),
        ({"finish_reason": "length"}, False),
        ({"stop_reason": "max_tokens"}, False),
        ({"status": "incomplete"}, False),
        ({"finish_reason": "SAFETY"}, False),
        ({"finish_reason": "something new"}, False),
        ({"model_name": "m"}, False),
    ],
    ids=str,
)
async def test_what_a_provider_says_of_the_end_decides(
    library: Library, end: dict[str, str], kept: bool
) -> None:
    library.add(ARTICLES[0])
    (article,) = library.articles()
    passage = library.passages(article.id)[0]
    found = Evidence(Query(QUESTION), (Source(1, Hit(passage, 1.0), article),))
    chunks = [
        AIMessageChunk(content="", additional_kwargs={"reasoning_content": "Hm."}),
        AIMessageChunk(content=[{"type": "text", "text": "Israel.", "index": 0}]),
        AIMessageChunk(content="", response_metadata=end),
    ]

    async def stream() -> AsyncGenerator[Any, None]:
        for chunk in chunks:
            yield chunk

    def memory() -> Memory:
        return Memory(Settings(), AnswerCache(library), found, [("human", "Who?")])

    new = memory()
    assert await new.recall() is None
    assert [chunk async for chunk in new.noted(stream())] == chunks
    await new.keep()
    assert new.told.notices == ()
    again = memory()
    recalled = await again.recall()
    assert (recalled is not None) == kept
    if recalled is not None:
        assert [chunk async for chunk in recalled] == chunks
        assert again.told.cost == 0.0


async def test_a_cancelled_answer_is_not_kept(server: ScriptedServer, assistant: Assistant) -> None:
    server.say(*REPLY)
    async with aclosing(assistant.stream(QUESTION)) as events:
        async for event in events:
            if isinstance(event, Token):
                break
    assert (await assistant.aask(QUESTION)).notices == ()
    assert len(server.requests) == 2


def test_the_key_is_in_no_file(server: ScriptedServer, assistant: Assistant) -> None:
    server.say(*REPLY)
    assistant.ask(QUESTION)
    assert traces(assistant.own.folder, "the proposal") != []
    assert traces(assistant.own.folder, KEY) == []


def test_a_question_made_of_unknown_answers_is_not_kept(
    server: ScriptedServer, assistant: Assistant
) -> None:
    server.say("Who rejected the truce proposal?")
    server.say(*REPLY)
    assistant.ask("And who rejected it?", history=[("Who proposed the truce?", "France")])
    assert not (assistant.own.folder / FILE).exists()


# Removed articles


def test_a_removed_article_takes_its_replies_along(
    server: ScriptedServer, assistant: Assistant
) -> None:
    library = assistant.own
    library.add([Article(f"Pier {n} burnt.", key=f"p{n}") for n in range(9)])
    server.say(*REPLY)
    server.say("Pier 3 burnt [1].")
    one = with_settings(server, library, passages=1)
    one.ask(QUESTION)
    one.ask("Which pier burnt?")
    assert rows(library) == 2
    library.remove(ARTICLES[0].id)
    one.ask("Which pier burnt?")
    assert (rows(library), len(server.requests)) == (1, 2)
    assert b"on Thursday" not in (library.folder / FILE).read_bytes()


def test_a_follow_up_goes_with_what_it_was_made_from(
    server: ScriptedServer, assistant: Assistant
) -> None:
    cache = AnswerCache(assistant.own)
    talk = Conversation(with_settings(server, assistant.own, passages=1))
    server.say("The United States and France proposed a truce [1].")
    talk.ask("Who proposed the truce?")
    server.replies[:] = [Reply(("How many people expect the organisers in Tyre?",))]
    server.say("Organisers expect 400 people [1].")
    answer = talk.ask("And how many people do they expect?")
    assert [citation.title for citation in answer.citations] == ["Rally"]
    assert rows(assistant.own) == 2
    assistant.own.remove(ARTICLES[0].id)
    cache.get("none")
    assert rows(assistant.own) == 0


def test_what_was_removed_while_the_model_wrote_is_not_kept(library: Library) -> None:
    library.add(ARTICLES)
    cache, names = AnswerCache(library), [article.id for article in ARTICLES]
    cache.put("a", [{"content": "Rain."}], names)
    library.remove(names[0])
    cache.put("b", [{"content": "Rain."}], names)
    cache.put("c", [{"content": "Rain."}], names[1:])
    assert [cache.get(key) is not None for key in "abc"] == [False, False, True]


def test_a_purge_leaves_nothing_of_it(server: ScriptedServer, assistant: Assistant) -> None:
    library = assistant.own
    server.say("Israel rejected the proposal [1]. Quvexalitor zbrunklewe came [1].")
    for question in (QUESTION, "Who rejected the French proposal?"):
        assistant.ask(question)
    assert traces(library.folder, "Quvexalitor") == [FILE]
    library.remove(ARTICLES[0].id)
    library.purge()
    assert traces(library.folder, "Quvexalitor") == []
    assert rows(library) == 0
    assistant.ask("Who holds the rally in Tyre?")
    assert rows(library) == 1


def test_a_purge_empties_any_cache_beside_the_catalogue(library: Library) -> None:
    library.add(ARTICLES)
    path = library.folder / 'other "one".cache.sqlite3'
    with closing(sqlite3.connect(path)) as db:
        db.executescript(
            'PRAGMA journal_mode = WAL; CREATE TABLE "a ""b" (x); CREATE TABLE c (x);'
            "INSERT INTO \"a \"\"b\" VALUES ('Quvexalitor'); INSERT INTO c VALUES ('Quvexalitor');"
        )
        library.purge()
        assert traces(library.folder, "Quvexalitor") == []
        assert db.execute("SELECT count(*) FROM c").fetchone() == (0,)
    (library.folder / "broken.cache.sqlite3").write_bytes(b"Quvexalitor" * 500)
    library.purge()
    assert not (library.folder / "broken.cache.sqlite3").exists()


def test_a_cache_that_cannot_be_emptied_is_named(tmp_path: Path) -> None:
    library = Library.open(tmp_path / "store", embedding=FakeEmbedder(), patience=0.1)
    library.add(ARTICLES)
    path = library.folder / "other.cache.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.executescript("PRAGMA journal_mode = WAL; CREATE TABLE c (x); BEGIN;")
        db.execute("SELECT * FROM c").fetchall()
        with closing(sqlite3.connect(path)) as other, other:
            other.execute("INSERT INTO c VALUES ('Quvexalitor')")
        with pytest.raises(StoreBusyError, match=r"other\.cache\.sqlite3.*assistant purge"):
            library.purge()
    library.purge()
    assert traces(library.folder, "Quvexalitor") == []
    library.close()


# The file


def test_the_oldest_unused_go_first(library: Library) -> None:
    library.add(ARTICLES)
    names = [ARTICLES[0].id]
    piece = [{"content": "x" * 1_000}]
    cache = AnswerCache(library, most=3_500)
    for key in "abc":
        cache.put(key, piece, names)
    assert cache.get("a")
    cache.put("d", piece, names)
    assert [key for key in "abcd" if cache.get(key)] == ["a", "c", "d"]
    cache.put("e", [{"content": "x" * 4_000}], names)
    assert cache.get("e") is None


def test_a_reply_comes_back_as_it_was_with_its_time(library: Library) -> None:
    library.add(ARTICLES)
    then = datetime(2026, 11, 22, 9, 12, tzinfo=UTC)
    cache = AnswerCache(library, clock=lambda: then)
    pieces: list[dict[str, Any]] = [
        {"content": "Ж\ud800\x00"},
        {"additional_kwargs": {"reasoning_content": "…"}},
    ]
    cache.put("a", pieces, [ARTICLES[0].id])
    kept = cache.get("a")
    assert kept is not None
    assert (kept.pieces, kept.made) == (pieces, then)
    cache.put("b", [{"additional_kwargs": {"of a provider": object()}}], [ARTICLES[0].id])
    assert cache.get("b") is None


def test_a_cache_that_cannot_be_used_costs_no_answer(
    server: ScriptedServer, assistant: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    server.say(*REPLY)
    path = assistant.own.folder / FILE
    path.write_bytes(b"no database" * 1_000)
    with caplog.at_level(logging.INFO, "assistant"):
        assert assistant.ask(QUESTION).answered_by == "m"
    assert "cannot be used (file is not a database)" in caplog.text
    assistant.ask(QUESTION)
    assert assistant.ask(QUESTION).notices[0].kind == "cached"
    path.unlink()
    path.mkdir()
    assert assistant.ask(QUESTION).answered_by == "m"


def test_a_reply_that_another_version_kept_is_asked_anew(
    server: ScriptedServer, assistant: Assistant
) -> None:
    server.say(*REPLY)
    assistant.ask(QUESTION)
    for broken in ("[{]", '[{"content": {"no": "text"}}]', "[7]", "{}"):
        with closing(sqlite3.connect(assistant.own.folder / FILE)) as db, db:
            db.execute("UPDATE replies SET pieces = ?", (broken,))
        answer = assistant.ask(QUESTION)
        assert (answer.answered_by, answer.notices) == ("m", ())


def test_many_may_use_it_at_once(library: Library, caplog: pytest.LogCaptureFixture) -> None:
    library.add(ARTICLES)
    other = Library.open(library.folder, embedding=FakeEmbedder())
    wrong: list[object] = []

    def work(cache: AnswerCache) -> None:
        for number in range(8):
            pieces = [{"content": f"{number} " * 50}]
            cache.put(str(number), pieces, [ARTICLES[0].id])
            kept = cache.get(str(number))
            if kept is None or kept.pieces != pieces:
                wrong.append(kept)

    with caplog.at_level(logging.INFO, "assistant"):
        threads = [
            threading.Thread(target=work, args=(AnswerCache(shelf),))
            for shelf in (library, library, other, other)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (wrong, caplog.text) == ([], "")
    other.close()


def test_the_command(
    server: ScriptedServer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cli = Cli(tmp_path, capsys)
    cli.open().add(ARTICLES)
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    monkeypatch.setenv("ASSISTANT_CACHE", "1")
    server.say(*REPLY)
    cli("ask", QUESTION)
    assert "Note: The model's words are those of " in cli("ask", QUESTION)[1]
    assert "Note:" not in cli("ask", QUESTION, "--fresh")[1]
    assert len(server.requests) == 2
    monkeypatch.setenv("ASSISTANT_CACHE", "perhaps")
    assert "ASSISTANT_CACHE" in cli.fails("ask", QUESTION)[1]
    monkeypatch.delenv("ASSISTANT_CACHE")
    cli("ask", QUESTION, "--fresh")
    assert len(server.requests) == 3


def test_nothing_is_kept_of_the_built_in_reader(library: Library) -> None:
    library.add(ARTICLES)
    answer: Answer = Assistant(Settings(cache=True), library).ask(QUESTION)
    assert answer.answered_by == "keyless"
    assert not (library.folder / FILE).exists()
