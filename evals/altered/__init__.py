"""Sentences of public paragraphs with a number or a name changed by rule; knows of no check."""

from evals.altered.drawn import Altered, altered, unchanged
from evals.altered.paragraphs import Paragraph, read_paragraphs

__all__ = ["Altered", "Paragraph", "altered", "read_paragraphs", "unchanged"]
