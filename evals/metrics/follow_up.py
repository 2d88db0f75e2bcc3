"""Whether a question that stands by itself was left alone, though a conversation precedes it."""

from __future__ import annotations


def untouched(question: str, standalone: str, understood: str) -> float | None:
    """1 if it was searched for as it was typed, else 0; None if it needs the conversation.

    >>> untouched("Where did it rain?", "Where did it rain?", "Where did it rain in Tarn?")
    0.0
    """
    return float(understood == question) if standalone == question else None
