"""What `assistant add --watch` shows: each look that changed something, with the time of day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from assistant.cli_output import LISTED, SHORT_ID, Output, record, report_record, write_json

if TYPE_CHECKING:
    from index.watching import Changes, Gone, Watch

_NAMED = 3
"""Ids that are named of a file with many articles."""


def keep_in_step(watch: Watch, out: Output) -> None:
    """Look at the sources again and again until Ctrl-C, and write down what changed."""
    try:
        _first(watch, out)
        while True:
            with out.progress("adding") as step:
                changes = watch.look(step)
            if changes:
                _tell(changes, out)
    except KeyboardInterrupt as stopped:
        out.note(f"stopped watching {stopped}".rstrip())


def _first(watch: Watch, out: Output) -> None:
    with out.progress("adding") as step:
        changes = watch.look(step)
    if out.as_json:
        _tell(changes, out)
        return
    out.report(changes.report)
    if changes.trouble:
        out.line(_delayed(changes.trouble), beside=True)
    files, addresses = watch.watched
    also = f" and {_number(addresses, 'web address', 'es')}" if addresses else ""
    out.note(f"watching {_number(files, 'file')}{also}; Ctrl-C ends it")


def _tell(changes: Changes, out: Output) -> None:
    now = datetime.now().astimezone()
    if out.as_json:
        document = {
            "at": now.isoformat(timespec="seconds"),
            **report_record(changes.report),
            "gone": [asdict(gone) for gone in changes.gone],
            "removed": [record(article) for article in changes.removed],
            "trouble": changes.trouble,
        }
        write_json(document, one_line=True)
        return
    for line in _news(changes):
        out.line(f"{now:%H:%M:%S}  {line}")
    for line in _problems(changes):
        out.line(f"{now:%H:%M:%S}  {line}", beside=True)


def _news(changes: Changes) -> Iterator[str]:
    lines = [
        f"{word:<10} {article.id[:SHORT_ID]}  {article.label}"
        for word, articles in (
            ("added", changes.report.added),
            ("updated", changes.report.updated),
            ("removed", changes.removed),
        )
        for article in articles
    ]
    yield from lines[:LISTED]
    if len(lines) > LISTED:
        yield f"… and {len(lines) - LISTED} more, see `assistant list`"
    lines = [f"gone       {_gone(gone)}" for gone in changes.gone]
    yield from lines[:LISTED]
    if len(lines) > LISTED:
        yield f"… and {len(lines) - LISTED} more files are gone; their articles stay"


def _problems(changes: Changes) -> Iterator[str]:
    for failure in changes.report.failed:
        yield f"failed     {failure.source}: {failure.reason}"
    if changes.trouble:
        yield _delayed(changes.trouble)
    if changes.report.notice:
        yield changes.report.notice


def _delayed(trouble: str) -> str:
    return f"delayed    {trouble} (the next look tries by itself)"


def _gone(gone: Gone) -> str:
    if gone.whole:
        files = _number(gone.files, "file")
        return f"{gone.path} with its {files}; their articles stay"
    names = " ".join(name[:SHORT_ID] for name in gone.articles[:_NAMED])
    if len(gone.articles) == 1:
        return f"{gone.path}; `assistant remove {names}` removes its article"
    more = " …" if len(gone.articles) > _NAMED else ""
    count = _number(len(gone.articles), "article")
    return f"{gone.path}; `assistant remove {names}{more}` removes its {count}"


def _number(count: int, noun: str, ending: str = "s") -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else ending)
