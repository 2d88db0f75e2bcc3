"""Whether words of a source carry a statement, as a small shipped model sees it."""

from assistant.support.judge import Judge, SupportJudge, load_judge

__all__ = ["Judge", "SupportJudge", "load_judge"]
