"""How many articles mention something, and which: counted over the whole scope.

An article counts if it holds all content words of what is named; copies of one origin are one.
Knows nothing of readers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.features import Candidate, candidates
from assistant.several.compare import Asked
from assistant.state import Draft, Evidence, Query, Source
from assistant.types import Notice
from assistant.words import content, names, plain
from index import Article, Hit, Library

SHOWN = 12
"""Articles of which a sentence is shown; the others are only counted."""


def counted(
    library: Library,
    query: Query,
    asked: Asked,
    sources_of: Callable[[Sequence[Hit]], tuple[Source, ...]],
) -> Evidence | None:
    """The articles that mention it, with the whole answer; None if nothing can be looked for.

    Args:
        library: where to look.
        query: its scope holds.
        asked: of the kind `count`, `which` or `about`.
        sources_of: makes numbered sources of hits.
    """
    if not content(asked.what):
        return None
    found = mentioning(library, query, asked.what)
    hits = [hit for one in found[:SHOWN] if (hit := _passage(library, one, asked.what))]
    sources = sources_of(hits)
    evidence = Evidence(query=query, sources=sources)
    if not sources:
        return replace(evidence, told=(Draft(abstained=True, answered_by="keyless"),))
    number = f"{len(found)} article{'s' * (len(found) != 1)}"
    short = {"count": number, "which": _titles(sources, len(found))}.get(asked.kind, "")
    pieces = [Draft(answered_by="keyless", short=short)]
    for source in sources:
        best = _sentence(source, asked.what)
        lead = " " if len(pieces) > 1 else ""
        words = " ".join(best.text.split())
        pieces.append(Draft(text=f"{lead}{words}", cites=(source.number,), whole=True))
    if more := len(found) - len(sources):
        text = f"{number} mention it; a sentence of {len(sources)} is shown, not of {more}."
        pieces.append(Draft(notices=(Notice("left_out", text),)))
    return replace(evidence, told=tuple(pieces))


def mentioning(library: Library, query: Query, what: str) -> list[Article]:
    """The articles of the scope that hold all content words of `what`, copies once, newest first.

    The name of an outlet is in the index too, but is no mention.
    """
    scope = query.understood.scope
    held = library.articles(
        articles=scope.articles,
        tags=scope.tags,
        source=scope.source,
        since=scope.since,
        until=scope.until,
        words=f"{scope.words} {what}".strip(),
        author=scope.author,
    )
    known = {article.id: article for article in held if _mentions(article, what)}
    groups = library.copy_groups(known)
    copies = {name for group in groups for name in [one for one in group if one in known][1:]}
    return [article for name, article in known.items() if name not in copies]


def _mentions(article: Article, what: str) -> bool:
    """Whether title and text have all words, those of a name side by side, and the text some."""
    text, title = content(article.text), content(article.title)
    wanted = set(content(what))
    if not wanted & set(text) or not wanted <= {*text, *title}:
        return False
    whole = plain(f"{article.title}\n{article.text}")
    return all(name.search(whole) for name in _names(what))


def _names(what: str) -> list[re.Pattern[str]]:
    """Each name of several words, to be found as it is written."""
    runs = re.findall(r"[A-Z][\w'-]*(?: [A-Z][\w'-]*)+", plain(what))
    return [re.compile(rf"\b{re.escape(run)}\b".replace(r"\ ", r"\s+"), re.I) for run in runs]


def _passage(library: Library, article: Article, what: str) -> Hit | None:
    """The article's passage with the sentence that mentions it best."""
    hits = [Hit(passage, 1.0) for passage in library.passages(article.id)]
    pool = candidates([Source(i, hit, article) for i, hit in enumerate(hits, start=1)])
    best = max(pool, key=lambda one: _share(one, what), default=None)
    return best.source.hit if best else None


def _sentence(source: Source, what: str) -> Candidate:
    return max(candidates([source]), key=lambda one: _share(one, what))


def _share(candidate: Candidate, what: str) -> tuple[int, int, int]:
    """How much of `what` the sentence has, whole names first; of equals the first is best."""
    here = set(content(candidate.text))
    whole = sum(name.search(plain(candidate.text)) is not None for name in _names(what))
    return whole, len(names(f"so {what}") & here), len(set(content(what)) & here)


def _titles(sources: Sequence[Source], total: int) -> str:
    titles = [source.article.title or source.article.label for source in sources]
    more = f" and {total - len(titles)} more" * (total > len(titles))
    return "; ".join(titles) + more
