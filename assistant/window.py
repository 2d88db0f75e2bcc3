"""The passages as a model reads them: numbered, fenced as data, within its context window.

Knows nothing of who is asked; `assistant/limits.py` finds out how large the window is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.errors import ModelError
from assistant.state import Source
from assistant.types import NO_ANSWER, Notice
from index import sentences
from prompts import Prompt

ANSWER_SHARE = 4
"""A window's part of this size is kept for the answer where `max_tokens` does not say more."""

TEMPLATE = 100
"""Tokens that a server may put around a prompt."""

LETTER = 0.45
"""Tokens that a lower-case letter counts; see `tokens`."""

LONGEST_WORD = 24
"""Characters from which a run without a space is no word but an address or data."""

LONGEST_ATTRIBUTE = 120
"""Characters of a title or an outlet's name that a model is shown."""

_BEFORE_A_WORD = re.compile(r"(?<! ) (?=[A-Za-z])")
_SMALL = re.compile("[a-z]")
_UNSEEN = re.compile(
    # Joiners stay between two signs of a script, or of an emoji, that is written with them.
    "(?<![^\x00-\x7f\u2000-\u206f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f\u2000-\u206f])"
    "|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Controls, zero-width and filling characters, tags, variation selectors, marks of direction."""


@dataclass(frozen=True)
class Window:
    """How many tokens a model reads and writes together, and how that is known.

    `known` completes "4,096 tokens, …".
    """

    tokens: int
    known: str


@dataclass(frozen=True)
class Fitted:
    """A prompt that fits a window, with the passages that are in it.

    `notices` say what was left out.
    """

    text: str
    sources: tuple[Source, ...]
    notices: tuple[Notice, ...] = ()


def fitted(
    prompt: Prompt,
    question: str,
    sources: Sequence[Source],
    window: Window,
    max_tokens: int | None = None,
) -> Fitted:
    """The prompt with as many of the best passages as leave room for the answer.

    Passages are left out from the last one on, never cut in the middle of a sentence; only the
    first one is shortened, to whole sentences, where not even that fits.

    Args:
        prompt: for an answer.
        question: as it stands alone.
        sources: best first, numbered from 1.
        window: of the model.
        max_tokens: of the answer; a quarter of the window where it is None.

    Raises:
        ModelError: the window is too small for the question and one sentence.
    """
    room = window.tokens - (max_tokens or window.tokens // ANSWER_SHARE) - TEMPLATE

    def filled(shown: Sequence[Source]) -> str:
        return prompt.fill(passages=fenced(shown), question=question, no_answer=NO_ANSWER)

    def fits(shown: Sequence[Source]) -> bool:
        return tokens(filled(shown)) <= room

    kept = list[Source]()
    for source in sources:
        if not fits([*kept, source]):
            break
        kept.append(source)
    shortened = not kept and bool(sources)
    if shortened:
        kept = [_shortened(sources[0], fits, window)]
    left = len(sources) - len(kept)
    notices = (_notice(left, len(sources), shortened, window),) if left or shortened else ()
    return Fitted(filled(kept), tuple(kept), notices)


def tokens(text: str) -> int:
    """How many tokens a text is at most, for any model's tokenizer; nothing is loaded.

    A byte counts one, as no tokenizer in use makes more of it. A lower-case letter of a word counts
    `LETTER` and the space before a word nothing. English news came out as 1.5 to 1.9 times what it
    is, text in other scripts and numbers as 1 to 7 times; only words of random letters are
    more than they count, up to 1.5 times. See `tests/test_window.py`.

    >>> tokens("Two mayors met."), tokens("2023"), tokens("停火")
    (7, 4, 6)
    """
    count = len(text.encode("utf-8", "replace")) - len(_BEFORE_A_WORD.findall(text))
    words = " ".join(word for word in text.split() if len(word) <= LONGEST_WORD)
    return math.ceil(count - (1 - LETTER) * len(_SMALL.findall(words)))


def fenced(sources: Sequence[Source]) -> str:
    """Numbered passages as data; nothing in an article can close its fence.

    A passage's own angle brackets are replaced by look-alikes, so that only our tags are tags, and
    characters that nobody sees are left out, so that nothing is said to the model that a person
    would not read. The article itself stays as it is.
    """
    return "\n".join(
        f"<passage {_attributes(source)}>\n{_plain(source.text)}\n</passage>" for source in sources
    )


def _attributes(source: Source) -> str:
    article = source.article
    day = article.published.isoformat() if article.published else ""
    named = {
        "number": str(source.number),
        "title": article.title,
        "source": article.source,
        "date": day,
    }
    return " ".join(f'{name}="{_value(value)}"' for name, value in named.items() if value)


def _value(text: str) -> str:
    line = " ".join(_plain(text).replace('"', "'").split())
    return line if len(line) <= LONGEST_ATTRIBUTE else line[: LONGEST_ATTRIBUTE - 1] + "…"


def _plain(text: str) -> str:
    return _UNSEEN.sub("", text).translate({ord("<"): "‹", ord(">"): "›"})


def _shortened(source: Source, fits: Callable[[Sequence[Source]], bool], window: Window) -> Source:
    """The passage's first whole sentences, as many as there is room for."""
    passage, language = source.hit.passage, source.article.language or "en"
    for _, end in reversed(sentences(passage.text, language)):
        cut = replace(passage, text=passage.text[:end], end=passage.start + end)
        shorter = replace(source, hit=replace(source.hit, passage=cut))
        if fits([shorter]):
            return shorter
    raise ModelError(
        f"the model reads {window.tokens:,} tokens ({window.known}), too few for the question, a"
        " passage and an answer; see ASSISTANT_CONTEXT and ASSISTANT_MAX_TOKENS"
    )


def _notice(left: int, of: int, shortened: bool, window: Window) -> Notice:
    what = [f"{left} of {of} passages {'was' if left == 1 else 'were'} left out"] if left else []
    what += ["the first passage was shortened"] if shortened else []
    reads = f"the model reads {window.tokens:,} tokens (ASSISTANT_CONTEXT)"
    said = " and ".join(what)
    return Notice("window", f"{said[0].upper()}{said[1:]}: {reads}.")
