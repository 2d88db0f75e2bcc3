"""What a question itself says of source, author and time, read by rules for English."""

from assistant.stated.question import normal, stated, told, without_filters

__all__ = ["normal", "stated", "told", "without_filters"]
