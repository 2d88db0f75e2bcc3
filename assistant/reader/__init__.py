"""The built-in reader: points at the words of a passage that answer a question.

>>> from assistant.reader import load_reader
>>> spans = load_reader().read("Who wrote it?", ["The hymn was written by Ada Lind in 1902."])
>>> spans[0].text
'Ada Lind'
"""

from assistant.reader.reader import Reader, Reading, Span, load_reader

__all__ = ["Reader", "Reading", "Span", "load_reader"]
