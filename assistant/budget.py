"""What calls to a language model spend, and the limits that a day has for it.

Each call is reserved at its most before it is made and settled with what it took, in a small SQLite
file beside the catalogue, so that several programs together stay within the limits. A day is that
of the person's clock. The file holds numbers only. Knows nothing of answers.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any

from assistant.errors import ModelError
from assistant.faults import UNREAD
from assistant.prices import cost
from assistant.settings import Settings
from assistant.state import Spent

FILE = "spent.sqlite3"

MOST_OUTPUT = 4_096
"""Tokens that a reply may take where it has no limit of its own."""

_BYTES_PER_TOKEN = 3
"""Of text whose tokens nobody counted: rather too many tokens than too few."""

_PATIENCE = 5.0
"""Seconds to wait for another program that writes into the file."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS days (
    day TEXT PRIMARY KEY, calls INTEGER, tokens INTEGER, cost REAL, unpriced INTEGER
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS held (id INTEGER PRIMARY KEY, day TEXT, tokens INTEGER, cost REAL);
"""
_SETTLE = """
INSERT INTO days VALUES (:day, 1, :tokens, coalesce(:cost, 0), :cost IS NULL)
ON CONFLICT (day) DO UPDATE SET calls = calls + 1, tokens = tokens + excluded.tokens,
    cost = cost + excluded.cost, unpriced = unpriced + excluded.unpriced
"""
_TOTAL = """
SELECT coalesce(sum(calls), 0), coalesce(sum(tokens), 0), coalesce(sum(cost), 0),
    coalesce(sum(unpriced), 0)
FROM (
    SELECT day, calls, tokens, cost, unpriced FROM days
    UNION ALL SELECT day, 1, tokens, coalesce(cost, 0), cost IS NULL FROM held
) WHERE ?1 IS NULL OR day = ?1
"""


@dataclass(frozen=True)
class Total:
    """Calls, their tokens, their cost in US dollars, and how many of them have an unknown price.

    A call that runs now, or was killed while it ran, counts at its most.
    """

    calls: int = 0
    tokens: int = 0
    cost: float = 0.0
    unpriced: int = 0


@dataclass(frozen=True)
class Spending:
    """What was spent today, and since the file was begun."""

    today: Total = field(default_factory=Total)
    ever: Total = field(default_factory=Total)


def spent(settings: Settings, today: Callable[[], date] = date.today) -> Spending:
    """What calls to language models took, for this person's store; nothing if none was made."""
    return Budget(settings, today).spent()


def spent_line(settings: Settings) -> str:
    """What was spent today and in all, in one line."""
    found = spent(settings)
    words = [f"today {_told(found.today)}"]
    if settings.budget_tokens is not None:
        words.append(f"of {settings.budget_tokens:,} tokens")
    if settings.budget_cost is not None:
        words.append(f"of {_dollars(settings.budget_cost)}")
    return f"{' '.join(words)}; in all {_told(found.ever)}"


class Budget:
    """The ledger of one store, and the limits that the settings put on a day.

    Args:
        settings: name the store, the model, its price, and the limits.
        today: says which day it is.
    """

    def __init__(self, settings: Settings, today: Callable[[], date] = date.today) -> None:
        self._settings = settings
        self._today = today
        self._file = Path(settings.catalogue_folder or settings.place).expanduser() / FILE

    def call(self, prompt: str, most_output: int = MOST_OUTPUT) -> Call:
        """A call to be made with this prompt, whose reply has so many tokens at most."""
        return Call(self, self._settings, prompt, most_output)

    def spent(self) -> Spending:
        """What was spent today and in all; nothing where the file cannot be read."""
        if not self._file.exists():
            return Spending()
        try:
            with self._opened() as db:
                day = self._today().isoformat()
                return Spending(_total(db, day), _total(db, None))
        except sqlite3.Error:
            return Spending()

    def reserve(self, tokens: int, dollars: float | None) -> int | None:
        """Set aside what a call may take; None where no limit asks for it and the file fails.

        Raises:
            ModelError: it would exceed the day's budget, or the budget cannot be kept.
        """
        limited = (self._settings.budget_tokens, self._settings.budget_cost) != (None, None)
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._opened() as db:
                day = self._today().isoformat()
                self._check(_total(db, day), tokens, dollars)
                held = db.execute("INSERT INTO held VALUES (NULL, ?, ?, ?)", (day, tokens, dollars))
                return held.lastrowid
        except (sqlite3.Error, OSError) as error:
            if not limited:
                return None
            raise ModelError(
                f"the budget cannot be kept, as {str(self._file)!r} cannot be written"
                f" ({type(error).__name__}); mend that, or unset ASSISTANT_BUDGET_TOKENS and"
                " ASSISTANT_BUDGET_COST",
                "budget",
            ) from None

    def settle(self, held: int | None, took: Spent) -> None:
        """Put what a call took in the place of what was set aside for it."""
        if held is None:
            return
        try:
            with self._opened() as db:
                found = db.execute(
                    "DELETE FROM held WHERE id = ? RETURNING day", (held,)
                ).fetchone()
                if found and took.usage:
                    tokens = took.usage.get("total_tokens", 0)
                    db.execute(_SETTLE, {"day": found[0], "tokens": tokens, "cost": took.cost})
        except sqlite3.Error:
            return  # it goes on counting at its most

    def _check(self, today: Total, tokens: int, dollars: float | None) -> None:
        most_tokens, most_dollars = self._settings.budget_tokens, self._settings.budget_cost
        if most_tokens is not None and today.tokens + tokens > most_tokens:
            raise ModelError(
                f"today's budget of {most_tokens:,} tokens does not allow it"
                f" ({today.tokens:,} spent, up to {tokens:,} more needed);"
                " ASSISTANT_BUDGET_TOKENS sets it",
                "budget",
            )
        if most_dollars is None:
            return
        if dollars is None:
            raise ModelError(
                f"the price of {self._settings.model!r} is unknown, so that the budget cannot be"
                " kept; set ASSISTANT_PRICE_INPUT and ASSISTANT_PRICE_OUTPUT, in US dollars per"
                " million tokens",
                "budget",
            )
        if today.cost + dollars > most_dollars:
            raise ModelError(
                f"today's budget of {_dollars(most_dollars)} does not allow it"
                f" ({_dollars(today.cost)} spent, up to {_dollars(dollars)} more needed);"
                " ASSISTANT_BUDGET_COST sets it",
                "budget",
            )

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """The file, in one transaction that nobody else writes beside."""
        with closing(sqlite3.connect(self._file, timeout=_PATIENCE, isolation_level=None)) as db:
            db.execute("BEGIN IMMEDIATE")
            for statement in _SCHEMA.split(";"):
                db.execute(statement)
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")


class Call:
    """One call to a model: reserved when it is entered, settled when it is left, however that is.

    Afterwards `spent` is what it took. Where the server does not tell, that is an estimate, and
    `estimated_tokens` says so.
    """

    def __init__(self, budget: Budget, settings: Settings, prompt: str, most_output: int) -> None:
        self.spent = Spent()
        self._budget = budget
        self._settings = settings
        self._input = _estimate(len(prompt.encode()))
        self._most_output = most_output
        self._heard = 0
        self._told: dict[str, int] = {}
        self._held: int | None = None

    def hear(self, *texts: str) -> None:
        """These texts came back."""
        self._heard += sum(len(text.encode("utf-8", "replace")) for text in texts)

    def note(self, message: Any) -> None:
        """The server may tell its usage with this LangChain message or chunk.

        Some servers tell the usage so far with every chunk, others a part of it with the first and
        another with the last: the largest number of each kind is right for both.
        """
        for kind, tokens in _tokens_of(getattr(message, "usage_metadata", None)):
            self._told[kind] = max(self._told.get(kind, 0), tokens)

    async def __aenter__(self) -> Call:
        reserving = asyncio.ensure_future(asyncio.to_thread(self._reserve))
        try:
            self._held = await asyncio.shield(reserving)
        except asyncio.CancelledError:
            with suppress(ModelError):
                self._held = await reserving
                await asyncio.to_thread(self._settle, True)
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # In a thread: what is cancelled now must be settled all the same.
        await asyncio.to_thread(
            self._settle, isinstance(error, ModelError) and error.kind in UNREAD
        )

    def _reserve(self) -> int | None:
        usage = {"input_tokens": self._input, "output_tokens": self._most_output}
        limited = self._settings.budget_cost is not None
        dollars = cost(usage, self._settings) if limited else None
        return self._budget.reserve(sum(usage.values()), dollars)

    def _settle(self, unread: bool) -> None:
        usage = self._told
        if not (usage.get("input_tokens") or usage.get("output_tokens")):
            usage = {} if unread else self._estimated()
        if usage:
            tokens = usage.get("input_tokens", 0) + usage.get("output_tokens", 0)
            usage = {**usage, "total_tokens": max(tokens, usage.get("total_tokens", 0))}
            self.spent = Spent(usage, cost(usage, self._settings))
        self._budget.settle(self._held, self.spent)

    def _estimated(self) -> dict[str, int]:
        output = _estimate(self._heard)
        return {
            "input_tokens": self._input,
            "output_tokens": output,
            "estimated_tokens": self._input + output,
        }


class Meter:
    """Adds up what the calls of one step took."""

    def __init__(self) -> None:
        self.spent = Spent()

    def add(self, call: Call) -> None:
        """This call is over."""
        self.spent += call.spent


def _tokens_of(usage: Any) -> Iterator[tuple[str, int]]:
    """Kinds and numbers of tokens in LangChain's usage; the details may be of a service tier."""
    if not isinstance(usage, Mapping):
        return
    for kind in ("input_tokens", "output_tokens", "total_tokens"):
        yield from _counted(kind, usage.get(kind))
    for details, ending, kind in (
        ("input_token_details", "cache_read", "cached_tokens"),
        ("output_token_details", "reasoning", "reasoning_tokens"),
    ):
        for name, tokens in (usage.get(details) or {}).items():
            if name.endswith(ending):
                yield from _counted(kind, tokens)


def _counted(kind: str, tokens: Any) -> Iterator[tuple[str, int]]:
    if isinstance(tokens, int) and tokens > 0:
        yield kind, tokens


def _estimate(size: int) -> int:
    return -(-size // _BYTES_PER_TOKEN)


def _total(db: sqlite3.Connection, day: str | None) -> Total:
    return Total(*db.execute(_TOTAL, (day,)).fetchone())


def _told(total: Total) -> str:
    if not total.calls:
        return "nothing"
    calls = f"{total.calls:,} call{'' if total.calls == 1 else 's'}"
    price = f", {_dollars(total.cost)}" if total.unpriced < total.calls else ""
    unknown = f" ({total.unpriced:,} of unknown price)" if total.unpriced else ""
    return f"{total.tokens:,} tokens in {calls}{unknown}{price}"


def _dollars(amount: float) -> str:
    """US dollars, in cents where that is exact enough."""
    return f"${amount:,.2f}" if round(amount, 2) == round(amount, 4) else f"${amount:,.4f}"
