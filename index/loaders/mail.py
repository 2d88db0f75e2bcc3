"""E-mail (.eml): headers and body; attachments are named and never opened."""

from __future__ import annotations

import email
import email.utils
from email.message import EmailMessage
from email.policy import EmailPolicy

from index.errors import LoadError
from index.loaders.base import File, Loaded
from index.loaders.fields import make_article
from index.loaders.markup import blocks, decode_markup, parse_html
from index.loaders.text import decode

_MAX_PARTS = 1_000
_MAX_HEADER = 2_000
"""Characters; the standard library takes squared time for longer ones."""


class _Policy(EmailPolicy):
    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_MAX_HEADER]


def load_mail(file: File) -> Loaded:
    """The message: its plain text, else its HTML part; what was quoted is kept.

    Raises:
        LoadError: it has no readable text.
    """
    try:
        message = email.message_from_bytes(file.data, policy=_Policy())
        assert isinstance(message, EmailMessage)  # the policy makes no other
        if sum(1 for _ in message.walk()) > _MAX_PARTS:
            raise LoadError(f"it has over {_MAX_PARTS:,} parts; save its text by itself")
        text = _body(message)
    except RecursionError as error:
        raise LoadError("its parts lie too deep in one another; save its text by itself") from error
    if not text:
        raise LoadError("it has no text of its own; add its attachments by themselves")
    senders = email.utils.getaddresses([_header(message, "From")])
    known = {
        "title": _header(message, "Subject"),
        "author": ", ".join(name for name, _ in senders if name),
        "source": _list(_header(message, "List-Id")),
        "published": _day(_header(message, "Date")),
        "from": ", ".join(address for _, address in senders if address),
        "attachments": _attachments(message),
    }
    return Loaded((make_article(text, known, file.stem),))


def _body(message: EmailMessage) -> str:
    """The first alternative that has text."""
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        data = part.get_payload(decode=True) if part is not None else None
        if part is None or not isinstance(data, bytes) or not data.strip():
            continue
        charset = part.get_content_charset() or ""
        if kind == "plain":
            text = decode(data, charset)[0].strip()
        else:
            root = parse_html(decode_markup(data, charset))
            text = "\n\n".join(block.text for block in blocks(root))
        if text:
            return text
    return ""


def _header(message: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(message.get(name) or "").split())
    except Exception:  # the standard library stumbles over some malformed headers
        return ""


def _day(date: str) -> object:
    """The day that the sender's clock showed; what is no date is kept as it was written."""
    try:
        return email.utils.parsedate_to_datetime(date).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return date


def _list(written: str) -> str:
    """The name of a mailing list: `Rain Watch <rain.example.org>` is called Rain Watch."""
    name, _, address = written.partition("<")
    return name.strip(' "') or address.strip("> ")


def _attachments(message: EmailMessage) -> list[str]:
    names = (part.get_filename() for part in message.walk() if not part.is_multipart())
    return [" ".join(name.split()) for name in names if name][:100]
