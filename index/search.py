"""Hybrid search: dense and BM25 candidates, each given both scores, fused."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import nlargest
from typing import TYPE_CHECKING

from index.catalogue import Row
from index.fuse import fuse
from index.store import Store
from index.types import Hit, Scope, storable

if TYPE_CHECKING:
    from index.embed import Vectors

DEPTH = 50
"""Candidates that the dense and the lexical search each bring, at least."""


class Searcher:
    """Searches one store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._last_query: tuple[str, Vectors | None] = ("", None)

    def search(self, query: str, k: int, scope: Scope, weight: float) -> list[Hit]:
        """The k best passages in the scope; arguments as `Library.search`."""
        query = storable(query)
        if not query.strip() or k < 1:
            return []
        catalogue, vectors = self._store.catalogue, self._store.vectors
        allowed = catalogue.ids(scope) if scope else None
        if allowed == [] or catalogue.is_empty:
            return []
        depth = max(DEPTH, 2 * k)
        vector = self._query_vector(query)
        cosine, rows = self._dense(vector, depth, allowed)
        lexical = catalogue.bm25(query, allowed)
        rows |= catalogue.numbered(nlargest(depth, lexical, key=lexical.__getitem__))
        # Each candidate gets both of its scores, whichever search brought it.
        missing = [name for name in rows if name not in cosine]
        cosine |= {name: float(vector @ v) for name, v in vectors.get(missing).items()}
        fused = fuse(
            {name: score for name, score in cosine.items() if name in rows},
            {name: lexical[row.number] for name, row in rows.items() if row.number in lexical},
            weight,
        )
        return [Hit(rows[name].passage, score) for name, score in list(fused.items())[:k]]

    def nearness(self, query: str, hits: Sequence[Hit]) -> float:
        """Cosine of the query and the nearest of these hits, 0 without any."""
        vectors = self._store.vectors.get([hit.passage.id for hit in hits]).values()
        query_vector = self._query_vector(query)
        return max((float(query_vector @ vector) for vector in vectors), default=0.0)

    def _query_vector(self, query: str) -> Vectors:
        """Unit vector of a query, shape (dimensions,); the last one is kept."""
        known, vector = self._last_query
        if vector is None or known != query:
            vector = self._store.embedder.encode([query])[0]
            self._last_query = (query, vector)
        return vector

    def _dense(
        self, vector: Vectors, k: int, allowed: Sequence[str] | None
    ) -> tuple[dict[str, float], dict[str, Row]]:
        """Nearest searched passages; looks deeper while unpublished vectors fill the list."""
        while True:
            cosine = self._store.vectors.query(vector, k, allowed)
            rows = self._store.catalogue.rows(list(cosine))
            if len(rows) >= min(k, DEPTH) or len(cosine) < k:
                return {name: cosine[name] for name in cosine if name in rows}, rows
            k *= 4
