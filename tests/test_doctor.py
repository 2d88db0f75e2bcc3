"""The doctor finds what is broken, says what to do, and breaks on nothing."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from conftest import FakeEmbedder

from assistant.doctor import Check, examine
from assistant.errors import ReaderError
from assistant.reader import Reader
from assistant.settings import Settings
from index import Article, Library
from index.gate import Gate

SECRET = "sk-very-secret"


class OtherEmbedder(FakeEmbedder):
    fingerprint = "other 64"


class FakeReader(Reader):
    """Has no files; `wrong` is what is wrong with them."""

    threshold = 0.45

    def __init__(self, wrong: str = "") -> None:
        self.wrong = wrong

    def check(self) -> None:
        if self.wrong:
            raise ReaderError(self.wrong)


class ModelServer:
    """Answers every GET with the reply it was given, and keeps what it was asked."""

    def __init__(self) -> None:
        self.status, self.body = 200, '{"data": [{"id": "tiny"}, {"id": "big"}]}'
        self.asked: list[tuple[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append((self.path, self.headers.get("Authorization", "")))
                self.send_response(outer.status)
                self.end_headers()
                self.wfile.write(outer.body.encode())

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def server() -> Iterator[ModelServer]:
    running = ModelServer()
    yield running
    running.server.shutdown()
    running.server.server_close()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A store with one article."""
    folder = tmp_path / "store"
    library = Library.open(folder, embedding=FakeEmbedder())
    library.add(Article("Rain fell on Ilvane. The harbour closed.", title="Rain", key="rain"))
    library.close()
    return folder


def found(
    name: str,
    settings: Settings,
    model: FakeEmbedder | None = None,
    reader: Callable[[], Reader] = FakeReader,
) -> Check:
    checks = list(examine(settings, model or FakeEmbedder(), reader))
    assert all(check.text and "\n" not in check.text for check in checks)
    assert SECRET not in str(checks)
    return next(check for check in checks if check.name == name)


def test_a_machine_without_a_store_has_no_problem_and_none_is_made(tmp_path: Path) -> None:
    settings = Settings(store=str(tmp_path / "none"))
    checks = list(examine(settings, FakeEmbedder(), FakeReader))
    assert {check.state for check in checks} == {"ok"}
    assert not (tmp_path / "none").exists()
    assert not settings.samples_store.exists()


def test_a_good_store_is_counted_and_compared(place: Path) -> None:
    settings = Settings(store=str(place))
    assert found("catalogue", settings).text.startswith("1 article, 1 passage,")
    assert found("vector index", settings) == Check(
        "vector index", "ok", "agrees with the catalogue"
    )
    assert found("lock", settings).state == "ok"


def test_a_store_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    check = found("store", Settings(store=str(tmp_path / "file")))
    assert check.state == "problem"
    assert "ASSISTANT_STORE" in check.text


def test_a_newer_schema(place: Path) -> None:
    with sqlite3.connect(place / "catalogue.sqlite3") as db:
        db.execute("PRAGMA user_version = 99")
    check = found("library", Settings(store=str(place)))
    assert check.state == "problem"
    assert "schema version 99" in check.text


def test_a_catalogue_that_is_no_database(place: Path) -> None:
    (place / "catalogue.sqlite3").write_bytes(b"rubbish" * 1000)
    assert found("library", Settings(store=str(place))).state == "problem"


def test_another_embedding_model(place: Path) -> None:
    settings = Settings(store=str(place))
    check = found("embeddings", settings, OtherEmbedder())
    assert check.state == "problem"
    assert "assistant rebuild" in check.text
    assert found("catalogue", settings, OtherEmbedder()).state == "ok"


def test_a_damaged_vector_index(tmp_path: Path, place: Path) -> None:
    moved = place.rename(tmp_path / "moved")  # another place, so that no open client is used
    (moved / "vectors" / "chroma.sqlite3").write_bytes(b"rubbish" * 1000)
    check = found("vector index", Settings(store=str(moved)))
    assert check.state == "problem"
    assert "assistant rebuild" in check.text


def test_a_missing_vector(place: Path) -> None:
    library = Library.open(place, embedding=FakeEmbedder())
    library._store.vectors.delete(
        [p.id for a in library.articles() for p in library.passages(a.id)]
    )
    library.close()
    check = found("vector index", Settings(store=str(place)))
    assert check.state == "warning"
    assert check.text.startswith("passages without a vector: 1; ")


def test_a_held_lock_names_its_holder(place: Path) -> None:
    with Gate(place).exclusive():
        check = found("lock", Settings(store=str(place)))
    assert check.state == "warning"
    assert "(process " in check.text


def test_an_embedding_model_that_cannot_be_loaded() -> None:
    class Broken(FakeEmbedder):
        def encode(self, texts: object) -> object:  # type: ignore[override]
            raise ModuleNotFoundError("No module named 'torch'")

    check = found("embedding model", Settings(), Broken())
    assert check.state == "problem"
    assert "No module named 'torch'" in check.text


@pytest.mark.parametrize(
    ("threshold", "text"),
    [
        (None, "from a confidence of 0.45 (calibrated; ASSISTANT_THRESHOLD sets another)"),
        (0.7, "from a confidence of 0.70 (ASSISTANT_THRESHOLD)"),
        (0.0, "from a confidence of 0.00 (ASSISTANT_THRESHOLD)"),
    ],
)
def test_a_good_reader_and_how_sure_it_must_be(threshold: float | None, text: str) -> None:
    check = found("built-in reader", Settings(threshold=threshold))
    assert (check.state, check.text) == ("ok", f"weights verified, short answers {text}")


def test_a_reader_whose_files_are_changed_or_missing(tmp_path: Path) -> None:
    changed = found("built-in reader", Settings(), reader=lambda: FakeReader("not the shipped"))
    assert changed == Check("built-in reader", "problem", "not the shipped")
    missing = found("built-in reader", Settings(), reader=lambda: Reader(tmp_path))
    assert missing.state == "problem"
    assert "install the project again" in missing.text


def test_looking_at_the_reader_loads_no_model() -> None:
    code = (
        "import sys; from test_doctor import FakeEmbedder, FakeReader, Settings, examine\n"
        "print(len(list(examine(Settings(), FakeEmbedder(), FakeReader))))\n"
        "print([m for m in ('torch', 'onnxruntime') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
    )
    assert done.stdout.splitlines()[1] == "[]"


@pytest.mark.parametrize(
    ("status", "body", "state", "text"),
    [
        (200, '{"data": [{"id": "tiny"}]}', "ok", "tiny at 127.0.0.1, chat completions"),
        (200, '{"data": []}', "warning", "lists no models"),
        (200, '{"data": [{"id": "big"}]}', "problem", "no model 'tiny'; set ASSISTANT_MODEL"),
        (200, "<html>", "warning", "not as OpenAI's API"),
        (200, "[1]", "warning", "not as OpenAI's API"),
        (401, "", "problem", "refuses the key"),
        (404, "", "warning", "lack its /v1"),
        (503, "", "warning", "status 503"),
    ],
)
def test_what_a_model_server_says(
    server: ModelServer, status: int, body: str, state: str, text: str
) -> None:
    server.status, server.body = status, body
    settings = Settings(base_url=server.url, api_key=SECRET, model="tiny")
    check = found("language model", settings)
    assert (check.state, text in check.text) == (state, True), check
    assert server.asked[0] == ("/v1/models", f"Bearer {SECRET}")
    assert {key for _, key in server.asked} == {f"Bearer {SECRET}"}


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"base_url": "http://127.0.0.1:9/v1"}, "cannot reach 127.0.0.1"),
        ({"base_url": "localhost/v1"}, "must look like http"),
        ({"base_url": "http://127.0.0.1:9/v1", "api_key": SECRET + "\n"}, "set OPENAI_API_KEY"),
        ({"base_url": "http://127.0.0.1:9/v1", "api_key": SECRET + "é"}, "set OPENAI_API_KEY"),
    ],
)
def test_a_model_that_cannot_be_asked(values: dict[str, str], text: str) -> None:
    check = found("language model", Settings(**values))
    assert (check.state, text in check.text) == ("problem", True), check


@pytest.mark.parametrize(
    ("model", "environment", "state", "text"),
    [
        ("cohere:command", {}, "problem", "cohere is not installed; pip install langchain-cohere"),
        ("azure_openai:mine", {}, "problem", "has no key; set AZURE_OPENAI_API_KEY"),
        (
            "azure_openai:mine",
            {"AZURE_OPENAI_API_KEY": SECRET},
            "problem",
            "azure_openai cannot be set up",
        ),
        (
            "azure_openai:mine",
            {
                "AZURE_OPENAI_API_KEY": SECRET,
                "AZURE_OPENAI_ENDPOINT": "https://mine.example",
                "OPENAI_API_VERSION": "2024-10-21",
            },
            "ok",
            "mine at mine.example (azure_openai), chat completions, its key is set; not asked",
        ),
    ],
)
def test_a_model_of_another_provider(
    model: str,
    environment: dict[str, str],
    state: str,
    text: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("AZURE_OPENAI_API_KEY", "AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_AD_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    check = found("language model", Settings(model=model, headers={"X-Key": SECRET}))
    assert (check.state, text in check.text) == (state, True), check


def test_an_address_that_is_not_used() -> None:
    settings = Settings(model="cohere:command", base_url="http://127.0.0.1:9/v1")
    check = found("model address", settings)
    assert (check.state, "not for cohere" in check.text) == ("warning", True)


@pytest.mark.parametrize(
    ("entry", "context", "state", "text"),
    [
        ({"max_model_len": 8_192}, None, "ok", "8,192 tokens, as its server says"),
        ({"max_model_len": 8_192}, 4_096, "ok", "4,096 tokens, set by ASSISTANT_CONTEXT"),
        ({"max_model_len": 8_192}, 9_000, "warning", "but 8,192 as its server says"),
        ({}, None, "warning", "4,096 tokens, assumed, as nothing says how many; ASSISTANT_CONTEXT"),
        ({}, 9_000, "ok", "9,000 tokens"),
    ],
)
def test_how_large_the_window_is(
    server: ModelServer, entry: dict[str, int], context: int | None, state: str, text: str
) -> None:
    server.body = json.dumps({"data": [{"id": "tiny", **entry}]})
    settings = Settings(base_url=server.url, model="tiny", context=context)
    check = found("context window", settings)
    assert (check.state, text in check.text) == (state, True), check


def test_no_model_and_a_model_switched_off() -> None:
    assert "none configured" in found("language model", Settings()).text
    forgotten = found("language model", Settings(model="antropic:claude"))
    assert (forgotten.state, "OPENAI_API_KEY" in forgotten.text) == ("warning", True)
    assert "ASSISTANT_KEYLESS" in found("language model", Settings(keyless=True)).text


def test_what_leaves_the_machine(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found("leaves machine", Settings()).text == "nothing"
    assert found("leaves machine", Settings(base_url=server.url)).text == "nothing"
    away = Settings(base_url="http://192.0.2.1/v1")
    assert found("leaves machine", away).text.endswith("go to 192.0.2.1")
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    assert found("tracing", Settings()).state == "warning"


def test_where_traces_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGCHAIN_TRACING_V2", "true")
    check = found("tracing", Settings())
    assert "LangSmith at api.smith.langchain.com, but none of a library with" in check.text
    assert check.text.endswith("unset LANGCHAIN_TRACING_V2 if you do not want it")
    monkeypatch.setenv("LANGSMITH_ENDPOINT", "http://localhost:1984")
    assert "LangSmith on this machine;" in found("tracing", Settings()).text
    monkeypatch.setenv("LANGSMITH_ENDPOINT", "http://[::1")
    assert "an unknown host" in found("tracing", Settings()).text


def test_what_is_local_only_is_counted(place: Path) -> None:
    settings = Settings(store=str(place))
    assert "local only" not in {
        check.name for check in examine(settings, FakeEmbedder(), FakeReader)
    }
    library = Library.open(place, embedding=FakeEmbedder())
    library.mark_local("wet")
    library.change_tags(library.ids(), add="Wet")
    library.close()
    text = found("local only", settings).text
    assert text == "1 article sent to no model on another machine (tags: local_only, wet)"


def test_checks_are_json_ready(place: Path) -> None:
    checks = [
        check.__dict__ for check in examine(Settings(store=str(place)), FakeEmbedder(), FakeReader)
    ]
    assert json.loads(json.dumps(checks)) == checks
