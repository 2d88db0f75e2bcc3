"""What the command line writes: text, tables, progress bars and JSON.

Results go to stdout, everything else to stderr. Text of articles and models is shown without its
control characters, so that none of it can command the terminal. Knows nothing of how things are
found or answered.
"""

from __future__ import annotations

import json
import re
import sys
import textwrap
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Literal

from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table
from rich.text import Text

from assistant.pace import Pace
from index import AddReport, Article, differences
from index import Progress as Step

if TYPE_CHECKING:
    from assistant.doctor import Check
    from index.store import OnProgress

LISTED = 20
"""Articles that `add` names one by one; `list` shows them all."""

SHORT_ID = 8
"""Characters of an id that people see: commands take any beginning of an id."""

HEADINGS = ("id", "title", "source", "published", "words", "tags", "copy of", "local only")

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_COLOURS = {"ok": "green", "warning": "yellow", "problem": "red"}


def printable(text: str) -> str:
    r"""The text with U+FFFD for every control character but line ends and tabs.

    >>> printable("a\tb\x1b[2Jc")
    'a\tb\ufffd[2Jc'
    """
    return _CONTROL.sub("\ufffd", text)


def write_json(document: object, *, one_line: bool = False) -> None:
    """One JSON document on stdout, written at once if it is one line of several."""
    unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    indent = None if one_line else 2
    text = json.dumps(document, ensure_ascii=not unicode, indent=indent, default=str)
    print(_CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text), flush=one_line)


def record(article: Article) -> dict[str, Any]:
    """An article without its text, as JSON-ready values."""
    return {
        "id": article.id,
        "version": article.version,
        "title": article.title,
        "source": article.source,
        "author": article.author,
        "published": article.published.isoformat() if article.published else None,
        "added": article.added.isoformat() if article.added else None,
        "url": article.url,
        "key": article.key,
        "language": article.language,
        "tags": list(article.tags),
        "meta": dict(article.meta),
        "original": dict(article.original),
        "words": len(article.text.split()),
    }


def report_record(report: AddReport) -> dict[str, Any]:
    """A report as JSON-ready values."""
    return {
        "added": [record(article) for article in report.added],
        "updated": [record(article) for article in report.updated],
        "unchanged": [record(article) for article in report.unchanged],
        "failed": [{"source": f.source, "reason": f.reason} for f in report.failed],
        "copies": {name: copy.id for name, copy in report.copies.items()},
        "notice": report.notice,
    }


class Output:
    """Where one command writes to: for a person, or one JSON document for a program."""

    def __init__(self, as_json: bool = False) -> None:
        self.as_json = as_json
        self._out = _Console(highlight=False, markup=False, emoji=False)
        self._err = _Console(stderr=True, highlight=False, markup=False, emoji=False)

    @property
    def is_live(self) -> bool:
        """Whether a person is watching stdout as it is written."""
        return not self.as_json and self._out.is_terminal

    @property
    def _is_watched(self) -> bool:
        """Whether something that moves on stderr is seen, and not written to some file."""
        return sys.stderr.isatty() and not self._err.is_dumb_terminal

    def say(self, text: str, document: object) -> None:
        """The result: `text` for a person, or else `document`."""
        if self.as_json:
            write_json(document)
        else:
            print(self._wrapped(printable(text)))

    def note(self, text: str) -> None:
        """Something beside the result, on stderr."""
        sys.stdout.flush()
        print(printable(text), file=sys.stderr, flush=True)

    def line(self, text: str, *, beside: bool = False) -> None:
        """One line of the result, at once; or beside it, on stderr."""
        print(_one_line(text, 2_000), file=sys.stderr if beside else sys.stdout, flush=True)

    @contextmanager
    def waiting(self, text: str) -> Iterator[None]:
        """A sign of life on a terminal while the block runs."""
        if self._is_watched:
            with self._err.status(text):
                yield
        else:
            yield

    @contextmanager
    def progress(self, text: str) -> Iterator[OnProgress]:
        """A progress bar on a terminal; gives what to call with each step.

        It appears with the first step, so that nothing flashes where nothing is to be done.

        Raises:
            KeyboardInterrupt: it came within the block; says how far that was.
        """
        bar = Progress(
            SpinnerColumn(),
            TextColumn(text),
            BarColumn(bar_width=10),
            TextColumn("{task.completed}/{task.total} articles, {task.fields[pace]}"),
            console=self._err,
            transient=True,
            disable=not self._is_watched,
        )
        task = bar.add_task(text, pace="")
        pace = Pace()
        last = Step(0, 0, 0, "")

        def step(progress: Step) -> None:
            nonlocal last
            last = progress
            pace.step(progress)
            bar.update(
                task,
                completed=progress.done,
                total=progress.total,
                pace=pace.words or f"{progress.passages} passages",
            )
            if progress.done < progress.total:
                bar.start()

        try:
            yield step
        except KeyboardInterrupt:
            if last.done < last.total:
                how_far = f"after {last.done:,} of {last.total:,} articles"
                raise KeyboardInterrupt(how_far) from None
            raise
        finally:
            bar.stop()

    def write(self, text: str) -> None:
        """Part of a result, at once and without a line end."""
        print(printable(text), end="", flush=True)

    def report(self, report: AddReport, dry_run: bool = False) -> None:
        """What became of an addition, or would; failures go to stderr, each with its reason."""
        outcomes = {"added": report.added, "updated": report.updated, "unchanged": report.unchanged}
        if self.as_json:
            write_json({**report_record(report), "dry_run": dry_run})
            return
        if dry_run:
            for word, articles in outcomes.items():
                for article in articles:
                    print(f"{word:<10} {_one_line(article.url or article.key or article.title)}")
            self._failures(report)
            print(f"dry run, nothing was changed: {report}")
            return
        lines = [("added", a) for a in report.added] + [("updated", a) for a in report.updated]
        for word, article in lines[:LISTED]:
            print(f"{word:<10} {article.id[:SHORT_ID]}  {printable(article.label)}")
            if copy := report.copies.get(article.id):
                print(f"{'':<10} a copy of {copy.id[:SHORT_ID]}  {printable(copy.label)}")
        if len(lines) > LISTED:
            print(f"… and {len(lines) - LISTED} more, see `assistant list`")
        self._failures(report)
        print(report)
        if report.notice:
            self.note(report.notice)

    def _failures(self, report: AddReport) -> None:
        for failure in report.failed:
            self.note(_one_line(f"failed     {failure.source}: {failure.reason}", 2_000))

    def articles(
        self,
        articles: Sequence[Article],
        groups: Sequence[Sequence[str]],
        *,
        samples: bool,
        local: Collection[str] = (),
    ) -> None:
        """A table of articles; in a pipe one line for each, its fields separated by tabs.

        Args:
            articles: what is listed.
            groups: ids of those that are copies of one another, the earliest first.
            samples: whether these are the sample articles.
            local: ids of those that are local only.
        """
        first = {name: group[0] for group in groups for name in group[1:]}
        if self.as_json:
            found = [
                {**record(a), "copy_of": first.get(a.id), "local_only": a.id in local}
                for a in articles
            ]
            write_json({"samples": samples, "articles": found})
            return
        if samples:
            self.note(
                "Your library is empty; these are the sample articles. "
                "`assistant add` adds your own."
            )
        elif not articles:
            self.note("No article fits.")
        rows = [_row(a, first.get(a.id, ""), a.id in local) for a in articles]
        if not self._out.is_terminal:
            for row in rows:
                print("\t".join(row))
            return
        table = Table(box=None, pad_edge=False, header_style="bold")
        short = (HEADINGS.index("id"), HEADINGS.index("copy of"))
        rows = [
            [field[:SHORT_ID] if number in short else field for number, field in enumerate(row)]
            for row in rows
        ]
        widths = _widths(rows, self._out.width)
        shown = [number for number, width in enumerate(widths) if width]
        for number in shown:
            justify: Literal["left", "right"] = "right" if HEADINGS[number] == "words" else "left"
            table.add_column(
                HEADINGS[number],
                width=widths[number],
                justify=justify,
                no_wrap=True,
                overflow="ellipsis",
            )
        for row in rows:
            table.add_row(*(Text(row[number]) for number in shown))
        self._out.print(table)

    def article(
        self,
        article: Article,
        versions: Sequence[Article],
        copies: Sequence[Article] = (),
        *,
        local: bool = False,
    ) -> None:
        """Everything known about an article, then its text; `local`: whether it is local only."""
        if self.as_json:
            more: dict[str, Any] = {"versions": [v.version for v in versions]}
            more |= {"copies": [c.id for c in copies], "local_only": local}
            write_json({**record(article), **more, "text": article.text})
            return
        known = record(article)
        known["tags"] = ", ".join(article.tags)
        known |= known.pop("meta")
        known["local only"] = "yes: it goes to no model on another machine" if local else ""
        known["original"] = ", ".join(article.original.values())
        if len(versions) > 1:
            known["versions"] = ", ".join(v.version for v in versions)
        rows = [(name, value) for name, value in known.items() if value not in ("", None)]
        rows += [("copy", f"{copy.id[:SHORT_ID]}  {copy.label}") for copy in copies]
        for name, value in rows:
            print(f"{_one_line(name):<10} {_one_line(str(value), 5_000)}")
        print(f"\n{self._wrapped(printable(article.text))}")

    def history(self, versions: Sequence[Article]) -> None:
        """The versions of an article, the current one first, each with what it changed."""
        steps = [
            (newer, differences(older, newer) if older else [])
            for newer, older in zip_longest(versions, versions[1:])
        ]
        if self.as_json:
            write_json(
                [
                    {**record(version), "changes": [asdict(one) for one in changes]}
                    for version, changes in steps
                ]
            )
            return
        for number, (version, changes) in enumerate(steps):
            added = f", added {version.added:%Y-%m-%d %H:%M}" if version.added else ""
            state = ", current" if not number else ""
            print(f"version {version.version}{state}{added}")
            for one in changes:
                fact = f"{one.fact}: " if one.fact else ""
                line = _one_line(f"{fact}{one.text}", 5_000)
                print(self._wrapped(f"  {'-' if one.kind == 'removed' else '+'} {line}"))
            if not changes and number < len(steps) - 1:
                print("  the same words, otherwise set or described")

    def checks(self, checks: Iterable[Check]) -> bool:
        """What `doctor` found, a line for each as it comes; whether none is a problem."""
        done = []
        for check in checks:
            done.append(check)
            if not self.as_json:
                self._check(check)
        good = all(check.state != "problem" for check in done)
        if self.as_json:
            write_json({"ok": good, "checks": [asdict(check) for check in done]})
        return good

    def _check(self, check: Check) -> None:
        if not self._out.is_terminal:
            print(f"{check.state:<7} {check.name:<15} {printable(check.text)}", flush=True)
            return
        table = Table.grid(padding=(0, 1))
        table.add_column(width=7, style=_COLOURS[check.state])
        table.add_column(width=15)
        table.add_column(overflow="fold")
        table.add_row(check.state, check.name, Text(printable(check.text)))
        self._out.print(table)

    def _wrapped(self, text: str) -> str:
        """The text with its long lines broken between words on a terminal, indented alike."""
        if not self.is_live:
            return text
        return "\n".join(
            textwrap.fill(
                line,
                width=self._out.width,
                subsequent_indent=" " * (len(line) - len(line.lstrip(" -"))),
                break_long_words=False,
                break_on_hyphens=False,
                replace_whitespace=False,
            )
            if len(line) > self._out.width
            else line
            for line in text.split("\n")
        )


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to `assistant.cli.run`, instead of ending the process with code 1."""
        raise


def _one_line(text: str, longest: int = 500) -> str:
    """Text in one line without control characters, cut where it is longer than a line should be."""
    line = printable(re.sub(r"[\r\n\t]", " ", text))
    return line if len(line) <= longest else f"{line[:longest]}…"


def _row(article: Article, copy_of: str, local: bool) -> list[str]:
    day = article.published.isoformat() if article.published else ""
    words = str(len(article.text.split()))
    tags = ", ".join(article.tags)
    here = "yes" if local else ""
    fields = [article.id, article.title, article.source, day, words, tags, copy_of, here]
    return [" ".join(printable(field).split()) for field in fields]


def _widths(rows: Sequence[Sequence[str]], total: int) -> list[int]:
    """Width of each column so that ids and dates stay whole; 0 for a column that is empty."""
    widths = []
    for number, name in enumerate(HEADINGS):
        longest = max((cell_len(row[number]) for row in rows), default=0)
        widths.append(longest and max(longest, len(name)))
    for name in ("source", "tags"):
        number = HEADINGS.index(name)
        widths[number] = min(widths[number], total // 6)
    title = HEADINGS.index("title")
    gaps = 2 * (sum(1 for width in widths if width) - 1)
    rest = total - gaps - sum(widths) + widths[title]
    widths[title] = min(widths[title], max(rest, 10))
    return widths
