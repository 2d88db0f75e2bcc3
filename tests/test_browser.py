from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from assistant.samples import SAMPLES
from assistant.types import NO_ANSWER

sync_api = pytest.importorskip("playwright.sync_api")
Page = sync_api.Page

pytestmark = [pytest.mark.browser, pytest.mark.real]

SHOTS = Path(__file__).parent.parent / "test-output"
TRUCE = "Who proposed the truce, and for how long?"
LOOPBACK = ("127.0.0.1", "localhost")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
HOSTILE = """---
title: "<img src=x onerror=alert(1)> ![p](https://evil.example/p.png)"
source: "\u202e<script>alert(2)</script>"
url: "javascript:alert(3)"
---
The zeppelin captain <img src="https://evil.example/a.png" onerror="alert(4)"> is called Quendola
Vark, says [the office](javascript:alert(5)) ![pixel](https://evil.example/b.png).

<script>alert(6)</script><iframe src="https://evil.example/c"></iframe><svg onload=alert(7)>
{word}
"""

OPEN = "#line .open"
"""The button that opens the choice of what is searched."""

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

# The lowest contrast of any text that is shown, with the text; backgrounds are looked for upwards.
CONTRAST = """() => {
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const ground = node => {
    for (; node; node = node.parentElement) {
      const colour = rgb(getComputedStyle(node).backgroundColor);
      if (colour.length < 4 || colour[3] > .99) return colour;
    }
    return [255, 255, 255];
  };
  let worst = [99, ''];
  for (const node of document.querySelectorAll('#top *, #main *')) {
    const own = [...node.childNodes].filter(child => child.nodeType === 3);
    const text = own.map(child => child.data).join('').trim();
    if (!text || !node.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
    const style = getComputedStyle(node);
    if (style.fontSize === '0px') continue;
    const [a, b] = [light(rgb(style.color)), light(ground(node))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < worst[0]) worst = [ratio, text.slice(0, 60)];
  }
  return worst;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A real browser, else a loud skip; where tests must be complete (CI=true) a failure."""
    with sync_api.sync_playwright() as playwright:
        own = playwright.chromium.executable_path
        named = [os.environ.get("ASSISTANT_BROWSER", ""), *map(shutil.which, NAMES), *MAC, own]
        found = next((path for path in named if path and Path(path).exists()), None)
        if found is None:
            reason = "NO BROWSER FOUND: install Chromium or set ASSISTANT_BROWSER to its path"
            if os.environ.get("CI") == "true":
                pytest.fail(reason)
            pytest.skip(reason)
        opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        opened.close()


def environment(home: Path, folder: Path) -> dict[str, str]:
    """What the program is told by the environment: its store is in `folder`."""
    kept = ("ASSISTANT_", "OPENAI_")
    env = {name: value for name, value in os.environ.items() if not name.startswith(kept)}
    return env | {
        "XDG_DATA_HOME": str(home),
        "ASSISTANT_STORE": str(folder / "store"),
        "GRADIO_TEMP_DIR": str(folder / "uploads"),
        "PYTHONUNBUFFERED": "1",
    }


@contextmanager
def served(home: Path, folder: Path) -> Iterator[str]:
    """The real program, as a person starts it, over an empty store in `folder`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    output = folder / "server.txt"
    env = environment(home, folder)
    command = [sys.executable, "-m", "assistant", "chat", "--port", str(port)]
    with output.open("w") as out:
        server = subprocess.Popen(command, env=env, stdout=out, stderr=subprocess.STDOUT)
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(url, server, output)
            yield url
        finally:
            server.terminate()
            server.wait(20)


def _wait(url: str, server: subprocess.Popen[bytes], output: Path) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"no page:\n{output.read_text()}")


@pytest.fixture(scope="module")
def samples(sample_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server that shows the sample articles."""
    with served(sample_store, tmp_path_factory.mktemp("site")) as url:
        yield url


@pytest.fixture
def own(sample_store: Path, tmp_path: Path) -> Iterator[str]:
    """Address of a server of its own, to which articles may be added."""
    with served(sample_store, tmp_path) as url:
        yield url


Visit = Callable[..., Any]


@pytest.fixture
def visit(browser: Any) -> Iterator[Visit]:
    """Opens pages; afterwards nothing may have asked another host, or opened a dialog."""
    asked: list[str] = []
    wrong: list[str] = []
    contexts = []

    def dismiss(dialog: Any) -> None:
        wrong.append(dialog.message)
        dialog.dismiss()

    def open_page(url: str, width: int = 1280, height: int = 800, scheme: str = "light") -> Any:
        size = {"width": width, "height": height}
        context = browser.new_context(
            viewport=size, color_scheme=scheme, reduced_motion="reduce", has_touch=width < 500
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("websocket", lambda socket: asked.append(socket.url))
        page.on("dialog", dismiss)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(url)
        page.wait_for_selector("#shelf .count")
        return page

    yield open_page
    for context in contexts:
        context.close()
    hosts = {urlsplit(url).hostname for url in asked if not url.startswith(("data:", "blob:"))}
    assert hosts <= set(LOOPBACK)
    assert wrong == []


def ask(page: Any, question: str) -> Any:
    """Ask by keyboard; returns the newest answer when it is finished."""
    before = page.locator(".answer").count()
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")
    return finished(page, before)


def finished(page: Any, before: int) -> Any:
    """The newest answer of more than `before`, when it is finished."""
    sync_api.expect(page.locator(".answer")).to_have_count(before + 1, timeout=30_000)
    sync_api.expect(page.locator("#question button")).to_have_text("Ask", timeout=60_000)
    return page.locator(".answer").last


def shoot(page: Any, name: str) -> None:
    SHOTS.mkdir(exist_ok=True)
    page.wait_for_timeout(300)
    page.screenshot(path=SHOTS / f"{name}.png")


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_an_answer_shows_the_exact_words_that_carry_it(samples: str, visit: Visit) -> None:
    page = visit(samples)
    assert page.locator("#chat .example").count() == 5
    assert "sample articles" in page.inner_text("#shelf")
    shoot(page, "empty-light")
    answer = ask(page, TRUCE)
    for words in ("United States", "France", "21"):
        assert words in answer.inner_text()
    card = answer.locator(".card").first
    source = plain((SAMPLES / "lebanon-truce-proposal.md").read_text("utf-8"))
    quote = card.locator("mark").inner_text()
    assert plain(quote) in source
    assert "21" in quote
    around = card.locator("blockquote").inner_text().strip("… ")
    assert len(around) > len(quote)
    assert plain(around) in source
    shoot(page, "answer-light")


def test_a_citation_leads_to_its_card_in_the_same_answer(samples: str, visit: Visit) -> None:
    page = visit(samples, height=520)
    ask(page, TRUCE)
    answer = ask(page, "How many rockets did Hezbollah launch?")
    citation = answer.locator("a.cite").first
    name = citation.get_attribute("href").removeprefix("#")
    assert page.locator(f"[id='{name}']").count() == 1
    citation.click()
    card = answer.locator(f"[id='{name}']")
    sync_api.expect(card).to_be_in_viewport()
    assert card.evaluate("card => card.matches(':target')")
    assert card.locator("mark").inner_text() == citation.get_attribute("title")
    assert "100" in " ".join(answer.locator("mark").all_inner_texts())


def test_what_the_articles_do_not_say_is_not_answered(samples: str, visit: Visit) -> None:
    page = visit(samples)
    page.click("#chat .example:has-text('Mona Lisa')")
    answer = finished(page, 0)
    assert NO_ANSWER in answer.inner_text()
    assert answer.locator("a.cite").count() == 0
    assert not answer.locator("details blockquote").first.is_visible()
    answer.locator("summary").click()
    assert answer.locator("details blockquote").first.is_visible()
    shoot(page, "abstention-light")


def test_a_filter_is_shown_and_taken_off(samples: str, visit: Visit) -> None:
    page = visit(samples)
    answer = ask(page, "According to the Marisk Courier, how many people were killed at Hollin?")
    chip = answer.locator("a.chip")
    sync_api.expect(chip).to_have_text(re.compile("source: Marisk Courier"))
    shoot(page, "filter-light")
    chip.click()
    again = finished(page, 1)
    assert again.locator("a.chip").count() == 0


def test_bad_questions_get_a_line(samples: str, visit: Visit) -> None:
    page = visit(samples)
    page.press("#question textarea", "Enter")
    sync_api.expect(page.locator(".toast-body")).to_contain_text("Type a question")
    assert page.locator(".answer").count() == 0
    answer = ask(page, "Why? " * 4000)
    assert "4,000" in answer.locator(".problem").inner_text()
    assert "Traceback" not in page.content()


def test_a_new_chat_is_empty_and_another_visitor_sees_nothing(samples: str, visit: Visit) -> None:
    page, other = visit(samples), visit(samples)
    ask(page, TRUCE)
    assert other.locator(".answer").count() == 0
    page.click("#fresh")
    sync_api.expect(page.locator(".answer")).to_have_count(0)
    assert page.locator("#chat .example").count() == 5


def test_an_article_opens_by_keyboard(samples: str, visit: Visit) -> None:
    page = visit(samples)
    page.focus("#shelf button >> nth=0")
    title = page.inner_text("#shelf .title >> nth=0")
    page.keyboard.press("Enter")
    sync_api.expect(page.locator(".reader h3")).to_have_text(title)
    shoot(page, "article-light")
    page.click("#shelf .back")
    sync_api.expect(page.locator("#shelf .count")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(360, 640), (390, 844)])
def test_a_phone_shows_everything_without_scrolling_sideways(
    samples: str, visit: Visit, width: int, height: int
) -> None:
    page = visit(samples, width, height)
    assert page.evaluate(OVERFLOW) == 0
    sync_api.expect(page.locator("#question")).to_be_in_viewport(ratio=1)
    page.click(OPEN)
    sync_api.expect(page.locator("#choices label").first).to_be_in_viewport(ratio=1)
    edges = page.locator("#choices").bounding_box()
    assert edges["x"] >= 0
    assert edges["x"] + edges["width"] <= width
    assert edges["y"] >= 0
    shoot(page, "scope-phone")
    page.click("#choices .done")
    sync_api.expect(page.locator("#choices")).not_to_be_visible()
    shoot(page, "empty-phone")
    answer = ask(page, TRUCE)
    sync_api.expect(answer.locator(".said")).to_be_in_viewport()
    assert page.evaluate(OVERFLOW) == 0
    shoot(page, "answer-phone")
    page.click("#top .jump")
    sync_api.expect(page.locator("#library h2")).to_be_in_viewport()
    shoot(page, "articles-phone")


@pytest.mark.parametrize("dark", ["", "system", "address"])
def test_every_text_stands_out(samples: str, visit: Visit, dark: str) -> None:
    address = f"{samples}/?__theme=dark" if dark == "address" else samples
    page = visit(address, scheme="dark" if dark == "system" else "light")
    answer = ask(page, TRUCE)
    ratio, text = page.evaluate(CONTRAST)
    assert ratio >= 4.5, text
    sync_api.expect(answer).to_be_visible()
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    brightness = max(map(int, re.findall(r"\d+", ground)[:3]))
    assert (brightness < 60) == bool(dark)
    if dark == "system":
        shoot(page, "answer-dark")
    page.click(OPEN)
    page.click("#choices label >> nth=0")
    ratio, text = page.evaluate(CONTRAST)
    assert ratio >= 4.5, text
    if dark == "system":
        shoot(page, "scope-dark")


def test_a_scope_is_chosen_shown_and_kept_until_it_is_changed(samples: str, visit: Visit) -> None:
    page = visit(samples)
    line = page.locator("#line")
    sync_api.expect(line).to_have_text("Search in: all articles")
    page.click(OPEN)
    shoot(page, "scope-light")
    page.fill("#choices [type=search]", "strike")
    shown = page.locator("#choices label:visible")
    assert all("strike" in text.lower() for text in shown.all_inner_texts())
    page.focus("#choices [value='tag:strike']")
    page.keyboard.press("Space")
    sync_api.expect(line).to_contain_text("Search in: tag strike")
    page.keyboard.press("Escape")
    sync_api.expect(page.locator("#choices")).not_to_be_visible()
    answer = ask(page, TRUCE)
    assert NO_ANSWER in answer.inner_text()
    assert "Searched in: tag strike" in answer.inner_text()
    answer = ask(page, "How many dockworkers walked off the job?")
    assert "1,200" in answer.inner_text()
    shoot(page, "scoped-light")
    page.click("#fresh")
    sync_api.expect(page.locator(".answer")).to_have_count(0)
    sync_api.expect(line).to_contain_text("Search in: tag strike")
    page.click("#line .all")
    sync_api.expect(line).to_have_text("Search in: all articles")
    page.click(OPEN)
    sync_api.expect(page.locator("#choices :checked")).to_have_count(0)
    page.click("#choices .done")
    answer = ask(page, TRUCE)
    assert "21" in answer.inner_text()
    assert "Searched in" not in answer.inner_text()


def test_boxes_ticked_quickly_all_count(samples: str, visit: Visit) -> None:
    page = visit(samples)
    line = page.locator("#line")
    page.click(OPEN)
    for round in range(3):
        page.evaluate(
            """async () => {
              const boxes = [...document.querySelectorAll('#choices .tags input')].slice(0, 12);
              for (const [n, box] of boxes.entries()) {
                box.click();
                await new Promise(done => setTimeout(done, 60 + 45 * (n % 4)));
              }
            }"""
        )
        expected = "Search in: all articles" if round % 2 else "tag bank, tag crime and 10 more"
        sync_api.expect(line).to_contain_text(expected)


def add(page: Any, *files: Path) -> str:
    """Upload files; returns the report."""
    page.set_input_files("#files input[type=file]", files)
    page.wait_for_selector("#report .report:not(.adding)", timeout=60_000)
    return str(page.inner_text("#report"))


PEAR = "The pear tree of Ombrast is 340 years old. It stands behind the mill."
QUINCE = "The quince of Hollin was planted by Marta Vell. It stands in the yard of the school."


@pytest.fixture
def trees(tmp_path: Path) -> tuple[Path, Path]:
    """Two files."""
    folder = tmp_path / "trees"
    folder.mkdir()
    (folder / "pear.txt").write_text(PEAR)
    (folder / "quince.txt").write_text(QUINCE)
    return folder / "pear.txt", folder / "quince.txt"


def test_tags_are_given_at_once_and_edited_later(
    own: str, visit: Visit, trees: tuple[Path, Path]
) -> None:
    page = visit(own)
    assert "2 added" in add(page, *trees)
    page.fill("#report input", "orchard")
    page.press("#report input", "Enter")
    sync_api.expect(page.locator("#report")).to_contain_text("2 articles tagged orchard.")
    sync_api.expect(page.locator("#shelf li").first).to_contain_text("Tags: orchard")
    page.click("#shelf li button >> nth=0")
    field = page.locator("#shelf .tagging input")
    sync_api.expect(field).to_have_value("orchard")
    field.fill("old, <b>fruit</b>")
    page.click("#shelf .tagging button")
    sync_api.expect(page.locator("#shelf .saved")).to_have_text("Tags saved.")
    sync_api.expect(field).to_have_value("<b>fruit</b>, old")
    shoot(page, "tags-light")
    page.click("#shelf .back")
    sync_api.expect(page.locator("#shelf li").first).to_contain_text("Tags: <b>fruit</b>, old")
    page.click(OPEN)
    tags = page.locator("#choices .tags .name").all_inner_texts()
    assert tags == ["<b>fruit</b>", "old", "orchard"]
    page.check("#choices [value='tag:old']")
    sync_api.expect(page.locator("#line")).to_contain_text("tag old")
    page.click("#choices .done")
    assert "340" in ask(page, "How old is the pear tree of Ombrast?").inner_text()
    assert NO_ANSWER in ask(page, "Who planted the quince of Hollin?").inner_text()


def test_an_upload_that_runs_can_be_stopped(own: str, visit: Visit, tmp_path: Path) -> None:
    page = visit(own)
    folder = tmp_path / "long"
    folder.mkdir()
    files = [folder / f"{number}.txt" for number in range(8)]
    for number, file in enumerate(files):
        days = (f"On day {day} the {number}. dam of Hollin held {day} m." for day in range(600))
        file.write_text(" ".join(days))
    page.set_input_files("#files input[type=file]", files)
    pace = page.locator("#report .pace")
    sync_api.expect(pace).to_contain_text(re.compile("[1-7] of 8 articles done"), timeout=120_000)
    sync_api.expect(page.locator("#files")).not_to_be_visible()
    shoot(page, "adding-light")
    page.click("#stop")
    sync_api.expect(pace).to_contain_text("topping…")
    report = page.locator("#report .report")
    stopped = re.compile("[1-7] added, then stopped")
    sync_api.expect(report).to_contain_text(stopped, timeout=120_000)
    sync_api.expect(page.locator("#stop")).not_to_be_visible()
    sync_api.expect(page.locator("#files")).to_be_visible()
    done = re.search(r"(\d) added, then stopped", report.inner_text())
    assert done is not None
    sync_api.expect(page.locator("#shelf ul [data-id]")).to_have_count(int(done[1]))


# How often the page is touched from now on: chat, question, list, scope.
WATCH = """() => {
  window.touched = [];
  const watch = new MutationObserver(found => window.touched.push(...found.map(
    change => change.target.outerHTML || change.target.data)));
  for (const part of document.querySelectorAll('#chat, #question, #shelf, #line, #scope'))
    watch.observe(part, {subtree: true, childList: true, attributes: true, characterData: true});
}"""


def test_what_another_process_removed_leaves_the_chat_and_the_list(
    own: str, visit: Visit, trees: tuple[Path, Path], sample_store: Path, tmp_path: Path
) -> None:
    def run(*command: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "assistant", *command],
            env=environment(sample_store, tmp_path),
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    page = visit(own, height=520)
    add(page, *trees)
    page.click(OPEN)
    page.click("#choices label:has-text('pear')")
    page.click("#choices label:has-text('quince')")
    page.click("#choices .done")
    assert "340" in ask(page, "How old is the pear tree of Ombrast?").inner_text()
    kept = ask(page, "Who planted the quince of Hollin?").inner_text()
    chat = page.locator("#chat [role=log]")
    chat.evaluate("log => log.scrollTop = 0")
    page.wait_for_timeout(500)
    page.evaluate(WATCH)
    page.wait_for_timeout(11_000)
    assert page.evaluate("window.touched") == []
    (pear,) = (line.split()[0] for line in run("list").splitlines() if "pear" in line)
    run("remove", pear, "--yes")
    first = page.locator(".answer").first
    sync_api.expect(first).to_have_text(
        "This answer quoted an article that was removed.", timeout=20_000
    )
    sync_api.expect(page.locator("#shelf .title")).to_have_text(["quince"])
    gone = kept.replace("“pear”", "an article that was removed")
    assert page.locator(".answer").last.inner_text() == gone
    assert chat.evaluate("log => log.scrollTop") == 0
    assert "Ombrast is" not in page.inner_html("body")
    shoot(page, "removed-light")
    answer = ask(page, "Who planted the quince of Hollin?")
    assert "names an article that was removed" in answer.locator(".problem").inner_text()


def test_an_uploaded_article_is_listed_and_answers(own: str, visit: Visit, tmp_path: Path) -> None:
    page = visit(own)
    article = tmp_path / "Harvest (final).txt"
    article.write_text("The pear tree of Ombrast is 340 years old. It stands behind the mill.")
    blank = tmp_path / "blank.txt"
    blank.write_bytes(b"\x00\x01\x02")
    page.set_input_files("#files input[type=file]", [article, blank])
    report = page.locator("#report .report")
    sync_api.expect(report).to_contain_text("1 added, 1 failed", timeout=60_000)
    sync_api.expect(report).to_contain_text("blank.txt: it is a binary file")
    sync_api.expect(page.locator("#shelf .title")).to_have_text(["Harvest (final)"])
    assert "sample" not in page.inner_text("#library").lower()
    assert "Harvest (final)" in page.inner_text("#chat .example >> nth=0")
    answer = ask(page, "How old is the pear tree of Ombrast?")
    assert "340" in answer.inner_text()
    assert "340" in " ".join(answer.locator(".card mark").all_inner_texts())
    shoot(page, "upload-light")
    page.set_input_files("#files input[type=file]", [article])
    sync_api.expect(report).to_contain_text("1 unchanged", timeout=60_000)
    sync_api.expect(page.locator("#shelf .title")).to_have_count(1)


def test_a_hostile_article_changes_nothing(own: str, visit: Visit, tmp_path: Path) -> None:
    page = visit(own, 390, 844)
    article = tmp_path / "hostile.md"
    article.write_text(HOSTILE.replace("{word}", "Zeppelin" + "x" * 3000), encoding="utf-8")
    page.set_input_files("#files input[type=file]", [article])
    sync_api.expect(page.locator("#report .report")).to_contain_text("1 added", timeout=60_000)
    answer = ask(page, "What is the zeppelin captain called?")
    assert "Quendola" in answer.inner_text()
    assert "onerror=" in answer.inner_text()
    page.click("#shelf button >> nth=0")
    page.wait_for_selector(".reader")
    page.wait_for_timeout(500)
    for name in ("img[src]", "iframe", "svg[onload]", "[onerror]", "a[href^=javascript]"):
        assert page.locator(f"#chat {name}, #shelf {name}, #report {name}").count() == 0
    assert page.evaluate(OVERFLOW) == 0
    shoot(page, "hostile-phone")
