"""Questions with the passages that answer them, read from the public files, in one form.

Files are named as in the data folder's README: SQuAD 1.1 and 2.0 (Rajpurkar et al. 2016, 2018),
SQuADShifts (Miller et al. 2020), QAMR (Michael et al. 2018), Time-Sensitive-QA (Chen et al. 2021).
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.splits import Part, part_of

SQUAD_FILES = {
    "squad1": "squad1_train_part",
    "squad2": "squad2_dev_part",
    "new_wiki": "squadshifts_new_wiki",
    "amazon": "squadshifts_amazon_reviews",
    "reddit": "squadshifts_reddit",
}
_BY_TITLE = ("squad1", "squad2", "amazon")
_TITLED = ("squad1", "squad2", "new_wiki")


@dataclass(frozen=True)
class Example:
    """A question and one passage.

    `answers` are accepted texts, none if the passage does not answer; `start` and `end` place one
    of them in `context` (-1 if none). `group` is what decides the part; `kind` says why there is no
    answer: `small` (a small change made the question unanswerable), `swapped`, `retrieved`.
    """

    data: str
    question: str
    context: str
    title: str
    group: str
    answers: tuple[str, ...] = ()
    start: int = -1
    end: int = -1
    kind: str = "answerable"
    plausible: tuple[str, ...] = ()
    """Answers that only look right, of a question that has none."""

    @property
    def part(self) -> Part:
        """Train, dev or test."""
        return part_of(self.group)


def read(folder: Path) -> list[Example]:
    """Every question of every file."""
    found = [e for name, file in SQUAD_FILES.items() for e in squad(folder / f"{file}.json", name)]
    return [*found, *qamr(folder / "qamr"), *timeqa(folder / "timeqa_human_train.json")]


def squad(path: Path, name: str) -> Iterator[Example]:
    """A file in SQuAD's form; of several gold answers the most common is the one to point at."""
    for entry in json.loads(path.read_text(encoding="utf-8"))["data"]:
        title = entry.get("title", "").replace("_", " ")
        for paragraph in entry["paragraphs"]:
            context = paragraph["context"]
            group = title if name in _BY_TITLE else context
            for qa in paragraph["qas"]:
                example = _of(name, qa, context, title if name in _TITLED else "", group)
                if example is not None:
                    yield example


def _of(name: str, qa: dict[str, Any], context: str, title: str, group: str) -> Example | None:
    question = " ".join(qa["question"].split())
    spans = Counter((a["answer_start"], a["text"]) for a in qa["answers"])
    if not spans:
        looks = tuple(a["text"] for a in qa.get("plausible_answers", ()))
        return Example(name, question, context, title, group, kind="small", plausible=looks)
    (start, text), _ = spans.most_common(1)[0]
    if context[start : start + len(text)] != text:
        start = context.find(text)
        if start < 0:
            return None
    answers = tuple(dict.fromkeys(text for _, text in spans))
    return Example(name, question, context, title, group, answers, start, start + len(text))


def timeqa(path: Path) -> Iterator[Example]:
    """Questions about periods: the paragraph with the answer and those after it."""
    for entry in json.loads(path.read_text(encoding="utf-8")):
        paragraphs = [p for p in entry["paras"] if p.strip()]
        title = entry["link"].removeprefix("/wiki/").replace("_", " ")
        for question, answers in entry["questions"]:
            placed = [
                (entry["paras"][a["para"]], a["from"], a["end"]) for a in answers if a["answer"]
            ]
            if not placed:
                context = _nearest(question, paragraphs)
                yield Example("timeqa", question, context, title, entry["link"], kind="small")
                continue
            text, start, end = placed[0]
            at = paragraphs.index(text)
            context = _stretch(paragraphs, at)
            accepted = tuple(dict.fromkeys(p[s:e] for p, s, e in placed))
            yield Example("timeqa", question, context, title, entry["link"], accepted, start, end)


def _stretch(paragraphs: list[str], at: int, most: int = 700) -> str:
    text = paragraphs[at]
    for following in paragraphs[at + 1 :]:
        if len(text) + len(following) > most:
            break
        text += "\n" + following
    return text


def _nearest(question: str, paragraphs: list[str]) -> str:
    words = set(re.findall(r"\w+", question.lower()))
    best = max(
        range(len(paragraphs)),
        key=lambda i: len(words & set(re.findall(r"\w+", paragraphs[i].lower()))),
    )
    return _stretch(paragraphs, best)


def qamr(folder: Path, most: int = 5) -> Iterator[Example]:
    """Questions on single sentences, each read among its neighbours; `most` for each sentence."""
    words = dict(
        line.split("\t", 1)
        for line in (folder / "wiki-sentences.tsv").read_text(encoding="utf-8").splitlines()
    )
    beside: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(words, key=_place):
        beside[name.rsplit(":", 2)[0]].append(name)
    taken: Counter[str] = Counter()
    for file in ("filtered-dev.tsv", "filtered-test.tsv"):
        for line in (folder / file).read_text(encoding="utf-8").splitlines():
            columns = line.split("\t")
            name, question = columns[0], columns[5]
            answers = [_tokens(columns[6]), *(_tokens(c.partition(":")[2]) for c in columns[7:])]
            # A question that its writer and both others answer alike is a clear one.
            agreed = len(set(answers)) == 1 and _contiguous(answers[0])
            if not agreed or taken[name] >= most or len(question.split()) < 4:
                continue
            taken[name] += 1
            doc = beside[name.rsplit(":", 2)[0]]
            at = doc.index(name)
            before = " ".join(_joined(words[n].split())[0] for n in doc[max(at - 1, 0) : at])
            text, offsets = _joined(words[name].split())
            after = " ".join(_joined(words[n].split())[0] for n in doc[at + 1 : at + 3])
            context = " ".join(part for part in (before, text, after) if part)
            shift = len(before) + 1 if before else 0
            start = shift + offsets[answers[0][0]][0]
            end = shift + offsets[answers[0][-1]][1]
            yield Example(
                "qamr", question, context, "", doc[0].rsplit(":", 2)[0],
                (context[start:end],), start, end,
            )  # fmt: skip


def _place(name: str) -> tuple[str, int, int]:
    doc, paragraph, sentence = name.rsplit(":", 2)
    return doc, int(paragraph), int(sentence)


def _tokens(column: str) -> tuple[int, ...]:
    return tuple(int(number) for number in column.split())


def _contiguous(tokens: tuple[int, ...]) -> bool:
    return bool(tokens) and tokens == tuple(range(tokens[0], tokens[0] + len(tokens)))


_BRACKETS = {"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "``": '"', "''": '"'}
_TIGHT_LEFT = frozenset([",", ".", ";", ":", "?", "!", ")", "]", "%", "'s", "'", "n't", "''"])


def _joined(tokens: list[str]) -> tuple[str, list[tuple[int, int]]]:
    """Tokens as running text, with the characters of each."""
    text, offsets, tight = "", [], True
    for token in tokens:
        shown = _BRACKETS.get(token, token)
        if not tight and token not in _TIGHT_LEFT and shown not in _TIGHT_LEFT:
            text += " "
        offsets.append((len(text), len(text) + len(shown)))
        text += shown
        tight = token in ("``", "-LRB-", "-LSB-", "$", "(")
    return text, offsets
