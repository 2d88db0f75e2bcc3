"""The error tree under the name that callers look for first; see `index.errors` for the drawing."""

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
    ReaderError,
    SettingsError,
    StoreBusyError,
    StoreError,
    StoreFullError,
    StoreTooNewError,
)

__all__ = [
    "AssistantError",
    "DamagedIndexError",
    "EmbeddingError",
    "FetchError",
    "InputError",
    "LoadError",
    "ModelError",
    "NotFoundError",
    "OtherModelError",
    "QuestionError",
    "ReaderError",
    "SettingsError",
    "StoreBusyError",
    "StoreError",
    "StoreFullError",
    "StoreTooNewError",
]
