"""Pages and feeds from the web: what is refused and why, and what a well-behaved site notices."""

from __future__ import annotations

import gzip
import io
import itertools
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from proofs import Table
from web_server import Clock, Names, Page, Site, Wire, web_site

from index.errors import FetchError, LoadError
from index.web import Entry, Fetcher, Limits, PoliteFetcher, Seen, find_feeds, new_entries
from index.web.addresses import refusal, resolve
from index.web.entries import MAX_BYTES, read
from index.web.hosts import canonical
from index.web.urls import follow, join, parse

PUBLIC = "93.184.215.14"
OTHER = "203.0.112.9"
TRUST = ssl.create_default_context()  # made once, because it reads a hundred certificates
SMALL = Limits(body_bytes=100_000, header_bytes=8_000, seconds=60.0, tries=1)

IPISH = re.compile(r":|[0-9]\Z")
ARTICLE = b"<html><title>Frost</title><p>The orchard lost a third of its blossom.</p></html>"

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>Village news</title>{items}</channel></rss>"""
ITEM = (
    "<item><title>{title}</title><link>{link}</link><guid>{id}</guid>"
    "<author>desk@news.example (Ida Moor)</author>"
    "<pubDate>Tue, 01 Oct 2024 23:10:00 GMT</pubDate></item>"
)
MILL = ITEM.format(title="The mill reopens", link="/mill", id="urn:1")
FERRY = ITEM.format(title="Ferry &amp;amp; tides", link="/ferry", id="urn:2")


@pytest.fixture
def site() -> Iterator[Site]:
    with web_site() as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    return Clock()


def names() -> Names:
    """Two public names, one that mixes public and private, and some that only seem public."""
    return Names(
        public_example=[[PUBLIC]],
        other_example=[[OTHER]],
        mixed_example=[[PUBLIC, "10.0.0.7"]],
        mixed6_example=[[PUBLIC, "fd12::7"]],
        mapped_example=[["::ffff:127.0.0.1"]],
        router_example=[["192.168.1.1"]],
        scoped_example=[["fe80::1%eth0"]],
        empty_example=[[]],
        localhost=[["127.0.0.1"]],
        rebinding_example=[[PUBLIC], ["127.0.0.1"]],
        loopback6_example=[["::1"]],
    )


def local(**options: Any) -> Fetcher:
    """May fetch from this machine and does not wait between retries."""
    doubles = {"sleep": lambda _: None, "ssl_context": TRUST}
    return Fetcher(**{"private": True, **doubles, **options})


def public(site: Site, **options: Any) -> tuple[Fetcher, Wire]:
    """Fetches only from public addresses, all of which are the site here."""
    wire = Wire(site)
    doubles = {"lookup": names(), "sleep": lambda _: None, "ssl_context": TRUST}
    return Fetcher(**{"backend": wire, "limits": SMALL, **doubles, **options}), wire


# Refused before anything is sent -----------------------------------------------------------------

REFUSED = [
    ("http://127.0.0.1/", "not a public address"),
    ("http://127.1/", "not a public address"),
    ("http://2130706433/", "not a public address"),
    ("http://0x7f000001/", "not a public address"),
    ("http://0x7f.1/", "not a public address"),
    ("http://017700000001/", "not a public address"),
    ("http://0177.0.0.1/", "not a public address"),
    ("http://00000000177.0.0.1/", "not a public address"),
    ("http://0300.0250.1/", "not a public address"),
    ("http://１２７.０.０.１/", "not a public address"),
    ("http://①②⑦.0.0.1/", "not a public address"),
    ("http://127。0。0。1/", "not a public address"),
    ("http://127.0.0.1./", "not a public address"),
    ("http://4294967296/", "no IPv4 address"),
    ("http://256.1.1.1/", "no IPv4 address"),
    ("http://1.2.3.4.5/", "no IPv4 address"),
    ("http://0x7g.1.0x1z.9/", "no IPv4 address"),
    ("http://08.1.1.1/", "no IPv4 address"),
    ("http://0/", "no address of a web server"),
    ("http://0.0.0.0/", "no address of a web server"),
    ("http://10.1.2.3/", "not a public address"),
    ("http://172.31.255.255/", "not a public address"),
    ("http://192.168.0.1/", "not a public address"),
    ("http://100.64.0.1/", "not a public address"),
    ("http://198.18.0.1/", "not a public address"),
    ("http://192.0.0.8/", "not a public address"),
    ("http://224.0.0.1/", "no address of a web server"),
    ("http://240.0.0.1/", "reserved"),
    ("http://255.255.255.255/", "reserved"),
    ("http://169.254.1.1/", "no address of a web server"),
    ("http://169.254.169.254/latest/meta-data/", "metadata"),
    ("http://0xa9fea9fe/", "metadata"),
    ("http://[::ffff:169.254.169.254]/", "metadata"),
    ("http://[fd00:ec2::254]/", "metadata"),
    ("http://[::1]/", "not a public address"),
    ("http://[0:0:0:0:0:0:0:1]/", "not a public address"),
    ("http://[::]/", "no address of a web server"),
    ("http://[::ffff:127.0.0.1]/", "not a public address"),
    ("http://[::ffff:7f00:1]/", "not a public address"),
    ("http://[::127.0.0.1]/", "not a public address"),
    ("http://[::ffff:0:7f00:1]/", "not a public address"),
    ("http://[64:ff9b::7f00:1]/", "not a public address"),
    ("http://[64:ff9b::10.0.0.1]/", "not a public address"),
    ("http://[64:ff9b:1::1]/", "reserved"),
    ("http://[2002:7f00:1::]/", "not a public address"),
    ("http://[2002:c0a8:101::1]/", "not a public address"),
    ("http://[2001:0:4136:e378:8000:63bf:f5ff:fffe]/", "not a public address"),
    ("http://[fc00::1]/", "not a public address"),
    ("http://[fec0::1]/", "not a public address"),
    ("http://[fe80::1]/", "no address of a web server"),
    ("http://[fe80::1%25eth0]/", "zone"),
    ("http://[fe80::1%eth0]/", "zone"),
    ("http://[ff02::1]/", "no address of a web server"),
    ("http://[2001:db8::1]/", "not a public address"),
    ("http://[::1/", "host or port"),
    ("http://[v1.a]/", "IPv6"),
    ("http://localhost/", "not a public address"),
    ("http://localhost./", "not a public address"),
    ("http://LOCALHOST/", "not a public address"),
    ("http://mixed.example/", "10.0.0.7"),
    ("http://mixed6.example/", "fd12::7"),
    ("http://mapped.example/", "not a public address"),
    ("http://router.example/", "192.168.1.1"),
    ("http://scoped.example/", "no address of a web server"),
    ("http://loopback6.example/", "not a public address"),
    ("http://empty.example/", "no address"),
    ("http://ann:hunter2@public.example/", "user name or password"),
    ("http://hunter2@public.example/", "user name or password"),
    ("http://public.example@127.0.0.1/", "user name or password"),
    ("http://@public.example/", "user name or password"),
    ("http://ann:pass?hunter2@public.example/", "host or port"),
    ("http://unknown.example/?key=hunter2", "cannot be found"),
    ("http://public.example\\@127.0.0.1/", "backslash"),
    ("http:\\\\public.example/", "backslash"),
    ("HTTP:/\\public.example", "backslash"),
    ("http:/public.example/", "two slashes"),
    ("http:public.example", "two slashes"),
    ("//public.example/", "scheme"),
    ("public.example/a", "scheme"),
    ("", "scheme"),
    ("file:///etc/passwd", "only http"),
    ("FILE://localhost/etc/passwd", "only http"),
    ("ftp://public.example/", "only http"),
    ("gopher://public.example:70/_x", "only http"),
    ("javascript:alert(1)", "only http"),
    ("data:text/html,hello", "only http"),
    ("unix:///var/run/docker.sock", "only http"),
    ("view-source:http://public.example/", "only http"),
    ("http:///a", "no host"),
    ("http://", "no host"),
    ("http://:80/", "no host"),
    ("http://./", "no host"),
    ("http://?a", "no host"),
    (" http://public.example/", "white space"),
    ("http://public.example/ ", "white space"),
    ("http://public.example/a b", "white space"),
    ("http://public.exa\tmple/", "white space"),
    ("http://public.example/\r\nX-Evil: 1", "white space"),
    ("http://public.example/\x00", "control"),
    ("http://public.example\u2028/", "white space"),
    ("http://public.example/\udc80", "control"),
    ("http://public.example:22/", "port 22"),
    ("http://public.example:25/", "port 25"),
    ("http://public.example:0/", "port 0"),
    ("http://public.example:6667/", "port 6667"),
    ("http://public.example:65536/", "port 65536"),
    ("http://public.example:80:80/", "host or port"),
    ("http://public.example:８０/", "host or port"),
    ("http://public.example:-1/", "host or port"),
    ("http://public.example:http/", "host or port"),
    ("http://public%2eexample/", "no valid name"),
    ("http://127%2e0.0.1/", "no IPv4 address"),
    ("http://public..example/", "no valid name"),
    ("http://-public.example/", "no valid name"),
    ("http://pub!ic.example/", "no valid name"),
    (f"http://{'a' * 64}.example/", "no valid name"),
    (f"http://{'a.' * 130}example/", "no valid name"),
    ("http://pub／lic.example/", "name"),
    ("http://a\u202eb.example/", "international name"),
    (f"http://public.example/{'a' * 5000}", "characters"),
]


@pytest.mark.soak
@pytest.mark.parametrize(("url", "word"), REFUSED)
def test_the_address_is_refused(url: str, word: str) -> None:
    fetcher, wire = public(Site())
    with pytest.raises(FetchError, match=word) as caught:
        fetcher.get(url)
    assert isinstance(caught.value, LoadError)
    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not wire.dialled
    TABLE.add(f"{url!r:.100}", "refused", str(caught.value))


@pytest.mark.parametrize(("url", "word"), [row for row in REFUSED if ":" in row[0]])
def test_a_redirect_there_is_refused_alike(url: str, word: str) -> None:
    """Checked without a server, since many of these cannot stand in a header."""

    def arrive() -> None:
        address = follow(parse("http://public.example/start"), url)
        resolve(address.host, address.port, private=False, lookup=names())

    with pytest.raises(FetchError, match=word):
        arrive()


# Refused on the way ------------------------------------------------------------------------------


def redirect(to: str, status: int = 302) -> Page:
    return Page(status=status, headers={"Location": to})


def endless() -> Iterator[bytes]:
    return itertools.repeat(b"tick " * 2000)


def gzip_bomb(size: int = 30_000_000) -> bytes:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=9) as file:
        for _ in range(size // 1_000_000):
            file.write(bytes(1_000_000))
    return packed.getvalue()


def packed_as(encoding: str, body: bytes) -> Page:
    return Page(body, headers={"Content-Encoding": encoding})


def lines(count: int) -> bytes:
    return b"".join(b"X-%d: %s\r\n" % (n, b"v" * 90) for n in range(count))


HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
ATTACKS = [
    ("redirect to loopback", redirect("http://127.0.0.1/"), "not a public address"),
    ("redirect to a private name", redirect("http://router.example/"), "192.168.1.1"),
    ("redirect to a number", redirect("http://2130706433/"), "not a public address"),
    ("redirect to IPv6 loopback", redirect("http://[::1]/"), "not a public address"),
    ("redirect to metadata", redirect("http://169.254.169.254/", 307), "metadata"),
    ("redirect to mapped", redirect("//[::ffff:10.0.0.1]/", 308), "not a public address"),
    ("redirect to a file", redirect("file:///etc/passwd"), "only http"),
    ("redirect to data", redirect("data:text/plain,x", 301), "only http"),
    ("redirect with a password", redirect("http://ann:hunter2@other.example/"), "password"),
    ("redirect with a backslash", redirect("/\\127.0.0.1/"), "backslash"),
    ("redirect to a mail port", redirect("http://other.example:25/", 303), "port 25"),
    ("redirect to 5,000 characters", redirect(f"/{'a' * 5000}"), "over 4,000 characters"),
    (
        "redirect to two places",
        Page(raw=b"HTTP/1.1 302 Found\r\nLocation: /a\r\nLocation: http://127.0.0.1/\r\n\r\n"),
        "white space",
    ),
    ("redirect with a tab", redirect("http://other.example/\ta"), "white space"),
    ("redirect loop", redirect("/"), "more than 5 redirects"),
    ("redirect without target", Page(status=302), "status 302"),
    ("redirect of unknown kind", Page(status=399), "status 399"),
    ("not modified, unasked", Page(status=304), "status 304"),
    ("gzip bomb", packed_as("gzip", gzip_bomb()), "larger than"),
    ("gzip bomb in gzip", packed_as("gzip, gzip", gzip.compress(gzip_bomb())), "not asked for"),
    ("deflate bomb", packed_as("deflate", zlib.compress(bytes(30_000_000), 9)), "larger than"),
    ("raw deflate bomb", packed_as("deflate", zlib.compress(bytes(30_000_000), 9)[2:]), "larger"),
    ("brotli", packed_as("br", b"\x8b\x02\x80abc\x03"), "not asked for"),
    ("zstd", packed_as("zstd", b"(\xb5/\xfd"), "not asked for"),
    ("gzip that is none", packed_as("gzip", b"hello"), "unpacked"),
    ("gzip cut short", packed_as("gzip", gzip.compress(ARTICLE)[:-9]), "unpacked"),
    ("gzip and more", packed_as("gzip", gzip.compress(b"a") + gzip.compress(b"b")), "unpacked"),
    ("endless body", Page(endless), "larger than"),
    (
        "endless chunks",
        Page(raw=lambda: itertools.chain([CHUNKED], itertools.repeat(b"4\r\ntick\r\n" * 999))),
        "larger than",
    ),
    (
        "endless headers",
        Page(raw=lambda: itertools.chain([HEAD], itertools.repeat(lines(50)))),
        "headers",
    ),
    ("huge headers", Page(raw=HEAD + lines(100) + b"\r\nhello"), "headers of over"),
    ("one huge header", Page(raw=HEAD + b"X: " + b"v" * 200_000 + b"\r\n\r\n"), "headers"),
    ("length too large", Page(raw=HEAD + b"Content-Length: 99999999\r\n\r\nhello"), "larger than"),
    ("length of more than comes", Page(raw=HEAD + b"Content-Length: 50\r\n\r\nhello"), "broke off"),
    (
        "two lengths",
        Page(raw=HEAD + b"Content-Length: 5\r\nContent-Length: 9\r\n\r\nhello"),
        "no proper HTTP",
    ),
    ("negative length", Page(raw=HEAD + b"Content-Length: -5\r\n\r\nhello"), "no proper HTTP"),
    ("length in words", Page(raw=HEAD + b"Content-Length: 0x9\r\n\r\nhello"), "no proper HTTP"),
    (
        "chunks that are none",
        Page(raw=CHUNKED + b"zz\r\nhello"),
        "no proper HTTP",
    ),
    ("a chunk without end", Page(raw=CHUNKED + b"ffffffffffffffff\r\nhello"), "broke off"),
    ("a negative chunk", Page(raw=CHUNKED + b"-5\r\nhello"), "no proper HTTP"),
    (
        "endless words about a chunk",
        Page(raw=lambda: itertools.chain([CHUNKED, b"4;a="], itertools.repeat(b"x" * 9000))),
        "headers",
    ),
    (
        "endless trailers",
        Page(raw=lambda: itertools.chain([CHUNKED, b"0\r\n"], itertools.repeat(lines(50)))),
        "headers",
    ),
    (
        "chunks that are packed",
        Page(raw=HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        "no proper HTTP",
    ),
    ("another protocol", Page(raw=b"220 mail.example ESMTP\r\n"), "no proper HTTP"),
    ("silence and gone", Page(raw=lambda: []), "no proper HTTP"),
    (
        "switching protocols",
        Page(raw=b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n"),
        "no proper HTTP",
    ),
    ("folded header", Page(raw=HEAD + b"\x00: a\r\n\r\nhello"), "no proper HTTP"),
]


@pytest.mark.soak
@pytest.mark.parametrize(("name", "page", "word"), ATTACKS, ids=[a[0] for a in ATTACKS])
def test_the_reply_is_refused(site: Site, name: str, page: Page, word: str) -> None:
    site.pages["/"] = page
    fetcher, wire = public(site)
    with pytest.raises(FetchError, match=word) as caught:
        fetcher.get("http://public.example/")
    assert "hunter2" not in str(caught.value)
    assert {host for host, _ in wire.dialled} == {PUBLIC}
    assert len(site.asked) == (6 if "redirects" in word else 1)
    TABLE.add(name, "refused", str(caught.value))


DRIPS = {
    "body": Page(lambda: itertools.repeat(b"."), pause=0.02),
    "header": Page(
        raw=lambda: itertools.chain([HEAD + b"X: "], itertools.repeat(b"v")), pause=0.02
    ),
    "continue": Page(raw=lambda: itertools.repeat(b"HTTP/1.1 100 Continue\r\n\r\n"), pause=0.02),
    "silence": Page(raw=lambda: iter([b""]), pause=3.0),
}


@pytest.mark.soak
@pytest.mark.parametrize("name", DRIPS)
def test_a_slow_drip_ends_in_time(site: Site, name: str) -> None:
    site.pages["/"] = DRIPS[name]
    fetcher, _ = public(site, limits=Limits(seconds=0.4))
    began = time.monotonic()
    with pytest.raises(FetchError, match="took longer") as caught:
        fetcher.get("http://public.example/")
    assert time.monotonic() - began < 10
    TABLE.add(f"a slow drip: {name}", "refused", str(caught.value))


def test_a_bomb_is_not_unpacked_further_than_the_limit(site: Site) -> None:
    import tracemalloc

    site.pages["/"] = packed_as("gzip", gzip_bomb(60_000_000))
    fetcher, _ = public(site)
    tracemalloc.start()
    try:
        with pytest.raises(FetchError, match="larger than"):
            fetcher.get("http://public.example/")
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.soak
def test_a_name_that_changes_its_mind_is_connected_to_where_it_was_checked(site: Site) -> None:
    site.pages["/"] = Page(ARTICLE)
    lookup = names()
    fetcher, wire = public(site, lookup=lookup)
    assert fetcher.get("http://rebinding.example/").body == ARTICLE
    assert wire.dialled == [(PUBLIC, 80)]  # an address, so nobody looks the name up again
    assert lookup.asked == ["rebinding.example"]
    with pytest.raises(FetchError, match=r"127\.0\.0\.1") as caught:
        fetcher.get("http://rebinding.example/")
    assert len(wire.dialled) == 1
    TABLE.add("a name that changes its mind", "refused", str(caught.value))


@pytest.mark.soak
def test_a_name_that_changes_its_mind_before_a_retry_is_refused(site: Site) -> None:
    site.pages["/"] = Page(status=503)
    fetcher, wire = public(site, limits=Limits(tries=3))
    with pytest.raises(FetchError, match=r"127\.0\.0\.1") as caught:
        fetcher.get("http://rebinding.example/")
    assert wire.dialled == [(PUBLIC, 80)]
    TABLE.add("a name that changes its mind before a retry", "refused", str(caught.value))


def test_an_unknown_name_is_named() -> None:
    def lookup(*_: Any, **__: Any) -> Any:
        raise OSError(-2, "Name or service not known")

    with pytest.raises(FetchError, match=r"'nowhere\.example' cannot be found"):
        Fetcher(lookup=lookup).get("http://nowhere.example/?token=hunter2")


def test_private_does_not_open_what_is_never_a_site() -> None:
    for ip in ("127.0.0.1", "10.0.0.1", "fc00::1", "::1", "100.64.0.1", "::ffff:192.168.1.1"):
        assert refusal(ip, private=True) == ""
        assert "not a public" in refusal(ip, private=False)
    for ip in ("169.254.169.254", "100.100.100.200", "fd00:ec2::254", "0.0.0.0", "ff02::1"):
        assert refusal(ip, private=True)
    for ip in (PUBLIC, "2606:4700::1", "64:ff9b::808:808", "::ffff:8.8.8.8", "2002:808:808::1"):
        assert refusal(ip, private=False) == ""


# TLS ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for `public.example`, made on the spot."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs the openssl program")
    folder = tmp_path_factory.mktemp("tls")
    command = (
        f"{openssl} req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
        "-subj /CN=public.example -addext subjectAltName=DNS:public.example -keyout key.pem "
        "-out cert.pem"
    )
    subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture
def secure_site(certificate: Path) -> Iterator[Site]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    with web_site(context) as opened:
        yield opened


def test_tls_is_verified_for_the_name_not_the_address(secure_site: Site, certificate: Path) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate / "cert.pem"))
    secure_site.pages["/"] = Page(ARTICLE)
    fetcher, wire = public(secure_site, ssl_context=trusting)
    assert fetcher.get("https://public.example/").body == ARTICLE
    assert wire.dialled == [(PUBLIC, 443)]
    assert secure_site.names == ["public.example"]
    assert secure_site.headers[0]["host"] == "public.example"
    with pytest.raises(FetchError, match="certificate"):
        fetcher.get("https://other.example/")


@pytest.mark.soak
def test_a_stranger_s_certificate_is_refused_and_not_tried_again(secure_site: Site) -> None:
    fetcher, wire = public(secure_site, limits=Limits(tries=3))
    with pytest.raises(FetchError, match="certificate") as caught:
        fetcher.get("https://public.example/")
    assert len(wire.dialled) == 1
    TABLE.add("a stranger's certificate", "refused", str(caught.value))


@pytest.mark.soak
def test_a_redirect_from_https_to_http_is_refused(secure_site: Site, certificate: Path) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate / "cert.pem"))
    secure_site.pages["/"] = redirect("http://public.example/plain")
    fetcher, wire = public(secure_site, ssl_context=trusting)
    with pytest.raises(FetchError, match="from https to http") as caught:
        fetcher.get("https://public.example/")
    assert len(wire.dialled) == 1
    TABLE.add("redirect from https to http", "refused", str(caught.value))


# What is fetched ---------------------------------------------------------------------------------


def test_a_page_of_ones_own_machine_is_fetched_when_asked_for(site: Site) -> None:
    site.pages["/frost?page=2"] = Page(ARTICLE, headers={"Set-Cookie": "a=b", "Last-Modified": "x"})
    got = local().get(f"{site.url}/frost?page=2#end")
    assert (got.status, got.body, got.not_modified) == (200, ARTICLE, False)
    assert got.url == f"{site.url}/frost?page=2"
    assert got.content_type == "text/html; charset=utf-8"
    assert got.last_modified == "x"
    assert "set-cookie" not in got.headers
    with pytest.raises(TypeError):
        got.headers["etag"] = "x"  # type: ignore[index]
    with pytest.raises(FetchError, match="not a public address"):
        Fetcher().get(site.url)


def test_only_what_is_needed_is_sent(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    netrc = Path.home() / ".netrc"
    netrc.parent.mkdir(exist_ok=True)
    netrc.write_text("machine 127.0.0.1 login ann password hunter2\n", encoding="utf-8")
    site.pages["/"] = Page(status=302, headers={"Location": "/next", "Set-Cookie": "id=1"})
    site.pages["/next"] = Page(ARTICLE)
    local().get(site.url)
    for headers in site.headers:
        assert set(headers) == {"host", "user-agent", "accept", "accept-encoding", "connection"}
        assert headers["user-agent"].startswith("assistant/")
        assert headers["host"] == f"127.0.0.1:{site.port}"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("", ARTICLE),
        ("identity", ARTICLE),
        ("gzip", gzip.compress(ARTICLE)),
        ("X-GZIP", gzip.compress(ARTICLE)),
        ("deflate", zlib.compress(ARTICLE)),
        ("deflate", zlib.compress(ARTICLE)[2:-4]),
    ],
)
def test_packed_pages_are_unpacked(site: Site, encoding: str, body: bytes) -> None:
    site.pages["/whole"] = packed_as(encoding, body)
    site.pages["/drip"] = Page(
        lambda: [body[:2], *(bytes([byte]) for byte in body[2:])],
        headers={"Content-Encoding": encoding},
    )
    assert local().get(f"{site.url}/whole").body == ARTICLE
    assert local().get(f"{site.url}/drip").body == ARTICLE


def test_a_body_of_just_the_limit_passes(site: Site) -> None:
    site.pages["/"] = packed_as("gzip", gzip.compress(bytes(5000)))
    site.pages["/plain"] = Page(bytes(5000))
    for limit, path in itertools.product((5000, 4999), ("/", "/plain")):
        fetcher = local(limits=Limits(body_bytes=limit))
        if limit == 5000:
            assert len(fetcher.get(site.url + path).body) == 5000
        else:
            with pytest.raises(FetchError, match="larger"):
                fetcher.get(site.url + path)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(site: Site, status: int) -> None:
    site.pages["/a/b"] = redirect("../c?d=e#f", status)
    site.pages["/c?d=e"] = redirect(f"{site.url}/caf%C3%A9".replace("%C3%A9", "\xc3\xa9"), status)
    site.pages["/caf%C3%A9"] = Page(ARTICLE)
    got = local().get(f"{site.url}/a/b")
    assert (got.url, got.body) == (f"{site.url}/caf%C3%A9", ARTICLE)


@pytest.mark.parametrize(
    ("status", "word"),
    [(404, "not there"), (410, "not there"), (403, "closed"), (401, "closed"), (500, "failed")],
)
def test_a_page_that_is_none_says_what_to_do(site: Site, status: int, word: str) -> None:
    site.pages["/x?key=hunter2"] = Page(b"sorry", status=status)
    with pytest.raises(FetchError, match=word) as caught:
        local().get(f"{site.url}/x?key=hunter2#hunter2")
    assert caught.value.status == status
    assert "hunter2" not in str(caught.value)
    assert len(site.asked) == 1


def test_an_unchanged_page_is_not_sent_again(site: Site) -> None:
    site.pages["/"] = Page(ARTICLE, etag='"v1"', headers={"Last-Modified": "Tue, 01 Oct 2024"})
    first = local().get(site.url)
    assert (first.etag, first.last_modified) == ('"v1"', "Tue, 01 Oct 2024")
    again = local().get(site.url, etag=first.etag, last_modified=first.last_modified)
    assert (again.status, again.not_modified, again.body) == (304, True, b"")
    assert site.headers[1]["if-none-match"] == '"v1"'
    assert site.headers[1]["if-modified-since"] == "Tue, 01 Oct 2024"
    site.pages["/"] = Page(ARTICLE, etag='"v2"')
    assert local().get(site.url, etag=first.etag).etag == '"v2"'


@pytest.mark.parametrize("etag", ["a\r\nX-Evil: 1", "日本"])
def test_a_damaged_etag_injects_nothing(site: Site, etag: str) -> None:
    site.pages["/"] = Page(ARTICLE)
    try:
        local().get(site.url, etag=etag)
    except FetchError:
        assert not site.headers
    assert not any("x-evil" in headers for headers in site.headers)


# Trying again ------------------------------------------------------------------------------------


def patient(clock: Clock, **options: Any) -> Fetcher:
    doubles = {"clock": clock, "sleep": clock.sleep, "jitter": lambda: 0.5, "ssl_context": TRUST}
    return Fetcher(**{"private": True, **doubles, **options})


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_site_is_asked_again(site: Site, clock: Clock, status: int) -> None:
    site.pages["/"] = [Page(status=status), Page(status=status), Page(ARTICLE)]
    assert patient(clock).get(site.url).body == ARTICLE
    assert clock.slept == [1.0, 2.0]


def test_a_busy_site_is_left_alone_after_three_tries(site: Site, clock: Clock) -> None:
    site.pages["/"] = Page(status=503)
    with pytest.raises(FetchError, match="too busy"):
        patient(clock).get(site.url)
    assert len(site.asked) == 3
    assert len(clock.slept) == 2


@pytest.mark.parametrize(
    ("headers", "slept"),
    [
        ({"Retry-After": "7"}, [7.0]),
        ({"Retry-After": "0"}, [1.0]),
        ({"Retry-After": "60"}, [60.0]),
        ({"Retry-After": "soon"}, [1.0]),
        ({"Retry-After": "-5"}, [1.0]),
        ({"Retry-After": "٣"}, [1.0]),
        ({"Retry-After": "Fri, 31 Dec 2999 23:59:59 GMT"}, None),
        ({"Retry-After": "61"}, None),
        ({"Retry-After": "9" * 5000}, None),
    ],
)
def test_the_site_says_when_to_come_back(
    site: Site, clock: Clock, headers: dict[str, str], slept: list[float] | None
) -> None:
    raw = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    busy = f"HTTP/1.1 503 Busy\r\nDate: Tue, 01 Oct 2024 10:00:00 GMT\r\n{raw}\r\n"
    site.pages["/"] = [Page(raw=busy.encode()), Page(ARTICLE)]
    if slept is None:
        with pytest.raises(FetchError, match="too busy"):
            patient(clock).get(site.url)
        assert not clock.slept
    else:
        assert patient(clock).get(site.url).body == ARTICLE
        assert clock.slept == slept


def test_a_date_to_come_back_is_read_by_the_site_s_clock(site: Site, clock: Clock) -> None:
    busy = (
        b"HTTP/1.1 429 Busy\r\nDate: Tue, 01 Oct 2024 10:00:00 GMT\r\n"
        b"Retry-After: Tue, 01 Oct 2024 10:00:42 GMT\r\n\r\n"
    )
    site.pages["/"] = [Page(raw=busy), Page(ARTICLE)]
    patient(clock).get(site.url)
    assert clock.slept == [42.0]  # which is more than the 30 seconds: waits do not count


def test_a_connection_that_fails_is_tried_again(site: Site, clock: Clock) -> None:
    site.pages["/"] = [Page(raw=lambda: []), Page(ARTICLE)]
    wire = Wire(site, fail=1)
    assert patient(clock, backend=wire).get(site.url).body == ARTICLE
    assert clock.slept == [1.0, 2.0]
    with pytest.raises(FetchError, match="cannot be connected to"):
        patient(clock, backend=Wire(site, fail=9)).get(site.url)


def test_the_next_address_of_a_name_is_tried(site: Site) -> None:
    site.pages["/"] = Page(ARTICLE)
    wire = Wire(site, fail=1)
    lookup = Names(twin_example=[[OTHER, PUBLIC]])
    assert Fetcher(backend=wire, lookup=lookup).get("http://twin.example/").body == ARTICLE
    assert wire.dialled == [(OTHER, 80), (PUBLIC, 80)]


# Manners -----------------------------------------------------------------------------------------

ROBOTS = b"""User-agent: *
Disallow: /private
Allow: /private/open
Disallow: /*.pdf$
Crawl-delay: 4
"""


def polite(clock: Clock, **options: Any) -> PoliteFetcher:
    return PoliteFetcher(patient(clock, **options), clock=clock, sleep=clock.sleep)


def test_robots_txt_is_obeyed_and_read_once(site: Site, clock: Clock) -> None:
    site.pages["/robots.txt"] = Page(ROBOTS)
    site.pages["/a"] = site.pages["/private/open"] = Page(ARTICLE)
    fetcher = polite(clock)
    assert fetcher.get(f"{site.url}/a").body == ARTICLE
    assert fetcher.get(f"{site.url}/private/open").body == ARTICLE
    for path in ("/private/x", "/b.pdf", "/%70rivate/x"):
        with pytest.raises(FetchError, match=r"robots\.txt"):
            fetcher.get(site.url + path)
    assert site.asked == ["/robots.txt", "/a", "/private/open"]
    assert clock.slept == [4.0, 4.0]


def test_rules_for_this_program_win_over_those_for_all(site: Site, clock: Clock) -> None:
    site.pages["/robots.txt"] = Page(
        b"User-agent: *\nDisallow: /\n\nUser-agent: assistant\nAllow: /"
    )
    site.pages["/a"] = Page(ARTICLE)
    assert polite(clock).get(f"{site.url}/a").body == ARTICLE


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_no_robots_txt_means_no_rules(site: Site, clock: Clock, status: int) -> None:
    site.pages["/robots.txt"] = Page(status=status)
    site.pages["/a"] = Page(ARTICLE)
    fetcher = polite(clock)
    fetcher.get(f"{site.url}/a")
    fetcher.get(f"{site.url}/a")
    assert clock.slept == [1.0, 1.0]  # one request a second, robots.txt included


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_robots_txt_that_fails_closes_the_site_for_this_run(
    site: Site, clock: Clock, status: int
) -> None:
    site.pages["/robots.txt"] = Page(status=status)
    site.pages["/a"] = Page(ARTICLE)
    fetcher = polite(clock, limits=Limits(tries=1))
    for _ in range(2):
        with pytest.raises(FetchError, match=f"robots.txt failed with status {status}"):
            fetcher.get(f"{site.url}/a")
    assert site.asked == ["/robots.txt"]


def test_a_robots_txt_made_to_cost_time_is_not_read(site: Site, clock: Clock) -> None:
    text = b"".join(b"User-agent: a%d\n" % n for n in range(5000)) + b"Disallow: /a\n" * 5000
    site.pages["/robots.txt"] = Page(text)
    with pytest.raises(FetchError, match="too long to read"):
        polite(clock).get(f"{site.url}/a")


def test_a_long_crawl_delay_is_cut(site: Site, clock: Clock) -> None:
    site.pages["/robots.txt"] = Page(b"User-agent: *\nCrawl-delay: 86400")
    site.pages["/a"] = Page(ARTICLE)
    polite(clock).get(f"{site.url}/a")
    assert clock.slept == [30.0]


def test_a_redirect_obeys_the_rules_of_where_it_leads(site: Site, clock: Clock) -> None:
    with web_site() as other:
        other.pages["/robots.txt"] = Page(ROBOTS)
        site.pages["/a"] = redirect(f"{other.url}/private/x")
        with pytest.raises(FetchError, match=r"robots\.txt"):
            polite(clock).get(f"{site.url}/a")
        assert other.asked == ["/robots.txt"]


def test_retries_take_their_turn(site: Site, clock: Clock) -> None:
    site.pages["/a"] = [Page(status=503), Page(ARTICLE)]
    site.pages["/robots.txt"] = Page(ROBOTS)
    polite(clock).get(f"{site.url}/a")
    assert clock.slept == [4.0, 1.0, 3.0]


# Feeds -------------------------------------------------------------------------------------------


def feed(*items: str) -> bytes:
    return RSS.format(items="".join(items)).encode()


def test_only_new_entries_come_on_the_next_run(site: Site) -> None:
    site.pages["/feed"] = Page(feed(MILL), etag='"1"')
    first, seen = new_entries(local(), f"{site.url}/feed")
    assert first == [
        Entry(f"{site.url}/mill", "The mill reopens", date(2024, 10, 1), "Ida Moor", "urn:1")
    ]
    assert seen == Seen('"1"', "", ("urn:1",))
    assert new_entries(local(), f"{site.url}/feed", seen) == ([], seen)

    site.pages["/feed"] = Page(feed(FERRY, MILL), etag='"2"')
    second, seen = new_entries(local(), f"{site.url}/feed", seen)
    assert [entry.title for entry in second] == ["Ferry & tides"]

    site.pages["/feed"] = Page(feed(FERRY), etag='"3"')
    assert new_entries(local(), f"{site.url}/feed", seen)[0] == []
    site.pages["/feed"] = Page(feed(MILL, FERRY), etag='"4"')  # back from the archive
    assert new_entries(local(), f"{site.url}/feed", seen)[0] == []


def test_atom_is_read() -> None:
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry>
      <title type="html">Rain &amp;lt; &lt;b&gt;snow&lt;/b&gt;</title><link href="y?a=1&amp;b=2"/>
      <id>tag:1</id><updated>2024-02-29T23:30:00-02:00</updated>
      <author><name>Bo
      Lind</name></author></entry></feed>"""
    assert read(body, "https://a.example/f/atom") == [
        Entry("https://a.example/f/y?a=1&b=2", "Rain < snow", date(2024, 3, 1), "Bo Lind", "tag:1")
    ]


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/passwd", "http://a:b@c.example/", ""]
)
def test_entries_that_lead_to_no_page_are_left_out(link: str) -> None:
    body = feed(ITEM.format(title="Odd", link=link, id="urn:9"), MILL, MILL)
    assert [entry.id for entry in read(body, "http://a.example/")] == ["urn:1"]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (feed(MILL.replace("mill", "mölle")), ""),
        (b"\xef\xbb\xbf" + feed(MILL.replace("mill", "mölle")), "text/xml"),
        (feed(MILL.replace("mill", "mölle")).decode().encode("utf-16"), ""),
        (
            RSS.replace("utf-8", "iso-8859-1")
            .format(items=MILL.replace("mill", "mölle"))
            .encode("latin-1"),
            "",
        ),
        (
            RSS.format(items=MILL.replace("mill", "mölle")).encode("cp1252"),
            "application/rss+xml; charset=windows-1252",
        ),
        (feed(MILL.replace("mill", "mölle")), "text/xml; charset=utf-7"),
    ],
)
def test_the_feed_s_encoding_is_found(body: bytes, content_type: str) -> None:
    assert read(body, "http://a.example/", content_type)[0].title == "The mölle reopens"


@pytest.mark.parametrize(
    "odd", ["&#xD83C;&#xDF27;", "&#55356;&#57127;", "&#x110000;&#0;", f"&#{'9' * 5000};\0", "\0\0"]
)
def test_a_feed_with_references_to_no_character_is_read(odd: str) -> None:
    body = feed(ITEM.format(title=f"Rain {odd}", link="/rain", id=f"urn:{odd}"), MILL)
    rain, mill = read(body, "http://a.example/")
    assert (rain.title, rain.id) == ("Rain \ufffd\ufffd", "urn:\ufffd\ufffd")
    assert mill.title == "The mill reopens"


def test_a_feed_over_which_the_parser_stumbles_is_told() -> None:
    item = "<item><link>/mill<item><link>http://b.example/x</link></item></link></item>"
    with pytest.raises(FetchError, match=r"too damaged to read \(KeyError"):
        read(feed(item), "http://a.example/")


def laughs(kind: str) -> str:
    declared = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 999}">' for n in range(10)
    )
    return (
        f'<?xml version="1.0" encoding="{kind}"?><!DOCTYPE rss [{declared}]>'
        f"<rss version='2.0'><channel><item><title>&l9;</title></item></channel></rss>"
    )


LAUGHS = {
    "billion laughs": laughs("utf-8").encode(),
    "billion laughs in UTF-16": laughs("utf-16").encode("utf-16"),
    "billion laughs in small letters": laughs("utf-8").replace("<!ENTITY", "<!entity").encode(),
    "a local file as an entity": (
        b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0"></rss>'
    ),
    "a private address as an entity": (
        b'<!DOCTYPE r [<!ENTITY % x SYSTEM "http://127.0.0.1:1/">%x;]><rss version="2.0"></rss>'
    ),
}


@pytest.mark.soak
@pytest.mark.parametrize("name", LAUGHS)
def test_a_feed_that_declares_entities_is_refused(name: str) -> None:
    with pytest.raises(FetchError, match="entities") as caught:
        read(LAUGHS[name], "http://a.example/")
    TABLE.add(f"feed: {name}", "refused", str(caught.value))


TABLE = Table("attacks on fetching", len(REFUSED) + len(ATTACKS) + len(DRIPS) + len(LAUGHS) + 4)
"""Filled by the tests above; four of them are no row of a list."""


def test_laughs_in_a_hidden_encoding_stay_unread() -> None:
    body = laughs("utf-7").encode("utf-7")
    with pytest.raises(FetchError):
        read(body, "http://a.example/", "text/xml; charset=utf-7")


@pytest.mark.parametrize("body", [b"", b"{}", b"\x00\x01", b"<html>hello</html>", b"<?xml ?>"])
def test_what_is_no_feed_is_said_to_be_none(body: bytes) -> None:
    with pytest.raises(FetchError, match="no RSS or Atom feed"):
        read(body, "http://a.example/feed?key=hunter2")


def test_a_body_that_looks_like_a_file_or_an_address_opens_neither(
    tmp_path: Path, site: Site
) -> None:
    hidden = tmp_path / "feed.xml"
    hidden.write_bytes(feed(MILL))
    for body in (str(hidden).encode(), hidden.as_uri().encode(), f"{site.url}/feed".encode()):
        with pytest.raises(FetchError, match="no RSS or Atom feed"):
            read(body, "http://a.example/")
    assert not site.asked


def test_a_feed_too_large_or_too_long_is_bounded() -> None:
    with pytest.raises(FetchError, match="over 5 million"):
        read(bytes(MAX_BYTES + 1), "http://a.example/")
    many = [ITEM.format(title="x", link=f"/{n}", id="i" * 300 + str(n)) for n in range(1200)]
    entries = read(feed(*many), "http://a.example/")
    assert len(entries) == 1000
    assert all(len(entry.id) == 64 for entry in entries)


PAGE = b"""<html><head><base href="/blog/"><link rel="stylesheet" href="/x.css">
<link REL="Alternate" type="application/rss+xml" href="feed?x=1">
<link rel="alternate" type="application/atom+xml" href="//other.example/atom">
<link rel="alternate" type="application/atom+xml" href="http://plain.example/atom">
<link rel="alternate" type="application/rss+xml" href="file:///etc/passwd">
<link rel="alternate" type="text/html" hreflang="de" href="/de"><link rel="alternate">
<link rel="alternate" type="application/rss+xml" href="feed?x=1"></head>"""


def test_the_feeds_of_a_page_are_found() -> None:
    assert find_feeds(PAGE, "https://a.example/blog/post") == [
        "https://a.example/blog/feed?x=1",
        "https://other.example/atom",
        "http://plain.example/atom",
    ]


def test_a_page_in_place_of_a_feed_leads_to_its_feed(site: Site) -> None:
    site.pages["/"] = Page(PAGE)
    with pytest.raises(FetchError, match=r"names a feed: 'http://127\.0\.0\.1:[0-9]+/blog/feed'"):
        new_entries(local(), site.url)


# Spelling ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("HTTPS://Example.ORG", "https://example.org/"),
        ("http://example.org:80?a#b", "http://example.org/?a"),
        ("https://example.org:/x", "https://example.org/x"),
        ("http://example.org:8080/@user/a:b", "http://example.org:8080/@user/a:b"),
        ("http://bücher.example/ü?q=ü", "http://xn--bcher-kva.example/%C3%BC?q=%C3%BC"),
        ("http://[2606:4700:0::1]:81/", "http://[2606:4700::1]:81/"),
        ("http://my_blog.example/%20a", "http://my_blog.example/%20a"),
        ("http://0x5db8d70e/", f"http://{PUBLIC}/"),
        ("http://1.example/", "http://1.example/"),
    ],
)
def test_one_spelling_for_each_address(url: str, meant: str) -> None:
    address = parse(url)
    assert address.url == meant
    assert parse(address.url) == address
    assert canonical(address.authority.removesuffix(f":{address.port}")) == address.host


@given(
    numbers=st.lists(st.integers(0, 2**32), min_size=1, max_size=4),
    formats=st.lists(st.sampled_from(["{}", "0{:o}", "0x{:x}", "0X{:X}"]), min_size=4, max_size=4),
)
def test_numbers_are_read_as_the_system_reads_them(numbers: list[int], formats: list[str]) -> None:
    host = ".".join(form.format(number) for form, number in zip(formats, numbers, strict=False))
    try:
        meant = socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        with pytest.raises(ValueError, match="no IPv4"):
            canonical(host)
    else:
        assert canonical(host) == meant


@given(st.text(st.sampled_from("ab1.:/@[]%?#\\-_x0ü１ \n"), max_size=20))
def test_other_programs_read_the_address_alike(text: str) -> None:
    try:
        address = parse("http://" + text)
    except FetchError:
        return
    for host, port in [
        (urlsplit(address.url).hostname, urlsplit(address.url).port),
        (httpx.URL(address.url).raw_host.decode(), httpx.URL(address.url).port),
    ]:
        assert host == address.host
        assert (port or 80) == address.port
    if text.isascii() and "%" not in text and not IPISH.search(address.host):
        assert urlsplit("http://" + text).hostname in (address.host, f"{address.host}.")


def test_links_are_joined_and_odd_ones_refused() -> None:
    base = parse("https://a.example/x/y")
    assert join(base, "../z?q#f").url == "https://a.example/z?q"
    assert join(base, "http://b.example").url == "http://b.example/"
    for link in ("//[::1", "/\x01", "mailto:a@b.example", "http://a@b/"):
        with pytest.raises(FetchError):
            join(base, link)


def test_importing_the_library_does_not_load_the_web() -> None:
    code = "import sys, index; print('httpcore' in sys.modules, 'feedparser' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False False"
