"""What a reasoning model thinks aloud, told apart from what it answers.

Providers send thoughts in a field of their own, as parts of another type, or in the text between
tags. Knows nothing of citations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_TAG = re.compile(
    r"<(?P<end>/)?(?:think(?:ing)?|thoughts?|reasoning)>|\[(?P<close>/)?THINK\]", re.IGNORECASE
)
_TAGS = tuple(
    f"{left}{slash}{name}{right}"
    for left, right, names in (
        ("<", ">", ("think", "thinking", "thought", "thoughts", "reasoning")),
        ("[", "]", ("think",)),
    )
    for name in names
    for slash in ("", "/")
)
_LONGEST = max(map(len, _TAGS))


@dataclass(frozen=True)
class Said:
    """A piece of what a model said: what is answer, and what was thought.

    `void` takes back all text that was given before: it was thought too. It comes with all of the
    thoughts so far.
    """

    text: str = ""
    thoughts: str = ""
    void: bool = False


class ThoughtReader:
    """Splits a stream of LangChain's chunks into answer and thoughts; one for each answer.

    Text between `<think>` and `</think>` is thought, wherever it stands, and to the end where the
    tag is never closed. Some servers put the first tag into the prompt, so that only the second one
    comes: all that came before it was thought. In a stream that is known too late, so that what was
    given is taken back (`Said.void`).

    >>> reader = ThoughtReader()
    >>> [reader.feed(text) for text in ("<thi", "nk>Well", "</think>Yes")]
    [Said(text='', thoughts='', void=False), Said(text='', thoughts='Well', void=False), \
Said(text='Yes', thoughts='', void=False)]
    """

    def __init__(self) -> None:
        self._held = ""
        self._inside = False
        self._opened = False
        """Whether a tag has shown where thoughts begin."""
        self._text = ""
        self._thoughts = ""

    def feed(self, chunk: Any) -> Said:
        """What is certain after a chunk, or a text; what may become a tag is held back."""
        text, thoughts = parts_of(chunk)
        return self._taken(text, thoughts, final=False)

    def close(self) -> Said:
        """What was held back."""
        return self._taken("", "", final=True)

    def _taken(self, text: str, thoughts: str, *, final: bool) -> Said:
        text, self._held = self._held + text, ""
        if not final and (held := _begun(text)):
            text, self._held = text[:-held], text[-held:]
        answer, void, place = "", False, 0
        for tag in _TAG.finditer(text):
            before, place = text[place : tag.start()], tag.end()
            closes = bool(tag["end"] or tag["close"])
            if self._inside:
                thoughts += before
            elif closes and not self._opened:
                void, thoughts, answer = True, thoughts + answer + before, ""
            else:
                answer += before
            self._inside = not closes
            self._opened = True
        rest = text[place:]
        if self._inside:
            thoughts += rest
        else:
            answer += rest
        if not self._text:
            answer = answer.lstrip()
        void = void and bool(self._text)
        if void:
            thoughts = self._text + self._thoughts + thoughts
            self._text = self._thoughts = ""
        self._text += answer
        self._thoughts += thoughts
        return Said(answer, thoughts, void)


def answer_of(message: Any) -> str:
    """The text of a whole LangChain message, without its thoughts."""
    reader = ThoughtReader()
    said, rest = reader.feed(message), reader.close()
    return said.text + rest.text


def parts_of(chunk: Any) -> tuple[str, str]:
    """Text and thoughts of a LangChain message or chunk, as far as its fields tell them apart."""
    if isinstance(chunk, str):
        return chunk, ""
    extra = getattr(chunk, "additional_kwargs", {}).get("reasoning_content")
    thoughts = [extra] if isinstance(extra, str) else []
    if isinstance(chunk.content, str):
        return chunk.content, "".join(thoughts)
    texts = list[str]()
    for part in chunk.content:
        if isinstance(part, str):
            texts.append(part)
        elif isinstance(part, Mapping) and part.get("type") in ("text", "output_text"):
            texts += _strings(part.get("text"))
        elif isinstance(part, Mapping) and _is_thought(part.get("type")):
            thoughts += _strings([part.get(name) for name in _FIELDS])
    return "".join(texts), "".join(thoughts)


_FIELDS = ("thinking", "reasoning", "reasoning_content", "summary", "content", "text")
"""Where parts of a thinking type have their words: Anthropic's, LangChain's own, Bedrock's,
OpenAI's; Mistral has parts in a part."""


def _is_thought(kind: object) -> bool:
    return isinstance(kind, str) and kind.startswith(("thinking", "reasoning"))


def _strings(value: object) -> Iterator[str]:
    """All words of a part, however deep; signatures and numbers are none."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name in _FIELDS:
            yield from _strings(value.get(name))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _strings(item)


def _begun(text: str) -> int:
    """Characters at the end that may be the beginning of a tag."""
    for start in range(max(0, len(text) - _LONGEST), len(text)):
        if text[start] in "<[":
            end = text[start:].lower()
            if any(tag.startswith(end) and tag != end for tag in _TAGS):
                return len(end)
    return 0
