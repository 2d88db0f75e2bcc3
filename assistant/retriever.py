"""The library as a LangChain retriever, usable in anybody's chain."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from index import Hit, Library, NotFoundError, Passage, Scope
from index.copies import is_told, shingles


class LibraryRetriever(BaseRetriever):
    """Passages of a library as documents, best first.

    Each document's metadata has what a citation needs: `article_id`, `version`, `start` and `end`
    (offsets into that version's text), `score`, `title`, `source` and `published`. Passages that
    are word for word the same come once, and so do those of near copies that tell nothing new; the
    articles `behind` give way to their copies.

    Example:
        retriever = LibraryRetriever(library=library, k=4)
        documents = retriever.invoke("truce proposal")
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    library: Library
    k: int = 8
    scope: Scope = Field(default_factory=Scope)
    behind: frozenset[str] = frozenset()

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        depth = 2 * self.k
        while True:
            hits = self._search(query, depth)
            kept = self._distinct(hits)
            if len(kept) >= self.k or len(hits) < depth:
                return [*filter(None, map(self._document, kept[: self.k]))]
            depth *= 2  # copies took the places of others

    def _search(self, query: str, k: int) -> list[Hit]:
        return self.library.search(
            query,
            k,
            articles=self.scope.articles,
            tags=self.scope.tags,
            source=self.scope.source,
            since=self.scope.since,
            until=self.scope.until,
            author=self.scope.author,
        )

    def _distinct(self, hits: list[Hit]) -> list[Hit]:
        """The hits without those that repeat what a better one of the same origin tells."""
        groups = self.library.copy_groups({hit.passage.article_id for hit in hits})
        origin = {name: group[0] for group in groups for name in group}
        kept: dict[str, Hit] = {}
        for hit in sorted(hits, key=lambda hit: hit.passage.article_id in self.behind):
            own = origin.get(hit.passage.article_id)
            told = (
                shingles(one.passage.text)
                for one in kept.values()
                if own
                and origin.get(one.passage.article_id) == own
                and one.passage.article_id != hit.passage.article_id
            )
            if not any(is_told(hit.passage.text, before) for before in told):
                kept.setdefault(hit.passage.text, hit)
        return sorted(kept.values(), key=lambda hit: -hit.score)

    def _document(self, hit: Hit) -> Document | None:
        passage = hit.passage
        try:
            article = self.library.get(passage.article_id, passage.version)
        except NotFoundError:  # removed meanwhile
            return None
        metadata: dict[str, Any] = {
            "article_id": passage.article_id,
            "version": passage.version,
            "start": passage.start,
            "end": passage.end,
            "score": hit.score,
            "title": article.title,
            "source": article.source,
            "published": article.published.isoformat() if article.published else "",
        }
        return Document(id=passage.id, page_content=passage.text, metadata=metadata)


def hit_of(document: Document) -> Hit:
    """The hit that a document of `LibraryRetriever` stands for."""
    known = document.metadata
    assert document.id is not None
    passage = Passage(
        id=document.id,
        article_id=known["article_id"],
        version=known["version"],
        start=known["start"],
        end=known["end"],
        text=document.page_content,
    )
    return Hit(passage, known["score"])
