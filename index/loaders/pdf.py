"""PDF: the text of each page, with the page as its place; knows nothing of pictures or scans.

Scripts and embedded files are never looked at. How lines become paragraphs is in `paragraphs`.
"""

from __future__ import annotations

import io
import logging
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

from index.errors import LoadError
from index.loaders.base import File, Loaded, Section, join_sections
from index.loaders.dateline import dated
from index.loaders.fields import make_article, real_author, real_title
from index.loaders.paragraphs import join_lines, join_pages, without_running_lines
from index.types import Failure

if TYPE_CHECKING:
    from pypdf import PdfReader

MAX_PAGES = 5_000
MAX_SECONDS = 120
"""For one document; a single page is bounded by the library's own limits."""

_LIMITS: dict[str, Any] = {
    "zlib_maximum_output_length": 20_000_000,
    "lzw_maximum_output_length": 20_000_000,
    "run_length_maximum_output_length": 20_000_000,
    "array_based_stream_maximum_output_length": 20_000_000,
    "stream_decoding_work_maximum_length": 60_000_000,
    "stream_parsing_work_maximum_count": 500_000,
    "jbig2dec_binary": None,  # no other program is ever started
}


def load_pdf(file: File) -> Loaded:
    """The document; pages that cannot be read are failures beside it.

    Raises:
        LoadError: it is damaged, locked, a scan, too long or takes too long.
    """
    import pypdf
    from pypdf.errors import FileNotDecryptedError, PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what matters is raised
    with pypdf.apply_configuration(**_LIMITS):
        try:
            reader = pypdf.PdfReader(io.BytesIO(file.data), strict=False)
            if reader.is_encrypted and not reader.decrypt(""):
                raise LoadError("it needs a password; save a copy without one and add that")
            count = len(reader.pages)
        except FileNotDecryptedError as error:
            raise LoadError("it needs a password; save a copy without one and add that") from error
        except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            raise LoadError(
                f"it is a PDF, a binary file, but damaged or cut short ({error!s:.80}); get it "
                "again, or print it to a new PDF"
            ) from error
        if count > MAX_PAGES:
            raise LoadError(f"it has {count:,} pages, the limit is {MAX_PAGES:,}; split it")
        lines, failures = _lines(reader, count)
        labels = _labels(reader, count)
        about = _about(reader, file.name)
    pages = [join_lines(page) for page in without_running_lines(lines)]
    joined = zip(labels, join_pages(pages), strict=True)
    text, locators = join_sections(Section(label, body, gap) for label, (gap, body) in joined)
    if not text.strip():
        if failures:
            raise LoadError(f"none of its pages can be read ({failures[0].reason})")
        raise LoadError(
            "it is a scan without text; run OCR (for example ocrmypdf) and add it again"
        )
    return Loaded((dated(make_article(text, about, file.stem, locators)),), tuple(failures))


def _lines(reader: PdfReader, count: int) -> tuple[list[list[str]], list[Failure]]:
    """The lines of every page, none for a page that cannot be read."""
    end = time.monotonic() + MAX_SECONDS
    pages: list[list[str]] = []
    failures: list[Failure] = []
    for number in range(count):
        if time.monotonic() > end:
            raise LoadError(f"it takes over {MAX_SECONDS} seconds to read; split it")
        try:
            text = reader.pages[number].extract_text()
        except MemoryError:
            raise
        except Exception as error:  # a damaged font or stream can raise anything
            reason = f"cannot be read ({type(error).__name__}: {error!s:.80})"
            failures.append(Failure(f"page {number + 1}", " ".join(reason.split())))
            text = ""
        pages.append(text.splitlines())
    return pages, failures


def _labels(reader: PdfReader, count: int) -> list[str]:
    """`p. 1` and so on, or `p. xii` where the document numbers its pages itself."""
    numbers = [str(number + 1) for number in range(count)]
    try:
        if "/PageLabels" in reader.root_object:
            own = [" ".join(label.split())[:40] for label in reader.page_labels]
            numbers = [label or number for label, number in zip(own, numbers, strict=True)]
    except Exception:  # noqa: S110 - counting from the first page is right if unasked for
        pass
    return [f"p. {number}" for number in numbers]


def _about(reader: PdfReader, name: str) -> dict[str, object]:
    """Title and author where they look real; when a file was made is no date of publication."""
    try:
        info = reader.metadata
        if info is None:
            return {}
        return {
            "title": real_title(info.title, name),
            "author": real_author(info.author),
            "created": _day(info),
        }
    except Exception:  # metadata are no reason to lose the text
        return {}


def _day(info: Any) -> str:
    try:
        created = info.creation_date
    except ValueError:
        return ""
    return created.date().isoformat() if isinstance(created, datetime) else ""
