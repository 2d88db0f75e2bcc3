"""The receipt of an answer: a JSON document that lets anyone check it again; see `docs/RECEIPT.md`.

Owns what is written; `assistant.receipt_format` reads it, `assistant.verification` says whether it
still holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from assistant.receipt_format import FORMAT, FORMAT_VERSION, document_hash
from assistant.settings import Settings
from assistant.types import Answer, Citation, Claim, Disagreement
from index import Article, Library, Scope
from index.types import digest

# What UTF-8 cannot hold, and invisible characters that command a terminal or turn text around.
_ESCAPED = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def receipt_of(
    answer: Answer, library: Library, settings: Settings, *, now: datetime | None = None
) -> dict[str, Any]:
    """An answer's receipt as JSON-ready values, always in the same order.

    Args:
        answer: as it was given.
        library: where its quotes stand.
        settings: that it was made with.
        now: when the receipt is written, else this moment.

    Raises:
        NotFoundError: an article that it quotes was removed since.
    """
    by_model = bool(answer.prompt_hash)
    document: dict[str, Any] = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "program": f"cited-assistant {version('cited-assistant')}",
        "written": (now or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds"),
        "question": answer.question,
        "understood": {
            "question": answer.understood.question,
            "parts": list(answer.understood.parts),
            "filters": [
                {
                    "kind": one.kind,
                    "words": one.words,
                    "strict": one.strict,
                    "scope": _scope(one.scope),
                }
                for one in answer.understood.filters
            ],
            "scope": _scope(answer.understood.scope),
        },
        "answer": {
            "text": answer.text,
            "short": answer.short,
            "abstained": answer.abstained,
            "confidence": answer.confidence,
        },
        "made_by": {
            "answered_by": answer.answered_by,
            "prompt_hash": answer.prompt_hash,
            "seed": answer.seed,
            "temperature": settings.temperature if by_model else None,
            "strict": settings.strict,
            "passages": settings.passages,
            "usage": dict(answer.usage),
            "cost": answer.cost,
        },
        "claims": [_claim(claim) for claim in answer.claims],
        "disagreement": _disagreement(answer.disagreement),
        "quotes": [
            _quote(one, library.get(one.article_id, one.version)) for one in answer.citations
        ],
        "passages": [
            {
                "article": hit.passage.article_id,
                "version": hit.passage.version,
                "start": hit.passage.start,
                "end": hit.passage.end,
            }
            for hit in answer.hits
        ],
        "notices": [{"kind": notice.kind, "text": notice.text} for notice in answer.notices],
    }
    return {**document, "sha256": document_hash(document)}


def receipt_bytes(document: Mapping[str, Any]) -> bytes:
    """A receipt as it is written to a file."""
    text = json.dumps(document, ensure_ascii=False, indent=2)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode() + b"\n"


def receipt_name(document: Mapping[str, Any]) -> str:
    """A file name for a receipt.

    >>> receipt_name({"written": "2026-11-22T09:12:00+00:00", "question": "Who? ../Me"})
    'receipt-2026-11-22-who-me.json'
    """
    words = re.findall(r"\w+", str(document["question"])[:200].lower())
    kept = "-".join(words).encode()[:60].decode(errors="ignore").rstrip("-")
    return f"receipt-{str(document['written'])[:10]}-{kept or 'answer'}.json"


def _scope(scope: Scope) -> dict[str, Any]:
    """What limits the articles, without what limits nothing."""
    known = {name: value for name, value in asdict(scope).items() if value}
    return {
        name: value.isoformat()
        if isinstance(value, date)
        else list(value)
        if isinstance(value, tuple)
        else value
        for name, value in known.items()
    }


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "text": claim.text,
        "status": claim.status,
        "reason": claim.reason,
        "suspected": claim.suspected,
        "nearest": claim.nearest,
        "quotes": [citation.number for citation in claim.citations],
    }


def _disagreement(found: Disagreement | None) -> dict[str, Any] | None:
    if found is None:
        return None
    values = [
        {
            "text": value.text,
            "source": value.source,
            "published": value.published.isoformat() if value.published else None,
            "speaker": value.speaker,
            "claim": _claim(value.claim),
        }
        for value in found.values
    ]
    return {"kind": found.kind, "values": values}


def _quote(citation: Citation, article: Article) -> dict[str, Any]:
    return {
        "number": citation.number,
        "quote": citation.quote,
        "quote_sha256": digest(citation.quote),
        "article": citation.article_id,
        "version": citation.version,
        "start": citation.start,
        "end": citation.end,
        "text_sha256": digest(article.text),
        "title": citation.title,
        "source": citation.source,
        "published": citation.published.isoformat() if citation.published else None,
        "url": citation.url,
        "locator": citation.locator,
        "language": article.language,
        "fictional": citation.fictional,
        "also": list(citation.also),
        "original": _original(article.original),
    }


def _original(known: Mapping[str, str]) -> dict[str, str]:
    """What the file or page is called and its hash, without where it lies on this machine."""
    path = known.get("path", "")
    name = known.get("name", "") or PureWindowsPath(PurePosixPath(path).name).name
    kept = {"name": name, "url": known.get("url", ""), "sha256": known.get("sha256", "")}
    return {field: value for field, value in kept.items() if value}
