"""Every error that this project raises on purpose; knows nothing of who reports it.

    AssistantError                  the root: one line that says what to do
    ├── InputError                  what was given cannot be used (exit code 2)
    │   ├── LoadError               a file, folder or address that cannot be read as an article
    │   │   └── FetchError          a web address that may not or cannot be fetched
    │   ├── QuestionError           an empty or oversized question
    │   ├── SettingsError           a setting that makes no sense
    │   └── NotFoundError           no such article or version
    ├── StoreError                  the store cannot be used (exit code 1)
    │   ├── StoreBusyError          another process held the lock too long
    │   ├── StoreFullError          no space left on the disk
    │   ├── StoreTooNewError        made by a newer program
    │   ├── OtherModelError         made with another embedding model
    │   └── DamagedIndexError       Chroma cannot be read: rebuild it
    ├── EmbeddingError              the embedding model cannot be loaded
    ├── ReaderError                 the built-in reader's files are missing or changed
    └── ModelError                  the language model failed (raised in assistant/)

The root lives here because `index` is the lowest package that raises it; `assistant.errors`
shows the same tree under the name that most callers use.
"""


class AssistantError(Exception):
    """Root of all errors raised on purpose; `str(error)` is one line for a person."""

    exit_code = 1


class InputError(AssistantError):
    """What was given cannot be used as it is."""

    exit_code = 2


class LoadError(InputError):
    """A file, folder or address cannot be read as an article."""


class FetchError(LoadError):
    """A web address may not or cannot be fetched; `status` is what the site answered, if it did."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class QuestionError(InputError):
    """An empty or oversized question."""


class SettingsError(InputError):
    """A setting that makes no sense."""


class NotFoundError(InputError):
    """No such article or version."""


class StoreError(AssistantError):
    """The store cannot be used as it is."""


class StoreBusyError(StoreError):
    """Another process held the lock for too long."""


class StoreFullError(StoreError):
    """No space is left on the disk of the store."""


class StoreTooNewError(StoreError):
    """The store was made by a newer program."""


class OtherModelError(StoreError):
    """The store was made with another embedding model."""


class DamagedIndexError(StoreError):
    """The vector index cannot be read; `assistant rebuild` makes it anew."""


class EmbeddingError(AssistantError):
    """The embedding model cannot be loaded."""


class ReaderError(AssistantError):
    """The built-in reader's files are missing or not the ones that were shipped."""


class ModelError(AssistantError):
    """The language model failed; `kind` names the fault, `wait` the seconds that it asks for."""

    def __init__(self, message: str, kind: str = "", wait: float | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.wait = wait
