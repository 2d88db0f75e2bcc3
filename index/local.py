"""Which articles stay on this machine: those with the tag `local_only`, or a tag marked like it.

The marked tags are kept in the store itself, so that no other shell or program can forget them. A
tag counts however it is spelt ("Local only", "local-only"): one too many kept here does no harm.
Knows nothing of who would send what.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from index.errors import InputError

if TYPE_CHECKING:
    from index.catalogue import Catalogue

LOCAL_ONLY = "local_only"
"""The tag that keeps an article here in every library."""

_SETTING = "local tags"
_NO = frozenset(("", "0", "false", "n", "no", "none", "null", "off"))


def says_so(meta: Mapping[str, Any]) -> bool:
    """Whether what is known of an article says that it stays here.

    >>> says_so({"Local-Only": "yes"}), says_so({"local_only": False}), says_so({})
    (True, False, False)
    """
    said = (value for name, value in meta.items() if _folded(str(name)) == LOCAL_ONLY)
    return any(str(value or "").strip().lower() not in _NO for value in said)


def marked(catalogue: Catalogue) -> tuple[str, ...]:
    """The tags whose articles stay here, `local_only` first."""
    return (LOCAL_ONLY, *json.loads(catalogue.get_setting(_SETTING) or "[]"))


def mark(catalogue: Catalogue, tags: Iterable[str]) -> None:
    """Let the articles with these tags stay here, now and in future."""
    with catalogue.transaction():
        known = {_folded(tag): tag for tag in marked(catalogue)}
        for tag in tags:
            known.setdefault(_folded(tag), tag)
        _keep(catalogue, known.values())


def unmark(catalogue: Catalogue, tags: Iterable[str]) -> None:
    """Let these tags be like any other.

    Raises:
        InputError: one of them is not marked, or is `local_only` itself; nothing is changed then.
    """
    with catalogue.transaction():
        known = {_folded(tag): tag for tag in marked(catalogue)}
        for tag in tags:
            if _folded(tag) == LOCAL_ONLY:
                raise InputError(
                    f"the tag {tag!r} always keeps articles here; take it off the articles instead"
                )
            if known.pop(_folded(tag), None) is None:
                raise InputError(f"the tag {tag!r} is not marked; `assistant local` shows which")
        _keep(catalogue, known.values())


def in_use(catalogue: Catalogue) -> tuple[str, ...]:
    """The tags, as articles have them, that keep an article here."""
    wanted = {_folded(tag) for tag in marked(catalogue)}
    return tuple(tag for tag in catalogue.tags() if _folded(tag) in wanted)


def _keep(catalogue: Catalogue, tags: Iterable[str]) -> None:
    kept = sorted(tag for tag in tags if tag != LOCAL_ONLY)
    catalogue.set_setting(_SETTING, json.dumps(kept, ensure_ascii=False))


def _folded(tag: str) -> str:
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", tag).casefold())
    return "_".join(plain.replace("-", " ").replace("_", " ").split())
