"""How near the rules come to follow-ups written out by hand; `python tests/condense_score.py`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from condense_cases import Case, cases

from assistant.follow_up.condense import condense
from assistant.form import form_of
from assistant.state import Query
from assistant.words import content


@dataclass(frozen=True)
class Score:
    """Means over the follow-ups, and the share of the other questions that were left untouched.

    `words` is the F1 of content words, `form` how often form.py finds the form of the question
    written by hand, `whole` how often no words in brackets were needed, `exact` how often the
    result is the question written by hand but for capitals and marks at its end.
    """

    follow_ups: int
    words: float
    form: float
    whole: float
    exact: float
    others: int
    untouched: float

    def __str__(self) -> str:
        shares = (self.words, self.form, self.whole, self.exact, self.untouched)
        return f"{self.follow_ups} | {self.others} | " + " | ".join(f"{x:.2f}" for x in shares)


def score(chosen: Sequence[Case]) -> Score:
    """The score of these cases."""
    rows = [(case, condense(Query(case.question, case.history))) for case in chosen]
    follow_ups = [(case.written, made) for case, made in rows if case.wanted is not None]
    others = [(case.question, made) for case, made in rows if case.wanted is None]
    n = len(follow_ups)
    return Score(
        n,
        sum(f1(*row) for row in follow_ups) / n,
        sum(form_of(written) == form_of(made) for written, made in follow_ups) / n,
        sum(not made.endswith(")") for _, made in follow_ups) / n,
        sum(_bare(written) == _bare(made) for written, made in follow_ups) / n,
        len(others),
        sum(question == made for question, made in others) / len(others),
    )


def f1(written: str, made: str) -> float:
    """The F1 of the stems of the words that say something."""
    one, two = Counter(content(written)), Counter(content(made))
    both = (one & two).total()
    return 2 * both / (one.total() + two.total()) if both else float(one == two)


def _bare(question: str) -> str:
    return question.lower().rstrip("?. ")


if __name__ == "__main__":
    everything = list(cases())
    for name, held_out in (("development", False), ("held out", True)):
        print(f"| {name} | {score([c for c in everything if c.held_out == held_out])} |")
