"""What a reasoning model thinks aloud, told apart from what it answers."""

from __future__ import annotations

from typing import Any


class ThoughtFilter:
    """Takes out what a reasoning model thinks aloud at the beginning, `<think>…</think>`."""

    def __init__(self) -> None:
        self._held = ""
        self._open = True

    def feed(self, text: str) -> str:
        """The text that is no thought; held back while it may be one."""
        if not self._open:
            return text
        self._held += text
        begun = self._held.lstrip()
        if not begun.startswith("<think>"[: len(begun)]):
            self._open = False
            return self._held
        _, closed, rest = begun.partition("</think>")
        if closed:
            self._open = False
        return rest.lstrip() if closed else ""


def text_of(message: Any) -> str:
    """The text of a LangChain message or chunk, without its thoughts."""
    content = message.content
    if isinstance(content, str):
        return content
    # Content in parts: the text ones, without a reasoning model's thoughts.
    parts = [p if isinstance(p, str) else p.get("text", "") for p in content if _is_text(p)]
    return "".join(parts)


def _is_text(part: Any) -> bool:
    return isinstance(part, str) or (isinstance(part, dict) and part.get("type") == "text")
