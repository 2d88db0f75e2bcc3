"""LangChain's tracing: where it sends what is asked and answered, and how that is prevented.

It is switched on by LangSmith's own environment variables and by nothing here. What touches
articles that are local only is not traced to another machine.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable, RunnableConfig

LANGSMITH = "https://api.smith.langchain.com"
"""Where runs go if nothing else is said."""

_SPACES = ("LANGSMITH", "LANGCHAIN")
"""What the names of the environment variables begin with."""

QUIET: RunnableConfig = {"callbacks": []}
"""Hands on no handler of a run in which ours is called: a tracer may be among them."""


def switched_on() -> str:
    """The environment variable that switches tracing on; "" if none does."""
    names = (f"{space}_{name}" for name in ("TRACING_V2", "TRACING") for space in _SPACES)
    return next((n for n in names if os.environ.get(n, "").strip().lower() in ("true", "1")), "")


def traced_to() -> str:
    """The host that runs are sent to, if they are; "" if that is this machine."""
    if _set("RUNS_ENDPOINTS") or _set("OTEL_ENABLED"):
        return "several places"
    try:
        host = urlsplit(_set("ENDPOINT") or LANGSMITH).hostname or ""
    except ValueError:  # such as an unfinished "http://[::1"
        host = ""
    try:
        here = ipaddress.ip_address(host).is_loopback
    except ValueError:
        here = host == "localhost"
    return "" if here else host or "an unknown host"


@contextmanager
def untraced() -> Iterator[None]:
    """Within the block LangChain traces nothing, whatever the environment says."""
    from langsmith import tracing_context

    with tracing_context(enabled=False, parent=False):
        yield


async def quietly(chain: Runnable[Any, Any], given: object) -> AsyncGenerator[Any, None]:
    """As the chain's `astream`, untraced; between two events the caller's own runs are traced."""
    events: Any = chain.astream(given, QUIET)
    async with aclosing(events):
        while True:
            with untraced():
                try:
                    event = await anext(events)
                except StopAsyncIteration:
                    return
            yield event


def _set(name: str) -> str:
    found = (os.environ.get(f"{space}_{name}", "").strip() for space in _SPACES)
    return next(filter(None, found), "")
