"""Wikipedia paragraphs of the reading data, of one part of it, with their sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from evals.collections import read_squad
from evals.splits import Part, part_of
from index import sentences

FILES = ("squad1_train_part.json", "squad2_dev_part.json", "squadshifts_new_wiki.json")
"""In the folder `reading` of the data: the sets that come from Wikipedia."""

SHORTEST, LONGEST = 6, 45
"""Words of a sentence that is used."""

ALIKE = 0.4
"""Share of the rarer words of a sentence that another one may have and still tell of other things:
a value of a sentence that tells of the same thing may be true in both."""

_WORD = re.compile(r"[^\W\d_]{4,}")


@dataclass(frozen=True)
class Paragraph:
    """A text with the title of its document."""

    title: str
    text: str

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """Its sentences, in order."""
        return tuple(self.text[start:end] for start, end in sentences(self.text))

    @cached_property
    def usable(self) -> tuple[str, ...]:
        """Those that are whole, of an ordinary length, and stand there once."""
        return tuple(
            one
            for one in self.sentences
            if SHORTEST <= len(one.split()) <= LONGEST
            and one[0].isupper()
            and one[-1] == "."
            and "\n" not in one
            and self.text.count(one) == 1
        )

    def apart(self, sentence: str) -> str:
        """The sentences that tell of other things than this one."""
        own = set(_WORD.findall(sentence.lower()))
        return " ".join(
            other
            for other in self.sentences
            if other != sentence and len(own & set(_WORD.findall(other.lower()))) < ALIKE * len(own)
        )


def read_paragraphs(folder: Path, part: Part) -> list[Paragraph]:
    """The distinct paragraphs of one part, in the order of the files.

    Args:
        folder: the data, with `reading` in it.
        part: see `evals.splits`.

    Raises:
        InputError: a file cannot be read or has another form.
    """
    found: dict[str, Paragraph] = {}
    for name in FILES:
        for article in read_squad(folder / "reading" / name).articles:
            if part_of(article.title or article.text) == part:
                found.setdefault(article.text, Paragraph(article.title, article.text))
    return list(found.values())
