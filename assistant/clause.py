"""The words of a yes/no question laid over a clause: do they say the same, the opposite, neither?

Knows nothing of whole questions or sentences; see `polarity.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

from assistant.verbs import ONCE, SAME_PAST, Word, words
from assistant.words import all_names

Verdict = Literal["yes", "no", "unclear"]

UNSETTLED = re.compile(
    r"\b(?:(?-i:may)|might|could|would|should|must|if|unless|whether|expected|expects?|plan(?:s|ned|ning)?"
    r"|propos\w+|consider\w*|urg(?:ed|es|ing)|want(?:s|ed)?|hop(?:ed|es|ing)|threaten\w*|promis\w+|"
    r"vow(?:ed|s)|claim\w*|alleg\w+|reportedly|believed|suspect\w*|accus\w+|rumou?r\w*|apparently|"
    r"perhaps|possibl[ye]|probably|likely|almost|nearly|initially|briefly|partly|some|half|most|"
    r"former|deputy|acting|vice|ex|except|until|before|disput\w+|true|untrue|false\w*|"
    r"seem\w*|appear\w*|aim(?:s|ed)|about to|yet to|to be|(?:is|are|was|were) to|few|instead|"
    r"said to|fear\w*|presumed|thought|wrong|myth|hoax|hardly|barely|scarcely|rarely|seldom|"
    r"without|unlike|not (?:only|just|all|immediately|every))\b",
    re.IGNORECASE,
)
_ROUGHLY = re.compile(
    r"\b(?:(?:more|less|fewer) than|at (?:least|most)|over|under|up to|another|other|about|around|"
    r"nearly)\b",
    re.IGNORECASE,
)
SPEECH = re.compile(r"\b(?:said|says|say|told|added|announced|reported|stated|wrote|warned)\b")
_BE = frozenset("is are was were be been being am remain remains remained".split())
_HAVE = frozenset("has have had".split())
_NEGATIONS = frozenset("not never no none nobody nothing neither nor".split())
PRONOUNS = frozenset("he she it they".split())
_DETERMINERS = frozenset("the a an its his her their".split())
FILLERS = frozenset(
    """any anyone anybody anything ever really actually yet already there still even not also now
    people person""".split()
)
_PLACING = frozenset("in at near on from to".split())
_ADJOINS = _PLACING | frozenset("by during since after before for with within over".split())
_CONTRARY = {"to": "from", "from": "to", "before": "after", "after": "before", "with": "without"}
_WHEN = frozenset("next last early late twice again today yesterday tomorrow this together".split())
_MODAL = frozenset("will can".split())
_LIGHT = _BE | _HAVE | _NEGATIONS | FILLERS | _WHEN | _DETERMINERS | _MODAL
_LIGHT |= frozenset("did do does this that all both by".split())
"""Words that may stand between those of the question."""
_LEADS = frozenset(
    """of to for with from in at on over near behind beside after before without unlike like
    despite about under against between during since until into as when while how why where if
    because""".split()
)
"""Words that put what follows them into another part of the sentence."""
_QUANTITY = re.compile(rf"{_ROUGHLY.pattern}|\b(?:most|some|half|few|several)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Claim:
    """What a yes/no question claims: its auxiliary, the rest as text, and that text's words."""

    aux: str
    core: str
    words: tuple[Word, ...]

    @cached_property
    def asked(self) -> list[Word]:
        """The words that a clause must have."""
        return [word for word in self.words if word.says and word.low not in FILLERS]


class Clause:
    """A question's words laid over a clause."""

    def __init__(self, claim: Claim, clause: str, before: str) -> None:
        self.aux, self.core, self.all = claim.aux, claim.core, claim.words
        self.asked, self.clause = claim.asked, clause
        self.words = words(clause)
        self.lows = [word.low for word in self.words]
        self.before = before
        self.known = all_names(before) if before else set()
        self.told = {word.key for word in words(before)}
        self.at: dict[int, int] = {}
        """Where the asked words stand in the clause, by their number."""

    def verdict(self) -> Verdict:
        """Yes, no, or unclear."""
        if self._unsettled() or not self._timely():
            return "unclear"
        instead = self._lay()
        if instead is None or not self.at or not self._in_place():
            return "unclear"
        last = max(self.at.values())
        denials = sum(low in _NEGATIONS for low in self.lows[: last + 2])
        flips = sum(self.words[j].sign != self.asked[i].sign for i, j in self.at.items())
        if flips and self.aux not in _BE and any(word.key == "open" for word in self.asked):
            return "unclear"  # what opened may close later
        if instead:
            alone = instead == 1 and not (denials or flips or self._says_more())
            return "no" if alone else "unclear"
        return ("yes", "no", "unclear")[min(denials + flips, 2)]

    def _says_more(self) -> bool:
        """Whether the clause speaks of more than the question: another blast, elected again."""
        said = SPEECH.search(self.clause)
        begin = len(words(self.clause[: said.end()])) if said else 0
        found = set(self.at.values())
        rest = [w for j, w in enumerate(self.words) if j >= begin and j not in found]
        return any(
            w.low == "again" or (w.says and not w.sort and w.low not in FILLERS) for w in rest
        )

    def _unsettled(self) -> bool:
        """Whether the clause hedges where the question does not."""
        hedges = {match.group().lower() for match in UNSETTLED.finditer(self.clause)}
        if any(word.sort == "number" for word in self.asked):
            hedges |= {match.group().lower() for match in _ROUGHLY.finditer(self.clause)}
        core = self.core.lower()
        wanted = {match.group().lower() for match in _QUANTITY.finditer(core)}
        return any(not re.search(rf"\b{re.escape(hedge)}\b", core) for hedge in hedges) or any(
            quantity not in self.clause.lower() for quantity in wanted
        )

    def _timely(self) -> bool:
        """Whether the clause speaks of the time that the question asks about."""
        if any((modal in self.lows) != (modal == self.aux) for modal in _MODAL):
            return False
        past = {"was", "were", "had"} & set(self.lows)
        return not (self.aux in ("is", "are", "do", "does") and past)

    def _lay(self) -> int | None:
        """Find a place for every asked word; how many numbers or days differ; None: no place."""
        used: set[int] = set()
        instead = 0
        for i, word in enumerate(self.asked):
            places = [j for j, w in enumerate(self.words) if w.key == word.key and j not in used]
            j = min(places, key=lambda j: self.words[j].low != word.low, default=None)
            if j is None and word.sort:
                j = self._other(i, word)
                instead += j is not None
            if j is None:
                j = self._it(word, used) if word.key in self.told else None
            if j is None:
                j = self._named_before(i, word)
                if j is None:
                    return None
                if j < 0:
                    continue
            self.at[i] = j
            used.add(j)
        return instead

    def _other(self, i: int, word: Word) -> int | None:
        """The place of the one other number or day, of the same things and of what happens once."""
        once = any(one.key in ONCE for one in self.asked)
        others = [j for j, w in enumerate(self.words) if w.sort == word.sort]
        if len(others) != 1 or not (once or word.sort == "number"):
            return None
        if word.sort == "number" and self._counted(self.all, word) != self._counted(
            self.words, self.words[others[0]]
        ):
            return None
        return others[0]

    @staticmethod
    def _counted(words: Sequence[Word], number: Word) -> str:
        """What a number counts: the word behind it."""
        at = words.index(number)
        return words[at + 1].low if at + 1 < len(words) else ""

    def _it(self, word: Word, used: set[int]) -> int | None:
        """The place of an "it" behind the verb, for a thing of the sentence before."""
        places = [j for j, low in enumerate(self.lows) if low in ("it", "them") and j > 1]
        return None if word.capital or not used or len(places) != 1 else places[0]

    def _named_before(self, i: int, word: Word) -> int | None:
        """The place of a pronoun for a name of the sentence before; -1 where none is needed."""
        if not word.capital:
            return None
        after = self.asked[i + 1] if i + 1 < len(self.asked) else None
        if after and after.capital and any(w.key == after.key for w in self.words):
            return -1  # the family name alone
        if word.key not in self.known:
            return None
        told = [w.low for w in self.all]
        at = told.index(word.low)
        if at and told[at - 1] in _PLACING:
            return -1
        opens = words(self.before)[:3]
        if self.known - {w.key for w in self.asked} or all(w.key != word.key for w in opens):
            return None
        return next((j for j, low in enumerate(self.lows) if low in ("he", "she")), None)

    def _in_place(self) -> bool:
        """Whether the words stand in the clause as they do in the question."""
        order = sorted(self.at)
        core = [i for i in order if self._leads(self.all, self.asked[i]) not in _ADJOINS] or order
        first, last = core[0], self._agent(order) or core[-1]
        return (
            all(self._fits(self.asked[i], j) for i, j in self.at.items())
            and self._is(order)
            and self._in_order(first, last)
            and self._close()
            and self._ends()
        )

    def _fits(self, word: Word, j: int) -> bool:
        """Whether a word is nobody's, counts the same and goes the same way."""
        here = self.words[j]
        leads = self._leads(self.all, word)
        if leads in _CONTRARY and _CONTRARY[leads] == self._leads(self.words, here, j):
            return False
        counted = {self._counted(self.words, here), ""}
        counts = word.sort != "number" or self._counted(self.all, word) in counted
        return counts and (word.owns or not here.owns)

    def _in_order(self, first: int, last: int) -> bool:
        """Whether the first word stands before the last, or behind it in the other voice."""
        passive = self._passive(self.all, self.aux), self._passive(self.words, "")
        reverse = self.at[first] > self.at[last]
        return first == last or reverse == (passive[0] != passive[1]) or self._may_swap()

    def _close(self) -> bool:
        """Whether nothing that matters stands between the words, or leads or denies the first."""
        found = sorted(self.at.values())
        own = {word.low for word in self.all}
        if SPEECH.search(self.core):
            own |= set(SPEECH.findall(self.clause))
        for one, other in pairwise(found):
            for j in range(one + 1, other):
                adjective = j == other - 1 and self.lows[j - 1] in _DETERMINERS
                if self._matters(j, own) and (not adjective or self.lows[j] in _LEADS):
                    return False
        first = found[0]
        led = self._leads(self.words, self.words[first], first)
        if led in _LEADS - own and not self.words[first].sort and self.lows[0] != "none":
            return False
        # "A strike that killed them" tells what "reports that they died" does not.
        thats = [j for j, low in enumerate(self.lows[:first]) if low == "that"]
        if "that" not in own and any(not self.words[j + 1].done for j in thats):
            return False
        denials = [j for j in range(first) if self.lows[j] in _NEGATIONS]
        denied = any(self._matters(k, own | {"of"}) for j in denials for k in range(j + 1, first))
        return not denied

    def _matters(self, j: int, own: set[str]) -> bool:
        """Whether a word says more than the question's own."""
        word, after = self.words[j], self.words[j + 1 : j + 2]
        if word.low in own or word.low in _LIGHT or word.low.endswith("ly") or word.sort:
            return False
        before = self.lows[j - 1] if j else ""
        named = any(one.capital and not one.sort for one in after)
        dated = word.low in _LEADS | {"more", "than"} and any(one.sort for one in after)
        part = named and (word.capital or word.low == "of")
        return not (dated or part or (word.capital and before == "of"))

    def _agent(self, order: Sequence[int]) -> int | None:
        """Who did it in a passive question."""
        if not self._passive(self.all, self.aux):
            return None
        return next((i for i in order if self._leads(self.all, self.asked[i]) == "by"), None)

    def _may_swap(self) -> bool:
        """Whether "was the budget approved" may be found as "the council approved the budget"."""
        done = any(word.done for word in self.asked)
        return done and self.aux in _BE and "by" not in [word.low for word in self.all]

    def _is(self, order: Sequence[int]) -> bool:
        """Whether the clause has the verb: "is" or "has" in the place of one, "did" or its past."""
        places = [(self.asked[i], self.words[self.at[i]], self.at[i]) for i in order]
        if self.aux in _BE:
            done = [at for asked, _, at in places if asked.done]
            return bool(_BE & set(self.lows)) or bool(done and self.at[order[0]] > done[0])
        if any(word.low == "have" for word in self.all):
            return bool(_HAVE & set(self.lows))
        if any(asked.same_verb(here) and self._suffered(at) for asked, here, at in places):
            return self._passive(self.words, "")
        told = {"did", "do", "does", *_NEGATIONS} & set(self.lows) or SPEECH.search(self.core)
        if self.aux in ("did", "had", "has", "have") and not told:
            return any(here.done or here.low in SAME_PAST for _, here, _ in places)
        if self.aux in ("do", "does"):
            return not any(here.done and not asked.done for asked, here, _ in places)
        return True

    def _suffered(self, at: int) -> bool:
        """Whether the verb at this place has "was" before it."""
        at -= 1
        while at > 0 and (self.lows[at].endswith("ly") or self.lows[at] in _NEGATIONS):
            at -= 1
        return at >= 0 and self.lows[at] in _BE and not self.words[at + 1].low.endswith("ing")

    def _ends(self) -> bool:
        """Whether the last word is not part of a longer name: "the school" of "school canteen"."""
        last = max(self.at.values())
        text = self.clause
        after = self.words[last + 1] if last + 1 < len(self.words) else None
        if after is None or not after.says or after.sort or after.low.endswith("ly"):
            return True
        here = self.words[last]
        return bool(re.search(rf"{re.escape(here.low)}\W*[,.;:)]", text, re.IGNORECASE)) or (
            here.done or after.low in FILLERS | _WHEN or here.low.isdigit()
        )

    @staticmethod
    def _leads(words: Sequence[Word], word: Word, at: int | None = None) -> str:
        """The word in front, the article left out."""
        j = words.index(word) if at is None else at
        j -= 1
        while j >= 0 and words[j].low in ("the", "a", "an"):
            j -= 1
        return words[j].low if j >= 0 else ""

    @staticmethod
    def _passive(words: Sequence[Word], aux: str) -> bool:
        """Whether it is told what was done by somebody."""
        lows = [word.low for word in words]
        return any(
            lows[j] == "by" and words[j - 1].done and bool(_BE & {aux, *lows[:j]})
            for j in range(1, len(lows))
        )
