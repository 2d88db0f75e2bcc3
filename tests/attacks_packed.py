"""More files made to do harm: archives, web pages, mail, and text with a structure of its own."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from attacks import RAIN, SECRET, rows, within
from documents import html_page, mail, zipped

from index.loaders.base import MAX_BYTES

# Web pages and mail ------------------------------------------------------------------------------

_DEEP = "<html><body>{}Rain fell on the bridge."
_FETCHING = (
    "<iframe src='{}'></iframe><img src='{}'><object data='{}'></object><embed src='{}'>"
    "<link rel='stylesheet' href='{}'><script src='{}'></script><base href='{}'>"
    "<meta http-equiv='refresh' content='0;url={}'>"
)
_SCRIPT = f"<html><body><script>document.write('{SECRET}')</script>"
_WIDE = f"<p {' '.join(f'a{i}=b' for i in range(9_000))}>"
_SLOW_TAGS = {
    "60,000 attributes": "<p {}>".format(" ".join(f"a{i}=b" for i in range(60_000))),
    "60,000 attributes that hold '>'": "<p {}>".format("".join(f'a{i}=">"' for i in range(60_000))),
    "60,000 attributes after an odd quotation mark": '<p ="><p {}>"'.format(
        "/".join(f"a{i}" for i in range(60_000))
    ),
    "60,000 tags whose value never ends": "<p a=' " * 60_000,
    "60,000 tags with a value of no name": '<p ="' * 60_000,
}
_NESTED = "".join(
    f'Content-Type: multipart/mixed; boundary="b{i}"\n\n--b{i}\n' for i in range(3_000)
)
_AWAY = (
    "From: a@b.example\nContent-Type: message/external-body; access-type=local-file; "
    'name="{}"\n\nContent-Type: text/plain\n\n'
)
_MAIL = f"From: a@b.example\nContent-Type: text/html\n\n<p>{RAIN}</p>"

OF_PAGES = [
    *rows(
        "page",
        "a.html",
        [
            (
                "parts that stand in a local file",
                within(html_page(_FETCHING, _FETCHING).decode()),
                "",
                "The river Ollen",
            ),
            ("a script that writes it", _SCRIPT.encode(), "no readable text", ""),
            *(
                (
                    f"<{tag}> 100,000 deep",
                    _DEEP.format(f"<{tag}>" * 100_000).encode(),
                    "nested too deeply",
                    "",
                )
                for tag in ("div", "b", "table", "span")
            ),
            (
                "20,000 elements, each 150 deep",
                _DEEP.format("<div>" * 150 + "<div><div>x</div></div>" * 20_000).encode(),
                "nested too deeply",
                "",
            ),
            ("9,000 attributes", _DEEP.format(_WIDE).encode(), "nested too deeply", ""),
            (
                "20,000 comments that begin a script",
                f"<html><body><p>{RAIN}</p>{'<!-- <script>' * 20_000}".encode(),
                "",
                RAIN,
            ),
            *(
                (what, f"<html><body><p>{RAIN}</p>{tag}".encode(), "too many attributes", "")
                for what, tag in _SLOW_TAGS.items()
            ),
        ],
    ),
    *rows(
        "mail",
        "a.eml",
        [
            (
                "parts that stand in a local file",
                lambda uri: mail(f"<p>{RAIN}</p>{_FETCHING}".replace("{}", uri)),
                "",
                RAIN,
            ),
            ("a body that stands in a local file", within(_AWAY), "no text", ""),
            ("parts 3,000 deep", f"From: a@b.example\n{_NESTED}".encode(), "too deep", ""),
            ("a header of 10 MB", f"From: {'a,' * 5_000_000}\n{_MAIL}".encode(), "", RAIN),
            *(
                (what, f"{_MAIL}{tag}".encode(), "too many attributes", "")
                for what, tag in _SLOW_TAGS.items()
            ),
        ],
    ),
]

# Archives ----------------------------------------------------------------------------------------


def _beside(name: str, content: bytes | str) -> bytes:
    """An archive with this member and a harmless one."""
    return zipped({name: content, "a.md": RAIN})


def _nested(depth: int) -> bytes:
    """A text within so many archives."""
    data = _beside("b.md", "Deep.")
    for _ in range(depth - 1):
        data = _beside("b.zip", data)
    return data


def _encrypted() -> bytes:
    """An archive of two, the first of which says that it is encrypted."""
    data = bytearray(_beside("b.md", "Snow."))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def _lying() -> bytes:
    """An archive whose first member is far larger than it says."""
    content = bytes(range(32, 127)) * 20_000
    return _beside("b.md", content).replace(struct.pack("<L", len(content)), struct.pack("<L", 100))


def _overlapping(count: int, size: int) -> bytes:
    """Members that share one packed body: each quotes the header of the next one.

    The method is David Fifield's, "A better zip bomb" (2019).
    """
    data = b""
    directory: list[bytes] = []
    body = zlib.compress(b" " * size, 9)[2:-4]
    for number in range(count):
        name = b"%04d.md" % number
        header_size = 30 + len(name)
        quoted = struct.pack("<BHH", 0, header_size, header_size ^ 0xFFFF) + data
        packed = quoted if data else body
        facts = struct.pack("<HHHLLLLHH", 20, 0, 8, 0, 0, len(packed), size, len(name), 0)
        data = b"PK\x03\x04" + facts + name + packed
        directory.append(b"PK\x01\x02" + struct.pack("<H", 20) + facts + bytes(10))
        directory[-1] += b"%04d" + name
    end = b""
    for place, entry in enumerate(reversed(directory)):
        end += entry.replace(b"%04d", struct.pack("<L", place * (30 + 7 + 5)))
    tail = struct.pack("<HHHHLLH", 0, 0, count, count, len(end), len(data), 0)
    return data + end + b"PK\x05\x06" + tail


def _link(uri: str) -> bytes:
    """An archive with a symbolic link to a file of this machine."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        member = zipfile.ZipInfo("link.md")
        member.external_attr = 0o120777 << 16
        archive.writestr(member, uri.removeprefix("file://"))
        archive.writestr("a.md", RAIN)
    return buffer.getvalue()


OF_ARCHIVES = rows(
    "archive",
    "a.zip",
    [
        *(
            (f"a name that leads out, {name!r}", _beside(name, "Out."), "leads out", RAIN)
            for name in (
                *("../up.md", "/etc/x.md", "a/../../x.md"),
                *("..\\x.md", "C:/x.md", "\\\\host\\x.md"),
            )
        ),
        ("a link to a local file", _link, "", RAIN),
        ("an encrypted member", _encrypted(), "encrypted", RAIN),
        (
            "a member that explodes",
            lambda _: _beside("b.md", b" " * 15_000_000),
            "fold when unpacked",
            RAIN,
        ),
        (
            "a member over the limit",
            lambda _: _beside("b.md", b"x" * (MAX_BYTES + 1_000_000)),
            "the limit is 20 million",
            RAIN,
        ),
        ("a member larger than it says", lambda _: _lying(), "damaged", RAIN),
        (
            "members that overlap",
            lambda _: _overlapping(60, 9_000_000),
            "unpacked it has 540 million bytes",
            "",
        ),
        (
            "10,001 members",
            lambda _: zipped({f"{n}.md": "" for n in range(10_001)}),
            "the limit is 10,000",
            "",
        ),
        (
            "one name twice",
            _beside("b.md", "Snow.").replace(b"b.md", b"a.md"),
            "twice",
            "Snow.",
        ),
        ("archives four deep", _nested(4), "deep in one another", RAIN),
    ],
)

# Text --------------------------------------------------------------------------------------------


def _front(block: str) -> bytes:
    return f"---\n{block}\n---\n{RAIN}".encode()


def _yaml_bomb(form: str, first: str = "[x]") -> bytes:
    """Aliases of aliases of aliases."""
    lines = [f"a0: &a0 {first}"]
    for i in range(1, 60):
        lines.append(f"a{i}: &a{i} " + form.replace("...", ", ".join([f"*a{i - 1}"] * 9)))
    return _front("\n".join(lines))


_ROW = b'{"text": "It rained."}\n'

OF_TEXTS = [
    *rows(
        "front matter",
        "a.md",
        [
            ("billion laughs", _yaml_bomb("[...]"), "aliases", ""),
            ("billion laughs of merged keys", _yaml_bomb("{<<: [...]}", "{x: y}"), "aliases", ""),
            ("a list that holds itself", _front("title: &a [*a]"), "aliases", ""),
            (
                "Python to run",
                _front("a: !!python/object/apply:os.system [exit]"),
                "could not determine a constructor",
                "",
            ),
            ("5,000 deep", _front("a: " + "[" * 5_000), "nested too deeply", ""),
        ],
    ),
    *rows(
        "JSON lines",
        "a.jsonl",
        [
            ("90,000 deep", _ROW + b'{"text": ' + b"[" * 90_000, "no JSON", RAIN),
            (
                "a number of a million digits",
                _ROW + b'{"text": "", "n": ' + b"9" * 1_000_000 + b"}",
                "no JSON",
                RAIN,
            ),
        ],
    ),
    *rows(
        "CSV",
        "a.csv",
        [
            ("a formula", b"text,n\nIt rained.,\"=cmd|' /C calc'!A0\"\n", "", RAIN),
            ("over 100,000 rows", b"text\n" + b"x\n" * 100_001, "over 100,000 rows", ""),
            (
                "a quotation mark never closed",
                b'text,n\nIt rained.,1\n"' + b"x," * 1_000_000,
                "quotation marks do not match",
                RAIN,
            ),
        ],
    ),
    *rows(
        "text",
        "a.txt",
        [
            ("50 MB", lambda _: b"Rain " * 10_000_000, "the limit is 20 million", ""),
            ("a program under another name", b"\x7fELF\x02" + bytes(999), "binary", ""),
        ],
    ),
]
