"""Hybrid search: dense and BM25 candidates, each given both scores, fused."""

from __future__ import annotations

from collections.abc import Sequence
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
        if allowed == [] or not catalogue.count_passages():
            return []
        vector = self._query_vector(query)
        lexical = catalogue.bm25(query, max(DEPTH, 2 * k), allowed)
        rows = {row.passage.id: row for row, _ in lexical}
        bm25 = {row.passage.id: score for row, score in lexical}
        cosine, found = self._dense(vector, max(DEPTH, 2 * k), allowed)
        rows |= found
        # Each candidate gets both of its scores, whichever search brought it.
        missing = [name for name in rows if name not in cosine]
        cosine |= {name: float(vector @ v) for name, v in vectors.get(missing).items()}
        numbers = {row.number: name for name, row in rows.items() if name not in bm25}
        more = catalogue.bm25_scores(query, list(numbers))
        bm25 |= {numbers[number]: score for number, score in more.items()}
        fused = fuse({name: s for name, s in cosine.items() if name in rows}, bm25, weight)
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
