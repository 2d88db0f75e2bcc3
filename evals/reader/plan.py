"""What the reader is trained on, in order: groups of inputs, drawn by seed and cut into batches.

A group is a question with one passage, or with two of which one is wrong; the passages of a group
are scored against one another (Clark & Gardner 2018).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from assistant.reader.windows import MOST, MOST_HEADER, MOST_QUESTION, window
from evals.reader.examples import Example
from evals.reader.retrieved import Retrieved
from evals.reader.swaps import cut_passage, names_by_article, swap_passage, swap_question
from index import sentences

ROUNDS = {
    "squad1": 3.0,
    "squad2": 4.0,
    "new_wiki": 3.0,
    "amazon": 1.5,
    "reddit": 1.5,
    "timeqa": 2.0,
}
"""How often the questions of each set are asked in all; QAMR, mixed in thinly, once."""


@dataclass(frozen=True)
class Mix:
    """What a cycle of the training is made of.

    `retrieved`, `swapped` and `cut` are the shares of questions that get a second, wrong passage of
    each kind; `changed` that of questions asked once more with a small change; `cropped` that of
    passages cut to a few sentences, `most` tokens: cheaper, and answers come anywhere.
    """

    scale: float = 1.0
    retrieved: float = 0.18
    swapped: float = 0.09
    cut: float = 0.05
    changed: float = 0.14
    cropped: float = 0.5
    most: tuple[int, int] = (64, 150)


CYCLES = (
    Mix(),
    Mix(0.45, retrieved=0.40, swapped=0.12, changed=0.18, cropped=0.35, most=(100, 220)),
    Mix(0.40, retrieved=0.35, swapped=0.14, changed=0.20, cropped=0.40, most=(90, 200)),
)
"""Longer passages and more wrong ones once the model can read, then more small changes."""


@dataclass(frozen=True)
class Input:
    """Token ids and where the answer starts and ends among them; 0, 0 if it is not there."""

    ids: tuple[int, ...]
    first: int
    start: int
    end: int

    @property
    def answerable(self) -> bool:
        """Whether the answer is there."""
        return self.start > 0


Group = tuple[Input, ...]


@dataclass
class _Text:
    ids: list[int]
    offsets: list[tuple[int, int]]
    borders: list[int]
    """Tokens at which sentences begin, and the end."""


@dataclass
class Encoder:
    """Examples to inputs; texts are tokenised once."""

    tokenizer: Any
    mix: Mix = CYCLES[0]
    _texts: dict[str, _Text] = field(default_factory=dict)
    _ids: dict[str, list[int]] = field(default_factory=dict)

    def text(self, context: str) -> _Text:
        """Tokens of a passage, with their characters and sentences."""
        if context not in self._texts:
            encoding = self.tokenizer.encode(context, add_special_tokens=False)
            starts = [span[0] for span in sentences(context)]
            borders, at = [], 0
            for token, (begin, _) in enumerate(encoding.offsets):
                if at < len(starts) and begin >= starts[at]:
                    borders.append(token)
                    while at < len(starts) and begin >= starts[at]:
                        at += 1
            borders = sorted({0, *borders, len(encoding.ids)})
            self._texts[context] = _Text(encoding.ids, encoding.offsets, borders)
        return self._texts[context]

    def ids(self, text: str) -> list[int]:
        """Tokens of a question or header."""
        if text not in self._ids:
            self._ids[text] = self.tokenizer.encode(text, add_special_tokens=False).ids
        return self._ids[text]

    def input(self, example: Example, rng: random.Random, *, crop: bool = True) -> Input | None:
        """One input; None if the answer does not survive."""
        text = self.text(example.context)
        start, end = _tokens_of(text, example.start, example.end)
        if example.start >= 0 and start < 0:
            return None
        question = self.ids(example.question)
        head = self.ids(_header(example.title, rng))[:MOST_HEADER]
        room = MOST - min(len(question), MOST_QUESTION) - len(head) - 3
        crop = crop and rng.random() < self.mix.cropped
        most = min(room, rng.randint(*self.mix.most)) if crop else room
        begin, stop = _cropped(text, start, end, most, rng)
        found = window(question, head, text.ids[begin:stop])
        if start < 0:
            return Input(found.ids, found.first, 0, 0)
        shift = found.first - begin
        return Input(found.ids, found.first, start + shift, end + shift)


def _tokens_of(text: _Text, start: int, end: int) -> tuple[int, int]:
    """First and last token of these characters, -1, -1 if there are none."""
    if start < 0:
        return -1, -1
    inside = [i for i, (s, e) in enumerate(text.offsets) if s < end and e > start]
    return (inside[0], inside[-1]) if inside else (-1, -1)


def _cropped(text: _Text, start: int, end: int, most: int, rng: random.Random) -> tuple[int, int]:
    """Whole sentences around the answer, or anywhere if there is none, `most` tokens at most."""
    if len(text.ids) <= most:
        return 0, len(text.ids)
    borders = text.borders
    if start < 0:
        start = end = rng.randrange(len(text.ids))
    left = max(i for i, b in enumerate(borders) if b <= start)
    right = min(i for i, b in enumerate(borders) if b > end)
    if borders[right] - borders[left] > most:
        begin = max(
            0, min(start - rng.randrange(max(1, most - (end - start))), len(text.ids) - most)
        )
        return begin, begin + most
    sides = [-1, 1]
    while sides:
        side = rng.choice(sides)
        if side < 0 and left > 0 and borders[right] - borders[left - 1] <= most:
            left -= 1
        elif side > 0 and right + 1 < len(borders) and borders[right + 1] - borders[left] <= most:
            right += 1
        else:
            sides.remove(side)
    return borders[left], borders[right]


def _header(title: str, rng: random.Random) -> str:
    """Title and date as the library gives them, now and then."""
    told = title if title and rng.random() < 0.5 else ""
    if rng.random() < 0.15:
        day = date(1990, 1, 1) + timedelta(days=rng.randrange(13_000))
        told = f"{told}, {day.isoformat()}" if told else day.isoformat()
    return f"{told}:" if told else ""


def groups(
    examples: Sequence[Example], encoder: Encoder, seed: int, scale: float = 1.0
) -> list[Group]:
    """All groups of a cycle, in order; `scale` shortens or lengthens it."""
    rng = random.Random(seed)  # noqa: S311 - a seeded draw
    wrong = dict(zip(map(id, examples), Retrieved(examples).wrong(examples), strict=True))
    far = names_by_article(examples)
    found: list[Group] = []
    for example in examples:
        rounds = ROUNDS.get(example.data, 1.0) * scale * encoder.mix.scale
        for _ in range(int(rounds) + (rng.random() < rounds % 1)):
            found += _of(
                example, wrong[id(example)], far[example.title or example.data], encoder, rng
            )
    rng.shuffle(found)
    return found


def _of(
    example: Example,
    wrong: Sequence[Example],
    far: Sequence[str],
    encoder: Encoder,
    rng: random.Random,
) -> Iterator[Group]:
    """The groups of one question in one round."""
    if example.start < 0:
        own = encoder.input(example, rng, crop=False)
        if own:
            yield (own,)
        return
    own = encoder.input(example, rng)
    if own is None:
        return
    drawn = rng.random()
    second: Example | None = None
    mix = encoder.mix
    if drawn < mix.retrieved:
        second = rng.choice(wrong) if wrong else None
    elif drawn < mix.retrieved + mix.swapped:
        second = swap_passage(example, far, rng)
    elif drawn < mix.retrieved + mix.swapped + mix.cut:
        second = cut_passage(example, _sentence(example))
    other = encoder.input(second, rng) if second else None
    yield (own, other) if other else (own,)
    if rng.random() < mix.changed:
        changed = swap_question(example, far, rng)
        lone = encoder.input(changed, rng) if changed else None
        if lone:
            yield (lone,)


def _sentence(example: Example) -> tuple[int, int]:
    spans = sentences(example.context)
    return next(((s, e) for s, e in spans if s <= example.start < e), spans[0])


def batches(found: Sequence[Group], tokens: int, seed: int) -> list[list[Group]]:
    """Groups of like length together, `tokens` at most in each batch, padding included."""
    rng = random.Random(seed)  # noqa: S311 - a seeded draw
    cut: list[list[Group]] = []
    for begin in range(0, len(found), 4096):
        pool = sorted(found[begin : begin + 4096], key=lambda g: max(len(i.ids) for i in g))
        batch: list[Group] = []
        made: list[list[Group]] = []
        for group in pool:
            longest = max(len(i.ids) for i in group)
            count = sum(map(len, batch)) + len(group)
            if batch and longest * count > tokens:
                made.append(batch)
                batch = []
            batch.append(group)
        made.append(batch)
        rng.shuffle(made)
        cut += made
    return cut
