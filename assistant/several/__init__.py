"""Questions of several parts, comparisons, and counts over articles."""

from assistant.several.gather import Several

__all__ = ["Several"]
