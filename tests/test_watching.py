"""Keeping a library in step with folders, files, feeds and pages, by a clock that only we move."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from conftest import FakeEmbedder
from test_pages import HOST, feed, polite, story
from web_server import Clock, Page, Site, web_site

from index import Library, OtherModelError, Progress
from index.gate import Gate
from index.watching import Changes, Gone, Watch


@pytest.fixture
def site() -> Iterator[Site]:
    with web_site() as opened:
        yield opened


@pytest.fixture
def library(tmp_path: Path, site: Site) -> Iterator[Library]:
    opened = Library.open(
        tmp_path / "store", embedding=FakeEmbedder(), fetcher=polite(site), patience=0.05
    )
    yield opened
    opened.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "mill.txt").write_text("The mill burnt down.")
    (folder / "ferry.txt").write_text("The ferry sank.")
    return folder


def watch(
    library: Library, clock: Clock, *sources: object, every: float = 900, remove: bool = False
) -> Watch:
    return library.watch(
        [str(source) for source in sources],
        every=every,
        remove_missing=remove,
        clock=clock,
        sleep=clock.sleep,
    )


def titles(library: Library) -> set[str]:
    return {article.title for article in library.articles()}


def told(changes: Changes) -> str:
    """What is to be told, in short: outcomes with titles, then what is gone."""
    report = changes.report
    words = [
        *(f"+{article.title}" for article in report.added),
        *(f"~{article.title}" for article in report.updated),
        *(f"!{Path(failure.source).name}" for failure in report.failed),
        *(f"?{Path(gone.path).name}" for gone in changes.gone),
        *(f"-{article.title}" for article in changes.removed),
        *(["busy"] if changes.trouble else []),
    ]
    assert bool(words) == bool(changes)
    return " ".join(sorted(words))


def test_the_first_look_takes_all_and_the_next_ones_what_changed(
    library: Library, clock: Clock, news: Path
) -> None:
    watched = watch(library, clock, news, news / "*.txt")
    assert told(watched.look()) == "+ferry +mill"
    assert watched.watched == (2, 0)
    assert told(watched.look()) == ""
    (news / "deep").mkdir()
    (news / "deep" / "fair.txt").write_text("The fair was held.")
    (news / "mill.txt").write_text("The mill was built anew.")
    assert told(watched.look()) == ""  # seen for the first time
    assert told(watched.look()) == "+fair ~mill"
    assert told(watched.look()) == ""
    assert clock.slept == [2.0] * 5
    (mill,) = (article for article in library.articles() if article.title == "mill")
    assert len(library.versions(mill.id)) == 2


def test_tags_are_given_to_what_comes_later_too(library: Library, clock: Clock, news: Path) -> None:
    watched = library.watch(news, tags=["mine"], clock=clock, sleep=clock.sleep)
    watched.look()
    (news / "fair.txt").write_text("The fair was held.")
    watched.look()
    watched.look()
    assert {a.title for a in library.articles(tags=["mine"])} == {"ferry", "mill", "fair"}


def test_a_file_that_is_being_written_is_taken_when_it_is_whole(
    library: Library, clock: Clock, news: Path
) -> None:
    watched = watch(library, clock, news)
    watched.look()
    with (news / "long.txt").open("w") as file:
        for number in range(4):
            file.write(f"Sentence {number} of the report. ")
            file.flush()
            assert told(watched.look()) == ""
    assert told(watched.look()) == "+long"
    (article,) = (found for found in library.articles() if found.title == "long")
    assert article.text.count("Sentence") == 4
    assert len(library.versions(article.id)) == 1


def test_a_file_that_changes_while_it_is_read_is_left_for_later(
    library: Library, clock: Clock, news: Path
) -> None:
    watched = watch(library, clock, news)

    def write(progress: Progress) -> None:
        if progress.current.endswith("mill.txt"):
            with (news / "mill.txt").open("a") as file:
                file.write(" It was old.")

    assert told(watched.look(write)) == "+ferry"
    assert told(watched.look()) == ""
    assert told(watched.look()) == "+mill"
    (mill,) = (article for article in library.articles() if article.title == "mill")
    assert (mill.text[-11:], len(library.versions(mill.id))) == ("It was old.", 1)


def test_what_cannot_be_read_is_told_once_for_each_state_of_it(
    library: Library, clock: Clock, news: Path
) -> None:
    for name in ("empty.txt", "old.doc"):
        (news / name).touch()
    watched = watch(library, clock, news, news.parent / "none", news / "*.none")
    assert told(watched.look()) == "!*.none !empty.txt !none !old.doc +ferry +mill"
    assert [told(watched.look()) for _ in range(3)] == ["", "", ""]
    (news / "empty.txt").write_bytes(b"\x00\x01")
    assert [told(watched.look()) for _ in range(3)] == ["", "!empty.txt", ""]
    (news / "empty.txt").write_text("Text at last.")
    (news.parent / "none").write_text("Here now.")
    assert [told(watched.look()) for _ in range(3)] == ["", "+empty +none", ""]


def test_a_file_whose_rights_change_is_read_again(
    library: Library, clock: Clock, news: Path
) -> None:
    watched = watch(library, clock, news)
    watched.look()
    (news / "mill.txt").chmod(0o600)  # its time of modification stays
    assert [str(watched.look().report) for _ in range(3)] == [
        "nothing to add",
        "1 unchanged",
        "nothing to add",
    ]


def test_a_folder_may_be_empty_at_first(library: Library, clock: Clock, tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    watched = watch(library, clock, tmp_path / "inbox")
    assert told(watched.look()) == ""
    (tmp_path / "inbox" / "fair.txt").write_text("The fair was held.")
    assert [told(watched.look()) for _ in range(2)] == ["", "+fair"]


def test_files_that_go_are_told_once_and_their_articles_stay(
    library: Library, clock: Clock, news: Path
) -> None:
    watched = watch(library, clock, news)
    watched.look()
    (news / "mill.txt").rename(news / "works.txt")
    assert told(watched.look()) == ""
    changes = watched.look()
    assert told(changes) == "+works ?mill.txt"
    (gone,) = changes.gone
    assert [library.get(name).title for name in gone.articles] == ["mill"]
    assert [told(watched.look()) for _ in range(2)] == ["", ""]
    assert titles(library) == {"mill", "ferry", "works"}
    (news / "mill.txt").write_text("The mill burnt down.")
    assert not watched.look()
    assert str(watched.look().report) == "1 unchanged"


def test_a_file_that_is_saved_by_putting_another_in_its_place_did_not_go(
    library: Library, clock: Clock, news: Path
) -> None:
    watched = watch(library, clock, news, remove=True)
    watched.look()
    (news / "mill.txt").unlink()
    assert told(watched.look()) == ""
    (news / "mill.txt").write_text("The mill turns.")
    assert [told(watched.look()) for _ in range(2)] == ["", "~mill"]


def test_articles_of_files_that_go_are_removed_when_asked_for(
    library: Library, clock: Clock, news: Path
) -> None:
    (news / "rows.csv").write_text("title,text\nRain,It rained.\nSnow,It snowed.\n")
    (news / "deep").mkdir()
    (news / "deep" / "fair.txt").write_text("The fair was held.")
    watched = watch(library, clock, news, remove=True)
    watched.look()
    (news / "rows.csv").unlink()
    shutil.rmtree(news / "deep")
    assert [told(watched.look()) for _ in range(3)] == ["", "-Rain -Snow -fair", ""]
    assert titles(library) == {"mill", "ferry"}


@pytest.mark.parametrize("inside", ["", "deep"])
def test_nothing_is_removed_when_a_whole_folder_is_away(
    library: Library, clock: Clock, news: Path, inside: str
) -> None:
    """As when a drive is taken off: its folder is gone, or left there empty."""
    drive = news / inside
    drive.mkdir(exist_ok=True)
    (drive / "fair.txt").write_text("The fair was held.")
    watched = watch(library, clock, news, remove=True)
    watched.look()
    before = titles(library)
    away = news.parent / "away"
    drive.rename(away)
    drive.mkdir()
    watched.look()
    changes = watched.look()
    number = 1 if inside else 3
    assert changes == Changes(changes.report, (Gone(str(drive), files=number, whole=True),))
    drive.rmdir()
    assert [told(watched.look()) for _ in range(2)] == ["", "" if inside else "!news"]
    away.rename(drive)
    assert [told(watched.look()) for _ in range(3)] == ["", "", ""]
    assert titles(library) == before


def test_a_watched_folder_that_is_not_there_any_more_is_told_once(
    library: Library, clock: Clock, news: Path
) -> None:
    watched = watch(library, clock, news, remove=True)
    watched.look()
    shutil.rmtree(news)
    assert [told(watched.look()) for _ in range(4)] == ["", "?news", "", ""]
    assert titles(library) == {"mill", "ferry"}


def test_a_named_file_that_goes_is_told_once(library: Library, clock: Clock, news: Path) -> None:
    watched = watch(library, clock, news / "mill.txt")
    watched.look()
    (news / "mill.txt").unlink()
    assert [told(watched.look()) for _ in range(4)] == ["", "?mill.txt", "", ""]
    (news / "mill.txt").write_text("The mill turns.")
    assert [told(watched.look()) for _ in range(3)] == ["", "~mill", ""]


def test_an_article_that_another_file_brings_now_is_not_removed(
    library: Library, clock: Clock, news: Path
) -> None:
    text = "---\ntitle: Fair\nurl: https://news.example/fair\n---\nThe fair was held.\n"
    (news / "fair.md").write_text(text)
    watched = watch(library, clock, news, remove=True)
    watched.look()
    (news / "fair.md").rename(news / "fete.md")
    assert [told(watched.look()) for _ in range(3)] == ["", "", ""]
    assert "Fair" in titles(library)


def test_a_file_that_is_there_under_another_name_too_keeps_its_article(
    library: Library, clock: Clock, news: Path
) -> None:
    for name in ("one.txt", "two.txt"):
        (news / name).symlink_to(news / "mill.txt")
    watched = watch(library, clock, news, remove=True)
    watched.look()
    for name in ("one.txt", "two.txt"):
        (news / name).unlink()
        assert [told(watched.look()) for _ in range(3)] == ["", "", ""]
    assert len(library.articles()) == 2


def test_a_feed_is_visited_at_its_times_and_brings_what_is_new(
    library: Library, clock: Clock, news: Path, site: Site
) -> None:
    site.pages |= {"/feed": feed("fair", etag='"1"'), "/fair": story("fair")}
    watched = watch(library, clock, news, f"{HOST}/feed", every=60)
    assert told(watched.look()) == "+Bridge closed +ferry +mill"
    assert watched.watched == (2, 1)
    site.pages |= {"/feed": feed("fair", "fete", etag='"2"'), "/fete": story("fete")}
    began, looks = clock.now, 0
    while not (changes := watched.look()):
        looks += 1
    assert told(changes) == "+Bridge closed"
    assert (clock.now - began, looks) == (60.0, 29)
    assert site.asked.count("/feed") == 2
    assert site.asked.count("/fair") == 1
    assert site.headers[site.asked.index("/feed", 3)]["if-none-match"] == '"1"'


def test_a_failing_feed_is_told_once_until_it_fails_otherwise(
    library: Library, clock: Clock, site: Site
) -> None:
    site.pages["/feed"] = [Page(status=404), Page(status=404), Page(status=403), feed("fair")]
    site.pages["/fair"] = story("fair")
    watched = watch(library, clock, f"{HOST}/feed", every=2)
    assert [told(watched.look()) for _ in range(4)] == ["!feed", "", "!feed", "+Bridge closed"]
    site.pages["/feed"] = Page(status=404)
    assert told(watched.look()) == "!feed"


def test_a_busy_store_is_told_once_and_tried_again(
    library: Library, clock: Clock, news: Path, site: Site
) -> None:
    site.pages |= {"/feed": feed("fair"), "/fair": story("fair")}
    watched = watch(library, clock, news, f"{HOST}/feed", remove=True)
    with Gate(library.folder, 0.05).exclusive():
        assert [told(watched.look()) for _ in range(3)] == ["busy", "", ""]
    assert told(watched.look()) == "+Bridge closed +ferry +mill"
    (news / "mill.txt").unlink()
    watched.look()
    with Gate(library.folder, 0.05).exclusive():
        assert told(watched.look()) == "-mill busy"
    assert [told(watched.look()) for _ in range(2)] == ["", ""]
    assert titles(library) == {"ferry", "Bridge closed"}


def test_what_was_begun_when_the_store_became_busy_is_told_when_it_is_done(
    library: Library, clock: Clock, news: Path
) -> None:
    watched = watch(library, clock, news)
    watched.look()
    (news / "mill.txt").write_text("The mill turns.")
    (news / "fair.txt").write_text("The fair was held.")
    watched.look()
    with ExitStack() as held:

        def hold(progress: Progress) -> None:
            if progress.current.endswith("mill.txt"):
                held.enter_context(Gate(library.folder, 0.05).exclusive())

        assert told(watched.look(hold)) == "busy"
    assert [told(watched.look()) for _ in range(2)] == ["+fair ~mill", ""]
    for name in ("mill.txt", "fair.txt"):
        (news / name).touch()
    assert [told(watched.look()) for _ in range(2)] == ["", ""]


def test_a_store_that_was_made_anew_with_another_model_ends_it(
    library: Library, clock: Clock, news: Path
) -> None:
    watched = watch(library, clock, news)
    watched.look()

    class Other(FakeEmbedder):
        fingerprint = "other 64"

    other = Library.open(library.folder, embedding=Other(), rebuilding=True)
    other.rebuild()
    other.close()
    assert told(watched.look()) == ""
    (news / "fair.txt").write_text("The fair was held.")
    watched.look()
    with pytest.raises(OtherModelError):
        watched.look()
