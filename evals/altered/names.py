"""Other names of the same kind in place of a sentence's own, by rule.

Persons are found by given names that the reading data itself shows (answers to "who"), countries,
states and cities by list, organisations by their last word. What may still be true is left out: a
name that shares a word with one of the paragraph's, and one from a sentence that tells of the same.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from evals.altered.numbers import Made
from evals.altered.paragraphs import Paragraph

# No name of a list is another one's alias or lies within another one's place.
_COUNTRIES = (
    "Afghanistan,Albania,Algeria,Angola,Argentina,Armenia,Australia,Austria,Azerbaijan,Bangladesh,"
    "Belgium,Bolivia,Brazil,Bulgaria,Cambodia,Cameroon,Canada,Chile,China,Colombia,Croatia,Cuba,"
    "Cyprus,Denmark,Ecuador,Egypt,England,Estonia,Ethiopia,Finland,France,Gabon,Germany,Ghana,"
    "Greece,Guatemala,Haiti,Hungary,Iceland,India,Indonesia,Iran,Iraq,Ireland,Israel,Italy,Jamaica,"
    "Japan,Kazakhstan,Kenya,Kuwait,Latvia,Libya,Lithuania,Malaysia,Mali,Malta,Mongolia,Morocco,"
    "Mozambique,Myanmar,Namibia,Nepal,Nigeria,Norway,Pakistan,Panama,Paraguay,Peru,Philippines,"
    "Poland,Portugal,Qatar,Romania,Russia,Rwanda,Scotland,Senegal,Serbia,Singapore,Slovakia,"
    "Slovenia,Somalia,Spain,Sudan,Sweden,Switzerland,Syria,Taiwan,Tanzania,Thailand,Tunisia,Turkey,"
    "Uganda,Ukraine,United States,Uruguay,Uzbekistan,Venezuela,Vietnam,Wales,Yemen,Zambia,Zimbabwe"
)
_CITIES = (
    "Amsterdam,Antwerp,Athens,Baghdad,Bangkok,Barcelona,Beijing,Beirut,Belgrade,Berlin,"
    "Birmingham,Bordeaux,Boston,Bristol,Brussels,Bucharest,Budapest,Buenos Aires,Cairo,Canberra,"
    "Chicago,Cologne,Copenhagen,Dallas,Delhi,Denver,Detroit,Dresden,Dublin,Edinburgh,Exeter,"
    "Florence,Geneva,Genoa,Glasgow,Hamburg,Helsinki,Hiroshima,Houston,Imphal,Istanbul,Jakarta,"
    "Jerusalem,Karachi,Kiev,Kolkata,Kuala Lumpur,Lagos,Leeds,Lima,Lisbon,Liverpool,London,"
    "Los Angeles,Lyon,Madrid,Manchester,Marseille,Melbourne,Miami,Milan,Montreal,Moscow,Mumbai,"
    "Munich,Nairobi,Naples,New York City,Osaka,Oslo,Ottawa,Oxford,Paris,Philadelphia,Plymouth,"
    "Prague,Rome,Rotterdam,San Francisco,Seattle,Seoul,Shanghai,Stockholm,Sydney,Tehran,Tokyo,"
    "Toronto,Vancouver,Venice,Vienna,Warsaw,Yerevan,Zurich"
)
_STATES = (
    "Alabama,Alaska,Arizona,Arkansas,California,Colorado,Connecticut,Florida,Hawaii,Idaho,Illinois,"
    "Indiana,Iowa,Kansas,Kentucky,Louisiana,Maine,Maryland,Massachusetts,Michigan,Minnesota,"
    "Mississippi,Missouri,Montana,Nebraska,Nevada,New Jersey,New Mexico,North Carolina,Ohio,"
    "Oklahoma,Oregon,Pennsylvania,South Carolina,Tennessee,Texas,Utah,Vermont,Virginia,Wisconsin"
)
_LISTS = {
    kind: tuple(names.split(","))
    for kind, names in (("country", _COUNTRIES), ("city", _CITIES), ("state", _STATES))
}
_HEADS = (
    "Academy Agency Army Association Bank Board Bureau Church Club College Commission Committee "
    "Company Congress Corporation Council Court Department Federation Foundation Government "
    "Guard Hospital Institute League Ministry Museum Navy Office Orchestra Organization Parliament "
    "Party Police Press School Senate Service Society Trust Union University"
).split()
_PART = r"[A-Z][\w'’.-]*[\w]"
_RUN = re.compile(rf"(?<![\w-]){_PART}(?: (?:(?:of|for|de|van|von|the) )?{_PART})*(?![\w-])")
_NO_PERSON = re.compile(rf"^(?:The|A|An|In|On|At|For|By|And|But)\b|\b(?:{'|'.join(_HEADS)})s?\b")


@dataclass(frozen=True)
class Name:
    """A name as it stands in a text, which ends at `end`, with its kind."""

    text: str
    kind: str
    start: int

    @property
    def end(self) -> int:
        """Behind its last character."""
        return self.start + len(self.text)


class Names:
    """What counts as a name of which kind, and those of a set of paragraphs.

    Args:
        paragraphs: from which names of elsewhere are taken.
        answers: to questions that ask who.
    """

    def __init__(self, paragraphs: Sequence[Paragraph], answers: Iterable[str]) -> None:
        self._paragraphs = paragraphs
        places = {word for names in _LISTS.values() for name in names for word in name.split()}
        people = [
            words
            for answer in answers
            if 2 <= len(words := answer.split()) <= 3
            and all(re.fullmatch(_PART, word) for word in words)
            and not _NO_PERSON.search(answer)
        ]
        # What also stands in small letters is a word, as in "World War I" or "Great Lakes".
        self._words = {
            word for one in paragraphs for word in re.findall(r"(?<![\w-])[a-z]{2,}", one.text)
        }
        self._given = {words[0] for words in people} - places

    @cached_property
    def pool(self) -> Mapping[str, Sequence[str]]:
        """All distinct names by kind, in order."""
        found: dict[str, dict[str, None]] = {}
        for paragraph in self._paragraphs:
            for name in self.read(paragraph.text):
                found.setdefault(name.kind, {})[name.text] = None
        return {kind: list(names) for kind, names in found.items()}

    def read(self, text: str) -> list[Name]:
        """The names in a text, in order."""
        found = []
        for run in _RUN.finditer(text):
            name = re.sub(r"['’]s$", "", run[0])
            kind = self._kind(name)
            # "Justice and Development Party" is one name.
            if kind and (kind != "organisation" or not text[: run.start()].endswith(" and ")):
                found.append(Name(name, kind, run.start()))
        return found

    def _kind(self, run: str) -> str:
        for kind, names in _LISTS.items():
            if run in names:
                return kind
        words = run.split()
        if (len(words) > 1 and words[-1] in _HEADS) or re.match(r"(?:University|Bank) of ", run):
            return "" if words[0] in ("The", "In", "At", "By", "Member") else "organisation"
        if not 2 <= len(words) <= 3 or words[0] not in self._given or _NO_PERSON.search(run):
            return ""
        plain = any(word.isupper() or word.lower() in self._words for word in words)
        return "" if plain else "person"

    def others(self, sentence: str, paragraph: Paragraph, rng: random.Random) -> Iterator[Made]:
        """The sentence with one name swapped for others of its kind.

        Two are from elsewhere, and one is from the same paragraph where it has one that is apt.
        """
        here = [name for name in self.read(sentence) if _once(name.text, sentence)]
        nearby = self.read(paragraph.apart(sentence))
        for name in here:
            pool = self.pool.get(name.kind, ())
            far = [other for other in pool if not _shared(other, paragraph.text)]
            for other in rng.sample(far, min(len(far), 2)):
                yield f"{name.kind} from elsewhere", _put(sentence, name, other)
            near = sorted({other.text for other in nearby if other.kind == name.kind})
            if near := [other for other in near if not _shared(other, sentence)]:
                yield f"{name.kind} of the paragraph", _put(sentence, name, rng.choice(near))


def _once(name: str, sentence: str) -> bool:
    """Whether no word of the name stands in the sentence a second time."""
    return all(len(re.findall(rf"\b{re.escape(word)}", sentence)) == 1 for word in _long(name))


def _shared(name: str, text: str) -> bool:
    """Whether a word of the name stands in the text."""
    return any(re.search(rf"\b{re.escape(word)}", text, re.IGNORECASE) for word in _long(name))


def _long(name: str) -> list[str]:
    return [word for word in name.split() if len(word) > 2 and word not in _HEADS] or [name]


def _put(sentence: str, name: Name, new: str) -> str:
    return sentence[: name.start] + new + sentence[name.end :]
