"""Which of the library's sources or authors a question asks to hear: "according to the Post".

A name counts only where the words around it speak of what it wrote; the same name may be what the
question is about. Knows nothing of time, nor how names may be shortened (`aliases.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from assistant.stated.aliases import Alias, author_aliases, source_aliases
from assistant.stated.reports import REPORT, of_books

_LEAD = (
    r"(?:according to|as per|per|based on|going by|judging by|citing|as told by|"
    r"as (?:reported|described|covered|told|published|stated|written) (?:by|in))"
)
_DO = r"(?:do|does|did|has|have|had|is|was)"
_SAY = (
    r"(?:(?:also|ever|actually|really) )?(?:said|say|reported|reporting|report|written|write|"
    r"writing|claimed|claim|stated|state|described|describe|mentioned|mention|published|publish|"
    r"told us|tell us|noted|note|covered|cover|saying|put|give|given|quoted|quote|cited|cite|"
    r"explained|explain|estimated|estimate|counted|count|blame|add|list|call)\b(?! (?:to|up)\b)"
)
_WRITE = (
    r"(?:(?:also|ever) )?(?:write|report|written|reported|writing|reporting|cover|covered)\b"
    r"(?! (?:to|for|up)\b)"
)
_REPORTED = (
    rf"(?:reported|published|written|covered|carried|printed|told|given|stated|quoted|cited|"
    rf"{REPORT})"
)
_QUOTED = (
    r"(?:said|reported|written|quoted|mentioned|described|given|published|named|cited|told|stated)"
)
_ASKS = r"(?:who|what|when|where|how|which|did|was|were|is|are|does|do)\b"
_ITS_PEOPLE = (
    r"(?:photographers?|reporters?|journalists?|correspondents?|offices?|staff|employees?|chief|"
    r"editors?|owners?|unions?|directors?|ceo|boss|workers?|lawyers?|spokes\w+|building|"
    r"headquarters|van|delivery|driver)"
)
_ALONE = rf"(?![\w-])(?! {_ITS_PEOPLE}\b)(?!'s? (?!(?:\w+ )?{REPORT}\b))"
"""What must not follow a name: "according to the Courier's driver" is not according to it."""

_REFUSED = re.compile(
    r"\b(?:not|except|besides|apart(?: from)?|aside(?: from)?|other than|unlike|instead of|why) "
    r"(?:\w+ )?$",
    re.IGNORECASE,
)
_COMPARES = re.compile(
    r"\b(?:differ\w*|disagree|agree|compare[ds]?|contradict\w*|unlike|than|while|whereas|but|"
    r"versus|vs|both|either|and|or|not|\w+n't)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Naming:
    """`text[start:end]` names this source or author as the one to hear.

    `speaks`: it is said to report or write something, so that a time beside it is the article's.
    """

    start: int
    end: int
    name: str
    speaks: bool


def source_named(question: str, names: Iterable[str]) -> Naming | None:
    """The one source that the question wants to hear; None if none, or several.

    Args:
        question: with straight apostrophes and single spaces.
        names: the library's sources.
    """
    aliases = _present(source_aliases(names), question)
    found = _one(_heard(question, aliases, _source_contexts))
    others = {alias.name for alias in aliases if found and alias.name != found.name}
    return None if others and _COMPARES.search(question) else found


def author_named(question: str, names: Iterable[str]) -> Naming | None:
    """The one author whose articles the question wants; None if none, or several.

    Args:
        question: with straight apostrophes and single spaces.
        names: the authors of the library's articles, several of one article with commas or "and".
    """
    if of_books(question):
        return None
    return _one(_heard(question, _present(author_aliases(names), question), _author_contexts))


Context = tuple[str, bool, bool]
"""A pattern; whether it can only mean the name, whatever its letters; whether the name speaks."""


def _source_contexts(name: str) -> Iterator[Context]:
    of_it = rf"{name}(?:'s?)? (?:(?!and\b)\w+ )?{REPORT}\b"
    said = rf"{name} (?:says|said|reports|reported|claims|writes|wrote)\b"
    yield rf"\b(?:in|from|by|on|{_LEAD}) (?:(?:the|an?|one|this|that) )?{of_it}", True, False
    yield rf"\b(?!per\b){_LEAD} {name}{_ALONE}", True, False
    yield rf"\bper {name}{_ALONE}", False, False
    yield (
        rf"(?<![\w'-])(?:(?:an?|this|that) )?{name}(?:'s?)? (?!interview\b){REPORT}\b(?! stands?)",
        False,
        False,
    )
    yield rf"\b{_REPORTED} (?P<words>(?:by|in|of|from) {name}){_ALONE}", False, True
    yield (
        (
            rf"\b(?:anything|something|everything|know|learn|hear|read|latest) "
            rf"(?P<words>(?:from|in) {name}){_ALONE}"
        ),
        False,
        False,
    )
    yield (
        rf"\b{_QUOTED} (?P<words>in {name}){_ALONE}(?=\s*(?:[?,.]|$)| (?:about|on|of|that)\b)",
        False,
        False,
    )
    yield rf"^(?:in|from|by) {name}(?=[:,]| {_ASKS})", False, False
    yield rf"^{name} ?[:–—-]", False, False
    yield rf"\({name}\)", False, False
    yield rf"\b{_DO} {name} {_SAY}", False, True
    yield rf"(?<![\w'-]){said}(?=[,?.]| that\b|$)", False, True
    yield rf"(?<=, ){said}", False, True
    yield rf"\b(?:what|which|how) (?:\w+ ){{0,2}}(?P<words>{said})", False, True


def _author_contexts(name: str) -> Iterator[Context]:
    yield (
        (
            rf"\b(?:{REPORT}|published|written|reported|anything|something|everything)"
            rf"(?: (?:about|on|of|in|from) [\w' -]+?)? (?P<words>by {name})(?![\w-]|'s)"
        ),
        False,
        True,
    )
    yield rf"^by {name}\s*[:,]", False, False
    yield rf"(?<![\w-]){name}'s? (?:\w+ )?{REPORT}\b", False, False
    yield rf"\b{_LEAD} {name}(?![\w-]|'s)", False, False
    yield rf"\b{_DO} {name} {_WRITE}", False, True
    yield (
        rf"\b{_DO} {name} (?:say|said|describe|argue|claim)(?: \w+)? (?:about|on|of)\b",
        False,
        True,
    )
    yield rf"(?<![\w-]){name} (?:reports|writes)\b", False, True
    yield rf"\b(?:what|which [\w ]+?|how \w+) (?P<words>{name} (?:wrote|reported))\b", False, True


def _present(aliases: Iterable[Alias], question: str) -> list[Alias]:
    """The aliases whose words the question has."""
    low = question.lower()
    return [
        alias
        for alias in aliases
        if alias.words in low and re.search(rf"(?<![\w-]){re.escape(alias.words)}(?![\w-])", low)
    ]


def _heard(
    question: str, aliases: Iterable[Alias], contexts: Callable[[str], Iterator[Context]]
) -> Iterator[Naming]:
    for alias in aliases:
        name = rf"(?P<name>(?:the )?{re.escape(alias.words)})"
        for pattern, certain, speaks in contexts(name):
            for match in re.finditer(pattern, question, re.IGNORECASE):
                meant = certain or alias.meant_by(match["name"], question)
                if meant and not _REFUSED.search(question[: match.start()]):
                    said = "words" if "words" in match.re.groupindex else 0
                    yield Naming(*match.span(said), alias.name, speaks)


def _one(heard: Iterable[Naming]) -> Naming | None:
    """The longest, if all name the same but for those inside a longer one."""
    kept: list[Naming] = []
    for one in sorted(heard, key=lambda n: (n.start - n.end, n.start, not n.speaks)):
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return kept[0] if len({n.name for n in kept}) == 1 else None
