"""Whether an answer says what it must: some wording of every fact, as in Chen et al. 2017 (DrQA).

DrQA counts an answer as found if a text contains it; here several facts may be needed, each with
the wordings that count.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "‑": "-", "\xa0": " "})
# A number must not be the end of a longer one ("400" in "3,400", "two" in "twenty-two").
_BEFORE = r"(?<!\w)(?<!\d[.,])(?<!ty-)"
_AFTER = r"(?!\w)(?![.,]\d)"


def contains(text: str, wording: str) -> bool:
    """Whether the wording occurs in the text at word borders, letter case aside.

    >>> contains("Some 3,400 dockers", "3,400"), contains("Some 3,400 dockers", "400")
    (True, False)
    """
    pattern = re.escape(_plain(wording)).replace(r"\ ", r"\s+")
    return bool(pattern) and re.search(_BEFORE + pattern + _AFTER, _plain(text)) is not None


def containment(text: str, facts: Sequence[Sequence[str]]) -> float | None:
    """1 if the text has a wording of every fact, else 0; None if no fact is given.

    >>> containment("21 days, said France.", [["21 days", "three weeks"], ["France"]])
    1.0
    """
    if not facts:
        return None
    return float(all(any(contains(text, wording) for wording in fact) for fact in facts))


def _plain(text: str) -> str:
    return text.translate(_PLAIN).strip().casefold()
