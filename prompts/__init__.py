"""The texts sent to a language model, one Markdown file each; knows nothing of who sends them.

A prompt's variables stand in braces, `{question}`. `load_prompt` checks that a file has exactly the
variables that are declared here, so that neither an edit nor a person's own file can drift.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

VARIABLES: dict[str, frozenset[str]] = {
    "answer": frozenset({"no_answer", "passages", "question"}),
    "condense": frozenset({"conversation", "question"}),
    "filters": frozenset({"authors", "question", "sources", "today"}),
}
"""Variables of each prompt."""


class PromptError(ValueError):
    """A prompt file is missing or its variables are not the declared ones."""


@dataclass(frozen=True)
class Prompt:
    """A prompt's text and its hash, twelve hex digits."""

    name: str
    text: str

    @property
    def hash(self) -> str:
        """Stands for the version of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]

    def fill(self, **values: str) -> str:
        """The text with its variables filled in; braces inside values stay as they are.

        Raises:
            PromptError: a variable is missing or unknown.
        """
        if set(values) != VARIABLES[self.name]:
            raise PromptError(f"prompt {self.name!r} takes {_listed(VARIABLES[self.name])}")
        return self.text.format(**values)


def load_prompt(name: str, folder: str | Path = "") -> Prompt:
    """A prompt from `folder` if there is a file of that name, else the shipped one.

    Raises:
        PromptError: no such prompt, or its variables are not the declared ones.
    """
    if name not in VARIABLES:
        raise PromptError(f"no prompt {name!r}; there are {_listed(VARIABLES)}")
    own = Path(folder, f"{name}.md") if folder else None
    path = own if own and own.is_file() else Path(__file__).parent / f"{name}.md"
    text = path.read_text(encoding="utf-8").strip()
    try:
        found = {field for _, field, _, _ in Formatter().parse(text) if field is not None}
    except ValueError as error:
        raise PromptError(
            f"{str(path)!r}: {error}; write {{{{ and }}}} for plain braces"
        ) from error
    if found != VARIABLES[name]:
        raise PromptError(
            f"{str(path)!r} has the variables {_listed(found)}; "
            f"it must have exactly {_listed(VARIABLES[name])}"
        )
    return Prompt(name, text)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names)) or "none"
