"""The LangChain chat model that the settings name."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from assistant.settings import Settings


@asynccontextmanager
async def chat_model(settings: Settings) -> AsyncGenerator[Any, None]:
    """The LangChain chat model, with an HTTP client of its own.

    LangChain would share one client in the whole process; its open connections belong to the
    event loop that made them, and `ask()` has a new loop each time.
    """
    import openai
    from langchain.chat_models import init_chat_model

    key = settings.api_key.get_secret_value()
    async with openai.DefaultAsyncHttpxClient() as client:
        yield init_chat_model(
            settings.model,
            model_provider="openai",
            base_url=settings.base_url or None,
            # Servers on one's own machine often want no key, the client always does.
            api_key=key or "none",
            temperature=settings.temperature,
            timeout=settings.timeout,
            max_retries=settings.retries,
            stream_usage=True,
            http_async_client=client,
        )
