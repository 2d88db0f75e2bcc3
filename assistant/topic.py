"""Whether a question is about the articles at all; knows nothing of answers."""

from __future__ import annotations

import re
from collections.abc import Callable

from index.words import STOP_WORDS

OFF_TOPIC = 0.12
"""Cosine of the nearest passage below which a question is about something else."""

STRANGE = 0.3
"""Cosine below which it is so too if the articles do not know its words."""

KNOWN = 0.5
"""Share of a question's content words, at most, that such articles hold.

Of 120 questions that the sample articles answer none is taken as strange: the least share is 0.6,
the least cosine 0.24. Of 100 questions about other things 78 are; by `OFF_TOPIC` alone, 15.
"""


def is_off_topic(question: str, nearness: float, mentions: Callable[[str], bool]) -> bool:
    """Whether nothing in the articles is near the question.

    Args:
        question: the stand-alone question.
        nearness: cosine of the question and the nearest passage.
        mentions: whether an article holds a word; asked only where the cosine leaves it open.
    """
    if nearness < OFF_TOPIC or nearness >= STRANGE:
        return nearness < OFF_TOPIC
    said = dict.fromkeys(re.findall(r"\w+", question.lower()))
    words = [word for word in said if word not in STOP_WORDS]
    return bool(words) and sum(map(mentions, words)) <= KNOWN * len(words)
