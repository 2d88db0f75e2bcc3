"""Articles in, passages out: loading, splitting, embedding, storing and hybrid search.

Knows nothing of prompts, language models, answers or the user interface.
"""

from index.embed import DEFAULT_MODEL, Embedder
from index.errors import (
    AssistantError,
    DamagedIndexError,
    EmbeddingError,
    FetchError,
    InputError,
    LoadError,
    ModelError,
    NotFoundError,
    OtherModelError,
    QuestionError,
    SettingsError,
    StoreBusyError,
    StoreError,
    StoreFullError,
    StoreTooNewError,
)
from index.history import Difference, differences
from index.library import Library
from index.load import Item
from index.loaders import Columns
from index.local import LOCAL_ONLY
from index.purging import Purge
from index.split import sentences
from index.store import Progress, StopAdding
from index.types import AddReport, Article, Change, Facets, Failure, Hit, Locator, Passage, Scope

__all__ = [
    "DEFAULT_MODEL",
    "LOCAL_ONLY",
    "AddReport",
    "Article",
    "AssistantError",
    "Change",
    "Columns",
    "DamagedIndexError",
    "Difference",
    "Embedder",
    "EmbeddingError",
    "Facets",
    "Failure",
    "FetchError",
    "Hit",
    "InputError",
    "Item",
    "Library",
    "LoadError",
    "Locator",
    "ModelError",
    "NotFoundError",
    "OtherModelError",
    "Passage",
    "Progress",
    "Purge",
    "QuestionError",
    "Scope",
    "SettingsError",
    "StopAdding",
    "StoreBusyError",
    "StoreError",
    "StoreFullError",
    "StoreTooNewError",
    "differences",
    "sentences",
]
