"""Answers and summaries as plain text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from assistant.stated import told
from assistant.types import (
    NO_ANSWER,
    Answer,
    Citation,
    Claim,
    Disagreement,
    DisagreementKind,
    Notice,
    Summary,
)

STATUS_WORDS = {
    "corrected": "citation corrected",
    "partly": "only partly in the sources",
    "unsupported": "not in the sources",
}
"""What is said of a sentence that is not simply supported."""

DIFFER: Mapping[DisagreementKind, str] = {
    "contradiction": "Sources differ",
    "development": "This changed over time",
}
"""The heading of answers that differ."""

LACKS = ("missing", "off_topic")
"""Kinds of notices that say why there is no answer; they stand right behind it."""

STEPS = ((90, "very likely"), (66, "likely"), (33, "uncertain"), (0, "doubtful"))
"""The least percentage for each word; the borders are those of the IPCC's scale of likelihood
(Mastrandrea et al. 2010)."""

_NEAREST = 3


def answer_text(answer: Answer) -> str:
    """The short answer, the sentences, their numbered sources, and what there is to know."""
    if answer.abstained:
        return NO_ANSWER + below(answer)
    short = f"{_flat(answer.short)}\n\n" if answer.short else ""
    return short + prose(answer.claims) + below(answer)


def below(answer: Answer) -> str:
    """What follows the sentences of an answer, from the line end on; may be empty."""
    lacks = [notice.text for notice in answer.notices if notice.kind in LACKS]
    lines = ["", *map(_flat, lacks)] if lacks else []
    lines += _differing(answer.disagreement) + _sources(answer.citations)
    if answer.abstained and answer.hits:
        lines += ["", "Nearest passages:"]
        lines += [f"  - {_shortened(hit.passage.text)}" for hit in answer.hits[:_NEAREST]]
    if answer.confidence is not None and not answer.abstained:
        lines += ["", f"Confidence: {confidence_words(answer.confidence)}"]
    elif guess := best_guess(answer):
        lines += ["", guess]
    lines += _understood(answer)
    others = [notice for notice in answer.notices if notice.kind not in LACKS]
    return "".join(f"\n{line}" for line in [*lines, *_notices(others)])


def asked_instead(answer: Answer) -> tuple[str, ...]:
    """The questions that were asked in place of the one typed; none if it was asked as it is."""
    understood = answer.understood
    if understood.parts:
        return understood.parts
    said = understood.question
    return (said,) if said and said != answer.question.strip() else ()


def confidence_words(confidence: float) -> str:
    """A confidence from 0 to 1 in words, see `STEPS`, with its percentage.

    >>> [confidence_words(chance) for chance in (0.93, 0.83, 0.5, 0.2)]
    ['very likely (93 %)', 'likely (83 %)', 'uncertain (50 %)', 'doubtful (20 %)']
    """
    # By the rounded number, so that no two answers with the same one have different words.
    word = next((word for least, word in STEPS if round(100 * confidence) >= least), STEPS[-1][1])
    return f"{word} ({percent(confidence)})"


def percent(confidence: float) -> str:
    """A confidence as a whole percentage that never claims certainty.

    >>> percent(0.83), percent(0.999), percent(0.001)
    ('83 %', 'over 99 %', 'under 1 %')
    """
    whole = round(100 * confidence)
    return "under 1 %" if whole < 1 else "over 99 %" if whole > 99 else f"{whole} %"


def best_guess(answer: Answer) -> str:
    """How likely the guess was that an answer holds back, and what to set to see such guesses.

    Empty unless the answer abstained with a guess in hand. What was left out because no source
    carries it is no guess: another threshold would not show it.
    """
    left_out = any(notice.kind == "left_out" for notice in answer.notices)
    if not answer.abstained or not answer.confidence or left_out:
        return ""
    return (
        f"The best guess was {percent(answer.confidence)} likely to be right; "
        "ASSISTANT_THRESHOLD sets how sure an answer must be."
    )


def summary_text(summary: Summary) -> str:
    """The summary and its numbered sources."""
    lines = [prose(summary.claims), *_sources(summary.citations), *_notices(summary.notices)]
    return "\n".join(lines)


def prose(claims: Iterable[Claim]) -> str:
    """Sentences with citation numbers; those that are unsupported, or unsure answers, say so."""
    parts = []
    for claim in claims:
        word = STATUS_WORDS.get(claim.status) or ("not sure" if claim.nearest else "")
        parts.append(claim.marked + (f" ({word})" if word else ""))
    return " ".join(parts)


def _differing(disagreement: Disagreement | None) -> list[str]:
    """A line for each value: date, source and speaker, the value, its citation."""
    if disagreement is None:
        return []
    lines = ["", f"{DIFFER[disagreement.kind]}:"]
    for value in disagreement.values:
        said = prose([replace(value.claim, text=value.text)])
        lines.append(f"  - {_flat(f'{value.label}: {said}')}")
    return lines


def _sources(citations: Sequence[Citation]) -> list[str]:
    lines = [""] if citations else []
    for citation in citations:
        lines.append(f"[{citation.number}] {citation.label}")
        lines.append(f"    “{_flat(citation.quote)}”")
        if citation.also:
            lines.append(f"    also in: {', '.join(citation.also)}")
        if citation.url:
            lines.append(f"    {citation.url}")
    return lines


def _notices(notices: Sequence[Notice]) -> list[str]:
    return ["", *(f"Note: {notice.text}" for notice in notices)] if notices else []


def _understood(answer: Answer) -> list[str]:
    """What was asked in place of the question, and what it was taken to limit itself to."""
    asked = " / ".join(_flat(question) for question in asked_instead(answer))
    limits = [f"{told(one)} (“{_flat(one.words)}”)" for one in answer.understood.filters]
    lines = [f"Asked: {asked}"] if asked else []
    if limits:
        lines.append(f"The question asks for: {'; '.join(limits)}")
    return ["", *lines] if lines else []


def _flat(text: str) -> str:
    return " ".join(text.split())


def _shortened(text: str, longest: int = 160) -> str:
    line = _flat(text)
    if len(line) <= longest:
        return line
    cut = line.rfind(" ", 0, longest)
    return line[: cut if cut > 0 else longest] + " …"
