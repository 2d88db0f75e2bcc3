"""How well the citation check tells what the cited passages carry from what they do not.

Two measures. Sentences by hand over the sample articles (`evals/claims.py`), each with the passages
that it cites and a label. And, with --data, sentences of Wikipedia paragraphs whose number or name
was changed by rule (`evals/altered`), held against their paragraph, beside the same sentences
unchanged. Without --part both parts of the set are measured, the test part of the data, and the
result is kept.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, get_args

from rich import box
from rich.console import Console
from rich.table import Table

from assistant.errors import InputError
from evals import metrics
from evals.altered import Altered, altered, read_paragraphs, unchanged
from evals.checked import Mark, as_plain, carried, figures, mark, shares, verdicts
from evals.claims import Part, load_sentences
from evals.metrics import Estimate

RESULT = Path(__file__).parent / "results" / "citations.json"

PARTS: tuple[Part, ...] = get_args(Part)


def main(arguments: Sequence[str]) -> int:
    """Measure, print tables, and keep the result of a whole run."""
    options = _parser().parse_args(arguments)
    console = Console()
    if not console.is_terminal:
        console.width = 120
    marks = {part: mark(load_sentences(part)) for part in PARTS if options.part in (None, part)}
    rows = [one.row for part in marks for one in marks[part] if not one.acceptable]
    found: dict[str, Any] = {"by_hand": by_hand(marks)}
    for part in marks:
        _show(console, figures(marks[part]), f"By hand, {part} part, {len(marks[part])} sentences")
    both = found["by_hand"]
    told = "Agreement with the hand labels, {n} sentences: {agreement}; Cohen's kappa {kappa}"
    console.print(told.format(**both))
    if options.data:
        part = options.part or "test"
        found["by_rule"], more = by_rule(console, options.data, part, options.changes)
        rows += more
    if options.rows:
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        _write(options.rows, text)
    if options.part is None:
        _write(options.out, json.dumps({**_kept(options.out), **found}, indent=1) + "\n")
    return 0


def by_hand(marks: Mapping[Part, Sequence[Mark]]) -> dict[str, Any]:
    """What the marks of these parts say, as JSON-ready values with the day."""
    pairs = [pair for found in marks.values() for pair in verdicts(found)]
    agreement = metrics.raw_agreement(pairs)
    chance = metrics.kappa(pairs)
    return {
        "date": date.today().isoformat(),
        "n": len(pairs),
        "agreement": agreement and round(agreement.value, 3),
        "kappa": chance and round(chance, 3),
        "parts": {part: as_plain(figures(found)) for part, found in marks.items()},
    }


def by_rule(
    console: Console, data: Path, part: Part, count: int
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the changed sentences of the data say, and those that were not caught."""
    paragraphs = read_paragraphs(data, part)
    result: dict[str, Any] = {"date": date.today().isoformat(), "part": part}
    rows = []
    for what in ("number", "name"):
        told = carried(altered(paragraphs, data, what, count))
        found = shares(told, False)
        same = shares(carried(unchanged(one for one, _ in told)), True)
        _show(console, found, f"Another {what}: share caught, {part} part of the data")
        _show(console, same, "The same sentences, not changed: share that is carried")
        result[what] = {"caught": as_plain(found), "unchanged_carried": as_plain(same)}
        rows += [_row(one, part) for one, missed in told if missed]
    return result, rows


def _row(one: Altered, part: Part) -> dict[str, Any]:
    """As `Mark.row`: of the test part without words."""
    words = {"sentence": one.sentence, "original": one.original, "text": one.paragraph.text}
    return {"kind": one.kind, **(words if part == "dev" else {})}


def judge_record(path: Path = RESULT) -> Mapping[str, Any] | None:
    """How often the check agreed with the hand labels, and when; None if it was never measured."""
    found = _kept(path).get("by_hand")
    if not found:
        return None
    return {name: found[name] for name in ("date", "n", "agreement", "kappa")}


def _show(console: Console, found: Mapping[str, Estimate | None], title: str) -> None:
    table = Table("", "n", "share", "95 % interval", title=title, box=box.SIMPLE)
    for name, one in found.items():
        if one is not None:
            table.add_row(name, str(one.n), f"{one.value:.3f}", f"{one.low:.3f} to {one.high:.3f}")
    console.print(table)


def _kept(path: Path) -> dict[str, Any]:
    try:
        kept: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return kept


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    except OSError as error:
        raise InputError(f"cannot write {str(path)!r} ({error.strerror}); name another") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evals citations",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--part", choices=PARTS, help="only this part")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="with `reading` in it")
    parser.add_argument("--changes", type=int, default=1500, metavar="N", help="of each sort")
    parser.add_argument("--rows", type=Path, metavar="FILE", help="keep what was not right (JSONL)")
    parser.add_argument("--out", type=Path, default=RESULT, metavar="FILE")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
