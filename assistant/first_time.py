"""Says once, for each host, which text goes to a language model there, before any does.

The hosts are remembered in a small file beside the person's own library, so that it is said once
and not at every start. Knows nothing of what is asked.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from pathlib import Path

from platformdirs import user_data_path

from assistant.settings import Settings


def _log(words: str) -> None:
    logging.getLogger(__name__).warning(words)


on_first: ContextVar[Callable[[str], None]] = ContextVar("on_first", default=_log)
"""Called before the first request to a host with one line that says what goes there; the command
line shows it, a program logs it."""

_said: set[tuple[Path, str]] = set()
"""What this process has said, for where the file cannot be written."""


def what_leaves(settings: Settings) -> str:
    """What is sent to the language model, as a list in words; "" if it is on this machine."""
    if not settings.has_model or settings.model_is_local:
        return ""
    return (
        f"your question, earlier turns of the conversation, up to {settings.passages} passages "
        "found for it (with titles, sources and dates), and names of sources and authors in your "
        "library"
    )


def first_notice(settings: Settings) -> str:
    """Which text goes to which host, in one line; "" if everything stays on this machine."""
    words = what_leaves(settings)
    if not words:
        return ""
    host = settings.model_host or settings.model
    return f"{words[:1].upper()}{words[1:]} go to {host}. Articles marked local_only stay here."


def tell_first(settings: Settings) -> None:
    """Say it unless it was said before of this host."""
    words = first_notice(settings)
    host = " ".join((settings.model_host or settings.model).split())
    file = user_data_path("cited-assistant") / "hosts-told"
    if not words or (file, host) in _said or host in _hosts(file):
        return
    on_first.get()(f"{words} This is said once.")
    _said.add((file, host))
    with suppress(OSError):  # then it is said again by the next process
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with file.open("a", encoding="utf-8") as told:
            told.write(f"{host}\n")


def _hosts(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
