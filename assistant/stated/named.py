"""Which of the library's sources or authors a question asks to hear: "according to the Post".

A name counts only where the words around it speak of what it wrote; the same name may be what the
question is about. Knows nothing of time, nor how names may be shortened (`aliases.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from assistant.stated.aliases import Alias, author_aliases, folded, source_aliases
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
    r"explained|explain|estimated|estimate|blame|add|list|call)\b(?! (?:to|up)\b)"
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
_PIECE = rf"(?:{REPORT}|features?|essays?|investigations?|write-ups?|op-eds?)"
_SOME = (
    r"(?:(?!(?:and|or|in|of|an?|the|to|by|about|on|for|who|that|own|"
    rf"{_ITS_PEOPLE})\b)[\w-]+ ){{0,3}}"
)
"""What may stand before the article: "the Courier's most recent article"."""
_ALONE = rf"(?![\w-])(?! {_ITS_PEOPLE}\b)(?!'s? (?!{_SOME}{_PIECE}\b))"
"""What must not follow a name: "according to the Courier's driver" is not according to it."""

_REFUSED = re.compile(
    r"\b(?:not|except|besides|apart(?: from)?|aside(?: from)?|other than|unlike|instead of|why|"
    r"from where) (?:\w+ )?$"
    r"|\b(?:(?:say|says|said|think|thinks|thought|complain\w*|angry|upset|ask\w*|spoke) about|"
    r"(?:react\w*|respond\w*|responses?|repl(?:y|ied|ies)|object\w*) to|den(?:y|ies|ied|ying)|"
    r"comment(?:s|ed|ing)?(?: on)?|criticis\w+|disput\w+|reject\w*|s(?:ue|ued) over|"
    r"apologi[sz]\w+ for|retract\w*) (?:on )?(?:(?:an?|the|this|that) )?$",
    re.IGNORECASE,
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DATED = (
    rf"(?:(?:early |late |mid[- ])?{_MONTH}\b|[0-9]{{1,2}}(?:st|nd|rd|th)? {_MONTH}\b|"
    r"(?:19|20)[0-9]{2})"
)
_ABOUT_IT = (
    rf"(?:{_ITS_PEOPLE}|owne\w+|circulation|found\w+|shares?|shareholders?|subscri\w+|reader\w*|"
    r"layoffs?|takeover|merger|bankruptcy|lawsuits?|libel|website|logo|sued|bought|sold|sacked)"
)
"""What follows a name that is itself what is asked about: "Marisk Courier owner"."""
_ITS_VERB = (
    r"(?:[a-z]+ed|owns?|won|lost|paid|pays?|employs?|hires?|prints?|sells?|costs?|makes?|wants?|"
    r"plans?|needs?|sues?|services?|sale|paper|newspaper|magazine|radio|television|tv|printing|"
    r"history|mortem)"
)
_CLAUSE = (
    r"(?:is|are|was|were|be|been|has|have|had|do|does|did|will|would|can|could|should|must|might|"
    r"may|and|or|vs|versus|of|by|to|for|at|with|who|that|which|a|an|the|on|in|from|says?|said|"
    r"reports?|reported)"
)
_TERSE = rf"(?! (?:{_CLAUSE}|{_ITS_VERB})\b)(?! (?:[\w'-]+ )?{_ABOUT_IT}\b)(?= [\w-]+ [\w-])"
"""After a name that opens a query of keywords: other words, and not of the name itself."""
_COMPARES = re.compile(
    r"\b(?:differ\w*|disagree|agree|compare[ds]?|contradict\w*|unlike|than|while|whereas|but|"
    r"versus|vs|both|either|and|or|not|\w+n't)\b",
    re.IGNORECASE,
)
_OF_ARTICLES = re.compile(rf"\b(?:say|{_LEAD}|{_PIECE})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Naming:
    """`text[start:end]` names this source or author as the one to hear.

    `speaks`: it is said to report or write something, so that a time beside it is the article's.
    """

    start: int
    end: int
    name: str
    speaks: bool


def source_named(question: str, names: Iterable[str], authors: Iterable[str] = ()) -> Naming | None:
    """The one source that the question wants to hear; None if none, or several.

    Args:
        question: with straight apostrophes and single spaces.
        names: the library's sources.
        authors: the authors of its articles, as in "Solvay of the Post".
    """
    question = folded(question)
    aliases = _present(source_aliases(names), question)
    people = [re.escape(alias.words) for alias in _present(author_aliases(authors), question)]
    by = rf"(?:{'|'.join(people)})" if people else "(?!)"
    found = _one(_heard(question, aliases, lambda alias, name: _source_contexts(alias, name, by)))
    others = {alias.name for alias in aliases if found and alias.name != found.name}
    return None if others and _COMPARES.search(question) else found


def author_named(question: str, names: Iterable[str]) -> Naming | None:
    """The one author whose articles the question wants; None if none, or several.

    Args:
        question: with straight apostrophes and single spaces.
        names: the authors of the library's articles, several of one article with commas or "and".
    """
    question = folded(question)
    found = _one(_heard(question, _present(author_aliases(names), question), _author_contexts))
    if found and of_books(question) and not _OF_ARTICLES.search(question, found.start, found.end):
        return None
    return found


Context = tuple[str, bool, bool]
"""A pattern; whether it can only mean the name, whatever its letters; whether the name speaks."""


def _source_contexts(alias: Alias, name: str, people: str) -> Iterator[Context]:
    if alias.weak:
        yield rf"\b{_LEAD} {name}(?=\s*(?:[,?.:;)]|$)| {_ASKS})", True, False
        return
    of_it = rf"{name}(?:(?:'s?) {_SOME}{_PIECE}| (?:(?!and\b)\w+ )?{REPORT})\b"
    said = rf"{name} (?:says|said|reports|reported|claims|writes|wrote)\b"
    yield rf"\b(?:in|from|by|on|{_LEAD}) (?:(?:the|an?|one|this|that) )?{of_it}", True, False
    yield rf"\b(?!per\b){_LEAD} {name}{_ALONE}", True, False
    yield rf"\bper {name}{_ALONE}", False, False
    yield (
        (
            rf"(?<![\w'-])(?<!about )(?<!about the )(?<!denied the )(?:(?:an?|this|that) )?"
            rf"{name}(?:'s? {_SOME}| )(?!interview\b)"
            rf"{REPORT}\b(?! stands?)"
        ),
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
    yield (
        rf"^(?:(?:only|just) )?(?:in|from|by) {name}(?:,? (?:only|please))?(?=[:,]| {_ASKS})",
        False,
        False,
    )
    yield (
        rf"\b(?:only|just) (?P<words>(?:in|from) {name})(?:,? please)?(?=\s*(?:[,:?.]|$))",
        False,
        False,
    )
    yield (
        rf"\b{_DO} {name} (?:have (?:to say )?(?:on|about)(?! (?:its?|their)\b)|know about)\b",
        False,
        True,
    )
    yield rf"\bhow (?:many|much)\b[^?]*? (?P<words>{_DO} {name} count)\b", False, True
    yield rf"\b(?:write|wrote) (?P<words>in {name}){_ALONE}", False, True
    yield rf"\b{_DO} {people} (?P<words>(?:of|in|from|at) {name}) (?:{_SAY})", False, True
    yield rf"\b(?:by|{_LEAD}) {people} (?P<words>(?:of|in|from|at) {name}){_ALONE}", False, False
    yield from _openings(alias, name)
    yield rf"\bas {said}", False, True
    yield rf"^{name} ?[:–—-]", False, False
    yield rf"\({name}\)", False, False
    yield rf"\b{_DO} {name} {_SAY}", False, True
    yield rf"(?<![\w'-]){said}(?=[,?.]| that\b|$)", False, True
    yield rf"(?<=, ){said}", False, True
    yield rf"\b(?:what|which|how) (?:\w+ ){{0,2}}(?P<words>{said})", False, True


def _openings(alias: Alias, name: str) -> Iterator[Context]:
    """A name that the question opens with, and then goes on without a verb for it."""
    asks = r"(?:what|how|when|where|why|did)\b"
    yield (
        rf"^{name}(?=,? on (?!strike|sale|trial|fire|air)[^?:]+(?:: | [–—-] |, {asks}))",
        False,
        False,
    )
    yield rf"^{name}(?=, (?:{asks}|{_DATED}))", False, False
    dated = rf"{_DATED}(?! (?:is|are|was|were|had|has)\b)"
    yield rf"^{name}(?= (?:in|on|of|from) (?:the )?{dated}[^,:?]*[,:] )", False, False
    # The first letter of a sentence is a capital, whatever the word.
    if not alias.is_a_word:
        yield rf"^{name}{_TERSE}", False, False
    else:
        yield rf"^(?-i:(?=[A-Z])){name}{_TERSE}(?-i:(?! [A-Z]))", False, False


def _author_contexts(alias: Alias, name: str) -> Iterator[Context]:
    of_paper = r"(?:,? (?:of|from|at) (?:[\w'-]+ ){1,5}?)"
    yield (
        (
            rf"\b(?:{REPORT}|published|written|reported|anything|something|everything)"
            rf"(?: (?:about|on|of|in|from) [\w' -]+?)? (?P<words>by {name})(?![\w-]|'s)"
        ),
        False,
        True,
    )
    yield rf"^by {name}\s*[:,]", False, False
    yield rf"(?<![\w-]){name}'s? {_SOME}{_PIECE}\b", False, False
    yield rf"\b{_LEAD} {name}(?![\w-]|'s)", False, False
    yield rf"\b{_DO} {name}(?: |{of_paper}){_WRITE}", False, True
    yield (
        rf"\b{_DO} {name}(?: |{of_paper})(?:say|claim|argue) "
        r"(?!(?:to|in|at|after|before|when|during|while|if|from|with|it|so|yes|no)\b)\w",
        False,
        True,
    )
    yield (
        rf"\bas {name} (?:reported|reports|wrote|writes|described|describes|noted|puts?)\b",
        False,
        True,
    )
    yield rf"^{name}(?=,? (?:how (?!old|tall|is|was|did|does)|what|which)\b)", False, False
    yield rf"^{name}(?=, {_DATED})", False, False
    yield rf"^{name}(?= on [^?:]+(?:: | [–—-] |, {_ASKS}))", False, False
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
    question: str,
    aliases: Iterable[Alias],
    contexts: Callable[[Alias, str], Iterator[Context]],
) -> Iterator[Naming]:
    for alias in aliases:
        name = rf"(?P<name>(?:the )?{re.escape(alias.words)})"
        for pattern, certain, speaks in contexts(alias, name):
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
