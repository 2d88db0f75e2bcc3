"""Rows to figures, and figures to a table, a Markdown summary and a JSON file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from assistant.errors import InputError
from evals.cases import KINDS
from evals.metrics import Estimate, estimate, quantile
from evals.run import Row

OVERALL = "all"

MEASURES: Mapping[str, str] = {
    "hit@1": "some evidence is in the first passage",
    "hit@5": "some evidence is among the first five passages",
    "all@5": "all evidence is among the first five passages",
    "mrr": "mean of 1 / rank of the first passage with evidence",
    "em": "the short answer equals an accepted one",
    "f1": "words in common with the best accepted answer",
    "contained": "the answer says every fact it must",
    "attribution_kept": "who said it, that it is denied, doubted or conditional stands with it",
    "all_cited": "all evidence is cited",
    "cited_share": "share of the evidence that is cited",
    "citation_precision": "share of the citations that are evidence",
    "alce_recall": "share of the sentences that what they cite carries (ALCE; judge: our check)",
    "alce_precision": "share of the citations that are needed for it (ALCE; judge: our check)",
    "abstention_precision": "abstentions that were right",
    "abstention_recall": "unanswerable questions that were turned down or corrected",
    "answer_rate": "answerable questions that were answered",
    "balanced_accuracy": "mean of abstention recall and answer rate",
    "rewritten_recall@5": "share of a follow-up's evidence among the first five passages",
    "standalone_recall@5": "the same for the follow-up written out by hand, asked by itself",
    "untouched": "a question that stands by itself was searched for as it was typed",
    "filter_right": "the source, author and time that a question states were understood",
    "filter_none": "no filter was read into a question that states none",
}
"""Every measure with what it says, in the order of reports; all lie between 0 and 1."""

Figures = Mapping[str, Mapping[str, Estimate | None]]
"""Estimates by kind of question (`all` first) and measure."""


@dataclass(frozen=True)
class Report:
    """What a run found, with what it was run with."""

    about: Mapping[str, Any]
    rows: Sequence[Row]

    @cached_property
    def figures(self) -> Figures:
        """Every measure, over all rows and by kind."""
        kinds = [kind for kind in KINDS if any(row["kind"] == kind for row in self.rows)]
        groups = {kind: [row for row in self.rows if row["kind"] == kind] for kind in kinds}
        return {kind: _figures(rows) for kind, rows in {OVERALL: self.rows, **groups}.items()}

    @property
    def latency(self) -> dict[str, float | None]:
        """Seconds for one answer on this machine: reported, never gated."""
        seconds = [row["seconds"] for row in self.rows]
        return {"median": quantile(seconds, 0.5), "p95": quantile(seconds, 0.95)}

    def to_dict(self) -> dict[str, Any]:
        """All but the rows, as JSON-ready values."""
        return {
            **self.about,
            "cases": len(self.rows),
            "figures": {
                kind: {name: found and asdict(found) for name, found in values.items()}
                for kind, values in self.figures.items()
            },
            "latency_seconds": self.latency,
        }

    def show(self, console: Console) -> None:
        """Print the figures: all cases in detail, then each kind with intervals."""
        figures = self.figures
        total = Table(box=box.SIMPLE, title=f"All {len(self.rows)} cases", title_justify="left")
        for heading in ("measure", "n", "value", "95 % interval", ""):
            total.add_column(heading, justify="right" if heading in ("n", "value") else "left")
        for name, meaning in MEASURES.items():
            found = figures[OVERALL][name]
            cells = ["0", "–", ""]
            if found:
                interval = f"{found.low:.3f} to {found.high:.3f}"
                cells = [str(found.n), f"{found.value:.3f}", interval]
            total.add_row(name, *cells, meaning, style=None if found else "dim")
        console.print(total)
        kinds = Table(box=box.SIMPLE, title="By kind of question", title_justify="left")
        kinds.add_column("measure", no_wrap=True)
        for kind in list(figures)[1:]:
            heading = f"{kind.replace('_', ' ')}\nn {self._count(kind)}"
            kinds.add_column(heading, justify="right")
        for name in MEASURES:
            kinds.add_row(name, *(self._cell(kind, name) for kind in list(figures)[1:]))
        console.print(kinds)
        console.print(_judge_line(self.about.get("judge")))
        console.print(_latency_line(self.latency))

    def markdown(self) -> str:
        """The figures as a compact Markdown page."""
        figures = self.figures
        known = [f"{name} {value}" for name, value in self.about.items() if _is_plain(value)]
        lines = ["# Evaluation", "", ", ".join([f"{len(self.rows)} cases", *known]), ""]
        lines += ["| measure | n | value | 95 % interval | |", "|---|---:|---:|---|---|"]
        for name, meaning in MEASURES.items():
            if found := figures[OVERALL][name]:
                interval = f"{found.low:.3f} to {found.high:.3f}"
                lines.append(f"| {name} | {found.n} | {found.value:.3f} | {interval} | {meaning} |")
        kinds = list(figures)[1:]
        heads = [f"{kind}<br>n {self._count(kind)}" for kind in kinds]
        lines += ["", f"| measure | {' | '.join(heads)} |", "|---|" + "---|" * len(kinds)]
        for name in MEASURES:
            cells = [self._cell(kind, name).replace("\n", "<br>") for kind in kinds]
            lines.append(f"| {name} | {' | '.join(cells)} |")
        judge = _judge_line(self.about.get("judge"))
        return "\n".join([*lines, "", judge, "", _latency_line(self.latency), ""])

    def _cell(self, kind: str, name: str) -> str:
        """Value and interval, and n where the measure does not apply to all cases of the kind."""
        found = self.figures[kind][name]
        if found is None:
            return ""
        cell = f"{found.value:.2f}\n{found.low:.2f}–{found.high:.2f}"
        return cell if found.n == self._count(kind) else f"{cell}\nn {found.n}"

    def _count(self, kind: str) -> int:
        return sum(row["kind"] == kind for row in self.rows)

    def write(self, folder: Path) -> None:
        """Write `results.json` (with all rows) and `summary.md`.

        Raises:
            InputError: the folder cannot be written.
        """
        whole = {**self.to_dict(), "rows": list(self.rows)}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            text = json.dumps(whole, ensure_ascii=False, indent=1)
            (folder / "results.json").write_text(text + "\n", "utf-8")
            (folder / "summary.md").write_text(self.markdown(), "utf-8")
        except OSError as error:
            raise InputError(
                f"cannot write {str(folder)!r} ({error.strerror}); choose another --out"
            ) from error


def _figures(rows: Sequence[Row]) -> dict[str, Estimate | None]:
    columns = {
        name: [row["metrics"][name] for row in rows]
        for name in MEASURES
        if name != "balanced_accuracy"
    }
    figures = {name: estimate(values) for name, values in columns.items()}
    sides = columns["abstention_recall"], columns["answer_rate"]
    figures["balanced_accuracy"] = estimate(*sides)
    return {name: figures[name] for name in MEASURES}


def _latency_line(latency: Mapping[str, float | None]) -> str:
    median, p95 = latency["median"], latency["p95"]
    if median is None or p95 is None:
        return "No case was run."
    return f"Seconds for one answer on this machine: median {median:.3f}, p95 {p95:.3f}."


def _judge_line(record: Mapping[str, Any] | None) -> str:
    told = "ALCE's judge is this project's citation check"
    if record is None:
        return f"{told}, of which it was not measured how often it agrees with people."
    return (
        told
        + ", which agreed with {agreement} of {n} hand labels (kappa {kappa}; {date}).".format(
            **record
        )
    )


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)
