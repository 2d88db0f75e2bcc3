"""What a model's tokens cost, in US dollars; knows nothing of who spends them.

The prices are those of the package genai-prices, as of its release; it asks no network. A person's
own prices come before them.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from assistant.settings import Settings

_PROVIDERS = {
    "openai": "openai",
    "azure_openai": "azure",
    "azure_ai": "azure",
    "anthropic": "anthropic",
    "google_genai": "google",
    "google_vertexai": "google",
    "google_anthropic_vertex": "google",
    "bedrock": "aws",
    "bedrock_converse": "aws",
    "anthropic_bedrock": "aws",
    "cohere": "cohere",
    "fireworks": "fireworks",
    "together": "together",
    "mistralai": "mistral",
    "huggingface": "huggingface",
    "groq": "groq",
    "deepseek": "deepseek",
    "xai": "x-ai",
    "perplexity": "perplexity",
    "openrouter": "openrouter",
}
"""LangChain's names of providers, and those of the price list."""

_MILLION = Decimal(1_000_000)

HOW_TO_SET = "set ASSISTANT_PRICE_INPUT and ASSISTANT_PRICE_OUTPUT"


def cost(usage: Mapping[str, int], settings: Settings) -> float | None:
    """US dollars for these tokens; None if the price is unknown.

    Args:
        usage: `input_tokens` and `output_tokens`; `cached_tokens` of the input may be cheaper where
            the list says so. Tokens of reasoning are among the output.
        settings: name the model and its server, and may name prices.
    """
    into, out = usage.get("input_tokens", 0), usage.get("output_tokens", 0)
    if settings.price_input is not None and settings.price_output is not None:
        own = (
            Decimal(repr(settings.price_input)) * into + Decimal(repr(settings.price_output)) * out
        )
        return float(own / _MILLION)
    from genai_prices import Usage, calc_price

    provider, _, model = settings.model.partition(":")
    if provider not in _PROVIDERS or not model:
        provider, model = "openai", settings.model
    tokens = Usage(
        input_tokens=into,
        output_tokens=out,
        cache_read_tokens=min(usage.get("cached_tokens", 0), into),
    )
    try:
        if settings.base_url:
            found = calc_price(tokens, model, provider_api_url=settings.base_url)
        else:
            found = calc_price(tokens, model, provider_id=_PROVIDERS[provider])
    except (LookupError, ValueError):
        return None
    return float(found.total_price)
