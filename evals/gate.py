"""The gate: figures of a run against the least that each must reach."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from assistant.errors import InputError
from evals.cases import KINDS
from evals.report import MEASURES, OVERALL, Figures

THRESHOLDS = Path(__file__).parent / "thresholds.toml"

Thresholds = Mapping[str, Mapping[str, float]]
"""Least value by kind of question (or `all`) and measure."""


def load_thresholds(path: Path = THRESHOLDS) -> Thresholds:
    """Thresholds from a TOML file with a table for `all` and for kinds of question.

    Raises:
        InputError: it cannot be read, or names a kind or measure that there is not.
    """
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read the thresholds {str(path)!r}: {error}") from error
    for kind, values in tables.items():
        if kind not in (OVERALL, *KINDS) or not isinstance(values, dict):
            raise InputError(
                f"{path.name}: [{kind}] is no kind of question; use one of "
                + ", ".join((OVERALL, *KINDS))
            )
        for name, least in values.items():
            if name not in MEASURES:
                raise InputError(
                    f"{path.name}: {name!r} is no measure; use one of {', '.join(MEASURES)}"
                )
            if isinstance(least, bool) or not isinstance(least, int | float) or not 0 <= least <= 1:
                raise InputError(f"{path.name}: {name} = {least!r} is no number from 0 to 1")
    return tables


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
