"""What is configured, what works, what does not and how to mend it; changes nothing.

Every check ends in one line, whatever is broken: it must be possible to examine a store that
nothing else can open.
"""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from assistant.doctor_model import State, looked_at
from assistant.errors import AssistantError, OtherModelError, StoreBusyError
from assistant.reader import Reader, load_reader
from assistant.samples import SAMPLES
from assistant.settings import Settings
from assistant.tracing import switched_on, traced_to
from index import DEFAULT_MODEL, Library
from index.embed import DEFAULT_SHA256, Embedder, embedder, shipped_model
from index.gate import Gate
from index.schema import MIGRATIONS

PATIENCE = 1.0
"""Seconds to wait for another process that holds the store."""

LITTLE_SPACE = 200_000_000
"""Bytes on the store's disk below which to warn."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at; `text` says how it is and, unless it is ok, what to do."""

    name: str
    state: State
    text: str


def examine(
    settings: Settings,
    model: Embedder | None = None,
    reader: Callable[[], Reader] = load_reader,
) -> Iterator[Check]:
    """All checks, each as soon as it is done.

    Args:
        settings: what to examine.
        model: the embedding model, instead of the one that the settings name.
        reader: gives the built-in reader, instead of the shipped one.
    """
    model = model or embedder(settings.embedding)
    checks: list[tuple[str, Callable[[], Iterator[Check]]]] = [
        ("program", _program),
        ("store", lambda: _store(settings)),
        ("library", lambda: _library(settings, model)),
        ("samples", lambda: _samples(settings)),
        ("embedding model", lambda: _embedding(settings, model)),
        ("built-in reader", lambda: _reader(settings, reader())),
        ("language model", lambda: _language_model(settings)),
        ("privacy", lambda: _privacy(settings)),
    ]
    for name, check in checks:
        try:
            yield from check()
        except AssistantError as error:
            yield Check(name, "problem", str(error))
        except Exception as error:  # what is broken must not stop the other checks
            reason = " ".join(str(error).split())[:200]
            yield Check(
                name,
                "problem",
                f"the check itself failed ({type(error).__name__}: {reason}); "
                "ASSISTANT_DEBUG=1 shows where an ordinary command fails",
            )


def _program() -> Iterator[Check]:
    version = platform.python_version()
    if (3, 11) <= sys.version_info < (3, 14):
        yield Check("Python", "ok", version)
    else:
        yield Check("Python", "warning", f"{version} was never tried; use 3.11, 3.12 or 3.13")
    with closing(sqlite3.connect(":memory:")) as db:
        try:
            db.execute("CREATE VIRTUAL TABLE t USING fts5 (x)")
            yield Check("SQLite", "ok", f"{sqlite3.sqlite_version} with full-text search")
        except sqlite3.OperationalError:
            yield Check(
                "SQLite",
                "problem",
                f"{sqlite3.sqlite_version} has no full-text search (FTS5); install a Python "
                "from python.org or your system, whose SQLite has it",
            )


def _store(settings: Settings) -> Iterator[Check]:
    folder = _folder(settings)
    yield Check("settings", "ok", _configured(settings))
    there = next(p for p in [folder, *folder.parents] if p.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        yield Check(
            "store",
            "problem",
            f"{str(there)!r} is no folder that you may write to; set ASSISTANT_STORE to one",
        )
        return
    yield Check("store", "ok", str(folder) + ("" if there == folder else " (not made yet)"))
    free = shutil.disk_usage(there).free
    if free < LITTLE_SPACE:
        yield Check("disk", "warning", f"only {_size(free)} free; make room before adding more")
    else:
        yield Check("disk", "ok", f"{_size(free)} free")
    if there == folder:
        yield _lock(folder)


def _lock(folder: Path) -> Check:
    try:
        with Gate(folder, PATIENCE).shared():
            return Check("lock", "ok", "nobody is writing")
    except StoreBusyError as error:
        return Check("lock", "warning", str(error))


def _library(settings: Settings, model: Embedder) -> Iterator[Check]:
    if not (_folder(settings) / "catalogue.sqlite3").exists():
        yield Check("catalogue", "ok", "empty; `assistant add` adds your articles")
        return
    try:
        library = _open(settings, model)
    except OtherModelError as error:
        yield Check("embeddings", "problem", str(error))
        library = _open(settings, model, rebuilding=True)
    try:
        articles, passages = len(library.articles()), library.count_passages()
        counts = f"{_count(articles, 'article')}, {_count(passages, 'passage')}"
        yield Check("catalogue", "ok", f"{counts}, schema version {len(MIGRATIONS)}")
        if passages:
            yield _vectors(library)
        if local := len(library.local_ids()):
            tags = ", ".join(library.local_tags)
            text = f"{_count(local, 'article')} sent to no model on another machine (tags: {tags})"
            yield Check("local only", "ok", text)
        if said := library.language_notice():
            yield Check("languages", "warning", said)
    finally:
        library.close()


def _vectors(library: Library) -> Check:
    try:
        wrong = library.check()
    except StoreBusyError as error:
        return Check("vector index", "warning", f"not looked at: {error}")
    except AssistantError as error:
        return Check("vector index", "problem", str(error))
    if wrong:
        mend = "if nobody is adding just now, `assistant rebuild` mends it"
        return Check("vector index", "warning", f"{', '.join(wrong)}; {mend}")
    return Check("vector index", "ok", "agrees with the catalogue")


def _samples(settings: Settings) -> Iterator[Check]:
    shipped = len(list(SAMPLES.glob("*.md")))
    if not shipped:
        yield Check("samples", "problem", f"none in {str(SAMPLES)!r}; install the project again")
        return
    ready = any(settings.samples_store.glob("*/catalogue.sqlite3"))
    state = "ready" if ready else "made ready when first used"
    yield Check("samples", "ok", f"{shipped} articles, {state}; they serve an empty library")


def _embedding(settings: Settings, model: Embedder) -> Iterator[Check]:
    said = settings.embedding
    if model.name == DEFAULT_MODEL and model is embedder(DEFAULT_MODEL):
        shipped_model()
        said += f", weights verified (SHA-256 {DEFAULT_SHA256[:12]}…)"
    start = time.perf_counter()
    size = model.encode(["Two mayors met."]).shape[1]
    seconds = time.perf_counter() - start
    model.count_tokens(["Two mayors met."])
    yield Check("embedding model", "ok", f"{said}, {size} dimensions, ready after {seconds:.1f} s")


def _reader(settings: Settings, reader: Reader) -> Iterator[Check]:
    """Whether its weights are the shipped ones; does not load them."""
    reader.check()
    least, by = settings.threshold, "ASSISTANT_THRESHOLD"
    if least is None:
        least, by = reader.threshold, "calibrated; ASSISTANT_THRESHOLD sets another"
    said = f"weights verified, short answers from a confidence of {least:.2f} ({by})"
    yield Check("built-in reader", "ok", said)


def _language_model(settings: Settings) -> Iterator[Check]:
    for name, state, text in looked_at(settings):
        yield Check(name, state, text)


def _privacy(settings: Settings) -> Iterator[Check]:
    """Everything that is sent to other machines."""
    sent = []
    if settings.has_model and not settings.model_is_local:
        sent.append(
            "questions, earlier turns, the passages found (not of articles marked local_only) and "
            f"names of sources and authors go to {settings.model_host}"
        )
    if settings.catalogue_folder:
        sent.append(f"passages and vectors are kept on {urlsplit(settings.place).hostname}")
    if settings.embedding != DEFAULT_MODEL and not Path(settings.embedding).is_dir():
        sent.append("the embedding model may be fetched from huggingface.co")
    yield Check("leaves machine", "ok", "; ".join(sent) or "nothing")
    if variable := switched_on():
        what, host = "questions, passages and answers go to LangSmith", traced_to()
        where = f" at {host}, but none of a library with articles marked local_only" if host else ""
        text = f"{what}{where or ' on this machine'}; unset {variable} if you do not want it"
        yield Check("tracing", "warning", text)


def _open(settings: Settings, model: Embedder, rebuilding: bool = False) -> Library:
    return Library.open(
        settings.place,
        embedding=model,
        catalogue=settings.catalogue_folder,
        patience=PATIENCE,
        rebuilding=rebuilding,
    )


def _folder(settings: Settings) -> Path:
    return Path(settings.catalogue_folder or settings.place).expanduser().absolute()


def _configured(settings: Settings) -> str:
    """Names of the settings that are not at their defaults; values may be secret."""
    changed = sorted(
        name
        for name, info in type(settings).model_fields.items()
        if getattr(settings, name) != info.default
    )
    return f"by you: {', '.join(changed)}" if changed else "all at their defaults"


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
