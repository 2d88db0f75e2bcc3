"""Every fault of a model's server, over real HTTP, and what the person then reads."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import socket
import traceback
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from helpers import RALLY, TRUCE, evidence
from langchain_core.messages import AIMessageChunk
from openai_server import Reply, ScriptedServer, scripted_server

from assistant import Settings
from assistant.checking import Checker
from assistant.errors import ModelError
from assistant.faults import explain
from assistant.model import ModelAnswerer
from assistant.reply import Reply as Read
from assistant.resilient import Resilient
from assistant.state import Draft, Evidence
from assistant.thoughts import Said
from assistant.types import Answer, Done, Event, Restarted

DOC = Path(__file__).parent.parent / "docs" / "FAULTS.md"
KEY = "sk-secret-key-of-the-test"
EVIDENCE = evidence(TRUCE, RALLY)
SAID = "Israel rejected the proposal"

NOT_ANSWERED = "The model did not answer: {}. The built-in reader answered."
BROKEN_OFF = "The model's answer broke off: {}. The built-in reader answered."
CUT_OFF = "The model's reply was cut off; its last, unfinished sentence is left out."


@dataclass(frozen=True)
class Case:
    """A fault: what happens, the line that is shown, and whether the model is asked again."""

    what: str
    shown: str
    reply: Reply
    again: bool = False
    settings: dict[str, Any] = field(default_factory=dict)


def stream(*data: str) -> list[bytes]:
    return [f"data: {line}\n\n".encode() for line in data]


def chunk(text: str) -> str:
    delta = {"index": 0, "delta": {"content": text}}
    return json.dumps({"id": "1", "choices": [delta]}, ensure_ascii=False)


def failing(**error: Any) -> str:
    return json.dumps({"error": {"message": f"{KEY} {TRUCE}", **error}})


FAULTS = [
    Case(
        "No word within the time",
        NOT_ANSWERED.format("HOST did not answer within 0.4 s; ASSISTANT_TIMEOUT sets the time"),
        Reply(wait=30),
        settings={"timeout": 0.4},
    ),
    Case(
        "Nothing more after the first words",
        BROKEN_OFF.format("HOST sent nothing more for 0.2 s; ASSISTANT_STALL sets the time"),
        Reply((f"{SAID} ",), stall=30),
        settings={"stall": 0.2},
    ),
    Case(
        "The connection is closed instead of an answer",
        NOT_ANSWERED.format("HOST closed the connection too early"),
        Reply(reset=True),
        again=True,
    ),
    Case(
        "The connection is closed before the first word",
        NOT_ANSWERED.format("HOST closed the connection too early"),
        Reply(("",), cut=True),
        again=True,
    ),
    Case(
        "The connection is closed in the middle",
        BROKEN_OFF.format("HOST closed the connection too early"),
        Reply((f"{SAID} ",), cut=True),
    ),
    Case(
        "The connection breaks in the middle",
        BROKEN_OFF.format("HOST closed the connection too early"),
        Reply((f"{SAID} ",), reset=True),
    ),
    Case(
        "400 that names a setting",
        NOT_ANSWERED.format("HOST does not take the setting 'temperature' (400)"),
        Reply(status=400, error={"param": "temperature", "code": "unsupported_value"}),
    ),
    Case(
        "Any other 4xx",
        NOT_ANSWERED.format("HOST did not take the request (422); check ASSISTANT_MODEL"),
        Reply(status=422),
    ),
    Case(
        "401, 403",
        NOT_ANSWERED.format("HOST refused the key (401); check OPENAI_API_KEY"),
        Reply(status=401, error={"code": "invalid_api_key"}),
    ),
    Case(
        "402, or 429 with `insufficient_quota`",
        NOT_ANSWERED.format("HOST has no quota left for this key (429); check your plan there"),
        Reply(status=429, error={"code": "insufficient_quota"}),
    ),
    Case(
        "404",
        NOT_ANSWERED.format(
            "HOST knows no model 'MODEL' (404); check ASSISTANT_MODEL and the address"
        ),
        Reply(status=404, error={"code": "model_not_found"}),
    ),
    Case(
        "408",
        NOT_ANSWERED.format("HOST gave up waiting (408); try again later"),
        Reply(status=408),
        again=True,
    ),
    Case(
        "413, or 400 with `context_length_exceeded`",
        NOT_ANSWERED.format(
            "HOST takes fewer words than were sent (413); lower ASSISTANT_PASSAGES"
        ),
        Reply(status=413),
        again=True,
    ),
    Case(
        "429",
        NOT_ANSWERED.format("HOST takes no more requests now (429); wait, or check your quota"),
        Reply(status=429),
        again=True,
    ),
    Case(
        "429 that asks to wait longer than the time",
        NOT_ANSWERED.format("HOST takes no more requests now (429); wait, or check your quota"),
        Reply(status=429, headers={"Retry-After": "3600"}),
    ),
    Case(
        "5xx",
        NOT_ANSWERED.format("HOST failed with status 500; try again later"),
        Reply(status=500),
        again=True,
    ),
    Case(
        "502 with a proxy's page",
        NOT_ANSWERED.format("HOST failed with status 502; try again later"),
        Reply(status=502, body=b"<html>Bad gateway</html>", content_type="text/html"),
        again=True,
    ),
    Case(
        "503, 529",
        NOT_ANSWERED.format("HOST is overloaded (529); try again later"),
        Reply(status=529),
        again=True,
    ),
    Case(
        "A redirection, to wherever",
        NOT_ANSWERED.format(
            "HOST sends requests elsewhere (307), which was not followed; check OPENAI_BASE_URL"
        ),
        Reply(status=307, headers={"Location": "http://127.0.0.1:9/v1/chat/completions"}),
    ),
    Case(
        "A page (of a proxy's login) instead of an answer",
        NOT_ANSWERED.format("HOST sent something that is no model's answer; check OPENAI_BASE_URL"),
        Reply(body=b"<html><form>Log in</form></html>", content_type="text/html"),
    ),
    Case(
        "JSON of another kind",
        NOT_ANSWERED.format("HOST sent something that is no model's answer; check OPENAI_BASE_URL"),
        Reply(garbage=True),
    ),
    Case(
        "204 without content",
        NOT_ANSWERED.format("HOST sent something that is no model's answer; check OPENAI_BASE_URL"),
        Reply(status=204, body=b""),
    ),
    Case(
        "A line of the stream that is no JSON",
        BROKEN_OFF.format("HOST sent something that is no model's answer; check OPENAI_BASE_URL"),
        Reply(lines=stream(chunk(f"{SAID} "), '{"id": "1", "choi')),
    ),
    Case(
        "A stream in another encoding",
        BROKEN_OFF.format("HOST sent something that is no model's answer; check OPENAI_BASE_URL"),
        Reply(lines=[*stream(chunk(f"{SAID} ")), f"data: {chunk('Ø')}\n\n".encode("latin-1")]),
    ),
    Case(
        "An error inside the stream",
        BROKEN_OFF.format("HOST failed; try again later"),
        Reply(lines=stream(chunk(f"{SAID} "), failing(type="server_error"))),
    ),
    Case(
        "An error at the beginning of the stream",
        NOT_ANSWERED.format("HOST takes no more requests now (429); wait, or check your quota"),
        Reply(lines=stream(failing(code=429))),
        again=True,
    ),
    Case(
        "An empty reply, or white space only",
        NOT_ANSWERED.format("the model 'MODEL' gave an empty reply"),
        Reply(("\n ", " \n\n")),
        again=True,
    ),
    Case(
        "The same words again and again",
        BROKEN_OFF.format("the model 'MODEL' repeated itself without end"),
        Reply(("Israel rejected it. ",), endless=True),
    ),
    Case(
        "A refusal that the server names",
        NOT_ANSWERED.format("the model 'MODEL' declined to answer"),
        Reply(("I will not.",), delta="refusal"),
    ),
    Case(
        "A refusal in words",
        BROKEN_OFF.format("the model 'MODEL' declined to answer"),
        Reply(("I'm sorry, but I can't ", "assist with that request.")),
    ),
    Case(
        "400 of a content filter (Azure)",
        NOT_ANSWERED.format("HOST held the answer back (400): its content filter objects"),
        Reply(status=400, error={"code": "content_filter", "innererror": {"code": "x"}}),
    ),
    Case(
        "An answer that a content filter ends",
        BROKEN_OFF.format("HOST held the answer back: its content filter objects"),
        Reply((f"{SAID} ",), finish="content_filter"),
    ),
    Case(
        "A limit of tokens before the first sentence ends",
        BROKEN_OFF.format(
            "the model 'MODEL' was cut off before its first sentence ended; it may need a higher"
            " limit of tokens"
        ),
        Reply((SAID,), finish="length"),
    ),
    Case(
        "A day's budget that does not allow the call",
        "The model was not asked: today's budget of 9 tokens does not allow it (0 spent, up to"
        " NUMBER more needed); ASSISTANT_BUDGET_TOKENS sets it. The built-in reader answered.",
        Reply((f"{SAID} [1].",)),
        settings={"budget_tokens": 9},
    ),
    Case(
        "A budget in dollars, and no known price",
        "The model was not asked: the price of 'MODEL' is unknown, so that the budget cannot be"
        " kept; set ASSISTANT_PRICE_INPUT and ASSISTANT_PRICE_OUTPUT, in US dollars per million"
        " tokens. The built-in reader answered.",
        Reply((f"{SAID} [1].",)),
        settings={"budget_cost": 1.0},
    ),
]


class Keyless:
    """Stands for the built-in reader."""

    name = "keyless"

    async def draft(self, evidence: Evidence) -> AsyncGenerator[Draft, None]:
        yield Draft(text=f"{SAID} on Thursday.", cites=(1,), whole=True, answered_by="keyless")


class Pauses:
    """Stands for the clock that is waited by."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with scripted_server() as script:
        yield script


@pytest.fixture(scope="module", autouse=True)
def _imported() -> None:
    """What a first call imports is no part of the times below."""
    import langchain_openai  # noqa: F401


def settings_for(server: ScriptedServer, **values: Any) -> Settings:
    chosen = {"model": "test-model", "timeout": 60, "retries": 1, **values}
    return Settings(base_url=server.url, api_key=KEY, **chosen)


async def events_of(
    settings: Settings, pauses: Pauses | None = None, *, strict: bool = False
) -> AsyncGenerator[Event, None]:
    resilient = Resilient(
        ModelAnswerer(settings), Keyless(), settings.timeout, settings.retries, pauses or Pauses()
    )

    async def drafts() -> AsyncGenerator[Draft, None]:
        yield Draft(evidence=EVIDENCE)
        async with aclosing(resilient.draft(EVIDENCE)) as pieces:
            async for piece in pieces:
                yield piece

    async for event in Checker(strict=strict).events(drafts()):
        yield event


def answered(settings: Settings, pauses: Pauses | None = None) -> tuple[Answer, list[Event]]:
    async def collect() -> list[Event]:
        return [event async for event in events_of(settings, pauses)]

    events = asyncio.run(collect())
    assert isinstance(events[-1], Done)
    return events[-1].answer, events


def anonymous(text: str) -> str:
    plain = text.replace("127.0.0.1", "HOST").replace("test-model", "MODEL")
    return re.sub(r"up to [\d,]+ more", "up to NUMBER more", plain)


@pytest.mark.parametrize("case", FAULTS, ids=[case.what for case in FAULTS])
def test_a_fault_is_told_in_one_line_and_another_answer_follows(
    server: ScriptedServer, caplog: pytest.LogCaptureFixture, case: Case
) -> None:
    for name in ("assistant", "index", "prompts"):
        caplog.set_level(logging.DEBUG, logger=name)
    server.replies.append(case.reply)
    answer, events = answered(settings_for(server, **case.settings))
    (notice,) = answer.notices
    assert anonymous(notice.text) == case.shown
    assert notice.kind == "fallback"
    assert (answer.answered_by, answer.text) == ("keyless", f"{SAID} on Thursday. [1]")
    assert sum(isinstance(event, Restarted) for event in events) == 1
    assert (len(server.requests) > 1) is case.again
    assert KEY not in caplog.text
    assert "21 days" not in caplog.text


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=401),
        Reply(status=429),
        Reply(status=500),
        Reply(lines=stream(failing(code="x"))),
        Reply(lines=stream(f"{KEY} {TRUCE}")),
        Reply(body=f"{KEY} {TRUCE}".encode()),
    ],
    ids=["401", "429", "500", "error in the stream", "no JSON in the stream", "no JSON"],
)
def test_no_error_holds_what_the_server_repeats(server: ScriptedServer, reply: Reply) -> None:
    async def drafted() -> None:
        async for _ in ModelAnswerer(settings_for(server)).draft(EVIDENCE):
            pass

    server.replies.append(reply)
    with pytest.raises(ModelError) as caught:
        asyncio.run(drafted())
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert KEY not in shown
    assert "21 days" not in shown
    assert "\n" not in str(caught.value)


def test_what_the_server_says_is_logged_on_request_without_the_key(
    server: ScriptedServer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_DEBUG", "1")
    server.replies.append(Reply(status=401))
    answered(settings_for(server))
    assert "scripted: Bearer …" in caplog.text
    assert KEY not in caplog.text


def test_the_document_tells_what_happens() -> None:
    rows = [f"| {case.what} | {case.shown} | {'yes' if case.again else 'no'} |" for case in FAULTS]
    assert [
        line for line in DOC.read_text().splitlines() if line.endswith(("| yes |", "| no |"))
    ] == (rows)


def test_a_redirection_is_not_followed_to_another_host(server: ScriptedServer) -> None:
    with scripted_server() as other:
        other.say(f"{SAID} [1].")
        place = {"Location": f"{other.url}/chat/completions".replace("127.0.0.1", "localhost")}
        for status in (302, 307):
            server.replies[:] = [Reply(status=status, headers=place)]
            assert answered(settings_for(server))[0].answered_by == "keyless"
        assert other.requests == []


@pytest.mark.parametrize(
    ("reply", "seconds"),
    [
        (Reply(status=429, headers={"Retry-After": "7"}), 7.0),
        (Reply(status=503, headers={"Retry-After": "0.5"}), 0.5),
        (Reply(status=429, headers={"retry-after-ms": "250", "Retry-After": "1"}), 0.25),
    ],
    ids=["seconds", "half a second", "milliseconds"],
)
def test_it_waits_as_long_as_the_server_asks(
    server: ScriptedServer, reply: Reply, seconds: float
) -> None:
    server.replies += [reply, Reply((f"{SAID} [1].",))]
    pauses = Pauses()
    answer, _ = answered(settings_for(server), pauses)
    assert (answer.answered_by, answer.notices, pauses.seconds) == ("test-model", (), [seconds])


def test_a_date_to_wait_for_counts_from_now() -> None:
    import httpx2
    import openai

    when = formatdate(1_000_030, usegmt=True)
    request = httpx2.Request("POST", "http://x.example")
    reply = httpx2.Response(429, headers={"Retry-After": when}, request=request)
    error = openai.RateLimitError("x", response=reply, body=None)
    assert explain(error, Settings(api_key=KEY), now=1_000_000).wait == 30.0
    assert explain(error, Settings(api_key=KEY), now=2_000_000).wait == 0.0


def test_pauses_grow_and_end_with_the_tries(server: ScriptedServer) -> None:
    server.replies.append(Reply(status=500))
    pauses = Pauses()
    answered(settings_for(server, retries=3), pauses)
    assert len(server.requests) == 4
    first, second, third = pauses.seconds
    assert 0.375 <= first <= 0.625 < 0.75 <= second <= 1.25 < 1.5 <= third <= 2.5


def test_a_try_after_a_fault_leaves_no_trace(server: ScriptedServer) -> None:
    server.replies += [Reply(status=500), Reply(reset=True), Reply((f"{SAID} [1].",))]
    answer, _ = answered(settings_for(server, retries=2))
    assert (answer.answered_by, answer.notices) == ("test-model", ())
    assert answer.text == f"{SAID}. [1]"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=413),
        Reply(status=400, error={"code": "context_length_exceeded"}),
        Reply(status=400, error={"type": "exceed_context_size_error"}),
    ],
    ids=["413", "OpenAI", "llama.cpp"],
)
def test_too_many_passages_are_halved(server: ScriptedServer, reply: Reply) -> None:
    server.replies += [reply, Reply((f"{SAID} [1].",))]
    answer, _ = answered(settings_for(server, retries=0))
    assert answer.answered_by == "test-model"
    assert [notice.kind for notice in answer.notices] == ["window"]
    assert "the best 1 of 2 passages" in answer.notices[0].text
    first, second = (str(request["messages"]) for request in server.requests)
    assert "Organisers expect" in first
    assert "Organisers expect" not in second


def test_whole_sentences_of_a_cut_off_reply_are_kept(server: ScriptedServer) -> None:
    server.replies.append(
        Reply((f"{SAID} [1]. Organisers expect 400 people [2]. The 28",), finish="length")
    )
    answer, _ = answered(settings_for(server))
    assert answer.text == f"{SAID}. [1] Organisers expect 400 people. [2]"
    assert [(n.kind, n.text) for n in answer.notices] == [("cut_off", CUT_OFF)]


def test_an_endless_reply_is_cut_off_and_its_connection_closed(server: ScriptedServer) -> None:
    pieces = (f"{'-'.join(f'word{n * k}' for k in range(99))}. " for n in range(100))
    server.replies.append(Reply((f"{SAID} [1]. ", *pieces), endless=True))
    answer, _ = answered(settings_for(server))
    assert answer.claims[0].status == "supported"
    assert [notice.kind for notice in answer.notices] == ["cut_off"]
    assert len(answer.text) < 25_000
    assert answer.text.endswith(".")
    assert server.gone.wait(10)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "reply",
    [
        Reply((f"{SAID} [1].",), content_type="text/plain"),
        Reply(([{"type": "text", "text": f"{SAID} "}], [{"type": "text", "text": "[1]."}])),
        Reply((f"{SAID} ", "[1]."), usage_each=True),
        Reply((f"{SAID} ", "", "[1]."), usage=None),
    ],
    ids=["another content type", "a list in place of text", "usage again and again", "no usage"],
)
def test_other_servers_are_read_too(server: ScriptedServer, reply: Reply) -> None:
    server.replies.append(reply)
    answer, _ = answered(settings_for(server))
    assert (answer.text, answer.notices) == (f"{SAID}. [1]", ())
    assert answer.usage["total_tokens"] == 18 or answer.usage["estimated_tokens"] > 18


def test_what_is_odd_but_readable_is_read(server: ScriptedServer) -> None:
    odd = [b": keep-alive\n\n", b"nonsense\n\n", b"\n\n"]
    end = '{"id": "1", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}'
    server.replies.append(
        Reply(lines=[*odd, *stream(chunk(f"{SAID} [1].")), *odd, *stream(end, "[DONE]")])
    )
    answer, _ = answered(settings_for(server))
    assert (answer.text, answer.notices) == (f"{SAID}. [1]", ())


async def pieces_of(chunks: AsyncGenerator[Any, None], **values: Any) -> list[Draft]:
    deadline = values.pop("deadline", None)
    reply = Read(Settings(**values), 2, lambda chunk: Said(str(chunk.content)))
    return [piece async for piece in reply.pieces(chunks, deadline)]


async def chunks_of(*chunks: Any) -> AsyncGenerator[Any, None]:
    """LangChain's chunks, and then nothing more."""
    for one in chunks:
        yield one
    await asyncio.Event().wait()


async def test_a_reply_that_has_ended_is_not_waited_for() -> None:
    said = AIMessageChunk(content=f"{SAID} [1].")
    end = AIMessageChunk(content="", response_metadata={"finish_reason": "stop"})
    pieces = await pieces_of(chunks_of(said, end))
    assert "".join(piece.text for piece in pieces) == f"{SAID}."


async def test_the_deadline_holds_in_the_middle_of_an_answer() -> None:
    deadline = asyncio.get_running_loop().time() + 0.2
    with pytest.raises(ModelError, match="no whole answer within") as caught:
        await pieces_of(chunks_of(AIMessageChunk(content=f"{SAID} ")), deadline=deadline)
    assert caught.value.kind == "slow"


async def test_what_says_nothing_new_does_not_count_as_life() -> None:
    async def dripping() -> AsyncGenerator[Any, None]:
        yield AIMessageChunk(content=f"{SAID} ")
        while True:
            await asyncio.sleep(0.01)
            yield AIMessageChunk(content="")

    with pytest.raises(ModelError, match="nothing more"):
        await pieces_of(dripping(), stall=0.1)


@pytest.mark.parametrize(
    ("metadata", "kind"),
    [
        ({"stop_reason": "max_tokens"}, "cut_off"),
        ({"finish_reason": "SAFETY"}, "filtered"),
        ({"stop_reason": "refusal"}, "filtered"),
        ({"finish_reason": "error"}, "dropped"),
        (
            {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}},
            "cut_off",
        ),
        ({"status": "incomplete", "incomplete_details": {"reason": "content_filter"}}, "filtered"),
    ],
)
async def test_providers_end_a_reply_in_their_own_words(
    metadata: dict[str, Any], kind: str
) -> None:
    async def ending() -> AsyncGenerator[Any, None]:
        yield AIMessageChunk(content="Israel ")
        yield AIMessageChunk(content="", response_metadata=metadata)

    with pytest.raises(ModelError) as caught:
        await pieces_of(ending())
    assert caught.value.kind == kind


def raised(name: str, *bases: type, **values: Any) -> Exception:
    """An error as another provider's library may raise it."""
    error: Exception = type(name, bases or (Exception,), {})("said the server")
    for key, value in values.items():
        setattr(error, key, value)
    return error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (TimeoutError(), "timeout"),
        (ConnectionRefusedError(), "unreachable"),
        (raised("ReadTimeout", raised("TimeoutException").__class__), "timeout"),
        (raised("ConnectTimeout", raised("TimeoutException").__class__), "unreachable"),
        (raised("RemoteProtocolError", raised("ProtocolError").__class__), "dropped"),
        (raised("UnsupportedProtocol"), "unreachable"),
        (raised("LocalProtocolError", raised("ProtocolError").__class__), "key"),
        (raised("OverloadedError", status_code=529), "server"),
        (raised("ResourceExhausted", code=429), "rate"),
        (raised("HTTPStatusError", response=raised("Response", status_code=404)), "not_found"),
        (raised("ContextOverflowError"), "too_long"),
        (raised("BadRequest", status_code=400, body={"error": {"type": "x"}}), "rejected"),
        (raised("ClientError", status_code=402), "quota"),
        (raised("PermissionDenied", status_code=403), "key"),
        (raised("Unavailable", status_code=503), "server"),
        (ImportError("pip install langchain-nobody"), "unusable"),
        (ValueError("No generation chunks were returned"), "unreadable"),
        (ModelError("as it is", "empty"), "empty"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_errors_of_any_library_are_told_apart(error: Exception, kind: str) -> None:
    found = explain(error, Settings(api_key=KEY))
    assert (found.kind, "\n" in str(found)) == (kind, False)
    assert "said the server" not in str(found)


def test_a_server_that_is_not_there() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    pauses = Pauses()
    settings = Settings(base_url=f"http://127.0.0.1:{port}/v1", retries=2)
    answer, _ = answered(settings, pauses)
    assert "127.0.0.1 cannot be reached" in answer.notices[0].text
    assert len(pauses.seconds) == 2


def test_an_address_that_is_none() -> None:
    answer, _ = answered(Settings(base_url="nonsense", api_key=KEY, retries=0))
    assert "check OPENAI_BASE_URL" in answer.notices[0].text


def test_a_key_that_cannot_be_sent(server: ScriptedServer) -> None:
    settings = Settings(base_url=server.url, api_key=f"{KEY}\n", model="m", retries=0)
    answer, _ = answered(settings)
    assert "check OPENAI_API_KEY" in answer.notices[0].text
    assert KEY not in str(answer.notices)
