"""The gate: figures of a run against the least that each must reach."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, get_args

from assistant.errors import InputError
from evals.cases import KINDS
from evals.checked import figures as citation_figures
from evals.claims import Part
from evals.report import MEASURES, OVERALL, Figures

THRESHOLDS = Path(__file__).parent / "thresholds.toml"

CITATIONS = "citations"
"""The table with a table for each part of the sentences that the citation check is measured on."""

Thresholds = Mapping[str, Mapping[str, float]]
"""Least value by kind of question (or `all`) and measure."""


def load_thresholds(path: Path = THRESHOLDS) -> Thresholds:
    """Thresholds from a TOML file with a table for `all` and for kinds of question.

    Raises:
        InputError: it cannot be read, or names a kind or measure that there is not.
    """
    tables = _tables(path)
    tables.pop(CITATIONS, None)
    _refuse_others(tables, path.name, "kind of question", (OVERALL, *KINDS), MEASURES)
    return tables


def citation_thresholds(path: Path = THRESHOLDS) -> Thresholds:
    """Thresholds of the citation check by part and figure, see `evals.checked.figures`.

    Raises:
        InputError: as `load_thresholds`.
    """
    tables: dict[str, Any] = _tables(path).get(CITATIONS, {})
    _refuse_others(tables, path.name, "part", get_args(Part), citation_figures([]))
    return tables


def _tables(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read the thresholds {str(path)!r}: {error}") from error


def _refuse_others(
    tables: Mapping[str, Any], file: str, what: str, groups: Iterable[str], measures: Iterable[str]
) -> None:
    groups, measures = tuple(groups), tuple(measures)
    for group, values in tables.items():
        if group not in groups or not isinstance(values, dict):
            raise InputError(f"{file}: [{group}] is no {what}; use one of {', '.join(groups)}")
        for name, least in values.items():
            if name not in measures:
                raise InputError(
                    f"{file}: {name!r} is no measure; use one of {', '.join(measures)}"
                )
            if isinstance(least, bool) or not isinstance(least, int | float) or not 0 <= least <= 1:
                raise InputError(f"{file}: {name} = {least!r} is no number from 0 to 1")


def shortfalls(figures: Figures, thresholds: Thresholds) -> list[str]:
    """One line for each measure that is under its threshold or was not measured."""
    lines = []
    for kind, values in thresholds.items():
        for name, least in values.items():
            found = figures.get(kind, {}).get(name)
            if found is None:
                lines.append(f"{name} ({kind}) was not measured; at least {least:.3f} is needed")
            elif found.value < least:
                lines.append(
                    f"{name} ({kind}) is {found.value:.3f}, {least - found.value:.3f} under its "
                    f"threshold of {least:.3f} (n {found.n}, {found})"
                )
    return lines
