"""The passages as a model reads them: numbered, fenced as data, within its context window."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.state import Source


def fenced(sources: Sequence[Source]) -> str:
    """Numbered passages as data; nothing in an article can close its fence.

    A passage's own angle brackets are replaced by look-alikes, so that only our tags are tags.
    """
    plain = str.maketrans("<>", "‹›")
    return "\n".join(
        f'<passage number="{source.number}" from="{_attribute(source.article.label)}">\n'
        f"{source.text.translate(plain)}\n</passage>"
        for source in sources
    )


def _attribute(text: str) -> str:
    return text.replace("<", "‹").replace(">", "›").replace('"', "'")
