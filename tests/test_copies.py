"""Near copies: found whatever the order, shown as one source, counted once, gone when removed."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from conftest import FakeEmbedder
from helpers import source

from assistant import Assistant
from assistant.cite import check
from assistant.reading import Pick, _supported
from assistant.render import answer_text
from assistant.retriever import LibraryRetriever
from assistant.settings import Settings
from assistant.summary import summarize_articles
from index import Article, Library
from index.copies import are_copies, bands

WIRE = """\
Three villages along the upper Ollen were cut off on Tuesday after a landslide buried four hundred
metres of the only road, officials said. Nobody was hurt. Crews with two excavators began to clear
the road at noon and expected to be done by Friday, according to the district engineer, Pavel Brand.

The slide came down at 5.40 in the morning after two days of rain. It took a power line with it and
left 610 households without electricity. By evening all but 45 had it back.

"We had warned of this slope since the spring," said Ines Dole, the mayor of Marrow, who asked the
province for 1.2 million crowns to drain it. The province has not answered, her office said.

A helicopter brought medicines for eleven patients and took a woman in labour to the hospital at
Corvin. Her son was born over the valley, the pilot said.
"""
CUT = WIRE[: WIRE.rindex("A helicopter")]
EDITED = (
    "MARROW, Tuesday. By our own correspondent.\n\n"
    + WIRE.replace("cut off", "isolated").replace("asked", "begged").replace('"', "”")
    + "\nRead more about the weather on page seven.\n"
)
REPORT = """\
Shares on the Marrow exchange closed higher on Monday. The index of the twenty largest companies
rose 1.4 per cent to 8,214 points. Ollen Power gained 2.2 per cent to 61.30 crowns, Corvin Steel
lost 0.7 per cent to 18.05 crowns. The crown traded at 0.41 to the dollar. Brent oil cost 77.12
dollars a barrel, and gold 2,310 dollars an ounce. Trading was quiet before the holiday.
"""
NEXT_DAY = """\
Shares on the Marrow exchange closed higher on Tuesday. The index of the twenty largest companies
rose 0.9 per cent to 8,288 points. Ollen Power gained 1.1 per cent to 61.97 crowns, Corvin Steel
lost 3.6 per cent to 17.40 crowns. The crown traded at 0.43 to the dollar. Brent oil cost 79.55
dollars a barrel, and gold 2,295 dollars an ounce. Trading was quiet before the holiday.
"""
ELSEWHERE = """\
The road along the upper Ollen has been closed for years whenever it rains hard, and the three
villages at its end have learnt to live with that. In Marrow, the mayor keeps a list of slopes that
may slide. On Tuesday one of them did, and buried four hundred metres of the road.
The district engineer says that drains would cost less than the excavators do. He has said so to
every government since 1998. A drawer in his office is full of their polite replies.
"""
CHINESE = "周二凌晨，奥伦河上游发生山体滑坡，掩埋了四百米道路，三个村庄与外界隔绝。官员说无人受伤。"
PAPERS = (
    Article(WIRE, title="Slide", source="Ollen News Agency", published=date(2024, 5, 7), key="a"),
    Article(EDITED, title="Cut off", source="Marrow Post", published=date(2024, 5, 8), key="b"),
    Article(CUT, title="Landslide", source="Corvin Times", key="c"),
)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (WIRE, WIRE.upper(), True),
        (WIRE, CUT, True),
        (WIRE, EDITED, True),
        (EDITED, CUT, True),
        (REPORT, NEXT_DAY, False),
        (WIRE, ELSEWHERE, False),
        (WIRE, WIRE[: len(WIRE) // 3], False),
        ("Rain fell.", "rain fell", True),
        ("Rain fell on Tyre on Monday.", "Rain fell on Tyre on Tuesday.", False),
        (CHINESE, CHINESE.replace("官员说", "据报道"), True),
        (CHINESE, CHINESE[: len(CHINESE) // 3], False),
    ],
)
def test_what_is_a_copy(one: str, other: str, expected: bool) -> None:
    assert are_copies(one, other) is are_copies(other, one) is expected
    if expected:
        assert set(bands(one)) & set(bands(other))


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_copies_are_found_in_any_order(library: Library, order: tuple[int, ...]) -> None:
    library.add(Article(ELSEWHERE, key="other"))
    reports = [library.add(PAPERS[i]) for i in order]
    assert [len(report.copies) for report in reports] == [0, 1, 1]
    first, second, undated = (article.id for article in PAPERS)
    assert [article.id for article in library.copies(second)] == [first, undated]
    assert library.copy_groups() == [[first, second, undated]]
    assert library.copies(Article("", key="other").id) == []


def test_a_report_names_the_earliest_copy(library: Library) -> None:
    report = library.add(PAPERS)
    earliest = {name: article.title for name, article in report.copies.items()}
    assert earliest == {
        PAPERS[0].id: "Cut off",
        PAPERS[1].id: "Slide",
        PAPERS[2].id: "Slide",
    }


def test_a_removed_or_rewritten_copy_is_none_any_more(library: Library) -> None:
    library.add(PAPERS)
    library.remove(PAPERS[0].id)
    assert library.copy_groups() == [[PAPERS[1].id, PAPERS[2].id]]
    library.add(replace(PAPERS[1], text=ELSEWHERE))
    assert library.copy_groups() == []
    library.add(PAPERS[1])
    assert library.copy_groups() == [[PAPERS[1].id, PAPERS[2].id]]


def test_an_older_store_is_compared_once(tmp_path: Path) -> None:
    library = Library.open(tmp_path, embedding=FakeEmbedder())
    library.add(PAPERS)
    with library._catalogue.transaction() as db:
        db.execute("DELETE FROM bands")
        db.execute("DELETE FROM copies")
    library.close()
    again = Library.open(tmp_path, embedding=FakeEmbedder())
    again.search("slope")
    assert [len(group) for group in again.copy_groups()] == [3]


def test_copies_do_not_crowd_out_others(library: Library) -> None:
    rng = random.Random(4)
    words = WIRE.split()
    for number in range(30):
        edited = list(words)
        edited[rng.randrange(len(words))] = "quite"
        library.add(Article(" ".join(edited), key=str(number)))
    library.add(Article(ELSEWHERE, key="other"))
    retriever = LibraryRetriever(library=library, k=4)
    found = {d.metadata["article_id"] for d in retriever.invoke("landslide buried the road Ollen")}
    assert Article("", key="other").id in found


def test_what_only_a_copy_tells_is_found(library: Library) -> None:
    library.add(PAPERS)
    addition = " Firefighters from Corvin rescued nine goats from a ledge with ropes."
    library.add(Article(WIRE + addition, title="Goats", key="d"))
    documents = LibraryRetriever(library=library, k=4).invoke("goats rescued from a ledge")
    assert any("nine goats" in document.page_content for document in documents)


def test_a_citation_names_the_outlets_that_have_the_very_words(library: Library) -> None:
    library.add(PAPERS)
    assistant = Assistant(Settings(keyless=True), library)
    answer = assistant.ask("How many households were without electricity?")
    (citation,) = answer.citations
    others = {"Ollen News Agency", "Marrow Post", "Corvin Times"} - {citation.source}
    assert set(citation.also) == others
    assert f"also in: {', '.join(citation.also)}" in answer_text(answer)
    assert answer.to_dict()["citations"][0]["also"] == list(citation.also)


def test_words_that_a_copy_has_not_are_not_said_to_be_in_it() -> None:
    one = source("The mayor asked for 1.2 million crowns.")
    copy = Article("The mayor begged for 1.2 million crowns.", source="Marrow Post", key="b")
    other = Article("Then the mayor  asked for 1.2 million crowns.", source="Times", key="c")
    one = replace(one, copies=(copy, other, replace(other, key="d")))
    (citation,) = check("The mayor asked for 1.2 million crowns.", [one], []).citations
    assert citation.also == ("Times",)


def test_copies_agree_with_one_voice() -> None:
    """Three papers with one wire story weigh no more than the story, two reports do."""
    wire = [source("There were 28 dead.", n, title=str(n)) for n in (1, 2, 3)]
    wire = [replace(one, origin="story") for one in wire]
    others = [source("There were 31 dead.", n, title=str(n)) for n in (4, 5)]

    def first(sources: list[float]) -> str:
        picks = [
            Pick(one, 11, 13, one.text[11:13], score)
            for one, score in zip([*wire, *others], sources, strict=True)
        ]
        return _supported(picks)[0].text

    assert first([0.5, 0.5, 0.5, 0.4, 0.4]) == "31"
    assert first([0.5, 0.5, 0.5, 0.2, 0.2]) == "28"


def test_a_summary_reads_copies_once(library: Library) -> None:
    addition = " Firefighters from Corvin rescued nine goats from a ledge with ropes."
    library.add([*PAPERS, Article(WIRE + addition, title="Goats", source="Daily", key="d")])
    assistant = Assistant(Settings(keyless=True), library)
    summary = assistant.summarize(sentences=50)
    texts = [claim.text for claim in summary.claims]
    assert len(texts) == len(set(texts))
    assert sum("It took a power line" in text for text in texts) == 1
    assert sum("nine goats" in text for text in texts) == 1
    line = next(c for c in summary.claims if "It took a power line" in c.text)
    assert set(line.citations[0].also) == {"Marrow Post", "Corvin Times", "Daily"}
    alone = summarize_articles(list(PAPERS), library.embedder, count=50)
    assert len(alone.claims) > len(texts)
