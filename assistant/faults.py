"""What goes wrong with a language model, each as one line that says what to do.

LangChain's providers raise errors of many libraries; they are told apart by what most of them have
in common: a status, the server's own code, the names of their classes. Nothing that a server says
is repeated, as it may hold the key or the prompt. The faults are listed in `docs/FAULTS.md`.
"""

from __future__ import annotations

import logging
import os
import re
import time
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Literal

from assistant.errors import AssistantError, ModelError
from assistant.settings import Settings

Kind = Literal[
    "unreachable", "timeout", "stalled", "dropped", "server", "rate", "empty",
    "key", "not_found", "moved", "quota", "too_long", "rejected", "filtered", "declined",
    "slow", "repeating", "cut_off", "unreadable", "unusable", "budget",
]  # fmt: skip

PASSING = frozenset({"unreachable", "timeout", "stalled", "dropped", "server", "rate", "empty"})
"""Kinds of faults that the same request may not meet again."""

UNREAD = frozenset(
    "unreachable server rate key not_found moved quota too_long rejected unusable".split()
)
"""Kinds of faults that happen before a model reads anything, so that nothing was spent."""

_OVERLOADED = (503, 529)
_QUOTA = ("insufficient_quota", "billing_hard_limit_reached", "billing_not_active")
_FILTER = re.compile(r"content_?filter|ResponsibleAIPolicy|content management policy", re.I)
_TOO_LONG = re.compile(
    r"context_length_exceeded|exceed_context_size|context (?:length|window|size)|too many tokens|"
    r"prompt is too long|input is too long|maximum input length|request too large|"
    r"tokens? exceeds? the|reduce the length",
    re.I,
)
_PARAMETERS = frozenset(
    {"temperature", "max_tokens", "max_completion_tokens", "seed", "stream_options", "top_p"}
)

log = logging.getLogger(__name__)


def explain(error: BaseException, settings: Settings, now: float | None = None) -> ModelError:
    """The fault behind an error: one line on it, its kind, and how long to wait.

    Args:
        error: what the model's client raised.
        settings: whose server and model are named.
        now: seconds since the epoch, against which a date to wait for is held.
    """
    if isinstance(error, AssistantError):
        return error if isinstance(error, ModelError) else ModelError(str(error))
    if os.environ.get("ASSISTANT_DEBUG", "") not in ("", "0"):
        key = settings.api_key.get_secret_value()
        said = f"{type(error).__name__}: {error}"
        log.warning("the model's client says: %s", said.replace(key, "…") if key else said)
    kind, status, param = _told_apart(error)
    wait = _wait_of(error, time.time() if now is None else now) if kind in PASSING else None
    return ModelError(_line(kind, settings, status, param), kind, wait)


def fault(kind: Kind, settings: Settings) -> ModelError:
    """A fault that shows in what came back, as its one line."""
    return ModelError(_line(kind, settings), kind)


def _told_apart(error: BaseException) -> tuple[Kind, int | None, str]:
    """The kind of fault, the server's status, and the setting that it does not take."""
    chain = list(_causes(error))
    names = {kind.__name__ for one in chain for kind in type(one).__mro__}
    status = next(filter(None, map(_status, chain)), None)
    body = next(filter(None, (getattr(one, "body", None) for one in chain)), None)
    details = body if isinstance(body, Mapping) else {}
    details = details["error"] if isinstance(details.get("error"), Mapping) else details
    code = f"{details.get('code')} {details.get('type')}"
    if status is None and (found := re.search(r"\b[45]\d\d\b", code)):
        status = int(found.group())
    said = f"{code} {error}"
    param = str(details.get("param"))
    return _kind(names, status, code, said), status, param if param in _PARAMETERS else ""


def _kind(names: set[str], status: int | None, code: str, said: str) -> Kind:
    if {"Declined", "OpenAIRefusalError"} & names:
        return "declined"
    if "ImportError" in names:
        return "unusable"
    if "ContextOverflowError" in names or status == 413:
        return "too_long"
    if (status in (400, 429) or status is None) and _TOO_LONG.search(said):
        return "too_long"
    if any(word in code for word in _QUOTA) or status == 402:
        return "quota"
    if status in (400, 403, None) and _FILTER.search(said):
        return "filtered"
    if status is not None:
        return _of_status(status)
    if "rate_limit" in code:
        return "rate"
    if "server_error" in code or "overloaded" in code:
        return "server"
    if {"LocalProtocolError", "UnicodeEncodeError"} & names:
        return "key"
    if {"UnsupportedProtocol", "InvalidURL", "ConnectError", "ConnectTimeout"} & names:
        return "unreachable"
    if {"TimeoutError", "TimeoutException", "APITimeoutError", "Timeout"} & names:
        return "timeout"
    if {"ProtocolError", "ReadError", "WriteError", "CloseError", "EndOfStream"} & names:
        return "dropped"
    if {"APIConnectionError", "NetworkError", "OSError", "ModelConnectionError"} & names:
        return "unreachable"
    return "unreadable"


def _of_status(status: int) -> Kind:
    known: dict[int, Kind] = {401: "key", 403: "key", 404: "not_found", 408: "timeout", 429: "rate"}
    if status in known:
        return known[status]
    if 300 <= status < 400:
        return "moved"
    return "server" if status >= 500 or status in (409, 425) else "rejected"


def _line(kind: Kind, settings: Settings, status: int | None = None, param: str = "") -> str:
    where, model = settings.model_host or "the model's server", settings.model
    code = f" ({status})" if status else ""
    failed = f"failed with status {status}" if status else "failed"
    lines: dict[Kind, str] = {
        "unreachable": f"{where} cannot be reached; check OPENAI_BASE_URL and that the server runs",
        "timeout": f"{where} gave up waiting{code}; try again later"
        if status
        else f"{where} did not answer within {settings.timeout:g} s; ASSISTANT_TIMEOUT sets the"
        " time",
        "slow": f"{where} gave no whole answer within {settings.timeout:g} s; ASSISTANT_TIMEOUT"
        " sets the time",
        "stalled": f"{where} sent nothing more for {settings.stall:g} s; ASSISTANT_STALL sets the"
        " time",
        "dropped": f"{where} closed the connection too early",
        "server": f"{where} {'is overloaded' + code if status in _OVERLOADED else failed};"
        " try again later",
        "rate": f"{where} takes no more requests now{code}; wait, or check your quota",
        "quota": f"{where} has no quota left for this key{code}; check your plan there",
        "key": f"{where} refused the key{code}; check OPENAI_API_KEY",
        "not_found": f"{where} knows no model {model!r}{code}; check ASSISTANT_MODEL and the"
        " address",
        "moved": f"{where} sends requests elsewhere{code}, which was not followed; check"
        " OPENAI_BASE_URL",
        "too_long": f"{where} takes fewer words than were sent{code}; lower ASSISTANT_PASSAGES",
        "rejected": f"{where} does not take the setting {param!r}{code}"
        if param
        else f"{where} did not take the request{code}; check ASSISTANT_MODEL",
        "filtered": f"{where} held the answer back{code}: its content filter objects",
        "declined": f"the model {model!r} declined to answer",
        "empty": f"the model {model!r} gave an empty reply",
        "repeating": f"the model {model!r} repeated itself without end",
        "cut_off": f"the model {model!r} was cut off before its first sentence ended; it may"
        " need a higher limit of tokens",
        "unusable": f"the model {model!r} cannot be used; install its LangChain package",
        "unreadable": f"{where} sent something that is no model's answer; check OPENAI_BASE_URL",
    }
    return lines[kind]


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what caused it."""
    found: BaseException | None = error
    for _ in range(6):
        if found is None:
            return
        yield found
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)


def _status(error: BaseException) -> int | None:
    response = getattr(error, "response", None)
    for holder, name in ((error, "status_code"), (response, "status_code"), (error, "code")):
        status = getattr(holder, name, None)
        if isinstance(status, int) and 300 <= status < 600:
            return int(status)
    return None


def _wait_of(error: BaseException, now: float) -> float | None:
    """Seconds that the server asks to wait, if it does."""
    for one in _causes(error):
        headers: Any = getattr(getattr(one, "response", None), "headers", None) or {}
        for name, unit in (("retry-after-ms", 1000), ("retry-after", 1)):
            value = str(headers.get(name, ""))
            if re.fullmatch(r"\d{1,9}(?:\.\d+)?", value):
                return float(value) / unit
            try:
                return max(parsedate_to_datetime(value).timestamp() - now, 0.0)
            except ValueError:
                continue
    return None
