"""What becomes of answers when articles that they quote are removed or changed.

Pure functions of answers and of entries in the library's log of changes; knows nothing of who keeps
the answers, or shows them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.types import Answer
from index import Change


@dataclass(frozen=True)
class Outdated:
    """What changes of the articles mean for one answer.

    `removed`: an article that it quotes is gone. `changed`: titles of quoted articles whose text is
    another one since.
    """

    removed: bool = False
    changed: tuple[str, ...] = ()


def affected(answer: Answer, changes: Iterable[Change]) -> Outdated:
    """What these changes, all later than the answer, mean for it.

    >>> from assistant.types import Citation, Claim
    >>> quote = Citation(1, "a1", "v1", 0, 8, "It rained", title="Rain")
    >>> answer = Answer("Did it rain?", (Claim("It rained.", (quote,)),))
    >>> affected(answer, [Change(7, "changed", "a1", "v1")])
    Outdated(removed=False, changed=('Rain',))
    >>> affected(answer, [Change(8, "removed", "a1", "v2")])
    Outdated(removed=True, changed=())
    """
    known = tuple(changes)
    gone = removed_ids(known)
    other = {(c.article_id, c.version) for c in known if c.event == "changed"}
    quoted = answer.citations
    titles = [c.title or "Untitled" for c in quoted if (c.article_id, c.version) in other]
    return Outdated(
        removed=any(citation.article_id in gone for citation in quoted),
        changed=tuple(dict.fromkeys(titles)),
    )


def removed_ids(changes: Iterable[Change]) -> frozenset[str]:
    """Ids of the articles that were removed."""
    return frozenset(change.article_id for change in changes if change.event == "removed")


def remaining(answers: Sequence[Answer | None], changes: Iterable[Change]) -> list[Answer | None]:
    """The answers of a conversation, oldest first, without what came from removed articles.

    In place of an answer that quotes one there is None. What the others retrieved of it is left
    out; and as a later question may have been rewritten with words of an answer that is dropped,
    what it was understood as is left out too (the next follow-up works it out anew).
    """
    known = tuple(changes)
    gone = removed_ids(known)
    kept: list[Answer | None] = []
    dropped = False
    for answer in answers:
        if answer is None or affected(answer, known).removed:
            dropped |= answer is not None
            kept.append(None)
            continue
        hits = tuple(hit for hit in answer.hits if hit.passage.article_id not in gone)
        if hits != answer.hits:
            answer = replace(answer, hits=hits)
        if dropped and answer.understood.question != answer.question:
            answer = replace(answer, understood=replace(answer.understood, question=""))
        kept.append(answer)
    return kept
