"""Receipts: what they hold, that true ones are confirmed, and that no forgery is."""

from __future__ import annotations

import asyncio
import copy
import io
import json
import re
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import FakeEmbedder
from helpers import RALLY, TRUCE
from hypothesis import given, settings
from hypothesis import strategies as st
from test_cli import Cli, ids
from watch import Watch

from assistant import Answer, Assistant, Done, Settings
from assistant.checking import Checker
from assistant.errors import LoadError, NotFoundError
from assistant.receipt import receipt_bytes, receipt_name, receipt_of
from assistant.receipt_format import MOST_BYTES, document_hash, read_receipt
from assistant.state import Draft, Evidence, Query, Source
from assistant.verification import Verification, verify
from index import Article, Hit, Library, Scope, sentences

DENIED = (
    "Talks went on in Tyre. It is not true that Israel agreed to the truce, the envoy said. "
    "Boats stayed in the harbour of St. Orlan, 12 of them."
)
ABROAD = "Der Hafen von Tyros wurde am Freitag geschlossen. 🚢🚢 Sieben Schiffe warten, sagte er."
NOW = datetime(2026, 11, 22, 9, 12, tzinfo=UTC)
ARTICLES = (
    Article(TRUCE, title="Truce", source="Ilvane Post", published=date(2024, 9, 26), key="1"),
    Article(RALLY, title="Rally", url="https://news.example/rally"),
    Article(DENIED, title="Denied", source="Daily Note", key="3"),
    Article(ABROAD, title="Häfen", language="de", key="4"),
)
SETTINGS = Settings(api_key="sk-secret", passages=4)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A library that the tests only read."""
    library = Library.open(tmp_path_factory.mktemp("shelf"), embedding=FakeEmbedder())
    library.add(ARTICLES)
    yield library
    library.close()


def answer_of(library: Library, *drafts: Draft, articles: Sequence[Article] = ARTICLES) -> Answer:
    """What the checker makes of drafts that cite the articles by their place, from 1."""
    passages = [library.passages(article.id)[0] for article in articles]
    sources = tuple(
        Source(number, Hit(passage, 1.0), library.get(passage.article_id))
        for number, passage in enumerate(passages, start=1)
    )
    evidence = Evidence(Query("What of the truce?", scope=Scope(tags=("x",))), sources)

    async def stream() -> AsyncIterator[Draft]:
        for draft in (Draft(evidence=evidence), *drafts):
            yield draft

    async def last() -> Answer:
        done = [event async for event in Checker().events(stream())][-1]
        assert isinstance(done, Done)
        return done.answer

    return asyncio.run(last())


def said(text: str, *cites: int) -> Draft:
    return Draft(text=f"{text} ", cites=cites, whole=True)


def document_of(library: Library, *drafts: Draft) -> dict[str, Any]:
    return receipt_of(answer_of(library, *drafts), library, SETTINGS, now=NOW)


def forged(document: dict[str, Any], **claim: Any) -> dict[str, Any]:
    """The document with its first sentence changed, made whole as a careful forger would."""
    made = copy.deepcopy(document)
    made["claims"][0].update(claim)
    return whole(made)


def whole(document: dict[str, Any]) -> dict[str, Any]:
    """The document with text and hash that go with the rest."""
    document["answer"]["text"] = " ".join(
        f"{claim['text']} {''.join(f'[{n}]' for n in claim['quotes'])}".rstrip()
        for claim in document["claims"]
    )
    document["sha256"] = document_hash(document)
    return document


def verdicts(done: Verification) -> list[str]:
    return [claim.verdict for claim in done.claims]


# What a receipt holds


def test_it_holds_the_answer_and_where_each_quote_stands(shelf: Library) -> None:
    document = document_of(
        shelf, said("Israel rejected the proposal on Thursday.", 1), said("Iran sold 9 boats.", 2)
    )
    assert list(document)[:5] == ["format", "format_version", "program", "written", "question"]
    assert document["written"] == "2026-11-22T09:12:00+00:00"
    assert document["understood"]["scope"] == {"tags": ["x"]}
    assert document["answer"]["text"].startswith("Israel rejected the proposal on Thursday. [1]")
    assert [(c["status"], c["quotes"]) for c in document["claims"]] == [
        ("supported", [1]),
        ("unsupported", []),
    ]
    (quote,) = document["quotes"]
    text = shelf.get(quote["article"], quote["version"]).text
    assert text[quote["start"] : quote["end"]] == quote["quote"]
    assert quote["text_sha256"].startswith(quote["version"])
    assert (quote["title"], quote["published"]) == ("Truce", "2024-09-26")
    assert len(document["passages"]) == 4


def test_it_holds_no_key_and_no_place_on_this_machine(tmp_path: Path, library: Library) -> None:
    file = tmp_path / "private" / "note.txt"
    file.parent.mkdir()
    file.write_text(TRUCE)
    library.add([file])
    (article,) = library.articles()
    answer = answer_of(library, said("Israel rejected the proposal.", 1), articles=[article])
    document = receipt_of(answer, library, SETTINGS)
    text = receipt_bytes(document).decode()
    assert "sk-secret" not in text
    assert str(tmp_path) not in text
    assert document["quotes"][0]["original"]["name"] == "note.txt"
    assert len(document["quotes"][0]["original"]["sha256"]) == 64


def test_the_same_answer_makes_the_same_file_which_holds_no_escapes(shelf: Library) -> None:
    odd = said("Israel \x1b[2J\u202e rejected \ud800 the proposal on Thursday.", 1)
    first, again = (receipt_bytes(document_of(shelf, odd)) for _ in range(2))
    assert first == again
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", first.decode())
    assert verify(first, shelf).problems == ()


def test_an_article_that_is_gone_is_not_written_down(library: Library) -> None:
    library.add(ARTICLES)
    answer = answer_of(library, said("Israel rejected the proposal.", 1))
    library.remove(ARTICLES[0].id)
    with pytest.raises(NotFoundError):
        receipt_of(answer, library, SETTINGS)


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Who? ../../etc", "receipt-2026-11-22-who-etc.json"),
        ("?!\x00", "receipt-2026-11-22-answer.json"),
        ("أين" * 40, f"receipt-2026-11-22-{'أين' * 10}.json"),
    ],
)
def test_its_file_name_is_safe(question: str, name: str) -> None:
    assert receipt_name({"written": NOW.isoformat(), "question": question}) == name


def test_the_example_of_the_documentation_runs(
    shelf: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (Path(__file__).parent.parent / "docs" / "RECEIPT.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    document = document_of(shelf, said("Israel rejected the proposal on Thursday.", 1))
    (tmp_path / "receipt.json").write_bytes(receipt_bytes(document))
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "RECEIPT.md", "exec"), {})
    document["question"] = "Another?"
    (tmp_path / "receipt.json").write_bytes(receipt_bytes(document))
    with pytest.raises(AssertionError):
        exec(compile(example, "RECEIPT.md", "exec"), {})
    for field in document["quotes"][0]:
        assert f"`{field}`" in text


# True ones are confirmed

SENTENCES = [
    text[start:end]
    for text in (article.text for article in ARTICLES)
    for start, end in sentences(text)
]
WORDS = sorted({word for text in SENTENCES for word in text.split()})


@st.composite
def drafts(draw: st.DrawFn) -> list[Draft]:
    """Sentences that are true, half true or invented, with right and wrong citations."""
    made = []
    for _ in range(draw(st.integers(1, 4))):
        words = draw(st.sampled_from(SENTENCES)).split()
        match draw(st.sampled_from(["as it is", "cut", "joined", "number", "mixed", "silent"])):
            case "cut":
                words = words[: draw(st.integers(1, len(words)))]
            case "joined":
                words = [*words, "and", *draw(st.sampled_from(SENTENCES)).split()]
            case "number":
                words = [re.sub(r"\d", "7", word) for word in words]
            case "mixed":
                words = draw(st.lists(st.sampled_from([*WORDS, "not", "900"]), min_size=1))
            case "silent":
                words = "The articles do not say who.".split()
        cites = draw(st.lists(st.integers(1, len(ARTICLES)), max_size=3))
        made.append(said(" ".join(words), *cites))
    return made


@settings(deadline=None, max_examples=60)
@given(drafts())
def test_what_any_answer_says_of_itself_is_confirmed(shelf: Library, made: list[Draft]) -> None:
    document = document_of(shelf, *made)
    done = verify(receipt_bytes(document), shelf)
    assert done.holds, done
    assert set(verdicts(done)) <= {"confirmed", "unquoted"}
    assert done == verify(document, shelf)


@pytest.mark.real
@pytest.mark.parametrize(
    "question",
    [
        "Who proposed the truce?",
        "Which of the articles reports more dead?",
        "How many articles mention Hezbollah?",
        "Who won the cup final in 1931?",
    ],
)
def test_what_the_built_in_reader_says_is_confirmed(sample_library: Library, question: str) -> None:
    assistant = Assistant(Settings(), sample_library)
    answer = assistant.ask(question)
    done = verify(receipt_of(answer, sample_library, assistant.settings), sample_library)
    assert done.holds, done
    assert bool(done.claims) == bool(answer.claims)


def test_values_that_differ_are_confirmed_too(shelf: Library) -> None:
    from assistant.state import Difference, Stance

    stances = (
        Stance("21 days", "The United States and France proposed a truce of 21 days.", 1),
        Stance("400", "Organisers expect 400 people.", 2),
    )
    difference = Draft(difference=Difference("contradiction", stances))
    document = document_of(shelf, said("Israel rejected the proposal.", 1), difference)
    done = verify(document, shelf)
    assert (verdicts(done), len(done.quotes)) == (["confirmed"] * 3, 3)
    document["disagreement"]["values"][1]["claim"]["text"] = "Organisers expect 900 people."
    assert verdicts(verify(whole(document), shelf))[2] == "too good"


# Changed ones are found


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where the document has something other than a list or an object."""
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        return [found for name, part in pairs for found in leaves(part, (*path, name))]
    return [path]


def changed(data: st.DataObject, value: Any) -> Any:
    """The value with one character changed, added or taken away."""
    if isinstance(value, bool) or value is None:
        return not value
    if isinstance(value, int | float):
        return value + data.draw(st.sampled_from([-1, 1, 10]))
    at = data.draw(st.integers(0, len(value)))
    letter = data.draw(st.sampled_from("0a7 X\u0301é"))
    made = value[:at] + letter + value[at + data.draw(st.sampled_from([0, 1])) :]
    return made if made != value else f"{value}0"


@settings(deadline=None)
@given(st.data())
def test_any_changed_character_is_seen(shelf: Library, data: st.DataObject) -> None:
    document = document_of(shelf, said("Israel rejected the proposal on Thursday.", 1))
    *path, last = data.draw(st.sampled_from(leaves(document)))
    place = document
    for name in path:
        place = place[name]
    place[last] = changed(data, place[last])
    with suppress(LoadError):
        assert verify(document, shelf).problems


@settings(deadline=None)
@given(st.data())
def test_a_changed_quote_is_found_even_with_a_new_hash(shelf: Library, data: st.DataObject) -> None:
    document = document_of(
        shelf,
        said("Israel rejected the proposal on Thursday.", 1),
        said("Sieben Schiffe warten, sagte er.", 4),
    )
    fields = "quote quote_sha256 text_sha256 version article start end number title".split()
    quote = data.draw(st.sampled_from(document["quotes"]))
    field = data.draw(st.sampled_from(fields))
    quote[field] = changed(data, quote[field])
    try:
        done = verify(whole(document), shelf)
    except LoadError:
        return
    assert not done.holds
    assert not all(quote.holds for quote in done.quotes) or field == "number"


def test_forgeries(shelf: Library) -> None:
    document = document_of(
        shelf,
        said("Israel rejected the proposal on Thursday.", 1),
        said("Organisers expect 400 people.", 2),
        said("Iran sold 900 drones to the moon.", 2),
        said(
            "The United States and France proposed a truce to weary mayors of coastal harbours.",
            1,
        ),
    )
    assert [c["status"] for c in document["claims"]] == [
        "supported",
        "supported",
        "unsupported",
        "partly",
    ]
    assert verify(document, shelf).holds

    def first(**claim: Any) -> str:
        done = verify(forged(document, **claim), shelf)
        assert done.problems == ()
        return done.claims[0].verdict

    assert first(text="Israel rejected the 3 proposals on Thursday.") == "too good"
    assert first(text="Israel did not reject the proposal on Thursday.") == "too good"
    assert first(text="Lebanon rejected the proposal on Thursday.") == "too good"
    assert first(quotes=[2]) == "too good"  # true words that have nothing to do with it
    assert first(text="The United States and France proposed a truce.") == "too good"
    assert first(quotes=[]) == "too good"
    assert first(quotes=[], text="The articles do not say when.") == "unquoted"
    assert first(quotes=[], text="The articles do not say when, but Iran won.") == "too good"
    assert first(quotes=[9]) == "forged"
    assert first(status="unsupported") == "confirmed"  # better than it says is no harm
    last = copy.deepcopy(document)
    last["claims"][3]["status"] = "supported"
    last["claims"][2]["status"] = "supported"
    assert verdicts(verify(whole(last), shelf))[2:] == ["too good", "too good"]
    last["answer"]["text"] = "Israel won."
    last["sha256"] = document_hash(last)
    assert verify(last, shelf).problems == ("the text of the answer is not that of its sentences",)
    for field in ("quote_sha256", "text_sha256"):
        other = copy.deepcopy(document)
        last_digit = other["quotes"][0][field][-1]
        other["quotes"][0][field] = other["quotes"][0][field][:-1] + "10"[last_digit == "1"]
        assert verify(whole(other), shelf).quotes[0].verdict == "forged"
    twice = copy.deepcopy(document)
    twice["quotes"].append(twice["quotes"][0])
    assert verify(whole(twice), shelf).problems == ("two quotes have the same number",)


def test_words_cut_out_of_a_denial_carry_nothing(shelf: Library) -> None:
    document = document_of(shelf, said("Israel rejected the proposal on Thursday.", 1))
    text, words = ARTICLES[2].text, "Israel agreed to the truce"
    start = text.index(words)
    end = start + len(words)
    from index.types import digest

    place = {"article": ARTICLES[2].id, "version": ARTICLES[2].version, "start": start, "end": end}
    document["passages"].append(place)
    document["quotes"][0] |= {
        **place,
        "quote": words,
        "quote_sha256": digest(words),
        "text_sha256": digest(text),
        "title": "Denied",
        "source": "Daily Note",
        "published": None,
    }
    done = verify(forged(document, text=f"{words}."), shelf)
    assert (done.quotes[0].verdict, verdicts(done)) == ("confirmed", ["too good"])


def test_a_quote_from_beyond_what_was_read_is_none(shelf: Library) -> None:
    document = document_of(shelf, said("Israel rejected the proposal on Thursday.", 1))
    document["passages"] = document["passages"][1:]
    (quote,) = verify(whole(document), shelf).quotes
    assert (quote.verdict, quote.reason) == (
        "forged",
        "it stands in none of the passages that were read",
    )


# What became of the articles since

OTHER = {
    "still": (
        TRUCE + " Rain fell.",
        ("changed", True, "changed since, the quoted words still stand in it"),
    ),
    "no longer": (
        "Israel accepted it.",
        ("changed", False, "changed since, the quoted words no longer stand in it"),
    ),
}


@pytest.mark.parametrize(("text", "expected"), OTHER.values(), ids=OTHER)
def test_an_article_that_was_updated(
    library: Library, text: str, expected: tuple[str, bool, str]
) -> None:
    library.add(ARTICLES)
    document = document_of(library, said("Israel rejected the proposal on Thursday.", 1))
    library.add(replace(ARTICLES[0], text=text))
    done = verify(document, library)
    (claim,), (quote,) = done.claims, done.quotes
    assert (quote.verdict, quote.holds, quote.reason) == expected
    assert (claim.verdict, claim.holds) == expected[:2]
    assert done.holds == expected[1]


def test_articles_that_are_not_there(library: Library, tmp_path: Path) -> None:
    library.add(ARTICLES)
    document = document_of(
        library,
        said("Israel rejected the proposal on Thursday.", 1),
        said("Organisers expect 400 people.", 2),
    )
    other = Library.open(tmp_path / "other", embedding=FakeEmbedder())
    other.add(ARTICLES[0])
    done = verify(document, other)
    assert verdicts(done) == ["confirmed", "not found"]
    assert not done.holds
    assert done.quotes[1].reason == (
        "its article is not in this library, it came from https://news.example/rally"
    )
    library.remove(ARTICLES[1].id)
    assert verify(document, library).quotes[1].reason == "its article was removed from this library"
    # Two quotes for one sentence, of which one is gone: that is no forgery.
    both = forged(document, text="Organisers expect 400 people.", quotes=[2])
    assert verdicts(verify(both, library)) == ["not found", "not found"]
    worse = forged(document, text="Organisers expect 900 people.", quotes=[2])
    assert verdicts(verify(worse, library))[0] == "too good"
    other.add(replace(ARTICLES[1], text=f"{RALLY} It rained."))
    assert verify(document, other).quotes[1].reason == (
        "that version is not in this library, the quoted words stand in the current one"
    )
    other.close()


def test_another_description_of_the_same_text_is_told(library: Library) -> None:
    library.add(ARTICLES)
    document = document_of(library, said("Israel rejected the proposal on Thursday.", 1))
    library.add(replace(ARTICLES[0], source="Courier", published=None))
    (quote,) = verify(document, library).quotes
    assert (quote.verdict, quote.holds) == ("changed", False)
    assert quote.reason == "the source and date of its article is another one here"


def test_another_library_confirms_it_once_the_articles_are_there(
    library: Library, tmp_path: Path
) -> None:
    library.add(ARTICLES)
    document = document_of(library, said("Israel rejected the proposal on Thursday.", 1))
    library.add(replace(ARTICLES[0], text=f"{TRUCE} Rain fell."))
    library.export(tmp_path / "all.jsonl")
    other = Library.open(tmp_path / "other", embedding=FakeEmbedder())
    assert not verify(document, other).holds
    other.import_file(tmp_path / "all.jsonl")
    done = verify(document, other)
    assert done.holds
    assert verdicts(done) == ["changed"]
    other.close()


# Hostile ones


def edited(document: dict[str, Any], old: str, new: str) -> bytes:
    text = receipt_bytes(document).decode()
    assert old in text
    return text.replace(old, new, 1).encode()


HOSTILE = {
    "nothing": lambda d: b"",
    "no JSON": lambda d: b"\x00\xff\xfe rubbish",
    "a list": lambda d: b"[1, 2]",
    "another document": lambda d: b'{"format": "x"}',
    "huge": lambda d: b" " * MOST_BYTES + receipt_bytes(d),
    "deep": lambda d: b'{"format":' + b"[" * 2_000_000,
    "deep in a field": lambda d: edited(d, '"seed": null', f'"seed": {"[" * 90 + "]" * 90}'),
    "NaN": lambda d: edited(d, '"cost": null', '"cost": NaN'),
    "no number": lambda d: edited(d, '"cost": null', '"cost": 1e999'),
    "a long number": lambda d: edited(d, '"seed": null', f'"seed": {"9" * 5000}'),
    "a name twice": lambda d: edited(d, '"short"', '"text": "Israel won.", "short"'),
    "a field too many": lambda d: edited(d, '"short"', '"html": "<script>", "short"'),
    "a wrong type": lambda d: edited(d, '"abstained": false', '"abstained": 0'),
    "a number for a text": lambda d: edited(d, '"short": ""', '"short": 7'),
    "a negative offset": lambda d: edited(d, '"start": 0', '"start": -5'),
    "no hash": lambda d: edited(d, f'"sha256": "{d["sha256"]}"', '"sha256": "0"'),
    "a status of its own": lambda d: edited(d, '"supported"', '"proven"'),
    "a path for an id": lambda d: edited(d, '"article": "', '"article": "../'),
    "no day": lambda d: edited(d, '"2024-09-26"', '"yesterday"'),
    "a newer format": lambda d: edited(d, '"format_version": 1', '"format_version": 2'),
    "an older program": lambda d: edited(d, '"suspected": false,', ""),
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_receipt_is_refused_in_one_line(shelf: Library, watch: Watch, make: Any) -> None:
    document = document_of(shelf, said("Israel rejected the proposal on Thursday.", 1))
    data = make(document)
    with watch(), pytest.raises(LoadError) as caught:
        verify(data, shelf)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500
    assert str(caught.value).isprintable()


def test_a_receipt_of_very_much_ends(shelf: Library, watch: Watch) -> None:
    document = document_of(shelf, said("Israel rejected the proposal on Thursday.", 1))
    document["claims"] = [{**document["claims"][0], "text": "Israel rejected it. " * 10_000}] * 20
    document["quotes"] = [{**document["quotes"][0], "number": n} for n in range(1, 2_000)]
    with watch():
        assert set(verdicts(verify(whole(document), shelf))) == {"too good"}
    document["claims"][0]["quotes"] = list(range(1, 1_000))
    document["claims"] = document["claims"][:1] * 20
    document["claims"][0]["text"] = "Israel rejected it."
    with watch(), pytest.raises(LoadError, match="quotes"):
        verify(whole(document), shelf)


def test_a_receipt_survives_another_layout(shelf: Library) -> None:
    document = document_of(shelf, said("Israel rejected the proposal on Thursday.", 1))
    turned = dict(reversed(document.items()))
    _, is_whole = read_receipt(b"\xef\xbb\xbf" + json.dumps(turned).encode())
    assert is_whole


# The commands


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    made = Cli(tmp_path, capsys)
    note = tmp_path / "truce.md"
    note.write_text(f"---\ntitle: The truce\nsource: Ilvane Post\n---\n{TRUCE}")
    assert made("add", str(note))[0] == 0
    return made


ASK = ("ask", "Who rejected the proposal on Thursday?", "--receipt")


@pytest.mark.real
def test_a_receipt_is_written_once_and_verified(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "answer.json"
    code, out, err = cli(*ASK, str(file))
    assert (code, err) == (0, "")
    assert "Israel rejected the proposal" in out
    before = file.read_bytes()
    assert "File exists" in cli.fails(*ASK, str(file))[1]
    assert cli.fails(*ASK, str(tmp_path / "no" / "folder.json"))[0] == 2
    assert cli.fails(*ASK, "a\x00b")[0] == 2
    assert file.read_bytes() == before
    code, out, err = cli("verify", str(file))
    assert (code, err) == (0, "")
    assert out.splitlines()[0].startswith("receipt    Who rejected the proposal on Thursday? (20")
    assert re.match(
        r"confirmed  .*Israel rejected the proposal on Thursday\. \[1\]", out.split("\n")[1]
    )
    assert out.splitlines()[-1] == "Everything holds."
    code, done = cli.json("verify", str(file))
    assert (code, done["holds"], done["claims"][0]["verdict"]) == (0, True, "confirmed")


@pytest.mark.real
def test_a_receipt_on_stdout_is_all_that_is_there(cli: Cli) -> None:
    code, out, _ = cli(*ASK, "-")
    assert code == 0
    assert verify(out.encode(), cli.open()).holds


@pytest.mark.real
def test_an_abstention_has_a_receipt_too(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "answer.json"
    assert cli("ask", "Who won the cup final?", "--receipt", str(file))[0] == 3
    code, out, _ = cli("verify", str(file))
    assert (code, out.splitlines()[-1]) == (0, "It quotes nothing.")


def test_stdout_cannot_be_shared(cli: Cli) -> None:
    code, out, _ = cli(*ASK, "-", "--json")
    assert code == 2
    assert "name a FILE" in json.loads(out)["error"]


def written(cli: Cli, tmp_path: Path, **claim: Any) -> Path:
    """A receipt of the library's article, its sentence as given."""
    library = cli.open()
    articles = library.articles()
    answer = answer_of(library, said("Israel rejected the proposal.", 1), articles=articles)
    document = forged(receipt_of(answer, library, SETTINGS, now=NOW), **claim)
    library.close()
    file = tmp_path / "receipt.json"
    file.write_bytes(receipt_bytes(document))
    return file


def test_what_does_not_hold_is_told_by_line_and_exit_code(cli: Cli, tmp_path: Path) -> None:
    file = written(cli, tmp_path, text="Israel accepted\n\x1b[2Jthe <b>proposal</b>.")
    code, out, err = cli("verify", str(file))
    assert (code, err) == (1, "")
    assert "\x1b" not in out
    assert out.splitlines() == [
        "receipt    What of the truce? (2026-11-22T09:12:00+00:00, built-in reader)",
        "too good   Israel accepted \ufffd[2Jthe <b>proposal</b>. [1]: its quotes do not carry it "
        "so well that it is 'supported'",
        "Sentences that do not hold: 1 of 1.",
    ]
    file.write_bytes(file.read_bytes().replace(b"What of", b"Whose is"))
    code, out, _ = cli("verify", str(file))
    assert code == 1
    assert "damaged    it is not as it was written, its SHA-256 is another one" in out


def test_a_receipt_that_cannot_be_read_is_wrong_use(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.json").write_text("{}")
    for name in (str(tmp_path / "x.json"), str(tmp_path / "none.json"), str(tmp_path), "a\x00b"):
        assert cli.fails("verify", name)[0] == 2
    data = written(cli, tmp_path).read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert cli("verify", "-")[0] == 0


def test_a_removed_article_is_named(cli: Cli, tmp_path: Path) -> None:
    file = written(cli, tmp_path)
    cli("remove", ids(cli)["The truce"], "--yes")
    code, out, _ = cli("verify", str(file))
    assert code == 1
    assert "not found  Israel rejected the proposal. [1]: [1] its article was removed" in out
