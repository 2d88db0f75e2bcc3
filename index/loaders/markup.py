"""HTML to blocks of text, for every format that holds some; knows nothing of articles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from index.errors import LoadError
from index.loaders.text import decode

_DECLARED = re.compile(
    rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?\s*([\w-]{1,40})"
    rb"|<\?xml[^>]{1,100}?encoding\s*=\s*[\"']([\w-]{1,40})",
    re.IGNORECASE,
)
_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]*>")
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_BLOCKS = _HEADINGS | frozenset(
    "address article aside blockquote body caption center dd div dl dt fieldset figcaption figure "
    "footer form header hr html item li list main nav ol p pre quote row section table tbody tr ul"
    " head".split()
)
_CELLS = frozenset("cell td th".split())
_UNSEEN = frozenset("script style template noscript iframe object select title textarea".split())
_BREAK = "\u2028"
_DATA = re.compile(r"data:[\w/+.-]{0,80};base64,[\w+/=]+")
_TAG = re.compile(r"""<[a-zA-Z](?>=\s*"[^"]*"|=\s*'[^']*'|[^>])*+""")
_BETWEEN = " \t\n\f/\"'"
MAX_ATTRIBUTES = 10_000
"""Of one element, or words in them: the parser compares each with each."""


@dataclass(frozen=True)
class Block:
    """A paragraph, heading, list item or row of a table, white space made plain."""

    text: str
    heading: bool = False


def decode_markup(data: bytes, declared: str = "") -> str:
    """The text of an HTML or XHTML file in the encoding that it or its sender names, else UTF-8.

    Raises:
        LoadError: it is not in that encoding.
    """
    match = _DECLARED.search(data[:4096])
    own = (match.group(1) or match.group(2)).decode("ascii", "replace") if match else ""
    if own.lower().startswith(("utf-16", "utf-32")):  # it could not have been read so far
        own = ""
    text, _ = decode(data, declared or own)
    return _XML_DECLARATION.sub("", text, count=1)


def parse_html(text: str) -> Any:
    """The root element; comments are dropped, entities are HTML's own, nothing is fetched.

    Raises:
        LoadError: one of its tags would take too long to read.
    """
    from lxml import etree, html

    text = _DATA.sub("data:", text)
    for tag in _TAG.finditer(text):
        long = tag.end() - tag.start() > MAX_ATTRIBUTES
        if long and sum(map(tag.group().count, _BETWEEN)) > MAX_ATTRIBUTES:
            raise LoadError("an element has too many attributes; save the text by itself")
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True)
    try:
        return html.document_fromstring(text, parser=parser)
    except etree.ParserError:  # there is no element at all
        return html.document_fromstring("<p></p>", parser=parser)


def blocks(root: Any) -> Iterator[Block]:
    """What a reader sees below an element, in order; cells of a row are joined by ` | `."""
    from lxml import etree

    parts: list[str] = []
    unseen = 0
    heading = False

    def flush() -> Iterator[Block]:
        lines = (" ".join(line.split()) for line in "".join(parts).split(_BREAK))
        text = "\n".join(filter(None, lines)).removesuffix(" |")
        parts.clear()
        if text.strip(" |"):
            yield Block(text, heading)

    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = str(element.tag).rpartition("}")[2].lower()
        hidden = tag in _UNSEEN or _is_hidden(element)
        if event == "start":
            unseen += hidden
            if tag in _BLOCKS and not unseen:
                yield from flush()
                heading = tag in _HEADINGS
            if not unseen and element.text:
                parts.append(element.text)
            continue
        if not unseen:
            if tag in ("br", "lb"):
                parts.append(_BREAK)
            elif tag in _CELLS:
                parts.append(" | ")
            elif tag in _BLOCKS:
                yield from flush()
                heading = False
        unseen -= hidden
        if not unseen and element is not root and element.tail:
            parts.append(element.tail)
    yield from flush()


def _is_hidden(element: Any) -> bool:
    """Words that no reader saw are not to be quoted."""
    style = "".join(str(element.get("style") or "").lower().split())
    return element.get("hidden") is not None or "display:none" in style
