"""Follow-up questions made to stand alone without a language model; see `docs/CONVERSATION.md`."""

from assistant.follow_up.condense import condense, leans

__all__ = ["condense", "leans"]
