"""Answers and summaries from a person's own articles, every sentence with the words that carry it.

Example:
    >>> from assistant import ask
    >>> answer = ask("Who proposed the truce?")         # doctest: +SKIP
    >>> print(answer)                                   # doctest: +SKIP
"""

from assistant.face import (
    Assistant,
    Conversation,
    aask,
    ask,
    asummarize,
    open_library,
    retrieve,
    stream,
    summarize,
)
from assistant.receipt import receipt_of
from assistant.settings import Settings
from assistant.types import (
    NO_ANSWER,
    Answer,
    Checked,
    Citation,
    Cited,
    Claim,
    Disagreement,
    Done,
    Event,
    Notice,
    Restarted,
    Retrieved,
    Summary,
    Token,
    Turn,
    Understood,
    Value,
)
from assistant.verification import Verification, verify

__all__ = [
    "NO_ANSWER",
    "Answer",
    "Assistant",
    "Checked",
    "Citation",
    "Cited",
    "Claim",
    "Conversation",
    "Disagreement",
    "Done",
    "Event",
    "Notice",
    "Restarted",
    "Retrieved",
    "Settings",
    "Summary",
    "Token",
    "Turn",
    "Understood",
    "Value",
    "Verification",
    "aask",
    "ask",
    "asummarize",
    "open_library",
    "receipt_of",
    "retrieve",
    "stream",
    "summarize",
    "verify",
]
