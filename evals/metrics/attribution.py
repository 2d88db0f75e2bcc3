"""Whether a short answer keeps what its sentence says of it: who claims it, who denies it, if what.

"55" is not what an article says that has "According to Hezbollah, 55". The event-factuality
literature calls this the source and the modality of a statement (Saurí and Pustejovsky 2009,
"FactBank"); here each is a list of wordings, one of which must stand with the answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from evals.metrics.containment import contains


def attribution_kept(
    short: str, shown: str, answers: Sequence[str], keeps: Sequence[Sequence[str]]
) -> bool | None:
    """Whether what is shown of an answer has a wording from every list of `keeps`.

    A short answer is read alone, so it must have them itself, whatever the prose below it says, and
    whether it is right or wrong: of what was asked the articles say nothing in their own voice.
    Without one the prose must have them, and only if it gives an accepted answer: where it
    abstains or speaks of something else, nothing stands bare, and other measures tell.

    Args:
        short: the bare answer, empty if there is none.
        shown: the answer's sentences, without citation marks.
        answers: accepted short answers, to tell whether the prose gives one.
        keeps: lists of alternatives: the speaker, the denial, the doubt or the condition in words.

    Returns:
        None where it does not apply: without `keeps`, or as said above.

    >>> prose, keeps = "According to Hezbollah, 55 people were hurt.", [["Hezbollah"]]
    >>> attribution_kept("55", prose, ["55"], keeps)
    False
    >>> attribution_kept("55, according to Hezbollah", prose, ["55"], keeps)
    True
    >>> attribution_kept("", prose, ["55"], keeps)
    True
    >>> attribution_kept("", "The articles do not say.", ["55"], keeps) is None
    True
    """
    if not keeps:
        return None
    if not short.strip() and not any(contains(shown, answer) for answer in answers):
        return None
    text = short if short.strip() else shown
    return all(any(contains(text, wording) for wording in alternatives) for alternatives in keeps)
