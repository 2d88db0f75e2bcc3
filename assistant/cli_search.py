"""What `assistant search` finds and shows: the passages that an answer would be made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from assistant.cite import cite
from assistant.cli_output import SHORT_ID, Output
from assistant.qa import Assistant
from assistant.topic import is_off_topic
from assistant.types import Citation
from index import Hit

Found = tuple[Hit, Citation]
"""A passage, and how it would be cited."""


def find(assistant: Assistant, text: str, *, k: int | None, **scope: Any) -> list[Found]:
    """The passages that fit the text best; none if nothing is near it.

    Raises:
        QuestionError: the text is empty or too long.
    """
    hits = assistant.retrieve(text, k=k, **scope)
    library = assistant.library
    text = text.strip()
    if is_off_topic(text, library.nearness(text, hits), library.mentions):
        return []  # `ask` would read none of them
    return [
        (hit, cite(library.get(p.article_id, p.version), p.start, p.end))
        for hit in hits
        for p in [hit.passage]
    ]


def show(found: Sequence[Found], text: str, out: Output, *, samples: bool) -> None:
    """Each passage under the id and label of its article, with its place there."""
    if samples and not out.as_json:
        out.note("Your library is empty; these are the sample articles.")
    if not found and not out.as_json:
        out.note("Nothing in the articles is near these words.")
        return
    blocks = [
        "\n".join(
            [
                f"{citation.article_id[:SHORT_ID]}  {citation.label}",
                *(f"    {line.strip()}" for line in citation.quote.split("\n") if line.strip()),
            ]
        )
        for _, citation in found
    ]
    passages = [_record(hit, citation) for hit, citation in found]
    document = {"query": text, "samples": samples, "passages": passages}
    out.say("\n\n".join(blocks), document)


def _record(hit: Hit, citation: Citation) -> dict[str, Any]:
    known = asdict(citation)
    del known["number"]
    text = known.pop("quote")
    return {"id": hit.passage.id, "score": hit.score, **known, "text": text}
