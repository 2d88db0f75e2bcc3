"""The person's own library and the sample articles: two stores that never mix."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.errors import DamagedIndexError
from assistant.settings import Settings
from index import Article, Library
from index.load import Item, load
from index.store import OnProgress

SAMPLES = Path(__file__).parent
"""Folder of the sample articles."""


def own_library(settings: Settings, **kwargs: Any) -> Library:
    """The person's own library, made empty if there is none; keyword arguments as `Library.open`.

    Raises:
        StoreError: it cannot be opened; says why and what to do.
    """
    return Library.open(
        settings.place,
        embedding=settings.embedding,
        catalogue=settings.catalogue_folder,
        private_addresses=settings.private_addresses,
        **kwargs,
    )


def sample_articles() -> list[Article]:
    """The sample articles, each under the key `sample:<name of its file>`."""
    return [
        replace(load(Item(path.name, path=path)), key=f"sample:{path.stem}", url="", language="en")
        for path in sorted(SAMPLES.glob("*.md"))
    ]


def sample_library(settings: Settings, on_progress: OnProgress | None = None) -> Library:
    """The library of sample articles, brought up to date with those that are shipped."""
    library = Library.open(
        settings.samples_store / settings.embedding.replace("/", "--"),
        embedding=settings.embedding,
    )
    try:
        library.check()
    except DamagedIndexError:  # nothing of the person's is in it, so nobody need be asked
        library.rebuild(on_progress)
    shipped = sample_articles()
    current = {(article.id, article.version, article.meta_hash) for article in shipped}
    stored = {(a.id, a.version, a.meta_hash) for a in library.articles()}
    if stale := [name for name, *_ in stored if name not in {a.id for a in shipped}]:
        library.remove(stale)
    if current - stored:
        library.add(shipped, on_progress=on_progress)
    return library
