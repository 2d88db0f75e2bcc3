"""What calls to a model spend: counted, priced, and held within a day's limits."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessageChunk

from assistant import Settings
from assistant.budget import FILE, Budget, Call, Spending, Total, spent, spent_line
from assistant.errors import ModelError
from assistant.prices import cost

PRICES = {"price_input": 2.0, "price_output": 10.0}


def settings_in(folder: Path, **values: Any) -> Settings:
    return Settings(store=str(folder), model="m", **values)


def told(into: int, out: int, **details: Mapping[str, int]) -> AIMessageChunk:
    usage: Any = {"input_tokens": into, "output_tokens": out, "total_tokens": into + out, **details}
    return AIMessageChunk(content="", usage_metadata=usage)


async def spend(budget: Budget, *messages: AIMessageChunk, said: str = "") -> Call:
    async with budget.call("p" * 300, 100) as call:
        call.hear(said)
        for message in messages:
            call.note(message)
    return call


async def test_what_the_server_tells_is_counted(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, **PRICES)
    details = {"input_token_details": {"cache_read": 400}, "output_token_details": {"reasoning": 9}}
    call = await spend(Budget(settings), told(1_000, 100, **details))
    assert call.spent.usage == {
        "input_tokens": 1_000,
        "output_tokens": 100,
        "total_tokens": 1_100,
        "cached_tokens": 400,
        "reasoning_tokens": 9,
    }
    assert call.spent.cost == pytest.approx(0.003)
    today = spent(settings).today
    assert (today.calls, today.tokens, today.unpriced) == (1, 1_100, 0)
    assert today.cost == pytest.approx(0.003)


@pytest.mark.parametrize(
    "messages",
    [
        (told(50, 1), told(50, 2), told(50, 7)),
        (told(50, 1), told(0, 7)),
        (told(0, 0), told(50, 7)),
    ],
    ids=["so far, with every chunk", "in parts", "at the end"],
)
async def test_servers_tell_it_in_different_ways(
    tmp_path: Path, messages: tuple[AIMessageChunk, ...]
) -> None:
    call = await spend(Budget(settings_in(tmp_path)), *messages)
    assert (call.spent.usage["total_tokens"], call.spent.cost) == (57, None)


@pytest.mark.parametrize("message", [AIMessageChunk(content="x"), told(0, 0), told(-5, -1)])
async def test_what_nobody_tells_is_estimated_and_said_to_be(
    tmp_path: Path, message: AIMessageChunk
) -> None:
    call = await spend(Budget(settings_in(tmp_path)), message, said="s" * 30)
    assert call.spent.usage == {
        "input_tokens": 100,
        "output_tokens": 10,
        "estimated_tokens": 110,
        "total_tokens": 110,
    }


@pytest.mark.parametrize(
    ("error", "tokens"),
    [
        (ModelError("refused", "key"), 0),
        (ModelError("stalled", "stalled"), 102),
        (asyncio.CancelledError(), 102),
    ],
    ids=["refused", "stalled", "cancelled"],
)
async def test_a_call_that_fails_counts_with_what_is_known(
    tmp_path: Path, error: BaseException, tokens: int
) -> None:
    settings = settings_in(tmp_path, budget_tokens=10_000)

    async def fail() -> None:
        async with Budget(settings).call("p" * 300) as call:
            call.hear("sixsix")
            raise error

    with pytest.raises(type(error)):
        await fail()
    assert spent(settings).today.tokens == tokens


async def test_what_is_cancelled_before_it_is_sent_costs_nothing(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    calling = asyncio.create_task(spend(Budget(settings), told(5, 5)))
    await asyncio.sleep(0)  # it has begun to reserve
    calling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await calling
    assert spent(settings).ever == Total()


async def test_a_budget_in_tokens_holds(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, budget_tokens=500)
    await spend(Budget(settings), told(290, 10))
    await spend(Budget(settings), told(1, 0))  # 200 were set aside, and 1 is spent
    with pytest.raises(ModelError, match=r"500 tokens .* \(301 spent, up to 200 more") as caught:
        await spend(Budget(settings))
    assert caught.value.kind == "budget"
    assert spent(settings).today == Total(2, 301, 0.0, 2)


async def test_a_budget_in_dollars_holds(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, budget_cost=0.002, **PRICES)
    await spend(Budget(settings), told(500, 10))
    with pytest.raises(ModelError, match=r"\$0.0020 .*\$0.0011 spent, .*BUDGET_COST"):
        await spend(Budget(settings), told(1, 1))


async def test_an_unknown_price_and_a_budget_in_dollars_do_not_go_together(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, budget_cost=5.0)
    with pytest.raises(ModelError, match=r"price of 'm' is unknown.*ASSISTANT_PRICE_INPUT"):
        await spend(Budget(settings))
    free = settings_in(tmp_path, budget_cost=5.0, price_input=0, price_output=0)
    assert (await spend(Budget(free), told(9, 9))).spent.cost == 0.0


async def test_each_day_begins_anew(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, budget_tokens=250)
    monday, tuesday = date(2026, 3, 2), date(2026, 3, 3)
    await spend(Budget(settings, lambda: monday), told(200, 0))
    with pytest.raises(ModelError):
        await spend(Budget(settings, lambda: monday))
    await spend(Budget(settings, lambda: tuesday), told(30, 0))
    assert spent(settings, lambda: tuesday) == Spending(Total(1, 30, 0, 1), Total(2, 230, 0, 2))


def test_a_call_that_was_killed_counts_at_its_most(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, budget_tokens=500)
    Budget(settings).reserve(450, None)
    assert spent(settings).today.tokens == 450
    with pytest.raises(ModelError):
        Budget(settings).reserve(51, None)


def try_to_spend(folder: Path) -> int:
    """Calls of 200 tokens that a program could make, each of which takes all of them."""
    budget = Budget(settings_in(folder, budget_tokens=2_000))

    async def calls() -> int:
        tries = [spend(budget, told(150, 50)) for _ in range(4)]
        done = await asyncio.gather(*tries, return_exceptions=True)
        return sum(isinstance(one, Call) for one in done)

    return asyncio.run(calls())


def test_it_holds_under_calls_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = sum(pool.map(try_to_spend, [tmp_path] * 8))
    total = spent(settings_in(tmp_path)).today
    assert (made, total.calls, total.tokens) == (10, 10, 2_000)


@pytest.mark.real
def test_it_holds_under_several_programs(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        made = sum(pool.map(try_to_spend, [tmp_path] * 4))
    assert (made, spent(settings_in(tmp_path)).today.tokens) == (10, 2_000)


async def test_a_file_that_cannot_be_written_matters_to_a_budget_only(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database" * 100)
    call = await spend(Budget(settings_in(tmp_path)), told(5, 5))
    assert call.spent.usage["total_tokens"] == 10
    with pytest.raises(ModelError, match=r"cannot be kept.*ASSISTANT_BUDGET_TOKENS"):
        await spend(Budget(settings_in(tmp_path, budget_tokens=10**6)))
    assert spent(settings_in(tmp_path)) == Spending()


@pytest.mark.parametrize(
    ("values", "dollars"),
    [
        ({"model": "gpt-4o-mini"}, 0.15 + 0.6),
        ({"model": "openai:gpt-4o-mini"}, 0.15 + 0.6),
        ({"model": "anthropic:claude-sonnet-4-5"}, None),
        ({"model": "nobody's-model"}, None),
        ({"model": "gpt-4o-mini", "base_url": "http://127.0.0.1:11434/v1"}, None),
        ({"model": "gpt-4o-mini", "base_url": "https://api.openai.com/v1"}, 0.15 + 0.6),
        ({"model": "gpt-4o-mini", **PRICES}, 12.0),
        ({"model": "gpt-4o-mini", "price_input": 2.0}, 0.15 + 0.6),
    ],
)
def test_prices_are_looked_up_offline_or_set(values: dict[str, Any], dollars: float | None) -> None:
    found = cost({"input_tokens": 10**6, "output_tokens": 10**6}, Settings(**values))
    if values["model"].startswith("anthropic"):
        assert found is not None
        assert found > 3
    else:
        assert found == (None if dollars is None else pytest.approx(dollars))


def test_cached_tokens_are_cheaper() -> None:
    settings = Settings(model="gpt-4o-mini")
    usage = {"input_tokens": 10**6, "output_tokens": 0}
    full, cached = cost(usage, settings), cost({**usage, "cached_tokens": 10**6}, settings)
    assert full is not None
    assert cached is not None
    assert cached < full


async def test_it_is_told_in_a_line(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, budget_tokens=5_000, **PRICES)
    assert spent_line(settings) == "today nothing of 5,000 tokens; in all nothing"
    await spend(Budget(settings), told(1_000, 100))
    assert spent_line(settings) == (
        "today 1,100 tokens in 1 call, $0.0030 of 5,000 tokens; in all 1,100 tokens in 1 call, "
        "$0.0030"
    )
