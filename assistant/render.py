"""Answers and summaries as plain text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.types import NO_ANSWER, Answer, Citation, Claim, Notice, Summary

STATUS_WORDS = {
    "corrected": "citation corrected",
    "partly": "only partly in the sources",
    "unsupported": "not in the sources",
}
"""What is said of a sentence that is not simply supported."""

_NEAREST = 3


def answer_text(answer: Answer) -> str:
    """The answer, its numbered sources with the exact words, and what there is to know."""
    lines = [NO_ANSWER] if answer.abstained else [prose(answer.claims)]
    if answer.short and not answer.abstained:
        lines.insert(0, f"{answer.short}\n")
    lines += _sources(answer.citations)
    if answer.abstained and answer.hits:
        lines += ["", "Nearest passages:"]
        lines += [f"  - {_shortened(hit.passage.text)}" for hit in answer.hits[:_NEAREST]]
    return "\n".join([*lines, *_notices(answer.notices)])


def summary_text(summary: Summary) -> str:
    """The summary and its numbered sources."""
    lines = [prose(summary.claims), *_sources(summary.citations), *_notices(summary.notices)]
    return "\n".join(lines)


def prose(claims: Iterable[Claim]) -> str:
    """Sentences with citation numbers; the unsupported ones say so."""
    parts = []
    for claim in claims:
        word = STATUS_WORDS.get(claim.status)
        parts.append(claim.marked + (f" ({word})" if word else ""))
    return " ".join(parts)


def _sources(citations: Sequence[Citation]) -> list[str]:
    lines = [""] if citations else []
    for citation in citations:
        lines.append(f"[{citation.number}] {citation.label}")
        lines.append(f"    “{' '.join(citation.quote.split())}”")
        if citation.url:
            lines.append(f"    {citation.url}")
    return lines


def _notices(notices: Sequence[Notice]) -> list[str]:
    return ["", *(f"Note: {notice.text}" for notice in notices)] if notices else []


def _shortened(text: str, longest: int = 160) -> str:
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    cut = line.rfind(" ", 0, longest)
    return line[: cut if cut > 0 else longest] + " …"
