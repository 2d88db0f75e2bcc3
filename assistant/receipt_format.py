"""The format of receipts: its records, its hash, and reading one from outside.

What is read may be damaged or hostile: it is refused in one line. Knows nothing of libraries.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import LoadError
from assistant.types import Status

FORMAT = "cited-assistant receipt"
FORMAT_VERSION = 1

MOST_BYTES = 10_000_000
"""Bytes of a receipt that is read."""

MOST = 10_000
"""Entries of each list of a receipt that is read."""

MAX_DEPTH = 20
"""Levels of a receipt's JSON; ours have eight at most."""


def _a_day(value: str) -> str:
    date.fromisoformat(value)
    return value


_Day = Annotated[str, AfterValidator(_a_day)]
_Hash = Annotated[str, Field(pattern=r"\A[0-9a-f]{64}\z")]
_ArticleId = Annotated[str, Field(pattern=r"\A[0-9a-f]{12}\z")]
_Version = Annotated[str, Field(pattern=r"\A[0-9a-f]{16}\z")]
_Offset = Annotated[int, Field(ge=0)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class ScopeRecord(_Part):
    """What limits the articles."""

    articles: list[str] = []
    tags: list[str] = []
    source: str = ""
    since: _Day | None = None
    until: _Day | None = None
    words: str = ""
    author: str = ""


class FilterRecord(_Part):
    """What the question itself said of source, author or time."""

    kind: str
    words: str
    strict: bool
    scope: ScopeRecord


class UnderstoodRecord(_Part):
    """What was searched for."""

    question: str
    parts: Annotated[list[str], Field(max_length=MOST)]
    filters: Annotated[list[FilterRecord], Field(max_length=MOST)]
    scope: ScopeRecord


class AnswerRecord(_Part):
    """The answer as it was shown."""

    text: str
    short: str
    abstained: bool
    confidence: float | None


class MadeByRecord(_Part):
    """Who answered, and with which settings."""

    answered_by: str
    prompt_hash: str
    seed: int | None
    temperature: float | None
    strict: bool
    passages: int
    usage: dict[str, int]
    cost: float | None


class ClaimRecord(_Part):
    """A sentence, and the numbers of the quotes that carry it."""

    text: str
    status: Status
    reason: str
    suspected: bool
    nearest: str
    quotes: Annotated[list[int], Field(max_length=1_000)]


class ValueRecord(_Part):
    """What one source gives where sources differ."""

    text: str
    source: str
    published: _Day | None
    speaker: str
    claim: ClaimRecord


class DisagreementRecord(_Part):
    """Different answers that the articles give."""

    kind: Literal["development", "contradiction"]
    values: Annotated[list[ValueRecord], Field(max_length=MOST)]


class OriginalRecord(_Part):
    """The file or page that an article came from."""

    name: str = ""
    url: str = ""
    sha256: str = ""


class PassageRecord(_Part):
    """A passage that was read to answer: characters `start` to `end` of that version's text."""

    article: _ArticleId
    version: _Version
    start: _Offset
    end: _Offset


class QuoteRecord(PassageRecord):
    """Words of a source."""

    number: int
    quote: Annotated[str, Field(min_length=1)]
    quote_sha256: _Hash
    text_sha256: _Hash
    title: str
    source: str
    published: _Day | None
    url: str
    locator: str
    language: str
    fictional: bool
    also: list[str]
    original: OriginalRecord


class NoticeRecord(_Part):
    """Something that was said beside the answer."""

    kind: str
    text: str


class Receipt(_Part):
    """A receipt that was read."""

    format: str
    format_version: int
    program: str
    written: str
    question: str
    understood: UnderstoodRecord
    answer: AnswerRecord
    made_by: MadeByRecord
    claims: Annotated[list[ClaimRecord], Field(max_length=MOST)]
    disagreement: DisagreementRecord | None
    quotes: Annotated[list[QuoteRecord], Field(max_length=MOST)]
    passages: Annotated[list[PassageRecord], Field(max_length=MOST)]
    notices: Annotated[list[NoticeRecord], Field(max_length=MOST)]
    sha256: _Hash

    @property
    def stated(self) -> list[ClaimRecord]:
        """All sentences: of the answer, then those that sources differ by."""
        values = self.disagreement.values if self.disagreement else []
        return [*self.claims, *(value.claim for value in values)]


def document_hash(document: Mapping[str, Any]) -> str:
    """SHA-256 of all but the field `sha256`, in hex; the order of fields and the layout are aside.

    It shows that something was changed by accident. It is no signature: who changes the text can
    change this too.
    """
    rest = {name: value for name, value in document.items() if name != "sha256"}
    canonical = json.dumps(rest, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def read_receipt(data: bytes) -> tuple[Receipt, bool]:
    """A receipt from outside, and whether it is as it was written, going by its own hash.

    Raises:
        LoadError: it is none, or one of a newer format.
    """
    if len(data) > MOST_BYTES:
        raise LoadError(f"the receipt is longer than {MOST_BYTES:,} bytes; give another one")
    try:
        found = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once)
        if not isinstance(found, dict) or found.get("format") != FORMAT:
            raise LoadError("this is no receipt; `assistant ask --receipt FILE` writes one")
        if found.get("format_version") != FORMAT_VERSION:
            raise LoadError(
                f"the receipt has the format {found.get('format_version')!r:.20}, this program "
                f"knows {FORMAT_VERSION}; install the newest version"
            )
        if _is_deep(found):
            raise LoadError(f"the receipt is nested more than {MAX_DEPTH} levels deep")
        receipt = Receipt.model_validate(found)
        if sum(len(claim.quotes) for claim in receipt.stated) > MOST:
            raise LoadError(f"the sentences of the receipt name over {MOST:,} quotes")
        return receipt, document_hash(found) == receipt.sha256
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        reason = f"{where!r:.80}: {first['msg']}"
    except RecursionError:
        reason = "it is nested too deeply"
    except ValueError as error:
        reason = f"it is no JSON in UTF-8, {error!s:.100}"
    raise LoadError(f"the receipt cannot be read ({reason:.300}); give one as it was written")


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON; of a name that stands twice, no reader could say which one counts."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _is_deep(value: object, left: int = MAX_DEPTH) -> bool:
    """Whether lists and objects are nested deeper than `left` levels."""
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return not left or any(_is_deep(part, left - 1) for part in inner)
